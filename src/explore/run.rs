//! An exploration on all cores.

use super::at_point::{AtPoint, Instance, Plan};
use super::extent::Extent;
use super::result::Explored;
use crate::engine::{Limits, SearchError, refuse_environment_limits};
use crate::spec::{Bound, Point, Spec};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, available_parallelism};

/// What to explore of a spec.
#[derive(Debug, Clone)]
pub struct Exploration {
    /// The spec, which has a space.
    pub spec: &'static Spec,
    /// One of its designs; if `None`, all of them, and what its clauses are needed for.
    pub design: Option<&'static str>,
    /// Up to which size.
    pub extent: Extent,
    /// Which part of the points, counted from 1, and of how many.
    pub part: (usize, usize),
    /// Whether to classify what the designs violate, and not only what the clauses are needed for.
    pub classify: bool,
    /// The limits of each search.
    pub limits: Limits,
}

impl Exploration {
    /// All of a spec's space up to some size.
    #[must_use]
    pub fn of(spec: &'static Spec, extent: Extent) -> Self {
        Self {
            spec,
            design: None,
            extent,
            part: (1, 1),
            classify: true,
            limits: Limits::default(),
        }
    }

    /// The bounds, one of which every point that is visited is within. None, if the spec has no space.
    #[must_use]
    pub fn bounds(&self) -> Vec<Bound> {
        self.spec
            .space
            .map_or_else(Vec::new, |space| self.extent.bounds(space))
    }

    /// The points that are visited. None, if the spec has no space.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        let (number, of) = self.part;
        let (mut points, mut place) = (Vec::new(), 0);
        if let Some(space) = self.spec.space {
            space.each(&self.bounds(), true, &mut |point| {
                if place % of == number - 1 {
                    points.push(point.clone());
                }
                place += 1;
            });
        }
        points
    }
}

/// Visits every point, as far as the limits allow. `progress` is called with the number of visited points and of all.
///
/// The result does not depend on the number of cores.
///
/// # Errors
/// [`SearchError`] if the environment would change what is searched.
pub fn explore(
    exploration: &Exploration,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Explored, SearchError> {
    refuse_environment_limits()?;
    let Exploration {
        spec,
        design,
        ref limits,
        ..
    } = *exploration;
    let Some(space) = spec.space else {
        return Ok(Explored::default());
    };
    let points = exploration.points();
    let mut plan = Plan::new(spec, design, limits.clone());
    if !exploration.classify {
        plan.designs.clear();
    }
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let whole = Mutex::new(Explored {
        of: points.len() as u64,
        ..Explored::default()
    });
    progress(0, points.len());
    let work = || {
        let mut part = Explored::default();
        while !limits.stop.is_stopped() {
            let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            let mut at_point = Explored::default();
            AtPoint::new(&plan, Instance::Point(space, point)).add_to(&mut at_point);
            // What was stopped in the middle of a point says nothing of it.
            if limits.stop.is_stopped() {
                break;
            }
            part.merge(at_point);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, points.len());
        }
        whole
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .merge(part);
    };
    std::thread::scope(|scope| {
        for _ in 1..available_parallelism().map_or(1, usize::from) {
            // Where the system has no more threads, those that there are do the work.
            if Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    Ok(whole.into_inner().unwrap_or_else(PoisonError::into_inner))
}
