//! Diagnostics as text, in rustc's look. The only file that names annotate-snippets.
