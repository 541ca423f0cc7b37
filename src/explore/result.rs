//! What an exploration comes to. Parts of one are added up in any order.

use crate::spec::Size;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A scenario that shows something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sample {
    /// How large it is: fewest threads first, then operations, then pages.
    pub size: Size,
    /// The states of the search that shows it.
    pub states: u64,
    /// The point, as the command line spells it.
    pub scenario: String,
}

/// The scenarios that show something: how many, and the smallest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// How many scenarios.
    pub scenarios: u64,
    /// The smallest one.
    pub smallest: Option<Sample>,
}

impl Class {
    pub(super) fn add(&mut self, sample: Sample) {
        self.merge(Self {
            scenarios: 1,
            smallest: Some(sample),
        });
    }

    fn merge(&mut self, other: Self) {
        self.scenarios += other.scenarios;
        if let Some(sample) = other.smallest
            && self
                .smallest
                .as_ref()
                .is_none_or(|smallest| sample < *smallest)
        {
            self.smallest = Some(sample);
        }
    }

    /// The smallest scenario, as the command line spells it.
    #[must_use]
    pub fn smallest_scenario(&self) -> Option<&str> {
        self.smallest
            .as_ref()
            .map(|sample| sample.scenario.as_str())
    }
}

/// What a class has in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassKey {
    /// The design.
    pub design: String,
    /// The property that it violates.
    pub property: String,
    /// The smallest set of later clauses that mends it; `None` if the last design violates it as well.
    pub fixed_by: Option<Vec<String>>,
    /// Whether the spec says why it stands: see [`Spec::open`](crate::spec::Spec::open).
    pub is_open: bool,
}

/// What a clause is needed for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// The scenarios in which the patched design or the last one violates more without it.
    pub scenarios: Class,
    /// What is violated there, and in how many of them.
    pub properties: BTreeMap<String, u64>,
}

impl Need {
    pub(super) fn add(&mut self, properties: BTreeSet<String>, sample: Sample) {
        self.scenarios.add(sample);
        for property in properties {
            *self.properties.entry(property).or_default() += 1;
        }
    }
}

/// In what a design differs from the one before it, for one property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The scenarios that only the earlier design violates it in.
    pub mended: Class,
    /// The scenarios that only the later design violates it in.
    pub broken: Class,
}

/// Searches without a result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Where.
    pub scenarios: Class,
    /// The message in the smallest of them.
    pub message: String,
    /// The clauses there.
    pub clauses: Vec<String>,
}

impl Failure {
    fn merge(&mut self, other: Self) {
        let other_is_smaller = match (&self.scenarios.smallest, &other.scenarios.smallest) {
            (Some(own), Some(other)) => other < own,
            (own, _) => own.is_none(),
        };
        if other_is_smaller {
            self.clauses = other.clauses;
            self.message = other.message;
        }
        self.scenarios.merge(other.scenarios);
    }
}

/// What an exploration of one spec comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explored {
    /// The points visited.
    pub scenarios: u64,
    /// The points that there are within the bound.
    pub of: u64,
    /// Pairs of a point and a set of clauses that were decided.
    pub pairs: u64,
    /// Searches made for that.
    pub searches: u64,
    /// States visited.
    pub states: u64,
    /// What is violated, by class.
    #[serde(with = "as_pairs")]
    pub classes: BTreeMap<ClassKey, Class>,
    /// What each clause is needed for, by the clause's name. A clause that is not here is needed nowhere.
    pub needs: BTreeMap<String, Need>,
    /// In what each design differs from the one before it: the earlier design, the later one, the property.
    #[serde(with = "as_pairs")]
    pub changes: BTreeMap<(String, String, String), Change>,
    /// Searches without a result, by the cause.
    pub failures: BTreeMap<String, Failure>,
}

impl Explored {
    /// Whether every point was visited, and every search has a result.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.scenarios == self.of && self.failures.is_empty()
    }

    pub(super) fn class(&mut self, key: ClassKey) -> &mut Class {
        self.classes.entry(key).or_default()
    }

    pub(super) fn need(&mut self, clause: &str) -> &mut Need {
        self.needs.entry(clause.to_string()).or_default()
    }

    pub(super) fn change(&mut self, from: &str, to: &str, property: &str) -> &mut Change {
        let key = (from.to_string(), to.to_string(), property.to_string());
        self.changes.entry(key).or_default()
    }

    pub(super) fn failure(&mut self, cause: &str, message: &str, clauses: &[&str], sample: Sample) {
        let failure = Failure {
            scenarios: Class {
                scenarios: 1,
                smallest: Some(sample),
            },
            message: message.to_string(),
            clauses: clauses.iter().map(ToString::to_string).collect(),
        };
        self.failures
            .entry(cause.to_string())
            .or_default()
            .merge(failure);
    }

    /// Adds what another part of the same exploration has found. The number of points in all is not a part's.
    pub(super) fn merge(&mut self, other: Self) {
        self.scenarios += other.scenarios;
        self.pairs += other.pairs;
        self.searches += other.searches;
        self.states += other.states;
        for (key, class) in other.classes {
            self.class(key).merge(class);
        }
        for (clause, need) in other.needs {
            let own = self.needs.entry(clause).or_default();
            own.scenarios.merge(need.scenarios);
            for (property, count) in need.properties {
                *own.properties.entry(property).or_default() += count;
            }
        }
        for (key, change) in other.changes {
            let own = self.changes.entry(key).or_default();
            own.mended.merge(change.mended);
            own.broken.merge(change.broken);
        }
        for (why, failure) in other.failures {
            self.failures.entry(why).or_default().merge(failure);
        }
    }

    /// The classes of a design.
    pub fn classes_of(&self, design: &str) -> impl Iterator<Item = (&ClassKey, &Class)> {
        self.classes
            .iter()
            .filter(move |(key, _)| key.design == design)
    }
}

/// A map as a list of pairs: keys of JSON objects are texts.
mod as_pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Vec::<(K, V)>::deserialize(deserializer).map(|pairs| pairs.into_iter().collect())
    }
}
