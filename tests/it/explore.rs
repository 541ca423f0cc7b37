//! Scenario spaces: what is visited, how it is classified, and what the command says.

use pagelock::engine::{Limits, SearchError, Strategy, search, violations};
use pagelock::explore::{
    Exploration, Explored, Extent, explore, is_explored_part, merge_explored, shown, write_explored,
};
use pagelock::protocols::{self, ext4_journalled_writepage, nfs_coalesce, page_mkwrite};
use pagelock::spec::{
    Bound, EngineSet, Point, PointError, ScenarioSpace, Size, Spec, UNBOUNDED, Variant,
};
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

const SMALL: Size = Size {
    threads: 2,
    operations: 2,
    pages: 1,
};

fn space(spec: &Spec) -> &'static dyn ScenarioSpace {
    spec.space.expect("the spec has a space")
}

fn points(spec: &Spec, modulo_symmetry: bool) -> Vec<Point> {
    let mut points = Vec::new();
    space(spec).each(&[SMALL.into()], modulo_symmetry, &mut |point| {
        points.push(point.clone());
    });
    points
}

fn explored(exploration: &Exploration) -> Explored {
    explore(exploration, &|_, _| ()).expect("the space is explored")
}

/// The properties that a set of clauses violates at a point, by a whole search that shares nothing with another.
fn violated(spec: &Spec, clauses: &[&'static str], point: &Point) -> BTreeSet<String> {
    let variant = Variant::new(clauses.iter().copied());
    let found = search(
        &space(spec).encoding(&variant, point),
        &Strategy::ExplicitState,
    )
    .expect("a result");
    found
        .findings
        .into_iter()
        .map(|finding| finding.property)
        .collect()
}

/// Every set of some clauses, the smaller ones first, and of one size in the order of the table.
fn sets(of: &[&'static str]) -> Vec<Vec<&'static str>> {
    let mut sets: Vec<Vec<&str>> = vec![Vec::new()];
    for clause in of {
        let with: Vec<Vec<&str>> = sets
            .iter()
            .map(|set| [set.as_slice(), &[clause]].concat())
            .collect();
        sets.extend(with);
    }
    let place = |name: &&str| of.iter().position(|clause| clause == name);
    sets.sort_by_key(|set| (set.len(), set.iter().map(place).collect::<Vec<_>>()));
    sets
}

/// A set of clauses with some of them turned: those that it has are taken away, the others are added.
fn turned(own: &[&'static str], edits: &[&'static str]) -> Vec<&'static str> {
    let kept = own.iter().filter(|name| !edits.contains(name));
    let added = edits.iter().filter(|name| !own.contains(name));
    kept.chain(added).copied().collect()
}

/// The classes of the patched design, worked out without consulted clauses and caches: at every point that violates
/// something, the sets of edits towards the last design are searched one after the other, the smaller ones first.
fn classes_by_hand(spec: &'static Spec) -> BTreeMap<(String, Option<Vec<String>>), u64> {
    let (patched, last) = (
        spec.patched().expect("it is patched"),
        spec.designs.last().expect("a design"),
    );
    let (own, all) = (patched.clauses(), last.clauses());
    let table = spec.clauses.iter().map(|clause| clause.name);
    let edits: Vec<&str> = table
        .filter(|name| own.contains(name) != all.contains(name))
        .collect();
    let mut classes = BTreeMap::new();
    for point in points(spec, true) {
        for property in violated(spec, &own, &point) {
            // What the last design violates is mended by nothing.
            let is_mended = !violated(spec, &all, &point).contains(&property);
            let mut candidates = sets(&edits).into_iter().filter(|_| is_mended);
            let first = candidates
                .find(|set| !violated(spec, &turned(&own, set), &point).contains(&property));
            let fixed_by = first.map(|set| {
                let (gone, added): (Vec<&str>, Vec<&str>) =
                    set.into_iter().partition(|name| own.contains(name));
                let gone = gone.iter().map(|name| format!("without {name}"));
                added.iter().map(ToString::to_string).chain(gone).collect()
            });
            *classes.entry((property, fixed_by)).or_default() += 1;
        }
    }
    classes
}

#[test]
fn classes_are_those_of_a_search_of_every_set_at_every_point() {
    let spec = &page_mkwrite::SPEC;
    let explored = explored(&Exploration::of(spec, Extent::Size(SMALL)));
    let classes = explored.classes_of("patched");
    let counts: BTreeMap<_, _> = classes
        .map(|(key, class)| {
            (
                (key.property.clone(), key.fixed_by.clone()),
                class.scenarios,
            )
        })
        .collect();
    assert!(!counts.is_empty());
    assert_eq!(counts, classes_by_hand(spec));
    assert_eq!(explored.scenarios, points(spec, true).len() as u64);
}

/// The text of a point with the values of these dimensions in one order.
fn unordered(text: &str, dimensions: &[&str]) -> Vec<String> {
    let (roles, mut others): (Vec<&str>, Vec<&str>) = text.split(',').partition(|part| {
        part.split_once('=')
            .is_some_and(|(name, _)| dimensions.contains(&name))
    });
    let mut values: Vec<&str> = roles
        .iter()
        .filter_map(|part| Some(part.split_once('=')?.1))
        .collect();
    values.sort_unstable();
    others.extend(values);
    others.into_iter().map(ToString::to_string).collect()
}

#[test]
fn one_point_of_each_class_of_symmetric_ones_stands_for_all_of_them() {
    let spec = &page_mkwrite::SPEC;
    let roles = ["fault1", "fault2", "fault3"];
    let patched = spec.patched().expect("it is patched").clauses();
    let mut orbits: BTreeMap<Vec<String>, Vec<BTreeSet<String>>> = BTreeMap::new();
    for point in points(spec, false) {
        let orbit = unordered(&space(spec).text(&point), &roles);
        orbits
            .entry(orbit)
            .or_default()
            .push(violated(spec, &patched, &point));
    }
    let representatives: Vec<Vec<String>> = points(spec, true)
        .iter()
        .map(|point| unordered(&space(spec).text(point), &roles))
        .collect();
    let distinct: BTreeSet<_> = representatives.iter().cloned().collect();
    assert_eq!(
        distinct.len(),
        representatives.len(),
        "no orbit has two representatives"
    );
    assert_eq!(
        distinct,
        orbits.keys().cloned().collect(),
        "every orbit has one"
    );
    assert!(
        orbits.values().any(|orbit| orbit.len() > 1),
        "there is some symmetry"
    );
    for (orbit, violated) in orbits {
        assert!(violated.iter().all(|one| *one == violated[0]), "{orbit:?}");
    }
}

#[test]
fn a_point_is_what_its_text_says() {
    for spec in [
        &page_mkwrite::SPEC,
        &nfs_coalesce::SPEC,
        &ext4_journalled_writepage::SPEC,
    ] {
        let space = space(spec);
        let mut texts = BTreeSet::new();
        for point in points(spec, true) {
            let text = space.text(&point);
            assert_eq!(space.parse(&text), Ok(point.clone()), "{text}");
            assert!(space.size(&point).within(SMALL), "{text}");
            assert!(texts.insert(text.clone()), "{text} comes twice");
        }
    }
}

#[test]
fn a_text_that_is_no_point_says_what_would_be() {
    let parse = |text| {
        space(&page_mkwrite::SPEC)
            .parse(text)
            .expect_err("no point")
    };
    assert_eq!(
        parse("filesystem"),
        PointError::Malformed("filesystem".to_string())
    );
    assert!(
        parse("colour=red")
            .to_string()
            .contains("known: filesystem, returns, ptes")
    );
    assert!(
        parse("filesystem=fat")
            .to_string()
            .contains("known: plain, none, allocated, journalled")
    );
    assert_eq!(
        parse("page=dirty,page=clean"),
        PointError::Repeated("page".to_string())
    );
    let illegal = parse("fault1=pte1,commit=yes").to_string();
    assert!(
        illegal.contains("a commit needs a filesystem with a journal"),
        "{illegal}"
    );
}

#[test]
fn parts_add_up_to_the_whole() {
    let spec = &page_mkwrite::SPEC;
    let whole = Exploration::of(spec, Extent::Size(SMALL));
    let file = |number: usize| {
        let part = Exploration {
            part: (number, 3),
            ..whole.clone()
        };
        (
            format!("{number}.jsonl"),
            write_explored(&part, &explored(&part)),
        )
    };
    let files = [file(2), file(3), file(1)];
    assert!(files.iter().all(|(_, text)| is_explored_part(text)));
    let merged = merge_explored(protocols::ALL, &files).expect("all parts are there");
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0].1, explored(&whole));
    let fails = |files: &[(String, String)]| {
        merge_explored(protocols::ALL, files)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(fails(&files[..2]), "missing: part 1/3 of page-mkwrite");
    let twice = fails(&[files[0].clone(), files[1].clone(), files[0].clone()]);
    assert!(
        twice.contains("part 2 of page-mkwrite comes twice"),
        "{twice}"
    );
    let other = (
        "other".to_string(),
        files[0].1.replace("\"plan\":\"", "\"plan\":\"0"),
    );
    assert!(fails(&[other]).contains("has changed since"));
    let cut = ("cut".to_string(), files[0].1[..200].to_string());
    assert!(fails(&[cut]).contains("is not what `pagelock explore --shard` writes: line 1"));
}

/// Every failure that a spec calls open has its example, which the last design fails, and which no other entry explains.
#[test]
fn what_is_open_has_an_example_that_shows_it() {
    for spec in protocols::ALL {
        let last = spec.designs.last().expect("there are designs");
        for open in spec.open {
            let (property, example) = (open.property, open.example);
            let point = space(spec).parse(example).expect("a point");
            let encoding = space(spec).encoding(&Variant::from(last), &point);
            let found = match violations(&encoding, &Limits::default()) {
                Err(SearchError::Unbounded { .. }) => property == UNBOUNDED,
                found => found.expect("a result").properties.contains_key(property),
            };
            assert!(found, "{}: {property} in {example}", spec.name);
            let by = spec
                .open
                .iter()
                .filter(|one| one.explains(property, example));
            let by: Vec<_> = by.map(|one| one.within).collect();
            assert_eq!(by, [open.within], "{}: {property} in {example}", spec.name);
        }
    }
}

/// Of two threads that take some of three locks in any order: 136 unordered pairs of 16 programs. They deadlock where
/// each can hold what the other waits for: 3 pairs of two locks and two, 18 of two and three, and of the 15 pairs of
/// different orders of three those 12 that do not begin with the same lock. Taking all of it twice changes nothing.
#[test]
fn the_deadlocks_of_a_small_space_are_as_many_as_one_works_out() {
    let spec = &crate::examples::lock_programs::SPEC;
    let explored = explored(&Exploration::of(spec, Extent::Deep));
    assert_eq!((explored.scenarios, explored.of), (2 * 136, 2 * 136));
    let classes: Vec<_> = explored.classes.iter().collect();
    let [(key, class)] = classes.as_slice() else {
        panic!("one class, and not {classes:?}")
    };
    assert_eq!(
        (key.design.as_str(), key.property.as_str()),
        ("old", "no-deadlock")
    );
    assert_eq!(key.fixed_by, Some(vec!["in-order".to_string()]));
    assert_eq!(class.scenarios, 2 * (3 + 18 + 12));
    assert_eq!(class.smallest_scenario(), Some("one=b+a,two=a+b"));
    assert_eq!(
        explored.needs["in-order"].scenarios.scenarios,
        class.scenarios
    );
}

#[test]
fn bounds_restrict_dimensions_to_values_that_they_have() {
    for spec in protocols::ALL.iter() {
        let dimensions = space(spec).dimensions();
        let bounds = space(spec).bounds().concat();
        for (name, allowed) in bounds.iter().flat_map(|bound| bound.only) {
            let dimension = dimensions.iter().find(|dimension| dimension.name == *name);
            let dimension = dimension.unwrap_or_else(|| panic!("{}: no {name}", spec.name));
            // Of threads that are unordered, one may have the program that the other must not.
            if let Some(like) = dimension.like {
                assert!(bounds.iter().all(|bound| {
                    let of = |name| bound.only.iter().find(|(known, _)| *known == name);
                    of(dimension.name).is_none()
                        || of(dimension.name).map(|r| r.1) == of(like).map(|r| r.1)
                }));
            }
            for value in *allowed {
                assert!(
                    dimension.values.contains(value),
                    "{}: {name}={value}",
                    spec.name
                );
            }
        }
    }
}

#[test]
fn a_bound_leaves_out_what_its_restrictions_do_not_allow() {
    let spec = &crate::examples::lock_programs::SPEC;
    let count = |bound: Bound| {
        let mut points = Vec::new();
        space(spec).each(&[bound], true, &mut |point| {
            points.push(space(spec).text(point));
        });
        points
    };
    let [_, deep] = space(spec).bounds();
    let found = count(deep[0].only(&[("one", &["a", "b"]), ("two", &["a", "b"])]));
    // Five programs: none, a, b, ab, ba. Of two unordered threads that is 5 * 6 / 2, with one round and with two.
    assert_eq!(found.len(), 2 * 15, "{found:?}");
}

fn pagelock(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pagelock"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

#[test]
fn json_has_an_object_for_each_class_and_a_last_one() {
    let bound = [
        "--threads",
        "2",
        "--operations",
        "2",
        "--pages",
        "1",
        "--json",
    ];
    let output = pagelock(&[&["explore", "page-mkwrite"], bound.as_slice()].concat());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let (last, classes) = lines.split_last().expect("there are lines");
    assert!(!classes.is_empty());
    for class in classes {
        for field in [
            "spec",
            "design",
            "property",
            "fixed_by",
            "scenarios",
            "of",
            "smallest",
        ] {
            assert!(class.get(field).is_some(), "{field} in {class}");
        }
        let smallest = class["smallest"].as_str().expect("a scenario");
        assert!(
            space(&page_mkwrite::SPEC).parse(smallest).is_ok(),
            "{smallest}"
        );
    }
    assert_eq!(last["complete"], true);
    assert_eq!(last["scenarios"], points(&page_mkwrite::SPEC, true).len());
    assert!(last["pairs"].as_u64() > last["searches"].as_u64());
    assert!(
        last["seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds > 0.0)
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_search_that_is_cut_off_leaves_the_exploration_incomplete() {
    let output = pagelock(&[
        "explore",
        "page-mkwrite",
        "--threads",
        "2",
        "--operations",
        "2",
        "--max-states",
        "3",
    ]);
    assert_eq!(output.status.code(), Some(3));
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        errors.contains("it has more states than it may visit"),
        "{errors}"
    );
}

#[test]
fn the_smallest_scenario_of_a_class_has_a_counterexample() {
    let scenario = "filesystem=wrapper,fault1=pte1,fsync=yes,flushes=1";
    let output = pagelock(&[
        "trace",
        "page-mkwrite/patched",
        "--scenario",
        scenario,
        "--property",
        "store",
    ]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("store") && text.contains("fixed"), "{text}");
    let wrong = pagelock(&[
        "trace",
        "page-mkwrite/patched",
        "--scenario",
        "filesystem=fat",
    ]);
    assert_eq!(wrong.status.code(), Some(2));
}

/// A named scenario that is no smallest one of anything would be a row more to read.
#[test]
fn every_named_scenario_shows_what_no_smaller_one_does() {
    let mut idle = Vec::new();
    for spec in protocols::ALL {
        let mut seen = BTreeSet::new();
        for one in shown(spec).expect("every search has a result") {
            assert_eq!(one.failed, Vec::<String>::new(), "{}", one.scenario);
            let before = seen.len();
            seen.extend(one.shows);
            if seen.len() == before {
                idle.push(format!("{} {}", spec.name, one.scenario));
            }
        }
        let sampled = spec
            .scenarios
            .iter()
            .filter(|one| one.engines == EngineSet::Sampled);
        assert!(sampled.count() <= 2, "{}: more than loom takes", spec.name);
    }
    assert_eq!(idle, Vec::<String>::new());
}
