//! The cluster.

use crate::check;
use crate::choices::{ClusterConfigSave, EndpointType};
use crate::directive::{Directive, INT_MAX, LONG_MAX, ULONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("cluster-require-full-coverage", true),
    Directive::boolean("cluster-replica-no-failover", false).aliases(&["cluster-slave-no-failover"]),
    Directive::boolean("cluster-enabled", false).immutable(),
    Directive::boolean("cluster-allow-reads-when-down", false),
    Directive::boolean("cluster-allow-pubsubshard-when-down", true),
    Directive::boolean("cluster-allow-replica-migration", true),
    Directive::optional("cluster-announce-ip"),
    Directive::text("cluster-config-file", "nodes.conf").immutable(),
    Directive::optional("cluster-announce-hostname").check(check::host_name),
    Directive::optional("cluster-announce-human-nodename").check(check::node_name),
    Directive::choice("cluster-preferred-endpoint-type", EndpointType::CHOICES, EndpointType::Ip as i64),
    Directive::int("cluster-replica-validity-factor", 0, INT_MAX, 10).aliases(&["cluster-slave-validity-factor"]),
    Directive::int("cluster-migration-barrier", 0, INT_MAX, 1),
    Directive::int("cluster-port", 0, 65_535, 0).immutable(),
    Directive::int("cluster-announce-bus-port", 0, 65_535, 0),
    Directive::int("cluster-announce-port", 0, 65_535, 0),
    Directive::int("cluster-announce-tls-port", 0, 65_535, 0),
    Directive::int("cluster-compatibility-sample-ratio", 0, 100, 0),
    Directive::int("cluster-node-timeout", 0, LONG_MAX, 15_000),
    Directive::int("cluster-ping-interval", 0, LONG_MAX, 0).hidden(),
    Directive::memory("cluster-link-sendbuf-limit", 0, ULONG_MAX, 0).unsigned(),
    // Only in Valkey, not in Redis 8.0.
    Directive::boolean("cluster-slot-stats-enabled", false),
    Directive::optional("cluster-announce-client-ipv4"),
    Directive::optional("cluster-announce-client-ipv6"),
    Directive::text("availability-zone", ""),
    Directive::choice("cluster-config-save-behavior", ClusterConfigSave::CHOICES, ClusterConfigSave::Sync as i64),
    Directive::int("cluster-databases", 1, INT_MAX, 1).fixed(),
    Directive::int("cluster-announce-client-port", 0, 65_535, 0),
    Directive::int("cluster-announce-client-tls-port", 0, 65_535, 0),
    Directive::int("cluster-blacklist-ttl", 0, LONG_MAX, 60),
    Directive::int("cluster-slot-migration-log-max-len", 0, LONG_MAX, 1000),
    Directive::int("cluster-manual-failover-timeout", 1, INT_MAX, 5000),
    Directive::int("cluster-message-gossip-perc", 1, 100, 10).hidden(),
    Directive::memory("slot-migration-max-failover-repl-bytes", -1, LONG_MAX, 0),
];
