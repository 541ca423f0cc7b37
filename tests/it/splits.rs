//! Steps of more than one word: each has its reason, and each reason its step.

use pagelock::ablation::{Splits, splits};
use pagelock::engine::UNNAMED;
use pagelock::model::{Encoding, Function, State, Word, World};
use pagelock::protocols;
use pagelock::spec::{Design, Expectation, OneStep, Scenario, Spec, Variant};
use std::sync::Arc;

fn of(spec: &'static Spec) -> Splits {
    let splits = splits(spec, &|_, _| ());
    assert_eq!(splits.failed, Vec::<String>::new(), "{}", spec.name);
    splits
}

#[test]
fn every_step_of_more_than_one_word_has_a_reason_and_every_reason_a_step() {
    let mut differences = Vec::new();
    for spec in protocols::ALL {
        let splits = of(spec);
        differences.extend(splits.differences());
        assert!(splits.open().count() > 0 && splits.protected().count() > 0);
        for split in &splits.steps {
            let words = split.step.writes.union(&split.step.reads);
            let unnamed = words.into_iter().any(|word| word.contains(UNNAMED));
            assert!(!unnamed, "{}: {:?}", spec.name, split.step);
        }
    }
    assert_eq!(differences, Vec::<String>::new());
}

const WALK: Function = Function::new("walk_page_buffers", "fs/ext4/inode.c");
const SET: Function = Function::new("set_buffer_mapped", "include/linux/buffer_head.h");
const LOCK: Function = Function::new("lock_page", "mm/filemap.c");
const END: Function = Function::new("ext4_page_mkwrite", "fs/ext4/inode.c");

#[derive(Hash, Clone, Copy)]
struct Mapped([bool; 2]);

impl State for Mapped {
    fn show(&self) -> String {
        format!("{:?}", self.0)
    }

    fn words(&self) -> Vec<Word> {
        let mapped = self.0.iter().enumerate();
        let word = |(block, mapped)| Word::new(format!("BH_Mapped of block {block}"), mapped);
        mapped.map(word).collect()
    }
}

/// A walk over two buffers in one step, while two threads map one each, under the page lock; the walk is under the lock
/// too if the scenario is `locked`.
fn walk(_: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    let locked = scenario.name == "locked";
    Arc::new(move |world: &mut World| {
        let buffers = world.cell("page 0 buffers", Mapped([false; 2]));
        let lock = world.lock("page 0 lock", "page lock", ());
        let (walked, walker) = (buffers.clone(), lock.clone());
        let end = world.cell("end", ());
        world.thread("walk", move |task| {
            let held = locked.then(|| task.acquire(&walker, LOCK)).transpose()?;
            task.step(&walked, WALK, |buffers| buffers.0 == [true; 2])?;
            drop(held);
            task.step(&end, END, |()| ())
        });
        for block in [0, 1] {
            let (buffers, lock) = (buffers.clone(), lock.clone());
            world.thread(format!("map {block}"), move |task| {
                let _held = task.acquire(&lock, LOCK)?;
                task.step(&buffers, SET, move |buffers| buffers.0[block] = true)
            });
        }
    })
}

const WALKS: OneStep = OneStep::new(WALK, "page N buffers", "it is not one");
const SETS: OneStep = OneStep::new(SET, "page N buffers", "it is one word");
const LOCKED: &[Scenario] = &[Scenario::new("locked", "the walk has the page locked")];
const UNLOCKED: &[Scenario] = &[Scenario::new("unlocked", "the walk has no lock")];

const DESIGNS: &[Design] = &[Design::new("old", "the only one", &[])];

const fn spec(
    scenarios: &'static [Scenario],
    expectations: &'static [Expectation],
    one_step: &'static [OneStep],
) -> Spec {
    Spec {
        designs: DESIGNS,
        scenarios,
        expectations,
        one_step,
        ..Spec::new("walk", "a walk over the buffers of a page", walk)
    }
}

static WITHOUT_REASON: Spec = spec(UNLOCKED, &[Expectation::passes("old", "unlocked")], &[SETS]);
static WITH_REASON: Spec = spec(
    UNLOCKED,
    &[Expectation::passes("old", "unlocked")],
    &[WALKS],
);
static PROTECTED: Spec = spec(LOCKED, &[Expectation::passes("old", "locked")], &[WALKS]);

#[test]
fn a_step_without_a_reason_and_a_reason_without_a_step_are_differences() {
    let splits = of(&WITHOUT_REASON);
    let [walk] = &splits.open().collect::<Vec<_>>()[..] else {
        panic!("one step: {:?}", splits.steps)
    };
    assert_eq!(walk.step.function, "walk_page_buffers");
    let differences = splits.differences();
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(differences[0].starts_with("walk_page_buffers in no function on `page N buffers`"));
    assert!(differences[1].contains("a reason for set_buffer_mapped"));

    assert_eq!(of(&WITH_REASON).differences(), Vec::<String>::new());
}

/// The lock that both threads hold makes one step of it, and the reason superfluous.
#[test]
fn a_lock_that_every_other_thread_holds_too_protects_the_words() {
    let splits = of(&PROTECTED);
    assert_eq!((splits.open().count(), splits.protected().count()), (0, 1));
    assert_eq!(splits.differences().len(), 1);
}
