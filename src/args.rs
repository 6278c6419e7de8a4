//! Arguments as typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Linked health and social care journeys: timelines, transition graphs and published measures.
#[derive(Debug, Parser)]
#[command(
    name = "throughcare",
    version,
    after_help = "Example:\n  throughcare demo\n  throughcare run study.toml --out results"
)]
pub struct Arguments {
    /// Say nothing but errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: -v prints the resolved study, -vv what is read.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

/// How much a command says.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// Nothing but errors.
    pub quiet: bool,
    /// The resolved study too.
    pub verbose: bool,
}

impl Arguments {
    /// How much the command says.
    pub const fn settings(&self) -> Voice {
        Voice { quiet: self.quiet, verbose: self.verbose > 0 }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make synthetic data, run every analysis on it and say where the report is.
    #[command(after_help = "Example:\n  throughcare demo --people 50000 --out demo-output")]
    Demo(Demo),
    /// Write synthetic social care and hospital files with a study file that runs on them.
    #[command(after_help = "Example:\n  throughcare synth --people 100000 --seed 1 --out data")]
    Synth(Synth),
    /// Read the inputs of a study and report their data quality; compute no measure.
    #[command(
        after_help = "Example:\n  throughcare check study.toml\n  throughcare check study.toml --la 503 --out quality"
    )]
    Check(Check),
    /// Do everything that a study file asks for.
    #[command(
        after_help = "Example:\n  throughcare run study.toml --out results --only ascof_2d,los"
    )]
    Run(Run),
    /// Set the published rules for joining hospital spells side by side on the records of a study.
    #[command(
        after_help = "Example:\n  throughcare stays study.toml\n  throughcare stays study.toml --out stay-rules"
    )]
    Stays(Stays),
    /// Draw or list the moves between states: one picture or table, without a whole run.
    #[command(
        after_help = "Example:\n  throughcare graph study.toml --out journeys.svg\n  throughcare graph --data data --from IP_EM --by age_band --format text"
    )]
    Graph(Graph),
    /// Show what people go through after an anchor, without a whole run.
    #[command(
        after_help = "Example:\n  throughcare pathways study.toml --from emergency_discharge\n  throughcare pathways --data DIR --from STMAX --by sex --out pathways.svg"
    )]
    Pathways(Pathways),
    /// Set the moves of two groups of people side by side, with intervals, without a whole run.
    #[command(
        after_help = "Example:\n  throughcare compare study.toml --by sex\n  throughcare compare --data data --by age_band=65-74,85+ --from IP_EM --out compared.svg"
    )]
    Compare(Compare),
    /// Say how a figure of a finished run came about, rule by rule.
    #[command(after_help = "Example:\n  throughcare explain results --measure ascof_2d")]
    Explain(Explain),
    /// Print the method card of a measure: definition, inputs, steps, caveats, source.
    #[command(after_help = "Example:\n  throughcare methods ascof_2d")]
    Methods(Methods),
}

#[derive(Debug, Args)]
pub struct Demo {
    /// How many people to make up.
    #[arg(long, default_value_t = 20_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub people: u64,
    /// Folder to write into; it holds `data/` and `results/` afterwards.
    #[arg(long, default_value = "throughcare-demo", value_name = "DIR")]
    pub out: PathBuf,
    /// Threads; all processors when not given.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// Format of synthetic hospital files.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SynthFormat {
    Csv,
    Parquet,
}

#[derive(Debug, Args)]
pub struct Synth {
    /// How many people to make up.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub people: u64,
    /// Seed: the same seed gives the same bytes.
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Folder to write into; it must not exist or be empty.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Format of the record files.
    #[arg(long, value_enum, default_value = "csv")]
    pub format: SynthFormat,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The study file.
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Print every check of this council, by its code.
    #[arg(long, value_name = "CODE")]
    pub la: Option<String>,
    /// Folder for the tables of data quality, after disclosure control; nothing is written without.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace a finished output folder.
    #[arg(long)]
    pub force: bool,
    /// Threads; all processors when not given.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Stays {
    /// The study file.
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Folder for the tables, after disclosure control; nothing is written without.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace a finished output folder.
    #[arg(long)]
    pub force: bool,
    /// Threads; all processors when not given.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// What a command of journeys looks at.
#[derive(Debug, Args)]
pub struct RecordsArgs {
    /// The study file.
    #[arg(value_name = "STUDY", required_unless_present = "data", conflicts_with = "data")]
    pub study: Option<PathBuf>,
    /// Folder of records in place of a study file; records are known by their headings.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Where a command of journeys writes.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// File to write; standard output when not given.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Threads; all processors when not given.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// Form of a graph.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// For graph programs.
    Graphml,
    /// With everything that is computed of the graph.
    Json,
    /// The rows of the table transitions.
    Csv,
    /// A picture.
    Svg,
    /// A picture in pixels, in builds that have it.
    Png,
    /// Tables to read.
    Text,
}

#[derive(Debug, Args)]
pub struct Graph {
    #[command(flatten)]
    pub records: RecordsArgs,
    /// Journeys begin with their first visit of this state, such as IP_EM.
    #[arg(long, value_name = "STATE")]
    pub from: Option<String>,
    /// One graph for each value: age_band, sex, ethnicity, setting, region or la.
    #[arg(long, value_name = "KEY")]
    pub by: Option<String>,
    /// Leave out states and moves of fewer people.
    #[arg(long, value_name = "N")]
    pub min_people: Option<u32>,
    /// Form; by the name of the file when not given, else text.
    #[arg(long, value_enum)]
    pub format: Option<GraphFormat>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Form of a comparison.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CompareFormat {
    /// A row a move.
    Csv,
    /// With everything that is said of the comparison.
    Json,
    /// A picture of the surest differences.
    Svg,
    /// The picture in pixels, in builds that have it.
    Png,
    /// A table to read.
    Text,
}

#[derive(Debug, Args)]
pub struct Compare {
    #[command(flatten)]
    pub records: RecordsArgs,
    /// What the groups differ in: age_band, sex, ethnicity, setting, region or la; with two values of it, as in
    /// age_band=65-74,85+, where there are more than two.
    #[arg(long, value_name = "KEY[=ONE,OTHER]")]
    pub by: Option<String>,
    /// Journeys begin with their first visit of this state, such as IP_EM.
    #[arg(long, value_name = "STATE")]
    pub from: Option<String>,
    /// Leave out moves of fewer people of a group.
    #[arg(long, value_name = "N")]
    pub min_people: Option<u32>,
    /// Form; by the name of the file when not given, else text.
    #[arg(long, value_enum)]
    pub format: Option<CompareFormat>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Form of pathways.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PathwaysFormat {
    /// The rows of the table pathways with what they cover together.
    Csv,
    /// Everything, as in graph/pathways.json of a run.
    Json,
    /// A picture of pathways as rings, states over time, frequent sequences and groups.
    Svg,
    /// The picture in pixels, in builds that have it.
    Png,
    /// Tables to read.
    Text,
}

#[derive(Debug, Args)]
pub struct Pathways {
    #[command(flatten)]
    pub records: RecordsArgs,
    /// Where pathways begin: discharge, emergency_discharge, admission, first_contact, before_death,
    /// period, or the code of a state that is entered, such as STMAX.
    #[arg(long, value_name = "ANCHOR")]
    pub from: Option<String>,
    /// Pathways for each value too: age_band, sex, ethnicity, setting, region or la.
    #[arg(long, value_name = "KEY")]
    pub by: Option<String>,
    /// Pool what fewer people share; never fewer than the disclosure profile asks for.
    #[arg(long, value_name = "N")]
    pub min_people: Option<u32>,
    /// Form; by the name of the file when not given, else text.
    #[arg(long, value_enum)]
    pub format: Option<PathwaysFormat>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct Run {
    /// The study file.
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Folder of the results; beside the study file when not given.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also write the tables before disclosure control, and records, into `exact/`.
    #[arg(long)]
    pub exact: bool,
    /// Replace a finished output folder.
    #[arg(long)]
    pub force: bool,
    /// Only these measures.
    #[arg(long, value_name = "MEASURE", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Folder of an earlier run: the table `changes` says which released figures are new, gone or
    /// changed.
    #[arg(long, value_name = "OLD")]
    pub against: Option<PathBuf>,
    /// A SALT return (CSV): the table `salt_comparison` sets it beside this run, count by count.
    #[arg(long, value_name = "FILE")]
    pub salt: Option<PathBuf>,
    /// Threads; all processors when not given.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Print the time of each stage.
    #[arg(long)]
    pub profile: bool,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// Folder of a finished run.
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// Measure to explain.
    #[arg(long, value_name = "M")]
    pub measure: String,
    /// Only rows whose column has this value, such as `part=28d`.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub filters: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Methods {
    /// The measure; the list of measures when not given.
    #[arg(value_name = "MEASURE")]
    pub measure: Option<String>,
}
