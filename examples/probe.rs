#![allow(missing_docs)]
use pagelock::engine::*;
use pagelock::spec::*;
fn main() {
    let only = std::env::args().nth(1);
    let spec = &ext4_journal_start::SPEC;
    for sc in spec.scenarios {
        if only.as_ref().is_some_and(|o| o != sc.name) { continue; }
        for d in spec.designs {
            let enc = (spec.encode)(d, sc);
            let t = std::time::Instant::now(); match fewest_preemptions(&enc, NO_DEADLOCK, 2) { Ok(Some((n, f))) => println!("{}/{} fewest {n} of {} executions {:?} {:?} cycles {:?}", sc.name, d.name, f.executions, f.schedule, t.elapsed(), f.cycles.iter().map(|c| c.chain()).collect::<Vec<_>>()), Ok(None) => println!("none within 2 {:?}", t.elapsed()), Err(e) => println!("{e}") }
            for s in [Strategy::Random { seed: 1, executions: 3000 }, Strategy::Exhaustive] {
                let t = std::time::Instant::now();
                match search(&enc, &s) {
                    Ok(r) => {
                        println!("{}/{} {s}: {} exec {} failing, longest {} {:?} outcomes {} reached {:?}", sc.name, d.name, r.receipt.executions, r.receipt.failing, r.receipt.longest, t.elapsed(), r.outcomes.len(), r.reached);
                        for f in &r.findings { println!("      {:?}", f.cycles.iter().map(|c| c.chain()).collect::<Vec<_>>()); println!("      {} x{} first {}: {} {:?}", f.property, f.executions, f.first, f.message, f.schedule); }
                    }
                    Err(e) => println!("{}/{} {s}: ERROR {e}", sc.name, d.name),
                }
            }
        }
    }
}
