//! The site: every page is there, and safe.

use crate::{Test, folder, program, safe};
use pagelock::report::site::{File, WriteError, write};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const TESTS: [Test; 2] = [
    ("every_page_is_there_and_safe", every_page_is_there_and_safe),
    ("no_file_replaces_another", no_file_replaces_another),
];

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn every_page_is_there_and_safe() {
    let folder = folder("site");
    let said = program(&["report", "-o", &folder.display().to_string()]);
    safe::lines(&said.out, "report");
    safe::lines(&said.err, "report");
    let files = files(&folder);
    let announced = format!("{} files; ", files.len());
    assert!(
        said.out.starts_with(&announced),
        "{}, and there are {}",
        said.out,
        files.len()
    );
    // Two specs whose parts, joined by a dash, are the same.
    for name in ["a~b-x~two~no-deadlock.html", "a-b~x~two~no-deadlock.html"] {
        let page = fs::read_to_string(folder.join("counterexamples").join(name));
        let page = page.unwrap_or_else(|error| panic!("{name}: {error}"));
        let (spec, rest) = name.split_once('~').unwrap_or_default();
        let (design, _) = rest.split_once('~').unwrap_or_default();
        assert!(
            page.contains(&format!("<h1>{spec}/<wbr>{design} in two</h1>")),
            "{name}"
        );
    }
    for file in &files {
        let what = file.display().to_string();
        let text = fs::read_to_string(file).expect("a file is text");
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("html") => {
                safe::html(&text, &what);
                links(&text, file);
            }
            Some("svg") => safe::xml(&text, &what),
            Some("json") => {
                serde_json::from_str::<serde_json::Value>(&text).expect("it is JSON");
            }
            other => panic!("{what}: {other:?}"),
        }
        safe::lines(&text, &what);
    }
}

/// What a page links to is there.
fn links(text: &str, file: &Path) {
    for mark in ["href=\"", "src=\""] {
        for link in text.split(mark).skip(1) {
            let (link, _) = link.split_once('"').expect("it ends");
            let (path, _) = link.split_once('#').unwrap_or((link, ""));
            if path.is_empty() || path.contains(':') {
                continue;
            }
            let folder = file.parent().expect("it stands in a folder");
            assert!(folder.join(path).is_file(), "{}: {link}", file.display());
        }
    }
}

fn no_file_replaces_another() {
    let folder = folder("twice");
    let file = |path: &str| File {
        path: path.to_string(),
        text: path.to_string(),
    };
    // On some systems, these are one.
    let both = [file("a/One.html"), file("a/one.html")];
    let error = write(&folder, &both, false).expect_err("one would be lost");
    assert!(matches!(&error, WriteError::Twice(path) if path == "a/one.html"));
    assert!(files(&folder).is_empty(), "nothing is written");
}
