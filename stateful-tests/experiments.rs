//! Models that no scenario lists: what only other sizes tell. Each is here since a mutant of a model survived
//! the scenarios (.cargo/mutants.toml).

use pagelock::engine::{Search, Strategy, search};
use pagelock::kernel::{BufferHead, Found};
use pagelock::model::Encoding;
use pagelock::protocols::{ext4_journal_start as journal_start, ext4_small_blocks as small_blocks};
use pagelock::protocols::{ext4_journalled_writepage, ext4_writepage};
use pagelock::spec::Variant;
use std::sync::Arc;

const DIRTY: BufferHead = BufferHead::DIRTY;
const DELAYED: BufferHead = BufferHead::DELAYED;

fn states(encoding: &Arc<dyn Encoding>) -> Search {
    search(encoding, &Strategy::ExplicitState).expect("a result")
}

/// f0e6c98593eb: a clean hole is no reason to put a page back.
#[test]
fn a_clean_hole_is_work_until_only_dirty_blocks_are() {
    use journal_start::{Config, SPEC, encoding};
    const CONFIG: Config = Config {
        pages: &[&[DIRTY, BufferHead::HOLE], &[DELAYED, DELAYED]],
        size: 4,
        reclaim: Some(0),
        commits: 0,
        ..Config::BASE
    };
    for (design, redirties) in [(1, true), (2, false)] {
        let found = states(&encoding(&Variant::from(&SPEC.designs[design]), &CONFIG));
        assert_eq!(found.reached.contains("writepage-redirties"), redirties);
        assert!(found.findings.is_empty());
    }
}

#[test]
fn a_chunk_that_finds_no_page_is_no_second_chunk() {
    use journal_start::{Config, Flush, SPEC, encoding};
    let flush = Flush {
        nr_to_write: 2,
        chunk: 1,
        pagevec: 1,
        start: 0,
    };
    let config = Config {
        flush: Some(flush),
        ..Config::BASE
    };
    for design in &SPEC.designs[1..] {
        let found = states(&encoding(&Variant::from(design), &config));
        assert!(!found.reached.contains("second-chunk"), "{}", design.name);
    }
}

#[test]
fn a_lost_store_is_named_by_its_block_in_the_file() {
    use ext4_writepage::SPEC;
    use small_blocks::{Config, Op, STORE, encoding};
    const CONFIG: Config = Config {
        disk: &[Found::Written, Found::Written, Found::Written, Found::Hole],
        buffers: &[DIRTY, DIRTY, DIRTY, BufferHead::DIRTY_HOLE],
        size: 3,
        stored: &[0, 1, 2],
        processes: &[("process", &[Op::Truncate(4), Op::Store(3)])],
        flusher: Some(2),
        ..Config::BASE
    };
    let patched = SPEC.patched().expect("it is patched");
    let found = states(&encoding(&Variant::from(patched), &CONFIG));
    let message = &found.finding(STORE).expect("violated").message;
    assert!(message.contains("the store to block 3 is"), "{message}");
}

#[test]
fn the_journal_has_the_blocks_of_a_second_page() {
    use ext4_journalled_writepage::SPEC;
    use small_blocks::{Config, Mapped, Mode, Op, encoding};
    const ON_DISK: BufferHead = BufferHead::ON_DISK;
    const FAULT: Config = Config {
        mode: Mode::Journalled,
        disk: &[Found::Written; 4],
        buffers: &[ON_DISK, ON_DISK, BufferHead::HOLE, BufferHead::HOLE],
        size: 4,
        mapped: Mapped::No,
        stored: &[],
        processes: &[("process", &[Op::Store(2), Op::Fsync])],
        ..Config::BASE
    };
    const GONE: Config = Config {
        buffers: &[ON_DISK; 4],
        mapped: Mapped::Gone,
        stored: &[2],
        processes: &[("process", &[Op::Fsync])],
        ..FAULT
    };
    let fixed = SPEC.designs.last().expect("designs");
    for config in [FAULT, GONE] {
        let found = states(&encoding(&Variant::from(fixed), &config));
        let broken: Vec<&str> = found.findings.iter().map(|f| f.property.as_str()).collect();
        assert!(broken.is_empty(), "{broken:?}");
    }
}
