//! Receiver: who is told about alerts, and where.

use plimsoll_domain::notify::{Receiver, SecretRef, Webhook};

use super::super::Referent;
use super::super::fields::Reader;
use super::super::parse::Metadata;
use super::super::position::Fault;
use super::super::yaml::{Node, Value};

/// Reads the `spec` of a Receiver.
pub(in super::super) fn read(
    reader: &mut Reader<'_>,
    metadata: &Metadata<'_>,
    spec: &Node,
) -> Option<Receiver> {
    let mut fields = reader.fields(spec)?;
    let at = fields.at;
    let team = fields.get("team").and_then(|node| reader.name(node));
    if let Some(team) = &team {
        reader.refer(Referent::Team, team);
    }
    let default = fields.get("default").and_then(|node| reader.boolean(node)).unwrap_or(false);
    let webhook = fields.need(reader, "webhook").and_then(|node| webhook(reader, node));
    fields.close(reader);
    if team.is_none() && !default {
        let fault = Fault::warning("receiver.unused", "nobody is told through this receiver");
        reader.report(at, fault.hint("name a `team`, or write `default: true`"));
    }
    let name = metadata.name.as_ref()?.value.clone();
    Some(Receiver { name, team: team.map(|team| team.value), default, webhook: webhook? })
}

fn webhook(reader: &mut Reader<'_>, node: &Node) -> Option<Webhook> {
    let mut fields = reader.fields(node)?;
    let url = fields.need(reader, "url").and_then(|node| reader.text(node));
    let secret = fields.get("secret").map(|node| secret(reader, node));
    fields.close(reader);
    let url = url?;
    if let Some(fault) = super::url_fault(&url.value) {
        reader.report(url.at, fault);
    }
    let secret = match secret {
        Some(secret) => Some(secret?),
        None => None,
    };
    Some(Webhook { url: url.value, secret })
}

fn secret(reader: &mut Reader<'_>, node: &Node) -> Option<SecretRef> {
    const HINT: &str = "name where it is kept: {env: NAME} or {file: PATH}";
    if let Value::Text(_) = node.value {
        // The text is not repeated: it may be a secret.
        let fault = Fault::error("receiver.secret", "a definition never holds a secret itself");
        reader.report(node.at, fault.hint(HINT));
        return None;
    }
    let mut fields = reader.fields(node)?;
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
