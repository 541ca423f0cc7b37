//! What the specs promise of themselves, as far as their tables say it.

use pagelock::engine::Engine;
use pagelock::protocols::ALL;
use pagelock::spec::Spec;
use std::collections::BTreeSet;

/// What is violated according to the records and the needs, which the suites hold against searches.
fn violated(spec: &Spec) -> BTreeSet<&'static str> {
    let records = spec.expectations.iter();
    let by_designs = records.flat_map(|expectation| expectation.outcome.properties());
    let by_ablations = spec.needs.iter().flat_map(|need| need.breaks);
    by_designs.chain(by_ablations).copied().collect()
}

#[test]
fn every_property_is_violated_or_says_what_violates_it() {
    for spec in ALL {
        let violated = violated(spec);
        for property in spec.properties {
            let place = format!("{} {}", spec.name, property.name);
            let said = spec.unviolated.iter();
            let said = said.filter(|one| one.property == property.name).count();
            let expected = usize::from(!violated.contains(property.name));
            assert_eq!(said, expected, "{place}");
        }
        let known = |name: &str| spec.property(name).is_some();
        assert!(spec.unviolated.iter().all(|one| known(one.property)));
    }
}

/// Every file of a folder but its tests, by its path from the root of the package.
fn files_of(folder: &str) -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(root.join(folder)).expect("the folder is there") {
        let name = entry.expect("the entry can be read").file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        if root.join(&path).is_dir() {
            files.extend(files_of(&path));
        } else if !path.contains("tests") {
            files.insert(path);
        }
    }
    files
}

#[test]
fn every_file_of_a_room_is_among_its_sources() {
    let specs = ALL.iter().map(|spec| {
        let folder = format!("src/protocols/{}", spec.name.replace('-', "_"));
        (folder, spec.sources)
    });
    let kernel = ("src/kernel".to_string(), pagelock::kernel::SOURCES);
    for (folder, sources) in specs.chain([kernel]) {
        let listed: BTreeSet<String> = sources.iter().map(|file| file.path.to_string()).collect();
        assert_eq!(listed, files_of(&folder), "{folder}");
        for file in sources {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file.path);
            let text = std::fs::read_to_string(path).expect("a source is text");
            assert!(
                text == file.text,
                "{} has the text of another file",
                file.path
            );
        }
    }
}

#[test]
fn every_scenario_names_marks_of_its_spec() {
    for spec in ALL {
        let marks: BTreeSet<&str> = spec.marks.iter().map(|mark| mark.name).collect();
        for scenario in spec.scenarios {
            let place = format!("{} {}", spec.name, scenario.name);
            assert!(!scenario.marks.is_empty(), "{place}");
            let mut named = scenario.marks.iter();
            assert!(named.all(|mark| marks.contains(mark)), "{place}");
        }
    }
}

#[test]
fn the_executions_of_loom_are_pinned_wherever_loom_runs() {
    for spec in ALL {
        for expectation in spec.expectations {
            let scenario = spec.scenario(expectation.scenario).expect("it is listed");
            let runs = scenario.engines.has(Engine::Loom);
            let place = format!(
                "{}/{} {}",
                spec.name, expectation.design, expectation.scenario
            );
            assert_eq!(expectation.loom_executions.is_some(), runs, "{place}");
        }
    }
}

#[test]
fn every_clause_has_its_need_on_record() {
    for spec in ALL {
        let needs: Vec<&str> = spec.needs.iter().map(|need| need.clause).collect();
        let added = spec.clauses.iter().filter(|clause| {
            spec.designs[0]
                .clauses
                .iter()
                .all(|name| *name != clause.name)
        });
        for clause in added {
            assert!(
                needs.contains(&clause.name),
                "{} {}",
                spec.name,
                clause.name
            );
        }
    }
}
