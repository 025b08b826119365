//! The permission checks of sessions and handlers, and how a refusal is counted and logged.

use super::check::{Call, Denied};
use super::identity::Identity;
use super::log::{Event, Reason};
use super::store::Store;
use crate::clients::line::{Asker, Known, line};
use crate::session::Session;
use crate::stats::WorkerStats;
use redstart_config::{Config, ids};
use redstart_resp::Args;
use redstart_spec::CommandSpec;

/// Where a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By the client itself.
    TopLevel,
    /// Between MULTI and EXEC, or by EXEC.
    Multi,
    /// By a script or a function.
    Script,
}

impl Place {
    /// The name in ACL LOG.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TopLevel => "toplevel",
            Self::Multi => "multi",
            Self::Script => "lua",
        }
    }
}

impl Denied {
    /// The name in ACL LOG and in the counters.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Command => Reason::Command,
            Self::Key(_) => Reason::Key,
            Self::Channel(_) => Reason::Channel,
            Self::Database(_) => Reason::Database,
        }
    }
}

/// What permission checks and the logging of refusals need.
#[derive(Clone, Copy, Debug)]
pub struct Gate<'a> {
    /// All users.
    pub users: &'a Store,
    /// The number of databases.
    pub databases: usize,
    /// The configuration.
    pub config: &'a Config,
    /// What ACL LOG shows of a client.
    pub known: Known<'a>,
}

/// A refusal, as ACL LOG shows it.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// The reason.
    pub reason: Reason,
    /// Where the call was made.
    pub place: Place,
    /// The command, key, channel or database.
    pub object: &'a [u8],
    /// The user that was refused.
    pub username: &'a [u8],
}

/// The command that the client called, and where the refused call was made: in it, or by it.
#[derive(Clone, Copy, Debug)]
pub struct Outer<'a> {
    /// The refused command itself, EXEC, or the one that runs the script.
    pub command: &'a CommandSpec,
    /// Where the refused call was made.
    pub place: Place,
}

/// Counts a refusal and adds it to ACL LOG. `asker` is the client, with the command that it is running.
pub fn record(gate: Gate<'_>, stats: &WorkerStats, session: &Session, asker: &Asker<'_>, refusal: Refused<'_>) {
    let Refused { reason, place, object, username } = refusal;
    let counter = match reason {
        Reason::Auth => &stats.auth_denied,
        Reason::Certificate => &stats.certificates_denied,
        Reason::Command => &stats.commands_denied,
        Reason::Key => &stats.keys_denied,
        Reason::Channel => &stats.channels_denied,
        Reason::Database => &stats.databases_denied,
    };
    counter.add(1);
    let mut client = Vec::new();
    line(&session.info, gate.known, asker, &mut client);
    let event =
        Event { reason, place, object: object.to_vec(), username: username.to_vec(), client, now_ms: asker.now_ms };
    let most = usize::try_from(gate.config.get(ids::ACLLOG_MAX_LEN)).unwrap_or(usize::MAX);
    gate.users.log.add(event, most);
}

impl Session {
    /// Whether the client must authenticate before it may run a command.
    #[must_use]
    pub fn must_authenticate(&self, users: &Store) -> bool {
        self.identity.must_authenticate(users)
    }

    /// Whether this session's user may make a call. A refusal is neither counted nor logged.
    ///
    /// # Errors
    /// The call is denied. A deleted user may do nothing.
    pub fn may_call(&mut self, gate: Gate<'_>, command: &CommandSpec, args: &Args<'_>) -> Result<(), Denied> {
        if self.identity.is_free(gate.users) {
            return Ok(());
        }
        self.identity.refresh(gate.users).map_err(|_| Denied::Command)?;
        let call = self.call(gate, command, args);
        self.identity.user().map_or(Ok(()), |user| user.check(&call))
    }

    /// Whether the session may publish to a channel.
    pub fn may_publish(&mut self, gate: Gate<'_>, channel: &[u8]) -> bool {
        self.may_subscribe(gate, channel, false)
    }

    /// Whether the session may subscribe to a channel or to a pattern. A pattern is allowed only if the user was
    /// granted exactly this pattern.
    pub fn may_subscribe(&mut self, gate: Gate<'_>, channel: &[u8], is_pattern: bool) -> bool {
        self.identity.is_free(gate.users)
            || self.identity.refresh(gate.users).is_ok()
                && self.identity.user().is_none_or(|user| user.allows_channel(channel, is_pattern))
    }

    /// The call to check, in the database that will be selected when the command runs.
    #[must_use]
    pub fn call<'a>(&self, gate: Gate<'_>, command: &'a CommandSpec, args: &'a Args<'a>) -> Call<'a> {
        let queued = self.transaction.as_ref().and_then(|transaction| transaction.database);
        let database = queued.unwrap_or(self.database);
        Call { command, args, database, databases: gate.databases }
    }

    /// Counts and logs a refused call, and returns the reason without an error code.
    pub fn refuse(
        &self,
        gate: Gate<'_>,
        stats: &WorkerStats,
        call: &Call<'_>,
        denied: Denied,
        outer: Outer<'_>,
        now_ms: i64,
    ) -> Vec<u8> {
        let Some(user) = self.identity.user() else { return Vec::new() };
        let args = std::ptr::eq(call.command, outer.command).then_some(call.args);
        let asker = Asker { id: self.info.id, command: Some(outer.command), args, now_ms };
        let refusal =
            Refused { reason: denied.reason(), place: outer.place, object: call.object(denied), username: &user.name };
        record(gate, stats, self, &asker, refusal);
        call.explain(denied, user, false)
    }

    /// Gives a new session the first enabled user among `names`, which come from its certificate. If no user qualifies,
    /// the failure is counted and logged.
    pub fn identify(&mut self, gate: Gate<'_>, stats: &WorkerStats, names: &[Vec<u8>], now_ms: i64) -> bool {
        let mut users = names.iter().filter_map(|name| gate.users.get(name));
        let Some(user) = users.find(|user| user.enabled()) else {
            if let Some(name) = names.last() {
                let asker = Asker { id: self.info.id, command: None, args: None, now_ms };
                let refusal =
                    Refused { reason: Reason::Certificate, place: Place::TopLevel, object: b"", username: name };
                record(gate, stats, self, &asker, refusal);
            }
            return false;
        };
        self.info.names.lock().user.clone_from(&user.name);
        self.identity.become_user(user);
        true
    }
}

impl Identity {
    /// The user's name in CLIENT LIST.
    #[must_use]
    pub fn shown_name(&self) -> &[u8] {
        self.user().map_or(b"(superuser)", |user| &user.name)
    }
}
