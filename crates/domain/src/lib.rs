//! The rules of Plimsoll: what an SLO is worth, when its burn alerts, whether a release may go out.
//!
//! Invariant: nothing here reads a clock, draws a random number, touches a file or a socket, or
//! awaits. `now` is an argument, ids are made by the caller, and every function is a fold, an
//! `evaluate(now, …) -> Value` or a `step(&mut state, now, input) -> Effects`.

pub mod id;
pub mod lease;
pub mod time;

pub mod access;
pub mod catalog;
pub mod definitions;

pub mod alert;
pub mod notify;
pub mod release;
pub mod seal;
pub mod slo;
pub mod telemetry;
