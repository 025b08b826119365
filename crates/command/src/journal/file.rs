//! The file's writer, which is the log's first reader: writing, syncing, and changing to another file.

use super::{Journal, Storage, Sync, Trouble, fatal, is_always, words};
use crate::log::{Audience, Batch, Reader};
use redstart_config::choices::AppendFsync;
use redstart_config::{Config, ids};
use redstart_sys::clock::unix_ms;
use smallvec::SmallVec;
use std::io::{self, IoSlice};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A write that takes longer was held up by the disk.
const DELAYED: Duration = Duration::from_secs(2);
/// Milliseconds between two lines in the log about writes that fail.
const COMPLAIN_EVERY_MS: i64 = 30_000;
/// So long a dying process waits for a lock that the thread that broke may hold.
const RESCUE: Duration = Duration::from_millis(200);

/// What failed: bits of `Journal::failed`.
const WRITE: u8 = 1;
const SYNC: u8 = 2;

/// The file, behind the lock of the thread that writes.
#[derive(Default)]
pub(super) struct File {
    target: Option<Target>,
    /// What brings earlier files to the disk.
    earlier: Vec<Sync>,
    complained_ms: i64,
}

/// Where bytes go, and how far in the log they come from.
struct Target {
    storage: Box<dyn Storage>,
    reader: Reader,
}

impl Journal {
    /// Makes what was appended until now as safe as it must be before replies leave.
    pub fn settle(&self, config: &Config) -> Option<Trouble> {
        if self.is_settled(config) {
            return None;
        }
        let wanted = self.appended();
        let trouble = self.write();
        if is_always(config) && !matches!(trouble, Some(Trouble::Retried(_))) {
            return self.sync_to(wanted).map(|error| fatal(&error)).or(trouble);
        }
        match trouble {
            Some(Trouble::Retried(line)) if is_always(config) => Some(Trouble::Fatal(line.unwrap_or_default())),
            trouble => trouble,
        }
    }

    /// Writes what was appended and is not written.
    pub fn write(&self) -> Option<Trouble> {
        let mut file = self.file.lock();
        let batch = file.target.as_mut()?.reader.read(u64::MAX);
        self.write_batch(&mut file, batch, Reader::advance)
    }

    /// Writes a batch, and has the reader advance past it.
    fn write_batch(&self, file: &mut File, batch: Batch, advance: impl Fn(&mut Reader, u64)) -> Option<Trouble> {
        let File { target, complained_ms, .. } = file;
        let Target { storage, reader } = target.as_mut()?;
        if batch.is_empty() {
            self.pass_over(reader, batch.upto, advance);
            return None;
        }
        if let delay_us @ 1.. = self.flush_sleep_us.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_micros(delay_us));
        }
        let (began, syncs) = (Instant::now(), self.sync_pending.load(Ordering::Relaxed));
        let outcome = if let [part] = &*batch.parts {
            storage.write(&mut [IoSlice::new(&part.bytes)])
        } else {
            let parts = batch.parts.iter().map(|part| IoSlice::new(&part.bytes));
            storage.write(&mut parts.collect::<SmallVec<[IoSlice<'_>; 4]>>())
        };
        if syncs && began.elapsed() > DELAYED {
            self.progress.delayed.fetch_add(1, Ordering::Relaxed);
        }
        let upto = match &outcome {
            Ok(()) => batch.upto,
            Err((_, written)) => batch.position_after(*written),
        };
        // Its memory serves again once the reader has advanced.
        drop(batch);
        advance(reader, upto);
        match outcome {
            Ok(()) => {
                self.progress.written.store(upto, Ordering::Release);
                self.mend(WRITE)
            }
            Err((error, _)) => {
                self.failed.fetch_or(WRITE, Ordering::AcqRel);
                let now_ms = unix_ms();
                let tell = now_ms - *complained_ms > COMPLAIN_EVERY_MS;
                if tell {
                    *complained_ms = now_ms;
                }
                let line = tell.then(|| format!("Error writing to the AOF file: {}", words(&error)));
                *self.failure.lock() = Some(error);
                Some(Trouble::Retried(line))
            }
        }
    }

    /// What comes up to this position is for other readers: there is nothing to write, and nothing to sync.
    fn pass_over(&self, reader: &mut Reader, upto: u64, advance: impl Fn(&mut Reader, u64)) {
        let before = reader.position();
        if before < upto {
            advance(reader, upto);
            self.progress.written.store(upto, Ordering::Release);
            if self.durable() >= before {
                self.progress.durable.fetch_max(upto, Ordering::AcqRel);
            }
        }
    }

    /// The process is about to die. Writes all whole units, and syncs them where `appendfsync` asks for it, without
    /// waiting for locks that may never be released. A unit that a thread has not finished is left out; no reply showed
    /// it. False where that could not be done.
    pub fn rescue(&self, config: &Config) -> bool {
        if !self.keeps_file() {
            return true;
        }
        let Some(mut file) = self.file.try_lock_for(RESCUE) else { return false };
        let Some(target) = &mut file.target else { return true };
        let Some(batch) = target.reader.read_within(RESCUE, u64::MAX) else { return false };
        // Others may still be at work, and write on from here.
        let advance = |reader: &mut Reader, upto| reader.advance_within(RESCUE, upto);
        let written = !matches!(self.write_batch(&mut file, batch, advance), Some(Trouble::Retried(_)));
        let Some(Target { storage, .. }) = &mut file.target else { return true };
        let synced = config.get(ids::APPENDFSYNC) == AppendFsync::No || storage.sync().and_then(|sync| sync()).is_ok();
        written && synced
    }

    /// Brings the history to the disk up to this position, if it is not there.
    fn sync_to(&self, wanted: u64) -> Option<io::Error> {
        let _first = self.syncing.lock();
        if self.durable() >= wanted {
            return None;
        }
        let (mut earlier, sync, upto) = {
            let mut file = self.file.lock();
            let sync = file.target.as_mut()?.storage.sync();
            (std::mem::take(&mut file.earlier), sync, self.progress.written.load(Ordering::Acquire))
        };
        self.sync_pending.store(true, Ordering::Relaxed);
        let began = Instant::now();
        let synced = earlier.iter().try_for_each(|sync| sync());
        if synced.is_err() {
            // An earlier file has to be on the disk before anything behind it counts.
            let mut file = self.file.lock();
            earlier.append(&mut file.earlier);
            file.earlier = earlier;
        }
        let outcome = synced.and_then(|()| sync.and_then(|sync| sync()));
        self.sync_pending.store(false, Ordering::Relaxed);
        let (before_us, took_us) = (self.sync_us(), began.elapsed().as_micros() as u64);
        self.progress.sync_us.store(before_us - before_us / 8 + took_us / 8, Ordering::Relaxed);
        match outcome {
            Ok(()) => {
                self.progress.durable.fetch_max(upto, Ordering::AcqRel);
                self.answer_waiting();
                None
            }
            Err(error) => Some(error),
        }
    }

    /// Brings what was written to the disk, as every second. A failure shows in [`Journal::failure`] until a sync
    /// succeeds.
    pub fn sync(&self) -> Option<Trouble> {
        let written = self.progress.written.load(Ordering::Acquire);
        if self.durable() >= written {
            return None;
        }
        match self.sync_to(written) {
            None => self.mend(SYNC),
            Some(error) => {
                let line = format!("Fail to fsync the AOF file: {}", words(&error));
                *self.failure.lock() = Some(error);
                let before = self.failed.fetch_or(SYNC, Ordering::AcqRel);
                Some(Trouble::Retried((before & SYNC == 0).then_some(line)))
            }
        }
    }

    /// Something succeeded; says so where it had failed, and nothing else has.
    fn mend(&self, what: u8) -> Option<Trouble> {
        if self.is_well() {
            return None;
        }
        (self.failed.fetch_and(!what, Ordering::AcqRel) == what).then_some(Trouble::Over)
    }

    /// Writes to another file from here on, and keeps changes. The caller has the keyspace for itself, so that no unit
    /// is under way. What was appended before is written to the old file.
    ///
    /// # Errors
    /// What was appended before could not be written; all is as it was.
    pub fn begin(&self, storage: Box<dyn Storage>) -> io::Result<Option<Box<dyn Storage>>> {
        let _ = self.write();
        let mut file = self.file.lock();
        let old = if let Some(target) = &mut file.target {
            if target.reader.behind() > 0 {
                return Err(io::Error::other("what was appended before cannot be written"));
            }
            let mut old = std::mem::replace(&mut target.storage, storage);
            file.earlier.push(old.sync()?);
            Some(old)
        } else {
            // What happened while changes were not kept is in the base that the file follows on.
            self.set_settled(self.appended());
            file.target = Some(Target { storage, reader: self.log.register(Audience::FILE) });
            None
        };
        self.log.restart(Audience::FILE);
        self.keep_file(true);
        Ok(old)
    }

    /// Keeps no changes from here on. All that was appended is brought to the disk before, as far as that is possible.
    /// Clients that wait for it get an error.
    pub fn end(&self, config: &Config) -> Option<Trouble> {
        // Before anything is left out of the history, nothing is acknowledged any more.
        self.lack_base();
        self.keep_file(false);
        let trouble = if is_always(config) { self.settle(config) } else { self.write().or(self.sync()) };
        {
            let mut file = self.file.lock();
            file.target = None;
            file.earlier.clear();
            self.failed.store(0, Ordering::Release);
        }
        self.answer_in_vain();
        trouble
    }
}
