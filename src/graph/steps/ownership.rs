//! Who owns a group can join it; who owns an application or service principal can add a secret to it. A managed identity
//! has no application, and whether a secret can be added to its service principal is not established: taken for no.

use crate::azure::Guid;
use crate::graph::Certainty;
use crate::graph::control::{Builder, Step};
use crate::inventory::schema::{Attr, Noun, Table};
use crate::inventory::{Cell, Entity, PrincipalId};
use rustc_hash::FxHashMap;

pub(super) fn lay(builder: &mut Builder<'_, '_>) {
    let inventory = builder.inventory;
    let app_id = |cell: Cell| match cell {
        Cell::Text(text) => Guid::parse(inventory.names.get(text)),
        _ => None,
    };
    let mut services: FxHashMap<Guid, Vec<PrincipalId>> = FxHashMap::default();
    for principal in inventory.principals.iter() {
        if !builder.exists(principal) {
            continue;
        }
        let identity = Certainty::from(inventory.is_kind(principal, Noun::ManagedIdentity));
        let secret = match identity {
            Certainty::Held => Certainty::No,
            Certainty::No => Certainty::Held,
            unknown => unknown,
        };
        if builder.is_group(principal) {
            lay_owners(builder, principal.into(), principal, Certainty::Held);
        } else {
            lay_owners(builder, principal.into(), principal, secret);
        }
        if let Some(app) = app_id(inventory.cells.get(Attr::ServicePrincipalAppId, principal.0))
            && secret.is_possible()
        {
            services.entry(app).or_default().push(principal);
        }
    }
    for row in 0..inventory.applications.len() as u32 {
        let Some(app) = app_id(inventory.cells.get(Attr::ApplicationAppId, row)) else { continue };
        for &service in services.get(&app).into_iter().flatten() {
            lay_owners(builder, Entity::new(Table::Application, row), service, Certainty::Held);
        }
    }
}

fn lay_owners(builder: &mut Builder<'_, '_>, owned: Entity, to: PrincipalId, certainty: Certainty) {
    for &owner in builder.inventory.owners(owned) {
        builder.edge(owner.0, to.0, Some(Step::Ownership), certainty);
    }
}
