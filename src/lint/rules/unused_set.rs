//! A set or parameter that nothing refers to.

use crate::diagnostic::{Diagnostic, code};
use crate::lint::{Context, parts};
use crate::syntax::ast::Item;

pub(in crate::lint) fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for (index, file) in context.files.iter().enumerate() {
        // A file without rules of its own is there for others, of which this run may know only some.
        let has_rules = file.file.items.iter().any(|item| matches!(item, Item::Rule(_) | Item::Waive(_)));
        if !has_rules || !(file.is_policy || file.is_waiver_file) {
            continue;
        }
        for item in &file.file.items {
            let (word, name, at) = match item {
                Item::Let(set) => ("set", &set.name, set.at),
                Item::Param(param) => ("parameter", &param.name, param.at),
                _ => continue,
            };
            if is_used(context, index, &name.node) || file.is_broken_around(&name.node, context.sources) {
                continue;
            }
            found.push(
                Diagnostic::warning(code::D401, format!("the {word} `{}` is not used", name.node))
                    .at(name.span, "nothing refers to it")
                    .help("remove it, or use it")
                    .edit(at.0, ""),
            );
        }
    }
    found
}

fn is_used(context: &Context<'_>, file: usize, name: &str) -> bool {
    let users = context
        .files
        .iter()
        .enumerate()
        .filter(|(index, user)| *index == file || user.uses(&context.files[file]));
    users.flat_map(|(_, user)| &user.file.items).any(|item| {
        let defines = matches!(item, Item::Let(set) if set.name.node == name);
        !defines && parts::of_item(item).names.iter().any(|used| used.node == name)
    })
}
