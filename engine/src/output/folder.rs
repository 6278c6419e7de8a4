//! An output folder that appears whole or not at all.

use super::error::OutputError;
use std::path::{Path, PathBuf};

/// A folder under construction beside its final place. Dropped before [`Folder::finish`], it is
/// removed again.
#[derive(Debug)]
pub struct Folder {
    building: PathBuf,
    place: PathBuf,
    force: bool,
    finished: bool,
}

impl Folder {
    /// Begins a folder that will appear at `place`. An empty folder there may be replaced; the
    /// output of an earlier run only with `force`, and anything else never.
    ///
    /// # Errors
    /// When `place` is taken or cannot be written beside.
    pub fn begin(place: &Path, force: bool) -> Result<Self, OutputError> {
        may_replace(place, force)?;
        let parent = match place.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if let Some(file) = parent.ancestors().find(|above| above.is_file()) {
            return Err(OutputError::NotAFolder(file.to_owned()));
        }
        let unwritable = |source| OutputError::Unwritable { folder: parent.to_owned(), source };
        std::fs::create_dir_all(parent).map_err(unwritable)?;
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let building = parent.join(format!(".{name}.partial-{}", std::process::id()));
        if building.exists() {
            std::fs::remove_dir_all(&building).map_err(OutputError::io(&building))?;
        }
        std::fs::create_dir(&building).map_err(unwritable)?;
        Ok(Self { building, place: place.to_owned(), force, finished: false })
    }

    /// Where to write meanwhile.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.building
    }

    /// Moves the folder to its place. What stood there before goes only once the new one is in place.
    ///
    /// # Errors
    /// When the place was taken meanwhile or the move fails; the old output then still stands.
    pub fn finish(mut self) -> Result<PathBuf, OutputError> {
        may_replace(&self.place, self.force)?;
        let io = OutputError::io(&self.place);
        if self.place.exists() {
            let old = self.building.with_extension(format!("old-{}", std::process::id()));
            std::fs::rename(&self.place, &old).map_err(io)?;
            if let Err(error) = std::fs::rename(&self.building, &self.place) {
                // put the old output back; the first error is the one that counts
                let _ = std::fs::rename(&old, &self.place);
                return Err(OutputError::io(&self.place)(error));
            }
            self.finished = true;
            std::fs::remove_dir_all(&old).map_err(OutputError::io(&old))?;
        } else {
            std::fs::rename(&self.building, &self.place).map_err(io)?;
            self.finished = true;
        }
        Ok(self.place.clone())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_dir_all(&self.building);
        }
    }
}

fn may_replace(place: &Path, force: bool) -> Result<(), OutputError> {
    if !place.exists() {
        return Ok(());
    }
    let mut entries = match std::fs::read_dir(place) {
        Ok(entries) => entries,
        Err(_) => return Err(OutputError::NotARun(place.to_owned())),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    if !force {
        return Err(OutputError::Exists(place.to_owned()));
    }
    if place.join("manifest.json").is_file() {
        Ok(())
    } else {
        Err(OutputError::NotARun(place.to_owned()))
    }
}
