//! Reports on standard error where a search is, if no thread of it takes an operation for a while.
//!
//! Between two operations an encoding may hang without a word: in a loop that takes none, or at a lock of the operating
//! system that another thread of the model holds across an operation. No engine can end that from outside.

use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::Status;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, Once, Weak};
use std::thread::ThreadId;
use std::time::Duration;

/// After so long without an operation it says something.
const PATIENCE: Duration = Duration::from_secs(10);

/// The execution that is under way on each thread of the operating system.
static UNDER_WAY: Mutex<BTreeMap<u64, Weak<Shared>>> = Mutex::new(BTreeMap::new());

/// A number for this thread of the operating system.
fn own_number() -> u64 {
    let own: ThreadId = std::thread::current().id();
    let mut hasher = DefaultHasher::new();
    own.hash(&mut hasher);
    hasher.finish()
}

/// An execution begins.
pub(crate) fn watch(shared: &Arc<Shared>) {
    static START: Once = Once::new();
    START.call_once(|| {
        // Where no thread can be made there is no watchdog.
        let _ = std::thread::Builder::new()
            .name("pagelock watchdog".to_string())
            .spawn(patrol);
    });
    unpoisoned(&UNDER_WAY).insert(own_number(), Arc::downgrade(shared));
}

fn patrol() {
    let mut before: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
    loop {
        std::thread::sleep(PATIENCE);
        let mut now = BTreeMap::new();
        let executions = unpoisoned(&UNDER_WAY).clone();
        for (thread, execution) in executions {
            let Some(shared) = execution.upgrade() else {
                continue;
            };
            let Some((operations, text)) = stands(&shared) else {
                continue;
            };
            let mark = (Arc::as_ptr(&shared) as usize, operations);
            if before.get(&thread) == Some(&mark) {
                eprintln!("{text}");
            }
            now.insert(thread, mark);
        }
        before = now;
    }
}

/// How many operations an execution has had, and where its threads are; nothing, if that cannot be looked at now.
fn stands(shared: &Shared) -> Option<(usize, String)> {
    // A thread may be in the middle of an operation.
    let execution = shared.execution.try_lock()?;
    Some((execution.schedule.len(), text(&execution)))
}

/// Where every thread is, in words.
fn text(execution: &ExecutionState) -> String {
    let mut lines = vec![format!(
        "no thread of the model has taken an operation for {} s; after {} operations:",
        PATIENCE.as_secs(),
        execution.schedule.len()
    )];
    for (number, thread) in execution.threads.enumerated() {
        let does = match &thread.status {
            Status::Starting if execution.running != Some(number) => "has not begun",
            Status::Starting | Status::Running => {
                "runs code of the encoding, and takes no operation in it"
            }
            Status::Acquiring(_) => "acquires a lock",
            Status::Stepping => "is at a step",
            Status::Awaiting(_) => "waits",
            Status::Doomed => "is in a deadlock",
            Status::Left => "has left",
            Status::Finished => "has returned",
        };
        lines.push(format!("  {}: {does}", execution.location(number)));
    }
    lines.push(
        "a lock of the operating system that is held across an operation, or a loop that takes none, hangs a search for good"
            .to_string(),
    );
    lines.join("\n")
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::backend::shuttle::ShuttleBackend;
    use crate::engine::execution::collector::Collector;
    use crate::engine::execution::ids::ObjectId;
    use crate::model::{Function, World};
    use crate::trace::ThreadId;

    const LOCK: Function = Function::new("lock", "model.c");

    #[test]
    fn says_which_thread_runs_and_where_the_others_are() {
        let mut world = World::new(Arc::new(ShuttleBackend), &Collector::shared(), false);
        let lock = world.lock("mutex", "mutex", ());
        world.thread("hangs", |_| Ok(()));
        world.thread("waits", move |task| task.acquire(&lock, LOCK).map(drop));
        {
            let mut execution = world.shared.execution();
            execution.threads[ThreadId::new(0)].status = Status::Running;
            execution.threads[ThreadId::new(1)].status = Status::Acquiring(ObjectId::new(0));
        }
        let (operations, text) = stands(&world.shared).unwrap();
        assert_eq!(operations, 0);
        insta::assert_snapshot!(text);
        let _held = world.shared.execution();
        assert_eq!(stands(&world.shared), None);
    }
}
