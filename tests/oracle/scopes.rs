//! Scope ids: levels, ancestors, names and types (azure-facts.md 1).

/// The levels, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Root,
    ManagementGroup,
    Subscription,
    ResourceGroup,
    Resource,
}

const MG: &str = "/providers/microsoft.management/managementgroups/";

/// The one spelling of a scope id: lower case, no slash at the end, `/` for the root.
pub(crate) fn canonical(id: &str) -> String {
    let id = id.trim_end_matches('/').to_lowercase();
    if id.is_empty() { "/".to_owned() } else { id }
}

pub(crate) fn level(id: &str) -> Level {
    if id == "/" {
        return Level::Root;
    }
    if id.starts_with(MG) {
        return Level::ManagementGroup;
    }
    let segments: Vec<&str> = id.split('/').skip(1).collect();
    match segments.len() {
        2 => Level::Subscription,
        4 if segments[2] == "resourcegroups" => Level::ResourceGroup,
        _ => Level::Resource,
    }
}

pub(crate) fn management_group_id(name: &str) -> String {
    format!("{MG}{}", name.to_lowercase())
}

/// The scope that the id itself names as the one above; none for the root, a management group and a subscription.
pub(crate) fn parent_by_id(id: &str) -> Option<String> {
    let segments: Vec<&str> = id.split('/').collect();
    match level(id) {
        Level::Root | Level::ManagementGroup | Level::Subscription => None,
        Level::ResourceGroup => Some(segments[..3].join("/")),
        Level::Resource => {
            // .../providers/NAMESPACE/TYPE/NAME(/TYPE/NAME)*
            let providers = segments.iter().rposition(|segment| *segment == "providers")?;
            let above = if segments.len() - providers > 4 { segments.len() - 2 } else { providers };
            Some(segments[..above].join("/"))
        }
    }
}

/// The last segment.
pub(crate) fn name(id: &str) -> String {
    id.rsplit('/').next().unwrap_or_default().to_owned()
}

/// `namespace/type(/type)*` of a resource id.
pub(crate) fn resource_type(id: &str) -> String {
    let segments: Vec<&str> = id.split('/').collect();
    let Some(providers) = segments.iter().rposition(|segment| *segment == "providers") else {
        return String::new();
    };
    let mut parts = vec![segments[providers + 1]];
    let mut i = providers + 2;
    while i < segments.len() {
        parts.push(segments[i]);
        i += 2;
    }
    parts.join("/")
}

/// The subscription part of an id, if it has one.
pub(crate) fn subscription_of(id: &str) -> Option<String> {
    let segments: Vec<&str> = id.split('/').collect();
    (segments.len() >= 3 && segments[1] == "subscriptions").then(|| segments[..3].join("/"))
}

/// The resource group part of an id, if it has one.
pub(crate) fn resource_group_of(id: &str) -> Option<String> {
    let segments: Vec<&str> = id.split('/').collect();
    (segments.len() >= 5 && segments[3] == "resourcegroups").then(|| segments[..5].join("/"))
}
