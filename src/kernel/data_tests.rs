//! Extents, journal heads and the semaphore, one by one, on every engine.

use super::functions as f;
use super::*;
use crate::engine::{Search, Strategy, search};
use crate::model::{Encoding, World};
use std::sync::Arc;

fn all(encoding: impl Encoding) -> [Search; 3] {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    let random = Strategy::Random {
        seed: 1,
        executions: 300,
    };
    [Strategy::LoomSleepSets, random, Strategy::ExplicitState]
        .map(|strategy| search(&encoding, &strategy).unwrap())
}

#[test]
fn readers_of_a_semaphore_share_it_and_the_writer_is_alone() {
    for found in all(|world: &mut World| {
        let readers = ["one", "two"];
        let sem = RwSemaphore::new(world, "sem", class::I_ALLOC_SEM);
        let inside = world.cell("inside", 0_u8);
        for name in readers {
            let (sem, inside) = (sem.clone(), inside.clone());
            world.thread(name, move |task| {
                let _read = sem.down_read(task, f::DOWN_READ)?;
                if task.step(&inside, f::DOWN_READ, |n| std::mem::replace(n, *n + 1))? == 1 {
                    task.cover("two readers");
                }
                task.step(&inside, f::DOWN_READ, |n| *n -= 1)
            });
        }
        world.thread("writer", move |task| {
            let _write = sem.down_write(task, f::DOWN_WRITE)?;
            let readers = task.step(&inside, f::DOWN_WRITE, |n| *n)?;
            task.check("alone", readers == 0, || format!("{readers} readers"));
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
        assert!(found.reached.contains("two readers"));
    }
}

#[test]
fn creating_blocks_stops_where_they_differ() {
    for found in all(|world: &mut World| {
        let map = ExtentMap::new(world, &[Found::Hole, Found::Unwritten, Found::Unwritten]);
        world.thread("one", move |task| {
            let hole = map.create(task, f::EXT4_GET_BLOCK, 0, 3)?;
            let unwritten = map.create(task, f::EXT4_GET_BLOCK, 1, 2)?;
            map.truncate(task, f::EXT4_TRUNCATE, 2)?;
            let last = map.look_up(task, f::EXT4_GET_BLOCK, 2)?;
            let all = (hole, unwritten, last);
            let expected = ((Found::Hole, 1), (Found::Unwritten, 2), Found::Hole);
            task.check("extents", all == expected, || format!("{all:?}"));
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn a_buffer_is_dirtied_only_where_it_is_filed() {
    for found in all(|world: &mut World| {
        let lists = JournalLists::new(world, &[true, true], &[1], true, true);
        world.thread("one", move |task| {
            let bad = lists.dirty_metadata(task, 0, 1)?;
            lists.get_write_access(task, 0, 1, false)?;
            let good = lists.dirty_metadata(task, 0, 1)?;
            // The other is being committed: it is kept for T1, and truncation only sets BH_Freed.
            lists.get_write_access(task, 1, 1, false)?;
            let next = lists.dirty_metadata(task, 1, 1)?;
            let freed = lists.unmap_buffer(task, 1)?;
            let lost = lists.dirty_metadata(task, 1, 1)?;
            let filed = DirtyMetadata::Filed { truncated: false };
            let all = (bad, good, next, freed, lost);
            let expected = (
                DirtyMetadata::BadHead,
                filed,
                filed,
                Unmapped::Freed,
                DirtyMetadata::BadHead,
            );
            task.check("heads", all == expected, || format!("{all:?}"));
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn a_buffer_that_is_only_reserved_is_not_filed() {
    for found in all(|world: &mut World| {
        let lists = JournalLists::new(world, &[true], &[], true, true);
        world.thread("one", move |task| {
            // Reserved by T0, and wanted by T1.
            lists.get_write_access(task, 0, 0, false)?;
            lists.get_write_access(task, 0, 1, false)?;
            task.check("reserved", !lists.peek_filed(0), || {
                "filed too early".into()
            });
            lists.dirty_metadata(task, 0, 1)?;
            task.check("filed", lists.peek_filed(0), || "not filed".into());
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}
