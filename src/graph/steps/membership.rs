//! Who is in a group. What a group holds is its members' own; to have become the group is a step.

use crate::graph::Certainty::Held;
use crate::graph::control::{Builder, Node, Step};

pub(super) fn lay(builder: &mut Builder<'_, '_>) {
    let inventory = builder.inventory;
    for principal in inventory.principals.iter() {
        if builder.is_group(principal) {
            let holds = builder.node(Node::Holds(principal));
            let actively = builder.node(Node::HoldsActively(principal));
            let lent = builder.node(Node::Lent(principal));
            builder.edge(holds, actively, None, Held);
            builder.edge(principal.0, holds, None, Held);
            builder.edge(lent, actively, None, Held);
            for group in inventory.groups_of(principal) {
                let (above, above_actively) =
                    (builder.node(Node::Holds(group)), builder.node(Node::HoldsActively(group)));
                builder.edge(holds, above, None, Held);
                builder.edge(actively, above_actively, None, Held);
            }
            if builder.exists(principal) {
                builder.edge(holds, principal.0, Some(Step::Membership), Held);
                builder.edge(actively, lent, Some(Step::Membership), Held);
            }
            continue;
        }
        let service = builder.is_service(principal);
        for group in inventory.groups_of(principal) {
            let holds = if service { Node::HoldsActively(group) } else { Node::Holds(group) };
            let to = builder.node(holds);
            builder.edge(principal.0, to, None, Held);
        }
    }
}
