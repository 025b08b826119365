//! Logs, slow commands, events.

use crate::choices::{LogFormat, LogLevel, LogTimestampFormat, PropagationErrorBehavior, SyslogFacility};
use crate::directive::{Directive, INT_MAX, LONG_MAX, MB, Special};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("always-show-logo", false).immutable(),
    Directive::boolean("syslog-enabled", false).immutable().honoured(),
    Directive::boolean("crash-log-enabled", true).honoured(),
    Directive::boolean("crash-memcheck-enabled", true),
    Directive::boolean("latency-tracking", true).honoured(),
    Directive::text("syslog-ident", "redis").immutable().honoured(),
    Directive::text("logfile", "").immutable().honoured(),
    Directive::choice("syslog-facility", SyslogFacility::CHOICES, SyslogFacility::Local0 as i64).immutable().honoured(),
    Directive::choice("loglevel", LogLevel::CHOICES, LogLevel::Notice as i64).honoured(),
    Directive::choice(
        "propagation-error-behavior",
        PropagationErrorBehavior::CHOICES,
        PropagationErrorBehavior::Ignore as i64,
    ),
    Directive::int("watchdog-period", 0, INT_MAX, 0).hidden().honoured(),
    Directive::int("slowlog-max-len", 0, LONG_MAX, 128).aliases(&["commandlog-slow-execution-max-len"]).honoured(),
    Directive::int("busy-reply-threshold", 0, LONG_MAX, 5000).aliases(&["lua-time-limit"]).honoured(),
    Directive::int("slowlog-log-slower-than", -1, LONG_MAX, 10_000)
        .aliases(&["commandlog-execution-slower-than"])
        .honoured(),
    Directive::int("latency-monitor-threshold", 0, LONG_MAX, 0).honoured(),
    Directive::special("notify-keyspace-events", Special::NotifyEvents).honoured(),
    Directive::special("latency-tracking-info-percentiles", Special::Percentiles).multi().honoured(),
    // Valkey has these, Redis 8.0 does not.
    Directive::choice("log-format", LogFormat::CHOICES, LogFormat::Legacy as i64).honoured(),
    Directive::choice("log-timestamp-format", LogTimestampFormat::CHOICES, LogTimestampFormat::Legacy as i64)
        .honoured(),
    Directive::int("commandlog-large-request-max-len", 0, LONG_MAX, 128).honoured(),
    Directive::int("commandlog-large-reply-max-len", 0, LONG_MAX, 128).honoured(),
    Directive::int("commandlog-request-larger-than", -1, LONG_MAX, MB).honoured(),
    Directive::int("commandlog-reply-larger-than", -1, LONG_MAX, MB).honoured(),
];
