//! The manifest: what a run read, was asked and wrote, for audit and for `verify`.

use super::error::OutputError;
use super::write_file;
use crate::disclosure::Summary;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What it was read as: `cld`, `apc`, `areas` and so on.
    pub role: String,
    /// Path as the study gives it: relative to `study_folder` unless it lies elsewhere.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Records, without the header.
    pub rows: u64,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
}

/// How long a stage took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Stage.
    pub stage: String,
    /// Seconds.
    pub seconds: f64,
}

/// The manifest. Everything but `timings` and `study_folder` is the same when the same inputs and
/// study run again, wherever they lie.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Hash of engine version, study and inputs; filled by [`write_manifest`].
    #[serde(default)]
    pub run_id: String,
    /// Version of the engine.
    pub engine_version: String,
    /// Edition of the methods.
    pub method_edition: String,
    /// The resolved study, every setting.
    pub study: serde_json::Value,
    /// Folder of the study file as it was given: where the paths start. It is no part of `run_id`.
    #[serde(default)]
    pub study_folder: String,
    /// Inputs, in the order of reading.
    pub inputs: Vec<Input>,
    /// Disclosure rules by table, in words.
    pub disclosure: BTreeMap<String, String>,
    /// Numbers hidden, by table and rule.
    pub hidden: serde_json::Value,
    /// Outputs, in the order of paths; filled by [`write_manifest`].
    #[serde(default)]
    pub outputs: Vec<OutputFile>,
    /// Warnings.
    pub warnings: Vec<String>,
    /// Timings, which differ from run to run.
    pub timings: Vec<Timing>,
}

impl Manifest {
    /// Takes over what disclosure control did.
    ///
    /// # Errors
    /// Never in practice: the summary is plain numbers.
    pub fn set_disclosure(
        &mut self,
        profiles: &BTreeMap<&'static str, String>,
        summary: &Summary,
    ) -> Result<(), OutputError> {
        self.disclosure =
            profiles.iter().map(|(&table, words)| (table.to_owned(), words.clone())).collect();
        self.hidden = serde_json::to_value(summary)?;
        Ok(())
    }

    fn identity(&self) -> Result<String, OutputError> {
        let content = serde_json::to_vec(&(
            &self.engine_version,
            &self.method_edition,
            &self.study,
            &self.inputs,
        ))?;
        Ok(hex(&Sha256::digest(&content)))
    }
}

/// Size in bytes and SHA-256 (lower-case hex) of a file.
///
/// # Errors
/// When the file cannot be read.
pub fn hash_file(path: &Path) -> Result<(u64, String), OutputError> {
    let io = |error| OutputError::io(path)(error);
    let mut file = std::fs::File::open(path).map_err(io)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 1 << 16];
    let mut bytes = 0u64;
    loop {
        let read = file.read(&mut buffer).map_err(io)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            return Ok((bytes, hex(&hasher.finalize())));
        };
        hasher.update(part);
        bytes += read as u64;
    }
}

/// Every file below a folder but its `manifest.json`, hashed, in the order of paths.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn list_outputs(dir: &Path) -> Result<Vec<OutputFile>, OutputError> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(OutputError::io(&folder))?;
        for entry in entries {
            let path = entry.map_err(OutputError::io(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path != dir.join("manifest.json") {
                files.push(path);
            }
        }
    }
    let mut outputs = Vec::with_capacity(files.len());
    for path in files {
        let below = path.strip_prefix(dir).unwrap_or(&path);
        let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
        let (bytes, sha256) = hash_file(&path)?;
        outputs.push(OutputFile { path: names.join("/"), bytes, sha256 });
    }
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(outputs)
}

/// Completes a manifest with the run's identity and the files already in `dir`, and writes
/// `manifest.json` there. To be called last.
///
/// # Errors
/// When an output cannot be read or the manifest cannot be written.
pub fn write_manifest(manifest: &Manifest, dir: &Path) -> Result<PathBuf, OutputError> {
    let mut manifest = manifest.clone();
    manifest.run_id = manifest.identity()?;
    manifest.outputs = list_outputs(dir)?;
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    let path = dir.join("manifest.json");
    write_file(&path, text.as_bytes())?;
    Ok(path)
}

/// Reads the manifest of an output folder.
///
/// # Errors
/// When there is none or it is not one of this engine's.
pub fn read_manifest(dir: &Path) -> Result<Manifest, OutputError> {
    let path = dir.join("manifest.json");
    let bytes = std::fs::read(&path).map_err(OutputError::io(&path))?;
    Ok(serde_json::from_slice(&bytes)?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
