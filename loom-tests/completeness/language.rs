//! A language for concurrent programs, as plain data.
//!
//! Every tree is a program: a release of what is not held does nothing, and so on. So any part of a program can be
//! taken away, and what is left can be run. What a wait promises (who ends it) is not checked here: see
//! [`generate`](super::generate) and [`breach`](super::breach).

use std::fmt;

/// A concurrent program. Each thread has one local number, which starts at zero.
#[derive(Debug, Clone)]
pub(super) struct Program {
    /// So many objects that no thread touches are made before all others.
    pub(super) padding: usize,
    /// The first value behind each lock.
    pub(super) locks: Vec<i64>,
    /// The first value of each cell.
    pub(super) cells: Vec<i64>,
    /// The reader-writer semaphores.
    pub(super) semaphores: Vec<Fairness>,
    pub(super) threads: Vec<Vec<Stmt>>,
    /// Each is a check of its own at the end.
    pub(super) finals: Vec<Final>,
}

/// Whether a semaphore has a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fairness {
    Fair,
    Unfair,
}

/// A statement of a thread.
#[derive(Debug, Clone)]
pub(super) enum Stmt {
    Acquire(usize),
    /// Releases a lock that the same frame (thread or scope) has acquired.
    Release(usize),
    /// Reads or changes what a lock protects, if the frame has acquired it.
    Touch(usize, Effect),
    /// Reads or changes a cell.
    Step(usize, Effect),
    /// Waits until the condition holds of the cell, and takes a step on it then.
    Await {
        cell: usize,
        until: Condition,
        effect: Effect,
        by: By,
    },
    /// Waits for one of two conditions; the local number is 1 if only the second one holds then, or else 0.
    Interruptible {
        cell: usize,
        done: Condition,
        signalled: Condition,
        by: By,
    },
    /// Branches on the local number.
    If(Condition, Vec<Stmt>, Vec<Stmt>),
    /// Repeats at most so often, until the condition holds of the local number.
    Loop {
        times: u8,
        until: Option<Condition>,
        body: Vec<Stmt>,
    },
    /// `Task::scope`. Its result is the local number at its end, or nothing.
    Scope {
        keeps: bool,
        body: Vec<Stmt>,
    },
    /// `Task::covering_waits`, or `covering_waits_for` a holder.
    Covering {
        point: usize,
        lock: usize,
        holder: Option<usize>,
        body: Vec<Stmt>,
    },
    /// Returns from the scope or from the thread.
    Return,
    /// A failed assertion; nothing where the thread holds a semaphore.
    Bug,
    Leave,
    /// A property of the local number, of the cell of the operation before, or of what a lock protects that the
    /// frame has acquired.
    Check {
        property: usize,
        of: Of,
        holds: Condition,
    },
    /// A point with the number, the thread and its local number in its name.
    Reach(usize),
    Semaphore(usize, Action),
}

/// What a thread does to a semaphore. The last two are nothing where the frame has no guard for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    DownRead,
    DownWrite,
    /// The local number is 1 if it succeeds, or else 0.
    TryRead,
    /// Drops the guard that the frame got last.
    Up,
    /// Makes a reader of the writer that the frame's last guard is.
    Downgrade,
}

/// What a check looks at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    Local,
    Cell(usize),
    Lock(usize),
}

/// Which threads can end a wait, as the wait declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum By {
    AnyThread,
    Thread(usize),
    /// The thread that the cell's value names: see [`owner`].
    Owner,
    /// Any thread, and it may never end.
    Work,
}

/// A property of the end: of a cell or of what a lock protects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Final {
    pub(super) of: Of,
    pub(super) holds: Condition,
}

/// How one number and the thread's local number change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Effect {
    Nothing,
    Add(i64),
    Set(i64),
    /// Copies the number to the local one.
    Read,
    /// Copies the local number, and adds something.
    Store(i64),
    /// Changes the number if it is `from`; the local number counts the successes.
    Swap {
        from: i64,
        to: i64,
    },
    /// Replaces the bits of a mask.
    Bits {
        mask: i64,
        bits: i64,
    },
    /// Makes the number `to` if it names no owner, or this thread; the local number is 1 if so, or else 0.
    Hand {
        by: usize,
        to: i64,
    },
}

/// A property of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Condition {
    Is(i64),
    AtLeast(i64),
    /// The number is not the local one.
    Differs,
    /// The bits of a mask are not these.
    BitsAreNot {
        mask: i64,
        bits: i64,
    },
    /// What is left of the number without its owner is this.
    DataIs(i64),
}

/// A number with an owner: the last digit is 0 for no owner, and 1 for the first thread.
pub(super) const fn owned(data: i64, owner: Option<i64>) -> i64 {
    let digit = match owner {
        Some(thread) => thread + 1,
        None => 0,
    };
    10 * data + digit
}

/// The thread that a number names.
pub(super) fn owner(number: i64) -> Option<usize> {
    usize::try_from(number.rem_euclid(10)).ok()?.checked_sub(1)
}

impl Effect {
    /// Changes the number, and returns the new local one.
    pub(super) fn apply(self, number: &mut i64, local: i64) -> i64 {
        match self {
            Self::Add(more) => *number += more,
            Self::Set(value) => *number = value,
            Self::Read => return *number,
            Self::Store(more) => *number = local + more,
            Self::Swap { from, to } if *number == from => {
                *number = to;
                return local + 1;
            }
            Self::Nothing | Self::Swap { .. } => (),
            Self::Bits { mask, bits } => *number = (*number & !mask) | bits,
            Self::Hand { by, to } => {
                let may = owner(*number).is_none_or(|owner| owner == by);
                if may {
                    *number = to;
                }
                return i64::from(may);
            }
        }
        local
    }
}

impl Condition {
    pub(super) fn holds(self, number: i64, local: i64) -> bool {
        match self {
            Self::Is(value) => number == value,
            Self::AtLeast(value) => number >= value,
            Self::Differs => number != local,
            Self::BitsAreNot { mask, bits } => number & mask != bits,
            Self::DataIs(data) => number.div_euclid(10) == data,
        }
    }
}

impl Stmt {
    /// The same, for threads with this local number only.
    pub(super) fn only_if(self, local: i64) -> Self {
        Self::If(Condition::Is(local), vec![self], Vec::new())
    }

    /// Whether the thread may learn something from it.
    fn informs(&self) -> bool {
        match self {
            Self::Touch(_, effect) | Self::Step(_, effect) | Self::Await { effect, .. } => {
                matches!(effect, Effect::Read | Effect::Swap { .. })
            }
            Self::If(_, yes, no) => yes.iter().chain(no).any(Self::informs),
            _ => false,
        }
    }
}

/// A step that waits for a condition that any thread may bring about.
pub(super) const fn wait(cell: usize, until: Condition, effect: Effect) -> Stmt {
    Stmt::Await {
        cell,
        until,
        effect,
        by: By::AnyThread,
    }
}

impl Program {
    /// A program of nothing but threads, with so many locks and cells, all of them zero at first.
    pub(super) fn plain(locks: usize, cells: usize, threads: Vec<Vec<Stmt>>) -> Self {
        Self {
            padding: 0,
            locks: vec![0; locks],
            cells: vec![0; cells],
            semaphores: Vec::new(),
            threads,
            finals: Vec::new(),
        }
    }

    /// The same, where each thread that learns something gets a cell of its own, in which it leaves its local
    /// number at the end: so what the threads have learnt together is part of the final values.
    pub(super) fn new(locks: usize, cells: usize, mut threads: Vec<Vec<Stmt>>) -> Self {
        let mut own = cells;
        for body in &mut threads {
            if body.iter().any(Stmt::informs) {
                body.push(Stmt::Step(own, Effect::Store(0)));
                own += 1;
            }
        }
        Self::plain(locks, own, threads)
    }
}

/// Shown as an expression that makes the program.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").replace('[', "vec!["))
    }
}

/// The name of a point that a statement reaches.
pub(super) fn point(number: usize, thread: usize, local: i64) -> String {
    format!("point {number} of thread {thread} with {local}")
}

/// The name of the point that a thread reaches where it returns.
pub(super) fn returned(thread: usize, local: i64) -> String {
    format!("thread {thread} returns with {local}")
}

/// The name of the point of the values at the end.
pub(super) fn ended(locks: &[i64], cells: &[i64]) -> String {
    format!("the end has locks {locks:?} and cells {cells:?}")
}

/// The names of the points of waits, of which there are so many.
pub(super) const WAIT_POINTS: [&str; 4] = ["wait 0", "wait 1", "wait 2", "wait 3"];
/// The names of threads.
pub(super) const THREADS: [&str; 4] = ["thread 0", "thread 1", "thread 2", "thread 3"];
/// The classes of locks.
pub(super) const CLASSES: [&str; 5] = ["class 0", "class 1", "class 2", "class 3", "class 4"];
/// The properties that threads check.
pub(super) const PROPERTIES: [&str; 3] = ["property 0", "property 1", "property 2"];
/// The properties of the end.
pub(super) const FINALS: [&str; 2] = ["final 0", "final 1"];
/// The property that a failed assertion violates.
pub(super) const BUG: &str = "bug";
