//! Transactions: queueing commands, and running the queue with the slots of all of it held.
//!
//! EXEC takes the slots of every queued command and of every watched key together, so nobody sees a part of it done,
//! and no watched key can change between the look at its mark and the first command. Where a command needs more than
//! the slots of its keys, all of them run alone instead. Whoever waits for keys is served when the slots are free again.

use crate::blocking::ReadyKey;
use crate::execute::{Runner, Turn};
use redstart_command::acl::{Denied, Place};
use redstart_command::context::{Context, Parts};
use redstart_command::nested::Origin;
use redstart_command::outcome::Refusal;
use redstart_command::transaction::Transaction;
use redstart_command::{Args, Error, Flags, Registered, Reply, keys};
use redstart_keyspace::{Access, Pass};

impl Turn<'_, '_> {
    /// Queues a command inside a transaction; false for one that runs at once. One that was refused spoils the whole.
    #[cold]
    pub(crate) fn queue(&mut self, gated: Result<&Registered, &Error>, hash: Option<u64>, args: &Args<'_>) -> bool {
        let Some(transaction) = &mut self.session.transaction else { return false };
        let Ok(command) = gated else {
            transaction.failed = true;
            return false;
        };
        let queued = !command.command.flags.has(Flags::NOT_QUEUED);
        if queued {
            // What will not run is not kept.
            if !transaction.failed {
                transaction.queue((command, hash), args, self.runner.shared, &self.session.info);
            }
            Reply::new(self.output, self.session.version).simple("QUEUED");
        }
        queued
    }

    /// What a refusal says: an EXEC that is refused ends the transaction, and tells so.
    #[cold]
    pub(crate) fn refused(&mut self, command: Option<&Registered>, error: Error) -> Error {
        if command.is_none_or(|command| command.full_name != "exec") {
            return error;
        }
        drop(self.session.end());
        if !self.session.watching.is_empty() && !self.busy {
            let Runner { shared, share, .. } = self.runner;
            let pass = self.pass.get_or_insert_with(|| shared.keyspace.enter(share));
            self.session.unwatch(&mut Access::none(pass), shared);
        }
        let text = error.to_bytes();
        let why = text.strip_prefix(b"ERR ").unwrap_or(&text);
        Error::Bytes([b"EXECABORT Transaction discarded because of: ", why].concat())
    }

    /// Runs a queue in the place of `exec`. Returns the keys that somebody waits for.
    pub(crate) fn execute(&mut self, exec: &Registered, pass: &Pass<'_>, transaction: &Transaction) -> Vec<ReadyKey> {
        let Runner { shared, stats, .. } = self.runner;
        let session = &mut *self.session;
        let commands = || {
            transaction.queue.iter().filter_map(|one| {
                let command = shared.registry.get(one.command)?;
                Some((command, one.hash, transaction.args(one)))
            })
        };
        let mut hashes: Vec<u64> = Vec::with_capacity(transaction.queue.len());
        hashes.extend(session.watching.hashes());
        if !transaction.alone {
            for (command, hash, args) in commands() {
                match hash {
                    Some(hash) => hashes.push(hash),
                    None => hashes.extend(keys::hashes(command.command, &args)),
                }
            }
        }
        let mut access = Access::many(pass, hashes.into_iter());
        let broken = session.watching.broken(&mut access, self.now_ms, &session.info.broken);
        session.unwatch(&mut access, shared);
        let mut reply = Reply::new(self.output, session.version);
        if broken {
            reply.null_array();
            return Vec::new();
        }
        reply.array(transaction.queue.len());
        let no_block = std::mem::replace(&mut session.no_block, true);
        let parts = Parts { access, session, shared, stats, command: exec, now_ms: self.now_ms, hint: None };
        let mut context = Context::new(parts);
        for (command, hash, mut args) in commands() {
            if transaction.alone {
                // Each command takes what it needs, when nothing is held: some look at all slots.
                context.access = Access::none(pass);
                context.access = Access::many(pass, keys::hashes(command.command, &args).into_iter());
            }
            context.becomes(command, hash, &args);
            run_queued(&mut context, exec, &mut args, self.output);
        }
        context.session.no_block = no_block;
        let ready = context.take_after().unwrap_or_default().ready;
        context.command = exec;
        context.journal();
        ready
    }
}

/// Runs one command of a queue, and counts it.
fn run_queued(context: &mut Context<'_>, exec: &Registered, args: &mut Args<'_>, output: &mut Vec<u8>) {
    let (before, version) = (output.len(), context.session.version);
    if let Err(error) = still_permitted(context, exec, args) {
        context.stats.error_replies.add(1);
        return Refusal::Rejected(error).answer(context.stats, (output, before), version);
    }
    context.run_counted(args, output, version, Origin::Queue);
}

/// Whether the user may still do what it queued: permissions may have changed meanwhile.
#[inline]
fn still_permitted(context: &mut Context<'_>, exec: &Registered, args: &Args<'_>) -> Result<(), Error> {
    let (session, shared, stats) = (&mut *context.session, context.shared, context.stats);
    let Err(denied) = session.may_call(shared, context.command, args) else { return Ok(()) };
    let call = session.call(shared, context.command, args);
    session.refuse((shared, stats), (&call, denied), (exec, Place::Multi), context.now_ms);
    let why = match denied {
        Denied::Command => "no permission to execute the command or subcommand",
        Denied::Key(_) => "no permission to touch the specified keys",
        Denied::Channel(_) => "no permission to access one of the channels used as arguments",
        Denied::Database(_) => "no permission",
    };
    let text = format!(
        "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command \
         is no longer allowed for the following reason: {why}"
    );
    Err(Error::Text(text.into()))
}
