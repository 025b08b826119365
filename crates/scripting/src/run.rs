//! One run of a script or function: the commands that it calls, and its result.
//!
//! ```text
//!   EVAL ── compiled ── run ── lend ──> Lua ──> redis.call ──> gates ──> slots held? ──> handler ──> reply to Lua
//!                         │                                      └ no ── nothing written: restart, alone
//!                         └── result to the client's protocol            written: try for the slot, or fail
//! ```
//! A script that declares its keys runs concurrently with other commands and holds the slots of those keys. Whether it
//! accesses only those keys is known only while it runs; a script that does not runs alone from then on.

use crate::eval::takes_memory;
use crate::vm::host::{Ask, Call, HOST, Outcome};
use crate::vm::{Answer, Failure, ROOM, Vm};
use mlua::Value;
use redstart_command::acl::Place;
use redstart_command::config::ids;
use redstart_command::eviction::OUT_OF_MEMORY;
use redstart_command::scripts::{Kind, Running, ScriptFlags};
use redstart_command::{Args, Context, Error, Flags, Missing, Registered, Reply, WorkerStats};
use redstart_sys::clock::{Ticks, ticks_per_us};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The script or function to run.
pub(crate) struct Job<'j> {
    /// The SHA-1 of a script, or the name of a function.
    pub(crate) name: &'j [u8],
    pub(crate) kind: Kind,
    /// Its declared flags; `None` for a script without a shebang.
    pub(crate) flags: Option<ScriptFlags>,
    /// Called by a read-only command.
    pub(crate) reading: bool,
    /// It must run alone: detected here, stored in the script or function.
    pub(crate) alone: &'j AtomicBool,
    /// The command that runs it, as arguments; called only when they are published.
    pub(crate) command: &'j dyn Fn() -> Vec<Vec<u8>>,
}

impl Job<'_> {
    /// Checks the conditions that apply to the script as a whole.
    fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        let Some(flags) = self.flags else { return Ok(()) };
        if flags.has(ScriptFlags::NO_CLUSTER) && context.shared.config.get(ids::CLUSTER_ENABLED) {
            return Err(Error::text("ERR Can not run script on cluster, 'no-cluster' flag is set."));
        }
        if self.reading && !flags.has(ScriptFlags::NO_WRITES) {
            return Err(Error::text("ERR Can not execute a script with write flag using *_ro command."));
        }
        if !flags.has(ScriptFlags::NO_WRITES)
            && !context.shared.accepts_writes()
            && let Some(trouble) = context.shared.write_refusal()
        {
            return Err(trouble.script_refusal());
        }
        if context.is_out_of_memory() && takes_memory(self.flags) {
            return Err(Error::text(
                "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
            ));
        }
        Ok(())
    }

    /// Whether its commands may use memory although the server was out of memory at its start.
    fn allows_oom(&self) -> bool {
        self.flags.is_some_and(|flags| flags.has(ScriptFlags::ALLOW_OOM))
    }

    fn reads_only(&self) -> bool {
        self.reading || self.flags.is_some_and(|flags| flags.has(ScriptFlags::NO_WRITES))
    }
}

/// How long a script that has written waits for a slot that it did not declare. Other commands may wait for the script
/// meanwhile, so this limit resolves a deadlock.
const WAIT_FOR_SLOT: Duration = Duration::from_millis(5);

/// A script that runs concurrently for longer than this, in milliseconds, and has not written, is restarted alone: a
/// client that waits for one of its slots could not receive the BUSY error.
const MOST_BESIDE_MS: f64 = 20.0;

/// The error of a killed script.
const KILLED: &[u8] = b"ERR Script killed by user with SCRIPT KILL...";

/// A run in progress.
struct Run<'r, 'c> {
    context: &'r mut Context<'c>,
    job: &'r Job<'r>,
    /// The protocol version of replies to the script.
    version: &'r Cell<u8>,
    wrote: bool,
    /// It must be restarted alone.
    restart: bool,
    started: Ticks,
    /// It is the overdue script.
    overdue: bool,
    /// SCRIPT KILL or FUNCTION KILL ended it.
    killed: bool,
}

/// Runs a job and writes its reply.
///
/// # Errors
/// A check refused the script, or the script failed.
pub(crate) fn run(
    context: &mut Context<'_>,
    reply: &mut Reply<'_>,
    vm: &Vm,
    job: &Job<'_>,
    start: impl FnOnce() -> Result<Value, Failure>,
) -> Result<(), Error> {
    job.check(context)?;
    let session = &mut *context.session;
    let before = (session.database, session.version, session.no_block);
    (session.version, session.no_block, session.in_script) = (2, true, true);
    let started = Ticks::now();
    let (version, stats) = (Cell::new(2), context.stats);
    let mut run =
        Run { context, job, version: &version, wrote: false, restart: false, started, overdue: false, killed: false };
    // Writing the reply may take long as well, so it is included in the time checks.
    let whole = || start().and_then(|value| answer(reply, vm, &value, version.get(), stats));
    let result = HOST.with(|host| host.lend(&mut |call| run.answer(call), whole));
    let Run { restart, overdue, killed, .. } = run;
    let session = &mut *context.session;
    if session.database != before.0 {
        session.select(before.0);
    }
    (session.version, session.no_block, session.in_script) = (before.1, before.2, false);
    let scripts = &context.shared.scripts;
    if overdue {
        scripts.over();
    }
    if restart {
        job.alone.store(true, Ordering::Relaxed);
        context.alone_again();
        return Ok(());
    }
    vm.rest(scripts);
    match result {
        Ok(written) => written,
        Err(failure) if killed => Err(refusal(job, Failure { words: KILLED.into(), counted: false, ..failure })),
        Err(failure) => Err(refusal(job, failure)),
    }
}

/// Writes a script's result; a returned error becomes the inner error of the result.
fn answer(
    reply: &mut Reply<'_>,
    vm: &Vm,
    value: &Value,
    version: u8,
    stats: &WorkerStats,
) -> Result<Result<(), Error>, Failure> {
    let start = reply.position();
    let mut answer = Answer { fields: &vm.fields, reply, version, stats, room: ROOM, most: vm.limit.get() };
    if let Err(error) = answer.write(value, 0) {
        reply.truncate(start);
        let words = vm.words_of(error);
        return Err(Failure { words, place: None, counted: false, stopped: false });
    }
    // A reply that is an error is the command's error, and was counted above.
    Ok(match reply.since(start).split_first() {
        Some((b'-', line)) => Err(Error::Counted(line.strip_suffix(b"\r\n").unwrap_or(line).to_vec())),
        _ => Ok(()),
    })
}

/// The error of a script that failed: its message and its place.
fn refusal(job: &Job<'_>, failure: Failure) -> Error {
    let mut words = failure.words;
    if let Some((source, line)) = failure.place {
        words.extend_from_slice(b" script: ");
        words.extend_from_slice(job.name);
        words.extend_from_slice(b", on ");
        words.extend_from_slice(&source);
        words.extend_from_slice(format!(":{line}.").as_bytes());
    }
    if failure.counted { Error::Counted(words) } else { Error::Bytes(words) }
}

/// Whether the user may run a command with these arguments.
fn may_call(context: &mut Context<'_>, command: &Registered, args: &Args<'_>) -> Result<(), Error> {
    let refused = |why: Vec<u8>| Error::Bytes([b"ERR ACL failure in script: ", why.as_slice()].concat());
    context.may_call(command, args, Place::Script).map_err(refused)
}

/// The command that the arguments name.
fn find<'a>(context: &Context<'a>, args: &Args<'_>) -> Option<&'a Registered> {
    let registry = &context.shared.registry;
    let command = registry.find(&args[0])?;
    if command.subcommands.is_empty() || args.len() < 2 {
        return Some(command);
    }
    registry.subcommand(command, &args[1])
}

impl<'c> Run<'_, 'c> {
    /// Handles a request of one of the script's functions.
    fn answer(&mut self, call: &mut Call) {
        call.outcome = match call.ask {
            Ask::Command => self.command(call),
            Ask::MayCall => self.may_call(&call.args.args()),
            Ask::Version(version) => {
                self.version.set(version);
                self.context.session.version = version;
                Outcome::Done
            }
            // The journal does not use this yet.
            Ask::Replicate(_) => Outcome::Done,
            Ask::Log(level) => {
                let args = call.args.args();
                let line = String::from_utf8_lossy(args.get(0).unwrap_or_default()).into_owned();
                self.context.shared.host().script_log(level, &line);
                Outcome::Done
            }
            Ask::Tick => self.tick(),
        };
    }

    fn may_call(&mut self, args: &Args<'_>) -> Outcome {
        let Some(command) = find(self.context, args) else {
            return Outcome::Refused(b"ERR Invalid command passed to redis.acl_check_cmd()".to_vec(), false);
        };
        match self.context.session.may_call(self.context.shared.gate(), command, args) {
            Ok(()) => Outcome::Done,
            Err(_) => Outcome::Forbidden,
        }
    }

    fn command(&mut self, call: &mut Call) -> Outcome {
        let mut args = call.args.args();
        let found = find(self.context, &args);
        let command = match self.gates(found, &args) {
            Ok(command) => command,
            Err(error) => {
                let words = error.to_bytes().into_owned();
                self.context.reject_nested(found, error);
                return Outcome::Refused(words, true);
            }
        };
        let missing = self.context.missing(command, &args);
        if missing != Missing::Nothing && !self.take(&missing) {
            if !self.wrote {
                self.restart = true;
                return Outcome::Stop;
            }
            self.job.alone.store(true, Ordering::Relaxed);
            let words = "ERR The script touched a key that it does not declare, which others are using, after it had \
                         written. It runs alone from now on.";
            return Outcome::Refused(words.into(), false);
        }
        if command.flags.has(Flags::WRITE) && !self.wrote {
            self.wrote = true;
            if self.overdue {
                self.context.shared.scripts.writes();
            }
        }
        let failed = self.context.run_nested(command, &mut args, &mut call.reply, self.version.get());
        if failed { Outcome::Failed } else { Outcome::Done }
    }

    /// The checks of a command that a script calls, in order.
    fn gates(&mut self, command: Option<&'c Registered>, args: &Args<'_>) -> Result<&'c Registered, Error> {
        let command = command.ok_or(Error::text("ERR Unknown Redis command called from script"))?;
        if !command.arity.allows(args.len()) {
            return Err(Error::text("ERR Wrong number of args calling Redis command from script"));
        }
        let flags = command.flags;
        if flags.has(Flags::NO_SCRIPT) && !self.context.shared.scripts.allow_all.load(Ordering::Relaxed) {
            return Err(Error::text("ERR This Redis command is not allowed from script"));
        }
        may_call(self.context, command, args)?;
        if self.job.reads_only() && (flags.has(Flags::WRITE) || flags.has(Flags::MAY_REPLICATE)) {
            return Err(Error::text("ERR Write commands are not allowed from read-only scripts."));
        }
        if flags.has(Flags::WRITE)
            && !self.context.shared.accepts_writes()
            && let Some(trouble) = self.context.shared.write_refusal()
        {
            return Err(trouble.refusal());
        }
        // A script that has written is not stopped halfway.
        let stops = !self.wrote && !self.job.allows_oom();
        if flags.has(Flags::DENY_OOM) && stops && self.context.is_out_of_memory() {
            return Err(Error::text(OUT_OF_MEMORY));
        }
        Ok(command)
    }

    /// Takes undeclared slots, if the script has written and so cannot restart.
    fn take(&mut self, missing: &Missing) -> bool {
        let Missing::Slots(hashes) = missing else { return false };
        if !self.wrote {
            return false;
        }
        let until = Instant::now() + WAIT_FOR_SLOT;
        hashes.iter().all(|&hash| {
            loop {
                if self.context.access.try_take(hash) {
                    return true;
                }
                if Instant::now() > until {
                    return false;
                }
                std::thread::yield_now();
            }
        })
    }

    /// Checks the elapsed time periodically.
    fn tick(&mut self) -> Outcome {
        let shared = self.context.shared;
        let threshold_ms = shared.config.get(ids::BUSY_REPLY_THRESHOLD);
        if threshold_ms == 0 {
            return Outcome::Done;
        }
        let elapsed_ms = Ticks::now().since(self.started) as f64 / ticks_per_us() / 1000.0;
        if elapsed_ms > MOST_BESIDE_MS && !self.wrote && !self.context.access.alone() {
            self.restart = true;
            return Outcome::Stop;
        }
        if elapsed_ms < threshold_ms as f64 {
            return Outcome::Done;
        }
        if !self.overdue {
            self.overdue = shared.scripts.overdue(self.running(), self.wrote);
            if self.overdue {
                self.warn(elapsed_ms);
            }
        }
        if !self.overdue {
            return Outcome::Done;
        }
        let ending = shared.host().turn();
        let killed = shared.scripts.killed() && !self.wrote;
        if killed {
            shared.host().log("Lua script killed by user with SCRIPT KILL.");
        }
        self.killed = killed || ending;
        if self.killed { Outcome::Stop } else { Outcome::Done }
    }

    fn running(&self) -> Running {
        Running {
            name: self.job.name.to_vec(),
            function: self.job.kind == Kind::Function,
            command: (self.job.command)(),
            started: self.started,
        }
    }

    fn warn(&self, elapsed_ms: f64) {
        let kill = if self.job.kind == Kind::Function { "FUNCTION KILL" } else { "SCRIPT KILL" };
        let name = String::from_utf8_lossy(self.job.name);
        self.context.shared.host().script_log(
            3,
            &format!(
                "Slow script detected: still in execution after {elapsed_ms:.0} milliseconds. You can try killing the \
                 script using the {kill} command. Script name is: {name}."
            ),
        );
    }
}
