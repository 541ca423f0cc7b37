//! The arguments.

mod check;
mod explore;
mod export;
mod formats;
mod patch;
#[cfg(all(test, not(loom)))]
mod tests_of_words;
mod trace;

pub(super) use check::{Check, CheckFormat, Merge, Verdicts};
pub(super) use explore::Explore;
pub(super) use export::{Export, Schema, SchemaOf};
pub(super) use formats::GraphFormat;
pub(super) use patch::PatchOf;
pub(super) use trace::{Diff, Output, Replay, Trace};

use crate::protocols;
use crate::render::text::beside;
use crate::report::headline;
use crate::spec::{Specs, interned_text};
use clap::builder::Resettable;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use std::path::PathBuf;

/// The examples of the crate's own specs.
const EXAMPLES: &str = "\
Examples:
  pagelock                                     check everything, by every engine
  pagelock check ext4-journal-start/patched    one design
  pagelock check --engine loom --json          exhaustively, one JSON object to a line
  pagelock trace ext4-journal-start/old        the counterexample, on one screen
  pagelock clauses nfs-coalesce                what each clause of the patch is needed for
  pagelock explore page-mkwrite                every scenario of its space, and what is violated there
  pagelock patch nfs-coalesce                  which hunk of the patch closes which race
  pagelock atomicity page-mkwrite              which of its steps have to be two
  pagelock trace nfs-coalesce/patched --without always-complete --scenario error
                                               what goes wrong without a clause
  pagelock diff ext4-journal-start             where the patched design diverges from the old one, and why
  pagelock trace nfs-coalesce/old --format changelog
                                               two columns, ready for a commit message
  pagelock trace page-mkwrite/old --format json -o race.json
  pagelock replay race.json --step             the same again, a step at a time
  pagelock check page-mkwrite --format github  annotations and a summary of the job
  pagelock graph ext4-journal-start/old        in which order it acquires locks, cycles first
  pagelock report nfs-coalesce -o site         all of a spec as HTML, which needs no server
  pagelock export -o corpus.json               every model and verdict, for another checker
  pagelock check --shard 1/2 > one.jsonl       a half of everything, for one of two machines
  pagelock check --shard 2/2 > two.jsonl       the other half, for the other
  pagelock merge one.jsonl two.jsonl           the verdicts of both halves
  pagelock list                                specs, designs, clauses, scenarios";

const SHORT: &str = "\
Examples:
  pagelock                                     check everything, by every engine
  pagelock trace                               the counterexample to read first
  pagelock explore page-mkwrite                every scenario of its space

`--help` has more examples, and the exit codes.";

const ENDS: &str = "\
Exit codes:
  0  every verdict is the expected one
  1  a verdict differs from the expected one
  2  usage, or bad input
  3  a search did not complete: it reached a limit, or was interrupted
  4  engines disagree
  130  interrupted, and nothing is printed

An interrupt (Ctrl-C, SIGTERM) ends a check after the running searches; a second one quits at once.

Colours follow NO_COLOR and CLICOLOR_FORCE. Progress goes to standard error: in one line on a terminal, and every 20
seconds elsewhere.";

/// The command line of these specs, under the name that the program was started by.
pub(super) fn command(specs: Specs, program: &str) -> clap::Command {
    let command = Arguments::command().name(interned_text(program));
    if specs
        .iter()
        .all(|spec| protocols::find(spec.name).is_some())
    {
        return command
            .after_help(SHORT)
            .after_long_help(format!("{EXAMPLES}\n\n{ENDS}"));
    }
    let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
    let examples = examples(specs, program);
    command
        .about(format!(
            "Checks designs, each in every schedule: {}",
            names.join(", ")
        ))
        .after_help(format!("{examples}\n\n`--help` has the exit codes."))
        .after_long_help(format!("{examples}\n\n{ENDS}"))
        // The examples of the commands are of the crate's own specs.
        .mut_subcommands(|command| command.after_help(Resettable::Reset))
}

/// The examples of other specs than the crate's own.
fn examples(specs: Specs, program: &str) -> String {
    let mut rows = vec![(program.to_string(), "check everything, by every engine")];
    if let Some((spec, design)) = headline(&specs.iter().collect::<Vec<_>>()) {
        let what = "the counterexample to read first";
        rows.push((format!("{program} trace {spec}/{design}"), what));
    }
    if let Some(spec) = specs.iter().next() {
        rows.push((
            format!("{program} clauses {}", spec.name),
            "what each clause is needed for",
        ));
        rows.push((
            format!("{program} report -o site"),
            "all of it as HTML, which needs no server",
        ));
        rows.push((
            format!("{program} list"),
            "specs, designs, clauses, scenarios",
        ));
    }
    format!("Examples:\n{}", beside(&rows))
}

/// Model-checked specifications of the Linux page cache's lock ordering.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) color: colorchoice_clap::Color,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check designs against their expected verdicts; without arguments, all of them
    Check(Check),
    /// List specs, designs, clauses, scenarios and properties
    List(List),
    /// Show the counterexample of a design
    Trace(Trace),
    /// Show where two designs diverge in the schedule that makes the first one fail
    Diff(Diff),
    /// Execute a stored counterexample again
    Replay(Replay),
    /// Show what each clause of a patch is needed for, and the smallest sets that suffice
    Clauses(OfSpecs),
    /// Search every scenario of a space in every design, and classify what is violated
    Explore(Explore),
    /// Show which clause mirrors each hunk of a patch, and where that clause is needed
    Patch(PatchOf),
    /// Show which two steps have to be two, and why each step of several words is one
    Atomicity(OfSpecs),
    /// Show in which order the threads of a design acquire locks
    Graph(Graph),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page, of the program or of a command
    Man(Man),
    /// Print the JSON schema of a counterexample, of an export, or of a line of `patch`
    Schema(Schema),
    /// Write everything as a site: verdicts, clauses, lock orders, counterexamples
    Report(Report),
    /// Write everything as JSON for other checkers: specs, models as automata, verdicts
    Export(Export),
    /// Merge the files of `check --shard`
    Merge(Merge),
    /// Print the generated parts of README.md and proofs.md, or write them
    #[command(hide = true)]
    Docs(Docs),
    /// Run the searches that are read from standard input, one line of JSON each, as `check` starts it
    #[command(hide = true)]
    Worker,
}

impl Default for Command {
    fn default() -> Self {
        Self::Check(Check::default())
    }
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// The command; if left out, the program
    pub(super) of: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The spec; every one if left out
    #[arg(value_name = "SPEC")]
    pub(super) spec: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    pub(super) json: bool,
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

/// Write everything as a site: verdicts, clauses, lock orders, counterexamples.
///
/// The site needs no server: its first page is DIR/index.html.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// What to report: a spec, or one of its designs; everything if left out. What the clauses are
    /// needed for is reported of whole specs
    #[arg(value_name = "SPEC[/DESIGN]")]
    pub(super) targets: Vec<String>,
    /// The folder to write into, which is created if it does not exist
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
    /// Write into a folder that is not empty: files of the same name are replaced
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct Docs {
    /// Write them into README.md and proofs.md of the current directory
    #[arg(long)]
    pub(super) write: bool,
}
