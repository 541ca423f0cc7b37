//! A language for protocols that is small enough to be enumerated by hand-written code.

use std::fmt;

/// A concurrent program: locks and cells that hold numbers, and one list of instructions for each
/// thread. Every thread has one local number, which starts at zero.
#[derive(Clone)]
pub(super) struct Protocol {
    /// The first value behind each lock.
    pub(super) locks: Vec<i64>,
    /// The first value of each cell.
    pub(super) cells: Vec<i64>,
    pub(super) threads: Vec<Vec<Instruction>>,
}

/// One line of a thread's program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instruction {
    pub(super) action: Action,
    /// The line is skipped unless the thread's local number is this one.
    pub(super) only_if: Option<i64>,
}

/// What a line does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    Acquire(usize),
    Release(usize),
    /// Reads or changes what a lock protects; the thread holds it.
    Touch(usize, Effect),
    /// Reads or changes a cell.
    Step(usize, Effect),
    /// Waits until the condition holds of the cell, and takes a step on it then.
    Await {
        cell: usize,
        until: Condition,
        effect: Effect,
        /// The only thread that can make the condition hold, if there is one.
        by: Option<usize>,
    },
    /// Goes nowhere from here, with all that the thread holds.
    Leave,
}

/// How one number and the thread's local number change together.
#[derive(Debug, Clone, Copy)]
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
}

/// What a thread may wait for.
#[derive(Debug, Clone, Copy)]
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
}

/// How far a thread has come, and with which local number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) thread: usize,
    pub(super) line: usize,
    pub(super) local: i64,
}

/// The state that an execution ends in: where each thread is, and every number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ending {
    pub(super) places: Vec<Place>,
    pub(super) locks: Vec<i64>,
    pub(super) cells: Vec<i64>,
}

impl Effect {
    /// Changes the number, and returns the new local one.
    pub(super) fn apply(self, number: &mut i64, local: i64) -> i64 {
        match self {
            Self::Add(more) => {
                *number += more;
                local
            }
            Self::Set(value) => {
                *number = value;
                local
            }
            Self::Read => *number,
            Self::Store(more) => {
                *number = local + more;
                local
            }
            Self::Swap { from, to } if *number == from => {
                *number = to;
                local + 1
            }
            Self::Nothing | Self::Swap { .. } => local,
            Self::Bits { mask, bits } => {
                *number = (*number & !mask) | bits;
                local
            }
        }
    }

    /// Whether the thread may learn something from it.
    fn informs(self) -> bool {
        matches!(self, Self::Read | Self::Swap { .. })
    }
}

impl Condition {
    pub(super) fn holds(self, number: i64, local: i64) -> bool {
        match self {
            Self::Is(value) => number == value,
            Self::AtLeast(value) => number >= value,
            Self::Differs => number != local,
            Self::BitsAreNot { mask, bits } => number & mask != bits,
        }
    }
}

impl Action {
    /// The same action, for threads with this local number only.
    pub(super) const fn only_if(self, local: i64) -> Instruction {
        Instruction {
            action: self,
            only_if: Some(local),
        }
    }

    fn informs(self) -> bool {
        match self {
            Self::Touch(_, effect) | Self::Step(_, effect) | Self::Await { effect, .. } => {
                effect.informs()
            }
            Self::Acquire(_) | Self::Release(_) | Self::Leave => false,
        }
    }
}

impl From<Action> for Instruction {
    fn from(action: Action) -> Self {
        Self {
            action,
            only_if: None,
        }
    }
}

/// A step that waits for a condition that any thread may bring about.
pub(super) const fn wait(cell: usize, until: Condition, effect: Effect) -> Action {
    Action::Await {
        cell,
        until,
        effect,
        by: None,
    }
}

/// A thread's program, line by line.
macro_rules! program {
    ($($line:expr),* $(,)?) => {
        vec![$($crate::completeness::language::Instruction::from($line)),*]
    };
}
pub(super) use program;

impl Protocol {
    /// A protocol with so many locks and cells, all of them zero at first.
    ///
    /// A thread that learns something gets a cell of its own, in which it leaves its local number
    /// at the end: so what the threads have learnt together is part of the final values.
    pub(super) fn new(locks: usize, cells: usize, mut threads: Vec<Vec<Instruction>>) -> Self {
        let mut cells = vec![0; cells];
        for program in &mut threads {
            if program.iter().any(|line| line.action.informs()) {
                program.push(Action::Step(cells.len(), Effect::Store(0)).into());
                cells.push(0);
            }
        }
        Self {
            locks: vec![0; locks],
            cells,
            threads,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            thread,
            line,
            local,
        } = self;
        write!(f, "thread {thread} at line {line} with {local}")
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "end of ")?;
        for place in &self.places {
            write!(f, "{place}, ")?;
        }
        write!(f, "locks {:?}, cells {:?}", self.locks, self.cells)
    }
}

/// Shown line by line, so that a protocol that fails can be read and written down as a test.
impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "locks {:?}, cells {:?}", self.locks, self.cells)?;
        for (thread, program) in self.threads.iter().enumerate() {
            writeln!(f, "thread {thread}:")?;
            for (line, Instruction { action, only_if }) in program.iter().enumerate() {
                let only_if = only_if.map_or(String::new(), |local| format!(" only if {local}"));
                writeln!(f, "  {line} {action:?}{only_if}")?;
            }
        }
        Ok(())
    }
}
