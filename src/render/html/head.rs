//! The verdict, the failure, where the twin parts, and why all that can be trusted.

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
            dl class="facts" {
                @if !trace.commit.is_empty() { dt { "Patch" } dd { (commit(&trace.commit)) } }
                dt { "Design" }
                dd { (trace.design_means) (as_in(&trace.mirrors)) }
                @if let Some(twin) = &trace.twin {
                    dt { "Twin" }
                    dd { (twin.design) ": " (twin.design_means) (as_in(&twin.mirrors))
                        "; verdict: " (twin.verdict) }
                }
                dt { "Scenario" } dd { (trace.scenario_means) }
                dt { "Property" } dd { (trace.property) ": " (trace.property_means) }
            }
        }
    }
}

/// The cycle, or what was seen.
pub(super) fn failure(trace: &Trace) -> Markup {
    html! {
        section id="failure" aria-labelledby="failure-title" {
            @if let Some(cycle) = &trace.cycle {
                h2 id="failure-title" { @if cycle.closed { "The cycle" } @else { "The chain of waits" } }
                p class="chain" { (chain(trace)) }
                (letters(cycle))
            } @else {
                h2 id="failure-title" { "What breaks" }
                dl class="facts" {
                    dt { "Broken" } dd { (trace.property_means) }
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
                    th scope="col" { "[E] cannot come to" }
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

/// Where the twin does something else, and because of what.
pub(super) fn parting(trace: &Trace) -> Markup {
    let Some(twin) = &trace.twin else {
        return html! {};
    };
    let parting = &twin.parting;
    html! {
        section id="parting" aria-labelledby="parting-title" {
            h2 id="parting-title" { "Where " (twin.design) " parts" }
            p {
                // A design that has failed before has no such step.
                @if parting.operation <= trace.schedule.len() {
                    a href={ "#step-" (parting.operation) } { "Step " (parting.operation) } ": "
                } @else { "Step " (parting.operation) ": " }
                (parting.sentence(&twin.design)) "." }
            @if !parting.clauses.is_empty() {
                dl class="facts" {
                    @for clause in &parting.clauses {
                        dt { @if clause.id.is_empty() { (clause.name) } @else { (clause.id) } }
                        dd { strong { (clause.name) } ": " (clause.summary) }
                    }
                }
            }
            @if !parting.impossible.is_empty() {
                ul {
                    @for edge in &parting.impossible {
                        li { "In " (twin.design) ", nobody who holds " (edge.held) " ever comes for "
                            (edge.wanted) "." }
                    }
                }
            }
        }
    }
}

/// Why the verdict can be trusted, and how to see it again.
pub(super) fn receipt(trace: &Trace, record: &Markup) -> Markup {
    let run = &trace.receipt;
    let what = match run.states {
        Some(_) => "schedules",
        None => "executions",
    };
    html! {
        section id="receipt" aria-labelledby="receipt-title" {
            h2 id="receipt-title" { "Receipt" }
            dl class="facts" {
                dt { "Search" }
                dd { (run.engine) " " (run.version) ", " (run.strategy) ", "
                    (run.extent()) }
                @if let Some(states) = &run.states {
                    dt { "States" } dd { (states.states) }
                }
                dt { "Failing so" }
                dd { (counted(trace.failing)) " of " (counted(run.out_of())) " " (what)
                    @if let Some(twin) = &trace.twin {
                        "; " (twin.design) ": " (counted(twin.receipt.failing)) " of " (counted(twin.receipt.out_of()))
                    } }
                @if let Some(sampled) = &trace.sampled {
                    dt { "Samples" }
                    dd { "shuttle " (sampled.receipt.strategy) ": " (sampled.failing) " of "
                        (sampled.receipt.executions) " fail, the first is " (sampled.first) }
                }
                @if !trace.reached.is_empty() {
                    dt { "Reached" } dd { (trace.reached.join(", ")) }
                }
                dt { "Model" } dd { code { (run.fingerprint) } }
                dt { "Replay" } dd { code class="long" { (trace.replay()) } }
                dt { "Record" } dd { (record) }
            }
        }
    }
}

fn as_in(mirrors: &str) -> Markup {
    html! { @if !mirrors.is_empty() { ", as in " (commit(mirrors)) } }
}
