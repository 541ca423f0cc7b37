//! The arguments of `patch`.

use super::trace::width;
use clap::Args;

const EXAMPLES: &str = "\
A hunk with changes of several kinds has a part for each. A clause is needed in a scenario of the space
if the patched design, or the last one, violates more there without it.

Examples:
  pagelock patch                                every spec that lists the hunks of its patch
  pagelock patch nfs-coalesce                   which hunk closes which race
  pagelock patch page-mkwrite --width 80        for a narrow terminal
  pagelock patch ext4-journal-start --json      one object for each change, one to a line
  pagelock schema patch                         what such an object has";

/// Show which clause mirrors each hunk of a patch, and where that clause is needed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PatchOf {
    /// The spec; every one that lists the hunks of its patch if left out
    #[arg(value_name = "SPEC")]
    pub(crate) spec: Option<String>,
    /// The most columns; if left out, those of the terminal, or 100
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub(crate) width: Option<usize>,
    /// Print one JSON object for each change of each hunk, one to a line
    #[arg(long, conflicts_with = "width")]
    pub(crate) json: bool,
}
