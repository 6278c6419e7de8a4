//! Client Level Data rows in two parts.

use super::row_order;
use crate::codes::cld::Raw;
use crate::day::{BirthMonth, OptDay};
use crate::person::PersonIdKind;
use crate::records::cld::CldRow;

parts! {
    CldRow by |row| row_order(row.record_id, row.file, row.row);
    main {
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
    rest {
        birth: BirthMonth = BirthMonth::UNKNOWN,
        client_type: Raw = Raw::NONE,
        route: Raw = Raw::NONE,
        assessment_type: Raw = Raw::NONE,
        mechanism: Raw = Raw::NONE,
        review_reason: Raw = Raw::NONE,
        gender: Raw = Raw::NONE,
        conversation: u8 = 0,
        age_at_start: u8 = CldRow::NO_AGE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::records::kept::Parts;
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
