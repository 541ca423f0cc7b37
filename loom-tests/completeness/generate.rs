//! Programs at random, which keep what their waits promise.
//!
//! A program is drawn without a thought of that, and then made lawful: each cell is of a kind, which says what a
//! thread may do there. So a program stays lawful as it is shrunk.

use super::brute_force::{Behaviour, explore_within};
use super::language::{Action, By, Condition, Effect, Fairness, Final, Of, Program, Stmt, owned};
use super::lawful::{Drawn, Kind, LOCKS, lawful};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const CELLS: usize = 3;
/// No program has more states.
const MOST_STATES: usize = 20_000;

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => Just(Kind::Free),
        2 => (0..4_usize).prop_map(Kind::Of),
        2 => Just(Kind::Owned),
        2 => (1..16_u8).prop_map(Kind::Work),
    ]
}

fn effects() -> impl Strategy<Value = Effect> {
    prop_oneof![
        3 => Just(Effect::Add(1)),
        2 => (0..3_i64).prop_map(Effect::Set),
        3 => Just(Effect::Read),
        2 => Just(Effect::Store(1)),
        2 => (0..2_i64).prop_map(|from| Effect::Swap { from, to: from + 1 }),
        // Lawful at cells with owners only; another cell makes a step of it that suits.
        4 => (0..2_i64, option::of(0..4_i64))
            .prop_map(|(data, to)| Effect::Hand { by: 0, to: owned(data, to) }),
    ]
}

fn conditions() -> impl Strategy<Value = Condition> {
    prop_oneof![
        2 => (0..2_i64).prop_map(Condition::Is),
        5 => (0..3_i64).prop_map(Condition::AtLeast),
        1 => Just(Condition::Differs),
    ]
}

/// Conditions of the local number alone.
fn local() -> impl Strategy<Value = Condition> {
    prop_oneof![
        2 => (0..2_i64).prop_map(Condition::Is),
        1 => Just(Condition::AtLeast(1)),
    ]
}

/// A statement, and what belongs behind it.
fn simple() -> impl Strategy<Value = Vec<Stmt>> {
    let one = |stmt| vec![stmt];
    let cell = || 0..CELLS;
    let lock = || 0..LOCKS;
    let step = (cell(), effects(), check_of_cell());
    let wait = (cell(), conditions(), effects(), check_of_cell());
    let interruptible = (cell(), conditions(), conditions());
    let check = (0..3_usize, local());
    let check_lock = (lock(), 0..3_usize, conditions());
    prop_oneof![
        3 => (0..8 * LOCKS).prop_map(Stmt::Acquire).prop_map(one),
        3 => lock().prop_map(Stmt::Release).prop_map(one),
        2 => (lock(), effects()).prop_map(|(lock, effect)| vec![Stmt::Touch(lock, effect)]),
        16 => step.prop_map(|(cell, effect, check)| {
            with_check(Stmt::Step(cell, effect), cell, check)
        }),
        6 => wait.prop_map(|(cell, until, effect, check)| {
            with_check(Stmt::Await { cell, until, effect, by: By::AnyThread }, cell, check)
        }),
        2 => interruptible.prop_map(|(cell, done, signalled)| {
            vec![Stmt::Interruptible { cell, done, signalled, by: By::AnyThread }]
        }),
        1 => Just(Stmt::Return).prop_map(one),
        1 => Just(Stmt::Bug).prop_map(one),
        1 => Just(Stmt::Leave).prop_map(one),
        1 => check.prop_map(|(property, holds)| {
            vec![Stmt::Check { property, of: Of::Local, holds }]
        }),
        1 => check_lock.prop_map(|(lock, property, holds)| {
            vec![Stmt::Check { property, of: Of::Lock(lock), holds }]
        }),
        2 => (0..2_usize).prop_map(Stmt::Reach).prop_map(one),
    ]
}

/// The same, with what is done to semaphores.
fn any_simple() -> BoxedStrategy<Vec<Stmt>> {
    let semaphore = (0..2_usize, actions());
    let semaphore = semaphore.prop_map(|(of, action)| vec![Stmt::Semaphore(of, action)]);
    prop_oneof![5 => simple(), 1 => semaphore].boxed()
}

fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::DownRead),
        3 => Just(Action::DownWrite),
        1 => Just(Action::TryRead),
        3 => Just(Action::Up),
        1 => Just(Action::Downgrade),
    ]
}

fn check_of_cell() -> impl Strategy<Value = Option<(usize, Condition)>> {
    prop_oneof![
        6 => Just(None),
        1 => (0..3_usize, conditions()).prop_map(Some),
    ]
}

fn with_check(stmt: Stmt, cell: usize, check: Option<(usize, Condition)>) -> Vec<Stmt> {
    let check = check.map(|(property, holds)| {
        let of = Of::Cell(cell);
        Stmt::Check {
            property,
            of,
            holds,
        }
    });
    [stmt].into_iter().chain(check).collect()
}

/// So many statements, and blocks so deep.
fn block(statements: std::ops::RangeInclusive<usize>, depth: u32) -> BoxedStrategy<Vec<Stmt>> {
    let parts = if depth == 0 {
        any_simple()
    } else {
        prop_oneof![6 => any_simple(), 2 => holding(depth - 1), 2 => compound(depth - 1)].boxed()
    };
    vec(parts, statements)
        .prop_map(|parts| parts.concat())
        .boxed()
}

/// What is done under a lock.
fn holding(depth: u32) -> impl Strategy<Value = Vec<Stmt>> {
    (LOCKS..2 * LOCKS, block(0..=2, depth)).prop_map(|(lock, body)| {
        let all = [
            vec![Stmt::Acquire(lock)],
            body,
            vec![Stmt::Release(lock % LOCKS)],
        ];
        all.concat()
    })
}

fn compound(depth: u32) -> impl Strategy<Value = Vec<Stmt>> {
    let inner = || block(1..=2, depth);
    let repeat = (1..=3_u8, option::of(local()), block(1..=1, depth));
    let covering = (
        0..4_usize,
        0..LOCKS,
        option::of(0..4_usize),
        inner(),
        any::<bool>(),
    );
    prop_oneof![
        2 => (local(), inner(), block(0..=1, depth))
            .prop_map(|(condition, yes, no)| vec![Stmt::If(condition, yes, no)]),
        2 => repeat.prop_map(|(times, until, body)| vec![Stmt::Loop { times, until, body }]),
        4 => (any::<bool>(), inner()).prop_map(|(keeps, body)| vec![Stmt::Scope { keeps, body }]),
        2 => covering.prop_map(|(point, lock, holder, body, acquires)| {
            let first = acquires.then_some(Stmt::Acquire(LOCKS + lock));
            let body = first.into_iter().chain(body).collect();
            vec![Stmt::Covering { point, lock, holder, body }]
        }),
    ]
}

/// The threads of a program: few statements where there are many.
fn threads() -> BoxedStrategy<Vec<Vec<Stmt>>> {
    let some = |threads, statements| vec(block(statements, 3), threads);
    prop_oneof![
        1 => some(1, 4..=8),
        12 => some(2, 2..=4),
        9 => some(3, 1..=3),
        3 => some(4, 1..=2),
    ]
    .boxed()
}

fn finals() -> impl Strategy<Value = Vec<Final>> {
    let of = prop_oneof![(0..CELLS).prop_map(Of::Cell), (0..LOCKS).prop_map(Of::Lock)];
    let last = (of, conditions()).prop_map(|(of, holds)| Final { of, holds });
    vec(last, 0..=2)
}

/// Programs without a thought of who may end a wait.
pub(super) fn drawn() -> impl Strategy<Value = Drawn> {
    let padding = prop_oneof![19 => Just(0_usize), 1 => 58..=65_usize];
    let start = vec(0..2_i64, CELLS);
    let fair = prop_oneof![3 => Just(Fairness::Fair), 1 => Just(Fairness::Unfair)];
    let all = (
        vec(kinds(), CELLS),
        threads(),
        start,
        vec(fair, 2),
        finals(),
        padding,
    );
    all.prop_map(
        |(kinds, threads, cells, semaphores, finals, padding)| Drawn {
            kinds,
            program: Program {
                padding,
                locks: vec![0; LOCKS],
                cells,
                semaphores,
                threads,
                finals,
            },
        },
    )
}

/// Programs that keep what their waits promise, with what brute force says of them. Most of them are such that the
/// order of the threads makes a difference.
pub(super) fn programs() -> impl Strategy<Value = (Program, Behaviour)> {
    let any = prop_oneof![9 => Just(false), 1 => Just(true)];
    let programs = (any, drawn());
    programs.prop_filter_map("too large, or always the same", |(any, drawn)| {
        let (program, _) = lawful(&drawn);
        let behaviour = explore_within(&program, MOST_STATES)?;
        (any || behaviour.varies()).then_some((program, behaviour))
    })
}
