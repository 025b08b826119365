//! Logs, slow commands, events.

use crate::choices::{LogFormat, LogLevel, LogTimestampFormat, PropagationErrorBehavior, SyslogFacility};
use crate::directive::{Directive, INT_MAX, LONG_MAX, MB, Special};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("always-show-logo", false).immutable(),
    Directive::boolean("syslog-enabled", false)
        .immutable()
        .honoured("Send log lines to syslog as well; no banner is printed."),
    Directive::boolean("crash-log-enabled", true)
        .honoured("Write a report to the log on a fatal signal. A panic is always reported."),
    Directive::boolean("crash-memcheck-enabled", true),
    Directive::boolean("latency-tracking", true)
        .honoured("Keep a latency histogram for each command: LATENCY HISTOGRAM, INFO latencystats."),
    Directive::text("syslog-ident", "redis").immutable().honoured("Program name in syslog messages."),
    Directive::text("logfile", "").immutable().honoured("Log file. Empty: standard output."),
    Directive::choice("syslog-facility", SyslogFacility::CHOICES, SyslogFacility::Local0 as i64)
        .immutable()
        .honoured("Facility of syslog messages."),
    Directive::choice("loglevel", LogLevel::CHOICES, LogLevel::Notice as i64)
        .honoured("Lowest severity that is logged. `nothing`: no log."),
    Directive::choice(
        "propagation-error-behavior",
        PropagationErrorBehavior::CHOICES,
        PropagationErrorBehavior::Ignore as i64,
    ),
    Directive::int("watchdog-period", 0, INT_MAX, 0).hidden().honoured(
        "Milliseconds in one event loop turn after which the stacks of all threads are logged, at least 200. 0: \
         off.",
    ),
    Directive::int("slowlog-max-len", 0, LONG_MAX, 128)
        .aliases(&["commandlog-slow-execution-max-len"])
        .honoured("Entries that SLOWLOG keeps."),
    Directive::int("busy-reply-threshold", 0, LONG_MAX, 5000).aliases(&["lua-time-limit"]).honoured(
        "Milliseconds that a script may run before other clients get BUSY and SCRIPT KILL works. 0: no limit.",
    ),
    Directive::int("slowlog-log-slower-than", -1, LONG_MAX, 10_000)
        .aliases(&["commandlog-execution-slower-than"])
        .honoured("Microseconds from which on a command enters SLOWLOG. 0: every command; negative: none."),
    Directive::int("latency-monitor-threshold", 0, LONG_MAX, 0)
        .honoured("Milliseconds from which on an event enters LATENCY. 0: none."),
    Directive::special("notify-keyspace-events", Special::NotifyEvents)
        .honoured("Classes of keyspace events that are published, as letters of `Ag$lshzxeKEtmdn`."),
    Directive::special("latency-tracking-info-percentiles", Special::Percentiles)
        .multi()
        .honoured("Percentiles in INFO latencystats, from 0 to 100."),
    // Only in Valkey, not in Redis 8.0.
    Directive::choice("log-format", LogFormat::CHOICES, LogFormat::Legacy as i64).honoured("Layout of log lines."),
    Directive::choice("log-timestamp-format", LogTimestampFormat::CHOICES, LogTimestampFormat::Legacy as i64)
        .honoured("Layout of the time in log lines."),
    Directive::int("commandlog-large-request-max-len", 0, LONG_MAX, 128)
        .honoured("Entries that COMMANDLOG keeps of large requests."),
    Directive::int("commandlog-large-reply-max-len", 0, LONG_MAX, 128)
        .honoured("Entries that COMMANDLOG keeps of large replies."),
    Directive::int("commandlog-request-larger-than", -1, LONG_MAX, MB)
        .honoured("Bytes from which on a request enters COMMANDLOG. 0: every request; negative: none."),
    Directive::int("commandlog-reply-larger-than", -1, LONG_MAX, MB)
        .honoured("Bytes from which on a reply enters COMMANDLOG. 0: every reply; negative: none."),
];
