//! The versions of checkout, and what is wrong with one of them.
//!
//! Version 1.5.0 packs the amount of an order into a byte, so every order above 255 fails; and it
//! tries again what failed, with a pause, although what does not fit will not fit the next time. So
//! a fifth of the orders fail, and customers wait for it.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// A version of checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Version {
    /// The good one.
    V1_4_0,
    /// The one with the fault.
    V1_5_0,
    /// Built while the fault is out, and never deployed.
    V1_6_0,
}

impl Version {
    /// Its number.
    pub(in crate::demo) fn number(self) -> &'static str {
        match self {
            Self::V1_4_0 => "1.4.0",
            Self::V1_5_0 => "1.5.0",
            Self::V1_6_0 => "1.6.0",
        }
    }

    /// The amount of an order, as this version understands it.
    pub(super) fn amount(self, amount: u32) -> Option<u32> {
        match self {
            Self::V1_4_0 | Self::V1_6_0 => Some(amount),
            Self::V1_5_0 => u8::try_from(amount).ok().map(u32::from),
        }
    }

    /// How long it pauses before each time that it tries again to charge.
    pub(super) fn pauses(self) -> &'static [Duration] {
        match self {
            Self::V1_4_0 | Self::V1_6_0 => &[],
            Self::V1_5_0 => &PAUSES,
        }
    }
}

const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(600)];

/// The digest that a registry would know a version by.
pub(in crate::demo) fn artifact(service: &str, number: &str) -> String {
    let digest = Sha256::digest(format!("{service} {number}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
