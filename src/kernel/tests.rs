//! The kernel's primitives, one by one, on every engine.

use super::*;
use crate::engine::{NO_DEADLOCK, Search, Strategy, search};
use crate::model::{Encoding, World};
use std::sync::Arc;

const DELAYED: &[BufferHead] = &[BufferHead::DELAYED];
const CLEAN: &[BufferHead] = &[BufferHead::ON_DISK];

pub(super) fn all(encoding: impl Encoding) -> [Search; 3] {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    let random = Strategy::Random {
        seed: 1,
        executions: 300,
    };
    [Strategy::LoomSleepSets, random, Strategy::ExplicitState]
        .map(|strategy| search(&encoding, &strategy).unwrap())
}

fn mapping(world: &World, pages: &[&[BufferHead]]) -> AddressSpace {
    let pages: Vec<Buffers> = pages.iter().map(|heads| Buffers::new(heads)).collect();
    AddressSpace::new(world, &pages, true)
}

#[test]
fn two_page_locks_in_opposite_orders_deadlock() {
    for found in all(|world: &mut World| {
        let file = mapping(world, &[DELAYED, DELAYED]);
        for (name, first, second) in [("up", 0, 1), ("down", 1, 0)] {
            let file = file.clone();
            world.thread(name, move |task| {
                let _first = file.page(first).lock_page(task)?;
                let _second = file.page(second).lock_page(task)?;
                Ok(())
            });
        }
    }) {
        let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
        assert_eq!(
            cycle.shape(),
            "down (page N lock) -> up (page N lock) -> down"
        );
        assert_eq!(cycle.edges[0].ended_by, "unlock_page");
    }
}

#[test]
fn a_waiter_for_writeback_goes_on_when_the_io_ends() {
    for found in all(|world: &mut World| {
        let file = mapping(world, &[CLEAN]);
        let other = file.clone();
        world.thread("flusher", move |task| {
            let page = file.page(0).lock_page(task)?;
            file.test_set_page_writeback(task, &page)?;
            page.unlock_page();
            file.page(0).end_page_writeback(task)
        });
        world.thread("waiter", move |task| {
            let _locked = other.page(0).lock_page(task)?;
            other.page(0).wait_on_page_writeback(task)?;
            let writeback = other
                .page(0)
                .is_writeback(task, functions::WRITE_CACHE_PAGES)?;
            task.check("waited", !writeback, || "the I/O is still under way".into());
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn writeback_keeps_the_tag_of_a_page_that_is_dirty_again() {
    for found in all(|world: &mut World| {
        let file = mapping(world, &[DELAYED]);
        let (other, end) = (file.clone(), file.clone());
        world.thread("flusher", move |task| {
            let page = file.page(0).lock_page(task)?;
            page.page().test_clear_dirty(task)?;
            file.test_set_page_writeback(task, &page)
        });
        // Without the page lock, as the VM does after a fault.
        world.thread("fault", move |task| {
            other.set_page_dirty_buffers(task, other.page(0))
        });
        world.finally(move |task| {
            let (dirty, tagged) = end.page(0).peek(|flags, tagged, _| (flags.dirty, tagged));
            task.check("tagged", !dirty || tagged, || {
                "a dirty page has no tag".into()
            });
            task.cover(if dirty { "dirty" } else { "clean" });
        });
    }) {
        assert_eq!(found.findings, []);
        assert!(found.reached.contains("dirty") && found.reached.contains("clean"));
    }
}

#[test]
fn a_look_up_is_stale_by_the_time_it_is_used() {
    for found in all(|world: &mut World| {
        let file = mapping(world, &[DELAYED]);
        let other = file.clone();
        world.thread("flusher", move |task| {
            for page in file.find_get_pages_tag(task, 0, 1)? {
                let locked = page.lock_page(task)?;
                let mapped = page.has_mapping(task, functions::WRITE_CACHE_PAGES)?;
                task.cover(if mapped { "still there" } else { "truncated" });
                drop(locked);
            }
            Ok(())
        });
        world.thread("truncate", move |task| {
            let _locked = other.page(0).lock_page(task)?;
            other.page(0).clear_mapping(task)
        });
    }) {
        assert_eq!(found.reached.len(), 2, "{:?}", found.reached);
    }
}

#[test]
fn mkclean_takes_write_access_and_the_dirty_bit() {
    for found in all(|world: &mut World| {
        let state = PteState {
            present: true,
            write: true,
            dirty: true,
        };
        let pte = Pte::new(world, "pte", state);
        let end = pte.clone();
        world.thread("flusher", move |task| {
            task.check("changed", pte.mkclean(task)?, || {
                "nothing was cleaned".into()
            });
            task.check("once", !pte.mkclean(task)?, || "cleaned twice".into());
            Ok(())
        });
        world.finally(move |task| {
            let kept = end.peek(|pte| pte.present && !pte.write && !pte.dirty);
            task.check("kept", kept, || {
                "the entry is gone or still writable".into()
            });
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

fn journal(world: &World, owners: &[&str], most: Option<u32>) -> Journal {
    Journal::new(
        world,
        JournalConfig {
            owners: owners.iter().map(ToString::to_string).collect(),
            committer: "commit",
            max_transaction_buffers: most,
            balance: "balance",
            outstanding: 0,
        },
    )
}

#[test]
fn a_handle_never_spans_a_commit() {
    for found in all(|world: &mut World| {
        let journal = journal(world, &["writer"], None);
        let other = journal.clone();
        world.thread("writer", move |task| {
            let handle = journal.start(task, 1)?.expect("one credit fits");
            task.cover(if handle.tid == 1 { "before" } else { "after" });
            journal.stop(task, handle)
        });
        world.thread("commit", move |task| {
            let commit = other.lock_transaction(task)?;
            other.flush(task, commit)
        });
    }) {
        assert_eq!(found.findings, []);
        assert!(found.reached.contains("before") && found.reached.contains("after"));
    }
}

#[test]
fn a_handle_that_is_not_stopped_is_noticed() {
    for found in all(|world: &mut World| {
        let journal = journal(world, &["writer"], None);
        world.thread("writer", move |task| {
            let _forgotten = journal.start(task, 1)?;
            Ok(())
        });
    }) {
        assert_eq!(found.findings[0].property, "balance");
    }
}

#[test]
fn a_full_transaction_is_committed_on_request() {
    for found in all(|world: &mut World| {
        let journal = journal(world, &["writer"], Some(1));
        let other = journal.clone();
        world.thread("writer", move |task| {
            for _ in 0..2 {
                let mut handle = journal.start(task, 1)?.expect("one credit fits");
                handle.credits -= 1;
                if handle.waited_for_room {
                    task.cover("waited for room");
                }
                journal.stop(task, handle)?;
            }
            journal.leave(task, functions::JOURNAL_STOP)
        });
        world.thread("commit", move |task| {
            while other.wait_for_request(task)? {
                let commit = other.lock_transaction(task)?;
                other.flush(task, commit)?;
            }
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
        assert!(found.reached.contains("waited for room"));
    }
}

#[test]
fn a_handle_larger_than_a_transaction_is_refused() {
    for found in all(|world: &mut World| {
        let journal = journal(world, &["writer"], Some(1));
        world.thread("writer", move |task| {
            let refused = journal.start(task, 2)?.err();
            let expected = TooManyCredits { asked: 2, most: 1 };
            task.check("refused", refused == Some(expected), || {
                "it was let in".into()
            });
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn writing_a_constant_is_an_error_of_the_model() {
    let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
        let size = Variable::new(world, "i_size", 1_usize, false);
        world.thread("truncate", move |task| {
            size.write(task, functions::I_SIZE_WRITE, 0)
        });
    });
    let error = search(&encoding, &Strategy::LoomSleepSets).unwrap_err();
    assert!(error.to_string().contains("constant"), "{error}");
}

#[test]
fn a_submission_takes_only_what_is_dirty_and_has_a_place() {
    let mut buffers = Buffers::new(&[
        BufferHead::DELAYED,
        BufferHead::DIRTY,
        BufferHead::DIRTY_HOLE,
    ]);
    buffers.submit();
    assert_eq!(
        buffers.heads,
        [
            BufferHead::DELAYED,
            BufferHead::ON_DISK,
            BufferHead::DIRTY_HOLE
        ]
    );
    assert_eq!(buffers.on_disk, [0, 1, 0]);
}

#[test]
fn mkclean_finds_write_access_without_the_dirty_bit() {
    for found in all(|world: &mut World| {
        let state = PteState {
            write: true,
            ..PteState::READ_ONLY
        };
        let pte = Pte::new(world, "pte", state);
        world.thread("flusher", move |task| {
            task.check("changed", pte.mkclean(task)?, || {
                "write access was overlooked".into()
            });
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}
