//! SLOs of other programs, read as documents. Nothing is stored.

use plimsoll_api::document::Source;
use plimsoll_api::document::import::{self as reading, Assumed};
use plimsoll_api::v1::definition::{Import, NewImport};

use super::super::Failure;
use super::aside;

/// Reads the files as documents.
pub(crate) async fn import(new: NewImport) -> Result<Import, Failure> {
    let assumed = Assumed::read(new.service.as_deref(), new.window.as_deref());
    let assumed = assumed.map_err(|message| {
        Failure::invalid_with_hint("invalid_import", message, Assumed::WINDOW_HINT)
    })?;
    let read = move || {
        let files = new.files.iter().map(|file| Source { path: &file.path, text: &file.text });
        reading::import(&files.collect::<Vec<_>>(), &assumed)
    };
    Ok(aside(read).await?)
}
