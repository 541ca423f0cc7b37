//! Mistakes of an encoding: what is wrong, where, and what to do.
//!
//! A mistake is none of the program under check but of its model: whatever a search says of such a model
//! is worth nothing. So it ends the search with an error.

use super::error::SearchError;
use super::execution::ExecutionState;
use super::task::{Halt, Task};
use super::world::Kind;
use super::{Function, loom};
use crate::trace::Source;
use std::fmt;
use std::panic::Location;

/// The most operations in one execution, but for samples. Not a bound on a search: an execution that
/// passes it is a mistake of the encoding, and is told as one. The engines' own limits are higher.
pub(crate) const MAX_OPERATIONS: usize = 1_000;

/// The same for samples, whose models may be of any size.
pub(crate) const MAX_OPERATIONS_OF_A_SAMPLE: usize = 20_000;

/// So many operations may a thread try on its way out.
const MAX_OPERATIONS_AFTER_THE_END: u32 = 1_000;

/// Where in a model something is wrong: as much of it as is known.
///
/// ```
/// use pagelock::engine::{Function, SearchError, Strategy, World, search};
/// use std::sync::Arc;
///
/// const READ: Function = Function::new("read", "example.c");
///
/// let encoding = |world: &mut World| {
///     let count = world.cell("count", 0_u8);
///     world.thread("one", move |task| {
///         let value = task.step(&count, READ, |count| *count)?;
///         assert_eq!(value, 1, "nobody has counted");
///         Ok(())
///     });
/// };
/// let encoding: Arc<dyn pagelock::engine::Encoding> = Arc::new(encoding);
/// let Err(SearchError::Panicked { spot, .. }) = search(&encoding, &Strategy::States) else {
///     panic!("the assertion fails");
/// };
/// assert!(spot.to_string().starts_with("`one` at `read` of `count` ("));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spot {
    /// The thread's name; empty if it is nothing of a thread's.
    pub thread: String,
    /// The function of the operation that the thread is at, or that it has taken last; empty before the
    /// first.
    pub function: String,
    /// The object of that operation.
    pub object: Option<String>,
    /// Where in the encoding it stands.
    pub at: Option<Source>,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.thread.is_empty() {
            return f.write_str("the model");
        }
        write!(f, "`{}`", self.thread)?;
        if self.function.is_empty() {
            return f.write_str(" before its first operation");
        }
        write!(f, " at {}", self.operation())
    }
}

impl Spot {
    /// The operation, with its object and its place in the source.
    fn operation(&self) -> String {
        let object = self.object.as_ref().map(|object| format!(" of `{object}`"));
        let at = self
            .at
            .as_ref()
            .map(|at| format!(" ({}:{})", at.file, at.line));
        let function = &self.function;
        format!(
            "`{function}`{}{}",
            object.unwrap_or_default(),
            at.unwrap_or_default()
        )
    }
}

/// The operations that a thread repeats at the end of what it has done: the shortest sequence that stands there three
/// times; without one, its last operation.
fn repeated(operations: &[PendingOperation]) -> Vec<PendingOperation> {
    let end = operations.len();
    let repeats = |length: &usize| {
        let last = &operations[end - length..];
        let before = |times: usize| &operations[end - times * length..end - (times - 1) * length];
        before(2) == last && before(3) == last
    };
    let length = (1..=end / 3).find(repeats).unwrap_or(1.min(end));
    let mut repeated = operations[end - length..].to_vec();
    // A loop begins where it stands first in the source.
    let first = (0..length).min_by_key(|place| {
        let at = repeated[*place].at;
        (at.file(), at.line(), at.column())
    });
    repeated.rotate_left(first.unwrap_or_default());
    repeated
}

/// An operation that a thread comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PendingOperation {
    pub(crate) function: Function,
    pub(crate) object: usize,
    pub(crate) at: &'static Location<'static>,
}

/// A mistake, and the schedule of the execution that shows it.
#[derive(Debug, Clone)]
pub(crate) struct ModelError {
    pub(crate) error: SearchError,
    pub(crate) schedule: Vec<u8>,
}

impl From<SearchError> for ModelError {
    fn from(error: SearchError) -> Self {
        Self {
            error,
            schedule: Vec::new(),
        }
    }
}

/// The payload by which a thread is ended that goes on and on after it was told to stop.
pub(crate) struct IgnoresHalt;

/// Whether a panic is the encoding's own: loom ends its threads by panics with a payload of its own type.
pub(crate) fn is_of_the_encoding(payload: &(dyn std::any::Any + Send)) -> bool {
    payload.is::<String>() || payload.is::<&str>() || payload.is::<IgnoresHalt>()
}

impl ExecutionState {
    /// Where a thread is.
    pub(crate) fn spot(&self, thread: usize) -> Spot {
        self.spot_at(thread, self.threads[thread].comes)
    }

    /// Where a thread was when it came to an operation.
    pub(crate) fn spot_at(&self, thread: usize, comes: Option<PendingOperation>) -> Spot {
        let thread = self.threads[thread].name.to_string();
        comes.map_or(
            Spot {
                thread: thread.clone(),
                ..Spot::default()
            },
            |comes| Spot {
                thread,
                function: comes.function.name.to_string(),
                object: Some(self.objects[comes.object].first_name().to_string()),
                at: Some(Source::from(comes.at)),
            },
        )
    }

    /// Where the check at the end was when it came to an operation.
    pub(crate) fn spot_of(&self, comes: PendingOperation) -> Spot {
        Spot {
            thread: "the check at the end".to_string(),
            ..self.spot_at(0, Some(comes))
        }
    }

    /// The encoding has panicked in a thread's operation.
    pub(crate) fn panicked(&mut self, thread: usize, payload: &(dyn std::any::Any + Send)) {
        // loom ends its threads by panics of its own.
        if is_of_the_encoding(payload) {
            let spot = self.spot(thread).into();
            let message = super::panic_hook::panic_message(payload);
            self.report_error(SearchError::Panicked { spot, message });
        }
    }

    /// Writes a mistake down: the first of an execution stands.
    pub(crate) fn report_error(&mut self, error: SearchError) {
        let schedule = &self.schedule;
        self.model_error.get_or_insert_with(|| ModelError {
            error,
            schedule: schedule.clone(),
        });
    }

    /// An operation was taken: whether there are too many.
    pub(crate) fn bounded(&self) -> Result<(), SearchError> {
        let taken = self.schedule.len();
        if taken <= self.most_operations {
            return Ok(());
        }
        let mut counts = vec![0; self.threads.len()];
        for thread in &self.schedule {
            counts[usize::from(*thread)] += 1;
        }
        let busiest = (0..counts.len()).max_by_key(|thread| counts[*thread]);
        let busiest = busiest.unwrap_or_default();
        let own = self.late.iter().filter(|(thread, _)| *thread == busiest);
        let own: Vec<PendingOperation> = own.map(|(_, comes)| *comes).collect();
        let repeated = repeated(&own);
        let names = repeated
            .iter()
            .map(|comes| self.spot_at(busiest, Some(*comes)).operation());
        Err(SearchError::Unbounded {
            spot: self.spot_at(busiest, repeated.first().copied()).into(),
            operations: taken,
            own: counts[busiest],
            repeats: names.collect::<Vec<_>>().join(", then "),
        })
    }

    /// What is wrong with a thread that has come to its end, if anything is.
    fn error_at_the_end(&self, thread: usize, result: Result<(), Halt>) -> Option<SearchError> {
        let book = &self.threads[thread];
        // After the end of an execution whatever a thread does is ignored, so it does no harm to go on there; and a guard
        // of the encoding's own, whose `Drop` takes a step, cannot help it.
        if result.is_ok() && book.halted {
            return Some(SearchError::HaltIgnored {
                spot: self.spot_at(thread, book.halted_at).into(),
            });
        }
        if result.is_err() && book.acknowledge_halt == 0 {
            return Some(SearchError::HaltKept {
                spot: self.spot(thread).into(),
            });
        }
        let lock = book.holds.first()?;
        Some(SearchError::NeverReleased {
            spot: self.spot(thread).into(),
            lock: self.objects[*lock].name.clone(),
        })
    }
}

impl Task {
    /// The execution is over, since the encoding is wrong.
    pub(super) fn report_error(&self, error: SearchError) -> Halt {
        let mut execution = self.shared.execution();
        execution.report_error(error);
        if execution.stopping {
            return Halt {};
        }
        (execution.stopping, execution.pruned) = (true, true);
        drop(execution);
        match self.shared.kind {
            Kind::Loom => loom::cut_short(&self.shared),
            Kind::Shuttle => Halt {},
        }
    }

    /// An operation has come to its end, or the thread is told that the execution has: which a body passes
    /// on. One that keeps trying is ended.
    pub(super) fn acknowledge_halt<R>(&self, result: Result<R, Halt>) -> Result<R, Halt> {
        if result.is_err() {
            let mut execution = self.shared.execution();
            let book = &mut execution.threads[self.id];
            if book.acknowledge_halt == 0 {
                book.halted_at = book.comes;
            }
            book.acknowledge_halt += 1;
            if book.acknowledge_halt > MAX_OPERATIONS_AFTER_THE_END {
                drop(execution);
                std::panic::resume_unwind(Box::new(IgnoresHalt));
            }
        }
        result
    }

    /// The thread's body begins.
    pub(super) fn begins(&self) {
        let mut execution = self.shared.execution();
        execution.running = Some(self.id);
        execution.access.take_peeked();
        execution.access.open([]);
    }

    /// The thread's body has returned, or panicked.
    pub(super) fn at_the_end_of_the_body(&self, result: std::thread::Result<Result<(), Halt>>) {
        let mut execution = self.shared.execution();
        let model_error = match result {
            Ok(result) => {
                // What is read on the way out changes nothing.
                let in_the_model = !execution.stopping && !execution.threads[self.id].halted;
                let settled = if in_the_model {
                    self.settled(&mut execution).err()
                } else {
                    // Nor is it what the next thread has read.
                    execution.access.take_peeked();
                    None
                };
                settled
                    .or_else(|| self.determinism(&mut execution, None).err())
                    .or_else(|| execution.error_at_the_end(self.id, result))
            }
            Err(payload) if payload.is::<IgnoresHalt>() => {
                let spot = execution.spot_at(self.id, execution.threads[self.id].halted_at);
                Some(SearchError::HaltIgnored { spot: spot.into() })
            }
            // It is recorded already, with the operation that it came out of.
            Err(_) if execution.model_error.is_some() => {
                execution.model_error.as_ref().map(|m| m.error.clone())
            }
            Err(payload) => Some(SearchError::Panicked {
                spot: execution.spot(self.id).into(),
                message: super::panic_hook::panic_message(payload.as_ref()),
            }),
        };
        execution.running = None;
        drop(execution);
        if let Some(model_error) = model_error {
            // It is recorded, and the execution is over.
            let _ = self.report_error(model_error);
        }
    }
}
