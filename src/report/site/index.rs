//! The first page: the verdict of every design in every scenario.

use super::contents::{Contents, clauses_of, graphs_of};
use super::traces;
use crate::protocols;
use crate::render::html::links::commit;
use crate::render::html::shell;
use crate::report::table::{all_properties, columns, verdict_of};
use crate::runner::groups;
use crate::spec::{Run, Spec};
use maud::{Markup, html};

pub(super) fn page(contents: &Contents<'_>) -> String {
    let runs = contents.runs;
    let differ = runs.iter().filter(|run| run.differs.is_some()).count();
    let complete = runs
        .iter()
        .filter(|run| run.search.statistics.complete)
        .count();
    let names: Vec<&str> = contents.specs().iter().map(|spec| spec.name).collect();
    let is_own = names.iter().all(|name| protocols::find(name).is_some());
    let body = html! {
        header {
            @if is_own {
                h1 { "Lock ordering in the page cache" }
                p class="lead" {
                    "Designs of historic kernel patches, each searched for deadlocks and races in every scenario."
                }
            } @else {
                h1 { (names.join(", ")) }
                p class="lead" { "Designs, each searched for deadlocks and races in every scenario." }
            }
            p class="summary" {
                strong class={ "verdict " @if differ == 0 { "pass" } @else { "fails" } } {
                    (runs.len()) " searches: " (runs.len() - differ) " as expected, " (differ) " not"
                }
                "; " (complete) " exhaustive without a bound and complete"
            }
            nav aria-label="Specs" {
                ul { @for spec in contents.specs() {
                    li { a href={ "#" (spec.name) } { (spec.name) } ": " (spec.title) }
                } }
            }
        }
        @for spec in contents.specs() { (section(contents, spec)) }
        section aria-labelledby="numbers" {
            h2 id="numbers" { "What the numbers say" }
            dl class="facts" {
                dt { "states" }
                dd { "The states of the model, and the share of its schedules that violate the property." }
                dt { "loom" }
                dd { "Executions that loom ran to their end; before the stroke, those that violate it." }
                dt { "shuttle" }
                dd { "Executions at random, or by PCT: failing of all, and the first that fails." }
            }
        }
    };
    shell::page("pagelock: verdicts", false, &body)
}

fn section(contents: &Contents<'_>, spec: &'static Spec) -> Markup {
    let own: Vec<&Run> = contents
        .runs
        .iter()
        .copied()
        .filter(|run| run.spec.name == spec.name)
        .collect();
    html! {
        section aria-labelledby=(spec.name) {
            h2 id=(spec.name) { (spec.name) }
            p {
                (spec.title)
                @if !spec.commit.is_empty() { ": " (commit(spec.commit)) ", “" (spec.subject) "”" }
                "."
            }
            p {
                @if !contents.ablations_of(spec).is_empty() {
                    a href=(clauses_of(spec)) { "What each clause is needed for" } " · "
                }
                a href=(graphs_of(spec)) { "In which order locks are taken" }
            }
            dl class="facts" {
                @for (_, design) in contents.designs.iter().filter(|(of, _)| of.name == spec.name) {
                    dt { (design.name) } dd { (design.summary) }
                }
            }
            (table(contents, spec, &own))
            details {
                summary { "What the scenarios and properties are" }
                dl class="facts" {
                    @for scenario in spec.scenarios { dt { (scenario.name) } dd { (scenario.summary) } }
                }
                dl class="facts" {
                    @for property in spec.properties { dt { (property.name) } dd { (property.summary) } }
                }
            }
        }
    }
}

fn table(contents: &Contents<'_>, spec: &Spec, runs: &[&Run]) -> Markup {
    let caption = format!("{}-verdicts", spec.name);
    html! {
        div class="box" role="region" tabindex="0" aria-labelledby=(caption) {
            table class="verdicts" {
                caption id=(caption) { "Verdicts of " (spec.name) }
                thead { tr {
                    @for head in ["design", "scenario", "verdict", "states", "loom", "shuttle random", "shuttle PCT"] {
                        th scope="col" { (head) }
                    }
                } }
                tbody { @for group in groups(runs) { (rows(contents, &group)) } }
            }
        }
    }
}

/// A row for each property that a design violates in a scenario, the expected reason first, or one if it
/// violates none.
fn rows(contents: &Contents<'_>, group: &[&Run]) -> Markup {
    let first = group[0];
    let (spec, design, scenario) = (first.spec.name, first.design.name, first.scenario.name);
    let violated = all_properties(group);
    let differs = group.iter().any(|run| run.differs.is_some());
    let verdict = verdict_of(group).to_string();
    html! {
        @for property in &violated {
            @let link = traces::found(contents.traces, spec, design, scenario, property);
            (row(first, property, group, &html! {
                span class="verdict fails" { "fails: " }
                @if let Some(link) = link { a href=(link) { (property) } } @else { (property) }
                @if differs { strong { ", not as expected" } }
            }))
        }
        @if violated.is_empty() {
            (row(first, "", group, &html! {
                span class={ "verdict " (verdict) } { (verdict) }
                @if differs { strong { ", not as expected" } }
            }))
        }
    }
}

fn row(first: &Run, property: &str, group: &[&Run], verdict: &Markup) -> Markup {
    html! {
        tr {
            th scope="row" { (first.design.name) }
            td { (first.scenario.name) }
            td { (verdict) }
            @for cell in columns(group, property) { td class="number" { (cell) } }
        }
    }
}
