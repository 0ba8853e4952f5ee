use plimsoll_domain::access::Role;

use super::bed::{Bed, at, conflicts};
use crate::records::{Person, Session, Token, Versioned, Write};

pub(super) fn token(bed: &Bed, role: Role, seconds: i64) -> Token {
    Token {
        id: bed.id(),
        name: "ci".to_owned(),
        role,
        secret_hash: vec![0, 1, 255],
        created_at: at(seconds),
        revoked_at: None,
    }
}

pub(super) fn person(bed: &Bed, name: &str) -> Person {
    Person {
        id: bed.id(),
        name: name.to_owned(),
        role: Role::Admin,
        password_hash: "$argon2id$…".to_owned(),
        created_at: at(0),
    }
}

#[tokio::test]
async fn a_token_is_revoked_once_and_stays_known() {
    for bed in Bed::each("a_token_is_revoked").await {
        let tokens: Vec<_> =
            (0..).zip(Role::ALL).map(|(second, role)| token(&bed, role, second)).collect();
        bed.commit(tokens.iter().cloned().map(Write::Token).collect()).await.unwrap();
        assert_eq!(bed.records.tokens(bed.scope).await.unwrap(), tokens);
        assert!(conflicts(&bed.commit(vec![Write::Token(tokens[0].clone())]).await));

        let id = tokens[0].id;
        bed.commit(vec![Write::RevokeToken { id, at: at(10) }]).await.unwrap();
        bed.commit(vec![Write::RevokeToken { id, at: at(20) }]).await.unwrap();
        let kept = bed.records.token(bed.scope, id).await.unwrap().unwrap();
        assert_eq!(kept, Token { revoked_at: Some(at(10)), ..tokens[0].clone() });
        assert_eq!(bed.records.token(bed.scope, tokens[1].id).await.unwrap().unwrap(), tokens[1]);

        let unknown = Write::RevokeToken { id: bed.id(), at: at(10) };
        assert!(conflicts(&bed.commit(vec![unknown]).await));
    }
}

#[tokio::test]
async fn a_person_is_changed_under_their_version_and_names_are_unique() {
    for bed in Bed::each("a_person_is_changed").await {
        let (ada, bob) = (person(&bed, "ada"), person(&bed, "bob"));
        let write = |expected, person: &Person| Write::Person {
            expected,
            person: person.clone(),
            at: at(0),
            salt: [1; 32],
        };
        let add = |person: &Person| write(None, person);
        bed.commit(vec![add(&ada), add(&bob)]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![add(&person(&bed, "ada"))]).await));
        assert_eq!(bed.records.people_count(bed.scope).await.unwrap(), 2);

        let renamed = Person { name: "bob".to_owned(), ..ada.clone() };
        let change = |version, person: &Person| vec![write(Some(version), person)];
        assert!(conflicts(&bed.commit(change(1, &renamed)).await));
        let changed = Person { password_hash: "new".to_owned(), role: Role::Viewer, ..ada.clone() };
        assert!(conflicts(&bed.commit(change(2, &changed)).await));
        bed.commit(change(1, &changed)).await.unwrap();

        let kept = Some(Versioned { value: changed, version: 2 });
        assert_eq!(bed.records.person_named(bed.scope, "ada").await.unwrap(), kept);
        assert_eq!(bed.records.person(bed.scope, ada.id).await.unwrap(), kept);
        assert_eq!(bed.records.person_named(bed.scope, "eve").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_session_lasts_until_it_is_ended() {
    for bed in Bed::each("a_session_lasts").await {
        let session = Session {
            id: bed.id(),
            person: bed.id(),
            secret_hash: vec![9; 32],
            created_at: at(0),
            expires_at: at(60),
        };
        let load = async || bed.records.session(bed.scope, session.id).await.unwrap();
        bed.commit(vec![Write::Session(session.clone())]).await.unwrap();
        assert_eq!(load().await.as_ref(), Some(&session));
        for _ in 0..2 {
            bed.commit(vec![Write::EndSession { id: session.id }]).await.unwrap();
            assert_eq!(load().await, None);
        }
    }
}

#[tokio::test]
async fn expired_sessions_are_removed_a_hundred_at_a_time() {
    for bed in Bed::each("expired_sessions_are_removed").await {
        let sessions: Vec<Session> = (0..150)
            .map(|second| Session {
                id: bed.id(),
                person: bed.id(),
                secret_hash: vec![9; 32],
                created_at: at(0),
                expires_at: at(second),
            })
            .collect();
        bed.commit(sessions.iter().cloned().map(Write::Session).collect()).await.unwrap();
        let left = async || {
            let mut left = 0;
            for session in &sessions {
                let kept = bed.records.session(bed.scope, session.id).await.unwrap();
                left += usize::from(kept.is_some());
            }
            left
        };
        let remove = async || {
            bed.commit(vec![Write::EndExpiredSessions { at: at(119) }]).await.unwrap();
        };
        remove().await;
        assert_eq!(left().await, 50);
        for _ in 0..2 {
            remove().await;
            assert_eq!(left().await, 30, "those that go on are left alone");
        }
    }
}
