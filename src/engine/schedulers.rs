//! Schedulers for the announced operations of shuttle's threads.

use super::execution::Status;
use super::view::StateView as _;
use super::world::{Shared, unpoisoned};
use ::shuttle::scheduler::{RandomScheduler, Schedule, Scheduler, Task, TaskId};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The execution that is under way, shared by the scheduler and the code that it schedules.
#[derive(Clone, Default)]
pub(crate) struct Current(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    shared: Option<Arc<Shared>>,
    spawned: bool,
    over: bool,
    /// In which order threads go to their first operations; those that it does not name, in their own order.
    starts: Vec<usize>,
}

impl Current {
    /// Lets threads go to their first operations in this order. No operation takes place there, so it makes a difference
    /// only to a model that has hidden state.
    pub(crate) fn start_in(&self, order: &[usize]) {
        unpoisoned(&self.0).starts = order.to_vec();
    }

    pub(crate) fn begin(&self, shared: &Arc<Shared>) {
        let mut state = unpoisoned(&self.0);
        state.shared = Some(Arc::clone(shared));
        state.spawned = false;
    }

    pub(crate) fn all_spawned(&self) {
        unpoisoned(&self.0).spawned = true;
    }

    /// What the threads of the execution under way share.
    pub(super) fn shared(&self) -> Option<Arc<Shared>> {
        unpoisoned(&self.0).shared.clone()
    }

    /// Ends the execution, and the search too if `over`.
    pub(crate) fn end(&self, over: bool) {
        let mut state = unpoisoned(&self.0);
        state.shared = None;
        state.over |= over;
    }
}

/// Offers an inner strategy only the threads whose announced operation can take effect.
pub(crate) struct EnabledOnly {
    inner: Box<dyn Scheduler + Send>,
    current: Current,
}

impl EnabledOnly {
    pub(crate) fn new(inner: Box<dyn Scheduler + Send>, current: Current) -> Self {
        Self { inner, current }
    }

    fn next(&mut self, runnable: &[&Task], current: Option<TaskId>) -> Option<TaskId> {
        let (spawned, shared, starts) = {
            let state = unpoisoned(&self.current.0);
            (state.spawned, state.shared.clone(), state.starts.clone())
        };
        let main = || runnable.iter().find(|task| task.id() == 0.into());
        let (true, Some(shared)) = (spawned, shared) else {
            // The set-up and the end of an execution belong to the first task alone.
            return Some(main().or(runnable.first())?.id());
        };
        // The thread with index i is the task i + 1: the first task sets the model up.
        let index = |task: &Task| usize::from(task.id()).checked_sub(1);
        let mut execution = shared.execution();
        let find = |holds: &dyn Fn(usize) -> bool| {
            let found = runnable.iter().find(|task| index(task).is_some_and(holds));
            found.map(|task| task.id())
        };

        // A thread on its way to its first operation has no choice to offer.
        let running = |i: usize| matches!(execution.threads[i].status, Status::Running);
        if let Some(task) = find(&running) {
            return Some(task);
        }
        let starting = |i: usize| matches!(execution.threads[i].status, Status::Starting);
        let named = starts
            .iter()
            .find_map(|next| find(&|i| i == *next && starting(i)));
        if let Some(task) = named.or_else(|| find(&starting)) {
            return Some(task);
        }
        let unfinished = |i: usize| !matches!(execution.threads[i].status, Status::Finished);
        let left = find(&unfinished).or_else(|| main().map(|task| task.id()));
        let finished = execution.is_finished();
        if execution.stopping {
            return left;
        }
        if let Some(mut recorder) = execution.recorder.take() {
            recorder.waits(&execution);
            execution.recorder = Some(recorder);
        }
        let enabled: Vec<&Task> = (runnable.iter().copied())
            .filter(|task| index(task).is_some_and(|i| execution.is_enabled(i)))
            .collect();
        if enabled.is_empty() {
            if execution.stateful {
                drop(execution);
                self.inner.next_task(&[], current, false);
                execution = shared.execution();
            }
            if !finished && !execution.stopping {
                execution.stop();
            }
            return left;
        }
        drop(execution);
        self.inner.next_task(&enabled, current, false)
    }
}

impl Scheduler for EnabledOnly {
    fn new_execution(&mut self) -> Option<Schedule> {
        if unpoisoned(&self.current.0).over {
            return None;
        }
        self.inner.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let next = catch_unwind(AssertUnwindSafe(|| self.next(runnable, current)));
        next.unwrap_or_else(|payload| {
            // A guard of the encoding's has panicked, or whatever else it is asked for here.
            let shared = self.current.shared()?;
            unpoisoned(&shared.collector).panicked(&*payload);
            shared.execution().stopping = true;
            self.next(runnable, current)
        })
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}

/// shuttle's random strategy, silenced: dropped before its last execution, as when a search ends early or fails,
/// it would print a seed.
pub(crate) struct Random(RandomScheduler);

impl Random {
    pub(crate) fn new(seed: u64, executions: usize) -> Self {
        Self(RandomScheduler::new_from_seed(seed, executions))
    }
}

impl Drop for Random {
    fn drop(&mut self) {
        while self.0.new_execution().is_some() {}
    }
}

impl Scheduler for Random {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.0.new_execution()
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.0.next_task(enabled, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// Runs an execution as near to a given schedule as it will go: of the turns that are left, the first whose
/// thread can go on. Past its end the threads go on in their order.
pub(crate) struct Replay {
    /// The turns that were not taken yet.
    left: VecDeque<u8>,
    taken: usize,
    ran: bool,
    /// Where the schedule first named a thread that could not go on.
    pub(crate) diverged: Arc<Mutex<Option<usize>>>,
    /// Whether two threads could go on at some moment.
    pub(crate) has_choice: Arc<AtomicBool>,
}

impl Replay {
    pub(crate) fn new(schedule: &[u8]) -> Self {
        Self {
            left: schedule.iter().copied().collect(),
            taken: 0,
            ran: false,
            diverged: Arc::default(),
            has_choice: Arc::default(),
        }
    }
}

impl Scheduler for Replay {
    fn new_execution(&mut self) -> Option<Schedule> {
        (!std::mem::replace(&mut self.ran, true)).then(|| Schedule::new(0))
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        (self.has_choice).fetch_or(enabled.len() > 1, Ordering::Relaxed);
        let task = |turn: u8| TaskId::from(usize::from(turn) + 1);
        let can = |turn: &u8| enabled.iter().any(|other| other.id() == task(*turn));
        let place = self.left.iter().position(can);
        if !self.left.is_empty() && place != Some(0) {
            unpoisoned(&self.diverged).get_or_insert(self.taken);
        }
        self.taken += 1;
        let turn = place.and_then(|place| self.left.remove(place));
        turn.map(task).or(enabled.first().map(|task| task.id()))
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// Runs every schedule, depth first, whatever has been seen before.
#[derive(Default)]
pub(crate) struct Dfs {
    /// At each choice of the present execution: the place of the thread taken among those that can go
    /// on, and their number.
    path: Vec<(usize, usize)>,
    position: usize,
    ran: bool,
    /// Where the model offered another choice than before.
    pub(crate) diverged: Arc<Mutex<Option<usize>>>,
}

impl Scheduler for Dfs {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.position = 0;
        if !std::mem::replace(&mut self.ran, true) {
            return Some(Schedule::new(0));
        }
        if unpoisoned(&self.diverged).is_some() {
            return None;
        }
        while let Some((taken, enabled)) = self.path.last_mut() {
            *taken += 1;
            if *taken < *enabled {
                return Some(Schedule::new(0));
            }
            self.path.pop();
        }
        None
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let position = self.position;
        self.position += 1;
        if self.path.len() == position {
            self.path.push((0, enabled.len()));
        }
        let (taken, before) = self.path[position];
        if before != enabled.len() {
            unpoisoned(&self.diverged).get_or_insert(position);
        }
        enabled.get(taken).or(enabled.first()).map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// Runs one execution for each order of the threads: the first that can go on always goes on.
pub(crate) struct Orders {
    orders: std::vec::IntoIter<Vec<usize>>,
    order: Vec<usize>,
}

impl Orders {
    pub(crate) fn new(orders: Vec<Vec<usize>>) -> Self {
        Self {
            orders: orders.into_iter(),
            order: Vec::new(),
        }
    }
}

impl Scheduler for Orders {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.order = self.orders.next()?;
        Some(Schedule::new(0))
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let rank = |task: &&&Task| {
            let thread = usize::from(task.id()) - 1;
            self.order.iter().position(|t| *t == thread)
        };
        enabled.iter().min_by_key(rank).map(|task| task.id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}
