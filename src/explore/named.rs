//! What the named scenarios of a spec show.

use super::at_point::{AtPoint, Instance, Plan};
use super::result::Explored;
use crate::engine::{Limits, SearchError, Strategy, search};
use crate::spec::{EngineSet, Spec};
use std::collections::BTreeSet;

/// What one named scenario shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The scenario's name.
    pub scenario: &'static str,
    /// The states of all its searches.
    pub states: u64,
    /// In words: each class that it is in, each property that a clause keeps there, and each cover point that a design
    /// reaches.
    pub shows: BTreeSet<String>,
    /// The searches that have no result, of which nothing is in `shows`.
    pub failed: Vec<String>,
}

/// What each named scenario shows that an exhaustive engine runs, the one with the fewest states first.
///
/// A scenario is worth its name if it shows what none before it does.
///
/// # Errors
/// [`SearchError`] as for [`search`].
pub fn shown(spec: &'static Spec) -> Result<Vec<Shown>, SearchError> {
    let plan = Plan::new(spec, None, Limits::default());
    let mut all = Vec::new();
    for scenario in spec.scenarios {
        if scenario.engines == EngineSet::Sampled {
            continue;
        }
        let mut explored = Explored::default();
        AtPoint::new(&plan, Instance::Named(spec, scenario)).add_to(&mut explored);
        let mut shows = BTreeSet::new();
        for key in explored.classes.keys() {
            let mended = key.fixed_by.as_ref().map(|clauses| clauses.join(" + "));
            let mended = mended.unwrap_or_else(|| "nothing".to_string());
            shows.insert(format!(
                "{} of {}, mended by {mended}",
                key.property, key.design
            ));
        }
        for (clause, need) in &explored.needs {
            let properties = need.properties.keys();
            shows.extend(properties.map(|property| format!("{property} without {clause}")));
        }
        for design in spec.designs {
            let found = search(&spec.encoding(design, scenario), &Strategy::ExplicitState)?;
            shows.extend(found.reached.iter().map(|point| format!("reaches {point}")));
        }
        all.push(Shown {
            scenario: scenario.name,
            states: explored.states,
            shows,
            failed: explored
                .failures
                .into_values()
                .map(|failure| failure.message)
                .collect(),
        });
    }
    all.sort_by_key(|one| one.states);
    Ok(all)
}
