//! What an engine says of a program.

use super::brute_force::Ending;
use super::counts::Counted;
use super::encoding::encoding;
use super::language::{Program, WAIT_POINTS};
use super::machine::{Edge, Object};
use pagelock::engine::{
    Finding, NO_DEADLOCK, Replayed, Search, SearchError, StableHasher, Strategy, endings, replay,
    search,
};
use pagelock::trace::{EventKind, WaitEdge};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

/// What a search says of a program.
#[derive(Debug)]
pub(super) struct Searched {
    pub(super) complete: bool,
    pub(super) points: BTreeSet<String>,
    pub(super) waits: BTreeSet<String>,
    /// The engine's own hashes of the outcomes.
    pub(super) outcomes: BTreeSet<u64>,
    pub(super) cycles: BTreeSet<BTreeSet<Edge>>,
    pub(super) violated: BTreeMap<String, Said>,
    /// The number of schedules, and of those that fail, from an engine that counts them.
    pub(super) schedules: Option<(u64, u64)>,
    /// How many executions differ in more than the order of independent operations; `None` of states.
    pub(super) traces: Option<u64>,
    /// The most operations of a schedule.
    pub(super) longest: usize,
    /// All that executions end with, from an engine that tells.
    pub(super) endings: Option<BTreeSet<Ending>>,
}

/// What a search says of a property that is violated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) failing: u64,
    pub(super) preemptions: Option<usize>,
    pub(super) operations: usize,
}

/// The hash that the engine is to give to an outcome: of the hashes of all objects, in the order
/// in which they are made.
pub(super) fn outcome_hash(program: &Program, ending: &Ending) -> u64 {
    let padding = std::iter::repeat_n(&0, program.padding);
    let mut hasher = StableHasher::new();
    for number in padding.chain(&ending.locks).chain(&ending.cells) {
        let mut object = StableHasher::new();
        number.hash(&mut object);
        hasher.write_u64(object.finish());
    }
    hasher.finish()
}

/// Runs a strategy of the engine on a program.
pub(super) fn run(program: &Program, strategy: &Strategy) -> Result<Searched, SearchError> {
    let found = search(&encoding(program), strategy)?;
    let deadlock = found.finding(NO_DEADLOCK).into_iter();
    let closed = deadlock.flat_map(|finding| &finding.cycles);
    let closed = closed.filter(|cycle| cycle.closed);
    let said = |finding: &Finding| (finding.property.clone(), Said::from(finding));
    let states = *strategy == Strategy::ExplicitState;
    let is_wait = |point: &&String| WAIT_POINTS.contains(&point.as_str());
    let points = found.reached.iter().filter(|point| !is_wait(point));
    Ok(Searched {
        complete: found.statistics.complete,
        points: points.cloned().collect(),
        waits: found.waits.clone(),
        outcomes: found.ends(),
        cycles: closed
            .map(|cycle| cycle.edges.iter().map(edge).collect())
            .collect(),
        violated: found.findings.iter().map(said).collect(),
        schedules: schedules(&found, strategy),
        traces: (!states).then_some(found.traces),
        longest: found.statistics.longest,
        endings: states.then(|| all_endings(program)).transpose()?,
    })
}

fn schedules(found: &Search, strategy: &Strategy) -> Option<(u64, u64)> {
    let statistics = &found.statistics;
    match strategy {
        Strategy::AllSchedules => Some((statistics.executions, statistics.failing)),
        Strategy::ExplicitState => Some((statistics.states?.schedules, statistics.failing)),
        _ => None,
    }
}

impl From<&Finding> for Said {
    fn from(finding: &Finding) -> Self {
        Self {
            failing: finding.executions,
            preemptions: finding.preemptions,
            operations: finding.schedule.len(),
        }
    }
}

impl Said {
    /// What the explicit-state engine is to say.
    pub(super) fn by_states(counted: &Counted) -> Self {
        Self {
            failing: counted.failing,
            preemptions: Some(counted.preemptions),
            operations: counted.operations,
        }
    }

    /// What is to be said where every schedule is run.
    pub(super) fn by_schedules(counted: &Counted) -> Self {
        Self {
            failing: counted.failing,
            preemptions: None,
            operations: counted.shortest,
        }
    }
}

fn edge(edge: &WaitEdge) -> Edge {
    (
        number(&edge.thread),
        object(&edge.waits_for),
        number(&edge.held_by),
    )
}

fn number(name: &str) -> usize {
    let number = name.rsplit(' ').next().and_then(|last| last.parse().ok());
    number.expect("every name ends in a number")
}

fn object(name: &str) -> Object {
    let kind = match name.split(' ').next() {
        Some("lock") => Object::Lock,
        Some("cell") => Object::Cell,
        _ => Object::Semaphore,
    };
    kind(number(name))
}

/// Everything that executions end with, from the explicit-state engine's schedule for each of its last states.
fn all_endings(program: &Program) -> Result<BTreeSet<Ending>, SearchError> {
    let encoding = encoding(program);
    let schedules = endings(&encoding)?;
    let ending =
        |schedule: pagelock::trace::Schedule| Ok(ending(program, &replay(&encoding, &schedule)?));
    schedules.into_iter().map(ending).collect()
}

/// What an execution ends with, read off its events.
fn ending(program: &Program, run: &Replayed) -> Ending {
    let mut ending = Ending {
        locks: program.locks.clone(),
        cells: program.cells.clone(),
        holders: vec![None; program.locks.len()],
        waits: BTreeSet::new(),
    };
    for event in &run.events {
        let thread = number(&event.thread);
        ending.waits.retain(|(waits, _)| *waits != thread);
        let Some(name) = event
            .object
            .as_deref()
            .filter(|name| !name.starts_with("pad"))
        else {
            continue;
        };
        let at = object(name);
        if let Some(wait) = &event.waits_for {
            ending.waits.insert((thread, object(&wait.what)));
        }
        if let (Some((_, after)), Object::Lock(lock)) = (&event.change, at) {
            ending.locks[lock] = after.parse().expect("it is a number");
        }
        if let (Some((_, after)), Object::Cell(cell)) = (&event.change, at) {
            ending.cells[cell] = after.parse().expect("it is a number");
        }
        match (event.kind, at) {
            (EventKind::Acquire, Object::Lock(lock)) => ending.holders[lock] = Some(thread),
            (EventKind::Release | EventKind::Drop, Object::Lock(lock)) => {
                ending.holders[lock] = None;
            }
            _ => (),
        }
    }
    ending
}
