//! The strata of hospital measures (M0.4): packed small numbers while counting, text at the end.

use crate::clinical::{FrailtyBand, Scores};
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::state::{Line, State, Visit};

/// A breakdown, in the order of output. Each is shown alone; `Total` is everyone, counted from the
/// records and not from the strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Everyone: the empty stratum.
    Total,
    /// Age at the event: under 18, 18–64, 65–74, 75–84, 85 and over.
    AgeBand,
    /// Age at the event in the overlapping bands of the published readmission indicator: under 16,
    /// 16 and over, 16–74, 75 and over. Its key is `age_band` too.
    PublishedAgeBand,
    /// Sex.
    Sex,
    /// Ethnic group, in five groups.
    Ethnicity,
    /// Admission class by admission method (`sus-fields.md` 6.1).
    AdmissionClass,
    /// Social care on the day before admission, hospital ignored.
    Setting,
    /// Hospital Frailty Risk Score: low, intermediate, high (M19).
    FrailtyBand,
    /// Charlson score: 0, 1–2, 3–4, 5 and over (M19).
    CharlsonBand,
    /// Elixhauser score: below 0, 0, 1–4, 5 and over (M19).
    ElixhauserBand,
    /// Deprivation of the place of residence, in fifths.
    Imd,
}

/// What `[measures] by` may name. Areas are broken down by in any case, and in hospital measures age
/// bands and sex.
pub const BREAKDOWNS: [&str; 15] = [
    "region",
    "la",
    "provider",
    "client_type",
    "age_band",
    "age",
    "sex",
    "ethnicity",
    "support_reason",
    "admission_class",
    "setting",
    "frailty_band",
    "charlson_band",
    "elixhauser_band",
    "imd",
];

/// A value of a breakdown: its text and the levels that belong to it, as bits.
type Value = (&'static str, u8);

const TOTAL: &[Value] = &[("", 1)];
const AGE_BANDS: &[Value] = &[
    ("0-17", 0b000_0110),
    ("18-64", 0b000_1000),
    ("65-74", 0b001_0000),
    ("75-84", 0b010_0000),
    ("85+", 0b100_0000),
    ("Unknown", 1),
];
const PUBLISHED_AGE_BANDS: &[Value] = &[
    ("0-15", 0b000_0010),
    ("16+", 0b111_1100),
    ("16-74", 0b001_1100),
    ("75+", 0b110_0000),
    ("Unknown", 1),
];
const SEXES: &[Value] =
    &[("Male", 1 << 1), ("Female", 1 << 2), ("Not specified", 1 << 3), ("Unknown", 1)];
const ETHNICITIES: &[Value] = &[
    ("White", 1 << 1),
    ("Mixed", 1 << 2),
    ("Asian", 1 << 3),
    ("Black", 1 << 4),
    ("Other", 1 << 5),
    ("Not stated", 1 << 6),
    ("Unknown", 1),
];
const ADMISSION_CLASSES: &[Value] =
    &[("Emergency", 1 << 1), ("Elective", 1 << 2), ("Maternity", 1 << 3), ("Other", 1)];
const SETTINGS: &[Value] = &[
    ("Nursing care", 1 << 1),
    ("Residential care", 1 << 2),
    ("Prison", 1 << 3),
    ("Short-term bed", 1 << 4),
    ("Community", 1 << 5),
    ("Short-term support", 1 << 6),
    ("None", 1 << 7),
    ("Not observed", 1),
];
const FRAILTY_BANDS: &[Value] = &[
    ("Low", 1 << 1),
    ("Intermediate", 1 << 2),
    ("High", 1 << 3),
    ("Not scored", 1 << 4),
    ("Unknown", 1),
];
const CHARLSON_BANDS: &[Value] =
    &[("0", 1 << 1), ("1-2", 1 << 2), ("3-4", 1 << 3), ("5+", 1 << 4), ("Unknown", 1)];
const ELIXHAUSER_BANDS: &[Value] =
    &[("Below 0", 1 << 1), ("0", 1 << 2), ("1-4", 1 << 3), ("5+", 1 << 4), ("Unknown", 1)];
const IMD_FIFTHS: &[Value] = &[
    ("1 (most deprived)", 1 << 1),
    ("2", 1 << 2),
    ("3", 1 << 3),
    ("4", 1 << 4),
    ("5 (least deprived)", 1 << 5),
    ("Unknown", 1),
];

impl Dimension {
    /// The breakdowns of every measure: everyone, age band and sex.
    pub const DEFAULT: [Self; 3] = [Self::Total, Self::AgeBand, Self::Sex];

    /// The key in the column `stratum` and in `[measures] by`; empty for everyone.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Total => "",
            Self::AgeBand | Self::PublishedAgeBand => "age_band",
            Self::Sex => "sex",
            Self::Ethnicity => "ethnicity",
            Self::AdmissionClass => "admission_class",
            Self::Setting => "setting",
            Self::FrailtyBand => "frailty_band",
            Self::CharlsonBand => "charlson_band",
            Self::ElixhauserBand => "elixhauser_band",
            Self::Imd => "imd",
        }
    }

    /// The default breakdowns and those of `by`, in the order of output. Keys that are not
    /// breakdowns of hospital stays (such as `region`, which is an area) add none.
    #[must_use]
    pub fn with(by: &[String]) -> Vec<Self> {
        let extra = [
            Self::Ethnicity,
            Self::AdmissionClass,
            Self::Setting,
            Self::FrailtyBand,
            Self::CharlsonBand,
            Self::ElixhauserBand,
            Self::Imd,
        ];
        let extra =
            extra.into_iter().filter(|dimension| by.iter().any(|key| key == dimension.key()));
        Self::DEFAULT.into_iter().chain(extra).collect()
    }

    /// The values in the order of output: text, and the levels it covers as bits. Values may overlap.
    #[must_use]
    pub const fn values(self) -> &'static [(&'static str, u8)] {
        match self {
            Self::Total => TOTAL,
            Self::AgeBand => AGE_BANDS,
            Self::PublishedAgeBand => PUBLISHED_AGE_BANDS,
            Self::Sex => SEXES,
            Self::Ethnicity => ETHNICITIES,
            Self::AdmissionClass => ADMISSION_CLASSES,
            Self::Setting => SETTINGS,
            Self::FrailtyBand => FRAILTY_BANDS,
            Self::CharlsonBand => CHARLSON_BANDS,
            Self::ElixhauserBand => ELIXHAUSER_BANDS,
            Self::Imd => IMD_FIFTHS,
        }
    }

    /// Positions among [`Dimension::values`] of those that a record counts in.
    pub fn values_of(self, strata: Strata) -> impl Iterator<Item = u8> {
        let level = strata.level(self);
        let values = self.values().iter().zip(0u8..);
        values
            .filter(move |((_, levels), _)| levels >> level & 1 == 1)
            .map(|(_, position)| position)
    }

    /// The stratum of a value, by its position in [`Dimension::values`]: `key=text`, empty for the
    /// total.
    #[must_use]
    pub fn stratum(self, value: u8) -> String {
        match (self, self.values().get(usize::from(value))) {
            (Self::Total, _) | (_, None) => String::new(),
            (_, Some((text, _))) => format!("{}={text}", self.key()),
        }
    }

    /// Position and width of the level in [`Strata`]. The two age breakdowns share one level.
    const fn bits(self) -> (u32, u32) {
        match self {
            Self::Total => (0, 0),
            Self::AgeBand | Self::PublishedAgeBand => (0, 3),
            Self::Sex => (3, 2),
            Self::Ethnicity => (5, 3),
            Self::AdmissionClass => (8, 2),
            Self::Setting => (10, 3),
            Self::FrailtyBand => (13, 3),
            Self::CharlsonBand => (16, 3),
            Self::ElixhauserBand => (19, 3),
            Self::Imd => (22, 3),
        }
    }
}

/// What a stratum says of the period: `period=2024-04-01..2025-03-31` where the study has `several`, else
/// nothing.
#[must_use]
pub fn of_period(period: Period, several: bool) -> String {
    if several { format!("period={}..{}", period.start, period.end) } else { String::new() }
}

/// Pairs of a stratum, without the empty ones.
#[must_use]
pub fn joined(pairs: &[&str]) -> String {
    let pairs: Vec<&str> = pairs.iter().copied().filter(|pair| !pair.is_empty()).collect();
    pairs.join("; ")
}

/// The level of one record in every breakdown, packed. A level that was not set is 0, "unknown".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Strata(u32);

impl Strata {
    /// The level of a breakdown.
    #[must_use]
    #[inline]
    pub const fn level(self, dimension: Dimension) -> u8 {
        let (shift, width) = dimension.bits();
        (self.0 >> shift & ((1 << width) - 1)) as u8
    }

    /// These strata with the level of a breakdown that is still 0; bits beyond its width are lost.
    #[must_use]
    #[inline]
    pub const fn with(self, dimension: Dimension, level: u8) -> Self {
        let (shift, width) = dimension.bits();
        Self(self.0 | (level as u32 & ((1 << width) - 1)) << shift)
    }
}

/// Level of [`Dimension::AgeBand`]: the union of the edges of both age breakdowns.
#[must_use]
pub const fn age_level(age: Option<i32>) -> u8 {
    match age {
        None | Some(..0) => 0,
        Some(0..=15) => 1,
        Some(16..=17) => 2,
        Some(18..=64) => 3,
        Some(65..=74) => 4,
        Some(75..=84) => 5,
        Some(85..) => 6,
    }
}

/// Level of [`Dimension::AgeBand`] in completed years, born on the first of the month.
#[must_use]
pub fn age_level_at(birth: BirthMonth, day: Day) -> u8 {
    age_level(birth.calendar_age(day))
}

/// Level of [`Dimension::Sex`] for a hospital code: 9 stays apart from missing.
#[must_use]
pub fn sex_level(sex: Code) -> u8 {
    const MALE: Code = Code::new("1");
    const FEMALE: Code = Code::new("2");
    const NOT_SPECIFIED: Code = Code::new("9");
    match sex {
        MALE => 1,
        FEMALE => 2,
        NOT_SPECIFIED => 3,
        _ => 0,
    }
}

/// Level of [`Dimension::Ethnicity`] for a hospital code, by its first character
/// (`sus-fields.md` section 4). Z, not stated, stays apart from unknown.
#[must_use]
pub fn ethnicity_level(ethnic: Code) -> u8 {
    let groups: [&[u8]; 6] = [b"ABC", b"DEFG", b"HJKL", b"MNP", b"RS", b"Z"];
    let group =
        groups.iter().position(|group| group.iter().any(|&letter| ethnic.starts_with(letter)));
    group.map_or(0, |group| group as u8 + 1)
}

/// Level of [`Dimension::Imd`] for a decile of deprivation, 1 the most deprived; 0 for none.
#[must_use]
pub const fn imd_level(decile: u8) -> u8 {
    decile.div_ceil(2)
}

/// Level of [`Dimension::AdmissionClass`] for an admission method: transfers, births and missing
/// methods are "other".
#[must_use]
pub fn admission_level(method: Code) -> u8 {
    const BORN_AT_HOME: Code = Code::new("2C");
    const MATERNITY: [Code; 2] = [Code::new("31"), Code::new("32")];
    match method {
        BORN_AT_HOME => 0,
        method if method.starts_with(b'2') => 1,
        method if method.starts_with(b'1') => 2,
        method if MATERNITY.contains(&method) => 3,
        _ => 0,
    }
}

/// Level of [`Dimension::Setting`]: the care state of a day, hospital ignored.
#[must_use]
pub const fn setting_level(care: Option<State>) -> u8 {
    match care {
        Some(State::Nursing) => 1,
        Some(State::Residential) => 2,
        Some(State::Prison) => 3,
        Some(State::ShortTermBed) => 4,
        Some(State::Community) => 5,
        Some(State::StMax | State::ShortTermOther | State::LowLevel) => 6,
        Some(State::Carer | State::Home) => 7,
        Some(state) if state.is_wait() => 7,
        _ => 0,
    }
}

/// Level of [`Dimension::FrailtyBand`]: none for a stay without a recorded diagnosis.
#[must_use]
pub fn frailty_level(scores: Option<Scores>) -> u8 {
    const NOT_SCORED: u8 = 4;
    scores.map_or(0, |scores| match scores.frailty_tenths.map(FrailtyBand::of) {
        Some(FrailtyBand::Low) => 1,
        Some(FrailtyBand::Intermediate) => 2,
        Some(FrailtyBand::High) => 3,
        None => NOT_SCORED,
    })
}

/// Level of [`Dimension::CharlsonBand`], likewise.
#[must_use]
pub fn charlson_level(scores: Option<Scores>) -> u8 {
    scores.map_or(0, |scores| match scores.charlson {
        ..=0 => 1,
        1..=2 => 2,
        3..=4 => 3,
        5.. => 4,
    })
}

/// Level of [`Dimension::ElixhauserBand`], likewise.
#[must_use]
pub fn elixhauser_level(scores: Option<Scores>) -> u8 {
    scores.map_or(0, |scores| match scores.elixhauser {
        ..=-1 => 1,
        0 => 2,
        1..=4 => 3,
        5.. => 4,
    })
}

/// The visit of a line that covers a day, if the line does.
#[must_use]
pub fn visit_on(line: &Line, day: Day) -> Option<&Visit> {
    let visit = line.visits.get(line.visits.partition_point(|visit| visit.end <= day))?;
    (visit.start <= day).then_some(visit)
}

/// The care state of a person on a day, hospital ignored; `None` when the line does not cover it.
#[must_use]
pub fn care_state(person: &Person<'_>, day: Day) -> Option<State> {
    visit_on(person.line, day)
        .map(|visit| if visit.state.is_hospital() { visit.underlying } else { visit.state })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Dimension; 11] = [
        Dimension::Total,
        Dimension::AgeBand,
        Dimension::PublishedAgeBand,
        Dimension::Sex,
        Dimension::Ethnicity,
        Dimension::AdmissionClass,
        Dimension::Setting,
        Dimension::FrailtyBand,
        Dimension::CharlsonBand,
        Dimension::ElixhauserBand,
        Dimension::Imd,
    ];

    #[test]
    fn every_level_has_a_value_and_levels_do_not_disturb_each_other() {
        for dimension in ALL {
            let covered = dimension.values().iter().fold(0, |bits, (_, levels)| bits | levels);
            let levels = 8 - covered.leading_zeros() as u8;
            for level in 0..levels {
                let strata = Strata::default().with(dimension, level);
                assert_eq!(strata.level(dimension), level, "{dimension:?}");
                assert_ne!(covered >> level & 1, 0, "{dimension:?} {level}");
            }
        }
        let strata = Strata::default()
            .with(Dimension::AgeBand, 6)
            .with(Dimension::Sex, 3)
            .with(Dimension::Ethnicity, 6)
            .with(Dimension::AdmissionClass, 3)
            .with(Dimension::Setting, 7)
            .with(Dimension::FrailtyBand, 4)
            .with(Dimension::CharlsonBand, 3)
            .with(Dimension::ElixhauserBand, 1)
            .with(Dimension::Imd, 5);
        let levels = ALL.map(|dimension| strata.level(dimension));
        assert_eq!(levels, [0, 6, 6, 3, 6, 3, 7, 4, 3, 1, 5]);
    }

    #[test]
    fn m0_4_age_bands_have_the_published_edges() {
        let texts = |dimension: Dimension, age| -> Vec<&str> {
            let level = age_level(age);
            let values = dimension.values().iter();
            values.filter(|(_, levels)| levels >> level & 1 == 1).map(|(text, _)| *text).collect()
        };
        for (age, text) in [(0, "0-17"), (17, "0-17"), (18, "18-64"), (64, "18-64")] {
            assert_eq!(texts(Dimension::AgeBand, Some(age)), [text]);
        }
        for (age, text) in [(65, "65-74"), (74, "65-74"), (75, "75-84"), (84, "75-84"), (85, "85+")]
        {
            assert_eq!(texts(Dimension::AgeBand, Some(age)), [text]);
        }
        assert_eq!(texts(Dimension::AgeBand, None), ["Unknown"]);
        assert_eq!(texts(Dimension::PublishedAgeBand, Some(15)), ["0-15"]);
        assert_eq!(texts(Dimension::PublishedAgeBand, Some(16)), ["16+", "16-74"]);
        assert_eq!(texts(Dimension::PublishedAgeBand, Some(74)), ["16+", "16-74"]);
        assert_eq!(texts(Dimension::PublishedAgeBand, Some(75)), ["16+", "75+"]);
    }

    #[test]
    fn m0_4_codes_fall_into_their_groups() {
        let class = |code| {
            ADMISSION_CLASSES
                .iter()
                .find(|value| value.1 >> admission_level(Code::new(code)) & 1 == 1)
        };
        let text = |code| class(code).map(|value| value.0);
        for (code, wanted) in
            [("11", "Elective"), ("21", "Emergency"), ("2D", "Emergency"), ("2C", "Other")]
        {
            assert_eq!(text(code), Some(wanted));
        }
        for (code, wanted) in [("31", "Maternity"), ("81", "Other"), ("82", "Other"), ("", "Other")]
        {
            assert_eq!(text(code), Some(wanted));
        }
        assert_eq!(
            ["A", "C1", "G", "J", "P", "S", "Z", "99", ""].map(|c| ethnicity_level(Code::new(c))),
            [1, 1, 2, 3, 4, 5, 6, 0, 0]
        );
        assert_eq!([0, 1, 2, 3, 9, 10].map(imd_level), [0, 1, 1, 2, 5, 5]);
        assert_eq!(
            ["1", "2", "9", "0", ""].map(|code| sex_level(Code::new(code))),
            [1, 2, 3, 0, 0]
        );
        assert_eq!(
            Dimension::with(&["region".into(), "setting".into()]),
            [Dimension::Total, Dimension::AgeBand, Dimension::Sex, Dimension::Setting]
        );
        assert_eq!(Dimension::Sex.stratum(1), "sex=Female");
        assert_eq!(Dimension::Total.stratum(0), "");
    }
}
