//! Programs that keep what their waits promise.
//!
//! Each cell is of a kind, which says what a thread may do there. A program that was drawn without a thought of that
//! is made lawful statement by statement, so that what is left of it when some are taken away is lawful too.

use super::language::{By, Condition, Effect, Program, Stmt, owned, owner};

/// So many locks has a program that is drawn.
pub(super) const LOCKS: usize = 2;

/// What threads may do to a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Anything.
    Free,
    /// Only this thread changes it, and waits there are for that thread.
    Of(usize),
    /// Only the thread that its number names changes it, or any if it names no thread.
    Owned,
    /// Any thread adds to it, and these, as bits, take away what they have waited for.
    Work(u8),
}

/// A program that is drawn, and the kinds of its cells.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    pub(super) kinds: Vec<Kind>,
    pub(super) program: Program,
}

/// The program with each statement made into one that its cell allows, and the kinds of its cells.
pub(super) fn lawful(drawn: &Drawn) -> (Program, Vec<Kind>) {
    let mut program = drawn.program.clone();
    let mut kinds = drawn.kinds.clone();
    let threads = program.threads.len();
    for (kind, number) in kinds.iter_mut().zip(&mut program.cells) {
        match kind {
            // Some begin with an owner.
            Kind::Owned => *number = owned(0, (*number == 1).then_some(0)),
            Kind::Of(by) => *by %= threads,
            Kind::Free | Kind::Work(_) => (),
        }
    }
    let mut used = false;
    for (thread, body) in program.threads.iter_mut().enumerate() {
        let mut mender = Mender {
            thread,
            threads,
            kinds: &kinds,
            held: [false; LOCKS],
            semaphores: false,
        };
        mender.block(body);
        used |= mender.semaphores;
    }
    if !used {
        program.semaphores.clear();
    }
    (program, kinds)
}

/// Makes the statements of a thread lawful, one after the other.
struct Mender<'k> {
    thread: usize,
    threads: usize,
    kinds: &'k [Kind],
    /// The locks that the thread may hold.
    held: [bool; LOCKS],
    /// Whether it does anything to a semaphore.
    semaphores: bool,
}

impl Mender<'_> {
    fn block(&mut self, body: &mut [Stmt]) {
        for stmt in body {
            self.statement(stmt);
        }
    }

    fn statement(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::If(_, yes, no) => {
                self.block(yes);
                self.block(no);
            }
            Stmt::Loop { body, .. } => self.block(body),
            Stmt::Scope { body, .. } => {
                let held = self.held;
                self.block(body);
                self.held = held;
            }
            Stmt::Covering { holder, body, .. } => {
                *holder = holder.map(|holder| holder % self.threads);
                self.block(body);
            }
            Stmt::Acquire(drawn) => {
                let lock = *drawn % LOCKS;
                let keeps = *drawn < LOCKS;
                // To acquire what one holds is a deadlock by itself: that is for a few programs.
                let other = (0..LOCKS).find(|other| !self.held[*other]);
                let lock = other.filter(|_| self.held[lock] && !keeps).unwrap_or(lock);
                if self.held[lock] && !keeps {
                    *stmt = Stmt::Release(lock);
                } else {
                    *stmt = Stmt::Acquire(lock);
                }
                self.held[lock] = matches!(stmt, Stmt::Acquire(_));
            }
            Stmt::Release(lock) => self.held[*lock] = false,
            Stmt::Touch(_, effect) => *effect = free(*effect),
            Stmt::Semaphore(..) => self.semaphores = true,
            _ => self.on_a_cell(stmt),
        }
    }

    fn on_a_cell(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Step(cell, effect) => *effect = self.step(*effect, self.kinds[*cell]),
            Stmt::Await {
                cell,
                until,
                effect,
                by,
            } => {
                let kind = self.kinds[*cell];
                *effect = self.step(*effect, kind);
                *until = condition(*until, kind);
                *by = ends(kind, self.thread);
                if *by == By::Work {
                    // To take what it has waited for is what a consumer may do.
                    *effect = Effect::Add(-1);
                }
            }
            Stmt::Interruptible {
                cell,
                done,
                signalled,
                by,
            } => {
                let kind = self.kinds[*cell];
                *done = condition(*done, kind);
                *signalled = condition(*signalled, kind);
                *by = ends(kind, self.thread);
            }
            _ => (),
        }
    }

    fn step(&self, effect: Effect, kind: Kind) -> Effect {
        match (kind, effect) {
            (Kind::Owned, Effect::Hand { to, .. }) => {
                let named = owner(to).map(|named| named % self.threads);
                let named = named.map(|named| i64::try_from(named).expect("there are four"));
                Effect::Hand {
                    by: self.thread,
                    to: owned(to.div_euclid(10), named),
                }
            }
            (Kind::Owned, _) | (Kind::Work(_), Effect::Read) => Effect::Read,
            (Kind::Work(_), _) => Effect::Add(1),
            (Kind::Of(by), _) if by != self.thread => Effect::Read,
            (Kind::Of(_) | Kind::Free, effect) => free(effect),
        }
    }
}

fn ends(kind: Kind, thread: usize) -> By {
    match kind {
        Kind::Of(by) => By::Thread(by),
        Kind::Owned => By::Owner,
        Kind::Work(consumers) if consumers & 1 << thread != 0 => By::Work,
        Kind::Free | Kind::Work(_) => By::AnyThread,
    }
}

fn condition(condition: Condition, kind: Kind) -> Condition {
    match (kind, condition) {
        (Kind::Owned, Condition::Is(data) | Condition::AtLeast(data)) => {
            Condition::DataIs(data.min(1))
        }
        (Kind::Owned, _) => Condition::DataIs(1),
        (Kind::Work(_), Condition::AtLeast(number)) => Condition::AtLeast(number.max(1)),
        (Kind::Work(_), _) => Condition::AtLeast(1),
        _ => condition,
    }
}

fn free(effect: Effect) -> Effect {
    match effect {
        Effect::Hand { to, .. } => Effect::Set(to % 2),
        other => other,
    }
}
