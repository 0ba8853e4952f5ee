//! HTTP on loopback: servers on free ports, and the client that calls them.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Serves `router` on a free port until `stop`, as one of `tasks`; returns its base URL.
pub(super) async fn serve(
    router: Router,
    tasks: &mut JoinSet<Result<()>>,
    stop: &CancellationToken,
) -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.context("no free port on 127.0.0.1")?;
    let url = format!("http://{}", listener.local_addr()?);
    let served =
        axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    tasks.spawn(async move { Ok(served.await?) });
    Ok(url)
}

/// A client for services on this machine.
pub(super) fn client() -> Result<reqwest::Client> {
    // An error says that a provider is installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    // Certificates are not looked for: plain HTTP also works where none are installed.
    let builder = reqwest::Client::builder().tls_certs_only([]).no_proxy().timeout(TIMEOUT);
    builder.build().context("no HTTP client")
}
