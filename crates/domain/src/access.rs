//! Who may do what, and where: roles for the installation and for what teams own, and the
//! permission that every route names.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use crate::id::{PersonId, TokenId, WebhookId};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Anyone, signed in or not: health, sign-in, the app's own files.
    Public,
    /// Ask who one is, and manage one's own sessions and password. No scope takes it away.
    Myself,
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
    /// Change what Plimsoll calls from within the network, scrape targets, and which secrets of the
    /// machine receivers refer to.
    ChangeSources,
    /// Manage a team's members and tokens.
    ManageTeam,
    /// Manage people, see what everybody did.
    ManageAccess,
    /// Take everything away in one file, secrets included.
    BackUp,
}

/// Where a permission is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For the whole installation: a role in a team does not help.
    Installation,
    /// For what a team owns: a role in that team suffices.
    Team,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 11] = [
        Self::Public,
        Self::Myself,
        Self::Read,
        Self::WriteTelemetry,
        Self::RecordDeployment,
        Self::DecideRelease,
        Self::ChangeDefinitions,
        Self::ChangeSources,
        Self::ManageTeam,
        Self::ManageAccess,
        Self::BackUp,
    ];

    /// Those that a token may be limited to.
    pub fn scopes() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|permission| permission.is_scope())
    }

    /// Those that a sender of signed webhooks may have: what pipelines tell and ask.
    pub fn of_webhooks() -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|permission| matches!(permission, Self::RecordDeployment | Self::DecideRelease))
    }

    fn is_scope(self) -> bool {
        !matches!(self, Self::Public | Self::Myself)
    }

    /// The scope of that word.
    pub fn parse_scope(word: &str) -> Option<Self> {
        Self::scopes().find(|permission| permission.as_str() == word)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Myself => "myself",
            Self::Read => "read",
            Self::WriteTelemetry => "write_telemetry",
            Self::RecordDeployment => "record_deployment",
            Self::DecideRelease => "decide_release",
            Self::ChangeDefinitions => "change_definitions",
            Self::ChangeSources => "change_sources",
            Self::ManageTeam => "manage_team",
            Self::ManageAccess => "manage_access",
            Self::BackUp => "back_up",
        }
    }

    /// The least role that has it; none means no role is needed.
    pub fn least_role(self) -> Option<Role> {
        match self {
            Self::Public => None,
            Self::Myself | Self::Read => Some(Role::Viewer),
            Self::WriteTelemetry | Self::RecordDeployment | Self::DecideRelease => {
                Some(Role::Responder)
            }
            Self::ChangeDefinitions => Some(Role::Editor),
            Self::ChangeSources | Self::ManageTeam | Self::ManageAccess | Self::BackUp => {
                Some(Role::Admin)
            }
        }
    }

    /// Where it is asked for.
    pub fn reach(self) -> Reach {
        match self {
            Self::RecordDeployment
            | Self::DecideRelease
            | Self::ChangeDefinitions
            | Self::ManageTeam => Reach::Team,
            Self::Public
            | Self::Myself
            | Self::Read
            | Self::WriteTelemetry
            | Self::ChangeSources
            | Self::ManageAccess
            | Self::BackUp => Reach::Installation,
        }
    }
}

/// What a principal may do, and where.
///
/// Everybody reads everything: a role below is at least [`Role::Viewer`]. Teams keep others from
/// changing what is theirs, and hide nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants {
    /// The role for the whole installation.
    pub role: Role,
    /// The roles for what teams own, where they are greater.
    pub teams: BTreeMap<Name, Role>,
    /// These permissions alone, whatever the roles allow; none is no limit.
    pub scopes: Option<BTreeSet<Permission>>,
}

impl Grants {
    /// A role for the whole installation, and nothing else.
    pub fn of(role: Role) -> Self {
        Self { role, teams: BTreeMap::new(), scopes: None }
    }

    /// The role for what `team` owns; none is what nobody owns, or the installation itself.
    pub fn role_at(&self, team: Option<&Name>) -> Role {
        let there = team.and_then(|team| self.teams.get(team));
        there.copied().unwrap_or(Role::Viewer).max(self.role)
    }

    /// Whether the permission is granted for what `team` owns.
    ///
    /// # Errors
    /// What is missing.
    pub fn check(&self, permission: Permission, team: Option<&Name>) -> Result<(), Denied> {
        let team = team.filter(|_| permission.reach() == Reach::Team);
        self.judge(permission, self.role_at(team), team)
    }

    /// Whether it is granted anywhere at all, so that it is worth looking at what is asked.
    ///
    /// # Errors
    /// What is missing everywhere.
    pub fn check_somewhere(&self, permission: Permission) -> Result<(), Denied> {
        let greatest = match permission.reach() {
            Reach::Installation => None,
            Reach::Team => self.teams.values().max().copied(),
        };
        self.judge(permission, greatest.unwrap_or(Role::Viewer).max(self.role), None)
    }

    fn judge(&self, permission: Permission, has: Role, team: Option<&Name>) -> Result<(), Denied> {
        let scoped_out = self.scopes.as_ref().is_some_and(|scopes| !scopes.contains(&permission));
        if permission.is_scope() && scoped_out {
            return Err(Denied::Scope(permission));
        }
        match permission.least_role() {
            Some(needed) if has < needed => Err(Denied::Role { needed, has, team: team.cloned() }),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether `other` allows nothing that these do not: nobody gives away more than they have.
    pub fn cover(&self, other: &Self) -> bool {
        let roles = other.role <= self.role
            && other.teams.iter().all(|(team, role)| *role <= self.role_at(Some(team)));
        let scopes = match (&self.scopes, &other.scopes) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => theirs.is_subset(mine),
        };
        roles && scopes
    }
}

/// Why something is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role is too small.
    #[error(
        "this needs the role `{}`{}, and you have `{}`",
        needed.as_str(),
        place(team.as_ref()),
        has.as_str()
    )]
    Role {
        /// The least role that may.
        needed: Role,
        /// The caller's role there.
        has: Role,
        /// For what this team owns.
        team: Option<Name>,
    },
    /// The token is limited to other things.
    #[error("this token is limited to other scopes than `{}`", .0.as_str())]
    Scope(Permission),
}

fn place(team: Option<&Name>) -> String {
    team.map_or_else(String::new, |team| format!(" for what the team `{team}` owns"))
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
    /// Who sends signed webhooks.
    Webhook {
        /// The sender.
        id: WebhookId,
        /// What its maker called it.
        name: String,
    },
    /// Plimsoll itself: a reconciler, or a command on the data directory.
    System {
        /// Which part of it.
        part: Name,
    },
}

#[cfg(test)]
mod tests;
