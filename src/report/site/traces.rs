//! The pages of the counterexamples.

use super::{File, back};
use crate::escape::file_name;
use crate::parallel::for_each;
use crate::render::{html, json};
use crate::spec::{CheckError, Design, Scenario, Spec, counterexample};
use crate::trace::Trace;

/// A counterexample of the site.
///
/// A page for a reader, and beside it the record for a program:
/// ```
/// use pagelock::report::site::{Contents, Found, site};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let found = Found { path: "counterexamples/mine".to_string(), trace };
/// let files = site(&Contents { designs: &[], runs: &[], graphs: &[], traces: &[found], studies: &[] });
/// let paths: Vec<&str> = files.iter().skip(1).map(|file| &*file.path).collect();
/// assert_eq!(paths, ["counterexamples/mine.html", "counterexamples/mine.json"]);
/// ```
#[derive(Debug, Clone)]
pub struct Found {
    /// Its place in the site, without its ending.
    pub path: String,
    /// The record.
    pub trace: Trace,
}

/// What is to be looked for.
struct Wanted {
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
    property: &'static str,
}

/// The counterexample to each property that a design is on record as violating, for each scenario.
/// `progress` is told how many are done, of how many.
///
/// What the last design of ext4 is still on record as violating:
/// ```
/// use pagelock::report::site::counterexamples;
/// use pagelock::protocols;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let fixed = (spec, spec.design("fixed").unwrap());
/// let found = counterexamples(&[fixed], &|_, _| ());
/// let properties: Vec<&str> = found.iter().map(|found| &*found.as_ref().unwrap().trace.property).collect();
/// // In two scenarios, by the same property.
/// assert_eq!(properties, ["disksize", "disksize"]);
/// ```
#[must_use]
pub fn counterexamples(
    designs: &[(&'static Spec, &'static Design)],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Found, CheckError>> {
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
            Ok(trace.map(|trace| Found {
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
    traces: &[Found],
    spec: &str,
    design: &str,
    scenario: &str,
    property: &str,
) -> Option<String> {
    let path = path(spec, design, scenario, property);
    let has = traces.iter().any(|found| found.path == path);
    has.then(|| path + ".html")
}

/// The page and the record beside it.
pub(super) fn files(found: &Found) -> [File; 2] {
    let record = format!("{}.json", found.path);
    let name = record.rsplit('/').next().unwrap_or_default();
    [
        File {
            path: format!("{}.html", found.path),
            text: html::page_of_site(&found.trace, &back(), name),
        },
        File {
            text: json(&found.trace),
            path: record,
        },
    ]
}
