//! A thread's program as a list of lines with jumps, for the enumerator.

use super::language::{Action, By, Condition, Effect, Of, Stmt};

/// What a thread does next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    /// What other threads can come before.
    Operation(Operation),
    Release(usize),
    Touch(usize, Effect),
    Check(usize, Of, Condition),
    Reach(usize),
    Bug,
    Leave,
    Jump(usize),
    /// Goes there if the condition holds of the local number.
    JumpIf(Condition, usize),
    /// A loop of so many turns begins.
    Push(u8),
    /// Goes there if another turn is left.
    Next(usize),
    Pop,
    /// A scope begins, with a result or without.
    Enter(bool),
    /// The scope ends, or the thread.
    Exit,
    /// Waits for a lock reach a point from here on.
    Point(Covering),
    Unmark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Covering {
    pub(super) point: usize,
    pub(super) lock: usize,
    pub(super) holder: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Acquire(usize),
    Step(usize, Effect),
    Wait {
        cell: usize,
        until: Condition,
        effect: Effect,
        by: By,
    },
    Interruptible {
        cell: usize,
        done: Condition,
        signalled: Condition,
        by: By,
    },
    Semaphore(usize, Action),
}

/// The lines of a thread.
pub(super) fn lines(body: &[Stmt]) -> Vec<Line> {
    let mut lines = Vec::new();
    frame(body, &mut lines);
    lines
}

/// The lines of a thread or a scope, where every return leads to its end.
fn frame(body: &[Stmt], lines: &mut Vec<Line>) {
    let mut returns = Vec::new();
    block(body, lines, &mut returns);
    for place in returns {
        lines[place] = Line::Jump(lines.len());
    }
    lines.push(Line::Exit);
}

fn block(body: &[Stmt], lines: &mut Vec<Line>, returns: &mut Vec<usize>) {
    for stmt in body {
        statement(stmt, lines, returns);
    }
}

fn statement(stmt: &Stmt, lines: &mut Vec<Line>, returns: &mut Vec<usize>) {
    let line = match *stmt {
        Stmt::Acquire(lock) => Line::Operation(Operation::Acquire(lock)),
        Stmt::Step(cell, effect) => Line::Operation(Operation::Step(cell, effect)),
        Stmt::Await {
            cell,
            until,
            effect,
            by,
        } => Line::Operation(Operation::Wait {
            cell,
            until,
            effect,
            by,
        }),
        Stmt::Interruptible {
            cell,
            done,
            signalled,
            by,
        } => Line::Operation(Operation::Interruptible {
            cell,
            done,
            signalled,
            by,
        }),
        Stmt::Semaphore(semaphore, action) => {
            Line::Operation(Operation::Semaphore(semaphore, action))
        }
        Stmt::Release(lock) => Line::Release(lock),
        Stmt::Touch(lock, effect) => Line::Touch(lock, effect),
        Stmt::Bug => Line::Bug,
        Stmt::Leave => Line::Leave,
        Stmt::Reach(number) => Line::Reach(number),
        Stmt::Check {
            property,
            of,
            holds,
        } => Line::Check(property, of, holds),
        Stmt::Return => {
            returns.push(lines.len());
            Line::Jump(0)
        }
        _ => return compound(stmt, lines, returns),
    };
    lines.push(line);
}

fn compound(stmt: &Stmt, lines: &mut Vec<Line>, returns: &mut Vec<usize>) {
    match stmt {
        Stmt::If(condition, yes, no) => {
            let branch = lines.len();
            lines.push(Line::Jump(0));
            block(no, lines, returns);
            let skip = lines.len();
            lines.push(Line::Jump(0));
            lines[branch] = Line::JumpIf(*condition, lines.len());
            block(yes, lines, returns);
            lines[skip] = Line::Jump(lines.len());
        }
        Stmt::Loop { times: 0, .. } => {}
        Stmt::Loop { times, until, body } => {
            lines.push(Line::Push(*times));
            let head = lines.len();
            if until.is_some() {
                lines.push(Line::Jump(0));
            }
            block(body, lines, returns);
            lines.push(Line::Next(head));
            if let Some(until) = until {
                lines[head] = Line::JumpIf(*until, lines.len());
            }
            lines.push(Line::Pop);
        }
        Stmt::Scope { keeps, body } => {
            lines.push(Line::Enter(*keeps));
            frame(body, lines);
        }
        Stmt::Covering {
            point,
            lock,
            holder,
            body,
        } => {
            let (point, lock, holder) = (*point, *lock, *holder);
            lines.push(Line::Point(Covering {
                point,
                lock,
                holder,
            }));
            block(body, lines, returns);
            lines.push(Line::Unmark);
        }
        _ => unreachable!("{stmt:?} is one line"),
    }
}
