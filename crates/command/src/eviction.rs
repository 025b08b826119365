//! The limit of memory (`maxmemory`): how much counts, which keys may go for it, and who hears of one that went.
//!
//! Before each command a worker compares what the allocator counts with the limit: three loads, none of a line that is
//! written often. What it does beyond the limit, the engine says.

use crate::change::Cause;
use crate::notify::Event;
use crate::shared::Shared;
use parking_lot::{Mutex, MutexGuard};
use redstart_config::choices::MaxmemoryPolicy;
use redstart_config::ids;
use redstart_encoding::Entry;
use redstart_encoding::hash::hash;
use redstart_keyspace::Slot;
use redstart_keyspace::eviction::{Order, Pool, Rule};
use redstart_services::stats::{WorkerStats, sum};
use redstart_sys::alloc;
use redstart_sys::clock::{unix_ms, unix_us};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};

/// What a command is refused with that would take more memory.
pub const OUT_OF_MEMORY: &str = "OOM command not allowed when used memory > 'maxmemory'.";

/// The `maxmemory-eviction-tenacity` up to which the time for one round grows evenly, and that time in microseconds.
const EVEN_TENACITY: u64 = 10;
const EVEN_US: u64 = 50;
/// Beyond it the time grows by this factor a step.
const GROWTH: f64 = 1.15;
/// With this there is no limit.
const FULL_TENACITY: u64 = 100;
/// That there is nothing to give up is believed for about so many milliseconds, as long as nothing changes.
const BELIEF_MS: i64 = 64;

/// Words about keys that went are on their way for about so many milliseconds.
const TOLD_MS: i64 = 50;

/// A pool, on cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct OwnPool(Mutex<Pool>);

/// What is known of memory beyond the limit.
#[derive(Debug)]
pub struct Eviction {
    /// Since when more is in use than may be, in unix microseconds; 0 while all is well.
    exceeded_us: AtomicI64,
    /// Microseconds in all for which that was so.
    exceeded_total_us: AtomicI64,
    /// There is more to give up than one round took: whoever is awake goes on.
    running: AtomicBool,
    /// What others are being told of keys that went.
    told: Told,
    /// When there was nothing to give up: see [`Shared::nothing_to_evict`].
    nothing: AtomicU64,
    /// By block of counters; those of embedded connections may share one.
    pools: Box<[OwnPool]>,
}

/// Bytes of invalidations and events that were sent because keys went: those of this stretch of time, and of the one
/// before. By then they are with who hears of it.
#[derive(Debug, Default)]
struct Told {
    bytes: AtomicUsize,
    before: AtomicUsize,
    since_ms: AtomicI64,
}

impl Told {
    fn add(&self, bytes: usize, now_ms: i64) {
        let age_ms = now_ms - self.since_ms.load(Ordering::Relaxed);
        if age_ms >= TOLD_MS {
            let last = self.bytes.swap(0, Ordering::Relaxed);
            self.before.store(if age_ms < 2 * TOLD_MS { last } else { 0 }, Ordering::Relaxed);
            self.since_ms.store(now_ms, Ordering::Relaxed);
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn bytes(&self, now_ms: i64) -> usize {
        let (bytes, before) = (self.bytes.load(Ordering::Relaxed), self.before.load(Ordering::Relaxed));
        match now_ms - self.since_ms.load(Ordering::Relaxed) {
            ..TOLD_MS => bytes + before,
            age_ms if age_ms < 2 * TOLD_MS => bytes,
            _ => 0,
        }
    }
}

impl Eviction {
    pub(crate) fn new(blocks: usize) -> Self {
        Self {
            exceeded_us: AtomicI64::new(0),
            exceeded_total_us: AtomicI64::new(0),
            running: AtomicBool::new(false),
            told: Told::default(),
            nothing: AtomicU64::new(0),
            pools: (0..blocks).map(|_| OwnPool::default()).collect(),
        }
    }

    /// The candidates of the thread that counts here.
    pub fn pool(&self, stats: &WorkerStats) -> MutexGuard<'_, Pool> {
        self.pools[stats.block % self.pools.len()].0.lock()
    }

    /// Whether there is more to give up between commands.
    #[inline]
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::Relaxed)
    }

    /// Says that there is more to give up between commands.
    pub fn run(&self) {
        if !self.is_running() {
            self.running.store(true, Ordering::Relaxed);
        }
    }

    /// Takes it upon the calling thread to go on, and says whether that is its turn. Who finds more to give up than it can
    /// says so again.
    #[must_use]
    pub fn take_turn(&self) -> bool {
        self.running.swap(false, Ordering::Relaxed)
    }

    /// Whether more was in use than may be when somebody looked last.
    #[inline]
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.exceeded_us.load(Ordering::Relaxed) != 0
    }

    /// Takes note of whether more is in use than may be.
    #[cold]
    pub fn set_exceeded(&self, exceeded: bool) {
        if self.is_exceeded() == exceeded {
            return;
        }
        let now_us = unix_us();
        let since_us = self.exceeded_us.swap(if exceeded { now_us } else { 0 }, Ordering::Relaxed);
        if !exceeded && since_us != 0 {
            self.exceeded_total_us.fetch_add((now_us - since_us).max(0), Ordering::Relaxed);
        }
    }

    /// For how many milliseconds more has been in use than may be: in all, and this time.
    #[must_use]
    pub fn exceeded_ms(&self) -> (i64, i64) {
        let since_us = self.exceeded_us.load(Ordering::Relaxed);
        let current_us = if since_us == 0 { 0 } else { (unix_us() - since_us).max(0) };
        ((self.exceeded_total_us.load(Ordering::Relaxed) + current_us) / 1000, current_us / 1000)
    }

    /// Begins to count anew (CONFIG RESETSTAT).
    pub(crate) fn reset(&self) {
        self.exceeded_us.store(0, Ordering::Relaxed);
        self.exceeded_total_us.store(0, Ordering::Relaxed);
    }
}

impl Shared {
    /// Bytes that are in use and do not count against the limit: the words about keys that went a moment ago, because giving
    /// keys up only makes more of them, as it does of what is on its way into the journal; and what clients take that are
    /// being closed for it; and Lua's interpreters, which are no data, so that giving keys up for them would only cost keys.
    /// (What is on its way to replicas belongs here as well.)
    #[must_use]
    pub fn uncounted_memory(&self) -> usize {
        let told = self.eviction.told.bytes(unix_ms());
        told + self.clients.leaving() + self.journal.buffer_room() + alloc::interpreters()
    }

    /// What this thread took since it had taken `before` ([`alloc::taken_by_thread`]) went into words about keys that went.
    pub fn told_of_evicted(&self, before: isize, now_ms: i64) {
        let bytes = alloc::taken_by_thread() - before;
        if bytes > 0 {
            self.eviction.told.add(bytes.unsigned_abs(), now_ms);
        }
    }

    /// Whether more memory is in use than `maxmemory` allows.
    #[inline]
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.excess_memory() > 0
    }

    /// By how many bytes more memory is in use than `maxmemory` allows.
    #[inline]
    #[must_use]
    pub fn excess_memory(&self) -> usize {
        let limit = usize::try_from(self.config.get(ids::MAXMEMORY)).unwrap_or(usize::MAX);
        let used = alloc::in_use();
        if limit == 0 || used <= limit { 0 } else { used.saturating_sub(self.uncounted_memory()).saturating_sub(limit) }
    }

    /// Which keys may go; `None` where none may.
    #[must_use]
    pub fn eviction_rule(&self) -> Option<Rule> {
        use MaxmemoryPolicy as P;
        let policy = self.config.get(ids::MAXMEMORY_POLICY);
        let order = match policy {
            P::NoEviction => return None,
            // What is being brought from elsewhere is to come whole.
            _ if self.config.get(ids::IMPORT_MODE) => return None,
            P::VolatileTtl => Order::Ttl,
            P::VolatileRandom | P::AllKeysRandom => Order::Random,
            P::VolatileLru | P::AllKeysLru | P::VolatileLfu | P::AllKeysLfu | P::VolatileLrm | P::AllKeysLrm => {
                Order::Clock(self.clock())
            }
        };
        let volatile =
            matches!(policy, P::VolatileLru | P::VolatileLfu | P::VolatileLrm | P::VolatileTtl | P::VolatileRandom);
        Some(Rule { volatile, order, samples: self.config.get(ids::MAXMEMORY_SAMPLES).max(1) as usize })
    }

    /// How many microseconds one round of eviction may take (`maxmemory-eviction-tenacity`); `None` for as long as it
    /// needs.
    #[must_use]
    pub fn eviction_budget_us(&self) -> Option<u64> {
        let tenacity = self.config.get(ids::MAXMEMORY_EVICTION_TENACITY);
        match tenacity {
            0..=EVEN_TENACITY => Some(EVEN_US * tenacity),
            FULL_TENACITY.. => None,
            _ => Some(((EVEN_US * EVEN_TENACITY) as f64 * GROWTH.powi((tenacity - EVEN_TENACITY) as i32)) as u64),
        }
    }

    /// As [`Shared::eviction_rule`]; `None` too where there is no key that may go by it.
    #[must_use]
    pub fn rule_with_keys(&self, now_ms: i64) -> Option<Rule> {
        self.eviction_rule().filter(|rule| !self.nothing_to_evict(*rule, now_ms))
    }

    /// Whether somebody found a moment ago that no key may go, and nothing changed since: to find that out, all slots
    /// are looked at, which is not to be done before each command.
    fn nothing_to_evict(&self, rule: Rule, now_ms: i64) -> bool {
        self.eviction.nothing.load(Ordering::Relaxed) == self.moment(rule, now_ms)
    }

    /// Says that no key may go.
    pub fn found_nothing_to_evict(&self, rule: Rule, now_ms: i64) {
        self.eviction.nothing.store(self.moment(rule, now_ms), Ordering::Relaxed);
    }

    /// A number that differs, in all likelihood, from those of other moments between which something changed.
    fn moment(&self, rule: Rule, now_ms: i64) -> u64 {
        let changes = sum(&self.stats, |worker| &worker.dirty);
        let parts = [changes, (now_ms / BELIEF_MS).cast_unsigned(), u64::from(rule.volatile)];
        hash(parts.map(u64::to_le_bytes).as_flattened()) | 1
    }

    /// Frees an entry that was removed, lazily if that is wanted, while its slot is held; a snapshot that lacks it gets it
    /// first.
    pub fn free(&self, database: usize, entry: Entry, lazily: bool) {
        if let Some(entry) = self.keyspace.snapshots.removed(database, entry) {
            self.lazy.drop_entry(entry, lazily);
        }
    }

    /// Sees to a key that was given up for memory, while its slot is held: tells all who hear of it but those who wait for
    /// it. This is the one place where keys go for memory. Returns how many bytes were freed at once; what telling takes
    /// is not subtracted, or else more and more keys would go for the words about them.
    pub fn evicted(&self, stats: &WorkerStats, slot: &Slot, database: usize, entry: Entry, now_ms: i64) -> usize {
        let lazily = self.config.get(ids::LAZYFREE_LAZY_EVICTION);
        self.gone_by_itself(if lazily { b"UNLINK" } else { b"DEL" }, database, entry.key());
        let before = alloc::taken_by_thread();
        stats.evicted_keys.add(1);
        self.announce(slot, database, entry.key(), Cause::Evicted);
        self.notify(Event::EVICTED, "evicted", database, entry.key());
        self.told_of_evicted(before, now_ms);
        let before = alloc::taken_by_thread();
        self.free(database, entry, lazily);
        usize::try_from(before - alloc::taken_by_thread()).unwrap_or(0)
    }
}
