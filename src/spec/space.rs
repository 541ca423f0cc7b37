//! The scenario space of a spec: every scenario that its encoding can be asked for, as data.
//!
//! Schedules are searched exhaustively; a space makes the scenarios exhaustive too. It has *dimensions*, each with the
//! values that the outside world can take: initial states, modes, threads by role, the programs of processes,
//! failures, limits. A *point* is one value of each dimension, and so a scenario. *Rules* say which points are legal,
//! each with the reason; threads of one role are unordered, so of the points that differ in their order only one is
//! visited.
//!
//! A space of two threads that each take some locks:
//!
//! ```
//! use pagelock::model::{Encoding, Function, World};
//! use pagelock::spec::{Bound, Dimension, Rule, ScenarioSpace, Size, Space, Value, Variant};
//! use std::sync::Arc;
//!
//! const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
//!
//! /// The locks that each thread takes, in their order.
//! #[derive(Debug, Clone, Default)]
//! struct Locks(Vec<Vec<usize>>);
//!
//! fn program(locks: &mut Locks, words: &[usize]) {
//!     locks.0.push(words.to_vec());
//! }
//!
//! static SPACE: Space<Locks> = Space {
//!     base: Locks(Vec::new()),
//!     dimensions: &[
//!         Dimension::programs("one", "the locks of a thread", &["a", "b"], program),
//!         Dimension::programs("two", "those of another", &["a", "b"], program).like("one"),
//!     ],
//!     rules: &[Rule::new(&["one", "two"], "a thread does not wait for itself", |locks| {
//!         locks.0.iter().all(|words| words.iter().all(|word| words.iter().filter(|other| *other == word).count() == 1))
//!     })],
//!     size: |locks| Size { threads: locks.0.len(), operations: locks.0.iter().map(Vec::len).sum(), pages: 0 },
//!     gate: &[Bound::new(2, 4, 0)],
//!     deep: &[Bound::new(2, 4, 0)],
//!     encoding: |_, locks| {
//!         let programs = locks.0.clone();
//!         Arc::new(move |world: &mut World| {
//!             let locks = ["a", "b"].map(|name| world.lock(name, "mutex", ()));
//!             for (name, program) in ["one", "two"].into_iter().zip(programs.clone()) {
//!                 let locks = locks.clone();
//!                 world.thread(name, move |task| {
//!                     let mut held = Vec::new();
//!                     for lock in program {
//!                         held.push(task.acquire(&locks[lock], LOCK)?);
//!                     }
//!                     Ok(())
//!                 });
//!             }
//!         })
//!     },
//! };
//! let mut points = Vec::new();
//! SPACE.each(SPACE.gate, true, &mut |point| points.push(SPACE.text(point)));
//! // Five programs: none, a, b, ab, ba. Of two unordered threads that is 5 * 6 / 2.
//! assert_eq!(points.len(), 15);
//! assert!(points.contains(&"one=b+a,two=a+b".to_string()));
//! ```

use super::bound::{Bound, Size};
use super::variant::Variant;
use crate::model::Encoding;
use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;

/// One value of a dimension: its name, and what it sets.
#[derive(Debug, Clone, Copy)]
pub struct Value<C> {
    /// The name, without spaces, commas, `=` and `+`.
    pub name: &'static str,
    /// Sets it.
    pub set: fn(&mut C),
}

impl<C> Value<C> {
    /// A value.
    #[must_use]
    pub const fn new(name: &'static str, set: fn(&mut C)) -> Self {
        Self { name, set }
    }
}

/// What a dimension can be.
#[derive(Debug, Clone, Copy)]
pub enum Values<C: 'static> {
    /// One of these. The first is meant where a point does not say.
    Listed(&'static [Value<C>]),
    /// Any sequence of these words, the empty one too, up to the bound on operations.
    Programs {
        /// The words.
        words: &'static [&'static str],
        /// Sets a sequence, given by the places of its words.
        set: fn(&mut C, &[usize]),
    },
}

/// One dimension of a space.
#[derive(Debug, Clone, Copy)]
pub struct Dimension<C: 'static> {
    /// The name, without spaces, commas, `=` and `+`.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// Its values.
    pub values: Values<C>,
    /// A dimension before it with the same values, whose threads have the same role: the two are unordered.
    pub like: Option<&'static str>,
}

impl<C> Dimension<C> {
    /// A dimension with these values.
    #[must_use]
    pub const fn new(
        name: &'static str,
        summary: &'static str,
        values: &'static [Value<C>],
    ) -> Self {
        Self {
            name,
            summary,
            values: Values::Listed(values),
            like: None,
        }
    }

    /// A dimension whose values are sequences of these words, each of which is an operation or more.
    #[must_use]
    pub const fn programs(
        name: &'static str,
        summary: &'static str,
        words: &'static [&'static str],
        set: fn(&mut C, &[usize]),
    ) -> Self {
        Self {
            name,
            summary,
            values: Values::Programs { words, set },
            like: None,
        }
    }

    /// The same with threads of the same role as those of another dimension before it.
    #[must_use]
    pub const fn like(self, other: &'static str) -> Self {
        Self {
            like: Some(other),
            ..self
        }
    }
}

/// What makes a point legal.
#[derive(Debug, Clone, Copy)]
pub struct Rule<C> {
    /// The dimensions after which it is looked at: the last one that it depends on, or each of several. Where that is a
    /// program, each of its beginnings has to keep the rule too.
    pub dimensions: &'static [&'static str],
    /// Why what does not keep it is left out, in one line.
    pub reason: &'static str,
    /// Whether a configuration keeps it.
    pub holds: fn(&C) -> bool,
}

impl<C> Rule<C> {
    /// A rule on each of these dimensions, and on those before it.
    #[must_use]
    pub const fn new(
        dimensions: &'static [&'static str],
        reason: &'static str,
        holds: fn(&C) -> bool,
    ) -> Self {
        Self {
            dimensions,
            reason,
            holds,
        }
    }
}

/// A space of scenarios with configurations of the type `C`.
pub struct Space<C: 'static> {
    /// What the dimensions start from.
    pub base: C,
    /// The dimensions, in the order in which they are set.
    pub dimensions: &'static [Dimension<C>],
    /// Which points are legal, and why.
    pub rules: &'static [Rule<C>],
    /// How large a configuration is. It does not shrink as dimensions are set.
    pub size: fn(&C) -> Size,
    /// The bound of the gate: a point is within it if it is within one of these.
    pub gate: &'static [Bound],
    /// The bound of the deep run.
    pub deep: &'static [Bound],
    /// Makes the encoding of a set of clauses in a configuration.
    pub encoding: fn(&Variant, &C) -> Arc<dyn Encoding>,
}

impl<C> fmt::Debug for Space<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.dimensions.iter().map(|d| d.name).collect();
        f.debug_tuple("Space").field(&names).finish()
    }
}

/// The value of one dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Coordinate {
    Value(u8),
    Program(Box<[u8]>),
}

impl Coordinate {
    /// Programs in the order of their length, and then of their words.
    fn rank(&self) -> (usize, &[u8]) {
        match self {
            Self::Value(value) => (usize::from(*value), &[]),
            Self::Program(words) => (words.len(), words),
        }
    }

    fn words(&self) -> Vec<usize> {
        match self {
            Self::Value(_) => Vec::new(),
            Self::Program(words) => words.iter().copied().map(usize::from).collect(),
        }
    }
}

/// A point of a space: a value of each dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point(Box<[Coordinate]>);

/// Why a text is no point of a space.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PointError {
    /// A part of it is not `dimension=value`.
    #[error("`{0}` is no part of a scenario: write DIMENSION=VALUE, separated by commas")]
    Malformed(String),
    /// There is no such dimension.
    #[error("there is no dimension `{name}`: known: {known}")]
    NoDimension {
        /// The name.
        name: String,
        /// The dimensions.
        known: String,
    },
    /// A dimension comes twice.
    #[error("the dimension `{0}` is given twice")]
    Repeated(String),
    /// A dimension has no such value.
    #[error("`{dimension}` has no value `{value}`: known: {known}")]
    NoValue {
        /// The dimension.
        dimension: &'static str,
        /// The value.
        value: String,
        /// The values, or the words of a program.
        known: String,
    },
    /// The point is not legal.
    #[error("`{text}` is not a legal scenario: {reason}")]
    Illegal {
        /// The point.
        text: String,
        /// The rule's reason.
        reason: &'static str,
    },
}

/// What a dimension is, for a reader.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DimensionInfo {
    /// The name.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// The values, or the words of its programs.
    pub values: Vec<&'static str>,
    /// Whether its values are sequences of these words.
    pub is_program: bool,
    /// The dimension whose threads have the same role.
    pub like: Option<&'static str>,
}

/// A space, whatever its configurations are.
pub trait ScenarioSpace: Sync + fmt::Debug {
    /// Visits every legal point within one of some bounds, in an order that is the same on every run; if `modulo_symmetry`, one
    /// point of each class of those that differ in the order of threads of one role.
    fn each(&self, bound: &[Bound], modulo_symmetry: bool, visit: &mut dyn FnMut(&Point));
    /// The encoding of a set of clauses at a point.
    fn encoding(&self, variant: &Variant, point: &Point) -> Arc<dyn Encoding>;
    /// How large a point is.
    fn size(&self, point: &Point) -> Size;
    /// A point in words, `mode=delalloc,process=store1+fsync`: what differs from the first value of a dimension.
    fn text(&self, point: &Point) -> String;
    /// The point that a text names.
    ///
    /// # Errors
    /// [`PointError`] if it names none.
    fn parse(&self, text: &str) -> Result<Point, PointError>;
    /// The bounds of the gate and of the deep run.
    fn bounds(&self) -> [&'static [Bound]; 2];
    /// The dimensions.
    fn dimensions(&self) -> Vec<DimensionInfo>;
    /// The reasons of the rules, each with the dimensions that it is on.
    fn rules(&self) -> Vec<(&'static [&'static str], &'static str)>;
}

impl<C: Clone + Sync> Space<C> {
    /// The configuration at a point.
    #[must_use]
    pub fn config(&self, point: &Point) -> C {
        let mut config = self.base.clone();
        for (dimension, coordinate) in self.dimensions.iter().zip(&point.0) {
            dimension.set(&mut config, coordinate);
        }
        config
    }

    /// The first rule that a configuration breaks, of those on a dimension.
    fn broken(&self, dimension: &str, config: &C) -> Option<&Rule<C>> {
        let mut rules = (self.rules.iter()).filter(|rule| rule.dimensions.contains(&dimension));
        rules.find(|rule| !(rule.holds)(config))
    }

    fn visit(&self, walk: &mut Walk<'_>, config: &C) {
        let Some(dimension) = self.dimensions.get(walk.point.len()) else {
            let point = Point(walk.point.clone().into());
            return (walk.visit)(&point);
        };
        match dimension.values {
            Values::Listed(values) => {
                for place in 0..=u8::try_from(values.len() - 1).unwrap_or(u8::MAX) {
                    self.enter(walk, dimension, config, Coordinate::Value(place));
                }
            }
            Values::Programs { words, .. } => {
                // A configuration's programs are never freed: none is made that no bound can take.
                let operations = walk.bound.iter().map(|bound| bound.size.operations).max();
                let room = operations
                    .unwrap_or(0)
                    .saturating_sub((self.size)(config).operations);
                let mut open = vec![Vec::new()];
                while let Some(program) = open.pop() {
                    if program.len() > room {
                        continue;
                    }
                    let coordinate = Coordinate::Program(program.clone().into());
                    if self.enter(walk, dimension, config, coordinate) {
                        let longer = (0..u8::try_from(words.len()).unwrap_or(u8::MAX)).rev();
                        open.extend(longer.map(|word| [program.as_slice(), &[word]].concat()));
                    }
                }
            }
        }
    }

    /// Visits the points with this coordinate. Returns whether it is legal and within the bound.
    fn enter(
        &self,
        walk: &mut Walk<'_>,
        dimension: &Dimension<C>,
        config: &C,
        coordinate: Coordinate,
    ) -> bool {
        let before = (self.size)(config).operations;
        let mut config = config.clone();
        dimension.set(&mut config, &coordinate);
        let (size, names) = ((self.size)(&config), dimension.names_of(&coordinate));
        if let Coordinate::Program(words) = &coordinate {
            // `visit` makes no program that is longer than what a bound leaves, and would lose points otherwise.
            assert!(
                size.operations >= before + words.len(),
                "`size` counts fewer operations than the program `{}` has words",
                dimension.text(&coordinate)
            );
        }
        let fits =
            |bound: &&'_ Bound| size.within(bound.size) && bound.allows(dimension.name, &names);
        let bound: Vec<&Bound> = walk.bound.iter().copied().filter(fits).collect();
        if bound.is_empty() || self.broken(dimension.name, &config).is_some() {
            return false;
        }
        let other = dimension.like.filter(|_| walk.modulo_symmetry);
        let other = other.and_then(|like| self.dimensions.iter().position(|d| d.name == like));
        if other.is_none_or(|other| coordinate.rank() <= walk.point[other].rank()) {
            walk.point.push(coordinate);
            let before = std::mem::replace(&mut walk.bound, bound);
            self.visit(walk, &config);
            walk.bound = before;
            walk.point.pop();
        }
        true
    }
}

/// A walk over the points of a space.
struct Walk<'w> {
    /// The bounds that the point is within so far.
    bound: Vec<&'w Bound>,
    modulo_symmetry: bool,
    point: Vec<Coordinate>,
    visit: &'w mut dyn FnMut(&Point),
}

impl<C> Dimension<C> {
    fn set(&self, config: &mut C, coordinate: &Coordinate) {
        match (&self.values, coordinate) {
            (Values::Listed(values), Coordinate::Value(place)) => {
                (values[usize::from(*place)].set)(config);
            }
            (Values::Programs { set, .. }, program) => set(config, &program.words()),
            (Values::Listed(_), Coordinate::Program(_)) => {}
        }
    }

    /// The names of the values, or the words.
    fn names(&self) -> Vec<&'static str> {
        match self.values {
            Values::Listed(values) => values.iter().map(|value| value.name).collect(),
            Values::Programs { words, .. } => words.to_vec(),
        }
    }

    /// The name of a value, or those of a program's words.
    fn names_of(&self, coordinate: &Coordinate) -> Vec<&'static str> {
        let name = |place: usize| match self.values {
            Values::Listed(values) => values[place].name,
            Values::Programs { words, .. } => words[place],
        };
        match coordinate {
            Coordinate::Value(place) => vec![name(usize::from(*place))],
            Coordinate::Program(words) => {
                words.iter().map(|word| name(usize::from(*word))).collect()
            }
        }
    }

    fn text(&self, coordinate: &Coordinate) -> String {
        format!("{}={}", self.name, self.names_of(coordinate).join("+"))
    }

    fn parse(&self, text: &str) -> Result<Coordinate, PointError> {
        let names = self.names();
        let place = |name: &str| {
            let place = names.iter().position(|known| *known == name);
            let place = place.and_then(|place| u8::try_from(place).ok());
            place.ok_or_else(|| PointError::NoValue {
                dimension: self.name,
                value: name.to_string(),
                known: names.join(", "),
            })
        };
        match self.values {
            Values::Listed(_) => place(text).map(Coordinate::Value),
            Values::Programs { .. } => {
                let words = text.split('+').filter(|word| !word.is_empty());
                let program = words.map(place).collect::<Result<Vec<u8>, PointError>>()?;
                Ok(Coordinate::Program(program.into()))
            }
        }
    }

    /// Where a point does not say.
    fn first(&self) -> Coordinate {
        match self.values {
            Values::Listed(_) => Coordinate::Value(0),
            Values::Programs { .. } => Coordinate::Program(Box::default()),
        }
    }
}

impl<C: Clone + Sync> ScenarioSpace for Space<C> {
    fn each(&self, bound: &[Bound], modulo_symmetry: bool, visit: &mut dyn FnMut(&Point)) {
        let mut walk = Walk {
            bound: bound.iter().collect(),
            modulo_symmetry,
            point: Vec::new(),
            visit,
        };
        self.visit(&mut walk, &self.base);
    }

    fn encoding(&self, variant: &Variant, point: &Point) -> Arc<dyn Encoding> {
        (self.encoding)(variant, &self.config(point))
    }

    fn size(&self, point: &Point) -> Size {
        (self.size)(&self.config(point))
    }

    fn text(&self, point: &Point) -> String {
        let parts = self.dimensions.iter().zip(&point.0);
        let said = parts.filter(|(dimension, coordinate)| **coordinate != dimension.first());
        let said: Vec<String> = said.map(|(d, coordinate)| d.text(coordinate)).collect();
        match (
            said.is_empty(),
            self.dimensions.first().zip(point.0.first()),
        ) {
            (true, Some((dimension, coordinate))) => dimension.text(coordinate),
            _ => said.join(","),
        }
    }

    fn parse(&self, text: &str) -> Result<Point, PointError> {
        let mut given: Vec<Option<Coordinate>> = vec![None; self.dimensions.len()];
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let malformed = || PointError::Malformed(part.to_string());
            let (name, value) = part.split_once('=').ok_or_else(malformed)?;
            let place = self.dimensions.iter().position(|d| d.name == name);
            let place = place.ok_or_else(|| PointError::NoDimension {
                name: name.to_string(),
                known: self
                    .dimensions
                    .iter()
                    .map(|d| d.name)
                    .collect::<Vec<_>>()
                    .join(", "),
            })?;
            let coordinate = self.dimensions[place].parse(value)?;
            if given[place].replace(coordinate).is_some() {
                return Err(PointError::Repeated(name.to_string()));
            }
        }
        let mut config = self.base.clone();
        let mut point = Vec::new();
        for (dimension, given) in self.dimensions.iter().zip(given) {
            let coordinate = given.unwrap_or_else(|| dimension.first());
            dimension.set(&mut config, &coordinate);
            if let Some(rule) = self.broken(dimension.name, &config) {
                let (text, reason) = (text.to_string(), rule.reason);
                return Err(PointError::Illegal { text, reason });
            }
            point.push(coordinate);
        }
        Ok(Point(point.into()))
    }

    fn bounds(&self) -> [&'static [Bound]; 2] {
        [self.gate, self.deep]
    }

    fn dimensions(&self) -> Vec<DimensionInfo> {
        let info = |dimension: &Dimension<C>| DimensionInfo {
            name: dimension.name,
            summary: dimension.summary,
            values: dimension.names(),
            is_program: matches!(dimension.values, Values::Programs { .. }),
            like: dimension.like,
        };
        self.dimensions.iter().map(info).collect()
    }

    fn rules(&self) -> Vec<(&'static [&'static str], &'static str)> {
        self.rules
            .iter()
            .map(|rule| (rule.dimensions, rule.reason))
            .collect()
    }
}

/// The one copy of a slice that lives as long as the program: configurations are `Copy`, and those of a space have
/// slices that no table has. A space has few different ones.
pub fn interned<T: Clone + Eq + Hash + Send + Sync + 'static>(items: &[T]) -> &'static [T] {
    type Tables = HashMap<TypeId, Box<dyn Any + Send>>;
    static TABLES: Mutex<Option<Tables>> = Mutex::new(None);
    let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    let table = tables.get_or_insert_default().entry(TypeId::of::<T>());
    let table = table.or_insert_with(|| Box::new(HashSet::<&'static [T]>::new()));
    // It was made for this type.
    let Some(table) = table.downcast_mut::<HashSet<&'static [T]>>() else {
        return Vec::leak(items.to_vec());
    };
    if let Some(known) = table.get(items) {
        return known;
    }
    let kept: &'static [T] = Vec::leak(items.to_vec());
    table.insert(kept);
    kept
}

/// The one copy of a text that lives as long as the program: see [`interned`].
#[must_use]
pub fn interned_text(text: &str) -> &'static str {
    // The bytes are those of a text.
    std::str::from_utf8(interned(text.as_bytes())).unwrap_or_default()
}
