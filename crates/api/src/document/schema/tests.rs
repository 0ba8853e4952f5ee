//! The reference says what the reader does: each example is read with one field at a time taken
//! out, set to its default, mistyped, or given each of its words.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Field, Presence, Shape, Type, index, json, json_of_all, page};
use crate::document::{Body, Kind, Source, parse, resolve};
use crate::v1::definition::{Diagnostic, Level};

/// The documents of an example, as plain values.
fn examples(kind: Kind) -> Vec<Value> {
    let documents = kind.schema().example.split("---\n");
    documents.map(|yaml| serde_saphyr::from_str(yaml).expect("an example is YAML")).collect()
}

/// What is wrong with a document, and what it says. JSON is YAML.
fn read(document: &Value) -> (Vec<Diagnostic>, Option<Body>) {
    let text = document.to_string();
    let mut parsed = parse(&[Source { path: "example", text: &text }]);
    let body = parsed.documents.pop().and_then(|document| document.body);
    (parsed.diagnostics, body)
}

fn errors(document: &Value) -> Vec<String> {
    let (found, _) = read(document);
    let errors = found.into_iter().filter(|found| found.level == Level::Error);
    errors.map(|found| format!("{}: {}", found.code, found.message)).collect()
}

/// One step into a document.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Item(usize),
}

/// A place in an example that a field of a shape describes.
struct Place {
    document: Value,
    path: Vec<Step>,
    shape: &'static Shape,
    field: &'static Field,
}

impl Place {
    fn is_there(&self) -> bool {
        at(&self.document, &self.path).is_some()
    }

    /// The document with another value there; without one, the key is taken out.
    fn with(&self, value: Option<Value>) -> Value {
        let mut document = self.document.clone();
        let (last, path) = self.path.split_last().expect("a field has a key");
        let parent = at_mut(&mut document, path).and_then(Value::as_object_mut);
        let Step::Key(key) = last else { panic!("a field is no item of a list") };
        let parent = parent.expect("a field is part of a mapping");
        match value {
            Some(value) => parent.insert(key.clone(), value),
            None => parent.remove(key),
        };
        document
    }

    /// Shapes with the same fields are the same shape.
    fn shape_named(&self) -> String {
        self.shape.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(" ")
    }

    fn named(&self) -> String {
        let steps = self.path.iter().map(|step| match step {
            Step::Key(key) => format!(".{key}"),
            Step::Item(number) => format!("[{number}]"),
        });
        format!("{} {}", self.document["kind"], steps.collect::<String>())
    }
}

fn at<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Item(number) => value.get(number),
    })
}

fn at_mut<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Item(number) => value.get_mut(number),
    })
}

/// Every field of every mapping that the examples hold, there or not.
fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for kind in Kind::ALL {
        for document in examples(kind) {
            walk(&document, Vec::new(), kind.schema().document, &mut places);
        }
    }
    places
}

fn walk(document: &Value, path: Vec<Step>, shape: &'static Shape, places: &mut Vec<Place>) {
    for field in shape.fields {
        let path = [path.clone(), vec![Step::Key(field.name.to_owned())]].concat();
        if at(document, &path).is_some() {
            walk_value(document, path.clone(), &field.of, places);
        }
        places.push(Place { document: document.clone(), path, shape, field });
    }
}

fn walk_value(document: &Value, path: Vec<Step>, of: &'static Type, places: &mut Vec<Place>) {
    let value = at(document, &path).expect("it is there");
    match of {
        Type::Object(shape) if value.is_object() => walk(document, path, shape, places),
        Type::List(item) => {
            for number in 0..value.as_array().map_or(0, Vec::len) {
                let path = [path.clone(), vec![Step::Item(number)]].concat();
                walk_value(document, path, item, places);
            }
        }
        Type::Table(_, _, of) => {
            let keys: Vec<_> =
                value.as_object().into_iter().flatten().map(|(key, _)| key).collect();
            for key in keys {
                let path = [path.clone(), vec![Step::Key(key.clone())]].concat();
                walk_value(document, path, of, places);
            }
        }
        Type::Either(types) => {
            types.iter().for_each(|of| walk_value(document, path.clone(), of, places));
        }
        Type::Object(_)
        | Type::Text
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

/// A value that is none of that type.
fn mistyped(of: &Type) -> Value {
    match of {
        Type::Text | Type::Either(_) => json!([]),
        Type::Name | Type::NameOf(_) => json!("no name!"),
        Type::Boolean => json!("yes"),
        Type::Number(_) | Type::Whole(..) => json!("many"),
        Type::Length(_) | Type::Duration => json!("5 parsecs"),
        Type::Word(_) => json!("another-word"),
        Type::List(_) | Type::Object(_) | Type::Table(..) => json!("no collection"),
    }
}

/// Numbers just outside of a range.
fn outside(of: &Type) -> Vec<Value> {
    let end = |end, by: f64| match end {
        super::End::None => None,
        super::End::At(end) => Some(json!(end + by)),
        super::End::Before(end) => Some(json!(end)),
    };
    if let Type::Number(range) = of {
        return end(range.from, -1e-3).into_iter().chain(end(range.to, 1e-3)).collect();
    }
    let Type::Whole(from, to) = of else { return Vec::new() };
    vec![json!(from - 1), json!(to + 1), json!(f64::from(*from) + 0.5)]
}

#[test]
fn the_examples_have_no_faults_together() {
    let sources = Kind::ALL.map(|kind| Source { path: kind.as_str(), text: kind.schema().example });
    let parsed = parse(&sources);
    let (definitions, found) = resolve(&parsed.documents);
    assert_eq!((parsed.diagnostics, found), (Vec::new(), Vec::new()));
    assert!(definitions.is_some());
    for (kind, source) in Kind::ALL.into_iter().zip(sources) {
        let of_it = parse(&[source]).documents;
        assert!(of_it.iter().all(|document| document.kind == kind.as_str()), "{kind:?}");
    }
}

#[test]
fn the_examples_use_every_field() {
    let used: BTreeSet<_> = places()
        .iter()
        .filter(|place| place.is_there())
        .map(|place| (place.shape_named(), place.field.name))
        .collect();
    let all = places();
    let unused = all.iter().filter(|place| {
        let passed_over = [Presence::Ignored, Presence::Refused].contains(&place.field.presence);
        let key = (place.shape_named(), place.field.name);
        !passed_over && !used.contains(&key)
    });
    let unused: BTreeSet<_> = unused.map(Place::named).collect();
    assert_eq!(unused, BTreeSet::new(), "no example has these");
}

#[test]
fn what_is_needed_is_missed() {
    for place in places().iter().filter(|place| place.is_there()) {
        let without = errors(&place.with(None));
        match place.field.presence {
            Presence::Needed => assert!(!without.is_empty(), "{}", place.named()),
            Presence::Optional | Presence::Default(_) | Presence::Ignored => {
                let needless = without.iter().filter(|error| error.starts_with("field.missing"));
                assert_eq!(needless.count(), 0, "{}: {without:?}", place.named());
            }
            // In which case it is needed is said in words; in some example it is that case.
            Presence::NeededIf(_) | Presence::Refused => {}
        }
    }
    let conditional = |place: &&Place| matches!(place.field.presence, Presence::NeededIf(_));
    let all = places();
    let missed: BTreeSet<_> = all
        .iter()
        .filter(conditional)
        .filter(|place| place.is_there() && !errors(&place.with(None)).is_empty())
        .map(|place| place.field.name)
        .collect();
    let conditional: BTreeSet<_> =
        all.iter().filter(conditional).map(|place| place.field.name).collect();
    assert_eq!(missed, conditional, "in no example are the others needed");
}

#[test]
fn a_default_is_what_leaving_out_means() {
    let mut tried = 0;
    for place in places() {
        let Presence::Default(default) = place.field.presence else { continue };
        let default: Value = serde_saphyr::from_str(default).expect("a default is YAML");
        let (without, with) = (place.with(None), place.with(Some(default)));
        if errors(&without).is_empty() && errors(&with).is_empty() {
            assert_eq!(read(&without).1, read(&with).1, "{}", place.named());
            tried += 1;
        }
    }
    assert!(tried > 15, "only {tried} defaults were tried");
}

#[test]
fn values_of_another_type_are_faults() {
    for place in places().iter().filter(|place| place.is_there()) {
        let passed_over = [Presence::Ignored, Presence::Refused].contains(&place.field.presence);
        for wrong in outside(&place.field.of).into_iter().chain([mistyped(&place.field.of)]) {
            let found = errors(&place.with(Some(wrong.clone())));
            assert_eq!(found.is_empty(), passed_over, "{} as {wrong}: {found:?}", place.named());
        }
    }
}

#[test]
fn every_word_of_a_list_is_read() {
    for place in places().iter().filter(|place| place.is_there()) {
        let Type::Word(words) = place.field.of else { continue };
        for word in words {
            let found = errors(&place.with(Some(json!(word))));
            let unknown = found.iter().filter(|error| error.contains(&format!("`{word}`")));
            assert_eq!(unknown.count(), 0, "{} as {word}: {found:?}", place.named());
        }
    }
}

#[test]
fn fields_beside_the_shape_are_faults_unless_it_is_open() {
    for place in places().iter().filter(|place| place.is_there()) {
        let mut document = place.document.clone();
        let (_, path) = place.path.split_last().expect("a field has a key");
        let parent = at_mut(&mut document, path).and_then(Value::as_object_mut);
        parent.expect("a mapping").insert("nonsense".to_owned(), json!(1));
        let found = errors(&document);
        let told = found.iter().any(|error| error.starts_with("field.unknown"));
        assert_eq!(told, !place.shape.open, "{}: {found:?}", place.named());
    }
}

#[test]
fn refused_fields_are_refused() {
    for place in places().iter().filter(|place| place.field.presence == Presence::Refused) {
        let found = errors(&place.with(Some(json!("something"))));
        assert!(!found.is_empty(), "{}", place.named());
        assert!(found.iter().all(|error| !error.starts_with("field.unknown")), "{found:?}");
    }
}

#[test]
fn pages_list_every_field_and_show_the_example() {
    for kind in Kind::ALL {
        let schema = kind.schema();
        let page = page(&schema);
        assert!(page.contains(schema.example.trim_end()), "{kind:?}");
        assert!(index().contains(&format!("[{0}]({0}.md)", kind.as_str())));
        assert!(page.contains("| `metadata.name` | name | an error |"), "{page}");
    }
    let policy = page(&Kind::ErrorBudgetPolicy.schema());
    let row = "| `spec.marks.cautionAbove` | number at least 0 and at most 1 | `0.25` | Caution is \
               more than this |";
    assert!(policy.contains(row), "{policy}");
    assert!(policy.contains("| `spec.rules.<status>.except` | mapping by class: `feature`"));
}

#[test]
fn json_schemas_say_the_same() {
    let schema = json(&Kind::BurnPolicy.schema());
    let spec = &schema["properties"]["spec"];
    assert_eq!(spec["additionalProperties"], false);
    assert_eq!(spec["properties"]["significance"]["exclusiveMaximum"], 1.0);
    assert_eq!(spec["properties"]["significance"]["default"], 0.001);
    let arm = &spec["properties"]["arms"]["items"];
    assert_eq!(arm["required"], json!(["long", "severity"]));
    let entity = json(&Kind::Component.schema());
    assert_eq!(entity["properties"]["metadata"]["additionalProperties"], true);
    assert_eq!(json_of_all()["allOf"].as_array().map(Vec::len), Some(Kind::ALL.len()));
}
