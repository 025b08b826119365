//! The data as a file: a new one beside the old one takes its name once it is on the disk, so that a crash leaves the one
//! or the other.

use crate::dump;
use crate::version::REDIS_VERSION;
use redstart_command::saving::Saving;
use redstart_command::{Entry, Shared};
use redstart_config::choices::MaxmemoryPolicy;
use redstart_config::{Config, ids, os_error_text};
use redstart_encoding::Table;
use redstart_keyspace::Pass;
use redstart_keyspace::clock::{Policy, idle_seconds};
use redstart_persistence::rdb::PLAIN;
use redstart_persistence::rdb::file::{Preamble, Usage, Writer};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Where the file is (`dir`, `dbfilename`).
#[must_use]
pub fn path(config: &Config) -> PathBuf {
    config.path(ids::DIR).unwrap_or_default().join(config.path(ids::DBFILENAME).unwrap_or_default())
}

/// What a file that is written now says of itself.
fn preamble(now_ms: i64, aof_base: bool) -> Preamble<'static> {
    Preamble {
        version: PLAIN,
        server_version: REDIS_VERSION,
        created_s: u64::try_from(now_ms / 1000).unwrap_or(0),
        used_memory: redstart_sys::alloc::used() as u64,
        aof_base,
    }
}

/// Saves all data while nobody else is in the keyspace. What went wrong is in the log.
///
/// # Errors
/// The file cannot be written; the one that was there stays.
pub fn save_exclusively(shared: &Shared, pass: &Pass<'_>, now_ms: i64) -> io::Result<()> {
    debug_assert!(pass.alone(), "others could change what is saved");
    let path = path(&shared.config);
    let temporary = path.with_file_name(format!("temp-{}.rdb", std::process::id()));
    let counted = Saving::counted(&shared.stats);
    let written = write(shared, pass, &temporary, (now_ms, false)).inspect_err(|error| {
        shared.host().warn(&format!("Write error while saving DB to the disk: {}", os_error_text(error)));
    });
    let placed = written.and_then(|()| {
        put_in_place(&temporary, &path).inspect_err(|error| {
            let (from, to, why) = (temporary.display(), path.display(), os_error_text(error));
            shared.host().warn(&format!("Error moving temp DB file {from} on the final destination {to}: {why}"));
        })
    });
    if let Err(error) = placed {
        // The error is what matters; a left-over file is only untidy.
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    shared.host().log("DB saved on disk");
    shared.saving.finished(counted, now_ms);
    Ok(())
}

/// Writes all data as the base of an append-only file, while nobody else is in the keyspace.
///
/// # Errors
/// The file cannot be written.
pub fn write_base(shared: &Shared, pass: &Pass<'_>, to: &Path, now_ms: i64) -> io::Result<()> {
    write(shared, pass, to, (now_ms, true))
}

fn write(shared: &Shared, pass: &Pass<'_>, to: &Path, (now_ms, aof_base): (i64, bool)) -> io::Result<()> {
    let config = &shared.config;
    let options = dump::options(&shared.config);
    let mut file = Writer::new(File::create(to)?, &preamble(now_ms, aof_base), options, config.get(ids::RDBCHECKSUM));
    for library in shared.scripts.libraries().iter() {
        file.library(&library.code)?;
    }
    let recorded = recorded(shared);
    for (database, (keys, volatile)) in shared.keyspace.count(pass).into_iter().enumerate() {
        if keys == 0 {
            continue;
        }
        file.database(database as u64, keys as u64, volatile as u64)?;
        for slot in 0..pass.count() {
            let slot = pass.lock(slot);
            for entry in slot.table(database).into_iter().flat_map(Table::iter) {
                let usage = recorded.map(|policy| usage(policy, &entry, now_ms));
                file.key(database as u64, entry.key(), &entry.value(), entry.expire_ms(), usage)?;
            }
        }
    }
    file.finish_file()?.to.sync_all()
}

/// What is recorded of the use of keys, where keys are removed by it.
fn recorded(shared: &Shared) -> Option<Policy> {
    use MaxmemoryPolicy::{AllKeysLfu, AllKeysLru, VolatileLfu, VolatileLru};
    let policy = shared.config.get(ids::MAXMEMORY_POLICY);
    matches!(policy, AllKeysLru | VolatileLru | AllKeysLfu | VolatileLfu).then(|| shared.clock())
}

/// How an entry was used, as a file says it.
fn usage(policy: Policy, entry: &Entry, now_ms: i64) -> Usage {
    match policy {
        Policy::Lru => Usage::IdleSeconds(idle_seconds(entry.clock(), now_ms).into()),
        Policy::Lfu { .. } => Usage::Frequency(policy.frequency(entry.clock(), now_ms)),
    }
}

/// A file takes the name of another, for good.
fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}
