//! A hospital stay as measures count it: a CIPS or a provider spell, with its cell of a tally.

use crate::clinical::{Clinical, Scores};
use crate::place::Places;
use crate::stratum::{self, Dimension, Strata};
use crate::tally::Cell;
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, OptDay};
use throughcare_linkage::hospital::stay::{Cips, EndKind, Spell, StayFlags};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::apc::Episode;

/// What one index discharge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StayUnit {
    /// A continuous inpatient spell.
    Cips,
    /// A provider spell.
    Spell,
}

/// What a cohort must know of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// A person, not the records without one.
    pub known: bool,
    /// Hospital and care records can meet.
    pub linkable: bool,
}

impl Facts {
    /// The facts of a person.
    #[must_use]
    pub fn of(person: &Person<'_>) -> Self {
        Self { known: person.is_known(), linkable: person.linkable }
    }
}

/// A regular day or night attender (patient classification 3 or 4).
#[must_use]
pub fn is_regular_attender(class: Code) -> bool {
    const DAY: Code = Code::new("3");
    const NIGHT: Code = Code::new("4");
    class == DAY || class == NIGHT
}

/// A stay as cohorts and strata see it, from a CIPS or a provider spell: `[admission, discharge)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Admission date.
    pub admission: Day,
    /// Discharge date, or the imputed end.
    pub discharge: Day,
    /// Discharge-ready date; of the spell with the latest discharge of a CIPS.
    pub discharge_ready: OptDay,
    /// Index of the first spell among the person's spells.
    pub first_spell: u32,
    /// LSOA: dictionary number.
    pub lsoa: u32,
    /// Provider, of the first spell of a CIPS: dictionary number.
    pub provider: u16,
    /// Council of residence as given: dictionary number.
    pub residence: u16,
    /// Month of birth.
    pub birth: BirthMonth,
    /// Sex.
    pub sex: Code,
    /// Admission method.
    pub admission_method: Code,
    /// Patient classification.
    pub class: Code,
    /// Treatment function at discharge.
    pub treatment_discharge: Code,
    /// Discharge destination.
    pub destination: Code,
    /// Discharge method.
    pub discharge_method: Code,
    /// How the end is known.
    pub end_kind: EndKind,
    /// A day case; a CIPS of several spells is none.
    pub day_case: bool,
    /// Inside another provider's stay, and in no CIPS with it.
    pub inner: bool,
    /// What else is known.
    pub flags: StayFlags,
}

impl Stay {
    /// A CIPS as a stay.
    #[must_use]
    pub const fn of_cips(cips: &Cips) -> Self {
        Self {
            admission: cips.admission,
            discharge: cips.discharge,
            discharge_ready: cips.discharge_ready,
            first_spell: cips.first_spell,
            lsoa: cips.lsoa,
            provider: cips.provider,
            residence: cips.residence,
            birth: cips.birth,
            sex: cips.sex,
            admission_method: cips.admission_method,
            class: cips.class,
            treatment_discharge: cips.treatment_discharge,
            destination: cips.destination,
            discharge_method: cips.discharge_method,
            end_kind: cips.end_kind,
            day_case: cips.day_case,
            inner: is_inner(cips),
            flags: cips.flags,
        }
    }

    /// A provider spell, at this index among the person's spells, as a stay.
    #[must_use]
    pub fn of_spell(spell: &Spell, index: u32) -> Self {
        const DAY_CASE: Code = Code::new("2");
        Self {
            admission: spell.admission,
            discharge: spell.discharge,
            discharge_ready: spell.discharge_ready,
            first_spell: index,
            lsoa: spell.lsoa,
            provider: spell.provider,
            residence: spell.residence,
            birth: spell.birth,
            sex: spell.sex,
            admission_method: spell.admission_method,
            class: spell.class,
            treatment_discharge: spell.treatment_discharge,
            destination: spell.destination,
            discharge_method: spell.discharge_method,
            end_kind: spell.end_kind,
            day_case: spell.class == DAY_CASE,
            inner: false,
            flags: spell.flags,
        }
    }

    /// Nights.
    #[must_use]
    pub const fn nights(&self) -> i32 {
        self.discharge.since(self.admission)
    }
}

/// A stay inside another provider's stay that is a CIPS of its own.
#[must_use]
pub const fn is_inner(cips: &Cips) -> bool {
    cips.spells == 1 && cips.flags.has(StayFlags::INNER)
}

/// The stays of a person, in the order of the person's CIPS or spells.
pub fn stays<'a>(person: &Person<'a>, unit: StayUnit) -> impl Iterator<Item = Stay> + use<'a> {
    let (cips, spells): (&[Cips], &[Spell]) = match unit {
        StayUnit::Cips => (person.cips, &[]),
        StayUnit::Spell => (&[], person.spells),
    };
    let spells = spells.iter().zip(0u32..).map(|(spell, index)| Stay::of_spell(spell, index));
    cips.iter().map(Stay::of_cips).chain(spells)
}

/// The cell of a stay in a tally, period 0: council of residence, provider, and the levels of the
/// wanted breakdowns. The age is that on the day `on`.
#[must_use]
pub fn cell(
    stay: &Stay,
    on: Day,
    person: &Person<'_>,
    places: &Places,
    dimensions: &[Dimension],
) -> Cell {
    let mut strata = Strata::default()
        .with(Dimension::AgeBand, stratum::age_level_at(stay.birth, on))
        .with(Dimension::Sex, stratum::sex_level(stay.sex));
    let mut scores = None;
    for &dimension in dimensions {
        let mut scores =
            || *scores.get_or_insert_with(|| cips_scores(stay, person, places.clinical()));
        let level = match dimension {
            Dimension::Ethnicity => {
                let ethnic = first_episode(stay, person).map_or(Code::NONE, |e| e.ethnic);
                stratum::ethnicity_level(ethnic)
            }
            Dimension::Imd => {
                stratum::imd_level(first_episode(stay, person).map_or(0, |e| e.imd_decile))
            }
            Dimension::AdmissionClass => stratum::admission_level(stay.admission_method),
            Dimension::Setting => {
                stratum::setting_level(stratum::care_state(person, stay.admission.plus(-1)))
            }
            Dimension::FrailtyBand => stratum::frailty_level(scores()),
            Dimension::CharlsonBand => stratum::charlson_level(scores()),
            Dimension::ElixhauserBand => stratum::elixhauser_level(scores()),
            Dimension::Total
            | Dimension::AgeBand
            | Dimension::PublishedAgeBand
            | Dimension::Sex => continue,
        };
        strata = strata.with(dimension, level);
    }
    Cell {
        period: 0,
        council: places.residence(stay.lsoa, stay.residence),
        provider: places.provider(stay.provider),
        strata,
    }
}

/// Comorbidity and frailty of the CIPS of the stay; none when it is in none or has no diagnosis.
fn cips_scores(stay: &Stay, person: &Person<'_>, clinical: &Clinical) -> Option<Scores> {
    let spell = person.spells.get(stay.first_spell as usize)?;
    clinical.scores(person, spell.cips as usize)
}

/// The first episode of the stay.
fn first_episode<'a>(stay: &Stay, person: &Person<'a>) -> Option<&'a Episode> {
    let spell = person.spells.get(stay.first_spell as usize)?;
    person.episodes.get(spell.first_episode as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;
    use crate::measures::fixture::{Maker, cips, day, episode, line, spell};
    use throughcare_linkage::timeline::state::State;

    #[test]
    fn m0_4_a_stay_has_the_level_of_every_wanted_breakdown() {
        // the new home begins on the day of admission: it is not where the person came from
        let states = [("2024-01-01", State::Nursing), ("2024-05-01", State::Residential)];
        let maker = Maker {
            spells: vec![spell("2024-03-01", "2024-03-02"), spell("2024-05-01", "2024-05-04")],
            episodes: vec![episode("A"), episode("M")],
            line: line(&states, "2024-12-31"),
            ..Maker::default()
        };
        let mut maker = maker;
        maker.spells[1].first_episode = 1;
        let places = Places::new(&Frame::default());
        let by = ["ethnicity", "admission_class", "setting"].map(String::from);
        let levels = |stay: &Stay, by: &[String]| {
            let dimensions = Dimension::with(by);
            let on = stay.discharge;
            let strata = maker.with(|person| cell(stay, on, person, &places, &dimensions).strata);
            Dimension::with(&["ethnicity".into(), "admission_class".into(), "setting".into()])
                .iter()
                .map(|&dimension| {
                    dimension.stratum(dimension.values_of(strata).next().unwrap_or(99))
                })
                .collect::<Vec<_>>()
        };
        let stay = Stay::of_cips(&Cips { first_spell: 1, ..cips("2024-05-01", "2024-05-04") });
        let all = [
            "",
            "age_band=65-74",
            "sex=Female",
            "ethnicity=Black",
            "admission_class=Emergency",
            "setting=Nursing care",
        ];
        assert_eq!(levels(&stay, &by), all);
        // the spell itself leads to its own episode
        assert_eq!(levels(&Stay::of_spell(&maker.spells[1], 1), &by), all);
        let default = [
            "",
            "age_band=65-74",
            "sex=Female",
            "ethnicity=Unknown",
            "admission_class=Other",
            "setting=Not observed",
        ];
        assert_eq!(levels(&stay, &[]), default);
        // without a line and with an episode that is not there, nothing is known
        let early = Stay { first_spell: 7, admission: day("2023-01-01"), ..stay };
        assert_eq!(
            levels(&early, &by)[3..],
            ["ethnicity=Unknown", "admission_class=Emergency", "setting=Not observed"]
        );
    }
}
