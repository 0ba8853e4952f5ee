//! The reference as Markdown: a page for each kind, and their index.

use std::collections::BTreeMap;

use super::{Field, Presence, Schema, Shape, Type};
use crate::document::kind::Kind;

/// The page of one kind.
pub fn page(schema: &Schema) -> String {
    let Schema { kind, summary, document, example } = schema;
    let (word, api_version) = (kind.as_str(), kind.api_version());
    let mut rows = String::new();
    fields(document, "", &mut Told::new(), &mut rows);
    let open = match document_is_open(document) {
        true => "\nOther fields are accepted and mean nothing to Plimsoll.\n",
        false => "\nA field that is not listed is an error.\n",
    };
    format!(
        "# {word}\n\n`apiVersion: {api_version}`. {summary}\n\n\
         | Field | Value | When left out | What it says |\n|---|---|---|---|\n{rows}{open}\n\
         ## Example\n\n```yaml\n{}\n```\n",
        example.trim_end()
    )
}

/// The list of all pages.
pub fn index() -> String {
    let row = |kind: Kind| {
        let schema = kind.schema();
        let (word, api_version) = (kind.as_str(), kind.api_version());
        let first = schema.summary.split_once(". ").map_or(schema.summary, |(first, _)| first);
        let first = first.trim_end_matches('.');
        format!("| [{word}]({word}.md) | `{api_version}` | {first} |\n")
    };
    let rows: String = Kind::ALL.into_iter().map(row).collect();
    format!(
        "# Reference of documents\n\n\
         Every kind of document and every field, as the reader has them; \
         [the guide](../guide/definitions.md) says how to use them. `plimsoll reference KIND` \
         prints a page, and `plimsoll reference KIND --schema` its JSON Schema.\n\n\
         | Kind | apiVersion | What it declares |\n|---|---|---|\n{rows}\n\
         The examples of all pages belong together.\n\n\
         ## In an editor\n\n\
         With the YAML language server (Visual Studio Code, Neovim, Helix and others) a first line \
         names the schema, which then completes and checks fields as you type:\n\n\
         ```yaml\n# yaml-language-server: $schema=docs/reference/definitions.schema.json\n```\n\n\
         `definitions.schema.json` is for files of any kinds; each kind also has its own, such as \
         `SLO.schema.json`. `plimsoll lint` remains the judge: it also follows references, reads \
         queries and computes what a target means.\n"
    )
}

fn document_is_open(document: &Shape) -> bool {
    document.fields.iter().any(|field| matches!(field.of, Type::Object(shape) if shape.open))
}

/// The shapes that a page has described, each with the path at which it did.
type Told = BTreeMap<String, String>;

/// A row for each field, and below it those of what it holds; what was told before is told once.
fn fields(shape: &Shape, path: &str, told: &mut Told, rows: &mut String) {
    for field in shape.fields {
        let path = format!("{path}{}", field.name);
        let before = object_in(&field.of).and_then(|shape| told.get(&key(shape)).cloned());
        *rows += &row(&path, field, before.as_deref());
        if before.is_none() {
            within(&field.of, &path, told, rows);
        }
    }
}

fn within(of: &Type, path: &str, told: &mut Told, rows: &mut String) {
    match of {
        Type::Object(shape) => {
            told.insert(key(shape), path.to_owned());
            fields(shape, &format!("{path}."), told, rows);
        }
        Type::List(item) => within(item, &format!("{path}[]"), told, rows),
        Type::Table(key, _, value) => within(value, &format!("{path}.<{key}>"), told, rows),
        Type::Either(types) => types.iter().for_each(|of| within(of, path, told, rows)),
        Type::Text
        | Type::Name
        | Type::NameOf(_)
        | Type::Boolean
        | Type::Number(_)
        | Type::Whole(..)
        | Type::Length(_)
        | Type::Duration
        | Type::Word(_) => {}
    }
}

/// The mapping that a value is, if it is no more than that.
fn object_in(of: &Type) -> Option<&'static Shape> {
    let Type::Object(shape) = of else { return None };
    Some(*shape)
}

/// Shapes with the same fields, of the same meaning, are the same.
fn key(shape: &Shape) -> String {
    shape.fields.iter().map(|field| format!("{}: {}\n", field.name, field.means)).collect()
}

fn row(path: &str, field: &Field, before: Option<&str>) -> String {
    let value = match field.presence {
        Presence::Ignored => "anything".to_owned(),
        Presence::Refused => "—".to_owned(),
        Presence::Needed | Presence::NeededIf(_) | Presence::Optional | Presence::Default(_) => {
            described(&field.of)
        }
    };
    let value = match before {
        Some(before) => format!("{value}, as `{before}`"),
        None => value,
    };
    let left_out = match field.presence {
        Presence::Needed => "an error".to_owned(),
        Presence::NeededIf(case) => format!("an error {case}"),
        Presence::Optional => "—".to_owned(),
        Presence::Default(default) => format!("`{default}`"),
        Presence::Ignored | Presence::Refused => "—".to_owned(),
    };
    let means = match field.presence {
        Presence::Ignored => format!("{}; accepted, and not used", field.means),
        Presence::Refused => format!("Refused: {}", field.means),
        Presence::Needed | Presence::NeededIf(_) | Presence::Optional | Presence::Default(_) => {
            field.means.to_owned()
        }
    };
    let cell = |text: &str| text.replace('|', "\\|");
    format!("| `{path}` | {} | {} | {} |\n", cell(&value), cell(&left_out), cell(&means))
}

/// What a value is, in a few words.
fn described(of: &Type) -> String {
    let words = |words: &[&str]| {
        words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    };
    match of {
        Type::Text => "text".to_owned(),
        Type::Name => "name".to_owned(),
        Type::NameOf(referent) => format!("name of a {}", referent.noun()),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Number(range) => match range.words() {
            range if range.is_empty() => "number".to_owned(),
            range => format!("number {range}"),
        },
        Type::Whole(from, to) => format!("whole number from {from} to {to}"),
        Type::Duration => {
            "length of time, such as `30d`, or of a calendar, such as `1M`".to_owned()
        }
        Type::Length([]) => "length of time, such as `5m`".to_owned(),
        Type::Length(others) => format!("length of time, such as `5m`, or {}", words(others)),
        Type::Word(all) => words(all),
        Type::List(item) => format!("list: {}", described(item)),
        Type::Object(_) => "mapping".to_owned(),
        Type::Table(key, [], _) => format!("mapping by {key}"),
        Type::Table(key, known, _) => format!("mapping by {key}: {}", words(known)),
        Type::Either(types) => types.iter().map(described).collect::<Vec<_>>().join(", or "),
    }
}
