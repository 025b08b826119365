//! The journal: what was changed, in the order in which it was changed, on its way to the disk.
//!
//! ```text
//!   worker: command ─ effects ─ append ──> log ── settle ──> file: write ── sync
//!                     (slots are held)     │      (the first thread that comes, for all)
//!                                          └────> other readers
//! ```
//! A worker appends to the [log](crate::log) while it holds the slots that it changed, so the log has the order of
//! execution. Before it sends the replies of a turn it *settles* what any worker appended until then: it is written to
//! the file, and with `appendfsync always` on the disk. So no reply shows what a crash could undo (of the process; with
//! `always` of the machine). A worker that finds another one at it waits, and most often finds it done: one write and
//! one sync serve all.
//!
//! The file's writer is a reader of the log (`journal::file`). Positions are the log's: `durable <= written <=
//! appended`. A position counts as written when the file has all bytes before it that are for the file.
//!
//! Cache lines, by the threads that use them:
//!
//! | line | written by | read by |
//! |---|---|---|
//! | the log's lock, end, counts | each worker, at every write | each worker, when its turn ends |
//! | [`Progress`] | the thread that writes or syncs the file, once a turn | each worker, when its turn ends |
//! | `sync_pending`, `file`, `syncing`, `acknowledged` | the thread that writes or syncs | the same; INFO, WAITAOF |
//! | the rest (`keepers`, `failed`, ...) | when `appendonly` is set or the disk fails | each worker, at every command |

mod acknowledged;
mod append_only;
mod file;
#[cfg(test)]
mod tests;

pub use acknowledged::{NOT_KEPT, Wait};
pub use append_only::{AppendOnly, Figures, Storage, Sync};

use crate::effects::Effects;
use crate::log::Log;
use acknowledged::Acknowledged;
use crossbeam_utils::CachePadded;
use file::File;
use parking_lot::Mutex;
use redstart_config::choices::AppendFsync;
use redstart_config::{Config, ids};
use redstart_sys::clock::unix_ms;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

/// Bits of `keepers`: what keeps changes. Replicas will be another.
const FILE: u8 = 1;

const MULTI: &[u8] = b"*1\r\n$5\r\nMULTI\r\n";
const EXEC: &[u8] = b"*1\r\n$4\r\nEXEC\r\n";

/// The history of changes on its way to the disk.
#[derive(Default)]
pub struct Journal {
    /// What keeps changes; nothing is appended while it is 0. It changes only while no worker is in the keyspace, but
    /// that it may end at any time.
    keepers: AtomicU8,
    /// The last write failed, or the last sync (bits): nothing that writes is taken from clients until it succeeds.
    failed: AtomicU8,
    /// Microseconds that a write waits (DEBUG AOF-FLUSH-SLEEP).
    pub flush_sleep_us: AtomicU64,
    /// A snapshot is written to the disk, during which `no-appendfsync-on-rewrite` leaves syncing out.
    pub disk_busy: AtomicBool,
    log: Arc<Log>,
    failure: Mutex<Option<io::Error>>,
    progress: CachePadded<Progress>,
    /// A sync is under way.
    pub sync_pending: CachePadded<AtomicBool>,
    file: CachePadded<Mutex<File>>,
    /// Held by the thread that syncs.
    syncing: CachePadded<Mutex<()>>,
    acknowledged: CachePadded<Mutex<Acknowledged>>,
}

/// How far the file is.
#[derive(Default)]
struct Progress {
    written: AtomicU64,
    durable: AtomicU64,
    /// Microseconds that a sync takes, the last ones more than those before.
    sync_us: AtomicU64,
    /// Writes that took long while a sync was under way.
    delayed: AtomicU64,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("keepers", &self.keepers).field("log", &self.log).finish_non_exhaustive()
    }
}

/// What a failure to write means.
#[derive(Debug)]
pub enum Trouble {
    /// A line for the log; the journal keeps what it has and tries again.
    Retried(Option<String>),
    /// What was promised cannot be kept, and answers that showed it may be on their way: the process has to end.
    Fatal(String),
    /// It works again.
    Over,
}

impl Journal {
    /// Whether changes are kept, by the file or by others.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.keepers.load(Ordering::Relaxed) != 0
    }

    /// Whether the append-only file keeps changes.
    #[inline]
    #[must_use]
    pub fn keeps_file(&self) -> bool {
        self.keepers.load(Ordering::Relaxed) & FILE != 0
    }

    fn keep_file(&self, keeps: bool) {
        if keeps {
            self.keepers.fetch_or(FILE, Ordering::AcqRel);
        } else {
            self.keepers.fetch_and(!FILE, Ordering::AcqRel);
        }
    }

    /// The position behind the last unit that was appended.
    #[inline]
    #[must_use]
    pub fn appended(&self) -> u64 {
        self.log.end()
    }

    /// The position up to which the history is on the disk.
    #[must_use]
    pub fn durable(&self) -> u64 {
        self.progress.durable.load(Ordering::Acquire)
    }

    /// Microseconds that a sync takes, the last ones more than those before; 0 before the first.
    #[must_use]
    pub fn sync_us(&self) -> u64 {
        self.progress.sync_us.load(Ordering::Relaxed)
    }

    /// Bytes that wait to be written.
    #[must_use]
    pub fn buffered(&self) -> u64 {
        self.appended().saturating_sub(self.progress.written.load(Ordering::Acquire))
    }

    /// Bytes of memory that the log takes, room included.
    #[must_use]
    pub fn buffer_room(&self) -> usize {
        self.log.room()
    }

    /// Writes that took longer than two seconds while a sync was under way.
    #[must_use]
    pub fn delayed(&self) -> u64 {
        self.progress.delayed.load(Ordering::Relaxed)
    }

    /// Appends a unit. The caller holds the slots that it changed. Returns the position behind it.
    pub fn append(&self, config: &Config, effects: &Effects) -> u64 {
        let mut unit = self.log.begin_unit();
        if !self.is_on() {
            // It ended while the command ran.
            return self.appended();
        }
        if config.get(ids::AOF_TIMESTAMP_ENABLED) {
            unit.note_time(unix_ms() / 1000);
        }
        let transaction = effects.is_transaction();
        if transaction {
            unit.frame(MULTI);
        }
        for (database, command) in effects.commands() {
            unit.command(database, command);
        }
        if transaction {
            unit.frame(EXEC);
        }
        unit.finish()
    }

    /// Where the history is as replicas and the manifest count it: one for each command, while there are no replicas.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.log.commands()
    }

    /// The history goes on at this position, as the manifest counts: what comes before stands in files that were
    /// loaded.
    pub fn resume_at(&self, counted: u64) {
        self.log.count_from(counted);
    }

    /// Holds changes back from the file, or lets them go on: while data is loaded from it.
    pub fn suspend(&self, suspended: bool) {
        self.keep_file(!suspended);
    }

    /// Whether all that was appended is as safe as it must be before replies leave.
    #[inline]
    #[must_use]
    pub fn is_settled(&self, config: &Config) -> bool {
        let appended = self.appended();
        self.progress.written.load(Ordering::Acquire) >= appended && (!is_always(config) || self.durable() >= appended)
    }

    /// All that comes before this position counts as written and synced.
    fn set_settled(&self, position: u64) {
        self.progress.written.store(position, Ordering::Release);
        self.progress.durable.store(position, Ordering::Release);
    }

    /// Why nothing can be written, if so.
    #[inline]
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        if self.is_well() {
            return None;
        }
        self.failure.lock().as_ref().map(words)
    }

    /// Whether the last write and the last sync succeeded.
    #[inline]
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.failed.load(Ordering::Relaxed) == 0
    }
}

/// Whether answers wait until what they show is on the disk (`appendfsync always`).
#[must_use]
pub fn is_always(config: &Config) -> bool {
    config.get(ids::APPENDFSYNC) == AppendFsync::Always
}

fn fatal(error: &io::Error) -> Trouble {
    let why = words(error);
    Trouble::Fatal(format!(
        "Can't persist AOF for fsync error when the AOF fsync policy is 'always': {why}. Exiting..."
    ))
}

/// What the system calls an error, as C's `strerror` does.
#[must_use]
pub fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
