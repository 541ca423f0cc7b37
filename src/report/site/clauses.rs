//! What each clause of a spec is needed for.

use super::{File, below};
use crate::ablation::{Place, Study};
use crate::render::html::links::commit;
use crate::report::clauses::{beside, by_property, cell, count, listed, properties, sentence};
use crate::spec::{Clause, Origin, Spec};
use maud::{Markup, html};
use std::collections::BTreeMap;

pub(super) fn page(spec: &Spec, studies: &[&Study]) -> File {
    let body = html! {
        h1 { "Clauses of " (spec.name) }
        p class="lead" { (spec.title) }
        @for study in studies { (section(study)) }
        section aria-labelledby="all" {
            h2 id="all" { "Every clause" }
            dl class="facts" { @for clause in spec.clauses {
                dt { @if clause.id.is_empty() { (clause.name) } @else { (clause.id) } }
                dd { strong { (clause.name) } ": " (clause.summary) " (" (origin(clause)) ")" }
            } }
        }
    };
    File {
        path: super::clauses_of(spec),
        text: below(&format!("Clauses of {}", spec.name), &body),
    }
}

fn origin(clause: &Clause) -> Markup {
    html! {
        @match clause.origin {
            Origin::Patch => { "of the patch" }
            Origin::Earlier { commit: hash, .. } => { "earlier: " (commit(hash)) }
            Origin::Later { commit: hash, .. } => { "later: " (commit(hash)) }
        }
    }
}

fn section(study: &Study) -> Markup {
    let broken: Vec<_> = study
        .rows
        .iter()
        .map(|row| by_property(&row.breaks))
        .collect();
    let all = properties(study.spec);
    let columns: Vec<&str> = (all.into_iter())
        .filter(|property| broken.iter().any(|row| row.contains_key(property)))
        .collect();
    let caption = format!("{}-matrix", study.target.name);
    html! {
        section aria-labelledby=(study.target.name) {
            h2 id=(study.target.name) { "What breaks without a clause of " (study.target.name) }
            div class="box" role="region" tabindex="0" aria-labelledby=(caption) {
                table class="matrix" {
                    caption id=(caption) { "Scenarios in which it breaks, of " (study.scenarios) }
                    thead { tr {
                        th scope="col" { "without" }
                        @for property in &columns { th scope="col" { (property) } }
                        th scope="col" { "alone, it mends" }
                        th scope="col" { "alone, it breaks" }
                    } }
                    tbody { @for (row, broken) in study.rows.iter().zip(&broken) {
                        tr {
                            th scope="row" { (row.clause.in_a_row())
                                span class="sentence" { (sentence(row)) } }
                            @for property in &columns {
                                td { (broken.get(property).map(cell).unwrap_or_default()) }
                            }
                            td { (alone(&row.mends_alone)) }
                            td { (alone(&row.breaks_alone)) }
                        }
                    } }
                }
            }
            h3 { "Smallest sets that keep what " (study.target.name) " keeps" (beside(study)) }
            ul { @for set in &study.smallest { li { (listed(set)) } } }
            p class="quiet" { (count(study)) }
        }
    }
}

/// The properties that a clause alone changes, with the number of scenarios.
fn alone(places: &[Place]) -> String {
    let all: BTreeMap<_, _> = by_property(places);
    let each = all
        .iter()
        .map(|(property, scenarios)| format!("{property} ({})", scenarios.len()));
    each.collect::<Vec<_>>().join(", ")
}
