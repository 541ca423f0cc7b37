//! What an engine is known to do wrong is left out of random programs.

use super::language::{Program, Stmt};
use super::lawful::Kind;

/// Takes the known faults out of a program that is drawn.
pub(super) fn leave_out(program: &mut Program, kinds: &mut [Kind]) {
    // Of several checks at the end the engines run the last one.
    program.finals.truncate(1);
    for kind in kinds {
        match kind {
            // Of two threads that wait for work at one cell loom does not try every order.
            Kind::Work(consumers) => *consumers &= consumers.wrapping_neg(),
            // A cycle that another thread closes as it hands an object over is seen by loom only.
            Kind::Owned => *kind = Kind::Of(0),
            Kind::Free | Kind::Of(_) => (),
        }
    }
    let leaves = program.threads.iter().flatten().any(leaves);
    for stmt in program.threads.iter_mut().flatten() {
        simplify(stmt, leaves, false);
    }
}

fn leaves(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::If(_, yes, no) => yes.iter().chain(no).any(leaves),
        Stmt::Loop { body, .. } | Stmt::Scope { body, .. } | Stmt::Marking { body, .. } => {
            body.iter().any(leaves)
        }
        Stmt::Leave => true,
        _ => false,
    }
}

/// A scope inside of a scope is taken for another one, and a wait for a thread that leaves then is not marked.
fn simplify(stmt: &mut Stmt, some_leave: bool, in_a_scope: bool) {
    let all = |body: &mut Vec<Stmt>, in_a_scope| {
        for stmt in body {
            simplify(stmt, some_leave, in_a_scope);
        }
    };
    match stmt {
        Stmt::If(_, yes, no) => {
            all(yes, in_a_scope);
            all(no, in_a_scope);
        }
        Stmt::Loop { body, .. } => all(body, in_a_scope),
        Stmt::Scope { body, .. } => {
            all(body, true);
            if in_a_scope {
                *stmt = once(body);
            }
        }
        Stmt::Marking { body, .. } => {
            all(body, in_a_scope);
            if some_leave {
                *stmt = once(body);
            }
        }
        _ => (),
    }
}

fn once(body: &mut Vec<Stmt>) -> Stmt {
    Stmt::Loop {
        times: 1,
        until: None,
        body: std::mem::take(body),
    }
}
