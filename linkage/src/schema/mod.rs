//! What the engine looks for in a file: the columns of each kind of record and their headings.
//!
//! Each record kind is one table of columns in its own file. The headings of a column are written as
//! `first choice > second choice | equal choice`: a choice further left is taken when several are
//! present, because the handbook prefers it; two equal choices in one file are an error.

pub mod headings;
pub mod apc;
pub mod cld;
pub mod deaths;
pub mod ecds;
pub mod events;
pub mod outpatients;

use serde::Serialize;

/// A kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Raw submissions of Client Level Data.
    CldSubmissions,
    /// An already prepared table of unique events.
    CldEvents,
    /// Admitted patient care.
    Apc,
    /// Emergency care.
    Ecds,
    /// Outpatient appointments.
    Outpatients,
    /// Registered deaths.
    Deaths,
    /// An event log: any other dated table.
    Events,
}

impl FileKind {
    /// The name of the source in tables.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.columns_name()
    }

    /// The name of the columns' section in a study file: `[inputs.columns.<name>]`.
    #[must_use]
    pub const fn columns_name(self) -> &'static str {
        match self {
            Self::CldSubmissions | Self::CldEvents => "cld",
            Self::Apc => "apc",
            Self::Ecds => "ecds",
            Self::Outpatients => "outpatients",
            Self::Deaths => "deaths",
            Self::Events => "events",
        }
    }

    /// The columns of this kind, in the order of the kind's enum.
    #[must_use]
    pub const fn specs(self) -> &'static [Spec] {
        match self {
            Self::CldSubmissions | Self::CldEvents => cld::Cld::SPECS,
            Self::Apc => apc::Apc::SPECS,
            Self::Ecds => ecds::Ecds::SPECS,
            Self::Outpatients => outpatients::Outpatients::SPECS,
            Self::Deaths => deaths::Deaths::SPECS,
            Self::Events => events::Events::SPECS,
        }
    }
}

/// How the cells of a column are kept until they are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Identifier of a person: bytes, nearly all distinct.
    Id,
    /// Identifier of a record: a number or bytes, nearly all distinct.
    Key,
    /// Moment to the millisecond: nearly all distinct.
    Moment,
    /// Anything with few distinct values: codes, dates, numbers. Each distinct text is parsed once.
    Coded,
}

/// Whether a file can do without a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A file without it is refused.
    Required,
    /// Measures that need it are not available without it.
    Optional,
}

/// One column the engine knows.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Canonical name.
    pub name: &'static str,
    /// How its cells are kept.
    pub form: Form,
    /// Whether a file can do without it.
    pub need: Need,
    /// Accepted headings by preference; the canonical name is always accepted first.
    pub headings: &'static str,
}

/// Makes the enum of a kind's columns and the table of their specifications, in one order.
macro_rules! columns {
    ($(#[$meta:meta])* $name:ident {
        $($variant:ident = $canonical:literal $form:ident $need:ident $headings:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant is its canonical name")]
        pub enum $name { $($variant,)* }

        impl $name {
            /// The columns in the order of the enum.
            pub const SPECS: &'static [$crate::schema::Spec] = &[
                $($crate::schema::Spec {
                    name: $canonical,
                    form: $crate::schema::Form::$form,
                    need: $crate::schema::Need::$need,
                    headings: $headings,
                },)*
            ];

            /// The canonical name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                Self::SPECS[self as usize].name
            }
        }
    };
}
pub(crate) use columns;
