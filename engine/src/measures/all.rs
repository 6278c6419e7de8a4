//! The list of measures: their names, their settings, and all of them as one.

use super::broken_down::BrokenDown;
use super::{
    Measure, activity, admission_rate, ae_rate, ascof_2a, ascof_2b, ascof_2c, ascof_2d, ascof_2e,
    ascof_3d, bed_days, care_market, carers, costs, discharge_delay, discharge_pathway,
    first_contact, intensity, linkage, los, lts_snapshot, needs, new_care, readmission, reviews,
    time_to::{self, TimeTo},
    usual_residence, waiting_times,
};
use crate::clinical;
use crate::figure::Results;
use crate::frame::Frame;
pub use crate::study::Method;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use throughcare_linkage::link::person::Person;

use super::nhse_2324::{self, Nhse2324};
use super::{
    salt, salt_lts001a, salt_lts001b, salt_lts001c, salt_lts003, salt_lts004, salt_sts001,
    salt_sts002a, salt_sts002b,
};

/// Makes, from one line a measure, the names, the table `[measures]` and the struct of all measures.
/// Those of SALT share the table `[measures.salt]`.
macro_rules! measures {
    (
        $($first:ident: $first_measure:ident,)*
        @salt { $($salt:ident: $salt_measure:ident,)* }
        $($last:ident: $last_measure:ident,)*
    ) => {
        measures! {
            tables: $($first)* salt $($last)*;
            $($first: $first_measure, $first;)*
            $($salt: $salt_measure, salt;)*
            $($last: $last_measure, $last;)*
        }
    };
    (tables: $($table:ident)*; $($module:ident: $measure:ident, $settings:ident;)*) => {
        /// Names of the measures, in the order of output.
        pub const NAMES: &[&str] = &[$(<$module::$measure as Measure>::NAME,)*];

        /// The table `[measures]`: which, broken down by what, and the settings of each.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Settings {
            /// Names; empty means all that the inputs allow.
            pub include: Vec<String>,
            /// Extra breakdowns.
            pub by: Vec<String>,
            /// Which reading counts where the published code has a known fault.
            pub method: Method,
            /// Whose ASCOF measures there are.
            pub profile: nhse_2324::Profile,
            /// How diagnoses and operations are read.
            pub clinical: clinical::Settings,
            /// The tables `[[time_to]]`, which stand beside `[measures]` in a study file.
            #[serde(skip_deserializing)]
            pub time_to: Vec<time_to::Settings>,
            $(
                #[doc = concat!("Settings of `", stringify!($table), "`.")]
                pub $table: $table::Settings,
            )*
        }

        impl Settings {
            /// Whether a measure is asked for.
            #[must_use]
            pub fn asks_for(&self, name: &str) -> bool {
                self.include.is_empty() || self.include.iter().any(|other| other == name)
            }

            /// Whether anything asked for looks at diagnoses or operations, so that the run must keep
            /// them.
            #[must_use]
            pub fn needs_codes(&self) -> bool {
                let by_codes =
                    self.by.iter().any(|key| needs::BREAKDOWNS_BY_CODES.contains(&key.as_str()));
                by_codes || self.counts_conditions()
            }

            /// Whether conditions of admissions are counted (M18).
            #[must_use]
            pub fn counts_conditions(&self) -> bool {
                self.admission_rate.conditions
                    && self.asks_for(<admission_rate::AdmissionRate as Measure>::NAME)
            }

            /// Refuses settings that contradict themselves.
            ///
            /// # Errors
            ///
            /// The name of the measure, and which setting of it and why.
            pub fn check(&self) -> Result<(), (&'static str, String)> {
                self.clinical.check().map_err(|what| ("clinical", what))?;
                $(self.$table.check().map_err(|what| (stringify!($table), what))?;)*
                Ok(())
            }
        }

        /// The measures of a run: those asked for, with the counts so far.
        #[derive(Debug)]
        pub struct Measures {
            // boxed, each made in a frame of its own: together they would not fit the stack of a thread
            $($module: Option<Box<BrokenDown<$module::$measure>>>,)*
            nhse_2324: Option<Box<Nhse2324>>,
            time_to: Vec<TimeTo>,
        }

        impl Measures {
            /// Empty counts of the measures that a study includes.
            #[must_use]
            pub fn new(settings: &Settings, frame: &Frame) -> Self {
                let included = |name: &str| {
                    settings.asks_for(name) && !frame.unavailable.contains(name)
                };
                Self {
                    $($module: included(<$module::$measure as Measure>::NAME).then(|| {
                        let measure = $module::$measure::with_settings(&settings.$settings, frame);
                        Box::new(BrokenDown::of(measure, frame))
                    }),)*
                    nhse_2324: (settings.profile == nhse_2324::Profile::Nhse2324)
                        .then(|| Box::new(Nhse2324::new(included, &settings.salt, frame))),
                    time_to: settings.time_to.iter().map(|of| TimeTo::new(of, frame)).collect(),
                }
            }

            /// Takes one person into every measure.
            pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
                $(if let Some(measure) = &mut self.$module {
                    measure.add(person, frame);
                })*
                if let Some(measures) = &mut self.nhse_2324 {
                    measures.add(person, frame);
                }
                self.time_to.iter_mut().for_each(|times| times.add(person));
            }

            /// Adds the counts of other people.
            pub fn merge(&mut self, other: Self) {
                $(if let (Some(mine), Some(theirs)) = (&mut self.$module, other.$module) {
                    mine.merge(*theirs);
                })*
                if let (Some(mine), Some(theirs)) = (&mut self.nhse_2324, other.nhse_2324) {
                    mine.merge(*theirs);
                }
                for (mine, theirs) in self.time_to.iter_mut().zip(other.time_to) {
                    mine.merge(theirs);
                }
            }

            /// Makes the figures of every measure, in the order of the measures. Each needs its own counts
            /// alone, so they are made on all threads.
            pub fn finish(&self, frame: &Frame, results: &mut Results) {
                let mut finishes: Vec<Box<dyn Fn(&mut Results) + Send + Sync + '_>> = Vec::new();
                $(if let Some(measure) = &self.$module {
                    finishes.push(Box::new(|results| measure.finish(frame, results)));
                })*
                if let Some(measures) = &self.nhse_2324 {
                    finishes.push(Box::new(|results| measures.finish(frame, results)));
                }
                for times in &self.time_to {
                    finishes.push(Box::new(|results| times.finish(results)));
                }
                let made: Vec<Results> = finishes
                    .into_par_iter()
                    .with_max_len(1)
                    .map(|finish| {
                        let mut results = Results::default();
                        finish(&mut results);
                        results
                    })
                    .collect();
                made.into_iter().for_each(|more| results.append(more));
            }
        }
    };
}

measures! {
    activity: Activity,
    lts_snapshot: LtsSnapshot,
    reviews: Reviews,
    costs: Costs,
    ascof_2a: Ascof2a,
    ascof_2b: Ascof2b,
    ascof_2c: Ascof2c,
    ascof_2d: Ascof2d,
    ascof_2e: Ascof2e,
    ascof_3d: Ascof3d,
    waiting_times: WaitingTimes,
    carers: Carers,
    intensity: Intensity,
    care_market: CareMarket,
    @salt {
        salt_sts001: SaltSts001,
        salt_sts002a: SaltSts002a,
        salt_sts002b: SaltSts002b,
        salt_lts001a: SaltLts001a,
        salt_lts001b: SaltLts001b,
        salt_lts001c: SaltLts001c,
        salt_lts003: SaltLts003,
        salt_lts004: SaltLts004,
    }
    los: Los,
    usual_residence: UsualResidence,
    discharge_delay: DischargeDelay,
    first_contact: FirstContact,
    discharge_pathway: DischargePathway,
    new_care: NewCare,
    readmission: Readmission,
    admission_rate: AdmissionRate,
    ae_rate: AeRate,
    bed_days: BedDays,
    linkage: Linkage,
}
