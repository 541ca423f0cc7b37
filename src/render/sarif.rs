//! The counterexample as SARIF 2.1.0 (OASIS, 2020): a result with one thread flow for each thread, whose
//! steps are ordered across threads by `executionOrder`.

use crate::trace::{Event, EventKind, Trace};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log with one run and one result. The places are those of the encoding, in the repository; the kernel's
/// functions are the logical locations.
pub(super) fn render(trace: &Trace) -> String {
    let name = trace.design_name();
    let title = format!("{}/{name} in {}", trace.spec, trace.scenario);
    let last = trace
        .events
        .iter()
        .rev()
        .find(|event| event.operation.is_some());
    let result = json!({
        "ruleId": trace.property,
        "ruleIndex": 0,
        "kind": "fail",
        "level": "error",
        "message": { "text": format!("{title}: {}", trace.sentence) },
        "locations": last.map(|event| vec![location(event, &trace.message)]).unwrap_or_default(),
        "codeFlows": [{
            "message": { "text": trace.message },
            "threadFlows": thread_flows(trace),
        }],
        "partialFingerprints": {
            "counterexample/v1": trace.replay().to_string(),
        },
        "properties": {
            "replay": trace.replay().to_string(),
            "asExpected": trace.as_expected,
            "statistics": trace.statistics,
        },
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": [{
                    "id": trace.property,
                    "shortDescription": { "text": trace.property_summary },
                }],
            }},
            "automationDetails": { "id": format!("{title}/") },
            "columnKind": "unicodeCodePoints",
            "results": [result],
        }],
    });
    format!("{log:#}\n")
}

/// One flow for each thread that has events.
fn thread_flows(trace: &Trace) -> Vec<Value> {
    let causes = trace.causes();
    let mut states: BTreeMap<usize, String> = BTreeMap::new();
    let mut flows: Vec<(&str, Vec<Value>)> = (trace.threads.iter())
        .map(|thread| (thread.as_str(), Vec::new()))
        .collect();
    for (place, event) in trace.events.iter().enumerate() {
        if let (Some(object), Some((_, after))) = (event.object_index, &event.change) {
            states.insert(object, after.clone());
        }
        let Some((_, steps)) = flows.iter_mut().find(|(thread, _)| *thread == event.thread) else {
            continue;
        };
        let text = text_of(event);
        let mut step = json!({
            "location": location(event, &text),
            "executionOrder": place + 1,
            "nestingLevel": event.callers.len(),
            "kinds": kinds(event),
            "importance": if causes[place] { "important" } else { "unimportant" },
        });
        let state = state(trace, &states);
        if !state.is_empty() {
            step["state"] = Value::Object(state);
        }
        steps.push(step);
    }
    flows.retain(|(_, steps)| !steps.is_empty());
    (flows.into_iter())
        .map(|(thread, steps)| json!({ "id": thread, "locations": steps }))
        .collect()
}

/// The values of the objects that have changed so far.
fn state(trace: &Trace, states: &BTreeMap<usize, String>) -> Map<String, Value> {
    let text = |(object, value): (&usize, &String)| {
        let object = trace.objects.get(*object)?;
        Some((object.name.clone(), json!({ "text": value })))
    };
    states.iter().filter_map(text).collect()
}

fn location(event: &Event, text: &str) -> Value {
    let mut location = json!({
        "logicalLocations": [{
            "name": event.function,
            "fullyQualifiedName": format!("{}:{}", event.file, event.function),
            "kind": "function",
        }],
        "message": { "text": text },
    });
    if let Some(model) = &event.model {
        location["physicalLocation"] = json!({
            "artifactLocation": { "uri": model.file, "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": model.line },
        });
    }
    location
}

/// The kinds of an event, in the vocabulary of the standard.
fn kinds(event: &Event) -> &'static [&'static str] {
    match event.kind {
        EventKind::Acquire => &["acquire", "lock"],
        EventKind::Release | EventKind::Drop => &["release", "lock"],
        EventKind::Update | EventKind::Step => &["value"],
        EventKind::Wait => &["block", "lock"],
    }
}

fn text_of(event: &Event) -> String {
    let object = event.object.as_deref().unwrap_or_default();
    let (thread, function) = (&event.thread, &event.function);
    match (event.kind, &event.change, &event.waits_for) {
        (EventKind::Acquire, ..) => format!("{thread}: {function} takes {object}"),
        (EventKind::Release | EventKind::Drop, ..) => format!("{thread} releases {object}"),
        (EventKind::Wait, _, Some(wait)) => format!("{thread}: {function} waits for {}", wait.what),
        (_, Some((before, after)), _) => {
            format!("{thread}: {function} changes {object} from `{before}` to `{after}`")
        }
        _ => format!("{thread}: {function} reads {object}"),
    }
}
