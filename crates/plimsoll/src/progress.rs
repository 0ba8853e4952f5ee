//! What shows that long work goes on: on a terminal, beside the output, and nowhere else.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Work of which nobody knows how much there is; gone when it is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Work that takes its time.
    pub(crate) fn of(what: &'static str) -> Self {
        Self::drawn(what, "{spinner} {msg} {elapsed}")
    }

    /// Work on bytes as they come.
    pub(crate) fn of_bytes(what: &'static str) -> Self {
        Self::drawn(what, "{spinner} {msg} {bytes} ({bytes_per_sec}) {elapsed}")
    }

    /// So many more bytes.
    pub(crate) fn took(&self, bytes: usize) {
        self.0.inc(bytes as u64);
    }

    fn drawn(what: &'static str, template: &str) -> Self {
        if !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.expect("the template is constant and well formed"));
        // Seen at once, however short the work is.
        bar.tick();
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
