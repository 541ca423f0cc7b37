//! What a spec is, as data.

use super::expectation::Expectation;
use super::one_step::OneStep;
use super::patch::Patch;
use super::space::{PointError, ScenarioSpace, interned_text};
use super::variant::Variant;
use crate::engine::Engine;
use crate::model::{Encoding, Function};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A system with its designs, scenarios, properties and expectations.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Named sets of clauses. The first is the old design; which one is the patched design, [`patched`](Self::patched)
    /// says.
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
    pub cover_points: &'static [CoverPoint],
    /// What each design must do in each scenario.
    pub expectations: &'static [Expectation],
    /// Every scenario that the encoding can be asked for, if the spec says which these are.
    #[serde(skip)]
    pub space: Option<&'static dyn ScenarioSpace>,
    /// What the last design violates in the space, and why that stands.
    #[serde(skip)]
    pub open: &'static [OpenFailure],
    /// The hunks of the patch, each with the clause that mirrors it, if the spec lists them.
    #[serde(skip)]
    pub patch: Option<Patch>,
    /// Why each step that touches more than one word without a lock is one step in the mirrored system.
    #[serde(skip)]
    pub one_step: &'static [OneStep],
    /// Makes the encoding of a set of clauses in a scenario.
    #[serde(skip)]
    pub encode: fn(&Variant, &Scenario) -> Arc<dyn Encoding>,
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
    #[must_use]
    pub fn encoding(&self, design: &Design, scenario: &Scenario) -> Arc<dyn Encoding> {
        self.encoding_of(&design.into(), scenario)
    }

    /// The encoding of a set of clauses in a scenario, of the table or of the space.
    #[must_use]
    pub fn encoding_of(&self, variant: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
        let point = self.space.filter(|_| is_point(scenario.name));
        let point = point.and_then(|space| Some((space, space.parse(scenario.name).ok()?)));
        match point {
            Some((space, point)) => space.encoding(variant, &point),
            None => (self.encode)(variant, scenario),
        }
    }

    /// The scenario that a point of the space is, if the name is one of a point: `mode=delalloc,process=fsync`.
    ///
    /// # Errors
    /// [`PointError`] if it looks like a point, and is none.
    #[must_use]
    pub fn point(&self, name: &str) -> Option<Result<&'static Scenario, PointError>> {
        let space = self.space.filter(|_| is_point(name))?;
        let scenario = |point| {
            let name = interned_text(&space.text(&point));
            let scenario: &'static Scenario =
                Box::leak(Box::new(Scenario::new(name, "a scenario of the space")));
            scenario
        };
        Some(space.parse(name).map(scenario))
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

    /// The place of the patched design: of the one called `patched`, or else the second.
    fn place_of_patched(&self) -> usize {
        let mut designs = self.designs.iter();
        designs
            .position(|design| design.name == "patched")
            .unwrap_or(1)
    }

    /// The patched design: the one called `patched`, or else the second.
    #[must_use]
    pub fn patched(&self) -> Option<&'static Design> {
        self.designs.get(self.place_of_patched())
    }

    /// The old design and the patched one, if there is one.
    #[must_use]
    pub fn old_and_patched(&self) -> Option<[&'static Design; 2]> {
        Some([self.designs.first()?, self.patched()?])
    }

    /// The patched design and those after it, with later fixes.
    #[must_use]
    pub fn from_patched(&self) -> &'static [Design] {
        self.designs
            .get(self.place_of_patched()..)
            .unwrap_or_default()
    }

    /// The commit whose tree a set of clauses mirrors: without any clause of the patch, that of the last clause which
    /// is earlier and not of the old design; without one of these, the tree of the old design.
    #[must_use]
    pub fn mirrored(&self, variant: &Variant) -> &'static str {
        if (self.clauses_of(variant)).any(|clause| clause.origin == Origin::Patch) {
            return self.commit;
        }
        let is_old = |clause: &Clause| self.designs.first().is_some_and(|old| old.has(clause));
        let earlier = self.clauses_of(variant).filter(|clause| !is_old(clause));
        let commits = earlier.filter_map(|clause| match clause.origin {
            Origin::Earlier { commit, .. } => Some(commit),
            _ => None,
        });
        commits.last().unwrap_or(self.before)
    }

    /// The commit whose tree one function of a set of clauses mirrors: that of the last of its clauses that
    /// changes the function and came after the patch, if a commit of it is known.
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

    /// What a design must do in a scenario.
    #[must_use]
    pub fn expectation(&self, design: &str, scenario: &str) -> Option<&'static Expectation> {
        self.expectations
            .iter()
            .find(|expectation| expectation.design == design && expectation.scenario == scenario)
    }

    /// What is expected of a design without these clauses; of several at once, nothing is.
    pub(super) fn expected_ablation(&self, without: &[&str]) -> Option<ExpectedAblation> {
        match without {
            [name] => self.clause(name)?.ablation,
            _ => None,
        }
    }

    /// The expectations of a design, in the order of the table.
    pub fn expectations_of(&self, design: &str) -> impl Iterator<Item = &'static Expectation> {
        let design = design.to_string();
        self.expectations
            .iter()
            .filter(move |expectation| expectation.design == design)
    }
}

/// A separable ingredient of a patch.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// What it is needed for, if the spec says so.
    pub ablation: Option<ExpectedAblation>,
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

/// What is expected of a design without one of its clauses: of the patched design, or of the last one for a clause
/// that came later.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExpectedAblation {
    /// The properties that some scenario violates without the clause and not with it, in the order of their names;
    /// none, if the clause is not needed for what is checked.
    pub breaks: &'static [&'static str],
    /// What breaks without it and how, or why nothing does: one sentence for a reviewer.
    pub sentence: &'static str,
}

/// What an execution without some clause violates that does not end, in [`ExpectedAblation::breaks`].
pub const UNBOUNDED: &str = "unbounded";

/// Where a clause comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// An upstream commit before the patch: the old design has it too, or a design between that and the patched one.
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

/// A named set of clauses: those of a design before it, and those that it adds.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(into = "WholeDesign")]
pub struct Design {
    /// The name, as the command line spells it.
    pub name: &'static str,
    /// One line on what it is.
    pub summary: &'static str,
    /// The design that it extends.
    pub base: Option<&'static Self>,
    /// The names of the clauses that it has beyond those of its base.
    pub added: &'static [&'static str],
    /// The names of the clauses of its base that it does not have.
    pub removed: &'static [&'static str],
}

impl Design {
    /// The names of its clauses.
    #[must_use]
    pub fn clauses(&self) -> Vec<&'static str> {
        let mut clauses = self.base.map(Self::clauses).unwrap_or_default();
        clauses.retain(|name| !self.removed.contains(name));
        clauses.extend(self.added);
        clauses
    }

    /// Whether the design has the clause.
    #[must_use]
    pub fn has(&self, clause: &Clause) -> bool {
        self.clauses().contains(&clause.name)
    }
}

/// A design as it is serialized: with all its clauses.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Design"))]
struct WholeDesign {
    /// The name, as the command line spells it.
    name: &'static str,
    /// One line on what it is.
    summary: &'static str,
    /// The names of its clauses.
    clauses: Vec<&'static str>,
}

#[cfg(test)]
impl schemars::JsonSchema for Design {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WholeDesign::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WholeDesign::json_schema(generator)
    }
}

impl From<Design> for WholeDesign {
    fn from(design: Design) -> Self {
        Self {
            name: design.name,
            summary: design.summary,
            clauses: design.clauses(),
        }
    }
}

/// Threads and sizes.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Scenario {
    /// The name, as the command line spells it.
    pub name: &'static str,
    /// Threads, sizes and what happens, in one line.
    pub summary: &'static str,
    /// What it is there to show, in one line.
    pub shows: &'static str,
    /// The engines that run it.
    pub engines: EngineSet,
    /// The names of the points that some execution of it must cover, also in the patched design.
    pub cover: &'static [&'static str],
}

/// Which engines run a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
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
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Property {
    /// The name, `credits`.
    pub name: &'static str,
    /// What holds where it is not violated, in one line.
    pub summary: &'static str,
    /// When it is looked at: at a step, at an exit, at the end.
    pub checked: &'static str,
}

/// A property that no design of its spec violates, nor a design without one of its clauses.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unviolated {
    /// The property's name.
    pub property: &'static str,
    /// Why it is checked all the same, and what violates it.
    pub reason: &'static str,
}

/// A failure of the last design that stands: the patched kernel has it too, or it is out of what the model is about.
#[derive(Debug, Clone, Copy)]
pub struct OpenFailure {
    /// The property.
    pub property: &'static str,
    /// The coordinates that every scenario of the failure has, as the command line spells them: `filesystem=full`. One
    /// that ends in `*` is of every value that begins so.
    pub within: &'static str,
    /// The smallest scenario that shows it, as a point of the space.
    pub example: &'static str,
    /// Why it stands: a later commit that is not modelled, or none yet.
    pub reason: &'static str,
}

impl OpenFailure {
    /// Whether the violation of a property in a scenario is this failure.
    #[must_use]
    pub fn explains(&self, property: &str, scenario: &str) -> bool {
        let has = |coordinate: &str| {
            scenario
                .split(',')
                .any(|part| match coordinate.strip_suffix('*') {
                    Some(start) => part.starts_with(start),
                    None => part == coordinate,
                })
        };
        self.property == property && self.within.split(',').all(has)
    }
}

/// Whether the name of a scenario is the text of a point: names in tables have no `=`.
fn is_point(name: &str) -> bool {
    name.contains('=')
}

/// A window that executions must enter for a pass to mean something.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CoverPoint {
    /// The name, `commit-waits-for-handle`.
    pub name: &'static str,
    /// What has happened when it is covered, in one line.
    pub summary: &'static str,
}

#[cfg(all(test, not(loom)))]
mod tests {
    use crate::protocols::page_mkwrite::{CONVERTED, SPEC};
    use crate::protocols::{ext4_writepage, nfs_coalesce};
    use crate::spec::{Spec, Variant};

    #[test]
    fn a_design_between_the_old_and_the_patched_one_mirrors_its_own_commit() {
        let spec = &ext4_writepage::SPEC;
        let mirrors = |design: &str| spec.mirrored(&spec.design(design).expect("listed").into());
        let mirrored = ["old", "parent", "patched", "fixed"].map(mirrors);
        assert_eq!(
            mirrored,
            [
                "c364b22c9580^",
                "c364b22c9580",
                "43ce1d23b433",
                "43ce1d23b433"
            ]
        );
    }

    #[test]
    fn the_patched_design_is_the_one_of_that_name_or_else_the_second() {
        let second = Spec {
            designs: &nfs_coalesce::SPEC.designs[1..],
            ..ext4_writepage::SPEC
        };
        let named = |spec: &Spec| spec.patched().map(|design| design.name);
        assert_eq!(named(&ext4_writepage::SPEC), Some("patched"));
        assert_eq!(named(&second), Some("patched"));
        let unnamed = Spec {
            designs: &[],
            ..ext4_writepage::SPEC
        };
        assert!(named(&unnamed).is_none() && unnamed.from_patched().is_empty());
    }

    #[test]
    fn a_function_that_a_later_commit_has_changed_is_that_commits() {
        let both = Variant::new(["return-locked", CONVERTED.name]);
        assert_eq!(
            SPEC.mirrored_by(&both, CONVERTED.function.name),
            "7fdf52306766"
        );
        let last = Variant::from(SPEC.designs.last().expect("the last design"));
        assert_eq!(SPEC.mirrored(&last), "b827e496c893");
        assert_eq!(SPEC.mirrored(&Variant::new([])), "b827e496c893^");
    }
}
