//! The states that an explicit-state search has visited, and what can be read off them.

use crate::engine::execution::sets::Threads;
use crate::engine::explicit::operation::Operation;
use crate::trace::{Cycle, Schedule, States, ThreadId};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};

/// A state: the operations that can take place in it. None, at an end.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// The place of the first of its operations among those of all states.
    first: u32,
    /// The threads that can go on. Each has one operation, and they are taken in the order of the threads.
    enabled: Threads,
    /// How many of them have been taken.
    taken: u8,
}

/// A property that is broken, and the cycle if it is a deadlock with one.
pub(crate) type Broken = (Cow<'static, str>, Option<Cycle>);

/// A state and the thread that came last.
type Place = (u32, Option<ThreadId>);

/// A violation's place in [`Graph::kinds`].
type Kind = u16;

/// The shortest way to each state: its operations, the state before, and the thread that goes on there.
pub(crate) struct Shortest(Vec<Option<(u32, u32, ThreadId)>>);

impl Shortest {
    /// The number of operations from the first state to this one.
    pub(crate) fn operations(&self, state: u32) -> u32 {
        self.0[state as usize].map_or(u32::MAX, |(operations, ..)| operations)
    }

    /// The thread of each operation on the way.
    pub(crate) fn schedule(&self, state: u32) -> Schedule {
        let mut schedule = Vec::new();
        let mut at = state;
        while let Some((_, before, thread)) =
            self.0[at as usize].filter(|(operations, ..)| *operations > 0)
        {
            schedule.push(thread);
            at = before;
        }
        schedule.into_iter().rev().collect()
    }
}

/// A graph without cycles: a thread never forgets what it has observed, so no state recurs.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// Of each state the operation that each enabled thread is at: its place in [`Graph::operations`].
    at: Vec<u16>,
    /// Where each of them leads, if it has been taken.
    to: Vec<u32>,
    /// What is violated before the first operation.
    initial: BTreeSet<Kind>,
    /// The violations of an operation, by its node and its place in the node's edges.
    violations: HashMap<(u32, u32), BTreeSet<Kind>>,
    /// Every property violated, with every cycle.
    kinds: Vec<(Cow<'static, str>, BTreeSet<Cycle>)>,
    /// Every operation that some thread is at in some state.
    pub(crate) operations: Vec<Operation>,
    transitions: u64,
    ends: u64,
}

impl Graph {
    /// How large the graph is, of so many schedules.
    pub(crate) fn states(&self, schedules: u64) -> States {
        States {
            states: self.nodes.len() as u64,
            transitions: self.transitions,
            ends: self.ends,
            schedules,
        }
    }

    /// A state that has not been seen before, the threads that can go on in it, and the operation that
    /// each of them is at: its place in [`Graph::operations`].
    pub(crate) fn add(&mut self, enabled: Threads, operations: impl Iterator<Item = u16>) -> u32 {
        self.ends += u64::from(enabled.is_empty());
        let number = |length| u32::try_from(length).expect("fewer than 2^32 fit in memory");
        self.nodes.push(Node {
            first: number(self.at.len()),
            enabled,
            taken: 0,
        });
        self.at.extend(operations);
        self.to.resize(self.at.len(), u32::MAX);
        number(self.nodes.len() - 1)
    }

    /// The threads that can go on in a state.
    pub(crate) fn enabled(&self, node: u32) -> Threads {
        self.nodes[node as usize].enabled
    }

    /// The operations of a state that have been taken: the thread of each, and where it leads.
    fn taken(&self, node: u32) -> impl Iterator<Item = (ThreadId, u32)> {
        let Node {
            first,
            enabled,
            taken,
        } = self.nodes[node as usize];
        let to = &self.to[first as usize..][..usize::from(taken)];
        enabled.iter().zip(to.iter().copied())
    }

    /// The states in which no thread is enabled.
    pub(crate) fn ends(&self) -> impl Iterator<Item = u32> {
        let ends = (0_u32..).zip(&self.nodes);
        ends.filter(|(_, node)| node.enabled.is_empty())
            .map(|(state, _)| state)
    }

    /// How many states there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The operation that a thread is at, if it can go on: its place in [`Graph::operations`].
    pub(crate) fn operation(&self, node: u32, thread: ThreadId) -> Option<u16> {
        let node = &self.nodes[node as usize];
        let place = node.enabled.iter().position(|enabled| enabled == thread)?;
        self.at.get(node.first as usize + place).copied()
    }

    /// Where the operations of a state lead: the thread, the next state, and the properties violated
    /// on the way.
    pub(crate) fn edges(
        &self,
        node: u32,
    ) -> impl Iterator<Item = (ThreadId, u32, impl Iterator<Item = &str>)> {
        let edges = (0_u32..).zip(self.taken(node));
        edges.map(move |(place, (thread, to))| {
            let kinds = self.violations.get(&(node, place)).into_iter().flatten();
            (thread, to, self.named(kinds))
        })
    }

    /// The properties violated before the first operation.
    pub(crate) fn violated_at_first(&self) -> impl Iterator<Item = &str> {
        self.named(self.initial.iter())
    }

    fn named<'k>(&self, kinds: impl Iterator<Item = &'k Kind>) -> impl Iterator<Item = &str> {
        kinds.map(|kind| &*self.kinds[usize::from(*kind)].0)
    }

    /// An operation has taken place.
    pub(crate) fn connect(
        &mut self,
        from: u32,
        thread: ThreadId,
        to: u32,
        violations: Vec<Broken>,
    ) {
        self.transitions += 1;
        let node = &mut self.nodes[from as usize];
        let place = (from, u32::from(node.taken));
        debug_assert_eq!(
            node.enabled.iter().nth(usize::from(node.taken)),
            Some(thread)
        );
        self.to[node.first as usize + usize::from(node.taken)] = to;
        node.taken += 1;
        for violation in violations {
            let kind = self.kind(violation);
            self.violations.entry(place).or_default().insert(kind);
        }
    }

    /// The first state was reached; no operation has taken place yet.
    pub(crate) fn begin(&mut self, violations: Vec<Broken>) {
        for violation in violations {
            let kind = self.kind(violation);
            self.initial.insert(kind);
        }
    }

    fn kind(&mut self, (property, cycle): Broken) -> Kind {
        let known = self.kinds.iter().position(|(known, _)| *known == property);
        let kind = known.unwrap_or_else(|| {
            self.kinds.push((property, BTreeSet::new()));
            self.kinds.len() - 1
        });
        self.kinds[kind].1.extend(cycle);
        // A spec has a handful of properties.
        Kind::try_from(kind).unwrap_or(Kind::MAX)
    }

    /// Whether any operation violates anything.
    pub(crate) fn is_violated(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// Every property that some operation violates, with every cycle.
    pub(crate) fn violated(&self) -> BTreeMap<Cow<'static, str>, BTreeSet<Cycle>> {
        self.kinds.iter().cloned().collect()
    }

    /// Follows a schedule: the properties violated on the way, or the number of the first operation, from 1,
    /// that does not take place there.
    pub(crate) fn walk(&self, schedule: &Schedule) -> Result<BTreeSet<&str>, usize> {
        let mut violated: BTreeSet<&str> = self.violated_at_first().collect();
        let mut at = 0;
        for (position, wanted) in (1_usize..).zip(schedule) {
            let mut edges = self.edges(at);
            let edge = edges.find(|(thread, ..)| thread == wanted);
            let (_, to, properties) = edge.ok_or(position)?;
            violated.extend(properties);
            at = to;
        }
        Ok(violated)
    }

    /// The number of schedules, and of those in which the property is violated, or any if `None`;
    /// the largest number means at least so many.
    pub(crate) fn schedules(&self, property: Option<&str>) -> (u64, u64) {
        let meant = |kinds: &BTreeSet<Kind>| {
            let mut names = kinds.iter().map(|kind| &self.kinds[usize::from(*kind)].0);
            names.any(|name| property.is_none_or(|property| *name == property))
        };
        let fails = |place: &(u32, u32)| self.violations.get(place).is_some_and(meant);
        // Schedules from each state to an end: all, and those with a violation. Each is a sum of its own, so that where
        // the numbers are too large for their type both are lower bounds.
        let mut counts: Vec<Option<(u64, u64)>> = vec![None; self.nodes.len()];
        let mut stack = vec![0_u32];
        while let Some(&at) = stack.last() {
            let node = &self.nodes[at as usize];
            let open = self.taken(at).map(|(_, to)| to);
            let before = stack.len();
            stack.extend(open.filter(|to| counts[*to as usize].is_none()));
            if stack.len() > before {
                continue;
            }
            stack.pop();
            let mut sum = (u64::from(node.enabled.is_empty()), 0_u64);
            for (place, (_, to)) in (0..).zip(self.taken(at)) {
                let (all, failing) = counts[to as usize].unwrap_or_default();
                let failing = if fails(&(at, place)) { all } else { failing };
                sum = (sum.0.saturating_add(all), sum.1.saturating_add(failing));
            }
            counts[at as usize] = Some(sum);
        }
        let (all, failing) = counts.first().copied().flatten().unwrap_or_default();
        (all, if meant(&self.initial) { all } else { failing })
    }

    /// The most operations of a schedule, as far as the graph goes.
    pub(crate) fn longest(&self) -> usize {
        // From each state, once all that follow it are known.
        let mut longest: Vec<Option<usize>> = vec![None; self.nodes.len()];
        let mut stack: Vec<u32> = longest.iter().take(1).map(|_| 0).collect();
        while let Some(&at) = stack.last() {
            let next = || self.taken(at).map(|(_, to)| to);
            let open = next();
            let open: Vec<u32> = open.filter(|to| longest[*to as usize].is_none()).collect();
            if open.is_empty() {
                stack.pop();
                let next = next().filter_map(|to| longest[to as usize]);
                longest[at as usize] = Some(next.map(|rest| rest + 1).max().unwrap_or_default());
            }
            stack.extend(open);
        }
        longest.first().copied().flatten().unwrap_or_default()
    }

    /// The shortest ways from the first state to every other.
    pub(crate) fn shortest(&self) -> Shortest {
        let mut ways: Vec<Option<(u32, u32, ThreadId)>> = vec![None; self.nodes.len()];
        let mut queue: VecDeque<u32> = ways.iter().take(1).map(|_| 0).collect();
        if let Some(first) = ways.first_mut() {
            *first = Some((0, 0, ThreadId::default()));
        }
        while let Some(at) = queue.pop_front() {
            let operations = ways[at as usize].map_or(0, |(operations, ..)| operations + 1);
            for (thread, to) in self.taken(at) {
                let way = &mut ways[to as usize];
                if way.is_none() {
                    *way = Some((operations, at, thread));
                    queue.push_back(to);
                }
            }
        }
        Shortest(ways)
    }

    /// The schedule with the fewest preemptions up to a violation of the property, of these one with
    /// the fewest operations; and its preemptions.
    pub(crate) fn fewest_preemptions(&self, property: &str) -> Option<(usize, Schedule)> {
        let path = self.cheapest(property)?;
        Some((self.preemptions(&path), path))
    }

    fn preemptions(&self, path: &[ThreadId]) -> usize {
        let (mut at, mut last, mut count) = (0_u32, None, 0);
        for thread in path {
            let node = self.nodes[at as usize];
            count += usize::from(is_preemption(node, last, *thread));
            let edge = self.taken(at).find(|(other, _)| other == thread);
            at = edge.map_or(at, |(_, to)| to);
            last = Some(*thread);
        }
        count
    }

    /// Dijkstra's algorithm over states and the thread that came last; a path costs its preemptions,
    /// then its operations, then its switches.
    fn cheapest(&self, property: &str) -> Option<Schedule> {
        let kind = self.kinds.iter().position(|(name, _)| *name == property)?;
        let kind = Kind::try_from(kind).ok()?;
        if self.initial.contains(&kind) {
            return Some(Schedule::default());
        }
        let mut done: HashMap<Place, Option<Place>> = HashMap::new();
        let mut heap = BinaryHeap::new();
        let start: Place = (0, None);
        heap.push(Reverse(((0_u32, 0_u32, 0_u32), 0_u64, start, None, false)));
        let mut order = 0_u64;
        while let Some(Reverse((spent, _, at, from, over))) = heap.pop() {
            if over {
                let last = at.1?;
                let mut path = vec![last];
                let mut back: Option<Place> = from;
                while let Some(place) = back {
                    path.extend(place.1);
                    back = done.get(&place).copied().flatten();
                }
                return Some(path.into_iter().rev().collect());
            }
            if done.contains_key(&at) {
                continue;
            }
            done.insert(at, from);
            let node = self.nodes[at.0 as usize];
            for (place, (thread, to)) in (0_u32..).zip(self.taken(at.0)) {
                let switch = at.1.is_some_and(|last| last != thread);
                let preempts = is_preemption(node, at.1, thread);
                let (preemptions, steps, switches) = spent;
                let spent = (
                    preemptions + u32::from(preempts),
                    steps + 1,
                    switches + u32::from(switch),
                );
                let kinds = self.violations.get(&(at.0, place));
                let over = kinds.is_some_and(|kinds| kinds.contains(&kind));
                order += 1;
                // The first of equals, so that the path is the same on every run.
                let next = (to, Some(thread));
                heap.push(Reverse((spent, order, next, Some(at), over)));
            }
        }
        None
    }
}

fn is_preemption(node: Node, last: Option<ThreadId>, next: ThreadId) -> bool {
    last.is_some_and(|last| last != next && node.enabled.contains(last))
}
