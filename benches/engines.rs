//! How fast the engines are, and how long a verdict takes. Compare figures of one run only.

use pagelock::engine::{Engine, Strategy, search, search_until_violation};
use pagelock::model::Encoding;
use pagelock::protocols;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SPEC: &str = "ext4-journal-start";
const SCENARIOS: [&str; 4] = ["write", "fault", "reclaim", "pagevec"];

fn encoding(design: &str, scenario: &str) -> Arc<dyn Encoding> {
    let spec = protocols::find(SPEC).expect("the spec is listed");
    let design = spec.design(design).expect("the design is listed");
    spec.encoding(
        design,
        spec.scenario(scenario).expect("the scenario is listed"),
    )
}

fn strategy(engine: Engine) -> Strategy {
    match engine {
        Engine::Loom => Strategy::LoomSleepSets,
        Engine::Shuttle => Strategy::Random {
            seed: 1,
            executions: 500,
        },
        Engine::Stateful => Strategy::ExplicitState,
    }
}

/// The median time of a search, of at least five and for at least a second.
fn median(search: impl Fn()) -> Duration {
    let started = Instant::now();
    let mut times = Vec::new();
    while times.len() < 5 || started.elapsed() < Duration::from_secs(1) {
        let started = Instant::now();
        search();
        times.push(started.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// Executions per second of each engine on the same model.
fn executions() {
    let encoding = encoding("patched", "write");
    for engine in Engine::ALL {
        let strategy = strategy(engine);
        let once = search(&encoding, &strategy).expect("a result");
        let time = median(|| drop(black_box(search(&encoding, &strategy))));
        let rate = once.statistics.executions as f64 / time.as_secs_f64();
        println!("executions  {:9} {rate:12.0} per second", engine.name());
    }
}

/// Time to the verdict: the first violation of the old design, the end of the search of the others.
fn verdicts() {
    for scenario in SCENARIOS {
        for design in ["old", "patched"] {
            let encoding = encoding(design, scenario);
            for engine in Engine::ALL {
                let strategy = strategy(engine);
                let time = median(|| {
                    let _ = black_box(match design {
                        "old" => search_until_violation(&encoding, &strategy),
                        _ => search(&encoding, &strategy),
                    });
                });
                let name = format!("{scenario} {design}");
                println!("verdict     {name:18} {:9} {time:12.1?}", engine.name());
            }
        }
    }
}

fn main() {
    // cargo passes `--bench`; without it, as in a test, nothing is measured.
    if std::env::args().any(|argument| argument == "--bench") {
        executions();
        verdicts();
    }
}
