//! Records deployments, asks the gate, applies definitions, and keeps a copy of every answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Errand {
    Deployment,
    Decision,
    Definition,
}

impl Errand {
    pub(super) const ALL: [Self; 3] = [Self::Deployment, Self::Decision, Self::Definition];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Deployment => "/api/v1/deployments",
            Self::Decision => "/api/v1/gates/check",
            Self::Definition => "/api/v1/definitions/apply",
        }
    }

    /// Where it is listed.
    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Deployment => "/api/v1/deployments?limit=500",
            Self::Decision => "/api/v1/decisions?limit=500",
            Self::Definition => "/api/v1/services?limit=500",
        }
    }

    /// What tells a listed one from the others.
    fn key(self) -> &'static str {
        match self {
            Self::Deployment | Self::Decision => "artifact",
            Self::Definition => "name",
        }
    }

    pub(super) fn body(self, name: &str) -> Value {
        let service = format!(
            "apiVersion: openslo/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{}}\n"
        );
        match self {
            Self::Definition => json!({"files": [{"path": "one.yaml", "text": service}]}),
            Self::Deployment | Self::Decision => json!({
                "service": "pier", "environment": "production", "artifact": name,
                "class": "feature",
            }),
        }
    }
}

/// Nothing is asked twice: whether the first was taken is not known.
#[derive(Debug, Default)]
pub(super) struct Clerk {
    asked: BTreeMap<(Errand, String), Option<Value>>,
    refused: BTreeSet<(Errand, String)>,
}

impl Clerk {
    /// The name of the next one.
    pub(super) fn next(&mut self, errand: Errand) -> String {
        let name = format!("no-{}", self.asked.len());
        self.asked.insert((errand, name.clone()), None);
        name
    }

    pub(super) fn acknowledge(&mut self, errand: Errand, name: &str, answer: Value) {
        self.asked.insert((errand, name.to_owned()), Some(answer));
    }

    /// Others kept changing what it rests on: nothing was done.
    pub(super) fn refuse(&mut self, errand: Errand, name: String) {
        self.refused.insert((errand, name));
    }

    /// How many were answered.
    pub(super) fn acknowledged(&self) -> u64 {
        self.asked.values().flatten().count() as u64
    }

    /// Compares what is listed with the answers: each is there once, and says the same.
    pub(super) fn differences(&self, errand: Errand, listed: &[Value]) -> Vec<String> {
        let mut differences = Vec::new();
        let mut found: BTreeMap<&str, &Value> = BTreeMap::new();
        for item in listed {
            let name = item[errand.key()].as_str().unwrap_or_default();
            if found.insert(name, item).is_some() {
                differences.push(format!("doubled: {errand:?} {name}"));
            }
        }
        for ((_, name), answer) in self.asked.iter().filter(|((of, _), _)| *of == errand) {
            let Some(answer) = answer else { continue };
            match found.get(&**name) {
                None => differences.push(format!("lost: {errand:?} {name}, answered {answer}")),
                Some(item) if errand == Errand::Definition || *item == answer => {}
                Some(item) => {
                    differences.push(format!("changed: {errand:?} {name}: {answer}, now {item}"));
                }
            }
        }
        for name in found.keys().filter(|name| name.starts_with("no-")) {
            let key = (errand, (*name).to_owned());
            if !self.asked.contains_key(&key) || self.refused.contains(&key) {
                differences.push(format!("{errand:?} {name}, unasked or refused"));
            }
        }
        differences
    }
}
