//! The oracle: a second reading of language.md, by nested loops over plain rows, that shares nothing with the engine but
//! text -> tree. What it decides where the language leaves a choice is in DECISIONS.md.

mod agreement;
mod cases;
mod catalogue;
pub(crate) mod chance;
mod clauses;
mod compare;
mod conditions;
mod entities;
mod expressions;
mod glob;
mod json;
mod model;
mod operations;
mod path_agreement;
mod path_cases;
mod path_policies;
mod path_tenants;
mod paths;
mod policies;
mod reach;
mod reader;
mod rights;
mod scopes;
mod soundness;
mod steps;
mod tables;
mod tenants;
mod truth;
mod values;
mod verdicts;
mod words;
mod world;

use dictum::syntax::ast;
use dictum::text::Sources;
use model::{RoleDefinition, Tenant};
use operations::Remembered;
use rights::Memory;
use std::cell::RefCell;
use verdicts::Verdict;
use world::World;

/// What stays the same for all pairs.
pub(crate) struct Oracle {
    built_ins: Vec<RoleDefinition>,
    remembered: RefCell<Remembered>,
    paths: RefCell<Memory>,
}

impl Oracle {
    pub(crate) fn new() -> Oracle {
        Oracle {
            built_ins: catalogue::built_ins(),
            remembered: RefCell::default(),
            paths: RefCell::default(),
        }
    }

    /// With the whole catalogue.
    pub(crate) fn with_catalogue() -> Oracle {
        let built_ins = tables::TABLES.roles.clone();
        Oracle { built_ins, remembered: RefCell::default(), paths: RefCell::default() }
    }

    /// With every built-in role of a file in the shape of `az role definition list`.
    pub(crate) fn with_roles(list: &serde_json::Value) -> Oracle {
        Oracle { built_ins: catalogue::read(list), remembered: RefCell::default(), paths: RefCell::default() }
    }

    /// The verdict of each rule of the file, in order, with its name.
    pub(crate) fn verdicts(
        &self,
        tenant: &Tenant,
        file: &ast::File,
        waivers: &[ast::Waive],
    ) -> Vec<(String, Verdict)> {
        let tenant = &tenant.with_mentioned_applications();
        let world = World::new(tenant, file, &self.built_ins, &self.remembered, &self.paths);
        let mut all = vec![];
        for item in &file.items {
            let ast::Item::Rule(rule) = item else { continue };
            let name = rule.name.as_ref().map_or_else(String::new, |name| name.node.clone());
            let own: Vec<&ast::Waive> =
                waivers.iter().filter(|waiver| waiver.rule.rule.node == name).collect();
            all.push((name, verdicts::verdict(&world, rule, &own)));
        }
        all
    }
}

/// The tree of a generated text, all of which must parse.
pub(crate) fn parsed(text: &str) -> ast::File {
    let mut sources = Sources::new();
    let file = sources.add("p.dictum", text.to_owned());
    let parsed = dictum::syntax::parse(&sources, file);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:#?}", parsed.diagnostics);
    parsed.file
}

pub(crate) fn waivers_of(text: &str) -> Vec<ast::Waive> {
    let items = parsed(text).items;
    items
        .into_iter()
        .filter_map(|item| if let ast::Item::Waive(waive) = item { Some(waive) } else { None })
        .collect()
}
