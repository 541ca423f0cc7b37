//! What threads leave for the check at the end.

use crate::engine::execution::word::Word;
use crate::model::Task;
use crate::model::object::{Object, State};
use crate::trace::EventKind;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::panic::Location;
use std::sync::Arc;

/// Values that threads leave for the check at the end, a list for each thread: see
/// [`World::results`](super::World::results). Clones are the same lists.
///
/// To leave a value is no operation, since no thread sees what another one has left. In which order two threads leave
/// theirs therefore makes no difference, and no execution is run to try the other one.
pub struct Results<T>(Arc<Object<ByThread<T>>>);

/// The values of each thread, in the order in which it has left them.
#[derive(Hash)]
pub(crate) struct ByThread<T>(BTreeMap<&'static str, Vec<T>>);

impl<T> Default for ByThread<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: State> State for ByThread<T> {
    fn show(&self) -> String {
        let list = |values: &Vec<T>| -> Vec<String> { values.iter().map(State::show).collect() };
        let threads = self.0.iter();
        let shown =
            threads.map(|(thread, values)| format!("{thread}: {}", list(values).join(", ")));
        shown.collect::<Vec<_>>().join("; ")
    }

    /// No thread sees what another one has left.
    fn words(&self) -> Vec<Word> {
        Vec::new()
    }
}

impl<T: State + Clone> Results<T> {
    pub(crate) fn new(object: Arc<Object<ByThread<T>>>) -> Self {
        Self(object)
    }

    /// Leaves a value. After the end of an execution, or of the thread by [`Task::bug`] or [`Task::leave`], nothing
    /// is left.
    pub fn push(&self, task: &Task, value: T) {
        let Some(mut execution) = task.in_the_model() else {
            return;
        };
        let object = &*self.0;
        let recording = execution.recorder.is_some();
        let change = {
            let mut values = object.value();
            let before = recording.then(|| values.show());
            values
                .0
                .entry(task.name_in(&execution))
                .or_default()
                .push(value);
            before.map(|before| (before, values.show()))
        };
        execution.objects[object.id].digest = None;
        let function = execution.threads[task.id].pending;
        execution.record(
            task.id,
            Some(object.id),
            EventKind::Update,
            function,
            change,
        );
    }

    /// Every thread that has left something, with its values in their order; threads by their names.
    #[track_caller]
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, Vec<T>)> {
        self.0.access.peek(self.0.id, Location::caller());
        let values = self.0.value();
        let threads = values.0.iter();
        threads
            .map(|(thread, values)| (*thread, values.clone()))
            .collect()
    }
}

impl<T> Clone for Results<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Results<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Results({})", self.0.id.index())
    }
}
