//! The log, in the form that redis-server's has: `pid:role day month year time level message`.

use redstart::config::choices::LogLevel;
use redstart::config::{Config, ids};
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;

/// Writes lines to standard output, or to `logfile`.
#[derive(Clone)]
pub(crate) struct Log {
    config: Arc<Config>,
}

impl Log {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        Self { config }
    }

    /// Whether lines can be written, as far as that is known before the first one.
    pub(crate) fn check(&self) -> std::io::Result<()> {
        let Some(path) = self.config.path(ids::LOGFILE) else { return Ok(()) };
        OpenOptions::new().create(true).append(true).open(path).map(drop)
    }

    /// Something an operator must see.
    pub(crate) fn warning(&self, message: &str) {
        self.write(LogLevel::Warning, '#', message);
    }

    /// What happens in ordinary operation, seldom enough to be kept.
    pub(crate) fn notice(&self, message: &str) {
        self.write(LogLevel::Notice, '*', message);
    }

    /// What may help to understand a problem.
    pub(crate) fn verbose(&self, message: &str) {
        self.write(LogLevel::Verbose, '-', message);
    }

    /// What only a developer wants to see.
    pub(crate) fn debug(&self, message: &str) {
        self.write(LogLevel::Debug, '.', message);
    }

    /// Text as it is, without a head.
    pub(crate) fn raw(&self, text: &str) {
        self.append(text.as_bytes());
    }

    fn write(&self, level: LogLevel, sign: char, message: &str) {
        if (level as i64) < self.config.get(ids::LOGLEVEL) as i64 {
            return;
        }
        let time = jiff::Zoned::now().strftime("%d %b %Y %H:%M:%S%.3f").to_string();
        self.append(format!("{}:M {time} {sign} {message}\n", std::process::id()).as_bytes());
    }

    /// The file is opened for each line, so that it can be moved away at any time. A log that cannot be written has
    /// nowhere to say so.
    fn append(&self, text: &[u8]) {
        let _ = match self.config.path(ids::LOGFILE) {
            None => std::io::stdout().lock().write_all(text),
            Some(path) => {
                let file = OpenOptions::new().create(true).append(true).open(path);
                file.and_then(|mut file| file.write_all(text))
            }
        };
    }
}
