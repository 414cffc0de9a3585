//! Paths as a graph of boxes and arrows, in layers: what every picture of them draws.

use super::paths::place;
use super::{clean, number};
use crate::verdict::{PathEnd, PathFact, StepFact, Subject};
use std::collections::BTreeMap;

/// How many boxes a picture has at most. A path whose boxes would be more is left out, and counted.
pub(super) const MOST: usize = 40;

/// What a box is, for its look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Who starts a path.
    Source,
    /// Somebody in a directory: a user, a group, an application.
    Person,
    /// A managed identity.
    Identity,
    /// A resource, a policy assignment, a role definition: what a step goes through.
    Thing,
    /// A role at a scope, or whatever may be done there.
    Role,
}

impl Class {
    /// Fill and line.
    pub(super) fn colours(self) -> (&'static str, &'static str) {
        match self {
            Class::Source => ("#dbeafe", "#2563eb"),
            Class::Person => ("#eff6ff", "#93b4e8"),
            Class::Identity => ("#dcfce7", "#4a9d68"),
            Class::Thing => ("#f3f4f6", "#9ca3af"),
            Class::Role => ("#fef3c7", "#d08a1d"),
        }
    }
}

/// A box.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Above the name, small.
    pub(super) kind: String,
    /// The name.
    pub(super) name: String,
    /// Below the name, small; empty where there is none.
    pub(super) place: String,
    /// The id as captured.
    pub(super) id: String,
    pub(super) class: Class,
    /// Its column.
    pub(super) layer: usize,
}

/// An arrow.
#[derive(Clone, Debug)]
pub(super) struct Arrow {
    /// The box it starts from.
    pub(super) from: usize,
    /// The box it leads to.
    pub(super) to: usize,
    pub(super) label: String,
    /// Rests on an eligible assignment.
    pub(super) potential: bool,
    /// In words.
    pub(super) sentence: String,
    /// Leads back to a layer that is not behind.
    pub(super) back: bool,
}

/// All paths in one.
#[derive(Debug, Default)]
pub(super) struct Picture {
    pub(super) boxes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
    /// How many paths are left out.
    pub(super) left_out: usize,
}

/// What tells boxes apart.
type Key = (String, String, String);

impl Picture {
    /// Of those paths: what several of them share is drawn once.
    pub(super) fn of(paths: &[PathFact]) -> Picture {
        let mut picture = Picture::default();
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        for path in paths {
            let (boxes, arrows) = parts(path);
            let new = boxes.iter().filter(|(key, _)| !known.contains_key(key)).count();
            if picture.boxes.len() + new > MOST {
                picture.left_out += 1;
                continue;
            }
            let mut place: Vec<usize> = vec![];
            for (key, drawn) in boxes {
                let next = picture.boxes.len();
                let index = *known.entry(key).or_insert(next);
                if index == next {
                    picture.boxes.push(drawn);
                } else if drawn.class == Class::Source {
                    picture.boxes[index].class = Class::Source;
                }
                place.push(index);
            }
            for arrow in arrows {
                let arrow = Arrow { from: place[arrow.from], to: place[arrow.to], ..arrow };
                picture.arrow(arrow);
            }
        }
        picture.layers();
        picture
    }

    /// How many paths are left out, in words.
    pub(super) fn rest(&self) -> String {
        format!("{} not shown", number(self.left_out as u64, "more path", "more paths"))
    }

    /// Adds an arrow. Two between the same boxes are drawn as one, which is sure where one of them is.
    fn arrow(&mut self, arrow: Arrow) {
        let Some(there) = self.arrows.iter_mut().find(|a| a.from == arrow.from && a.to == arrow.to) else {
            self.arrows.push(arrow);
            return;
        };
        there.potential &= arrow.potential;
        if !there.label.split(", ").any(|label| label == arrow.label) {
            there.label.push_str(&format!(", {}", arrow.label));
            there.sentence.push_str(&format!("\n{}", arrow.sentence));
        }
    }

    /// Puts each box behind whatever leads to it. An arrow that would close a circle leads back.
    fn layers(&mut self) {
        let mut ahead: Vec<Vec<usize>> = vec![vec![]; self.boxes.len()];
        for i in 0..self.arrows.len() {
            let Arrow { from, to, .. } = self.arrows[i];
            if from == to || is_reached(&ahead, to, from) {
                self.arrows[i].back = true;
            } else {
                ahead[from].push(to);
            }
        }
        let mut moved = true;
        while moved {
            moved = false;
            for (from, next) in ahead.iter().enumerate() {
                for &to in next {
                    let behind = self.boxes[from].layer + 1;
                    if self.boxes[to].layer < behind {
                        self.boxes[to].layer = behind;
                        moved = true;
                    }
                }
            }
        }
    }
}

fn is_reached(ahead: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; ahead.len()];
    let mut open = vec![from];
    while let Some(here) = open.pop() {
        if here == to {
            return true;
        }
        if !std::mem::replace(&mut seen[here], true) {
            open.extend(&ahead[here]);
        }
    }
    false
}

fn name_of(subject: &Subject) -> String {
    let name = if subject.name.is_empty() { &subject.id } else { &subject.name };
    clean(name).into_owned()
}

fn class_of(kind: &str) -> Class {
    match kind {
        "managed_identity" | "system_assigned" | "user_assigned" => Class::Identity,
        "principal" | "user" | "guest" | "group" | "service_principal" | "application"
        | "missing_principal" => Class::Person,
        _ => Class::Thing,
    }
}

fn of_subject(subject: &Subject) -> (Key, Node) {
    // An identity of the host has its name: the kind and the id tell them apart.
    let key = (
        subject.kind.clone(),
        subject.id.to_lowercase(),
        if subject.id.is_empty() { subject.name.clone() } else { String::new() },
    );
    let drawn = Node {
        kind: subject.kind.replace('_', " "),
        name: name_of(subject),
        place: group_of(subject),
        id: subject.id.clone(),
        class: class_of(&subject.kind),
        layer: 0,
    };
    (key, drawn)
}

/// The resource group of a resource: machines of one name are common.
fn group_of(subject: &Subject) -> String {
    if subject.kind != "resource" {
        return String::new();
    }
    let mut parts = subject.id.split('/').skip_while(|part| !part.eq_ignore_ascii_case("resourceGroups"));
    parts.nth(1).map_or_else(String::new, |group| format!("in {}", clean(group)))
}

/// What a step leads to: somebody, or a right at a scope.
fn of_goal(step: &StepFact) -> (Key, Node) {
    match step.kind.as_str() {
        "role_grant" | "role_definition" => of_right(&step.to),
        _ => of_subject(&step.to),
    }
}

/// Whatever may be given at a scope.
fn of_right(scope: &Subject) -> (Key, Node) {
    let (key, drawn) = of_subject(scope);
    let at =
        if scope.kind == "root" { "at root".to_owned() } else { format!("at {} {}", drawn.kind, drawn.name) };
    let name = "what can be given".to_owned();
    let kind = "role".to_owned();
    (("right".to_owned(), key.1, key.2), Node { kind, name, place: at, class: Class::Role, ..drawn })
}

fn of_end(role: &str, scope: &str, at: &str) -> (Key, Node) {
    let key = ("role".to_owned(), scope.to_lowercase(), role.to_owned());
    let drawn = Node {
        kind: "role".to_owned(),
        name: clean(role).into_owned(),
        place: format!("at {}", place(at)),
        id: scope.to_owned(),
        class: Class::Role,
        layer: 0,
    };
    (key, drawn)
}

/// The boxes and arrows of one path; the arrows count its boxes.
fn parts(path: &PathFact) -> (Vec<(Key, Node)>, Vec<Arrow>) {
    let mut boxes: Vec<(Key, Node)> = vec![];
    let mut arrows: Vec<Arrow> = vec![];
    let add = |boxes: &mut Vec<(Key, Node)>, part: (Key, Node)| match boxes
        .iter()
        .position(|(key, _)| *key == part.0)
    {
        Some(there) => there,
        None => {
            boxes.push(part);
            boxes.len() - 1
        }
    };
    let (key, source) = of_subject(&path.source);
    let mut last = add(&mut boxes, (key, Node { class: Class::Source, ..source }));
    for step in &path.steps {
        let words = clean(&step.sentence).into_owned();
        let arrow = |from, to, label: &str| Arrow {
            from,
            to,
            label: label.to_owned(),
            potential: step.potential,
            sentence: words.clone(),
            back: false,
        };
        // What rests on something given goes on from there.
        let from = match &step.given_at {
            Some(scope) => add(&mut boxes, of_right(scope)),
            None if step.from.id.is_empty() => last,
            None => add(&mut boxes, of_subject(&step.from)),
        };
        let label = step.kind.replace('_', " ");
        let to = add(&mut boxes, of_goal(step));
        match &step.resource {
            Some(resource) => {
                let between = add(&mut boxes, of_subject(resource));
                let then = if step.kind == "role_definition" { "held there" } else { "carries" };
                arrows.push(arrow(from, between, &label));
                arrows.push(arrow(between, to, then));
            }
            None => arrows.push(arrow(from, to, &label)),
        }
        last = to;
    }
    if let PathEnd::Grant { role, scope, at, .. } = &path.target {
        let end = of_end(role, scope, at);
        let steps = path.steps.iter().any(|step| step.potential);
        match &path.hold {
            Some(hold) => {
                let from = add(&mut boxes, of_subject(&hold.holder));
                let to = add(&mut boxes, end);
                let sentence = clean(&hold.sentence).into_owned();
                arrows.push(Arrow {
                    from,
                    to,
                    label: "holds".to_owned(),
                    potential: path.potential && !steps,
                    sentence,
                    back: false,
                });
            }
            // What is given is the end: the box of the right gets its name.
            None => {
                let sentence =
                    clean(&path.steps.last().map(|s| s.sentence.clone()).unwrap_or_default()).into_owned();
                let is_used = path.steps.iter().any(|step| step.given_at.is_some());
                if boxes[last].1.class == Class::Role && !is_used {
                    boxes[last] = end;
                } else {
                    let to = add(&mut boxes, end);
                    arrows.push(Arrow {
                        from: last,
                        to,
                        label: "gives".to_owned(),
                        potential: false,
                        sentence,
                        back: false,
                    });
                }
            }
        }
    }
    (boxes, arrows)
}
