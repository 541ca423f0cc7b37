//! How fast the engines are, and how long a verdict takes. Compare figures of one run only.

#![allow(missing_docs)] // criterion's macros make public functions

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pagelock::engine::{Encoding, Engine, Strategy, search, search_until_violation};
use pagelock::protocols;
use std::sync::Arc;
use std::time::Duration;

const SPEC: &str = "ext4-journal-start";
const SCENARIOS: [&str; 4] = ["write", "fault", "reclaim", "chunks"];

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
        Engine::Loom => Strategy::Exhaustive,
        Engine::Shuttle => Strategy::Random {
            seed: 1,
            executions: 500,
        },
        Engine::Stateful => Strategy::States,
    }
}

/// Executions per second of each engine on the same model.
fn executions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("executions");
    let encoding = encoding("patched", "write");
    for engine in Engine::ALL {
        let strategy = strategy(engine);
        let once = search(&encoding, &strategy).expect("a result");
        group.throughput(Throughput::Elements(once.receipt.executions));
        group.bench_function(engine.name(), |bencher| {
            bencher.iter(|| search(&encoding, &strategy).expect("a result"));
        });
    }
    group.finish();
}

/// Time to the verdict: the first violation of the old design, the end of the search of the others.
fn verdicts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verdict");
    for scenario in SCENARIOS {
        for design in ["old", "patched"] {
            let encoding = encoding(design, scenario);
            for engine in Engine::ALL {
                let strategy = strategy(engine);
                let id = BenchmarkId::new(format!("{design}/{engine}"), scenario);
                group.bench_function(id, |bencher| {
                    bencher.iter(|| match design {
                        "old" => search_until_violation(&encoding, &strategy),
                        _ => search(&encoding, &strategy),
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = executions, verdicts
}
criterion_main!(benches);
