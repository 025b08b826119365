//! Counters that each worker keeps for itself, so that counting shares no cache line, and that INFO adds up.

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
    /// Adds. Only the owner may: two writers would lose counts.
    #[inline]
    pub fn add(&self, more: u64) {
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
    }

    /// Makes it at least so large. Only the owner may.
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
    /// How long calls took; made with the first call while `latency-tracking` is on.
    pub latency: OnceLock<Histogram>,
}

impl CommandStats {
    /// Counts how long a call took.
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

/// Error replies by their code word. An error is no fast path, so that a lock that nobody else wants does no harm.
#[derive(Debug, Default)]
pub struct ErrorWords(Mutex<BTreeMap<Box<[u8]>, u64>>);

/// Code words that are told apart; scripts may make up any number of them.
const WORDS_MAX: usize = 128;
/// What is counted in place of all words once there are too many.
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
            // Counting has ended, until CONFIG RESETSTAT.
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

/// Error replies of all workers by their code word, or one word that says that there were too many.
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

/// What [`random_bits`] is given differs by this from one call to the next.
pub const RANDOM_STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Scatters bits. Source: SplitMix64 (G. Steele et al., 2014).
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
            /// Which block of counters this is.
            pub block: usize,
            /// Where chance stands on this thread.
            chance: Counter,
            /// Changes since the last save.
            pub dirty: Counter,
            /// Error replies by their code word.
            pub errors: ErrorWords,
            /// By command id.
            pub commands: Box<[CommandStats]>,
        }

        impl WorkerStats {
            /// All zero, for a registry with so many commands. `seed` is where chance begins.
            #[must_use]
            pub fn new(block: usize, commands: usize, seed: u64) -> Self {
                let chance = Counter(AtomicU64::new(seed));
                Self {
                    $($name: Counter::default(),)*
                    block,
                    chance,
                    dirty: Counter::default(),
                    errors: ErrorWords::default(),
                    commands: (0..commands).map(|_| CommandStats::default()).collect(),
                }
            }

            /// 64 random bits, not for secrets, without a cache line that other threads write.
            pub fn random(&self) -> u64 {
                self.chance.add(RANDOM_STEP);
                random_bits(self.chance.get())
            }

            /// All back to zero (CONFIG RESETSTAT), but for the changes that are still to be saved.
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
    /// Keys freed because their time had passed.
    expired_keys,
    /// Parts of collections (fields, members) freed because their time had passed.
    expired_parts,
    /// Keys given up because memory was short.
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
    /// Commands with a key that the user may not have.
    keys_denied,
    /// Commands with a channel that the user may not use.
    channels_denied,
    /// Commands in a database that the user may not use.
    databases_denied,
    /// Turns of the worker's loop.
    turns,
    /// Ticks spent in them, without waiting.
    turn_ticks,
    /// Ticks of the longest turn.
    turn_ticks_max,
    /// Commands in the turn that had most.
    turn_commands_max,
    /// Ticks spent on what is done now and then: idle clients, expiry.
    upkeep_ticks,
    /// Connections closed at the query buffer limit.
    query_buffer_limit,
    /// Connections closed at the output buffer limit.
    output_buffer_limit,
}

/// The largest among workers.
pub fn largest(stats: &Counters, counter: impl Fn(&WorkerStats) -> &Counter) -> u64 {
    stats.iter().map(|worker| counter(worker).get()).max().unwrap_or(0)
}

/// A sum over workers.
pub fn sum(stats: &Counters, counter: impl Fn(&WorkerStats) -> &Counter) -> u64 {
    stats.iter().map(|worker| counter(worker).get()).sum()
}
