#![allow(missing_docs)]
use pagelock::engine::*;
use pagelock::spec::*;
fn main() {
    let only = std::env::args().nth(1);
    for spec in ALL {
    for d in spec.designs {
        for r in spec.records_of(d.name) {
            let sc = spec.scenario(r.scenario).unwrap();
            if only.as_ref().is_some_and(|o| o != sc.name) { continue; }
            let mut runs = vec![];
            for e in Engine::ALL {
                if !sc.engines.has(e) { continue; }
                for s in strategies(e, &Budget::default()) {
                    match check(spec, d, sc, &s) {
                        Ok(run) => { println!("{}/{} {s}: {} {} {}/{} {:?} DIFF {:?}", d.name, sc.name, run.verdict, run.reason(), run.search.receipt.failing, run.search.receipt.executions, run.time, run.differs); runs.push(run); }
                        Err(e) => println!("ERR {e}"),
                    }
                }
            }
            let refs: Vec<_> = runs.iter().collect();
            let u = unreached_marks(&refs);
            if !u.is_empty() { println!("   UNREACHED {u:?}"); }
            for s in &runs[1..] { if let Some(d) = disagreement(&runs[0], s) { println!("   DISAGREE {d}"); } }
        }
    }
    }
}
