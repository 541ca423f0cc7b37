//! The hunks that the specs list are those of the patches, and `pagelock patch` says what mirrors each.

use crate::schema::errors;
use pagelock::explore::{Exploration, explore};
use pagelock::protocols::{ALL, page_mkwrite};
use pagelock::report::{PATCH_JSON_SCHEMA, PatchReport, patch_json};
use pagelock::spec::{Extent, Hunk, Patch, Size, Spec};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The headers of the patches' hunks, which were taken from the patches themselves.
const HEADERS: &str = include_str!("../data/hunks.txt");

/// A file, and the header of a hunk of it.
type Header = (String, String);

/// The headers of each commit.
fn headers(text: &str) -> BTreeMap<&str, BTreeSet<Header>> {
    let mut commits: BTreeMap<&str, BTreeSet<Header>> = BTreeMap::new();
    let (mut commit, mut file) = ("", "");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("+++ b/") {
            file = name;
        } else if line.starts_with("@@ ") {
            let is_new =
                (commits.entry(commit).or_default()).insert((file.to_string(), line.to_string()));
            assert!(is_new, "{commit} has {line} twice");
        } else {
            commit = line;
        }
    }
    commits
}

fn listed(patch: &Patch) -> BTreeSet<Header> {
    let header = |hunk: &Hunk| (hunk.file.to_string(), hunk.lines.to_string());
    patch.hunks.iter().map(header).collect()
}

/// In what the hunks that a spec lists differ from those of its patch.
fn differences(spec: &Spec, headers: &BTreeMap<&str, BTreeSet<Header>>) -> Vec<String> {
    let none = BTreeSet::new();
    let of_patch = headers.get(spec.commit).unwrap_or(&none);
    let listed = spec.patch.map(|patch| listed(&patch)).unwrap_or_default();
    let mut found = Vec::new();
    for (file, lines) in of_patch.difference(&listed) {
        found.push(format!("{}: {file} {lines} is not listed", spec.name));
    }
    for (file, lines) in listed.difference(of_patch) {
        found.push(format!("{}: {file} {lines} is not of the patch", spec.name));
    }
    found
}

#[test]
fn every_hunk_of_a_patch_is_listed_and_no_other() {
    let headers = headers(HEADERS);
    for spec in ALL {
        assert_eq!(differences(spec, &headers), [""; 0]);
    }
    let commits: BTreeSet<&str> = ALL.iter().map(|spec| spec.commit).collect();
    assert_eq!(headers.into_keys().collect::<BTreeSet<_>>(), commits);
}

#[test]
fn a_hunk_that_is_missing_or_invented_or_elsewhere_is_seen() {
    const LINE: &str = "@@ -273,6 +275,8 @@\n";
    let spec = ALL.iter().find(|spec| spec.name == "nfs-coalesce");
    let spec = spec.expect("it is there");
    let differs = |text: &str| differences(spec, &headers(text));
    assert_eq!(
        differs(&HEADERS.replace(LINE, "")),
        ["nfs-coalesce: fs/nfs/write.c @@ -273,6 +275,8 @@ is not of the patch"]
    );
    let more = format!("{LINE}@@ -280 +284,2 @@\n");
    assert_eq!(
        differs(&HEADERS.replace(LINE, &more)),
        ["nfs-coalesce: fs/nfs/write.c @@ -280 +284,2 @@ is not listed"]
    );
    let other = HEADERS.replace(LINE, "@@ -273,6 +275,9 @@\n");
    assert_eq!(differs(&other).len(), 2);
    let other = HEADERS.replace("b/fs/nfs/write.c", "b/fs/nfs/read.c");
    assert_eq!(
        differs(&other).len(),
        2 * listed(&spec.patch.expect("its hunks")).len()
    );
}

/// The clause of a spec's own patch may be named by hunks of the patch only; the others show what a hunk leaves to them.
#[test]
fn the_tables_say_of_every_clause_of_a_patch_which_hunks_show_it() {
    for spec in ALL {
        let mistakes: Vec<String> = spec.mistakes().iter().map(ToString::to_string).collect();
        assert_eq!(mistakes, [""; 0]);
        let patch = spec.patch.expect("it lists its hunks");
        assert!(patch.clauses().count() > 5, "{}", spec.name);
        for hunk in patch.hunks {
            for change in hunk.changes {
                let place = format!("{} {} {}", spec.name, hunk.lines, change.summary);
                assert!(!change.summary.is_empty(), "{place}");
                let at = change.function;
                assert!(
                    at.is_empty() || !at.contains(char::is_whitespace),
                    "{place}"
                );
            }
        }
    }
}

#[test]
fn json_has_an_object_for_each_change_that_fits_the_schema() {
    let schema: Value = serde_json::from_str(PATCH_JSON_SCHEMA).expect("the schema is JSON");
    let spec = &page_mkwrite::SPEC;
    // A part of the space is enough for every kind of verdict.
    let bound = Size {
        threads: 2,
        operations: 2,
        pages: 1,
    };
    let exploration = Exploration {
        classify: false,
        ..Exploration::of(spec, Extent::Size(bound))
    };
    let explored = explore(&exploration, &|_, _| ()).expect("no limit is set");
    let report = PatchReport::in_space(&exploration, &explored).expect("it lists its hunks");
    let text = patch_json(&[report]);
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let patch = spec.patch.expect("it lists its hunks");
    let changes: usize = patch.hunks.iter().map(|hunk| hunk.changes.len()).sum();
    assert_eq!(lines.len(), changes + patch.without_hunk.len());
    for line in &lines {
        assert_eq!(errors(&schema, line), [""; 0], "{line}");
        assert_eq!(
            (&line["spec"], &line["commit"]),
            (&spec.name.into(), &spec.commit.into())
        );
        let (clauses, reason) = (line["clauses"].as_array(), line["reason"].as_str());
        let is_mirrored = clauses.is_some_and(|clauses| !clauses.is_empty());
        // Of a hunk there is one or the other; a clause without a hunk has a reason for that.
        assert_eq!(
            is_mirrored == reason.is_some(),
            line["hunk"].is_null(),
            "{line}"
        );
        assert_eq!(line["needed_in"].is_u64(), is_mirrored, "{line}");
        assert_eq!(line["of"].is_u64(), is_mirrored, "{line}");
    }
    let lost = lines
        .iter()
        .find(|line| line["clauses"][0] == "unlock-where-pte-changed");
    let lost = lost.expect("a hunk shows it");
    assert_eq!(lost["hunk"], "@@ -1980,9 +1989,11 @@");
    assert_eq!(lost["needed_for"][0], "locks");
    let need = &explored.needs["unlock-where-pte-changed"];
    assert_eq!(lost["needed_in"], need.scenarios.scenarios);
    assert_eq!(lost["of"], explored.of);
    assert_eq!(
        lost["smallest"].as_str(),
        need.scenarios.smallest_scenario()
    );
    let mut wrong = lines[0].clone();
    wrong["part"] = "first".into();
    assert_eq!(errors(&schema, &wrong).len(), 1);
}
