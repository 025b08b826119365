//! MONITOR: shows running commands to the clients that asked for it.
//!
//! A line is formatted before the command runs, since a command may move its arguments, and sent after it ran.
//! Administrative commands and arguments that a command declares secret are not shown.

use crate::clients::ClientInfo;
use crate::commandlog::REDACTED;
use crate::session::Session;
use parking_lot::Mutex;
use redstart_config::quoted;
use redstart_config::{ClientClass, Config};
use redstart_resp::Args;
use redstart_spec::CommandSpec;
use redstart_spec::{Acl, Flags};
use redstart_sys::clock::unix_us;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The clients in MONITOR mode.
#[derive(Debug, Default)]
pub struct Monitors {
    all: Mutex<Vec<Arc<ClientInfo>>>,
    count: AtomicUsize,
}

/// A command in the format of MONITOR: its arguments, quoted.
#[derive(Debug)]
pub struct Line(Vec<u8>);

impl Monitors {
    /// Whether any client is in MONITOR mode.
    #[inline]
    #[must_use]
    pub fn any(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    /// Adds a session.
    pub fn join(&self, session: &mut Session) {
        session.monitors = true;
        let mut all = self.all.lock();
        all.push(Arc::clone(&session.info));
        self.count.store(all.len(), Ordering::Relaxed);
        session.info.monitors.store(true, Ordering::Relaxed);
    }

    /// Removes a session.
    pub fn leave(&self, session: &mut Session) {
        if std::mem::take(&mut session.monitors) {
            let mut all = self.all.lock();
            all.retain(|client| client.id != session.info.id);
            self.count.store(all.len(), Ordering::Relaxed);
            session.info.monitors.store(false, Ordering::Relaxed);
        }
    }

    /// The line of a command that is about to run, to be sent after it ran; `None` for a command that is not shown
    /// then. A command that runs a script is shown at once, before the commands of the script.
    #[cold]
    #[must_use]
    pub fn line(&self, config: &Config, command: &CommandSpec, args: &Args<'_>, session: &Session) -> Option<Line> {
        let flags = command.flags;
        if flags.has(Flags::ADMIN) {
            return None;
        }
        let line = Line::new(command, args);
        if flags.has(Flags::SKIP_MONITOR) {
            if command.acl.has(Acl::SCRIPTING) {
                self.show(config, &line, Some(&session.info), session.database);
            }
            return None;
        }
        Some(line)
    }

    /// Sends a line, with the client (`None` for a script) and the database.
    #[cold]
    pub fn show(&self, config: &Config, line: &Line, client: Option<&ClientInfo>, database: usize) {
        let origin = match client {
            None => "lua".to_owned(),
            Some(client) if client.unix => format!("unix:{}", client.addr.trim_end_matches(":0")),
            Some(client) => client.addr.clone(),
        };
        let limit = config.output_buffer_limit(ClientClass::Normal).hard_bytes;
        let now_us = unix_us();
        let head = format!("+{}.{:06} [{database} {origin}]", now_us / 1_000_000, now_us % 1_000_000);
        for client in self.all.lock().iter() {
            client.post(&[head.as_bytes(), &line.0, b"\r\n"], limit);
        }
    }
}

impl Line {
    /// Formats a command with its arguments, whether or not MONITOR shows it.
    #[must_use]
    pub fn new(command: &CommandSpec, args: &Args<'_>) -> Self {
        let secret = command.secret;
        let mut line = Vec::new();
        for (index, argument) in args.iter_from(0).enumerate() {
            let hidden = secret.is_some_and(|secret| secret(args, index));
            line.push(b' ');
            line.extend(quoted(if hidden { REDACTED } else { argument }));
        }
        Self(line)
    }
}
