//! Memory, eviction, expiry.

use crate::choices::{MaxmemoryPolicy, OomScoreAdj};
use crate::directive::{Directive, GB, INT_MAX, LONG_MAX, MB, Special, ULONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("activerehashing", true),
    Directive::boolean("lazyfree-lazy-eviction", false).honoured(),
    Directive::boolean("lazyfree-lazy-expire", false).honoured(),
    Directive::boolean("lazyfree-lazy-server-del", false).honoured(),
    Directive::boolean("lazyfree-lazy-user-del", false).honoured(),
    Directive::boolean("lazyfree-lazy-user-flush", false).honoured(),
    Directive::boolean("jemalloc-bg-thread", true),
    Directive::boolean("activedefrag", false),
    Directive::boolean("disable-thp", true).immutable(),
    Directive::choice("maxmemory-policy", MaxmemoryPolicy::CHOICES, MaxmemoryPolicy::NoEviction as i64).honoured(),
    Directive::choice("oom-score-adj", OomScoreAdj::CHOICES, OomScoreAdj::No as i64).honoured(),
    Directive::int("active-defrag-cycle-min", 1, 99, 1),
    Directive::int("active-defrag-cycle-max", 1, 99, 25),
    Directive::int("active-defrag-threshold-lower", 0, 1000, 10),
    Directive::int("active-defrag-threshold-upper", 0, 1000, 100),
    Directive::int("lfu-log-factor", 0, INT_MAX, 10).honoured(),
    Directive::int("lfu-decay-time", 0, INT_MAX, 1).honoured(),
    Directive::int("maxmemory-samples", 1, 64, 5).honoured(),
    Directive::int("maxmemory-eviction-tenacity", 0, 100, 10).honoured(),
    Directive::int("active-expire-effort", 1, 10, 1).honoured(),
    Directive::int("active-defrag-max-scan-fields", 1, LONG_MAX, 1000),
    Directive::memory("maxmemory", 0, ULONG_MAX, 0).unsigned().honoured(),
    Directive::memory("active-defrag-ignore-bytes", 1, LONG_MAX, 100 * MB).unsigned(),
    Directive::int("tracking-table-max-keys", 0, LONG_MAX, 1_000_000).unsigned().honoured(),
    Directive::memory_or_percent("maxmemory-clients", -100, LONG_MAX, 0).honoured(),
    Directive::special("oom-score-adj-values", Special::OomScoreAdjValues).multi().honoured(),
    // Neither has this.
    Directive::memory("lua-memory-limit", 0, LONG_MAX, GB).honoured(),
    // Valkey has these, Redis 8.0 does not.
    Directive::optional("hash-seed").fixed(),
    Directive::int("prefetch-batch-max-size", 0, 128, 16),
    Directive::int("active-defrag-cycle-us", 0, 100_000, 500),
];
