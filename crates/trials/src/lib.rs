//! What the tests of several rooms throw, send, declare and run. Only tests and benches use it.
//!
//! Whatever looks like chance here comes from a seed, and is the same for the same seed.

pub mod bodies;
pub mod campaign;
pub mod dice;
pub mod documents;
pub mod fuzz;
pub mod hostile;
pub mod mailbox;
pub mod postgres;
pub mod program;
