//! Teams: what they own, and who is in them as what.
//!
//! A team is there when a Group defines it or somebody names it as an owner; who is in it is kept
//! apart from definitions, since people can be erased and definitions are in git.

use std::collections::BTreeMap;

use plimsoll_api::v1;
use plimsoll_api::v1::access::{Member, NewMember, Team};
use plimsoll_domain::access::{Grants, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::PersonId;
use plimsoll_store::{CommitError, Membership, Write};

use super::access::Caller;
use super::people::{self, Names};
use super::{Changed, Failure, State, audit, name};

/// All teams.
pub(crate) async fn list(state: &State) -> Result<v1::Page<Team>, Failure> {
    let items = all(state).await?.into_values().collect();
    Ok(v1::Page { items, next_cursor: None })
}

/// One team.
pub(crate) async fn get(state: &State, team: &str) -> Result<Team, Failure> {
    let found = all(state).await?.remove(&name("team", team)?);
    found.ok_or_else(|| Failure::not_found("team", team))
}

async fn all(state: &State) -> Result<BTreeMap<Name, Team>, Failure> {
    let definitions = state.definitions();
    let names = Names::load(state).await?;
    let mut teams: BTreeMap<Name, Team> = BTreeMap::new();
    for team in definitions.teams.values() {
        let entry = teams.entry(team.name.clone()).or_insert_with(|| empty(&team.name));
        entry.defined = true;
        entry.display_name.clone_from(&team.display_name);
    }
    for service in definitions.services.values() {
        let Some(owner) = &service.owner else { continue };
        let team = teams.entry(owner.clone()).or_insert_with(|| empty(owner));
        team.services.push(service.name.to_string());
    }
    for member in state.records.memberships(state.scope).await? {
        let team = teams.entry(member.team.clone()).or_insert_with(|| empty(&member.team));
        let id = member.person.to_string();
        let role = member.role.as_str().to_owned();
        team.members.push(Member { name: names.of(&id), id, role, since: member.since });
    }
    teams.values_mut().for_each(|team| team.members.sort_by(|a, b| a.name.cmp(&b.name)));
    Ok(teams)
}

fn empty(name: &Name) -> Team {
    Team {
        name: name.to_string(),
        display_name: None,
        defined: false,
        services: Vec::new(),
        members: Vec::new(),
    }
}

/// Puts somebody into a team, or makes them something else there.
pub(crate) async fn join(
    state: &State,
    caller: &Caller,
    (team, person): (Name, PersonId),
    new: &NewMember,
) -> Result<Team, Failure> {
    let now = state.world.now();
    get(state, team.as_str()).await?;
    people::load(state, person).await?;
    let role = people::role(&new.role)?;
    let before = state.records.memberships_of(state.scope, person).await?;
    let before = before.iter().find(|member| member.team == team).map(|member| member.role);
    if before != Some(role) {
        let given = before.map_or(role, |before| before.max(role));
        caller.may_give(&in_team(&team, given))?;
        let message = format!("{person} is {} of the team {team}", role.as_str());
        let line = audit::line(state, now, caller, subject(&team), "member_set", message);
        let member = Membership { team: team.clone(), person, role, since: now };
        let changed = [Changed::new("person", person)];
        state.commit(vec![Write::Join(member), line], changed).await?;
    }
    get(state, team.as_str()).await
}

/// Takes somebody out of a team.
pub(crate) async fn leave(
    state: &State,
    caller: &Caller,
    (team, person): (Name, PersonId),
) -> Result<(), Failure> {
    let now = state.world.now();
    let member = state.records.memberships_of(state.scope, person).await?;
    if let Some(member) = member.iter().find(|member| member.team == team) {
        caller.may_give(&in_team(&team, member.role))?;
    }
    let message = format!("{person} is no longer in the team {team}");
    let line = audit::line(state, now, caller, subject(&team), "member_removed", message);
    let changed = [Changed::new("person", person)];
    let committed = state.commit(vec![Write::Leave { team, person }, line], changed).await;
    committed.map_err(|error| match error {
        CommitError::Conflict { .. } => Failure::not_found("member", person),
        CommitError::Store(error) => error.into(),
    })
}

/// A role for what a team owns, and nothing else.
pub(super) fn in_team(team: &Name, role: Role) -> Grants {
    let teams = BTreeMap::from([(team.clone(), role)]);
    Grants { teams, ..Grants::of(Role::Viewer) }
}

fn subject(team: &Name) -> String {
    format!("team {team}")
}
