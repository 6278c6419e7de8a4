//! Client Level Data rows in two parts.

use super::Parts;
use crate::codes::cld::Raw;
use crate::day::{BirthMonth, OptDay};
use crate::person::PersonIdKind;
use crate::records::cld::CldRow;

/// What every table of events fills.
#[derive(Clone, Copy, Debug)]
pub struct Main {
    record_id: u64,
    start: OptDay,
    raw_end: OptDay,
    death: OptDay,
    row: u32,
    file: u16,
    submission: u16,
    la: u16,
    event_type: Raw,
    service_type: Raw,
    component: Raw,
    outcome: Raw,
    id_kind: PersonIdKind,
}

/// What submissions and fuller tables fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    birth: BirthMonth,
    client_type: Raw,
    route: Raw,
    assessment_type: Raw,
    mechanism: Raw,
    review_reason: Raw,
    gender: Raw,
    conversation: u8,
    age_at_start: u8,
}

impl Parts for CldRow {
    type Main = Main;
    type Rest = Rest;

    const EMPTY: Rest = Rest {
        birth: BirthMonth::UNKNOWN,
        client_type: Raw::NONE,
        route: Raw::NONE,
        assessment_type: Raw::NONE,
        mechanism: Raw::NONE,
        review_reason: Raw::NONE,
        gender: Raw::NONE,
        conversation: 0,
        age_at_start: CldRow::NO_AGE,
    };

    #[inline]
    fn split(self) -> (Main, Rest) {
        let main = Main {
            record_id: self.record_id,
            start: self.start,
            raw_end: self.raw_end,
            death: self.death,
            row: self.row,
            file: self.file,
            submission: self.submission,
            la: self.la,
            event_type: self.event_type,
            service_type: self.service_type,
            component: self.component,
            outcome: self.outcome,
            id_kind: self.id_kind,
        };
        let rest = Rest {
            birth: self.birth,
            client_type: self.client_type,
            route: self.route,
            assessment_type: self.assessment_type,
            mechanism: self.mechanism,
            review_reason: self.review_reason,
            gender: self.gender,
            conversation: self.conversation,
            age_at_start: self.age_at_start,
        };
        (main, rest)
    }

    #[inline]
    fn join(main: Main, rest: Rest) -> Self {
        Self {
            record_id: main.record_id,
            start: main.start,
            raw_end: main.raw_end,
            death: main.death,
            row: main.row,
            file: main.file,
            submission: main.submission,
            la: main.la,
            event_type: main.event_type,
            service_type: main.service_type,
            component: main.component,
            outcome: main.outcome,
            id_kind: main.id_kind,
            birth: rest.birth,
            client_type: rest.client_type,
            route: rest.route,
            assessment_type: rest.assessment_type,
            mechanism: rest.mechanism,
            review_reason: rest.review_reason,
            gender: rest.gender,
            conversation: rest.conversation,
            age_at_start: rest.age_at_start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::records::kept::tests::check;

    #[test]
    fn rows_come_back_as_they_were() {
        let main = Main {
            record_id: 1 << 40,
            start: Day(3).into(),
            raw_end: Day(5).into(),
            death: Day(6).into(),
            row: 2,
            file: 3,
            submission: 4,
            la: 5,
            event_type: Raw(6),
            service_type: Raw(7),
            component: Raw(8),
            outcome: Raw(9),
            id_kind: PersonIdKind::LaLocal,
        };
        let rest = Rest {
            birth: BirthMonth::new(1950, 6),
            client_type: Raw(10),
            route: Raw(11),
            assessment_type: Raw(12),
            mechanism: Raw(13),
            review_reason: Raw(14),
            gender: Raw(15),
            conversation: 2,
            age_at_start: 74,
        };
        check(CldRow::join(main, CldRow::EMPTY), CldRow::join(main, rest));
        // what memory holds of each row of a large study
        assert_eq!((size_of::<Main>(), size_of::<Rest>()), (40, 16));
    }
}
