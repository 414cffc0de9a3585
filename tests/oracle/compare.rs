//! Both readings of the same text and the same document, rule by rule; where they differ, the smallest tenant on which they do.

use super::model::*;
use super::scopes;
use super::verdicts::{Status, Verdict};
use super::{Oracle, json, parsed, waivers_of};
use dictum::syntax::ast::{self, GroupKey, Noun, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is compared of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparable {
    pub status: String,
    pub examined: u64,
    pub selected: u64,
    /// (waived, subject)
    pub findings: BTreeSet<(bool, String)>,
    /// Whether anything could not be decided.
    pub unknown: bool,
}

/// One rule on which the two disagree.
pub(crate) struct Difference {
    pub rule: String,
    pub page: String,
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Warn => "warn",
        Status::Advise => "advise",
        Status::Unknown => "unknown",
        Status::Waived => "waived",
        Status::NotApplicable => "not_applicable",
    }
}

/// Groups by an attribute and the lack of a match have no id of their own: they are only numbered.
fn is_numbered(rule: &ast::Rule) -> bool {
    match &rule.statement {
        Statement::RequireSome(_) => true,
        Statement::Select { count: Some(count), .. } => match count.per.as_slice() {
            [GroupKey::Noun(noun)] => noun.node == Noun::Tenant,
            _ => true,
        },
        _ => false,
    }
}

fn numbered(findings: BTreeSet<(bool, String)>) -> BTreeSet<(bool, String)> {
    let waived = findings.iter().filter(|(waived, _)| *waived).count();
    let open = findings.len() - waived;
    (0..waived).map(|n| (true, n.to_string())).chain((0..open).map(|n| (false, n.to_string()))).collect()
}

/// Managed identities are known by their object id here, whichever id a report names them by.
fn aliases(tenant: &Tenant) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for sp in &tenant.service_principals {
        if let Some(arm) =
            sp.alternative_names.is().and_then(|names| names.iter().find(|n| n.starts_with('/')))
        {
            all.insert(arm.to_lowercase(), sp.id.clone());
        }
    }
    for x in &tenant.resources {
        if let Some(system) = x.identity.is().and_then(|block| block.system.clone()) {
            all.insert(x.id.clone(), system);
        }
    }
    for x in &tenant.policy_assignments {
        if let Some(system) = x.identity.as_ref().and_then(|block| block.system.clone()) {
            all.insert(x.id.clone(), system);
        }
    }
    for x in &tenant.identities {
        all.insert(x.id.clone(), x.principal.clone());
    }
    all
}

pub(crate) fn of_oracle(rule: &ast::Rule, verdict: &Verdict) -> Comparable {
    let findings =
        if is_numbered(rule) { numbered(verdict.findings.clone()) } else { verdict.findings.clone() };
    Comparable {
        status: word(verdict.status).to_owned(),
        examined: verdict.examined as u64,
        selected: verdict.selected as u64,
        findings,
        unknown: !verdict.unknown.is_empty(),
    }
}

pub(crate) fn rules(file: &ast::File) -> Vec<&ast::Rule> {
    file.items
        .iter()
        .filter_map(|item| if let ast::Item::Rule(rule) = item { Some(rule) } else { None })
        .collect()
}

/// The engine's findings as the oracle names them.
pub(crate) fn canonical(tenant: &Tenant, rule: &ast::Rule, mut found: Comparable) -> Comparable {
    if is_numbered(rule) {
        found.findings = numbered(found.findings);
        return found;
    }
    if let Statement::Path { .. } = &rule.statement {
        // What else could not be decided, beside what was found, is not compared.
        found.unknown = found.status == "unknown";
        let aliases = aliases(tenant);
        let own = |(waived, line): (bool, String)| {
            let words: Vec<&str> = line.split(' ').collect();
            let ends = |word: &&str| aliases.get(*word).map_or(*word, String::as_str).to_owned();
            let mut own: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            own[0] = ends(&words[0]);
            if words.get(3) != Some(&"at") {
                own[2] = ends(&words[2]);
            }
            (waived, own.join(" "))
        };
        found.findings = found.findings.into_iter().map(own).collect();
        return found;
    }
    let kind = match &rule.statement {
        Statement::Select { selector: ast::Selector::Entity(entity), count: None, .. }
        | Statement::RequireEvery(ast::Selector::Entity(entity), _) => entity.noun.node,
        _ => return found,
    };
    // An assignment that is the subject itself is named by its id alone.
    let own = |(waived, id): (bool, String)| (waived, id.rsplit(' ').next().unwrap_or_default().to_owned());
    found.findings = found.findings.into_iter().map(own).collect();
    if kind.is_kind() {
        let aliases = aliases(tenant);
        let own = |(waived, id): (bool, String)| (waived, aliases.get(&id).cloned().unwrap_or(id));
        found.findings = found.findings.into_iter().map(own).collect();
    }
    found
}

impl Comparable {
    /// With the holders of one assignment folded, as reports do above 20.
    pub(crate) fn folded(mut self) -> Comparable {
        let assignment = |subject: String| match subject.split(' ').collect::<Vec<&str>>()[..] {
            [role, scope, assignee, _] => format!("{role} {scope} {assignee}"),
            _ => subject,
        };
        self.findings =
            self.findings.into_iter().map(|(waived, subject)| (waived, assignment(subject))).collect();
        self
    }
}

/// What the two say apart from each other: findings that both have are left out.
pub(crate) fn apart(ours: &Comparable, theirs: &Result<Comparable, String>) -> String {
    match theirs {
        Err(message) => {
            format!("oracle {} {} {}\nengine {message}", ours.status, ours.examined, ours.selected)
        }
        Ok(theirs) => {
            let line = |x: &Comparable, y: &Comparable| {
                let own: Vec<_> = x.findings.difference(&y.findings).take(5).collect();
                format!(
                    "{} examined {} selected {} unknown {} only {own:?}",
                    x.status, x.examined, x.selected, x.unknown
                )
            };
            format!("oracle {}\nengine {}", line(ours, theirs), line(theirs, ours))
        }
    }
}

/// The rule as a policy file of its own: with the file's sets and parameters.
fn alone(text: &str, rule: &str) -> String {
    let (before, rules) = text.split_once("rule ").unwrap_or((text, ""));
    let own = rules.split("rule ").find(|part| part.starts_with(&format!("{rule}\n")));
    format!("{before}rule {}", own.unwrap_or_default())
}

fn waivers_alone(waivers: &str, rule: &str) -> String {
    let own = waivers
        .split_inclusive("approved by \"y@contoso.example\"\n")
        .filter(|part| part.starts_with(&format!("waive p/{rule}\n")));
    own.collect()
}

/// The tenant without its n-th row, counted over all collections.
fn without(tenant: &Tenant, n: usize) -> Option<Tenant> {
    let mut t = tenant.clone();
    let mut left = n;
    macro_rules! cut {
        ($($rows:ident),*) => {
            $(
                if left < t.$rows.len() {
                    t.$rows.remove(left);
                    let ids: Vec<String> = t.assignments.iter().filter(|a| !a.eligible).map(|a| scopes::name(&a.id)).collect();
                    t.schedules.retain(|s| ids.contains(&s.assignment));
                    return Some(t);
                }
                left -= t.$rows.len();
            )*
        };
    }
    cut!(
        assignments,
        schedules,
        memberships,
        federated,
        applications,
        application_owners,
        role_definitions,
        resources,
        identities,
        service_principals,
        users,
        groups,
        resource_groups,
        subscriptions,
        management_groups,
        group_owners,
        service_principal_owners,
        deny_assignments,
        policy_assignments
    );
    let _ = left;
    None
}

/// Takes a policy text, waivers and a document; gives the verdicts by rule, or what is wrong.
pub(crate) type Engine<'e> = &'e dyn Fn(&str, &str, &str) -> Result<BTreeMap<String, Comparable>, String>;

/// Both readings of a text on a tenant.
pub(crate) struct Both<'a> {
    pub oracle: &'a Oracle,
    pub engine: Engine<'a>,
    /// Chooses the shapes of the document.
    pub seed: u64,
}

impl Both<'_> {
    fn document(&self, tenant: &Tenant) -> String {
        serde_json::to_string(&json::document(tenant, self.seed)).expect("a document")
    }

    /// The oracle's and the engine's verdict of each rule.
    fn read(
        &self,
        tenant: &Tenant,
        text: &str,
        waivers: &str,
    ) -> Vec<(String, Comparable, Result<Comparable, String>)> {
        let file = parsed(text);
        let own = self.oracle.verdicts(tenant, &file, &waivers_of(waivers));
        let engine = (self.engine)(text, waivers, &self.document(tenant));
        let mut all = vec![];
        for (rule, (name, verdict)) in rules(&file).into_iter().zip(own) {
            let oracle = of_oracle(rule, &verdict);
            let engine = match &engine {
                Err(message) => Err(message.clone()),
                Ok(rules) => match rules.get(&format!("p/{name}")) {
                    None => Err("no verdict of this rule".to_owned()),
                    Some(found) => {
                        let found = found.clone();
                        Ok(canonical(tenant, rule, found))
                    }
                },
            };
            all.push((name, oracle, engine));
        }
        all
    }

    /// Compares every rule; gives the statuses of the oracle, and the differences made small.
    pub(crate) fn compare(
        &self,
        tenant: &Tenant,
        text: &str,
        waivers: &str,
        statuses: &mut BTreeMap<String, usize>,
    ) -> Vec<Difference> {
        let mut differences = vec![];
        for (name, oracle, engine) in self.read(tenant, text, waivers) {
            *statuses.entry(oracle.status.clone()).or_default() += 1;
            if engine.as_ref() != Ok(&oracle) {
                differences.push(self.shrunk(
                    tenant,
                    &name,
                    &alone(text, &name),
                    &waivers_alone(waivers, &name),
                ));
            }
        }
        differences
    }

    fn differs(&self, tenant: &Tenant, text: &str, waivers: &str) -> bool {
        self.read(tenant, text, waivers).iter().any(|(_, oracle, engine)| engine.as_ref() != Ok(oracle))
    }

    /// The difference on the smallest tenant that taking rows away one by one leads to.
    fn shrunk(&self, tenant: &Tenant, name: &str, text: &str, waivers: &str) -> Difference {
        let mut small = tenant.clone();
        let mut n = 0;
        while let Some(smaller) = without(&small, n) {
            if self.differs(&smaller, text, waivers) {
                small = smaller;
            } else {
                n += 1;
            }
        }
        for collection in COLLECTIONS.into_iter().chain(PATH_COLLECTIONS) {
            for coverage in [Coverage::Complete, Coverage::Absent] {
                let mut other = small.clone();
                other.coverage.insert(collection, coverage);
                let rows = serde_json::to_value(json::document(&other, 0)).unwrap_or_default();
                let kept = rows.get(collection).and_then(|rows| rows.as_array()).map_or(0, Vec::len);
                let empty = json::document(&small, 0)
                    .get(collection)
                    .and_then(|rows| rows.as_array())
                    .is_none_or(Vec::is_empty);
                let possible = coverage == Coverage::Complete || (empty && kept == 0);
                if possible
                    && small.coverage.get(collection) != Some(&Coverage::Complete)
                    && self.differs(&other, text, waivers)
                {
                    small = other;
                    break;
                }
            }
        }
        let mut page = String::new();
        let rule = text.split_once("rule ").map_or("", |(_, rule)| rule);
        let _ = writeln!(page, "rule {rule}{waivers}");
        for (_, oracle, engine) in self.read(&small, text, waivers) {
            let _ = writeln!(page, "oracle {oracle:?}");
            match engine {
                Ok(engine) => {
                    let _ = writeln!(page, "engine {engine:?}");
                }
                Err(message) => {
                    let _ = writeln!(page, "engine {message}");
                }
            }
        }
        let file = parsed(text);
        for (_, verdict) in self.oracle.verdicts(&small, &file, &waivers_of(waivers)) {
            let _ = writeln!(page, "oracle undecided: {:?}", verdict.unknown);
        }
        // Kept for a look with the commands.
        if let Some(folder) = std::env::var_os("ORACLE_KEEP").map(std::path::PathBuf::from) {
            let path = folder.join(format!("{}-{name}", self.seed));
            let _ = std::fs::write(path.with_extension("json"), self.document(&small));
            let _ = std::fs::write(path.with_extension("dictum"), text);
        }
        let serde_json::Value::Object(document) = json::document(&small, self.seed) else {
            unreachable!("a document is an object")
        };
        for (key, value) in document {
            if value.as_array().is_none_or(|rows| !rows.is_empty()) {
                match value.as_array() {
                    Some(rows) => {
                        for row in rows {
                            let _ = writeln!(page, "  {key} {row}");
                        }
                    }
                    None => {
                        let _ = writeln!(page, "  {key} {value}");
                    }
                }
            }
        }
        Difference { rule: name.to_owned(), page }
    }
}
