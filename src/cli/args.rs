//! The arguments.

use crate::engine::Engine;
use crate::plan::Shard;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  pagelock                                     check everything, by every engine
  pagelock check ext4-journal-start/patched    one design
  pagelock check --engine loom --json          exhaustively, one JSON object to a line
  pagelock trace ext4-journal-start/old        the counterexample, on one screen
  pagelock clauses nfs-coalesce                what each clause of the patch is needed for
  pagelock windows page-mkwrite                which of its steps have to be two
  pagelock trace nfs-coalesce/patched --without always-complete --scenario error
                                               what goes wrong without a clause
  pagelock graph ext4-journal-start/old        in which order it comes for locks, cycles first
  pagelock check --shard 1/2 > one.jsonl       a half of everything, for one of two machines
  pagelock merge one.jsonl two.jsonl           the verdicts of both halves
  pagelock list                                specs, designs, clauses, scenarios

Exit codes:
  0  every verdict is as recorded
  1  a verdict differs from its record
  2  usage, or bad input
  3  a search did not complete
  4  engines disagree

Colours follow NO_COLOR and CLICOLOR_FORCE; progress goes to standard error, on a terminal only.";

/// Model-checked specifications of the Linux page cache's lock ordering.
#[derive(Debug, Parser)]
#[command(name = "pagelock", version, after_help = EXAMPLES, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check designs against their records; without arguments, all of them
    Check(Check),
    /// List specs, designs, clauses, scenarios and properties
    List(List),
    /// Show the counterexample of a design
    Trace(Trace),
    /// Show what each clause of a patch is needed for, and the smallest sets that suffice
    Clauses(OfSpecs),
    /// Show between which two steps something has to come: what one step for both would hide
    Windows(OfSpecs),
    /// Show in which order the threads of a design come for locks
    Graph(Graph),
    /// Put the parts of a check together that `check --shard` has left
    Merge(Merge),
    /// Print the generated parts of README.md and proofs.md, or write them
    #[command(hide = true)]
    Docs(Docs),
    /// Run the searches that come on standard input, one line of JSON each: what `check` starts
    #[command(hide = true)]
    Worker,
}

impl Default for Command {
    fn default() -> Self {
        Self::Check(Check::default())
    }
}

/// Check designs against their records.
#[derive(Debug, Default, Args)]
pub(super) struct Check {
    /// What to check: a spec, or one of its designs; everything if left out
    #[arg(value_name = "SPEC[/DESIGN]")]
    pub(super) targets: Vec<String>,
    /// Check by this engine only
    #[arg(long)]
    pub(super) engine: Option<EngineName>,
    /// Check in this scenario only
    #[arg(long, value_name = "NAME")]
    pub(super) scenario: Option<String>,
    /// Do one of N parts of the check, and print the file that `merge` puts together with the others
    #[arg(long, value_name = "I/N", conflicts_with = "json")]
    pub(super) shard: Option<Shard>,
    /// Print one JSON object for each run, one to a line
    #[arg(long)]
    pub(super) json: bool,
}

/// Put the parts of a check together, and say what `check` says.
///
/// Every part has to be there once, and all of them of the same searches of the same models.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The files that `check --shard` has written
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Print one JSON object for each run, one to a line
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Print one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Trace {
    /// The design whose counterexample to show
    #[arg(value_name = "SPEC/DESIGN")]
    pub(super) target: String,
    /// The scenario; if left out, the first in which the design is on record as failing
    #[arg(long, value_name = "NAME")]
    pub(super) scenario: Option<String>,
    /// The property that it violates; if left out, the one that the record names first
    #[arg(long, value_name = "NAME")]
    pub(super) property: Option<String>,
    /// Show the design without this clause, in the given scenario; may be given more than once
    #[arg(long, value_name = "CLAUSE", requires = "scenario")]
    pub(super) without: Vec<String>,
    /// How to show it
    #[arg(long, default_value = "screen")]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct OfSpecs {
    /// The spec; every one if left out
    #[arg(value_name = "SPEC")]
    pub(super) spec: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Graph {
    /// The design whose lock order to show, of all its scenarios that can be searched to the end
    #[arg(value_name = "SPEC/DESIGN")]
    pub(super) target: String,
    /// How to show it
    #[arg(long, default_value = "text")]
    pub(super) format: GraphFormat,
    /// Print one JSON document, with every single lock
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Docs {
    /// Write them into README.md and proofs.md of the current directory
    #[arg(long)]
    pub(super) write: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum EngineName {
    /// Every interleaving
    Loom,
    /// Random schedules and PCT
    Shuttle,
    /// Every state
    Stateful,
}

impl From<EngineName> for Engine {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Loom => Self::Loom,
            EngineName::Shuttle => Self::Shuttle,
            EngineName::Stateful => Self::Stateful,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum GraphFormat {
    /// At most 100 columns: cycles, classes, and every order with its witness
    Text,
    /// The language of Graphviz
    Dot,
    /// The language of Mermaid
    Mermaid,
    /// A picture
    Svg,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// At most 100 columns and 40 lines of ASCII
    Screen,
    /// The whole record
    Json,
}
