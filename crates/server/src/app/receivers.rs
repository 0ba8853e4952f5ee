//! Receivers: who is told over which channels, how that went, and whether it works.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_api::v1::notification::{
    ChannelTest, DeliveryCounts, LastDelivery, ReceiverChannel, ReceiverTest,
};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::NotificationId;
use plimsoll_domain::notify::{Attempt, Channel, ChannelName, Endpoint, Receiver, Repeat, Webhook};
use plimsoll_store::{Balance, Entry, NotificationFilter, PageRequest, Write};
use reqwest::Url;

use super::notifications::{inbox_url, outcome};
use super::{Caller, Changed, Failure, Shared, State, name};
use crate::notify::{mail, webhook};

/// How long one receiver is left in peace after a test.
const TEST_REST: SignedDuration = SignedDuration::from_secs(30);

/// How many tests all receivers together are put to in a minute.
const TESTS_A_MINUTE: usize = 6;

/// The tests of the last minute, by this process: a test tells people, and must be no weapon.
#[derive(Default)]
pub(crate) struct Tests(Mutex<VecDeque<(Name, Timestamp)>>);

impl Tests {
    /// Notes a test, or says when to come again.
    fn admit(&self, receiver: &Name, now: Timestamp) -> Result<(), Failure> {
        let mut made = self.0.lock().expect("no holder of the tests panics");
        made.retain(|(_, at)| now.duration_since(*at) < SignedDuration::from_mins(1));
        let rests = made.iter().filter(|(name, _)| name == receiver).map(|(_, at)| *at + TEST_REST);
        let full = made.front().filter(|_| made.len() >= TESTS_A_MINUTE);
        let crowded = full.map(|(_, at)| *at + SignedDuration::from_mins(1));
        let until = rests.chain(crowded).filter(|until| *until > now).max();
        if let Some(until) = until {
            let seconds = until.duration_since(now).as_secs() + 1;
            let retry_after_seconds = u32::try_from(seconds).unwrap_or(60);
            return Err(Failure::Throttled { retry_after_seconds });
        }
        made.push_back((receiver.clone(), now));
        Ok(())
    }
}

/// The team that a receiver is of; one that hears what has no other receiver is everybody's.
pub(crate) fn owner(state: &State, receiver: &str) -> Option<Name> {
    let definitions = state.definitions();
    definitions.receivers.get(receiver).filter(|receiver| !receiver.default)?.team.clone()
}

/// All receivers, by name.
pub(crate) async fn list(state: &State) -> Result<v1::Page<v1::notification::Receiver>, Failure> {
    let definitions = state.definitions();
    let mut counts: BTreeMap<(Name, ChannelName), Balance> = BTreeMap::new();
    for found in state.records.channel_balances(state.scope).await? {
        counts.insert((found.receiver, found.channel), found.balance);
    }
    let mut items = Vec::new();
    for receiver in definitions.receivers.values() {
        let mut channels = Vec::new();
        for name in names(receiver, &counts) {
            let balance = counts.get(&(receiver.name.clone(), name.clone()));
            let balance = balance.copied().unwrap_or_default();
            channels.push(channel(state, receiver, name, balance).await?);
        }
        items.push(v1::notification::Receiver {
            name: receiver.name.to_string(),
            team: receiver.team.as_ref().map(ToString::to_string),
            default: receiver.default,
            repeat_minutes: match receiver.repeat {
                Repeat::Every(period) => Some(period.0),
                Repeat::Off => None,
            },
            channels,
        });
    }
    Ok(v1::Page { items, next_cursor: None })
}

/// The channels that are defined, and those over which something is still owed.
fn names(receiver: &Receiver, counts: &BTreeMap<(Name, ChannelName), Balance>) -> Vec<ChannelName> {
    let owed = counts.iter().filter(|((name, channel), balance)| {
        *name == receiver.name && balance.pending > 0 && !receiver.channels.contains_key(channel)
    });
    let owed = owed.map(|((_, channel), _)| channel.clone());
    receiver.channels.keys().cloned().chain(owed).collect()
}

async fn channel(
    state: &State,
    receiver: &Receiver,
    name: ChannelName,
    balance: Balance,
) -> Result<ReceiverChannel, Failure> {
    let defined = receiver.channels.get(&name);
    let fault = match defined {
        None => Some("it is no longer defined".to_owned()),
        Some(Channel::Email(_)) if state.mailer.is_none() => Some(mail::UNCONFIGURED.to_owned()),
        Some(Channel::Email(_) | Channel::Webhook(_)) => None,
    };
    let inbox_url = inbox_url(state).filter(|_| name == ChannelName::Email);
    Ok(ReceiverChannel {
        target: defined.map(target).unwrap_or_default(),
        fault,
        counts: counts(balance),
        last: last(state, &receiver.name, &name).await?,
        inbox_url: inbox_url.map(str::to_owned),
        name: name.to_string(),
    })
}

/// Where a channel leads. The path of a webhook is as good as a password with some providers.
fn target(channel: &Channel) -> String {
    match channel {
        Channel::Webhook(Webhook { endpoint: Endpoint::Url(url), .. }) => {
            let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
            origin.unwrap_or_default()
        }
        Channel::Webhook(Webhook { endpoint: Endpoint::Kept(place), .. }) => {
            format!("the URL in {place}")
        }
        Channel::Email(email) => {
            email.to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    }
}

fn counts(balance: Balance) -> DeliveryCounts {
    let Balance { owed, accepted, superseded, undeliverable, pending } = balance;
    DeliveryCounts { owed, accepted, superseded, undeliverable, pending }
}

/// The newest message that was tried, among the last few.
async fn last(
    state: &State,
    receiver: &Name,
    channel: &ChannelName,
) -> Result<Option<LastDelivery>, Failure> {
    let filter = NotificationFilter {
        receiver: Some(receiver.clone()),
        channel: Some(channel.clone()),
        ..NotificationFilter::default()
    };
    let page = PageRequest { limit: 20, cursor: None };
    let found = state.records.notifications(state.scope, &filter, &page).await?;
    let tried = found.items.into_iter().filter_map(|mut record| {
        let last = record.attempts.pop()?;
        Some((last.at, record.notification.id, last.attempt))
    });
    Ok(tried.max_by_key(|(at, ..)| *at).map(|(at, id, attempt)| {
        let (outcome, message) = outcome(attempt);
        LastDelivery { notification: id.to_string(), at, outcome: outcome.to_owned(), message }
    }))
}

/// Sends a test message over every channel of a receiver, now, and says what became of each.
pub(crate) async fn test(
    shared: &Shared,
    caller: &Caller,
    receiver: &str,
) -> Result<ReceiverTest, Failure> {
    let definitions = shared.definitions();
    let found = definitions.receivers.get(&name("receiver", receiver)?);
    let found = found.ok_or_else(|| Failure::not_found("receiver", receiver))?;
    shared.work.tests.admit(&found.name, shared.world.now())?;
    let mut tests = tokio::task::JoinSet::new();
    for (place, (name, channel)) in found.channels.clone().into_iter().enumerate() {
        let (shared, receiver) = (shared.clone(), found.name.clone());
        tests.spawn(async move {
            let begun = shared.world.monotonic();
            let attempt = try_one(&shared, &receiver, &channel).await;
            let took = shared.world.monotonic().saturating_sub(begun);
            (place, name, attempt, took)
        });
    }
    let mut tried = tests.join_all().await;
    tried.sort_by_key(|(place, ..)| *place);
    let channels = tried.into_iter().map(|(_, channel, attempt, took)| {
        let (outcome, message) = outcome(attempt);
        ChannelTest {
            channel: channel.to_string(),
            outcome: outcome.to_owned(),
            message,
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }
    });
    let channels: Vec<_> = channels.collect();
    let passed = channels.iter().all(|channel| channel.outcome == "accepted");
    note(shared, caller, &found.name, &channels).await?;
    Ok(ReceiverTest { receiver: found.name.to_string(), passed, channels })
}

async fn try_one(state: &State, receiver: &Name, channel: &Channel) -> Attempt {
    let now = state.world.now();
    let id: NotificationId = state.world.fresh(now);
    let (secrets, base_url) = (&state.work.deliveries.secrets, state.base_url());
    match channel {
        Channel::Webhook(webhook) => {
            let message = webhook::render_test(receiver, now, &base_url);
            webhook::send(&state.webhook_client, secrets, webhook, id, &message, now).await
        }
        Channel::Email(email) => {
            let cover = mail::message::Cover {
                id: id.to_string(),
                thread: None,
                receiver,
                to: &email.to,
                sent_at: now,
                marks: vec![("X-Plimsoll-Event", "receiver.test".to_owned())],
            };
            let letter = mail::letter::of_test(receiver, &base_url);
            mail::post(state.mailer.as_ref(), secrets, &cover, &letter).await
        }
    }
}

/// Who tested it, and how that went, stands in the history.
async fn note(
    state: &State,
    caller: &Caller,
    receiver: &Name,
    channels: &[ChannelTest],
) -> Result<(), Failure> {
    let at = state.world.now();
    let line = |it: &ChannelTest| format!("{}: {} ({})", it.channel, it.outcome, it.message);
    let outcomes: Vec<_> = channels.iter().map(line).collect();
    let entry = Entry {
        id: state.world.fresh(at),
        subject: format!("receiver {receiver}"),
        at,
        event: "receiver_tested".to_owned(),
        message: format!("{receiver} was tested: {}", outcomes.join("; ")),
        actor: Some(caller.principal.clone()),
    };
    let changed = [Changed::new("receiver", receiver)];
    Ok(state.commit(vec![Write::Entry(entry)], changed).await?)
}
