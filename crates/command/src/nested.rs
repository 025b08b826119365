//! The slots of commands that another command runs in its place: what scripts call, and what EXEC runs.
//!
//! A script that runs alone has each of its commands take the slots that it needs. Beside others the slots are those
//! that the surrounding command holds, and [`Context::missing`] says whether that is enough.

use crate::context::Context;
use crate::keys;
use crate::outcome::{Refusal, account};
use crate::registry::{Plan, Registered};
use crate::spec::{Acl, Flags};
use redstart_config::ids;
use redstart_keyspace::Access;
use redstart_resp::Args;
use redstart_spec::Error;

/// What a nested command would touch beyond the slots that are held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing.
    Nothing,
    /// The slots of these hashes.
    Slots(Vec<u64>),
    /// Any of them.
    All,
}

/// Whether a command may touch any key there is: it runs alone by its flags, or has no keys and is about all of them.
/// Without keys, those are taken to leave the keyspace alone that are known to be short: INFO and MEMORY STATS count keys.
#[must_use]
pub fn needs_all(command: &Registered) -> bool {
    let (flags, acl) = (command.flags, command.acl);
    let looks = acl.has(Acl::KEYSPACE) || acl.has(Acl::DANGEROUS) || !flags.has(Flags::FAST);
    flags.has(Flags::EXCLUSIVE) || command.plan == Plan::Keyless && looks
}

impl Context<'_> {
    /// What a command would touch beyond what is held.
    #[must_use]
    pub fn missing(&self, command: &Registered, args: &Args<'_>) -> Missing {
        if self.access.alone() {
            return Missing::Nothing;
        }
        let alone = command.command.alone.is_some_and(|alone| alone(self.shared, args));
        if alone || needs_all(command) {
            return Missing::All;
        }
        let hashes = keys::hashes(&self.shared.keyspace, command, args).into_iter();
        let missing: Vec<u64> = hashes.filter(|&hash| !self.access.reaches(hash)).collect();
        if missing.is_empty() { Missing::Nothing } else { Missing::Slots(missing) }
    }

    /// Whether memory was short when the surrounding command began, and commands that may take more are to be refused.
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        self.session.out_of_memory && self.shared.config.get(ids::MAXMEMORY) > 0
    }

    /// Counts a command that was refused before it ran.
    pub fn reject_nested(&self, command: Option<&Registered>, error: Error) {
        self.stats.errors.count(&error.to_bytes());
        account((self.shared, self.stats), &self.session.info, command, &Err(Refusal::Rejected(error)), 0);
    }

    /// Alone: the slots of this command, in place of those of the one before.
    pub(crate) fn take_slots(&mut self, command: &Registered, args: &Args<'_>) {
        let pass = self.access.pass();
        // What is held goes first: no slot is taken twice.
        self.access = Access::none(pass);
        match command.plan {
            _ if command.flags.has(Flags::LOCKS_ITSELF) => {}
            Plan::Keyless | Plan::Queue => {}
            Plan::One(at) => {
                if let Some(key) = args.get(at) {
                    let hash = self.shared.keyspace.hash(key);
                    self.hint = Some((std::ptr::from_ref(key), hash));
                    self.access = Access::one(pass, hash);
                }
            }
            Plan::Many => {
                self.access = Access::many(pass, keys::hashes(&self.shared.keyspace, command, args).into_iter());
            }
        }
    }
}
