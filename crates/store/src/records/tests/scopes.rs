//! Two organisations on one database: every load and every write of the one leaves the other as it
//! is. What is public and not covered here fails the last test.

use std::slice::from_ref;

use plimsoll_domain::access::{Principal, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::lease::Lease;
use plimsoll_domain::notify::{Attempt, Next};
use plimsoll_domain::seal::{Kind, Tree};

use super::access::{person, token};
use super::bed::{Bed, FIRST_PAGE, at, closed};
use super::definitions::{apply, document};
use super::webhooks::{message, next, webhook};
use crate::records::{
    AlertFilter, CommitError, DecisionFilter, DeploymentFilter, Effects, Entry, EntryFilter,
    LeaseAddress, Membership, Message, PasswordLink, Read, Records, Scope, Sealing, Session,
    Signature, Webhook, Write,
};

/// One of everything, under ids that both organisations use.
struct Things {
    alert: plimsoll_domain::alert::Alert,
    notification: plimsoll_domain::notify::Notification,
    deployment: plimsoll_domain::release::Deployment,
    decision: plimsoll_domain::release::gate::Decision,
    token: crate::records::Token,
    person: crate::records::Person,
    session: Session,
    membership: Membership,
    link: PasswordLink,
    entry: Entry,
    definitions: Write,
    lease: Lease,
    webhook: Webhook,
    message: Message,
}

impl Things {
    fn of(bed: &Bed) -> Self {
        let person = person(bed, "ada");
        let webhook = webhook(bed);
        Self {
            alert: bed.alert("latency", at(0)),
            notification: bed.notification(at(0)),
            deployment: bed.deployment("checkout", at(0)),
            decision: bed.decision("checkout", at(0)),
            token: token(bed, Role::Viewer, 0),
            session: Session {
                id: bed.id(),
                person: person.id,
                secret_hash: vec![1],
                created_at: at(0),
                expires_at: at(10),
            },
            membership: Membership {
                team: Name::parse("shop").unwrap(),
                person: person.id,
                role: Role::Editor,
                since: at(0),
            },
            link: PasswordLink {
                person: person.id,
                secret_hash: vec![2],
                created_at: at(0),
                expires_at: at(10),
            },
            person,
            entry: Entry {
                actor: Some(Principal::System { part: Name::parse("seal").unwrap() }),
                ..bed.entry("subject", at(0))
            },
            definitions: apply(bed, 0, vec![document("SLO", "a", "one")]),
            lease: Lease { holder: Some("a".to_owned()), epoch: 1, renewals: 0 },
            message: message(&webhook, "m", 0),
            webhook,
        }
    }

    /// Writes that must work in a scope that has none of them yet.
    fn writes(&self) -> Vec<Write> {
        vec![
            self.definitions.clone(),
            Write::Alert { expected: None, alert: self.alert.clone() },
            Write::Entry(self.entry.clone()),
            Write::Owe(self.notification.clone()),
            Write::Deployment(self.deployment.clone()),
            Write::Decision(Box::new(self.decision.clone())),
            Write::Token(self.token.clone()),
            named(&self.person, None),
            Write::Session(self.session.clone()),
            Write::Join(self.membership.clone()),
            Write::PasswordLink(self.link.clone()),
            Write::TokensUsed(vec![(self.token.id, at(1))]),
            Write::Webhook { expected: None, webhook: self.webhook.clone() },
            Write::TakeMessage { expected: None, message: self.message.clone() },
            setting(Some("kept"), None),
            Write::Lease { name: "tallies".to_owned(), expected: None, lease: self.lease.clone() },
            Write::LeaseAddress(address()),
        ]
    }

    /// Writes that change or remove what is there.
    fn changes(&self) -> Vec<Write> {
        let given_back = Lease { holder: None, ..self.lease.clone() };
        vec![
            Write::Alert { expected: Some(1), alert: closed(self.alert.clone()) },
            Write::RevokeToken { id: self.token.id, at: at(9) },
            named(&self.person, Some(1)),
            Write::UsePasswordLink(self.link.clone()),
            Write::Leave { team: self.membership.team.clone(), person: self.person.id },
            Write::EndSessionsOf { person: self.person.id, but: None },
            Write::TokensUsed(vec![(self.token.id, at(7))]),
            Write::ErasePerson { id: self.person.id },
            Write::EndSession { id: self.session.id },
            Write::Supersede {
                claimed_epoch: 1,
                notification: self.notification.id,
                reason: "over".to_owned(),
            },
            Write::EndExpiredSessions { at: at(99) },
            Write::Webhook { expected: Some(1), webhook: next(&self.webhook) },
            Write::TakeMessage {
                expected: Some(at(0)),
                message: Message { taken_at: at(7), ..self.message.clone() },
            },
            Write::SettleMessage(Message { taken_at: at(7), ..self.message.clone() }),
            Write::ForgetMessages { before: at(99) },
            setting(None, Some(Some("kept".to_owned()))),
            Write::Lease {
                name: "tallies".to_owned(),
                expected: Some(self.lease.clone()),
                lease: given_back,
            },
        ]
    }
}

fn named(person: &crate::records::Person, expected: Option<u64>) -> Write {
    Write::Person { expected, person: person.clone(), at: at(5), salt: [7; 32] }
}

pub(super) fn address() -> LeaseAddress {
    LeaseAddress {
        name: "tallies".to_owned(),
        holder: "a".to_owned(),
        url: "http://10.0.0.1:8010".to_owned(),
    }
}

fn setting(value: Option<&str>, expected: Option<Option<String>>) -> Write {
    Write::Setting { key: "key".to_owned(), value: value.map(str::to_owned), expected }
}

/// Everything that a scope shows, as one text.
async fn all_of(records: &Records, scope: Scope, things: &Things) -> String {
    let page = &FIRST_PAGE;
    let definitions = records.definitions(scope).await.unwrap();
    let number = records.definitions_number(scope).await.unwrap();
    let history = records.document_history(scope, "SLO", "a").await.unwrap();
    let revisions = records.revisions(scope, page).await.unwrap();
    let latest = records.latest_alerts(scope).await.unwrap();
    let of_service = records.latest_alerts_of(scope, &things.alert.service).await.unwrap();
    let slos = records.latest_alerts_of_slos(scope, from_ref(&things.alert.slo)).await.unwrap();
    let alert = records.alert(scope, things.alert.id).await.unwrap();
    let alerts = records.alerts(scope, &AlertFilter::default(), page).await.unwrap();
    let timeline = records.timeline(scope, "subject").await.unwrap();
    let notifications = records.notifications(scope, &Default::default(), page).await.unwrap();
    let next = records.next_notification_at(scope, at(0)).await.unwrap();
    let balance = records.notification_balance(scope).await.unwrap();
    let balances = records.channel_balances(scope).await.unwrap();
    let deployment = records.deployment(scope, things.deployment.id).await.unwrap();
    let deployments = records.deployments(scope, &DeploymentFilter::default(), page).await.unwrap();
    let decision = records.decision(scope, things.decision.id).await.unwrap();
    let decisions = records.decisions(scope, &DecisionFilter::default(), page).await.unwrap();
    let token = records.token(scope, things.token.id).await.unwrap();
    let tokens = records.tokens(scope).await.unwrap();
    let person = records.person(scope, things.person.id).await.unwrap();
    let named = records.person_named(scope, "ada").await.unwrap();
    let people = records.people_count(scope).await.unwrap();
    let everybody = records.people(scope).await.unwrap();
    let names = records.names(scope).await.unwrap();
    let session = records.session(scope, things.session.id).await.unwrap();
    let sessions = records.sessions_of(scope, things.person.id).await.unwrap();
    let members = records.memberships(scope).await.unwrap();
    let memberships = records.memberships_of(scope, things.person.id).await.unwrap();
    let link = records.password_link(scope, things.person.id).await.unwrap();
    let uses = records.token_uses(scope).await.unwrap();
    let webhook = records.webhook(scope, things.webhook.id).await.unwrap();
    let webhooks = records.webhooks(scope).await.unwrap();
    let message = records.webhook_message(scope, (things.webhook.id, "m")).await.unwrap();
    let audit = records.audit_log(scope, &EntryFilter::default(), page).await.unwrap();
    let setting = records.setting(scope, "key").await.unwrap();
    let lease = records.lease(scope, "tallies").await.unwrap();
    let lease_url = records.lease_url(scope, "tallies").await.unwrap();
    let written = records.last_written_at(scope).await.unwrap();
    [
        format!(
            "{definitions:?} {number} {history:?} {revisions:?} {latest:?} {of_service:?} \
             {slos:?} {alert:?} {alerts:?}"
        ),
        format!("{timeline:?} {notifications:?} {next:?} {balance:?} {balances:?} {deployment:?}"),
        format!("{deployments:?} {decision:?} {decisions:?} {token:?} {tokens:?} {person:?}"),
        format!("{named:?} {people:?} {session:?} {setting:?} {lease:?} {everybody:?} {names:?}"),
        format!("{sessions:?} {members:?} {memberships:?} {link:?} {uses:?} {audit:?}"),
        format!("{webhook:?} {webhooks:?} {message:?}"),
        format!("{lease_url:?} {written:?}"),
        seals_of(records, scope, things).await,
    ]
    .join("\n")
}

/// The same of what is sealed, and waits to be.
async fn seals_of(records: &Records, scope: Scope, things: &Things) -> String {
    let waiting = records.unsealed(scope).await.unwrap().len();
    let queue = records.unsealed_count(scope).await.unwrap();
    let head = records.seal_head(scope).await.unwrap().map(|head| head.number);
    let leaves = records.leaves(scope, 9).await.unwrap().len();
    let key = things.decision.id.to_string();
    let seal = records.seal_number(scope, Kind::Decision, &key).await.unwrap();
    let known = records.knows_head(scope, 0, Tree::default().root()).await.unwrap();
    format!("{waiting} {queue} {head:?} {leaves} {seal:?} {known}")
}

/// Nothing that was read in another organisation holds in this one.
async fn nothing_holds(records: &Records, scope: Scope, things: &Things) {
    for read in [
        Read::Definitions { number: 1 },
        Read::Alert { id: things.alert.id, version: 1 },
        Read::Lease { name: "tallies".to_owned(), epoch: 1 },
        Read::Person { id: things.person.id, version: 1 },
    ] {
        let tried = records.commit(Effects::new(scope).read(read)).await;
        assert!(matches!(tried, Err(CommitError::Conflict { .. })), "{tried:?}");
    }
}

#[tokio::test]
async fn no_organisation_sees_or_touches_what_is_anothers() {
    for bed in Bed::each("no_organisation_sees").await {
        let things = Things::of(&bed);
        let (mine, theirs) = (bed.scope, Scope(bed.id()));
        let records = &bed.records;
        let look = async |scope| all_of(records, scope, &things).await;
        let nothing = look(theirs).await;
        bed.commit(things.writes()).await.unwrap();
        let full = look(mine).await;
        assert_ne!(full, nothing);
        assert_eq!(look(theirs).await, nothing, "nothing of mine is seen");
        // Nothing of mine is there to be sealed, changed, claimed, or read, by them.
        let sealing = Sealing {
            batch: records.unsealed(mine).await.unwrap(),
            sealed_at: at(3),
            signature: Signature { public_key: vec![1], signature: vec![2] },
        };
        let stolen = Effects::new(theirs).write(Write::Seal(sealing));
        let stolen = records.commit(stolen).await;
        assert!(matches!(stolen, Err(CommitError::Conflict { .. })), "{stolen:?}");
        for write in things.changes() {
            let ends_nothing = matches!(
                write,
                Write::EndSession { .. }
                    | Write::EndSessionsOf { .. }
                    | Write::EndExpiredSessions { .. }
                    | Write::TokensUsed(_)
                    | Write::SettleMessage(_)
                    | Write::ForgetMessages { .. }
            );
            let tried = records.commit(Effects::new(theirs).write(write.clone())).await;
            let refused = matches!(tried, Err(CommitError::Conflict { .. }));
            assert!(refused || (ends_nothing && tried.is_ok()), "{write:?}: {tried:?}");
        }
        nothing_holds(records, theirs, &things).await;
        assert_eq!(records.claim_notifications(theirs, at(1), at(2), 9).await.unwrap(), []);
        assert_eq!(look(mine).await, full, "nothing of mine was touched");

        // The same ids and names are free for them, and stay apart from mine.
        records
            .commit(Effects { scope: theirs, writes: things.writes(), reads: vec![] })
            .await
            .unwrap();
        assert_eq!(look(theirs).await, full);
        let claimed = records.claim_notifications(theirs, at(1), at(2), 9).await.unwrap();
        let mut changes = things.changes();
        changes.retain(|change| !matches!(change, Write::Supersede { .. }));
        changes.push(Write::Attempted {
            claimed_epoch: claimed[0].epoch,
            notification: claimed[0].notification.id,
            number: 1,
            at: at(1),
            attempt: Attempt::Accepted { http_status: 204 },
            next: Next::Done,
        });
        records.commit(Effects { scope: theirs, writes: changes, reads: vec![] }).await.unwrap();
        assert_ne!(look(theirs).await, full);
        assert_eq!(look(mine).await, full, "nothing of mine was touched");
    }
}

/// The sources that add to what records can be asked.
const SOURCES: [&str; 15] = [
    include_str!("../access/people.rs"),
    include_str!("../access/sessions.rs"),
    include_str!("../access/teams.rs"),
    include_str!("../access/tokens.rs"),
    include_str!("../access/webhooks.rs"),
    include_str!("../alerts.rs"),
    include_str!("../decisions.rs"),
    include_str!("../definitions.rs"),
    include_str!("../deployments.rs"),
    include_str!("../leases.rs"),
    include_str!("../notifications.rs"),
    include_str!("../notifications/listing.rs"),
    include_str!("../sealing/mod.rs"),
    include_str!("../settings.rs"),
    include_str!("../timeline.rs"),
];

#[test]
fn every_method_takes_a_scope_and_every_write_is_tried_above() {
    let here = include_str!("scopes.rs");
    let mut methods = 0;
    for method in SOURCES.iter().flat_map(|source| source.split("pub async fn ").skip(1)) {
        let (name, signature) = method.split_once('(').unwrap();
        let signature = signature.split_once('{').unwrap().0;
        if name == "organisation" {
            // It is what gives the scope.
            continue;
        }
        methods += 1;
        assert!(signature.contains("scope: Scope"), "{name} takes no scope");
        assert!(here.contains(&format!("records.{name}(")), "{name} is not tried");
    }
    assert!(methods >= 22, "{methods}");
    let effects = include_str!("../effects.rs");
    let writes = effects.split_once("pub enum Write {").unwrap().1.split_once("\n}").unwrap().0;
    let variants = writes.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?.split(['(', ' ', ',']).next()?;
        name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(name)
    });
    for variant in variants {
        let by_helper = variant == "Definitions";
        assert!(by_helper || here.contains(&format!("Write::{variant}")), "{variant} is not tried");
    }
}
