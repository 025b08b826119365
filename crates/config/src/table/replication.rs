//! Replication.

use crate::choices::ReplDisklessLoad;
use crate::directive::{Directive, INT_MAX, LONG_MAX, MB, Special};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("repl-disable-tcp-nodelay", false),
    Directive::boolean("repl-diskless-sync", true),
    Directive::boolean("repl-rdb-channel", true).hidden(),
    Directive::boolean("replica-lazy-flush", false).aliases(&["slave-lazy-flush"]),
    Directive::boolean("replica-serve-stale-data", true).aliases(&["slave-serve-stale-data"]),
    Directive::boolean("replica-read-only", true).aliases(&["slave-read-only"]),
    Directive::boolean("replica-ignore-maxmemory", true).aliases(&["slave-ignore-maxmemory"]),
    Directive::boolean("replica-announced", true),
    Directive::boolean("replica-ignore-disk-write-errors", false),
    Directive::optional("replica-announce-ip").aliases(&["slave-announce-ip"]),
    Directive::optional("masteruser").aliases(&["primaryuser"]).sensitive(),
    Directive::optional("masterauth").aliases(&["primaryauth"]).sensitive(),
    Directive::choice("repl-diskless-load", ReplDisklessLoad::CHOICES, ReplDisklessLoad::Disabled as i64)
        .deny_loading(),
    Directive::int("replica-priority", 0, INT_MAX, 100).aliases(&["slave-priority"]),
    Directive::int("repl-diskless-sync-delay", 0, INT_MAX, 5),
    Directive::int("replica-announce-port", 0, 65_535, 0).aliases(&["slave-announce-port"]),
    Directive::int("repl-timeout", 1, INT_MAX, 60),
    Directive::int("repl-ping-replica-period", 1, INT_MAX, 10).aliases(&["repl-ping-slave-period"]),
    Directive::int("min-replicas-to-write", 0, INT_MAX, 0).aliases(&["min-slaves-to-write"]).honoured(
        "Replicas without which writes are refused with NOREPLICAS. There is no replication yet, so any number \
         above 0 refuses all writes.",
    ),
    Directive::int("min-replicas-max-lag", 0, INT_MAX, 10)
        .aliases(&["min-slaves-max-lag"])
        .honoured("0 turns `min-replicas-to-write` off."),
    Directive::int("repl-diskless-sync-max-replicas", 0, INT_MAX, 0),
    Directive::memory("repl-backlog-size", 1, LONG_MAX, MB),
    Directive::memory("replica-full-sync-buffer-limit", 0, LONG_MAX, 0),
    Directive::int("repl-backlog-ttl", 0, LONG_MAX, 3600),
    Directive::special("replicaof", Special::ReplicaOf).aliases(&["slaveof"]).immutable().multi(),
    // Only in Valkey, not in Redis 8.0.
    Directive::boolean("repl-mptcp", false).fixed(),
    Directive::boolean("dual-channel-replication-enabled", false),
    Directive::boolean("import-mode", false)
        .honoured("Keep expired keys and evict nothing while data is imported; see CLIENT IMPORT-SOURCE."),
];
