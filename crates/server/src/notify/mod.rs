//! Channels: how a notification reaches someone, a file each.

pub(crate) mod webhook;
