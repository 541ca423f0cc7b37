//! The page of a spec's clauses: what each is needed for.

use super::contents::{File, below, clauses_of};
use crate::ablation::AblationReport;
use crate::render::html::links::commit;
use crate::report::clauses::{
    by_property, cell, count, counted, in_addition, listed, properties, sentence,
};
use crate::spec::{Clause, Origin, Spec};
use maud::{Markup, html};

pub(super) fn page(spec: &Spec, reports: &[&AblationReport]) -> File {
    let body = html! {
        h1 { "Clauses of " (spec.name) }
        p class="lead" { (spec.title) }
        @for report in reports { (section(report)) }
        section aria-labelledby="all" {
            h2 id="all" { "Every clause" }
            dl class="facts" { @for clause in spec.clauses {
                dt { @if clause.id.is_empty() { (clause.name) } @else { (clause.id) } }
                dd { strong { (clause.name) } ": " (clause.summary) " (" (origin(clause)) ")" }
            } }
        }
    };
    File {
        path: clauses_of(spec),
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

fn section(report: &AblationReport) -> Markup {
    let mut violated = Vec::new();
    for row in &report.rows {
        violated.push(by_property(&row.violates));
    }
    let mut columns = properties(report.spec);
    columns.retain(|property| violated.iter().any(|row| row.contains_key(property)));
    let caption = format!("{}-matrix", report.target.name);
    html! {
        section aria-labelledby=(report.target.name) {
            h2 id=(report.target.name) { "What is violated without a clause of " (report.target.name) }
            div class="box" role="region" tabindex="0" aria-labelledby=(caption) {
                table class="matrix" {
                    caption id=(caption) { "Scenarios in which it is violated, of " (report.scenarios) }
                    thead { tr {
                        th scope="col" { "without" }
                        @for property in &columns { th scope="col" { (property) } }
                        th scope="col" { "alone, it fixes" }
                        th scope="col" { "alone, it violates" }
                    } }
                    tbody { @for (row, violated) in report.rows.iter().zip(&violated) {
                        tr {
                            th scope="row" { (row.clause.in_a_row())
                                span class="sentence" { (sentence(row)) } }
                            @for property in &columns {
                                td { (violated.get(property).map(cell).unwrap_or_default()) }
                            }
                            td { (counted(&row.fixes_alone)) }
                            td { (counted(&row.violates_alone)) }
                        }
                    } }
                }
            }
            h3 { "Smallest sets that keep what " (report.target.name) " keeps" (in_addition(report)) }
            ul { @for set in &report.smallest { li { (listed(set)) } } }
            p class="quiet" { (count(report)) }
        }
    }
}
