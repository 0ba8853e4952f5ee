use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Denied, Grants, Permission, Reach, Role};
use crate::catalog::Name;

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn any_grants() -> impl Strategy<Value = Grants> {
    let role = || prop::sample::select(Role::ALL.to_vec());
    let teams =
        prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c"]), role(), 0..3);
    let scopes: Vec<Permission> = Permission::scopes().collect();
    let scopes = prop::option::of(prop::sample::subsequence(scopes.clone(), 0..=scopes.len()));
    (role(), teams, scopes).prop_map(|(role, teams, scopes)| Grants {
        role,
        teams: teams.into_iter().map(|(team, role)| (name(team), role)).collect(),
        scopes: scopes.map(|scopes| scopes.into_iter().collect()),
    })
}

#[test]
fn every_permission_has_a_word_of_its_own() {
    let words: BTreeSet<&str> = Permission::ALL.into_iter().map(Permission::as_str).collect();
    assert_eq!(words.len(), Permission::ALL.len());
    for scope in Permission::scopes() {
        assert_eq!(Permission::parse_scope(scope.as_str()), Some(scope));
    }
    assert_eq!(Permission::parse_scope("public"), None);
    assert_eq!(Permission::parse_scope("myself"), None);
}

#[test]
fn a_role_in_a_team_helps_with_what_it_owns_and_nothing_else() {
    let grants =
        Grants { teams: BTreeMap::from([(name("shop"), Role::Admin)]), ..Grants::of(Role::Viewer) };
    let (shop, pay) = (name("shop"), name("pay"));
    for permission in Permission::ALL {
        let for_viewers = permission.least_role().is_none_or(|least| least == Role::Viewer);
        let of_team = permission.reach() == Reach::Team;
        assert_eq!(grants.check(permission, Some(&shop)).is_ok(), for_viewers || of_team);
        assert_eq!(grants.check(permission, Some(&pay)).is_ok(), for_viewers);
        assert_eq!(grants.check(permission, None).is_ok(), for_viewers);
        assert_eq!(grants.check_somewhere(permission).is_ok(), for_viewers || of_team);
    }
    let denied = grants.check(Permission::RecordDeployment, Some(&pay)).unwrap_err();
    assert_eq!(
        denied.to_string(),
        "this needs the role `responder` for what the team `pay` owns, and you have `viewer`"
    );
}

#[test]
fn scopes_limit_everything_but_asking_who_one_is() {
    let scopes = Some(BTreeSet::from([Permission::WriteTelemetry]));
    let grants = Grants { scopes, ..Grants::of(Role::Admin) };
    for permission in Permission::ALL {
        let free = matches!(
            permission,
            Permission::Public | Permission::Myself | Permission::WriteTelemetry
        );
        let expected = if free { Ok(()) } else { Err(Denied::Scope(permission)) };
        assert_eq!(grants.check(permission, None), expected);
        assert_eq!(grants.check_somewhere(permission), expected);
    }
}

#[test]
fn scopes_give_nothing_that_the_role_does_not() {
    let scopes = Some(Permission::scopes().collect());
    let grants = Grants { scopes, ..Grants::of(Role::Viewer) };
    let denied = grants.check(Permission::WriteTelemetry, None);
    let expected = Denied::Role { needed: Role::Responder, has: Role::Viewer, team: None };
    assert_eq!(denied, Err(expected));
}

proptest! {
    /// Whatever covered grants allow, those that cover them allow, too.
    #[test]
    fn nobody_gives_away_more_than_they_have(giver in any_grants(), given in any_grants()) {
        if giver.cover(&given) {
            for permission in Permission::ALL {
                for team in [None, Some(name("a")), Some(name("b")), Some(name("c")), Some(name("d"))] {
                    if given.check(permission, team.as_ref()).is_ok() {
                        prop_assert!(giver.check(permission, team.as_ref()).is_ok());
                    }
                }
            }
        }
    }

    /// And grants that allow the same cover each other.
    #[test]
    fn everybody_covers_what_they_have(grants in any_grants()) {
        prop_assert!(grants.cover(&grants));
        prop_assert!(Grants::of(Role::Admin).cover(&grants));
    }

    /// What is granted for something is granted somewhere.
    #[test]
    fn the_first_look_lets_through_what_the_second_grants(grants in any_grants()) {
        for permission in Permission::ALL {
            for team in [None, Some(name("a")), Some(name("d"))] {
                if grants.check(permission, team.as_ref()).is_ok() {
                    prop_assert_eq!(grants.check_somewhere(permission), Ok(()));
                }
            }
        }
    }
}
