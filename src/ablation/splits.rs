//! The steps of a spec's models that touch more than one word, each with the reason why it is one step in the kernel.

use super::atomicity::{Model, whole_designs};
use crate::engine::{MultiWordStep, SearchError, multi_word_steps};
use crate::parallel;
use crate::spec::{OneStep, Spec, Variant};

/// A step that touches more than one word, and why it is one step in the mirrored system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The step, over all models.
    pub step: MultiWordStep,
    /// The models that take it.
    pub models: usize,
    /// Why the mirrored system takes it in one step, if the spec says so.
    pub reason: Option<&'static OneStep>,
}

/// Every step of more than one word in the designs of a spec, in their scenarios.
#[derive(Debug, Clone)]
pub struct Splits {
    /// The steps, in their order, also those whose words are protected.
    pub steps: Vec<Split>,
    /// The reasons of the spec for steps that no model takes, or that touch no more than one word.
    pub unused: Vec<&'static OneStep>,
    /// The models that were searched.
    pub models: usize,
    /// Models whose search has no result, other than those in which some execution does not end.
    pub failed: Vec<String>,
}

impl Splits {
    /// The steps of which more than one word is not protected.
    pub fn open(&self) -> impl Iterator<Item = &Split> {
        (self.steps.iter()).filter(|split| !split.step.is_protected())
    }

    /// The others: one step whatever the mirrored system does in between.
    pub fn protected(&self) -> impl Iterator<Item = &Split> {
        (self.steps.iter()).filter(|split| split.step.is_protected())
    }

    /// Steps without a reason, and reasons without a step, each in one line.
    #[must_use]
    pub fn differences(&self) -> Vec<String> {
        let mut differences = Vec::new();
        for split in self.open().filter(|split| split.reason.is_none()) {
            let step = &split.step;
            let caller = step.caller.unwrap_or("no function");
            differences.push(format!(
                "{} in {caller} on `{}` touches more than one word that is not protected, and `one_step` has no reason",
                step.function, step.object
            ));
        }
        for reason in &self.unused {
            differences.push(format!(
                "`one_step` has a reason for {} on `{}`, and no such step touches more than one word that is not protected",
                reason.function.name, reason.object
            ));
        }
        differences
    }
}

/// Lists the steps of more than one word in every design of a spec, in every scenario that the explicit-state
/// engine finishes.
#[must_use]
pub fn splits(spec: &'static Spec, progress: &(dyn Fn(usize, usize) + Sync)) -> Splits {
    let models = whole_designs(spec);
    let search = |model: &Model| {
        let variant = Variant::from(model.design);
        multi_word_steps(&spec.encoding_of(&variant, model.scenario))
    };
    let found = parallel::for_each(&models, search, progress);
    let mut splits = Splits {
        steps: Vec::new(),
        unused: Vec::new(),
        models: 0,
        failed: Vec::new(),
    };
    for (model, found) in models.iter().zip(found) {
        match found {
            Ok(steps) => splits.add(spec, steps),
            // Such a model has no graph of states.
            Err(SearchError::Unbounded { .. }) => {}
            Err(error) => {
                let (design, scenario) = (model.design.name, model.scenario.name);
                (splits.failed).push(format!("{design} in `{scenario}`: {error}"));
            }
        }
    }
    splits.steps.sort_by(|one, other| one.step.cmp(&other.step));
    let is_used = |reason: &OneStep| splits.open().any(|split| split.reason == Some(reason));
    splits.unused = spec
        .one_step
        .iter()
        .filter(|reason| !is_used(reason))
        .collect();
    splits
}

impl Splits {
    fn add(&mut self, spec: &'static Spec, steps: Vec<MultiWordStep>) {
        self.models += 1;
        for step in steps {
            match (self.steps.iter_mut()).find(|known| known.step.is_same(&step)) {
                Some(known) => {
                    known.step.merge(step);
                    known.models += 1;
                }
                None => self.steps.push(Split {
                    reason: OneStep::find(spec.one_step, step.function, step.caller, &step.object),
                    step,
                    models: 1,
                }),
            }
        }
    }
}
