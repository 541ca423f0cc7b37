//! The reader-writer semaphore, fair and unfair, on every engine.

use super::functions as f;
use super::{RwGuard, RwSemaphore};
use crate::engine::{NO_DEADLOCK, Search, Strategy, search};
use crate::model::{Cell, Encoding, Function, Halt, Task, Wait, World};
use std::collections::BTreeSet;
use std::sync::Arc;

const IN: Function = Function::new("critical section", "model.c");
const CLASS: &str = "sem";

/// What the exhaustive engines say: the same properties and cover points.
fn all(encoding: impl Encoding) -> Search {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    let strategies = [
        Strategy::LoomSleepSets,
        Strategy::AllSchedules,
        Strategy::ExplicitState,
    ];
    let [loom, schedules, states] =
        strategies.map(|strategy| search(&encoding, &strategy).expect("the model is right"));
    for other in [&loom, &schedules] {
        assert_eq!(properties(other), properties(&states));
        assert_eq!(other.ends(), states.ends());
        let (theirs, ours) = (
            other.reached.difference(&other.waits),
            states.reached.difference(&states.waits),
        );
        assert_eq!(theirs.collect::<Vec<_>>(), ours.collect::<Vec<_>>());
    }
    assert_eq!(schedules.statistics.executions, states.statistics.out_of());
    states
}

fn properties(found: &Search) -> BTreeSet<&str> {
    found
        .findings
        .iter()
        .map(|finding| finding.property.as_str())
        .collect()
}

fn semaphore(world: &World, fair: bool) -> RwSemaphore {
    if fair {
        RwSemaphore::new(world, "sem", CLASS)
    } else {
        RwSemaphore::unfair(world, "sem", CLASS)
    }
}

/// Counts itself in and out; how many were inside.
fn inside(task: &Task, count: &Cell<u8>, own: u8) -> Result<u8, Halt> {
    let all = task.step(count, IN, move |count| {
        *count += own;
        *count
    })?;
    task.step(count, IN, move |count| *count -= own)?;
    Ok(all)
}

#[test]
fn writers_exclude_one_another_although_nothing_reads() {
    for fair in [true, false] {
        let found = all(move |world: &mut World| {
            let (sem, count) = (semaphore(world, fair), world.cell("inside", 0_u8));
            for name in ["one", "two"] {
                let (sem, count) = (sem.clone(), count.clone());
                world.thread(name, move |task| {
                    let _write = task
                        .covering_waits(CLASS, "waits", || sem.down_write(task, f::DOWN_WRITE))?;
                    let all = inside(task, &count, 1)?;
                    task.check("alone", all == 1, || format!("{all} writers"));
                    Ok(())
                });
            }
        });
        assert_eq!(found.findings, []);
        assert!(found.reached.contains("waits"));
    }
}

#[test]
fn readers_share_it_and_a_writer_excludes_them() {
    for fair in [true, false] {
        let found = all(move |world: &mut World| {
            let (sem, count) = (semaphore(world, fair), world.cell("inside", 0_u8));
            for name in ["r1", "r2"] {
                let (sem, count) = (sem.clone(), count.clone());
                world.thread(name, move |task| {
                    let _read = sem.down_read(task, f::DOWN_READ)?;
                    let all = inside(task, &count, 1)?;
                    if all == 2 {
                        task.cover("two readers");
                    }
                    task.check("no writer", all < 10, || "with a writer".into());
                    Ok(())
                });
            }
            world.thread("writer", move |task| {
                let _write = sem.down_write(task, f::DOWN_WRITE)?;
                let all = inside(task, &count, 10)?;
                task.check("alone", all == 10, || format!("{all}"));
                Ok(())
            });
        });
        assert_eq!(found.findings, []);
        assert!(found.reached.contains("two readers"));
    }
}

/// A thread that reads twice, with a writer or alone.
fn reads_twice(fair: bool, writer: bool) -> Search {
    all(move |world: &mut World| {
        let sem = semaphore(world, fair);
        let other = sem.clone();
        world.thread("reader", move |task| {
            let _one = sem.down_read(task, f::DOWN_READ)?;
            let _two = sem.down_read(task, f::DOWN_READ)?;
            Ok(())
        });
        if writer {
            world.thread("writer", move |task| {
                other.down_write(task, f::DOWN_WRITE).map(drop)
            });
        }
    })
}

#[test]
fn to_read_twice_is_a_deadlock_if_a_writer_waits_in_between() {
    assert_eq!(reads_twice(true, false).findings, []);
    assert_eq!(reads_twice(false, true).findings, []);
    let found = reads_twice(true, true);
    let deadlock = found.finding(NO_DEADLOCK).unwrap();
    let mut cycles = Vec::new();
    for cycle in &deadlock.cycles {
        cycles.push(cycle.shape());
    }
    assert_eq!(cycles, ["reader (sem) -> writer (sem) -> reader"]);
}

/// The writer waits for r1, which waits for r2, which reads before it tells r1.
fn chain(fair: bool, names: [&'static str; 2]) -> Search {
    all(move |world: &mut World| {
        let (sem, ready) = (semaphore(world, fair), world.cell("ready", false));
        let [first, second] = names;
        let (s1, s2, s3, set) = (sem.clone(), sem.clone(), sem, ready.clone());
        world.thread(first, move |task| {
            let _read = s1.down_read(task, f::DOWN_READ)?;
            let wait = Wait::on("a word").woken_by(second);
            task.step_when(&ready, IN, &wait, |ready| *ready, |_| ())
        });
        world.thread(second, move |task| {
            let _read = s2.down_read(task, f::DOWN_READ)?;
            task.step(&set, IN, |ready| *ready = true)
        });
        world.thread("writer", move |task| {
            s3.down_write(task, f::DOWN_WRITE).map(drop)
        });
    })
}

#[test]
fn a_writer_that_waits_keeps_out_every_later_reader_whatever_its_name() {
    for names in [["r1", "r2"], ["r2", "r1"]] {
        let found = chain(true, names);
        let deadlock = found.finding(NO_DEADLOCK).expect("the writer came between");
        assert_eq!(deadlock.cycles.len(), 1);
        assert_eq!(deadlock.cycles[0].edges.len(), 3);
        assert_eq!(chain(false, names).findings, []);
    }
}

#[test]
fn a_queued_writer_waits_for_every_reader() {
    let found = all(|world: &mut World| {
        let sem = RwSemaphore::new(world, "sem", CLASS);
        let lock = world.lock("lock", "lock", ());
        for name in ["r1", "r2"] {
            let (sem, lock) = (sem.clone(), lock.clone());
            world.thread(name, move |task| {
                let _read = sem.down_read(task, f::DOWN_READ)?;
                task.acquire(&lock, IN).map(drop)
            });
        }
        world.thread("writer", move |task| {
            let _held = task.acquire(&lock, IN)?;
            sem.down_write(task, f::DOWN_WRITE).map(drop)
        });
    });
    let deadlock = found.finding(NO_DEADLOCK).unwrap();
    let mut cycles = BTreeSet::new();
    for cycle in &deadlock.cycles {
        cycles.insert(cycle.shape());
    }
    for reader in ["r1", "r2"] {
        assert!(
            cycles.contains(&format!("{reader} (lock) -> writer (sem) -> {reader}")),
            "{cycles:?}"
        );
    }
}

#[test]
fn an_attempt_to_read_fails_while_a_writer_waits_or_writes() {
    for fair in [true, false] {
        let found = all(move |world: &mut World| {
            let sem = semaphore(world, fair);
            let (writes, reads) = (sem.clone(), sem.clone());
            world.thread("reader", move |task| {
                let _read = sem.down_read(task, f::DOWN_READ)?;
                Ok(())
            });
            world.thread("writer", move |task| {
                writes.down_write(task, f::DOWN_WRITE).map(drop)
            });
            world.thread("tries", move |task| {
                let read = reads.down_read_trylock(task, f::DOWN_READ_TRYLOCK)?;
                task.cover(if read.is_some() { "succeeds" } else { "fails" });
                task.check("held", read.is_some() == task.holds(CLASS), || {
                    "it is not".into()
                });
                Ok(())
            });
        });
        assert_eq!(found.findings, []);
        assert!(
            found
                .reached
                .is_superset(&["succeeds", "fails"].map(String::from).into())
        );
    }
}

#[test]
fn a_writer_that_goes_on_as_a_reader_lets_readers_in_and_keeps_writers_out() {
    let found = all(|world: &mut World| {
        let (sem, count) = (
            RwSemaphore::new(world, "sem", CLASS),
            world.cell("inside", 0_u8),
        );
        let (reads, writes) = (sem.clone(), sem.clone());
        let (read, written) = (count.clone(), count.clone());
        world.thread("downgrades", move |task| {
            let write: RwGuard = sem.down_write(task, f::DOWN_WRITE)?;
            let _read = write.downgrade_write(task, f::DOWNGRADE_WRITE)?;
            if inside(task, &count, 1)? == 2 {
                task.cover("two readers");
            }
            Ok(())
        });
        world.thread("reader", move |task| {
            let _read = reads.down_read(task, f::DOWN_READ)?;
            inside(task, &read, 1).map(drop)
        });
        world.thread("writer", move |task| {
            let _write = writes.down_write(task, f::DOWN_WRITE)?;
            let all = inside(task, &written, 10)?;
            task.check("alone", all == 10, || format!("{all}"));
            Ok(())
        });
    });
    assert_eq!(found.findings, []);
    assert!(found.reached.contains("two readers"));
}

#[test]
fn a_thread_whose_assertion_has_failed_releases_it_and_one_that_has_left_keeps_it() {
    let ends = |leaves: bool| {
        all(move |world: &mut World| {
            let sem = RwSemaphore::new(world, "sem", CLASS);
            let other = sem.clone();
            world.thread("first", move |task| {
                let _write = sem.down_write(task, f::DOWN_WRITE)?;
                Err(if leaves {
                    task.leave()
                } else {
                    task.bug("bug", "it fails")
                })
            });
            world.thread("second", move |task| {
                drop(other.down_write(task, f::DOWN_WRITE)?);
                task.cover("gets it");
                Ok(())
            });
        })
    };
    let failed = ends(false);
    assert_eq!(properties(&failed), BTreeSet::from(["bug"]));
    assert!(failed.reached.contains("gets it"));
    assert_eq!(properties(&ends(true)), BTreeSet::from([NO_DEADLOCK]));
}
