//! What changed, for live views. Best effort: a reader that falls behind is told to read again.

use tokio::sync::broadcast;

/// Something that changed and can be read again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Changed {
    /// What kind of thing: `slo`, `alert`, `deployment`, `decision`, `definitions`, `notification`,
    /// `person`, `token`;
    /// `all` when the reader missed something.
    pub(crate) noun: &'static str,
    /// Which one.
    pub(crate) name: String,
}

impl Changed {
    /// That thing changed.
    pub(crate) fn new(noun: &'static str, name: impl std::fmt::Display) -> Self {
        Self { noun, name: name.to_string() }
    }

    /// Anything may have changed.
    pub(crate) fn anything() -> Self {
        Self { noun: "all", name: String::new() }
    }
}

/// Who publishes and who listens.
#[derive(Debug)]
pub(crate) struct Events(broadcast::Sender<Changed>);

impl Events {
    /// How many events a slow reader may be behind before it misses some.
    const BEHIND_MAX: usize = 256;

    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(Self::BEHIND_MAX))
    }

    /// Tells everyone who listens.
    pub(crate) fn publish(&self, event: Changed) {
        // An error only says that nobody listens.
        let _ = self.0.send(event);
    }

    /// Listens from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.0.subscribe()
    }
}
