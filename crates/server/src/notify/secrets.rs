//! Secrets of receivers, read at each attempt.
//!
//! Invariant: a file on a disk that does not answer holds no thread of the runtime, and of the
//! others a bounded number, however often it is asked for.

use std::sync::Arc;
use std::time::Duration;

use plimsoll_domain::notify::SecretRef;
use tokio::sync::Semaphore;

use crate::config::{Secret, resolve_secret};

/// How many files are read at once.
const AT_ONCE: usize = 8;

/// How long one may take: well within the attempt that needs it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads secrets.
pub(crate) struct Secrets {
    permits: Arc<Semaphore>,
}

impl Secrets {
    pub(crate) fn new() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The secret that a definition refers to, or why there is none.
    pub(crate) async fn read(&self, reference: &SecretRef) -> Result<Secret, String> {
        let SecretRef::File(path) = reference else {
            return resolve_secret(reference).map_err(|error| error.to_string());
        };
        let reference = reference.clone();
        let reading = self.on_a_blocking_thread(move || resolve_secret(&reference));
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(read) => read?.map_err(|error| error.to_string()),
            Err(_) => Err(format!("the secret file `{path}` does not answer")),
        }
    }

    async fn on_a_blocking_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        let permit = self.permits.clone().acquire_owned().await.expect("it is never closed");
        let done = tokio::task::spawn_blocking(move || {
            let _held_while_reading = permit;
            work()
        });
        done.await.map_err(|error| error.to_string())
    }
}
