//! The specs, designs and scenarios that the command line selects.

use super::Job;
use super::jobs::jobs;
use crate::engine::{Engine, Limits, Stop};
use crate::input::brief;
use crate::spec::{Budget, Design, PointError, Scenario, Spec, Specs};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is to be checked, by the names of the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// Specs, or designs as `SPEC/DESIGN`; none is everything.
    pub targets: Vec<String>,
    /// One scenario only.
    pub scenario: Option<String>,
    /// One engine only.
    pub engine: Option<Engine>,
    /// The most states that an explicit-state search visits; one that would visit more is not complete.
    #[serde(default)]
    pub max_states: Option<u64>,
    /// The most bytes of memory that each worker may take; a search that would take more is not complete.
    #[serde(default)]
    pub max_memory: Option<u64>,
}

/// Why nothing can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// No such spec.
    #[error("there is no spec `{name}`; {known}")]
    NoSpec {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// No such design.
    #[error("{spec} has no design `{name}`; {known}")]
    NoDesign {
        /// The spec.
        spec: String,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A spec where a design is wanted.
    #[error("`{name}` names a spec; name one of its designs too: {known}")]
    NotADesign {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// What looks like a scenario of a space is none.
    #[error(transparent)]
    Point(PointError),
    /// No such scenario.
    #[error("there is no scenario `{name}`; {known}")]
    NoScenario {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The engine does not run the scenario.
    #[error("nothing to check: no such engine runs that scenario")]
    Nothing,
}

impl Selection {
    /// Every selected search.
    ///
    /// # Errors
    /// [`SelectionError`] if something has no such name, or nothing is left.
    pub fn jobs(&self, specs: Specs) -> Result<Vec<Job>, SelectionError> {
        let mut designs = Vec::new();
        for target in &self.targets {
            designs.extend(find_designs(specs, target)?);
        }
        if self.targets.is_empty() {
            designs = specs.designs().collect();
        }
        if let Some(name) = &self.scenario {
            find_scenario(&designs, name)?;
        }
        let engines = self
            .engine
            .map_or(Engine::ALL.to_vec(), |engine| vec![engine]);
        let wanted = |job: &Job| {
            let scenario = self.scenario.as_ref();
            scenario.is_none_or(|name| job.scenario.name == name)
        };
        let all = (designs.into_iter())
            .flat_map(|(spec, design)| jobs(spec, design, &engines, &Budget::default()));
        let jobs: Vec<Job> = all.filter(wanted).collect();
        if jobs.is_empty() {
            return Err(SelectionError::Nothing);
        }
        Ok(jobs)
    }

    /// The limits of every selected search.
    #[must_use]
    pub fn limits(&self, stop: Stop) -> Limits {
        Limits {
            states: self.max_states,
            memory: self.max_memory,
            operations: None,
            stop,
        }
    }
}

/// The designs that `SPEC` or `SPEC/DESIGN` names, or, where there is one spec only, `DESIGN`.
///
/// # Errors
/// [`SelectionError`] if there are none.
pub fn find_designs(
    specs: Specs,
    target: &str,
) -> Result<Vec<(&'static Spec, &'static Design)>, SelectionError> {
    let (name, design) = match target.split_once('/') {
        Some((name, design)) => (name, Some(design)),
        None => (target, None),
    };
    // A lone spec need not be named.
    if let (Some(spec), 1, None) = (specs.iter().next(), specs.iter().len(), design)
        && specs.find(name).is_none()
        && let Some(design) = spec.design(name)
    {
        return Ok(vec![(spec, design)]);
    }
    let spec = specs.find(name).ok_or_else(|| SelectionError::NoSpec {
        name: brief(name),
        known: known(name, specs.iter().map(|spec| spec.name)),
    })?;
    let Some(design) = design else {
        return Ok(spec.designs.iter().map(|design| (spec, design)).collect());
    };
    let found = spec
        .design(design)
        .ok_or_else(|| SelectionError::NoDesign {
            spec: name.to_string(),
            name: brief(design),
            known: known(design, spec.designs.iter().map(|design| design.name)),
        })?;
    Ok(vec![(spec, found)])
}

/// The one design that `SPEC/DESIGN` names.
///
/// # Errors
/// [`SelectionError`] if there is none, or only the spec is named.
pub fn find_design(
    specs: Specs,
    target: &str,
) -> Result<(&'static Spec, &'static Design), SelectionError> {
    let found = find_designs(specs, target)?;
    if let [one] = found[..] {
        return Ok(one);
    }
    let known: Vec<String> = (found.iter())
        .map(|(_, design)| format!("{target}/{}", design.name))
        .collect();
    Err(SelectionError::NotADesign {
        name: target.to_string(),
        known: known.join(", "),
    })
}

/// A scenario of the designs' specs.
///
/// # Errors
/// [`SelectionError::NoScenario`] if none of them has it.
pub fn find_scenario(
    designs: &[(&'static Spec, &'static Design)],
    name: &str,
) -> Result<&'static Scenario, SelectionError> {
    let mut points = designs.iter().filter_map(|(spec, _)| spec.point(name));
    if let Some(point) = points.next() {
        return point.map_err(SelectionError::Point);
    }
    let mut found = designs.iter().filter_map(|(spec, _)| spec.scenario(name));
    found.next().ok_or_else(|| {
        let all = designs.iter().flat_map(|(spec, _)| spec.scenarios);
        let mut names: Vec<&str> = all.map(|scenario| scenario.name).collect();
        names.sort_unstable();
        names.dedup();
        SelectionError::NoScenario {
            name: brief(name),
            known: known(name, names.into_iter()),
        }
    })
}

/// What there is, with what was probably meant before it.
pub(crate) fn known<'n>(asked: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let likeness = |name: &str| strsim::jaro_winkler(asked, name);
    let more = |a: &&str, b: &&str| likeness(a).total_cmp(&likeness(b));
    let nearest = names.iter().copied().max_by(more);
    let meant = nearest.filter(|name| likeness(name) > 0.85);
    let meant = meant.map_or(String::new(), |name| format!("did you mean `{name}`? "));
    format!("{meant}known: {}", names.join(", "))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::known;

    #[test]
    fn the_nearest_name_is_offered_if_it_is_near() {
        let names = ["page-mkwrite", "nfs-coalesce"];
        let near = known("pagemkwrite", names.into_iter());
        assert_eq!(
            near,
            "did you mean `page-mkwrite`? known: page-mkwrite, nfs-coalesce"
        );
        assert_eq!(
            known("xfs", names.into_iter()),
            "known: page-mkwrite, nfs-coalesce"
        );
    }
}
