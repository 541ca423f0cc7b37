//! What somebody else has written is read without a panic, however it is damaged.

use pagelock::engine::{Engine, Limits, Stop, Strategy as Search, search_within};
use pagelock::plan::{Asked, Shard, Workers, merge, run_all, serve, write_shard};
use pagelock::render::{Format, Layout, beside, render, steps};
use pagelock::report;
use pagelock::report::complaints::{of_all, of_each};
use pagelock::spec::{self, ALL, again, record_again};
use pagelock::trace::{Replay, Trace};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// The same cases every time.
fn check<S: Strategy>(
    cases: u32,
    strategy: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(strategy, test);
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// What becomes of a part of a document, or of its text.
#[derive(Debug, Clone)]
enum Damage {
    /// The part of this number is another value.
    Put(usize, Value),
    /// The number of this number is the largest there is.
    Largest(usize),
    /// The part is gone.
    Remove(usize),
    /// The part lies this deep in lists.
    Bury(usize, usize),
    /// A byte is another one.
    Byte(usize, u8),
    /// The text ends there.
    Truncate(usize),
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(u64::MAX), 0..5_u64].prop_map(Value::from),
        prop_oneof![Just(i64::MIN), Just(-1)].prop_map(Value::from),
        Just(json!(1e300)),
        ".{0,9}".prop_map(Value::from),
        Just(Value::from("\u{202e}é\u{0}\x1b[31m")),
        Just(Value::from("x".repeat(5_000))),
        prop::collection::vec(0..9_u8, 0..300).prop_map(Value::from),
    ]
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let one = prop_oneof![
        6 => (any::<usize>(), values()).prop_map(|(part, value)| Damage::Put(part, value)),
        2 => any::<usize>().prop_map(Damage::Largest),
        3 => any::<usize>().prop_map(Damage::Remove),
        1 => (any::<usize>(), prop_oneof![Just(3_usize), Just(200), Just(100_000)])
            .prop_map(|(part, deep)| Damage::Bury(part, deep)),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        1 => any::<usize>().prop_map(Damage::Truncate),
    ];
    prop::collection::vec(one, 1..4)
}

/// Every part of a document as a way to it.
fn parts(value: &Value, way: &str, found: &mut Vec<String>) {
    found.push(way.to_string());
    match value {
        Value::Array(list) => {
            for (place, part) in list.iter().enumerate() {
                parts(part, &format!("{way}/{place}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, part) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                parts(part, &format!("{way}/{name}"), found);
            }
        }
        _ => (),
    }
}

fn damaged(whole: &Value, damage: &[Damage]) -> String {
    let mut value = whole.clone();
    let mut text = None;
    for damage in damage {
        let mut ways = Vec::new();
        parts(&value, "", &mut ways);
        let way = |part: &usize| ways[part % ways.len()].clone();
        match damage {
            Damage::Put(part, other) => {
                *value.pointer_mut(&way(part)).expect("a part") = other.clone();
            }
            Damage::Largest(part) => {
                ways.retain(|way| value.pointer(way).is_some_and(Value::is_number));
                if !ways.is_empty() {
                    let way = &ways[part % ways.len()];
                    *value.pointer_mut(way).expect("a part") = u64::MAX.into();
                }
            }
            Damage::Remove(part) => {
                let way = way(part);
                let (parent, name) = way.rsplit_once('/').unwrap_or_default();
                match value.pointer_mut(parent) {
                    Some(Value::Object(fields)) => drop(fields.remove(name)),
                    Some(Value::Array(list)) if !list.is_empty() => {
                        list.remove(part % list.len());
                    }
                    _ => (),
                }
            }
            Damage::Bury(part, deep) => {
                let mark = "to be buried";
                *value.pointer_mut(&way(part)).expect("a part") = mark.into();
                let buried = "[".repeat(*deep) + &"]".repeat(*deep);
                text = Some(value.to_string().replace(&format!("\"{mark}\""), &buried));
            }
            Damage::Byte(at, byte) => {
                let mut bytes = value.to_string().into_bytes();
                let at = at % bytes.len();
                bytes[at] = *byte;
                text = Some(String::from_utf8_lossy(&bytes).into_owned());
            }
            Damage::Truncate(at) => {
                let mut whole = value.to_string();
                while !whole.is_char_boundary(at % (whole.len() + 1)) {
                    whole.pop();
                }
                whole.truncate(at % (whole.len() + 1));
                text = Some(whole);
            }
        }
    }
    text.unwrap_or_else(|| value.to_string())
}

fn kept() -> Trace {
    let spec = spec::find("page-mkwrite").expect("it is listed");
    let (design, scenario) = (spec.design("old"), spec.scenario("absent"));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    let trace = spec::counterexample(spec, design, scenario, None).expect("a result");
    trace.expect("the old design fails")
}

#[test]
fn a_damaged_record_has_every_face_or_is_refused() {
    let whole = serde_json::to_value(kept()).expect("JSON");
    check(400, &(damage(), any::<bool>()), |(damage, full)| {
        let text = damaged(&whole, &damage);
        let Ok(trace) = serde_json::from_str::<Trace>(&text) else {
            return Ok(());
        };
        let layout = Layout {
            full,
            ..Layout::default()
        };
        for format in Format::ALL {
            let _ = render(&trace, *format, layout);
        }
        let _ = (steps(&trace, layout), beside(&trace, layout));
        let _ = record_again(ALL, &trace, Engine::Shuttle);
        Ok(())
    });
}

#[test]
fn a_record_with_fewer_entries_than_threads_has_every_face() {
    let whole = kept();
    let mut fewer = whole.clone();
    fewer.entries.pop();
    for format in Format::ALL {
        // Some show deadlocks only.
        let has_face = |trace| render(trace, *format, Layout::default()).is_ok();
        assert_eq!(has_face(&fewer), has_face(&whole), "{format}");
    }
}

#[test]
fn whatever_schedule_a_word_has_it_is_executed_or_refused() {
    let word = kept().replay();
    let schedules = prop::collection::vec(prop_oneof![8 => 0..4_u8, 1 => any::<u8>()], 0..40);
    let engines = prop::sample::select(&Engine::ALL[..]);
    check(60, &(schedules, engines), |(schedule, engine)| {
        let word = Replay {
            schedule,
            ..word.clone()
        };
        let same: Replay = word.to_string().parse().unwrap_or_else(|_| word.clone());
        let _ = again(ALL, &same, None, engine);
        Ok(())
    });
}

#[test]
fn damaged_shards_are_merged_or_refused() {
    let asked = Asked {
        targets: vec!["page-mkwrite/old".to_string()],
        scenario: Some("absent".to_string()),
        ..Asked::default()
    };
    let all = asked.jobs(ALL).expect("there are some");
    let whole = |number: usize| -> Vec<Value> {
        let shard = Shard { number, of: 2 };
        let own: Vec<_> = shard.share(&all).into_iter().map(|(_, job)| job).collect();
        let results = run_all(&own, &Workers::Threads, &|_, _| ());
        let text = write_shard(shard, &asked, &all, results).expect("a file");
        let lines = text.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().expect("each line is JSON")
    };
    let halves = [whole(1), whole(2)];
    check(
        400,
        &(damage(), any::<usize>(), 0..2_usize),
        |(damage, line, half)| {
            let file = |number: usize| {
                let lines = halves[number].iter().enumerate().map(|(at, value)| {
                    if number == half && at == line % halves[number].len() {
                        damaged(value, &damage)
                    } else {
                        value.to_string()
                    }
                });
                (number.to_string(), lines.collect::<Vec<_>>().join("\n"))
            };
            match merge(ALL, &[file(0), file(1)]) {
                Ok((_, results)) => {
                    let (runs, mut complaints) = of_each(&results);
                    complaints.extend(of_all(&runs));
                    let _ = (report::screen(&runs), report::junit(&runs, &complaints));
                    let _ = report::summary(&runs, &complaints);
                    let _ = report::annotations(&complaints);
                    for run in runs {
                        let _ = report::json_line(run);
                    }
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
            Ok(())
        },
    );
}

#[test]
fn a_damaged_question_is_answered_or_refused() {
    let question = json!({
        "spec": "page-mkwrite", "design": "old", "scenario": "absent",
        "strategy": {"random": {"seed": 1, "executions": 2}},
        "max_states": 10, "max_memory": 100_000_000
    });
    // The searches themselves may be as long as somebody asks for.
    let stop = Stop::default();
    stop.stop();
    check(400, &damage(), |damage| {
        let text = damaged(&question, &damage);
        let lines = text.lines().map(|line| Ok(line.to_string()));
        let mut answers = Vec::new();
        if serve(ALL, lines, &mut answers, &stop).is_ok() && !text.is_empty() {
            prop_assert!(answers.ends_with(b"\n"));
        }
        Ok(())
    });
}

#[test]
fn a_search_with_any_numbers_has_a_result_or_an_error() {
    let spec = spec::find("page-mkwrite").expect("it is listed");
    let (design, scenario) = (spec.design("old"), spec.scenario("absent"));
    let encoding = spec.encoding(design.expect("listed"), scenario.expect("listed"));
    let numbers = || {
        prop_oneof![
            Just(0_usize),
            Just(1),
            Just(2),
            Just(usize::MAX),
            0..300_usize
        ]
    };
    let strategies = (0..4, numbers(), any::<u64>()).prop_map(|(kind, number, seed)| match kind {
        0 => Search::Preemptions(number),
        1 => Search::StatesUpTo(number as u64),
        2 => Search::Random {
            seed,
            executions: number % 4,
        },
        _ => Search::Pct {
            seed,
            depth: number,
            executions: 3,
        },
    });
    let limits = (prop::option::of(0..40_u64), prop::option::of(any::<u64>()));
    check(
        120,
        &(strategies, limits),
        |(strategy, (states, memory))| {
            let limits = Limits {
                states,
                memory,
                ..Limits::default()
            };
            let _ = search_within(&encoding, &strategy, &limits);
            Ok(())
        },
    );
}
