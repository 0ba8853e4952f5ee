//! When a sync fails the process ends: what the kernel kept of the file is unknown, and a second
//! sync may be answered as if nothing had happened. After a restart the disk says what it has.

use std::fmt::Display;
use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a sync has failed: the process ends in a moment, and until then says nothing.
static DYING: AtomicBool = AtomicBool::new(false);

/// Makes a file durable, or ends the process.
pub(crate) fn sync(file: &File, what: &str) {
    if let Err(error) = file.sync_all() {
        die(what, &error);
    }
}

/// Ends the process at once: nothing more may be acknowledged.
pub(crate) fn die(what: &str, error: &dyn Display) -> ! {
    DYING.store(true, Ordering::SeqCst);
    tracing::error!(%error, "{what} cannot be made durable; ending the process");
    std::process::abort();
}

/// Comes before every answer: a process that is dying gives none.
pub(crate) async fn or_silence() {
    if DYING.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
}
