//! Transactions at the gates: what is queued instead of run, and what a refusal does to the rest. EXEC itself is a command
//! like others (`command::queue`).

use crate::execute::{Runner, Turn};
use redstart_command::{Args, Error, Flags, Registered, Reply, needs_all};
use redstart_keyspace::Access;

impl Turn<'_, '_> {
    /// Queues a command inside a transaction; false for one that runs at once. One that was refused spoils the whole.
    #[cold]
    pub(crate) fn queue(&mut self, gated: Result<&Registered, &Error>, hash: Option<u64>, args: &Args<'_>) -> bool {
        let Some(transaction) = &mut self.session.transaction else { return false };
        let Ok(command) = gated else {
            transaction.failed = true;
            return false;
        };
        let queued = !command.flags.has(Flags::NOT_QUEUED);
        if queued {
            // What will not run is not kept.
            if !transaction.failed {
                let alone =
                    needs_all(command) || command.command.alone.is_some_and(|alone| alone(self.runner.shared, args));
                transaction.queue(command, hash, args, alone, &self.session.info);
            }
            Reply::new(self.output, self.session.version).simple("QUEUED");
        }
        queued
    }

    /// What a refusal says: an EXEC that is refused ends the transaction, and tells so.
    #[cold]
    pub(crate) fn refused(&mut self, command: Option<&Registered>, error: Error) -> Error {
        if !command.is_some_and(|command| command.flags.has(Flags::RUNS_QUEUE)) {
            return error;
        }
        drop(self.session.end());
        if !self.session.watching.is_empty() && !self.busy {
            let Runner { shared, share, .. } = self.runner;
            let pass = self.pass.get_or_insert_with(|| shared.keyspace.enter(share));
            self.session.unwatch(&mut Access::none(pass), &shared.listeners);
        }
        let text = error.to_bytes();
        let why = text.strip_prefix(b"ERR ").unwrap_or(&text);
        Error::Bytes([b"EXECABORT Transaction discarded because of: ", why].concat())
    }
}
