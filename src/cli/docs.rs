//! `docs/cli.md`, made from clap's types.

use super::args::Arguments;
use clap::{Arg, Command, CommandFactory};

const HEAD: &str = "\
# The command line

<!-- Made from src/cli/args.rs: `UPDATE=1 cargo test docs_are_current` writes it anew. -->

";

/// The whole page.
pub fn reference() -> String {
    let mut root = Arguments::command();
    root.build();
    let mut text = HEAD.to_owned();
    section(&mut text, &root, "dictum", 2);
    text
}

fn section(text: &mut String, command: &Command, name: &str, depth: usize) {
    text.push_str(&format!("{} {name}\n\n", "#".repeat(depth)));
    let about = command.get_long_about().or(command.get_about());
    if let Some(about) = about {
        text.push_str(&format!("{}\n\n", about.to_string().trim()));
    }
    let usage = command.clone().render_usage().to_string();
    text.push_str(&format!("    {}\n\n", usage.trim_start_matches("Usage: ").trim()));
    let subcommands: Vec<&Command> = command.get_subcommands().filter(|c| !c.is_hide_set()).collect();
    let own =
        |arg: &&Arg| !arg.is_hide_set() && (depth == 2 || !arg.is_global_set()) && arg.get_id() != "help";
    let arguments: Vec<&Arg> = command.get_arguments().filter(own).collect();
    if !arguments.is_empty() {
        text.push_str("| | |\n| --- | --- |\n");
        for arg in arguments {
            text.push_str(&format!("| `{}` | {} |\n", synopsis(arg).replace('|', "\\|"), explanation(arg)));
        }
        text.push('\n');
    }
    if let Some(after) = command.get_after_help() {
        let after = after.to_string();
        let lines: Vec<String> = after.trim().lines().map(fenced).collect();
        text.push_str(&format!("{}\n\n", lines.join("\n").trim_end().replace("\n\n\n", "\n\n")));
    }
    for subcommand in subcommands {
        section(text, subcommand, &format!("{name} {}", subcommand.get_name()), (depth + 1).min(4));
    }
}

/// A line of the help as Markdown: what is indented there is code here.
fn fenced(line: &str) -> String {
    match line.strip_prefix("  ") {
        Some(example) => format!("    {example}"),
        None if line.is_empty() => String::new(),
        None => format!("{line}\n"),
    }
}

fn synopsis(arg: &Arg) -> String {
    let value = || {
        let names = arg.get_value_names().unwrap_or_default();
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        names.join(" ")
    };
    let takes = arg.get_action().takes_values();
    let mut text = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (None, Some(long)) => format!("--{long}"),
        (Some(short), None) => format!("-{short}"),
        (None, None) => return value(),
    };
    if takes {
        text.push(' ');
        text.push_str(&value());
    }
    text
}

fn explanation(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let paragraphs = help.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    let sentences: Vec<String> =
        paragraphs.map(|p| if p.ends_with(['.', ':']) { p } else { format!("{p}.") }).collect();
    let mut text = sentences.join(" ");
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|v| format!("`{}`", v.get_name())).collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        text.push_str(&format!(" One of {}.", values.join(", ")));
    }
    text.replace('|', "\\|")
}
