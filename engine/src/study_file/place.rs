//! Where in the text of a study file a key or a value stands.

use super::error::StudyError;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The text of a study file with the places of its keys.
pub(super) struct Places<'a> {
    path: &'a Path,
    text: &'a str,
    root: Option<DeTable<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text, root: DeTable::parse(text).ok().map(|root| root.into_inner()) }
    }

    /// A path of the file made relative to the folder of the study file.
    pub(super) fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// A fault at the deepest of these nested keys that the file has.
    pub(super) fn error(&self, keys: &[&str], message: impl Into<String>) -> StudyError {
        StudyError::at(self.path, self.text, self.span(keys, None), message)
    }

    /// A fault at one text of the array under these keys, or at its table with this `name`.
    pub(super) fn error_at_value(
        &self,
        keys: &[&str],
        value: &str,
        message: impl Into<String>,
    ) -> StudyError {
        StudyError::at(self.path, self.text, self.span(keys, Some(value)), message)
    }

    /// A fault at a text under a key of the table with this `name` of an array of tables.
    pub(super) fn error_in_table(
        &self,
        (array, name): (&str, &str),
        key: &str,
        value: &str,
        message: impl Into<String>,
    ) -> StudyError {
        let within = || {
            let (_, found) = self.root.as_ref()?.iter().find(|(key, _)| key.get_ref() == array)?;
            let tables =
                found.get_ref().as_array()?.iter().filter_map(|item| item.get_ref().as_table());
            let is_it = |table: &&DeTable<'_>| {
                let known = table.iter().find(|(key, _)| key.get_ref() == "name");
                known.is_some_and(|(_, known)| known.get_ref().as_str() == Some(name))
            };
            let table = tables.into_iter().find(is_it)?;
            let (_, values) = table.iter().find(|(found, _)| found.get_ref() == key)?;
            let items =
                values.get_ref().as_array().map_or(Vec::new(), |items| items.iter().collect());
            let is_value =
                |item: &&toml::Spanned<DeValue<'_>>| item.get_ref().as_str() == Some(value);
            Some(items.into_iter().find(is_value).unwrap_or(values).span())
        };
        let span = within().or_else(|| self.span(&[array], Some(name)));
        StudyError::at(self.path, self.text, span, message)
    }

    fn span(&self, keys: &[&str], value: Option<&str>) -> Option<Range<usize>> {
        let mut table = self.root.as_ref()?;
        let mut span = None;
        for (depth, key) in keys.iter().enumerate() {
            let Some((name, found)) = table.iter().find(|(name, _)| name.get_ref() == key) else {
                break;
            };
            span = Some(name.span());
            match found.get_ref() {
                DeValue::Table(inner) => table = inner,
                DeValue::Array(items) if depth + 1 == keys.len() => {
                    let is_it = |item: &&toml::Spanned<DeValue<'_>>| match item.get_ref() {
                        DeValue::Table(table) => {
                            let name = table.iter().find(|(key, _)| key.get_ref() == "name");
                            name.is_some_and(|(_, name)| name.get_ref().as_str() == value)
                        }
                        text => text.as_str() == value,
                    };
                    let place = items.iter().find(is_it);
                    return place.map(toml::Spanned::span).or(span);
                }
                _ => break,
            }
        }
        span
    }
}
