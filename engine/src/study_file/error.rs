//! What is wrong with a study file, and where.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A fault of a study file: file, line, what was found, what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyError {
    file: PathBuf,
    line: Option<usize>,
    message: String,
}

impl StudyError {
    /// A fault at a place of the text.
    pub(super) fn at(
        file: &Path,
        text: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> Self {
        let line =
            span.map(|span| 1 + text.bytes().take(span.start).filter(|&b| b == b'\n').count());
        Self { file: file.to_path_buf(), line, message: message.into() }
    }

    /// A fault that a parser found, with the nearest valid choice where a name is unknown.
    pub(super) fn from_toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        Self::at(file, text, error.span(), with_nearest(error.message()))
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for StudyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for StudyError {}

/// Adds "did you mean" to a message that lists the names it expected between backquotes.
fn with_nearest(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let found = match names.next() {
        Some(found) if message.starts_with("unknown") => found,
        _ => return message.to_owned(),
    };
    match nearest(found, names) {
        Some(name) => format!("{message}; did you mean `{name}`?"),
        None => message.to_owned(),
    }
}

/// The name most like `found`, if any is alike at all; of equally alike names the first.
pub fn nearest<'a>(found: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let likeness = strsim::jaro_winkler(&found.to_lowercase(), &name.to_lowercase());
        if likeness > 0.7 && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_nothing_unlike() {
        let names = ["edition", "joined", "single"];
        assert_eq!(nearest("editon", names), Some("edition"));
        assert_eq!(nearest("Joind", names), Some("joined"));
        assert_eq!(nearest("xyz", names), None);
        assert_eq!(
            with_nearest("unknown field `editon`, expected `edition` or `joined`"),
            "unknown field `editon`, expected `edition` or `joined`; did you mean `edition`?"
        );
    }
}
