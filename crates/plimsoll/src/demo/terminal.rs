//! What the demo shows: lines with two times, one of the wall (UTC) and one since the start.
//!
//! Colours and the line that shows what is waited for appear on a terminal only; everything else
//! gets plain lines, so that output can be kept and read by programs.

use std::io::{self, IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use plimsoll_server::world::World;

/// How a line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// A chapter of the story.
    Heading,
    /// As it is.
    Plain,
    /// Good news.
    Good,
    /// Bad news.
    Bad,
    /// Beside the point.
    Faint,
    /// Where to look.
    Link,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Self::Heading => "1",
            Self::Plain => "0",
            Self::Good => "32",
            Self::Bad => "31",
            Self::Faint => "2",
            Self::Link => "36",
        }
    }
}

/// Standard output, and the line of what is waited for below it.
#[derive(Clone)]
pub(super) struct Terminal {
    world: World,
    started_at: Timestamp,
    colours: bool,
    waiting: ProgressBar,
}

/// As wide as the times of a line.
const MARGIN: &str = "                ";

impl Terminal {
    /// The terminal of this process; the story starts now.
    pub(super) fn new(world: World, colours: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let waiting = if is_terminal { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template("{prefix}  {spinner} {wide_msg}");
        waiting.set_style(style.expect("the template is constant and well formed"));
        Self { started_at: world.now(), world, colours: colours && is_terminal, waiting }
    }

    /// A line with its times.
    pub(super) fn say(&self, tone: Tone, text: &str) {
        let now = self.world.now();
        let text = self.toned(tone, text);
        let times = self.toned(Tone::Faint, &self.times(now));
        self.line(&format!("{times}  {text}"));
    }

    /// A line below another one, without times.
    pub(super) fn detail(&self, text: &str) {
        self.line(&self.toned(Tone::Faint, &format!("{MARGIN}  {text}")));
    }

    /// Where a browser shows what was told above.
    pub(super) fn link(&self, url: &str) {
        self.line(&self.toned(Tone::Link, &format!("{MARGIN}  ↳ {url}")));
    }

    /// A chapter begins.
    pub(super) fn chapter(&self, number: u32, title: &str) {
        self.line("");
        self.say(Tone::Heading, &format!("{number}  {title}"));
    }

    /// A line as it is.
    pub(super) fn line(&self, text: &str) {
        self.waiting.suspend(|| {
            let mut out = io::stdout().lock();
            // Nobody reads any more, as with `| head`: the demo goes on, and can be looked at.
            let _ = writeln!(out, "{text}").and_then(|()| out.flush());
        });
    }

    /// Shows what is waited for, on a terminal.
    pub(super) fn wait(&self, awaited: &str) {
        if self.waiting.is_finished() {
            self.waiting.reset();
        }
        self.waiting.set_prefix(self.times(self.world.now()));
        self.waiting.set_message(format!("waiting for {awaited}"));
        self.waiting.tick();
    }

    /// The wait is over.
    pub(super) fn done(&self) {
        self.waiting.finish_and_clear();
    }

    fn times(&self, now: Timestamp) -> String {
        format!("{}  {:>6}", now.strftime("%H:%M:%S"), since(now.duration_since(self.started_at)))
    }

    fn toned(&self, tone: Tone, text: &str) -> String {
        if self.colours && tone != Tone::Plain {
            format!("\x1b[{}m{text}\x1b[0m", tone.code())
        } else {
            text.to_owned()
        }
    }
}

/// `+1:05`.
fn since(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    format!("+{}:{:02}", seconds / 60, seconds % 60)
}

/// A share of a budget as a bar of twenty characters; overspent is empty.
pub(super) fn bar(share: f64) -> String {
    const WIDTH: usize = 20;
    let full = (share.clamp(0.0, 1.0) * WIDTH as f64).round() as usize;
    "█".repeat(full) + &"░".repeat(WIDTH - full)
}

/// A count with its thousands apart.
pub(super) fn thousands(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
