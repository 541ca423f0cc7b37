//! A patch, hunk by hunk, with the clause that mirrors each change and where that is needed: on a screen, in Markdown,
//! as JSON.

use crate::ablation::{AblationReport, AblationRow, NeededIn};
use crate::escape::{self, code, markdown};
use crate::explore::{Exploration, Explored};
use crate::render::text::wrap_in;
use crate::spec::{Change, Clause, Hunk, Mirror, Patch, Spec, bound_text};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The version of the JSON objects' shape.
pub const PATCH_SCHEMA: &str = "pagelock-patch/1";

/// The JSON schema of an object.
pub const PATCH_JSON_SCHEMA: &str = include_str!("../../schemas/pagelock-patch-1.json");

/// The patch of a spec, and where each of its clauses is needed.
#[derive(Debug, Clone)]
pub struct PatchReport {
    /// The spec.
    pub spec: &'static Spec,
    /// Its hunks.
    pub patch: Patch,
    /// Where clauses are needed, by name.
    pub needed: BTreeMap<&'static str, NeededIn>,
    /// Of how many scenarios of what, in words.
    pub scenarios: String,
}

impl PatchReport {
    /// The patch over the spec's space; `None` if the spec does not list its hunks.
    #[must_use]
    pub fn in_space(exploration: &Exploration, explored: &Explored) -> Option<Self> {
        let (spec, of) = (exploration.spec, explored.of);
        let bound = bound_text(&exploration.bounds());
        let needed = spec.clauses.iter().map(|clause| {
            let need = explored.needs.get(clause.name).cloned().unwrap_or_default();
            let needed = NeededIn {
                scenarios: need.scenarios.scenarios,
                of,
                bound: bound.clone(),
                smallest: need.scenarios.smallest_scenario().map(ToString::to_string),
                properties: need.properties.into_keys().collect(),
            };
            (clause.name, needed)
        });
        Some(Self {
            spec,
            patch: spec.patch?,
            needed: needed.collect(),
            scenarios: format!("{of} scenarios of the space, up to {bound}"),
        })
    }

    /// The patch over the named scenarios of a spec without a space, from its ablations; `None` if the spec does not
    /// list its hunks.
    #[must_use]
    pub fn in_scenarios(spec: &'static Spec, ablations: &[AblationReport]) -> Option<Self> {
        let of = ablations.iter().map(|report| report.scenarios).max();
        let of = of.unwrap_or_default() as u64;
        let mut needed = BTreeMap::new();
        for row in ablations.iter().flat_map(|report| &report.rows) {
            needed.insert(row.clause.name, in_named_scenarios(spec, row, of));
        }
        Some(Self {
            spec,
            patch: spec.patch?,
            needed,
            scenarios: format!("{of} scenarios of the spec"),
        })
    }

    /// The clauses that mirror a change, in the order in which it names them.
    fn clauses(&self, change: &Change) -> Vec<&'static Clause> {
        let names = change.mirror.clauses().iter();
        names.filter_map(|name| self.spec.clause(name)).collect()
    }
}

fn in_named_scenarios(spec: &Spec, row: &AblationRow, of: u64) -> NeededIn {
    let violated: BTreeSet<&str> = row.violates.iter().map(|one| one.scenario).collect();
    let mut names = spec.scenarios.iter().map(|scenario| scenario.name);
    NeededIn {
        scenarios: violated.len() as u64,
        of,
        bound: String::new(),
        smallest: names
            .find(|name| violated.contains(name))
            .map(ToString::to_string),
        properties: row
            .needed_for()
            .into_iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// The properties that some named scenario violates without a clause, as the spec expects.
fn in_table(clause: &Clause) -> &'static [&'static str] {
    clause.ablation.map_or(&[], |expected| expected.breaks)
}

/// The clause with its number before it.
fn numbered(clause: &Clause) -> String {
    match clause.id {
        "" => clause.name.to_string(),
        id => format!("{id} {}", clause.name),
    }
}

/// Where a clause is needed, in words.
fn needed_words(clause: &Clause, needed: Option<&NeededIn>) -> String {
    let Some(needed) = needed else {
        return "not ablated".to_string();
    };
    let of = needed.of;
    match (needed.scenarios, in_table(clause)) {
        (0, []) => format!("needed in none of {of}"),
        (0, named) => format!(
            "needed in none of {of}; of the named scenarios, for {}",
            named.join(", ")
        ),
        (scenarios, _) => format!(
            "needed in {scenarios} of {of}, for {}",
            needed.properties.join(", ")
        ),
    }
}

/// How many hunks, and how many of their changes a clause mirrors.
fn count(report: &PatchReport) -> String {
    let hunks = report.patch.hunks;
    let changes: Vec<&Change> = hunks.iter().flat_map(|hunk| hunk.changes).collect();
    let is_mirrored = |change: &&&Change| matches!(change.mirror, Mirror::Clauses(_));
    let mirrored = changes.iter().filter(is_mirrored).count();
    format!(
        "{} hunks with {} changes, of which clauses mirror {mirrored}. Where a clause is needed, of {}.",
        hunks.len(),
        changes.len(),
        report.scenarios
    )
}

/// The patches for a terminal of so many columns.
#[must_use]
pub fn patch_screen(reports: &[PatchReport], width: usize) -> String {
    let mut screen = Screen {
        width,
        text: String::new(),
    };
    for report in reports {
        let spec = report.spec;
        let title = match spec.commit {
            "" => spec.name.to_string(),
            commit => format!("{}: {commit} {}", spec.name, spec.subject),
        };
        screen.line(0, title.trim_end());
        screen.text.push('\n');
        screen.line(2, &count(report));
        let mut file = "";
        for hunk in report.patch.hunks {
            if hunk.file != file {
                file = hunk.file;
                screen.text.push('\n');
                screen.line(0, file);
            }
            screen.hunk(report, hunk);
        }
        if !report.patch.without_hunk.is_empty() {
            screen.text.push('\n');
            screen.line(0, "clauses of the patch without a hunk here");
        }
        for one in report.patch.without_hunk {
            let Some(clause) = spec.clause(one.clause) else {
                continue;
            };
            screen.clause(report, clause, 2);
            screen.line(6, one.reason);
        }
        if !report.patch.not_listed.is_empty() {
            screen.text.push('\n');
            screen.line(0, &format!("not listed: {}", report.patch.not_listed));
        }
        screen.text.push('\n');
    }
    escape::screen(&screen.text)
}

/// A text of lines that are not too long.
struct Screen {
    width: usize,
    text: String,
}

impl Screen {
    fn line(&mut self, indent: usize, text: &str) {
        for line in wrap_in(self.width, &escape::printable(text), indent) {
            let _ = writeln!(self.text, "{line}");
        }
    }

    /// A line whose continuations are indented by four more.
    fn hanging(&mut self, indent: usize, text: &str) {
        let text = escape::printable(text);
        for (number, line) in (0..).zip(wrap_in(self.width - 4, &text, indent)) {
            let _ = writeln!(
                self.text,
                "{}{line}",
                " ".repeat(4 * usize::from(number > 0))
            );
        }
    }

    fn hunk(&mut self, report: &PatchReport, hunk: &Hunk) {
        let header = hunk.lines.to_string();
        let mut function = None;
        for change in hunk.changes {
            if function != Some(change.function) {
                // The header stands once.
                let header = if function.is_none() { &*header } else { "" };
                let line = format!("  {header:26}{}", change.function);
                let _ = writeln!(self.text, "{}", escape::printable(line.trim_end()));
                function = Some(change.function);
            }
            self.hanging(4, change.summary);
            for clause in report.clauses(change) {
                self.clause(report, clause, 8);
            }
            if let Some(reason) = change.mirror.reason() {
                self.hanging(8, &format!("no clause: {reason}"));
            }
        }
    }

    fn clause(&mut self, report: &PatchReport, clause: &Clause, indent: usize) {
        let needed = report.needed.get(clause.name);
        let words = needed_words(clause, needed);
        self.hanging(indent, &format!("{}: {words}", numbered(clause)));
        if let Some(smallest) = needed.and_then(|needed| needed.smallest.as_ref()) {
            self.scenario(indent + 4, &format!("smallest: {smallest}"));
        }
    }

    /// A scenario, which is one word: broken after a comma only where it does not fit alone.
    fn scenario(&mut self, indent: usize, name: &str) {
        let mut line = " ".repeat(indent);
        for part in name.split_inclusive(',') {
            if line.len() + part.len() > self.width && line.len() > indent {
                let _ = writeln!(self.text, "{line}");
                line = " ".repeat(indent);
            }
            line.push_str(part);
        }
        let _ = writeln!(self.text, "{line}");
    }
}

/// The patches in Markdown: a row for each clause of each change.
#[must_use]
pub fn patch_markdown(report: &PatchReport) -> String {
    let spec = report.spec;
    let mut text = format!("## {}\n\n", spec.name);
    if !spec.commit.is_empty() {
        let _ = writeln!(text, "{} {}\n", code(spec.commit), markdown(spec.subject));
    }
    let _ = writeln!(text, "{}", markdown(&count(report)));
    let mut file = "";
    for hunk in report.patch.hunks {
        if hunk.file != file {
            file = hunk.file;
            let _ = write!(
                text,
                "\n### {}\n\n| hunk | function | what it changes | mirrored by | needed | the smallest scenario |\n\
                 |---|---|---|---|---|---|\n",
                markdown(file)
            );
        }
        let mut header = code(&hunk.lines.to_string());
        for change in hunk.changes {
            let function = match change.function {
                "" => String::new(),
                function => code(function),
            };
            let place = format!("{header} | {function} | {}", markdown(change.summary));
            header.clear();
            if let Some(reason) = change.mirror.reason() {
                let _ = writeln!(text, "| {place} | no clause: {} | | |", markdown(reason));
            }
            for (number, clause) in (0..).zip(report.clauses(change)) {
                let place = if number == 0 { &*place } else { " | |" };
                let _ = writeln!(text, "| {place} | {} |", clause_cells(report, clause));
            }
        }
    }
    if !report.patch.without_hunk.is_empty() {
        text.push_str(
            "\nClauses of the patch without a hunk here:\n\n| clause | needed | the smallest scenario | why |\n\
             |---|---|---|---|\n",
        );
    }
    for one in report.patch.without_hunk {
        if let Some(clause) = spec.clause(one.clause) {
            let cells = clause_cells(report, clause);
            let _ = writeln!(text, "| {cells} | {} |", markdown(one.reason));
        }
    }
    if !report.patch.not_listed.is_empty() {
        let _ = writeln!(text, "\nNot listed: {}.", markdown(report.patch.not_listed));
    }
    text.push('\n');
    text
}

/// A clause, where it is needed, and the smallest scenario.
fn clause_cells(report: &PatchReport, clause: &Clause) -> String {
    let needed = report.needed.get(clause.name);
    let smallest = needed.and_then(|needed| needed.smallest.as_deref());
    let words = needed_words(clause, needed);
    format!(
        "{} | {} | {}",
        markdown(&numbered(clause)),
        markdown(words.strip_prefix("needed ").unwrap_or(&words)),
        smallest.map(code).unwrap_or_default()
    )
}

/// A change of a hunk, or a clause of the patch that no hunk shows: one line of `pagelock patch --json`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct PatchLine {
    /// `pagelock-patch/1`.
    schema: &'static str,
    /// The spec's name.
    spec: &'static str,
    /// The commit of the patch.
    commit: &'static str,
    /// The file; null for a clause that no hunk shows.
    file: Option<&'static str>,
    /// The kernel function; empty outside of any.
    function: &'static str,
    /// The header of the hunk, `@@ -52,8 +53,9 @@`; null for a clause that no hunk shows.
    hunk: Option<String>,
    /// Which change of the hunk it is, counted from 1.
    part: usize,
    /// What it changes.
    change: &'static str,
    /// The names of the clauses that mirror it.
    clauses: Vec<&'static str>,
    /// Why no clause mirrors it, or why no hunk shows the clause.
    reason: Option<&'static str>,
    /// In how many scenarios a clause is needed; of several clauses, the one that is needed in most.
    needed_in: Option<u64>,
    /// Of how many.
    of: Option<u64>,
    /// The smallest scenario in which that clause is needed.
    smallest: Option<String>,
    /// What is violated without that clause in the scenarios in which it is needed.
    needed_for: Vec<String>,
    /// Each of the clauses.
    verdicts: Vec<ClauseVerdict>,
}

/// A clause that mirrors a change, and the verdict of its ablation.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct ClauseVerdict {
    /// The clause's name.
    clause: &'static str,
    /// Its short number, or nothing.
    id: &'static str,
    /// In how many scenarios it is needed; null if it was not ablated.
    needed_in: Option<u64>,
    /// Of how many.
    of: Option<u64>,
    /// The smallest scenario in which it is needed.
    smallest: Option<String>,
    /// What is violated without it in the scenarios in which it is needed.
    needed_for: Vec<String>,
    /// What is violated without it in some named scenario, as the spec expects.
    needed_for_in_table: &'static [&'static str],
}

impl ClauseVerdict {
    fn new(report: &PatchReport, clause: &Clause) -> Self {
        let needed = report.needed.get(clause.name);
        Self {
            clause: clause.name,
            id: clause.id,
            needed_in: needed.map(|needed| needed.scenarios),
            of: needed.map(|needed| needed.of),
            smallest: needed.and_then(|needed| needed.smallest.clone()),
            needed_for: needed.map_or_else(Vec::new, |needed| needed.properties.clone()),
            needed_for_in_table: in_table(clause),
        }
    }
}

impl PatchLine {
    fn new(report: &PatchReport, function: &'static str, clauses: &[&'static Clause]) -> Self {
        let verdicts = clauses.iter().copied();
        let verdicts: Vec<_> = verdicts
            .map(|clause| ClauseVerdict::new(report, clause))
            .collect();
        // The first of those that are needed in most.
        let most = verdicts.iter().rev().max_by_key(|one| one.needed_in);
        Self {
            schema: PATCH_SCHEMA,
            spec: report.spec.name,
            commit: report.spec.commit,
            file: None,
            function,
            hunk: None,
            part: 1,
            change: "",
            clauses: clauses.iter().map(|clause| clause.name).collect(),
            reason: None,
            needed_in: most.and_then(|one| one.needed_in),
            of: most.and_then(|one| one.of),
            smallest: most.and_then(|one| one.smallest.clone()),
            needed_for: most.map_or_else(Vec::new, |one| one.needed_for.clone()),
            verdicts,
        }
    }
}

/// One JSON object for each change of each hunk, one to a line, and then one for each clause of the patch that no hunk
/// shows.
///
/// # Panics
/// Never: names, texts and numbers can be written as JSON.
#[must_use]
pub fn patch_json(reports: &[PatchReport]) -> String {
    let mut lines: Vec<PatchLine> = Vec::new();
    for report in reports {
        for hunk in report.patch.hunks {
            for (part, change) in (1..).zip(hunk.changes) {
                lines.push(PatchLine {
                    file: Some(hunk.file),
                    hunk: Some(hunk.lines.to_string()),
                    part,
                    change: change.summary,
                    reason: change.mirror.reason(),
                    ..PatchLine::new(report, change.function, &report.clauses(change))
                });
            }
        }
        for one in report.patch.without_hunk {
            if let Some(clause) = report.spec.clause(one.clause) {
                lines.push(PatchLine {
                    change: clause.summary,
                    reason: Some(one.reason),
                    ..PatchLine::new(report, clause.function.name, &[clause])
                });
            }
        }
    }
    let mut text = String::new();
    for line in lines {
        let line = serde_json::to_string(&line).expect("a line is names, texts and numbers");
        text.push_str(&escape::json(&line));
        text.push('\n');
    }
    text
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::protocols::ALL;
    use crate::trace::kept_schema;

    /// The reports of all specs, in which every clause is needed in the same scenarios.
    fn reports() -> Vec<PatchReport> {
        let needed = NeededIn {
            scenarios: 7,
            of: 9,
            bound: "2 threads".to_string(),
            smallest: Some(["page1=delayed"; 9].join(",")),
            properties: vec!["no-deadlock".to_string()],
        };
        let report = |spec: &'static Spec| PatchReport {
            spec,
            patch: spec.patch.expect("it lists its hunks"),
            needed: (spec.clauses.iter())
                .map(|clause| (clause.name, needed.clone()))
                .collect(),
            scenarios: "9 scenarios of the space".to_string(),
        };
        ALL.iter().map(report).collect()
    }

    #[test]
    fn the_schema_in_the_repository_is_that_of_a_line() {
        let schema = schemars::schema_for!(PatchLine);
        kept_schema(schema, PATCH_SCHEMA, "schemas/pagelock-patch-1.json");
    }

    #[test]
    fn a_screen_is_as_wide_as_asked() {
        for width in [60, 80, 100] {
            let screen = patch_screen(&reports(), width);
            for line in screen.lines() {
                assert!(line.len() <= width, "{width}: {line}");
            }
            let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
            for report in reports() {
                for hunk in report.patch.hunks {
                    assert!(words.contains(&hunk.lines.to_string()));
                    for change in hunk.changes {
                        assert!(words.contains(change.summary), "{}", change.summary);
                        let reason = change.mirror.reason().unwrap_or_default();
                        assert!(words.contains(reason), "{reason}");
                    }
                }
            }
        }
        let wide = patch_screen(&reports(), 400);
        let smallest = ["page1=delayed"; 9].join(",");
        assert!(wide.contains(&smallest), "a scenario is one word");
        assert!(!patch_screen(&reports(), 100).contains(&smallest));
    }

    #[test]
    fn what_is_not_needed_in_the_space_says_what_named_scenarios_need_it_for() {
        use crate::protocols::nfs_coalesce::{BUG_IF_WRITEBACK, FLUSH_BEFORE_WAIT};
        let nowhere = NeededIn {
            scenarios: 0,
            of: 9,
            bound: String::new(),
            smallest: None,
            properties: Vec::new(),
        };
        assert_eq!(
            needed_words(&FLUSH_BEFORE_WAIT, Some(&nowhere)),
            "needed in none of 9; of the named scenarios, for no-deadlock, no-self-wait"
        );
        assert_eq!(
            needed_words(&BUG_IF_WRITEBACK, Some(&nowhere)),
            "needed in none of 9"
        );
        assert_eq!(needed_words(&BUG_IF_WRITEBACK, None), "not ablated");
    }

    #[test]
    fn of_several_clauses_the_most_needed_one_stands_for_all() {
        let mut report = reports().remove(0);
        let other = report.needed.get_mut("test-mapping").expect("it is listed");
        other.scenarios = 8;
        other.smallest = Some("a=b".to_string());
        let json = patch_json(&[report]);
        let both = json
            .lines()
            .find(|line| line.contains("\"clauses\":[\"mapping-before-unlock\",\"test-mapping\"]"));
        let both: serde_json::Value =
            serde_json::from_str(both.expect("a change with both")).expect("JSON");
        assert_eq!((&both["needed_in"], &both["of"]), (&8.into(), &9.into()));
        assert_eq!(both["smallest"], "a=b");
        assert_eq!(both["verdicts"][0]["needed_in"], 7);
    }
}
