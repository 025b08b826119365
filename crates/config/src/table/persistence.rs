//! Snapshots and the append-only file.

use crate::check;
use crate::choices::{AppendFsync, RdbVersionCheck, SanitizeDumpPayload};
use crate::directive::{Directive, INT_MAX, INT_MIN, KB, LONG_MAX, MB, Special};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("rdbchecksum", true)
        .immutable()
        .honoured("End RDB files with a CRC-64, and verify it when a file is loaded."),
    Directive::boolean("rdbcompression", true)
        .honoured("Compress strings of more than 20 bytes in RDB files with LZF."),
    Directive::boolean("rdb-del-sync-files", false),
    Directive::boolean("stop-writes-on-bgsave-error", true)
        .honoured("Refuse writes with MISCONF after a failed snapshot, where there are save points."),
    Directive::boolean("aof-rewrite-incremental-fsync", true)
        .honoured("Fsync the base of the append-only file in steps while it is written."),
    Directive::boolean("no-appendfsync-on-rewrite", false)
        .honoured("No fsync of `everysec` while a snapshot or a rewrite writes to the disk."),
    Directive::boolean("rdb-save-incremental-fsync", true).honoured("Fsync RDB files in steps while they are written."),
    Directive::boolean("aof-load-truncated", true)
        .honoured("Cut off an incomplete command at the end of the append-only file and start. `no`: do not start."),
    Directive::boolean("aof-use-rdb-preamble", true)
        .honoured("Write the base of the append-only file as an RDB file. `no`: as commands."),
    Directive::boolean("aof-timestamp-enabled", false)
        .honoured("Write the time into the append-only file, for `redstart check aof --truncate-to-timestamp`."),
    Directive::boolean("appendonly", false).honoured("Keep an append-only file."),
    Directive::boolean("aof-disable-auto-gc", false)
        .hidden()
        .honoured("Keep files that the manifest marks as history."),
    Directive::text("dbfilename", "dump.rdb")
        .protected()
        .check(check::db_file_name)
        .honoured("Name of the RDB file in `dir`."),
    Directive::text("appendfilename", "appendonly.aof")
        .immutable()
        .check(check::append_file_name)
        .honoured("Prefix of the names of the append-only file's files."),
    Directive::text("appenddirname", "appendonlydir")
        .immutable()
        .check(check::append_dir_name)
        .honoured("Folder of the append-only file in `dir`."),
    Directive::optional("aof-rewrite-cpulist").aliases(&["aof_rewrite_cpulist"]).immutable(),
    Directive::choice("appendfsync", AppendFsync::CHOICES, AppendFsync::EverySecond as i64)
        .honoured("When the append-only file is synced: before each reply, each second, or when the kernel decides."),
    // Whatever the setting, values are checked as deeply as with `yes`.
    Directive::choice("sanitize-dump-payload", SanitizeDumpPayload::CHOICES, SanitizeDumpPayload::No as i64)
        .honoured("Accepted for compatibility: values are always checked as deeply as with `yes`."),
    Directive::int("auto-aof-rewrite-percentage", 0, INT_MAX, 100)
        .honoured("Growth in percent since the last rewrite that starts the next one. 0: no automatic rewrite."),
    Directive::int("rdb-key-save-delay", INT_MIN, INT_MAX, 0)
        .hidden()
        .honoured("For tests: microseconds to wait after each key that is saved."),
    Directive::int("key-load-delay", INT_MIN, INT_MAX, 0)
        .hidden()
        .honoured("For tests: microseconds to wait after each key that is loaded."),
    Directive::memory("auto-aof-rewrite-min-size", 0, LONG_MAX, 64 * MB)
        .honoured("Smallest append-only file that is rewritten automatically, in bytes."),
    Directive::int("loading-process-events-interval-bytes", 1024, INT_MAX, 512 * KB).hidden(),
    Directive::special("dir", Special::Dir)
        .protected()
        .deny_loading()
        .honoured("Working directory: where all data files are."),
    Directive::special("save", Special::Save)
        .multi()
        .honoured("Save points: pairs of seconds and changes. Empty: none."),
    // Only in Valkey, not in Redis 8.0.
    Directive::choice("rdb-version-check", RdbVersionCheck::CHOICES, RdbVersionCheck::Strict as i64)
        .honoured("`relaxed`: load RDB files of unknown later versions, if nothing unknown is in them."),
];
