//! From parsed commands to answers: the path that every command takes.
//!
//! ```text
//!   batch ─ plan ──────> for each: look up by name, hash the key, prefetch its slot's header
//!         ─ prefetch ──> for each: the bucket; then for each: the entry; then for each: the collection it points to
//!         ─ execute ───> for each: gates, lock the slots, handler, unlock
//! ```
//! Cache misses are what a command costs. In a batch the misses of all commands are under way at once, and each
//! command then finds its lines present.

use crate::{blocking, observe};
use redstart_command::acl::{Outer, Place};
use redstart_command::config::ids;
use redstart_command::context::{Context, Parts};
use redstart_command::outcome::{Refusal, account};
use redstart_command::registry::Plan;
use redstart_command::{
    Acl, Args, Error, Flags, Origin, Registered, ReplyMode, Session, Shared, WorkerStats, WriteRefusal, keys,
};
use redstart_encoding::{Entry, Table};
use redstart_keyspace::{Access, Pass, slot_of};
use redstart_resp::{Batch, Decoder, Source};
use redstart_sys::Share;
use redstart_sys::clock::{Ticks, unix_ms};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Commands that are planned and prefetched together.
pub(crate) const BATCH: usize = 32;

/// A command that took longer than this many ticks (some hundred microseconds) makes the next one look at the clock.
const STALE_TICKS: u64 = 500_000;

/// The log gets one line in so many milliseconds about HTTP requests.
const HTTP_LOG_EVERY_MS: u64 = 60_000;

/// What a thread runs commands with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Runner<'s> {
    pub(crate) shared: &'s Shared,
    pub(crate) stats: &'s WorkerStats,
    pub(crate) share: Share,
    /// The input is lent: a batch with scripts is put off until the connection has taken it over, because others may
    /// have a turn on this thread while a script runs for long.
    pub(crate) lent: bool,
}

/// One command of a batch, looked up.
#[derive(Clone, Copy)]
struct Planned<'s> {
    command: Option<&'s Registered>,
    /// The hash of the only key, where the command has just one.
    hash: Option<u64>,
}

/// One batch being run: the keyspace is entered, the time is known.
pub(crate) struct Turn<'s, 'c> {
    pub(crate) runner: Runner<'s>,
    pub(crate) session: &'c mut Session,
    pub(crate) output: &'c mut Vec<u8>,
    pub(crate) pass: Option<Pass<'s>>,
    pub(crate) now_ms: i64,
    started: Ticks,
    /// Commands of this batch may be large, so that each is looked at before it runs.
    large: bool,
    /// A script is overdue: what would need the keyspace is refused.
    pub(crate) busy: bool,
    /// Data is being loaded, or a script is overdue: most commands are refused.
    hindered: bool,
}

impl<'s> Runner<'s> {
    /// Runs the commands of `batch` from the one at `from` on; stops early where the session is to be closed or has to
    /// wait, and does not begin where the batch is to be put off. Returns how many commands of the batch are behind it.
    pub(crate) fn run(
        self,
        session: &mut Session,
        decoder: &mut Decoder,
        (batch, from): (&Batch, usize),
        input: &[u8],
        output: &mut Vec<u8>,
    ) -> usize {
        let mut planned = [Planned { command: None, hash: None }; BATCH];
        let planned = &mut planned[..batch.len()];
        let scripts = plan(self.shared, decoder, batch, input, planned);
        if scripts && self.lent && !self.shared.scripts.busy() {
            session.put_off = true;
            return from;
        }
        let scripts = &self.shared.scripts;
        let pass = if scripts.busy() { None } else { self.shared.keyspace.enter_unless(self.share, || scripts.busy()) };
        let busy = pass.is_none();
        let pass = pass.unwrap_or_else(|| self.shared.keyspace.outside());
        if planned.len() > from + 1 {
            prefetch(&pass, session.database, &planned[from..]);
        }
        let (now_ms, started) = (unix_ms(), Ticks::now());
        let large = batch.source() == Source::Stash || self.shared.observer.wants_request(input.len());
        let hindered = busy || self.shared.loading.is_on();
        let pass = Some(pass);
        let mut turn = Turn { runner: self, session, output, pass, now_ms, started, large, busy, hindered };
        let mut done = batch.len();
        for (index, one) in planned.iter().enumerate().skip(from) {
            turn.run(*one, &mut decoder.args(batch, index, input));
            if turn.session.postponed_ms.is_some() {
                done = index;
                break;
            }
            if turn.session.close || turn.session.blocked.is_some() {
                done = index + 1;
                break;
            }
        }
        turn.session.info.last_ms.store(turn.now_ms, Ordering::Relaxed);
        done
    }
}

/// First stage: what each command is, and where its key will be looked for. Returns whether one of them runs scripts.
fn plan<'s>(
    shared: &'s Shared,
    decoder: &mut Decoder,
    batch: &Batch,
    input: &[u8],
    planned: &mut [Planned<'s>],
) -> bool {
    let mut scripts = false;
    let mut last: Option<(&[u8], &Registered)> = None;
    for (index, one) in planned.iter_mut().enumerate() {
        let args = decoder.args(batch, index, input);
        // Pipelines mostly repeat a command; comparing its name is cheaper than looking it up.
        one.command = match last {
            Some((name, command)) if *name == args[0] => Some(command),
            _ => find_command(shared, &args),
        };
        one.hash = match one.command.map(|command| command.plan) {
            Some(Plan::One(at)) => args.get(at).map(|key| shared.keyspace.hash(key)),
            _ => None,
        };
        scripts |= one.command.is_some_and(|command| command.flags.has(Flags::LOCKS_ITSELF));
        last = match (one.command, batch.name(index, input)) {
            // With subcommands the name alone does not say which command it is.
            (Some(command), Some(name)) if command.parent.is_none() && command.subcommands.is_empty() => {
                Some((name, command))
            }
            _ => None,
        };
    }
    scripts
}

fn find_command<'s>(shared: &'s Shared, args: &Args<'_>) -> Option<&'s Registered> {
    let command = shared.registry.find(&args[0])?;
    if command.subcommands.is_empty() || args.len() < 2 {
        return Some(command);
    }
    shared.registry.subcommand(command, &args[1])
}

/// The stages after planning: buckets, then entries, then what entries point to, where a command is not about strings
/// (whose values mostly stand in the entry). A slot that another worker holds is left out.
fn prefetch(pass: &Pass<'_>, database: usize, planned: &[Planned<'_>]) {
    // Many commands on one key are one look; other batches end this comparison at once.
    let one_key = planned.windows(2).all(|two| two[0].hash == two[1].hash);
    let planned = if one_key { &planned[..1] } else { planned };
    let hashes = || planned.iter().filter_map(|one| one.hash);
    hashes().for_each(|hash| pass.prefetch(slot_of(hash, pass.count())));
    hashes().for_each(|hash| look(pass, database, hash, |table| table.prefetch_bucket(hash)));
    hashes().for_each(|hash| look(pass, database, hash, |table| table.prefetch_item(hash)));
    for one in planned {
        if let (Some(hash), Some(command)) = (one.hash, one.command)
            && !command.acl.has(Acl::STRING)
        {
            look(pass, database, hash, |table| table.prefetch_inside(hash));
        }
    }
}

/// Lends the table of a hash, unless somebody holds its slot or the database has none there.
#[inline]
fn look(pass: &Pass<'_>, database: usize, hash: u64, look: impl FnOnce(&Table<Entry>)) {
    if let Some(slot) = pass.try_lock(slot_of(hash, pass.count()))
        && let Some(table) = slot.table(database)
    {
        look(table);
    }
}

impl Turn<'_, '_> {
    /// Runs one command through the gates, writes its answer, and counts it.
    fn run(&mut self, planned: Planned<'_>, args: &mut Args<'_>) {
        if planned.command.is_none() && is_http(&args[0]) {
            return self.refuse_http();
        }
        let mode = self.session.reply_mode;
        // Also of a command that is refused, queued, or held back: CLIENT LIST shows what was received last.
        let received = planned.command.map_or(u32::MAX, |command| command.id);
        self.session.info.last_command.store(received, Ordering::Relaxed);
        let gated = self.gates(planned.command, args);
        // Behind the gates: what goes for lack of memory is told there, in front of the answer.
        let before = self.output.len();
        if self.runner.shared.pause.is_on() && gated.as_ref().is_ok_and(|command| self.postpone(command, args)) {
            return;
        }
        if self.session.transaction.is_some() && self.queue(gated.as_ref().copied(), planned.hash, args) {
            return self.withhold(mode, before);
        }
        let request = if self.large { observe::request(self.runner, gated.as_ref().ok().copied(), args) } else { None };
        let outcome = match gated {
            Ok(command) => self.call(command, planned.hash, args, Origin::Client).map_err(Refusal::Failed),
            Err(error) => Err(Refusal::Rejected(self.refused(planned.command, error))),
        };
        let ended = Ticks::now();
        let ticks = ended.since(self.started);
        self.started = ended;
        if self.session.blocked.is_some() {
            return self.suspend(before, ticks);
        }
        account((self.runner.shared, self.runner.stats), &self.session.info, planned.command, &outcome, ticks);
        let pushes = outcome.is_ok() && planned.command.is_some_and(|one| one.flags.has(Flags::ANSWERS_BY_PUSH));
        let ran = !matches!(outcome, Err(Refusal::Rejected(_)));
        if let Err(refusal) = outcome {
            refusal.answer(self.runner.stats, (self.output, before), self.session.version);
        }
        let reply_bytes = self.output.len().saturating_sub(before) as u64;
        if ran && (request.is_some() || self.runner.shared.observer.wants(ticks, reply_bytes)) {
            let (command, client) = (planned.command, &*self.session.info);
            observe::look(self.runner, (command, client, args), (ticks, reply_bytes), request.as_ref());
        }
        if mode != ReplyMode::On || self.session.reply_mode != ReplyMode::On {
            self.withhold(mode, if pushes { self.output.len() } else { before });
        }
        if self.session.caching && self.session.transaction.is_none() {
            self.session.caching = self.keeps_caching(planned.command);
        }
        if self.session.info.outbox.is_filled() {
            self.session.info.outbox.empty_into(self.output);
        }
        if ticks > STALE_TICKS {
            self.now_ms = unix_ms();
        }
    }

    /// A web page has a browser send requests to this port. The connection is closed without a reply, before a line of the
    /// request's body can run as a command.
    #[cold]
    fn refuse_http(&mut self) {
        let Runner { shared, .. } = self.runner;
        self.session.close = true;
        let logged_ms = shared.http_refused_ms.load(Ordering::Relaxed);
        if self.now_ms.abs_diff(logged_ms) > HTTP_LOG_EVERY_MS {
            shared.http_refused_ms.store(self.now_ms, Ordering::Relaxed);
            shared.host().warn(&format!(
                "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. \
                 This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis \
                 instance. Connection from {} aborted.",
                self.session.info.addr
            ));
        }
    }

    /// CLIENT CACHING: whether its choice still holds for the next command.
    #[cold]
    fn keeps_caching(&self, command: Option<&Registered>) -> bool {
        let parent = command.and_then(|command| self.runner.shared.registry.get(command.parent?));
        parent.is_some_and(|parent| parent.flags.has(Flags::KEEPS_CACHING))
    }

    /// The commands that EXEC is about to run, with their arguments; none for another command.
    pub(crate) fn queued(&self, command: &Registered) -> impl Iterator<Item = (&Registered, Args<'_>)> {
        let queue = self.session.transaction.as_ref().filter(|_| command.flags.has(Flags::RUNS_QUEUE));
        let queued = queue.into_iter().flat_map(|all| all.queue.iter().map(|one| (one.command, all.args(one))));
        queued.filter_map(|(id, args)| Some((self.runner.shared.registry.get(id)?, args)))
    }

    /// CLIENT PAUSE: whether the command is held back, to run when the pause is over.
    #[cold]
    fn postpone(&mut self, command: &Registered, args: &Args<'_>) -> bool {
        let shared = self.runner.shared;
        let may_write = |command: &Registered, args: &Args<'_>| match command.command.may_write {
            Some(may_write) => may_write(shared, args),
            None => {
                let flags = command.flags;
                flags.has(Flags::WRITE) || flags.has(Flags::MAY_REPLICATE)
            }
        };
        let writes = may_write(command, args) || self.queued(command).any(|(one, args)| may_write(one, &args));
        let held = shared.pause.holds_back(writes);
        if held {
            shared.pause.postpone(self.session, &shared.listeners);
        }
        held
    }

    /// The command waits: it is counted once it is over.
    #[cold]
    fn suspend(&mut self, before: usize, ticks: u64) {
        self.output.truncate(before);
        if self.session.reply_mode == ReplyMode::Skip {
            self.session.reply_mode = ReplyMode::On;
        }
        let info = &self.session.info;
        if let Some(blocked) = &self.session.blocked {
            blocked.spend(ticks);
            // CLIENT CACHING holds for this command, also when it runs again, and for no other.
            self.session.caching = false;
        }
        info.blocked.lock().clone_from(&self.session.blocked);
    }

    /// The gates in their order: known, right number of arguments, authenticated, allowed in a transaction, allowed to
    /// the user, enough memory.
    #[inline]
    fn gates<'r>(&mut self, command: Option<&'r Registered>, args: &Args<'_>) -> Result<&'r Registered, Error> {
        let Some(command) = command else { return Err(unknown(self.runner.shared, args)) };
        if !command.arity.allows(args.len()) {
            return Err(Error::WrongArity(command.full_name.clone().into()));
        }
        let free = self.session.identity.is_free(&self.runner.shared.acl);
        if !free {
            self.authenticated(command)?;
        }
        if self.session.transaction.is_some() && command.flags.has(Flags::NO_MULTI) {
            return Err(Error::text("ERR Command not allowed inside a transaction"));
        }
        if !free {
            self.permitted(command, args)?;
        }
        if self.runner.shared.config.get(ids::MAXMEMORY) != 0 && !self.busy {
            self.memory_gate(command, args)?;
        }
        if self.session.subscriptions.is_some() || self.session.monitors {
            self.while_listening(command)?;
        }
        if self.hindered {
            self.hindered_gate(command)?;
        }
        if !self.runner.shared.accepts_writes() {
            self.write_gate(command)?;
        }
        Ok(command)
    }

    /// While changes cannot be written down: nothing that makes any.
    #[cold]
    fn write_gate(&self, command: &Registered) -> Result<(), Error> {
        let writes = command.flags.has(Flags::WRITE);
        let queue_writes = || self.queued(command).any(|(one, _)| one.flags.has(Flags::WRITE));
        let probes = command.flags.has(Flags::PROBES_WRITES);
        match self.runner.shared.write_refusal() {
            Some(WriteRefusal::Replicas) if probes => Ok(()),
            Some(trouble) if writes || probes || queue_writes() => Err(trouble.refusal()),
            _ => Ok(()),
        }
    }

    /// While data is loaded, only what is meant for that runs. While a script is overdue as well, and only if it needs no
    /// slot.
    #[cold]
    fn hindered_gate(&self, command: &Registered) -> Result<(), Error> {
        let flags = command.flags;
        if self.runner.shared.loading.is_on() && !flags.has(Flags::LOADING) {
            return Err(Error::text("LOADING Redis is loading the dataset in memory"));
        }
        if !self.busy {
            return Ok(());
        }
        let unwatches = flags.has(Flags::ENDS_WATCH) && !self.session.watching.is_empty();
        if flags.has(Flags::ALLOW_BUSY) && command.keys.is_empty() && !unwatches {
            return Ok(());
        }
        Err(self.runner.shared.scripts.busy_error())
    }

    /// In version 2 messages and answers look alike, so a client that is subscribed may not ask for other answers.
    /// And who sees the commands of others does not run any on data.
    #[cold]
    fn while_listening(&self, command: &Registered) -> Result<(), Error> {
        let touches = [Flags::WRITE, Flags::READONLY, Flags::MAY_REPLICATE].map(|flag| command.flags.has(flag));
        if self.session.monitors && touches.contains(&true) {
            return Err(Error::text("ERR Replica can't interact with the keyspace"));
        }
        if self.session.subscriptions.is_none()
            || self.session.version > 2
            || command.flags.has(Flags::WHILE_SUBSCRIBED)
        {
            return Ok(());
        }
        let name = &command.full_name;
        Err(Error::Text(
            format!(
                "ERR Can't execute '{name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed \
                 in this context"
            )
            .into(),
        ))
    }

    /// Whether the client said who it is, or need not: what was wanted when it came may have changed.
    #[cold]
    fn authenticated(&mut self, command: &Registered) -> Result<(), Error> {
        let gone = self.session.identity.refresh(&self.runner.shared.acl).is_err();
        // Whoever removed the user ends the client as well; until then it does nothing more.
        self.session.close |= gone;
        let wanted = self.session.must_authenticate(&self.runner.shared.acl) && !command.flags.has(Flags::NO_AUTH);
        if gone || wanted { Err(Error::text("NOAUTH Authentication required.")) } else { Ok(()) }
    }

    /// Whether the user may do this.
    #[cold]
    fn permitted(&mut self, command: &Registered, args: &Args<'_>) -> Result<(), Error> {
        let Runner { shared, stats, .. } = self.runner;
        let Err(denied) = self.session.may_call(shared.gate(), command, args) else { return Ok(()) };
        let place = if self.session.transaction.is_some() { Place::Multi } else { Place::TopLevel };
        let call = self.session.call(shared.gate(), command, args);
        let why = self.session.refuse(shared.gate(), stats, &call, denied, Outer { command, place }, self.now_ms);
        Err(Error::Bytes([b"NOPERM ", why.as_slice()].concat()))
    }

    /// Locks the command's slots and runs its handler.
    #[inline]
    fn call(
        &mut self,
        command: &Registered,
        hash: Option<u64>,
        args: &mut Args<'_>,
        origin: Origin,
    ) -> Result<(), Error> {
        let Runner { shared, stats, share, .. } = self.runner;
        let exclusive = !self.pass.as_ref().is_some_and(Pass::alone) && self.wants_alone(command, args);
        if exclusive {
            // The shared pass goes first: alone means that nobody is inside, this worker included.
            self.pass = None;
            let scripts = &shared.scripts;
            let pass = shared.keyspace.enter_exclusive_unless(|| scripts.busy());
            self.pass = Some(pass.ok_or_else(|| scripts.busy_error())?);
        }
        let pass = self.pass.get_or_insert_with(|| shared.keyspace.enter(share));
        let (access, hint) = match (hash, command.plan) {
            _ if pass.alone() && command.flags.has(Flags::LOCKS_ITSELF) => (Access::none(pass), None),
            (Some(hash), Plan::One(at)) => (Access::one(pass, hash), Some((std::ptr::from_ref(&args[at]), hash))),
            (_, Plan::Many) => (Access::many(pass, keys::hashes(&shared.keyspace, command, args).into_iter()), None),
            (_, Plan::Queue) => (Access::many(pass, shared.queued_hashes(self.session).into_iter()), None),
            _ => (Access::none(pass), None),
        };
        let (version, now_ms, session) = (self.session.version, self.now_ms, &mut *self.session);
        let mut context = Context::new(Parts { access, session, shared, stats, command, now_ms, hint });
        let outcome = context.run(args, self.output, version, origin);
        context.journal();
        let mut ready = Vec::new();
        if let Some(after) = context.take_after() {
            if after.alone_again {
                drop(context);
                self.pass = None;
                return self.call_alone(command, args);
            }
            ready = after.ready;
            if let (Some(block), Ok(())) = (after.block, &outcome) {
                let silent = context.session.reply_mode != ReplyMode::On;
                blocking::enqueue(&mut context, args, block, after.again_ms, silent);
                if let (Some(on_wait), Some(blocked)) = (after.on_wait, &context.session.blocked) {
                    (on_wait.0)(Arc::clone(blocked));
                }
            }
        }
        drop(context);
        if !ready.is_empty() {
            let pass = self.pass.get_or_insert_with(|| shared.keyspace.enter(share));
            blocking::serve(self.runner, pass, ready);
        }
        if exclusive {
            self.pass = None;
        }
        shared.tracking.broadcast(shared.recipients());
        outcome
    }

    /// Whether a command has to have the keyspace for itself.
    #[inline]
    fn wants_alone(&self, command: &Registered, args: &Args<'_>) -> bool {
        command.flags.has(Flags::EXCLUSIVE)
            || command.command.alone.is_some_and(|alone| alone(self.runner.shared, args))
            || self.session.transaction.as_ref().is_some_and(|transaction| transaction.alone)
    }

    /// Runs a command again that found out that it has to run alone.
    #[cold]
    fn call_alone(&mut self, command: &Registered, args: &mut Args<'_>) -> Result<(), Error> {
        let (keyspace, scripts) = (&self.runner.shared.keyspace, &self.runner.shared.scripts);
        let pass = keyspace.enter_exclusive_unless(|| scripts.busy());
        self.pass = Some(pass.ok_or_else(|| scripts.busy_error())?);
        let outcome = self.call(command, None, args, Origin::Anew);
        self.pass = None;
        outcome
    }

    /// CLIENT REPLY: takes back an answer that is not wanted.
    #[cold]
    fn withhold(&mut self, mode: ReplyMode, before: usize) {
        if mode == ReplyMode::Skip && self.session.reply_mode == ReplyMode::Skip {
            self.session.reply_mode = ReplyMode::On;
            return self.output.truncate(before);
        }
        match self.session.reply_mode {
            ReplyMode::Off => self.output.truncate(before),
            ReplyMode::SkipNext => {
                self.session.reply_mode = ReplyMode::Skip;
                self.output.truncate(before);
            }
            ReplyMode::On | ReplyMode::Skip => {}
        }
    }
}

/// Whether a name that is no command begins a line of an HTTP request.
#[cold]
fn is_http(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"post") || name.eq_ignore_ascii_case(b"host:")
}

/// The refusal of a name that is no command, or no subcommand.
#[cold]
fn unknown(shared: &Shared, args: &Args<'_>) -> Error {
    // As far as Redis shows them: up to a zero byte, and not too much.
    let clipped = |bytes: &[u8], most: usize| -> Vec<u8> {
        bytes.iter().copied().take(most).take_while(|&byte| byte != 0).collect()
    };
    if let Some(parent) = shared.registry.find(&args[0]) {
        let mut text = b"ERR unknown subcommand '".to_vec();
        text.extend(clipped(args.get(1).unwrap_or_default(), 128));
        text.extend(format!("'. Try {} HELP.", parent.name.to_uppercase()).bytes());
        return Error::Bytes(text);
    }
    let mut text = b"ERR unknown command '".to_vec();
    text.extend(clipped(&args[0], 128));
    text.extend(b"', with args beginning with: ");
    let mut room = 128_usize;
    for argument in args.iter_from(1) {
        if room == 0 {
            break;
        }
        let shown = clipped(argument, room);
        room = room.saturating_sub(shown.len() + 3);
        text.push(b'\'');
        text.extend(shown);
        text.extend(b"' ");
    }
    Error::Bytes(text)
}
