//! Counters that each worker keeps for itself, so that counting shares no cache line, and that INFO adds up.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter with one writer and many readers.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds. Only the owner may: two writers would lose counts.
    #[inline]
    pub fn add(&self, more: u64) {
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
    }

    /// The count.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Back to zero.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// What is counted per command.
#[derive(Debug, Default)]
pub struct CommandStats {
    /// Calls that ran.
    pub calls: Counter,
    /// Ticks spent in them (see `redstart_sys::clock`).
    pub ticks: Counter,
    /// Calls refused before they ran.
    pub rejected: Counter,
    /// Calls that ran and answered with an error.
    pub failed: Counter,
}

macro_rules! worker_stats {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The counters of one worker.
        #[derive(Debug)]
        #[repr(align(128))]
        pub struct WorkerStats {
            $($(#[$doc])* pub $name: Counter,)*
            /// By command id.
            pub commands: Box<[CommandStats]>,
        }

        impl WorkerStats {
            /// All zero, for a registry with so many commands.
            #[must_use]
            pub fn new(commands: usize) -> Self {
                Self { $($name: Counter::default(),)* commands: (0..commands).map(|_| CommandStats::default()).collect() }
            }

            /// All back to zero (CONFIG RESETSTAT).
            pub fn reset(&self) {
                $(self.$name.reset();)*
                for command in &self.commands {
                    command.calls.reset();
                    command.ticks.reset();
                    command.rejected.reset();
                    command.failed.reset();
                }
            }
        }
    };
}

worker_stats! {
    /// Commands that ran.
    commands_processed,
    /// Connections accepted.
    connections_received,
    /// Connections refused (`maxclients`, `protected-mode`).
    connections_rejected,
    /// Bytes read.
    input_bytes,
    /// Bytes written.
    output_bytes,
    /// Look-ups for reading that found a key.
    keyspace_hits,
    /// Look-ups for reading that did not.
    keyspace_misses,
    /// Keys freed because their time had passed.
    expired_keys,
    /// Ticks spent on active expiry.
    expire_ticks,
    /// Error replies.
    error_replies,
    /// Reads from sockets.
    reads,
    /// Writes to sockets.
    writes,
    /// AUTH and HELLO attempts with wrong credentials.
    auth_denied,
    /// Connections closed at the query buffer limit.
    query_buffer_limit,
    /// Connections closed at the output buffer limit.
    output_buffer_limit,
    /// Changes since the last save.
    dirty,
}

/// A sum over workers.
pub fn sum(stats: &[WorkerStats], counter: impl Fn(&WorkerStats) -> &Counter) -> u64 {
    stats.iter().map(|worker| counter(worker).get()).sum()
}
