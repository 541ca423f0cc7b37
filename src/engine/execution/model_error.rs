//! Errors of a model: what is wrong with the encoding, and the schedule that shows it.
//!
//! Such an error is none of the system under check but of its model: no verdict on such a model is valid. So it
//! ends the search.

use crate::engine::error::SearchError;
use crate::trace::Schedule;

/// An error of a model, and the schedule of the execution that shows it.
#[derive(Debug, Clone)]
pub(crate) struct ModelError {
    pub(crate) error: SearchError,
    pub(crate) schedule: Schedule,
}

impl From<SearchError> for ModelError {
    fn from(error: SearchError) -> Self {
        Self {
            error,
            schedule: Schedule::default(),
        }
    }
}
