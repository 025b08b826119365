//! Memory, eviction, expiry.

use crate::choices::{MaxmemoryPolicy, OomScoreAdj};
use crate::directive::{Directive, GB, INT_MAX, LONG_MAX, MB, Special, ULONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("activerehashing", true),
    Directive::boolean("lazyfree-lazy-eviction", false).honoured("Free evicted values on a background thread."),
    Directive::boolean("lazyfree-lazy-expire", false).honoured("Free expired values on a background thread."),
    Directive::boolean("lazyfree-lazy-server-del", false)
        .honoured("Free values that a command replaces on a background thread."),
    Directive::boolean("lazyfree-lazy-user-del", false)
        .honoured("DEL frees values on a background thread, as UNLINK does."),
    Directive::boolean("lazyfree-lazy-user-flush", false)
        .honoured("FLUSHALL, FLUSHDB, SCRIPT FLUSH and FUNCTION FLUSH are asynchronous unless they say SYNC."),
    Directive::boolean("jemalloc-bg-thread", true),
    Directive::boolean("activedefrag", false),
    Directive::boolean("disable-thp", true).immutable(),
    Directive::choice("maxmemory-policy", MaxmemoryPolicy::CHOICES, MaxmemoryPolicy::NoEviction as i64)
        .honoured("Which keys are evicted when `maxmemory` is exceeded."),
    Directive::choice("oom-score-adj", OomScoreAdj::CHOICES, OomScoreAdj::No as i64)
        .honoured("Set the kernel's out-of-memory score of the process: relative to its present score, or absolute."),
    Directive::int("active-defrag-cycle-min", 1, 99, 1),
    Directive::int("active-defrag-cycle-max", 1, 99, 25),
    Directive::int("active-defrag-threshold-lower", 0, 1000, 10),
    Directive::int("active-defrag-threshold-upper", 0, 1000, 100),
    Directive::int("lfu-log-factor", 0, INT_MAX, 10).honoured("How slowly the LFU access counter grows."),
    Directive::int("lfu-decay-time", 0, INT_MAX, 1)
        .honoured("Minutes after which the LFU access counter falls by one. 0: never."),
    Directive::int("maxmemory-samples", 1, 64, 5).honoured("Keys that eviction compares before each removal."),
    Directive::int("maxmemory-eviction-tenacity", 0, 100, 10).honoured(
        "How long one round of eviction may take. Up to 10: 50 microseconds a step; each further step: 15 % \
         more; 100: no limit.",
    ),
    Directive::int("active-expire-effort", 1, 10, 1),
    Directive::int("active-defrag-max-scan-fields", 1, LONG_MAX, 1000),
    Directive::memory("maxmemory", 0, ULONG_MAX, 0)
        .unsigned()
        .honoured("Memory in bytes beyond which keys are evicted or writes are refused. 0: no limit."),
    Directive::memory("active-defrag-ignore-bytes", 1, LONG_MAX, 100 * MB).unsigned(),
    Directive::int("tracking-table-max-keys", 0, LONG_MAX, 1_000_000)
        .unsigned()
        .honoured("Keys that client-side caching remembers. 0: no limit."),
    Directive::memory_or_percent("maxmemory-clients", -100, LONG_MAX, 0).honoured(
        "Memory of all clients together beyond which the largest are disconnected: bytes, or percent of \
         `maxmemory`. At least 128 KiB; 0: no limit.",
    ),
    Directive::special("oom-score-adj-values", Special::OomScoreAdjValues)
        .multi()
        .honoured("Scores for `oom-score-adj`. The first one is used."),
    // In neither Redis nor Valkey.
    Directive::memory("lua-memory-limit", 0, LONG_MAX, GB).honoured(
        "Memory of one Lua interpreter; a script that needs more gets an error. A thread has one interpreter \
         for scripts and one for functions. 0: no limit.",
    ),
    // Only in Valkey, not in Redis 8.0.
    Directive::optional("hash-seed").fixed(),
    Directive::int("prefetch-batch-max-size", 0, 128, 16),
    Directive::int("active-defrag-cycle-us", 0, 100_000, 500),
];
