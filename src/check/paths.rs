//! `path from ... to ...`: what someone can become.

use super::expressions::Bindings;
use super::names::{Checked, Checker};
use super::plan::{Grant, Path, PathTarget};
use super::selectors::narrowest;
use super::types::Ty;
use crate::diagnostic::{Diagnostic, code};
use crate::syntax::ast;

impl Checker<'_> {
    /// The path of a sentence.
    pub(super) fn path(&mut self, path: &ast::Path) -> Checked<Path> {
        let from = self.principals(&path.from)?;
        let source = narrowest(&Self::admitted(Some(&path.from)));
        let (to, target) = match &path.to {
            ast::PathTarget::Grant(head, clause) => {
                let span = clause.as_ref().map_or(head.at.0, |clause| head.at.0.to(clause.at.0));
                let means = self.head(head)?;
                let scope = self.grant_scope(head, clause.as_ref())?;
                let grant = Grant {
                    kind: means.kind,
                    adjectives: means.adjectives,
                    roles: means.roles,
                    scope,
                    principals: None,
                    also: None,
                    filter: None,
                    span,
                };
                (PathTarget::Grant(Box::new(grant)), Ty::Target)
            }
            ast::PathTarget::Principals(principals) => {
                let noun = narrowest(&Self::admitted(Some(principals)));
                (PathTarget::Principals(self.principals(principals)?), Ty::Entity(noun))
            }
        };
        let through = path.through.as_ref().map(|through| self.principals(through)).transpose()?;
        if let Some(at_most) = &path.at_most
            && at_most.node == 0
        {
            return Err(self.tell(
                Diagnostic::error(code::D130, "a path has at least one step")
                    .at(at_most.span, "no path is that short")
                    .help("already holding a role is `deny role ...`"),
            ));
        }
        for (index, step) in path.by.iter().enumerate() {
            if let Some(first) = path.by[..index].iter().find(|other| other.node == step.node) {
                return Err(self.tell(
                    Diagnostic::error(
                        code::D130,
                        format!("the step `{}` is written twice", step.node.word()),
                    )
                    .at(step.span, "again")
                    .at(first.span, "first"),
                ));
            }
        }
        let filter = self.filters(&path.filters, &Bindings::path(source, target))?;
        self.wanted.add_paths();
        let by = path.by.iter().map(|step| step.node.word()).collect();
        let at_most = path.at_most.as_ref().map(|n| n.node);
        Ok(Path { from, to, through, by, at_most, filter, span: path.at.0 })
    }
}
