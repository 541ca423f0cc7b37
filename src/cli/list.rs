//! `pagelock list`.

use super::answer::Answer;
use super::args::List;
use crate::escape;
use crate::runner::find_designs;
use crate::spec::{Origin, Spec, Specs};
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) fn run(specs: Specs, arguments: &List) -> Answer {
    let specs: Vec<&Spec> = match &arguments.spec {
        None => specs.iter().collect(),
        Some(name) => match find_designs(specs, name) {
            Ok(found) => found.first().map(|(spec, _)| *spec).into_iter().collect(),
            Err(error) => return Answer::bad(error.to_string()),
        },
    };
    if arguments.json {
        let specs: Vec<Value> = specs.iter().map(|spec| document(spec)).collect();
        let document = format!("{:#}\n", json!({ "specs": specs }));
        return Answer::good(escape::json(&document));
    }
    Answer::good(specs.iter().map(|spec| screen(spec)).collect())
}

fn screen(spec: &Spec) -> String {
    let mut text = format!("{}\n  {}\n", spec.name, escape::printable(&spec.headline()));
    let width = longest_name(spec);
    let mut section = |title: &str, rows: &mut dyn Iterator<Item = (String, String)>| {
        let _ = writeln!(text, "\n  {title}");
        for (name, summary) in rows {
            let line = format!("    {name:<width$} {summary}");
            let _ = writeln!(text, "{}", escape::printable(&line));
        }
    };
    let designs = spec.designs.iter();
    section(
        "designs",
        &mut designs.map(|d| (d.name.to_string(), d.summary.to_string())),
    );
    let clauses = spec.clauses.iter();
    section(
        "clauses",
        &mut clauses.map(|clause| {
            let from = match clause.origin {
                Origin::Patch => String::new(),
                Origin::Earlier { commit, .. } | Origin::Later { commit, .. } => {
                    format!(" ({commit})")
                }
            };
            (clause.name.to_string(), format!("{}{from}", clause.summary))
        }),
    );
    let scenarios = spec.scenarios.iter();
    section(
        "scenarios",
        &mut scenarios.map(|s| (s.name.to_string(), s.summary.to_string())),
    );
    let properties = spec.properties.iter();
    section(
        "properties",
        &mut properties.map(|p| (p.name.to_string(), p.summary.to_string())),
    );
    let points = spec.cover_points.iter();
    section(
        "cover points",
        &mut points.map(|m| (m.name.to_string(), m.summary.to_string())),
    );
    text
}

/// The width of the column of names.
fn longest_name(spec: &Spec) -> usize {
    let names = (spec.designs.iter().map(|design| design.name))
        .chain(spec.clauses.iter().map(|clause| clause.name))
        .chain(spec.scenarios.iter().map(|scenario| scenario.name))
        .chain(spec.properties.iter().map(|property| property.name))
        .chain(spec.cover_points.iter().map(|point| point.name));
    names.map(str::len).max().unwrap_or_default()
}

fn document(spec: &Spec) -> Value {
    json!({
        "spec": spec.name,
        "title": spec.title,
        "commit": spec.commit,
        "subject": spec.subject,
        "designs": spec.designs.iter().map(|design| json!({
            "design": design.name, "summary": design.summary, "clauses": design.clauses(),
        })).collect::<Vec<_>>(),
        "clauses": spec.clauses.iter().map(|clause| json!({
            "id": clause.id,
            "clause": clause.name,
            "summary": clause.summary,
            "function": clause.function.name,
            "file": clause.function.file,
            "origin": match clause.origin {
                Origin::Patch => spec.commit,
                Origin::Earlier { commit, .. } | Origin::Later { commit, .. } => commit,
            },
        })).collect::<Vec<_>>(),
        "scenarios": spec.scenarios.iter().map(|scenario| json!({
            "scenario": scenario.name, "summary": scenario.summary, "shows": scenario.shows,
            "cover": scenario.cover,
        })).collect::<Vec<_>>(),
        "properties": spec.properties.iter().map(|property| json!({
            "property": property.name, "summary": property.summary, "checked": property.checked,
        })).collect::<Vec<_>>(),
        "cover_points": spec.cover_points.iter().map(|point| json!({
            "cover_point": point.name, "summary": point.summary,
        })).collect::<Vec<_>>(),
    })
}
