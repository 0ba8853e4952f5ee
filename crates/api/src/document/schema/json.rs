//! The same as JSON Schema (draft 7, which editors read), for completion and first checks.

use serde_json::{Map, Value, json};

use super::{End, Field, Presence, Range, Schema, Shape, Type};
use crate::document::kind::Kind;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";
const NAME: &str = "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$";
const LENGTH: &str = "^[0-9]+(s|m|h|d|w)$";
const DURATION: &str = "^[0-9]+(m|h|d|w|M|Q|Y)$";

/// The schema of one kind.
pub fn json(schema: &Schema) -> Value {
    let mut root = body(schema);
    root.insert("$schema".to_owned(), DRAFT.into());
    Value::Object(root)
}

/// One schema for documents of any kind: each is judged by that of its own.
pub fn json_of_all() -> Value {
    let judged = |kind: Kind| {
        let schema = kind.schema();
        let own = Value::Object(body(&schema));
        let (word, api_version) = (kind.as_str(), kind.api_version());
        let is_it = json!({
            "required": ["apiVersion", "kind"],
            "properties": {"apiVersion": {"const": api_version}, "kind": {"const": word}},
        });
        json!({"if": is_it, "then": own})
    };
    let kinds = Kind::ALL.map(Kind::as_str);
    let mut versions = Kind::ALL.map(Kind::api_version).to_vec();
    versions.dedup();
    json!({
        "$schema": DRAFT,
        "title": "A definition of Plimsoll",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {"apiVersion": {"enum": versions}, "kind": {"enum": kinds}},
        "allOf": Kind::ALL.map(judged),
    })
}

fn body(schema: &Schema) -> Map<String, Value> {
    let Schema { kind, summary, document, .. } = schema;
    let mut root = object(document);
    root.insert("title".to_owned(), kind.as_str().into());
    root.insert("description".to_owned(), (*summary).into());
    if let Some(Value::Object(fields)) = root.get_mut("properties") {
        fields.insert("apiVersion".to_owned(), json!({"const": kind.api_version()}));
        fields.insert("kind".to_owned(), json!({"const": kind.as_str()}));
    }
    root
}

fn object(shape: &Shape) -> Map<String, Value> {
    let properties: Map<_, _> =
        shape.fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let needed = shape.fields.iter().filter(|field| field.presence == Presence::Needed);
    let needed: Vec<_> = needed.map(|field| field.name).collect();
    let mut object = Map::new();
    object.insert("type".to_owned(), "object".into());
    object.insert("properties".to_owned(), Value::Object(properties));
    object.insert("additionalProperties".to_owned(), shape.open.into());
    if !needed.is_empty() {
        object.insert("required".to_owned(), needed.into());
    }
    object
}

fn property(field: &Field) -> Value {
    let mut of = match field.presence {
        Presence::Ignored => Map::new(),
        Presence::Refused => return json!(false),
        Presence::Needed | Presence::NeededIf(_) | Presence::Optional | Presence::Default(_) => {
            value(&field.of)
        }
    };
    of.insert("description".to_owned(), field.means.into());
    if let Presence::Default(default) = field.presence {
        // A default is written as YAML, of which JSON's plain values are a part.
        let default = serde_json::from_str(default).unwrap_or_else(|_| default.into());
        of.insert("default".to_owned(), default);
    }
    Value::Object(of)
}

fn value(of: &Type) -> Map<String, Value> {
    let value = match of {
        Type::Text => json!({"type": "string"}),
        Type::Name | Type::NameOf(_) => json!({"type": "string", "pattern": NAME}),
        Type::Boolean => json!({"type": "boolean"}),
        Type::Number(range) => return number(*range),
        Type::Whole(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
        Type::Duration => json!({"type": "string", "pattern": DURATION}),
        Type::Length([]) => json!({"type": "string", "pattern": LENGTH}),
        Type::Length(words) => {
            json!({"anyOf": [{"type": "string", "pattern": LENGTH}, {"enum": words}]})
        }
        Type::Word(words) => json!({"enum": words}),
        Type::List(item) => json!({"type": "array", "items": value(item)}),
        Type::Object(shape) => return object(shape),
        Type::Table(_, [], of) => json!({"type": "object", "additionalProperties": value(of)}),
        Type::Table(_, known, of) => {
            let keys: Map<_, _> =
                known.iter().map(|key| ((*key).to_owned(), Value::Object(value(of)))).collect();
            json!({"type": "object", "properties": keys, "additionalProperties": false})
        }
        Type::Either(types) => json!({"anyOf": types.iter().map(value).collect::<Vec<_>>()}),
    };
    value.as_object().cloned().unwrap_or_default()
}

fn number(range: Range) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("type".to_owned(), "number".into());
    let ends =
        [(range.from, "minimum", "exclusiveMinimum"), (range.to, "maximum", "exclusiveMaximum")];
    for (end, within, beyond) in ends {
        match end {
            End::None => {}
            End::At(end) => {
                map.insert(within.to_owned(), end.into());
            }
            End::Before(end) => {
                map.insert(beyond.to_owned(), end.into());
            }
        }
    }
    map
}
