//! A file, loaded into the keyspace: at start by several threads, beside clients who are told to wait; by DEBUG RELOAD by
//! the thread that is alone in the keyspace.

use super::file::path;
use crate::dump;
use redstart_command::scripts::Libraries;
use redstart_command::{Entry, Shared};
use redstart_config::{ids, os_error_text};
use redstart_keyspace::clock::Policy;
use redstart_keyspace::{Pass, slot_of};
use redstart_persistence::rdb::Repair;
use redstart_persistence::rdb::file::{self, Checked, Error, Key, Options, Problem, Sink, Summary};
use redstart_sys::clock::unix_ms;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Why data was not loaded. The log says more.
#[derive(Debug)]
pub enum NotLoaded {
    /// There is no file.
    Missing,
    /// It cannot be opened.
    Unreadable(io::Error),
    /// Something is wrong with it.
    Bad(Error),
}

impl fmt::Display for NotLoaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no file"),
            Self::Unreadable(error) => write!(f, "the file cannot be read: {}", os_error_text(error)),
            Self::Bad(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotLoaded {}

/// How a file is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// Keys and libraries of the file replace those that are there; otherwise it must not have any that are there.
    pub merge: bool,
    /// Keys past their time are loaded as well: what follows the file speaks of them.
    pub keep_expired: bool,
}

/// Loads the file that the configuration names, with so many threads. Clients are told meanwhile that data is being
/// loaded, and are told so for good where that fails: what is in the keyspace then is no data to work with.
///
/// # Errors
/// There is no file, or it is no good.
pub fn load_at_start(shared: &Shared, threads: usize) -> Result<Summary, NotLoaded> {
    let file = open(shared, &path(&shared.config))?;
    let enter = entering(shared, threads);
    let how = How::default();
    let outcome =
        run(shared, &file, how, |options, filling| file::load_beside(&file, options, filling, threads), enter);
    if outcome.is_err() && !shared.host().is_ending() {
        shared.host().warn("Terminating server after rdb file reading failure.");
    }
    outcome
}

/// As [`load_at_start`], by a thread that is alone in the keyspace.
///
/// # Errors
/// There is no file, or it is no good; what was before that in it is in the keyspace then.
pub fn load_alone(shared: &Shared, pass: &Pass<'_>, how: How) -> Result<Summary, NotLoaded> {
    debug_assert!(pass.alone(), "the slots are this thread's");
    let file = open(shared, &path(&shared.config))?;
    let enter = |_: usize, insert: &mut dyn FnMut(&Pass<'_>)| insert(pass);
    let outcome = run(shared, &file, how, |options, filling| file::load(&file, options, filling), enter);
    if outcome.is_err() {
        shared.loading.end(0, 0);
    }
    outcome
}

/// Loads the base of an append-only file, with so many threads or by one that is alone in the keyspace. What is past its
/// time is loaded too: the commands that follow speak of it. Who calls it says that data is being loaded.
///
/// # Errors
/// There is no such file, or it is no good; what was before that in it is in the keyspace then.
pub fn load_base(
    shared: &Shared,
    path: &Path,
    (threads, pass): (usize, Option<&Pass<'_>>),
) -> Result<Summary, NotLoaded> {
    let file = open(shared, path)?;
    let how = How { keep_expired: true, merge: false };
    if let Some(pass) = pass {
        let enter = |_: usize, insert: &mut dyn FnMut(&Pass<'_>)| insert(pass);
        return fill(shared, how, |options, filling| file::load(&file, options, filling), enter);
    }
    let enter = entering(shared, threads);
    fill(shared, how, |options, filling| file::load_beside(&file, options, filling, threads), enter)
}

/// Lends the keyspace to workers that are beside each other: so many of them, and the thread that cuts.
fn entering(shared: &Shared, threads: usize) -> impl Fn(usize, &mut dyn FnMut(&Pass<'_>)) + '_ {
    let shares: Vec<_> = (0..=threads).map(|_| shared.keyspace.share()).collect();
    move |worker, insert| insert(&shared.keyspace.enter(shares[worker.min(threads)]))
}

fn open(shared: &Shared, path: &Path) -> Result<File, NotLoaded> {
    File::open(path).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            return NotLoaded::Missing;
        }
        let (name, why) = (path.display(), os_error_text(&error));
        shared.host().warn(&format!("Fatal error: can't open the RDB file {name} for reading: {why}"));
        NotLoaded::Unreadable(error)
    })
}

/// Loads by `load`, and says what came of it.
fn run<E>(
    shared: &Shared,
    file: &File,
    how: How,
    load: impl FnOnce(&Options, &Filling<'_, E>) -> Result<Summary, Error>,
    enter: E,
) -> Result<Summary, NotLoaded> {
    shared.loading.begin(file.metadata().map_or(0, |metadata| metadata.len()), unix_ms());
    let outcome = fill(shared, how, load, enter);
    if let Ok(summary) = &outcome {
        shared.loading.end(summary.keys, summary.expired);
    }
    outcome
}

fn fill<E>(
    shared: &Shared,
    how: How,
    load: impl FnOnce(&Options, &Filling<'_, E>) -> Result<Summary, Error>,
    enter: E,
) -> Result<Summary, NotLoaded> {
    let now_ms = unix_ms();
    let options = Options {
        limits: dump::limits(&shared.config),
        expired_before_ms: (!how.keep_expired).then_some(now_ms),
        verify: shared.config.get(ids::RDBCHECKSUM) && !shared.skip_checksum.load(Ordering::Relaxed),
        databases: shared.keyspace.databases() as u64,
        newer: dump::reads_newer(&shared.config),
    };
    let filling = Filling {
        shared,
        how,
        now_ms,
        clock: shared.clock(),
        enter,
        empty: AtomicU64::new(0),
        repaired: AtomicU64::new(0),
        said_ms: AtomicI64::new(now_ms),
        delay: Mutex::new(()),
    };
    let outcome = load(&options, &filling);
    match &outcome {
        Ok(summary) => shared.host().log(&words(summary)),
        Err(error) => complain(shared, error),
    }
    outcome.map_err(NotLoaded::Bad)
}

/// What the log says of a load.
fn words(summary: &Summary) -> String {
    let Summary { keys, expired, empty, checksum, .. } = summary;
    let mut words = format!("Done loading RDB, keys loaded: {keys}, keys expired: {expired}");
    if *empty > 0 {
        words.push_str(&format!(", empty keys skipped: {empty}"));
    }
    words.push('.');
    if *checksum == Checked::None {
        words.push_str(" The file has no checksum, so none was looked at.");
    }
    words
}

/// Says what is wrong with a file, in the words that tools look for.
fn complain(shared: &Shared, error: &Error) {
    let host = shared.host();
    match &error.problem {
        Problem::Signature => host.warn("Wrong signature trying to load DB from file"),
        Problem::Version(version) => host.warn(&format!("Can't handle RDB format version {version}")),
        Problem::Checksum { computed, stored } => {
            host.warn(&format!("Wrong RDB checksum expected: ({computed:x}) but got ({stored:x}). Aborting now."));
            host.warn("RDB CRC error");
        }
        Problem::Truncated => {
            host.warn("Short read or OOM loading DB. Unrecoverable error, aborting now.");
            host.warn("Unexpected EOF reading RDB file");
        }
        Problem::Database(_) => host.warn(&format!(
            "FATAL: Data file was created with a Redis server configured to handle more than {} databases.",
            shared.keyspace.databases()
        )),
        Problem::Duplicate => host.warn("Duplicated key found in RDB file"),
        Problem::Value(_) => {
            host.warn(&format!("Internal error in RDB reading offset {}: integrity check failed", error.offset));
        }
        Problem::Opcode(_) => {
            host.warn("Unknown type or opcode when loading DB. Unrecoverable error, aborting now.");
        }
        _ => {}
    }
    let failed = if matches!(error.problem, Problem::Value(_)) { "integrity check failed: " } else { "" };
    host.warn(&format!("The RDB file is not loaded: {failed}{error}"));
}

/// How often the log says how far a load is.
const SAY_EVERY_MS: i64 = 5_000;
/// Bytes that a key is taken for when room is made for all of them.
const LEAST_BYTES: u64 = 16;
/// Empty keys that the log names, and as many that say of themselves what is not so.
const EMPTY_NAMED: u64 = 10;

/// Puts what comes from a file into the keyspace.
struct Filling<'a, E> {
    shared: &'a Shared,
    how: How,
    now_ms: i64,
    clock: Policy,
    /// Lends the keyspace to a worker.
    enter: E,
    empty: AtomicU64,
    repaired: AtomicU64,
    said_ms: AtomicI64,
    /// Who has it delays the load (`key-load-delay`).
    delay: Mutex<()>,
}

impl<E: Fn(usize, &mut dyn FnMut(&Pass<'_>))> Sink for Filling<'_, E> {
    fn keys(&self, worker: usize, keys: &mut Vec<Key<'_>>) -> Result<(), Error> {
        let (count, mut outcome) = (keys.len(), Ok(()));
        (self.enter)(worker, &mut |pass| outcome = self.insert(pass, keys));
        if let delay_us @ 1.. = self.shared.config.get(ids::KEY_LOAD_DELAY) {
            let _delaying = self.delay.lock();
            std::thread::sleep(Duration::from_micros(delay_us.unsigned_abs() * count as u64));
        }
        outcome
    }

    fn aux(&self, _offset: u64, name: &[u8], value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        let number = text.parse::<i64>().unwrap_or(0);
        let host = self.shared.host();
        match name {
            b"redis-ver" => host.log(&format!("Loading RDB produced by version {text}")),
            b"valkey-ver" => host.log(&format!("Loading RDB produced by Valkey version {text}")),
            b"ctime" => host.log(&format!("RDB age {} seconds", (self.now_ms / 1000).saturating_sub(number).max(0))),
            b"used-mem" => {
                let megabytes = number as f64 / (1024.0 * 1024.0);
                host.log(&format!("RDB memory usage when created {megabytes:.2} Mb"));
                self.shared.loading.note_memory(u64::try_from(number).unwrap_or(0));
            }
            b"aof-base" if number != 0 => host.log("RDB is base AOF"),
            b"aof-preamble" if number != 0 => host.log("RDB has an AOF tail"),
            [b'%', ..] => host.log(&format!("RDB '{}': {text}", String::from_utf8_lossy(name))),
            _ => {}
        }
    }

    fn library(&self, source: &[u8]) -> Result<(), String> {
        let words = |error: redstart_command::Error| String::from_utf8_lossy(&error.to_bytes()).into_owned();
        let scripts = &self.shared.scripts;
        // Whether it can stand beside the others is seen when it is added.
        let library = scripts.read_library(&Libraries::default(), source).map_err(words)?;
        let added = scripts.change_libraries(|all| {
            let mut joined = all.clone();
            if self.how.merge {
                joined.remove(&library.name);
            }
            joined.add(library)?;
            *all = joined;
            Ok(())
        });
        added.map_err(words)
    }

    fn sizes(&self, database: u64, keys: u64, _volatile: u64) {
        // A file that is wrong about it must not take more memory than what is in it.
        let most = self.shared.loading.progress().map_or(0, |progress| progress.total) / LEAST_BYTES;
        let each = keys.min(most) / self.shared.keyspace.slot_count() as u64;
        (self.enter)(usize::MAX, &mut |pass| {
            for slot in 0..pass.count() {
                pass.lock(slot).table_mut(database as usize).reserve(each as usize);
            }
        });
    }

    fn module_aux(&self, module: &str) {
        self.shared.host().warn(&format!("The RDB file has data of the module '{module}', which is left out"));
    }

    fn empty(&self, name: &[u8]) {
        if self.empty.fetch_add(1, Ordering::Relaxed) < EMPTY_NAMED {
            self.shared.host().log(&format!("rdbLoadObject skipping empty key: {}", String::from_utf8_lossy(name)));
        }
    }

    fn repaired(&self, name: &[u8], repair: Repair) {
        if self.repaired.fetch_add(1, Ordering::Relaxed) < EMPTY_NAMED {
            self.shared.host().warn(&format!("The key '{}': {repair}", name.escape_ascii()));
        }
    }

    fn progress(&self, bytes: u64) -> bool {
        self.shared.loading.reached(bytes);
        let now_ms = unix_ms();
        if now_ms - self.said_ms.load(Ordering::Relaxed) >= SAY_EVERY_MS {
            self.said_ms.store(now_ms, Ordering::Relaxed);
            let total = self.shared.loading.progress().map_or(0, |progress| progress.total).max(1);
            let (percent, seconds) = (bytes as f64 * 100.0 / total as f64, (now_ms - self.now_ms) / 1000);
            let words = format!("Loading: {bytes} of {total} bytes ({percent:.0}%) in {seconds} seconds");
            self.shared.host().log(&words);
            self.shared.host().still_at(&words);
        }
        !self.shared.host().is_ending()
    }
}

impl<E> Filling<'_, E> {
    /// Puts keys into their slots, whose headers and buckets are asked for all at once.
    fn insert(&self, pass: &Pass<'_>, keys: &mut Vec<Key<'_>>) -> Result<(), Error> {
        let hashes: Vec<u64> = keys.iter().map(|key| self.shared.keyspace.hash(&key.name)).collect();
        hashes.iter().for_each(|hash| pass.prefetch(slot_of(*hash, pass.count())));
        for (key, hash) in keys.iter().zip(&hashes) {
            if let Some(slot) = pass.try_lock(slot_of(*hash, pass.count()))
                && let Some(table) = slot.table(key.database as usize)
            {
                table.prefetch_bucket(*hash);
            }
        }
        for (key, hash) in keys.drain(..).zip(hashes) {
            let Key { database, name, value, parts_ms, expire_ms, idle_seconds, frequency, offset, .. } = key;
            let mut entry = Entry::new(&name, value, expire_ms);
            entry.set_parts_expire_ms(parts_ms);
            entry.set_clock(self.clock.restored(self.now_ms, idle_seconds, frequency));
            entry.set_mark(self.shared.keyspace.snapshots.epoch());
            let mut slot = pass.lock(slot_of(hash, pass.count()));
            let table = slot.table_mut(database as usize);
            if self.how.merge {
                drop(table.upsert(hash, entry));
            } else if table.get(hash, &name).is_some() {
                let key = Some((database, name.into_owned()));
                return Err(Error { problem: Problem::Duplicate, offset, key });
            } else {
                table.insert(hash, entry);
            }
        }
        Ok(())
    }
}
