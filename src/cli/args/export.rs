//! What is written for other programs, and by which schema.

use super::Output;
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
The file has the tables of each spec; of each model that the explicit-state engine runs, the
automata of its threads and the result of a search of every state. The exit code is 1 if a result
is not the expected one.

Examples:
  pagelock export -o corpus.json                    everything
  pagelock export nfs-coalesce/old --pretty         one design, indented
  pagelock export --scenario write | jq '.specs[].models[].result.states'
  pagelock schema corpus > corpus.schema.json       what the file looks like

docs/corpus.md says how to read it.";

/// Write everything as JSON for other checkers: specs, models as automata, verdicts.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// What to write: a spec, or one of its designs; everything if left out
    #[arg(value_name = "SPEC[/DESIGN]")]
    pub(crate) targets: Vec<String>,
    /// The models of this scenario only
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// Indent it, for people
    #[arg(long)]
    pub(crate) pretty: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Print the JSON schema of a counterexample, of an export, or of a line of `patch`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of which file
    #[arg(value_name = "FILE", default_value = "trace")]
    pub(crate) of: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaOf {
    /// What `trace --format json` writes
    Trace,
    /// What `export` writes
    Corpus,
    /// A line of `patch --json`
    Patch,
}
