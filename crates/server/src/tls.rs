//! TLS: what connections on `tls-port` are encrypted with, and the stream of each of them.
//!
//! ```text
//!   tls-* directives ─ settings::build ─> rustls::ServerConfig ─ held by Tls ─ one Arc a connection ─> stream::Stream
//!                        ├ keys      certificates and keys from PEM files
//!                        ├ ciphers   OpenSSL's names for what rustls has
//!                        └ sessions  what clients may resume
//! ```
//!
//! A change of a directive builds everything anew and replaces it as a whole; where that fails, what was stays in
//! force. Connections keep what they began with. Nothing here knows commands or sockets.

mod ciphers;
mod keys;
mod names;
mod sessions;
mod settings;
mod stream;

pub(crate) use names::names;
pub(crate) use stream::{Step, Stream};

use parking_lot::Mutex;
use redstart::config::choices::TlsAuthClients;
use redstart::config::{Config, ids};
use rustls::ServerConfig;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What new connections begin with, once TLS was configured.
#[derive(Debug, Default)]
pub(crate) struct Tls {
    in_force: Mutex<Option<Arc<ServerConfig>>>,
    /// What the settings in force were built from. Held while others are built, so that the last to begin is the last to
    /// end.
    built: Mutex<Built>,
}

#[derive(Debug, Default)]
struct Built {
    /// Of the contents of all files.
    fingerprint: u64,
    /// When that was, or when the files were last looked at.
    at: Option<Instant>,
}

/// What Redis tells a client whose change is refused; the reason is in the log.
pub(crate) const REFUSED: &str = "Unable to update TLS configuration. Check server logs.";

/// Directives from which settings are built.
const OURS: &[&str] = &[
    "tls-auth-clients",
    "tls-ca-cert-dir",
    "tls-ca-cert-file",
    "tls-cert-file",
    "tls-ciphers",
    "tls-ciphersuites",
    "tls-client-cert-file",
    "tls-client-key-file",
    "tls-client-key-file-pass",
    "tls-cluster",
    "tls-dh-params-file",
    "tls-key-file",
    "tls-key-file-pass",
    "tls-prefer-server-ciphers",
    "tls-protocols",
    "tls-replication",
    "tls-session-cache-size",
    "tls-session-cache-timeout",
    "tls-session-caching",
];

/// Whether TLS is used at all, so that its directives are looked at.
pub(crate) fn is_wanted(config: &Config) -> bool {
    config.get(ids::TLS_PORT) != 0 || config.get(ids::TLS_REPLICATION) || config.get(ids::TLS_CLUSTER)
}

/// Whether a change of this directive changes the settings.
pub(crate) fn concerns(directive: &str) -> bool {
    OURS.contains(&directive)
}

impl Tls {
    /// Builds the settings from the directives and puts them in force, if they are right.
    ///
    /// # Errors
    /// What is wrong, for the log.
    pub(crate) fn configure(&self, config: &Config) -> Result<(), String> {
        let mut built = self.built.lock();
        let fingerprint = keys::fingerprint(config);
        let settings = settings::build(config)?;
        *self.in_force.lock() = Some(Arc::new(settings));
        *built = Built { fingerprint, at: Some(Instant::now()) };
        Ok(())
    }

    /// Whether it is time to look at the files again (`tls-auto-reload-interval`). Says so once each time.
    pub(crate) fn is_due(&self, config: &Config) -> bool {
        let interval = Duration::from_secs(config.get(ids::TLS_AUTO_RELOAD_INTERVAL));
        if interval.is_zero() || !is_wanted(config) {
            return false;
        }
        // Whoever holds it builds settings, and it is not due.
        let Some(mut built) = self.built.try_lock() else { return false };
        let due = built.at.is_some_and(|at| at.elapsed() >= interval);
        if due {
            built.at = Some(Instant::now());
        }
        due
    }

    /// Reads the files anew if they changed. Returns whether they had.
    ///
    /// # Errors
    /// What is wrong with them. What was in force stays, and they are looked at again when it is time.
    pub(crate) fn reload(&self, config: &Config) -> Result<bool, String> {
        if keys::fingerprint(config) == self.built.lock().fingerprint {
            return Ok(false);
        }
        self.configure(config).map(|()| true)
    }

    /// As [`Tls::configure`], unless there are settings in force.
    pub(crate) fn configure_first(&self, config: &Config) -> Result<(), String> {
        if self.in_force.lock().is_some() { Ok(()) } else { self.configure(config) }
    }

    /// Puts a change of `tls-auth-clients` in force. It is never refused, as in Redis: where certificates are to be
    /// checked and nothing is there to check them with, nobody comes in until it is.
    pub(crate) fn authenticate(&self, config: &Config) -> Result<(), String> {
        let outcome = self.configure(config);
        if outcome.is_err() && config.get(ids::TLS_AUTH_CLIENTS) != TlsAuthClients::No {
            *self.in_force.lock() = None;
        }
        outcome
    }

    /// The settings for a new connection.
    pub(crate) fn in_force(&self) -> Option<Arc<ServerConfig>> {
        self.in_force.lock().clone()
    }
}
