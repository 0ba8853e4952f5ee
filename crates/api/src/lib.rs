//! The public shapes: v1 wire types, and YAML documents with their diagnostics.
//!
//! Flow: a document's text becomes typed documents and diagnostics (`document`), documents resolve
//! into `domain::definitions` (`document::resolve`); domain values become wire values (`v1`).
//! Invariant: nothing here does I/O, and no wire type is used for storage or logic.

pub mod document;
pub mod v1;
