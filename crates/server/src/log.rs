//! The log, in the format of redis-server: `pid:role day month year time level message`. With `log-format` and
//! `log-timestamp-format` it is logfmt or JSON, with other time formats, as in Valkey. With `syslog-enabled` messages
//! also go to the system log.

use redstart::config::choices::{LogFormat, LogLevel, LogTimestampFormat, SyslogFacility};
use redstart::config::{Config, ids};
use redstart_sys::syslog::{self, Facility, Priority};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;

/// Writes lines to standard output or to `logfile`.
#[derive(Clone)]
pub(crate) struct Log {
    config: Arc<Config>,
}

impl Log {
    /// The log of a process: there is only one.
    pub(crate) fn new(config: Arc<Config>) -> Self {
        if config.get(ids::SYSLOG_ENABLED) {
            syslog::open(
                &String::from_utf8_lossy(&config.text(ids::SYSLOG_IDENT)),
                facility(config.get(ids::SYSLOG_FACILITY)),
            );
        }
        Self { config }
    }

    /// Whether lines can be written, checked before the first one.
    pub(crate) fn check(&self) -> std::io::Result<()> {
        let Some(path) = self.config.path(ids::LOGFILE) else { return Ok(()) };
        OpenOptions::new().create(true).append(true).open(path).map(drop)
    }

    /// Level `warning`.
    pub(crate) fn warning(&self, message: &str) {
        self.write(LogLevel::Warning, '#', "warning", message);
    }

    /// Level `notice`: rare events of ordinary operation.
    pub(crate) fn notice(&self, message: &str) {
        self.write(LogLevel::Notice, '*', "notice", message);
    }

    /// Level `verbose`: helps to diagnose problems.
    pub(crate) fn verbose(&self, message: &str) {
        self.write(LogLevel::Verbose, '-', "info", message);
    }

    /// Level `debug`: for developers.
    pub(crate) fn debug(&self, message: &str) {
        self.write(LogLevel::Debug, '.', "debug", message);
    }

    /// Text without a line header.
    pub(crate) fn raw(&self, text: &str) {
        self.append(text.as_bytes());
        if self.config.get(ids::SYSLOG_ENABLED) {
            text.lines().filter(|line| !line.is_empty()).for_each(|line| syslog::write(Priority::Warning, line));
        }
    }

    fn write(&self, level: LogLevel, sign: char, name: &str, message: &str) {
        if (level as i64) < self.config.get(ids::LOGLEVEL) as i64 {
            return;
        }
        let (pid, time) = (std::process::id(), self.time());
        let line = match self.config.get(ids::LOG_FORMAT) {
            LogFormat::Legacy => format!("{pid}:M {time} {sign} {message}\n"),
            LogFormat::Logfmt => {
                let message = message.replace('"', "'").replace(['\n', '\r'], " ");
                format!("pid={pid} role=primary timestamp=\"{time}\" level={name} message=\"{message}\"\n")
            }
            LogFormat::Json => {
                let message = json(message);
                format!(
                    "{{\"pid\":{pid},\"role\":\"primary\",\"timestamp\":\"{time}\",\"level\":\"{name}\",\
                     \"message\":{message}}}\n"
                )
            }
        };
        self.append(line.as_bytes());
        if self.config.get(ids::SYSLOG_ENABLED) {
            let priority = match level {
                LogLevel::Debug => Priority::Debug,
                LogLevel::Verbose => Priority::Info,
                LogLevel::Notice => Priority::Notice,
                _ => Priority::Warning,
            };
            syslog::write(priority, message);
        }
    }

    fn time(&self) -> String {
        let now = jiff::Zoned::now();
        match self.config.get(ids::LOG_TIMESTAMP_FORMAT) {
            LogTimestampFormat::Legacy => now.strftime("%d %b %Y %H:%M:%S%.3f").to_string(),
            LogTimestampFormat::Iso8601 => now.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
            LogTimestampFormat::Milliseconds => now.timestamp().as_millisecond().to_string(),
        }
    }

    /// The file is opened for each line, so that it can be moved away at any time. A write error cannot be reported
    /// anywhere.
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

fn facility(configured: SyslogFacility) -> Facility {
    match configured {
        SyslogFacility::User => Facility::User,
        local => Facility::Local((local as i64 - SyslogFacility::Local0 as i64) as u8),
    }
}

/// A JSON string (RFC 8259, section 7).
fn json(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            control if u32::from(control) < 0x20 => _ = write!(quoted, "\\u{:04x}", u32::from(control)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_cannot_hold_is_escaped() {
        assert_eq!(json("a \"b\" \\ \n\r\t\u{8}\u{c}\u{1} é"), r#""a \"b\" \\ \n\r\t\b\f\u0001 é""#);
    }
}
