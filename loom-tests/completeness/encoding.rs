//! A program as an encoding on the engine's facade.

use super::language::{
    BUG, By, CLASSES, FINALS, Of, PROPERTIES, Program, Stmt, THREADS, WAIT_POINTS, ended, owner,
    point, returned,
};
use super::semaphores::{Held, Semaphore};
use pagelock::model::{Cell, Encoding, Function, Guard, Halt, Lock, Task, Wait, World};
use std::sync::Arc;

pub(super) const LINE: Function = Function::new("line", "program");

/// The encoding of a program.
pub(super) fn encoding(program: &Program) -> Arc<dyn Encoding> {
    let program = Arc::new(program.clone());
    Arc::new(move |world: &mut World| build(&program, world))
}

/// The objects of one execution.
#[derive(Clone)]
struct Scene {
    locks: Vec<Lock<i64>>,
    cells: Vec<Cell<i64>>,
    semaphores: Vec<Semaphore>,
}

fn build(program: &Arc<Program>, world: &mut World) {
    for number in 0..program.padding {
        world.cell(format!("padding {number}"), 0_i64);
    }
    let lock = |(i, value): (usize, &i64)| world.lock(format!("lock {i}"), CLASSES[i], *value);
    let cell = |(i, value): (usize, &i64)| world.cell(format!("cell {i}"), *value);
    let semaphore = |(i, fairness)| Semaphore::new(world, i, fairness);
    let scene = Scene {
        locks: program.locks.iter().enumerate().map(lock).collect(),
        cells: program.cells.iter().enumerate().map(cell).collect(),
        semaphores: (program.semaphores.iter().copied().enumerate())
            .map(semaphore)
            .collect(),
    };
    for (number, name) in THREADS.into_iter().enumerate().take(program.threads.len()) {
        let (scene, program) = (scene.clone(), Arc::clone(program));
        world.thread(name, move |task| {
            let local = frame(task, &scene, number, 0, &program.threads[number])?;
            task.cover(returned(number, local));
            Ok(())
        });
    }
    finally(program, world, &scene);
}

/// The checks at the end, of which the first one records what the objects hold there.
fn finally(program: &Program, world: &mut World, scene: &Scene) {
    let checks = program.finals.len().max(1);
    for (number, property) in FINALS.into_iter().enumerate().take(checks) {
        let last = program.finals.get(number).copied();
        let scene = scene.clone();
        world.finally(move |task| {
            if number == 0 {
                let locks: Vec<i64> = scene.locks.iter().map(|lock| lock.peek(|n| *n)).collect();
                let cells: Vec<i64> = scene.cells.iter().map(|cell| cell.peek(|n| *n)).collect();
                task.cover(ended(&locks, &cells));
            }
            if let Some(last) = last {
                let number_of = match last.of {
                    Of::Local => 0,
                    Of::Cell(cell) => scene.cells[cell].peek(|n| *n),
                    Of::Lock(lock) => scene.locks[lock].peek(|n| *n),
                };
                let holds = last.holds.holds(number_of, 0);
                task.check(property, holds, || format!("it is {number_of}"));
            }
        });
    }
}

/// How a block ends.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Returns,
}

/// A frame of a thread: the thread itself, or a scope.
struct Frame<'s> {
    task: &'s Task,
    scene: &'s Scene,
    thread: usize,
    local: i64,
    locks: Vec<Option<Guard<'s, i64>>>,
    /// The semaphores, in the order in which they were taken.
    semaphores: Vec<(usize, Held)>,
}

/// Runs a frame to its end: the local number there.
fn frame(
    task: &Task,
    scene: &Scene,
    thread: usize,
    local: i64,
    body: &[Stmt],
) -> Result<i64, Halt> {
    let mut frame = Frame {
        task,
        scene,
        thread,
        local,
        locks: scene.locks.iter().map(|_| None).collect(),
        semaphores: Vec::new(),
    };
    frame.block(body)?;
    while let Some((_, held)) = frame.semaphores.pop() {
        drop(held);
    }
    Ok(frame.local)
}

impl Frame<'_> {
    fn block(&mut self, body: &[Stmt]) -> Result<Flow, Halt> {
        for stmt in body {
            if self.statement(stmt)? == Flow::Returns {
                return Ok(Flow::Returns);
            }
        }
        Ok(Flow::On)
    }

    fn statement(&mut self, stmt: &Stmt) -> Result<Flow, Halt> {
        let local = self.local;
        match *stmt {
            Stmt::If(condition, ref yes, ref no) => {
                return self.block(if condition.holds(local, local) {
                    yes
                } else {
                    no
                });
            }
            Stmt::Loop {
                times,
                until,
                ref body,
            } => {
                for _ in 0..times {
                    if until.is_some_and(|until| until.holds(self.local, self.local)) {
                        break;
                    }
                    if self.block(body)? == Flow::Returns {
                        return Ok(Flow::Returns);
                    }
                }
            }
            Stmt::Scope { keeps, ref body } => {
                let (task, scene, thread) = (self.task, self.scene, self.thread);
                let run = || frame(task, scene, thread, local, body);
                if keeps {
                    self.local = task.scope(run)?;
                } else {
                    task.scope(|| run().map(drop))?;
                }
            }
            Stmt::Covering {
                point,
                lock,
                holder,
                ref body,
            } => {
                let task = self.task;
                let (class, point) = (CLASSES[lock], WAIT_POINTS[point]);
                return match holder {
                    None => task.covering_waits(class, point, || self.block(body)),
                    Some(holder) => {
                        let holder = THREADS[holder];
                        task.covering_waits_for(class, holder, point, || self.block(body))
                    }
                };
            }
            Stmt::Return => return Ok(Flow::Returns),
            Stmt::Bug if self.semaphores.is_empty() && !self.scene.holds_any(self.task) => {
                return Err(self.task.bug(BUG, "it is here"));
            }
            Stmt::Leave => return Err(self.task.leave()),
            Stmt::Check {
                property,
                of,
                holds,
            } => {
                let holds = match of {
                    Of::Local => holds.holds(local, local),
                    Of::Cell(cell) => self.scene.cells[cell].peek(|n| holds.holds(*n, local)),
                    Of::Lock(lock) => {
                        let held = self.locks[lock].is_some();
                        !held || self.scene.locks[lock].peek(|n| holds.holds(*n, local))
                    }
                };
                self.task
                    .check(PROPERTIES[property], holds, || "it is otherwise".into());
            }
            Stmt::Reach(number) => self.task.cover(point(number, self.thread, local)),
            _ => self.operation(stmt)?,
        }
        Ok(Flow::On)
    }

    /// An operation, or what is done under a lock.
    fn operation(&mut self, stmt: &Stmt) -> Result<(), Halt> {
        let (task, scene, local) = (self.task, self.scene, self.local);
        match *stmt {
            Stmt::Acquire(lock) => {
                let guard = task.acquire(&scene.locks[lock], LINE)?;
                self.locks[lock] = Some(guard);
            }
            Stmt::Release(lock) => self.locks[lock] = None,
            Stmt::Touch(lock, effect) => {
                if let Some(guard) = &mut self.locks[lock] {
                    self.local = guard.update(move |number| effect.apply(number, local));
                }
            }
            Stmt::Step(cell, effect) => {
                let effect = move |number: &mut i64| effect.apply(number, local);
                self.local = task.step(&scene.cells[cell], LINE, effect)?;
            }
            Stmt::Await {
                cell,
                until,
                effect,
                by,
            } => {
                let guard = move |number: &i64| until.holds(*number, local);
                let effect = move |number: &mut i64| effect.apply(number, local);
                let wait = self.wait(cell, by);
                self.local = task.step_when(&scene.cells[cell], LINE, &wait, guard, effect)?;
            }
            Stmt::Interruptible {
                cell,
                done,
                signalled,
                by,
            } => {
                let done = move |number: &i64| done.holds(*number, local);
                let signalled = move |number: &i64| signalled.holds(*number, local);
                let wait = self.wait(cell, by);
                let cell = &scene.cells[cell];
                let woken = task.wait_interruptible(cell, LINE, &wait, done, signalled)?;
                self.local = i64::from(woken.by_signal());
            }
            Stmt::Semaphore(of, action) => {
                let semaphore = &scene.semaphores[of];
                let tried = semaphore.act(task, of, action, &mut self.semaphores)?;
                self.local = tried.map_or(local, i64::from);
            }
            _ => (),
        }
        Ok(())
    }

    fn wait(&self, cell: usize, by: By) -> Wait {
        let wait = Wait::on(format!("cell {cell}"));
        match by {
            By::AnyThread => wait,
            By::Thread(by) => wait.woken_by(THREADS[by]),
            By::Owner => wait.woken_by_owner(&self.scene.cells[cell], |number| {
                THREADS.get(owner(*number)?).copied()
            }),
            By::Work => wait.for_work(),
        }
    }
}

impl Scene {
    /// Whether the thread holds a semaphore, in whatever frame.
    fn holds_any(&self, task: &Task) -> bool {
        self.semaphores
            .iter()
            .any(|semaphore| semaphore.is_held(task))
    }
}
