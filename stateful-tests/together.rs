//! Clauses that are needed only together: what the sentences on single clauses refer to.

use pagelock::engine::{NO_DEADLOCK, Strategy, search};
use pagelock::protocols::page_mkwrite::{MAPPING_BEFORE_UNLOCK, NO_NULL_MAPPING, TEST_MAPPING};
use pagelock::protocols::{ext4_journal_start as journal_start, page_mkwrite as mkwrite};
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

/// Both halves of P-C10: truncation clears `page->mapping` before it is followed.
#[test]
fn a_mapping_that_is_gone_is_followed_where_neither_clause_is() {
    let none: [&str; 0] = [];
    for scenario in ["throttled", "throttled-absent"] {
        for clause in [TEST_MAPPING, MAPPING_BEFORE_UNLOCK] {
            assert_eq!(violated(&mkwrite::SPEC, 1, &[clause], scenario), none);
        }
        let both = [TEST_MAPPING, MAPPING_BEFORE_UNLOCK];
        let broken = violated(&mkwrite::SPEC, 1, &both, scenario);
        assert_eq!(broken, [NO_NULL_MAPPING]);
        // The old design has one of them only.
        let broken = violated(&mkwrite::SPEC, 0, &[TEST_MAPPING], scenario);
        assert!(broken.contains(&NO_NULL_MAPPING.to_string()), "{broken:?}");
    }
}
