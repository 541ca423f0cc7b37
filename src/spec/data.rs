//! What a spec is, as data.

use super::record::Record;
use super::variant::Variant;
use crate::engine::{Encoding, Engine, Function, SourceFile};
use std::fmt;
use std::sync::Arc;

/// A system with its designs, scenarios, properties and records.
///
/// ```
/// use pagelock::protocols::page_mkwrite::SPEC;
///
/// // The tables are plain data, and everything that is printed about a spec is read from them.
/// let scenario = SPEC.scenario("lost-store").unwrap();
/// assert!(scenario.marks.iter().all(|name| SPEC.marks.iter().any(|mark| mark.name == *name)));
/// let reasons = SPEC.records_of("old").filter_map(|record| record.verdict.reason());
/// assert!(reasons.map(|name| SPEC.property(name)).all(|property| property.is_some()));
/// assert!(SPEC.headline().ends_with("(b827e496c893)"));
/// ```
pub struct Spec {
    /// The name, as the command line spells it.
    pub name: &'static str,
    /// One line on what it is about.
    pub title: &'static str,
    /// The commit of the patch.
    pub commit: &'static str,
    /// The commit whose tree the old design mirrors; a `^` is its parent.
    pub before: &'static str,
    /// The patch's subject line.
    pub subject: &'static str,
    /// The separable ingredients of the patch, and of later fixes.
    pub clauses: &'static [Clause],
    /// Named sets of clauses. The first is the old design, the second the patched one.
    pub designs: &'static [Design],
    /// Threads and sizes.
    pub scenarios: &'static [Scenario],
    /// Named conditions.
    pub properties: &'static [Property],
    /// The properties that no design violates, with all its clauses or without one of them.
    pub unviolated: &'static [Unviolated],
    /// Clauses that no design has and that an encoding may be asked with: what a fix must not do.
    pub rejected: &'static [Clause],
    /// The windows that scenarios must enter.
    pub marks: &'static [Mark],
    /// What each clause is needed for.
    pub needs: &'static [Need],
    /// What each design must come to in each scenario.
    pub records: &'static [Record],
    /// Makes the encoding of a set of clauses in a scenario.
    pub encode: fn(&Variant, &Scenario) -> Arc<dyn Encoding>,
    /// The files that its encoding is written in, for whoever wants to show what stands at a line; may be
    /// empty.
    pub sources: &'static [SourceFile],
}

impl fmt::Debug for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spec")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Spec {
    /// The encoding of a design in a scenario.
    ///
    /// ```
    /// use pagelock::engine::{Strategy, search};
    /// use pagelock::protocols::page_mkwrite::SPEC;
    ///
    /// // The bare program, for a search whose result is held against no record.
    /// let encoding = SPEC.encoding(SPEC.design("old").unwrap(), SPEC.scenario("lost-store").unwrap());
    /// assert!(search(&encoding, &Strategy::States).unwrap().finding("store").is_some());
    /// ```
    #[must_use]
    pub fn encoding(&self, design: &Design, scenario: &Scenario) -> Arc<dyn Encoding> {
        (self.encode)(&design.into(), scenario)
    }

    /// What it is about, with the commit of its patch if there is one.
    #[must_use]
    pub fn headline(&self) -> String {
        match self.commit {
            "" => self.title.to_string(),
            commit => format!("{} ({commit})", self.title),
        }
    }

    /// The design of that name.
    #[must_use]
    pub fn design(&self, name: &str) -> Option<&'static Design> {
        self.designs.iter().find(|design| design.name == name)
    }

    /// The scenario of that name.
    #[must_use]
    pub fn scenario(&self, name: &str) -> Option<&'static Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }

    /// The property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties
            .iter()
            .find(|property| property.name == name)
    }

    /// The clause of that name.
    #[must_use]
    pub fn clause(&self, name: &str) -> Option<&'static Clause> {
        self.clauses.iter().find(|clause| clause.name == name)
    }

    /// The commit whose tree a set of clauses mirrors: without any clause of the patch, the one before it.
    #[must_use]
    pub fn mirrored(&self, variant: &Variant) -> &'static str {
        let mut own = self.clauses_of(variant);
        let patched = own.any(|clause| clause.origin == Origin::Patch);
        if patched { self.commit } else { self.before }
    }

    /// The commit whose tree one function of a set of clauses mirrors: that of the last of its clauses that
    /// changes the function and came after the patch, if a commit of it is known.
    ///
    /// ```
    /// use pagelock::protocols::{page_mkwrite::{CONVERTED, SPEC}};
    /// use pagelock::spec::{Variant};
    ///
    /// let mended = Variant::from(SPEC.design("mended").unwrap());
    /// assert_eq!(SPEC.mirrored(&mended), "b827e496c893");
    /// // The function that a later commit has changed is that commit's.
    /// let only_nfs = Variant::new(["return-locked", CONVERTED.name]);
    /// assert_eq!(SPEC.mirrored_by(&only_nfs, CONVERTED.function.name), "7fdf52306766");
    /// ```
    #[must_use]
    pub fn mirrored_by(&self, variant: &Variant, function: &str) -> &'static str {
        let later = (self.clauses_of(variant)).filter_map(|clause| match clause.origin {
            Origin::Later { commit, .. } if clause.function.name == function => Some(commit),
            _ => None,
        });
        let is_commit = |text: &&str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let last = later.filter(is_commit).last();
        last.unwrap_or_else(|| self.mirrored(variant))
    }

    fn clauses_of(&self, variant: &Variant) -> impl Iterator<Item = &'static Clause> {
        let names = variant.clauses().to_vec();
        (self.clauses.iter()).filter(move |clause| names.contains(&clause.name))
    }

    /// The records of a design, in the order of the table.
    pub fn records_of(&self, design: &str) -> impl Iterator<Item = &'static Record> {
        let design = design.to_string();
        (self.records.iter()).filter(move |record| record.design == design)
    }
}

/// A separable ingredient of a patch.
///
/// ```
/// use pagelock::kernel::functions as f;
/// use pagelock::spec::{Clause, Origin};
///
/// let clause = Clause { id: "X-C1", ..Clause::new("lock-first", "locks the page first", f::LOCK_PAGE) };
/// assert_eq!((clause.origin, clause.in_a_row()), (Origin::Patch, "lock-first (X-C1)".to_string()));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Clause {
    /// A short number, `J-C1`, or nothing.
    pub id: &'static str,
    /// The name, `handle-before-page-lock`.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// The kernel function that it changes.
    pub function: Function,
    /// Where it comes from.
    pub origin: Origin,
}

impl Clause {
    /// The name, with the number behind it if there is one.
    #[must_use]
    pub fn in_a_row(&self) -> String {
        match self.id {
            "" => self.name.to_string(),
            id => format!("{} ({id})", self.name),
        }
    }
}

/// What a clause is needed for, in the design whose clause it is: the patched one, or the last one
/// for what came later.
///
/// ```
/// use pagelock::protocols::nfs_coalesce::SPEC;
///
/// let defensive: Vec<_> = SPEC.needs.iter().filter(|need| need.breaks.is_empty()).collect();
/// assert!(defensive.iter().all(|need| !need.sentence.is_empty() && SPEC.clause(need.clause).is_some()));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// The clause's name.
    pub clause: &'static str,
    /// The properties that some scenario violates without the clause and not with it, in the order
    /// of their names; none, if it is not needed for what is checked.
    pub breaks: &'static [&'static str],
    /// What breaks without it and how, or why nothing does: one sentence for a reviewer.
    pub sentence: &'static str,
}

/// Where a clause comes from.
///
/// ```
/// use pagelock::protocols::{ext4_journal_start::SPEC};
/// use pagelock::spec::{Origin};
///
/// let later = |origin| matches!(origin, Origin::Later { .. });
/// let fixes = SPEC.clauses.iter().filter(|clause| later(clause.origin)).count();
/// // The patch has eight clauses; the others upstream found necessary afterwards.
/// assert_eq!((SPEC.clauses.len(), fixes), (14, 6));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An upstream commit before the patch: the old design has it too.
    Earlier {
        /// The commit, abbreviated.
        commit: &'static str,
        /// Its subject line.
        subject: &'static str,
    },
    /// The patch of the spec.
    Patch,
    /// A later upstream commit.
    Later {
        /// The commit, abbreviated.
        commit: &'static str,
        /// Its subject line.
        subject: &'static str,
    },
}

/// A named set of clauses.
///
/// ```
/// use pagelock::protocols::ext4_journal_start::{CHUNKS, SPEC};
///
/// assert!(SPEC.design("patched").unwrap().has(&CHUNKS));
/// assert!(!SPEC.design("old").unwrap().has(&CHUNKS));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Design {
    /// The name, as the command line spells it.
    pub name: &'static str,
    /// One line on what it is.
    pub summary: &'static str,
    /// The names of its clauses.
    pub clauses: &'static [&'static str],
}

impl Design {
    /// Whether the design has the clause.
    #[must_use]
    pub fn has(&self, clause: &Clause) -> bool {
        self.clauses.contains(&clause.name)
    }
}

/// Threads and sizes.
///
/// ```
/// use pagelock::protocols::page_mkwrite::SPEC;
///
/// let scenario = SPEC.scenario("same-pte").unwrap();
/// assert_eq!(scenario.shows, "the second fault finds the pte changed by the first");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// The name, as the command line spells it.
    pub name: &'static str,
    /// Threads, sizes and what happens, in one line.
    pub summary: &'static str,
    /// What it is there to show, in one line.
    pub shows: &'static str,
    /// Who runs it.
    pub engines: EngineSet,
    /// The marks that some execution of it must reach, also in the patched design.
    pub marks: &'static [&'static str],
}

/// Which engines run a scenario.
///
/// ```
/// use pagelock::engine::Engine;
/// use pagelock::spec::EngineSet;
///
/// // Too many states for an engine that visits them all.
/// assert!(EngineSet::Sampled.has(Engine::Shuttle) && !EngineSet::Sampled.has(Engine::Loom));
/// assert!(Engine::ALL.iter().all(|engine| EngineSet::All.has(*engine)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineSet {
    /// Every engine.
    All,
    /// Every engine but shuttle: what fails is too rare for samples of the usual size.
    NotShuttle,
    /// shuttle alone: the scenario has more states than an exhaustive engine can finish.
    Sampled,
}

impl EngineSet {
    /// Whether the engine is in the set.
    #[must_use]
    pub fn has(self, engine: Engine) -> bool {
        match self {
            Self::All => true,
            Self::NotShuttle => engine != Engine::Shuttle,
            Self::Sampled => engine == Engine::Shuttle,
        }
    }
}

/// A named condition.
///
/// ```
/// use pagelock::protocols::ext4_writepage::{STORE, SPEC};
///
/// assert_eq!(SPEC.property(STORE).unwrap().checked, "at the end");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// The name, `credits`.
    pub name: &'static str,
    /// What holds where it is not violated, in one line.
    pub summary: &'static str,
    /// When it is looked at: at a step, at an exit, at the end.
    pub checked: &'static str,
}

/// A property that no design of its spec violates, nor a design without one of its clauses.
///
/// ```
/// use pagelock::protocols::ext4_writepage::SPEC;
///
/// let never = SPEC.unviolated.iter().map(|row| row.property);
/// let recorded = SPEC.records.iter().flat_map(|record| record.verdict.properties());
/// assert!(recorded.copied().all(|property| never.clone().all(|name| name != property)));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Unviolated {
    /// The property's name.
    pub property: &'static str,
    /// Why it is checked all the same, and what violates it.
    pub reason: &'static str,
}

/// A window that executions must enter for a pass to mean something.
///
/// ```
/// use pagelock::spec::Mark;
///
/// const TOO_LATE: Mark = Mark::new("too-late", "the flusher finds the page gone");
/// assert_eq!(TOO_LATE.name, "too-late"); // As `Task::reach` gives it in the encoding.
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// The name, `commit-waits-for-handle`.
    pub name: &'static str,
    /// What has happened when it is reached, in one line.
    pub summary: &'static str,
}

/// Stands for a property where some execution does not end within the engine's limit of operations: a thread
/// repeats a loop, or several keep one another running.
pub const UNBOUNDED: &str = "unbounded";
