//! The sections of a page: the verdict, the failure, where the reference design diverges, and the search statistics.

use super::links::{breakable, commit};
use super::words::{chain, verdict};
use crate::render::text::facts;
use crate::trace::{Cycle, Trace, counted};
use maud::{Markup, html};

/// What the page is about, and one plain sentence.
pub(super) fn head(trace: &Trace) -> Markup {
    html! {
        header {
            h1 { (trace.spec) "/" wbr; (trace.design_name()) " in " (trace.scenario) }
            p class="summary" {
                strong class="verdict fails" { (verdict(trace)) }
                ": " (facts(trace))
            }
            @if !trace.sentence.is_empty() { p class="lead" { (trace.sentence) } }
        }
    }
}

/// The patch, the designs, the scenario and the property.
pub(super) fn about(trace: &Trace) -> Markup {
    html! {
        section id="about" aria-labelledby="about-title" {
            h2 id="about-title" { "What is compared" }
            dl class="facts" {
                @if !trace.commit.is_empty() { dt { "Patch" } dd { (commit(&trace.commit)) } }
                dt { "Design" }
                dd { (trace.design_summary) (as_in(&trace.mirrors)) }
                @if let Some(reference) = &trace.reference {
                    dt { "Reference" }
                    dd { (reference.design) ": " (reference.design_summary) (as_in(&reference.mirrors))
                        "; verdict: " (reference.verdict) }
                }
                dt { "Scenario" } dd { (trace.scenario_summary) }
                dt { "Property" } dd { (trace.property) ": " (trace.property_summary) }
            }
        }
    }
}

/// The cycle, or the violated property.
pub(super) fn failure(trace: &Trace) -> Markup {
    html! {
        section id="failure" aria-labelledby="failure-title" {
            @if let Some(cycle) = &trace.cycle {
                h2 id="failure-title" { @if cycle.closed { "The cycle" } @else { "The chain of waits" } }
                p class="chain" { (chain(trace)) }
                (letters(cycle))
            } @else {
                h2 id="failure-title" { "The violation" }
                dl class="facts" {
                    dt { "Violated" } dd { (trace.property_summary) }
                    dt { "Seen" } dd { (trace.message) }
                    dt { "Where" }
                    dd { a href={ "#step-" (trace.schedule.len()) } { "Step " (trace.schedule.len()) } }
                }
            }
        }
    }
}

/// DEPT's three letters for each thread: what it holds, what it waits for, what would end the wait for
/// what it holds.
fn letters(cycle: &Cycle) -> Markup {
    let edges = &cycle.edges;
    html! {
        div class="box" role="region" tabindex="0" aria-labelledby="letters-caption" {
            table class="letters" {
                caption id="letters-caption" { "Who holds what, and who waits for it" }
                thead { tr {
                    th scope="col" { "thread" }
                    th scope="col" { "[S] holds" }
                    th scope="col" { "[W] waits for" }
                    th scope="col" { "[E] cannot reach" }
                } }
                tbody {
                    @for edge in edges {
                        // What a thread holds is what the one before it in the cycle waits for.
                        @let before = edges.iter().find(|other| other.held_by == edge.thread);
                        tr {
                            th scope="row" { (edge.thread) }
                            td { (before.map_or("", |before| &before.waits_for)) }
                            td { (edge.waits_for) " of " (edge.held_by) }
                            td { code { (breakable(before.map_or("", |before| &before.ended_by))) } }
                        }
                    }
                }
            }
        }
    }
}

/// Where the reference design does something else, and which clauses cause it.
pub(super) fn divergence(trace: &Trace) -> Markup {
    let Some(reference) = &trace.reference else {
        return html! {};
    };
    let divergence = &reference.divergence;
    html! {
        section id="divergence" aria-labelledby="divergence-title" {
            h2 id="divergence-title" { "Where " (reference.design) " diverges" }
            p {
                // A design that has failed before has no such step.
                @if divergence.operation <= trace.schedule.len() {
                    a href={ "#step-" (divergence.operation) } { "Step " (divergence.operation) } ": "
                } @else { "Step " (divergence.operation) ": " }
                (divergence.sentence(&reference.design)) "." }
            @if !divergence.clauses.is_empty() {
                dl class="facts" {
                    @for clause in &divergence.clauses {
                        dt { @if clause.id.is_empty() { (clause.name) } @else { (clause.id) } }
                        dd { strong { (clause.name) } ": " (clause.summary) }
                    }
                }
            }
            @if !divergence.impossible.is_empty() {
                ul {
                    @for edge in &divergence.impossible {
                        li { "In " (reference.design) ", no thread acquires " (edge.wanted) " while it holds "
                            (edge.held) "." }
                    }
                }
            }
        }
    }
}

/// What the search has covered, and how to see the counterexample again.
pub(super) fn statistics(trace: &Trace, file: &Markup) -> Markup {
    let run = &trace.statistics;
    let what = match run.states {
        Some(_) => "schedules",
        None => "executions",
    };
    html! {
        section id="statistics" aria-labelledby="statistics-title" {
            h2 id="statistics-title" { "Search statistics" }
            dl class="facts" {
                dt { "Search" }
                dd { (run.engine) " " (run.version) ", " (run.strategy) ", "
                    (run.extent()) }
                @if let Some(states) = &run.states {
                    dt { "States" } dd { (states.states) }
                }
                dt { "Failing" }
                dd { (counted(trace.failing)) " of " (counted(run.out_of())) " " (what)
                    @if let Some(reference) = &trace.reference {
                        "; " (reference.design) ": " (counted(reference.statistics.failing)) " of " (counted(reference.statistics.out_of()))
                    } }
                @if let Some(sampled) = &trace.sampled {
                    dt { "Samples" }
                    dd { "shuttle " (sampled.statistics.strategy) ": " (sampled.failing) " of "
                        (sampled.statistics.executions) " fail, the first is " (sampled.first) }
                }
                @if !trace.reached.is_empty() {
                    dt { "Reached" } dd { (trace.reached.join(", ")) }
                }
                dt { "Model" } dd { code { (run.fingerprint) } }
                dt { "Replay" } dd { code class="long" { (trace.replay()) } }
                dt { "Trace" } dd { (file) }
            }
        }
    }
}

fn as_in(mirrors: &str) -> Markup {
    html! { @if !mirrors.is_empty() { ", as in " (commit(mirrors)) } }
}
