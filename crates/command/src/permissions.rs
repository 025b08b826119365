//! Permissions of the running command's client.

use crate::context::Context;
use crate::shared::Shared;
use redstart_config::choices::AclPubsubDefault;
use redstart_config::ids;
use redstart_resp::Args;
use redstart_services::acl::{Gate, Outer, Place, Reason, Refused, Rules, record};
use redstart_services::clients::line::Asker;
use redstart_spec::{Access, CommandSpec};

impl Shared {
    /// What rules of users are applied with.
    #[must_use]
    pub fn acl_rules(&self) -> Rules<'_> {
        let all_channels = self.config.get(ids::ACL_PUBSUB_DEFAULT) == AclPubsubDefault::AllChannels;
        Rules { registry: &self.registry, all_channels }
    }

    /// What permissions are asked with.
    #[inline]
    #[must_use]
    pub fn gate(&self) -> Gate<'_> {
        Gate { users: &self.acl, databases: self.keyspace.databases(), config: &self.config, known: self.known() }
    }
}

impl Context<'_> {
    /// Whether a call from within the running command (a script) is allowed. A refusal is counted and noted.
    ///
    /// # Errors
    /// Why not, without a code word.
    pub fn may_call(&mut self, command: &CommandSpec, args: &Args<'_>, place: Place) -> Result<(), Vec<u8>> {
        let Err(denied) = self.session.may_call(self.shared.gate(), command, args) else { return Ok(()) };
        let call = self.session.call(self.shared.gate(), command, args);
        let outer = Outer { command: self.command, place };
        Err(self.session.refuse(self.shared.gate(), self.stats, &call, denied, outer, self.now_ms))
    }

    /// Whether the running command, with these arguments, may read every key there is.
    pub fn may_read_all_keys(&mut self, args: &Args<'_>) -> bool {
        if self.session.identity.is_free(&self.shared.acl) {
            return true;
        }
        let call = self.session.call(self.shared.gate(), self.command, args);
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
            let refused = Refused { reason: Reason::Auth, place, object: &args[0], username: name };
            record(self.shared.gate(), self.stats, self.session, &asker, refused);
            return false;
        };
        self.session.info.names.lock().user.clone_from(&user.name);
        self.session.identity.become_user(user);
        true
    }
}
