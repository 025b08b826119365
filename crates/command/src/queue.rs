//! Running what MULTI queued: EXEC's handler is one command that runs others, as EVAL's is.
//!
//! EXEC has the slots of every queued command and of every watched key (`Shared::queued_hashes`), so no other
//! client sees a part of the transaction, and no watched key can change between the look at its mark and the first command. Where a
//! command needs more than the slots of its keys, EXEC runs alone in the keyspace, and each command takes its own slots.

use crate::context::Context;
use crate::keys;
use crate::outcome::Refusal;
use crate::registry::{Plan, Registered};
use crate::run::Origin;
use crate::shared::Shared;
use redstart_keyspace::Access;
use redstart_resp::{Args, Reply};
use redstart_services::acl::{Denied, Outer, Place};
use redstart_services::session::Session;
use redstart_services::transaction::Transaction;
use redstart_spec::Error;

impl Shared {
    /// The hashes of all keys that EXEC of a session touches now: those of the queued commands, and the watched ones.
    #[must_use]
    pub fn queued_hashes(&self, session: &Session) -> Vec<u64> {
        let mut hashes: Vec<u64> = session.watching.hashes().collect();
        let Some(transaction) = session.transaction.as_ref().filter(|transaction| !transaction.alone) else {
            return hashes;
        };
        hashes.reserve(transaction.queue.len());
        for queued in &transaction.queue {
            match (queued.hash, self.registry.get(queued.command)) {
                (Some(hash), _) => hashes.push(hash),
                (None, Some(command)) => {
                    hashes.extend(keys::hashes(&self.keyspace, command, &transaction.args(queued)));
                }
                (None, None) => {}
            }
        }
        hashes
    }
}

impl<'a> Context<'a> {
    /// Runs a queue in the place of EXEC and writes the replies, or null where a watched key has changed.
    pub fn run_queue(&mut self, transaction: Box<Transaction>, reply: &mut Reply<'_>) {
        let (shared, exec) = (self.shared, self.command);
        let broken = self.session.watching.broken(&mut self.access, self.now_ms, &self.session.info.broken);
        self.unwatch();
        if broken {
            reply.null_array();
            return transaction.end();
        }
        reply.array(transaction.queue.len());
        let no_block = std::mem::replace(&mut self.session.no_block, true);
        for queued in &transaction.queue {
            let Some(command) = shared.registry.get(queued.command) else { continue };
            let mut args = transaction.args(queued);
            if transaction.alone {
                // What is held is released first: some commands visit all slots.
                let pass = self.access.pass();
                self.access = Access::none(pass);
                self.access = Access::many(pass, keys::hashes(&shared.keyspace, command, &args).into_iter());
            }
            self.command = command;
            self.hint = match (queued.hash, command.plan) {
                (Some(hash), Plan::One(at)) => args.get(at).map(|key| (std::ptr::from_ref(key), hash)),
                _ => None,
            };
            self.run_queued(exec, &mut args, reply.buffer());
        }
        self.session.no_block = no_block;
        (self.command, self.hint) = (exec, None);
        self.spares_large = false;
        transaction.end();
    }

    /// Runs one command of a queue, and counts it.
    fn run_queued(&mut self, exec: &'a Registered, args: &mut Args<'_>, output: &mut Vec<u8>) {
        let (before, version) = (output.len(), self.session.version);
        if let Err(error) = self.still_permitted(exec, args) {
            self.stats.error_replies.add(1);
            return Refusal::Rejected(error).answer(self.stats, (output, before), version);
        }
        self.run_counted(args, output, version, Origin::Transaction);
    }

    /// Whether the user may still run what it queued: permissions may have changed since.
    #[inline]
    fn still_permitted(&mut self, exec: &Registered, args: &Args<'_>) -> Result<(), Error> {
        let (session, gate, stats) = (&mut *self.session, self.shared.gate(), self.stats);
        let Err(denied) = session.may_call(gate, self.command, args) else { return Ok(()) };
        let call = session.call(gate, self.command, args);
        session.refuse(gate, stats, &call, denied, Outer { command: exec, place: Place::Multi }, self.now_ms);
        let why = match denied {
            Denied::Command => "no permission to execute the command or subcommand",
            Denied::Key(_) => "no permission to touch the specified keys",
            Denied::Channel(_) => "no permission to access one of the channels used as arguments",
            Denied::Database(_) => "no permission",
        };
        let text = format!(
            "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This \
             command is no longer allowed for the following reason: {why}"
        );
        Err(Error::Text(text.into()))
    }
}
