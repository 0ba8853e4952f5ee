use std::collections::BTreeSet;

use plimsoll_domain::access::Permission;

use super::bed::{Bed, at, conflicts, name};
use crate::records::{Answer, Message, Webhook, Write};

pub(super) fn webhook(bed: &Bed) -> Webhook {
    Webhook {
        id: bed.id(),
        name: "ci".to_owned(),
        team: Some(name("shop")),
        scopes: BTreeSet::from([Permission::RecordDeployment, Permission::DecideRelease]),
        generation: 1,
        former_until: None,
        created_at: at(0),
        expires_at: Some(at(99)),
        revoked_at: None,
    }
}

/// The same with its next secret.
pub(super) fn next(webhook: &Webhook) -> Webhook {
    let generation = webhook.generation + 1;
    Webhook { generation, former_until: Some(at(50)), ..webhook.clone() }
}

pub(super) fn message(webhook: &Webhook, id: &str, second: i64) -> Message {
    Message {
        webhook: webhook.id,
        id: id.to_owned(),
        digest: Some(vec![7; 32]),
        taken_at: at(second),
        answer: None,
    }
}

#[tokio::test]
async fn a_sender_is_changed_from_its_generation_and_not_once_revoked() {
    for bed in Bed::each("a_sender_is_changed").await {
        let first = webhook(&bed);
        let write = |expected, webhook: &Webhook| {
            vec![Write::Webhook { expected, webhook: webhook.clone() }]
        };
        bed.commit(write(None, &first)).await.unwrap();
        assert!(conflicts(&bed.commit(write(None, &first)).await));
        let second = next(&first);
        bed.commit(write(Some(1), &second)).await.unwrap();
        assert!(conflicts(&bed.commit(write(Some(1), &second)).await));
        let kept = async || bed.records.webhook(bed.scope, first.id).await.unwrap();
        assert_eq!(kept().await.as_ref(), Some(&second));
        let revoked = Webhook { revoked_at: Some(at(7)), ..second.clone() };
        bed.commit(write(Some(2), &revoked)).await.unwrap();
        assert!(conflicts(&bed.commit(write(Some(2), &second)).await), "it stays revoked");
        assert_eq!(bed.records.webhooks(bed.scope).await.unwrap(), [revoked]);
    }
}

#[tokio::test]
async fn a_message_is_taken_once_until_it_is_given_back_or_forgotten() {
    for bed in Bed::each("a_message_is_taken_once").await {
        let webhook = webhook(&bed);
        let take = |expected: Option<i64>, id: &str, second| Write::TakeMessage {
            expected: expected.map(at),
            message: message(&webhook, id, second),
        };
        let kept = async |id: &str| {
            bed.records.webhook_message(bed.scope, (webhook.id, id)).await.unwrap()
        };
        bed.commit(vec![take(None, "a", 1)]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![take(None, "a", 2)]).await), "it is at work");
        assert_eq!(kept("a").await, Some(message(&webhook, "a", 1)));

        // Taken over from who did not answer, who then settles nothing; without a digest by a
        // program that knows of none.
        let undigested = |second| Message { digest: None, ..message(&webhook, "a", second) };
        let over = Write::TakeMessage { expected: Some(at(1)), message: undigested(100) };
        bed.commit(vec![over]).await.unwrap();
        assert_eq!(kept("a").await, Some(undigested(100)));
        bed.commit(vec![take(Some(100), "a", 200)]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![take(Some(1), "a", 201)]).await));
        let answer = |second, body: &[u8]| Message {
            answer: Some(Answer { status: 201, body: body.to_vec() }),
            ..message(&webhook, "a", second)
        };
        bed.commit(vec![Write::SettleMessage(answer(1, b"late"))]).await.unwrap();
        bed.commit(vec![Write::SettleMessage(message(&webhook, "a", 1))]).await.unwrap();
        assert_eq!(kept("a").await, Some(message(&webhook, "a", 200)));
        bed.commit(vec![Write::SettleMessage(answer(200, b"done"))]).await.unwrap();
        assert_eq!(kept("a").await, Some(answer(200, b"done")));
        assert!(conflicts(&bed.commit(vec![take(Some(200), "a", 400)]).await), "it is answered");
        bed.commit(vec![Write::SettleMessage(answer(200, b"again"))]).await.unwrap();
        assert_eq!(kept("a").await, Some(answer(200, b"done")), "the first answer stands");

        // Given back it can be taken again.
        bed.commit(vec![take(None, "b", 300)]).await.unwrap();
        bed.commit(vec![Write::SettleMessage(message(&webhook, "b", 300))]).await.unwrap();
        bed.commit(vec![take(None, "b", 301)]).await.unwrap();
        assert_eq!(kept("b").await, Some(message(&webhook, "b", 301)));

        bed.commit(vec![Write::ForgetMessages { before: at(300) }]).await.unwrap();
        assert_eq!((kept("a").await, kept("b").await.is_some()), (None, true));
    }
}
