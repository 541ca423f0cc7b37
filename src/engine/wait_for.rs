//! The wait-for graph: who waits for what, and who alone can end that wait.

/// A path through the graph: each thread, what it waits for, and the thread that can end that.
pub(crate) type Path<W> = Vec<(usize, W, usize)>;

/// Follows the waits that start at `start`.
///
/// `next` gives what a thread waits for and the one thread that can end the wait, or `None` if
/// the thread can run, waits for nobody in particular, or is gone. Returns the path if it comes
/// back to `start`, or if it ends at a thread for which `gone` holds. A path into a cycle that
/// does not contain `start` returns `None`: that cycle was reported when it closed.
pub(crate) fn follow<W>(
    start: usize,
    next: impl Fn(usize) -> Option<(W, usize)>,
    gone: impl Fn(usize) -> bool,
) -> Option<(Path<W>, bool)> {
    let mut path: Path<W> = Vec::new();
    let mut at = start;
    loop {
        let Some((what, holder)) = next(at) else {
            return (gone(at) && !path.is_empty()).then_some((path, false));
        };
        path.push((at, what, holder));
        if holder == start {
            return Some((path, true));
        }
        if path.iter().any(|(thread, _, _)| *thread == holder) {
            return None;
        }
        at = holder;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn edges(list: &'static [(usize, usize)]) -> impl Fn(usize) -> Option<(String, usize)> {
        move |from| {
            let edge = list.iter().find(|(a, _)| *a == from)?;
            Some((format!("lock{}", edge.1), edge.1))
        }
    }

    #[test]
    fn finds_the_cycle_that_start_closes() {
        let (path, closed) = follow(0, edges(&[(0, 1), (1, 2), (2, 0)]), |_| false).unwrap();
        assert!(closed);
        assert_eq!(path.len(), 3);
    }

    #[test]
    fn a_thread_that_waits_for_itself_is_a_cycle_of_one() {
        let (path, closed) = follow(0, edges(&[(0, 0)]), |_| false).unwrap();
        assert!(closed);
        assert_eq!(path.len(), 1);
    }

    #[test]
    fn a_queue_behind_a_cycle_is_not_a_second_cycle() {
        assert_eq!(follow(0, edges(&[(0, 1), (1, 2), (2, 1)]), |_| false), None);
    }

    #[test]
    fn a_chain_that_ends_at_a_thread_that_left_is_reported_open() {
        let (path, closed) = follow(0, edges(&[(0, 1)]), |t| t == 1).unwrap();
        assert!(!closed);
        assert_eq!(path.len(), 1);
    }

    #[test]
    fn a_chain_that_ends_at_a_thread_that_runs_is_no_deadlock() {
        assert_eq!(follow(0, edges(&[(0, 1)]), |_| false), None);
    }
}
