//! Reports to the service manager (`supervised`). With systemd, the progress of the start and the beginning of a
//! shutdown are sent to its socket; with upstart, the process stops itself. Must not know what is being loaded or
//! saved.

use crate::log::Log;
use redstart::config::choices::Supervised;
use redstart::config::{Config, ids};
use redstart_sys::process;
use sd_notify::NotifyState;
use std::time::Duration;

/// The service manager that supervises the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager {
    /// None: so configured, or none in the environment.
    None,
    Systemd,
    Upstart,
}

/// How much each report extends systemd's timeout.
const LONGER: Duration = Duration::from_secs(30);

impl Manager {
    /// The configured manager, if it is in the environment. It receives the status that data is being loaded.
    pub(crate) fn find(config: &Config, log: &Log) -> Self {
        let has = |variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
        let wanted = match config.get(ids::SUPERVISED) {
            Supervised::No => Self::None,
            Supervised::Systemd => Self::Systemd,
            Supervised::Upstart => Self::Upstart,
            Supervised::Auto if has("UPSTART_JOB") => Self::Upstart,
            Supervised::Auto if has("NOTIFY_SOCKET") => Self::Systemd,
            Supervised::Auto => Self::None,
        };
        match wanted {
            Self::None => Self::None,
            Self::Upstart if has("UPSTART_JOB") => {
                log.notice("supervised by upstart, will stop to signal readiness.");
                process::stop();
                Self::Upstart
            }
            Self::Upstart => {
                log.warning("upstart supervision requested, but UPSTART_JOB not found!");
                Self::None
            }
            Self::Systemd if !has("NOTIFY_SOCKET") => {
                log.warning("systemd supervision error: NOTIFY_SOCKET not found!");
                Self::None
            }
            Self::Systemd => {
                if !Self::Systemd.tell(log, &[NotifyState::Status("Redstart is loading...")]) {
                    return Self::None;
                }
                log.notice("Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec and TimeoutStopSec in your service unit.");
                Self::Systemd
            }
        }
    }

    /// The name in INFO's `process_supervised`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "no",
            Self::Systemd => "systemd",
            Self::Upstart => "upstart",
        }
    }

    /// Reports that clients can use the server.
    pub(crate) fn ready(self, log: &Log) {
        self.tell(log, &[NotifyState::Status("Ready to accept connections"), NotifyState::Ready]);
    }

    /// Reports that the shutdown has begun.
    pub(crate) fn stopping(self, log: &Log) {
        self.tell(log, &[NotifyState::Stopping]);
    }

    /// Reports an operation that may exceed the usual timeout of a start or a stop.
    pub(crate) fn still(self, log: &Log, words: &str) {
        let longer = u32::try_from(LONGER.as_micros()).unwrap_or(u32::MAX);
        self.tell(log, &[NotifyState::Status(words), NotifyState::ExtendTimeoutUsec(longer)]);
    }

    /// Sends states; only to systemd. Returns whether that succeeded.
    fn tell(self, log: &Log, states: &[NotifyState<'_>]) -> bool {
        if self != Self::Systemd {
            return false;
        }
        let told = sd_notify::notify(states);
        if let Err(error) = &told {
            log.warning(&format!("systemd supervision error: sd_notify: {error}"));
        }
        told.is_ok()
    }
}
