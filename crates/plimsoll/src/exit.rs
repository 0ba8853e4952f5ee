//! How a run ends: the exit codes, which scripts rely on, and failures as people read them.
//!
//! Invariant: a failure says what went wrong, where, and how to mend it when we know.

use std::process::ExitCode;

/// The exit codes of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done; a gate allowed, or does not bind.
    Ok = 0,
    /// The work failed or was refused.
    Refused = 1,
    /// It could not even be asked for: usage, unreachable, not authorised.
    Unasked = 2,
    /// A gate's verdict is `warn`.
    Warn = 10,
    /// A gate's verdict is `deny`.
    Deny = 20,
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
}

impl Failure {
    /// The work failed or was refused.
    pub(crate) fn refused(title: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, title: title.into(), details: Vec::new(), hint: None }
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

    /// With another exit code.
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
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

    /// As people read it: `error: …`, details indented, `hint: …`.
    pub(crate) fn render(&self) -> String {
        let mut lines = vec![format!("error: {}", self.title)];
        for detail in &self.details {
            lines.extend(detail.lines().map(|line| format!("  {line}")));
        }
        lines.extend(self.hint.iter().map(|hint| format!("hint: {hint}")));
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
