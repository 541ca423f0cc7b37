//! `pagelock report`.

use super::args::Report;
use super::check::{complained, progress, told};
use super::{Answer, Exit, interrupt};
use crate::ablation::{self, AblationReport};
use crate::escape;
use crate::lock_order;
use crate::report::diagnostics;
use crate::report::site::{Contents, counterexamples, ready, site, write};
use crate::runner::{Selection, Workers, find_designs, run_all};
use crate::spec::{Design, Spec, Specs};

pub(super) fn run(specs: Specs, arguments: &Report) -> Answer {
    let asked = Selection {
        targets: arguments.targets.clone(),
        ..Selection::default()
    };
    let (jobs, designs) = match (asked.jobs(specs), designs(specs, &arguments.targets)) {
        (Ok(jobs), Ok(designs)) => (jobs, designs),
        (Err(complaint), _) => return Answer::bad(complaint.to_string()),
        (_, Err(complaint)) => return Answer::bad(complaint),
    };
    if let Err(error) = ready(&arguments.output, arguments.force) {
        return Answer::bad(error.to_string());
    }
    if let Err(complaint) = interrupt::ends_everything() {
        return Answer::bad(complaint);
    }
    let results = run_all(&jobs, &Workers::of_this_program(), &progress);
    let (runs, mut complaints) = diagnostics::of_each(&results);
    complaints.extend(diagnostics::of_all(&runs));
    let mut answer = complained(&complaints, &results);
    let mut graphs = Vec::new();
    for (done, (spec, design)) in designs.iter().enumerate() {
        told("lock orders", done, designs.len());
        match lock_order::graph(spec, design) {
            Ok(graph) => graphs.push(graph),
            Err(error) => answer.complain(Exit::Incomplete, error.to_string()),
        }
    }
    let mut traces = Vec::new();
    for found in counterexamples(&designs, &|done, all| told("counterexamples", done, all)) {
        match found {
            Ok(trace) => traces.push(trace),
            Err(error) => answer.complain(Exit::Incomplete, error.to_string()),
        }
    }
    let mut ablations: Vec<AblationReport> = Vec::new();
    for spec in whole_specs(specs, &arguments.targets) {
        ablations.extend(ablation::patch(spec, &progress));
        ablations.extend(ablation::later(spec, &progress));
    }
    for difference in ablations.iter().flat_map(ablation::differences) {
        answer.complain(Exit::Differs, difference);
    }
    let files = site(&Contents {
        designs: &designs,
        runs: &runs,
        graphs: &graphs,
        traces: &traces,
        ablations: &ablations,
    });
    if let Err(error) = write(&arguments.output, &files, arguments.force) {
        return Answer::bad(error.to_string());
    }
    answer.text = format!(
        "{} files; the first page is {}\n",
        files.len(),
        escape::printable(&arguments.output.join("index.html").display().to_string())
    );
    answer
}

/// The designs that are asked for, in the order of the specs.
fn designs(
    specs: Specs,
    targets: &[String],
) -> Result<Vec<(&'static Spec, &'static Design)>, String> {
    let mut asked = Vec::new();
    for target in targets {
        asked.extend(find_designs(specs, target).map_err(|error| error.to_string())?);
    }
    let wanted = |spec: &Spec, design: &Design| {
        let mut asked = asked.iter();
        targets.is_empty()
            || asked.any(|(of, other)| (of.name, other.name) == (spec.name, design.name))
    };
    Ok((specs.designs())
        .filter(|(spec, design)| wanted(spec, design))
        .collect())
}

/// The specs that are asked for by name: what their clauses are needed for is a question on all designs.
fn whole_specs(specs: Specs, targets: &[String]) -> Vec<&'static Spec> {
    let asked =
        |spec: &&'static Spec| targets.is_empty() || targets.iter().any(|name| name == spec.name);
    specs.iter().filter(asked).collect()
}
