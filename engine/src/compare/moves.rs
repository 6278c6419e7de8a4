//! The moves of the people of two groups, person by person.
//!
//! Intervals come from drawing people anew, so that the moves of one person stay together. Nothing of this
//! is written anywhere.

use throughcare_linkage::person::PersonKey;

/// A person of one of the two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupPerson {
    /// Order-free key.
    pub key: PersonKey,
    /// Number of the group; 0 or 1 once two are chosen.
    pub group: u16,
    /// Number of the cell of age and sex that the person counts in when groups are standardised.
    pub cell: u16,
}

/// A move of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupMove {
    /// Position of the person.
    pub person: u32,
    /// State left.
    pub from: u8,
    /// State entered.
    pub to: u8,
    /// Days in the state left.
    pub days: i32,
}

/// People and their moves in the order in which they were met.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    people: Vec<GroupPerson>,
    moves: Vec<GroupMove>,
}

impl Collected {
    /// Begins a person.
    pub fn begin(&mut self, person: GroupPerson) {
        self.people.push(person);
    }

    /// A move of the person begun last.
    pub fn step(&mut self, from: u8, to: u8, days: i32) {
        if let Some(last) = self.people.len().checked_sub(1) {
            self.moves.push(GroupMove { person: last as u32, from, to, days });
        }
    }

    /// Adds other people.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        let before = self.people.len() as u32;
        self.people.extend(other.people);
        let moved = |step: GroupMove| GroupMove { person: step.person + before, ..step };
        self.moves.extend(other.moves.into_iter().map(moved));
        self
    }

    /// The group of each person.
    pub fn groups(&self) -> impl Iterator<Item = u16> {
        self.people.iter().map(|person| person.group)
    }

    /// The people of two groups, which become 0 and 1.
    #[must_use]
    pub fn only(self, chosen: [u16; 2]) -> Self {
        let place = |group: u16| chosen.iter().position(|&own| own == group);
        let mut kept = Self::default();
        let mut moves = self.moves.into_iter().peekable();
        for (n, person) in (0u32..).zip(self.people) {
            let group = place(person.group);
            if let Some(group) = group {
                kept.begin(GroupPerson { group: group as u16, ..person });
            }
            // moves follow their people
            while let Some(step) = moves.next_if(|step| step.person == n) {
                if group.is_some() {
                    kept.step(step.from, step.to, step.days);
                }
            }
        }
        kept
    }

    /// The people of two groups in an order that does not depend on that of meeting.
    #[must_use]
    pub fn settle(self) -> Groups {
        let Self { people, moves } = self;
        let mut order: Vec<u32> = (0..people.len() as u32).collect();
        order.sort_unstable_by_key(|&n| people[n as usize].key);
        let mut place = vec![0u32; people.len()];
        for (new, &old) in (0u32..).zip(&order) {
            place[old as usize] = new;
        }
        let people: Vec<GroupPerson> = order.iter().map(|&n| people[n as usize]).collect();
        let moved = |step: GroupMove| GroupMove { person: place[step.person as usize], ..step };
        let mut moves: Vec<GroupMove> = moves.into_iter().map(moved).collect();
        let group = |step: &GroupMove| people[step.person as usize].group;
        moves.sort_unstable_by_key(|s| (s.from, s.to, group(s), s.days, s.person));
        let mut edges: Vec<Edge> = Vec::new();
        let mut start = 0;
        for same in moves.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
            let middle = start + same.iter().filter(|step| group(step) == 0).count();
            let end = start + same.len();
            edges.push(Edge { from: same[0].from, to: same[0].to, places: [start, middle, end] });
            start = end;
        }
        Groups { people, moves, edges }
    }
}

/// A kind of move and where its moves stand.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// State left.
    pub from: u8,
    /// State entered.
    pub to: u8,
    /// The moves of group 0 lie between the first two of these places, those of group 1 between the
    /// last two.
    places: [usize; 3],
}

/// The people of two groups in the order of their keys, and their moves by kind, group and days.
#[derive(Clone, Debug)]
pub struct Groups {
    people: Vec<GroupPerson>,
    moves: Vec<GroupMove>,
    edges: Vec<Edge>,
}

impl Groups {
    /// The people.
    #[must_use]
    pub fn people(&self) -> &[GroupPerson] {
        &self.people
    }

    /// The kinds of move that any of them made, by state left and state entered.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The moves of one kind and group, shortest stays first.
    #[must_use]
    pub fn of(&self, edge: &Edge, group: usize) -> &[GroupMove] {
        let [start, middle, end] = edge.places;
        &self.moves[if group == 0 { start..middle } else { middle..end }]
    }

    /// How many people a group has.
    #[must_use]
    pub fn size(&self, group: u16) -> usize {
        self.people.iter().filter(|person| person.group == group).count()
    }
}
