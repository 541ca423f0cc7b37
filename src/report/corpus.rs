//! A schedule, followed through the automata of a corpus: the example of docs/corpus.md.

use crate::engine::automata::{Automata, LocalState, Operation, OperationKind, Transition};
use crate::export::{ModelOf, corpus};
use crate::spec::CheckError;
use std::fmt::Write as _;

/// The transitions that the schedule of a model's first counterexample takes, as the file has them, and the local state
/// of every thread after them; `None` if there is no counterexample.
pub(super) fn steps(of: ModelOf) -> Result<Option<String>, CheckError> {
    let export = corpus(&[of], &|_, _| ())?;
    let mut models = export.corpus.specs.iter().flat_map(|spec| &spec.models);
    let model = models.next();
    let parts = model.and_then(|model| {
        let violated = model.result.as_ref()?.violated.first()?;
        Some((model.automata.as_ref()?, &violated.schedule))
    });
    Ok(parts.and_then(|(automata, schedule)| follow(automata, schedule)))
}

/// The state after a part of a schedule.
struct Walk<'a> {
    automata: &'a Automata,
    values: Vec<u32>,
    holders: Vec<Option<usize>>,
    local_states: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn local_state(&self, thread: usize) -> &'a LocalState {
        &self.automata.threads[thread].local_states[self.local_states[thread] as usize]
    }

    fn operation(&self, thread: usize) -> Option<&'a Operation> {
        let operation = self.local_state(thread).operation?;
        self.automata.threads[thread]
            .operations
            .get(operation as usize)
    }

    fn take(&mut self, thread: usize) -> Option<&'a Transition> {
        let fits = |one: &&Transition| {
            let mut when = one.when.iter();
            when.all(|(object, value)| self.values[*object as usize] == *value)
        };
        let transition = self.local_state(thread).transitions.iter().find(fits)?;
        for (object, value) in &transition.writes {
            self.values[*object as usize] = *value;
        }
        for lock in &transition.takes {
            self.holders[*lock as usize] = Some(thread);
        }
        for lock in &transition.gives {
            self.holders[*lock as usize] = None;
        }
        self.local_states[thread] = transition.to;
        Some(transition)
    }
}

fn follow(automata: &Automata, schedule: &[crate::trace::ThreadId]) -> Option<String> {
    let mut walk = Walk {
        automata,
        values: (automata.objects.iter())
            .map(|object| object.initial)
            .collect(),
        holders: vec![None; automata.objects.len()],
        local_states: (automata.threads.iter())
            .map(|thread| thread.initial)
            .collect(),
    };
    let mut text = String::from(
        "| step | thread | in local state | with the operation | takes the transition |\n|---|---|---|---|---|\n",
    );
    let object = |operation: &Operation| {
        let index = operation.object;
        format!("{index} ({})", automata.objects[index as usize].name)
    };
    for (step, thread) in (1..).zip(schedule) {
        let thread = thread.index();
        let (local, operation) = (walk.local_states[thread], walk.operation(thread)?);
        let transition = serde_json::to_string(walk.take(thread)?).ok()?;
        let kind = kind(operation);
        let _ = writeln!(
            text,
            "| {step} | {thread} ({}) | {local} | {kind} of object {} in `{}` | `{transition}` |",
            automata.threads[thread].name,
            object(operation),
            operation.function,
        );
    }
    text.push('\n');
    for (thread, automaton) in automata.threads.iter().enumerate() {
        let (name, local) = (&automaton.name, walk.local_states[thread]);
        let Some(operation) = walk.operation(thread) else {
            let _ = writeln!(
                text,
                "- {name} is in local state {local}, and has returned."
            );
            continue;
        };
        let holder = walk.holders[operation.object as usize];
        let held = holder.map_or("which no thread holds".to_string(), |holder| {
            format!("which {} holds", automata.threads[holder].name)
        });
        let _ = writeln!(
            text,
            "- {name} is in local state {local}: {} of object {}, {held}.",
            kind(operation),
            object(operation),
        );
    }
    Some(text)
}

fn kind(operation: &Operation) -> &'static str {
    match operation.kind {
        OperationKind::Acquire => "`acquire`",
        OperationKind::Step => "`step`",
        OperationKind::Wait => "`wait`",
    }
}
