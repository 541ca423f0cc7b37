//! Tests of the engines on small models.

mod automata;
mod explicit;
mod lock_order;
mod scopes;
mod searches;
mod waits;

use super::*;
use crate::model::*;
