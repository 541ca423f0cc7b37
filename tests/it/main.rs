//! The command line, and the rules of the crate.
#![cfg(not(loom))]

#[cfg(unix)]
mod action;
mod bounds;
mod command_line;
mod damage;
mod documents;
mod examples;
mod explore;
mod folding;
mod fuzz;
mod imports;
mod mistakes;
mod names;
mod patches;
mod reading;
#[path = "../common/schema.rs"]
mod schema;
mod schemas;
mod soundness;
mod specs;
mod splits;
mod table_of_mistakes;
mod tidy;
mod workflows;
#[cfg(unix)]
mod writing;
mod wrong_specs;
