//! Commands that a command runs in its own place and time: what scripts call, and what EXEC runs.
//!
//! A script that runs alone has each of its commands take the slots that it needs. Beside others the slots are those
//! that the surrounding command holds, and [`Context::missing`] says whether that is enough.

use crate::context::Context;
use crate::error::Error;
use crate::keys;
use crate::observe::Call;
use crate::outcome::{Refusal, account, settle};
use crate::registry::{Plan, Registered};
use crate::shared::Shared;
use crate::spec::{Acl, Flags};
use redstart_config::ids;
use redstart_encoding::hash::hash;
use redstart_keyspace::Access;
use redstart_resp::{Args, Reply};
use redstart_sys::clock::Ticks;

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

/// Who runs a command in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// EXEC.
    Queue,
    /// A script, whose keys are what it is known by.
    Script,
}

/// Whether a command may touch any key there is: it runs alone by its flags, or has no keys and is about all of them.
/// Without keys, those are taken to leave the keyspace alone that are known to be short: INFO and MEMORY STATS count keys.
#[must_use]
pub fn needs_all(command: &Registered) -> bool {
    let (flags, acl) = (command.command.flags, command.acl);
    let looks = acl.has(Acl::KEYSPACE) || acl.has(Acl::DANGEROUS) || !flags.has(Flags::FAST);
    flags.has(Flags::EXCLUSIVE) || command.plan == Plan::Keyless && looks
}

impl<'a> Context<'a> {
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
        let hashes = keys::hashes(command.command, args).into_iter();
        let missing: Vec<u64> = hashes.filter(|&hash| !self.access.reaches(hash)).collect();
        if missing.is_empty() { Missing::Nothing } else { Missing::Slots(missing) }
    }

    /// Runs a command in this one's place, writes its answer, and counts it with what it changed. Returns whether it
    /// answered with an error.
    pub fn run_nested(
        &mut self,
        command: &'a Registered,
        args: &mut Args<'_>,
        output: &mut Vec<u8>,
        version: u8,
    ) -> bool {
        let outer = (self.command, self.hint.take(), std::mem::take(&mut self.changes));
        if self.access.alone() {
            self.take_slots(command, args);
        }
        self.command = command;
        let failed = self.run_counted(args, output, version, Origin::Script);
        (self.command, self.hint, self.changes) = outer;
        self.spares_large = false;
        failed
    }

    /// Runs the command that the context is set to: writes its answer, shows it to those who monitor, and counts it with
    /// what it changed. Returns whether it answered with an error.
    pub fn run_counted(&mut self, args: &mut Args<'_>, output: &mut Vec<u8>, version: u8, origin: Origin) -> bool {
        let (shared, command) = (self.shared, self.command);
        let Shared { monitors, config, .. } = shared;
        let line = if monitors.any() { monitors.line(config, command, args, self.session) } else { None };
        let (before, started, changes) = (output.len(), Ticks::now(), self.changes);
        self.keep_request(args);
        let outcome = (command.command.handler)(self, args, &mut Reply::new(output, version));
        if let Some(line) = line {
            let by = (origin == Origin::Queue).then_some(&*self.session.info);
            monitors.show(config, &line, by, self.session.database);
        }
        settle(self, args, self.changes - changes);
        let outcome = outcome.map_err(Refusal::Failed);
        let ticks = Ticks::now().since(started);
        account((shared, self.stats), &self.session.info, Some(command), &outcome, ticks);
        let failed = outcome.is_err();
        if let Err(refusal) = outcome {
            refusal.answer(self.stats, (output, before), version);
        }
        let (observer, reply_bytes) = (&shared.observer, (output.len() - before) as u64);
        if observer.wants(ticks, reply_bytes) || observer.wants_args(args) {
            let call = Call { command, client: &self.session.info, ticks, reply_bytes, now_ms: self.now_ms };
            match origin {
                Origin::Queue => observer.look(config, &call, args, None),
                Origin::Script => observer.look_nested(config, &call, args),
            }
        }
        failed
    }

    /// Runs a command that was kept, alone, in this one's place, and counts nothing.
    ///
    /// # Errors
    /// The command's own.
    pub fn run_kept(
        &mut self,
        command: &'a Registered,
        args: &mut Args<'_>,
        output: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.take_slots(command, args);
        self.command = command;
        self.spares_large = false;
        (command.command.handler)(self, args, &mut Reply::new(output, 2))
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
    fn take_slots(&mut self, command: &Registered, args: &Args<'_>) {
        let pass = self.access.pass();
        // What is held goes first: no slot is taken twice.
        self.access = Access::none(pass);
        match command.plan {
            _ if command.command.flags.has(Flags::LOCKS_ITSELF) => {}
            Plan::Keyless => {}
            Plan::One(at) => {
                if let Some(key) = args.get(at) {
                    let hash = hash(key);
                    self.hint = Some((std::ptr::from_ref(key), hash));
                    self.access = Access::one(pass, hash);
                }
            }
            Plan::Many => {
                self.access = Access::many(pass, keys::hashes(command.command, args).into_iter());
            }
        }
    }
}
