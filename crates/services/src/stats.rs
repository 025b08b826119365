//! Counters that each worker keeps for itself, so that counting shares no cache line. INFO adds them up.

use crate::counters::Counters;
use crate::histogram::Histogram;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A counter with one writer and many readers.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds. Only the owner may call it: two writers would lose counts.
    #[inline]
    pub fn add(&self, more: u64) {
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
    }

    /// Raises the counter to at least this value. Only the owner may call it.
    #[inline]
    pub fn raise(&self, to: u64) {
        if to > self.0.load(Ordering::Relaxed) {
            self.0.store(to, Ordering::Relaxed);
        }
    }

    /// The count.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets the count to zero.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// The counters of one command.
#[derive(Debug, Default)]
pub struct CommandStats {
    /// Calls that ran.
    pub calls: Counter,
    /// Ticks spent in them (see `redstart_sys::clock`).
    pub ticks: Counter,
    /// Calls refused before they ran.
    pub rejected: Counter,
    /// Calls that ran and returned an error.
    pub failed: Counter,
    /// The durations of calls; allocated by the first call while `latency-tracking` is on.
    pub latency: OnceLock<Histogram>,
}

impl CommandStats {
    /// Records the duration of a call.
    #[inline]
    pub fn record(&self, ns: u64) {
        match self.latency.get() {
            Some(latency) => latency.record(ns),
            None => self.record_first(ns),
        }
    }

    #[cold]
    fn record_first(&self, ns: u64) {
        self.latency.get_or_init(Histogram::default).record(ns);
    }

    fn reset(&self) {
        for counter in [&self.calls, &self.ticks, &self.rejected, &self.failed] {
            counter.reset();
        }
        if let Some(latency) = self.latency.get() {
            latency.reset();
        }
    }
}

/// Error replies by error code. Errors are not a fast path, so an uncontended lock does no harm.
#[derive(Debug, Default)]
pub struct ErrorWords(Mutex<BTreeMap<Box<[u8]>, u64>>);

/// The most distinct error codes; scripts may invent any number of them.
const WORDS_MAX: usize = 128;
/// Replaces all error codes once there are too many.
const TOO_MANY_WORDS: &[u8] = b"ERRORSTATS_DISABLED";

impl ErrorWords {
    /// Counts an error reply, given without its leading minus.
    pub fn count(&self, error: &[u8]) {
        const WORD_MAX: usize = 31;
        let head = &error[..error.len().min(WORD_MAX)];
        let word = head.iter().position(|&byte| byte == b' ').map_or(b"ERR".as_slice(), |end| &head[..end]);
        let mut words = self.0.lock();
        if let Some(count) = words.get_mut(word) {
            *count += 1;
        } else if words.contains_key(TOO_MANY_WORDS) {
            // Counting has stopped, until CONFIG RESETSTAT.
        } else if words.len() >= WORDS_MAX {
            words.clear();
            words.insert(TOO_MANY_WORDS.into(), 1);
        } else {
            words.insert(word.into(), 1);
        }
    }

    /// Adds the counts to `sums`.
    pub fn add_to(&self, sums: &mut BTreeMap<Box<[u8]>, u64>) {
        for (word, count) in self.0.lock().iter() {
            *sums.entry(word.clone()).or_default() += count;
        }
    }

    fn reset(&self) {
        self.0.lock().clear();
    }
}

/// Error replies of all workers by error code, or one entry saying that there were too many codes.
#[must_use]
pub fn error_words(stats: &Counters) -> BTreeMap<Box<[u8]>, u64> {
    let mut sums = BTreeMap::new();
    stats.iter().for_each(|worker| worker.errors.add_to(&mut sums));
    if sums.len() > WORDS_MAX || sums.contains_key(TOO_MANY_WORDS) {
        sums.clear();
        sums.insert(TOO_MANY_WORDS.into(), 1);
    }
    sums
}

/// The increment of the argument of [`random_bits`] between calls.
pub const RANDOM_STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes bits. Source: SplitMix64 (G. Steele et al., 2014).
pub fn random_bits(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

macro_rules! worker_stats {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The counters of one worker.
        #[derive(Debug)]
        #[repr(align(128))]
        pub struct WorkerStats {
            $($(#[$doc])* pub $name: Counter,)*
            /// The index of this block of counters.
            pub block: usize,
            /// State of the random generator.
            random_state: Counter,
            /// Changes since the last save.
            pub dirty: Counter,
            /// Error replies by error code.
            pub errors: ErrorWords,
            /// By command id.
            pub commands: Box<[CommandStats]>,
        }

        impl WorkerStats {
            /// All counters zero, for a registry of `commands` commands. `seed` initialises the random generator.
            #[must_use]
            pub fn new(block: usize, commands: usize, seed: u64) -> Self {
                let random_state = Counter(AtomicU64::new(seed));
                Self {
                    $($name: Counter::default(),)*
                    block,
                    random_state,
                    dirty: Counter::default(),
                    errors: ErrorWords::default(),
                    commands: (0..commands).map(|_| CommandStats::default()).collect(),
                }
            }

            /// Returns 64 random bits, not for secrets, without a cache line that other threads write.
            pub fn random(&self) -> u64 {
                self.random_state.add(RANDOM_STEP);
                random_bits(self.random_state.get())
            }

            /// Sets all counters to zero (CONFIG RESETSTAT), except for the number of unsaved changes.
            pub fn reset(&self) {
                $(self.$name.reset();)*
                self.errors.reset();
                self.commands.iter().for_each(CommandStats::reset);
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
    /// Keys deleted because they expired.
    expired_keys,
    /// Fields and members deleted because they expired.
    expired_parts,
    /// Keys evicted.
    evicted_keys,
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
    /// Certificates that name no user.
    certificates_denied,
    /// Commands that the user may not run.
    commands_denied,
    /// Commands with a key that the user may not access.
    keys_denied,
    /// Commands with a channel that the user may not use.
    channels_denied,
    /// Commands in a database that the user may not use.
    databases_denied,
    /// Iterations of the worker's loop.
    turns,
    /// Ticks spent in them, without waiting.
    turn_ticks,
    /// Ticks of the longest iteration.
    turn_ticks_max,
    /// The most commands in one iteration.
    turn_commands_max,
    /// Ticks spent on periodic work: idle clients, expiry.
    upkeep_ticks,
    /// Connections closed at the query buffer limit.
    query_buffer_limit,
    /// Connections closed at the output buffer limit.
    output_buffer_limit,
}

/// The largest value among all workers.
pub fn largest(stats: &Counters, counter: impl Fn(&WorkerStats) -> &Counter) -> u64 {
    stats.iter().map(|worker| counter(worker).get()).max().unwrap_or(0)
}

/// The sum over all workers.
pub fn sum(stats: &Counters, counter: impl Fn(&WorkerStats) -> &Counter) -> u64 {
    stats.iter().map(|worker| counter(worker).get()).sum()
}
