//! Events and steps in words.

use super::states::Execution;
use crate::trace::{Event, EventKind, Trace};

/// What an event does: `takes page 0 lock`.
pub(super) fn action(event: &Event) -> String {
    let object = event.object.as_deref().unwrap_or("nothing");
    match (event.kind, &event.change, &event.waits_for) {
        (EventKind::Acquire, ..) => format!("takes {object}"),
        (EventKind::Release | EventKind::Drop, ..) => format!("releases {object}"),
        (EventKind::Step | EventKind::Update, Some((before, after)), _) => {
            format!("{object}: {before} → {after}")
        }
        (EventKind::Step | EventKind::Update, None, _) => format!("reads {object}"),
        (EventKind::Wait, _, Some(wait)) => match &wait.held_by {
            Some(holder) => format!("waits for {}, held by {holder}", wait.what),
            None => format!("waits for {}", wait.what),
        },
        (EventKind::Wait, _, None) => format!("waits for {object}"),
    }
}

/// The same in a sentence: without an arrow, which a screen reader would skip.
fn sentence(event: &Event) -> String {
    match &event.change {
        Some((before, after)) => {
            let object = event.object.as_deref().unwrap_or_default();
            format!("changes {object} from {before} to {after}")
        }
        None => action(event),
    }
}

/// What happens in a step, in one sentence for each thread and function.
pub(super) fn step(execution: &Execution<'_>, step: usize) -> String {
    let steps = execution.steps();
    let own = (execution.events.iter().zip(&steps)).filter(|(_, number)| **number == step);
    let mut sentences: Vec<(String, Vec<String>)> = Vec::new();
    for (event, _) in own {
        let who = format!("{} in {}", event.thread, event.function);
        match sentences.last_mut() {
            Some((before, actions)) if *before == who => actions.push(sentence(event)),
            _ => sentences.push((who, vec![sentence(event)])),
        }
    }
    let sentences = sentences
        .into_iter()
        .map(|(who, actions)| format!("{who} {}.", listed(&actions)));
    sentences.collect::<Vec<_>>().join(" ")
}

fn listed(actions: &[String]) -> String {
    match actions {
        [all @ .., last] if !all.is_empty() => format!("{}, and {last}", all.join(", ")),
        _ => actions.concat(),
    }
}

/// The verdict on the failing design, in words.
pub(super) fn verdict(trace: &Trace) -> &'static str {
    if trace.as_expected {
        "Fails as expected"
    } else {
        "Fails, not as expected"
    }
}

/// How the failing execution ends, in one sentence.
pub(super) fn ending(trace: &Trace) -> String {
    match &trace.cycle {
        Some(cycle) if cycle.closed => format!("The cycle is closed: {}.", chain(trace)),
        Some(_) => format!("No thread is left to end the wait: {}.", chain(trace)),
        None => format!("{} is violated: {}.", trace.property, trace.message),
    }
}

/// The cycle as a chain.
pub(super) fn chain(trace: &Trace) -> String {
    let Some(cycle) = &trace.cycle else {
        return String::new();
    };
    let chain = cycle.chain().replace(" -> ", " → ");
    if cycle.closed {
        chain
    } else {
        format!("{chain}, which is gone")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::sample::deadlock;
    use super::*;

    #[test]
    fn a_step_says_all_that_belongs_to_it() {
        let trace = deadlock();
        let execution = Execution::failing(&trace);
        let words = |number| step(&execution, number);
        assert_eq!(words(0), "");
        assert_eq!(
            words(1),
            "a in lock_page takes one, and changes page from clean to dirty."
        );
        assert_eq!(
            words(2),
            "b in lock_page takes two, and waits for one, held by a."
        );
        assert_eq!(ending(&trace), "The cycle is closed: a → b → a.");
    }
}
