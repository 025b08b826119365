//! What becomes of a command: how its outcome is counted, and who hears of what it changed.

use crate::clients::ClientInfo;
use crate::context::Context;
use crate::error::Error;
use crate::keys;
use crate::registry::Registered;
use crate::shared::Shared;
use crate::spec::Flags;
use crate::stats::WorkerStats;
use redstart_keyspace::Key;
use redstart_keyspace::clock::Policy;
use redstart_resp::{Args, Reply};
use std::sync::atomic::Ordering;

/// A command that did not do its work.
#[derive(Debug)]
pub enum Refusal {
    /// A gate was closed: it did not run.
    Rejected(Error),
    /// It ran, and answered with an error.
    Failed(Error),
}

impl Refusal {
    /// Writes the error in the place of what the command wrote from `before` on, and counts it by its text.
    pub fn answer(self, stats: &WorkerStats, (output, before): (&mut Vec<u8>, usize), version: u8) {
        let (Self::Rejected(error) | Self::Failed(error)) = self;
        output.truncate(before);
        let text = error.to_bytes();
        if !matches!(error, Error::Counted(_)) {
            stats.errors.count(&text);
        }
        Reply::new(output, version).error(&text);
    }
}

/// Counts a command.
#[inline]
pub fn account(
    (shared, stats): (&Shared, &WorkerStats),
    info: &ClientInfo,
    command: Option<&Registered>,
    outcome: &Result<(), Refusal>,
    ticks: u64,
) {
    if outcome.is_err() && !matches!(outcome, Err(Refusal::Failed(Error::Counted(_)))) {
        stats.error_replies.add(1);
    }
    let Some(command) = command else { return };
    let counters = &stats.commands[command.id as usize];
    if let Err(Refusal::Rejected(_)) = outcome {
        return counters.rejected.add(1);
    }
    if outcome.is_err() {
        counters.failed.add(1);
    }
    counters.calls.add(1);
    counters.ticks.add(ticks);
    if let Some(ns) = shared.observer.tracked_ns(ticks) {
        counters.record(ns);
    }
    stats.commands_processed.add(1);
    info.commands.store(info.commands.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}

/// What follows each handler, wherever it ran, while its slots are held: [`announce`], then [`remember`]. In this order,
/// or else a read of an expired key would take its own entry out again.
#[inline]
pub fn settle(context: &mut Context<'_>, args: &Args<'_>, changes: u64) {
    announce(context, args, changes);
    remember(context, args);
}

/// Announces what the look-ups of a command removed, then what it changed.
#[inline]
pub fn announce(context: &mut Context<'_>, args: &Args<'_>, changes: u64) {
    context.announce_expired();
    note(context, args, changes);
}

/// Enters a tracking client under the keys that it read. What it read is in its output by then.
#[inline]
pub fn remember(context: &Context<'_>, args: &Args<'_>) {
    if context.session.tracks {
        context.shared.tracking.remember(context.session, context.shared, context.command, args);
    }
}

/// Counts what a command changed, keeps its effects, and tells those who watch it.
#[inline]
fn note(context: &mut Context<'_>, args: &Args<'_>, changes: u64) {
    if context.keeps_effects() {
        context.note_request(args, changes);
    }
    if changes > 0 {
        context.stats.dirty.add(changes);
        let shared = context.shared;
        if shared.watching.load(Ordering::Relaxed) > 0 || shared.tracking.any() || shared.clock() == Policy::Lrm {
            touch(context, args);
        }
    }
}

/// Breaks the marks of those who watch what a command changed, and sets the clocks of changes. A command that writes one key has changed it if it counted
/// a change; one that writes several says which, by the ways that [`Context`] has to add, replace and remove keys, or by
/// [`Context::changed_at`].
#[cold]
fn touch(context: &mut Context<'_>, args: &Args<'_>) {
    if context.command.command.flags.has(Flags::UNHEARD) {
        return;
    }
    let mut written: Option<usize> = None;
    let mut several = false;
    let _ = keys::find(context.command.command, args, |key| {
        if key.access.writes() {
            several |= written.is_some_and(|other| args[other] != args[key.index]);
            written = Some(key.index);
        }
    });
    if let Some(index) = written.filter(|_| !several) {
        context.touch(Key::new(&args[index]));
    }
}
