//! The parts of README.md and proofs.md that are printed by the program.
//!
//! A part stands between `<!-- generated: NAME -->` and `<!-- end generated -->`. What it says is
//! deterministic: it holds counts and fingerprints, and no times.

use super::clauses::clauses_markdown;
use super::lock_orders::{self, pictures};
use super::merges::merges_markdown;
use super::on_demand::{on_demand, trace_of};
use super::spec_tables::{clauses, properties, receipts, scenarios};
use super::table;
use crate::ablation::{self, Merges, Study};
use crate::output::Batch;
use crate::protocols;
use crate::runner::{Workers, all_jobs, run_all};
use crate::spec::{CheckError, Run, Spec};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use thiserror::Error;

/// The documents that have generated parts.
pub const GENERATED: [&str; 4] = [
    "README.md",
    "proofs.md",
    "docs/reading-a-counterexample.md",
    "docs/corpus.md",
];

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end generated -->";

/// Why a document's generated parts cannot be made.
///
/// ```
/// use pagelock::report::{DocumentError, generate};
/// use std::collections::BTreeMap;
///
/// let part = "<!-- generated: nfs-coalesce poem -->\n<!-- end generated -->\n";
/// let error = generate(part, &BTreeMap::new()).unwrap_err();
/// assert_eq!(error, DocumentError::Unknown("nfs-coalesce poem".to_string()));
/// assert_eq!(error.to_string(), "the generated part `nfs-coalesce poem` is unknown");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// A part has a name that the program does not print.
    #[error("the generated part `{0}` is unknown")]
    Unknown(String),
    /// A part has no end.
    #[error("the generated part `{0}` has no `{END}`")]
    Unended(String),
    /// A check gave no result.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// Everything that can stand in a generated part, by name. Runs every search.
///
/// It runs every search, which takes minutes:
/// ```no_run
/// use pagelock::runner::Workers;
/// use pagelock::report::{generate, sections};
///
/// let sections = sections(&Workers::Threads).unwrap();
/// let proofs = std::fs::read_to_string("proofs.md").unwrap();
/// assert_eq!(generate(&proofs, &sections), Ok(proofs));
/// ```
///
/// # Errors
/// [`DocumentError::Check`] if a check gives no result.
pub fn sections(workers: &Workers) -> Result<BTreeMap<String, String>, DocumentError> {
    sections_from(&all_runs(workers)?, &studies(), &merges())
}

fn all_runs(workers: &Workers) -> Result<Vec<Run>, CheckError> {
    let results = run_all(&all_jobs(protocols::ALL), workers, &|_, _| ());
    results.into_iter().collect()
}

/// Every study of every spec: see [`ablation`](crate::ablation).
///
/// Where one spec's is wanted, [`patch`](crate::ablation::patch) takes a part of the time:
/// ```no_run
/// use pagelock::report::{clauses_markdown, studies};
///
/// let studies = studies();
/// assert!(studies.iter().all(|study| pagelock::ablation::differences(study).is_empty()));
/// println!("{}", clauses_markdown(&studies));
/// ```
#[must_use]
pub fn studies() -> Vec<Study> {
    let of = |spec: &'static Spec| {
        let patch = ablation::patch(spec, &|_, _| ());
        [patch, ablation::later(spec, &|_, _| ())]
    };
    protocols::ALL.iter().flat_map(of).flatten().collect()
}

/// What merged pairs of operations hide, of every spec: see [`merged`](crate::ablation::merged).
///
/// It searches every design in every scenario, with each clause and without:
/// ```no_run
/// use pagelock::report::{merges, merges_screen};
///
/// let merges = merges();
/// assert!(merges.iter().all(|of_spec| of_spec.failed.is_empty()));
/// println!("{}", merges_screen(&merges));
/// ```
#[must_use]
pub fn merges() -> Vec<Merges> {
    let specs = protocols::ALL.iter();
    specs
        .map(|spec| ablation::merged(spec, &|_, _| ()))
        .collect()
}

/// The same, from the results of [`all_jobs`], of [`studies`] and of [`merges`].
///
/// What there is without any search: the tables of the specs, and the counterexamples.
/// ```
/// use pagelock::report::sections_from;
///
/// let sections = sections_from(&[], &[], &[]).unwrap();
/// assert!(sections["nfs-coalesce clauses"].contains("own-descriptor"));
/// assert!(sections["ext4-journal-start counterexample old"].starts_with("```text\nFAIL as recorded"));
/// ```
///
/// # Errors
/// [`DocumentError::Check`] if a counterexample cannot be made.
pub fn sections_from(
    runs: &[Run],
    studies: &[Study],
    merges: &[Merges],
) -> Result<BTreeMap<String, String>, DocumentError> {
    let mut sections = BTreeMap::new();
    for merges in merges {
        let name = format!("{} merges", merges.spec.name);
        sections.insert(name, merges_markdown(merges));
    }
    for spec in protocols::ALL {
        let own = runs.iter().filter(|run| run.spec.name == spec.name);
        let runs: Vec<&Run> = own.collect();
        let mut add = |part: &str, text: String| {
            sections.insert(format!("{} {part}", spec.name), text);
        };
        add("verdicts", table::markdown(&runs));
        add("receipts", receipts(&runs));
        let own = studies.iter().filter(|study| study.spec.name == spec.name);
        let studies: Vec<Study> = own.cloned().collect();
        add("needs", clauses_markdown(&studies));
        add("clauses", clauses(spec));
        add("scenarios", scenarios(spec));
        add("properties", properties(spec, &runs, &studies));
        for design in spec.designs {
            let Some(expectation) = spec
                .expectations_of(design.name)
                .find(|expectation| expectation.outcome.reason().is_some())
            else {
                continue;
            };
            if let Some(text) = trace_of(spec, design.name, expectation.scenario, None)? {
                add(&format!("counterexample {}", design.name), text);
            }
        }
    }
    sections.extend(lock_orders::sections(runs));
    Ok(sections)
}

/// Puts the sections into a document, and the counterexamples and step tables that it asks for.
///
/// ```
/// use pagelock::report::generate;
/// use std::collections::BTreeMap;
///
/// let sections = BTreeMap::from([("size".to_string(), "563 states\n".to_string())]);
/// let old = "Before.\n<!-- generated: size -->\n560 states\n<!-- end generated -->\nAfter.\n";
/// let new = generate(old, &sections).unwrap();
/// assert_eq!(new, "Before.\n<!-- generated: size -->\n563 states\n<!-- end generated -->\nAfter.\n");
/// // What is up to date stays as it is.
/// assert_eq!(generate(&new, &sections), Ok(new));
/// ```
///
/// # Errors
/// [`DocumentError`] if a part is unknown, has no end, or cannot be made.
pub fn generate(
    document: &str,
    sections: &BTreeMap<String, String>,
) -> Result<String, DocumentError> {
    let mut made = String::new();
    let mut rest = document;
    while let Some(begin) = rest.find(BEGIN) {
        let (before, part) = rest.split_at(begin);
        let head_end = part.find('\n').map_or(part.len(), |end| end + 1);
        let head = &part[..head_end];
        let name = head[BEGIN.len()..]
            .trim_end()
            .trim_end_matches("-->")
            .trim();
        let text = match sections.get(name) {
            Some(text) => text.clone(),
            None => on_demand(name)?.ok_or_else(|| DocumentError::Unknown(name.to_string()))?,
        };
        let end = part
            .find(END)
            .ok_or_else(|| DocumentError::Unended(name.to_string()))?;
        let _ = write!(made, "{before}{head}{text}{END}");
        rest = &part[end + END.len()..];
    }
    made.push_str(rest);
    Ok(made)
}

/// Compares the documents of the current directory with what the program prints, or writes them.
///
/// In the root of this repository, after every search:
/// ```no_run
/// use pagelock::runner::Workers;
///
/// match pagelock::report::command(false, &Workers::of_this_program()) {
///     Ok(said) => print!("{said}"),
///     Err(stale) => panic!("{stale}"),
/// }
/// ```
///
/// # Errors
/// Says which document is stale, missing or cannot be made.
pub fn command(write: bool, workers: &Workers) -> Result<String, String> {
    let runs = all_runs(workers).map_err(|error| error.to_string())?;
    let sections =
        sections_from(&runs, &studies(), &merges()).map_err(|error| error.to_string())?;
    let mut files = Vec::new();
    for name in GENERATED {
        let old = std::fs::read_to_string(name).map_err(|error| format!("{name}: {error}"))?;
        let new = generate(&old, &sections).map_err(|error| format!("{name}: {error}"))?;
        files.push((name.to_string(), Some(old), new));
    }
    for (name, new) in pictures(&runs) {
        // A picture that is not there yet is as good as a stale one.
        files.push((name.clone(), std::fs::read_to_string(name).ok(), new));
    }
    let mut said = String::new();
    let mut batch = Batch::new(true);
    for (name, old, new) in files {
        if old.as_ref() == Some(&new) {
            let _ = writeln!(said, "{name} is up to date");
        } else if write {
            let added = batch.add(Path::new(""), &name, &new);
            added.map_err(|error| error.to_string())?;
            let _ = writeln!(said, "{name} written");
        } else {
            return Err(format!("{name} is stale: run `cargo docs-update`"));
        }
    }
    batch.commit().map_err(|error| error.to_string())?;
    Ok(said)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn known() -> BTreeMap<String, String> {
        BTreeMap::from([("a".to_string(), "new\n".to_string())])
    }

    #[test]
    fn replaces_what_stands_between_the_marks_and_nothing_else() {
        let old = "x\n<!-- generated: a -->\nold\n<!-- end generated -->\ny\n";
        let new = "x\n<!-- generated: a -->\nnew\n<!-- end generated -->\ny\n";
        assert_eq!(generate(old, &known()).unwrap(), new);
        assert_eq!(generate(new, &known()).unwrap(), new);
    }

    #[test]
    fn an_unknown_part_is_an_error() {
        let text = "<!-- generated: b -->\n<!-- end generated -->";
        assert_eq!(
            generate(text, &known()),
            Err(DocumentError::Unknown("b".to_string()))
        );
    }

    #[test]
    fn a_part_without_an_end_is_an_error() {
        let text = "<!-- generated: a -->\nold";
        assert_eq!(
            generate(text, &known()),
            Err(DocumentError::Unended("a".to_string()))
        );
    }
}
