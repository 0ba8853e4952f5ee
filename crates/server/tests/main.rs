//! The tests of the server: [`it`] holds HTTP scenarios, [`sim`] simulates the whole system.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on has failed")]

mod it;
mod sim;
