//! Reads social care and hospital records, prepares them by the published rules and links them into
//! one timeline a person.
//!
//! Data flows one way, and a module imports only what stands above it in this file.

pub mod day;
pub mod instant;
pub mod audit;
pub mod error;
pub mod progress;
pub mod dictionary;
pub mod interop;
pub mod codes;
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
