//! The documents can be read where they are kept: GitHub shows no Markdown file of more than 512 KB.

use pagelock::protocols;
use pagelock::report::{Analyses, documents};
use std::fs;
use std::path::{Path, PathBuf};

/// The most bytes of a document that GitHub shows.
const SHOWN: usize = 512_000;

/// The most bytes of proofs.md.
const PROOFS: usize = 100_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Markdown file of the root and of docs, with its text.
fn texts() -> Vec<(PathBuf, String)> {
    let mut documents = Vec::new();
    for folder in ["", "docs", "docs/generated"] {
        for entry in fs::read_dir(root().join(folder)).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).expect("a document is text");
                documents.push((path, text));
            }
        }
    }
    assert!(documents.len() > 10);
    documents
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("the document is there")
}

#[test]
fn every_document_can_be_shown() {
    for (path, text) in texts() {
        assert!(
            text.len() < SHOWN,
            "{}: {} bytes",
            path.display(),
            text.len()
        );
    }
}

#[test]
fn the_proofs_are_short_and_mostly_written_by_hand() {
    let proofs = read("proofs.md");
    assert!(proofs.len() <= PROOFS, "{} bytes", proofs.len());
    let mut generated = 0;
    for part in proofs.split("<!-- generated: ").skip(1) {
        generated += part.find("<!-- end generated -->").expect("it ends");
    }
    assert!(
        generated < proofs.len() - generated,
        "{generated} bytes are generated"
    );
}

#[test]
fn every_protocol_has_its_chapter_and_its_tables() {
    let proofs = read("proofs.md");
    for spec in protocols::ALL {
        let name = spec.name;
        assert!(
            proofs.contains(&format!("\n## {name}\n")),
            "{name} has no chapter"
        );
        assert!(
            proofs.contains(&format!("](docs/generated/{name}.md)")),
            "{name}"
        );
        for part in ["clauses", "verdicts", "properties", "cycles"] {
            let part = format!("<!-- generated: {name} {part} -->");
            assert!(proofs.contains(&part), "{part}");
        }
        let tables = read(&format!("docs/generated/{name}.md"));
        let link = format!("](docs/generated/{name}.md#a-counterexample-of-old)");
        assert!(
            proofs.contains(&format!("<!-- generated: {name} counterexample "))
                || proofs.contains(&link) && tables.contains("\n## A counterexample of old\n"),
            "{name}"
        );
        let head: String = tables.lines().take(5).collect();
        assert!(head.contains("Written by `cargo docs-update`"), "{name}");
        assert!(
            tables.contains(&format!("\n`pagelock atomicity {name}`\n")),
            "{name}"
        );
    }
}

/// No file is left of a protocol that has another name now.
#[test]
fn every_generated_file_is_of_a_protocol() {
    for (folder, others) in [
        (
            "docs/generated",
            [
                "deep.jsonl",
                "deep.md",
                "documented-orders.md",
                "patches.md",
                "space.md",
            ]
            .as_slice(),
        ),
        ("docs/graphs", &[]),
    ] {
        for entry in fs::read_dir(root().join(folder)).expect("the folder is there") {
            let name = entry.expect("the entry can be read").file_name();
            let name = name.to_string_lossy();
            let is_of = |spec: &pagelock::spec::Spec| name.starts_with(spec.name);
            assert!(
                others.contains(&&*name) || protocols::ALL.iter().any(is_of),
                "{folder}/{name}"
            );
        }
    }
}

/// The parts that a document names can be made. Whether they are up to date, the exhaustive gate checks.
#[test]
fn every_part_is_known() {
    let analyses = Analyses {
        spaces: Vec::new(),
        ablations: Vec::new(),
        atomicity: Vec::new(),
        graphs: Vec::new(),
    };
    let made = documents(root(), &[], &analyses).expect("every part can be made");
    assert!(made.iter().any(|(name, _)| name == "proofs.md"));
}

/// Every link to a file leads to one.
#[test]
fn no_link_is_broken() {
    let mut followed = 0;
    for (path, text) in texts() {
        let folder = path.parent().expect("it is in a folder");
        let pictures = text.split("<img src=\"").skip(1);
        let pictures = pictures.filter_map(|rest| rest.split('"').next());
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split([')', '#', ' ']).next());
        for link in links.chain(pictures) {
            let is_file = !link.is_empty() && !link.contains(':') && !link.contains('`');
            if is_file {
                assert!(folder.join(link).exists(), "{}: {link}", path.display());
                followed += 1;
            }
        }
    }
    assert!(followed > 10);
}

/// The paths of sources in a text.
fn named_sources(text: &str) -> Vec<&str> {
    let is_of_path = |letter: char| letter.is_ascii_alphanumeric() || "/_-.".contains(letter);
    let words = text.split(|letter| !is_of_path(letter));
    let words = words.map(|word| word.trim_end_matches('.'));
    let is_source = |word: &&str| {
        let folders = [
            "src/",
            "tests/",
            "loom-tests/",
            "shuttle-tests/",
            "stateful-tests/",
        ];
        folders.iter().any(|folder| word.starts_with(folder))
            && Path::new(word)
                .extension()
                .is_some_and(|extension| extension == "rs")
    };
    words.filter(is_source).collect()
}

#[test]
fn sources_that_documents_name_are_there() {
    let mut named = 0;
    for (path, text) in texts() {
        // The changelog names what was.
        if path.ends_with("CHANGELOG.md") {
            continue;
        }
        for source in named_sources(&text) {
            let is_there = root().join(source).exists();
            assert!(is_there, "{} names {source}", path.display());
            named += 1;
        }
    }
    assert!(named > 10, "only {named} were seen");
    assert_eq!(
        named_sources("in `src/lib.rs`, and src/no/such.rs."),
        ["src/lib.rs", "src/no/such.rs"]
    );
}
