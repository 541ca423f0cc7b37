//! The file of one of several parts of an exploration, for several machines.

use super::extent::Extent;
use super::result::Explored;
use super::run::Exploration;
use crate::engine::StableHasher;
use crate::escape;
use crate::spec::{Spec, Specs};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::Hasher as _;
use thiserror::Error;

/// The version of a part's file.
pub const EXPLORE_SCHEMA: &str = "pagelock-explore/2";

/// One part of the exploration of one spec: a line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExploredPart {
    /// [`EXPLORE_SCHEMA`].
    schema: String,
    /// The program's version.
    version: String,
    /// What is explored.
    of: Explores,
    /// Which part, counted from 1.
    number: usize,
    /// What it comes to.
    explored: Explored,
}

/// What is explored: the same in all parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explores {
    spec: String,
    design: Option<String>,
    extent: Extent,
    parts: usize,
    /// A hash of the spec's clauses and designs and of its space.
    plan: String,
}

/// Why files are not the parts of explorations.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExploreMergeError {
    /// A line is no part.
    #[error("{file} is not what `pagelock explore --shard` writes: line {line}: {why}")]
    Malformed {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A part is of another version, spec or space.
    #[error("{file} is foreign: {why}")]
    Foreign {
        /// The file.
        file: String,
        /// What is different.
        why: String,
    },
    /// A part comes twice.
    #[error(
        "part {number} of {spec} comes twice, the second time in {file}: leave one of them out"
    )]
    Repeated {
        /// The spec.
        spec: String,
        /// The part.
        number: usize,
        /// The file.
        file: String,
    },
    /// A part does not come.
    #[error("missing: part {number}/{parts} of {spec}")]
    Missing {
        /// The spec.
        spec: String,
        /// The part.
        number: usize,
        /// How many there are.
        parts: usize,
    },
}

/// Whether a text is the file of a part.
#[must_use]
pub fn is_explored_part(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let value: Result<serde_json::Value, _> = serde_json::from_str(first);
    let schema = value
        .ok()
        .and_then(|value| value.get("schema")?.as_str().map(ToString::to_string));
    schema.is_some_and(|schema| schema.starts_with("pagelock-explore/"))
}

/// The line of a part.
#[must_use]
pub fn write_explored(exploration: &Exploration, explored: &Explored) -> String {
    let part = ExploredPart {
        schema: EXPLORE_SCHEMA.to_string(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        of: Explores {
            spec: exploration.spec.name.to_string(),
            design: exploration.design.map(ToString::to_string),
            extent: exploration.extent,
            parts: exploration.part.1,
            plan: plan(exploration.spec),
        },
        number: exploration.part.0,
        explored: explored.clone(),
    };
    // Names, numbers and texts: nothing in it that JSON does not have.
    escape::json(&serde_json::to_string(&part).unwrap_or_default()) + "\n"
}

fn plan(spec: &Spec) -> String {
    let mut hasher = StableHasher::new();
    for clause in spec.clauses {
        hasher.write(clause.name.as_bytes());
    }
    for design in spec.designs {
        hasher.write(format!("{}{:?}", design.name, design.clauses()).as_bytes());
    }
    if let Some(space) = spec.space {
        hasher.write(
            format!(
                "{:?}{:?}{:?}",
                space.dimensions(),
                space.rules(),
                space.bounds()
            )
            .as_bytes(),
        );
    }
    format!("{:016x}", hasher.finish())
}

/// Adds up the parts that files have, each given by its name and its text: the explorations of which all parts are
/// there.
///
/// # Errors
/// [`ExploreMergeError`] if a line is no part of these specs' spaces, or a part is missing or comes twice.
pub fn merge_explored(
    specs: Specs,
    files: &[(String, String)],
) -> Result<Vec<(Exploration, Explored)>, ExploreMergeError> {
    let mut parts: BTreeMap<Explores, BTreeMap<usize, Explored>> = BTreeMap::new();
    for (file, text) in files {
        for (line, text) in (1..).zip(text.lines()) {
            let part = read(file, line, text)?;
            known(specs, file, &part)?;
            let (spec, number) = (part.of.spec.clone(), part.number);
            let before = parts
                .entry(part.of)
                .or_default()
                .insert(number, part.explored);
            if before.is_some() {
                let file = file.clone();
                return Err(ExploreMergeError::Repeated { spec, number, file });
            }
        }
    }
    let mut merged = Vec::new();
    for (of, parts) in parts {
        if let Some(number) = (1..=of.parts).find(|number| !parts.contains_key(number)) {
            let (spec, parts) = (of.spec, of.parts);
            return Err(ExploreMergeError::Missing {
                spec,
                number,
                parts,
            });
        }
        let mut whole = Explored::default();
        for part in parts.into_values() {
            whole.of += part.of;
            whole.merge(part);
        }
        let spec = specs.iter().find(|spec| spec.name == of.spec);
        let Some(spec) = spec else { continue };
        let design = of
            .design
            .and_then(|name| spec.design(&name))
            .map(|design| design.name);
        let exploration = Exploration {
            design,
            ..Exploration::of(spec, of.extent)
        };
        merged.push((exploration, whole));
    }
    Ok(merged)
}

fn read(file: &str, line: usize, text: &str) -> Result<ExploredPart, ExploreMergeError> {
    serde_json::from_str(text).map_err(|error| ExploreMergeError::Malformed {
        file: file.to_string(),
        line,
        why: crate::input::brief_error(&error),
    })
}

/// That a part is of a spec that there is, as this program has it.
fn known(specs: Specs, file: &str, part: &ExploredPart) -> Result<(), ExploreMergeError> {
    let foreign = |why: String| {
        let file = file.to_string();
        Err(ExploreMergeError::Foreign { file, why })
    };
    if part.schema != EXPLORE_SCHEMA {
        return foreign(format!(
            "its schema is `{}`, and not `{EXPLORE_SCHEMA}`",
            part.schema
        ));
    }
    if part.version != env!("CARGO_PKG_VERSION") {
        return foreign(format!("version {} has written it", part.version));
    }
    let Some(spec) = specs.iter().find(|spec| spec.name == part.of.spec) else {
        return foreign(format!("there is no spec `{}`", part.of.spec));
    };
    if let Some(design) = &part.of.design
        && spec.design(design).is_none()
    {
        return foreign(format!("{} has no design `{design}`", spec.name));
    }
    if part.of.plan != plan(spec) {
        return foreign(format!(
            "{} or its space has changed since it was written",
            spec.name
        ));
    }
    if !(1..=part.of.parts).contains(&part.number) {
        return foreign(format!(
            "there is no part {} of {}",
            part.number, part.of.parts
        ));
    }
    Ok(())
}
