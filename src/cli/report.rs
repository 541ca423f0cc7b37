//! `pagelock report`.

use super::answer::{Answer, Exit};
use super::args::Report;
use super::check::diagnosed;
use super::interrupt;
use super::progress::Progress;
use crate::ablation::{self, AblationReport};
use crate::escape;
use crate::lock_order;
use crate::report::causes;
use crate::report::diagnostics;
use crate::report::site::{Contents, counterexamples, ready, site, write};
use crate::runner::{Selection, Workers, find_designs, run_all};
use crate::spec::{Design, Spec, Specs};

pub(super) fn run(specs: Specs, arguments: &Report) -> Answer {
    let selection = Selection {
        targets: arguments.targets.clone(),
        ..Selection::default()
    };
    let (jobs, designs) = match (selection.jobs(specs), designs(specs, &arguments.targets)) {
        (Ok(jobs), Ok(designs)) => (jobs, designs),
        (Err(error), _) => return Answer::bad(error.to_string()),
        (_, Err(error)) => return Answer::bad(error),
    };
    if let Err(error) = ready(&arguments.output, arguments.force) {
        return Answer::bad(error.to_string());
    }
    if let Err(error) = interrupt::exit_on_interrupt() {
        return Answer::bad(error);
    }
    let searches = Progress::new("checking", "searches");
    let results = run_all(&jobs, &Workers::of_this_program(), &|done, all| {
        searches.show(done, all);
    });
    let (runs, mut diagnostics) = diagnostics::of_each(&results);
    diagnostics.extend(diagnostics::of_all(&runs));
    let mut answer = diagnosed(&causes(&diagnostics), &results, true);
    let mut graphs = Vec::new();
    let lock_orders = Progress::new("reporting", "lock orders");
    for (done, (spec, design)) in designs.iter().enumerate() {
        lock_orders.show(done, designs.len());
        match lock_order::graph(spec, design) {
            Ok(graph) => graphs.push(graph),
            Err(error) => answer.add(Exit::Incomplete, error.to_string()),
        }
    }
    let mut traces = Vec::new();
    let found = Progress::new("reporting", "counterexamples");
    for result in counterexamples(&designs, &runs, &|done, all| found.show(done, all)) {
        match result {
            Ok(trace) => traces.push(trace),
            Err(error) => answer.add(Exit::Incomplete, error.to_string()),
        }
    }
    let mut ablations: Vec<AblationReport> = Vec::new();
    let ablated = Progress::new("reporting", "sets of clauses");
    let show = |done, all| ablated.show(done, all);
    for spec in whole_specs(specs, &arguments.targets) {
        ablations.extend(ablation::patch(spec, &show));
        ablations.extend(ablation::later(spec, &show));
    }
    for difference in ablations.iter().flat_map(ablation::differences) {
        answer.add(Exit::Differs, difference);
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

/// The selected designs, in the order of the specs.
fn designs(
    specs: Specs,
    targets: &[String],
) -> Result<Vec<(&'static Spec, &'static Design)>, String> {
    let mut selected = Vec::new();
    for target in targets {
        selected.extend(find_designs(specs, target).map_err(|error| error.to_string())?);
    }
    let wanted = |spec: &Spec, design: &Design| {
        let mut selected = selected.iter();
        targets.is_empty()
            || selected.any(|(of, other)| (of.name, other.name) == (spec.name, design.name))
    };
    Ok((specs.designs())
        .filter(|(spec, design)| wanted(spec, design))
        .collect())
}

/// The specs that are selected by name: what their clauses are needed for depends on all designs.
fn whole_specs(specs: Specs, targets: &[String]) -> Vec<&'static Spec> {
    let selected =
        |spec: &&'static Spec| targets.is_empty() || targets.iter().any(|name| name == spec.name);
    specs.iter().filter(selected).collect()
}
