//! Names that an encoding uses: of lock classes, threads and objects.

use super::SearchError;
use super::access::InvalidAccess;
use super::execution::{ExecutionState, Objects};
use std::collections::BTreeSet;

impl ExecutionState {
    /// Whether some object has this lock class; an encoding that names another one is wrong.
    pub(crate) fn is_a_class(&mut self, class: &str, place: &str) {
        let is_declared = self.declared.contains(class);
        if is_declared || self.objects.iter().any(|object| object.class == class) {
            return;
        }
        let known: BTreeSet<&str> = self.objects.iter().map(|object| object.class).collect();
        let known: Vec<&str> = known
            .into_iter()
            .filter(|class| !class.is_empty())
            .collect();
        self.report_error(SearchError::UnknownName {
            name: format!("lock class `{class}`"),
            place: place.to_string(),
            known: known.join(", "),
        });
    }

    /// Whether there is a thread of this name; an encoding that names another one is wrong.
    pub(crate) fn is_a_thread(&mut self, name: &str, place: &str) {
        if self.index(name).is_none() {
            self.unknown_thread(name, place);
        }
    }

    /// The encoding names a thread that is not there.
    pub(crate) fn unknown_thread(&mut self, name: &str, place: &str) {
        if self.declared.contains(name) {
            return;
        }
        let known = self.thread_names();
        self.report_error(SearchError::UnknownName {
            name: format!("thread `{name}`"),
            place: place.to_string(),
            known,
        });
    }

    /// The thread of this name, which is to act on something; an encoding that names another one is wrong.
    pub(crate) fn acting(&self, name: &'static str, what: &str) -> Option<usize> {
        let thread = self.index(name);
        if thread.is_none() && !self.declared.contains(name) {
            let what = what.to_string();
            self.access
                .record_invalid(InvalidAccess::Thread { name, what });
        }
        thread
    }

    /// The names of some objects, as a list.
    pub(crate) fn object_names(&self, objects: Objects) -> String {
        let all = self.objects.iter().enumerate();
        let names = all.filter(|(object, _)| objects.contains(*object));
        let names: Vec<&str> = names.map(|(_, object)| object.first_name()).collect();
        if names.is_empty() {
            "no object".to_string()
        } else {
            names.join(", ")
        }
    }

    /// The names of all threads, as a list.
    pub(crate) fn thread_names(&self) -> String {
        let names: Vec<&str> = self.threads.iter().map(|thread| thread.name).collect();
        names.join(", ")
    }
}
