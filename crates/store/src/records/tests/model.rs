//! Random effects, committed many at once, against a naive model that takes them one by one.
//!
//! Commits are spawned in order on one thread, so that they enter the writer's queue in order;
//! the model knows for each whether it must conflict, and what must be there in the end.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_domain::alert::Alert;
use plimsoll_domain::id::NotificationId;
use plimsoll_domain::notify::Notification;
use plimsoll_trials::dice::Dice;

use super::bed::{Bed, FIRST_PAGE, at, conflicts};
use crate::records::{Effects, Read, Records, Revision, Scope, Versioned, Write};

const SEED: u64 = 20_261_120;
const WAVES: usize = 12;

#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    number: u64,
    alerts: BTreeMap<usize, Versioned<Alert>>,
    settings: BTreeMap<String, String>,
    entries: usize,
    owed: BTreeSet<NotificationId>,
}

impl Model {
    /// What it would be after these effects; none when they conflict.
    fn after(&self, effects: &Effects, universe: &Universe) -> Option<Self> {
        let mut next = self.clone();
        for read in &effects.reads {
            let holds = match read {
                Read::Definitions { number } => next.number == *number,
                Read::Alert { id, version } => {
                    let index = universe.alerts.iter().position(|alert| alert.id == *id)?;
                    next.alerts.get(&index)?.version == *version
                }
                Read::Lease { .. }
                | Read::Person { .. }
                | Read::Nobody
                | Read::OtherAdmin { .. } => unreachable!("the universe makes no {read:?}"),
            };
            holds.then_some(())?;
        }
        effects.writes.iter().try_for_each(|write| next.take(write, universe))?;
        Some(next)
    }

    fn take(&mut self, write: &Write, universe: &Universe) -> Option<()> {
        match write {
            Write::Definitions { expected, .. } => {
                (self.number == *expected).then(|| self.number += 1)
            }
            Write::Alert { expected, alert } => {
                let index = universe.alerts.iter().position(|known| known.id == alert.id)?;
                let version = self.alerts.get(&index).map(|kept| kept.version);
                (version == *expected).then_some(())?;
                let version = version.unwrap_or(0) + 1;
                self.alerts.insert(index, Versioned { value: alert.clone(), version });
                Some(())
            }
            Write::Setting { key, value, expected } => {
                let current = self.settings.get(key).cloned();
                expected.as_ref().is_none_or(|expected| *expected == current).then_some(())?;
                match value {
                    Some(value) => self.settings.insert(key.clone(), value.clone()),
                    None => self.settings.remove(key),
                };
                Some(())
            }
            Write::Entry(_) => {
                self.entries += 1;
                Some(())
            }
            Write::Owe(notification) => {
                self.owed.insert(notification.id);
                Some(())
            }
            Write::Attempted { .. }
            | Write::Supersede { .. }
            | Write::Deployment(_)
            | Write::Decision(_)
            | Write::Token(_)
            | Write::RevokeToken { .. }
            | Write::Person { .. }
            | Write::ErasePerson { .. }
            | Write::Seal(_)
            | Write::Session(_)
            | Write::EndSession { .. }
            | Write::EndExpiredSessions { .. }
            | Write::EndSessionsOf { .. }
            | Write::TokensUsed(_)
            | Write::Webhook { .. }
            | Write::TakeMessage { .. }
            | Write::SettleMessage(_)
            | Write::ForgetMessages { .. }
            | Write::Join(_)
            | Write::Leave { .. }
            | Write::PasswordLink(_)
            | Write::UsePasswordLink(_)
            | Write::LeaseAddress(_)
            | Write::Lease { .. } => unreachable!("the universe makes no {write:?}"),
        }
    }
}

/// What random effects are about: few things, so that they collide.
struct Universe {
    alerts: Vec<Alert>,
    notifications: Vec<Notification>,
}

impl Universe {
    fn effects(&self, bed: &Bed, dice: &mut Dice, model: &Model) -> Effects {
        let mut effects = Effects::new(bed.scope);
        for _ in 0..=dice.below(3) {
            effects.writes.push(self.write(bed, dice, model));
        }
        if dice.one_in(6) {
            effects.reads.push(Read::Definitions { number: near(dice, model.number) });
        }
        if dice.one_in(6) {
            let index = dice.below(self.alerts.len());
            let version = model.alerts.get(&index).map_or(1, |kept| near(dice, kept.version));
            effects.reads.push(Read::Alert { id: self.alerts[index].id, version });
        }
        effects
    }

    fn write(&self, bed: &Bed, dice: &mut Dice, model: &Model) -> Write {
        match dice.below(8) {
            0 => Write::Definitions {
                expected: near(dice, model.number),
                revision: Revision { id: bed.id(), at: at(0), by: "ada".into(), changed: vec![] },
                documents: vec![],
                deleted: vec![],
            },
            1..=3 => {
                let index = dice.below(self.alerts.len());
                let version = model.alerts.get(&index).map(|kept| near(dice, kept.version));
                let expected = if dice.one_in(8) { None } else { version };
                let transitions = dice.below(u32::MAX);
                Write::Alert {
                    expected,
                    alert: Alert { transitions, ..self.alerts[index].clone() },
                }
            }
            4 => Write::Entry(bed.entry("subject", at(0))),
            5 => {
                let index = dice.below(self.notifications.len());
                Write::Owe(self.notifications[index].clone())
            }
            _ => {
                let mut value = || Some(dice.below(3)).filter(|n| *n > 0).map(|n| n.to_string());
                let (value, expected) = (value(), value());
                let expected = dice.one_in(2).then_some(expected);
                Write::Setting { key: dice.below(2).to_string(), value, expected }
            }
        }
    }
}

/// The version itself, or now and then its neighbour.
fn near(dice: &mut Dice, version: u64) -> u64 {
    if dice.one_in(8) { version + 1 } else { version }
}

async fn stored(records: &Records, scope: Scope, universe: &Universe) -> Model {
    let mut model = Model {
        number: records.definitions(scope).await.unwrap().number,
        entries: records.timeline(scope, "subject").await.unwrap().len(),
        ..Model::default()
    };
    for (index, alert) in universe.alerts.iter().enumerate() {
        if let Some(kept) = records.alert(scope, alert.id).await.unwrap() {
            model.alerts.insert(index, kept);
        }
    }
    for key in ["0", "1"] {
        if let Some(value) = records.setting(scope, key).await.unwrap() {
            model.settings.insert(key.to_owned(), value);
        }
    }
    let owed = records.notifications(scope, &Default::default(), &FIRST_PAGE).await.unwrap();
    model.owed = owed.items.into_iter().map(|record| record.notification.id).collect();
    model
}

#[tokio::test]
async fn concurrent_commits_do_what_a_naive_model_does() {
    for bed in Bed::each("concurrent_commits").await {
        let universe = Universe {
            alerts: (0..4).map(|n| bed.alert(&format!("slo-{n}"), at(n))).collect(),
            notifications: (0..5).map(|n| bed.notification(at(n))).collect(),
        };
        let mut dice = Dice::new(SEED);
        let mut model = Model::default();
        let (mut kept, mut refused) = (0, 0);
        for wave in 0..WAVES {
            let mut waiting = Vec::new();
            for _ in 0..=dice.below(300) {
                let effects = universe.effects(&bed, &mut dice, &model);
                let next = model.after(&effects, &universe);
                let records = bed.records.clone();
                let fits = next.is_some();
                waiting.push((fits, tokio::spawn(async move { records.commit(effects).await })));
                model = next.unwrap_or(model);
            }
            for (place, (fits, commit)) in waiting.into_iter().enumerate() {
                let result = commit.await.unwrap();
                assert_eq!(result.is_ok(), fits, "wave {wave}, commit {place}: {result:?}");
                assert_eq!(conflicts(&result), !fits, "wave {wave}, commit {place}: {result:?}");
                *if fits { &mut kept } else { &mut refused } += 1;
            }
            assert_eq!(stored(&bed.records, bed.scope, &universe).await, model, "wave {wave}");
        }
        assert!(kept > 100 && refused > 100, "{kept} kept, {refused} refused: too tame");

        let reopened = bed.open_again().await;
        assert_eq!(stored(&reopened, bed.scope, &universe).await, model);
    }
}
