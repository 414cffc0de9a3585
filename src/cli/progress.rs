//! How far reading is: on a terminal, for work above half a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Read;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_millis(500);

/// A bar over the bytes of all inputs; invisible until reading takes longer than half a second.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
}

struct Watched {
    inner: Box<dyn Read + Send>,
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    /// None where nobody looks.
    pub(crate) fn new(seen: bool) -> Self {
        let bar = seen.then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
            let template = "reading {bar:30} {bytes} of {total_bytes}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Progress { bar, begun: Instant::now() }
    }

    /// A reader whose bytes move the bar.
    pub(crate) fn watch(&self, inner: Box<dyn Read + Send>, length: Option<u64>) -> Box<dyn Read + Send> {
        let Some(bar) = &self.bar else { return inner };
        bar.inc_length(length.unwrap_or(0));
        Box::new(Watched { inner, bar: bar.clone(), begun: self.begun })
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.bar.is_hidden() && self.begun.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(read as u64);
        Ok(read)
    }
}
