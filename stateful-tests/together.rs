//! Clauses that are needed only together: what the sentences on single clauses refer to.

use pagelock::engine::{NO_DEADLOCK, Strategy, search};
use pagelock::kernel::BufferHead;
use pagelock::protocols::page_mkwrite::{MAPPING_BEFORE_UNLOCK, NO_NULL_MAPPING, TEST_MAPPING};
use pagelock::protocols::{
    ext4_journal_start as journal_start, nfs_coalesce as nfs, page_mkwrite as mkwrite,
};
use pagelock::spec::{Clause, Spec, Variant};

/// What a design violates in a scenario without some clauses.
fn violated(spec: &Spec, design: usize, without: &[Clause], scenario: &str) -> Vec<String> {
    let mut variant = Variant::from(&spec.designs[design]);
    for clause in without {
        variant = variant.without(clause);
    }
    let scenario = spec.scenario(scenario).expect("the scenario is listed");
    let encoding = (spec.encode)(&variant, scenario);
    let found = search(&encoding, &Strategy::ExplicitState).expect("a result");
    found.findings.into_iter().map(|f| f.property).collect()
}

/// J-B1 hides behind the assertion of the other clause.
#[test]
fn the_inversion_is_back_where_neither_clause_is() {
    use journal_start::{CALLERS_HANDLE, HANDLE_FIRST, SPEC};
    let none: [&str; 0] = [];
    assert_eq!(violated(&SPEC, 1, &[CALLERS_HANDLE], "write"), none);
    let first = violated(&SPEC, 1, &[HANDLE_FIRST], "write");
    assert!(!first.contains(&NO_DEADLOCK.to_string()), "{first:?}");
    let both = violated(&SPEC, 1, &[HANDLE_FIRST, CALLERS_HANDLE], "write");
    assert!(both.contains(&NO_DEADLOCK.to_string()), "{both:?}");
}

/// What pte-same makes redundant: a pte maps a page that has left its file.
#[test]
fn a_page_that_has_left_its_file_is_mapped_where_neither_clause_is() {
    use mkwrite::{MAPPING, PTE_SAME, RECHECK_IN_WP, SPEC};
    let none: [&str; 0] = [];
    for clause in [PTE_SAME, RECHECK_IN_WP] {
        assert_eq!(violated(&SPEC, 1, &[clause], "unconverted-truncate"), none);
    }
    let both = violated(&SPEC, 1, &[PTE_SAME, RECHECK_IN_WP], "unconverted-truncate");
    assert!(both.contains(&MAPPING.to_string()), "{both:?}");
}

/// What the old design leaves under writeback, another fsync locks and waits for: no thread is left that would send it.
#[test]
fn an_fsync_beside_one_that_is_interrupted() {
    use nfs::{SPEC, TWO_FSYNCS};
    for (design, deadlocks) in SPEC.designs.iter().zip([true, false, false]) {
        let encoding = nfs::encoding(&design.into(), &TWO_FSYNCS);
        let found = search(&encoding, &Strategy::ExplicitState).expect("a result");
        let found = found.finding(NO_DEADLOCK).is_some();
        assert_eq!(found, deadlocks, "{}", design.name);
    }
}

/// A sparse write, and a hole that nothing fills: both read as zeroes after a crash, as they have to.
#[test]
fn a_hole_may_lie_below_the_size_on_disk() {
    use journal_start::{Config, Flush, SPEC, encoding};
    let hole: &[BufferHead] = &[BufferHead::HOLE];
    let pages: &'static [&'static [BufferHead]] = Box::leak(Box::new([hole, hole]));
    let flush = Flush {
        nr_to_write: 2,
        chunk: 1,
        pagevec: 1,
        start: 0,
    };
    let sparse = Config {
        pages,
        size: 0,
        writers: &[1],
        flush: Some(flush),
        ..Config::BASE
    };
    let alone = Config {
        pages: &pages[..1],
        size: 1,
        ..Config::BASE
    };
    for config in [sparse, alone] {
        for design in &SPEC.designs[1..] {
            let encoding = encoding(&design.into(), &config);
            let found = search(&encoding, &Strategy::ExplicitState).expect("a result");
            assert_eq!(found.findings, [], "{}", design.name);
        }
    }
}

/// A page fault beside a truncation: `i_alloc_sem` keeps it from advancing the size that truncation has lowered.
#[test]
fn a_fault_undoes_a_truncation_without_i_alloc_sem() {
    use journal_start::{ALLOC_SEM, Config, Flush, SPEC, TRUNCATION, encoding};
    let config = Config {
        pages: &[&[BufferHead::HOLE]],
        faults: &[0],
        flush: Some(Flush {
            nr_to_write: 1,
            chunk: 1,
            pagevec: 1,
            start: 0,
        }),
        truncate: Some(0),
        ..Config::BASE
    };
    let fixed = Variant::from(SPEC.design("fixed").expect("listed"));
    let violated = |variant: &Variant| {
        let found = search(&encoding(variant, &config), &Strategy::ExplicitState);
        let findings = found.expect("a result").findings.into_iter();
        findings.map(|finding| finding.property).collect::<Vec<_>>()
    };
    assert_eq!(violated(&fixed), [""; 0]);
    let without = violated(&fixed.without(&ALLOC_SEM));
    assert!(without.contains(&TRUNCATION.to_string()), "{without:?}");
}

/// Both halves of P-C10: truncation clears `page->mapping` before it is followed.
#[test]
fn a_mapping_that_is_gone_is_followed_where_neither_clause_is() {
    let none: [&str; 0] = [];
    for clause in [TEST_MAPPING, MAPPING_BEFORE_UNLOCK] {
        assert_eq!(violated(&mkwrite::SPEC, 1, &[clause], "throttled"), none);
    }
    let both = [TEST_MAPPING, MAPPING_BEFORE_UNLOCK];
    let broken = violated(&mkwrite::SPEC, 1, &both, "throttled");
    assert_eq!(broken, [NO_NULL_MAPPING]);
    // The old design has one of them only.
    let broken = violated(&mkwrite::SPEC, 0, &[TEST_MAPPING], "throttled");
    assert!(broken.contains(&NO_NULL_MAPPING.to_string()), "{broken:?}");
}
