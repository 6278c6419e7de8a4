//! Rules over the codes of an admission: which of a list of conditions it meets (M18, M13).

use super::prefix::{Prefixes, lines};

const ACSC: &str = include_str!("../codes/acsc.csv");
const FALLS: &str = include_str!("../codes/falls.csv");

/// A condition that an admission may be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// Its group, such as `acute`.
    pub group: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// Lines of a list in order; a condition may have several. Sets of lines are held as bits.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    lines: Vec<Line>,
    /// Lines that ask for a primary, a secondary, any diagnosis.
    asks: Diagnosis,
}

#[derive(Clone, Debug)]
struct Line {
    condition: Condition,
    primary: Prefixes,
    secondary: Prefixes,
    any: Prefixes,
    unless_any: Prefixes,
    unless_operation: Operations,
}

#[derive(Clone, Debug)]
enum Operations {
    Any,
    Of(Prefixes),
}

/// The lines for which a diagnosis is what is asked for, by where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// As the primary diagnosis.
    pub primary: u32,
    /// As a secondary one.
    pub secondary: u32,
    /// In any position.
    pub any: u32,
    /// The lines that it rules out in any position.
    pub unless: u32,
}

impl Rules {
    /// The ambulatory care sensitive conditions, in the order in which they are tried.
    #[must_use]
    pub fn acsc() -> Self {
        Self::read(ACSC)
    }

    /// Admissions after a fall: an injury with a fall as its cause.
    #[must_use]
    pub fn falls() -> Self {
        Self::read(FALLS)
    }

    fn read(file: &'static str) -> Self {
        let line = |fields: Vec<&'static str>| {
            let field = |n: usize| fields.get(n).copied().unwrap_or("");
            Line {
                condition: Condition { group: field(0), name: field(1) },
                primary: Prefixes::new(field(2)),
                secondary: Prefixes::new(field(3)),
                any: Prefixes::new(field(4)),
                unless_any: Prefixes::new(field(5)),
                unless_operation: match field(6) {
                    "*" => Operations::Any,
                    list => Operations::Of(Prefixes::new(list)),
                },
            }
        };
        let mut rules = Self { lines: lines(file).map(line).collect(), asks: Diagnosis::default() };
        rules.asks = Diagnosis {
            primary: rules.bits(|line| !line.primary.is_empty()),
            secondary: rules.bits(|line| !line.secondary.is_empty()),
            any: rules.bits(|line| !line.any.is_empty()),
            unless: 0,
        };
        rules
    }

    /// What a diagnosis means to the lines.
    #[must_use]
    pub fn diagnosis(&self, code: &str) -> Diagnosis {
        Diagnosis {
            primary: self.bits(|line| line.primary.has(code)),
            secondary: self.bits(|line| line.secondary.has(code)),
            any: self.bits(|line| line.any.has(code)),
            unless: self.bits(|line| line.unless_any.has(code)),
        }
    }

    /// The lines that an operation rules out.
    #[must_use]
    pub fn operation(&self, code: &str) -> u32 {
        self.bits(|line| match &line.unless_operation {
            Operations::Any => true,
            Operations::Of(list) => list.has(code),
        })
    }

    /// The lines that an admission meets, from what its primary diagnosis means, what all its
    /// diagnoses together do, and the lines that its operations rule out.
    #[must_use]
    pub fn met(&self, primary: Diagnosis, all: Diagnosis, ruled_out: u32) -> u32 {
        let asks = self.asks;
        (primary.primary | !asks.primary)
            & (all.secondary | !asks.secondary)
            & (all.any | !asks.any)
            & !all.unless
            & !ruled_out
            & self.bits(|_| true)
    }

    /// The conditions of the lines met, each once, in order.
    pub fn conditions(&self, met: u32) -> impl Iterator<Item = Condition> + '_ {
        let lines = self.lines.iter().enumerate().filter(move |(n, _)| met >> n & 1 == 1);
        let mut before = None;
        lines.filter_map(move |(_, line)| {
            let again = before == Some(line.condition);
            before = Some(line.condition);
            (!again).then_some(line.condition)
        })
    }

    /// Every condition of the list, in order.
    pub fn all_conditions(&self) -> impl Iterator<Item = Condition> + '_ {
        self.conditions(self.bits(|_| true))
    }

    /// Whether the conditions of a group depend on operations.
    #[must_use]
    pub fn needs_operations(&self, group: &str) -> bool {
        self.lines
            .iter()
            .filter(|line| line.condition.group == group)
            .any(|line| !matches!(&line.unless_operation, Operations::Of(list) if list.is_empty()))
    }

    fn bits(&self, is_in: impl Fn(&Line) -> bool) -> u32 {
        let bit = |all, (n, line): (usize, &Line)| all | u32::from(is_in(line)) << n;
        self.lines.iter().enumerate().fold(0, bit)
    }
}

impl Diagnosis {
    /// What two diagnoses mean together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            primary: self.primary | other.primary,
            secondary: self.secondary | other.secondary,
            any: self.any | other.any,
            unless: self.unless | other.unless,
        }
    }
}

#[cfg(test)]
mod tests;
