//! The pages of the counterexamples.

use super::contents::{Counterexample, File, back};
use crate::escape::file_name;
use crate::parallel::for_each;
use crate::render::{html, json};
use crate::spec::{CheckError, Design, Scenario, Spec, counterexample};

/// A counterexample to search for.
struct Wanted {
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: &'static str,
}

/// A counterexample to each property that a design is expected to violate, for each scenario.
/// `progress` is called with the number of those done, and of all.
#[must_use]
pub fn counterexamples(
    designs: &[(&'static Spec, &'static Design)],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Counterexample, CheckError>> {
    let mut wanted = Vec::new();
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
