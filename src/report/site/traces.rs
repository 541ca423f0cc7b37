//! The pages of the counterexamples.

use super::contents::{Counterexample, File, back};
use crate::escape::file_name;
use crate::parallel::for_each;
use crate::render::{html, json};
use crate::spec::{CheckError, Design, Run, Scenario, Spec, counterexample};

/// A counterexample to search for.
struct Wanted<'r> {
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: &'r str,
}

/// A counterexample to each property that a design is expected to violate, for each scenario, and to each that a run has
/// found violated besides.
/// `progress` is called with the number of those done, and of all.
#[must_use]
pub fn counterexamples(
    designs: &[(&'static Spec, &'static Design)],
    runs: &[&Run],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Counterexample, CheckError>> {
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    for (spec, design) in designs {
        for expectation in spec.expectations_of(design.name) {
            let Some(scenario) = spec.scenario(expectation.scenario) else {
                continue;
            };
            wanted.extend(
                expectation
                    .outcome
                    .properties()
                    .iter()
                    .map(|property| Wanted {
                        spec,
                        design,
                        scenario,
                        property,
                    }),
            );
        }
    }
    for run in runs {
        for finding in &run.search.findings {
            let is_known = |one: &Wanted<'_>| {
                (
                    one.spec.name,
                    one.design.name,
                    one.scenario.name,
                    one.property,
                ) == (
                    run.spec.name,
                    run.design.name,
                    run.scenario.name,
                    finding.property.as_str(),
                )
            };
            if !wanted.iter().any(is_known) {
                wanted.push(Wanted {
                    spec: run.spec,
                    design: run.design,
                    scenario: run.scenario,
                    property: &finding.property,
                });
            }
        }
    }
    let found = for_each(
        &wanted,
        |one| {
            let trace = counterexample(one.spec, one.design, one.scenario, Some(one.property))?;
            Ok(trace.map(|trace| Counterexample {
                path: path(
                    one.spec.name,
                    one.design.name,
                    one.scenario.name,
                    one.property,
                ),
                trace,
            }))
        },
        progress,
    );
    found.into_iter().filter_map(Result::transpose).collect()
}

/// The place of a counterexample in the site, without its ending.
fn path(spec: &str, design: &str, scenario: &str, property: &str) -> String {
    let name = file_name(&[spec, design, scenario, property]);
    format!("counterexamples/{name}")
}

/// The place of a counterexample, if the site has it.
pub(super) fn found(
    traces: &[Counterexample],
    spec: &str,
    design: &str,
    scenario: &str,
    property: &str,
) -> Option<String> {
    let path = path(spec, design, scenario, property);
    let has = traces.iter().any(|found| found.path == path);
    has.then(|| path + ".html")
}

/// The page, and the trace for programs.
pub(super) fn files(found: &Counterexample) -> [File; 2] {
    let json_path = format!("{}.json", found.path);
    let name = json_path.rsplit('/').next().unwrap_or_default();
    [
        File {
            path: format!("{}.html", found.path),
            text: html::page_of_site(&found.trace, &back(), name),
        },
        File {
            text: json(&found.trace),
            path: json_path,
        },
    ]
}
