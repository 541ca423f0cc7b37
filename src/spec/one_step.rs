//! Why a step of more than one word is one step.

use crate::model::Function;

/// Why a step that touches more than one word without a lock of its thread's is one step in the mirrored system. The
/// steps are those that [`multi_word_steps`](crate::engine::multi_word_steps) finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneStep {
    /// The function that the step stands for.
    pub function: Function,
    /// The function that it is called from; without one, any, of which no other reason speaks.
    pub caller: Option<Function>,
    /// The object that it is taken on, with `N` for each number in its name: `page N buffers`.
    pub object: &'static str,
    /// The reason, in one sentence.
    pub reason: &'static str,
}

impl OneStep {
    /// The reason for a function's steps on an object, wherever it is called from.
    #[must_use]
    pub const fn new(function: Function, object: &'static str, reason: &'static str) -> Self {
        Self {
            function,
            caller: None,
            object,
            reason,
        }
    }

    /// The same for one caller.
    #[must_use]
    pub const fn called_from(self, caller: Function) -> Self {
        Self {
            caller: Some(caller),
            ..self
        }
    }

    /// Of some reasons, that for a step: what is said of its caller, or else of every caller.
    #[must_use]
    pub fn find(
        all: &'static [Self],
        function: &str,
        caller: Option<&str>,
        object: &str,
    ) -> Option<&'static Self> {
        let of_step = |one: &&Self| one.function.name == function && one.object == object;
        let of_caller = all.iter().filter(of_step).find(|one| {
            let own = one.caller.map(|caller| caller.name);
            own.is_some() && own == caller
        });
        of_caller.or_else(|| all.iter().filter(of_step).find(|one| one.caller.is_none()))
    }
}
