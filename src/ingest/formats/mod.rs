//! How records are wrapped: one file for each form, all in one table.

mod az_list;
mod az_show;
pub(super) mod capture;
mod document;
mod page;
mod resource_graph;

pub(super) use document::collection;

use super::head::Form;
use super::loader::{Listing, Loader};
use super::value::{Raw, Wrong};

/// A form that records come in.
pub(super) struct Format {
    /// Its file in this folder.
    pub(super) file: &'static str,
    form: Form,
    /// Takes a field of the top-level object: its key, its value, its line.
    pub(super) field: fn(&mut Loader<'_>, &str, Raw<'_>, u32) -> Result<(), Wrong>,
    /// Says what the elements of an array of the top-level object are.
    pub(super) array: fn(&mut Loader<'_>, &str) -> Result<Listing, Wrong>,
    /// The value ends, on that line.
    pub(super) end: fn(&mut Loader<'_>, u32),
}

/// Every form; a test compares it with the folder.
pub(super) const FORMATS: &[Format] = &[
    Format { file: "az_list", form: Form::Array, field: no_field, array: each, end: az_list::end },
    Format { file: "az_show", form: Form::Single, field: no_field, array: each, end: az_show::end },
    Format { file: "capture", form: Form::Capture, field: no_field, array: each, end: no_end },
    Format {
        file: "document",
        form: Form::Document,
        field: document::field,
        array: document::array,
        end: no_end,
    },
    Format { file: "page", form: Form::Page, field: page::field, array: page::array, end: page::end },
    Format {
        file: "resource_graph",
        form: Form::Graph,
        field: resource_graph::field,
        array: resource_graph::array,
        end: resource_graph::end,
    },
];

/// The format of a form.
pub(super) fn of(form: Form) -> &'static Format {
    let Some(format) = FORMATS.iter().find(|format| format.form == form) else {
        unreachable!("every form has a format: a test compares them")
    };
    format
}

fn no_field(_: &mut Loader<'_>, _: &str, _: Raw<'_>, _: u32) -> Result<(), Wrong> {
    Ok(())
}

fn each(_: &mut Loader<'_>, _: &str) -> Result<Listing, Wrong> {
    Ok(Listing::Each)
}

fn no_end(_: &mut Loader<'_>, _: u32) {}

/// A list is at its end: whose it is, what it says of its own extent, and whether it says anything.
fn end_list(loader: &mut Loader<'_>, line: u32) {
    let list = &loader.context.list;
    let collection = list.collection().or(list.links());
    if let Some(collection) = collection {
        loader.coverage.mention(collection);
    }
    loader.coverage.page(list);
    let silent =
        list.rows == 0 && collection.is_none() && super::list::owner(list, &loader.context.name).is_none();
    if silent {
        use crate::diagnostic::{Diagnostic, code};
        let place = loader.place(line, "");
        let message = format!("`{}` is an empty list, and nothing says of what", loader.context.name);
        loader.warnings.push(
            Diagnostic::warning(code::D528, message)
                .in_file(place)
                .help("in an inventory document the key says it: {\"roleAssignments\": []}"),
        );
    }
    loader.settle_list(line);
}
