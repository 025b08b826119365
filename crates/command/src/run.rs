//! Running a command: the one place that calls a handler.
//!
//! ```text
//!   Context::run:  keep the request ─ handler ─ show ─ announce ─ deliver ─ remember
//! ```
//! What of this takes place depends on where the command comes from ([`Origin::steps`]). The gates in front of it differ
//! as well, because each origin refuses in words of its own:
//!
//! | origin | gates | MONITOR | effects, announcements, tracked reads | statistics |
//! |---|---|---|---|---|
//! | client | `engine::execute::gates` | as the client's | yes | by the engine, with the wait for locks |
//! | transaction | permissions once more (`command::queue`) | as the client's | yes | `run_counted` |
//! | script | `scripting::run` | as `lua` | yes | `run_counted` |
//! | anew | passed already | shown already | yes | as a client's |
//! | woken | permissions and memory once more (`engine::blocking`) | shown when it came | yes, reads behind the reply | by the engine, when the client is resumed |
//! | replay | arity alone: it was accepted once | no | no | no |
//!
//! The slots of the command are held from the first step to the last. The caller appends the unit's effects to the
//! journal ([`Context::journal`]) before it releases them.

use crate::context::Context;
use crate::outcome::{Refusal, account};
use crate::registry::Registered;
use redstart_resp::{Args, Reply};
use redstart_services::observe::Call;
use redstart_spec::Error;
use redstart_sys::clock::Ticks;

/// Where a command comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A connection, which is the command's own.
    Client,
    /// The queue of a transaction.
    Transaction,
    /// A script or a function.
    Script,
    /// A connection, whose command found out that it has to run alone, and begins anew.
    Anew,
    /// A client that waited for keys; the command runs once more on the thread that filled one.
    Woken,
    /// The append-only file.
    Replay,
}

/// How MONITOR shows a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    AsClient,
    AsScript,
    Never,
}

/// The steps around a handler.
#[derive(Clone, Copy, Debug)]
struct Steps {
    shown: Shown,
    /// Its effects are kept, what it changed is announced, and what it read is remembered for tracking clients.
    is_live: bool,
}

impl Origin {
    /// The steps around the handlers of this origin.
    #[inline]
    const fn steps(self) -> Steps {
        match self {
            Self::Client | Self::Transaction => Steps { shown: Shown::AsClient, is_live: true },
            Self::Script => Steps { shown: Shown::AsScript, is_live: true },
            Self::Anew | Self::Woken => Steps { shown: Shown::Never, is_live: true },
            Self::Replay => Steps { shown: Shown::Never, is_live: false },
        }
    }
}

impl<'a> Context<'a> {
    /// Runs the command that the context is set to, and writes its reply behind what is in `output`. An error is returned
    /// and not written.
    ///
    /// # Errors
    /// The command's own.
    #[inline]
    pub fn run(&mut self, args: &mut Args<'_>, output: &mut Vec<u8>, version: u8, origin: Origin) -> Result<(), Error> {
        self.run_delivering(args, output, version, origin, |_, _, outcome| outcome)
    }

    /// As [`Context::run`]; `deliver` puts the reply where its client reads it, and its result is returned. That happens
    /// after the change is announced and before the client is entered under the keys that it read: an invalidation must
    /// follow the value that it is about.
    #[inline]
    pub fn run_delivering<R>(
        &mut self,
        args: &mut Args<'_>,
        output: &mut Vec<u8>,
        version: u8,
        origin: Origin,
        deliver: impl FnOnce(&mut Self, &mut Vec<u8>, Result<(), Error>) -> R,
    ) -> R {
        let (shared, steps) = (self.shared, origin.steps());
        let shown = steps.shown != Shown::Never && shared.monitors.any();
        let line = if shown { shared.monitors.line(&shared.config, self.command, args, self.session) } else { None };
        let outer = std::mem::take(&mut self.changes);
        self.spares_large = false;
        if steps.is_live {
            self.keep_request(args);
        }
        let outcome = (self.command.command.handler)(self, args, &mut Reply::new(output, version));
        #[cfg(debug_assertions)]
        self.assert_committed();
        if let Some(line) = line {
            let client = (steps.shown == Shown::AsClient).then_some(&*self.session.info);
            shared.monitors.show(&shared.config, &line, client, self.session.database);
        }
        if steps.is_live {
            self.announce(args);
        }
        let result = deliver(self, output, outcome);
        if steps.is_live && self.session.tracks {
            shared.tracking.remember(self.session, shared.recipients(), self.command, args);
        }
        self.changes = outer;
        result
    }

    /// Runs a command of a transaction or a script: writes its reply, also where it is an error, and counts it as a call
    /// of its own. Returns whether it failed.
    pub(crate) fn run_counted(
        &mut self,
        args: &mut Args<'_>,
        output: &mut Vec<u8>,
        version: u8,
        origin: Origin,
    ) -> bool {
        let (before, started) = (output.len(), Ticks::now());
        let outcome = self.run(args, output, version, origin).map_err(Refusal::Failed);
        let (shared, command, ticks) = (self.shared, self.command, Ticks::now().since(started));
        account((shared, self.stats), &self.session.info, Some(command), &outcome, ticks);
        let failed = outcome.is_err();
        if let Err(refusal) = outcome {
            refusal.answer(self.stats, (output, before), version);
        }
        let (observer, reply_bytes) = (&shared.observer, (output.len() - before) as u64);
        if observer.wants(ticks, reply_bytes) || observer.wants_args(args) {
            let call = Call { command, client: &self.session.info, ticks, reply_bytes, now_ms: self.now_ms };
            match origin {
                Origin::Script => observer.look_nested(&shared.config, &call, args),
                _ => observer.look(&shared.config, &call, args, None),
            }
        }
        failed
    }

    /// Runs a command in this one's place: what a script calls. Returns whether it answered with an error.
    pub fn run_nested(
        &mut self,
        command: &'a Registered,
        args: &mut Args<'_>,
        output: &mut Vec<u8>,
        version: u8,
    ) -> bool {
        let outer = (self.command, self.hint.take());
        if self.access.alone() {
            self.take_slots(command, args);
        }
        self.command = command;
        let failed = self.run_counted(args, output, version, Origin::Script);
        (self.command, self.hint) = outer;
        self.spares_large = false;
        failed
    }

    /// Runs a command of the append-only file, alone in the keyspace, in this one's place.
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
        self.run(args, output, 2, Origin::Replay)
    }
}

impl Context<'_> {
    /// Announces what the look-ups of a command removed, and notes the effects of what it changed.
    #[inline]
    fn announce(&mut self, args: &Args<'_>) {
        self.announce_expired();
        if self.keeps_effects() {
            self.note_request(args, self.changes);
        }
        if self.changes > 0 {
            self.stats.dirty.add(self.changes);
        }
    }
}
