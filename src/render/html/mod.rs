//! The counterexample as one HTML document, with nothing that has to be fetched.
//!
//! All of it is in the HTML: without a script, the tables show every step, and the state at the end. The script only
//! chooses what is shown, by two attributes: `data-from` and `data-to`, the steps during which an element is true.

mod columns;
mod control;
pub(crate) mod links;
mod objects;
mod picture;
#[cfg(all(test, not(loom)))]
mod sample;
mod sections;
pub(crate) mod shell;
mod side;
mod states;
#[cfg(all(test, not(loom)))]
mod tests_of_states;
mod threads;
mod waits;
mod words;

use crate::escape;
use crate::trace::Trace;
use maud::{Markup, html};
use side::Side;

/// Renders a counterexample. The page includes the trace as JSON.
#[must_use]
pub(super) fn render(trace: &Trace) -> String {
    let record = serde_json::to_string(trace).unwrap_or_default();
    let data = links::percent_encoded(&record, "-_.~:,/@()[]{}");
    let mut names = vec![trace.spec.as_str(), &trace.design];
    names.extend(trace.without.iter().map(String::as_str));
    let name = escape::file_name(&[&names[..], &[&trace.scenario]].concat()) + ".json";
    let link = html! {
        a href={ "data:application/json;charset=utf-8," (data) } download=(name) { "The trace as JSON" }
    };
    page(trace, &html! {}, &link)
}

/// The same as a page of a site: with a link back, and the trace in a file of its own.
pub(crate) fn page_of_site(trace: &Trace, back: &Markup, file: &str) -> String {
    page(
        trace,
        back,
        &html! { a href=(file) { "The trace as JSON" } },
    )
}

fn page(trace: &Trace, back: &Markup, file: &Markup) -> String {
    let trace = &escape::each(trace, escape::printable);
    let title = format!(
        "{}/{} in {}: {}",
        trace.spec,
        trace.design_name(),
        trace.scenario,
        trace.property
    );
    let body = html! {
        (back)
        (sections::head(trace))
        (steps(trace))
        div class="pair" { (sections::failure(trace)) (sections::divergence(trace)) }
        (sections::about(trace))
        (sections::statistics(trace, file))
    };
    shell::page(&title, true, &body)
}

/// The section that steps through both.
fn steps(trace: &Trace) -> Markup {
    let sides = Side::both(trace);
    html! {
        section id="steps" aria-labelledby="steps-title" {
            h2 id="steps-title" class="sr" { "Step by step" }
            (control::bar(trace, &sides))
            div class="sides" { @for side in &sides { (one(trace, side)) } }
            (control::keys())
            (control::narrative(trace, &sides))
        }
    }
}

fn one(trace: &Trace, side: &Side<'_>) -> Markup {
    let title = format!("{}-title", side.key);
    let verdict = side
        .reference
        .map_or("fails", |reference| &reference.verdict);
    let mirrors = side
        .reference
        .map_or(&trace.mirrors, |reference| &reference.mirrors);
    html! {
        section class="side" id=(side.key) data-last=(side.last()) aria-labelledby=(title) {
            h3 id=(title) { (side.design) " " span class={ "verdict " (verdict) } { (verdict) } }
            (waits::graph(trace, side))
            (columns::table(trace, side))
            (threads::table(side))
            (objects::table(side))
            @if !mirrors.is_empty() { p class="quiet" { "Mirrors " (links::commit(mirrors)) "." } }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::sample::deadlock;
    use super::*;

    #[test]
    fn texts_of_the_trace_are_escaped() {
        let mut trace = deadlock();
        let bad = "<script>alert(1)</script>\"'&";
        trace.spec = bad.to_string();
        trace.threads[0] = bad.to_string();
        for event in &mut trace.events {
            event.function = bad.to_string();
            event.object = Some(bad.to_string());
            event.file = bad.to_string();
            event.commit = bad.to_string();
            if event.thread == "a" {
                event.thread = bad.to_string();
            }
        }
        trace.objects[2].value = bad.to_string();
        let page = render(&trace);
        assert!(!page.contains("<script>alert"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;"));
        assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn nothing_has_to_be_fetched() {
        let page = render(&deadlock());
        for fetched in [
            "src=",
            "@import",
            "url(http",
            "rel=\"stylesheet\"",
            "fetch(",
        ] {
            assert!(!page.contains(fetched), "{fetched}");
        }
    }

    #[test]
    fn the_trace_comes_with_the_page() {
        let page = render(&deadlock());
        assert!(page.contains("href=\"data:application/json;charset=utf-8,{%22schema%22"));
        let page = page_of_site(&deadlock(), &html! {}, "old.json");
        assert!(page.contains("href=\"old.json\""));
        assert!(!page.contains("data:application/json"));
    }
}
