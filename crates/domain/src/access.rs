//! Who may do what: roles, and the permission that every route names.

use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use crate::id::{PersonId, TokenId};

/// What a principal may do, each role including the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads everything.
    Viewer,
    /// Also sends telemetry, records deployments and asks gates.
    Responder,
    /// Also applies definitions.
    Editor,
    /// Also manages people and tokens.
    Admin,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Responder, Self::Editor, Self::Admin];

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Responder => "responder",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Anyone, signed in or not: health, sign-in, the app's own files.
    Public,
    /// Read what is there.
    Read,
    /// Send telemetry.
    WriteTelemetry,
    /// Record a deployment.
    RecordDeployment,
    /// Ask a gate for a decision, which is stored.
    DecideRelease,
    /// Change definitions.
    ChangeDefinitions,
    /// Make and revoke tokens, manage people.
    ManageAccess,
    /// Take everything away in one file, secrets included.
    BackUp,
}

impl Permission {
    /// The least role that has it; none means no role is needed.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Public => None,
            Self::Read => Some(Role::Viewer),
            Self::WriteTelemetry | Self::RecordDeployment | Self::DecideRelease => {
                Some(Role::Responder)
            }
            Self::ChangeDefinitions => Some(Role::Editor),
            Self::ManageAccess | Self::BackUp => Some(Role::Admin),
        }
    }

    /// Whether a caller with that role (none: not signed in) has it.
    pub fn granted_to(self, role: Option<Role>) -> bool {
        self.least_role().is_none_or(|least| role.is_some_and(|role| role >= least))
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Principal {
    /// A person in a browser session.
    Person {
        /// The person.
        id: PersonId,
        /// What they sign in with.
        name: String,
    },
    /// An API token.
    Token {
        /// The token.
        id: TokenId,
        /// What its maker called it.
        name: String,
    },
    /// Plimsoll itself: a reconciler, or a command on the data directory.
    System {
        /// Which part of it.
        part: Name,
    },
}
