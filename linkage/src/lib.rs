//! Reads social care and hospital records, prepares them by the published rules and links them into
//! one timeline a person.
//!
//! 1. [`read::read`] turns files into typed rows, spread over partitions so that all rows of one
//!    person lie in one partition. What cannot be used is set aside under a named reason.
//! 2. [`link::facts::Facts`] settles what depends on all rows at once: which submission serves which
//!    quarter, what raw texts mean, which days are covered.
//! 3. [`link::partition::Linker`] takes one partition at a time and hands over one
//!    [`Person`](link::person::Person) after another: unique care events ([`cld`]), provider spells and
//!    continuous inpatient spells ([`hospital`]), and the line of states ([`timeline`]).
//!
//! Nothing here computes a measure; that is the crate `throughcare-engine`.
//!
//! # Example
//!
//! A transfer from one hospital to another: two provider spells, one continuous inpatient spell.
//!
//! ```
//! use throughcare_linkage::cld::settings::CldSettings;
//! use throughcare_linkage::hospital::settings::HospitalSettings;
//! use throughcare_linkage::link::facts::{Facts, LinkSettings};
//! use throughcare_linkage::link::partition::{LinkCounts, Linker, Scratch};
//! use throughcare_linkage::progress::Silent;
//! use throughcare_linkage::read::{Inputs, read};
//! use throughcare_linkage::timeline::settings::TimelineSettings;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("apc.csv");
//! std::fs::write(
//!     &file,
//!     "Pseudo_NHS_Number,Provider_Code,Admission_Date,Discharge_Date,Admission_Method,Discharge_Destination\n\
//!      AB12,RAA,2024-05-01,2024-05-06,21,51\n\
//!      AB12,RBB,2024-05-06,2024-05-20,81,19\n",
//! )?;
//! let records = read(&Inputs { apc: vec![file], ..Inputs::default() }, &Silent)?;
//!
//! let (cld, hospital) = (CldSettings::default(), HospitalSettings::default());
//! let timeline = TimelineSettings::default();
//! let settings = LinkSettings {
//!     cld: &cld,
//!     hospital: &hospital,
//!     timeline: &timeline,
//!     extra_values: &[],
//!     as_of: None,
//! };
//! let facts = Facts::new(&records, &settings)?;
//! let linker = Linker::new(settings, &facts, &records.texts);
//! let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
//! let mut nights = Vec::new();
//! for partition in &records.partitions {
//!     linker.partition(partition, true, &mut scratch, &mut counts, |person| {
//!         assert_eq!((person.spells.len(), person.cips.len()), (2, 1));
//!         nights.extend(person.cips.iter().map(|stay| stay.discharge.since(stay.admission)));
//!     });
//! }
//! assert_eq!(nights, [19]);
//! # Ok(())
//! # }
//! ```
//!
//! Data flows one way, and a module imports only what stands above it in this file.

pub mod day;
pub mod instant;
pub mod audit;
pub mod chunks;
pub mod numbers;
pub mod waiting;
pub mod error;
pub mod progress;
pub mod dictionary;
pub mod interop;
pub mod codes;
pub mod identifier;
pub mod person;
pub mod records;
pub mod submissions;
pub mod store;
pub mod lookup;
pub mod schema;
pub mod source;
pub mod decode;
pub mod guard;
pub mod read;
pub mod cld;
pub mod hospital;
pub mod timeline;
pub mod link;
