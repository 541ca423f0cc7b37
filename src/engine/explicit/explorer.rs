//! The explorer of an explicit-state search: the path that it is on, and what it has explored.
//!
//! It continues from the state of an execution as long as that leads to what it asks for, so that a small
//! model is run about as often as it has ends.

use crate::engine::error::SearchError;
use crate::engine::execution::contracts::{breach, error, expected};
use crate::engine::execution::deadlock::deadlocks;
use crate::engine::execution::hash::ByDigest;
use crate::engine::execution::sets::Threads;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::view::StateView as _;
use crate::engine::explicit::cached_view::CachedStateView;
use crate::engine::explicit::graph::{Broken, Graph};
use crate::engine::explicit::lock_order::{Orders, sightings};
use crate::engine::explicit::state::State;
use crate::engine::explicit::transition_cache::{Effect, TransitionCache};
use crate::engine::limits::Watch;
use crate::trace::{Cycle, NO_DEADLOCK, Schedule, ThreadId};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A state of the path that the search is on.
#[derive(Debug)]
struct Stop {
    state: State,
    /// The thread whose step leads here; `None` for the first state.
    thread: Option<ThreadId>,
    /// What that step has broken.
    broken: Vec<Broken>,
    /// Its number, once it was looked at.
    node: Option<u32>,
    /// How many of the threads that can go on here have been followed.
    followed: usize,
}

/// What an execution is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Go {
    /// This thread's step.
    Thread(ThreadId),
    /// Come to its end: the check there has something to say.
    End,
    /// Whatever comes: the search has no more use for it, and its threads are compared with what they did in other
    /// executions where they knew the same.
    On,
    /// Nothing: the search has no more use for it.
    Unwind,
}

/// What is asked of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Scope {
    /// Everything; executions are compared with one another.
    #[default]
    All,
    /// What is violated, and how many states there are: no order of locks, no outcomes, and an execution ends where the
    /// search has no more use for it.
    Violations,
}

/// What an explicit-state search has explored, and where it is.
#[derive(Debug, Default)]
pub(crate) struct Exploration {
    pub(crate) graph: Graph,
    /// What the states show of the order of locks.
    pub(crate) orders: Orders,
    pub(crate) cache: TransitionCache,
    known: ByDigest<u32>,
    /// The states in which there is a cycle of waits, or a wait for a thread that has left.
    cyclic: HashSet<u32>,
    /// The states from the first one to the present one.
    path: Vec<Stop>,
    /// The schedule that an execution has to follow: to a step that is not known, or to a state of which
    /// something is not known. `None` if nothing is left to explore.
    request: Option<Schedule>,
    /// What was asked for by the execution before.
    requested: Option<Schedule>,
    /// So many operations of the present execution are known to be those of the request.
    followed: usize,
    /// The state before the step that the execution takes now, if it is the one that was asked for.
    before: Option<State>,
    /// The state at whose end the execution is.
    ending: Option<State>,
    /// The execution goes on by itself, to its end.
    goes_on: bool,
    /// End with the first violation.
    until_violation: bool,
    /// What is asked of the search.
    scope: Scope,
    /// How far it may go.
    pub(crate) watch: Watch,
    /// Cover points of waits for locks.
    pub(crate) waits: BTreeSet<Cow<'static, str>>,
    /// The hashes of the final states, each with the first schedule that ends in it.
    pub(crate) outcomes: BTreeMap<u64, Schedule>,
    /// The model behaved differently when it was run again.
    pub(crate) diverged: Option<String>,
    /// What is wrong with the encoding.
    pub(crate) model_error: Option<SearchError>,
}

impl Exploration {
    pub(crate) fn new(
        until_violation: bool,
        scope: Scope,
        watch: Watch,
        cache: TransitionCache,
    ) -> Self {
        Self {
            cache,
            request: Some(Schedule::default()),
            until_violation,
            scope,
            watch,
            ..Self::default()
        }
    }

    /// Whether an execution is needed.
    pub(crate) fn next_execution(&mut self) -> bool {
        self.before = None;
        self.goes_on = false;
        self.followed = 0;
        if self.request.is_some() && self.request == self.requested {
            let operations = self.request.as_ref().map_or(0, |request| request.len());
            self.diverge(format!("operation {operations} did not come about again"));
        }
        self.requested.clone_from(&self.request);
        self.diverged.is_none() && self.request.is_some()
    }

    /// Ends the search, the rest of which is not wanted.
    pub(crate) fn abandon(&mut self) {
        self.request = None;
    }

    fn diverge(&mut self, message: String) {
        self.diverged.get_or_insert(message);
        self.request = None;
    }

    /// Whether the search ends here with an error.
    fn is_wrong(&self) -> bool {
        self.diverged.is_some() || self.model_error.is_some()
    }

    /// What an execution does next, in which these threads can go on.
    pub(crate) fn direct(&mut self, execution: &mut ExecutionState, enabled: &[ThreadId]) -> Go {
        loop {
            if self.goes_on {
                return match self.scope {
                    Scope::All => Go::On,
                    Scope::Violations => Go::Unwind,
                };
            }
            if self.ending.is_some() {
                return Go::End;
            }
            let position = execution.schedule.len();
            let open = self.followed..position;
            let follows = |request: &&Schedule| {
                request.get(open.clone()) == execution.schedule.get(open.clone())
            };
            let Some(request) = self.request.as_ref().filter(follows) else {
                self.goes_on = true;
                continue;
            };
            self.followed = position;
            if let Some(thread) = request.get(position).copied() {
                let last = position + 1 == request.len();
                if !enabled.contains(&thread) {
                    self.diverge(format!(
                        "operation {} cannot take place again",
                        position + 1
                    ));
                } else if !last || self.prepare(execution) {
                    return Go::Thread(thread);
                }
                continue;
            }
            if let Err(message) = self.observe(execution) {
                self.diverge(message);
            } else if self.ending.is_none() {
                self.advance();
            }
        }
    }

    /// The execution is where the step begins that was asked for. Whether that is the same state as
    /// before: the digests of what the threads have observed determine all that came before.
    fn prepare(&mut self, execution: &mut ExecutionState) -> bool {
        let position = execution.schedule.len();
        let found = self.cache.state(execution);
        let same = self.path.get(position).zip(found.as_ref().ok());
        let same = same.filter(|(stop, found)| stop.state.is_same_state(found));
        let Some((stop, _)) = same else {
            let other = format!("operation {position} was another one before");
            self.diverge(found.err().unwrap_or(other));
            return false;
        };
        self.before = Some(stop.state.clone());
        execution.begin_step();
        true
    }

    /// The execution is where it was asked to go.
    fn observe(&mut self, execution: &mut ExecutionState) -> Result<(), String> {
        let touched = execution.touched();
        let state = self.cache.state(execution)?;
        if self.path.is_empty() {
            self.orders.begin(execution);
            self.cache.begin(execution);
            let broken = execution.take_violations().into_iter();
            self.path.push(Stop {
                state: state.clone(),
                thread: None,
                broken: broken.map(|property| (property, None)).collect(),
                node: None,
                followed: 0,
            });
        }
        if let Some((before, thread)) = self.before.take().zip(execution.schedule.last()) {
            let thread = *thread;
            self.cache
                .observe(thread, &before, &state, execution, touched)?;
        } else if let Some(stop) = self.path.last()
            && !stop.state.is_same_state(&state)
        {
            let operations = execution.schedule.len();
            return Err(format!("operation {operations} was another one before"));
        }
        self.cache.ask(execution, &state);
        let view = CachedStateView::new(&self.cache, &state);
        let is_end = view.enabled().is_empty() && view.is_complete();
        if is_end && self.cache.finally(&state).is_none() {
            self.ending = Some(state);
        }
        Ok(())
    }

    /// Takes in the end of an execution.
    pub(crate) fn end(&mut self, execution: &mut ExecutionState) {
        match self.ending.take() {
            None if self.goes_on => {}
            Some(state) => {
                self.cache.cache_final(&state, execution);
                self.advance();
            }
            // It has panicked, which ends the search.
            None => self.request = None,
        }
    }

    /// Goes on as far as what is known leads, and says what is asked for then.
    fn advance(&mut self) {
        self.request = None;
        self.followed = 0;
        while let Some(stop) = self.path.last() {
            let request = match stop.node {
                None => self.arrive(),
                Some(node) => self.follow(node),
            };
            if request.is_some() {
                self.request = request;
                return;
            }
            let over = self.is_wrong() || self.watch.look();
            if over || (self.until_violation && self.graph.is_violated()) {
                return;
            }
        }
    }

    /// The thread of each operation on the path.
    fn schedule(&self) -> Schedule {
        self.path.iter().filter_map(|stop| stop.thread).collect()
    }

    /// Takes the next step from the last state of the path, or goes back.
    fn follow(&mut self, node: u32) -> Option<Schedule> {
        let stop = self.path.last()?;
        let Some(thread) = self.graph.enabled(node).iter().nth(stop.followed) else {
            self.back();
            return None;
        };
        let Some(effect) = self.cache.step(&stop.state, thread) else {
            return Some(self.schedule().then(thread));
        };
        let stop = Stop {
            state: effect.of(&stop.state, thread),
            thread: Some(thread),
            broken: broken(effect),
            node: None,
            followed: 0,
        };
        self.path.push(stop);
        None
    }

    /// Everything that follows the last state of the path is known.
    fn back(&mut self) {
        self.path.pop();
        if let Some(stop) = self.path.last_mut() {
            stop.followed += 1;
        }
    }

    /// Takes in the state that the last step has led to.
    fn arrive(&mut self) -> Option<Schedule> {
        let stop = self.path.last()?;
        let view = CachedStateView::new(&self.cache, &stop.state);
        let digest = stop.state.digest();
        let known = self.known.get(&digest).copied();
        let mut broken = stop.broken.clone();
        let has_cycles = known.is_none_or(|node| self.cyclic.contains(&node));
        let has_cycles = has_cycles && self.add_cycles(&view, &mut broken);
        let model_error = self.broken_contract(&view);
        let enabled = known.is_none().then(|| view.enabled());
        let is_end = match (&enabled, known) {
            (None, Some(node)) => self.graph.enabled(node).is_empty(),
            (enabled, _) => enabled.is_none_or(Threads::is_empty),
        };
        let is_complete = is_end && view.is_complete();
        // Whether or not a cycle was seen to close on the way here: another way leads to the same end.
        if is_end && view.left_waiting().is_some() {
            broken.push((NO_DEADLOCK.into(), None));
        }
        if is_complete && !view.is_missing() {
            let Some(found) = self.cache.finally(&stop.state) else {
                return Some(self.schedule());
            };
            broken.extend(found.iter().map(|property| (property.clone(), None)));
        }
        let is_shown = known.is_none() && self.scope == Scope::All;
        let shown = is_shown.then(|| sightings(&view));
        if view.is_missing() {
            return Some(self.schedule());
        }
        if model_error.is_some() {
            self.model_error = model_error;
            return None;
        }

        if known.is_none() && self.watch.is_full(self.graph.len()) {
            return None;
        }
        for thread in stop.state.threads() {
            let points = view.newly_covered(thread, &self.waits);
            self.waits.extend(points);
        }
        let before = (self.path.iter().rev().nth(1)).and_then(|stop| stop.node);
        let node = known.unwrap_or_else(|| {
            let enabled = enabled.unwrap_or_default();
            let operation = |thread| self.cache.operation(&stop.state, thread);
            (self.graph).add(enabled, enabled.iter().map(operation))
        });
        match before.zip(stop.thread) {
            Some((from, thread)) => self.graph.connect(from, thread, node, broken),
            None => self.graph.begin(broken),
        }
        if has_cycles {
            self.cyclic.insert(node);
        }
        if let Some(shown) = shown {
            self.orders.add(node, shown);
            if is_complete {
                let outcome = self.cache.outcome(&stop.state);
                let schedule = self.schedule();
                self.outcomes.entry(outcome).or_insert(schedule);
            }
        }
        if known.is_none() {
            self.known.insert(digest, node);
        } else if self.path.iter().any(|stop| stop.node == Some(node)) {
            // A thread always observes something, so two states have the same digest here.
            let operations = self.path.len() - 1;
            self.diverge(format!(
                "operation {operations} led back to an earlier state"
            ));
        }
        if known.is_some() || is_end {
            self.back();
        } else if let Some(stop) = self.path.last_mut() {
            stop.node = Some(node);
        }
        None
    }

    /// The cycles of waits that the last step of the path has closed, and the waits for threads that have left: those
    /// that are there now and were not before. A step closes one among other threads too, where it changes which threads
    /// have to act. Returns whether there are any at all.
    fn add_cycles(&self, view: &CachedStateView<'_>, broken: &mut Vec<Broken>) -> bool {
        let now = cycles(view);
        if now.is_empty() {
            return false;
        }
        let before = self.path.iter().rev().nth(1);
        let before = before.map(|stop| cycles(&CachedStateView::new(&self.cache, &stop.state)));
        let new = now
            .difference(before.as_ref().unwrap_or(&BTreeSet::new()))
            .cloned()
            .collect::<Vec<_>>();
        broken.extend(
            new.into_iter()
                .map(|cycle| (NO_DEADLOCK.into(), Some(cycle))),
        );
        true
    }

    /// The error, if the last step of the path has broken the contract of another thread's wait.
    fn broken_contract(&self, after: &CachedStateView<'_>) -> Option<SearchError> {
        let stop = self.path.last()?;
        let before = &self.path.iter().rev().nth(1)?.state;
        let thread = stop.thread?;
        let changed = before.changed(&stop.state);
        let waits =
            |other: ThreadId| other != thread && self.cache.waits_on(before, other, changed);
        if !before.threads().any(waits) {
            return None;
        }
        let view = CachedStateView::new(&self.cache, before);
        let expected = expected(&view, thread);
        let breach = breach(&expected, after)?;
        let location = self.cache.location(before, thread);
        Some(error(&view, &expected, breach, location))
    }
}

/// Every cycle of waits in a state, and every wait for a thread that has left.
fn cycles(view: &CachedStateView<'_>) -> BTreeSet<Cycle> {
    let threads = view.threads().map(|(thread, _)| thread);
    let cycles = threads.flat_map(|thread| deadlocks(view, thread));
    cycles.map(|(_, cycle)| cycle).collect()
}

fn broken(effect: &Effect) -> Vec<Broken> {
    let properties = effect.violations.iter().cloned();
    properties.map(|property| (property, None)).collect()
}
