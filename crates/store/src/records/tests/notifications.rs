use plimsoll_domain::alert::Transition;
use plimsoll_domain::id::NotificationId;
use plimsoll_domain::notify::{Attempt, ChannelName, Next, Notification, Progress};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::bed::{Bed, FIRST_PAGE, at, conflicts, name};
use crate::records::schema::notification;
use crate::records::{
    Balance, Claimed, Error, NotificationFilter, NotificationRecord, NotificationState, Write, rows,
};

const ACCEPTED: Attempt = Attempt::Accepted { http_status: 204 };

fn attempted(claimed: &Claimed, attempt: Attempt, next: Next) -> Write {
    Write::Attempted {
        claimed_epoch: claimed.epoch,
        notification: claimed.notification.id,
        number: claimed.attempt,
        at: at(100),
        attempt,
        next,
    }
}

fn supersede(claimed: &Claimed) -> Write {
    Write::Supersede {
        claimed_epoch: claimed.epoch,
        notification: claimed.notification.id,
        reason: "it is over".to_owned(),
    }
}

fn failed() -> Attempt {
    Attempt::failed("timed out")
}

async fn claim(bed: &Bed, now: i64, lease_until: i64, limit: u32) -> Vec<Claimed> {
    let claimed = bed.records.claim_notifications(bed.scope, at(now), at(lease_until), limit);
    claimed.await.unwrap()
}

fn ids(claimed: &[Claimed]) -> Vec<NotificationId> {
    claimed.iter().map(|claimed| claimed.notification.id).collect()
}

async fn owe(bed: &Bed, seconds: i64) -> Notification {
    let notification = bed.notification(at(seconds));
    bed.commit(vec![Write::Owe(notification.clone())]).await.unwrap();
    notification
}

async fn only_record(bed: &Bed) -> NotificationRecord {
    let listing =
        bed.records.notifications(bed.scope, &Default::default(), &FIRST_PAGE).await.unwrap();
    assert_eq!(listing.items.len(), 1);
    listing.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn owed_twice_is_one_row() {
    for bed in Bed::each("owed_twice").await {
        let notification = owe(&bed, 0).await;
        let again = Write::Owe(notification.clone());
        bed.commit(vec![again.clone(), again.clone()]).await.unwrap();
        let record = only_record(&bed).await;
        assert_eq!(record.notification, notification);
        assert_eq!(record.progress, Progress::Pending);
        assert_eq!(record.next_attempt_at, Some(at(0)));

        let claimed = claim(&bed, 0, 10, 9).await;
        bed.commit(vec![attempted(&claimed[0], ACCEPTED, Next::Done)]).await.unwrap();
        bed.commit(vec![again]).await.unwrap();
        assert_eq!(only_record(&bed).await.progress, Progress::Accepted);
    }
}

#[tokio::test]
async fn claims_come_freshest_first_and_once_until_the_lease_ends() {
    for bed in Bed::each("claims_come_freshest_first").await {
        let (old, mid, new) = (owe(&bed, 0).await, owe(&bed, 1).await, owe(&bed, 2).await);
        let later = owe(&bed, 300).await;

        assert_eq!(ids(&claim(&bed, 5, 15, 2).await), [new.id, mid.id]);
        assert_eq!(ids(&claim(&bed, 5, 15, 9).await), [old.id]);
        assert_eq!(ids(&claim(&bed, 14, 24, 9).await), []);
        let again = claim(&bed, 15, 25, 9).await;
        assert_eq!(ids(&again), [new.id, mid.id, old.id]);
        assert!(again.iter().all(|claimed| claimed.epoch == 2 && claimed.attempt == 1));
        assert_eq!(ids(&claim(&bed, 300, 310, 1).await), [later.id]);
    }
}

#[tokio::test]
async fn claims_made_at_once_never_share_a_notification() {
    for bed in Bed::each("claims_made_at_once").await {
        let mut owed = Vec::new();
        for seconds in 0..40 {
            owed.push(owe(&bed, seconds).await.id);
        }
        let elsewhere = bed.open_again().await;
        let mut claims = tokio::task::JoinSet::new();
        for worker in 0..12 {
            let records = if worker % 2 == 0 { &bed.records } else { &elsewhere }.clone();
            let scope = bed.scope;
            claims.spawn(async move {
                records.claim_notifications(scope, at(50), at(60), 5).await.unwrap()
            });
        }
        let mut claimed: Vec<_> = claims.join_all().await.iter().flat_map(|c| ids(c)).collect();
        claimed.extend(ids(&claim(&bed, 50, 60, 40).await));
        claimed.sort();
        owed.sort();
        assert_eq!(claimed, owed);
    }
}

#[tokio::test]
async fn an_attempt_under_a_lost_lease_conflicts() {
    for bed in Bed::each("an_attempt_under_a_lost_lease").await {
        owe(&bed, 0).await;
        let lost = claim(&bed, 0, 10, 1).await;
        let held = claim(&bed, 10, 20, 1).await;
        let late = attempted(&lost[0], failed(), Next::GiveUp("late".to_owned()));
        assert!(conflicts(&bed.commit(vec![late]).await));
        assert_eq!(only_record(&bed).await.attempts, []);

        let done = attempted(&held[0], ACCEPTED, Next::Done);
        bed.commit(vec![done.clone()]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![done]).await), "a claim is spent by its attempt");
        assert_eq!(only_record(&bed).await.attempts.len(), 1);
    }
}

#[tokio::test]
async fn an_unclaimed_lapsed_lease_still_records_its_attempt() {
    for bed in Bed::each("an_unclaimed_lapsed_lease").await {
        owe(&bed, 0).await;
        let claimed = claim(&bed, 0, 10, 1).await;
        bed.commit(vec![attempted(&claimed[0], ACCEPTED, Next::Done)]).await.unwrap();
        assert_eq!(only_record(&bed).await.attempts[0].at, at(100));
    }
}

#[tokio::test]
async fn a_retry_waits_for_its_time_and_counts_on() {
    for bed in Bed::each("a_retry_waits").await {
        owe(&bed, 0).await;
        let first = claim(&bed, 0, 10, 1).await;
        bed.commit(vec![attempted(&first[0], failed(), Next::RetryAt(at(30)))]).await.unwrap();
        let record = only_record(&bed).await;
        assert_eq!(record.progress, Progress::Pending);
        assert_eq!(record.next_attempt_at, Some(at(30)));
        assert_eq!(record.attempts[0].attempt, failed());

        assert_eq!(claim(&bed, 29, 39, 1).await, []);
        let second = claim(&bed, 30, 40, 1).await;
        assert_eq!(second[0].attempt, 2);
        bed.commit(vec![attempted(&second[0], ACCEPTED, Next::Done)]).await.unwrap();

        let record = only_record(&bed).await;
        assert_eq!(record.progress, Progress::Accepted);
        assert_eq!(record.next_attempt_at, None);
        let numbers: Vec<_> = record.attempts.iter().map(|attempt| attempt.number).collect();
        assert_eq!(numbers, [1, 2]);
        assert_eq!(claim(&bed, 9_999, 10_009, 1).await, []);
    }
}

#[tokio::test]
async fn what_is_given_up_says_why_and_is_never_claimed_again() {
    for bed in Bed::each("what_is_given_up").await {
        owe(&bed, 0).await;
        let claimed = claim(&bed, 0, 10, 1).await;
        let refused = Attempt::Refused { http_status: 410, answer: "gone".to_owned() };
        let give_up = attempted(&claimed[0], refused, Next::GiveUp("gone".to_owned()));
        bed.commit(vec![give_up]).await.unwrap();
        let reason = "gone".to_owned();
        assert_eq!(only_record(&bed).await.progress, Progress::Undeliverable { reason });
        assert_eq!(claim(&bed, 9_999, 10_009, 1).await, []);
    }
}

#[tokio::test]
async fn invariant_2_owed_is_accepted_and_superseded_and_undeliverable_and_pending() {
    for bed in Bed::each("invariant_2_balance").await {
        let balance = async || bed.records.notification_balance(bed.scope).await.unwrap();
        assert_eq!(balance().await, Balance::default());
        for seconds in 0..6 {
            owe(&bed, seconds).await;
        }
        let claimed = claim(&bed, 10, 20, 4).await;
        let done = |claimed| attempted(claimed, ACCEPTED, Next::Done);
        let gone = attempted(&claimed[2], failed(), Next::GiveUp("no".to_owned()));
        let again = attempted(&claimed[3], failed(), Next::RetryAt(at(99)));
        bed.commit(vec![done(&claimed[0]), done(&claimed[1]), gone, again]).await.unwrap();
        let late = claim(&bed, 30, 40, 1).await;
        bed.commit(vec![supersede(&late[0])]).await.unwrap();
        let expected =
            Balance { owed: 6, accepted: 2, superseded: 1, undeliverable: 1, pending: 2 };
        assert_eq!(balance().await, expected);
    }
}

#[tokio::test]
async fn the_next_time_is_the_earliest_pending_one() {
    for bed in Bed::each("the_next_time").await {
        let next = async || bed.records.next_notification_at(bed.scope, at(5)).await.unwrap();
        assert_eq!(next().await, None);
        owe(&bed, 5).await;
        owe(&bed, 3).await;
        assert_eq!(next().await, Some(at(3)));
        let claimed = claim(&bed, 5, 12, 9).await;
        assert_eq!(next().await, Some(at(12)), "a claim lapses with its lease");
        bed.commit(vec![attempted(&claimed[0], ACCEPTED, Next::Done)]).await.unwrap();
        let retry = attempted(&claimed[1], failed(), Next::RetryAt(at(40)));
        bed.commit(vec![retry]).await.unwrap();
        assert_eq!(next().await, Some(at(40)));
    }
}

/// A machine that boots a day ahead, fails an attempt, and has its clock put right.
#[tokio::test]
async fn what_a_clock_ahead_has_put_off_is_due_once_the_clock_is_right() {
    const DAY: i64 = 86_400;
    // Ten minutes between clocks, five of back-off, and a lease.
    const LATEST: i64 = 910;
    for bed in Bed::each("what_a_clock_ahead").await {
        let owed = owe(&bed, DAY).await;
        let ahead = claim(&bed, DAY, DAY + 10, 1).await;
        let retry = attempted(&ahead[0], failed(), Next::RetryAt(at(DAY + 60)));
        bed.commit(vec![retry]).await.unwrap();
        let next = async |now| bed.records.next_notification_at(bed.scope, at(now)).await.unwrap();
        assert_eq!(next(DAY).await, Some(at(DAY + 60)));
        assert_eq!(next(0).await, Some(at(10)), "it is looked for");
        assert_eq!(next(DAY + 60 - LATEST).await, Some(at(DAY + 60)), "that far it may wait");

        assert_eq!(ids(&claim(&bed, DAY + 60 - LATEST, DAY, 9).await), []);
        assert_eq!(ids(&claim(&bed, 0, 10, 9).await), [owed.id]);
        assert_eq!(next(0).await, Some(at(10)), "its lease ends");
        assert_eq!(ids(&claim(&bed, 9, 19, 9).await), []);
    }
}

#[tokio::test]
async fn one_that_cannot_be_read_does_not_hold_up_the_others() {
    for bed in Bed::each("one_that_cannot_be_read").await {
        let unreadable = owe(&bed, 1).await;
        let sound = owe(&bed, 0).await;
        let newer = r#"UPDATE notification SET body = '{"v":2,"body":{}}' WHERE created_at = "#;
        let newer = format!("{newer}{}", unreadable.created_at.as_microsecond());
        bed.records.writes.execute_unprepared(&newer).await.unwrap();

        assert_eq!(ids(&claim(&bed, 5, 15, 1).await), [], "its lease makes room for the next");
        assert_eq!(ids(&claim(&bed, 5, 15, 1).await), [sound.id]);
        let balance = bed.records.notification_balance(bed.scope).await.unwrap();
        assert_eq!(balance.pending, 2);
        let listed = bed.records.notifications(bed.scope, &Default::default(), &FIRST_PAGE).await;
        assert!(matches!(listed, Err(Error::Corrupt { what: "notification", .. })));
    }
}

#[tokio::test]
async fn notifications_are_listed_by_alert() {
    for bed in Bed::each("notifications_are_listed_by_alert").await {
        let (first, second) = (owe(&bed, 0).await, owe(&bed, 1).await);
        let of = async |alert| {
            let filter = NotificationFilter { alert, ..Default::default() };
            let listing = bed.records.notifications(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            listing.items.into_iter().map(|r| r.notification.id).collect::<Vec<_>>()
        };
        assert_eq!(of(None).await, [second.id, first.id]);
        assert_eq!(of(Some(first.alert)).await, [first.id]);
    }
}

/// The answer of a receiver is its own choice of bytes.
#[tokio::test]
async fn a_reason_that_no_database_takes_as_it_is_is_kept_all_the_same() {
    for bed in Bed::each("a_reason_that_no_database_takes").await {
        owe(&bed, 0).await;
        let claimed = claim(&bed, 0, 10, 1).await;
        let gave_up = Next::GiveUp("it said a\0b".to_owned());
        bed.commit(vec![attempted(&claimed[0], failed(), gave_up)]).await.unwrap();
        let Progress::Undeliverable { reason } = only_record(&bed).await.progress else { panic!() };
        assert_eq!(reason, "it said a\u{fffd}b");
    }
}

/// Two versions work on one database: what the older cannot read, the newer will.
#[tokio::test]
async fn a_notification_of_a_newer_program_is_put_off_and_stays_sound() {
    for bed in Bed::each("a_notification_of_a_newer").await {
        owe(&bed, 0).await;
        let kept = notification::Entity::find().one(&bed.records.writes).await.unwrap().unwrap();
        let body = kept.body.replacen("\"v\":1", "\"v\":3", 1);
        let newer = rows::summed(notification::Model { body, ..kept.clone() });
        newer.into_active_model().reset_all().update(&bed.records.writes).await.unwrap();
        assert_eq!(claim(&bed, 0, 10, 1).await, []);
        let off = notification::Entity::find().one(&bed.records.writes).await.unwrap().unwrap();
        assert_eq!(off.wake_at, Some(at(10).as_microsecond()));
        assert!(rows::verified(off).is_ok(), "its program still takes it for its own");
    }
}

fn over(bed: &Bed, receiver: &str, channel: &ChannelName, seconds: i64) -> Notification {
    let alert = bed.alert("checkout-availability", at(seconds));
    Notification::new(&alert, Transition::Opened, &name(receiver), channel, at(seconds))
}

#[tokio::test]
async fn what_is_no_longer_news_ends_with_its_reason_under_its_claim_alone() {
    for bed in Bed::each("what_is_no_longer_news").await {
        owe(&bed, 0).await;
        assert_eq!(only_record(&bed).await.claims_open, 0);
        let lost = claim(&bed, 0, 10, 1).await;
        let held = claim(&bed, 10, 20, 1).await;
        assert_eq!(only_record(&bed).await.claims_open, 2, "the first may have been sent");
        assert!(conflicts(&bed.commit(vec![supersede(&lost[0])]).await));
        bed.commit(vec![supersede(&held[0])]).await.unwrap();
        let record = only_record(&bed).await;
        let reason = "it is over".to_owned();
        assert_eq!(record.progress, Progress::Superseded { reason });
        assert_eq!((record.next_attempt_at, record.claims_open), (None, 1));
        assert!(conflicts(&bed.commit(vec![supersede(&held[0])]).await));
        assert!(conflicts(&bed.commit(vec![attempted(&held[0], ACCEPTED, Next::Done)]).await));
        assert_eq!(claim(&bed, 9_999, 10_009, 1).await, []);
    }
}

#[tokio::test]
async fn notifications_are_found_by_receiver_channel_state_and_time() {
    for bed in Bed::each("notifications_are_found_by").await {
        let chat = ChannelName::NamedWebhook(name("chat"));
        let owed = [
            over(&bed, "pager", &ChannelName::Webhook, 0),
            over(&bed, "pager", &chat, 1),
            over(&bed, "pager", &ChannelName::Email, 2),
            over(&bed, "mail", &ChannelName::Email, 3),
        ];
        bed.commit(owed.clone().map(Write::Owe).into()).await.unwrap();
        let first = claim(&bed, 3, 13, 1).await;
        bed.commit(vec![attempted(&first[0], ACCEPTED, Next::Done)]).await.unwrap();
        let found = async |filter: NotificationFilter| {
            let listing = bed.records.notifications(bed.scope, &filter, &FIRST_PAGE).await.unwrap();
            let place = |id| owed.iter().position(|owed| owed.id == id).unwrap();
            listing.items.iter().map(|r| place(r.notification.id)).collect::<Vec<_>>()
        };
        let any = NotificationFilter::default;
        let receiver = |text| Some(name(text));
        assert_eq!(found(any()).await, [3, 2, 1, 0]);
        let pager = NotificationFilter { receiver: receiver("pager"), ..any() };
        assert_eq!(found(pager.clone()).await, [2, 1, 0]);
        assert_eq!(found(NotificationFilter { channel: Some(chat), ..pager }).await, [1]);
        let channel = Some(ChannelName::Email);
        assert_eq!(found(NotificationFilter { channel, ..any() }).await, [3, 2]);
        let state = Some(NotificationState::Accepted);
        assert_eq!(found(NotificationFilter { state, ..any() }).await, [3]);
        let (from, to) = (Some(at(1)), Some(at(3)));
        assert_eq!(found(NotificationFilter { from, to, ..any() }).await, [2, 1]);
        let nobody = NotificationFilter { receiver: receiver("nobody"), ..any() };
        assert!(found(nobody).await.is_empty());

        let balances = bed.records.channel_balances(bed.scope).await.unwrap();
        let lines: Vec<_> = balances
            .iter()
            .map(|b| format!("{} {} {}", b.receiver, b.channel, b.balance.accepted))
            .collect();
        assert_eq!(
            lines,
            ["mail email 1", "pager email 0", "pager webhook 0", "pager webhook:chat 0"]
        );
        assert!(balances.iter().all(|line| line.balance.owed == 1));
    }
}

/// A program of before there were channels works on the same database.
#[tokio::test]
async fn what_an_older_program_can_deliver_is_stored_as_it_stores_it() {
    for bed in Bed::each("what_an_older_program").await {
        let plain = over(&bed, "pager", &ChannelName::Webhook, 0);
        let mailed = over(&bed, "pager", &ChannelName::Email, 1);
        let reminder = plain.again(&plain.snapshot, at(2));
        bed.commit([&plain, &mailed, &reminder].map(|n| Write::Owe(n.clone())).into())
            .await
            .unwrap();
        let db = &bed.records.writes;
        let all = notification::Entity::find().all(db).await.unwrap();
        let version = |of: &Notification| {
            let row = all.iter().find(|row| row.id == of.id.uuid()).unwrap();
            row.body[..6].to_owned()
        };
        assert_eq!([&plain, &mailed, &reminder].map(version), ["{\"v\":1", "{\"v\":2", "{\"v\":2"]);

        // It knows no columns to find rows by, and its rows have none until they are claimed or the
        // records are opened again; their checksums are sound all the same.
        let forget = "UPDATE notification SET by_receiver = NULL, by_channel = NULL";
        db.execute_unprepared(forget).await.unwrap();
        assert_eq!(bed.records.channel_balances(bed.scope).await.unwrap(), []);
        let claimed = claim(&bed, 0, 10, 1).await;
        assert_eq!(ids(&claimed), [plain.id]);
        assert_eq!(bed.records.channel_balances(bed.scope).await.unwrap().len(), 1);
        let again = bed.open_again().await;
        assert_eq!(again.channel_balances(bed.scope).await.unwrap().len(), 2);

        let wrong = "UPDATE notification SET by_receiver = 'other'";
        db.execute_unprepared(wrong).await.unwrap();
        let listed = bed.records.notifications(bed.scope, &Default::default(), &FIRST_PAGE).await;
        assert!(matches!(listed, Err(Error::Corrupt { what: "notification", .. })), "{listed:?}");
    }
}

#[tokio::test]
async fn what_a_mail_server_answered_comes_back() {
    for bed in Bed::each("what_a_mail_server_answered").await {
        owe(&bed, 0).await;
        let claimed = claim(&bed, 0, 10, 1).await;
        let mailed = Attempt::Mailed { reply_code: 250, answer: "queued as 7F".to_owned() };
        bed.commit(vec![attempted(&claimed[0], mailed.clone(), Next::Done)]).await.unwrap();
        assert_eq!(only_record(&bed).await.attempts[0].attempt, mailed);
    }
}
