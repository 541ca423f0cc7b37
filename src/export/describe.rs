//! What a spec says of itself, in the words of the file.

use super::corpus::{
    Clause, Design, Mark, Need, Origin, Property, Record, Scenario, Spec, Unviolated,
};
use crate::engine::Engine;
use crate::spec::{self, Expected, Verdict};

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// A spec without its models, and without the functions of its designs, which are read off those.
pub(super) fn described(spec: &'static spec::Spec) -> Spec {
    Spec {
        name: spec.name.to_string(),
        title: spec.title.to_string(),
        commit: spec.commit.to_string(),
        before: spec.before.to_string(),
        subject: spec.subject.to_string(),
        properties: spec.properties.iter().map(property).collect(),
        marks: spec.cover_points.iter().map(mark).collect(),
        clauses: spec.clauses.iter().map(clause).collect(),
        designs: (spec.designs.iter()).map(|one| design(spec, one)).collect(),
        scenarios: spec.scenarios.iter().map(scenario).collect(),
        needs: spec.clauses.iter().filter_map(need).collect(),
        records: spec.expectations.iter().map(record).collect(),
        unviolated: spec.unviolated.iter().map(unviolated).collect(),
        models: Vec::new(),
    }
}

fn property(property: &spec::Property) -> Property {
    Property {
        name: property.name.to_string(),
        summary: property.summary.to_string(),
        checked: property.checked.to_string(),
    }
}

fn mark(mark: &spec::CoverPoint) -> Mark {
    Mark {
        name: mark.name.to_string(),
        summary: mark.summary.to_string(),
    }
}

fn clause(clause: &spec::Clause) -> Clause {
    let of = |commit: &str, subject: &str| (commit.to_string(), subject.to_string());
    Clause {
        id: clause.id.to_string(),
        name: clause.name.to_string(),
        summary: clause.summary.to_string(),
        function: clause.function.name.to_string(),
        file: clause.function.file.to_string(),
        origin: match clause.origin {
            spec::Origin::Patch => Origin::Patch,
            spec::Origin::Earlier { commit, subject } => {
                let (commit, subject) = of(commit, subject);
                Origin::Earlier { commit, subject }
            }
            spec::Origin::Later { commit, subject } => {
                let (commit, subject) = of(commit, subject);
                Origin::Later { commit, subject }
            }
        },
    }
}

fn design(spec: &spec::Spec, design: &spec::Design) -> Design {
    Design {
        name: design.name.to_string(),
        summary: design.summary.to_string(),
        clauses: owned(&design.clauses()),
        mirrors: spec.mirrored(&design.into()).to_string(),
        functions: Vec::new(),
    }
}

fn scenario(scenario: &spec::Scenario) -> Scenario {
    let engines = Engine::ALL.iter();
    let own = engines.filter(|engine| scenario.engines.has(**engine));
    Scenario {
        name: scenario.name.to_string(),
        summary: scenario.summary.to_string(),
        shows: scenario.shows.to_string(),
        engines: own.map(|engine| engine.name().to_string()).collect(),
        marks: owned(scenario.cover),
    }
}

fn need(clause: &spec::Clause) -> Option<Need> {
    let expected = clause.ablation?;
    Some(Need {
        clause: clause.name.to_string(),
        breaks: owned(expected.breaks),
        sentence: expected.sentence.to_string(),
    })
}

fn record(expectation: &spec::Expectation) -> Record {
    let (verdict, cycles) = match expectation.outcome {
        Expected::Pass => (Verdict::Pass, Vec::new()),
        Expected::Violated { cycles, .. } => (Verdict::Violated, owned(cycles)),
    };
    Record {
        design: expectation.design.to_string(),
        scenario: expectation.scenario.to_string(),
        verdict,
        properties: owned(expectation.outcome.properties()),
        cycles,
        loom_executions: expectation.loom_executions,
        sentence: expectation.sentence.to_string(),
    }
}

fn unviolated(unviolated: &spec::Unviolated) -> Unviolated {
    Unviolated {
        property: unviolated.property.to_string(),
        reason: unviolated.reason.to_string(),
    }
}
