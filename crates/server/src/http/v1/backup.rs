//! A backup as a download.

use std::io::{self, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{Octets, Rejection};
use crate::app::{Caller, Failure, Shared, audit, backup};

/// Chunks that may wait for a slow reader.
const CHUNKS: usize = 4;

/// Bytes of a chunk.
const CHUNK: usize = 64 << 10;

/// How long a reader may take no chunk: another backup is waiting, and disk is taken by this one.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything that this installation keeps, in one file; it holds secrets
///
/// Everything acknowledged before the request is in it. The file is a tar archive with a manifest
/// and checksums: one that was cut short is told from a whole one, and `plimsoll restore` refuses
/// it. One backup is made at a time.
#[utoipa::path(
    get, path = "/api/v1/backup", tag = "backup", operation_id = "back_up",
    responses(
        (status = 200, body = Octets, content_type = "application/x-tar"),
        (status = 409, description = "The tallies cannot be read, or written"),
        (status = 503, description = "Another backup is being made, or the tallies are being read"),
    )
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
) -> Result<Response, Rejection> {
    let alone = shared.backing_up.clone().try_lock_owned().map_err(|_| Failure::Busy {
        code: "backup_running",
        message: "another backup is being made".to_owned(),
        retry_after_seconds: 30,
    })?;
    let now = shared.world.now();
    let taken = audit::line(&shared, now, &caller, "backup", "backup_taken", "a backup was taken");
    shared.commit(vec![taken], []).await.map_err(Failure::from)?;
    // To its end, though its caller may leave: what is staged is then removed.
    let staging = tokio::spawn(async move { (backup::stage(&shared).await, alone) });
    let (staged, alone) = staging.await.map_err(|error| Failure::Internal(error.into()))?;
    let staged = staged?;
    let length = staged.manifest.total_bytes();
    let (chunks, body) = mpsc::channel(CHUNKS);
    tokio::task::spawn_blocking(move || {
        let mut out = Chunks { chunks: chunks.clone(), last: Vec::with_capacity(CHUNK) };
        let written = staged.write(&mut out);
        // Before the last chunk: whoever has the whole answer finds nothing staged.
        drop(staged);
        drop(alone);
        if let Err(error) = written.map_err(io::Error::other).and_then(|()| out.send()) {
            tracing::warn!(%error, "a backup was not read to its end");
            // The answer breaks off here, so that its reader does not take it for whole.
            let _ = chunks.try_send(Err(error));
        }
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/x-tar")),
        (CONTENT_LENGTH, HeaderValue::from(length)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Packing it again would cost more than it saves, and its length would be lost.
        (CONTENT_ENCODING, HeaderValue::from_static("identity")),
    ];
    Ok((headers, Body::from_stream(ReceiverStream::new(body))).into_response())
}

/// A body that is written by a thread; the last chunk is kept until it is sent.
struct Chunks {
    chunks: mpsc::Sender<io::Result<Bytes>>,
    last: Vec<u8>,
}

impl Chunks {
    fn send(&mut self) -> io::Result<()> {
        let bytes = Bytes::from(std::mem::replace(&mut self.last, Vec::with_capacity(CHUNK)));
        let sent = tokio::time::timeout(PATIENCE, self.chunks.send(Ok(bytes)));
        match Handle::current().block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.last.len() >= CHUNK {
            self.send()?;
        }
        self.last.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
