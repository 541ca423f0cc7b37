//! What is wrong with the encoding, as far as one execution shows it.

use crate::engine::error::SearchError;
use crate::engine::execution::access::InvalidAccess;
use crate::engine::execution::halt::{Halt, is_of_the_encoding};
use crate::engine::execution::panics::panic_message;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{PendingOperation, repeated};
use crate::trace::{Source, ThreadId};

impl ExecutionState {
    /// The encoding has panicked in a thread's operation.
    pub(crate) fn panicked(&mut self, thread: ThreadId, payload: &(dyn std::any::Any + Send)) {
        // loom ends its threads by panics of its own.
        if is_of_the_encoding(payload) {
            let location = self.location(thread).into();
            let message = panic_message(payload);
            self.report_error(SearchError::Panicked { location, message });
        }
    }

    /// An operation was taken: whether there are too many.
    pub(crate) fn bounded(&self) -> Result<(), SearchError> {
        let taken = self.schedule.len();
        if taken <= self.most_operations {
            return Ok(());
        }
        let mut counts = vec![0; self.threads.len()];
        for thread in &self.schedule {
            counts[thread.index()] += 1;
        }
        let busiest = (0..counts.len()).max_by_key(|thread| counts[*thread]);
        let busiest = ThreadId::new(busiest.unwrap_or_default());
        let own = self.late.iter().filter(|(thread, _)| *thread == busiest);
        let own: Vec<PendingOperation> = own.map(|(_, operation)| *operation).collect();
        let repeated = repeated(&own);
        let names = repeated
            .iter()
            .map(|operation| self.location_at(busiest, Some(*operation)).operation());
        Err(SearchError::Unbounded {
            location: self.location_at(busiest, repeated.first().copied()).into(),
            operations: taken,
            own: counts[busiest.index()],
            repeats: names.collect::<Vec<_>>().join(", then "),
        })
    }

    /// What is wrong with a thread that has ended, if anything is.
    pub(crate) fn error_at_the_end(
        &self,
        thread: ThreadId,
        result: Result<(), Halt>,
    ) -> Option<SearchError> {
        let thread_state = &self.threads[thread];
        // After the end of an execution whatever a thread does is ignored, so it does no harm to go on there; and a guard
        // of the encoding's own, whose `Drop` takes a step, cannot help it.
        if result.is_ok() && thread_state.halted {
            return Some(SearchError::HaltIgnored {
                location: self.location_at(thread, thread_state.halted_at).into(),
            });
        }
        if result.is_err() && thread_state.halts == 0 {
            return Some(SearchError::HaltKept {
                location: self.location(thread).into(),
            });
        }
        let lock = thread_state.holds.first()?;
        Some(SearchError::NeverReleased {
            location: self.location(thread).into(),
            lock: self.objects[*lock].name.clone(),
        })
    }

    /// The error that a stray read or name is, by the thread that has run last.
    pub(crate) fn invalid(&self, thread: ThreadId, invalid: InvalidAccess) -> SearchError {
        match invalid {
            InvalidAccess::Read(object, at) => SearchError::ReadOutsideStep {
                location: self.location(thread).into(),
                object: self.objects[object].first_name().to_string(),
                at: Source::from(at),
            },
            InvalidAccess::Guard { thread, object, at } => SearchError::GuardReads {
                location: self.location(thread).into(),
                object: self.objects[object].first_name().to_string(),
                at: Source::from(at),
            },
            InvalidAccess::Thread { name, what } => SearchError::UnknownName {
                name: format!("thread `{name}`"),
                place: what,
                known: self.thread_names(),
            },
        }
    }
}
