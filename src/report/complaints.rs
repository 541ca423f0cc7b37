//! What there is to complain of after a check.

use super::table::place;
use crate::plan;
use crate::spec::{self, CheckError, Run};

/// What kind of complaint it is; the worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A verdict differs from its record, or a mark is not reached.
    Differs,
    /// A search did not come to its end, or gave no result.
    Incomplete,
    /// Two engines say different things of the same model.
    Disagree,
}

impl Kind {
    /// In a word or two.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Differs => "not as recorded",
            Self::Incomplete => "incomplete",
            Self::Disagree => "engines disagree",
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone)]
pub struct Complaint<'r> {
    /// What kind it is.
    pub kind: Kind,
    /// What is wrong and where, in a sentence.
    pub text: String,
    /// The run that shows it, or one of those that do; nothing, if there is no result.
    pub run: Option<&'r Run>,
    /// Whether several searches together show it, and none alone.
    pub together: bool,
}

/// Holds everything that was found against the records: what each search says by itself. Also the runs
/// that have a result.
#[must_use]
pub fn of_each(results: &[Result<Run, CheckError>]) -> (Vec<&Run>, Vec<Complaint<'_>>) {
    let mut complaints = Vec::new();
    let mut runs = Vec::new();
    for result in results {
        match result {
            Ok(run) => runs.push(run),
            Err(error) => complaints.push(Complaint {
                kind: Kind::Incomplete,
                text: error.to_string(),
                run: None,
                together: false,
            }),
        }
    }
    for run in &runs {
        let mut complain = |kind, what: &str| {
            complaints.push(Complaint {
                kind,
                text: format!("{}: {what}", place(run)),
                run: Some(run),
                together: false,
            });
        };
        if run.is_cut_off() {
            complain(Kind::Incomplete, "the search did not come to its end");
        }
        if let Some(difference) = &run.differs {
            complain(Kind::Differs, difference);
        }
    }
    (runs, complaints)
}

/// What the searches of the same model say together: marks that none reaches, reasons that no sample
/// finds, engines that disagree.
#[must_use]
pub fn of_all<'r>(runs: &[&'r Run]) -> Vec<Complaint<'r>> {
    let mut complaints = Vec::new();
    for group in plan::groups(runs) {
        let mut complain = |kind, text| {
            complaints.push(Complaint {
                kind,
                text,
                run: Some(group[0]),
                together: true,
            });
        };
        let place = place(group[0]);
        for mark in spec::unreached_marks(&group) {
            let text = format!(
                "{place}: no execution reaches the mark `{mark}`, so the scenario does not show what it is \
                 there for: change its threads or sizes, or take the mark off it"
            );
            complain(Kind::Differs, text);
        }
        if spec::reaches_nothing(&group) {
            let text = format!(
                "{place}: it passes, and the scenario names no mark, so nothing says that it has come to \
                 what it is there for: name one (`Scenario::reaching`, `Task::reach`)"
            );
            complain(Kind::Differs, text);
        }
        if let Some(reason) = spec::missed_by_samples(&group) {
            let text = format!("{place}: no sample finds `{reason}` violated");
            complain(Kind::Differs, text);
        }
        for (complete, other) in plan::pairs(&group) {
            if let Some(disagreement) = spec::disagreement(complete, other) {
                complain(Kind::Disagree, disagreement);
            }
        }
    }
    complaints
}
