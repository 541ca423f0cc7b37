//! The least program that fails: every statement of it is needed.

use super::language::{Program, Stmt};

/// Takes away from a program what it can fail without. Every part of a lawful program is lawful.
pub(super) fn minimal(program: &Program, fails: impl Fn(&Program) -> bool) -> Program {
    let mut least = program.clone();
    while let Some(smaller) = smaller(&least).into_iter().find(|program| fails(program)) {
        least = smaller;
    }
    least
}

/// Every program with one thing less.
fn smaller(program: &Program) -> Vec<Program> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Program)| {
        let mut smaller = program.clone();
        change(&mut smaller);
        all.push(smaller);
    };
    if program.padding > 0 {
        with(&|program| program.padding = 0);
    }
    for place in 0..program.finals.len() {
        with(&|program| {
            program.finals.remove(place);
        });
    }
    for thread in 0..program.threads.len() {
        for body in bodies(&program.threads[thread]) {
            with(&|program| program.threads[thread].clone_from(&body));
        }
    }
    for cell in 0..program.cells.len() {
        if program.cells[cell] != 0 {
            with(&|program| program.cells[cell] = 0);
        }
    }
    all
}

/// Every block with one statement less, or with what was inside of one in its place.
fn bodies(body: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut all = Vec::new();
    for (place, stmt) in body.iter().enumerate() {
        let (before, behind) = (&body[..place], &body[place + 1..]);
        let mut put = |inside: Vec<Stmt>| all.push([before, &inside, behind].concat());
        // A check of a cell belongs to the operation before it.
        let is_looked_at = matches!(behind.first(), Some(Stmt::Check { .. }));
        if !is_looked_at {
            put(Vec::new());
        }
        let rebuilt = |make: &dyn Fn(Vec<Stmt>) -> Stmt, body: &[Stmt]| {
            let inside = bodies(body).into_iter();
            inside.map(|body| vec![make(body)]).collect::<Vec<_>>()
        };
        match stmt {
            Stmt::If(condition, yes, no) => {
                put(yes.clone());
                put(no.clone());
                let first = rebuilt(&|yes| Stmt::If(*condition, yes, no.clone()), yes);
                let second = rebuilt(&|no| Stmt::If(*condition, yes.clone(), no), no);
                first.into_iter().chain(second).for_each(put);
            }
            Stmt::Loop { times, until, body } => {
                put(body.clone());
                let (times, until) = (*times, *until);
                if times > 1 {
                    let (times, body) = (times - 1, body.clone());
                    put(vec![Stmt::Loop { times, until, body }]);
                }
                rebuilt(&|body| Stmt::Loop { times, until, body }, body)
                    .into_iter()
                    .for_each(put);
            }
            Stmt::Scope { keeps, body } => {
                put(body.clone());
                let keeps = *keeps;
                rebuilt(&|body| Stmt::Scope { keeps, body }, body)
                    .into_iter()
                    .for_each(put);
            }
            Stmt::Covering {
                point,
                lock,
                holder,
                body,
            } => {
                put(body.clone());
                let (point, lock, holder) = (*point, *lock, *holder);
                let make = |body| Stmt::Covering {
                    point,
                    lock,
                    holder,
                    body,
                };
                rebuilt(&make, body).into_iter().for_each(put);
            }
            _ => (),
        }
    }
    all
}
