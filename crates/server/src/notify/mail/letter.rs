//! What a message says to a person: one letter, written as plain text and as HTML.
//!
//! Invariant: what comes from outside is text. Every value is one line without control characters
//! and without characters that turn the direction of writing, and HTML is escaped at the one place
//! where it is made.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::alert::{Kind, Transition};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::notify::Notification;
use plimsoll_domain::slo::burn::ArmReading;

use crate::app::alerts;

/// A letter, before it is written one way or the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// The same for every message about an alert, so that mail programs show one thread.
    pub(crate) subject: String,
    /// How things stand, in a few words: what a telephone shows first.
    pub(crate) heading: String,
    /// Why, in one sentence.
    pub(crate) lead: String,
    /// What to know, by its name.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// How fast it goes, a line for each arm.
    pub(crate) pace: Vec<String>,
    /// What the link leads to, and the link.
    pub(crate) link: Option<(&'static str, String)>,
    /// Who sent this, and why to this address.
    pub(crate) foot: String,
}

/// The letter about a notification, as of `now`.
pub(crate) fn about(
    notification: &Notification,
    owner: Option<&Name>,
    base_url: &str,
    now: Timestamp,
) -> Letter {
    let alert = &notification.snapshot;
    let closes = notification.transition == Transition::Closed;
    let mut facts = vec![
        ("Service", alert.service.to_string()),
        ("SLO", alert.slo.to_string()),
        ("Severity", alerts::severity(alert.severity).to_owned()),
        ("Since", instant(alert.firing_since)),
    ];
    facts.extend(alert.closed_at.filter(|_| closes).map(|at| ("Until", instant(at))));
    let left = alert.evidence.budget_remaining.map(|left| format!("{:.1} %", left * 100.0));
    // The numbers are those that it fired on.
    let is_news = !closes && notification.reminder == 0;
    let when = if is_news { "Budget left" } else { "Budget left then" };
    facts.extend(left.map(|left| (when, left)));
    facts.extend(owner.map(|owner| ("Owner", owner.to_string())));
    let arms = alert.evidence.arms.iter().filter(|_| !closes);
    Letter {
        subject: subject(notification),
        heading: heading(notification, now),
        lead: sentence(&alert.sentence(notification.transition)),
        facts,
        pace: arms.map(pace).collect(),
        link: Some(("The alert, its numbers and its history", alerts::link(base_url, alert))),
        foot: format!(
            "Plimsoll told the receiver {} over its channel {}. Message {}.",
            notification.receiver, notification.channel, notification.id
        ),
    }
}

/// The letter of a test.
pub(crate) fn of_test(receiver: &Name, base_url: &str) -> Letter {
    Letter {
        subject: format!("Test of the receiver {receiver}"),
        heading: "This is a test".to_owned(),
        lead: "Someone tested this receiver. Nothing is wrong, and nobody needs to act.".to_owned(),
        facts: vec![("Receiver", receiver.to_string())],
        pace: Vec::new(),
        link: Some(("This Plimsoll", base_url.to_owned())),
        foot: format!("Plimsoll sent this because the receiver {receiver} names this address."),
    }
}

/// A text as a sentence of its own.
fn sentence(text: &str) -> String {
    let text = line(text);
    let mut rest = text.chars();
    let first: String = rest.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", rest.as_str())
}

fn subject(notification: &Notification) -> String {
    let alert = &notification.snapshot;
    let what = match alert.kind {
        Kind::Burn => "burns its error budget",
        Kind::NoData => "is without data",
    };
    let is_first = notification.transition == Transition::Opened && notification.reminder == 0;
    let re = if is_first { "" } else { "Re: " };
    format!("{re}{}: {} {what}", alert.service, alert.slo)
}

fn heading(notification: &Notification, now: Timestamp) -> String {
    let alert = &notification.snapshot;
    let severity = alerts::severity(alert.severity);
    if notification.reminder > 0 {
        let lasts = span(now.duration_since(alert.firing_since));
        return format!("Still firing after {lasts} ({severity})");
    }
    match notification.transition {
        Transition::Opened => format!("Firing ({severity})"),
        Transition::Escalated => format!("Worse: now a {severity}"),
        Transition::Reopened => format!("Firing again ({severity})"),
        Transition::Closed => {
            let lasted = alert.closed_at.map(|at| at.duration_since(alert.firing_since));
            let lasted = lasted.map(|lasted| format!(" after {}", span(lasted)));
            format!("Resolved{}", lasted.unwrap_or_default())
        }
    }
}

/// Counts rather than burns: the target may have changed since.
fn pace(reading: &ArmReading) -> String {
    let (arm, long, short) = (reading.arm, reading.long, reading.short);
    format!(
        "over {}: {} of {} events failed; over {}: {} of {} (it asks for {} times the budget rate)",
        arm.long,
        long.bad.as_events(),
        long.total.as_events(),
        arm.short,
        short.bad.as_events(),
        short.total.as_events(),
        arm.factor.as_f64(),
    )
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A length of time by its two largest units.
fn span(length: SignedDuration) -> String {
    let minutes = length.as_mins().max(0);
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// A text as one line that shows what it holds: nothing in it ends the line, and nothing turns what
/// is written after it around.
pub(crate) fn line(text: &str) -> String {
    let marks = ['\u{200e}', '\u{200f}'];
    let turns = |c: char| {
        marks.contains(&c) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let shown = text.replace(turns, "\u{fffd}").replace(char::is_control, " ");
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Letter {
    /// The letter as plain text.
    pub(crate) fn plain(&self) -> String {
        let mut text = format!("{}\n\n{}\n\n", line(&self.heading), line(&self.lead));
        let width = self.facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, value) in &self.facts {
            let _ = writeln!(text, "{name:<width$}  {}", line(value));
        }
        if !self.pace.is_empty() {
            text += "\nHow fast:\n";
            self.pace.iter().for_each(|pace| {
                let _ = writeln!(text, "- {}", line(pace));
            });
        }
        if let Some((what, url)) = &self.link {
            let _ = write!(text, "\n{what}:\n{}\n", line(url));
        }
        // A signature's mark: mail programs leave out what follows when they quote.
        let _ = write!(text, "\n-- \n{}\n", line(&self.foot));
        text
    }

    /// The letter as HTML: no script, no image, nothing that is fetched.
    pub(crate) fn html(&self) -> String {
        let mut text = String::from(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"></head>\n\
             <body style=\"font-family: sans-serif; line-height: 1.5; max-width: 40em\">\n",
        );
        let _ = writeln!(text, "<h1 style=\"font-size: 1.25em\">{}</h1>", escape(&self.heading));
        let _ = writeln!(text, "<p>{}</p>", escape(&self.lead));
        text += "<table cellpadding=\"0\" cellspacing=\"0\">\n";
        for (name, value) in &self.facts {
            let _ = writeln!(
                text,
                "<tr><td style=\"padding-right: 1.5em; color: #555\">{name}</td><td>{}</td></tr>",
                escape(value)
            );
        }
        text += "</table>\n";
        if !self.pace.is_empty() {
            text += "<p>How fast:</p>\n<ul>\n";
            self.pace.iter().for_each(|pace| {
                let _ = writeln!(text, "<li>{}</li>", escape(pace));
            });
            text += "</ul>\n";
        }
        if let Some((what, url)) = &self.link {
            let _ = writeln!(text, "<p><a href=\"{}\">{what}</a></p>", escape(url));
        }
        let foot = escape(&self.foot);
        let _ = writeln!(text, "<p style=\"color: #555; font-size: 0.85em\">{foot}</p>");
        text + "</body></html>\n"
    }
}

/// A text as HTML shows it, in an element or in a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
pub(in crate::notify) mod tests;
