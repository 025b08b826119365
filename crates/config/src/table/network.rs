//! Listening and connections.

use crate::choices::IoBackend;
use crate::directive::{Directive, GB, INT_MAX, KB, LONG_MAX, MB, Special, UINT_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::optional("unixsocket")
        .immutable()
        .honoured("Path of the Unix socket to listen on. Empty: no Unix socket."),
    Directive::optional("bind-source-addr"),
    Directive::int("port", 0, 65_535, 6379).honoured("TCP port for connections without TLS. 0: none."),
    Directive::int("tcp-keepalive", 0, INT_MAX, 300)
        .honoured("Seconds of idle time before TCP keepalive probes. 0: no probes."),
    Directive::int("timeout", 0, INT_MAX, 0)
        .honoured("Seconds of idle time after which a client is disconnected. 0: never."),
    Directive::int("tcp-backlog", 0, INT_MAX, 511)
        .immutable()
        .honoured("Connections that the kernel queues before they are accepted."),
    Directive::int("maxclients", 1, UINT_MAX, 10_000)
        .unsigned()
        .honoured("Most clients at one time. The server lowers it where the file descriptor limit is too low."),
    Directive::octal("unixsocketperm", 0, 0o777, 0)
        .unsigned()
        .immutable()
        .honoured("Permissions of the Unix socket, in octal. 0: the umask decides."),
    Directive::int("socket-mark-id", 0, UINT_MAX, 0).unsigned().immutable(),
    Directive::int("max-new-connections-per-cycle", 1, 1000, 10).unsigned(),
    Directive::memory("proto-max-bulk-len", MB, LONG_MAX, 512 * MB)
        .honoured("Longest argument of a command, and longest string value, in bytes."),
    Directive::memory("client-query-buffer-limit", MB, LONG_MAX, GB)
        .unsigned()
        .honoured("Bytes of unparsed input of one client at which the client is disconnected."),
    Directive::special("client-output-buffer-limit", Special::OutputBufferLimits).multi().honoured(
        "Unsent replies of one client at which the client is disconnected, by class (normal, replica, pubsub): \
         hard limit in bytes, soft limit in bytes, seconds above the soft limit. 0: no limit.",
    ),
    Directive::special("bind", Special::Bind).multi().honoured(
        "Addresses to listen on, at most 16. A leading `-` marks an address that may be missing on the machine.",
    ),
    Directive::int("threads", 1, 128, 1)
        .aliases(&["io-threads"])
        .fixed()
        .host_default()
        .honoured("Worker threads that run commands. The default is the number of cores."),
    Directive::choice("io-backend", IoBackend::CHOICES, IoBackend::Auto as i64)
        .fixed()
        .honoured("Kernel interface for sockets. `auto`: io_uring where the kernel allows it, else epoll."),
    // Only in Valkey, not in Redis 8.0.
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
