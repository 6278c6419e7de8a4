//! What the tests share: calling the command, data to call it on, and reading what it wrote.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// What a call left behind.
pub struct Call {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Calls the command and waits.
pub fn call<S: AsRef<OsStr>>(arguments: &[S]) -> Call {
    let output = Command::new(env!("CARGO_BIN_EXE_throughcare"))
        .args(arguments)
        .timeout(Duration::from_secs(120))
        .output()
        .expect("the command starts and ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Call {
        status: output.status.code().expect("the command ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Calls the command, which must succeed.
pub fn succeed<S: AsRef<OsStr>>(arguments: &[S]) -> Call {
    let call = call(arguments);
    assert_eq!(call.status, 0, "{}", call.stderr);
    call
}

/// Runs a study with further arguments; gives the output folder.
pub fn run_study(study: &Path, out: &Path, more: &[&str]) -> PathBuf {
    let mut arguments = vec![
        OsStr::new("run"),
        OsStr::new("-q"),
        study.as_os_str(),
        OsStr::new("--out"),
        out.as_os_str(),
    ];
    arguments.extend(more.iter().map(OsStr::new));
    succeed(&arguments);
    out.to_path_buf()
}

/// Writes synthetic data for 3,000 people.
pub fn synth(seed: u64, format: &str, out: &Path) {
    let seed = seed.to_string();
    succeed(&[
        OsStr::new("synth"),
        OsStr::new("-q"),
        OsStr::new("--people"),
        OsStr::new("3000"),
        OsStr::new("--seed"),
        OsStr::new(&seed),
        OsStr::new("--format"),
        OsStr::new(format),
        OsStr::new("--out"),
        out.as_os_str(),
    ]);
}

/// Synthetic data of seed 7 and a run on it with `--exact`: made once, only to be read.
pub struct Shared {
    pub data: PathBuf,
    pub results: PathBuf,
}

/// The shared data and results.
pub fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
        forget_old(place);
        let folder = place.join(format!("command-{}", std::process::id()));
        let data = folder.join("data");
        synth(7, "csv", &data);
        let results = folder.join("results");
        run_study(&data.join("study.toml"), &results, &["--exact", "--threads", "2"]);
        Shared { data, results }
    })
}

/// Removes what test runs of more than an hour ago shared: nothing else knows when they end.
fn forget_old(place: &Path) {
    let Ok(entries) = fs::read_dir(place) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with("command-");
        let age = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|time| SystemTime::now().duration_since(time).ok());
        if is_ours && age.is_some_and(|age| age > Duration::from_secs(3600)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A folder of `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures").join(name)
}

/// A file of real or official samples, which are no part of the project, if it is at hand: in the folder
/// that the variable `THROUGHCARE_SAMPLES` names, or beside the project.
pub fn sample(name: &str) -> Option<PathBuf> {
    let samples = std::env::var_os("THROUGHCARE_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("shared").join("data"),
        PathBuf::from,
    );
    let file = samples.join(name);
    if !file.is_file() {
        println!("not run: {} is not there (set THROUGHCARE_SAMPLES)", file.display());
        return None;
    }
    Some(file)
}

/// A copy of a fixture in a folder of its own, to be spoilt.
pub fn copy_of(name: &str) -> TempDir {
    let copy = TempDir::new().expect("a folder");
    copy_into(&fixture(name), copy.path());
    copy
}

/// Copies a folder with all that is in it.
pub fn copy_into(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }
}

/// Every file below a folder, by its path with `/`.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("below");
                let names: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
                found.insert(names.join("/"), fs::read(&path).expect("read"));
            }
        }
    }
    found
}

/// Asserts that two folders hold the same files with the same bytes, those that `skip` names aside.
pub fn assert_same(left: &Path, right: &Path, skip: impl Fn(&str) -> bool) {
    let keep = |folder| {
        let mut files = files(folder);
        files.retain(|name, _| !skip(name));
        files
    };
    let (left, right) = (keep(left), keep(right));
    assert!(!left.is_empty());
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, bytes) in &left {
        assert!(bytes == &right[name], "{name} differs");
    }
}

/// A CSV file in memory.
pub struct Table {
    pub heading: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a CSV file.
    pub fn read(path: &Path) -> Self {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("a CSV file");
        let mut rows = reader
            .records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<String>>());
        let heading = rows.next().expect("headings");
        Self { heading, rows: rows.collect() }
    }

    /// Writes a CSV file.
    pub fn write(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).expect("a file");
        writer.write_record(&self.heading).expect("written");
        for row in &self.rows {
            writer.write_record(row).expect("written");
        }
        writer.flush().expect("written");
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> usize {
        let place = self.heading.iter().position(|heading| heading == name);
        place.unwrap_or_else(|| panic!("no column {name} in {:?}", self.heading))
    }

    /// Some columns of the rows that have these values.
    pub fn select(&self, like: &[(&str, &str)], columns: &[&str]) -> Vec<Vec<&str>> {
        let like: Vec<(usize, &str)> =
            like.iter().map(|(name, value)| (self.column(name), *value)).collect();
        let columns: Vec<usize> = columns.iter().map(|name| self.column(name)).collect();
        self.rows
            .iter()
            .filter(|row| like.iter().all(|&(place, value)| row[place] == value))
            .map(|row| columns.iter().map(|&place| row[place].as_str()).collect())
            .collect()
    }

    /// Some columns of the one row that has these values.
    pub fn one(&self, like: &[(&str, &str)], columns: &[&str]) -> Vec<&str> {
        let found = self.select(like, columns);
        assert_eq!(found.len(), 1, "rows like {like:?}");
        found.into_iter().next().expect("one")
    }

    /// Numerator, denominator and value of a measure for England in total.
    pub fn england(&self, measure: &str, part: &str) -> [&str; 3] {
        let like =
            [("measure", measure), ("part", part), ("area_type", "england"), ("stratum", "")];
        let found = self.one(&like, &["numerator", "denominator", "value"]);
        [found[0], found[1], found[2]]
    }

    /// The count of a check of the table `quality`; 0 when the check found nothing.
    pub fn found(&self, source: &str, check: &str) -> u64 {
        match self.select(&[("source", source), ("check", check)], &["numerator"]).as_slice() {
            [] => 0,
            [row] => row[0].parse().expect("a count"),
            _ => panic!("several checks called {check}"),
        }
    }

    /// The sum over the checks of a source whose name begins so.
    pub fn sum(&self, source: &str, beginning: &str) -> u64 {
        self.select(&[("source", source)], &["check", "numerator"])
            .iter()
            .filter(|row| row[0].starts_with(beginning))
            .map(|row| row[1].parse::<u64>().expect("a count"))
            .sum()
    }
}

/// A sequence of numbers that look random and are always the same (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut n = self.0;
        n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    }

    /// Puts items into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for n in (1..items.len()).rev() {
            let other = (self.next() % (n as u64 + 1)) as usize;
            items.swap(n, other);
        }
    }
}
