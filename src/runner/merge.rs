//! Merges the shards of a check.

use super::shard::{Footer, Header, Line, SHARD_SCHEMA, Shard, plan};
use super::verify::{Fingerprints, missed, same};
use super::{Job, Request, Selection, SelectionError};
use crate::engine::{Finding, SearchError, Stop};
use crate::input::{brief, brief_error};
use crate::spec::{CheckError, Run, Specs, Verdict};
use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// Why files are not the shards of one check.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is no file.
    #[error("there is nothing to merge: name the files that `pagelock check --shard` has written")]
    Nothing,
    /// A file is no shard's.
    #[error("{file} is not what `pagelock check --shard` writes: line {line}: {why}")]
    Malformed {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A file was written by another version of the program.
    #[error(
        "{file} has the schema `{found}`, and this program reads `{SHARD_SCHEMA}`: run every shard again with this \
         version"
    )]
    Schema {
        /// The file.
        file: String,
        /// The schema that it names.
        found: String,
    },
    /// A file has no last line.
    #[error("{file} has no end: the shard was interrupted; run it again")]
    Unended {
        /// The file.
        file: String,
    },
    /// A file is a shard of another check.
    #[error("{file} is foreign: {why}")]
    Foreign {
        /// The file.
        file: String,
        /// What is different.
        why: String,
    },
    /// A shard comes twice.
    #[error("shard {shard} comes twice, in {first} and in {second}: leave one of them out")]
    Repeated {
        /// The shard.
        shard: Shard,
        /// The first file that has it.
        first: String,
        /// The second.
        second: String,
    },
    /// A shard does not come.
    #[error("missing: {}", .0.iter().map(|shard| format!("shard {shard}")).collect::<Vec<_>>().join(", "))]
    Missing(Vec<Shard>),
    /// A model cannot be run.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The files ask for something that there is not.
    #[error(transparent)]
    Selection(#[from] SelectionError),
}

/// Merges the files of all shards of a check, each given by its name and its text. The results
/// are those of the selected searches, as if one machine had run them; a sample's are those of
/// its parts, one after the other. A search that an interrupted shard has not run is incomplete.
///
/// Two machines each do a half of a check, and a third puts the halves together:
/// ```
/// use pagelock::runner::{Selection, MergeError, Shard, Workers, merge, run_all, write_shard};
/// use pagelock::protocols;
///
/// let selection = Selection {
///     targets: vec!["ext4-journal-start/old".to_string()],
///     scenario: Some("direct-reclaim".to_string()),
///     ..Selection::default()
/// };
/// let all = selection.jobs(protocols::ALL).unwrap();
/// let file = |number| {
///     let shard = Shard { number, of: 2 };
///     let own: Vec<_> = shard.share(&all).into_iter().map(|(_, job)| job).collect();
///     let results = run_all(&own, &Workers::Threads, &|_, _| ());
///     (format!("{number}.jsonl"), write_shard(shard, &selection, &all, results).unwrap())
/// };
/// let (one, two) = (file(1), file(2));
/// let missing = MergeError::Missing(vec![Shard { number: 2, of: 2 }]);
/// assert_eq!(merge(protocols::ALL, &[one.clone()]).unwrap_err(), missing);
/// let (again, results) = merge(protocols::ALL, &[two, one]).unwrap();
/// assert_eq!((again, results.len()), (selection, all.len()));
/// ```
///
/// # Errors
/// [`MergeError`] if a shard is missing, comes twice, has no end, or is one of something else; also if a result is
/// none that its search can have, or not what a model does that is here. What a search has not found cannot be known
/// without another search: take shards from machines that you trust.
pub fn merge(
    specs: Specs,
    files: &[(String, String)],
) -> Result<(Selection, Vec<Result<Run, CheckError>>), MergeError> {
    let mut shards: BTreeMap<Shard, (&str, Header, Vec<Line>)> = BTreeMap::new();
    for (name, text) in files {
        let (header, lines) = read(name, text)?;
        if let Some((_, (first, before, _))) = shards.first_key_value()
            && let Some(why) = difference(before, &header, first)
        {
            return Err(MergeError::Foreign {
                file: name.clone(),
                why,
            });
        }
        let shard = header.shard;
        if let Some((first, ..)) = shards.insert(shard, (name, header, lines)) {
            return Err(MergeError::Repeated {
                shard,
                first: first.to_string(),
                second: name.clone(),
            });
        }
    }
    let (_, (first, header, _)) = shards.first_key_value().ok_or(MergeError::Nothing)?;
    let of = header.shard.of;
    let every = (1..=of).map(|number| Shard { number, of });
    let missing: Vec<Shard> = every.filter(|shard| !shards.contains_key(shard)).collect();
    if !missing.is_empty() {
        return Err(MergeError::Missing(missing));
    }
    let selection = header.selection.clone();
    let jobs = selection.jobs(specs)?;
    let limits = selection.limits(Stop::default());
    let fingerprints = Fingerprints::default();
    let here = plan(&selection, &jobs, &fingerprints)?;
    if header.plan != here {
        let (plan, version) = (brief(&header.plan), brief(&header.version));
        let why = format!(
            "it was made of the models {plan}, by version {version}, and this program's are {here}"
        );
        return Err(MergeError::Foreign {
            file: (*first).to_string(),
            why,
        });
    }
    let mut parts: Vec<Vec<Result<Run, CheckError>>> = jobs.iter().map(|_| Vec::new()).collect();
    for (shard, (name, _, lines)) in shards {
        let malformed = |line: usize, why: String| MergeError::Malformed {
            file: name.to_string(),
            line,
            why,
        };
        let own = shard.share(&jobs);
        if own.len() != lines.len() {
            let why = format!("{} searches, and the shard has {}", lines.len(), own.len());
            return Err(malformed(lines.len() + 2, why));
        }
        for (((place, job), line), at) in own.into_iter().zip(lines).zip(2..) {
            if (line.place, &line.search) != (place, &Request::from(&job)) {
                return Err(malformed(at, "the search is not the shard's".to_string()));
            }
            let run = line.result.run(&job, &limits, &fingerprints);
            let run = run.map_err(|why| malformed(at, why))?;
            if let Some(missed) = run.as_ref().ok().and_then(|run| missed(&job, run)) {
                let why = format!("it does not have what is found here: {missed}");
                return Err(malformed(at, why));
            }
            parts[place].push(run);
        }
    }
    let whole = (jobs.iter().zip(parts)).map(|(job, parts)| merged(job, parts));
    Ok((selection, whole.collect()))
}

/// Why a file is a shard of another check than the first one.
fn difference(before: &Header, header: &Header, first: &str) -> Option<String> {
    if header.shard.of != before.shard.of {
        let (here, there) = (header.shard.of, before.shard.of);
        return Some(format!(
            "it is one of {here} shards, and {first} is one of {there}"
        ));
    }
    if header.version != before.version {
        let (here, there) = (brief(&header.version), brief(&before.version));
        return Some(format!(
            "it was made by version {here}, and {first} by {there}"
        ));
    }
    if header.selection != before.selection {
        return Some(format!("it is of another selection than {first}"));
    }
    (header.plan != before.plan).then(|| {
        format!(
            "it was made of the models {}, and {first} of {}",
            brief(&header.plan),
            brief(&before.plan)
        )
    })
}

/// The field of the first line that names the version of the file, which is read first.
#[derive(Deserialize)]
struct Kind {
    schema: Option<String>,
}

/// The lines of a file.
fn read(file: &str, text: &str) -> Result<(Header, Vec<Line>), MergeError> {
    let malformed = |line: usize, error: &dyn ToString| MergeError::Malformed {
        file: file.to_string(),
        line,
        why: brief_error(error),
    };
    let mut lines = text.lines().zip(1..).peekable();
    let Some((first, _)) = lines.next() else {
        return Err(malformed(1, &"the file is empty"));
    };
    let kind: Kind = serde_json::from_str(first).map_err(|e| malformed(1, &e))?;
    match kind.schema.as_deref() {
        Some(SHARD_SCHEMA) => (),
        Some(found) => {
            return Err(MergeError::Schema {
                file: file.to_string(),
                found: brief(found),
            });
        }
        None => return Err(malformed(1, &"no schema")),
    }
    let header: Header = serde_json::from_str(first).map_err(|e| malformed(1, &e))?;
    header.shard.checked().map_err(|e| malformed(1, &e))?;
    same("version", &*header.version, env!("CARGO_PKG_VERSION")).map_err(|e| malformed(1, &e))?;
    let mut found = Vec::new();
    while let Some((line, at)) = lines.next() {
        if lines.peek().is_some() {
            found.push(serde_json::from_str(line).map_err(|error| malformed(at, &error))?);
            continue;
        }
        return match serde_json::from_str::<Footer>(line) {
            Ok(footer) if footer.searches == found.len() => Ok((header, found)),
            Ok(footer) => {
                let why = format!(
                    "{} searches, and {} are announced",
                    found.len(),
                    footer.searches
                );
                Err(malformed(at, &why))
            }
            Err(_) => Err(MergeError::Unended {
                file: file.to_string(),
            }),
        };
    }
    Err(MergeError::Unended {
        file: file.to_string(),
    })
}

/// The result of a search from those of its parts, in the order of the shards.
fn merged(job: &Job, parts: Vec<Result<Run, CheckError>>) -> Result<Run, CheckError> {
    let count = parts.len();
    let mut parts = parts.into_iter();
    let none = || CheckError::Elsewhere("no shard has run the search".to_string());
    let mut whole = parts.next().ok_or_else(none)??;
    for part in parts {
        append(&mut whole, part?);
    }
    whole.strategy = job.strategy.clone();
    if count > 1 {
        whole.search.statistics.strategy = format!("{}, in {count} parts", job.strategy);
    }
    Ok(whole)
}

/// Adds a part of a sample to what comes before it.
fn append(whole: &mut Run, part: Run) {
    if part.verdict == Verdict::Violated || whole.verdict == Verdict::Pass {
        whole.verdict = part.verdict;
    }
    whole.differs = whole.differs.take().or(part.differs);
    // A file may have any numbers in it.
    whole.time = whole.time.saturating_add(part.time);
    let (search, part) = (&mut whole.search, part.search);
    search.cut_off = search.cut_off.or(part.cut_off);
    if search.statistics.fingerprint.is_empty() {
        // That part was stopped before it began.
        search.statistics.fingerprint = part.statistics.fingerprint;
    }
    let before = search.statistics.executions;
    let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
    add(
        &mut search.statistics.executions,
        part.statistics.executions,
    );
    add(&mut search.statistics.failing, part.statistics.failing);
    search.statistics.longest = search.statistics.longest.max(part.statistics.longest);
    search.reached.extend(part.reached);
    search.waits.extend(part.waits);
    for (outcome, schedule) in part.outcomes {
        search.outcomes.entry(outcome).or_insert(schedule);
    }
    for mut finding in part.findings {
        if let Some(first) = &mut finding.first {
            add(&mut first.execution, before);
        }
        match search
            .findings
            .iter_mut()
            .find(|known| known.property == finding.property)
        {
            Some(known) => join(known, finding),
            None => search.findings.push(finding),
        }
    }
    search.findings.sort_by(|a, b| a.property.cmp(&b.property));
}

/// Adds what a later part has found of the same property.
fn join(known: &mut Finding, later: Finding) {
    known.executions = known.executions.saturating_add(later.executions);
    if later.schedule.len() < known.schedule.len() {
        known.schedule = later.schedule;
        known.message = later.message;
        known.cycle = later.cycle;
        known.replay = later.replay;
    }
    known.cycles.extend(later.cycles);
    known.cycles.sort();
    known.cycles.dedup();
}
