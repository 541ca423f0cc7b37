//! The counterexamples, pinned: the same on every run and on every machine, in every format.

use crate::formats;
use pagelock::engine::replay;
use pagelock::model::Encoding;
use pagelock::protocols;
use pagelock::render::{Layout, screen};
use pagelock::spec;
use pagelock::trace::{Cycle, Trace};
use std::sync::Arc;

fn pin(spec: &str, design: &str, scenario: &str, property: Option<&str>) {
    let trace = counterexample(spec, design, scenario, property);
    let shown = screen(&trace, Layout::default());
    assert!(shown.is_ascii(), "a screen survives mail");
    assert!(shown.lines().count() <= 40, "a screen is forty lines");
    // The replay is one word.
    let lines = shown.lines().filter(|line| !line.starts_with("  replay"));
    assert!(
        lines.into_iter().all(|line| line.len() <= 100),
        "a screen is a hundred columns"
    );
    let name = match property {
        None => format!("{spec}-{design}-{scenario}"),
        Some(property) => format!("{spec}-{design}-{scenario}-{property}"),
    };
    insta::assert_snapshot!(name, shown);
    no_shorter_prefix_fails(&trace);
    what_is_folded_does_not_matter(&trace);
    formats::all(&trace);
}

pub(crate) fn counterexample(
    spec: &str,
    design: &str,
    scenario: &str,
    property: Option<&str>,
) -> Trace {
    let spec = protocols::find(spec).expect("the spec is listed");
    let found = spec::counterexample(
        spec,
        spec.design(design).expect("the design is listed"),
        spec.scenario(scenario).expect("the scenario is listed"),
        property,
    );
    found.expect("a result").expect("the design fails there")
}

fn encoding(trace: &Trace) -> Arc<dyn Encoding> {
    let spec = protocols::find(&trace.spec).expect("the spec is listed");
    let design = spec.design(&trace.design).expect("the design is listed");
    let scenario = (spec.scenario(&trace.scenario)).expect("the scenario is listed");
    spec.encoding(design, scenario)
}

/// The property is violated by the last operation of the schedule, and by none before.
fn no_shorter_prefix_fails(trace: &Trace) {
    let replayed = replay(&encoding(trace), &trace.schedule).expect("it fits");
    let mut same = (replayed.violations.iter()).filter(|violation| violation.0 == trace.property);
    assert_eq!(same.next().expect("it fails again").3, trace.schedule.len());
}

/// Without the operations that the failure is said not to depend on, it fails all the same.
fn what_is_folded_does_not_matter(trace: &Trace) {
    let causes = trace.causes();
    let operations = trace.events.iter().zip(causes);
    let operations = operations.filter(|(event, _)| event.operation.is_some());
    let turns = trace.schedule.iter().zip(operations);
    let matter: pagelock::trace::Schedule = turns
        .filter(|(_, (_, matters))| *matters)
        .map(|(turn, _)| *turn)
        .collect();
    let replayed = replay(&encoding(trace), &matter).expect("what is left fits");
    let shape = |cycle: &Option<Cycle>| cycle.as_ref().map(Cycle::shape);
    let fails = (replayed.violations.iter()).any(|(property, _, cycle, at)| {
        let same = *property == trace.property && shape(cycle) == shape(&trace.cycle);
        same && *at <= matter.len()
    });
    assert!(fails, "{} of {}", matter.len(), trace.schedule.len());
}

/// A test for each counterexample: a spec, then its designs in scenarios, and the property where it
/// is not the expected reason.
macro_rules! pinned {
    ($($module:ident = $spec:literal {
        $($test:ident = $design:literal in $scenario:literal $(against $property:literal)?;)+
    })+) => {
        $(mod $module {
            $(#[test]
            fn $test() {
                super::pin($spec, $design, $scenario, None$(.or(Some($property)))?);
            })+
        })+
    };
}

pinned! {
    ext4_journal_start = "ext4-journal-start" {
        flusher_commit_writer = "old" in "write";
        flusher_commit_fault = "old" in "fault";
        reclaim_commit_writer = "old" in "reclaim";
        two_pages = "old" in "pagevec";
        seven_threads = "old" in "stress";
        flusher_commit_ordered_data = "old" in "ordered";
        the_commit_waits_for_itself = "patched" in "ordered";
        a_handle_of_another_purpose = "patched" in "direct-reclaim";
        past_the_end_of_a_chunk = "patched" in "pagevec";
        a_forgotten_handle = "patched" in "no-memory";
        a_truncation_undone = "patched" in "truncate";
        a_size_past_a_delayed_block = "fixed" in "cyclic";
        the_same_by_write_end = "fixed" in "past-delayed";
    }
    page_mkwrite = "page-mkwrite" {
        before_the_pte_in_do_wp_page = "old" in "read-only";
        before_the_pte_in_do_fault = "old" in "absent";
        before_set_page_dirty_in_do_wp_page = "old" in "read-only" against "dirty-metadata";
        before_set_page_dirty_in_do_fault = "old" in "absent" against "dirty-metadata";
        a_lost_store_in_do_wp_page = "old" in "lost-store";
        an_unconverted_filesystem_in_do_wp_page = "patched" in "unconverted";
        an_unconverted_filesystem_loses_a_store = "patched" in "unconverted-lost-store";
        locked_taken_for_a_failure = "patched" in "wrapper";
        a_stress_scenario = "old" in "stress";
        no_thread_keeps_page_mkwrite_from_the_end_of_io = "fixed" in "careless";
    }
    ext4_writepage = "ext4-writepage" {
        a_dirty_block_without_a_place = "old" in "grow";
        the_livelock = "old" in "livelock";
        a_store_without_a_fault = "patched" in "down-up";
        page_mkwrite_returns_too_early = "patched" in "fault";
        a_buffer_that_stays_unwritten = "patched" in "unwritten-down";
    }
    ext4_journalled_writepage = "ext4-journalled-writepage" {
        a_look_up_that_must_not_fail = "old" in "hole-first";
        truncation_in_the_gap = "patched" in "truncate";
        buffers_without_references = "fixed2021a" in "truncate";
        reclaim_in_the_gap = "fixed2021" in "reclaim";
        fsync_in_the_gap = "fixed2021" in "fsync";
    }
    nfs_coalesce = "nfs-coalesce" {
        an_orphan_by_a_signal = "old" in "signal";
        an_orphan_by_an_error = "old" in "error";
        a_waiter_for_an_orphan = "old" in "waiter";
        an_fsync_after_an_fsync = "old" in "fsync-again";
        a_request_in_its_own_descriptor = "patched" in "need-flush";
        the_same_by_a_store = "patched" in "store";
        a_request_that_is_refused = "patched" in "no-memory";
        an_interrupted_page = "fixed" in "interrupted-pass";
        a_failed_page = "fixed" in "failed-page";
    }
}
