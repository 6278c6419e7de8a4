//! The one door for tables that went through no disclosure control.

use super::error::OutputError;
use super::salt_comparison::{SaltComparison, SaltReturn};
use super::settings::{Format, Formats};
use super::table::tables;
use super::{anchored, make_dir, write_file, write_flat};
use crate::disclosure::{Profile, ProfileName, protect};
use crate::figure::Results;
use std::path::{Path, PathBuf};

/// Name of the notice beside exact tables.
pub const RESTRICTED: &str = "RESTRICTED.txt";

pub(super) const NOTICE: &str = "RESTRICTED: NOT FOR RELEASE\n\n\
    This folder holds results before disclosure control: exact counts, small ones among them, and \
    possibly records of single people.\n\
    It stays inside the secure setting. Nothing of it may be copied, published or quoted.\n\
    The folder above holds the same tables after control.\n";

/// Writes the notice and the exact tables, as CSV and Parquet, and the exact `pathways.json`, straight into
/// `dir`; returns the paths.
/// Nothing is rounded (percentages keep the decimals of their measure), suppressed or folded.
///
/// # Errors
/// When a file cannot be written.
pub fn write_exact(results: &Results, dir: &Path) -> Result<Vec<PathBuf>, OutputError> {
    write_exact_with_salt(results, None, dir)
}

/// Like [`write_exact`], with the exact table `salt_comparison` after the others.
///
/// # Errors
/// When a file cannot be written.
pub fn write_exact_with_salt(
    results: &Results,
    salt: Option<&SaltReturn>,
    dir: &Path,
) -> Result<Vec<PathBuf>, OutputError> {
    make_dir(dir)?;
    let notice = dir.join(RESTRICTED);
    write_file(&notice, NOTICE.as_bytes())?;
    let mut written = vec![notice];
    let profile = Profile::named(ProfileName::None);
    let exact = protect(results, &profile);
    let mut tables = tables(&exact);
    tables.extend(salt.map(|salt| SaltComparison::between(&exact, &profile, salt).table().clone()));
    let formats = Formats::new([Format::Csv, Format::Parquet]);
    write_flat(&tables, &formats, true, dir, &mut written)?;
    let path = dir.join("pathways.json");
    write_file(&path, anchored::json(&exact)?.as_bytes())?;
    written.push(path);
    Ok(written)
}
