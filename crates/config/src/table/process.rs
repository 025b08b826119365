//! The process.

use crate::check;
use crate::choices::{SHUTDOWN_CHOICES, Supervised};
use crate::directive::{Directive, INT_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("daemonize", false).immutable().honoured(),
    Directive::boolean("set-proc-title", true).immutable().honoured(),
    Directive::boolean("dynamic-hz", true),
    Directive::boolean("use-exit-on-panic", false).hidden(),
    Directive::optional("pidfile").immutable().honoured(),
    Directive::optional("server-cpulist").aliases(&["server_cpulist"]).immutable(),
    Directive::optional("bio-cpulist").aliases(&["bio_cpulist"]).immutable(),
    Directive::optional("bgsave-cpulist").aliases(&["bgsave_cpulist"]).immutable(),
    Directive::text("ignore-warnings", ""),
    Directive::text("proc-title-template", "{title} {listen-addr} {server-mode}")
        .check(check::title_template)
        .honoured(),
    Directive::text("locale-collate", ""),
    Directive::choice("supervised", Supervised::CHOICES, Supervised::No as i64).immutable().honoured(),
    Directive::bits("shutdown-on-sigint", SHUTDOWN_CHOICES, 0).multi().check(check::shutdown_flags).honoured(),
    Directive::bits("shutdown-on-sigterm", SHUTDOWN_CHOICES, 0).multi().check(check::shutdown_flags).honoured(),
    Directive::int("databases", 1, INT_MAX, 16).immutable().honoured(),
    Directive::int("hz", 0, INT_MAX, 10).check(check::clamp_hz).honoured(),
    Directive::int("shutdown-timeout", 0, INT_MAX, 10),
    // Valkey has these, for the tests of its own.
    Directive::boolean("enable-debug-assert", false).immutable().hidden(),
    Directive::text("debug-context", "").hidden(),
];
