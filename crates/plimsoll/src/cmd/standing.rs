//! `plimsoll standing`: how many SLOs and services stand how.

use plimsoll_api::v1::standing::{Counts, Standing};
use serde_json::Value;

use super::slos::STATUSES;
use crate::ask::Question;
use crate::client;
use crate::exit::Failure;
use crate::render::{Screen, Word};

/// How many have each status, how many fire, and how many someone should look at.
pub(crate) fn question() -> Question<'static> {
    Question::one(&["standing"], &["slo", "alert", "definitions"], draw)
}

fn draw(screen: &Screen, answer: Value) -> Result<String, Failure> {
    let Standing { slos, services, .. } = client::read(answer)?;
    let with = |status: &str| {
        let count = |counts: &Counts| counts.by_status.get(status).copied().unwrap_or_default();
        row(Word::status(status), count(&slos), count(&services))
    };
    let sums = [
        row("with an alert that fires".into(), slos.firing, services.firing),
        row("to be looked at".into(), slos.attention, services.attention),
        row("all".into(), slos.total, services.total),
    ];
    let heads = ["STATUS", "SLOS", "SERVICES"];
    Ok(screen.table(&heads, STATUSES.into_iter().map(with).chain(sums)))
}

fn row(what: Word, slos: u64, services: u64) -> Vec<Word> {
    vec![what, slos.to_string().into(), services.to_string().into()]
}
