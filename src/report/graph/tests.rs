//! What the renderers make of a small graph with awkward names.

use super::*;
use crate::engine::{Order, Resource};
use crate::lock_order::{Graph, ScenarioOrders};
use crate::model::Function;

/// A cycle of a lock and an event whose names would break each of the languages.
fn awkward() -> Graph {
    let resource = |name: &str, event| Resource {
        name: name.to_string(),
        class: name.to_string(),
        event,
    };
    let lock = resource("a \"lock\" <&>", false);
    let event = resource("an \\event #1", true);
    let order = |held: &Resource, wanted: &Resource| Order {
        held: held.clone(),
        wanted: wanted.clone(),
        waits: true,
        thread: "thread".to_string(),
        function: Function::new("spin_lock(&journal->j_state_lock)", "fs/jbd2/commit.c"),
        caller: None,
        schedule: crate::trace::Schedule::from([0]),
    };
    let last = resource("last", false);
    let orders = [
        order(&lock, &event),
        order(&event, &lock),
        order(&event, &last),
    ];
    let scenario = ScenarioOrders {
        scenario: "scenario",
        fingerprint: "0123456789abcdef",
        orders: &orders,
        deadlocks: &[vec![event.clone(), lock.clone()]],
        deadlocked: true,
    };
    Graph::new("spec", "design", &[scenario])
}

#[test]
fn dot_escapes_quotes_and_backslashes() {
    let text = dot(&awkward());
    assert!(
        text.contains(r#""a \"lock\" <&amp;>" -> "an \\event #1" [label="#),
        "{text}"
    );
    assert!(text.contains(r#""an \\event #1" [shape=ellipse];"#));
    assert_eq!(text.matches("style=dashed").count(), 2);
}

#[test]
fn mermaid_escapes_what_ends_a_string_or_begins_an_entity() {
    let text = mermaid(&awkward());
    assert!(text.contains("a #34;lock#34; #60;#38;#62;"), "{text}");
    assert!(text.contains("an #92;event #35;1"));
    assert!(text.contains("|\"spin_lock(#38;journal-#62;j_state_lock)\"|"));
    let styled = text.lines().find(|line| line.contains("linkStyle"));
    assert_eq!(
        styled.map(|line| line.matches(',').count()),
        Some(3),
        "two numbers, three styles"
    );
}

#[test]
fn svg_escapes_and_marks_a_cycle_by_more_than_colour() {
    let text = svg(&awkward());
    assert!(text.contains("a &quot;lock&quot; &lt;&amp;&gt;"), "{text}");
    assert!(!text.contains("<&>"));
    assert_eq!(text.matches("<path class=\"cycle\"").count(), 2);
    assert_eq!(text.matches("<path class=\"arc\"").count(), 1);
    assert!(text.contains("stroke-dasharray:6 4"));
    assert!(text.contains(">2</text>"), "numbers too");
    assert!(text.contains("<title id=\"title\">Lock order of spec/design</title>"));
    assert!(text.contains("<desc id=\"desc\">Cycles: a &quot;lock"));
    assert!(text.contains("prefers-color-scheme:dark"));
}

#[test]
fn every_element_of_an_svg_is_closed() {
    let text = svg(&awkward());
    for element in ["svg", "text", "title", "desc", "style", "defs", "marker"] {
        let open = text.matches(&format!("<{element} ")).count()
            + text.matches(&format!("<{element}>")).count();
        assert_eq!(
            open,
            text.matches(&format!("</{element}>")).count(),
            "{element}"
        );
    }
}

#[test]
fn text_has_the_cycles_first_and_fits_the_screen() {
    let text = text(&awkward());
    let cycle = text.find("cycle  a \"lock\"").expect("the cycle is shown");
    assert!(cycle < text.find("classes, what").expect("the classes are shown"));
    assert!(text.contains("executions deadlock over it in scenario"));
    assert!(text.contains("replay  spec/design@scenario:0123456789abcdef:0\n"));
    assert!(
        text.lines().all(|line| line.chars().count() <= 100),
        "{text}"
    );
}

#[test]
fn json_names_its_schema() {
    let value: serde_json::Value = serde_json::from_str(&json(&awkward())).expect("JSON");
    assert_eq!(value["schema"], "pagelock-graph/2");
    assert_eq!(value["cycles"][0]["deadlocks"][0], "scenario");
    assert_eq!(value["edges"].as_array().map(Vec::len), Some(3));
}
