//! The corpus: every spec and its models in one file, for other checkers.
//!
//! A reader of a [`Corpus`] needs nothing of this crate: the file has the designs, the clauses and the expected
//! verdicts as the spec's own types are serialized, and each model as [`automata`] with the
//! result of the crate's own search. Another checker explores the automata and compares. docs/corpus.md says how,
//! and what is not in the file.
//!
//! ```
//! use pagelock::{export, protocols};
//!
//! let targets = ["ext4-journal-start/old".to_string()];
//! let models = export::models(protocols::ALL, &targets, Some("write")).unwrap();
//! let export = export::corpus(&models, &|_, _| ()).unwrap();
//! assert!(export.differences.is_empty());
//! let model = &export.corpus.specs[0].models[0];
//! assert_eq!(model.result.as_ref().unwrap().violated[0].property, "no-deadlock");
//! assert_eq!(model.automata.as_ref().unwrap().threads.len(), 3);
//! ```

mod corpus;
#[cfg(all(test, not(loom)))]
mod tests_of_schema;

pub use corpus::{Corpus, JSON_SCHEMA, Model, ModelResult, SCHEMA, SpecModels, Violation};

use crate::engine::{Engine, Strategy, automata};
use crate::parallel;
use crate::runner::{SelectionError, find_designs, find_scenario};
use crate::spec::{CheckError, Design, Scenario, Spec, Specs, check};
use std::collections::BTreeSet;

/// A design in a scenario for which the spec has an expectation.
#[derive(Debug, Clone, Copy)]
pub struct ModelOf {
    /// The spec.
    pub spec: &'static Spec,
    /// The design.
    pub design: &'static Design,
    /// The scenario.
    pub scenario: &'static Scenario,
}

/// The selected models: of specs, or of designs as `SPEC/DESIGN`, where an empty list selects everything; in one
/// scenario or in all. They are in the order of the specs, without repetition.
///
/// # Errors
/// [`SelectionError`] if a name is unknown, or nothing is left.
pub fn models(
    specs: Specs,
    targets: &[String],
    scenario: Option<&str>,
) -> Result<Vec<ModelOf>, SelectionError> {
    let mut selected = Vec::new();
    for target in targets {
        selected.extend(find_designs(specs, target)?);
    }
    if targets.is_empty() {
        selected.extend(specs.designs());
    }
    if let Some(name) = scenario {
        find_scenario(&selected, name)?;
    }
    let names: BTreeSet<(&str, &str)> = (selected.iter())
        .map(|(spec, design)| (spec.name, design.name))
        .collect();
    let mut models = Vec::new();
    for (spec, design) in specs.designs() {
        if !names.contains(&(spec.name, design.name)) {
            continue;
        }
        for expectation in spec.expectations_of(design.name) {
            let wanted = scenario.is_none_or(|name| expectation.scenario == name);
            if let Some(scenario) = spec.scenario(expectation.scenario).filter(|_| wanted) {
                models.push(ModelOf {
                    spec,
                    design,
                    scenario,
                });
            }
        }
    }
    if models.is_empty() {
        return Err(SelectionError::Nothing);
    }
    Ok(models)
}

/// A corpus, and which of its results differ from the expected ones.
#[derive(Debug, Clone)]
pub struct Export {
    /// The corpus.
    pub corpus: Corpus,
    /// Each model whose result is not the expected one, in words.
    pub differences: Vec<String>,
}

/// The corpus of these models, with the tables of their specs. Every model that the explicit-state engine runs is
/// searched; `progress` is called with the number of finished searches and of all.
///
/// # Errors
/// [`CheckError`] if a search gives no result.
pub fn corpus(
    models: &[ModelOf],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Export, CheckError> {
    let mut specs: Vec<SpecModels> = Vec::new();
    let mut differences = Vec::new();
    let searched = parallel::for_each(models, search, progress);
    for (of, model) in models.iter().zip(searched) {
        let model = model?;
        if let Some(differs) = model.result.as_ref().and_then(|it| it.differs.as_ref()) {
            let (spec, design, scenario) = (of.spec.name, of.design.name, of.scenario.name);
            differences.push(format!("{spec}/{design} in `{scenario}`: {differs}"));
        }
        match specs.iter_mut().find(|one| one.spec.name == of.spec.name) {
            Some(one) => one.models.push(model),
            None => specs.push(SpecModels {
                spec: of.spec,
                models: vec![model],
            }),
        }
    }
    Ok(Export {
        corpus: Corpus {
            schema: SCHEMA.to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            specs,
        },
        differences,
    })
}

/// A model with its automata and the result of a search of all its states, if it can be searched.
fn search(of: &ModelOf) -> Result<Model, CheckError> {
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
        result: None,
        left_out: None,
    };
    if !scenario.engines.has(Engine::Stateful) {
        let reason = "the scenario has too many states to visit them all: it is sampled only";
        model.left_out = Some(reason.to_string());
        return Ok(model);
    }
    let run = check(spec, design, scenario, &Strategy::ExplicitState)?;
    let automata = automata::of(&spec.encoding(design, scenario));
    let failed = CheckError::in_model(spec, design, scenario);
    model.automata = Some(automata.map_err(failed)?);
    model.fingerprint = Some(run.search.statistics.fingerprint.clone());
    model.result = Some(ModelResult::of(&run));
    Ok(model)
}
