//! The threads of a scenario.

use super::config::{Config, Role, Thread};
use super::reclaim::reclaim;
use super::request::writepage_setup;
use super::rpciod;
use super::scenarios::SCENARIOS;
use super::state::{Client, FLUSHING};
use super::sync::{wb_all, wb_page};
use super::writepages::{no_self_wait, wait_on_writeback, writepages};
use super::{BUSY_UNTIL_DONE, OWN_DESCRIPTOR};
use crate::kernel::functions as f;
use crate::kernel::nfs::{Call, Kind, NfsFile, RPCIOD};
use crate::kernel::{SyncMode, WritebackControl};
use crate::model::{Encoding, Halt, Task, World};
use crate::spec::{Scenario, Variant, configured};
use std::sync::Arc;

/// Makes the encoding of a design in a scenario.
///
/// # Panics
/// If the scenario is none of this spec.
pub(super) fn encode(variant: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    encoding(variant, &scenario.config(SCENARIOS))
}

/// The encoding of a set of clauses with user-defined threads and sizes, which no scenario has.
///
/// Two threads that call fsync at once, which no scenario has:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::protocols::nfs_coalesce::{BASE, Config, Role, SPEC, Thread, WRITTEN, encoding};
///
/// const fn fsync(name: &'static str) -> Thread {
///     let role = Role::Fsync { rounds: 1 };
///     Thread { name, role, interruptible: false, short_of_memory: false }
/// }
/// let config = Config { pages: &[WRITTEN], threads: &[const { fsync("one") }, const { fsync("other") }], ..BASE };
/// let patched = SPEC.design("patched").unwrap().into();
/// let found = search(&encoding(&patched, &config), &Strategy::ExplicitState).unwrap();
/// assert!(found.statistics.complete && found.findings.is_empty());
/// ```
#[must_use]
pub fn encoding(variant: &Variant, config: &Config) -> Arc<dyn Encoding> {
    configured::encoding(build, variant, config)
}

fn build(world: &mut World, variant: &Variant, config: &Config) {
    let onto_dirty_list = !variant.has(&OWN_DESCRIPTOR);
    let kind = Kind {
        has_inode: onto_dirty_list,
        unlocks_early: !onto_dirty_list && !variant.has(&BUSY_UNTIL_DONE),
    };
    let client = Arc::new(Client {
        file: NfsFile::with(world, config.pages, kind),
        flushing: world.lock("NFS_INO_FLUSHING", FLUSHING, ()),
        config: *config,
        variant: variant.clone(),
    });
    for thread in config.threads {
        let client = Arc::clone(&client);
        world.thread(thread.name, move |task| run(task, &client, thread));
    }
    let served = Arc::clone(&client);
    world.thread(RPCIOD, move |task| rpciod::serve(task, &served));
    world.finally(move |task| client.check_end(task));
}

/// Runs a thread of a scenario.
fn run(task: &Task, client: &Client, thread: &Thread) -> Result<(), Halt> {
    let mut call = Call::new(thread.name, thread.interruptible, thread.short_of_memory);
    let wbc = |sync_mode, index| WritebackControl {
        index,
        ..WritebackControl::new(sync_mode)
    };
    match thread.role {
        Role::Flusher { rounds, start } => {
            for round in 0..rounds {
                let _in = task.enter(f::SYNC_SINGLE_INODE);
                let start = if round == 0 { start } else { 0 };
                client.file.clear_inode_dirty(task)?;
                // What it returns goes to the superblock's error state, and to no property.
                let _ = writepages(task, client, &mut call, wbc(SyncMode::None, start))?;
                client.leave(task, &mut call, f::NFS_WRITEPAGES)?;
                client.file.redirty_inode_if_tagged(task)?;
            }
            Ok(())
        }
        Role::Sync { start } => {
            let _ = writepages(task, client, &mut call, wbc(SyncMode::All, start))?;
            client.leave(task, &mut call, f::NFS_WRITEPAGES)
        }
        Role::Fsync { rounds } => {
            for _ in 0..rounds {
                let _in = task.enter(f::NFS_FSYNC);
                let _ = wb_all(task, client, &mut call, wbc(SyncMode::All, 0))?;
                client.leave(task, &mut call, f::NFS_WB_ALL)?;
                // A signal that was seen is delivered on the way out; there is only one.
                call.interruptible &= !std::mem::take(&mut call.signalled);
            }
            Ok(())
        }
        Role::Invalidate(page) => invalidate(task, client, &mut call, page),
        Role::Reclaim(page) => reclaim(task, client, &mut call, page),
        Role::Truncate(page) => {
            let _in = task.enter(f::TRUNCATE_INODE_PAGES);
            let locked = client.file.page(page).lock_page(task)?;
            no_self_wait(task, &call, locked.page);
            if !locked.page.wait_on_page_writeback_to_truncate(task)? {
                task.cover("written-before-truncation");
            }
            locked.unlock_page();
            Ok(())
        }
        Role::Write(page) => write(task, client, &mut call, page),
        Role::Store(index) | Role::Touch(index) => {
            let _in = task.enter(f::DO_WP_PAGE);
            let page = client.file.page(index);
            if thread.role == Role::Store(index) {
                client.file.rpcs.store(task, index)?;
            }
            if !client.file.nfs_set_page_dirty(task, page)? {
                task.cover("store-dirties-the-page");
            }
            Ok(())
        }
        Role::Signal(pages) => {
            for page in pages {
                client.file.page(*page).signal(task)?;
            }
            Ok(())
        }
    }
}

/// `write(2)` of one page: its bytes; a request that covers them; the dirty bit, also where there was no request to
/// be had: then the caller gets an error, and the bytes may be lost.
fn write(task: &Task, client: &Client, call: &mut Call, page: usize) -> Result<(), Halt> {
    let _in = task.enter(f::NFS_FILE_WRITE);
    let locked = client.file.page(page).lock_page(task)?;
    let all_sent = client.file.rpcs.write(task, page)?;
    let set_up = writepage_setup(task, client, call, locked.page)?;
    // A WRITE that fails meanwhile leaves bytes of an earlier write(2).
    if set_up.is_err() && all_sent && !client.config.write_fails {
        client.file.rpcs.write_refused(task, page)?;
    }
    locked.page.set_page_dirty_nobuffers(task)?;
    client.leave(task, call, f::NFS_FILE_WRITE)?;
    locked.unlock_page();
    Ok(())
}

/// `invalidate_inode_pages2` of one page, which launders it with `nfs_wb_page`.
fn invalidate(task: &Task, client: &Client, call: &mut Call, page: usize) -> Result<(), Halt> {
    let _in = task.enter(f::INVALIDATE_INODE_PAGES2);
    let locked = client.file.page(page).lock_page(task)?;
    wait_on_writeback(task, call, locked.page)?;
    let _ = wb_page(task, client, call, locked.page)?;
    client.leave(task, call, f::NFS_WB_PAGE)?;
    locked.unlock_page();
    Ok(())
}
