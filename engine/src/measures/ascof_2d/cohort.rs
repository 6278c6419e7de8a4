//! Stage 2: the eligible discharges, the denominator of part 2.

use super::areas::AreaNumber;
use super::cluster::Case;
use super::settings::Method;
use super::tally::{Client, Funnel, Slice};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::apc::{Episode, EpisodeFlags};
use throughcare_linkage::records::key::RecordKey;

/// Steps from hospital rows to eligible spells, in the order of the published code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Step {
    Rows,
    Extract,
    Age,
    AdmissionMethod,
    DischargeMethod,
    Destination,
    TreatmentFunction,
    FirstAdmission,
    Nights,
    Period,
    LastEpisode,
    Linkable,
    NotInCare,
    England,
    Distinct,
}

impl Step {
    pub const COUNT: usize = Self::Distinct as usize + 1;
}

/// The identity of a spell within a person: its identifier, else its dates.
type SpellId = (Option<RecordKey>, Day, Day);

/// An eligible hospital row. Several of one spell are several: they may differ in residence, birth
/// or sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Discharge {
    pub spell: SpellId,
    pub admission: Day,
    pub discharge: Day,
    /// Council of residence.
    pub residence: AreaNumber,
    pub client: Client,
    pub age_group: Option<Slice>,
    pub sex: Code,
}

impl Discharge {
    /// The slices that the row is in.
    pub fn slices(&self) -> impl Iterator<Item = Slice> + use<> {
        [Some(Slice::Total), self.age_group, Slice::of_sex(self.sex)].into_iter().flatten()
    }
}

/// Fills `discharges` with the eligible rows, in order of spell, and counts what each step leaves
/// out.
pub(super) fn eligible(
    case: &Case<'_>,
    method: &Method,
    funnel: &mut Funnel<{ Step::COUNT }>,
    discharges: &mut Vec<Discharge>,
) {
    discharges.clear();
    // the step at which the last of the person's records falls out
    let mut furthest = Step::Rows as usize;
    for (number, row) in case.person.episodes.iter().enumerate() {
        match judge(case, method, number, row) {
            Ok(discharge) => discharges.push(discharge),
            Err(step) => {
                funnel.out[step as usize] += 1;
                furthest = furthest.max(step as usize);
            }
        }
    }
    funnel.records += case.person.episodes.len() as i64;
    discharges.sort_unstable();
    let spells = discharges.chunk_by(|a, b| a.spell == b.spell).count();
    funnel.out[Step::Distinct as usize] += (discharges.len() - spells) as i64;
    if case.person.is_known() {
        funnel.person(if discharges.is_empty() { furthest } else { Step::COUNT });
    }
}

/// The discharge that a row is, or the first step that it fails.
fn judge(
    case: &Case<'_>,
    method: &Method,
    number: usize,
    row: &Episode,
) -> Result<Discharge, Step> {
    let person = case.person;
    let settings = &method.settings;
    let discharge = in_extract(row, method).ok_or(Step::Extract)?;
    let age = row.birth.dhsc_age(discharge);
    let age = age.filter(|&age| age >= settings.minimum_age).ok_or(Step::Age)?;
    let keep = |passes: bool, step: Step| if passes { Ok(()) } else { Err(step) };
    let passes = |code, excluded| method.passes(code, excluded);
    keep(
        passes(row.admission_method, &settings.excluded_admission_methods),
        Step::AdmissionMethod,
    )?;
    keep(
        passes(row.discharge_method, &settings.excluded_discharge_methods),
        Step::DischargeMethod,
    )?;
    keep(passes(row.destination, &settings.excluded_destinations), Step::Destination)?;
    keep(method.treatment_passes(row.treatment_function), Step::TreatmentFunction)?;
    let admission = row.admission.get().filter(|&day| day >= settings.first_admission);
    let admission = admission.ok_or(Step::FirstAdmission)?;
    keep(discharge.since(admission) >= settings.minimum_nights, Step::Nights)?;
    keep(case.period.contains(discharge), Step::Period)?;
    keep(is_last_episode(person, number, row), Step::LastEpisode)?;
    keep(person.is_known() && person.linkable, Step::Linkable)?;
    keep(!settings.exclude_care_at_admission || !case.in_care_on(admission), Step::NotInCare)?;
    let residence = method.areas.of_lsoa(row.lsoa).ok_or(Step::England)?;
    let client = if case.in_community_support_on(admission) {
        Client::Community
    } else {
        Client::NoLongTermSupport
    };
    let spell = match row.spell_key {
        Some(key) => (Some(key), Day::default(), Day::default()),
        None => (None, admission, discharge),
    };
    let age_group = Slice::of_age(age);
    Ok(Discharge { spell, admission, discharge, residence, client, age_group, sex: row.sex })
}

/// The discharge date of a row that is in the static extract: one that ended by the extract date.
pub(super) fn in_extract(row: &Episode, method: &Method) -> Option<Day> {
    let extract = Period { start: method.settings.extract_start, end: method.extract_end };
    row.discharge.get().filter(|&discharge| extract.contains(discharge))
}

/// Whether a row is the last episode of its spell. Where the file does not say, the spells built from
/// its episodes do.
pub(super) fn is_last_episode(person: &Person<'_>, number: usize, row: &Episode) -> bool {
    if row.flags.has(EpisodeFlags::LAST) || row.flags.has(EpisodeFlags::SPELL_LEVEL) {
        return true;
    }
    !row.flags.has(EpisodeFlags::HAS_LAST)
        && person.spells.iter().any(|spell| spell.last_episode as usize == number)
}
