//! What becomes of a command: how its outcome is counted.

use crate::registry::Registered;
use crate::shared::Shared;
use redstart_resp::Reply;
use redstart_services::clients::ClientInfo;
use redstart_services::stats::WorkerStats;
use redstart_spec::Error;
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
