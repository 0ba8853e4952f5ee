//! Channels: how a notification reaches someone, a file each.

pub(crate) mod secrets;
pub(crate) mod webhook;
