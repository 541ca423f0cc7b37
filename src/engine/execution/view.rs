//! A read-only view of thread and lock state, implemented by a running execution and by a cached state.

use crate::engine::execution::function::Function;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::sets::Threads;
use crate::engine::execution::thread::{Awaiting, CoveredWait, Status, ThreadState, WokenBy};
use crate::trace::ThreadId;
use std::borrow::Cow;

/// The threads and the locks of one moment.
pub(crate) trait StateView {
    /// The threads, in their order.
    fn threads(&self) -> impl Iterator<Item = (ThreadId, &ThreadState)>;

    /// One of them.
    fn thread(&self, thread: ThreadId) -> &ThreadState;

    /// Who holds a lock.
    fn holder(&self, object: ObjectId) -> Option<ThreadId>;

    /// What a lock is called, and the function that releases it, if its holder has named one.
    fn label(&self, object: ObjectId) -> (&str, Option<Function>);

    /// The class of a lock.
    fn class(&self, object: ObjectId) -> &'static str;

    /// Whether what a thread waits for holds.
    fn is_ready(&self, thread: ThreadId, awaiting: &Awaiting) -> bool;

    /// The threads that an object names as those that have to act for a thread's wait to end.
    fn named(&self, thread: ThreadId, awaiting: &Awaiting) -> Threads;

    /// The declared obligations, each with the thread that has it now, whether or not a thread waits.
    fn obligations(&self) -> impl Iterator<Item = (&Cow<'static, str>, Option<ThreadId>)>;

    /// The threads that all have to act for a wait to end, in this state.
    fn wakers(&self, thread: ThreadId, awaiting: &Awaiting) -> Threads {
        match awaiting.by {
            WokenBy::AnyThread => Threads::default(),
            WokenBy::Thread(by) => Threads::one(by),
            WokenBy::Named(_) => self.named(thread, awaiting),
        }
    }

    /// Whether the operation that a thread is at can take effect.
    fn is_enabled(&self, thread: ThreadId) -> bool {
        match &self.thread(thread).status {
            Status::Acquiring(object) => self.holder(*object).is_none(),
            Status::Stepping => true,
            Status::Awaiting(awaiting) => self.is_ready(thread, awaiting),
            _ => false,
        }
    }

    /// Whether every thread has returned, but for those that wait for work.
    fn is_complete(&self) -> bool {
        self.threads().all(|(_, thread)| match &thread.status {
            Status::Finished => true,
            Status::Awaiting(awaiting) => awaiting.idle,
            _ => false,
        })
    }

    /// Which thread waits for what, where no thread is enabled: in one sentence, and `None` if none waits but for
    /// work.
    fn left_waiting(&self) -> Option<String> {
        let waits: Vec<String> = (self.threads())
            .filter_map(|(_, thread)| match &thread.status {
                Status::Acquiring(object) => Some((thread, self.label(*object).0)),
                Status::Awaiting(awaiting) if !awaiting.idle => {
                    Some((thread, awaiting.what.as_ref()))
                }
                _ => None,
            })
            .map(|(thread, what)| format!("{} waits for {what}", thread.name))
            .collect();
        let found = !waits.is_empty();
        found.then(|| format!("no thread is left to end a wait: {}", waits.join(", ")))
    }

    /// The cover points of a thread's wait for a lock, if it is at one that another thread holds.
    fn covered_by_wait(&self, thread: ThreadId) -> impl Iterator<Item = &'static str> {
        let thread_state = self.thread(thread);
        let wanted = match &thread_state.status {
            // Most threads have none.
            _ if thread_state.covered_waits.is_empty() => None,
            Status::Acquiring(object) => {
                let holder = self.holder(*object);
                holder.map(|holder| (self.class(*object), Threads::one(holder)))
            }
            Status::Awaiting(awaiting)
                if !awaiting.class.is_empty() && !self.is_ready(thread, awaiting) =>
            {
                Some((awaiting.class, self.wakers(thread, awaiting)))
            }
            _ => None,
        };
        let points = wanted.into_iter().flat_map(move |(class, holders)| {
            let holds = move |name: &str| holders.iter().any(|one| self.thread(one).name == name);
            let reached =
                move |point: &&CoveredWait| point.class == class && point.holder.is_none_or(&holds);
            thread_state.covered_waits.iter().filter(reached)
        });
        points.map(|point| point.point)
    }
}
