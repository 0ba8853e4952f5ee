//! The three services of the demo: `storefront` shows products and hands orders to `checkout`,
//! which has `payments` charge them.
//!
//! They are ordinary HTTP services that count and time their requests and show both at `/metrics`.
//! Nothing injects faults: version 1.5.0 of checkout has a bug ([`version`]).

mod checkout;
mod meter;
mod payments;
mod storefront;
mod version;

use serde::{Deserialize, Serialize};

pub(super) use checkout::Checkout;
pub(super) use payments::payments;
pub(super) use storefront::storefront;
pub(super) use version::{Version, artifact};

/// An order, or the charge for it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// What it costs.
    pub(super) amount: u32,
}
