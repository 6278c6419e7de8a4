//! What the checks of one row look up: settled once, before the first person.

use super::item::Item;
use crate::frame::Frame;
use crate::place::Places;
use throughcare_linkage::cld::cleaning::{Cleaned, Cleaning, Standing};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details::DetailCodes;
use throughcare_linkage::cld::settings::{Edition, Mode};
use throughcare_linkage::codes::cld::{Field, Raw};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::facts::Facts;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::read::{FileKind, FileRead, Records};
use throughcare_linkage::records::cld::CldRow;
use throughcare_linkage::submissions::{SubmissionKey, Tally};

use super::code::Check;

/// The meaning of a raw text for data quality.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The check of a field that is filled with it, where the field applies.
    pub check: Check,
    /// Exactly a label of one of the releases, so that it says nothing of a person.
    pub is_label: bool,
    /// A label for "not known".
    pub is_unknown: bool,
    /// It has a cleaned value other than `Invalid and not mapped`.
    pub is_mapped: bool,
    /// It is in no list.
    pub is_new: bool,
    /// It stands for "no value" in a coded field: `NULL`, `N/A`, `-`.
    pub is_no_value: bool,
}

/// A submission, as checks of rows see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Submission {
    /// Its rows are those that are checked.
    pub is_selected: bool,
    /// Day of import.
    pub import: Option<Day>,
    /// Smallest stated start and largest stated end.
    pub stated: Option<Period>,
    /// Reference period of the checked table.
    pub reference: Option<Period>,
    /// The selected submission of the council that came next after this one.
    pub is_previous: bool,
}

/// Look-ups of one run.
#[derive(Debug)]
pub struct Plan<'a> {
    /// What raw texts mean.
    pub cleaning: &'a Cleaning,
    /// Edition of the method.
    pub edition: Edition,
    /// Which main table is reported on: the single one, or the joined one where no submission covers
    /// its 12 months.
    pub mode: Mode,
    /// Last day of the checked table; none for prepared events without a window.
    pub window: Option<Period>,
    /// The periods of the study.
    pub periods: Vec<Period>,
    /// The window of the joined table.
    pub joined: Option<Period>,
    /// First and last day covered by hospital data.
    pub hospital: Period,
    /// Councils.
    pub places: Places,
    /// Submissions by number.
    pub submissions: Vec<Submission>,
    /// Number, council and tally of each submission.
    pub tallies: &'a [(SubmissionKey, Tally)],
    /// Which items some file has a column for.
    pub is_given: [bool; Item::ALL.len()],
    codes: Vec<Vec<Code>>,
    /// Where the dense counts of a field begin.
    offsets: Vec<usize>,
    dense: usize,
    has_cqc_form: Vec<bool>,
    frequencies: Vec<Frequency>,
    is_listed: Option<Vec<bool>>,
    /// Values of the latest details.
    pub details: DetailCodes,
    /// A cleaned value for each of the labels that rules name.
    pub labels: Labels,
}

/// Values that rules name.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "each is its label")]
pub struct Labels {
    pub learning_disability: Cleaned,
    pub carer_reason: Cleaned,
    pub commissioned: Cleaned,
    pub has_carer_no: Cleaned,
    pub nursing_home: Cleaned,
    pub care_home: Cleaned,
}

/// How often a cost recurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frequency {
    /// Blank, invalid or unmapped.
    #[default]
    Unknown,
    /// By hour, day or session: needs planned units.
    ByUnit,
    /// So many times in so many weeks.
    PerWeeks(i64, i64),
    /// Once.
    OneOff,
    /// No charge.
    NoCharge,
}

impl Frequency {
    fn of(label: &str) -> Self {
        let label = label.to_lowercase();
        let begins = |word: &str| label.starts_with(word);
        match () {
            () if begins("week") => Self::PerWeeks(1, 1),
            () if begins("fortnight") => Self::PerWeeks(1, 2),
            () if begins("4-week") => Self::PerWeeks(1, 4),
            () if begins("month") => Self::PerWeeks(12, 52),
            () if begins("quarter") => Self::PerWeeks(4, 52),
            () if begins("annual") => Self::PerWeeks(1, 52),
            () if label == "one-off" => Self::OneOff,
            () if begins("no charge") => Self::NoCharge,
            () if label.is_empty() => Self::Unknown,
            () => Self::ByUnit,
        }
    }
}

/// Texts of one field that have dense counts; those beyond are counted in a map.
const MOST_DENSE: usize = 512;

impl<'a> Plan<'a> {
    /// The look-ups for these records.
    #[must_use]
    pub fn new(records: &'a Records, facts: &'a Facts, frame: &Frame) -> Self {
        let selection = &facts.selection;
        let mode = if selection.single_window.is_some() || records.submissions.is_empty() {
            Mode::Single
        } else {
            Mode::Joined
        };
        let mut submissions: Vec<Submission> = (0u16..)
            .zip(&records.submissions)
            .map(|(number, (key, tally))| {
                let stated = tally.stated_start.get().zip(tally.stated_end.get());
                let reference = selection.reference(mode, number);
                Submission {
                    is_selected: reference.is_some(),
                    import: Some(key.import.day()),
                    stated: stated.map(|(start, end)| Period { start, end }),
                    reference,
                    is_previous: false,
                }
            })
            .collect();
        for number in previous(&records.submissions, &submissions) {
            submissions[number].is_previous = true;
        }
        let cleaning = &facts.cleaning;
        let codes: Vec<Vec<Code>> = Field::ALL.map(|field| codes(cleaning, field)).into();
        let mut dense = 0;
        let offsets = codes
            .iter()
            .map(|codes| {
                let at = dense;
                dense += 4 * codes.len().min(MOST_DENSE);
                at
            })
            .collect();
        let la_codes = records.texts.la.texts();
        let is_listed = (!frame.areas.is_empty()).then(|| {
            let listed = |code: &str| frame.areas.by_code(code.trim()).is_some();
            la_codes.iter().map(|code| listed(code)).collect()
        });
        let label = |field, label| cleaning.find(field, label).unwrap_or_default();
        Self {
            cleaning,
            edition: frame.edition,
            mode,
            window: selection.window(mode),
            periods: frame.study.periods.clone(),
            joined: frame.joined,
            hospital: Period { start: frame.sus_start, end: frame.sus_end.plus(-1) },
            places: Places::new(frame),
            submissions,
            tallies: &records.submissions,
            is_given: given(&records.files),
            codes,
            offsets,
            dense,
            has_cqc_form: records.texts.cqc_location.texts().iter().map(|id| is_cqc(id)).collect(),
            frequencies: std::iter::once(Frequency::Unknown)
                .chain(cleaning.texts(Field::CostFrequency).map(|(raw, _)| {
                    match cleaning.cleaned(Field::CostFrequency, raw) {
                        Cleaned::INVALID => Frequency::Unknown,
                        cleaned => Frequency::of(cleaning.label(Field::CostFrequency, cleaned)),
                    }
                }))
                .collect(),
            is_listed,
            details: DetailCodes::new(cleaning),
            labels: Labels {
                learning_disability: label(
                    Field::PrimarySupportReason,
                    "Learning disability support",
                ),
                carer_reason: label(
                    Field::PrimarySupportReason,
                    "Social support: Support to unpaid carer",
                ),
                commissioned: label(Field::DeliveryMechanism, "CASSR commissioned support"),
                has_carer_no: label(Field::HasUnpaidCarer, "No"),
                nursing_home: label(Field::AccommodationStatus, "Registered nursing home"),
                care_home: label(Field::AccommodationStatus, "Registered care home"),
            },
        }
    }

    /// The meaning of a raw text that is not blank.
    #[must_use]
    #[inline]
    pub fn code(&self, field: Field, raw: Raw) -> Code {
        let codes = &self.codes[field as usize];
        codes.get(usize::from(raw.0)).copied().unwrap_or(Code {
            check: Check::NotListed,
            is_label: false,
            is_unknown: false,
            is_mapped: false,
            is_new: true,
            is_no_value: false,
        })
    }

    /// Where the dense count of a raw text and a condition stands; none beyond them.
    #[must_use]
    #[inline]
    pub fn slot(&self, field: Field, raw: Raw, condition: usize) -> Option<usize> {
        let n = usize::from(raw.0);
        let dense = self.codes[field as usize].len().min(MOST_DENSE);
        (n < dense).then(|| self.offsets[field as usize] + 4 * n + condition)
    }

    /// How many raw texts of a field have dense counts, blank included.
    #[must_use]
    pub fn dense_texts(&self, field: Field) -> u16 {
        self.codes[field as usize].len().min(MOST_DENSE) as u16
    }

    /// How many dense counts there are.
    #[must_use]
    pub const fn slots(&self) -> usize {
        self.dense
    }

    /// Whether a CQC location has the form `1-` and digits (V076).
    #[must_use]
    #[inline]
    pub fn has_cqc_form(&self, location: u32) -> bool {
        self.has_cqc_form.get(location as usize).copied().unwrap_or(false)
    }

    /// How often a cost with this raw frequency recurs.
    #[must_use]
    #[inline]
    pub fn frequency(&self, raw: Raw) -> Frequency {
        self.frequencies.get(usize::from(raw.0)).copied().unwrap_or_default()
    }

    /// Whether a council is in the look-up of areas; none without a look-up.
    #[must_use]
    #[inline]
    pub fn is_listed(&self, la: u16) -> Option<bool> {
        let listed = self.is_listed.as_ref()?;
        Some(listed.get(usize::from(la)).copied().unwrap_or(false))
    }

    /// The submission of a row; that of prepared rows is selected and has no import.
    #[must_use]
    #[inline]
    pub fn submission(&self, row: &CldRow) -> Submission {
        if row.is_prepared() {
            return Submission { is_selected: true, reference: self.window, ..Default::default() };
        }
        self.submissions.get(usize::from(row.submission)).copied().unwrap_or_default()
    }

    /// The events of the main table that is reported on.
    #[must_use]
    #[inline]
    pub fn main<'p>(&self, person: &Person<'p>) -> &'p [CareEvent] {
        match self.mode {
            Mode::Single => person.single,
            Mode::Joined => person.joined,
        }
    }
}

fn codes(cleaning: &Cleaning, field: Field) -> Vec<Code> {
    let blank = Code {
        check: Check::Blank,
        is_label: true,
        is_unknown: false,
        is_mapped: false,
        is_new: false,
        is_no_value: false,
    };
    let of = |(raw, text): (Raw, &str)| {
        let standing = cleaning.standing(field, raw);
        let label = cleaning.cleaned_label(field, raw);
        let whole = Cleaning::has_whole_list(field);
        // a Release 1 text for which no Release 2 label is known may be that label
        let check = match standing {
            Standing::Release2 => Check::Valid,
            Standing::Release1 if whole || label != text => Check::Release1,
            _ if whole => Check::NotListed,
            _ => Check::Unknown,
        };
        let plain = text.to_lowercase();
        Code {
            check,
            is_label: matches!(standing, Standing::Release2 | Standing::Release1),
            is_unknown: label == "Unknown"
                || label.starts_with("Unknown:")
                || label.starts_with("No data"),
            is_mapped: !matches!(cleaning.cleaned(field, raw), Cleaned::NONE | Cleaned::INVALID),
            is_new: matches!(standing, Standing::Unmapped | Standing::NullText),
            is_no_value: matches!(plain.as_str(), "null" | "n/a" | "-"),
        }
    };
    std::iter::once(blank).chain(cleaning.texts(field).map(of)).collect()
}

/// `1-` and digits.
fn is_cqc(id: &str) -> bool {
    id.strip_prefix("1-")
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()))
}

fn given(files: &[FileRead]) -> [bool; Item::ALL.len()] {
    let of_care =
        |file: &&FileRead| matches!(file.kind, FileKind::CldSubmissions | FileKind::CldEvents);
    Item::ALL.map(|item| {
        files
            .iter()
            .filter(of_care)
            .any(|file| item.columns().iter().any(|column| file.columns.contains(column)))
    })
}

/// Of each council, the submission imported last before its latest selected one.
fn previous(tallies: &[(SubmissionKey, Tally)], submissions: &[Submission]) -> Vec<usize> {
    let mut found = Vec::new();
    let selected = submissions.iter().enumerate().filter(|(_, one)| one.is_selected);
    for (number, _) in selected {
        let key = tallies[number].0;
        let is_latest = !tallies.iter().zip(submissions).any(|((other, _), one)| {
            one.is_selected && other.la == key.la && other.import > key.import
        });
        if !is_latest {
            continue;
        }
        let earlier = tallies.iter().enumerate();
        let earlier =
            earlier.filter(|(_, (other, _))| other.la == key.la && other.import < key.import);
        found.extend(earlier.max_by_key(|(_, (other, _))| other.import).map(|(n, _)| n));
    }
    found
}
