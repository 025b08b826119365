//! The data as a file: a new one beside the old one takes its name once it is on the disk, so that a crash leaves the one
//! or the other.

use crate::dump;
use crate::version::REDIS_VERSION;
use parking_lot::Mutex;
use redstart_command::saving::Saving;
use redstart_command::scripts::Libraries;
use redstart_command::{Entry, Shared, ValueRef};
use redstart_config::choices::MaxmemoryPolicy;
use redstart_config::{Config, ids, os_error_text};
use redstart_encoding::Table;
use redstart_encoding::table::Ref;
use redstart_keyspace::Pass;
use redstart_keyspace::clock::{Policy, idle_seconds};
use redstart_persistence::rdb::PLAIN;
use redstart_persistence::rdb::file::{
    Preamble, Usage, Writer, append_collection, append_key, append_key_loosely, append_long,
};
use redstart_persistence::rdb::{MembersForm, Pieces, WriteOptions};
use redstart_sys::file::Paced;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a thread that writes beside others gives to the file at once.
pub const CHUNK_BYTES: usize = 128 * 1024;

/// Strings of more bytes than this are compressed when nobody waits.
const LONG: usize = 16 * 1024;

/// Where the file is (`dir`, `dbfilename`).
#[must_use]
pub fn path(config: &Config) -> PathBuf {
    config.path(ids::DIR).unwrap_or_default().join(config.path(ids::DBFILENAME).unwrap_or_default())
}

/// Where the file is while it is written.
#[must_use]
pub fn temporary(config: &Config) -> PathBuf {
    path(config).with_file_name(format!("temp-{}.rdb", std::process::id()))
}

/// Begins a file, as configured: what it says of itself, and the libraries of functions.
///
/// # Errors
/// It cannot be written.
pub fn begin(
    shared: &Shared,
    to: &Path,
    libraries: &Libraries,
    (now_ms, aof_base): (i64, bool),
) -> io::Result<Writer<Paced>> {
    let preamble = Preamble {
        version: PLAIN,
        server_version: REDIS_VERSION,
        created_s: u64::try_from(now_ms / 1000).unwrap_or(0),
        used_memory: redstart_sys::alloc::used() as u64,
        aof_base,
    };
    let paced = if aof_base { ids::AOF_REWRITE_INCREMENTAL_FSYNC } else { ids::RDB_SAVE_INCREMENTAL_FSYNC };
    let to = Paced::new(File::create(to)?, shared.config.get(paced));
    let (options, checksum) = (dump::options(&shared.config), shared.config.get(ids::RDBCHECKSUM));
    let mut file = Writer::new(to, &preamble, options, checksum);
    libraries.iter().try_for_each(|library| file.library(&library.code))?;
    Ok(file)
}

/// Saves all data while nobody else is in the keyspace. What went wrong is in the log. `uncounted` changes of the running command
/// are in the data, and not yet among those that were counted. Who has a save that runs beside it called off first, has the
/// last word.
///
/// # Errors
/// The file cannot be written; the one that was there stays.
pub fn save_exclusively(shared: &Shared, pass: &Pass<'_>, (now_ms, uncounted): (i64, u64)) -> io::Result<()> {
    debug_assert!(pass.alone(), "others could change what is saved");
    let path = path(&shared.config);
    let temporary = temporary(&shared.config);
    let counted = Saving::counted(&shared.stats) + uncounted;
    let written = write(shared, pass, &temporary, now_ms);
    let _one_by_one = shared.saving.placing.lock();
    place(shared, written, &temporary, &path)?;
    shared.saving.end_alone();
    shared.saving.finished(counted, now_ms);
    Ok(())
}

/// Gives a file that was written its name, or removes it where that went wrong; the log says so.
///
/// # Errors
/// It could not be written, or not be renamed.
pub fn place(shared: &Shared, written: io::Result<()>, temporary: &Path, path: &Path) -> io::Result<()> {
    let written = written.inspect_err(|error| {
        shared.host().warn(&format!("Write error while saving DB to the disk: {}", os_error_text(error)));
    });
    let placed = written.and_then(|()| {
        put_in_place(temporary, path).inspect_err(|error| {
            let (from, to, why) = (temporary.display(), path.display(), os_error_text(error));
            shared.host().warn(&format!("Error moving temp DB file {from} on the final destination {to}: {why}"));
        })
    });
    match &placed {
        Ok(()) => shared.host().log("DB saved on disk"),
        // The error is what matters; a left-over file is only untidy.
        Err(_) => _ = std::fs::remove_file(temporary),
    }
    placed
}

/// How entries are written, as configured.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// How values are.
    options: WriteOptions,
    /// What is recorded of the use of keys, where keys are removed by it.
    recorded: Option<Policy>,
    now_ms: i64,
}

impl Form {
    /// As configured.
    #[must_use]
    pub fn new(shared: &Shared, now_ms: i64) -> Self {
        use MaxmemoryPolicy as P;
        let policy = shared.config.get(ids::MAXMEMORY_POLICY);
        let by_use = matches!(
            policy,
            P::AllKeysLru | P::VolatileLru | P::AllKeysLfu | P::VolatileLfu | P::AllKeysLrm | P::VolatileLrm
        );
        Self { options: dump::options(&shared.config), recorded: by_use.then(|| shared.clock()), now_ms }
    }

    /// Appends an entry; returns the oldest version of the format that can carry it.
    pub fn append(&self, out: &mut Vec<u8>, entry: &Entry) -> u16 {
        append_key(out, entry.key(), &entry.value(), entry.expire_ms(), self.usage(entry), self.options)
    }

    /// As [`Form::append`], while others wait: notes what of a long value is to be compressed later
    /// ([`redstart_persistence::rdb::file::compress`]).
    pub fn append_soon(&self, out: &mut Vec<u8>, entry: &Entry, later: &mut Vec<Range<usize>>) -> u16 {
        let (value, times) = (entry.value(), (entry.expire_ms(), self.usage(entry)));
        let long = match value {
            ValueRef::Bytes { bytes, .. } if bytes.len() > LONG => bytes.len(),
            ValueRef::QuickList(list) => list.nodes().map(|node| node.byte_len()).sum(),
            ValueRef::Stream(stream) => stream.log.blocks().map(|(_, block)| block.len() + 32).sum(),
            ValueRef::Array(_) => 1,
            _ => 0,
        };
        if long > 0 {
            out.reserve(long);
            append_key_loosely(out, entry.key(), &value, times, self.options, later)
        } else {
            append_key(out, entry.key(), &value, times.0, times.1, self.options)
        }
    }

    /// Appends the beginning of a long value, if it is one that can be written in pieces; returns what appends those, and
    /// the version that they need.
    pub fn begin_long(&self, out: &mut Vec<u8>, entry: &Entry) -> Option<(Pieces, u16)> {
        append_long(out, entry.key(), &entry.value(), (entry.expire_ms(), self.usage(entry)), self.options)
    }

    /// Appends the beginning of a collection of `count` members; returns how they are written, and the version that they
    /// need.
    pub fn begin(&self, out: &mut Vec<u8>, entry: &Entry, count: usize) -> (MembersForm, u16) {
        // To look for the earliest time would take long. Parts before this moment are past their time as well at it.
        let (form, needs) = MembersForm::of(&entry.value(), self.now_ms, self.options);
        append_collection(out, (entry.key(), &form), count, entry.expire_ms(), self.usage(entry));
        (form, needs)
    }

    /// How an entry was used, as a file says it.
    fn usage(&self, entry: &Entry) -> Option<Usage> {
        self.recorded.map(|policy| match policy {
            Policy::Lru | Policy::Lrm => Usage::IdleSeconds(idle_seconds(entry.clock(), self.now_ms).into()),
            Policy::Lfu { .. } => Usage::Frequency(policy.frequency(entry.clock(), self.now_ms)),
        })
    }
}

fn write(shared: &Shared, pass: &Pass<'_>, to: &Path, now_ms: i64) -> io::Result<()> {
    let form = Form::new(shared, now_ms);
    // For tests of what happens meanwhile.
    let delay_us = u64::try_from(shared.config.get(ids::RDB_KEY_SAVE_DELAY)).unwrap_or(0);
    let threads = if delay_us > 0 { 1 } else { shared.config.get(ids::THREADS).max(1) as usize };
    let file = Mutex::new(begin(shared, to, &shared.scripts.libraries(), (now_ms, false))?);
    for (database, (keys, volatile)) in shared.keyspace.count(pass).into_iter().enumerate() {
        if keys == 0 {
            continue;
        }
        file.lock().database(database as u64, keys as u64, volatile as u64)?;
        let failure = Mutex::new(None);
        pass.in_parts(threads, |mut part| {
            let entries = part.iter_mut().flat_map(|slot| slot.table(database).into_iter().flat_map(Table::iter));
            if let Err(error) = write_entries(&file, (&form, database), entries, Duration::from_micros(delay_us)) {
                *failure.lock() = Some(error);
            }
        });
        if let Some(error) = failure.into_inner() {
            return Err(error);
        }
    }
    file.into_inner().finish_file()?.to.get().sync_all()
}

/// Encodes entries, and gives them to the file some at a time.
fn write_entries<'t>(
    file: &Mutex<Writer<Paced>>,
    (form, database): (&Form, usize),
    entries: impl Iterator<Item = Ref<'t, Entry>>,
    delay: Duration,
) -> io::Result<()> {
    let (mut bytes, mut needs) = (Vec::with_capacity(2 * CHUNK_BYTES), 0);
    for entry in entries {
        needs = form.append(&mut bytes, &entry).max(needs);
        if bytes.len() >= CHUNK_BYTES {
            file.lock().chunk(database as u64, &bytes, needs)?;
            bytes.clear();
            bytes.shrink_to(2 * CHUNK_BYTES);
        }
        if !delay.is_zero() {
            std::thread::sleep(delay);
        }
    }
    file.lock().chunk(database as u64, &bytes, needs)
}

/// A file takes the name of another, for good.
fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}
