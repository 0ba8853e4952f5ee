//! A body that is refused is read to its end all the same, and thrown away.
//!
//! Who closes a connection with bytes in it that were not read resets it, and a reset takes along
//! the answer that the other side had not read yet (RFC 9112, section 9.6). Most senders write a
//! request to its end before they listen: they would learn of a broken connection, try again, and
//! never read why they were refused.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::oneshot;
use tokio_stream::StreamExt;

/// How much of a body is thrown away before the connection is.
const BYTES_MAX: usize = 64 << 20;

/// For how long.
const TIME_MAX: Duration = Duration::from_secs(10);

/// Answers at once; what the answer did not wait for is read meanwhile.
pub(super) async fn linger(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (back, mut rest) = oneshot::channel();
    let lend = |body| Body::new(Lent { body, back: Some(back) });
    let response = next.run(request.map(lend)).await;
    if let Ok(rest) = rest.try_recv() {
        tokio::spawn(tokio::time::timeout(TIME_MAX, discard(rest)));
    }
    response
}

async fn discard(body: Body) {
    let mut parts = body.into_data_stream();
    let mut bytes = 0;
    while let Some(Ok(part)) = parts.next().await {
        bytes += part.len();
        if bytes > BYTES_MAX {
            break;
        }
    }
}

/// A body that is given back by whoever drops it before its end.
struct Lent {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(back) = self.back.take()
            && !self.body.is_end_stream()
        {
            // Nobody waits for it once the request is answered.
            let _ = back.send(std::mem::take(&mut self.body));
        }
    }
}
