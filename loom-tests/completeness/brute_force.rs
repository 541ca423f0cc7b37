//! Every state of a program, and what can be read off them.
//!
//! It knows nothing of the engine and leaves nothing out: it goes from state to state by every operation that can
//! take place, and sums up over the states what schedules there are.

use super::breach::{Breach, breaches};
use super::counts::{Counted, Graph, Node};
use super::cycles::{cycles, is_stranded};
use super::language::{BUG, By, FINALS, Of, PROPERTIES, Program, WAIT_POINTS, ended};
use super::lines::Operation;
use super::machine::{Edge, Machine, Object, Seen, State};
use pagelock::engine::NO_DEADLOCK;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All that a program can do.
#[derive(Debug, Clone, Default)]
pub(super) struct Behaviour {
    /// Where executions end in which every thread returns, or waits for work.
    pub(super) outcomes: BTreeSet<Ending>,
    /// Where executions end in which some thread waits forever.
    pub(super) deadlocks: BTreeSet<Ending>,
    /// Where executions end in which no thread waits, but some thread has left.
    pub(super) departures: BTreeSet<Ending>,
    /// Every point but those of waits.
    pub(super) points: BTreeSet<String>,
    /// The points of waits for locks.
    pub(super) waits: BTreeSet<String>,
    /// Every elementary cycle of waits.
    pub(super) cycles: BTreeSet<BTreeSet<Edge>>,
    /// The number of schedules.
    pub(super) schedules: u64,
    /// Of those, how many violate any property.
    pub(super) failing: u64,
    /// The most operations of a schedule.
    pub(super) longest: usize,
    /// The properties violated.
    pub(super) violated: BTreeMap<&'static str, Counted>,
    /// How many schedules differ in more than the order of independent operations, where they are few enough to be
    /// run one by one.
    pub(super) traces: Option<u64>,
    /// The breaches of what waits promise.
    pub(super) breaches: BTreeSet<Breach>,
}

impl Behaviour {
    /// Whether the order of the threads makes a difference to the end, or to a property.
    pub(super) fn varies(&self) -> bool {
        let ends = self.outcomes.len() + self.deadlocks.len() + self.departures.len();
        let mut violated = self.violated.values();
        ends > 1 || violated.any(|counted| counted.failing < self.schedules)
    }
}

/// What an execution leaves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ending {
    pub(super) locks: Vec<i64>,
    pub(super) cells: Vec<i64>,
    pub(super) holders: Vec<Option<usize>>,
    /// The threads that wait, but for work, and for what.
    pub(super) waits: BTreeSet<(usize, Object)>,
}

/// All properties, by their bits.
pub(super) fn properties() -> Vec<&'static str> {
    let checked = PROPERTIES.iter().chain(&FINALS).copied();
    checked.chain([BUG, NO_DEADLOCK]).collect()
}

fn bit(property: &str) -> u16 {
    let place = properties().iter().position(|name| *name == property);
    1 << place.expect("it is a property")
}

/// Explores a program. `None` if it has more states than that.
pub(super) fn explore_within(program: &Program, most: usize) -> Option<Behaviour> {
    let (machine, first, seen) = Machine::new(program);
    let mut explorer = Explorer {
        program,
        machine,
        behaviour: Behaviour::default(),
        graph: Graph::default(),
        known: HashMap::new(),
        open: Vec::new(),
    };
    let (_, standing) = explorer.arrive(first);
    explorer.graph.initial = standing | explorer.saw(&seen);
    while let Some((node, state)) = explorer.open.pop() {
        if explorer.known.len() > most {
            return None;
        }
        for thread in explorer.machine.enabled(&state) {
            let (after, seen) = explorer.machine.after(&state, thread);
            let broken = explorer.saw(&seen);
            let breaches = breaches(&explorer.machine, &state, thread, &after);
            explorer.behaviour.breaches.extend(breaches);
            let (to, standing) = explorer.arrive(after);
            (explorer.graph.nodes[node].edges).push((thread, to, broken | standing));
        }
    }
    let mut behaviour = explorer.behaviour;
    let counts = explorer.graph.count();
    (behaviour.schedules, behaviour.failing) = (counts.schedules, counts.failing);
    behaviour.longest = counts.longest;
    let names = properties().into_iter();
    behaviour.violated = (names.zip(counts.properties))
        .filter_map(|(name, counted)| Some((name, counted?)))
        .collect();
    behaviour.traces = explorer.graph.traces(500);
    Some(behaviour)
}

/// Explores a program.
pub(super) fn explore(program: &Program) -> Behaviour {
    explore_within(program, usize::MAX).expect("there is no limit")
}

struct Explorer<'p> {
    program: &'p Program,
    machine: Machine,
    behaviour: Behaviour,
    graph: Graph,
    /// Each state's node, and the properties that are violated by coming there.
    known: HashMap<State, (usize, u16)>,
    open: Vec<(usize, State)>,
}

impl Explorer<'_> {
    /// Takes in what an operation has shown: the properties violated.
    fn saw(&mut self, seen: &Seen) -> u16 {
        self.behaviour.points.extend(seen.points.iter().cloned());
        let checked = seen.properties.iter().map(|number| PROPERTIES[*number]);
        let all = checked.chain(seen.bug.then_some(BUG));
        all.map(bit).fold(0, |all, one| all | one)
    }

    /// Takes in a state.
    fn arrive(&mut self, state: State) -> (usize, u16) {
        if let Some(known) = self.known.get(&state) {
            return *known;
        }
        let enabled = self.machine.enabled(&state);
        let points = self.machine.covered_waits(&state).into_iter();
        let points = points.map(|point| WAIT_POINTS[point].to_string());
        self.behaviour.waits.extend(points);
        let mut broken = 0;
        let closed = cycles(&self.machine, &state);
        if !closed.is_empty() || is_stranded(&self.machine, &state) {
            broken |= bit(NO_DEADLOCK);
        }
        self.behaviour.cycles.extend(closed);
        if enabled.is_empty() {
            broken |= self.end(&state);
        }
        let object = |thread: &usize| self.object(&state, *thread);
        let node = Node {
            objects: enabled.iter().map(object).collect(),
            enabled,
            edges: Vec::new(),
        };
        self.graph.nodes.push(node);
        let number = self.graph.nodes.len() - 1;
        self.known.insert(state.clone(), (number, broken));
        self.open.push((number, state));
        (number, broken)
    }

    /// The number of the object that a thread's operation is on.
    fn object(&self, state: &State, thread: usize) -> usize {
        let (locks, cells) = (state.locks.len(), state.cells.len());
        match self.machine.operation(state, thread) {
            Some(Operation::Acquire(lock)) => lock,
            Some(
                Operation::Step(cell, _)
                | Operation::Wait { cell, .. }
                | Operation::Interruptible { cell, .. },
            ) => locks + cell,
            Some(Operation::Semaphore(semaphore, _)) => locks + cells + semaphore,
            None => unreachable!("it is at an operation"),
        }
    }

    /// Files a state in which no thread can go on: the properties violated there.
    fn end(&mut self, state: &State) -> u16 {
        let object = |operation| match operation {
            Operation::Acquire(lock) => Some(Object::Lock(lock)),
            Operation::Wait { cell, by, .. } | Operation::Interruptible { cell, by, .. } => {
                (by != By::Work).then_some(Object::Cell(cell))
            }
            Operation::Semaphore(semaphore, _) => Some(Object::Semaphore(semaphore)),
            Operation::Step(..) => None,
        };
        let threads = 0..state.threads();
        let wait = |thread: usize| {
            let operation = self.machine.operation(state, thread);
            Some((thread, object(operation?)?))
        };
        let ending = Ending {
            locks: state.locks.clone(),
            cells: state.cells.clone(),
            holders: state.holders.clone(),
            waits: threads.clone().filter_map(wait).collect(),
        };
        if !ending.waits.is_empty() {
            self.behaviour.deadlocks.insert(ending);
            return bit(NO_DEADLOCK);
        }
        if threads.clone().any(|thread| state.has_left(thread)) {
            self.behaviour.departures.insert(ending);
            return 0;
        }
        let point = ended(&ending.locks, &ending.cells);
        self.behaviour.points.insert(point);
        self.behaviour.outcomes.insert(ending);
        let finals = self.program.finals.iter().zip(FINALS);
        let broken = finals.filter(|(last, _)| {
            let number = match last.of {
                Of::Local => 0,
                Of::Cell(cell) => state.cells[cell],
                Of::Lock(lock) => state.locks[lock],
            };
            !last.holds.holds(number, 0)
        });
        broken.fold(0, |all, (_, property)| all | bit(property))
    }
}
