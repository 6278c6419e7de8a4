//! Codes: short hospital codes packed into two bytes, and the labelled lists of social care.
//!
//! * [`short`]: a [`short::Code`] is the text of a hospital code itself (up to three letters or
//!   digits), so nothing has to be loaded before `Code::new("2B")` means something.
//! * [`sus`]: the classes of hospital codes, from the data files in `codes/sus/`.
//! * [`clinical`]: diagnosis and operation codes in one spelling.
//! * [`cld`]: the coded fields of Client Level Data, their Release 2 labels and the map from every
//!   accepted raw text, from the data files in `codes/cld/`.

pub mod cld;
pub mod clinical;
pub mod short;
pub mod sus;
