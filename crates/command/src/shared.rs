//! What all threads share: the keyspace, the registry, the configuration, the clients, the counters.

use crate::effects::Effects;
use crate::eviction::Eviction;
use crate::journal::{AppendOnly, Journal};
use crate::registry::Registry;
use crossbeam_utils::CachePadded;
use parking_lot::Mutex;
use redstart_config::choices::MaxmemoryPolicy;
use redstart_config::{Config, ids};
use redstart_keyspace::Keyspace;
use redstart_keyspace::clock::Policy;
use redstart_services::acl;
use redstart_services::clients::Clients;
use redstart_services::clients::line::Known;
use redstart_services::counters::Counters;
use redstart_services::host::{Embedded, Host};
use redstart_services::lazyfree::LazyFree;
use redstart_services::listeners::Listeners;
use redstart_services::loading::Loading;
use redstart_services::monitors::Monitors;
use redstart_services::observe::Observer;
use redstart_services::pause::Pause;
use redstart_services::pubsub::PubSub;
use redstart_services::rates::Rates;
use redstart_services::saving::Saving;
use redstart_services::scripts::Scripts;
use redstart_services::stats::{RANDOM_STEP, WorkerStats, random_bits};
use redstart_services::tracking::{Recipients, Tracking};
use redstart_spec::Error;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// [`Shared::output_rest_ms`] unless told otherwise.
pub const OUTPUT_REST_MS: i64 = 5000;

/// What went wrong on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteRefusal {
    /// The last snapshot could not be saved.
    Snapshot,
    /// The append-only file cannot be written, in the system's words.
    Journal(String),
    /// `min-replicas-to-write` asks for replicas, and there are none.
    Replicas,
}

const NO_REPLICAS: Error = Error::text("NOREPLICAS Not enough good replicas to write.");

impl WriteRefusal {
    /// The refusal of a command that writes.
    #[must_use]
    pub fn refusal(&self) -> Error {
        match self {
            Self::Snapshot => Error::text(
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands \
                 that may modify the data set are disabled, because this instance is configured to report errors during \
                 writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for \
                 details about the RDB error.",
            ),
            Self::Journal(why) => Error::Text(format!("MISCONF Errors writing to the AOF file: {why}").into()),
            Self::Replicas => NO_REPLICAS,
        }
    }

    /// The refusal of a script that may write.
    #[must_use]
    pub fn script_refusal(&self) -> Error {
        let (what, why) = match self {
            Self::Snapshot => ("save RDB snapshots", String::new()),
            Self::Journal(why) => ("persist data to AOF", format!(" AOF error: {why}")),
            Self::Replicas => return NO_REPLICAS,
        };
        let text = format!(
            "MISCONF Redis is configured to {what}, but it's currently unable to persist to disk. Writable scripts are \
             blocked. Use 'no-writes' flag for read only scripts.{why}"
        );
        Error::Text(text.into())
    }
}

/// What all connections and threads of an engine share.
///
/// Each worker reads this at every command, so most of it is pointers and words that only CONFIG and DEBUG write. What
/// commands and connections write has cache lines of its own, or stands behind a pointer: each worker has its own counters,
/// and the journal says which threads use which of its lines.
pub struct Shared {
    /// All data.
    pub keyspace: Keyspace,
    /// All commands.
    pub registry: Registry,
    /// The configuration.
    pub config: Arc<Config>,
    /// Who is connected.
    pub clients: CachePadded<Clients>,
    /// Who listens to which channel.
    pub pubsub: CachePadded<PubSub>,
    /// Who may do what.
    pub acl: acl::Store,
    /// Who sees the commands that run.
    pub monitors: Monitors,
    /// Who is told of changes to what it read.
    pub tracking: Tracking,
    /// CLIENT PAUSE.
    pub pause: Pause,
    /// How many clients wait for keys or watch some.
    pub listeners: Listeners,
    /// Counters, a block a worker; the last block is for threads that are no workers.
    pub stats: Counters,
    /// What was changed, on its way to the append-only file.
    pub journal: Arc<Journal>,
    /// The file that the journal is written to.
    pub aof: OnceLock<Arc<dyn AppendOnly>>,
    /// What is done when memory is short.
    pub eviction: Eviction,
    /// Frees what is large beside the work.
    pub lazy: Arc<LazyFree>,
    /// What is made of commands that were slow or large.
    pub observer: Observer,
    /// Scripts and libraries of functions.
    pub scripts: CachePadded<Scripts>,
    /// Data that is being loaded from a file.
    pub loading: Loading,
    /// What was saved when.
    pub saving: Saving,
    /// Active expiry is at work (DEBUG SET-ACTIVE-EXPIRE).
    pub active_expire: AtomicBool,
    /// RESTORE takes payloads whatever their checksum (DEBUG SET-SKIP-CHECKSUM-VALIDATION).
    pub skip_checksum: AtomicBool,
    /// Clients are not looked after (DEBUG PAUSE-CRON).
    pub pause_upkeep: AtomicBool,
    /// Milliseconds after which the buffer for answers of a silent client shrinks (DEBUG REPLYBUFFER).
    pub output_rest_ms: AtomicI64,
    /// Elements of lists of so many bytes or more have a node of their own; 0 for what is configured (DEBUG
    /// QUICKLIST-PACKED-THRESHOLD).
    pub packed_threshold: AtomicU32,
    /// When an HTTP request was last refused and logged, in unix milliseconds.
    pub http_refused_ms: AtomicI64,
    /// When the process began, in unix milliseconds.
    pub started_ms: i64,
    /// Forty random hexadecimal digits that name this run.
    pub run_id: String,
    /// Commands and bytes per second.
    pub rates: Rates,
    /// Bytes in use when the engine was opened.
    pub startup_memory: usize,
    /// Forty random hexadecimal digits that name this history of changes (`master_replid`).
    pub replication_id: Mutex<String>,
    host: OnceLock<Box<dyn Host>>,
    /// Written by each command that picks at random: in a cache line of its own.
    random: CachePadded<AtomicU64>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("keyspace", &self.keyspace).field("run_id", &self.run_id).finish_non_exhaustive()
    }
}

/// Pools of candidates for eviction for threads that are no workers.
const EMBEDDED_POOLS: usize = 8;

impl Shared {
    /// Puts the parts together; `workers` blocks of counters and one more are made.
    #[must_use]
    pub fn new(keyspace: Keyspace, registry: Registry, config: Arc<Config>, workers: usize) -> Self {
        let commands = registry.all().len();
        let started_ms = redstart_sys::clock::unix_ms();
        let random = redstart_encoding::hash::hash(&started_ms.to_le_bytes());
        let stats = Counters::new(workers + 1, commands, random);
        let acl = acl::Store::new(&acl::Rules { registry: &registry, all_channels: false });
        let mut shared = Self {
            keyspace,
            registry,
            config,
            clients: CachePadded::default(),
            pubsub: CachePadded::default(),
            monitors: Monitors::default(),
            tracking: Tracking::default(),
            pause: Pause::default(),
            acl,
            listeners: Listeners::default(),
            stats,
            journal: Arc::default(),
            aof: OnceLock::new(),
            eviction: Eviction::new(workers + EMBEDDED_POOLS),
            lazy: Arc::default(),
            observer: Observer::default(),
            scripts: CachePadded::default(),
            loading: Loading::default(),
            saving: Saving::new(started_ms),
            active_expire: AtomicBool::new(true),
            skip_checksum: AtomicBool::new(false),
            pause_upkeep: AtomicBool::new(false),
            output_rest_ms: AtomicI64::new(OUTPUT_REST_MS),
            packed_threshold: AtomicU32::new(0),
            http_refused_ms: AtomicI64::new(0),
            started_ms,
            run_id: String::new(),
            rates: Rates::default(),
            startup_memory: redstart_sys::alloc::used(),
            replication_id: Mutex::default(),
            host: OnceLock::new(),
            random: CachePadded::new(AtomicU64::new(random)),
        };
        shared.run_id = shared.random_id();
        shared.change_replication_id();
        shared.observer.refresh(&shared.config);
        shared
    }

    fn random_id(&self) -> String {
        (0..40).map(|_| char::from(b"0123456789abcdef"[(self.random() >> 60) as usize])).collect()
    }

    /// Begins another history of changes.
    pub fn change_replication_id(&self) {
        *self.replication_id.lock() = self.random_id();
    }

    /// Whether a client waits for keys, watches or tracks some.
    #[inline]
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.listeners.watching() > 0 || self.listeners.blocked() > 0 || self.tracking.any()
    }

    /// What lines about clients show of the server.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        Known { commands: &self.registry, threads: self.config.get(ids::THREADS) }
    }

    /// Who gets invalidations.
    #[inline]
    #[must_use]
    pub fn recipients(&self) -> Recipients<'_> {
        Recipients { clients: &self.clients, config: &self.config }
    }

    /// All statistics back to zero (CONFIG RESETSTAT).
    pub fn reset_stats(&self) {
        self.stats.iter().for_each(WorkerStats::reset);
        self.rates.reset();
        self.scripts.reset_stats();
        self.lazy.reset();
        self.eviction.reset();
        self.clients.evicted.store(0, Ordering::Relaxed);
    }

    /// Bytes that all clients may take together (`maxmemory-clients`); `None` for any number.
    #[must_use]
    pub fn client_memory_limit(&self) -> Option<usize> {
        /// With less, nobody could talk to the server to give it more.
        const LEAST: usize = 128 * 1024;
        let configured = self.config.get(ids::MAXMEMORY_CLIENTS);
        let bytes = match configured {
            0 => return None,
            // A negative number is a part of `maxmemory`, in percent.
            ..0 => self.config.get(ids::MAXMEMORY) / 100 * configured.unsigned_abs(),
            _ => configured.unsigned_abs(),
        };
        (bytes > 0).then(|| usize::try_from(bytes).unwrap_or(usize::MAX).max(LEAST))
    }

    /// Closes the largest clients where all together take more memory than they may.
    pub fn evict_clients(&self) {
        let Some(most) = self.client_memory_limit() else { return };
        for client in self.clients.evict(most) {
            let (id, addr, bytes) = (client.id, &client.addr, client.memory());
            self.host().log(&format!("Evicting client: id={id} addr={addr} tot-mem={bytes}"));
        }
    }

    /// What the engine lives in: a server, or a program that embeds it.
    #[must_use]
    pub fn host(&self) -> &dyn Host {
        self.host.get().map_or(&Embedded, AsRef::as_ref)
    }

    /// Says what the engine lives in. Only the first call counts.
    pub fn set_host(&self, host: Box<dyn Host>) {
        let _ = self.host.set(host);
    }

    /// Why nothing may be changed: what is changed could not be kept.
    #[must_use]
    pub fn write_refusal(&self) -> Option<WriteRefusal> {
        let guards = || self.config.get(ids::STOP_WRITES_ON_BGSAVE_ERROR) && !self.config.save_points().is_empty();
        if !self.saving.well() && guards() {
            return Some(WriteRefusal::Snapshot);
        }
        let lag = || self.config.get(ids::MIN_REPLICAS_MAX_LAG) > 0;
        let replicas = || (self.wants_replicas() && lag()).then_some(WriteRefusal::Replicas);
        self.journal.failure().map(WriteRefusal::Journal).or_else(replicas)
    }

    #[inline]
    fn wants_replicas(&self) -> bool {
        self.config.get(ids::MIN_REPLICAS_TO_WRITE) > 0
    }

    /// Whether there is no such reason: three loads. What is not well may still not matter.
    #[inline]
    #[must_use]
    pub fn accepts_writes(&self) -> bool {
        self.journal.is_well() && self.saving.well() && !self.wants_replicas()
    }

    /// The command that stands in the journal for a key that went because its time was up.
    #[must_use]
    pub fn word_for_expiry(&self) -> &'static [u8] {
        if self.config.get(ids::LAZYFREE_LAZY_EXPIRE) { b"UNLINK" } else { b"DEL" }
    }

    /// Keeps that a key went by itself: it was past its time, or made room for others. Its slot is held.
    pub fn gone_by_itself(&self, word: &[u8], database: usize, key: &[u8]) {
        if self.journal.is_on() {
            let mut effects = Effects::begin();
            effects.push(database, [word, key].into_iter());
            self.journal.append(&self.config, &effects);
            effects.end();
        }
    }

    /// Keeps that parts of a collection went by themselves. Its slot is held.
    pub fn parts_gone_by_themselves<'p>(
        &self,
        (database, key): (usize, &[u8]),
        is_set: bool,
        parts: impl Iterator<Item = &'p [u8]>,
    ) {
        if self.journal.is_on() {
            let word: &[u8] = if is_set { b"SREM" } else { b"HDEL" };
            let mut effects = Effects::begin();
            parts.for_each(|part| effects.push(database, [word, key, part].into_iter()));
            effects.set_separate();
            self.journal.append(&self.config, &effects);
            effects.end();
        }
    }

    /// How accesses to keys are recorded.
    #[inline]
    #[must_use]
    pub fn clock(&self) -> Policy {
        match self.config.get(ids::MAXMEMORY_POLICY) {
            MaxmemoryPolicy::VolatileLfu | MaxmemoryPolicy::AllKeysLfu => Policy::Lfu {
                log_factor: self.config.get(ids::LFU_LOG_FACTOR) as u32,
                decay_minutes: self.config.get(ids::LFU_DECAY_TIME) as u32,
            },
            MaxmemoryPolicy::VolatileLrm | MaxmemoryPolicy::AllKeysLrm => Policy::Lrm,
            _ => Policy::Lru,
        }
    }

    /// 64 random bits, not for secrets.
    pub fn random(&self) -> u64 {
        random_bits(self.random.fetch_add(RANDOM_STEP, Ordering::Relaxed))
    }
}
