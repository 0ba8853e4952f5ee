//! Records deployments and asks the gate, and keeps a copy of every answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ledger::Ledger;
use crate::victim::{Reply, Victim};

/// One noun that is made by a POST and listed.
pub(crate) struct Clerk {
    noun: &'static str,
    post: &'static str,
    list: &'static str,
    /// The answers by the artifact each was about; none while there was no answer.
    asked: BTreeMap<String, Option<Value>>,
    /// Answers that were no acknowledgement.
    pub(crate) refused: Vec<String>,
}

impl Clerk {
    pub(crate) fn of_deployments() -> Self {
        let (post, list) = ("/api/v1/deployments", "/api/v1/deployments");
        Self { noun: "deployment", post, list, asked: BTreeMap::new(), refused: Vec::new() }
    }

    pub(crate) fn of_decisions() -> Self {
        let (post, list) = ("/api/v1/gates/check", "/api/v1/decisions");
        Self { noun: "decision", post, list, asked: BTreeMap::new(), refused: Vec::new() }
    }

    /// Asks until there is no answer any more. Nothing is asked twice: whether the first was taken
    /// is not known.
    pub(crate) async fn run(&mut self, victim: &Victim) {
        while self.ask(victim).await {}
    }

    /// Asks once; false when there was no answer.
    pub(crate) async fn ask(&mut self, victim: &Victim) -> bool {
        let artifact = format!("sha256:{:08}", self.asked.len());
        self.asked.insert(artifact.clone(), None);
        let question = json!({
            "service": "shop", "environment": "production", "artifact": artifact,
            "class": "feature",
        });
        match victim.post(self.post, &question).await {
            Reply::Acknowledged(answer) => {
                self.asked.insert(artifact, Some(answer));
                true
            }
            Reply::Refused(status, body) => {
                self.refused.push(format!("{status} {body}"));
                true
            }
            Reply::Lost => false,
        }
    }

    /// How many were answered.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.asked.values().flatten().count() as u64
    }

    /// Compares what is listed with the answers: each is there once, and says the same.
    pub(crate) async fn check(&self, victim: &Victim, ledger: &mut Ledger) {
        let noun = self.noun;
        let mut listed: BTreeMap<String, Value> = BTreeMap::new();
        for item in victim.list(self.list).await {
            let artifact = item["artifact"].as_str().unwrap_or_default().to_owned();
            if listed.insert(artifact.clone(), item).is_some() {
                ledger.doubled(format!("{noun} of {artifact}"));
            }
        }
        for (artifact, answer) in &self.asked {
            let Some(answer) = answer else { continue };
            match listed.get(artifact) {
                Some(item) if item == answer || answer.is_null() => {}
                Some(item) => ledger.lost(format!("{noun}: answered {answer}, and kept {item}")),
                None => ledger.lost(format!("{noun} of {artifact}: {answer}")),
            }
        }
        for artifact in listed.keys().filter(|artifact| !self.asked.contains_key(*artifact)) {
            ledger.doubled(format!("{noun} of {artifact}, which nobody asked for"));
        }
    }
}
