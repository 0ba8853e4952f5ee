//! The stage of a simulation: on it one act at a time goes on, to its next turn, and its director
//! says which. It also answers for the network. The real world has none, and a turn costs a look.
//!
//! Invariant: between two calls of [`Stage::release`] nothing on the stage moves once it is
//! [`Stage::quiet`], so that what happens follows from the order of the releases alone.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use tokio::sync::{Notify, oneshot};

tokio::task_local! {
    /// The act that the running task belongs to.
    static ACT: u64;
}

/// What answers a request of the act of that number, or why nothing does.
pub type Peer = dyn Fn(u64, &reqwest::Request) -> Result<reqwest::Response, String> + Send + Sync;

/// Where acts wait for their turns.
pub struct Stage {
    cast: Mutex<Cast>,
    moved: Notify,
    peer: Box<Peer>,
}

#[derive(Default)]
struct Cast {
    entered: u64,
    acts: BTreeMap<u64, Act>,
    is_open: bool,
}

/// An activity that stops at each turn.
struct Act {
    what: &'static str,
    standing: Standing,
}

enum Standing {
    Running,
    /// At a turn, until it is released.
    Waiting(&'static str, oneshot::Sender<()>),
    /// Behind another act.
    Behind,
}

/// An act that waits to be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its number, in the order in which acts began.
    pub act: u64,
    /// What it does.
    pub what: &'static str,
    /// The turn it has come to.
    pub at: &'static str,
}

/// A place in the cast, given up when it is dropped.
struct Part {
    stage: Arc<Stage>,
    act: u64,
}

/// Whether the running task belongs to an act.
pub(super) fn is_in_act() -> bool {
    ACT.try_with(|_| ()).is_ok()
}

impl Stage {
    /// An empty stage, with what answers requests.
    pub fn new(
        peer: impl Fn(u64, &reqwest::Request) -> Result<reqwest::Response, String>
        + Send
        + Sync
        + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { cast: Mutex::default(), moved: Notify::new(), peer: Box::new(peer) })
    }

    /// The future as an act: it has entered when this returns, and has left when it is dropped.
    pub fn act<F: Future>(
        self: &Arc<Self>,
        what: &'static str,
        future: F,
    ) -> (u64, impl Future<Output = F::Output> + use<F>) {
        let mut cast = self.cast();
        cast.entered += 1;
        let act = cast.entered;
        cast.acts.insert(act, Act { what, standing: Standing::Running });
        let part = Part { stage: self.clone(), act };
        let played = async move {
            let act = part.act;
            let _part = part;
            ACT.scope(act, future).await
        };
        (act, played)
    }

    /// The acts at a turn, in the order in which they began.
    pub fn waiting(&self) -> Vec<Waiting> {
        let cast = self.cast();
        let waiting = cast.acts.iter().filter_map(|(act, part)| match part.standing {
            Standing::Waiting(at, _) => Some(Waiting { act: *act, what: part.what, at }),
            Standing::Running | Standing::Behind => None,
        });
        waiting.collect()
    }

    /// Whether the act is still on the stage.
    pub fn has(&self, act: u64) -> bool {
        self.cast().acts.contains_key(&act)
    }

    /// Lets an act go on from its turn.
    pub fn release(&self, act: u64) {
        let mut cast = self.cast();
        if let Some(part) = cast.acts.get_mut(&act) {
            part.go();
        }
    }

    /// Lets everything go on, now and from now on.
    pub fn open(&self) {
        let mut cast = self.cast();
        cast.is_open = true;
        cast.acts.values_mut().for_each(Act::go);
    }

    /// Waits until every act is at a turn, behind another, or gone.
    pub async fn quiet(&self) {
        // Enough for a chain of acts behind one another, none of which waits for anything else.
        const BEHIND_MAX: u32 = 8;
        loop {
            while self.cast().acts.values().any(|act| matches!(act.standing, Standing::Running)) {
                self.moved.notified().await;
            }
            for _ in 0..BEHIND_MAX {
                tokio::task::yield_now().await;
            }
            if !self.cast().acts.values().any(|act| matches!(act.standing, Standing::Running)) {
                return;
            }
        }
    }

    fn cast(&self) -> MutexGuard<'_, Cast> {
        self.cast.lock().expect("no holder of the cast panics")
    }

    /// Stops the running act until it is released. Whoever is no act goes on.
    pub(super) async fn turn(&self, at: &'static str) {
        let Ok(act) = ACT.try_with(|act| *act) else { return };
        let (go, gone_on) = oneshot::channel();
        if !self.stand(act, Standing::Waiting(at, go)) {
            return;
        }
        // An error says that the act has left, and this with it.
        let _ = gone_on.await;
    }

    /// Waits for what another act must do first; then it is a turn.
    pub(super) async fn behind<F: Future>(&self, at: &'static str, future: F) -> F::Output {
        let mut future = pin!(future);
        let first = std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await;
        if let Poll::Ready(output) = first {
            return output;
        }
        if let Ok(act) = ACT.try_with(|act| *act) {
            self.stand(act, Standing::Behind);
        }
        let output = future.await;
        self.turn(at).await;
        output
    }

    /// What the network answers.
    pub(crate) fn answer(&self, request: &reqwest::Request) -> Result<reqwest::Response, String> {
        (self.peer)(ACT.try_with(|act| *act).unwrap_or_default(), request)
    }

    /// False when the stage is open, and nobody waits.
    fn stand(&self, act: u64, standing: Standing) -> bool {
        let mut cast = self.cast();
        if cast.is_open {
            return false;
        }
        if let Some(part) = cast.acts.get_mut(&act) {
            part.standing = standing;
        }
        self.moved.notify_one();
        true
    }
}

impl Act {
    fn go(&mut self) {
        if let Standing::Waiting(..) = self.standing
            && let Standing::Waiting(_, go) =
                std::mem::replace(&mut self.standing, Standing::Running)
        {
            // An error says that the act was dropped at its turn.
            let _ = go.send(());
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.stage.cast().acts.remove(&self.act);
        self.stage.moved.notify_one();
    }
}
