//! TLS: the settings of connections on `tls-port`, and the stream of each connection.
//!
//! ```text
//!   tls-* directives ─ settings::build ─> rustls::ServerConfig ─ held by Tls ─ one Arc a connection ─> stream::Stream
//!                        ├ keys      certificates and keys from PEM files
//!                        ├ ciphers   OpenSSL's names for what rustls has
//!                        └ sessions  what clients may resume
//! ```
//!
//! A change of a directive builds new settings and replaces the old ones as a whole; if that fails, the old ones stay
//! in effect. Connections keep the settings with which they began. This module knows neither commands nor sockets.

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

/// The settings of new connections, once TLS was configured.
#[derive(Debug, Default)]
pub(crate) struct Tls {
    in_force: Mutex<Option<Arc<ServerConfig>>>,
    /// What the current settings were built from. Held while others are built, so that builds finish in the order in
    /// which they begin.
    built: Mutex<Built>,
}

#[derive(Debug, Default)]
struct Built {
    /// Over the contents of all files.
    fingerprint: u64,
    /// When the settings were built, or the files were last checked.
    at: Option<Instant>,
}

/// Redis's error for a refused change; the reason is in the log.
pub(crate) const REFUSED: &str = "Unable to update TLS configuration. Check server logs.";

/// The directives from which settings are built.
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

/// Whether TLS is used at all, so that its directives are read.
pub(crate) fn is_wanted(config: &Config) -> bool {
    config.get(ids::TLS_PORT) != 0 || config.get(ids::TLS_REPLICATION) || config.get(ids::TLS_CLUSTER)
}

/// Whether a change of this directive changes the settings.
pub(crate) fn concerns(directive: &str) -> bool {
    OURS.contains(&directive)
}

impl Tls {
    /// Builds the settings from the directives, and applies them if they are valid.
    ///
    /// # Errors
    /// The reason, for the log.
    pub(crate) fn configure(&self, config: &Config) -> Result<(), String> {
        let mut built = self.built.lock();
        let fingerprint = keys::fingerprint(config);
        let settings = settings::build(config)?;
        *self.in_force.lock() = Some(Arc::new(settings));
        *built = Built { fingerprint, at: Some(Instant::now()) };
        Ok(())
    }

    /// Whether `tls-auto-reload-interval` has passed. Returns true once per interval.
    pub(crate) fn is_due(&self, config: &Config) -> bool {
        let interval = Duration::from_secs(config.get(ids::TLS_AUTO_RELOAD_INTERVAL));
        if interval.is_zero() || !is_wanted(config) {
            return false;
        }
        // A thread that holds it is building settings, so no reload is due.
        let Some(mut built) = self.built.try_lock() else { return false };
        let due = built.at.is_some_and(|at| at.elapsed() >= interval);
        if due {
            built.at = Some(Instant::now());
        }
        due
    }

    /// Reloads the files if they changed. Returns whether they had.
    ///
    /// # Errors
    /// The reason. The settings stay in effect, and the files are checked again after the interval.
    pub(crate) fn reload(&self, config: &Config) -> Result<bool, String> {
        if keys::fingerprint(config) == self.built.lock().fingerprint {
            return Ok(false);
        }
        self.configure(config).map(|()| true)
    }

    /// Like [`Tls::configure`], unless settings are already in effect.
    pub(crate) fn configure_first(&self, config: &Config) -> Result<(), String> {
        if self.in_force.lock().is_some() { Ok(()) } else { self.configure(config) }
    }

    /// Applies a change of `tls-auth-clients`. As in Redis, it is never refused: if certificates must be verified and
    /// there are no authorities to verify them, no client is admitted until there are.
    pub(crate) fn authenticate(&self, config: &Config) -> Result<(), String> {
        let outcome = self.configure(config);
        if outcome.is_err() && config.get(ids::TLS_AUTH_CLIENTS) != TlsAuthClients::No {
            *self.in_force.lock() = None;
        }
        outcome
    }

    /// The settings of a new connection.
    pub(crate) fn in_force(&self) -> Option<Arc<ServerConfig>> {
        self.in_force.lock().clone()
    }
}
