//! Snapshots and the append-only file.

use crate::check;
use crate::choices::{AppendFsync, RdbVersionCheck, SanitizeDumpPayload};
use crate::directive::{Directive, INT_MAX, INT_MIN, KB, LONG_MAX, MB, Special};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("rdbchecksum", true).immutable().honoured(),
    Directive::boolean("rdbcompression", true).honoured(),
    Directive::boolean("rdb-del-sync-files", false),
    Directive::boolean("stop-writes-on-bgsave-error", true).honoured(),
    Directive::boolean("aof-rewrite-incremental-fsync", true).honoured(),
    Directive::boolean("no-appendfsync-on-rewrite", false).honoured(),
    Directive::boolean("rdb-save-incremental-fsync", true).honoured(),
    Directive::boolean("aof-load-truncated", true).honoured(),
    Directive::boolean("aof-use-rdb-preamble", true).honoured(),
    Directive::boolean("aof-timestamp-enabled", false).honoured(),
    Directive::boolean("appendonly", false).honoured(),
    Directive::boolean("aof-disable-auto-gc", false).hidden().honoured(),
    Directive::text("dbfilename", "dump.rdb").protected().check(check::db_file_name).honoured(),
    Directive::text("appendfilename", "appendonly.aof").immutable().check(check::append_file_name).honoured(),
    Directive::text("appenddirname", "appendonlydir").immutable().check(check::append_dir_name).honoured(),
    Directive::optional("aof-rewrite-cpulist").aliases(&["aof_rewrite_cpulist"]).immutable(),
    Directive::choice("appendfsync", AppendFsync::CHOICES, AppendFsync::EverySecond as i64).honoured(),
    // Whatever it says, values are looked at as deeply as with `yes`.
    Directive::choice("sanitize-dump-payload", SanitizeDumpPayload::CHOICES, SanitizeDumpPayload::No as i64).honoured(),
    Directive::int("auto-aof-rewrite-percentage", 0, INT_MAX, 100).honoured(),
    Directive::int("rdb-key-save-delay", INT_MIN, INT_MAX, 0).hidden().honoured(),
    Directive::int("key-load-delay", INT_MIN, INT_MAX, 0).hidden().honoured(),
    Directive::memory("auto-aof-rewrite-min-size", 0, LONG_MAX, 64 * MB).honoured(),
    Directive::int("loading-process-events-interval-bytes", 1024, INT_MAX, 512 * KB).hidden(),
    Directive::special("dir", Special::Dir).protected().deny_loading().honoured(),
    Directive::special("save", Special::Save).multi().honoured(),
    // Valkey has these, Redis 8.0 does not.
    Directive::choice("rdb-version-check", RdbVersionCheck::CHOICES, RdbVersionCheck::Strict as i64).honoured(),
];
