//! Admitted patient care rows (`sus-fields.md` sections 2 to 7, `hospital-spells.md` A and C3).

use super::clinical::CodeColumns;
use super::ecds::is_untrusted;
use super::values::{self, Moment, NO_TIME, Number, is_missing};
use super::{Column, Notes, essential, small, trusted_person};
use crate::codes::clinical::{ClinicalCode, places};
use crate::codes::short::{Code, CodeSet};
use crate::day::BirthMonth;
use crate::records::apc::{Episode, EpisodeFlags};
use crate::records::ecds::Attendance;
use crate::records::key::RecordKey;
use crate::records::quarantine::Reason;
use crate::schema::apc::{Apc, Layout};
use crate::source::{Batch, Cells};
use crate::store::{CodedEpisode, Staged, Texts};

/// What the engine keeps of one diagnosis column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Diagnosis {
    cancer: bool,
    obstetric: bool,
    /// Codes present.
    count: u8,
}

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct ApcDecoder<'a> {
    texts: &'a Texts,
    file: u16,
    layout: Layout,
    trusted: &'a CodeSet,
    is_untrusted: Column<bool>,
    imd: Column<u8>,
    has_status: bool,
    has_cds: bool,
    has_last: bool,
    has_management: bool,
    spell_key: Column<Option<RecordKey>>,
    episode_key: Column<Option<RecordKey>>,
    dates: [Column<Moment>; 6],
    times: [Column<Option<u16>>; 2],
    episode_no: Column<Number>,
    age: Column<Number>,
    birth_year: Column<Number>,
    birth_month: Column<Number>,
    month_year: Column<BirthMonth>,
    last: Column<bool>,
    finished: Column<bool>,
    cds: Column<bool>,
    not_nhs: Column<bool>,
    provider: Column<u16>,
    residence: Column<u16>,
    lsoa: Column<u32>,
    codes: [Column<Code>; CODES.len()],
    /// What the admission method says of the management type, in a file without one.
    by_method: Column<Code>,
    /// Whether the site, main specialty and first operation are filled.
    filled: [Column<bool>; 3],
    diagnoses: Vec<Column<Diagnosis>>,
    codes_kept: Option<CodeColumns<'a>>,
}

/// Columns of an admitted patient care file beyond the kind's own, which hold one code each and follow
/// them in this order.
#[derive(Clone, Copy, Debug, Default)]
pub struct CodeCounts {
    /// Columns of diagnoses.
    pub diagnoses: usize,
    /// Columns of operations: none unless codes are kept.
    pub operations: usize,
    /// The run keeps codes.
    pub keep: bool,
}

/// How the text of a coded column becomes a code.
type Rule = fn(&str) -> Code;

/// The coded columns with the rule for each.
const CODES: [(Apc, Rule); 12] = [
    (Apc::AdmissionMethod, admission_method),
    (Apc::Source, |text| known(text, &["98", "99"])),
    (Apc::Destination, |text| known(text, &["99", "DK"])),
    (Apc::DischargeMethod, |text| known(text, &["9"])),
    (Apc::Class, |text| known(text, &["8", "9"])),
    (Apc::Management, |text| known(text, &[])),
    (Apc::TreatmentFunction, |text| known(text, &["999"])),
    (Apc::AdmitFunction, |text| known(text, &["999"])),
    (Apc::EpisodeType, |text| known(text, &[])),
    (Apc::Sex, sex),
    (Apc::Ethnic, ethnic),
    (Apc::MainSpecialty, |text| known(text, &["999"])),
];
const METHOD: usize = 0;
const SOURCE: usize = 1;
const DESTINATION: usize = 2;
const DISCHARGE_METHOD: usize = 3;
const CLASS: usize = 4;
const MANAGEMENT: usize = 5;
const FUNCTION: usize = 6;
const ADMIT: usize = 7;
const TYPE: usize = 8;
const SEX: usize = 9;
const ETHNIC: usize = 10;
const MAIN_SPECIALTY: usize = 11;

/// The columns of what rows keep apart (`records/kept/apc.rs`).
const REST: [Apc; 14] = [
    Apc::EpisodeKey,
    Apc::EpisodeStart,
    Apc::EpisodeEnd,
    Apc::DischargeReady,
    Apc::Submitted,
    Apc::Lsoa,
    Apc::Class,
    Apc::AdmitFunction,
    Apc::MainSpecialty,
    Apc::EpisodeType,
    Apc::Ethnic,
    Apc::AdmissionTime,
    Apc::DischargeTime,
    Apc::Imd,
];

const DATES: [Apc; 6] = [
    Apc::Admission,
    Apc::Discharge,
    Apc::EpisodeStart,
    Apc::EpisodeEnd,
    Apc::DischargeReady,
    Apc::Submitted,
];

impl<'a> ApcDecoder<'a> {
    /// A decoder for a task of a file. `has` says whether the file has a column of the kind, `columns`
    /// which it has of codes, `trusted` which statuses of an NHS number make it one to join by.
    #[must_use]
    pub fn new(
        texts: &'a Texts,
        file: u16,
        layout: Layout,
        has: impl Fn(Apc) -> bool,
        columns: CodeCounts,
        trusted: &'a CodeSet,
    ) -> Self {
        let slot = |column: Apc| column as usize;
        let after_own = Apc::SPECS.len();
        let own = |column: Apc| has(column).then_some(slot(column));
        let of_episode = after_own..after_own + columns.diagnoses;
        let diagnoses = of_episode.clone().chain(own(Apc::AllDiagnoses));
        let operations = of_episode.end..of_episode.end + columns.operations;
        // a file may have the first operation alone, under a name of the user's
        let first = own(Apc::Operation).filter(|_| columns.operations == 0);
        let operations = first.into_iter().chain(operations).chain(own(Apc::AllOperations));
        let codes_kept = columns.keep.then(|| {
            let spell_primary = slot(Apc::SpellDiagnosis);
            CodeColumns::new(texts, diagnoses.clone(), operations, spell_primary)
        });
        let flagged = diagnoses.chain(own(Apc::SpellDiagnosis));
        Self {
            texts,
            file,
            layout,
            trusted,
            is_untrusted: Column::new(slot(Apc::NhsNumberStatus), false),
            imd: Column::new(slot(Apc::Imd), 0),
            has_status: has(Apc::EpisodeStatus),
            has_cds: has(Apc::CdsType),
            has_last: has(Apc::LastEpisode),
            has_management: has(Apc::Management),
            spell_key: Column::key(slot(Apc::SpellKey)),
            episode_key: Column::key(slot(Apc::EpisodeKey)),
            dates: DATES.map(|column| Column::date(slot(column))),
            times: [Apc::AdmissionTime, Apc::DischargeTime]
                .map(|column| Column::new(slot(column), Some(NO_TIME))),
            episode_no: Column::number(slot(Apc::EpisodeNo)),
            age: Column::number(slot(Apc::Age)),
            birth_year: Column::number(slot(Apc::BirthYear)),
            birth_month: Column::number(slot(Apc::BirthMonth)),
            month_year: Column::new(slot(Apc::BirthMonthYear), BirthMonth::default()),
            last: Column::new(slot(Apc::LastEpisode), false),
            finished: Column::new(slot(Apc::EpisodeStatus), false),
            cds: Column::new(slot(Apc::CdsType), true),
            not_nhs: Column::new(slot(Apc::AdminCategory), false),
            provider: Column::new(slot(Apc::Provider), 0),
            residence: Column::new(slot(Apc::Residence), 0),
            lsoa: Column::new(slot(Apc::Lsoa), 0),
            codes: CODES.map(|(column, _)| Column::new(slot(column), Code::NONE)),
            by_method: Column::new(slot(Apc::AdmissionMethod), Code::NONE),
            filled: [Apc::Site, Apc::MainSpecialty, Apc::Operation]
                .map(|column| Column::new(slot(column), false)),
            diagnoses: flagged.map(|slot| Column::new(slot, Diagnosis::default())).collect(),
            codes_kept,
        }
    }

    /// Decodes a batch into `staged`, or into `coded` where codes are kept; rows that cannot be used go
    /// to `notes`.
    pub fn batch(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<Episode>,
        coded: &mut Staged<CodedEpisode>,
        notes: &mut Notes,
    ) {
        self.load(batch, notes);
        // a date may bring a time with it, but not one in whole days
        let has_times = [Apc::Admission, Apc::Discharge]
            .iter()
            .any(|&date| !matches!(batch.cells[date as usize], Cells::Absent | Cells::Days(..)));
        if has_times || batch.has_any(REST.map(|column| column as usize)) {
            self.rows::<true>(batch, staged, coded, notes);
        } else {
            self.rows::<false>(batch, staged, coded, notes);
        }
    }

    /// The rows of a loaded batch. Without `FULL` the file has nothing of what rows keep apart, and no time
    /// is spent on asking every row for it.
    fn rows<const FULL: bool>(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<Episode>,
        coded: &mut Staged<CodedEpisode>,
        notes: &mut Notes,
    ) {
        let ids = batch.cells[Apc::PersonId as usize];
        for row in 0..batch.len {
            match self.episode::<FULL>(batch.rows.at(row), row) {
                Ok(episode) => {
                    let person = trusted_person(&ids, row, &self.is_untrusted, notes);
                    match &mut self.codes_kept {
                        None => staged.push(person, episode),
                        Some(codes) => codes.push(row, person, episode, coded),
                    }
                }
                Err(column) => {
                    notes.set_aside.push((batch.rows.at(row), Reason::BadDate, column));
                }
            }
        }
    }

    fn load(&mut self, batch: &Batch<'_>, notes: &mut Notes) {
        let texts = self.texts;
        self.is_untrusted.load(batch, |text| is_untrusted(text, self.trusted));
        self.imd.load(batch, imd_decile);
        self.spell_key.load_keys(batch);
        self.episode_key.load_keys(batch);
        for column in &mut self.dates {
            column.load_dates(batch);
        }
        self.dates[4].count_bad(batch, Apc::DischargeReady.name(), notes);
        self.dates[5].count_bad(batch, Apc::Submitted.name(), notes);
        for (column, name) in self.times.iter_mut().zip([Apc::AdmissionTime, Apc::DischargeTime]) {
            column.load(batch, values::time);
            notes.bad(name.name(), column.bad(batch, Option::is_none));
        }
        for (column, name) in [
            (&mut self.episode_no, Apc::EpisodeNo),
            (&mut self.age, Apc::Age),
            (&mut self.birth_year, Apc::BirthYear),
            (&mut self.birth_month, Apc::BirthMonth),
        ] {
            column.load_numbers(batch);
            column.count_bad(batch, name.name(), notes);
        }
        self.month_year.load(batch, values::month_year);
        self.last.load(batch, |text| {
            let text =
                values::number(text).get().map_or(text.trim(), |n| if n == 1 { "Y" } else { "N" });
            ["y", "yes", "true"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
        });
        self.finished.load(batch, |text| values::number(text).get() == Some(3));
        self.cds.load(batch, |text| !matches!(values::number(text).get(), Some(180 | 190 | 200)));
        self.not_nhs.load(batch, is_not_nhs);
        self.provider.load(batch, |text| small(&texts.provider, provider(text)));
        self.residence.load(batch, |text| small(&texts.la, text));
        self.lsoa.load(batch, |text| lsoa(texts, text));
        for (column, (_, rule)) in self.codes.iter_mut().zip(CODES) {
            column.load(batch, rule);
        }
        if !self.has_management {
            let management = |text: &str| management_by_method(admission_method(text));
            self.by_method.load(batch, management);
        }
        let [site, specialty, operation] = &mut self.filled;
        site.load(batch, |t| !is_missing(t) && !matches!(t.trim(), "89999" | "89997" | "R9998"));
        specialty.load(batch, |text| known(text, &["999"]).is_some());
        operation.load(batch, |text| {
            !is_missing(text) && !["X997", "X998", "X999"].contains(&text.trim())
        });
        for column in &mut self.diagnoses {
            column.load(batch, diagnosis);
        }
        if let Some(codes) = &mut self.codes_kept {
            codes.load(batch);
        }
    }

    /// The row; an error is the name of the essential date that cannot be understood.
    #[inline(always)] // into both loops of `rows`
    fn episode<const FULL: bool>(&self, number: u32, row: usize) -> Result<Episode, &'static str> {
        let date = |n: usize| self.dates[n].at(row);
        let code = |n: usize| self.codes[n].at(row);
        let rest_date = |n: usize| if FULL { date(n) } else { Moment::NONE };
        let rest = |n: usize| if FULL { code(n) } else { Code::NONE };
        let time = |n: usize| if FULL { clock(self.times[n].at(row), date(n)) } else { NO_TIME };
        let class = rest(CLASS);
        let method = code(METHOD);
        let (mut cancer, mut obstetric, mut diagnoses) = (false, false, 0u8);
        for column in &self.diagnoses {
            let found = column.at(row);
            cancer |= found.cancer;
            obstetric |= found.obstetric;
            diagnoses = diagnoses.saturating_add(found.count);
        }
        let age = age(self.age.at(row));
        let quality = [
            method.is_some(),
            code(SOURCE).is_some(),
            code(DESTINATION).is_some() && code(DESTINATION) != UNFINISHED,
            code(DISCHARGE_METHOD).is_some(),
            age != NO_AGE,
            code(FUNCTION).is_some(),
            self.filled[0].at(row),
            self.filled[1].at(row),
            self.filled[2].at(row),
        ];
        let quality = quality.iter().filter(|filled| **filled).count() as u8;
        let finished =
            if self.has_status { self.finished.at(row) } else { !self.has_cds || self.cds.at(row) };
        let flag = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = flag(self.has_last && self.last.at(row), EpisodeFlags::LAST)
            | flag(self.has_last, EpisodeFlags::HAS_LAST)
            | flag(finished, EpisodeFlags::FINISHED)
            | flag(cancer, EpisodeFlags::CANCER)
            | flag(obstetric, EpisodeFlags::OBSTETRIC)
            | flag(matches!(self.layout, Layout::Hes | Layout::Cds), EpisodeFlags::HES)
            | flag(self.layout == Layout::Apcs, EpisodeFlags::SPELL_LEVEL)
            | flag(self.not_nhs.at(row), EpisodeFlags::NOT_NHS);
        let birth = self.month_year.at(row);
        Ok(Episode {
            spell_key: self.spell_key.at(row),
            episode_key: if FULL { self.episode_key.at(row) } else { None },
            admission: essential(date(0), Apc::Admission.name())?,
            discharge: essential(date(1), Apc::Discharge.name())?,
            episode_start: essential(rest_date(2), Apc::EpisodeStart.name())?,
            episode_end: essential(rest_date(3), Apc::EpisodeEnd.name())?,
            discharge_ready: rest_date(4).day,
            submitted: rest_date(5).day,
            row: number,
            lsoa: if FULL { self.lsoa.at(row) } else { 0 },
            file: self.file,
            provider: self.provider.at(row),
            residence: self.residence.at(row),
            birth: if birth.is_known() {
                birth
            } else {
                values::birth(self.birth_year.at(row), self.birth_month.at(row))
            },
            admission_method: method,
            source: code(SOURCE),
            destination: code(DESTINATION),
            discharge_method: code(DISCHARGE_METHOD),
            class,
            management: if self.has_management {
                code(MANAGEMENT)
            } else {
                derived_management(self.by_method.at(row), class)
            },
            treatment_function: code(FUNCTION),
            admission_function: rest(ADMIT),
            main_specialty: rest(MAIN_SPECIALTY),
            episode_type: rest(TYPE),
            sex: code(SEX),
            ethnic: rest(ETHNIC),
            admission_time: time(0),
            discharge_time: time(1),
            age,
            episode_no: match self.episode_no.at(row).get() {
                Some(number @ 1..=97) => number as u8,
                _ => 0,
            },
            imd_decile: if FULL { self.imd.at(row) } else { 0 },
            quality: quality + diagnoses.min(14),
            flags: EpisodeFlags(flags),
        })
    }
}

const NO_AGE: u8 = Attendance::NO_AGE;
const UNFINISHED: Code = Code::new("98");

/// The time of a day: the time column's, else the time part of the date unless that is midnight, which
/// exports write behind every date.
fn clock(time: Option<u16>, date: Moment) -> u16 {
    match time {
        Some(minute) if minute != NO_TIME => minute,
        _ if date.minute == 0 => NO_TIME,
        _ => date.minute,
    }
}

/// A code, unless it is missing by the catalogue or one of `missing` (`sus-fields.md` section 10).
pub(super) fn known(text: &str, missing: &[&str]) -> Code {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    if is_missing(text) || missing.iter().any(|code| text.eq_ignore_ascii_case(code)) {
        return Code::NONE;
    }
    Code::new(text)
}

/// Whether an administrative category is known and neither NHS (01) nor amenity bed (03).
fn is_not_nhs(text: &str) -> bool {
    const NHS: [Code; 4] = [Code::new("01"), Code::new("03"), Code::new("1"), Code::new("3")];
    let category = known(text, &["98", "99"]);
    category.is_some() && !NHS.contains(&category)
}

fn admission_method(text: &str) -> Code {
    let text = text.trim();
    match text.strip_suffix(".0").unwrap_or(text) {
        "66" => Code::new("2A"),
        "67" => Code::new("2B"),
        "68" => Code::new("2C"),
        "69" => Code::new("2D"),
        text => known(text, &["98", "99"]),
    }
}

/// The number of an LSOA; 0 when it is missing.
pub(super) fn lsoa(texts: &Texts, text: &str) -> u32 {
    let known =
        !is_missing(text) && !matches!(text.trim(), "Z99999999" | "E99999999" | "W99999999");
    if known { texts.lsoa.intern(text.trim()) } else { 0 }
}

/// A decile of deprivation as a number or in words, such as `Most deprived 10%` and
/// `Less deprived 20-30%`: 1 the most deprived; 0 when it is missing or not understood.
fn imd_decile(text: &str) -> u8 {
    if let Some(number @ 1..=10) = values::number(text).get() {
        return number as u8;
    }
    let text = text.trim().to_ascii_lowercase();
    let per_cent = || -> Option<u8> {
        let upper = text.strip_suffix('%')?.rsplit([' ', '-']).next()?;
        upper.parse().ok().filter(|upper| (10..=50).contains(upper) && upper % 10 == 0)
    };
    // the words count from the nearer end
    match per_cent() {
        Some(upper) if text.starts_with("most") || text.starts_with("more") => upper / 10,
        Some(upper) if text.starts_with("least") || text.starts_with("less") => 11 - upper / 10,
        _ => 0,
    }
}

pub(super) fn sex(text: &str) -> Code {
    let text = text.trim();
    match text {
        _ if text.eq_ignore_ascii_case("male") || text.eq_ignore_ascii_case("m") => Code::new("1"),
        _ if text.eq_ignore_ascii_case("female") || text.eq_ignore_ascii_case("f") => {
            Code::new("2")
        }
        _ => known(text, &["0", "X"]),
    }
}

/// The first character; Z (not stated) is a value, because it is counted apart.
fn ethnic(text: &str) -> Code {
    let text = text.trim();
    if is_missing(text) {
        return Code::NONE;
    }
    known(text.get(..1).unwrap_or(""), &["X", "9"])
}

/// Codes of the independent sector are kept whole; of a trust's site code of five characters the first
/// three name the trust (`sus-fields.md` section 3).
pub(super) fn provider(text: &str) -> &str {
    let text = text.trim();
    if matches!(text, "89997" | "89999") {
        return "";
    }
    let independent = text.starts_with(['8', 'A', 'N', 'a', 'n']);
    match text.get(..3) {
        Some(trust) if !independent && text.len() == 5 => trust,
        _ => text,
    }
}

pub(super) fn age(number: Number) -> u8 {
    match number.get() {
        Some(7001..=7007) => 0,
        Some(age @ 0..=120) => age as u8,
        _ => NO_AGE,
    }
}

const EMERGENCY: Code = Code::new("EM");
const NOT_EMERGENCY: Code = Code::new("NE");
const ELECTIVE: Code = Code::new("EL");

/// What an admission method says of the management type (`sus-fields.md` 6.2).
fn management_by_method(method: Code) -> Code {
    match &*method.text() {
        "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "2A" | "2B" | "2C" | "2D" => {
            EMERGENCY
        }
        "31" | "32" | "81" | "82" | "83" => NOT_EMERGENCY,
        "11" | "12" | "13" => ELECTIVE,
        _ => Code::NONE,
    }
}

/// The management type of a row in a file without one (`sus-fields.md` 6.2): classification 3 and 4
/// first, then 2, then the method, of which elective holds for classification 1 alone.
fn derived_management(by_method: Code, class: Code) -> Code {
    if class == const { Code::new("3") } {
        const { Code::new("RDA") }
    } else if class == const { Code::new("4") } {
        const { Code::new("RNA") }
    } else if class == const { Code::new("2") } {
        const { Code::new("DC") }
    } else if by_method == ELECTIVE && class != const { Code::new("1") } {
        Code::NONE
    } else {
        by_method
    }
}

/// What the diagnoses of a text say. R69, "unknown", is none.
fn diagnosis(text: &str) -> Diagnosis {
    let mut found = Diagnosis::default();
    for code in places(text).filter_map(ClinicalCode::diagnosis).filter(|code| !code.is_r69()) {
        found.count = found.count.saturating_add(1);
        found.cancer |= code.is_cancer();
        found.obstetric |= code.is_obstetric();
    }
    found
}

#[cfg(test)]
mod tests;
