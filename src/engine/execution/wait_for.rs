//! The wait-for graph: which thread waits for what, and which threads have to act for the wait to end.

use crate::engine::execution::sets::Threads;
use crate::trace::ThreadId;

/// A path through the graph: each thread, what it waits for, and one of the threads that have to act for that.
pub(crate) type Path<W> = Vec<(ThreadId, W, ThreadId)>;

/// Follows the waits that start at `start`.
///
/// `next` gives what a thread waits for and the threads that all have to act for the wait to end, or `None` if
/// the thread can run, waits for no thread in particular, or is gone. Since all have to act, a cycle through any of them
/// never opens. Returns every elementary cycle through `start`; if there is none, the first path that ends at a thread for
/// which `gone` holds. A path into a cycle that does not contain `start` is not followed: that cycle is reported by its
/// own threads.
pub(crate) fn follow<W: Clone>(
    start: ThreadId,
    next: impl Fn(ThreadId) -> Option<(W, Threads)>,
    gone: impl Fn(ThreadId) -> bool,
) -> Vec<(Path<W>, bool)> {
    // Most threads wait for nothing.
    if next(start).is_none() {
        return Vec::new();
    }
    let mut found: Vec<(Path<W>, bool)> = Vec::new();
    let mut open: Vec<Path<W>> = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let at = path.last().map_or(start, |(_, _, to)| *to);
        let Some((what, holders)) = next(at) else {
            if gone(at) && !path.is_empty() {
                found.push((path, false));
            }
            continue;
        };
        // The last is followed first, and the others in their order.
        let mut holders: Vec<ThreadId> = holders.iter().collect();
        holders.reverse();
        for holder in holders {
            let longer = || {
                let mut path = path.clone();
                path.push((at, what.clone(), holder));
                path
            };
            if holder == start {
                found.push((longer(), true));
            } else if holder != at && !path.iter().any(|(thread, ..)| *thread == holder) {
                open.push(longer());
            }
        }
    }
    if found.iter().any(|(_, closed)| *closed) {
        found.retain(|(_, closed)| *closed);
    } else {
        found.truncate(1);
    }
    found
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn edges(list: &'static [(usize, usize)]) -> impl Fn(ThreadId) -> Option<(String, Threads)> {
        move |from| {
            let from = from.index();
            let mut threads = Threads::default();
            let own = list.iter().filter(|(a, _)| *a == from);
            own.for_each(|(_, to)| threads.insert(ThreadId::new(*to)));
            (!threads.is_empty()).then(|| (format!("what {from} wants"), threads))
        }
    }

    /// The threads of each path, and whether it is closed.
    fn followed(
        list: &'static [(usize, usize)],
        gone: impl Fn(usize) -> bool,
    ) -> Vec<(Vec<usize>, bool)> {
        let paths =
            follow(ThreadId::new(0), edges(list), |thread| gone(thread.index())).into_iter();
        paths
            .map(|(path, closed)| {
                (
                    path.into_iter().map(|(from, ..)| from.index()).collect(),
                    closed,
                )
            })
            .collect()
    }

    #[test]
    fn finds_the_cycle_that_start_closes() {
        let found = followed(&[(0, 1), (1, 2), (2, 0)], |_| false);
        assert_eq!(found, [(vec![0, 1, 2], true)]);
    }

    #[test]
    fn a_thread_that_waits_for_itself_is_a_cycle_of_one() {
        assert_eq!(followed(&[(0, 0)], |_| false), [(vec![0], true)]);
    }

    #[test]
    fn a_queue_behind_a_cycle_is_not_a_second_cycle() {
        assert_eq!(followed(&[(0, 1), (1, 2), (2, 1)], |_| false), []);
    }

    #[test]
    fn a_chain_that_ends_at_a_thread_that_left_is_reported_open() {
        assert_eq!(followed(&[(0, 1)], |t| t == 1), [(vec![0], false)]);
    }

    #[test]
    fn a_chain_that_ends_at_a_thread_that_runs_is_no_deadlock() {
        assert_eq!(followed(&[(0, 1)], |_| false), []);
    }

    #[test]
    fn a_wait_for_two_threads_is_in_a_cycle_by_either() {
        let found = followed(&[(0, 1), (0, 2), (2, 0)], |_| false);
        assert_eq!(found, [(vec![0, 2], true)]);
        let found = followed(&[(0, 1), (0, 2), (1, 0), (2, 1), (2, 0)], |_| false);
        assert_eq!(
            found,
            [
                (vec![0, 1], true),
                (vec![0, 2], true),
                (vec![0, 2, 1], true)
            ]
        );
    }

    #[test]
    fn a_thread_that_also_waits_for_itself_is_no_part_of_a_longer_cycle_by_that() {
        let found = followed(&[(0, 1), (1, 0), (1, 1)], |_| false);
        assert_eq!(found, [(vec![0, 1], true)]);
    }

    #[test]
    fn a_closed_cycle_is_told_and_not_the_chain_beside_it() {
        assert_eq!(
            followed(&[(0, 1), (0, 2), (2, 0)], |t| t == 1),
            [(vec![0, 2], true)]
        );
    }
}
