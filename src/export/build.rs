//! Makes the file.

use super::describe::described;
use super::{Corpus, Found, Function, Model, ModelOf, SCHEMA, Spec, Violated, statement};
use crate::engine::automata::{self, Automata};
use crate::engine::{Engine, Finding, SourceFile, Strategy};
use crate::kernel;
use crate::parallel;
use crate::spec::{self, CheckError, Run};
use crate::trace::Cycle;
use std::collections::{BTreeMap, BTreeSet};

/// A corpus, and what in it is not as it should be.
///
/// ```
/// use pagelock::{export, protocols};
///
/// let asked = ["page-mkwrite/old".to_string()];
/// let models = export::models(protocols::ALL, &asked, Some("wrapper")).unwrap();
/// let export = export::corpus(&models, &|_, _| ()).unwrap();
/// assert!(export.differences.is_empty());
/// assert_eq!(export.corpus.schema, export::SCHEMA);
/// ```
#[derive(Debug, Clone)]
pub struct Export {
    /// The corpus.
    pub corpus: Corpus,
    /// Each model whose search came to something else than its record, in words.
    pub differences: Vec<String>,
}

/// The corpus of these models, with all that their specs say. Every model that the stateful engine runs is
/// searched; `progress` is told how many are done, of how many.
///
/// ```
/// use pagelock::{export, protocols};
///
/// let asked = ["ext4-journal-start/old".to_string()];
/// let models = export::models(protocols::ALL, &asked, Some("write")).unwrap();
/// let export = export::corpus(&models, &|_, _| ()).unwrap();
/// assert!(export.differences.is_empty());
/// let model = &export.corpus.specs[0].models[0];
/// assert_eq!(model.found.as_ref().unwrap().violated[0].property, "no-deadlock");
/// assert_eq!(model.automata.as_ref().unwrap().threads.len(), 3);
/// ```
///
/// # Errors
/// [`CheckError`] if a model's search has no result.
pub fn corpus(
    models: &[ModelOf],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Export, CheckError> {
    let made = parallel::for_each(models, searched, progress);
    let mut specs: Vec<(Spec, &'static spec::Spec)> = Vec::new();
    let mut differences = Vec::new();
    for (of, model) in models.iter().zip(made) {
        let model = model?;
        if let Some(differs) = model
            .found
            .as_ref()
            .and_then(|found| found.differs.as_ref())
        {
            let (spec, design, scenario) = (of.spec.name, of.design.name, of.scenario.name);
            differences.push(format!("{spec}/{design} in `{scenario}`: {differs}"));
        }
        let known = specs.iter().position(|(_, spec)| spec.name == of.spec.name);
        let place = known.unwrap_or_else(|| {
            specs.push((described(of.spec), of.spec));
            specs.len() - 1
        });
        specs[place].0.models.push(model);
    }
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    for (spec, of) in &mut specs {
        name_functions(spec, of);
        let all = of.sources.iter();
        files.extend(all.map(|SourceFile { path, text }| (*path, *text)));
    }
    // Without a source of its own, a spec shows nothing of the primitives that it may use either.
    if !files.is_empty() {
        files.extend(kernel::SOURCES.iter().map(|file| (file.path, file.text)));
    }
    let specs: Vec<Spec> = specs.into_iter().map(|(spec, _)| spec).collect();
    let statements = statements(&specs, &files);
    let owned = |(path, text): (&str, &str)| (path.to_string(), text.to_string());
    Ok(Export {
        corpus: Corpus {
            schema: SCHEMA.to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            specs,
            statements,
            sources: files.into_iter().map(owned).collect(),
        },
        differences,
    })
}

/// A model with what a search of all its states finds, if it can be searched.
fn searched(of: &ModelOf) -> Result<Model, CheckError> {
    let ModelOf {
        spec,
        design,
        scenario,
    } = *of;
    let mut model = Model {
        design: design.name.to_string(),
        scenario: scenario.name.to_string(),
        fingerprint: None,
        automata: None,
        found: None,
        left_out: None,
    };
    if !scenario.engines.has(Engine::Stateful) {
        model.left_out = Some(
            "the scenario has more states than a search of all of them can finish: it is left to \
             random schedules"
                .to_string(),
        );
        return Ok(model);
    }
    let run = spec::check(spec, design, scenario, &Strategy::States)?;
    let automata = automata::of(&spec.encoding(design, scenario));
    model.automata = Some(automata.map_err(|error| CheckError::Search {
        spec: spec.name,
        design: design.name,
        scenario: scenario.name,
        error,
    })?);
    model.fingerprint = Some(run.search.receipt.fingerprint.clone());
    model.found = Some(found(&run));
    Ok(model)
}

fn found(run: &Run) -> Found {
    let search = &run.search;
    // A stateful search always counts.
    let states = search.receipt.states.expect("it has counted its states");
    let violated = |finding: &Finding| Violated {
        property: finding.property.clone(),
        message: finding.message.clone(),
        schedules: finding.executions,
        schedule: finding.schedule.clone(),
        preemptions: finding.preemptions.map(|count| count as u64),
        cycles: finding.cycles.iter().map(Cycle::shape).collect(),
    };
    Found {
        verdict: run.verdict,
        differs: run.differs.clone(),
        states: states.states,
        transitions: states.transitions,
        ends: states.ends,
        schedules: states.schedules,
        violated: search.findings.iter().map(violated).collect(),
        reached: search.reached.iter().cloned().collect(),
    }
}

fn automata_of<'s>(spec: &'s Spec, design: &'s str) -> impl Iterator<Item = &'s Automata> {
    let models = spec.models.iter();
    let own = models.filter(move |model| model.design == design);
    own.filter_map(|model| model.automata.as_ref())
}

/// Says of each design which functions its models have, and where those are from.
fn name_functions(spec: &mut Spec, of: &'static spec::Spec) {
    for index in 0..spec.designs.len() {
        let name = spec.designs[index].name.clone();
        let Some(design) = of.design(&name) else {
            continue;
        };
        let variant = design.into();
        let threads = automata_of(spec, &name).flat_map(|automata| &automata.threads);
        let functions: BTreeSet<Function> = threads
            .flat_map(|thread| &thread.operations)
            .map(|operation| Function {
                name: operation.function.clone(),
                file: operation.file.clone(),
                commit: of.mirrored_by(&variant, &operation.function).to_string(),
            })
            .collect();
        spec.designs[index].functions = functions.into_iter().collect();
    }
}

/// What stands where the operations are, as far as the files are known.
fn statements(specs: &[Spec], files: &BTreeMap<&str, &str>) -> BTreeMap<String, String> {
    let models = specs.iter().flat_map(|spec| &spec.models);
    let automata = models.filter_map(|model| model.automata.as_ref());
    let threads = automata.flat_map(|automata| &automata.threads);
    let operations = threads.flat_map(|thread| &thread.operations);
    let places: BTreeSet<&str> = operations.map(|operation| operation.at.as_str()).collect();
    let cut = |at: &str| {
        let mut parts = at.rsplitn(3, ':');
        let (column, line, path) = (parts.next()?, parts.next()?, parts.next()?);
        statement(files.get(path)?, line.parse().ok()?, column.parse().ok()?)
    };
    let known = places
        .into_iter()
        .filter_map(|at| Some((at.to_string(), cut(at)?)));
    known.collect()
}
