//! Which violations would not be seen if two operations were one step.

use crate::engine::{Engine, Merged, Operation, Pair, SearchError, merges};
use crate::parallel;
use crate::spec::{Clause, Design, Scenario, Spec, Variant};
use std::collections::{BTreeMap, BTreeSet};

/// A violation that a merged pair hides: it is found as the model is, and not if nobody can come between
/// the two.
///
/// In the order in which it is told: by design, whole designs before those without a clause.
/// ```
/// use pagelock::ablation::Hidden;
///
/// let whole = Hidden {
///     order: 0,
///     design: "old",
///     without: None,
///     property: "store".to_string(),
///     scenario: "lost-store",
/// };
/// let ablated = Hidden { without: Some("page-locked"), ..whole.clone() };
/// let patched = Hidden { order: 1, design: "patched", ..whole.clone() };
/// assert!(whole < ablated && ablated < patched);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden {
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

/// Every pair of operations of a spec, and what each hides.
///
/// ```
/// use pagelock::ablation;
/// use pagelock::protocols::{page_mkwrite::SPEC};
/// use pagelock::spec::{Spec};
///
/// static READ_ONLY: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let merges = ablation::merged(&READ_ONLY, &|_, _| ());
/// assert!(merges.failed.is_empty() && merges.violated < merges.models);
/// // Every pair either hides something or stands among the others.
/// let others: usize = merges.others().values().map(Vec::len).sum();
/// assert_eq!(merges.hiding().count() + others, merges.pairs.len());
/// ```
#[derive(Debug, Clone)]
pub struct Merges {
    /// The spec.
    pub spec: &'static Spec,
    /// What is hidden by each pair; nothing by most.
    pub pairs: BTreeMap<Pair, BTreeSet<Hidden>>,
    /// Designs in scenarios, and the same without a clause, that were searched.
    pub models: usize,
    /// Those of them in which something is violated.
    pub violated: usize,
    /// Models whose search has no result, other than those in which some execution does not end.
    pub failed: Vec<String>,
}

impl Merges {
    /// Takes in a model. Whole designs come first: what is hidden in one is not told again without a
    /// clause.
    fn take_in(&mut self, model: Model, found: Result<Merged, SearchError>) {
        let found = match found {
            Ok(found) => found,
            // There is no graph of it.
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
        for (pair, properties) in found.hidden {
            let hidden = self.pairs.entry(pair).or_default();
            for property in properties {
                let whole = Hidden {
                    order: model.order,
                    design: model.design.name,
                    without: None,
                    property,
                    scenario: model.scenario.name,
                };
                if !hidden.contains(&whole) {
                    let without = model.without.map(|clause| clause.name);
                    hidden.insert(Hidden { without, ..whole });
                }
            }
        }
    }

    /// The pairs that hide something.
    pub fn hiding(&self) -> impl Iterator<Item = (&Pair, &BTreeSet<Hidden>)> {
        self.pairs.iter().filter(|(_, hidden)| !hidden.is_empty())
    }

    /// What follows each operation without hiding anything.
    #[must_use]
    pub fn others(&self) -> BTreeMap<Operation, Vec<Operation>> {
        let mut others: BTreeMap<Operation, Vec<Operation>> = BTreeMap::new();
        for ((first, second), _) in self.pairs.iter().filter(|(_, h)| h.is_empty()) {
            others.entry(*first).or_default().push(*second);
        }
        others
    }
}

/// A design, or a design without a clause, in a scenario.
#[derive(Clone, Copy)]
struct Model {
    order: usize,
    design: &'static Design,
    without: Option<&'static Clause>,
    scenario: &'static Scenario,
}

/// What the search of a model came to, and the clauses that were asked for.
type Searched = (Result<Merged, SearchError>, BTreeSet<&'static str>);

/// Merges every pair of operations in every design of a spec, and in the patched and the last design
/// without each clause, in every scenario that the stateful engine finishes. A model in which some
/// execution does not end is left out.
///
/// Between which two steps of the old design somebody has to come for a store to be lost:
/// ```
/// use pagelock::ablation;
/// use pagelock::protocols::{page_mkwrite::SPEC};
/// use pagelock::spec::{Spec};
///
/// static READ_ONLY: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
/// let merges = ablation::merged(&READ_ONLY, &|_, _| ());
/// let old = merges.hiding().find(|(_, hidden)| hidden.iter().any(|one| one.design == "old"));
/// let ((first, second), hidden) = old.unwrap();
/// assert_eq!((first.function, first.caller), ("__set_page_dirty_nobuffers", Some("page_mkwrite")));
/// assert_eq!(second.function, "do_wp_page");
/// assert!(hidden.iter().any(|one| one.property == "store"));
/// ```
#[must_use]
pub fn merged(spec: &'static Spec, progress: &(dyn Fn(usize, usize) + Sync)) -> Merges {
    let whole = whole(spec);
    let found = parallel::for_each(&whole, |model| search(spec, model), progress);
    let ablated =
        (whole.iter().zip(&found)).flat_map(|(model, (_, asked))| without(spec, model, asked));
    let ablated: Vec<Model> = ablated.collect();
    let more = parallel::for_each(&ablated, |model| search(spec, model), progress);
    let mut merges = Merges {
        spec,
        pairs: BTreeMap::new(),
        models: 0,
        violated: 0,
        failed: Vec::new(),
    };
    let all = whole.into_iter().chain(ablated);
    for (model, (found, _)) in all.zip(found.into_iter().chain(more)) {
        merges.take_in(model, found);
    }
    merges
}

/// Every design in each of its scenarios.
fn whole(spec: &'static Spec) -> Vec<Model> {
    let designs = spec.designs.iter().enumerate();
    let models = designs.flat_map(|(order, design)| {
        let scenarios = spec.expectations_of(design.name);
        let scenarios = scenarios.filter_map(|expectation| spec.scenario(expectation.scenario));
        scenarios.map(move |scenario| Model {
            order,
            design,
            without: None,
            scenario,
        })
    });
    models
        .filter(|model| model.scenario.engines.has(Engine::Stateful))
        .collect()
}

/// The model without each of the clauses that it asks for.
fn without(spec: &'static Spec, model: &Model, asked: &BTreeSet<&str>) -> Vec<Model> {
    if model.order != 1 && model.order != spec.designs.len() - 1 {
        return Vec::new();
    }
    let mut clauses = model.design.clauses();
    clauses.retain(|name| asked.contains(name));
    let clauses = clauses.into_iter().filter_map(|name| spec.clause(name));
    clauses
        .map(|clause| Model {
            without: Some(clause),
            ..*model
        })
        .collect()
}

fn search(spec: &'static Spec, model: &Model) -> Searched {
    let mut variant = Variant::from(model.design);
    if let Some(clause) = model.without {
        variant = variant.without(clause);
    }
    let encoding = (spec.encode)(&variant, model.scenario);
    (merges(&encoding), variant.asked())
}
