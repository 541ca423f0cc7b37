//! How an execution is written into its record.

use crate::engine::execution::function::Function;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::object::ObjectState;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::Status;
use crate::engine::execution::view::StateView as _;
use crate::trace::{Event, EventKind, Object, Source, ThreadId, Wait};

impl ExecutionState {
    /// Writes down what every object holds before anything happens, if this execution is recorded.
    pub(crate) fn begin_record(&mut self) {
        let object = |state: &ObjectState| Object {
            name: state.name.clone(),
            class: state.class.to_string(),
            value: (state.show)(),
        };
        if let Some(recorder) = &mut self.recorder {
            recorder.objects = self.objects.iter().map(object).collect();
        }
    }

    /// Appends to the record, if this execution is recorded.
    pub(crate) fn record(
        &mut self,
        thread: ThreadId,
        object: Option<ObjectId>,
        kind: EventKind,
        function: Function,
        change: Option<(String, String)>,
    ) {
        if self.recorder.is_none() {
            return;
        }
        let is_operation = matches!(kind, EventKind::Acquire | EventKind::Step);
        let event = Event {
            operation: is_operation.then_some(self.schedule.len()),
            kind,
            change: change.filter(|(before, after)| before != after),
            ..self.describe(thread, object, function)
        };
        if let Some(recorder) = &mut self.recorder {
            if is_operation {
                recorder.waiting.remove(&thread);
            }
            recorder.events.push(event);
        }
    }

    /// Appends the waits that have come about since the last call, if this execution is recorded.
    pub(crate) fn record_waits(&mut self) {
        let Some(mut recorder) = self.recorder.take() else {
            return;
        };
        for (index, thread) in self.threads.enumerated() {
            let (object, what, holder) = match &thread.status {
                Status::Acquiring(object) if self.is_held(*object) => {
                    let lock = &self.objects[*object];
                    (*object, lock.name.clone(), lock.holder)
                }
                Status::Awaiting(awaiting) if !awaiting.idle && !(awaiting.ready)() => {
                    let by = self.wakers(index, awaiting).iter().next();
                    (awaiting.object, awaiting.what.to_string(), by)
                }
                _ => continue,
            };
            if !recorder.waiting.insert(index) {
                continue;
            }
            recorder.events.push(Event {
                kind: EventKind::Wait,
                waits_for: Some(Wait {
                    what,
                    held_by: holder.map(|holder| self.threads[holder].name.to_string()),
                }),
                ..self.describe(index, Some(object), thread.pending)
            });
        }
        self.recorder = Some(recorder);
    }

    fn describe(&self, thread: ThreadId, object: Option<ObjectId>, function: Function) -> Event {
        let state = &self.threads[thread];
        let mut callers: Vec<String> = state.stack.iter().map(|f| f.name.to_string()).collect();
        // The innermost frame is the event's own function where the step stands for all of it.
        if callers.last().is_some_and(|last| last == function.name) {
            callers.pop();
        }
        Event {
            operation: None,
            thread: state.name.to_string(),
            kind: EventKind::Step,
            function: function.name.to_string(),
            file: function.file.to_string(),
            commit: String::new(),
            model: state.at.map(Source::from),
            callers,
            object: object.map(|object| self.objects[object].name.clone()),
            object_index: object.map(ObjectId::index),
            class: object.map(|object| self.objects[object].class.to_string()),
            change: None,
            waits_for: None,
            holds: (state.holds.iter())
                .map(|held| self.objects[*held].name.clone())
                .collect(),
        }
    }
}
