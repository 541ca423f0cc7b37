//! Shards put together again, and what is refused.

use super::shard::plan;
use super::verify::Fingerprints;
use super::{Job, Selection, Shard, Workers, merge, run_all, write_shard};
use crate::protocols::ALL;

fn selection(scenario: &str) -> Selection {
    Selection {
        targets: vec!["nfs-coalesce/old".to_string()],
        scenario: Some(scenario.to_string()),
        ..Selection::default()
    }
}

/// The files of all shards of a check.
fn files(selection: &Selection, of: usize) -> Vec<(String, String)> {
    let all = selection.jobs(ALL).unwrap();
    let shard = |number: usize| {
        let shard = Shard { number, of };
        let own: Vec<Job> = shard.share(&all).into_iter().map(|(_, job)| job).collect();
        let results = run_all(&own, &Workers::Threads, &|_, _| ());
        let text = write_shard(shard, selection, &all, results).unwrap();
        (format!("{number}.jsonl"), text)
    };
    (1..=of).map(shard).collect()
}

fn refused(files: &[(String, String)]) -> String {
    merge(ALL, files).unwrap_err().to_string()
}

#[test]
fn one_shard_is_the_whole_check() {
    let selection = selection("store");
    let (again, merged) = merge(ALL, &files(&selection, 1)).unwrap();
    assert_eq!(again, selection);
    let here = run_all(&selection.jobs(ALL).unwrap(), &Workers::Threads, &|_, _| ());
    assert_eq!(merged.len(), here.len());
    for (merged, here) in merged.into_iter().zip(here) {
        let (merged, here) = (merged.unwrap(), here.unwrap());
        assert_eq!(merged.search.statistics, here.search.statistics);
        assert_eq!(merged.search.findings, here.search.findings);
        assert_eq!(merged.search.outcomes, here.search.outcomes);
        assert_eq!(
            (merged.verdict, merged.differs),
            (here.verdict, here.differs)
        );
    }
}

#[test]
fn the_parts_of_a_sample_are_as_many_executions_as_the_whole() {
    let selection = selection("store");
    let files = files(&selection, 3);
    let (_, merged) = merge(ALL, &files).unwrap();
    let jobs = selection.jobs(ALL).unwrap();
    let mut samples = 0;
    for (job, run) in jobs.iter().zip(merged) {
        let run = run.unwrap();
        let statistics = &run.search.statistics;
        assert_eq!(run.differs, None);
        if !job.strategy.is_exhaustive() {
            let whole = run_all(std::slice::from_ref(job), &Workers::Threads, &|_, _| ())
                .remove(0)
                .unwrap();
            assert_eq!(statistics.executions, whole.search.statistics.executions);
            assert!(
                statistics.strategy.ends_with("in 3 parts"),
                "{}",
                statistics.strategy
            );
            let first = run.search.findings[0].first.as_ref().unwrap();
            assert!(first.execution <= statistics.executions);
            samples += 1;
        }
    }
    assert_eq!(samples, 2);
    // Whatever the order of the files.
    let turned: Vec<_> = files.into_iter().rev().collect();
    assert!(merge(ALL, &turned).is_ok());
}

#[test]
fn a_missing_a_repeated_and_a_foreign_shard_are_refused() {
    let (halves, thirds) = (files(&selection("store"), 2), files(&selection("store"), 3));
    let [one, two] = [halves[0].clone(), halves[1].clone()];
    assert!(refused(&[]).starts_with("there is nothing to merge"));
    assert_eq!(refused(std::slice::from_ref(&two)), "missing: shard 1/2");
    let copy = ("copy.jsonl".to_string(), one.1.clone());
    let message = "shard 1/2 comes twice, in 1.jsonl and in copy.jsonl: leave one of them out";
    assert_eq!(refused(&[one.clone(), two, copy]), message);
    let third = ("third.jsonl".to_string(), thirds[1].1.clone());
    let message = "third.jsonl is foreign: it is one of 3 shards, and 1.jsonl is one of 2";
    assert_eq!(refused(&[one.clone(), third]), message);
    let other = files(&selection("signal"), 2).remove(1);
    let message = "2.jsonl is foreign: it is of another selection than 1.jsonl";
    assert_eq!(refused(&[one, other]), message);
}

#[test]
fn shards_of_other_models_are_refused() {
    let halves = files(&selection("store"), 2);
    let all = selection("store").jobs(ALL).unwrap();
    let here = plan(&selection("store"), &all, &Fingerprints::default()).unwrap();
    let [one, two] =
        [&halves[0].1, &halves[1].1].map(|text| text.replace(&here, "0123456789abcdef"));
    let both = [("1".to_string(), one.clone()), ("2".to_string(), two)];
    let message = refused(&both);
    assert!(
        message.starts_with("1 is foreign: it was made of the models 0123456789abcdef"),
        "{message}"
    );
    let message = refused(&[("1".to_string(), one), halves[1].clone()]);
    assert!(message.contains("0123456789abcdef"), "{message}");
}

#[test]
fn what_is_damaged_is_refused_where_it_is_damaged() {
    let whole = files(&selection("store"), 1).remove(0).1;
    let lines: Vec<&str> = whole.lines().collect();
    let of = |lines: &[&str]| refused(&[("a".to_string(), lines.join("\n"))]);
    assert_eq!(
        of(&lines[..lines.len() - 1]),
        "a has no end: the shard was interrupted; run it again"
    );
    assert!(of(&lines[1..]).contains("line 1: no schema"));
    assert!(of(&[]).contains("the file is empty"));
    assert!(of(&["verdicts"]).contains("line 1: expected value"));
    let newer = lines[0].replace("pagelock-shard/2", "pagelock-shard/3");
    assert!(of(&[&newer, lines[1]]).contains("has the schema `pagelock-shard/3`"));
    let mut damaged = lines.clone();
    damaged[2] = &damaged[2][..40];
    assert!(of(&damaged).contains("line 3: EOF"), "{}", of(&damaged));
    damaged.remove(2);
    assert!(of(&damaged).contains("are announced"), "{}", of(&damaged));
    for (shards, why) in [
        ("0", "counted from 1 to 0"),
        ("18446744073709551615", "at most 10000"),
    ] {
        let header = lines[0].replace("\"of\":1}", &format!("\"of\":{shards}}}"));
        assert!(of(&[&header, lines[1]]).contains(why), "{header}");
    }
    let mut swapped = lines;
    swapped.swap(1, 2);
    assert!(
        of(&swapped).contains("line 2: the search is not the shard's"),
        "{}",
        of(&swapped)
    );
}
