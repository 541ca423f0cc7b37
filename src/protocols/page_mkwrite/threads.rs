//! The threads of a scenario.

use super::config::{Config, DRIVER};
use super::scenarios::SCENARIOS;
use super::state::{File, KJOURNALD2};
use super::{commit, fault, truncate, write, writepages};
use crate::kernel::class::{PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
use crate::model::{Encoding, Function, Halt, Task, World};
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

type Body = fn(&Task, &File) -> Result<(), Halt>;

fn build(world: &mut World, variant: &Variant, config: &Config) {
    world.declare(&[PAGE_LOCK, TRANSACTION], &[KJOURNALD2]);
    let file = Arc::new(File::new(world, variant, config));
    for (name, pte) in config.faulting_threads().into_iter().zip(config.faults) {
        let (file, pte) = (Arc::clone(&file), *pte);
        world.thread(name, move |task| fault::store(task, &file, pte));
    }
    if config.pinned {
        let file = Arc::clone(&file);
        world.thread(DRIVER, move |task| fault::pin(task, &file, 0));
    }
    let others: [(bool, &str, Function, Body); 4] = [
        (
            config.flushes > 0,
            "flusher",
            f::WB_KUPDATE,
            writepages::flusher,
        ),
        (
            config.truncate,
            "truncate",
            f::NOTIFY_CHANGE,
            truncate::truncate,
        ),
        (
            config.commit,
            "writer",
            f::GENERIC_FILE_AIO_WRITE,
            write::write,
        ),
        (config.commit, KJOURNALD2, f::KJOURNALD2, commit::commit),
    ];
    for (_, name, function, body) in others.into_iter().filter(|(runs, ..)| *runs) {
        let file = Arc::clone(&file);
        world.thread(name, move |task| {
            let _in = task.enter(function);
            body(task, &file)
        });
    }
    world.finally(move |task| file.check(task));
}
