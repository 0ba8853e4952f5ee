//! How a run ends: the exit codes, which scripts rely on, and failures as people read them.
//!
//! Invariant: a failure says what went wrong, where, and how to mend it when we know; all of them
//! look alike, those of the arguments too.

use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};

use crate::render::text;

/// The exit codes of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done; a gate allowed, or does not bind.
    Ok = 0,
    /// The work failed or was refused.
    Refused = 1,
    /// It could not even be asked for: usage, unreachable, not authorised, not confirmed.
    Unasked = 2,
    /// Applying would change something.
    Differs = 3,
    /// A gate's verdict is `warn`.
    Warn = 10,
    /// A gate's verdict is `deny`.
    Deny = 20,
    /// Ctrl-C ended it: 128 and the number of SIGINT, as shells say it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    title: String,
    details: Vec<String>,
    hint: Option<String>,
    passing: bool,
}

impl Failure {
    /// The work failed or was refused.
    pub(crate) fn refused(title: impl Into<String>) -> Self {
        Self {
            exit: Exit::Refused,
            title: title.into(),
            details: Vec::new(),
            hint: None,
            passing: false,
        }
    }

    /// It could not even be asked for.
    pub(crate) fn unasked(title: impl Into<String>) -> Self {
        Self::refused(title).ending(Exit::Unasked)
    }

    /// What an error and its sources say.
    pub(crate) fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut sources = Vec::new();
        let mut next = error.source();
        while let Some(source) = next {
            sources.push(source.to_string());
            next = source.source();
        }
        Self { details: sources, ..Self::refused(error.to_string()) }
    }

    /// What is wrong with the arguments, in the form of all failures.
    pub(crate) fn of_usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let title = lines.next().unwrap_or_default();
        let title = title.strip_prefix("error: ").unwrap_or(title);
        let mut failure = Self::unasked(title);
        for line in lines {
            match line.trim_start().strip_prefix("tip: ") {
                Some(tip) if failure.hint.is_none() => failure = failure.hint(tip),
                Some(tip) => failure = failure.detail(tip),
                None if line.starts_with("For more information") => {}
                None => failure = failure.detail(line.strip_prefix("  ").unwrap_or(line)),
            }
        }
        if failure.hint.is_none() {
            return failure.hint("--help describes the command; `plimsoll help` lists all of them");
        }
        failure
    }

    /// With another exit code.
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// It may go well the next time.
    pub(crate) fn passing(self) -> Self {
        Self { passing: true, ..self }
    }

    /// With more to say.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// With how to mend it.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether it may go well the next time.
    pub(crate) fn is_passing(&self) -> bool {
        self.passing
    }

    /// What went wrong, in one line.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// As people read it, without colours.
    pub(crate) fn render(&self) -> String {
        self.drawn(false)
    }

    /// As people read it: `error: …`, details indented, `hint: …`.
    pub(crate) fn drawn(&self, colours: bool) -> String {
        let label = |label: &str, colour: AnsiColor| {
            let style = Style::new().bold().fg_color(Some(colour.into()));
            if colours { format!("{style}{label}:{style:#}") } else { format!("{label}:") }
        };
        let error = label("error", AnsiColor::Red);
        let mut lines = vec![format!("{error} {}", text::escaped(&self.title))];
        for detail in &self.details {
            lines.extend(detail.lines().map(|line| format!("  {}", text::escaped(line))));
        }
        let hint = self.hint.iter().map(|hint| text::escaped(hint));
        lines.extend(hint.map(|hint| format!("{} {hint}", label("hint", AnsiColor::Cyan))));
        lines.join("\n")
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::of(error.as_ref())
    }
}

#[cfg(test)]
mod tests;
