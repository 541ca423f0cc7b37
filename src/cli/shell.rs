//! Completions for shells, and manual pages.

use super::answer::Answer;
use super::args::{Completions, Man};
use clap::Command;
use std::io;

pub(super) fn completions(arguments: &Completions, mut command: Command) -> Answer {
    let name = command.get_name().to_string();
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut text);
    answer(Ok(()), text)
}

pub(super) fn man(arguments: &Man, mut command: Command) -> Answer {
    command.build();
    let known: Vec<String> = (command.get_subcommands())
        .filter(|command| !command.is_hide_set())
        .map(|command| command.get_name().to_string())
        .collect();
    let page = match &arguments.of {
        None => Some(command),
        Some(name) => command.find_subcommand(name).cloned(),
    };
    let Some(page) = page else {
        return Answer::bad(format!(
            "there is no such command; known: {}",
            known.join(", ")
        ));
    };
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(page).render(&mut text);
    answer(rendered, text)
}

fn answer(written: io::Result<()>, text: Vec<u8>) -> Answer {
    let text = written.and_then(|()| String::from_utf8(text).map_err(io::Error::other));
    text.map_or_else(|error| Answer::bad(error.to_string()), Answer::good)
}
