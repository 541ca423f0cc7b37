//! Every field of a shard's file, edited: refused with its line, or computed again, or of no consequence.

use super::{Job, Selection, Shard, Workers, merge, run_all, write_shard};
use crate::engine::Engine;
use crate::protocols::{ALL, ext4_journal_start};
use crate::spec::{Expectation, Spec, Specs, Verdict};
use serde_json::{Value, json};

/// Says that all passes, which is not so.
static WRONG: Spec = Spec {
    expectations: &[Expectation::passes("old", "write")],
    ..ext4_journal_start::SPEC
};

fn selection(design: &str, engine: Engine) -> Selection {
    Selection {
        targets: vec![format!("ext4-journal-start/{design}")],
        scenario: Some("write".to_string()),
        engine: Some(engine),
        ..Selection::default()
    }
}

/// The lines of the only shard of a check of one model by one engine.
fn lines(specs: Specs, selection: &Selection) -> Vec<Value> {
    let all: Vec<Job> = selection.jobs(specs).unwrap();
    let results = run_all(&all, &Workers::Threads, &|_, _| ());
    let text = write_shard(Shard { number: 1, of: 1 }, selection, &all, results).unwrap();
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

fn file(lines: &[Value]) -> [(String, String); 1] {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    [("a".to_string(), lines.join("\n"))]
}

/// Why the file is refused when the first search's outcome is edited.
fn refused(lines: &[Value], edit: impl FnOnce(&mut Value)) -> String {
    let mut lines = lines.to_vec();
    edit(&mut lines[1]["result"]["outcome"]);
    let error = merge(ALL, &file(&lines))
        .expect_err("it is edited")
        .to_string();
    let place = "a is not what `pagelock check --shard` writes: line 2: ";
    let why = error.strip_prefix(place);
    why.unwrap_or_else(|| panic!("{error}")).to_string()
}

#[test]
fn what_is_known_here_is_not_taken_from_a_file() {
    for engine in Engine::ALL {
        let lines = lines(ALL, &selection("old", engine));
        let put = |way: &str, value: Value| {
            refused(&lines, |outcome| *outcome.pointer_mut(way).unwrap() = value)
        };
        let verdict = "its verdict is `pass`, and should be `violated`";
        assert_eq!(put("/verdict", "pass".into()), verdict);
        assert!(
            put("/differs", "x".into())
                .starts_with("it says that x differs from the expected result")
        );
        for (way, value, why) in [
            (
                "engine",
                json!("other"),
                "its engine is `other`, and should be",
            ),
            (
                "version",
                json!("0"),
                "its engine's version is `0`, and should be",
            ),
            (
                "strategy",
                json!("all"),
                "its strategy is `all`, and should be",
            ),
            ("bound", json!(3), "it has another bound on preemptions"),
            (
                "fingerprint",
                json!("0000000000000000"),
                "its model's fingerprint is `0000000000000000`, and",
            ),
            (
                "complete",
                json!(engine == Engine::Shuttle),
                "its completeness is",
            ),
            ("executions", json!(0), ""),
            (
                "failing",
                json!(0),
                "its findings do not add up to the failing executions",
            ),
            (
                "failing",
                json!(u64::MAX),
                "more executions fail than there are",
            ),
            (
                "longest",
                json!(0),
                "the numbers of the finding `no-deadlock` do not fit the search",
            ),
        ] {
            let said = put(&format!("/search/statistics/{way}"), value);
            assert!(said.starts_with(why), "{engine}, {way}: {said}");
        }
        let added = refused(&lines, |outcome| outcome["found"] = json!(0));
        assert!(added.starts_with("unknown field `found`"), "{added}");
    }
}

#[test]
fn what_a_search_cannot_have_is_refused() {
    let sample = lines(ALL, &selection("old", Engine::Shuttle));
    let said = refused(&sample, |outcome| {
        outcome["search"]["statistics"]["executions"] = json!(499);
    });
    assert_eq!(
        said,
        "its number of executions is `499`, and should be `500`"
    );
    let states = json!({"states": 1, "transitions": 1, "ends": 1, "schedules": u64::MAX});
    let said = refused(&sample, |outcome| {
        outcome["search"]["statistics"]["states"] = states.clone();
    });
    assert_eq!(said, "such a search keeps no states");
    let said = refused(&sample, |outcome| {
        outcome["search"]["statistics"]["cut_short"] = json!(1);
    });
    assert_eq!(said, "no execution of such a search is cut short");
    let all = lines(ALL, &selection("old", Engine::Stateful));
    let said = refused(&all, |outcome| {
        outcome["search"]["statistics"]["states"] = Value::Null;
    });
    assert_eq!(said, "it is complete without a state");
    let said = refused(&all, |outcome| {
        outcome["search"]["cut_off"] = json!("memory");
    });
    assert_eq!(said, "its completeness is `true`, and should be `false`");
}

#[test]
fn findings_are_executed_again() {
    for engine in Engine::ALL {
        let lines = lines(ALL, &selection("old", engine));
        let put = |way: &str, value: Value| {
            let put = |outcome: &mut Value| outcome["search"]["findings"][0][way] = value;
            refused(&lines, put)
        };
        let other = "the finding `no-deadlock` is another one when its schedule is executed";
        let numbers = "the numbers of the finding `no-deadlock` do not fit the search";
        assert_eq!(put("message", "nothing".into()), other);
        assert_eq!(put("cycle", Value::Null), other);
        assert_eq!(put("cycles", json!([])), numbers);
        // Another property fails too: of some engine's numbers the sum fits all the same.
        let none = put("executions", json!(0));
        assert!(none == numbers || none == "its findings do not add up to the failing executions");
        let unknown = put("property", "made-up".into());
        let why = [
            "`made-up`, which is not in `Spec::properties`",
            "of the finding `made-up`",
        ];
        assert!(why.iter().any(|why| unknown.contains(why)), "{unknown}");
        let diverged = "finding `no-deadlock`: the schedule does not fit the model";
        assert!(put("schedule", json!([7])).starts_with(diverged));
        if engine == Engine::Stateful {
            let first = json!({"execution": 1, "schedule": []});
            assert_eq!(put("first", first), numbers);
        } else {
            assert_eq!(put("preemptions", json!(0)), numbers);
            assert_eq!(put("first", Value::Null), numbers);
            assert_eq!(
                put("first", json!({"execution": 0, "schedule": []})),
                numbers
            );
            let first = put("first", json!({"execution": 1, "schedule": [7]}));
            assert!(first.starts_with(diverged), "{first}");
        }
        let said = refused(&lines, |outcome| {
            let again = outcome["search"]["findings"][0].clone();
            outcome["search"]["findings"]
                .as_array_mut()
                .unwrap()
                .push(again);
        });
        assert!(
            said.starts_with("its findings are not one for each property"),
            "{said}"
        );
    }
}

/// The whole of an outcome changed to a pass, with numbers that fit one another.
fn pass(outcome: &mut Value) {
    outcome["verdict"] = json!("pass");
    outcome["search"]["findings"] = json!([]);
    outcome["search"]["statistics"]["failing"] = json!(0);
    outcome["differs"] = Value::Null;
}

#[test]
fn a_pass_that_the_record_denies_is_refused() {
    let old = lines(ALL, &selection("old", Engine::Loom));
    let zero = |outcome: &mut Value| {
        pass(outcome);
        outcome["search"]["statistics"]["fingerprint"] = json!("0000000000000000");
        outcome["search"]["statistics"]["executions"] = json!(1);
    };
    assert!(refused(&old, zero).starts_with("its model's fingerprint is `0000000000000000`"));
    let denied = "it says that nothing differs from the expected result, and its findings give: ";
    let said = refused(&old, pass);
    assert!(
        said.starts_with(denied) && said.contains("`no-deadlock` is expected"),
        "{said}"
    );
    // What is pinned is computed again too.
    let patched = lines(ALL, &selection("patched", Engine::Loom));
    let said = refused(&patched, |outcome| {
        outcome["search"]["statistics"]["executions"] = json!(1);
    });
    assert!(
        said.starts_with(denied) && said.contains("1 executions, and "),
        "{said}"
    );
}

#[test]
fn a_pass_that_executions_here_deny_is_refused() {
    static SPECS: [&Spec; 1] = [&WRONG];
    let wrong = Specs::new(&SPECS);
    for engine in Engine::ALL {
        let mut lines = lines(wrong, &selection("old", engine));
        let (_, found) = merge(wrong, &file(&lines)).unwrap();
        let differs = found[0].as_ref().unwrap().differs.clone();
        assert!(
            differs
                .unwrap()
                .contains("is violated, and that is not expected")
        );
        pass(&mut lines[1]["result"]["outcome"]);
        let error = merge(wrong, &file(&lines)).unwrap_err().to_string();
        let why = "line 2: it does not have what is found here: the schedule [";
        assert!(
            error.contains(why) && error.ends_with("violates `no-deadlock`"),
            "{error}"
        );
    }
    for engine in Engine::ALL {
        let said = refused(&lines_of_passing(engine), |outcome| {
            outcome["search"]["outcomes"] = json!({});
        });
        let why = "it does not have what is found here: the schedule [";
        assert!(
            said.starts_with(why) && said.contains("ends in the state"),
            "{said}"
        );
    }
}

fn lines_of_passing(engine: Engine) -> Vec<Value> {
    lines(ALL, &selection("patched", engine))
}

#[test]
fn cover_points_of_no_table_are_refused() {
    let lines = lines_of_passing(Engine::Stateful);
    let add = |field: &'static str| {
        refused(&lines, |outcome| {
            outcome["search"][field]
                .as_array_mut()
                .unwrap()
                .push(json!("no-such-point"));
        })
    };
    assert!(add("reached").contains("covers the point `no-such-point`, which is not in"));
    assert_eq!(
        add("waits"),
        "a wait is covered, and its cover point not reached"
    );
}

#[test]
fn the_lines_around_the_results_are_compared() {
    let whole = lines_of_passing(Engine::Stateful);
    let refused = |line: usize, way: &str, value: Value| {
        let mut lines = whole.clone();
        *lines[line].pointer_mut(way).unwrap() = value;
        merge(ALL, &file(&lines)).unwrap_err().to_string()
    };
    for (way, value) in [
        ("/place", json!(1)),
        ("/search/spec", json!("page-mkwrite")),
        ("/search/design", json!("old")),
        ("/search/scenario", json!("umount")),
        ("/search/strategy", json!("loom-sleep-sets")),
    ] {
        let said = refused(1, way, value);
        assert!(
            said.ends_with("line 2: the search is not the shard's"),
            "{way}: {said}"
        );
    }
    let said = refused(0, "/version", json!("0"));
    assert!(
        said.contains("line 1: its version is `0`, and should be"),
        "{said}"
    );
    for (way, value) in [
        ("/plan", json!("0123456789abcdef")),
        ("/selection/scenario", json!("umount")),
        ("/selection/engine", json!("loom")),
        ("/selection/targets", json!(["ext4-journal-start/old"])),
        ("/selection/max_states", json!(1_000_000)),
    ] {
        let said = refused(0, way, value);
        assert!(
            said.starts_with("a is foreign: it was made of the models"),
            "{way}: {said}"
        );
    }
    assert!(refused(0, "/selection/targets", json!(["x".repeat(1_000_000)])).len() < 300);
    assert!(refused(0, "/schema", json!("\u{1b}".repeat(1_000_000))).len() < 600);
    assert!(refused(2, "/searches", json!(2)).contains("line 3: 1 searches, and 2 are announced"));
}

#[test]
fn what_is_not_refused_is_of_no_consequence() {
    let whole = lines_of_passing(Engine::Stateful);
    let merged = |line: usize, way: &str, value: Value| {
        let mut lines = whole.clone();
        *lines[line].pointer_mut(way).unwrap() = value;
        let (_, mut results) = merge(ALL, &file(&lines)).unwrap();
        results.remove(0)
    };
    // How long it took, and how much memory it could have had.
    for (line, way, value) in [
        (1, "/result/outcome/time/secs", json!(1_000_000)),
        (0, "/selection/max_memory", json!(1)),
    ] {
        let run = merged(line, way, value).unwrap();
        assert_eq!((run.verdict, run.differs), (Verdict::Pass, None), "{way}");
    }
    // Something instead of a result is an error, and so incomplete.
    let error = merged(1, "/result", json!({"error": "lost".repeat(100_000)})).unwrap_err();
    assert!(error.to_string().starts_with("lostlost") && error.to_string().len() < 5_000);
    // So is a search that was cut off.
    let mut lines = whole.clone();
    let outcome = &mut lines[1]["result"]["outcome"];
    outcome["search"]["cut_off"] = json!("stopped");
    outcome["search"]["statistics"]["complete"] = json!(false);
    outcome["verdict"] = json!("incomplete");
    let (_, results) = merge(ALL, &file(&lines)).unwrap();
    assert!(results[0].as_ref().unwrap().is_cut_off());
}
