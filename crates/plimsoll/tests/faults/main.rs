//! Crashes, power cuts, failing disks and floods, done to the real binary under load. A client
//! outside of it remembers what was acknowledged, and compares after each restart.
//!
//! `PLIMSOLL_CAMPAIGN=full` does all of it, `make campaign` prints the figures; a plain run does a
//! hundredth or so. Each run prints its seed, and `PLIMSOLL_SEED` replays its schedule.

#![expect(clippy::unwrap_used, reason = "a scenario that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a campaign reports on standard output")]
#![expect(clippy::disallowed_methods, reason = "a campaign runs in real time, as its user says")]

mod burns;
mod clerk;
mod cuts;
mod disk;
mod fleet;
mod flood;
mod full;
mod inbox;
mod kills;
mod ledger;
mod site;
mod syncs;
mod victim;
mod writer;
