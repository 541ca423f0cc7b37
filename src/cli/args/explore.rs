//! The arguments of `explore`.

use crate::explore::Extent;
use crate::runner::Shard;
use crate::spec::{Bound, Size};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  pagelock explore                              every spec, up to the bound of the gate
  pagelock explore nfs-coalesce --json          one object for each class, one to a line
  pagelock explore page-mkwrite/patched --threads 2 --operations 4
  pagelock explore --deep --shard 1/8 > one.jsonl
  pagelock merge *.jsonl                        the classes of all shards
  pagelock trace page-mkwrite/patched --scenario filesystem=wrapper,fault1=pte1,fsync=yes,flushes=1
                                                the counterexample in a scenario of the space";

/// Search every scenario of a space in every design, and classify what is violated.
///
/// A class is a property and the smallest set of later clauses that mends it; of each class the smallest scenario is
/// named: fewest threads, then operations, then pages, then states. `trace`, `diff` and `graph` take such a name as
/// a scenario.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explore {
    /// What to explore: a spec, or one of its designs; every spec that has a space if left out
    #[arg(value_name = "SPEC[/DESIGN]")]
    pub(crate) targets: Vec<String>,
    /// Up to so many threads
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Up to so many operations: system calls, stores, rounds of a flusher
    #[arg(long, value_name = "N")]
    operations: Option<usize>,
    /// Up to so many pages
    #[arg(long, value_name = "N")]
    pages: Option<usize>,
    /// Up to the deep bound instead of that of the gate
    #[arg(long)]
    deep: bool,
    /// Explore one of N parts, and print the file that `merge` merges with the others
    #[arg(long, value_name = "I/N", conflicts_with = "json")]
    pub(crate) shard: Option<Shard>,
    /// End a search that would visit more states; the exploration is incomplete then, and the exit code 3
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_states: Option<u64>,
    /// Print one JSON object for each class, one to a line, and a last one about the whole
    #[arg(long)]
    pub(crate) json: bool,
}

impl Explore {
    /// How much is asked for, of a space with these two bounds.
    pub(crate) fn extent(&self, [gate, deep]: [&[Bound]; 2]) -> Extent {
        let bound = if self.deep { deep } else { gate };
        if self.threads.or(self.operations).or(self.pages).is_none() {
            return if self.deep {
                Extent::Deep
            } else {
                Extent::Gate
            };
        }
        // What is not said stays as large as the bound has it somewhere.
        let most = |of: fn(&Size) -> usize| {
            bound
                .iter()
                .map(|bound| of(&bound.size))
                .max()
                .unwrap_or_default()
        };
        Extent::Size(Size {
            threads: self.threads.unwrap_or_else(|| most(|size| size.threads)),
            operations: self
                .operations
                .unwrap_or_else(|| most(|size| size.operations)),
            pages: self.pages.unwrap_or_else(|| most(|size| size.pages)),
        })
    }
}
