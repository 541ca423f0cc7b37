//! The parts of README.md and proofs.md that are printed by the program.
//!
//! A part stands between `<!-- generated: NAME -->` and `<!-- end generated -->`. What it says is
//! deterministic: it holds counts and fingerprints, and no times.

use super::clauses::clauses_markdown;
use super::lock_orders::{self, pictures};
use super::merges::merges_markdown;
use super::spec_tables::{clauses, properties, receipts, scenarios};
use super::table;
use crate::ablation::{self, Merges, Study};
use crate::engine::replay;
use crate::plan::{Workers, all_jobs, run_all};
use crate::render::{Format, Layout, beside, render, screen};
use crate::spec::{self, CheckError, Run, Scenario, Spec, counterexample};
use crate::trace::{Event, EventKind};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use thiserror::Error;

/// The documents that have generated parts.
pub const GENERATED: [&str; 3] = ["README.md", "proofs.md", "docs/reading-a-counterexample.md"];

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end generated -->";

/// Why a document's generated parts cannot be made.
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
/// # Errors
/// [`DocumentError::Check`] if a check gives no result.
pub fn sections(workers: &Workers) -> Result<BTreeMap<String, String>, DocumentError> {
    sections_from(&all_runs(workers)?, &studies(), &merges())
}

fn all_runs(workers: &Workers) -> Result<Vec<Run>, CheckError> {
    let results = run_all(&all_jobs(spec::ALL), workers, &|_, _| ());
    results.into_iter().collect()
}

/// Every study of every spec: see [`ablation`](crate::ablation).
#[must_use]
pub fn studies() -> Vec<Study> {
    let of = |spec: &'static Spec| {
        let patch = ablation::patch(spec, &|_, _| ());
        [patch, ablation::later(spec, &|_, _| ())]
    };
    spec::ALL.iter().flat_map(of).flatten().collect()
}

/// What merged pairs of operations hide, of every spec: see [`merged`](crate::ablation::merged).
#[must_use]
pub fn merges() -> Vec<Merges> {
    let specs = spec::ALL.iter();
    specs
        .map(|spec| ablation::merged(spec, &|_, _| ()))
        .collect()
}

/// The same, from the results of [`all_jobs`], of [`studies`] and of [`merges`].
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
    for spec in spec::ALL {
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
            let Some(record) = spec
                .records_of(design.name)
                .find(|r| r.verdict.reason().is_some())
            else {
                continue;
            };
            if let Some(text) = trace_of(spec, design.name, record.scenario, None)? {
                add(&format!("counterexample {}", design.name), text);
            }
        }
    }
    sections.extend(lock_orders::sections(runs));
    Ok(sections)
}

/// Puts the sections into a document, and the counterexamples and step tables that it asks for.
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

/// A part that is made when a document asks for it: `SPEC counterexample DESIGN SCENARIO [PROPERTY]`,
/// `SPEC beside DESIGN TWIN SCENARIO`, `SPEC face FORMAT DESIGN SCENARIO` or `SPEC steps SCENARIO...`;
/// `None` if there is no such thing.
fn on_demand(name: &str) -> Result<Option<String>, DocumentError> {
    let words: Vec<&str> = name.split(' ').collect();
    let Some(spec) = words.first().and_then(|name| spec::find(name)) else {
        return Ok(None);
    };
    match words[1..] {
        ["counterexample", design, scenario] => trace_of(spec, design, scenario, None),
        ["counterexample", design, scenario, property] => {
            trace_of(spec, design, scenario, Some(property))
        }
        ["beside", design, twin, scenario] => beside_of(spec, design, twin, scenario),
        ["face", format, design, scenario] => face_of(spec, format, design, scenario),
        ["steps", ref scenarios @ ..] => {
            let found: Option<Vec<&Scenario>> =
                scenarios.iter().map(|name| spec.scenario(name)).collect();
            found.map(|scenarios| steps(spec, &scenarios)).transpose()
        }
        _ => Ok(None),
    }
}

fn trace_of(
    spec: &'static Spec,
    design: &str,
    scenario: &str,
    property: Option<&str>,
) -> Result<Option<String>, DocumentError> {
    let (Some(design), Some(scenario)) = (spec.design(design), spec.scenario(scenario)) else {
        return Ok(None);
    };
    let trace = counterexample(spec, design, scenario, property)?;
    Ok(trace.map(|trace| format!("```text\n{}```\n", screen(&trace, Layout::default()))))
}

fn beside_of(
    spec: &'static Spec,
    design: &str,
    twin: &str,
    scenario: &str,
) -> Result<Option<String>, DocumentError> {
    let (Some(design), Some(twin)) = (spec.design(design), spec.design(twin)) else {
        return Ok(None);
    };
    let Some(scenario) = spec.scenario(scenario) else {
        return Ok(None);
    };
    let trace = spec::beside(spec, design, scenario, None, Some(twin))?;
    let shown = trace.and_then(|trace| beside(&trace, Layout::default()).ok());
    Ok(shown.map(|text| format!("```text\n{text}```\n")))
}

fn face_of(
    spec: &'static Spec,
    format: &str,
    design: &str,
    scenario: &str,
) -> Result<Option<String>, DocumentError> {
    let format = Format::ALL
        .iter()
        .copied()
        .find(|other| other.name() == format);
    let (Some(design), Some(scenario)) = (spec.design(design), spec.scenario(scenario)) else {
        return Ok(None);
    };
    let (Some(format), Some(trace)) = (format, counterexample(spec, design, scenario, None)?)
    else {
        return Ok(None);
    };
    // GitHub draws what is in Mermaid.
    let language = if format == Format::Mermaid {
        "mermaid"
    } else {
        "text"
    };
    let shown = render(&trace, format, Layout::default()).ok();
    Ok(shown.map(|text| format!("```{language}\n{text}```\n")))
}

/// Compares the documents of the current directory with what the program prints, or writes them.
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
    for (name, old, new) in files {
        let path = Path::new(&name);
        if old.as_ref() == Some(&new) {
            let _ = writeln!(said, "{name} is up to date");
        } else if write {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|error| format!("{name}: {error}"))?;
            }
            std::fs::write(path, new).map_err(|error| format!("{name}: {error}"))?;
            let _ = writeln!(said, "{name} written");
        } else {
            return Err(format!("{name} is stale: run `cargo docs-update`"));
        }
    }
    Ok(said)
}

/// The steps of each thread of the old and the patched design, from the run in which the threads
/// go one after the other.
fn steps(spec: &'static Spec, scenarios: &[&Scenario]) -> Result<String, DocumentError> {
    let mut text = String::new();
    for design in &spec.designs[..2] {
        for scenario in scenarios {
            let encoding = spec.encoding(design, scenario);
            let replayed = replay(&encoding, &[]).map_err(|error| CheckError::Search {
                spec: spec.name,
                design: design.name,
                scenario: scenario.name,
                error,
            })?;
            let _ = writeln!(
                text,
                "\n<details><summary>{}, scenario {}</summary>\n\n\
                 | step | thread | kernel function | called from | does | object |\n\
                 |---|---|---|---|---|---|",
                design.name, scenario.name
            );
            let told = |event: &&Event| event.kind != EventKind::Drop;
            for event in replayed.events.iter().filter(told) {
                let does = match (event.kind, &event.change) {
                    (EventKind::Acquire, _) => "takes",
                    (EventKind::Release, _) => "gives up",
                    (EventKind::Step, Some(_)) | (EventKind::Update, _) => "changes",
                    (EventKind::Step, None) => "reads",
                    (EventKind::Wait, _) => "waits for",
                    (EventKind::Drop, _) => "drops",
                };
                let number = event.operation.map(|number| number.to_string());
                let _ = writeln!(
                    text,
                    "| {} | {} | `{}` ({}) | {} | {does} | {} |",
                    number.unwrap_or_default(),
                    event.thread,
                    event.function,
                    event.file,
                    event
                        .callers
                        .last()
                        .map(|c| format!("`{c}`"))
                        .unwrap_or_default(),
                    event.object.as_deref().unwrap_or_default(),
                );
            }
            text.push_str("\n</details>\n");
        }
    }
    Ok(text)
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
