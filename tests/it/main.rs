//! The command line and the rules of the house.
#![cfg(not(loom))]

mod bounds;
mod command_line;
mod damage;
mod examples;
mod fuzz;
mod mistakes;
mod reading;
mod specs;
mod table_of_mistakes;
mod tidy;
mod wrong_specs;
