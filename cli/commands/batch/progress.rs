//! How far a batch is: a bar on a terminal, a line every few seconds elsewhere, nothing if it is to be quiet.

use crate::failure::say;
use crate::settings::Settings;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use report::batch_phrase as phrase;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

/// Between two lines.
const PERIOD: Duration = Duration::from_secs(5);

/// Says how far the batch is.
pub(super) struct Progress {
    /// Scenarios with a plan, those found before included.
    done: u64,
    total: u64,
    /// Scenarios with a plan when it began.
    before: u64,
    begun: Instant,
    shown: Shown,
}

enum Shown {
    Bar(ProgressBar),
    /// When the last line was said.
    Lines(Instant),
    Nothing,
}

impl Progress {
    pub(super) fn new(done: u64, total: u64, settings: &Settings) -> Self {
        let begun = Instant::now();
        let shown = if settings.is_quiet {
            Shown::Nothing
        } else if io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{wide_bar} {msg}").expect("the template has known keys");
            Shown::Bar(bar.with_style(style))
        } else {
            Shown::Lines(begun)
        };
        let progress = Self { done, total, before: done, begun, shown };
        progress.draw();
        progress
    }

    /// Counts scenarios that have a plan now, and says so if it is time to.
    pub(super) fn advance(&mut self, count: u64) {
        self.done += count;
        let said = self.said();
        match &mut self.shown {
            Shown::Lines(last) if last.elapsed() >= PERIOD => {
                *last = Instant::now();
                say(&said);
            }
            Shown::Bar(_) => self.draw(),
            Shown::Lines(_) | Shown::Nothing => {}
        }
    }

    /// Makes room for what follows.
    pub(super) fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    fn draw(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.set_position(self.done);
            bar.set_message(self.said());
        }
    }

    fn said(&self) -> String {
        let milliseconds = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        phrase::progress(self.done, self.total, pace(self.done - self.before, self.total - self.done, milliseconds))
    }
}

/// Tenths of scenarios in a second, and seconds for those that are left; none before there is anything to go by.
fn pace(solved: u64, left: u64, milliseconds: u64) -> Option<(u64, u64)> {
    if solved == 0 || milliseconds == 0 {
        return None;
    }
    let tenths = solved.saturating_mul(10_000) / milliseconds;
    let seconds_left = left.saturating_mul(milliseconds) / solved / 1_000;
    Some((tenths, seconds_left))
}

#[cfg(test)]
mod tests {
    use super::pace;

    #[test]
    fn the_pace_is_that_of_this_run() {
        assert_eq!(pace(0, 10, 1_000), None);
        assert_eq!(pace(120, 380, 5_000), Some((240, 15)));
        assert_eq!(pace(1, 0, 0), None);
    }
}
