//! Lists: what a row of each noun shows.

use plimsoll_api::v1::access::{AuditEntry, Me, Member, Person, Team, TeamRole, Token};
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::definition::Definition;
use plimsoll_api::v1::deployment::Deployment;
use plimsoll_api::v1::gate::Decision;
use plimsoll_api::v1::notification::Notification;
use plimsoll_api::v1::service::Service;
use plimsoll_api::v1::slo::Slo;
use plimsoll_api::v1::telemetry::{Offender, Scrape};
use plimsoll_api::v1::violation::KnownViolation;
use plimsoll_api::v1::webhook::Webhook;
use serde::de::DeserializeOwned;

use super::format::{instant, joined, maybe, maybe_instant, percent, rough_percent};
use super::{Fit, NOTHING, Tone, Word};

/// A noun that is listed.
pub(crate) trait Row: DeserializeOwned {
    /// What several are called.
    const PLURAL: &'static str;
    /// The headings.
    const HEADS: &'static [&'static str];
    /// What gives way on a narrow terminal.
    const FIT: Fit = Fit { optional: &[], wraps: None };
    /// One row, a cell for each heading.
    fn cells(&self) -> Vec<Word>;
}

impl Row for Slo {
    const PLURAL: &'static str = "SLOs";
    const HEADS: &'static [&'static str] =
        &["NAME", "SERVICE", "STATUS", "OBJECTIVE", "WINDOW", "BUDGET", "COVERAGE", "ALERT"];
    const FIT: Fit = Fit {
        optional: &["COVERAGE", "WINDOW", "ALERT", "OBJECTIVE", "SERVICE"],
        wraps: Some("SERVICE"),
    };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.name.as_str().into(),
            self.service.as_str().into(),
            Word::status(&self.status),
            percent(self.objective).into(),
            self.window.as_str().into(),
            maybe(self.budget_remaining, rough_percent).into(),
            maybe(self.coverage, rough_percent).into(),
            self.alert.clone().into(),
        ]
    }
}

impl Row for KnownViolation {
    const PLURAL: &'static str = "known violations";
    const HEADS: &'static [&'static str] =
        &["NAME", "SLO", "OWNER", "STATUS", "MEND BY", "LEFT", "CAUSE", "REMEDY"];
    const FIT: Fit =
        Fit { optional: &["STATUS", "OWNER", "CAUSE", "REMEDY"], wraps: Some("REMEDY") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.name.as_str().into(),
            self.slo.as_str().into(),
            self.owner.clone().unwrap_or_else(|| "unowned".to_owned()).into(),
            self.status.as_deref().map_or_else(|| NOTHING.into(), Word::status),
            self.mend_by.to_string().into(),
            days_left(self.days_left),
            self.cause.as_str().into(),
            self.remedy.as_str().into(),
        ]
    }
}

fn days_left(days: i32) -> Word {
    let count = days.unsigned_abs();
    let unit = if count == 1 { "day" } else { "days" };
    match days {
        ..0 => Word { text: format!("{count} {unit} overdue"), tone: Tone::Bad },
        0 => Word { text: "today".to_owned(), tone: Tone::Caution },
        1.. => format!("{count} {unit}").into(),
    }
}

impl Row for Service {
    const PLURAL: &'static str = "services";
    const HEADS: &'static [&'static str] =
        &["NAME", "OWNER", "TIER", "STATUS", "SLOS", "DEPENDS ON"];
    const FIT: Fit = Fit { optional: &["TIER", "DEPENDS ON"], wraps: Some("SLOS") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.name.as_str().into(),
            self.owner.clone().unwrap_or_else(|| "unowned".to_owned()).into(),
            self.tier.map(|tier| tier.to_string()).into(),
            self.status.as_deref().map_or_else(|| NOTHING.into(), Word::status),
            joined(&self.slos).into(),
            joined(&self.depends_on).into(),
        ]
    }
}

impl Row for Alert {
    const PLURAL: &'static str = "alerts";
    const HEADS: &'static [&'static str] =
        &["ID", "SLO", "PHASE", "SEVERITY", "FIRING SINCE", "CLOSED", "SUMMARY"];
    const FIT: Fit = Fit {
        optional: &["CLOSED", "SEVERITY", "FIRING SINCE", "SUMMARY"],
        wraps: Some("SUMMARY"),
    };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.id.as_str().into(),
            self.slo.as_str().into(),
            Word::status(&self.phase),
            Word::status(&self.severity),
            instant(self.firing_since).into(),
            maybe_instant(self.closed_at).into(),
            self.summary.as_str().into(),
        ]
    }
}

impl Row for Deployment {
    const PLURAL: &'static str = "deployments";
    const HEADS: &'static [&'static str] =
        &["ID", "SERVICE", "ENVIRONMENT", "VERSION", "CLASS", "DEPLOYED", "ARTIFACT"];
    const FIT: Fit =
        Fit { optional: &["ARTIFACT", "CLASS", "ENVIRONMENT"], wraps: Some("SERVICE") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.id.as_str().into(),
            self.service.as_str().into(),
            self.environment.as_str().into(),
            self.version.clone().into(),
            self.class.as_str().into(),
            instant(self.deployed_at).into(),
            self.artifact.as_str().into(),
        ]
    }
}

impl Row for Decision {
    const PLURAL: &'static str = "decisions";
    const HEADS: &'static [&'static str] =
        &["ID", "SERVICE", "ENVIRONMENT", "CLASS", "VERDICT", "BINDS", "DECIDED", "EXPIRES"];
    const FIT: Fit =
        Fit { optional: &["EXPIRES", "BINDS", "CLASS", "ENVIRONMENT"], wraps: Some("SERVICE") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.id.as_str().into(),
            self.service.as_str().into(),
            self.environment.as_str().into(),
            self.class.as_str().into(),
            Word::status(&self.verdict),
            if self.enforced { "yes" } else { "no (shadow)" }.into(),
            instant(self.decided_at).into(),
            instant(self.expires_at).into(),
        ]
    }
}

impl Row for Notification {
    const PLURAL: &'static str = "notifications";
    const HEADS: &'static [&'static str] =
        &["ID", "OWED", "RECEIVER", "CHANNEL", "WHAT", "STATE", "ATTEMPTS", "LAST"];
    const FIT: Fit =
        Fit { optional: &["ATTEMPTS", "OWED", "WHAT", "CHANNEL"], wraps: Some("LAST") };

    fn cells(&self) -> Vec<Word> {
        let what = match self.reminder {
            0 => self.transition.clone(),
            number => format!("reminder {number}"),
        };
        let last = self.attempts.last();
        let last = last.map(|attempt| format!("{}: {}", attempt.outcome, attempt.message));
        vec![
            self.id.as_str().into(),
            instant(self.created_at).into(),
            self.receiver.as_str().into(),
            self.channel.as_str().into(),
            what.into(),
            Word::status(&self.state),
            self.attempts.len().to_string().into(),
            self.reason.clone().or(last).into(),
        ]
    }
}

impl Row for Token {
    const PLURAL: &'static str = "tokens";
    const HEADS: &'static [&'static str] =
        &["ID", "NAME", "ROLE", "TEAM", "SCOPES", "STATE", "LAST USED", "EXPIRES", "CREATED"];
    const FIT: Fit = Fit {
        optional: &["CREATED", "EXPIRES", "SCOPES", "TEAM", "LAST USED"],
        wraps: Some("NAME"),
    };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.id.as_str().into(),
            self.name.as_str().into(),
            self.role.as_str().into(),
            self.team.clone().into(),
            self.scopes.as_ref().map(|scopes| joined(scopes)).into(),
            self.state.as_str().into(),
            maybe_instant(self.last_used_at).into(),
            maybe_instant(self.expires_at).into(),
            instant(self.created_at).into(),
        ]
    }
}

impl Row for Webhook {
    const PLURAL: &'static str = "webhook senders";
    const HEADS: &'static [&'static str] =
        &["ID", "NAME", "SCOPES", "TEAM", "STATE", "SECRET", "EXPIRES", "CREATED"];
    const FIT: Fit =
        Fit { optional: &["CREATED", "EXPIRES", "SECRET", "TEAM", "SCOPES"], wraps: Some("NAME") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.id.as_str().into(),
            self.name.as_str().into(),
            joined(&self.scopes).into(),
            self.team.clone().into(),
            self.state.as_str().into(),
            format!("number {}", self.generation).into(),
            maybe_instant(self.expires_at).into(),
            instant(self.created_at).into(),
        ]
    }
}

impl Row for Person {
    const PLURAL: &'static str = "people";
    const HEADS: &'static [&'static str] = &["ID", "NAME", "ROLE", "TEAMS", "PASSWORD", "ADDED"];
    const FIT: Fit = Fit { optional: &["ADDED", "PASSWORD", "TEAMS"], wraps: Some("TEAMS") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.id.as_str().into(),
            self.name.as_str().into(),
            self.role.as_str().into(),
            joined(&roles(&self.teams)).into(),
            if self.has_password { "set" } else { "not yet" }.into(),
            instant(self.created_at).into(),
        ]
    }
}

impl Row for Team {
    const PLURAL: &'static str = "teams";
    const HEADS: &'static [&'static str] = &["NAME", "TITLE", "SERVICES", "MEMBERS"];
    const FIT: Fit = Fit { optional: &["TITLE", "SERVICES"], wraps: Some("MEMBERS") };

    fn cells(&self) -> Vec<Word> {
        let member = |member: &Member| format!("{} ({})", member.name, member.role);
        let members: Vec<_> = self.members.iter().map(member).collect();
        vec![
            self.name.as_str().into(),
            self.display_name.clone().into(),
            joined(&self.services).into(),
            joined(&members).into(),
        ]
    }
}

impl Row for Me {
    const PLURAL: &'static str = "callers";
    const HEADS: &'static [&'static str] = &["NAME", "KIND", "ROLE", "TEAMS", "SCOPES", "ID"];

    fn cells(&self) -> Vec<Word> {
        vec![
            self.name.as_str().into(),
            self.kind.as_str().into(),
            self.role.as_str().into(),
            joined(&roles(&self.teams)).into(),
            self.scopes.as_ref().map(|scopes| joined(scopes)).into(),
            self.id.as_str().into(),
        ]
    }
}

/// Roles in teams, a text each.
fn roles(teams: &[TeamRole]) -> Vec<String> {
    teams.iter().map(|TeamRole { team, role }| format!("{team} ({role})")).collect()
}

impl Row for AuditEntry {
    const PLURAL: &'static str = "changes";
    const HEADS: &'static [&'static str] = &["AT", "WHO", "WHAT", "SUBJECT", "MESSAGE"];
    const FIT: Fit = Fit { optional: &["SUBJECT", "WHAT"], wraps: Some("MESSAGE") };

    fn cells(&self) -> Vec<Word> {
        vec![
            instant(self.at).into(),
            self.actor.as_str().into(),
            self.event.as_str().into(),
            self.subject.as_str().into(),
            self.message.as_str().into(),
        ]
    }
}

impl Row for Definition {
    const PLURAL: &'static str = "definitions";
    const HEADS: &'static [&'static str] = &["KIND", "NAME", "ORIGIN", "CHANGED", "BY"];
    const FIT: Fit = Fit { optional: &["CHANGED", "BY"], wraps: Some("BY") };

    fn cells(&self) -> Vec<Word> {
        vec![
            self.kind.as_str().into(),
            self.name.as_str().into(),
            self.origin.as_str().into(),
            maybe_instant(self.changed_at).into(),
            self.changed_by.clone().into(),
        ]
    }
}

impl Row for Offender {
    const PLURAL: &'static str = "senders over a cap";
    const HEADS: &'static [&'static str] = &["SENDER", "SAMPLES DROPPED"];

    fn cells(&self) -> Vec<Word> {
        vec![self.sender.as_str().into(), self.over_cap.to_string().into()]
    }
}

impl Row for Scrape {
    const PLURAL: &'static str = "scrape targets";
    const HEADS: &'static [&'static str] = &["TARGET", "LAST SCRAPE", "ERROR"];

    fn cells(&self) -> Vec<Word> {
        vec![
            self.target.as_str().into(),
            maybe_instant(self.last_at).into(),
            self.error.clone().into(),
        ]
    }
}
