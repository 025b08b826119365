//! What sessions and handlers ask: may this be done, and if not, what is said and noted of it.

use super::check::{Call, Denied};
use super::identity::Identity;
use super::log::{Event, Reason};
use super::rules::Rules;
use crate::clients::line::{Asker, line};
use crate::context::Context;
use crate::session::Session;
use crate::shared::Shared;
use crate::spec::Access;
use crate::stats::WorkerStats;
use redstart_config::choices::AclPubsubDefault;
use redstart_config::ids;
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

impl Shared {
    /// What rules of users are applied with.
    #[must_use]
    pub fn acl_rules(&self) -> Rules<'_> {
        let all_channels = self.config.get(ids::ACL_PUBSUB_DEFAULT) == AclPubsubDefault::AllChannels;
        Rules { registry: &self.registry, all_channels }
    }
}

/// Counts a refusal and notes it in ACL LOG. `asker` is the client in the middle of the command that it called.
pub fn record(
    (shared, stats): (&Shared, &WorkerStats),
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
    line(&session.info, shared.known(), asker, &mut client);
    let event =
        Event { reason, place, object: object.to_vec(), username: username.to_vec(), client, now_ms: asker.now_ms };
    let most = usize::try_from(shared.config.get(ids::ACLLOG_MAX_LEN)).unwrap_or(usize::MAX);
    shared.acl.log.add(event, most);
}

impl Session {
    /// Whether a command has to wait for the client to say who it is.
    #[must_use]
    pub fn must_authenticate(&self, shared: &Shared) -> bool {
        self.identity.must_authenticate(&shared.acl)
    }

    /// Whether a call is allowed to who this session is. Neither counts nor notes a refusal.
    ///
    /// # Errors
    /// It is not. A user that is no more may do nothing.
    pub fn may_call(&mut self, shared: &Shared, command: &CommandSpec, args: &Args<'_>) -> Result<(), Denied> {
        if self.identity.is_free(&shared.acl) {
            return Ok(());
        }
        self.identity.refresh(&shared.acl).map_err(|_| Denied::Command)?;
        let call = self.call(shared, command, args);
        self.identity.user().map_or(Ok(()), |user| user.check(&call))
    }

    /// Whether it may publish to a channel.
    pub fn may_publish(&mut self, shared: &Shared, channel: &[u8]) -> bool {
        self.may_subscribe(shared, channel, false)
    }

    /// Whether it may subscribe to a channel, or to a pattern, which must be one that its user was given.
    pub fn may_subscribe(&mut self, shared: &Shared, channel: &[u8], is_pattern: bool) -> bool {
        self.identity.is_free(&shared.acl)
            || self.identity.refresh(&shared.acl).is_ok()
                && self.identity.user().is_none_or(|user| user.allows_channel(channel, is_pattern))
    }

    /// A call in the words of the check: in the database that will be selected when it runs.
    #[must_use]
    pub fn call<'a>(&self, shared: &Shared, command: &'a CommandSpec, args: &'a Args<'a>) -> Call<'a> {
        let queued = self.transaction.as_ref().and_then(|transaction| transaction.database);
        let database = queued.unwrap_or(self.database);
        Call { command, args, database, databases: shared.keyspace.databases() }
    }

    /// Counts and notes that a call was refused, and says so without a code word. `outer` is the command that the
    /// client called: the same one, EXEC, or the script's.
    pub fn refuse(
        &self,
        (shared, stats): (&Shared, &WorkerStats),
        (call, denied): (&Call<'_>, Denied),
        (outer, place): (&CommandSpec, Place),
        now_ms: i64,
    ) -> Vec<u8> {
        let Some(user) = self.identity.user() else { return Vec::new() };
        let args = std::ptr::eq(call.command, outer).then_some(call.args);
        let asker = Asker { id: self.info.id, command: Some(outer), args, now_ms };
        let what = (call.object(denied), user.name.as_slice());
        record((shared, stats), self, &asker, (denied.reason(), place), what);
        call.explain(denied, user, false)
    }

    /// Makes a session that has just begun that of the first user among those that its certificate names and that are
    /// on. If there is none, that is counted and noted.
    pub fn identify(&mut self, (shared, stats): (&Shared, &WorkerStats), names: &[Vec<u8>], now_ms: i64) -> bool {
        let mut users = names.iter().filter_map(|name| shared.acl.get(name));
        let Some(user) = users.find(|user| user.enabled()) else {
            if let Some(name) = names.last() {
                let asker = Asker { id: self.info.id, command: None, args: None, now_ms };
                record((shared, stats), self, &asker, (Reason::Certificate, Place::TopLevel), (b"", name));
            }
            return false;
        };
        self.info.names.lock().user.clone_from(&user.name);
        self.identity.become_user(user);
        true
    }
}

impl Context<'_> {
    /// Whether a call from within the running command (a script) is allowed. A refusal is counted and noted.
    ///
    /// # Errors
    /// Why not, without a code word.
    pub fn may_call(&mut self, command: &CommandSpec, args: &Args<'_>, place: Place) -> Result<(), Vec<u8>> {
        let Err(denied) = self.session.may_call(self.shared, command, args) else { return Ok(()) };
        let call = self.session.call(self.shared, command, args);
        Err(self.session.refuse((self.shared, self.stats), (&call, denied), (self.command, place), self.now_ms))
    }

    /// Whether the running command, with these arguments, may read every key there is.
    pub fn may_read_all_keys(&mut self, args: &Args<'_>) -> bool {
        if self.session.identity.is_free(&self.shared.acl) {
            return true;
        }
        let call = self.session.call(self.shared, self.command, args);
        self.session.identity.user().is_none_or(|user| user.allows_with_all_keys(&call, Access::ACCESS))
    }

    /// Makes the session that of a user, if the password is right; else counts and notes the attempt, which `args` were.
    pub fn authenticate(&mut self, name: &[u8], password: &[u8], args: &Args<'_>) -> bool {
        let user = self.shared.acl.get(name).filter(|user| user.accepts(password));
        let Some(user) = user else {
            // A transaction is over for the session when its queue runs, in which nothing may block.
            let in_multi = self.session.transaction.is_some() || self.session.no_block;
            let place = if in_multi { Place::Multi } else { Place::TopLevel };
            let asker = Asker { id: self.session.info.id, command: None, args: Some(args), now_ms: self.now_ms };
            record((self.shared, self.stats), self.session, &asker, (Reason::Auth, place), (&args[0], name));
            return false;
        };
        self.session.info.names.lock().user.clone_from(&user.name);
        self.session.identity.become_user(user);
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
