//! A shard: the part of a check that one machine runs, and the file that it writes.
//!
//! A shard has a number of whole searches, and of each sample a part with its own seed. A search is not divided: a
//! state that two parts of it reach would be visited twice.

use super::verify::Fingerprints;
use super::workers::Reply;
use super::{Job, Request, Selection};
use crate::engine::{SearchError, StableHasher, Strategy};
use crate::escape;
use crate::spec::{CheckError, Run};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::fmt;
use std::hash::Hasher as _;
use std::str::FromStr;
use thiserror::Error;

/// The version of what [`write_shard`] writes.
pub const SHARD_SCHEMA: &str = "pagelock-shard/2";

/// The most shards of a check.
pub const MOST_SHARDS: usize = 10_000;

/// One of several equal parts of a check: `2/4`.
///
/// ```
/// use pagelock::runner::{Selection, Shard};
/// use pagelock::protocols;
///
/// let selection = Selection { targets: vec!["nfs-coalesce/patched".to_string()], ..Selection::default() };
/// let all = selection.jobs(protocols::ALL).unwrap();
/// let second: Shard = "2/3".parse().unwrap();
/// assert_eq!((second, second.to_string()), (Shard { number: 2, of: 3 }, "2/3".to_string()));
/// // Each exhaustive search is in exactly one of the shards.
/// let own = |number| Shard { number, of: 3 }.share(&all).into_iter().map(|(place, _)| place);
/// let places: Vec<usize> = (1..=3).flat_map(own).collect();
/// for (place, job) in all.iter().enumerate().filter(|(_, job)| job.strategy.is_exhaustive()) {
///     assert_eq!(places.iter().filter(|own| **own == place).count(), 1, "{}", job.scenario.name);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, counted from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Why a text names no shard.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ShardError {
    /// It is not two numbers.
    #[error("a shard is a number and how many there are, as 2/4")]
    Malformed,
    /// There is no such one of so many.
    #[error("shards are counted from 1 to {0}")]
    OutOfRange(usize),
    /// There cannot be so many.
    #[error("a check has at most {MOST_SHARDS} shards, and not {0}")]
    TooMany(usize),
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (number, of) = text.split_once('/').ok_or(ShardError::Malformed)?;
        let parse = |text: &str| text.parse().map_err(|_| ShardError::Malformed);
        let (number, of) = (parse(number)?, parse(of)?);
        Self { number, of }.checked()
    }
}

impl Shard {
    /// The shard, if there is such a one.
    pub(super) fn checked(self) -> Result<Self, ShardError> {
        if self.of > MOST_SHARDS {
            return Err(ShardError::TooMany(self.of));
        }
        if !(1..=self.of).contains(&self.number) {
            return Err(ShardError::OutOfRange(self.of));
        }
        Ok(self)
    }

    /// The searches of the shard, each with its place among all. The same for the same searches on every
    /// machine, and about as long as those of any other shard.
    #[must_use]
    pub fn share(self, all: &[Job]) -> Vec<(usize, Job)> {
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|index| Reverse(all[*index].estimate()));
        let mut load = vec![0_u64; self.of];
        let mut own = Vec::new();
        for index in order {
            let job = &all[index];
            if let Some((executions, strategy)) = self.part(&job.strategy) {
                if executions > 0 {
                    own.push((
                        index,
                        Job {
                            strategy,
                            ..job.clone()
                        },
                    ));
                }
                continue;
            }
            // To the one that has the least to do; of those, the first.
            let least = (0..self.of)
                .min_by_key(|shard| load[*shard])
                .unwrap_or_default();
            load[least] += job.estimate();
            if least + 1 == self.number {
                own.push((index, job.clone()));
            }
        }
        own.sort_by_key(|(index, _)| *index);
        own
    }

    /// The shard's part of a sample and how many executions it has; `None` for what is no sample.
    fn part(self, strategy: &Strategy) -> Option<(usize, Strategy)> {
        let mut part = strategy.clone();
        let (Strategy::Random { seed, executions }
        | Strategy::Pct {
            seed, executions, ..
        }) = &mut part
        else {
            return None;
        };
        *seed = seed.wrapping_add(self.number as u64 - 1);
        *executions = *executions / self.of + usize::from(self.number <= *executions % self.of);
        Some((*executions, part))
    }
}

/// The first line of a shard's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) schema: String,
    /// The program's version.
    pub(super) version: String,
    pub(super) shard: Shard,
    pub(super) selection: Selection,
    /// See [`plan`].
    pub(super) plan: String,
}

/// Each further line but the last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    /// The search's place among all that are asked for.
    pub(super) place: usize,
    pub(super) search: Request,
    pub(super) result: Reply,
}

/// The last line: without it, the file has no end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Footer {
    /// How many searches there were.
    pub(super) searches: usize,
}

/// Writes the file of a shard: a first line of JSON that names the shard and the selection, one for each search, and a
/// last one. The results are those of [`Shard::share`], in its order.
///
/// # Errors
/// [`SearchError`] if a model cannot be run.
pub fn write_shard(
    shard: Shard,
    selection: &Selection,
    all: &[Job],
    results: Vec<Result<Run, CheckError>>,
) -> Result<String, SearchError> {
    let header = Header {
        schema: SHARD_SCHEMA.to_string(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        shard,
        selection: selection.clone(),
        plan: plan(selection, all, &Fingerprints::default())?,
    };
    let footer = Footer {
        searches: results.len(),
    };
    let lines = (shard.share(all).into_iter().zip(results)).map(|((place, job), result)| {
        json(&Line {
            place,
            search: Request::from(&job),
            result: Reply::of(result),
        })
    });
    let lines: String = lines.collect();
    Ok(json(&header) + &lines + &json(&footer))
}

fn json(line: &impl Serialize) -> String {
    // Names, numbers and texts: nothing in it that JSON does not have.
    escape::json(&serde_json::to_string(line).unwrap_or_default()) + "\n"
}

/// A fingerprint of everything that is to be searched: the searches, their models, their expectations and how many
/// states they may visit.
pub(super) fn plan(
    selection: &Selection,
    all: &[Job],
    fingerprints: &Fingerprints,
) -> Result<String, SearchError> {
    let mut hasher = StableHasher::new();
    let mut last = None;
    for job in all {
        let model = (job.spec.name, job.design.name, job.scenario.name);
        // The searches of a model stand together.
        if last.replace(model) != Some(model) {
            hasher.write(format!("{model:?} {} ", fingerprints.of(job)?).as_bytes());
            hasher.write(format!("{:?}", job.expectation()).as_bytes());
        }
        hasher.write(format!("{:?}", job.strategy).as_bytes());
    }
    if let Some(states) = selection.max_states {
        hasher.write(format!("{states} states").as_bytes());
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::runner::all_jobs;

    #[test]
    fn every_search_is_in_one_shard_and_every_sample_in_all() {
        let all = all_jobs(crate::protocols::ALL);
        let of = 3;
        let shards: Vec<Vec<(usize, Job)>> = (1..=of)
            .map(|number| Shard { number, of }.share(&all))
            .collect();
        for (place, job) in all.iter().enumerate() {
            let parts: Vec<&Job> = shards
                .iter()
                .flatten()
                .filter(|(at, _)| *at == place)
                .map(|(_, job)| job)
                .collect();
            if job.strategy.is_exhaustive() {
                assert_eq!(parts.len(), 1);
                assert_eq!(parts[0].strategy, job.strategy);
                continue;
            }
            let sample = |strategy: &Strategy| match *strategy {
                Strategy::Random { seed, executions }
                | Strategy::Pct {
                    seed, executions, ..
                } => (seed, executions),
                _ => panic!("a sample"),
            };
            let (seed, executions) = sample(&job.strategy);
            let parts: Vec<(u64, usize)> =
                parts.iter().map(|part| sample(&part.strategy)).collect();
            assert_eq!(
                parts.iter().map(|(_, part)| part).sum::<usize>(),
                executions
            );
            let seeds: Vec<u64> = parts.iter().map(|(seed, _)| *seed).collect();
            assert_eq!(seeds, [seed, seed + 1, seed + 2]);
        }
        let loads: Vec<u64> = (shards.iter())
            .map(|shard| shard.iter().map(|(_, job)| job.estimate()).sum())
            .collect();
        let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
        // A search is not divided: shards differ by a twentieth, or by the longest search.
        let longest = all.iter().map(Job::estimate).max().unwrap_or_default();
        assert!(most - least <= longest.max(most / 20), "{loads:?}");
    }

    #[test]
    fn a_shard_is_a_number_of_so_many() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        for (text, error) in [
            ("2", ShardError::Malformed),
            ("2/", ShardError::Malformed),
            ("-1/4", ShardError::Malformed),
            ("0/4", ShardError::OutOfRange(4)),
            ("5/4", ShardError::OutOfRange(4)),
            ("1/0", ShardError::OutOfRange(0)),
            ("1/10001", ShardError::TooMany(10_001)),
            ("1/18446744073709551616", ShardError::Malformed),
        ] {
            assert_eq!(text.parse::<Shard>(), Err(error), "{text}");
        }
    }
}
