//! Clients that wait for keys: queueing up, being served by whoever fills a key, giving up.
//!
//! Serving is a unit of its own: it comes after the command that filled the key let its slots go, and before the same
//! thread runs another command. It runs the waiting command again, in its owner's place, under the locks of that
//! command's own keys; what that fills in its turn is served next.

use crate::execute::Runner;
use crate::observe;
use parking_lot::MutexGuard;
use redstart_command::acl::{Outer, Place};
use redstart_command::blocked::{Outcome, State};
use redstart_command::context::{Context, Parts};
use redstart_command::eviction::OUT_OF_MEMORY;
use redstart_command::{
    Args, Block, Blocked, Error, Flags, Origin, Registered, Reply, Session, Shared, Wanted, WorkerStats, keys,
};
use redstart_encoding::ValueRef;
use redstart_keyspace::waiting::Ticket;
use redstart_keyspace::{Access, Pass};
use redstart_sys::clock::{Ticks, unix_ms};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A key with its database, owned.
pub(crate) type ReadyKey = (usize, Vec<u8>);

/// Queues the session up. The command's slots are still held, so nothing came since its handler looked.
pub(crate) fn enqueue(context: &mut Context<'_>, args: &Args<'_>, block: Block, again_ms: Option<i64>, silent: bool) {
    let command = context.command.id;
    let blocked = Arc::new(Blocked::new(context.session, command, args, block, silent));
    blocked.set_again_ms(again_ms);
    blocked.join(&context.shared.keyspace, &mut context.access);
    context.shared.listeners.block();
    context.session.info.kept_bytes.fetch_add(blocked.size(), Ordering::Relaxed);
    context.session.blocked = Some(blocked);
}

/// Serves the waiters of keys that became ready, in the order they came. Clients that take too much memory are closed
/// first: what is given to a waiter is not to be lost with it.
#[cold]
pub(crate) fn serve(runner: Runner<'_>, pass: &Pass<'_>, ready: Vec<ReadyKey>) {
    runner.shared.evict_clients();
    let mut ready = VecDeque::from(ready);
    while let Some((database, key)) = ready.pop_front() {
        let now_ms = unix_ms();
        let mut passed_over = 0;
        while let Some(ticket) = next_ticket(runner.shared, pass, (database, &key), now_ms, &mut passed_over) {
            let served = ticket.owner.downcast::<Blocked>().is_ok_and(|blocked| {
                let more = run_again(runner, pass, &blocked, now_ms);
                more.map(|more| ready.extend(more)).is_some()
            });
            passed_over += usize::from(!served);
        }
    }
    runner.shared.tracking.broadcast(runner.shared.recipients());
}

/// The first ticket from the `passed_over`-th on whose owner can do something with what the key holds now.
fn next_ticket(
    shared: &Shared,
    pass: &Pass<'_>,
    key: (usize, &[u8]),
    now_ms: i64,
    passed_over: &mut usize,
) -> Option<Ticket> {
    let (database, key) = (key.0, shared.keyspace.key(key.1));
    let mut access = Access::one(pass, key.hash());
    let slot = access.slot(key.hash());
    let waiting = slot.waiting()?;
    let entry = slot.table(database).and_then(|table| table.get(key.hash(), key.bytes()));
    let there = entry.filter(|entry| !entry.is_expired(now_ms));
    let holds = there.and_then(|entry| match entry.value() {
        ValueRef::ListPack(_) | ValueRef::QuickList(_) => Some(Wanted::List),
        ValueRef::SortedPack(_) | ValueRef::SortedSet(_) => Some(Wanted::SortedSet),
        ValueRef::Stream(_) => Some(Wanted::Stream),
        _ => None,
    });
    // Who reads for a group also hears of a stream that is no more.
    let served = |ticket: &&Ticket| ticket.wanted == Wanted::StreamGroup || holds == Some(ticket.wanted);
    for ticket in waiting.of(database, key.bytes()).skip(*passed_over) {
        if served(&ticket) {
            return Some(ticket.clone());
        }
        *passed_over += 1;
    }
    None
}

/// Runs a waiting command. `None` where it still waits, or waits no more; else what it made ready.
fn run_again(runner: Runner<'_>, pass: &Pass<'_>, blocked: &Arc<Blocked>, now_ms: i64) -> Option<Vec<ReadyKey>> {
    let Runner { shared, stats, .. } = runner;
    let command = shared.registry.get(blocked.command)?;
    let state = blocked.state();
    if !matches!(*state, State::Waiting) || blocked.owner_leaves() {
        return None;
    }
    let (mut session, mut args, mut answer) = (blocked.stand_in(), blocked.args(), Vec::new());
    let refused = no_longer_permitted((shared, stats), &mut session, (command, &args), now_ms);
    if let Some(error) = refused.or_else(|| out_of_memory(shared, command, now_ms)) {
        Reply::new(&mut answer, session.version).error(&error);
        blocked.leave_each(&shared.keyspace, pass);
        blocked.answer(state, answer, Outcome::Rejected);
        return Some(Vec::new());
    }
    let access = Access::many(pass, keys::hashes(&shared.keyspace, command, &args).into_iter());
    // What was announced so far is older than what is read now; what running it announces goes behind its answer.
    blocked.info.outbox.mark();
    let parts = Parts { access, session: &mut session, shared, stats, command, now_ms, hint: None };
    let mut context = Context::new(parts);
    let (version, started) = (context.session.version, Ticks::now());
    context.run_delivering(&mut args, &mut answer, version, Origin::Woken, |context, answer, outcome| {
        blocked.spend(Ticks::now().since(started));
        deliver(context, blocked, state, answer, outcome)
    })
}

/// Answers a client whose command ran again, or has it wait on. Returns what the command made ready where it is answered.
fn deliver(
    context: &mut Context<'_>,
    blocked: &Arc<Blocked>,
    state: MutexGuard<'_, State>,
    answer: &mut Vec<u8>,
    outcome: Result<(), Error>,
) -> Option<Vec<ReadyKey>> {
    let after = context.take_after().unwrap_or_default();
    context.journal();
    if after.block.is_some() {
        if blocked.info.outbox.unmark() {
            // The owner put something aside for an answer that does not come now.
            blocked.info.post(&[], 0);
        }
        blocked.set_again_ms(after.again_ms);
        return None;
    }
    blocked.leave(&context.shared.keyspace, &mut context.access);
    let mut counted = Outcome::Done;
    if let Err(error) = outcome {
        answer.clear();
        Reply::new(answer, context.session.version).error(&error.to_bytes());
        counted = Outcome::Failed;
    }
    // Before the slots are released: what changes next is announced behind this answer.
    blocked.answer(state, std::mem::take(answer), counted);
    Some(after.ready)
}

/// What stands against a command that runs again, where permissions changed since it began to wait.
fn no_longer_permitted(
    (shared, stats): (&Shared, &WorkerStats),
    session: &mut Session,
    (command, args): (&Registered, &Args<'_>),
    now_ms: i64,
) -> Option<Vec<u8>> {
    if session.identity.is_free(&shared.acl) {
        return None;
    }
    if session.identity.refresh(&shared.acl).is_err() || session.must_authenticate(&shared.acl) {
        return Some(b"NOAUTH Authentication required.".to_vec());
    }
    let denied = session.may_call(shared.gate(), command, args).err()?;
    let call = session.call(shared.gate(), command, args);
    let outer = Outer { command, place: Place::TopLevel };
    let why = session.refuse(shared.gate(), stats, &call, denied, outer, now_ms);
    Some([b"NOPERM ", why.as_slice()].concat())
}

/// What stands against a command that takes memory, where there is none, and none can be made.
fn out_of_memory(shared: &Shared, command: &Registered, now_ms: i64) -> Option<Vec<u8>> {
    let denied = command.flags.has(Flags::DENY_OOM);
    let short = denied && shared.is_over() && shared.rule_with_keys(now_ms).is_none();
    short.then(|| OUT_OF_MEMORY.as_bytes().to_vec())
}

/// Ends a waiting whose time is up, or runs its command again where that is due.
pub(crate) fn due(runner: Runner<'_>, blocked: &Arc<Blocked>, now_ms: i64) {
    let pass = runner.shared.keyspace.enter(runner.share);
    if blocked.give_up_ms().is_some_and(|at_ms| at_ms <= now_ms) {
        blocked.unblock(None);
    } else if let Some(ready) = run_again(runner, &pass, blocked, now_ms) {
        serve(runner, &pass, ready);
    } else {
        runner.shared.tracking.broadcast(runner.shared.recipients());
    }
}

/// Ends a session's waiting and returns the answer, if there is one. It leaves the queues where nobody served it.
pub(crate) fn finish(runner: Runner<'_>, session: &mut Session) -> Option<Vec<u8>> {
    let Runner { shared, share, .. } = runner;
    let blocked = session.blocked.take()?;
    let answer = {
        let pass = shared.keyspace.enter(share);
        let answer = blocked.finish();
        blocked.leave_each(&shared.keyspace, &pass);
        answer
    };
    if let Some((answer, outcome)) = &answer {
        count(runner, &blocked, answer, outcome);
    }
    *session.info.blocked.lock() = None;
    session.info.kept_bytes.fetch_sub(blocked.size(), Ordering::Relaxed);
    shared.listeners.unblock();
    answer.map(|(answer, _)| if blocked.silent { Vec::new() } else { answer })
}

/// Counts a command that waited, and enters it into the logs: with the time that it ran, not that it waited.
fn count(runner: Runner<'_>, blocked: &Blocked, answer: &[u8], outcome: &Outcome) {
    let Runner { shared, stats, .. } = runner;
    let (counters, ticks) = (&stats.commands[blocked.command as usize], blocked.ticks());
    if *outcome != Outcome::Rejected {
        counters.calls.add(1);
        counters.ticks.add(ticks);
        stats.commands_processed.add(1);
        if let Some(ns) = shared.observer.tracked_ns(ticks) {
            counters.record(ns);
        }
    }
    match outcome {
        Outcome::Done => {}
        Outcome::Failed => counters.failed.add(1),
        Outcome::Rejected => counters.rejected.add(1),
    }
    if *outcome != Outcome::Done {
        stats.error_replies.add(1);
        let line = answer.strip_prefix(b"-").unwrap_or(answer);
        stats.errors.count(line.strip_suffix(b"\r\n").unwrap_or(line));
    }
    blocked.info.commands.fetch_add(1, Ordering::Relaxed);
    let (args, reply_bytes) = (blocked.args(), answer.len() as u64);
    if shared.observer.wants(ticks, reply_bytes) || shared.observer.wants_args(&args) {
        let command = shared.registry.get(blocked.command);
        observe::look(runner, (command, &blocked.info, &args), (ticks, reply_bytes), None);
    }
}
