//! Why a use case did not do what it was asked: what the caller got wrong, or what broke here.

use plimsoll_domain::access::Denied;
use plimsoll_store::{Clash, CommitError};

/// A failure of a use case. All but `Internal` are the caller's to mend.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// No credentials, or none that are known.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// Known, and not allowed.
    #[error(transparent)]
    Forbidden(#[from] Denied),
    /// Known, allowed, and asking to give away more than that.
    #[error("{0}")]
    BeyondOwn(&'static str),
    /// A request that only a page of this server may make.
    #[error("{0}")]
    CrossSite(&'static str),
    /// There is no such thing.
    #[error("there is no {noun} `{name}`")]
    NotFound {
        /// What kind of thing.
        noun: &'static str,
        /// What it was called.
        name: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// It means nothing, or names something that is not there.
    #[error("{message}")]
    Invalid {
        /// A stable code.
        code: &'static str,
        /// What is wrong.
        message: String,
        /// How to mend it.
        hint: Option<String>,
    },
    /// Someone else was first.
    #[error("{message}")]
    Conflict {
        /// A stable code.
        code: &'static str,
        /// What is in the way.
        message: String,
    },
    /// Not now.
    #[error("{message}")]
    Busy {
        /// A stable code.
        code: &'static str,
        /// What is exhausted.
        message: String,
        /// When to come back.
        retry_after_seconds: u32,
    },
    /// No space is left to write on.
    #[error("no space is left where Plimsoll keeps its data ({place})")]
    StorageFull {
        /// The directory, or the database server.
        place: String,
    },
    /// The caller tries too often.
    #[error("too many attempts; try again in {retry_after_seconds} s")]
    Throttled {
        /// When to come back.
        retry_after_seconds: u32,
    },
    /// Something broke here; logged where it is answered.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Failure {
    /// It means nothing, or names something that is not there.
    pub(crate) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { code, message: message.into(), hint: None }
    }

    /// The same, with how to mend it.
    pub(crate) fn invalid_with_hint(
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::Invalid { code, message: message.into(), hint: Some(hint.into()) }
    }

    /// There is no such thing.
    pub(crate) fn not_found(noun: &'static str, name: impl std::fmt::Display) -> Self {
        Self::NotFound { noun, name: name.to_string(), near: None }
    }

    /// There is no such thing; one of these may have been meant.
    pub(crate) fn not_found_among<'a>(
        noun: &'static str,
        name: &str,
        there: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let near = plimsoll_api::document::nearest(name, there).map(str::to_owned);
        Self::NotFound { noun, name: name.to_owned(), near }
    }
}

impl From<plimsoll_store::Error> for Failure {
    fn from(error: plimsoll_store::Error) -> Self {
        match error {
            plimsoll_store::Error::Cursor => Self::invalid_with_hint(
                "unknown_cursor",
                error.to_string(),
                "pass the next_cursor of the page before, with the same filters",
            ),
            plimsoll_store::Error::Full { place } => Self::StorageFull { place },
            plimsoll_store::Error::Away(source) => {
                tracing::error!(%source, "the database does not answer");
                Self::Busy {
                    code: "database_unavailable",
                    message: "the database does not answer; nothing was changed".to_owned(),
                    retry_after_seconds: 5,
                }
            }
            plimsoll_store::Error::Database(_)
            | plimsoll_store::Error::Unreached { .. }
            | plimsoll_store::Error::Undecided(_)
            | plimsoll_store::Error::Unfolded(_)
            | plimsoll_store::Error::TooNew { .. }
            | plimsoll_store::Error::Location(_)
            | plimsoll_store::Error::Corrupt { .. }
            | plimsoll_store::Error::UnknownVersion { .. }
            | plimsoll_store::Error::SqliteTooOld { .. }
            | plimsoll_store::Error::Closed => Self::Internal(error.into()),
        }
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(clash) => clash.into(),
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<Clash> for Failure {
    fn from(clash: Clash) -> Self {
        let (code, message) = match clash {
            Clash::Moved(what) => ("conflict", format!("{what} changed meanwhile; load it again")),
            Clash::NameTaken(name) => ("name_taken", format!("somebody else is called `{name}`")),
            Clash::LastAdmin(_) => {
                let message = "this is the last admin; make somebody else one first";
                ("last_admin", message.to_owned())
            }
        };
        Self::Conflict { code, message }
    }
}
