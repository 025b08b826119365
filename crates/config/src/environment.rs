//! Overrides from the environment, as is common for containers: `REDIS_MAXMEMORY=1gb`, `REDSTART_THREADS=4`.
//!
//! Any directive in capitals with `_` for `-`, after `REDIS_` or `REDSTART_` (which takes precedence over `REDIS_`),
//! and `REDIS_PASSWORD` for `requirepass`. An empty variable is ignored, except `REDIS_SAVE=`, which disables
//! snapshots.
//!
//! Container platforms and images set variables with the same prefixes but other meanings, which are ignored silently:
//! addresses of services (`REDIS_PORT=tcp://...`, `REDIS_SERVICE_HOST`, `REDIS_PORT_6379_TCP...`), and those in
//! `OTHERS`. Any other variable with a prefix that names no directive is reported in [`Ignored`], for a log line: it
//! may be a typing error.

use crate::directive::Directive;
use crate::table::lookup;

/// Variables of images, deployments and client programs; a final `*` matches any ending.
const OTHERS: &[&str] = &[
    "ACLFILE_*",
    "ACL_FILE",
    "ALLOW_*",
    "AOF_ENABLED",
    "ARGS",
    "BASE_DIR",
    "BIN_DIR",
    "CLI_*",
    "CLUSTER_ANNOUNCE_HOSTNAME_*",
    "CLUSTER_CREATOR",
    "CLUSTER_DYNAMIC_IPS",
    "CLUSTER_NODES",
    "CLUSTER_REPLICAS",
    "CLUSTER_SLEEP_*",
    "COMMANDS_ENABLED",
    "CONFIG*",
    "CONF_*",
    "CONNECTION*",
    "DAEMON_*",
    "DATABASE",
    "DATA_DIR",
    "DB",
    "DEFAULT_*",
    "DISABLE_COMMANDS",
    "DNS_*",
    "DOWNLOAD_*",
    "EXTRA_*",
    "GID",
    "HOME",
    "HOST",
    "HOSTNAME",
    "HOSTS",
    "INSTANCE*",
    "IO_THREADS_*",
    "LOG_DIR",
    "LOG_FILE",
    "LOG_LEVEL",
    "MASTER_*",
    "MODE",
    "MOUNTED_CONF_DIR",
    "NODES",
    "OVERRIDES_FILE",
    "PASSWORD_FILE",
    "PASSWORD_*",
    "PASS",
    "PEER*",
    "PID_FILE",
    "PORT_NUMBER",
    "PRIMARY_*",
    "RDB_POLICY*",
    "REPLICATION_*",
    "REPLICAS",
    "REPLICA_IP",
    "REPLICA_PORT",
    "SENTINEL*",
    "SERVER*",
    "SERVICE*",
    "SHA*",
    "SLAVE_*",
    "SSL*",
    "TEST*",
    "TLS",
    "TLS_AUTH_CLIENTS_FILE",
    "TLS_ENABLED",
    "TLS_*_FILE_*",
    "TLS_PORT_NUMBER",
    "TLS_URL",
    "UID",
    "URI",
    "URL",
    "URLS",
    "USER",
    "USERNAME",
    "USERS",
    "VERSION",
    "VOLUME_DIR",
];

/// An unused variable with one of our prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Its name.
    pub name: String,
}

pub(crate) struct Override {
    pub(crate) name: String,
    pub(crate) index: usize,
    pub(crate) directive: &'static Directive,
    pub(crate) value: Vec<u8>,
}

/// The overrides in order, and the variables to be reported.
pub(crate) fn read(variables: Vec<(String, Vec<u8>)>) -> (Vec<Override>, Vec<Ignored>) {
    let mut variables = variables;
    // REDIS_ before REDSTART_, and each in alphabetical order: the result depends only on the variables.
    variables.sort();
    let (mut overrides, mut ignored) = (Vec::new(), Vec::new());
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix("REDIS_").or_else(|| name.strip_prefix("REDSTART_")) else { continue };
        if is_service_address(rest, &value) || (value.is_empty() && rest != "SAVE") {
            continue;
        }
        match directive_for(rest) {
            Some((index, directive)) => overrides.push(Override { name, index, directive, value }),
            None if OTHERS.iter().any(|other| is_like(other, rest)) => {}
            None => ignored.push(Ignored { name }),
        }
    }
    (overrides, ignored)
}

fn directive_for(rest: &str) -> Option<(usize, &'static Directive)> {
    if rest == "PASSWORD" {
        return lookup(b"requirepass");
    }
    lookup(rest.replace('_', "-").as_bytes()).or_else(|| lookup(rest.as_bytes()))
}

/// Kubernetes and Docker describe a service with the name `redis` in these variables.
fn is_service_address(rest: &str, value: &[u8]) -> bool {
    let port_of_service = rest.strip_prefix("PORT_").is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
    port_of_service || rest.starts_with("SERVICE_") || value.starts_with(b"tcp://") || value.starts_with(b"udp://")
}

fn is_like(other: &str, rest: &str) -> bool {
    redstart_encoding::glob::matches(other.as_bytes(), rest.as_bytes())
}
