//! Rules of the crate that no compiler checks.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the crate.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

fn sources() -> Vec<(PathBuf, String)> {
    [
        "src",
        "loom-tests",
        "shuttle-tests",
        "outside-tests",
        "tests",
        "benches",
    ]
    .iter()
    .flat_map(|folder| files(folder))
    .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
    .map(|path| {
        let text = fs::read_to_string(&path).expect("a source is text");
        (path, text)
    })
    .collect()
}

#[test]
fn only_the_engine_room_names_a_checker() {
    for (path, text) in sources() {
        let inside = path.strip_prefix(root()).expect("below the root");
        if !inside.starts_with("src") || inside.starts_with("src/engine") {
            continue;
        }
        for name in ["loom::", "shuttle::"] {
            assert!(!text.contains(name), "{} uses {name}", inside.display());
        }
    }
}

#[test]
fn one_module_writes() {
    let writes = [
        "fs::write",
        "fs::create_dir",
        "fs::rename",
        "fs::remove",
        "File::create",
        "OpenOptions",
        "println!",
        "eprint!",
    ];
    for path in files("src") {
        let name = path.file_stem().expect("a name").to_string_lossy();
        // The watchdog of a search is a part of the library, which has no streams of its own.
        let is_watchdog = path.ends_with("engine/backend/watchdog.rs");
        if path.starts_with(root().join("src/output")) || name.starts_with("tests") || is_watchdog {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source is text");
        let lines = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(all(test,"));
        for line in lines.filter(|line| !line.trim_start().starts_with("//")) {
            let found = writes.iter().find(|name| line.contains(*name));
            assert!(found.is_none(), "{} writes: {line}", path.display());
        }
    }
}

/// Words that say less than the field's own, each with the one to use. They are written here in two parts, so that this
/// file passes too.
const RETIRED: [([&str; 2], &str); 26] = [
    (["who", "ever"], "the thread that, any thread that"),
    (["some", "body"], "a thread, a reader"),
    (["no", "body"], "no thread"),
    (["any", "body"], "any thread"),
    (["every", "body"], "every thread"),
    (["of one's ", "own"], "user-defined"),
    (["for ", "ever"], "forever, without end"),
    (["comes ", "for"], "acquires"),
    (["come ", "for"], "acquire"),
    (["comes ", "round"], "is a cycle"),
    (["goes ", "round"], "livelocks"),
    (["held ", "against"], "checked against, compared with"),
    (["has it ", "busy"], "holds PG_BUSY"),
    (["behind the ", "end"], "beyond EOF, after the end"),
    (["puts the page ", "back"], "redirties the page"),
    (["without a ", "place"], "unmapped"),
    (["gives the lock ", "up"], "releases the lock"),
    (["stateful ", "search"], "explicit-state search"),
    (["stateful ", "engine"], "explicit-state engine"),
    (["not on ", "record"], "not expected"),
    (["on record ", "as"], "expected to be"),
    (["unreached_", "marks"], "unreached_cover_points"),
    (["marks of ", "waits"], "cover points of waits"),
    (["recorded ", "reason"], "the expected reason"),
    (["engine ", "room"], "the room `engine`"),
    (["its ", "twin"], "its reference design"),
];

#[test]
fn the_words_are_those_of_the_field() {
    let folders = [
        "src",
        "loom-tests",
        "shuttle-tests",
        "stateful-tests",
        "outside-tests",
        "tests",
        "benches",
        "examples",
        "docs",
        "schemas",
    ];
    let pages = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "proofs.md",
    ];
    let below = folders.iter().flat_map(|folder| files(folder));
    let paths = below.chain(pages.iter().map(|page| root().join(page)));
    let mut found = Vec::new();
    for path in paths {
        // What is no text has no words.
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.to_lowercase();
            for (word, better) in &RETIRED {
                let word = word.concat();
                if has_word(&line, &word) {
                    found.push(format!("{}:{number}: `{word}`: {better}", path.display()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_retired_word_is_found_and_a_longer_one_is_not() {
    let word = RETIRED[0].0.concat();
    assert!(has_word(&format!("({word})"), &word) && has_word(&format!("a_{word}_b"), &word));
    assert!(!has_word(&format!("{word}s"), &word));
    assert!(!has_word("it waits for every page", &RETIRED[6].0.concat()));
}

/// Whether a line has a word that is not a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        !is_letter(before) && !is_letter(after)
    })
}

#[test]
fn no_pending_snapshots() {
    for folder in ["src", "loom-tests", "shuttle-tests", "tests"] {
        for path in files(folder) {
            let name = path.to_string_lossy();
            assert!(!name.ends_with(".snap.new"), "{name} is pending: review it");
        }
    }
}

/// The releases that cargo accepts for a requirement such as `0.7.2` share everything up to the first number that
/// is not zero.
fn series(requirement: &str) -> String {
    assert!(
        requirement.starts_with(|first: char| first.is_ascii_digit()),
        "{requirement} is no caret requirement"
    );
    let numbers: Vec<&str> = requirement.split('.').collect();
    let fixed = numbers.iter().take_while(|number| **number == "0").count();
    numbers[..numbers.len().min(fixed + 1)].join(".")
}

#[test]
fn engine_versions_are_those_that_cargo_guarantees() {
    assert_eq!(
        ["0.7.2", "1.2.3", "0.0.3"].map(series),
        ["0.7", "1", "0.0.3"]
    );
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest is there");
    for (name, version) in [
        ("loom", pagelock::engine::LOOM_VERSION),
        ("shuttle", pagelock::engine::SHUTTLE_VERSION),
    ] {
        let key = format!("{name} = \"");
        let mut requirements = manifest.lines().filter_map(|line| line.strip_prefix(&*key));
        let requirement = requirements.next().and_then(|line| line.strip_suffix('"'));
        let requirement = requirement.expect("a plain requirement");
        assert_eq!(
            version,
            series(requirement),
            "the search_statistics say {name} {version}"
        );
    }
}

#[test]
fn the_version_stands_in_the_changelog() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).expect("the changelog is there");
    assert!(text.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_cover_point_and_clause_of_the_tables_is_used_and_listed() {
    for spec in pagelock::protocols::ALL {
        for scenario in spec.scenarios {
            for point in scenario.cover {
                let mut declared = spec.cover_points.iter();
                assert!(
                    declared.any(|declared| declared.name == *point),
                    "{}: {point} is not declared",
                    scenario.name
                );
            }
        }
        for design in spec.designs {
            for clause in design.clauses() {
                assert!(spec.clause(clause).is_some(), "{}: {clause}", design.name);
            }
            for scenario in spec.scenarios {
                let records = spec.expectations_of(design.name);
                let count = records
                    .filter(|expectation| expectation.scenario == scenario.name)
                    .count();
                assert_eq!(count, 1, "{} in {}", design.name, scenario.name);
            }
        }
        for clause in spec.clauses {
            let used = spec.designs.iter().any(|design| design.has(clause));
            assert!(used, "no design has {}", clause.name);
        }
    }
}
