//! The counts of one period, which add up over people.

use super::areas::AreaNumber;
use throughcare_linkage::codes::short::Code;

/// Client type of a discharge, and all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Client {
    Total,
    Community,
    NoLongTermSupport,
}

impl Client {
    pub const ALL: [Self; 3] = [Self::Total, Self::Community, Self::NoLongTermSupport];

    /// The label of the published tables; empty for all together.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Total => "",
            Self::Community => "Those in LT community support",
            Self::NoLongTermSupport => "Those not in any LTS",
        }
    }
}

/// Slice of the published tables: all, an age group at discharge or a gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Slice {
    Total,
    From65To74,
    From75To84,
    From85,
    Female,
    Male,
}

impl Slice {
    pub const ALL: [Self; 6] =
        [Self::Total, Self::From65To74, Self::From75To84, Self::From85, Self::Female, Self::Male];

    /// The label of the published tables; empty for all together.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Total => "",
            Self::From65To74 => "65-74",
            Self::From75To84 => "75-84",
            Self::From85 => "85+",
            Self::Female => "Female",
            Self::Male => "Male",
        }
    }

    /// The age group of an age in years.
    pub const fn of_age(age: i32) -> Option<Self> {
        match age {
            65..=74 => Some(Self::From65To74),
            75..=84 => Some(Self::From75To84),
            85.. => Some(Self::From85),
            _ => None,
        }
    }

    /// The gender of a sex code, where the tables have it.
    pub fn of_sex(sex: Code) -> Option<Self> {
        const MALE: Code = Code::new("1");
        const FEMALE: Code = Code::new("2");
        match sex {
            MALE => Some(Self::Male),
            FEMALE => Some(Self::Female),
            _ => None,
        }
    }
}

/// A cell of the tables of parts 1 and 2.
pub(super) type CellKey = (AreaNumber, Client, Slice);

/// What the published Venn table counts of a cluster: every distinct one of these.
pub(super) type VennKey = (Client, Code, Option<Slice>);

/// What happened within the follow-up of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Outcome {
    pub died: bool,
    pub readmitted: bool,
    pub care_home: bool,
}

impl Outcome {
    /// How many combinations there are.
    pub const COUNT: usize = 8;

    /// The combination as a binary number: died, readmitted, entered a care home.
    pub fn code(self) -> usize {
        usize::from(self.died) << 2
            | usize::from(self.readmitted) << 1
            | usize::from(self.care_home)
    }
}

/// Counts of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Cell {
    /// Linked clusters.
    pub clusters: i64,
    /// Those without any of the three outcomes.
    pub successes: i64,
    pub died: i64,
    pub readmitted: i64,
    pub care_home: i64,
    /// Distinct spells among the eligible discharges.
    pub spells: i64,
}

impl Cell {
    pub fn add_cluster(&mut self, outcome: Outcome) {
        self.clusters += 1;
        self.successes += i64::from(outcome == Outcome::default());
        self.died += i64::from(outcome.died);
        self.readmitted += i64::from(outcome.readmitted);
        self.care_home += i64::from(outcome.care_home);
    }

    fn merge(&mut self, other: &Self) {
        self.clusters += other.clusters;
        self.successes += other.successes;
        self.died += other.died;
        self.readmitted += other.readmitted;
        self.care_home += other.care_home;
        self.spells += other.spells;
    }
}

/// Counts of one area.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct AreaCounts {
    cells: [[Cell; Slice::ALL.len()]; Client::ALL.len()],
    venn: [[i64; Outcome::COUNT]; Client::ALL.len()],
}

impl AreaCounts {
    pub fn cell(&self, client: Client, slice: Slice) -> &Cell {
        &self.cells[client as usize][slice as usize]
    }

    pub fn venn(&self, client: Client) -> &[i64; Outcome::COUNT] {
        &self.venn[client as usize]
    }
}

/// Records and people that each step of a cohort keeps. Step 0 is where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Funnel<const STEPS: usize> {
    pub records: i64,
    pub out: [i64; STEPS],
    pub people: [i64; STEPS],
}

impl<const STEPS: usize> Default for Funnel<STEPS> {
    fn default() -> Self {
        Self { records: 0, out: [0; STEPS], people: [0; STEPS] }
    }
}

impl<const STEPS: usize> Funnel<STEPS> {
    /// Counts a person whose furthest record passed every step before `steps`.
    pub fn person(&mut self, steps: usize) {
        self.people.iter_mut().take(steps).for_each(|people| *people += 1);
    }

    fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.out.iter_mut().zip(other.out).for_each(|(mine, theirs)| *mine += theirs);
        self.people.iter_mut().zip(other.people).for_each(|(mine, theirs)| *mine += theirs);
    }
}

/// The counts of one period.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// By number of the area.
    areas: Vec<AreaCounts>,
    /// From care events to linked clusters.
    pub care: Funnel<{ super::cluster::Step::COUNT }>,
    /// From hospital rows to eligible spells.
    pub stays: Funnel<{ super::cohort::Step::COUNT }>,
}

impl Tally {
    pub fn new(areas: usize) -> Self {
        Self { areas: vec![AreaCounts::default(); areas], ..Self::default() }
    }

    pub fn areas(&self) -> &[AreaCounts] {
        &self.areas
    }

    /// The cell of a key.
    pub fn cell(&mut self, (area, client, slice): CellKey) -> Option<&mut Cell> {
        let counts = self.areas.get_mut(usize::from(area))?;
        Some(&mut counts.cells[client as usize][slice as usize])
    }

    /// Counts one more of an outcome in the Venn table.
    pub fn add_venn(&mut self, area: AreaNumber, client: Client, outcome: Outcome) {
        if let Some(counts) = self.areas.get_mut(usize::from(area)) {
            counts.venn[client as usize][outcome.code()] += 1;
        }
    }

    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.areas.iter_mut().zip(&other.areas) {
            for (mine, theirs) in mine.cells.iter_mut().flatten().zip(theirs.cells.iter().flatten())
            {
                mine.merge(theirs);
            }
            for (mine, theirs) in mine.venn.iter_mut().flatten().zip(theirs.venn.iter().flatten()) {
                *mine += theirs;
            }
        }
        self.care.merge(&other.care);
        self.stays.merge(&other.stays);
    }
}
