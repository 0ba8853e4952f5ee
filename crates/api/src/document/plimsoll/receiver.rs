//! Receiver: who is told about alerts, over which channels, and how often.

use std::collections::BTreeMap;

use plimsoll_domain::notify::{
    Address, Channel, ChannelName, Email, Endpoint, RECIPIENTS_MAX, Receiver, Repeat, SecretRef,
    Webhook,
};
use plimsoll_domain::time::Minutes;

use super::super::Referent;
use super::super::fields::{Fields, Reader};
use super::super::parse::Metadata;
use super::super::position::Fault;
use super::super::schema::{Field, Shape, Type};
use super::super::yaml::{Node, Value};

/// How many webhooks a receiver may have beside each other.
const WEBHOOKS_MAX: usize = 10;

/// The `spec` of a Receiver.
pub(in super::super) const SPEC: Shape = Shape::of(&[
    Field::may("team", Type::NameOf(Referent::Team), "The team whose services it hears about"),
    Field::or(
        "default",
        "false",
        Type::Boolean,
        "Whether it hears about services whose owner has no receiver",
    ),
    Field::need_if(
        "webhook",
        "without `webhooks` and `email`",
        Type::Object(&WEBHOOK),
        "An HTTP endpoint that gets signed messages (Standard Webhooks)",
    ),
    Field::may("webhooks", Type::List(&Type::Object(&NAMED_WEBHOOK)), "Up to ten more of them"),
    Field::may("email", Type::Object(&EMAIL), "Mailboxes that get one message together"),
    Field::or(
        "repeatInterval",
        "4h",
        Type::Length(&["off"]),
        "Time between two messages about an alert that goes on: 5m to 7d",
    ),
]);

const WEBHOOK: Shape = Shape::of(&[
    URL,
    URL_FROM,
    Field::may("secret", Type::Object(&SECRET), "Where the signing secret is kept"),
]);

const NAMED_WEBHOOK: Shape = Shape::of(&[
    Field::need("name", Type::Name, "By which its attempts are told apart"),
    URL,
    URL_FROM,
    Field::may("secret", Type::Object(&SECRET), "Where the signing secret is kept"),
]);

const URL: Field = Field::need_if(
    "url",
    "without `urlFrom`",
    Type::Text,
    "Where to post: http:// or https://, without a user",
);

const URL_FROM: Field = Field::need_if(
    "urlFrom",
    "without `url`",
    Type::Object(&SECRET),
    "Where a URL is kept that is as good as a password",
);

const SECRET: Shape = Shape::of(&[
    Field::need_if("env", "without `file`", Type::Text, "In this variable of the server"),
    Field::need_if("file", "without `env`", Type::Text, "In this file, read at each attempt"),
]);

const EMAIL: Shape =
    Shape::of(&[Field::need("to", Type::List(&Type::Text), "1 to 20 plain addresses")]);

/// Reads the `spec` of a Receiver.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Receiver> {
    let mut fields = reader.fields(spec, &SPEC)?;
    let at = fields.at;
    let team = fields.get("team").and_then(|node| reader.name(node));
    if let Some(team) = &team {
        reader.refer(Referent::Team, team);
    }
    let default = fields.get("default").and_then(|node| reader.boolean(node)).unwrap_or(false);
    let channels = channels(reader, &mut fields);
    let repeat = fields.get("repeatInterval").map(|node| repeat(reader, node));
    fields.close(reader);
    if team.is_none() && !default {
        let fault = Fault::warning("receiver.unused", "nobody is told through this receiver");
        reader.report(at, fault.hint("name a `team`, or write `default: true`"));
    }
    let name = metadata.name.as_ref()?.value.clone();
    let repeat = repeat.unwrap_or(Some(Repeat::DEFAULT))?;
    Some(Receiver { name, team: team.map(|team| team.value), default, channels: channels?, repeat })
}

/// Every channel, or none when one of them cannot be read.
fn channels(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
) -> Option<BTreeMap<ChannelName, Channel>> {
    let single = fields.get("webhook").map(|node| webhook(reader, node));
    let several = fields.get("webhooks").map(|node| webhooks(reader, node));
    let email = fields.get("email").map(|node| email(reader, node));
    if single.is_none() && several.is_none() && email.is_none() {
        let fault = Fault::error("receiver.channels", "the receiver has no channel");
        let hint = "name at least one: `webhook: {url: …}`, `webhooks: [{name: …, url: …}]` or \
                    `email: {to: [address]}`";
        reader.report(fields.at, fault.hint(hint));
        return None;
    }
    let single = single.map(|it| it.map(|it| (ChannelName::Webhook, Channel::Webhook(it))));
    let email = email.map(|it| it.map(|it| (ChannelName::Email, Channel::Email(it))));
    let several = several.unwrap_or(Some(Vec::new()));
    let one_each = single.into_iter().chain(email).collect::<Option<Vec<_>>>();
    Some(one_each?.into_iter().chain(several?).collect())
}

fn webhook(reader: &mut Reader<'_>, node: &Node) -> Option<Webhook> {
    let mut fields = reader.fields(node, &WEBHOOK)?;
    let read = endpoint(reader, &mut fields);
    fields.close(reader);
    read
}

/// Several webhooks, each with a name of its own.
fn webhooks(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<(ChannelName, Channel)>> {
    let items = reader.list(node)?;
    if items.is_empty() || items.len() > WEBHOOKS_MAX {
        let message = format!("{} webhooks, and a receiver has 1 to {WEBHOOKS_MAX}", items.len());
        let fault = Fault::error("receiver.webhooks", message);
        reader.report(node.at, fault.hint("tell more places through a receiver of their own"));
        return None;
    }
    let mut found: Vec<Option<(ChannelName, Channel)>> = Vec::new();
    for item in items {
        let Some(mut fields) = reader.fields(item, &NAMED_WEBHOOK) else {
            found.push(None);
            continue;
        };
        let name = fields.need(reader, "name").and_then(|node| reader.name(node));
        let read = endpoint(reader, &mut fields);
        fields.close(reader);
        let named = name.as_ref().map(|name| ChannelName::NamedWebhook(name.value.clone()));
        let is_taken = |named: &ChannelName| found.iter().flatten().any(|(n, _)| n == named);
        if let (Some(name), Some(named)) = (&name, &named)
            && is_taken(named)
        {
            let message = format!("two webhooks are called `{}`", name.value);
            let fault = Fault::error("receiver.webhooks", message);
            reader.report(name.at, fault.hint("attempts are told apart by this name"));
        }
        found.push(named.zip(read.map(Channel::Webhook)));
    }
    found.into_iter().collect()
}

fn endpoint(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Webhook> {
    let written = fields.get("url").map(|node| written(reader, node));
    let kept = fields.get("urlFrom").map(|node| secret(reader, node).map(Endpoint::Kept));
    let secret = fields.get("secret").map(|node| secret(reader, node));
    let endpoint = match (written, kept) {
        (Some(endpoint), None) | (None, Some(endpoint)) => endpoint?,
        (Some(_), Some(_)) | (None, None) => {
            let fault = Fault::error("receiver.url", "a webhook has one place to post to");
            let hint = "write `url: https://…`, or `urlFrom: {env: NAME}` for one that is as good \
                        as a password";
            reader.report(fields.at, fault.hint(hint));
            return None;
        }
    };
    let secret = match secret {
        Some(secret) => Some(secret?),
        None => None,
    };
    Some(Webhook { endpoint, secret })
}

/// A URL that everybody may read.
fn written(reader: &mut Reader<'_>, node: &Node) -> Option<Endpoint> {
    let url = reader.text(node)?;
    if let Some(fault) = super::url_fault(&url.value) {
        reader.report(url.at, fault);
    }
    Some(Endpoint::Url(url.value))
}

fn email(reader: &mut Reader<'_>, node: &Node) -> Option<Email> {
    let mut fields = reader.fields(node, &EMAIL)?;
    let to = fields.need(reader, "to");
    fields.close(reader);
    let to = to?;
    let items = reader.list(to)?;
    if items.is_empty() || items.len() > RECIPIENTS_MAX {
        let message =
            format!("{} recipients, and a receiver has 1 to {RECIPIENTS_MAX}", items.len());
        let fault = Fault::error("receiver.recipients", message);
        reader.report(to.at, fault.hint("address a mailing list to reach more people"));
    }
    let mut addresses: Vec<Address> = Vec::new();
    for item in items {
        let Some(text) = reader.text(item) else { continue };
        match Address::parse(&text.value) {
            Ok(address) if addresses.contains(&address) => {
                let message = format!("`{address}` is there twice");
                reader.report(text.at, Fault::warning("receiver.address", message));
            }
            Ok(address) => addresses.push(address),
            Err(error) => {
                let fault = Fault::error("receiver.address", error.to_string());
                let hint = "a plain address such as on-call@example.com: no name beside it, ASCII \
                            alone (an international host as xn--…)";
                reader.report(text.at, fault.hint(hint));
            }
        }
    }
    Some(Email { to: addresses })
}

/// `off`, or a length.
fn repeat(reader: &mut Reader<'_>, node: &Node) -> Option<Repeat> {
    if matches!(&node.value, Value::Text(text) if text == "off") {
        return Some(Repeat::Off);
    }
    if node.value == Value::Bool(false) {
        let fault = Fault::error("field.value", "`false` is no interval");
        reader.report(node.at, fault.hint("write `repeatInterval: off`"));
        return None;
    }
    let length = reader.minutes(node)?;
    if (Repeat::SHORTEST..=Repeat::LONGEST).contains(&length.value) {
        return Some(Repeat::Every(length.value));
    }
    let Minutes(shortest) = Repeat::SHORTEST;
    let days = Repeat::LONGEST.0 / Minutes::DAY.0;
    let message = format!("{} is not from {shortest}m to {days}d", length.value);
    let hint = "it is the time between two messages about an alert that goes on; `off` for one \
                message each";
    reader.report(length.at, Fault::error("receiver.repeat", message).hint(hint));
    None
}

fn secret(reader: &mut Reader<'_>, node: &Node) -> Option<SecretRef> {
    const HINT: &str = "name where it is kept: {env: NAME} or {file: PATH}";
    if let Value::Text(_) = node.value {
        // The text is not repeated: it may be a secret.
        let fault = Fault::error("receiver.secret", "a definition never holds a secret itself");
        reader.report(node.at, fault.hint(HINT));
        return None;
    }
    let mut fields = reader.fields(node, &SECRET)?;
    let env = fields.get("env").map(|node| reader.text(node));
    let file = fields.get("file").map(|node| reader.text(node));
    let at = fields.at;
    fields.close(reader);
    match (env, file) {
        (Some(env), None) => env.map(|env| SecretRef::Env(env.value)),
        (None, Some(file)) => file.map(|file| SecretRef::File(file.value)),
        (Some(_), Some(_)) | (None, None) => {
            let fault = Fault::error("receiver.secret", "a secret is kept in one place");
            reader.report(at, fault.hint(HINT));
            None
        }
    }
}
