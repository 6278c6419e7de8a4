//! Finding the engine's columns among the headings of a file.

use super::{FileKind, Need, Spec, apc, cld, deaths};
use crate::error::Error;
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// A heading as it is compared: letters and digits only, in lower case, so that `Admission Date`,
/// `admission_date` and `[Admission_Date]` are one heading.
#[must_use]
pub fn normalise(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The headings of a file, as given and as compared.
#[derive(Clone, Debug)]
pub struct Headings {
    given: Vec<String>,
    normalised: Vec<String>,
}

impl Headings {
    /// The headings of a file in the order of its columns.
    #[must_use]
    pub fn new(given: Vec<String>) -> Self {
        let normalised = given.iter().map(|heading| normalise(heading)).collect();
        Self { given, normalised }
    }

    /// The headings as given.
    #[must_use]
    pub fn given(&self) -> &[String] {
        &self.given
    }

    /// The headings as compared.
    #[must_use]
    pub fn normalised(&self) -> &[String] {
        &self.normalised
    }

    /// Whether a heading, given as compared, is present.
    #[must_use]
    pub fn has(&self, normalised: &str) -> bool {
        self.normalised.iter().any(|heading| heading == normalised)
    }

    fn all(&self, normalised: &str) -> Vec<usize> {
        (0..self.given.len()).filter(|&n| self.normalised[n] == normalised).collect()
    }

    fn nearest(&self, wanted: &str) -> Option<&str> {
        nearest(wanted, self.given.iter().map(String::as_str))
    }
}

/// The candidate that looks most like `wanted`, if any is alike at all; of equal ones the first.
pub(crate) fn nearest<'a>(
    wanted: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = normalise(wanted);
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(&wanted, &normalise(candidate));
        if best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.filter(|(likeness, _)| *likeness > 0.7).map(|(_, candidate)| candidate)
}

/// Which column of a file holds which column of the engine.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// By the kind's columns: the column of the file, from 0.
    pub columns: Vec<Option<usize>>,
    /// Columns of the file that hold one diagnosis each, by position.
    pub diagnoses: Vec<usize>,
}

impl Mapping {
    /// Whether the file has this column of the kind.
    #[must_use]
    pub fn has(&self, column: usize) -> bool {
        self.columns.get(column).copied().flatten().is_some()
    }

    /// The headings that hold nothing for the engine, in the order of the file.
    #[must_use]
    pub fn others(&self, headings: &Headings) -> Vec<String> {
        let used = |n: usize| self.columns.contains(&Some(n)) || self.diagnoses.contains(&n);
        let given = headings.given().iter().enumerate();
        given.filter(|&(n, _)| !used(n)).map(|(_, heading)| heading.clone()).collect()
    }

    /// Nothing but these columns of the kind.
    #[must_use]
    pub fn only(&self, wanted: &[usize]) -> Self {
        let columns = self.columns.iter().enumerate();
        let keep = columns.map(|(n, &at)| at.filter(|_| wanted.contains(&n))).collect();
        Self { columns: keep, diagnoses: Vec::new() }
    }
}

/// Maps the columns of a file.
///
/// `theirs` gives the user's own headings by canonical name.
///
/// # Errors
/// A required column that is missing, two columns for one of the engine's, or a name or heading of
/// the user's that does not exist. The file is not named.
pub fn map(
    kind: FileKind,
    headings: &Headings,
    theirs: &BTreeMap<String, String>,
) -> Result<Mapping, Error> {
    let specs = kind.specs();
    let chosen = users_choice(kind, headings, theirs)?;
    let mut columns = Vec::with_capacity(specs.len());
    for (n, spec) in specs.iter().enumerate() {
        let at = match chosen.get(&n) {
            Some(&at) => Some(at),
            None => find(spec, headings)?,
        };
        if at.is_none() && spec.need == Need::Required {
            return Err(missing(kind, spec.name, &accepted(spec), headings));
        }
        columns.push(at);
    }
    let diagnoses = match kind {
        FileKind::Apc => apc::diagnoses(headings),
        _ => Vec::new(),
    };
    let mapping = Mapping { columns, diagnoses };
    one_of(kind, headings, &mapping)?;
    Ok(mapping)
}

/// What a kind needs one of.
fn one_of(kind: FileKind, headings: &Headings, mapping: &Mapping) -> Result<(), Error> {
    use cld::Cld;
    let group: &[usize] = match kind {
        FileKind::Deaths => {
            &[deaths::Deaths::Death as usize, deaths::Deaths::Registration as usize]
        }
        FileKind::CldSubmissions => {
            &[Cld::Traced as usize, Cld::Supplied as usize, Cld::Local as usize]
        }
        FileKind::CldEvents => &[
            Cld::Combined as usize,
            Cld::Traced as usize,
            Cld::Supplied as usize,
            Cld::Local as usize,
        ],
        FileKind::Apc | FileKind::Ecds | FileKind::Outpatients | FileKind::Events => return Ok(()),
    };
    if group.iter().any(|&column| mapping.has(column)) {
        return Ok(());
    }
    let specs = kind.specs();
    let looked: Vec<String> = group.iter().flat_map(|&n| accepted(&specs[n])).collect();
    Err(missing(kind, specs[group[0]].name, &looked, headings))
}

fn users_choice(
    kind: FileKind,
    headings: &Headings,
    theirs: &BTreeMap<String, String>,
) -> Result<HashMap<usize, usize>, Error> {
    let specs = kind.specs();
    let mut chosen = HashMap::new();
    for (canonical, heading) in theirs {
        let section = match kind {
            FileKind::Events => "[[inputs.events]]".to_owned(),
            _ => format!("[inputs.columns.{}]", kind.columns_name()),
        };
        let wanted = normalise(canonical);
        let Some(n) = specs.iter().position(|spec| normalise(spec.name) == wanted) else {
            let near = nearest(canonical, specs.iter().map(|spec| spec.name));
            let near = near.map_or(String::new(), |near| format!("; the nearest is {near}"));
            return Err(Error::new(format!(
                "{section} names a column {canonical:?} that does not exist{near}"
            ))
            .advise("Correct the name on the left of the equals sign"));
        };
        match headings.all(&normalise(heading)).as_slice() {
            // a section serves every file of its kind, and not all need have the user's heading
            [] if find(&specs[n], headings).ok().flatten().is_some() => {}
            [] => {
                let near = headings.nearest(heading);
                let near = near.map_or(String::new(), |near| format!("; the nearest is {near:?}"));
                return Err(Error::new(format!(
                    "{section} says that {canonical} is called {heading:?}, and no heading is{near}"
                ))
                .in_column(canonical)
                .advise("Correct the heading on the right of the equals sign"));
            }
            [at] => {
                chosen.insert(n, *at);
            }
            many => return Err(twice(canonical, headings, many)),
        }
    }
    Ok(chosen)
}

/// The column of the file for one of the engine's, by preference.
fn find(spec: &Spec, headings: &Headings) -> Result<Option<usize>, Error> {
    let canonical = headings.all(&normalise(spec.name));
    let tiers = spec.headings.split('>').map(|tier| {
        let mut names: Vec<String> = tier.split('|').map(normalise).collect();
        names.retain(|name| !name.is_empty());
        names.dedup();
        names.iter().flat_map(|name| headings.all(name)).collect::<Vec<usize>>()
    });
    for found in std::iter::once(canonical).chain(tiers) {
        match found.as_slice() {
            [] => {}
            [at] => return Ok(Some(*at)),
            many => return Err(twice(spec.name, headings, many)),
        }
    }
    Ok(None)
}

fn accepted(spec: &Spec) -> Vec<String> {
    let names = spec.headings.split(['>', '|']).map(|name| name.trim().to_owned());
    std::iter::once(spec.name.to_owned()).chain(names).filter(|name| !name.is_empty()).collect()
}

fn twice(canonical: &str, headings: &Headings, found: &[usize]) -> Error {
    let names: Vec<String> = found.iter().map(|&n| format!("{:?}", headings.given[n])).collect();
    Error::new(format!("the headings {} all mean {canonical}", names.join(" and ")))
        .in_column(canonical)
        .advise("Remove or rename all but one, or name the right one under [inputs.columns]")
}

fn missing(kind: FileKind, canonical: &str, looked: &[String], headings: &Headings) -> Error {
    let near = looked
        .iter()
        .find_map(|name| headings.nearest(name))
        .map_or(String::new(), |near| format!("; the nearest heading is {near:?}"));
    let one = match headings.given() {
        [only] if only.contains([';', '\t', '|']) => {
            "Save the file with commas between its columns".to_owned()
        }
        _ => format!(
            "Name the column under [inputs.columns.{}]: {canonical} = \"its heading\"",
            kind.columns_name()
        ),
    };
    Error::new(format!(
        "no heading for {canonical}, which is required; looked for {}{near}",
        looked.join(", ")
    ))
    .in_column(canonical)
    .advise(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::apc::Apc;

    fn apc(names: &[&str], theirs: &[(&str, &str)]) -> Result<Mapping, String> {
        let headings = Headings::new(names.iter().map(|n| (*n).to_owned()).collect());
        let theirs = theirs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        map(FileKind::Apc, &headings, &theirs).map_err(|error| error.to_string())
    }

    #[test]
    fn headings_are_compared_without_case_blanks_brackets_hyphens_and_underscores() {
        let found =
            apc(&["pseudo-hesid", "[Admission Date]", "DISCHARGE_DATE"], &[]).expect("mapped");
        assert_eq!(found.columns[Apc::PersonId as usize], Some(0));
        assert_eq!(found.columns[Apc::Admission as usize], Some(1));
        assert_eq!(found.columns[Apc::Discharge as usize], Some(2));
        assert!(!found.has(Apc::Sex as usize));
    }

    #[test]
    fn the_derived_last_episode_indicator_is_preferred() {
        let names = [
            "person_id",
            "admission_date",
            "discharge_date",
            "Last_Episode_In_Spell_Indicator",
            "APCS_Last_Ep_Ind",
        ];
        let found = apc(&names, &[]).expect("mapped");
        assert_eq!(found.columns[Apc::LastEpisode as usize], Some(4));
    }

    #[test]
    fn two_equal_headings_are_an_error_unless_the_user_chooses() {
        let names = ["person_id", "ADMIDATE", "Start Date (Hospital Provider Spell)", "DISDATE"];
        let error = apc(&names, &[]).expect_err("ambiguous");
        assert!(error.contains("all mean admission_date"), "{error}");
        let found = apc(&names, &[("admission_date", "admidate")]).expect("chosen");
        assert_eq!(found.columns[Apc::Admission as usize], Some(1));
    }

    #[test]
    fn a_missing_column_names_what_was_looked_for_and_the_nearest_heading() {
        let error = apc(&["person_id", "Admision_Dt", "DISDATE"], &[]).expect_err("missing");
        for part in ["admission_date", "ADMIDATE", "Admision_Dt", "[inputs.columns.apc]"] {
            assert!(error.contains(part), "{part}: {error}");
        }
        let error = apc(&["person_id"], &[("admision_date", "x")]).expect_err("unknown");
        assert!(error.contains("nearest is admission_date"), "{error}");
    }
}
