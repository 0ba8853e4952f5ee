//! Connections: taken up to a number, and given up when they stand still.
//!
//! Invariant: what goes out, webhooks and files, always has descriptors left; a caller that says
//! nothing, or not all of it, costs a place for [`SILENCE`] and no longer.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use jiff::SignedDuration;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::world::World;

/// How long the head of a request may take, and a connection stay idle between two.
const SILENCE: Duration = Duration::from_secs(30);

/// More connections than this are of no use to anybody.
const CONNECTIONS_MAX: u64 = 16_384;

/// More descriptors are not asked for.
const DESCRIPTORS_MAX: u64 = 65_536;

/// How long to wait when there is no descriptor for a connection.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// How connections are served.
pub(crate) struct Serving {
    pub(crate) world: World,
    /// Connections at once.
    pub(crate) places: usize,
    /// How long a caller may be silent.
    pub(crate) silence: Duration,
}

impl Serving {
    /// With as many places as the process has descriptors for, half of them left for the rest of
    /// its work.
    pub(crate) fn new(world: World) -> Self {
        let places = (descriptors() / 2).min(CONNECTIONS_MAX);
        let places = usize::try_from(places).unwrap_or(usize::MAX);
        Self { world, places, silence: SILENCE }
    }

    /// Serves until `stopping`; then takes no more, and returns when what is being answered is.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        router: Router,
        stopping: &CancellationToken,
    ) {
        let places = Arc::new(Semaphore::new(self.places));
        let graceful = GracefulShutdown::new();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.silence);
        let service = TowerToHyperService::new(router);
        loop {
            let next = async {
                let place = places.clone().acquire_owned().await;
                let place = place.expect("the places are never closed");
                (place, self.accepted(&listener).await)
            };
            let (place, stream) = tokio::select! {
                next = next => next,
                () = stopping.cancelled() => break,
            };
            let connection = http.serve_connection(TokioIo::new(stream), service.clone());
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // What went wrong with a connection is its caller's to know.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(listener);
        graceful.shutdown().await;
    }

    /// The next connection. One that broke before it was taken is none.
    async fn accepted(&self, listener: &TcpListener) -> TcpStream {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return stream,
                Err(error) if is_of_the_caller(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken");
                    self.world.sleep_until(self.world.now() + PAUSE).await;
                }
            }
        }
    }
}

fn is_of_the_caller(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}

/// Asks for as many descriptors as the system allows; returns how many there are. The usual 1,024
/// are what a shell is content with.
fn descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(DESCRIPTORS_MAX).min(DESCRIPTORS_MAX);
    let current = limit.current.unwrap_or(DESCRIPTORS_MAX);
    let raised = Rlimit { current: Some(wanted), maximum: limit.maximum };
    let enough = current >= wanted || setrlimit(Resource::Nofile, raised).is_err();
    if enough { current } else { wanted }
}

#[cfg(test)]
mod tests;
