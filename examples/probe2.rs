#![allow(missing_docs)]
use pagelock::spec::*;
fn main() {
    let spec = &ext4_journal_start::SPEC;
    let d = std::env::args().nth(1).unwrap();
    let s = std::env::args().nth(2).unwrap();
    let t = counterexample(spec, spec.design(&d).unwrap(), spec.scenario(&s).unwrap()).unwrap().unwrap();
    print!("{}", pagelock::trace::screen::render(&t));
    if std::env::args().nth(3).is_some() { println!("{}", serde_json::to_string_pretty(&t).unwrap()); }
}
