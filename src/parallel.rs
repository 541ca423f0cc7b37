//! Many independent pieces of work, on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

/// Does a piece of work for each item on all cores; the results are in the order of the items.
/// `progress` is called with the number of finished pieces and of all.
pub(crate) fn for_each<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<R> {
    for_each_with(items, || (), |(), item| work(item), progress)
}

/// The same, where each core keeps something from one piece of work to the next.
pub(crate) fn for_each_with<T: Sync, S, R: Send>(
    items: &[T],
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    progress(0, items.len());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let until_done = || {
        let mut kept = start();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let result = work(&mut kept, item);
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results[index] = Some(result);
            drop(results);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers.min(items.len()) {
            // Where the system has no more threads, those that there are do the work.
            if Builder::new().spawn_scoped(scope, until_done).is_err() {
                break;
            }
        }
        // This thread is one of them.
        until_done();
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Every index was taken by exactly one worker.
    results.into_iter().flatten().collect()
}
