//! Which violations would be masked if two operations were one step.

use super::splits::{Splits, splits};
use crate::engine::{Engine, Operation, Pair, PairAnalysis, SearchError};
use crate::parallel;
use crate::spec::{Clause, Design, Scenario, Spec, Variant};
use std::collections::{BTreeMap, BTreeSet};

/// A violation that a merged pair of operations masks: the model has it, and the model in which no thread can run
/// between the two has not.
///
/// The order is that of the reports: by design, whole designs before those without a clause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Masked {
    /// The place of the design in its spec.
    pub order: usize,
    /// The design's name.
    pub design: &'static str,
    /// The clause that the design is checked without, if it is.
    pub without: Option<&'static str>,
    /// The property that is violated.
    pub property: String,
    /// The scenario's name.
    pub scenario: &'static str,
}

/// Every pair of operations of a spec that a thread takes one right after the other, and what each masks.
#[derive(Debug, Clone)]
pub struct Atomicity {
    /// The spec.
    pub spec: &'static Spec,
    /// What each pair masks; most mask nothing.
    pub pairs: BTreeMap<Pair, BTreeSet<Masked>>,
    /// Designs in scenarios, and the same without a clause, that were searched.
    pub models: usize,
    /// Those of them in which something is violated.
    pub violated: usize,
    /// Models whose search has no result, other than those in which some execution does not end.
    pub failed: Vec<String>,
    /// The counterpart: steps that may have to be more than one.
    pub splits: Splits,
}

impl Atomicity {
    /// Adds the result for a model. Whole designs come first: what a pair masks in one is not listed again for the
    /// design without a clause.
    fn add(&mut self, model: Model, found: Result<PairAnalysis, SearchError>) {
        let found = match found {
            Ok(found) => found,
            // Such a model has no graph of states.
            Err(SearchError::Unbounded { .. }) => return,
            Err(error) => {
                let (design, scenario) = (model.design.name, model.scenario.name);
                self.failed
                    .push(format!("{design} in `{scenario}`: {error}"));
                return;
            }
        };
        self.models += 1;
        self.violated += usize::from(found.is_violated);
        for (pair, properties) in found.masked {
            let masked = self.pairs.entry(pair).or_default();
            for property in properties {
                let whole = Masked {
                    order: model.order,
                    design: model.design.name,
                    without: None,
                    property,
                    scenario: model.scenario.name,
                };
                if !masked.contains(&whole) {
                    let without = model.without.map(|clause| clause.name);
                    masked.insert(Masked { without, ..whole });
                }
            }
        }
    }

    /// The pairs that mask something.
    pub fn masking(&self) -> impl Iterator<Item = (&Pair, &BTreeSet<Masked>)> {
        self.pairs.iter().filter(|(_, masked)| !masked.is_empty())
    }

    /// The operations that follow each operation without masking anything.
    #[must_use]
    pub fn others(&self) -> BTreeMap<Operation, Vec<Operation>> {
        let mut others: BTreeMap<Operation, Vec<Operation>> = BTreeMap::new();
        for ((first, second), masked) in &self.pairs {
            if masked.is_empty() {
                others.entry(*first).or_default().push(*second);
            }
        }
        others
    }
}

/// A design, or a design without a clause, in a scenario.
#[derive(Clone, Copy)]
pub(super) struct Model {
    order: usize,
    pub(super) design: &'static Design,
    without: Option<&'static Clause>,
    pub(super) scenario: &'static Scenario,
}

/// The result for a model, and the clauses that the search consulted.
type Searched = (Result<PairAnalysis, SearchError>, BTreeSet<&'static str>);

/// Merges every pair of operations in every design of a spec, and in the patched and the last design
/// without each clause, in every scenario that the explicit-state engine finishes. A model in which some
/// execution does not end is left out.
#[must_use]
pub fn atomicity(spec: &'static Spec, progress: &(dyn Fn(usize, usize) + Sync)) -> Atomicity {
    let whole = whole_designs(spec);
    let found = parallel::for_each(&whole, |model| search(spec, model), progress);
    let mut ablated = Vec::new();
    for (model, (_, consulted)) in whole.iter().zip(&found) {
        ablated.extend(without_each(spec, model, consulted));
    }
    let more = parallel::for_each(&ablated, |model| search(spec, model), progress);
    let mut splits = splits(spec, progress);
    let mut atomicity = Atomicity {
        spec,
        pairs: BTreeMap::new(),
        models: 0,
        violated: 0,
        failed: std::mem::take(&mut splits.failed),
        splits,
    };
    let all = whole.into_iter().chain(ablated);
    for (model, (found, _)) in all.zip(found.into_iter().chain(more)) {
        atomicity.add(model, found);
    }
    atomicity
}

/// Every design in each of its scenarios.
pub(super) fn whole_designs(spec: &'static Spec) -> Vec<Model> {
    let mut models = Vec::new();
    for (order, design) in spec.designs.iter().enumerate() {
        for expectation in spec.expectations_of(design.name) {
            let Some(scenario) = spec.scenario(expectation.scenario) else {
                continue;
            };
            if scenario.engines.has(Engine::Stateful) {
                models.push(Model {
                    order,
                    design,
                    without: None,
                    scenario,
                });
            }
        }
    }
    models
}

/// The model without each of the clauses that it consults.
fn without_each(spec: &'static Spec, model: &Model, consulted: &BTreeSet<&str>) -> Vec<Model> {
    let is_ablated = model.order == 1 || model.order == spec.designs.len() - 1;
    let mut models = Vec::new();
    for name in model.design.clauses() {
        if is_ablated && consulted.contains(name) {
            models.extend(spec.clause(name).map(|clause| Model {
                without: Some(clause),
                ..*model
            }));
        }
    }
    models
}

fn search(spec: &'static Spec, model: &Model) -> Searched {
    let mut variant = Variant::from(model.design);
    if let Some(clause) = model.without {
        variant = variant.without(clause);
    }
    let encoding = spec.encoding_of(&variant, model.scenario);
    (crate::engine::atomicity(&encoding), variant.asked())
}
