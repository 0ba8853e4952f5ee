//! Live views: a stream of what changed, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::{Changed, Shared};

/// How often an idle stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What changes from now on, as server-sent events
///
/// `event: hello` comes first; then `event: changed` with `{"noun", "name"}` for each change. A
/// reader that fell behind gets the noun `all`: anything may have changed.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events",
    responses((status = 200, body = String, content_type = "text/event-stream"))
)]
pub(super) async fn stream(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(forward(shared, sender));
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Ends with the reader, or with the server.
async fn forward(shared: Shared, sender: mpsc::Sender<Result<Event, Infallible>>) {
    let mut changes = shared.events.subscribe();
    let mut event = Event::default().event("hello").data("{}");
    while sender.send(Ok(event)).await.is_ok() {
        let changed = tokio::select! {
            () = shared.stopping.cancelled() => return,
            () = sender.closed() => return,
            changed = changes.recv() => changed,
        };
        let changed = match changed {
            Ok(changed) => changed,
            Err(RecvError::Lagged(_)) => Changed::anything(),
            Err(RecvError::Closed) => return,
        };
        let data = serde_json::to_string(&changed).expect("two texts make JSON");
        event = Event::default().event("changed").data(data);
    }
}
