use plimsoll_store::{Clash, Error};

use super::*;

#[test]
fn only_a_full_disk_gives_the_reserve_up() {
    let full = || Error::Full { place: "/data".to_owned() };
    let other = || Error::Closed;
    let io = |kind| anyhow::Error::from(io::Error::from(kind));
    for error in [
        full().into(),
        CommitError::Store(full()).into(),
        Failure::from(full()).into(),
        io(io::ErrorKind::StorageFull),
        io(io::ErrorKind::QuotaExceeded),
    ] {
        let error = error.context("claiming");
        assert!(means_full(&error), "{error:?}");
    }
    for error in [
        other().into(),
        CommitError::Store(other()).into(),
        Failure::from(other()).into(),
        CommitError::Conflict(Clash::Moved("it".to_owned())).into(),
        io(io::ErrorKind::PermissionDenied),
        anyhow::anyhow!("no space is left"),
    ] {
        assert!(!means_full(&error), "{error:?}");
    }
}
