//! Live views: a stream of what changed, as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use jiff::SignedDuration;
use plimsoll_domain::access::Permission;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

use crate::app::access::{Credential, authenticate};
use crate::app::{Changed, Failure, Shared};

/// How often it is asked whether the reader may still read.
const ASKED_AGAIN: SignedDuration = SignedDuration::from_secs(1);

/// How often an idle stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One event of the stream.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it stands in the document")]
pub(super) struct Line {
    /// `hello` or `changed`.
    event: String,
    /// JSON: nothing for `hello`, `noun` and `name` for `changed`.
    data: String,
}

/// What changes from now on, as server-sent events
///
/// `event: hello` comes first; then `event: changed` with `{"noun", "name"}` for each change. A
/// reader that fell behind gets the noun `all`: anything may have changed.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events",
    responses((status = 200, body = Line, content_type = "text/event-stream"))
)]
pub(super) async fn stream(
    State(shared): State<Shared>,
    credential: Credential,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(forward(shared, credential, sender));
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Ends with the reader, with the server, or when the reader may no longer read.
async fn forward(
    shared: Shared,
    credential: Credential,
    sender: mpsc::Sender<Result<Event, Infallible>>,
) {
    let mut changes = shared.events.subscribe();
    let mut event = Event::default().event("hello").data("{}");
    let mut over = std::pin::pin!(over(&shared, &credential));
    while sender.send(Ok(event)).await.is_ok() {
        let changed = tokio::select! {
            () = shared.stopping.cancelled() => return,
            () = sender.closed() => return,
            () = &mut over => return,
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

/// Waits until the credential no longer lets its bearer read. Records that do not answer take
/// nothing away.
async fn over(shared: &Shared, credential: &Credential) {
    loop {
        let now = shared.world.now();
        shared.world.sleep_until(now + ASKED_AGAIN).await;
        match authenticate(shared, shared.world.now(), credential).await {
            Ok(caller) if caller.grants.check(Permission::Read, None).is_ok() => {}
            Ok(_) | Err(Failure::Unauthenticated(_)) => return,
            Err(_) => {}
        }
    }
}
