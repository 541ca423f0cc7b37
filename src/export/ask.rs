//! Which models somebody asks for.

use crate::runner::{AskError, find_designs, find_scenario};
use crate::spec::{self, Specs};
use std::collections::BTreeSet;

/// A design in a scenario, of which there is a record.
///
/// ```
/// use pagelock::{export, protocols};
///
/// let model = export::models(protocols::ALL, &[], Some("write")).unwrap()[0];
/// assert_eq!(model.scenario.name, "write");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ModelOf {
    /// The spec.
    pub spec: &'static spec::Spec,
    /// The design.
    pub design: &'static spec::Design,
    /// The scenario.
    pub scenario: &'static spec::Scenario,
}

/// The models that somebody asks for: of specs, or of designs as `SPEC/DESIGN`, none being everything; in one
/// scenario, or in all. In the order of the specs, each once.
///
/// ```
/// use pagelock::{export, protocols};
///
/// let asked = ["ext4-journal-start/old".to_string()];
/// let models = export::models(protocols::ALL, &asked, Some("write")).unwrap();
/// assert_eq!(models.len(), 1);
/// assert!(export::models(protocols::ALL, &asked, Some("dance")).is_err());
/// ```
///
/// # Errors
/// [`AskError`] if something has no such name, or nothing is left.
pub fn models(
    specs: Specs,
    targets: &[String],
    scenario: Option<&str>,
) -> Result<Vec<ModelOf>, AskError> {
    let mut asked = Vec::new();
    for target in targets {
        asked.extend(find_designs(specs, target)?);
    }
    if targets.is_empty() {
        asked.extend(specs.designs());
    }
    if let Some(name) = scenario {
        find_scenario(&asked, name)?;
    }
    let asked: BTreeSet<(&str, &str)> = (asked.iter())
        .map(|(spec, design)| (spec.name, design.name))
        .collect();
    let wanted = specs.designs();
    let wanted = wanted.filter(|(spec, design)| asked.contains(&(spec.name, design.name)));
    let models: Vec<ModelOf> = wanted
        .flat_map(|(spec, design)| {
            let records = spec.expectations_of(design.name);
            records.filter_map(move |expectation| {
                let scenario = spec.scenario(expectation.scenario)?;
                Some(ModelOf {
                    spec,
                    design,
                    scenario,
                })
            })
        })
        .filter(|model| scenario.is_none_or(|name| model.scenario.name == name))
        .collect();
    if models.is_empty() {
        return Err(AskError::Nothing);
    }
    Ok(models)
}
