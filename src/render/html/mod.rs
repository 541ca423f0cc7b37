//! The counterexample as one HTML document, with nothing that has to be fetched.
//!
//! All of it is in the HTML: whoever has no script reads every step in tables, and how things stand at the
//! end. The script only chooses what is shown, from two attributes: `data-from` and `data-to`, the steps
//! during which an element is true.

mod control;
mod head;
mod lanes;
pub(crate) mod links;
mod objects;
mod picture;
#[cfg(all(test, not(loom)))]
mod sample;
pub(crate) mod shell;
mod states;
#[cfg(all(test, not(loom)))]
mod tests_of_states;
mod threads;
mod waits;
mod words;

use crate::escape;
use crate::trace::{Trace, Twin};
use maud::{Markup, html};
use states::{Execution, Moment, Span};

/// Renders a counterexample. The record comes with it.
#[must_use]
pub(super) fn render(trace: &Trace) -> String {
    let record = serde_json::to_string(trace).unwrap_or_default();
    let data = links::percent_encoded(&record, "-_.~:,/@()[]{}");
    let mut names = vec![trace.spec.as_str(), &trace.design];
    names.extend(trace.without.iter().map(String::as_str));
    let name = escape::file_name(&[&names[..], &[&trace.scenario]].concat()) + ".json";
    let link = html! {
        a href={ "data:application/json;charset=utf-8," (data) } download=(name) { "The record as JSON" }
    };
    page(trace, &html! {}, &link)
}

/// The same as a page of a site: with a way back, and the record in a file beside it.
pub(crate) fn beside(trace: &Trace, back: &Markup, record: &str) -> String {
    page(
        trace,
        back,
        &html! { a href=(record) { "The record as JSON" } },
    )
}

fn page(trace: &Trace, back: &Markup, record: &Markup) -> String {
    let trace = &super::lines_of(trace);
    let title = format!(
        "{}/{} in {}: {}",
        trace.spec,
        trace.design_name(),
        trace.scenario,
        trace.property
    );
    let body = html! {
        (back)
        (head::head(trace))
        div class="pair" { (head::failure(trace)) (head::parting(trace)) }
        (steps(trace))
        (head::receipt(trace, record))
    };
    shell::page(&title, true, &body)
}

/// One of the two executions, with how it is shown.
struct Side<'t> {
    /// Distinguishes the identifiers of the two.
    key: &'static str,
    design: String,
    execution: Execution<'t>,
    moments: Vec<Moment<'t>>,
    /// The twin, if this is it.
    twin: Option<&'t Twin>,
}

impl<'t> Side<'t> {
    fn both(trace: &'t Trace) -> Vec<Self> {
        let side = |key, design, execution: Execution<'t>, twin| Side {
            key,
            design,
            moments: execution.moments(),
            execution,
            twin,
        };
        let failing = side("this", trace.design_name(), Execution::failing(trace), None);
        let twin = trace.twin.as_ref().map(|twin| {
            let execution = Execution::of_twin(trace, twin);
            side("twin", twin.design.clone(), execution, Some(twin))
        });
        std::iter::once(failing).chain(twin).collect()
    }

    fn last(&self) -> usize {
        self.moments.len() - 1
    }
}

/// The section in which one steps through both.
fn steps(trace: &Trace) -> Markup {
    let sides = Side::both(trace);
    html! {
        section id="steps" aria-labelledby="steps-title" {
            h2 id="steps-title" { "Step by step" }
            (control::bar(trace, &sides))
            div class="sides" { @for side in &sides { (one(trace, side)) } }
            (control::story(trace, &sides))
        }
    }
}

fn one(trace: &Trace, side: &Side<'_>) -> Markup {
    let title = format!("{}-title", side.key);
    let verdict = side.twin.map_or("fails", |twin| &twin.verdict);
    let mirrors = side.twin.map_or(&trace.mirrors, |twin| &twin.mirrors);
    html! {
        section class="side" id=(side.key) data-last=(side.last()) aria-labelledby=(title) {
            h3 id=(title) { (side.design) " " span class={ "verdict " (verdict) } { (verdict) } }
            @if !mirrors.is_empty() { p class="quiet" { "Mirrors " (links::commit(mirrors)) "." } }
            (lanes::table(trace, side))
            (waits::graph(trace, side))
            (threads::table(side))
            (objects::table(side))
        }
    }
}

/// An element that is true for some steps. Without a script, the last is shown.
fn timed<T>(side: &Side<'_>, span: &Span<T>, content: &Markup) -> Markup {
    html! {
        span data-from=(span.from) data-to=(span.to) hidden[span.to < side.last()] { (content) }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::sample::deadlock;
    use super::*;

    #[test]
    fn what_comes_from_the_record_is_escaped() {
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
    fn the_record_comes_with_the_page() {
        let page = render(&deadlock());
        assert!(page.contains("href=\"data:application/json;charset=utf-8,{%22schema%22"));
        let beside = beside(&deadlock(), &html! {}, "old.json");
        assert!(beside.contains("href=\"old.json\""));
        assert!(!beside.contains("data:application/json"));
    }
}
