//! What the service manager is told (`supervised`): systemd hears on its socket how far the start is and that the end has
//! begun; upstart sees the process stop itself. Must not know what is being loaded or saved.

use crate::log::Log;
use redstart::config::choices::Supervised;
use redstart::config::{Config, ids};
use redstart_sys::process;
use sd_notify::NotifyState;
use std::time::Duration;

/// The service manager that the process reports to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager {
    /// None: by the configuration, or since the environment names none.
    None,
    Systemd,
    Upstart,
}

/// How much longer than usual systemd waits after each report of a load that goes on.
const LONGER: Duration = Duration::from_secs(30);

impl Manager {
    /// The manager that the configuration asks for, if the environment has it; it is told that data is being loaded.
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

    /// As INFO's `process_supervised` says it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "no",
            Self::Systemd => "systemd",
            Self::Upstart => "upstart",
        }
    }

    /// Clients can work from now on.
    pub(crate) fn ready(self, log: &Log) {
        self.tell(log, &[NotifyState::Status("Ready to accept connections"), NotifyState::Ready]);
    }

    /// The end has begun.
    pub(crate) fn stopping(self, log: &Log) {
        self.tell(log, &[NotifyState::Stopping]);
    }

    /// What the process is at, which may take longer than a start or an end usually does.
    pub(crate) fn still(self, log: &Log, words: &str) {
        let longer = u32::try_from(LONGER.as_micros()).unwrap_or(u32::MAX);
        self.tell(log, &[NotifyState::Status(words), NotifyState::ExtendTimeoutUsec(longer)]);
    }

    /// Whether it could be told; only systemd listens.
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
