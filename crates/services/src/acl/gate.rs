//! What sessions and handlers ask: may this be done, and if not, what is said and noted of it.

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
    /// As ACL LOG shows it.
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
    /// As ACL LOG and the counters call it.
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

/// What permissions are asked and refusals noted with.
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

/// Counts a refusal and notes it in ACL LOG. `asker` is the client in the middle of the command that it called.
pub fn record(
    (gate, stats): (Gate<'_>, &WorkerStats),
    session: &Session,
    asker: &Asker<'_>,
    (reason, place): (Reason, Place),
    (object, username): (&[u8], &[u8]),
) {
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
    /// Whether a command has to wait for the client to say who it is.
    #[must_use]
    pub fn must_authenticate(&self, users: &Store) -> bool {
        self.identity.must_authenticate(users)
    }

    /// Whether a call is allowed to who this session is. Neither counts nor notes a refusal.
    ///
    /// # Errors
    /// It is not. A user that is no more may do nothing.
    pub fn may_call(&mut self, gate: Gate<'_>, command: &CommandSpec, args: &Args<'_>) -> Result<(), Denied> {
        if self.identity.is_free(gate.users) {
            return Ok(());
        }
        self.identity.refresh(gate.users).map_err(|_| Denied::Command)?;
        let call = self.call(gate, command, args);
        self.identity.user().map_or(Ok(()), |user| user.check(&call))
    }

    /// Whether it may publish to a channel.
    pub fn may_publish(&mut self, gate: Gate<'_>, channel: &[u8]) -> bool {
        self.may_subscribe(gate, channel, false)
    }

    /// Whether it may subscribe to a channel, or to a pattern, which must be one that its user was given.
    pub fn may_subscribe(&mut self, gate: Gate<'_>, channel: &[u8], is_pattern: bool) -> bool {
        self.identity.is_free(gate.users)
            || self.identity.refresh(gate.users).is_ok()
                && self.identity.user().is_none_or(|user| user.allows_channel(channel, is_pattern))
    }

    /// A call in the words of the check: in the database that will be selected when it runs.
    #[must_use]
    pub fn call<'a>(&self, gate: Gate<'_>, command: &'a CommandSpec, args: &'a Args<'a>) -> Call<'a> {
        let queued = self.transaction.as_ref().and_then(|transaction| transaction.database);
        let database = queued.unwrap_or(self.database);
        Call { command, args, database, databases: gate.databases }
    }

    /// Counts and notes that a call was refused, and says so without a code word. `outer` is the command that the
    /// client called: the same one, EXEC, or the script's.
    pub fn refuse(
        &self,
        (gate, stats): (Gate<'_>, &WorkerStats),
        (call, denied): (&Call<'_>, Denied),
        (outer, place): (&CommandSpec, Place),
        now_ms: i64,
    ) -> Vec<u8> {
        let Some(user) = self.identity.user() else { return Vec::new() };
        let args = std::ptr::eq(call.command, outer).then_some(call.args);
        let asker = Asker { id: self.info.id, command: Some(outer), args, now_ms };
        let what = (call.object(denied), user.name.as_slice());
        record((gate, stats), self, &asker, (denied.reason(), place), what);
        call.explain(denied, user, false)
    }

    /// Makes a session that has just begun that of the first user among those that its certificate names and that are
    /// on. If there is none, that is counted and noted.
    pub fn identify(&mut self, (gate, stats): (Gate<'_>, &WorkerStats), names: &[Vec<u8>], now_ms: i64) -> bool {
        let mut users = names.iter().filter_map(|name| gate.users.get(name));
        let Some(user) = users.find(|user| user.enabled()) else {
            if let Some(name) = names.last() {
                let asker = Asker { id: self.info.id, command: None, args: None, now_ms };
                record((gate, stats), self, &asker, (Reason::Certificate, Place::TopLevel), (b"", name));
            }
            return false;
        };
        self.info.names.lock().user.clone_from(&user.name);
        self.identity.become_user(user);
        true
    }
}

impl Identity {
    /// The name of the user as CLIENT LIST shows it.
    #[must_use]
    pub fn shown_name(&self) -> &[u8] {
        self.user().map_or(b"(superuser)", |user| &user.name)
    }
}
