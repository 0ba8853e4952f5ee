//! Effects: everything that one step of the program wants written, with what it was reckoned from.
//!
//! Invariant: the reads are checked and the writes made in one transaction, in order; one that
//! does not hold undoes them all.

use plimsoll_domain::alert::Alert;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::{AlertId, NotificationId, PersonId, SessionId, TokenId};
use plimsoll_domain::lease::Lease;
use plimsoll_domain::notify::{Attempt, Next, Notification};
use plimsoll_domain::release::Deployment;
use plimsoll_domain::release::gate::Decision;
use plimsoll_domain::time::Timestamp;
use sea_orm::{DatabaseTransaction, DbErr};

use super::{
    Document, Entry, Error, LeaseAddress, Membership, Message, PasswordLink, Person, Revision,
    Scope, Sealing, Session, Token, Webhook, access, alerts, decisions, definitions, deployments,
    leases, notifications, sealing, settings, timeline,
};

/// What to write, all or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// Whose records.
    pub scope: Scope,
    /// What to write, in this order.
    pub writes: Vec<Write>,
    /// What was read and must still hold.
    pub reads: Vec<Read>,
}

impl Effects {
    /// No effects yet.
    pub fn new(scope: Scope) -> Self {
        Self { scope, writes: Vec::new(), reads: Vec::new() }
    }

    /// The same effects and one write more.
    #[must_use]
    pub fn write(mut self, write: Write) -> Self {
        self.writes.push(write);
        self
    }

    /// The same effects, reckoned from one read more.
    #[must_use]
    pub fn read(mut self, read: Read) -> Self {
        self.reads.push(read);
        self
    }
}

/// An aggregate that was read but is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// The definitions, by their number.
    Definitions {
        /// 0 when there were none.
        number: u64,
    },
    /// An alert.
    Alert {
        /// Which.
        id: AlertId,
        /// As which version.
        version: u64,
    },
    /// A lease, by its epoch: who has lost it changes nothing any more.
    Lease {
        /// Which.
        name: String,
        /// The epoch it was held in.
        epoch: u64,
    },
    /// A person, who stays as they are until the effects are written.
    Person {
        /// Which.
        id: PersonId,
        /// As which version.
        version: u64,
    },
    /// That there are no people.
    Nobody,
    /// That the installation has an admin besides this person, if they are one.
    OtherAdmin {
        /// Who.
        than: PersonId,
    },
}

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A new head of the definitions: upserts and deletes documents, keeps every version of each;
    /// the number becomes `expected + 1`.
    Definitions {
        /// The number that this revision follows; 0 for the first.
        expected: u64,
        /// What changed, when and by whom.
        revision: Revision,
        /// The documents that changed.
        documents: Vec<Document>,
        /// The documents that go, with their last text, and when and by whom they are deleted;
        /// conflicts when one is not there.
        deleted: Vec<Document>,
    },
    /// An alert, new or stepped.
    Alert {
        /// The version it was stepped from; none when it must not exist.
        expected: Option<u64>,
        /// The alert.
        alert: Alert,
    },
    /// One more line of a timeline or of the audit log.
    Entry(Entry),
    /// A notification owed, due at once; the same id again changes nothing.
    Owe(Notification),
    /// What became of an attempt; conflicts when the claim was lost.
    Attempted {
        /// The epoch of the claim.
        claimed_epoch: u64,
        /// The notification.
        notification: NotificationId,
        /// The number of the attempt, as claimed.
        number: u32,
        /// When it was made.
        at: Timestamp,
        /// What became of it.
        attempt: Attempt,
        /// What follows.
        next: Next,
    },
    /// A notification that is no longer news; conflicts when the claim was lost.
    Supersede {
        /// The epoch of the claim.
        claimed_epoch: u64,
        /// The notification.
        notification: NotificationId,
        /// Why it is not sent.
        reason: String,
    },
    /// A deployment, which must be new.
    Deployment(Deployment),
    /// A decision, which must be new.
    Decision(Box<Decision>),
    /// A token, which must be new.
    Token(Token),
    /// Revokes a token; the first time counts.
    RevokeToken {
        /// Which.
        id: TokenId,
        /// When.
        at: Timestamp,
    },
    /// A person, new or changed; conflicts when another has the name.
    Person {
        /// The version it was changed from; none when they must not exist.
        expected: Option<u64>,
        /// The person.
        person: Person,
        /// From when on they are called so.
        at: Timestamp,
        /// 256 random bits, for the commitment to what they are called.
        salt: [u8; 32],
    },
    /// Erases what says who a person is, with their sessions; conflicts when they are not there.
    ErasePerson {
        /// Which.
        id: PersonId,
    },
    /// Seals a batch; conflicts when another sealed meanwhile.
    Seal(Sealing),
    /// A session, which must be new.
    Session(Session),
    /// That tokens were used, each not before that.
    TokensUsed(Vec<(TokenId, Timestamp)>),
    /// A person in a team, new there or with another role; conflicts when they are gone.
    Join(Membership),
    /// A person out of a team; conflicts when they are not in it.
    Leave {
        /// The team.
        team: Name,
        /// The person.
        person: PersonId,
    },
    /// Who sends signed webhooks.
    Webhook {
        /// The generation it was changed from; none when it must not exist.
        expected: Option<u64>,
        /// The sender.
        webhook: Webhook,
    },
    /// Takes a message of a webhook; conflicts when another has it.
    TakeMessage {
        /// When it was taken by whoever has not answered it; none when it is taken first.
        expected: Option<Timestamp>,
        /// The message.
        message: Message,
    },
    /// How a message that was taken was answered; without an answer it is given back.
    SettleMessage(Message),
    /// Forgets messages, a bounded number of them.
    ForgetMessages {
        /// Those that were taken before then.
        before: Timestamp,
    },
    /// A link by which a person sets a password, in place of the one before.
    PasswordLink(PasswordLink),
    /// Uses a link up; conflicts when it is used or replaced.
    UsePasswordLink(PasswordLink),
    /// Ends the sessions of a person.
    EndSessionsOf {
        /// Who.
        person: PersonId,
        /// All but this one.
        but: Option<SessionId>,
    },
    /// Ends a session, if it is there.
    EndSession {
        /// Which.
        id: SessionId,
    },
    /// Removes sessions that have expired, a bounded number of them.
    EndExpiredSessions {
        /// Those that end then or earlier.
        at: Timestamp,
    },
    /// A lease taken, renewed or given back.
    Lease {
        /// Which.
        name: String,
        /// As it was loaded; none when it was never taken.
        expected: Option<Lease>,
        /// As it is to be.
        lease: Lease,
    },
    /// Where the holder of a lease is reached by the other replicas.
    LeaseAddress(LeaseAddress),
    /// A setting.
    Setting {
        /// Its key.
        key: String,
        /// Its new value; none removes it.
        value: Option<String>,
        /// The value it must have before, when that matters.
        expected: Option<Option<String>>,
    },
}

/// What is in the way of a commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Clash {
    /// This moved on since it was read: load again and step again.
    #[error("{0} has changed meanwhile")]
    Moved(String),
    /// Somebody else has this name.
    #[error("somebody else is called `{0}`")]
    NameTaken(String),
    /// The installation has no admin but this one.
    #[error("{0} is the last admin")]
    LastAdmin(PersonId),
}

/// Why effects were not committed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// Something is in the way of it; nothing was written.
    #[error(transparent)]
    Conflict(#[from] Clash),
    /// The records failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl CommitError {
    pub(super) fn conflict(what: impl std::fmt::Display) -> Self {
        Clash::Moved(what.to_string()).into()
    }
}

impl From<DbErr> for CommitError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Checks and writes effects within a transaction, which the caller undoes on an error.
pub(super) async fn apply(tx: &DatabaseTransaction, effects: &Effects) -> Result<(), CommitError> {
    for read in &effects.reads {
        check(tx, effects.scope, read).await?;
    }
    for write in &effects.writes {
        // Boxed, since the future of the longest write would otherwise be every caller's.
        Box::pin(make(tx, effects.scope, write)).await?;
    }
    Ok(())
}

async fn check(tx: &DatabaseTransaction, scope: Scope, read: &Read) -> Result<(), CommitError> {
    match read {
        Read::Definitions { number } => definitions::check(tx, scope, *number).await,
        Read::Alert { id, version } => alerts::check(tx, scope, *id, *version).await,
        Read::Lease { name, epoch } => leases::check(tx, scope, name, *epoch).await,
        Read::Person { id, version } => access::check_person(tx, scope, *id, *version).await,
        Read::Nobody => access::check_nobody(tx, scope).await,
        Read::OtherAdmin { than } => access::check_other_admin(tx, scope, *than).await,
    }
}

async fn make(tx: &DatabaseTransaction, scope: Scope, write: &Write) -> Result<(), CommitError> {
    match write {
        Write::Definitions { expected, revision, documents, deleted } => {
            let changes = definitions::Changes { documents, deleted };
            definitions::write(tx, scope, *expected, revision, changes).await
        }
        Write::Alert { expected, alert } => alerts::write(tx, scope, *expected, alert).await,
        Write::Entry(entry) => timeline::append(tx, scope, entry).await,
        Write::Owe(notification) => notifications::owe(tx, scope, notification).await,
        Write::Attempted { claimed_epoch, notification, number, at, attempt, next } => {
            let made = notifications::Made {
                claimed_epoch: *claimed_epoch,
                notification: *notification,
                number: *number,
                at: *at,
                attempt,
                next,
            };
            notifications::attempted(tx, scope, made).await
        }
        Write::Supersede { claimed_epoch, notification, reason } => {
            notifications::supersede(tx, scope, *claimed_epoch, *notification, reason).await
        }
        Write::Deployment(deployment) => deployments::write(tx, scope, deployment).await,
        Write::Decision(decision) => decisions::write(tx, scope, decision).await,
        Write::Token(token) => access::write_token(tx, scope, token).await,
        Write::RevokeToken { id, at } => access::revoke_token(tx, scope, *id, *at).await,
        Write::Person { expected, person, at, salt } => {
            access::write_person(tx, scope, *expected, person).await?;
            sealing::name(tx, scope, person.id, *at, (salt, &person.name)).await
        }
        Write::ErasePerson { id } => sealing::erase(tx, scope, *id).await,
        Write::Seal(sealing) => sealing::write(tx, scope, sealing).await,
        Write::TokensUsed(uses) => access::note_uses(tx, scope, uses).await,
        Write::Join(membership) => access::join(tx, scope, membership).await,
        Write::Leave { team, person } => access::leave(tx, scope, (team, *person)).await,
        Write::Webhook { expected, webhook } => {
            access::write_webhook(tx, scope, *expected, webhook).await
        }
        Write::TakeMessage { expected, message } => {
            access::take_message(tx, scope, *expected, message).await
        }
        Write::SettleMessage(message) => access::settle_message(tx, scope, message).await,
        Write::ForgetMessages { before } => access::forget_messages(tx, scope, *before).await,
        Write::PasswordLink(link) => access::write_link(tx, scope, link).await,
        Write::UsePasswordLink(link) => access::use_link(tx, scope, link).await,
        Write::EndSessionsOf { person, but } => access::end_all_of(tx, scope, *person, *but).await,
        Write::Session(session) => access::write_session(tx, scope, session).await,
        Write::EndExpiredSessions { at } => access::end_expired_sessions(tx, scope, *at).await,
        Write::EndSession { id } => access::end_session(tx, scope, *id).await,
        Write::Lease { name, expected, lease } => {
            leases::write(tx, scope, name, expected.as_ref(), lease).await
        }
        Write::LeaseAddress(address) => leases::write_address(tx, scope, address).await,
        Write::Setting { key, value, expected } => {
            settings::write(tx, scope, key, value.as_deref(), expected.as_ref()).await
        }
    }
}
