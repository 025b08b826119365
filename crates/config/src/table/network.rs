//! Listening and connections.

use crate::choices::IoBackend;
use crate::directive::{Directive, GB, INT_MAX, KB, LONG_MAX, MB, Special, UINT_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::optional("unixsocket").immutable().honoured(),
    Directive::optional("bind-source-addr"),
    Directive::int("port", 0, 65_535, 6379).honoured(),
    Directive::int("tcp-keepalive", 0, INT_MAX, 300).honoured(),
    Directive::int("timeout", 0, INT_MAX, 0).honoured(),
    Directive::int("tcp-backlog", 0, INT_MAX, 511).immutable().honoured(),
    Directive::int("maxclients", 1, UINT_MAX, 10_000).unsigned().honoured(),
    Directive::octal("unixsocketperm", 0, 0o777, 0).unsigned().immutable().honoured(),
    Directive::int("socket-mark-id", 0, UINT_MAX, 0).unsigned().immutable(),
    Directive::int("max-new-connections-per-cycle", 1, 1000, 10).unsigned(),
    Directive::memory("proto-max-bulk-len", MB, LONG_MAX, 512 * MB).honoured(),
    Directive::memory("client-query-buffer-limit", MB, LONG_MAX, GB).unsigned().honoured(),
    Directive::special("client-output-buffer-limit", Special::OutputBufferLimits).multi().honoured(),
    Directive::special("bind", Special::Bind).multi().honoured(),
    Directive::int("threads", 1, 128, 1).aliases(&["io-threads"]).fixed().host_default().honoured(),
    Directive::choice("io-backend", IoBackend::CHOICES, IoBackend::Auto as i64).fixed().honoured(),
    // Valkey has these, Redis 8.0 does not.
    Directive::optional("unixsocketgroup").fixed(),
    Directive::boolean("mptcp", false).fixed(),
    Directive::boolean("io-threads-always-active", false).hidden(),
    Directive::int("min-io-threads-avoid-copy-reply", 0, INT_MAX, 7).hidden(),
    Directive::int("min-string-size-avoid-copy-reply", 0, INT_MAX, 16 * KB).hidden(),
    Directive::int("min-string-size-avoid-copy-reply-threaded", 0, INT_MAX, 64 * KB).hidden(),
    Directive::optional("rdma-bind"),
    Directive::int("rdma-port", 0, 65_535, 0),
    Directive::int("rdma-rx-size", 64 * KB, 16 * MB, MB).fixed(),
    Directive::int("rdma-completion-vector", -1, 1024, -1).fixed(),
];
