//! The customers of the demo: a steady stream of visitors, each of whom looks at a product and then
//! orders it.
//!
//! Invariant: at most [`AT_ONCE`] visitors are there. When the shop is slower than its customers,
//! visitors are left out, not piled up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;
use plimsoll_server::world::World;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::services::Order;

/// Orders a second.
pub(super) const ORDERS_PER_SECOND: i64 = 40;

/// Enough for a fifth of a second's orders that take a second each, four times over.
const AT_ONCE: usize = 32;

/// Amounts run through 1 to 319, so that a fifth of them, 64, do not fit into a byte.
const AMOUNTS: u32 = 319;

/// Steps through all amounts before one comes again, without runs of large ones.
const STRIDE: u32 = 101;

/// What customers saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Seen {
    /// Orders sent, and those among them that failed.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

/// Sends visitors to the storefront at that base URL, for as long as it is polled.
pub(super) async fn run(world: World, http: reqwest::Client, shop: String, seen: Arc<Seen>) {
    let shop: Arc<str> = shop.into();
    let pause = SignedDuration::from_secs(1) / ORDERS_PER_SECOND as i32;
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut in_flight = JoinSet::new();
    let mut due_at = world.now();
    let mut amount = 0;
    loop {
        world.sleep_until(due_at).await;
        due_at = (due_at + pause).max(world.now());
        while in_flight.try_join_next().is_some() {}
        let Ok(permit) = permits.clone().try_acquire_owned() else { continue };
        let (http, shop, seen) = (http.clone(), shop.clone(), seen.clone());
        amount = (amount + STRIDE) % AMOUNTS;
        in_flight.spawn(async move {
            // Whether the product was shown is for the storefront to count.
            let _ = http.get(format!("{shop}/product")).send().await;
            order(&http, &shop, amount + 1, &seen).await;
            drop(permit);
        });
    }
}

async fn order(http: &reqwest::Client, shop: &str, amount: u32, seen: &Seen) {
    let answer = http.post(format!("{shop}/orders")).json(&Order { amount }).send().await;
    seen.sent.fetch_add(1, Ordering::Relaxed);
    if !answer.is_ok_and(|answer| answer.status().is_success()) {
        seen.failed.fetch_add(1, Ordering::Relaxed);
    }
}
