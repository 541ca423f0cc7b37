//! Determinism check: a thread that has observed the same results must take the same next step.
//!
//! Every engine relies on it that a thread's next operation is a function of what its operations have
//! returned, and a step's effect one of that and of what the object holds: loom when it leaves out orders
//! that make no difference, the explicit-state engine when it does not run a step again, a replay when it
//! follows a schedule. A static, a clock, or a variable that threads share behind the engine's back breaks
//! that. So each execution is compared with those before it.

use crate::engine::error::SearchError;
use crate::engine::execution::hash::{ByDigest, Digest};
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::sets::Objects;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::PendingOperation;
use crate::trace::{Source, ThreadId};
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// A thread; and a digest of what it had observed and of what an object held before an operation.
pub(crate) type Before = (ThreadId, u128);

/// What was seen of the threads of a model in all executions of a search.
#[derive(Debug, Default)]
pub(crate) struct DeterminismChecker {
    /// The names of threads and objects, and what these hold at first.
    made: Option<u128>,
    /// The operation that follows; `None` where the thread returns.
    next: ByDigest<Option<PendingOperation>>,
    /// By what the object holds: what it holds after the operation, and what the thread has observed then.
    effects: ByDigest<(u128, u128)>,
    /// The properties found broken since the operation before, by what the objects hold that the thread
    /// has a hold of.
    reported: ByDigest<u128>,
    /// By the objects that the check at the end has read, and by what they held: what it has said.
    at_the_end: Vec<(Objects, ByDigest<u128>)>,
    /// By an object and the digest of a value of it: the digest of the words that it is shown in.
    shown: ByDigest<u128>,
}

impl DeterminismChecker {
    /// A model was made.
    pub(crate) fn check_initial(
        &mut self,
        execution: &mut ExecutionState,
    ) -> Result<(), SearchError> {
        let mut made = Digest::new();
        for thread in &execution.threads {
            made.add(thread.name);
        }
        for object in &mut execution.objects {
            let value = object.digest();
            made.add(&(&object.name, value));
        }
        match self.made.replace(made.0) {
            Some(before) if before != made.0 => Err(SearchError::Nondeterministic(
                "threads, objects or what these hold at first differ from those of the execution before"
                    .to_string(),
            )),
            _ => Ok(()),
        }
    }

    /// A thread has arrived at an operation, or has ended.
    pub(crate) fn check_next(
        &mut self,
        execution: &mut ExecutionState,
        thread: ThreadId,
        next: Option<PendingOperation>,
    ) -> Result<(), SearchError> {
        let place = execution.threads[thread].observed;
        let describe = |operation: Option<PendingOperation>| match operation {
            None => "returns".to_string(),
            Some(PendingOperation {
                function,
                object,
                at,
            }) => {
                let (object, at) = (execution.objects.get(object), Source::from(at));
                let object = object.map_or("another object", |object| object.first_name());
                let function = function.name;
                format!(
                    "reaches `{function}` of `{object}` ({}:{})",
                    at.file, at.line
                )
            }
        };
        match self.next.entry(place.0) {
            Entry::Vacant(entry) => {
                entry.insert(next);
            }
            Entry::Occupied(entry) if *entry.get() == next => (),
            Entry::Occupied(entry) => {
                return Err(SearchError::HiddenState {
                    location: execution.location(thread).into(),
                    now: format!("it {}", describe(next)),
                    before: format!("it {}", describe(*entry.get())),
                });
            }
        }
        self.check_violations(execution, thread)
    }

    /// What a thread has found broken since this was asked before.
    pub(crate) fn check_violations(
        &mut self,
        execution: &mut ExecutionState,
        thread: ThreadId,
    ) -> Result<(), SearchError> {
        let mut held = execution.threads[thread].observed;
        let reported = std::mem::take(&mut execution.threads[thread].reported).0;
        let access = Arc::clone(&execution.access);
        access.each_open(|object| held.add(&execution.objects[object].digest()));
        let before = *self.reported.entry(held.0).or_insert(reported);
        if before != reported {
            return Err(SearchError::HiddenState {
                location: execution.location(thread).into(),
                now: "it finds properties violated, or reaches cover points".to_string(),
                before: "it found or reached others, or none".to_string(),
            });
        }
        Ok(())
    }

    /// A thread has taken an operation.
    pub(crate) fn check_effect(
        &mut self,
        execution: &mut ExecutionState,
        object: ObjectId,
        (thread, at): Before,
    ) -> Result<(), SearchError> {
        let after = (
            execution.objects[object].digest(),
            execution.threads[thread].observed.0,
        );
        let before = *self.effects.entry(at).or_insert(after);
        if before == after {
            return Ok(());
        }
        let what = if before.0 == after.0 {
            "returned something else"
        } else {
            "left something else in it"
        };
        Err(SearchError::HiddenState {
            location: execution.location(thread).into(),
            now: format!("it leaves {} there", (execution.objects[object].show)()),
            before: format!("the same operation on the same value {what}"),
        })
    }

    /// The check at the end has run: whether it says the same wherever the objects that it reads hold the same.
    pub(crate) fn check_final(
        &mut self,
        execution: &mut ExecutionState,
    ) -> Result<(), SearchError> {
        let (read, reported) = (execution.read_at_the_end, execution.reported_at_the_end.0);
        let mut values = |objects: Objects| {
            let mut values = Digest::new();
            for object in execution.objects.ids() {
                if objects.contains(object) {
                    values.add(&execution.objects[object].digest());
                }
            }
            values.0
        };
        // What it reads is a function of what it has read before: so where a known set of objects holds what is known, it
        // reads these objects again, and no others.
        for (objects, known) in &self.at_the_end {
            if known
                .get(&values(*objects))
                .is_some_and(|before| *before != reported || *objects != read)
            {
                return Err(SearchError::CheckReadsHiddenState {
                    reads: execution.object_names(read),
                    violated: execution
                        .violations
                        .iter()
                        .map(|one| one.property.to_string())
                        .collect(),
                });
            }
        }
        let values = values(read);
        let table = (self.at_the_end.iter()).position(|(objects, _)| *objects == read);
        let table = table.unwrap_or_else(|| {
            self.at_the_end.push((read, ByDigest::default()));
            self.at_the_end.len() - 1
        });
        self.at_the_end[table].1.entry(values).or_insert(reported);
        Ok(())
    }

    /// An object has changed in an execution that is recorded: whether two values of it that are shown in different
    /// words have the same hash.
    pub(crate) fn check_shown(
        &mut self,
        execution: &mut ExecutionState,
        object: ObjectId,
    ) -> Result<(), SearchError> {
        let state = &mut execution.objects[object];
        let shown = (state.show)();
        let key = Digest::of(&(object, state.digest()));
        let words = Digest::of(shown.as_str());
        if *self.shown.entry(key).or_insert(words) == words {
            return Ok(());
        }
        Err(SearchError::HashOmits {
            object: state.first_name().to_string(),
            value: shown,
        })
    }
}
