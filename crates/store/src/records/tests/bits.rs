//! Bit rot: of a database file in which bits have flipped, everything that can be read is what was
//! written, and the rest is an error.

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;
use sea_orm::ConnectionTrait;

use super::bed::{Bed, FIRST_PAGE, at};
use super::definitions::{apply, document};
use crate::records::{DeploymentFilter, Error, Location, Records, Scope, Write};

/// What was asked for, as texts; an error where it could not be answered.
type Answers = Vec<Result<String, Error>>;

fn whole<T>(kept: Vec<Result<T, Error>>) -> Result<Vec<T>, Error> {
    kept.into_iter().collect()
}

async fn ask(location: &Location, scope: Scope) -> Result<Answers, Error> {
    let records = Records::open(location).await?;
    let page = &FIRST_PAGE;
    let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
    let mut answers = vec![
        records.definitions(scope).await.map(|kept| text(&kept)),
        records.document_history(scope, "SLO", "a").await.map(|kept| text(&kept)),
        records.revisions(scope, page).await.map(|kept| text(&kept)),
        records.latest_alerts(scope).await.and_then(whole).map(|kept| text(&kept)),
        records.alerts(scope, &Default::default(), page).await.map(|kept| text(&kept)),
        records.notifications(scope, &Default::default(), page).await.map(|kept| text(&kept)),
        records.deployments(scope, &DeploymentFilter::default(), page).await.map(|k| text(&k)),
        records.decisions(scope, &Default::default(), page).await.map(|kept| text(&kept)),
        records.tokens(scope).await.map(|kept| text(&kept)),
        records.people(scope).await.map(|kept| text(&kept)),
        records.person_named(scope, "ada").await.map(|kept| text(&kept)),
        records.notification_balance(scope).await.map(|kept| text(&kept)),
        records.people_count(scope).await.map(|kept| text(&kept)),
        records.organisation(scope.0, at(0)).await.map(|kept| text(&kept)),
    ];
    for number in 0..5 {
        answers.push(records.setting(scope, &format!("key-{number}")).await.map(|k| text(&k)));
        answers.push(records.timeline(scope, &format!("subject-{number}")).await.map(|k| text(&k)));
    }
    records.close().await;
    Ok(answers)
}

async fn fill(bed: &Bed) {
    let documents = ["a", "b"].map(|name| document("SLO", name, &"text ".repeat(300)));
    bed.commit(vec![apply(bed, 0, documents.to_vec())]).await.unwrap();
    for number in 0..30 {
        let mut writes = vec![
            Write::Deployment(bed.deployment("checkout", at(number))),
            Write::Decision(Box::new(bed.decision("checkout", at(number)))),
            Write::Alert { expected: None, alert: bed.alert(&format!("slo-{number}"), at(number)) },
            Write::Owe(bed.notification(at(number))),
            Write::Entry(bed.entry(&format!("subject-{}", number % 5), at(number))),
            Write::Token(super::access::token(bed, plimsoll_domain::access::Role::Viewer, number)),
        ];
        writes.push(Write::Setting {
            key: format!("key-{}", number % 5),
            value: Some(format!("value {number}")),
            expected: None,
        });
        bed.commit(writes).await.unwrap();
    }
    let person = super::access::person(bed, "ada");
    bed.commit(vec![super::sealing::named(&person, None)]).await.unwrap();
}

#[tokio::test]
async fn a_file_with_flipped_bits_never_gives_a_wrong_answer() {
    let bed = Bed::sqlite().await;
    fill(&bed).await;
    let Location::Sqlite(file) = &bed.location else { unreachable!("the bed is on SQLite") };
    bed.records.clone().close().await;
    let sound = std::fs::read(file).unwrap();
    let expected: Vec<String> =
        ask(&bed.location, bed.scope).await.unwrap().into_iter().map(Result::unwrap).collect();

    let (mut refused, mut unreadable, mut right) = (0, 0, 0);
    for seed in 0..campaign::amount(200, 10_000) {
        let mut dice = Dice::new(seed);
        let mut bytes = sound.clone();
        for _ in 0..=dice.below(4) {
            let place = dice.below(bytes.len());
            bytes[place] ^= 1 << dice.below(8);
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.db");
        std::fs::write(&path, &bytes).unwrap();
        match ask(&Location::Sqlite(path), bed.scope).await {
            Err(_) => refused += 1,
            Ok(answers) => {
                for (answer, expected) in answers.iter().zip(&expected) {
                    match answer {
                        Ok(answer) => assert_eq!(answer, expected, "seed {seed}"),
                        Err(_) => unreadable += 1,
                    }
                }
                right += 1;
            }
        }
    }
    assert!(refused + unreadable > 20 && right > 20, "{refused} {unreadable} {right}: too tame");
}

#[tokio::test]
async fn a_row_that_was_changed_behind_our_back_is_refused() {
    for bed in Bed::each("a_row_that_was_changed").await {
        fill(&bed).await;
        let change = "UPDATE alert SET phase = 'closed' WHERE slo = 'slo-3'";
        bed.records.writes.execute_unprepared(change).await.unwrap();
        let latest = bed.records.latest_alerts(bed.scope).await.unwrap();
        let (sound, damaged): (Vec<_>, Vec<_>) = latest.into_iter().partition(Result::is_ok);
        let [Err(Error::Corrupt { what: "alert", .. })] = &damaged[..] else {
            panic!("{damaged:?}");
        };
        assert!(sound.len() > 1, "the others are read: {sound:?}");
        let swap = "UPDATE setting SET value = 'value 29' WHERE key = 'key-1'";
        bed.records.writes.execute_unprepared(swap).await.unwrap();
        let setting = bed.records.setting(bed.scope, "key-1").await;
        assert!(matches!(setting, Err(Error::Corrupt { what: "setting", .. })), "{setting:?}");
        assert!(bed.records.setting(bed.scope, "key-2").await.is_ok());
        let promote = "UPDATE person SET role = 'viewer'";
        bed.records.writes.execute_unprepared(promote).await.unwrap();
        let people = bed.records.people(bed.scope).await;
        assert!(matches!(people, Err(Error::Corrupt { what: "person", .. })), "{people:?}");
    }
}
