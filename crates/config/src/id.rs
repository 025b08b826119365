//! Typed names of directives, by which the engine reads values.
//!
//! An [`Id`] is an index into the table, looked up by name at compile time, so reading a number is one atomic load. A
//! name that does not exist, or has another type, does not compile.

use std::marker::PhantomData;

use crate::choices::{Choices, NotifyEvents};
use crate::directive::{Kind, Special};
use crate::table::DIRECTIVES;

/// A directive whose value is a `T`.
pub struct Id<T> {
    pub(crate) index: usize,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

/// The type of values that are bytes.
#[derive(Clone, Copy, Debug)]
pub enum Text {}

/// A value that is stored as one number.
pub trait Scalar: Copy {
    /// The value of this number, which the table's own parser produced.
    fn from_number(number: i64) -> Self;
}

impl Scalar for bool {
    #[inline]
    fn from_number(number: i64) -> bool {
        number != 0
    }
}

impl Scalar for i64 {
    #[inline]
    fn from_number(number: i64) -> i64 {
        number
    }
}

impl Scalar for u64 {
    #[inline]
    fn from_number(number: i64) -> u64 {
        number as u64
    }
}

impl Scalar for NotifyEvents {
    #[inline]
    fn from_number(number: i64) -> NotifyEvents {
        NotifyEvents(number as u32)
    }
}

impl<C: Choices> Scalar for C {
    #[inline]
    fn from_number(number: i64) -> C {
        C::ALL[number as usize]
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

const fn index_of(name: &str) -> usize {
    let mut index = 0;
    while index < DIRECTIVES.len() {
        if equal(DIRECTIVES[index].name, name) {
            return index;
        }
        index += 1;
    }
    panic!("no directive has this name")
}

const fn id<T>(index: usize) -> Id<T> {
    Id { index, value: PhantomData }
}

const fn boolean(name: &str) -> Id<bool> {
    let index = index_of(name);
    assert!(matches!(DIRECTIVES[index].kind, Kind::Bool { .. }), "the directive is not a bool");
    id(index)
}

/// A number that may be negative, or a set of bits.
const fn integer(name: &str) -> Id<i64> {
    let index = index_of(name);
    let is_number = matches!(DIRECTIVES[index].kind, Kind::Int(_) | Kind::Choice { bits: true, .. });
    assert!(is_number, "the directive is not a number");
    id(index)
}

/// A number that is never negative.
const fn size(name: &str) -> Id<u64> {
    let index = index_of(name);
    match DIRECTIVES[index].kind {
        Kind::Int(kind) => assert!(kind.min >= 0, "the directive may be negative"),
        _ => panic!("the directive is not a number"),
    }
    id(index)
}

const fn choice<C: Choices>(name: &str) -> Id<C> {
    let index = index_of(name);
    let Kind::Choice { choices, bits: false, .. } = DIRECTIVES[index].kind else {
        panic!("the directive is no choice")
    };
    assert!(choices.len() == C::CHOICES.len(), "the directive has other choices");
    let mut at = 0;
    while at < choices.len() {
        assert!(equal(choices[at].word, C::CHOICES[at].word), "the directive has other choices");
        at += 1;
    }
    id(index)
}

const fn text(name: &str) -> Id<Text> {
    let index = index_of(name);
    let is_text = matches!(
        DIRECTIVES[index].kind,
        Kind::Text { .. }
            | Kind::Special(Special::Dir | Special::Bind | Special::ReplicaOf | Special::OomScoreAdjValues)
            | Kind::Special(Special::Percentiles | Special::Save)
    );
    assert!(is_text, "the directive is not a text");
    id(index)
}

const fn events(name: &str) -> Id<NotifyEvents> {
    let index = index_of(name);
    assert!(
        matches!(DIRECTIVES[index].kind, Kind::Special(Special::NotifyEvents)),
        "the directive has no event classes"
    );
    id(index)
}

/// The index of `client-output-buffer-limit`.
pub(crate) const OUTPUT_BUFFER_LIMITS: usize = index_of("client-output-buffer-limit");

/// The ids, under the directives' names. `redis.conf` describes the directives.
#[allow(missing_docs)]
pub mod ids {
    use super::{Id, Text, boolean, choice, events, integer, size, text};
    use crate::choices::*;

    macro_rules! ids {
        ($($kind:ident $type:ty: $($constant:ident = $name:literal,)+;)+) => {
            $($(pub const $constant: Id<$type> = $kind($name);)+)+
        };
    }

    macro_rules! choice_ids {
        ($($constant:ident: $type:ty = $name:literal,)+) => {
            $(pub const $constant: Id<$type> = choice::<$type>($name);)+
        };
    }

    ids! {
        boolean bool:
            ACTIVEDEFRAG = "activedefrag",
            ACTIVEREHASHING = "activerehashing",
            ALWAYS_SHOW_LOGO = "always-show-logo",
            AOF_DISABLE_AUTO_GC = "aof-disable-auto-gc",
            AOF_LOAD_TRUNCATED = "aof-load-truncated",
            AOF_REWRITE_INCREMENTAL_FSYNC = "aof-rewrite-incremental-fsync",
            AOF_TIMESTAMP_ENABLED = "aof-timestamp-enabled",
            AOF_USE_RDB_PREAMBLE = "aof-use-rdb-preamble",
            APPENDONLY = "appendonly",
            CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN = "cluster-allow-pubsubshard-when-down",
            CLUSTER_ALLOW_READS_WHEN_DOWN = "cluster-allow-reads-when-down",
            CLUSTER_ALLOW_REPLICA_MIGRATION = "cluster-allow-replica-migration",
            CLUSTER_ENABLED = "cluster-enabled",
            CLUSTER_REPLICA_NO_FAILOVER = "cluster-replica-no-failover",
            CLUSTER_REQUIRE_FULL_COVERAGE = "cluster-require-full-coverage",
            CLUSTER_SLOT_STATS_ENABLED = "cluster-slot-stats-enabled",
            CRASH_LOG_ENABLED = "crash-log-enabled",
            DAEMONIZE = "daemonize",
            DYNAMIC_HZ = "dynamic-hz",
            HIDE_USER_DATA_FROM_LOG = "hide-user-data-from-log",
            IMPORT_MODE = "import-mode",
            JEMALLOC_BG_THREAD = "jemalloc-bg-thread",
            LATENCY_TRACKING = "latency-tracking",
            LAZYFREE_LAZY_EVICTION = "lazyfree-lazy-eviction",
            LAZYFREE_LAZY_EXPIRE = "lazyfree-lazy-expire",
            LAZYFREE_LAZY_SERVER_DEL = "lazyfree-lazy-server-del",
            LAZYFREE_LAZY_USER_DEL = "lazyfree-lazy-user-del",
            LAZYFREE_LAZY_USER_FLUSH = "lazyfree-lazy-user-flush",
            LUA_ENABLE_DEPRECATED_API = "lua-enable-deprecated-api",
            NO_APPENDFSYNC_ON_REWRITE = "no-appendfsync-on-rewrite",
            PROTECTED_MODE = "protected-mode",
            RDBCHECKSUM = "rdbchecksum",
            RDBCOMPRESSION = "rdbcompression",
            RDB_SAVE_INCREMENTAL_FSYNC = "rdb-save-incremental-fsync",
            REPLICA_ANNOUNCED = "replica-announced",
            REPLICA_IGNORE_MAXMEMORY = "replica-ignore-maxmemory",
            REPLICA_LAZY_FLUSH = "replica-lazy-flush",
            REPLICA_READ_ONLY = "replica-read-only",
            REPLICA_SERVE_STALE_DATA = "replica-serve-stale-data",
            REPL_DISABLE_TCP_NODELAY = "repl-disable-tcp-nodelay",
            REPL_DISKLESS_SYNC = "repl-diskless-sync",
            SET_PROC_TITLE = "set-proc-title",
            STOP_WRITES_ON_BGSAVE_ERROR = "stop-writes-on-bgsave-error",
            SYSLOG_ENABLED = "syslog-enabled",
            TLS_CLUSTER = "tls-cluster",
            TLS_PREFER_SERVER_CIPHERS = "tls-prefer-server-ciphers",
            TLS_REPLICATION = "tls-replication",
            TLS_SESSION_CACHING = "tls-session-caching",;
        integer i64:
            COMMANDLOG_REPLY_LARGER_THAN = "commandlog-reply-larger-than",
            COMMANDLOG_REQUEST_LARGER_THAN = "commandlog-request-larger-than",
            KEY_LOAD_DELAY = "key-load-delay",
            LIST_MAX_LISTPACK_SIZE = "list-max-listpack-size",
            RDB_KEY_SAVE_DELAY = "rdb-key-save-delay",
            MAXMEMORY_CLIENTS = "maxmemory-clients",
            SHUTDOWN_ON_SIGINT = "shutdown-on-sigint",
            SHUTDOWN_ON_SIGTERM = "shutdown-on-sigterm",
            SLOWLOG_LOG_SLOWER_THAN = "slowlog-log-slower-than",
            WATCHDOG_PERIOD = "watchdog-period",;
        size u64:
            ACLLOG_MAX_LEN = "acllog-max-len",
            AUTO_AOF_REWRITE_MIN_SIZE = "auto-aof-rewrite-min-size",
            AUTO_AOF_REWRITE_PERCENTAGE = "auto-aof-rewrite-percentage",
            BUSY_REPLY_THRESHOLD = "busy-reply-threshold",
            CLIENT_QUERY_BUFFER_LIMIT = "client-query-buffer-limit",
            CLUSTER_ANNOUNCE_BUS_PORT = "cluster-announce-bus-port",
            CLUSTER_ANNOUNCE_PORT = "cluster-announce-port",
            CLUSTER_ANNOUNCE_TLS_PORT = "cluster-announce-tls-port",
            CLUSTER_LINK_SENDBUF_LIMIT = "cluster-link-sendbuf-limit",
            CLUSTER_MIGRATION_BARRIER = "cluster-migration-barrier",
            CLUSTER_NODE_TIMEOUT = "cluster-node-timeout",
            CLUSTER_PORT = "cluster-port",
            CLUSTER_REPLICA_VALIDITY_FACTOR = "cluster-replica-validity-factor",
            COMMANDLOG_LARGE_REPLY_MAX_LEN = "commandlog-large-reply-max-len",
            COMMANDLOG_LARGE_REQUEST_MAX_LEN = "commandlog-large-request-max-len",
            DATABASES = "databases",
            HASH_MAX_LISTPACK_ENTRIES = "hash-max-listpack-entries",
            HASH_MAX_LISTPACK_VALUE = "hash-max-listpack-value",
            HLL_SPARSE_MAX_BYTES = "hll-sparse-max-bytes",
            HZ = "hz",
            LATENCY_MONITOR_THRESHOLD = "latency-monitor-threshold",
            LFU_DECAY_TIME = "lfu-decay-time",
            LFU_LOG_FACTOR = "lfu-log-factor",
            LIST_COMPRESS_DEPTH = "list-compress-depth",
            MAXCLIENTS = "maxclients",
            LUA_MEMORY_LIMIT = "lua-memory-limit",
            MAXMEMORY = "maxmemory",
            MAXMEMORY_EVICTION_TENACITY = "maxmemory-eviction-tenacity",
            MAXMEMORY_SAMPLES = "maxmemory-samples",
            MAX_NEW_CONNECTIONS_PER_CYCLE = "max-new-connections-per-cycle",
            MAX_NEW_TLS_CONNECTIONS_PER_CYCLE = "max-new-tls-connections-per-cycle",
            MIN_REPLICAS_MAX_LAG = "min-replicas-max-lag",
            MIN_REPLICAS_TO_WRITE = "min-replicas-to-write",
            PORT = "port",
            PROTO_MAX_BULK_LEN = "proto-max-bulk-len",
            REPLICA_ANNOUNCE_PORT = "replica-announce-port",
            REPLICA_PRIORITY = "replica-priority",
            REPL_BACKLOG_SIZE = "repl-backlog-size",
            REPL_BACKLOG_TTL = "repl-backlog-ttl",
            REPL_DISKLESS_SYNC_DELAY = "repl-diskless-sync-delay",
            REPL_DISKLESS_SYNC_MAX_REPLICAS = "repl-diskless-sync-max-replicas",
            REPL_PING_REPLICA_PERIOD = "repl-ping-replica-period",
            REPL_TIMEOUT = "repl-timeout",
            SET_MAX_INTSET_ENTRIES = "set-max-intset-entries",
            SET_MAX_LISTPACK_ENTRIES = "set-max-listpack-entries",
            SET_MAX_LISTPACK_VALUE = "set-max-listpack-value",
            SHUTDOWN_TIMEOUT = "shutdown-timeout",
            SLOWLOG_MAX_LEN = "slowlog-max-len",
            TRACKING_TABLE_MAX_KEYS = "tracking-table-max-keys",
            SOCKET_MARK_ID = "socket-mark-id",
            STREAM_NODE_MAX_BYTES = "stream-node-max-bytes",
            STREAM_NODE_MAX_ENTRIES = "stream-node-max-entries",
            TCP_BACKLOG = "tcp-backlog",
            TCP_KEEPALIVE = "tcp-keepalive",
            THREADS = "threads",
            TIMEOUT = "timeout",
            TLS_AUTO_RELOAD_INTERVAL = "tls-auto-reload-interval",
            TLS_PORT = "tls-port",
            TLS_SESSION_CACHE_SIZE = "tls-session-cache-size",
            TLS_SESSION_CACHE_TIMEOUT = "tls-session-cache-timeout",
            TRACKING_DIRECTIVES_MAX_KEYS = "tracking-table-max-keys",
            UNIXSOCKETPERM = "unixsocketperm",
            ZSET_MAX_LISTPACK_ENTRIES = "zset-max-listpack-entries",
            ZSET_MAX_LISTPACK_VALUE = "zset-max-listpack-value",;
        text Text:
            ACLFILE = "aclfile",
            APPENDDIRNAME = "appenddirname",
            APPENDFILENAME = "appendfilename",
            AVAILABILITY_ZONE = "availability-zone",
            BIND = "bind",
            BIND_SOURCE_ADDR = "bind-source-addr",
            CLUSTER_ANNOUNCE_HOSTNAME = "cluster-announce-hostname",
            CLUSTER_ANNOUNCE_HUMAN_NODENAME = "cluster-announce-human-nodename",
            CLUSTER_ANNOUNCE_IP = "cluster-announce-ip",
            CLUSTER_CONFIG_FILE = "cluster-config-file",
            DBFILENAME = "dbfilename",
            DIR = "dir",
            LATENCY_TRACKING_INFO_PERCENTILES = "latency-tracking-info-percentiles",
            LOGFILE = "logfile",
            MASTERAUTH = "masterauth",
            MASTERUSER = "masteruser",
            OOM_SCORE_ADJ_VALUES = "oom-score-adj-values",
            PIDFILE = "pidfile",
            PROC_TITLE_TEMPLATE = "proc-title-template",
            REPLICAOF = "replicaof",
            REPLICA_ANNOUNCE_IP = "replica-announce-ip",
            REQUIREPASS = "requirepass",
            SAVE = "save",
            SYSLOG_IDENT = "syslog-ident",
            TLS_CA_CERT_DIR = "tls-ca-cert-dir",
            TLS_CA_CERT_FILE = "tls-ca-cert-file",
            TLS_CERT_FILE = "tls-cert-file",
            TLS_CIPHERS = "tls-ciphers",
            TLS_CIPHERSUITES = "tls-ciphersuites",
            TLS_CLIENT_CERT_FILE = "tls-client-cert-file",
            TLS_CLIENT_KEY_FILE = "tls-client-key-file",
            TLS_CLIENT_KEY_FILE_PASS = "tls-client-key-file-pass",
            TLS_DH_PARAMS_FILE = "tls-dh-params-file",
            TLS_KEY_FILE = "tls-key-file",
            TLS_KEY_FILE_PASS = "tls-key-file-pass",
            TLS_PROTOCOLS = "tls-protocols",
            UNIXSOCKET = "unixsocket",
            UNIXSOCKETGROUP = "unixsocketgroup",;
        events NotifyEvents:
            NOTIFY_KEYSPACE_EVENTS = "notify-keyspace-events",;
    }

    choice_ids! {
        ACL_PUBSUB_DEFAULT: AclPubsubDefault = "acl-pubsub-default",
        APPENDFSYNC: AppendFsync = "appendfsync",
        CLUSTER_PREFERRED_ENDPOINT_TYPE: EndpointType = "cluster-preferred-endpoint-type",
        ENABLE_DEBUG_COMMAND: ProtectedAction = "enable-debug-command",
        ENABLE_MODULE_COMMAND: ProtectedAction = "enable-module-command",
        ENABLE_PROTECTED_CONFIGS: ProtectedAction = "enable-protected-configs",
        IO_BACKEND: IoBackend = "io-backend",
        LOGLEVEL: LogLevel = "loglevel",
        LOG_FORMAT: LogFormat = "log-format",
        LOG_TIMESTAMP_FORMAT: LogTimestampFormat = "log-timestamp-format",
        MAXMEMORY_POLICY: MaxmemoryPolicy = "maxmemory-policy",
        OOM_SCORE_ADJ: OomScoreAdj = "oom-score-adj",
        PROPAGATION_ERROR_BEHAVIOR: PropagationErrorBehavior = "propagation-error-behavior",
        RDB_VERSION_CHECK: RdbVersionCheck = "rdb-version-check",
        REPL_DISKLESS_LOAD: ReplDisklessLoad = "repl-diskless-load",
        SANITIZE_DUMP_PAYLOAD: SanitizeDumpPayload = "sanitize-dump-payload",
        SUPERVISED: Supervised = "supervised",
        SYSLOG_FACILITY: SyslogFacility = "syslog-facility",
        TLS_AUTH_CLIENTS: TlsAuthClients = "tls-auth-clients",
        TLS_AUTH_CLIENTS_USER: TlsAuthClientsUser = "tls-auth-clients-user",
    }
}
