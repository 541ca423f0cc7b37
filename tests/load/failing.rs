//! Thousands of failing searches in one process, by every engine, in sequence and at once.

use crate::Test;
use crate::cases::{Case, cases, strategies};
use crate::failures::forget;
use crate::program::Program;
use pagelock::engine::{Search, SearchError, Strategy, resident_memory, search};
use std::process::ExitCode;

pub(crate) const TESTS: [Test; 1] = [(
    "failing_searches_leave_nothing",
    failing_searches_leave_nothing,
)];

/// What this executable is called with to run them.
pub(crate) const CHILD: &str = "failing-searches";

/// How often all searches are run, one after the other.
const ROUNDS: usize = 10;

/// How often all are run at the same time, by so many threads each time.
const ROUNDS_AT_ONCE: usize = 4;
const THREADS: usize = 4;

/// In a process of its own, so that an abort is seen, and so is every word of an engine.
fn failing_searches_leave_nothing() {
    let ended = Program::start(&[CHILD]).end();
    assert_eq!(ended.said, "", "the engines are silent");
    assert_eq!(ended.code, Some(0));
    let words = ended.printed.split_whitespace();
    let numbers: Vec<u64> = words
        .map(|word| word.parse().expect("a number, and no word of an engine"))
        .collect();
    let [searches, early, late, early_at_once, late_at_once] = numbers[..] else {
        panic!("{numbers:?}");
    };
    assert!(searches > 3_000);
    assert!(late < early + early / 4, "{early} KiB, then {late} KiB");
    // Each thread has a heap of its own.
    let more = early_at_once / 2;
    assert!(
        late_at_once < early_at_once + more,
        "{early_at_once} KiB, then {late_at_once} KiB"
    );
}

/// Prints the number of searches and four times the resident memory in KiB: after the first two rounds
/// and after the last one in sequence, after the first ones at once and after the last.
pub(crate) fn child() -> ExitCode {
    let (cases, strategies) = (cases(), strategies());
    let all = || {
        let of = |case| strategies.iter().map(move |strategy| (case, strategy));
        cases.iter().flat_map(of)
    };
    let mut resident = Vec::new();
    let mut first = Vec::new();
    for (case, strategy) in all() {
        let result = run(case, strategy);
        assert!(
            case.is_as_expected(strategy, &result),
            "{}, {strategy}: {result:?}",
            case.name
        );
        first.push(result);
    }
    // What takes long is run again, and not in every round.
    let round = &|number: usize| {
        let again = all()
            .zip(&first)
            .filter(|((case, _), _)| number == 1 || !case.is_long());
        again
            .map(|((case, strategy), first)| {
                assert_eq!(run(case, strategy), *first, "{}, {strategy}", case.name);
            })
            .count()
    };
    // Everything has run twice then, the largest searches too, and what follows is the same again.
    let mut searches = first.len() + round(1);
    resident.push(resident_memory());
    searches += (2..ROUNDS).map(round).sum::<usize>();
    resident.push(resident_memory());
    for number in 1..=ROUNDS_AT_ONCE {
        searches += std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|_| scope.spawn(move || round(number)))
                .collect();
            let each = threads
                .into_iter()
                .map(|thread| thread.join().expect("the same results"));
            each.sum::<usize>()
        });
        if number == 1 || number == ROUNDS_AT_ONCE {
            resident.push(resident_memory());
        }
    }
    print!("{searches}");
    for bytes in resident {
        print!(" {}", bytes.unwrap_or_default() / 1024);
    }
    println!();
    ExitCode::SUCCESS
}

fn run(case: &Case, strategy: &Strategy) -> Result<Search, SearchError> {
    forget();
    search(&case.encoding, strategy)
}
