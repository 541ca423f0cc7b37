//! What an NFS file keeps for its pages, on all engines.

use super::functions as f;
use super::nfs::{Claim, Flush, NfsFile, PageFlags, Request, Rpc, Start};
use super::tests::all;
use crate::model::World;

const DIRTY: Start = Start {
    flags: PageFlags {
        dirty: true,
        tagged: true,
        writeback: false,
    },
    ..Start::CLEAN
};

#[test]
fn a_new_request_is_busy_under_its_own_generation() {
    for found in all(|world: &mut World| {
        let file = NfsFile::new(world, &[DIRTY]);
        let end = file.clone();
        world.thread("flusher", move |task| {
            let page = file.page(0);
            let made = file.add_request(task, page, "flusher")?;
            let busy = page.is_busy(task, 1)?;
            let unlocked = page.unlock_request(task)?;
            let free = !page.is_busy(task, 1)?;
            let all = (made, busy, unlocked, free);
            task.check("busy", all == (true, true, true, true), || {
                format!("{all:?}")
            });
            Ok(())
        });
        world.finally(move |task| {
            let request = end.peek_request(0);
            let kept = request.map(|request| (request.generation, request.need_flush));
            // The page was dirty again when the request was put in.
            task.check("request", kept == Some((1, true)), || {
                format!("{request:?}")
            });
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn a_request_that_is_extended_is_for_the_whole_page() {
    for found in all(|world: &mut World| {
        let start = Start {
            request: Some(Request::NEW),
            ..DIRTY
        };
        let file = NfsFile::new(world, &[start]);
        world.thread("flusher", move |task| {
            let page = file.page(0);
            let taken = file.claim(task, page, f::NFS_UPDATE_REQUEST, "flusher")?;
            task.check("taken", taken == Claim::Taken, || format!("{taken:?}"));
            page.extend_request(task)?;
            page.unlock_request(task)?;
            let function = f::NFS_PAGE_ASYNC_FLUSH;
            let marked = file.start_writeback(task, page, function, "flusher", false)?;
            let expected = Flush::Marked {
                need_flush: false,
                whole: true,
            };
            task.check("whole", marked == expected, || format!("{marked:?}"));
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn a_store_is_sent_only_with_the_whole_page() {
    for found in all(|world: &mut World| {
        let written = Start {
            written: true,
            ..DIRTY
        };
        let file = NfsFile::new(world, &[Start::CLEAN, written]);
        world.thread("one", move |task| {
            let rpcs = &file.rpcs;
            let rpc = Rpc::new(false, true, &[1]);
            rpcs.store(task, 1)?;
            let both = rpcs.peek_unsent(1);
            rpcs.execute(task, rpc, &[])?;
            let stored = rpcs.peek_unsent(1);
            rpcs.execute(task, rpc, &[1])?;
            let all = (both, stored, rpcs.peek_unsent(1), rpcs.peek_unsent(0));
            task.check("unsent", all == (true, true, false, false), || {
                format!("{all:?}")
            });
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}
