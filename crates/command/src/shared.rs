//! What all threads share: the keyspace, the registry, the clients, the counters, and the settings that commands read.

use crate::clients::Clients;
use crate::registry::Registry;
use crate::stats::WorkerStats;
use redstart_keyspace::Keyspace;
use redstart_keyspace::clock::Policy;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// Configuration values that commands read often, as plain numbers. Whoever owns the configuration writes them.
#[derive(Debug)]
pub struct Settings {
    /// `hash-max-listpack-entries`.
    pub hash_max_listpack_entries: AtomicUsize,
    /// `hash-max-listpack-value`, in bytes.
    pub hash_max_listpack_value: AtomicUsize,
    /// `proto-max-bulk-len`, in bytes.
    pub proto_max_bulk_len: AtomicUsize,
    /// Whether `maxmemory-policy` counts frequencies.
    pub lfu: AtomicBool,
    /// `lfu-log-factor`.
    pub lfu_log_factor: AtomicU32,
    /// `lfu-decay-time`, in minutes.
    pub lfu_decay_time: AtomicU32,
    /// Active expiry is at work (DEBUG SET-ACTIVE-EXPIRE).
    pub active_expire: AtomicBool,
    /// Lazy expiry deletes (off with `lazy-expire-disabled`).
    pub lazy_expire: AtomicBool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hash_max_listpack_entries: AtomicUsize::new(512),
            hash_max_listpack_value: AtomicUsize::new(64),
            proto_max_bulk_len: AtomicUsize::new(512 << 20),
            lfu: AtomicBool::new(false),
            lfu_log_factor: AtomicU32::new(10),
            lfu_decay_time: AtomicU32::new(1),
            active_expire: AtomicBool::new(true),
            lazy_expire: AtomicBool::new(true),
        }
    }
}

impl Settings {
    /// How accesses are recorded.
    #[inline]
    #[must_use]
    pub fn clock(&self) -> Policy {
        if !self.lfu.load(Ordering::Relaxed) {
            return Policy::Lru;
        }
        Policy::Lfu {
            log_factor: self.lfu_log_factor.load(Ordering::Relaxed),
            decay_minutes: self.lfu_decay_time.load(Ordering::Relaxed),
        }
    }
}

/// See the module's story.
#[derive(Debug)]
pub struct Shared {
    /// All data.
    pub keyspace: Keyspace,
    /// All commands.
    pub registry: Registry,
    /// Who is connected.
    pub clients: Clients,
    /// Counters, a block a worker; the last block is for threads that are no workers.
    pub stats: Box<[WorkerStats]>,
    /// Values that commands read often.
    pub settings: Settings,
    /// When the process began, in unix milliseconds.
    pub started_ms: i64,
    /// Forty random hexadecimal digits that name this run.
    pub run_id: String,
    random: AtomicU64,
}

impl Shared {
    /// Puts the parts together; `workers` blocks of counters and one more are made.
    #[must_use]
    pub fn new(keyspace: Keyspace, registry: Registry, settings: Settings, workers: usize) -> Self {
        let commands = registry.all().len();
        let stats = (0..=workers).map(|_| WorkerStats::new(commands)).collect();
        let started_ms = redstart_sys::clock::unix_ms();
        let seed = redstart_encoding::hash::hash(&started_ms.to_le_bytes());
        let mut shared = Self {
            keyspace,
            registry,
            clients: Clients::default(),
            stats,
            settings,
            started_ms,
            run_id: String::new(),
            random: AtomicU64::new(seed),
        };
        shared.run_id = (0..40).map(|_| char::from(b"0123456789abcdef"[(shared.random() & 15) as usize])).collect();
        shared
    }

    /// 64 random bits, not for secrets. Source: SplitMix64 (G. Steele et al., 2014).
    pub fn random(&self) -> u64 {
        let mut bits = self.random.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}
