use std::collections::BTreeSet;

use plimsoll_domain::access::{Permission, Principal, Role};
use plimsoll_domain::catalog::Name;

use super::bed::{Bed, FIRST_PAGE, at, clashes, conflicts};
use crate::records::{
    Clash, Entry, EntryFilter, Membership, PageRequest, PasswordLink, Person, Read, Session, Token,
    Versioned, Write,
};

pub(super) fn token(bed: &Bed, role: Role, seconds: i64) -> Token {
    Token {
        id: bed.id(),
        name: "ci".to_owned(),
        role,
        secret_hash: vec![0, 1, 255],
        created_at: at(seconds),
        revoked_at: None,
        team: None,
        scopes: None,
        expires_at: None,
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
        let taken = |name: &str| Clash::NameTaken(name.to_owned());
        assert!(clashes(&bed.commit(vec![add(&person(&bed, "ada"))]).await, &taken("ada")));
        assert_eq!(bed.records.people_count(bed.scope).await.unwrap(), 2);

        let renamed = Person { name: "bob".to_owned(), ..ada.clone() };
        let change = |version, person: &Person| vec![write(Some(version), person)];
        assert!(clashes(&bed.commit(change(1, &renamed)).await, &taken("bob")));
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

fn add(person: &Person) -> Write {
    Write::Person { expected: None, person: person.clone(), at: at(0), salt: [1; 32] }
}

#[tokio::test]
async fn a_token_keeps_its_limits_and_when_it_was_last_used() {
    for bed in Bed::each("a_token_keeps_its_limits").await {
        let limited = Token {
            team: Some(Name::parse("shop").unwrap()),
            scopes: Some(BTreeSet::from([Permission::Read, Permission::DecideRelease])),
            expires_at: Some(at(1_000)),
            ..token(&bed, Role::Responder, 0)
        };
        let nothing = Token { scopes: Some(BTreeSet::new()), ..token(&bed, Role::Admin, 1) };
        let tokens = vec![limited, nothing];
        bed.commit(tokens.iter().cloned().map(Write::Token).collect()).await.unwrap();
        assert_eq!(bed.records.tokens(bed.scope).await.unwrap(), tokens);

        let used = async || bed.records.token_uses(bed.scope).await.unwrap();
        assert!(used().await.is_empty());
        let id = tokens[0].id;
        for (noted, expected) in [(5, 5), (9, 9), (7, 9)] {
            bed.commit(vec![Write::TokensUsed(vec![(id, at(noted))])]).await.unwrap();
            assert_eq!(used().await.into_iter().collect::<Vec<_>>(), [(id, at(expected))]);
        }
    }
}

#[tokio::test]
async fn people_join_teams_and_are_out_of_them_once_erased() {
    for bed in Bed::each("people_join_teams").await {
        let (ada, bob) = (person(&bed, "ada"), person(&bed, "bob"));
        bed.commit(vec![add(&ada), add(&bob)]).await.unwrap();
        let member = |team: &str, person: &Person, role| Membership {
            team: Name::parse(team).unwrap(),
            person: person.id,
            role,
            since: at(3),
        };
        let join = |member: &Membership| Write::Join(member.clone());
        let first = member("shop", &ada, Role::Responder);
        let (other, third) = (member("pay", &ada, Role::Admin), member("shop", &bob, Role::Viewer));
        bed.commit(vec![join(&first), join(&other), join(&third)]).await.unwrap();
        let raised = member("shop", &ada, Role::Editor);
        bed.commit(vec![join(&raised)]).await.unwrap();
        let of =
            async |person: &Person| bed.records.memberships_of(bed.scope, person.id).await.unwrap();
        assert_eq!(of(&ada).await, [other.clone(), raised.clone()]);
        assert_eq!(bed.records.memberships(bed.scope).await.unwrap().len(), 3);

        let leave = || Write::Leave { team: other.team.clone(), person: ada.id };
        bed.commit(vec![leave()]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![leave()]).await));
        assert_eq!(of(&ada).await, [raised]);
        bed.commit(vec![Write::ErasePerson { id: ada.id }]).await.unwrap();
        assert_eq!(bed.records.memberships(bed.scope).await.unwrap(), [third]);
        assert!(conflicts(&bed.commit(vec![join(&first)]).await), "nobody joins once erased");
    }
}

#[tokio::test]
async fn a_link_is_used_once_and_a_new_one_takes_its_place() {
    for bed in Bed::each("a_link_is_used_once").await {
        let ada = person(&bed, "ada");
        let link = |hash: u8| PasswordLink {
            person: ada.id,
            secret_hash: vec![hash; 32],
            created_at: at(0),
            expires_at: at(60),
        };
        assert!(conflicts(&bed.commit(vec![Write::PasswordLink(link(1))]).await));
        bed.commit(vec![add(&ada), Write::PasswordLink(link(1))]).await.unwrap();
        bed.commit(vec![Write::PasswordLink(link(2))]).await.unwrap();
        let kept = async || bed.records.password_link(bed.scope, ada.id).await.unwrap();
        assert_eq!(kept().await, Some(link(2)));
        assert!(conflicts(&bed.commit(vec![Write::UsePasswordLink(link(1))]).await));
        bed.commit(vec![Write::UsePasswordLink(link(2))]).await.unwrap();
        assert!(conflicts(&bed.commit(vec![Write::UsePasswordLink(link(2))]).await));
        assert_eq!(kept().await, None);
    }
}

#[tokio::test]
async fn the_last_admin_is_known_as_such() {
    for bed in Bed::each("the_last_admin").await {
        let (ada, bob) = (person(&bed, "ada"), person(&bed, "bob"));
        let eve = Person { role: Role::Editor, ..person(&bed, "eve") };
        bed.commit(vec![add(&ada), add(&bob), add(&eve)]).await.unwrap();
        let step_down = async |person: &Person| {
            let lesser = Person { role: Role::Viewer, ..person.clone() };
            let write =
                Write::Person { expected: Some(1), person: lesser, at: at(1), salt: [2; 32] };
            bed.commit_reckoned(vec![Read::OtherAdmin { than: person.id }], vec![write]).await
        };
        step_down(&bob).await.unwrap();
        let last = step_down(&ada).await;
        assert!(clashes(&last, &Clash::LastAdmin(ada.id)), "{last:?}");
        // An editor is none, whoever else is.
        assert!(step_down(&eve).await.is_ok());
        // Whoever became one since they were looked at is one.
        let raised = Person { role: Role::Admin, ..bob.clone() };
        let lesser = Person { role: Role::Viewer, ..ada.clone() };
        let write = |expected, person| Write::Person { expected, person, at: at(2), salt: [3; 32] };
        bed.commit(vec![write(Some(2), raised), write(Some(1), lesser)]).await.unwrap();
        let erase = async |person: &Person| {
            let write = Write::ErasePerson { id: person.id };
            bed.commit_reckoned(vec![Read::OtherAdmin { than: person.id }], vec![write]).await
        };
        assert!(clashes(&erase(&bob).await, &Clash::LastAdmin(bob.id)));
        assert!(erase(&ada).await.is_ok(), "a viewer by now");
    }
}

#[tokio::test]
async fn who_is_no_admin_can_go_where_there_is_none() {
    for bed in Bed::each("who_is_no_admin").await {
        let eve = Person { role: Role::Viewer, ..person(&bed, "eve") };
        bed.commit(vec![add(&eve)]).await.unwrap();
        let reads = vec![Read::OtherAdmin { than: eve.id }];
        let erased = bed.commit_reckoned(reads, vec![Write::ErasePerson { id: eve.id }]).await;
        assert!(erased.is_ok(), "{erased:?}");
    }
}

#[tokio::test]
async fn no_session_begins_of_a_person_who_has_changed_since() {
    for bed in Bed::each("no_session_begins").await {
        let ada = person(&bed, "ada");
        bed.commit(vec![add(&ada)]).await.unwrap();
        let begin = async |version| {
            let session = Session {
                id: bed.id(),
                person: ada.id,
                secret_hash: vec![9; 32],
                created_at: at(1),
                expires_at: at(100),
            };
            let reads = vec![Read::Person { id: ada.id, version }];
            bed.commit_reckoned(reads, vec![Write::Session(session)]).await
        };
        begin(1).await.unwrap();
        let changed = Person { password_hash: "new".to_owned(), ..ada.clone() };
        let change = Write::Person { expected: Some(1), person: changed, at: at(2), salt: [2; 32] };
        let end = Write::EndSessionsOf { person: ada.id, but: None };
        bed.commit(vec![change, end]).await.unwrap();
        assert!(conflicts(&begin(1).await));
        assert_eq!(bed.records.sessions_of(bed.scope, ada.id).await.unwrap(), []);
        begin(2).await.unwrap();
        bed.commit(vec![Write::ErasePerson { id: ada.id }]).await.unwrap();
        assert!(conflicts(&begin(2).await), "nor of one who is gone");
    }
}

#[tokio::test]
async fn sessions_of_a_person_end_together_but_for_one() {
    for bed in Bed::each("sessions_of_a_person").await {
        let (ada, bob) = (person(&bed, "ada"), person(&bed, "bob"));
        let session = |person: &Person, second| Session {
            id: bed.id(),
            person: person.id,
            secret_hash: vec![9; 32],
            created_at: at(second),
            expires_at: at(100),
        };
        let sessions = [session(&ada, 1), session(&ada, 2), session(&bob, 3)];
        bed.commit(sessions.iter().cloned().map(Write::Session).collect()).await.unwrap();
        let of =
            async |person: &Person| bed.records.sessions_of(bed.scope, person.id).await.unwrap();
        assert_eq!(of(&ada).await, [sessions[1].clone(), sessions[0].clone()]);
        let end = |but| Write::EndSessionsOf { person: ada.id, but };
        bed.commit(vec![end(Some(sessions[0].id))]).await.unwrap();
        assert_eq!(of(&ada).await, [sessions[0].clone()]);
        bed.commit(vec![end(None)]).await.unwrap();
        assert_eq!(of(&ada).await, []);
        assert_eq!(of(&bob).await, [sessions[2].clone()]);
    }
}

#[tokio::test]
async fn the_audit_log_has_what_somebody_did_newest_first() {
    for bed in Bed::each("the_audit_log_has").await {
        let ada = person(&bed, "ada");
        bed.commit(vec![add(&ada)]).await.unwrap();
        let by = |id| Some(Principal::Person { id, name: "ada".to_owned() });
        let system = Principal::System { part: Name::parse("scrape").unwrap() };
        let entry = |second, subject: &str, actor: Option<Principal>| Entry {
            id: bed.id(),
            subject: subject.to_owned(),
            at: at(second),
            event: "done".to_owned(),
            message: format!("number {second}"),
            actor,
        };
        let entries = [
            entry(1, "a", by(ada.id)),
            entry(2, "b", None),
            entry(3, "b", Some(system)),
            entry(4, "b", by(ada.id)),
            entry(5, "a", by(bed.id())),
        ];
        bed.commit(entries.iter().cloned().map(Write::Entry).collect()).await.unwrap();
        let ask = async |filter: EntryFilter| {
            let page = PageRequest { limit: 2, cursor: None };
            let first = bed.records.audit_log(bed.scope, &filter, &page).await.unwrap();
            let mut items = first.items;
            let mut cursor = first.next_cursor;
            while let Some(next) = cursor {
                let page = PageRequest { limit: 2, cursor: Some(next) };
                let more = bed.records.audit_log(bed.scope, &filter, &page).await.unwrap();
                items.extend(more.items);
                cursor = more.next_cursor;
            }
            items.iter().map(|entry| entry.at.as_second() - at(0).as_second()).collect::<Vec<_>>()
        };
        assert_eq!(ask(EntryFilter::default()).await, [5, 4, 3, 1]);
        let by_ada = EntryFilter { actor: Some(ada.id.to_string()), ..EntryFilter::default() };
        assert_eq!(ask(by_ada).await, [4, 1]);
        let about = EntryFilter { subject: Some("b".to_owned()), ..EntryFilter::default() };
        assert_eq!(ask(about).await, [4, 3]);
        let between = EntryFilter { from: Some(at(3)), to: Some(at(5)), ..EntryFilter::default() };
        assert_eq!(ask(between).await, [4, 3]);
        let all = EntryFilter::default();
        let listed = bed.records.audit_log(bed.scope, &all, &FIRST_PAGE).await.unwrap();
        assert_eq!(listed.items[1].actor, by(ada.id), "people by their names");
    }
}
