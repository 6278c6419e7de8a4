//! What is counted: records by quarter, council, age band and a number, such as days.

use hashbrown::HashMap;

/// Age band of an event, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Band {
    /// Published as 25 to 64, since no younger ones start an event.
    Younger,
    Older,
}

impl Band {
    pub(super) const ALL: [Self; 2] = [Self::Younger, Self::Older];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Younger => "25 to 64",
            Self::Older => "65 and above",
        }
    }
}

/// What the number of a count is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum What {
    /// Days to the first response.
    Response,
    /// Days to the first service.
    Service,
    /// Days so far of people who wait for a response on the last day of the quarter.
    WaitingResponse,
    /// Days so far of people who wait for a service on the last day of the quarter.
    WaitingService,
    /// Kind of the first response.
    ResponseType,
    /// Kind of an event of the pool.
    Pool,
    /// Type of an assessment that is the first response.
    AssessmentType,
    /// Type of the first service.
    ServiceType,
}

/// Where a record counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Of {
    /// Position of the quarter; of the period where times are counted for curves.
    pub span: u16,
    /// Council of `Places`.
    pub council: u16,
    pub what: What,
    pub band: Band,
}

/// Records by place and number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts(HashMap<(Of, i32), i64>);

impl Counts {
    #[inline]
    pub(super) fn add(&mut self, of: Of, number: i32) {
        *self.0.entry((of, number)).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (&key, records) in &other.0 {
            *self.0.entry(key).or_default() += records;
        }
    }

    /// Place, number and records, in no meaningful order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Of, i32, i64)> + '_ {
        self.0.iter().map(|(&(of, number), &records)| (of, number, records))
    }
}
