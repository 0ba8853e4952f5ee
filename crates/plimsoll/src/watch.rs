//! `--watch`: an answer that is shown again whenever it changes.
//!
//! On a terminal it is redrawn in place, with a line that says whether it is live; the last picture
//! stays when it ends. Elsewhere each change is appended whole. Events only say when to ask again,
//! so that one that is lost costs nothing once the stream is open again.

use std::time::Duration;

use plimsoll_server::world::World;
use serde_json::Value;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use crate::args::Output;
use crate::ask::{Answer, Question};
use crate::client::{Client, Events};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen, text};

/// Changes within so long are shown together.
const TOGETHER: Duration = Duration::from_millis(200);
/// Before the first try to connect again; doubled up to the longest.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(15);

/// Why nothing more is shown.
enum Ended {
    /// Nobody reads it any more.
    Unread,
    Failed(Failure),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Shows the answer until it is interrupted, or until nobody reads it any more.
///
/// # Errors
/// The server cannot be asked at all, or says that it never will answer.
pub(crate) async fn run(
    question: &Question<'_>,
    client: &Client,
    output: Output,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match watch(question, client, output, screen).await {
        Ok(exit) => Ok(exit),
        Err(Ended::Unread) => Ok(Exit::Ok),
        Err(Ended::Failed(failure)) => Err(failure),
    }
}

async fn watch(
    question: &Question<'_>,
    client: &Client,
    output: Output,
    screen: &Screen,
) -> Result<Exit, Ended> {
    let mut signals = Signals::listen().map_err(|error| Failure::of(&error))?;
    // What cannot be asked the first time is a mistake of the arguments more often than an outage.
    let first = tokio::select! {
        first = open(question, client) => first?,
        () = signals.ended() => return Ok(Exit::Interrupted),
    };
    let mut picture = Picture::new(*screen, output, question, client);
    picture.show(first.1)?;
    let mut events = first.0;
    loop {
        let lost = tokio::select! {
            lost = follow(question, client, &mut events, &mut picture) => lost?,
            () = signals.ended() => return picture.end(),
        };
        events = tokio::select! {
            again = reopen(question, client, &mut picture, lost) => again?,
            () = signals.ended() => return picture.end(),
        };
    }
}

/// The stream before the answer, so that no change falls between them.
async fn open(question: &Question<'_>, client: &Client) -> Result<(Events, Answer), Failure> {
    let events = client.events().await?;
    Ok((events, question.ask(client).await?))
}

/// Shows each change until the stream ends; why it did.
async fn follow(
    question: &Question<'_>,
    client: &Client,
    events: &mut Events,
    picture: &mut Picture<'_>,
) -> Result<String, Ended> {
    loop {
        tokio::select! {
            changed = events.next() => match changed {
                Ok(changed) if question.concerns(&changed) => {}
                Ok(_) => continue,
                Err(lost) => return Ok(lost),
            },
            () = picture.resized() => {
                picture.redraw()?;
                continue;
            }
        }
        // What comes along with it is in the answer, too.
        while let Ok(more) = timeout(TOGETHER, events.next()).await {
            if let Err(lost) = more {
                return Ok(lost);
            }
        }
        match question.ask(client).await {
            Ok(answer) => picture.show(answer)?,
            Err(failure) if failure.is_passing() => return Ok(failure.title().to_owned()),
            Err(failure) => return Err(failure.into()),
        }
    }
}

/// Tries until the stream is open again.
async fn reopen(
    question: &Question<'_>,
    client: &Client,
    picture: &mut Picture<'_>,
    mut lost: String,
) -> Result<Events, Ended> {
    let mut pause = PAUSE;
    loop {
        picture.lost(&lost, pause)?;
        let waited = timeout(pause, std::future::pending::<()>()).await;
        debug_assert!(waited.is_err(), "nothing else ends the wait");
        match open(question, client).await {
            Ok((events, answer)) => {
                picture.found(answer)?;
                return Ok(events);
            }
            Err(failure) if failure.is_passing() => lost = failure.title().to_owned(),
            Err(failure) => return Err(failure.into()),
        }
        pause = PAUSE_MAX.min(pause * 2);
    }
}

/// Those that end it.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
        Ok(Self { interrupt: signal(interrupt)?, terminate: signal(terminate)? })
    }

    async fn ended(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What is shown, and how it stands.
struct Picture<'q> {
    screen: Screen,
    output: Output,
    question: &'q Question<'q>,
    address: String,
    value: Value,
    /// What was appended last.
    appended: String,
    state: String,
    resizing: Option<Signal>,
    is_open: bool,
}

/// The other screen, which leaves what was there alone; without a cursor.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[?25h\u{1b}[?1049l";
/// To the first column of the first line, with nothing below it.
const CLEAR: &str = "\u{1b}[H\u{1b}[J";

impl<'q> Picture<'q> {
    fn new(screen: Screen, output: Output, question: &'q Question<'q>, client: &Client) -> Self {
        let resizing = signal(SignalKind::window_change()).ok();
        Self {
            screen,
            output,
            question,
            address: text::on_one_line(client.address().as_str()),
            value: Value::Null,
            appended: String::new(),
            state: String::new(),
            resizing: resizing.filter(|_| screen.is_terminal()),
            is_open: false,
        }
    }

    /// Resolves when the terminal has another size; never, where there is none.
    async fn resized(&mut self) {
        match &mut self.resizing {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }

    fn show(&mut self, answer: Answer) -> Result<(), Ended> {
        self.value = answer.value;
        let at = World::system().now().strftime("%H:%M:%SZ");
        self.state = format!("live from {}, changed {at}", self.address);
        if self.screen.is_terminal() { self.redraw() } else { self.append() }
    }

    fn lost(&mut self, why: &str, pause: Duration) -> Result<(), Ended> {
        let why = text::on_one_line(why);
        let note = format!("not live: {why}; trying again in {} s", pause.as_secs());
        if self.screen.is_terminal() {
            self.state = note;
            return self.redraw();
        }
        self.screen.warn(&format!("note: {note}"));
        Ok(())
    }

    fn found(&mut self, answer: Answer) -> Result<(), Ended> {
        if !self.screen.is_terminal() {
            self.screen.warn("note: live again");
        }
        self.show(answer)
    }

    fn text(&self, screen: &Screen) -> Result<String, Failure> {
        match self.output {
            Output::Table => self.question.draw(screen, self.value.clone()),
            Output::Json if screen.is_terminal() => Ok(render::json(&self.value)),
            // One line for each picture, so that a program reads line by line.
            Output::Json => Ok(self.value.to_string()),
            Output::Csv => self.question.csv(&self.value),
            Output::Yaml => Ok(format!("---\n{}", render::yaml(&self.value)?.trim_end())),
        }
    }

    /// Adds the picture below the one before, unless it is the same.
    fn append(&mut self) -> Result<(), Ended> {
        let text = self.text(&self.screen)?;
        if text == self.appended {
            return Ok(());
        }
        let apart = self.output == Output::Table && !self.appended.is_empty();
        let line = self.screen.line(&format!("{}{text}", if apart { "\n" } else { "" }));
        self.appended = text;
        if self.screen.write(&line)? { Ok(()) } else { Err(Ended::Unread) }
    }

    fn redraw(&mut self) -> Result<(), Ended> {
        let (screen, lines) = self.screen.again();
        let width = screen.width().unwrap_or(usize::MAX);
        let text = self.text(&screen)?;
        let shown = fitted(&self.state, &text, width, lines.unwrap_or(usize::MAX));
        let enter = if self.is_open { "" } else { ENTER };
        self.is_open = true;
        let drawn = format!("{enter}{CLEAR}{}", screen.harmless(&shown));
        if screen.write(&drawn)? { Ok(()) } else { Err(Ended::Unread) }
    }

    /// Leaves the last picture behind.
    fn end(mut self) -> Result<Exit, Ended> {
        if self.is_open {
            self.leave();
            let (screen, _) = self.screen.again();
            screen.print(&self.text(&screen)?)?;
        }
        Ok(Exit::Interrupted)
    }

    fn leave(&mut self) {
        if std::mem::take(&mut self.is_open) {
            // With standard output gone there is nothing to restore.
            let _ = self.screen.write(LEAVE);
        }
    }
}

impl Drop for Picture<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The state and as much of the text as fits.
fn fitted(state: &str, picture: &str, width: usize, lines: usize) -> String {
    let all: Vec<&str> = picture.trim_end().lines().collect();
    let room = lines.saturating_sub(2);
    let mut shown = vec![text::clipped(state, width), String::new()];
    if all.len() <= room {
        shown.extend(all.iter().map(|line| text::clipped(line, width)));
    } else {
        let kept = room.saturating_sub(1);
        shown.extend(all[..kept].iter().map(|line| text::clipped(line, width)));
        shown.push(text::clipped(&format!("… and {} more lines", all.len() - kept), width));
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests;
