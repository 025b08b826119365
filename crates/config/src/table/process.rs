//! The process.

use crate::check;
use crate::choices::{SHUTDOWN_CHOICES, Supervised};
use crate::directive::{Directive, INT_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("daemonize", false)
        .immutable()
        .honoured("Run in the background. A service manager that supervises the process keeps it in the foreground."),
    Directive::boolean("set-proc-title", true)
        .immutable()
        .honoured("Set the process title that `ps` shows, after `proc-title-template`."),
    Directive::boolean("dynamic-hz", true),
    Directive::boolean("use-exit-on-panic", false).hidden(),
    Directive::optional("pidfile")
        .immutable()
        .honoured("File for the process id. A daemon without this directive uses `/var/run/redis.pid`."),
    Directive::optional("server-cpulist").aliases(&["server_cpulist"]).immutable(),
    Directive::optional("bio-cpulist").aliases(&["bio_cpulist"]).immutable(),
    Directive::optional("bgsave-cpulist").aliases(&["bgsave_cpulist"]).immutable(),
    Directive::text("ignore-warnings", ""),
    Directive::text("proc-title-template", "{title} {listen-addr} {server-mode}")
        .check(check::title_template)
        .honoured(
            "Template of the process title. Variables: `{title}`, `{listen-addr}`, `{server-mode}`, `{port}`, \
         `{tls-port}`, `{unixsocket}`, `{config-file}`.",
        ),
    Directive::text("locale-collate", ""),
    Directive::choice("supervised", Supervised::CHOICES, Supervised::No as i64)
        .immutable()
        .honoured("Service manager that is notified when the server is ready and when the shutdown begins."),
    Directive::bits("shutdown-on-sigint", SHUTDOWN_CHOICES, 0)
        .multi()
        .check(check::shutdown_flags)
        .honoured("Options of SHUTDOWN that SIGINT uses."),
    Directive::bits("shutdown-on-sigterm", SHUTDOWN_CHOICES, 0)
        .multi()
        .check(check::shutdown_flags)
        .honoured("Options of SHUTDOWN that SIGTERM uses."),
    Directive::int("databases", 1, INT_MAX, 16).immutable().honoured("Number of databases for SELECT."),
    Directive::int("hz", 0, INT_MAX, 10).check(check::clamp_hz),
    Directive::int("shutdown-timeout", 0, INT_MAX, 10),
    // Only in Valkey, for its own tests.
    Directive::boolean("enable-debug-assert", false).immutable().hidden(),
    Directive::text("debug-context", "").hidden(),
];
