//! Events and steps in words.

use super::states::Execution;
use crate::trace::{Event, EventKind, Trace};

/// What an event does: `takes page 0 lock`.
pub(super) fn deed(event: &Event) -> String {
    let object = event.object.as_deref().unwrap_or("nothing");
    match (event.kind, &event.change, &event.waits_for) {
        (EventKind::Acquire, ..) => format!("takes {object}"),
        (EventKind::Release | EventKind::Drop, ..) => format!("gives up {object}"),
        (EventKind::Step | EventKind::Update, Some((before, after)), _) => {
            format!("{object}: {before} → {after}")
        }
        (EventKind::Step | EventKind::Update, None, _) => format!("looks at {object}"),
        (EventKind::Wait, _, Some(wait)) => match &wait.held_by {
            Some(holder) => format!("waits for {}, which is {holder}’s", wait.what),
            None => format!("waits for {}", wait.what),
        },
        (EventKind::Wait, _, None) => format!("waits for {object}"),
    }
}

/// The same in a sentence: without an arrow, which is not read out.
fn said(event: &Event) -> String {
    match &event.change {
        Some((before, after)) => {
            let object = event.object.as_deref().unwrap_or_default();
            format!("changes {object} from {before} to {after}")
        }
        None => deed(event),
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
            Some((before, deeds)) if *before == who => deeds.push(said(event)),
            _ => sentences.push((who, vec![said(event)])),
        }
    }
    let sentences = sentences
        .into_iter()
        .map(|(who, deeds)| format!("{who} {}.", listed(&deeds)));
    sentences.collect::<Vec<_>>().join(" ")
}

fn listed(deeds: &[String]) -> String {
    match deeds {
        [all @ .., last] if !all.is_empty() => format!("{}, and {last}", all.join(", ")),
        _ => deeds.concat(),
    }
}

/// The verdict on the failing design, in words.
pub(super) fn verdict(trace: &Trace) -> &'static str {
    if trace.as_recorded {
        "Fails as recorded"
    } else {
        "Fails, not as recorded"
    }
}

/// How the failing execution ends, in one sentence.
pub(super) fn ending(trace: &Trace) -> String {
    match &trace.cycle {
        Some(cycle) if cycle.closed => format!("The cycle is closed: {}.", chain(trace)),
        Some(_) => format!("Nobody is left to end the wait: {}.", chain(trace)),
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
        let said = |number| step(&execution, number);
        assert_eq!(said(0), "");
        assert_eq!(
            said(1),
            "a in lock_page takes one, and changes page from clean to dirty."
        );
        assert_eq!(
            said(2),
            "b in lock_page takes two, and waits for one, which is a’s."
        );
        assert_eq!(ending(&trace), "The cycle is closed: a → b → a.");
    }
}
