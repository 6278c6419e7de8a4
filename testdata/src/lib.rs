//! A synthetic population in the published layouts: council submissions, hospital records, deaths
//! and look-ups, with a study file that runs on them. Nobody in it exists.
//!
//! People are made one by one, each from a generator of their own, council by council; nothing is
//! kept but counts by age. The same options give the same bytes. All rates stand in `rates.toml`.
//!
//! # Example
//!
//! ```
//! use throughcare_testdata::{Format, Options, generate};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let out = folder.path().to_path_buf();
//! let options = Options { people: 10, seed: 1, format: Format::Csv, out };
//! let made = generate(&options, &mut |_done| {})?;
//! assert_eq!(made.councils, 6);
//! assert!(made.study.ends_with("study.toml") && made.study.is_file());
//! # Ok(())
//! # }
//! ```

pub mod rates;
pub mod draw;
pub mod area;
pub mod person;
pub mod journey;
pub mod hospital;
pub mod labels;
pub mod care;
pub mod support;
pub mod life;
pub mod write;
pub mod codes;
pub mod window;
pub mod row;
pub mod submission;
pub mod sus;
pub mod lookups;
pub mod study;

use crate::area::{Area, areas};
use crate::draw::Draw;
use crate::hospital::Network;
use crate::journey::Journey;
use crate::life::{World, live};
use crate::lookups::Census;
use crate::person::Person;
use crate::rates::Rates;
use crate::submission::CouncilFiles;
use crate::sus::HospitalFiles;
use std::path::{Path, PathBuf};

pub use crate::study::MARK;
pub use crate::write::{Format, Written};

/// What to make.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many people, at least 6.
    pub people: u64,
    /// The seed: the same seed gives the same bytes.
    pub seed: u64,
    /// Format of the hospital files; the submissions of councils are always CSV.
    pub format: Format,
    /// Folder to write into; made if it does not exist.
    pub out: PathBuf,
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tables, with their rows, in the order they were begun: submissions by council and import,
    /// admitted patient care, emergency care, deaths, look-ups.
    pub files: Vec<Written>,
    /// Councils.
    pub councils: usize,
    /// The study file.
    pub study: PathBuf,
}

/// Why synthetic data could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too few people were asked for.
    #[error("synthetic data need at least 6 people, found {0}; ask for more, such as 20000")]
    TooFewPeople(u64),
    /// There are submissions in the folder already, which the study would read too.
    #[error("{} already holds files; give another folder or empty it", .0.display())]
    NotEmpty(PathBuf),
    /// A file or folder could not be written.
    #[error("cannot write {}: {what}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        what: String,
    },
    /// The built-in rates or councils do not hold what they should.
    #[error("the built-in rates are not usable: {0}")]
    Rates(String),
}

/// How many people with long-term support a council's unpaid carers may care for.
const REMEMBERED: usize = 256;

/// Makes the synthetic data. `progress` is told how many people are done, about every thousand.
///
/// # Errors
/// When fewer than 6 people are asked for, when the folder already has submissions or hospital
/// files, or when a file cannot be written.
pub fn generate(options: &Options, progress: &mut dyn FnMut(u64)) -> Result<Summary, Error> {
    if options.people < 6 {
        return Err(Error::TooFewPeople(options.people));
    }
    let rates = Rates::load()?;
    let areas = areas(options.people, options.seed)?;
    let network = Network::new(&areas);
    for folder in ["cld", "sus", "lookups"] {
        empty_folder(&options.out.join(folder))?;
    }
    // first of all, so that even a folder left unfinished says what it is
    let study = options.out.join("study.toml");
    std::fs::write(&study, study::text(options.people, options.seed, options.format))
        .map_err(|e| Error::Write { path: study.clone(), what: e.to_string() })?;
    let mut hospital = HospitalFiles::create(&options.out, options.format, &rates, &network)?;
    let mut census = Census::new(areas.len());
    let mut files = Vec::new();
    for area in &areas {
        let mut council = CouncilFiles::create(&options.out, area, &rates)?;
        populate(options.seed, area, &rates, &network, progress, |person, journey| {
            census.count(area, person, journey.death);
            council.record(person, journey)?;
            hospital.record(area, person, journey)
        })?;
        council.finish(&mut files)?;
    }
    progress(options.people);
    files.extend(hospital.finish()?);
    files.extend(census.write(&options.out, &areas)?);
    Ok(Summary { files, councils: areas.len(), study })
}

/// Makes the people of one council in order and hands over each with what happens to them.
fn populate(
    seed: u64,
    area: &Area,
    rates: &Rates,
    network: &Network,
    progress: &mut dyn FnMut(u64),
    mut record: impl FnMut(&Person, &Journey) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut journey = Journey::default();
    let mut supported: Vec<u64> = Vec::with_capacity(REMEMBERED);
    let mut met = 0;
    for serial in 0..area.people {
        let number = area.first + serial;
        let mut draw = Draw::person(seed, number);
        let person = Person::draw(rates, area, serial, &mut draw);
        journey.clear();
        let world = World { rates, network, area, supported: &supported };
        live(&world, &person, &mut draw, &mut journey);
        record(&person, &journey)?;
        if journey.events.iter().any(|event| event.service.is_long_term()) {
            if supported.len() < REMEMBERED {
                supported.push(serial);
            } else {
                supported[met % REMEMBERED] = serial;
            }
            met += 1;
        }
        if number % 1_024 == 1_023 {
            progress(number + 1);
        }
    }
    Ok(())
}

fn empty_folder(folder: &Path) -> Result<(), Error> {
    let failed =
        |e: std::io::Error| Error::Write { path: folder.to_path_buf(), what: e.to_string() };
    std::fs::create_dir_all(folder).map_err(failed)?;
    match std::fs::read_dir(folder).map_err(failed)?.next() {
        Some(_) => Err(Error::NotEmpty(folder.to_path_buf())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
