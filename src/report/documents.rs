//! The generated documents: `docs/generated`, and the generated parts of README.md, proofs.md and others.
//!
//! A part stands between `<!-- generated: NAME -->` and `<!-- end generated -->`. All that is generated is
//! deterministic: it holds counts and fingerprints, and no times.

use super::clauses::clauses_markdown;
use super::explore::explored_markdown;
use super::lock_orders::{self, lock_orders, pictures};
use super::on_demand::{DocumentError, first_failing, on_demand, step_tables, trace_of};
use super::patch::{PatchReport, patch_markdown};
use super::summary::headline;
use super::{atomicity, documented_orders, spec_tables, splits, table};
use crate::ablation::{self, AblationReport, Atomicity};
use crate::explore::{Exploration, Explored, Extent, add_needs, explore, merge_explored};
use crate::lock_order::Graph;
use crate::output::Batch;
use crate::protocols;
use crate::render::{Background, ring};
use crate::runner::{Workers, all_jobs, run_all};
use crate::spec::{CheckError, Run, Spec, counterexample};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The documents that have generated parts; the others are generated as a whole.
pub const WITH_PARTS: [&str; 4] = [
    "README.md",
    "proofs.md",
    "docs/reading-a-counterexample.md",
    "docs/corpus.md",
];

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end generated -->";

/// What the documents show beyond the results of [`all_jobs`].
#[derive(Debug)]
pub struct Analyses {
    /// The ablations of every spec, over its space: see [`ablation`].
    pub ablations: Vec<AblationReport>,
    /// Every space up to the bound of the gate.
    pub spaces: Vec<(Exploration, Explored)>,
    /// The atomicity analysis of every spec.
    pub atomicity: Vec<Atomicity>,
    /// The lock-order graph of every design.
    pub graphs: Vec<Graph>,
}

impl Analyses {
    /// Makes all analyses, which takes minutes.
    ///
    /// # Errors
    /// [`CheckError`] if a search of the lock orders has no result, or the environment bounds searches.
    pub fn of_every_spec() -> Result<Self, CheckError> {
        let (mut ablations, mut spaces, mut atomicity) = (Vec::new(), Vec::new(), Vec::new());
        for spec in protocols::ALL {
            let mut of_spec: Vec<AblationReport> = Vec::new();
            of_spec.extend(ablation::patch(spec, &|_, _| ()));
            of_spec.extend(ablation::later(spec, &|_, _| ()));
            if spec.space.is_some() {
                let exploration = Exploration::of(spec, Extent::Gate);
                let explored = explore(&exploration, &|_, _| ());
                let explored =
                    explored.map_err(|error| CheckError::Elsewhere(error.to_string()))?;
                for report in &mut of_spec {
                    add_needs(report, &exploration, &explored);
                }
                spaces.push((exploration, explored));
            }
            ablations.extend(of_spec);
            atomicity.push(ablation::atomicity(spec, &|_, _| ()));
        }
        Ok(Self {
            ablations,
            spaces,
            atomicity,
            graphs: lock_orders()?,
        })
    }
}

/// A generated document or a picture: its path from the root of the crate, and its text.
pub type Generated = (String, String);

/// Every document and picture as it should be, from the documents of a folder.
///
/// # Errors
/// [`DocumentError`] if a document cannot be read or made.
pub fn documents(
    root: &Path,
    runs: &[Run],
    analyses: &Analyses,
) -> Result<Vec<Generated>, DocumentError> {
    let mut documents = Vec::new();
    let mut parts = BTreeMap::new();
    for spec in protocols::ALL {
        let of = OfSpec::new(spec, runs, analyses);
        parts.extend(of.parts());
        documents.push((format!("docs/generated/{}.md", spec.name), of.document()?));
    }
    documents.push((
        "docs/generated/documented-orders.md".to_string(),
        documented_orders::document(&analyses.graphs),
    ));
    documents.push((
        "docs/generated/space.md".to_string(),
        space_document(&analyses.spaces),
    ));
    documents.push(("docs/generated/deep.md".to_string(), deep_document(root)?));
    documents.push((
        "docs/generated/patches.md".to_string(),
        patches_document(&analyses.spaces),
    ));
    documents.extend(pictures(&analyses.graphs));
    documents.extend(rings()?);
    for name in WITH_PARTS {
        let old = std::fs::read_to_string(root.join(name))
            .map_err(|error| DocumentError::Unreadable(format!("{name}: {error}")))?;
        documents.push((name.to_string(), generate(&old, &parts)?));
    }
    Ok(documents)
}

/// The ring of waits of the counterexample to read first, for both backgrounds.
fn rings() -> Result<Vec<Generated>, DocumentError> {
    let specs: Vec<_> = protocols::ALL.iter().collect();
    let mut pictures = Vec::new();
    let Some((spec, design)) = headline(&specs) else {
        return Ok(pictures);
    };
    let Some(spec) = protocols::find(spec) else {
        return Ok(pictures);
    };
    let scenario = first_failing(spec, design).and_then(|name| spec.scenario(name));
    let trace = match (spec.design(design), scenario) {
        (Some(design), Some(scenario)) => counterexample(spec, design, scenario, None)?,
        _ => None,
    };
    if let Some(cycle) = trace.and_then(|trace| trace.cycle) {
        for (name, background) in [("light", Background::Light), ("dark", Background::Dark)] {
            let path = format!("docs/graphs/{}-ring-{name}.svg", spec.name);
            pictures.push((path, ring(&cycle, background)));
        }
    }
    Ok(pictures)
}

/// The classes of every space.
fn space_document(spaces: &[(Exploration, Explored)]) -> String {
    let mut text = String::from(
        "# The scenario spaces\n\nWritten by `cargo docs-update`, and checked by the exhaustive gate; also printed by \
         `pagelock explore` and `pagelock clauses`. Every legal scenario up to the bound is searched in every design, \
         over all schedules. A class is a property and the smallest set of later clauses that mends it.\n\n",
    );
    for (exploration, explored) in spaces {
        text.push_str(&explored_markdown(exploration, explored));
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// The results of the deep run, which takes too long for the gate: what `pagelock explore --deep --shard 1/1` printed.
const DEEP: &str = "docs/generated/deep.jsonl";

/// The classes of every space up to the deep bound, as they were found when it was last explored.
fn deep_document(root: &Path) -> Result<String, DocumentError> {
    let unreadable = |error: String| {
        DocumentError::Unreadable(format!(
            "{DEEP}: {error}; write it anew by `pagelock explore --deep --shard 1/1`"
        ))
    };
    let results =
        std::fs::read_to_string(root.join(DEEP)).map_err(|e| unreadable(e.to_string()))?;
    let results = merge_explored(protocols::ALL, &[(DEEP.to_string(), results)]);
    let results = results.map_err(|error| unreadable(error.to_string()))?;
    let sum = |of: fn(&Explored) -> u64| {
        results
            .iter()
            .map(|(_, explored)| of(explored))
            .sum::<u64>()
    };
    let mut text = format!(
        "# The scenario spaces up to the deep bound\n\nWhat [space.md](space.md) says of each space, up to a larger bound: {} \
         scenarios, {} pairs of a scenario and a set of clauses, decided by {} searches of {} states. Written by `cargo docs-update` from `{DEEP}`, which\n\n```console\n$ pagelock explore \
         --deep --shard 1/1 > {DEEP}\n```\n\nhas printed. The gate does not repeat this run: it takes too long. It notices \
         when clauses, designs, dimensions, rules or bounds have changed since, and not when the body of an encoding \
         has.\n\n",
        sum(|explored| explored.scenarios),
        sum(|explored| explored.pairs),
        sum(|explored| explored.searches),
        sum(|explored| explored.states),
    );
    for spec in protocols::ALL {
        let of_spec = |(exploration, _): &&(Exploration, Explored)| {
            exploration.spec.name == spec.name && exploration.extent == Extent::Deep
        };
        let Some((exploration, explored)) = results.iter().find(of_spec) else {
            let _ = writeln!(text, "## {}\n\nNot explored up to this bound.\n", spec.name);
            continue;
        };
        text.push_str(&explored_markdown(exploration, explored));
    }
    text.truncate(text.trim_end().len());
    Ok(text + "\n")
}

/// The hunks of every patch.
fn patches_document(spaces: &[(Exploration, Explored)]) -> String {
    let mut text = String::from(
        "# The patches, hunk by hunk\n\nWritten by `cargo docs-update`, and checked by the exhaustive gate; also printed \
         by `pagelock patch`. Every hunk has the clause that mirrors it, or the reason why none does, and a clause has \
         what is violated without it in the scenario space. Of the patches' text nothing is here but files, functions \
         and line numbers.\n\n",
    );
    for (exploration, explored) in spaces {
        if let Some(report) = PatchReport::in_space(exploration, explored) {
            text.push_str(&patch_markdown(&report));
        }
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// What there is to show of a spec.
struct OfSpec<'r> {
    spec: &'static Spec,
    runs: Vec<&'r Run>,
    ablations: Vec<AblationReport>,
    atomicity: Vec<&'r Atomicity>,
    graphs: Vec<&'r Graph>,
}

impl<'r> OfSpec<'r> {
    fn new(spec: &'static Spec, runs: &'r [Run], analyses: &'r Analyses) -> Self {
        let of_spec = |report: &&AblationReport| report.spec.name == spec.name;
        let graphs = lock_orders::drawn(spec, &analyses.graphs);
        Self {
            spec,
            runs: (runs.iter())
                .filter(|run| run.spec.name == spec.name)
                .collect(),
            ablations: (analyses.ablations.iter())
                .filter(of_spec)
                .cloned()
                .collect(),
            atomicity: (analyses.atomicity.iter())
                .filter(|one| one.spec.name == spec.name)
                .collect(),
            graphs,
        }
    }

    /// The parts of other documents, by name.
    fn parts(&self) -> Vec<Generated> {
        let named = |part: &str, text: String| (format!("{} {part}", self.spec.name), text);
        vec![
            named(
                "clauses",
                spec_tables::clauses_in_short(self.spec, &self.ablations),
            ),
            named(
                "verdicts",
                spec_tables::verdicts_in_short(self.spec, &self.runs),
            ),
            named("properties", spec_tables::properties_in_short(self.spec)),
            named("cycles", lock_orders::cycles(&self.graphs)),
        ]
    }

    /// The document with all tables of the spec.
    fn document(&self) -> Result<String, DocumentError> {
        let spec = self.spec;
        let name = spec.name;
        let mut text = format!(
            "# {name}: the tables\n\nWritten by `cargo docs-update`, and checked by the exhaustive gate. \
             [proofs.md](../../proofs.md#{name}) explains the protocol; each table here is also printed by the \
             command under its heading.\n"
        );
        let mut chapter = |title: &str, command: &str, table: &str| {
            let _ = write!(text, "\n## {title}\n\n`pagelock {command}`\n\n{table}");
        };
        chapter(
            "Designs",
            &format!("list {name}"),
            &spec_tables::designs(spec),
        );
        chapter(
            "Clauses",
            &format!("list {name}"),
            &spec_tables::clauses(spec),
        );
        chapter(
            "What each clause is needed for",
            &format!("clauses {name}"),
            clauses_markdown(&self.ablations).trim_end_matches('\n'),
        );
        chapter(
            "Scenarios",
            &format!("list {name}"),
            &spec_tables::scenarios(spec),
        );
        let properties = spec_tables::properties(spec, &self.runs, &self.ablations);
        chapter("Properties", &format!("list {name}"), &properties);
        chapter(
            "Verdicts",
            &format!("check {name}"),
            &table::markdown(&self.runs),
        );
        for design in spec.designs {
            let Some(scenario) = first_failing(spec, design.name) else {
                continue;
            };
            let command = format!("trace {name}/{} --scenario {scenario}", design.name);
            if let Some(trace) = trace_of(spec, design.name, scenario, None)? {
                chapter(
                    &format!("A counterexample of {}", design.name),
                    &command,
                    &trace,
                );
            }
        }
        let designs: Vec<&str> = self.graphs.iter().map(|graph| &*graph.design).collect();
        let commands = designs.join(&format!("`, `pagelock graph {name}/"));
        chapter(
            "Lock order",
            &format!("graph {name}/{commands}"),
            &lock_orders::section(&self.graphs),
        );
        chapter(
            "The steps of the threads, one after the other",
            &format!("trace {name}/DESIGN --scenario SCENARIO --format json"),
            &step_tables(spec)?,
        );
        for one in &self.atomicity {
            let table = atomicity::atomicity_markdown(one);
            chapter(
                "Which steps have to be two",
                &format!("atomicity {name}"),
                &table,
            );
            chapter(
                "Steps of more than one word",
                &format!("atomicity {name}"),
                &splits::splits_markdown(&one.splits),
            );
        }
        let statistics = spec_tables::statistics(&self.runs);
        chapter(
            "Search statistics",
            &format!("check {name} --json"),
            &statistics,
        );
        Ok(text)
    }
}

/// Puts the parts into a document, and the counterexamples that it names.
///
/// ```
/// use pagelock::report::generate;
/// use std::collections::BTreeMap;
///
/// let parts = BTreeMap::from([("size".to_string(), "563 states\n".to_string())]);
/// let old = "Before.\n<!-- generated: size -->\n560 states\n<!-- end generated -->\nAfter.\n";
/// let new = generate(old, &parts).unwrap();
/// assert_eq!(new, "Before.\n<!-- generated: size -->\n563 states\n<!-- end generated -->\nAfter.\n");
/// // What is up to date stays as it is.
/// assert_eq!(generate(&new, &parts), Ok(new));
/// ```
///
/// # Errors
/// [`DocumentError`] if a part is unknown, has no end, or cannot be made.
pub fn generate(document: &str, parts: &BTreeMap<String, String>) -> Result<String, DocumentError> {
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
        let text = match parts.get(name) {
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
/// # Errors
/// Says which document is stale, missing or cannot be made.
pub fn command(write: bool, workers: &Workers) -> Result<String, String> {
    let results = run_all(&all_jobs(protocols::ALL), workers, &|_, _| ());
    let runs: Result<Vec<Run>, CheckError> = results.into_iter().collect();
    let runs = runs.map_err(|error| error.to_string())?;
    let analyses = Analyses::of_every_spec().map_err(|error| error.to_string())?;
    let documents =
        documents(Path::new(""), &runs, &analyses).map_err(|error| error.to_string())?;
    let mut answer = String::new();
    let mut batch = Batch::new(true);
    for (name, new) in documents {
        // A document that is missing is stale.
        if std::fs::read_to_string(&name).is_ok_and(|old| old == new) {
            let _ = writeln!(answer, "{name} is up to date");
        } else if write {
            let added = batch.add(Path::new(""), &name, &new);
            added.map_err(|error| error.to_string())?;
            let _ = writeln!(answer, "{name} written");
        } else {
            return Err(format!("{name} is stale: run `cargo docs-update`"));
        }
    }
    batch.commit().map_err(|error| error.to_string())?;
    Ok(answer)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn known() -> BTreeMap<String, String> {
        BTreeMap::from([("a".to_string(), "new\n".to_string())])
    }

    #[test]
    fn an_unknown_part_is_an_error() {
        let text = "<!-- generated: b -->\n<!-- end generated -->";
        let error = DocumentError::Unknown("b".to_string());
        assert_eq!(error.to_string(), "the generated part `b` is unknown");
        assert_eq!(generate(text, &known()), Err(error));
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
