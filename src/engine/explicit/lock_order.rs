//! Lock orders: what a thread holds where it acquires something else.
//!
//! An explicit-state search looks at every state once, at the threads whose next operation is an acquisition or a wait in
//! it. Which they are, and what they hold, is determined by the state; so nothing is missed where an
//! execution is cut short at a state that is known, and what runs after the end of an execution is
//! never looked at.

use crate::engine::execution::function::Function;
use crate::engine::execution::ids::{ObjectId, Table};
use crate::engine::execution::sets::Threads;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{Awaiting, Status};
use crate::engine::execution::view::StateView;
use crate::engine::execution::wait_for::follow;
use crate::engine::explicit::graph::Graph;
use crate::trace::{Schedule, ThreadId, without_numbers};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;

/// What a thread can hold or wait for: a lock, or an event that some thread has to bring about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Resource {
    /// Which one: `page 0 lock`, `commit of T1`. A lock has the name that it was made under, whatever
    /// its holders call it.
    pub name: String,
    /// Its place in a lock order: a lock's class, `page lock`; of an event its name without the
    /// numbers, `commit of TN`.
    pub class: String,
    /// Whether it is an event, and no lock.
    pub event: bool,
}

/// An order of two resources: a thread holds the one, or has to bring it about for another that waits
/// for it, and acquires the other.
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const TABLE: Function = Function::new("lock_table", "table.c");
/// const ROW: Function = Function::new("lock_row", "table.c");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let (table, row) = (world.lock("table", "table", ()), world.lock("row 7", "row", ()));
///     world.thread("update", move |task| {
///         let _table = task.acquire(&table, TABLE)?;
///         let _row = task.acquire(&row, ROW)?;
///         Ok(())
///     });
/// });
/// let found = search(&model, &Strategy::ExplicitState).unwrap();
/// let [order] = &found.orders[..] else { panic!("one order") };
/// assert_eq!((order.held.name.as_str(), order.wanted.name.as_str()), ("table", "row 7"));
/// // The witness is at `lock_row` after one operation, and no thread ever has to wait there.
/// assert_eq!((order.function.name, order.schedule.len(), order.waits), ("lock_row", 1, false));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What the thread has.
    pub held: Resource,
    /// What it acquires.
    pub wanted: Resource,
    /// Whether some thread has to wait there, in some execution.
    pub waits: bool,
    /// The thread of the witness: the shortest execution that shows the order.
    pub thread: String,
    /// The function by which the witness acquires the second.
    pub function: Function,
    /// The function that calls it, if the model has named one.
    pub caller: Option<Function>,
    /// The thread of each operation up to there: a replay of it stops before that function's step.
    pub schedule: Schedule,
}

/// A resource, before it has a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A lock, by its object.
    Lock(ObjectId),
    Event(Cow<'static, str>),
}

/// A thread whose next operation is an acquisition or a wait, and something that it has.
#[derive(Debug)]
struct Sighting {
    edge: (Key, Key),
    site: Site,
    waits: bool,
}

/// Where a thread acquires something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Site {
    thread: ThreadId,
    function: Function,
    caller: Option<Function>,
}

/// Everything that one state shows.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    edges: Vec<Sighting>,
    /// What each thread of a cycle of waits waits for, from the first thread on.
    deadlocks: Vec<Vec<Key>>,
}

/// What each thread acquires next, with what it has.
pub(crate) fn sightings(view: &impl StateView) -> Sightings {
    let mut found = Sightings::default();
    for (thread, thread_state) in view.threads() {
        let Some((wanted, waits)) = stands_before(view, thread) else {
            continue;
        };
        let caller = thread_state.stack.iter().rev();
        let site = Site {
            thread,
            function: thread_state.pending,
            // The innermost frame is the step's own function where the step stands for all of it.
            caller: caller
                .copied()
                .find(|frame| frame.name != thread_state.pending.name),
        };
        let locks = thread_state.holds.iter().map(|held| Key::Lock(*held));
        let held = locks.chain(obligations_of(view, thread));
        found.edges.extend(held.map(|held| Sighting {
            edge: (held, wanted.clone()),
            site,
            waits,
        }));
        found.deadlocks.extend(cycles_from(view, thread));
    }
    found
}

/// What a thread acquires next, and whether it has to wait. A wait for work is left out.
fn stands_before(view: &impl StateView, thread: ThreadId) -> Option<(Key, bool)> {
    match &view.thread(thread).status {
        Status::Acquiring(object) => Some((Key::Lock(*object), view.holder(*object).is_some())),
        Status::Awaiting(awaiting) if !awaiting.idle => {
            let waits = !view.is_ready(thread, awaiting);
            Some((wanted(awaiting), waits))
        }
        _ => None,
    }
}

/// What a wait is for: an event, or a lock that is acquired in a way of its own.
fn wanted(awaiting: &Awaiting) -> Key {
    if awaiting.class.is_empty() {
        Key::Event(awaiting.what.clone())
    } else {
        Key::Lock(awaiting.object)
    }
}

/// The events that this thread has to bring about: those that say so themselves, and those that some
/// thread waits for and that it alone can bring about.
fn obligations_of(view: &impl StateView, thread: ThreadId) -> impl Iterator<Item = Key> {
    let own = (view.obligations()).filter(move |(_, owner)| *owner == Some(thread));
    let own = own.map(|(what, _)| Key::Event(what.clone()));
    let threads = view.threads();
    own.chain(
        threads.filter_map(move |(other, thread_state)| match &thread_state.status {
            Status::Awaiting(awaiting)
                if !awaiting.idle
                    && !view.is_ready(other, awaiting)
                    && awaiting.class.is_empty()
                    && view.wakers(other, awaiting).contains(thread) =>
            {
                Some(Key::Event(awaiting.what.clone()))
            }
            _ => None,
        }),
    )
}

/// The cycles of waits that the thread is in and is the first thread of.
fn cycles_from(view: &impl StateView, thread: ThreadId) -> Vec<Vec<Key>> {
    let next = |at: ThreadId| {
        let (wanted, waits) = stands_before(view, at)?;
        let by = match &view.thread(at).status {
            Status::Acquiring(object) => Threads::one(view.holder(*object)?),
            Status::Awaiting(awaiting) => view.wakers(at, awaiting),
            _ => return None,
        };
        waits.then_some((wanted, by))
    };
    let paths = follow(thread, next, |_| false).into_iter();
    let first = paths.filter(|(path, closed)| *closed && path.iter().all(|(at, ..)| *at >= thread));
    let wanted =
        |path: Vec<(ThreadId, Key, ThreadId)>| path.into_iter().map(|(_, key, _)| key).collect();
    first.map(|(path, _)| wanted(path)).collect()
}

/// Where an order was seen.
#[derive(Debug, Default)]
struct Seen {
    waits: bool,
    /// States, each with the place of its site among the [`Orders::sites`].
    states: Vec<(u32, usize)>,
}

/// Gathers what the states of a search show.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    edges: BTreeMap<(Key, Key), Seen>,
    sites: Vec<Site>,
    deadlocks: BTreeSet<Vec<Key>>,
    /// The name and the class of each object: every execution makes the same ones.
    objects: Table<ObjectId, (String, &'static str)>,
    threads: Table<ThreadId, String>,
}

impl Orders {
    /// Takes in what threads and objects there are.
    pub(crate) fn begin(&mut self, execution: &ExecutionState) {
        let names = execution.threads.iter().map(|thread| thread.name);
        self.threads = names.map(ToString::to_string).collect();
        let objects = execution.objects.iter();
        self.objects = objects
            .map(|thread_state| (thread_state.first_name().to_string(), thread_state.class))
            .collect();
    }

    /// Takes in what a state shows that has not been seen before.
    pub(crate) fn add(&mut self, state: u32, sightings: Sightings) {
        for Sighting { edge, site, waits } in sightings.edges {
            let known = self.sites.iter().position(|known| *known == site);
            let site = known.unwrap_or_else(|| {
                self.sites.push(site);
                self.sites.len() - 1
            });
            let seen = self.edges.entry(edge).or_default();
            seen.waits |= waits;
            // An event with a declared obligation is seen once more if a thread waits for it.
            if seen.states.last() != Some(&(state, site)) {
                seen.states.push((state, site));
            }
        }
        self.deadlocks.extend(sightings.deadlocks);
    }

    /// Every order with the shortest execution that shows it, and every cycle of waits.
    pub(crate) fn finish(&self, graph: &Graph) -> (Vec<Order>, Vec<Vec<Resource>>) {
        let paths = graph.shortest();
        let order = |((held, wanted), seen): (&(Key, Key), &Seen)| {
            let shortest = |(state, _): &&(u32, usize)| (paths.operations(*state), *state);
            let (state, site) = seen.states.iter().min_by_key(shortest)?;
            let site = self.sites[*site];
            Some(Order {
                held: self.resource(held),
                wanted: self.resource(wanted),
                waits: seen.waits,
                thread: self.threads[site.thread].clone(),
                function: site.function,
                caller: site.caller,
                schedule: paths.schedule(*state),
            })
        };
        let mut orders: Vec<Order> = self.edges.iter().filter_map(order).collect();
        orders.sort_by(|a, b| (&a.held, &a.wanted).cmp(&(&b.held, &b.wanted)));
        let named = |cycle: &Vec<Key>| cycle.iter().map(|key| self.resource(key)).collect();
        (orders, self.deadlocks.iter().map(named).collect())
    }

    fn resource(&self, key: &Key) -> Resource {
        match key {
            Key::Lock(object) => Resource {
                name: self.objects[*object].0.clone(),
                class: self.objects[*object].1.to_string(),
                event: false,
            },
            Key::Event(what) => Resource {
                name: what.to_string(),
                class: without_numbers(what),
                event: true,
            },
        }
    }
}
