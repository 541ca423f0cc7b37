//! The command line and the rules of the house.
#![cfg(not(loom))]

mod command_line;
mod examples;
mod fuzz;
mod mistakes;
mod reading;
mod soundness;
mod specs;
mod table_of_mistakes;
mod tidy;
mod wrong_specs;
