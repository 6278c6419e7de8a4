//! The study file that runs on the synthetic data.

use crate::write::Format;

/// What the study file of synthetic data begins with.
pub const MARK: &str = "# Synthetic data: ";

/// The text of `study.toml`. It begins with [`MARK`].
#[must_use]
pub fn text(people: u64, seed: u64, format: Format) -> String {
    let extension = format.extension();
    format!(
        r#"{MARK}{people} invented people, seed {seed}. Nobody in it exists.

[study]
title  = "Discharge and social care, 2024-25 (synthetic)"
period = {{ start = 2024-04-01, end = 2025-03-31 }}
as_of  = 2026-05-05

[inputs]
cld_submissions = ["cld/*.csv"]
apc        = ["sus/apc.{extension}"]
ecds       = ["sus/ecds.{extension}"]
deaths     = ["deaths.csv"]
areas      = "lookups/areas.csv"
lsoa_utla  = "lookups/lsoa_utla.csv"
population = "lookups/population.csv"

[cld]
edition = "A"
joined  = {{ start = 2023-04-01, end = 2026-03-31 }}
single  = {{ start = 2025-04-01, end = 2026-03-31 }}

[hospital]
extract_date = 2026-04-01

[measures]
by = ["frailty_band"]

# costs stand in the latest twelve months alone
[measures.costs]
periods = [{{ start = 2025-04-01, end = 2026-03-31 }}]
[measures.intensity]
periods = [{{ start = 2025-04-01, end = 2026-03-31 }}]
[measures.care_market]
periods = [{{ start = 2025-04-01, end = 2026-03-31 }}]

[disclosure]
profile = "hes7"

[output]
formats = ["csv", "parquet", "xlsx", "html"]
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_study_is_toml() {
        assert!(text(6, 1, Format::Csv).starts_with("# Synthetic data: 6 invented people"));
        let study: toml::Table = text(20_000, 1, Format::Parquet).parse().unwrap();
        assert_eq!(study["inputs"]["apc"][0].as_str(), Some("sus/apc.parquet"));
        assert_eq!(study["study"]["as_of"].to_string(), "2026-05-05");
    }
}
