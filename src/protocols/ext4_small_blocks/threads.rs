//! The threads of a scenario.

use super::config::{Config, Op};
use super::state::{Filesystem, KJOURNALD2};
use super::{commit, fault, reclaim, truncate, writepages};
use crate::kernel::class::{HANDLE, I_DATA_SEM, PAGE_LOCK, TRANSACTION};
use crate::model::{Encoding, Halt, Task, World};
use crate::spec::{Variant, configured};
use std::sync::Arc;

/// The encoding of a set of clauses with these threads and sizes.
#[must_use]
pub fn encoding(variant: &Variant, config: &Config) -> Arc<dyn Encoding> {
    configured::encoding(build, variant, config)
}

/// What a thread does.
type Body = Box<dyn Fn(&Task, &Filesystem) -> Result<(), Halt> + Send>;

fn build(world: &mut World, variant: &Variant, config: &Config) {
    world.declare(&[PAGE_LOCK, I_DATA_SEM, TRANSACTION, HANDLE], &[KJOURNALD2]);
    let fs = Arc::new(Filesystem::new(world, variant, config));
    let mut names = config.threads().into_iter();
    let mut add = |body: Body| {
        let fs = Arc::clone(&fs);
        world.thread(names.next().unwrap_or_default(), move |task| {
            body(task, &fs)?;
            fs.rest(task)
        });
    };
    for (_, ops) in config.processes {
        add(Box::new(move |task, fs| process(task, fs, ops)));
    }
    if let Some(nr_to_write) = config.flusher {
        add(Box::new(move |task, fs| {
            writepages::background(task, fs, nr_to_write)
        }));
    }
    if let Some(who) = config.reclaim {
        add(Box::new(move |task, fs| reclaim::reclaim(task, fs, who)));
    }
    if config.committing || config.commits > 0 {
        let committed = Arc::clone(&fs);
        world.thread(KJOURNALD2, move |task| commit::kjournald2(task, &committed));
    }
    world.finally(move |task| fs.check_stores(task));
}

/// Runs a process.
fn process(task: &Task, fs: &Filesystem, ops: &[Op]) -> Result<(), Halt> {
    // What the scenario starts with was stored by every process: they share their memory.
    let mut stored: Vec<(usize, u8)> = fs.config.stored.iter().map(|block| (*block, 1)).collect();
    for op in ops {
        match *op {
            Op::Store(block) => stored.extend(fault::store(task, fs, block)?),
            Op::Truncate(size) => truncate::notify_change(task, fs, size)?,
            Op::Zero(block) => truncate::zero_range(task, fs, block)?,
            Op::Fsync => writepages::fsync(task, fs, &stored)?,
            Op::SyncOther => commit::commit_transaction(task, fs)?,
        }
    }
    Ok(())
}
