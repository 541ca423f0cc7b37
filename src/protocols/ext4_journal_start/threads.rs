//! The threads of a scenario.

use super::config::Config;
use super::scenarios::SCENARIOS;
use super::state::{Filesystem, KJOURNALD2};
use super::{commit, mkwrite, reclaim, truncate, write, writepages};
use crate::kernel::class::{HANDLE, I_ALLOC_SEM, I_DATA_SEM, PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
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
#[must_use]
pub fn encoding(variant: &Variant, config: &Config) -> Arc<dyn Encoding> {
    configured::encoding(build, variant, config)
}

/// What a thread does.
type Body = Box<dyn Fn(&Task, &Filesystem) -> Result<(), Halt> + Send>;

fn build(world: &mut World, variant: &Variant, config: &Config) {
    let classes = [PAGE_LOCK, I_ALLOC_SEM, I_DATA_SEM, TRANSACTION, HANDLE];
    world.declare(&classes, &[KJOURNALD2]);
    let fs = Arc::new(Filesystem::new(world, variant, config));
    let mut owners = config.owners().into_iter();
    let mut add = |body: Body| {
        let fs = Arc::clone(&fs);
        world.thread(owners.next().unwrap_or_default(), move |task| {
            let result = body(task, &fs);
            // Also after a BUG: the commit must not wait for a thread that is dead.
            fs.journal.leave(task, f::JOURNAL_STOP).and(result)
        });
    };
    for (index, page) in config.writers.iter().copied().enumerate() {
        let no_memory = config.no_memory && index == 0;
        add(Box::new(move |task, fs| {
            write::write(task, fs, page, no_memory)
        }));
    }
    for page in config.faults.iter().copied() {
        add(Box::new(move |task, fs| {
            mkwrite::page_mkwrite(task, fs, page)
        }));
    }
    for how in [config.flush, config.second_flush].into_iter().flatten() {
        let umount = config.umount;
        add(Box::new(move |task, fs| {
            if umount {
                return writepages::journal_destroy(task, fs, how);
            }
            writepages::background(task, fs, how)
        }));
    }
    if let Some(page) = config.reclaim {
        add(Box::new(move |task, fs| reclaim::kswapd(task, fs, page)));
    }
    if let Some(size) = config.truncate {
        add(Box::new(move |task, fs| truncate::setattr(task, fs, size)));
    }
    let committed = Arc::clone(&fs);
    world.thread(KJOURNALD2, move |task| commit::kjournald2(task, &committed));
    world.finally(move |task| fs.check_at_rest(task));
}
