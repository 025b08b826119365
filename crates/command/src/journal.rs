//! The journal: what was changed, in the order in which it was changed, on its way to the disk.
//!
//! ```text
//!   worker: command ─ effects ─ append ──> queue ── commit ──> storage: write ── sync
//!                     (slots are held)     (a short lock)      (whoever comes first, for all)
//! ```
//! A worker appends while it holds the slots that it changed, so the queue has the order of execution. Before it sends
//! the answers of a turn it *settles* what was appended until then, by itself or others: written to the file, and with
//! `appendfsync always` on the disk. So no answer shows what a crash could undo (of the process; with `always` of the
//! machine). Who finds somebody at it waits, and most often finds it done: one write and one sync serve all workers.
//!
//! Positions are bytes since the beginning of the history, and only grow: `settled <= appended`.
//!
//! What is on the disk can be loaded only where the file follows on a base: while the first base is written, the history
//! is not *complete*. WAITAOF acknowledges nothing then ([`Journal::is_on_disk`]), and nothing while changes are not kept.

use crate::effects::{Effects, encode};
use parking_lot::{Mutex, MutexGuard};
use redstart_config::choices::AppendFsync;
use redstart_config::{Config, ids};
use redstart_keyspace::Pass;
use redstart_services::blocked::Blocked;
use redstart_sys::clock::unix_ms;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A queue that grew beyond this is given back once it is written.
const KEEP_QUEUE: usize = 256 * 1024;
/// A write that takes longer was held up by the disk.
const DELAYED: Duration = Duration::from_secs(2);
/// Milliseconds between two lines in the log about writes that fail.
const COMPLAIN_EVERY_MS: i64 = 30_000;

/// So long a dying process waits for a lock whose holder may be the thread that broke.
const RESCUE: Duration = Duration::from_millis(200);

/// What failed.
const WRITE: u8 = 1;
const SYNC: u8 = 2;

/// Where the journal is written to.
pub trait Storage: Send {
    /// Appends bytes.
    ///
    /// # Errors
    /// They could not be written, but for as many as it tells.
    fn write(&mut self, bytes: &[u8]) -> Result<(), (io::Error, usize)>;

    /// What has to be called, on any thread, for all that was written so far to be on the disk.
    ///
    /// # Errors
    /// The system has no room for it.
    fn sync(&mut self) -> io::Result<Sync>;
}

/// Brings to the disk what was written until it was made. It is called again where it failed.
pub type Sync = Box<dyn Fn() -> io::Result<()> + Send>;

/// What WAITAOF answers a client that waits for this server's disk, where changes are not kept.
pub const NOT_KEPT: &str = "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";

/// The append-only file, as commands see it.
pub trait AppendOnly: Send + std::marker::Sync {
    /// Begins a rewrite (BGREWRITEAOF), or has it begin `later`: what it answers, or the refusal.
    ///
    /// # Errors
    /// One is under way, or none can begin.
    fn rewrite(self: Arc<Self>, later: bool) -> Result<&'static str, &'static str>;

    /// Takes all data from the files again (DEBUG LOADAOF). The caller has the keyspace for itself.
    ///
    /// # Errors
    /// It was told in the log.
    #[allow(clippy::result_unit_err, reason = "the log has the words")]
    fn reload(&self, pass: &Pass<'_>) -> Result<(), ()>;

    /// Keeps changes from here on, or no more (`appendonly` was set). The caller may be in the keyspace.
    ///
    /// # Errors
    /// The folder cannot be written to; why is in the log.
    #[allow(clippy::result_unit_err, reason = "the log has the words")]
    fn switch(self: Arc<Self>, on: bool) -> Result<(), ()>;

    /// Removes files that are no more needed, where `aof-disable-auto-gc` kept them so far.
    fn collect(&self);

    /// What INFO tells.
    fn figures(&self) -> Figures;

    /// The first base is being written, so that what is kept is of no use without it.
    fn is_beginning(&self) -> bool;
}

/// What INFO tells of the append-only file.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Changes are kept.
    pub enabled: bool,
    /// A rewrite is under way.
    pub rewriting: bool,
    /// One is to begin.
    pub scheduled: bool,
    /// Seconds that the last one took, -1 before it.
    pub last_rewrite_s: i64,
    /// Seconds since the one began that is under way, -1 without one.
    pub rewrite_s: i64,
    /// The last one went well.
    pub last_well: bool,
    /// How many began.
    pub rewrites: u64,
    /// How many failed, one after the other.
    pub failures: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes of all files when the last rewrite ended.
    pub base_bytes: u64,
}

/// What waits to be written.
#[derive(Debug, Default)]
struct Queue {
    bytes: Vec<u8>,
    /// The database that the last command in the file is for; `None` where the next one has to say.
    selected: Option<usize>,
    /// The second that the last annotation tells.
    annotated: i64,
}

/// The file, behind the lock of whoever writes.
#[derive(Default)]
struct File {
    storage: Option<Box<dyn Storage>>,
    /// What brings earlier files to the disk.
    earlier: Vec<Sync>,
    /// What was taken from the queue and is not written.
    unwritten: Vec<u8>,
    complained_ms: i64,
}

/// The history of changes on its way to the disk.
#[derive(Default)]
pub struct Journal {
    on: AtomicBool,
    queue: Mutex<Queue>,
    file: Mutex<File>,
    /// Only one at a time brings bytes to the disk.
    syncing: Mutex<()>,
    appended: AtomicU64,
    /// Where the history is as replicas and the manifest count it: one for each command, while there are no replicas.
    counted: AtomicU64,
    written: AtomicU64,
    durable: AtomicU64,
    /// The last write failed, or the last sync (bits [`WRITE`], [`SYNC`]): no more is taken from clients until it succeeds.
    failed: AtomicU8,
    failure: Mutex<Option<io::Error>>,
    /// Somebody brings bytes to the disk.
    pub sync_pending: AtomicBool,
    /// Microseconds that a sync takes, the last ones more than those before.
    sync_us: AtomicU64,
    /// Microseconds that a write waits (DEBUG AOF-FLUSH-SLEEP).
    pub flush_sleep_us: AtomicU64,
    /// Writes that took long because somebody was bringing bytes to the disk.
    delayed: AtomicU64,
    /// Something else writes to the disk at length, during which `no-appendfsync-on-rewrite` leaves syncing out.
    pub disk_busy: AtomicBool,
    /// Bytes of memory of what was taken from the queue.
    unwritten_room: AtomicU64,
    acknowledged: Mutex<Acknowledged>,
}

/// What WAITAOF goes by. A lock, because `durable` is set to what was appended when changes begin to be kept: to be seen
/// only together with the fact that the base is missing then.
#[derive(Default)]
struct Acknowledged {
    /// What is on the disk follows on a base that is there too.
    complete: bool,
    waiting: Vec<Waiter>,
}

/// A client that waits until what it wrote is on the disk.
struct Waiter {
    position: u64,
    wait: Wait,
    blocked: Arc<Blocked>,
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// This server's disk, so that it cannot wait where changes are not kept.
    pub local: bool,
    /// Replicas, of which there are none: it waits until its time is up.
    pub replicas: bool,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("on", &self.on).field("appended", &self.appended).finish_non_exhaustive()
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
    /// Whether changes are to be kept.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Where the history is: how many bytes were appended.
    #[must_use]
    pub fn appended(&self) -> u64 {
        self.appended.load(Ordering::Acquire)
    }

    /// How much of it is on the disk.
    #[must_use]
    pub fn durable(&self) -> u64 {
        self.durable.load(Ordering::Acquire)
    }

    /// Microseconds that a sync takes, the last ones more than those before; 0 before the first.
    #[must_use]
    pub fn sync_us(&self) -> u64 {
        self.sync_us.load(Ordering::Relaxed)
    }

    /// Bytes that wait to be written.
    #[must_use]
    pub fn buffered(&self) -> u64 {
        self.appended().saturating_sub(self.written.load(Ordering::Acquire))
    }

    /// Bytes of memory that hold what waits to be written, room included.
    #[must_use]
    pub fn buffer_room(&self) -> usize {
        self.queue.lock().bytes.capacity() + self.unwritten_room.load(Ordering::Relaxed) as usize
    }

    /// Writes that took longer than [`DELAYED`] while bytes were brought to the disk.
    #[must_use]
    pub fn delayed(&self) -> u64 {
        self.delayed.load(Ordering::Relaxed)
    }

    /// Appends a unit. The caller holds the slots that it changed. Returns where the history is then.
    pub fn append(&self, config: &Config, effects: &Effects) -> u64 {
        let mut queue = self.queue.lock();
        if !self.is_on() {
            // It ended while the unit was under way.
            return self.appended();
        }
        let before = queue.bytes.len();
        if config.get(ids::AOF_TIMESTAMP_ENABLED) {
            queue.annotate(unix_ms() / 1000);
        }
        queue.take(effects);
        let appended = self.appended.load(Ordering::Relaxed) + (queue.bytes.len() - before) as u64;
        self.appended.store(appended, Ordering::Release);
        self.counted.fetch_add(effects.count() as u64, Ordering::Relaxed);
        appended
    }

    /// Where the history is as replicas and the manifest count it: one for each command, while there are no replicas.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.counted.load(Ordering::Relaxed)
    }

    /// Whether all that was appended is as safe as it is to be before answers go out.
    #[inline]
    #[must_use]
    pub fn is_settled(&self, config: &Config) -> bool {
        let appended = self.appended.load(Ordering::Acquire);
        self.written.load(Ordering::Acquire) >= appended
            && (!is_always(config) || self.durable.load(Ordering::Acquire) >= appended)
    }

    /// Makes what was appended until now as safe as it is to be before answers go out.
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
            Some(Trouble::Retried(Some(line))) if is_always(config) => Some(Trouble::Fatal(line)),
            Some(Trouble::Retried(None)) if is_always(config) => Some(Trouble::Fatal(String::new())),
            trouble => trouble,
        }
    }

    /// Writes what waits to be written.
    pub fn write(&self) -> Option<Trouble> {
        let mut file = self.file.lock();
        self.write_queue(&mut file, self.queue.lock())
    }

    /// Writes the queue, which is let go before anything is written.
    fn write_queue(&self, file: &mut File, mut queue: MutexGuard<'_, Queue>) -> Option<Trouble> {
        let File { storage, unwritten, complained_ms, .. } = file;
        let storage = storage.as_mut()?;
        if unwritten.is_empty() {
            std::mem::swap(unwritten, &mut queue.bytes);
        } else {
            unwritten.append(&mut queue.bytes);
        }
        let upto = self.appended();
        self.unwritten_room.store(unwritten.capacity() as u64, Ordering::Relaxed);
        drop(queue);
        if unwritten.is_empty() {
            return None;
        }
        if let delay_us @ 1.. = self.flush_sleep_us.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_micros(delay_us));
        }
        let (began, syncs) = (Instant::now(), self.sync_pending.load(Ordering::Relaxed));
        let outcome = storage.write(unwritten);
        if syncs && began.elapsed() > DELAYED {
            self.delayed.fetch_add(1, Ordering::Relaxed);
        }
        match outcome {
            Ok(()) => {
                unwritten.clear();
                unwritten.shrink_to(KEEP_QUEUE);
                self.unwritten_room.store(unwritten.capacity() as u64, Ordering::Relaxed);
                self.written.store(upto, Ordering::Release);
                self.mend(WRITE)
            }
            Err((error, part)) => {
                unwritten.drain(..part);
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

    /// The process is about to die: writes whole what was appended, as far as that can be done without waiting for who may
    /// never let go, and brings it to the disk where that is promised. What a thread was in the midst of appending is not
    /// there, and was not answered. False where it could not be done.
    pub fn rescue(&self, config: &Config) -> bool {
        if !self.is_on() {
            return true;
        }
        let (Some(mut file), Some(queue)) = (self.file.try_lock_for(RESCUE), self.queue.try_lock_for(RESCUE)) else {
            return false;
        };
        // Others may still be at work, and write on from here.
        let written = !matches!(self.write_queue(&mut file, queue), Some(Trouble::Retried(_)));
        let Some(storage) = &mut file.storage else { return true };
        let synced = config.get(ids::APPENDFSYNC) == AppendFsync::No || storage.sync().and_then(|sync| sync()).is_ok();
        written && synced
    }

    /// Brings the history to the disk as far as this position, if it is not there.
    fn sync_to(&self, wanted: u64) -> Option<io::Error> {
        let _first = self.syncing.lock();
        if self.durable() >= wanted {
            return None;
        }
        let (mut earlier, sync, upto) = {
            let mut file = self.file.lock();
            let storage = file.storage.as_mut()?;
            let sync = storage.sync();
            (std::mem::take(&mut file.earlier), sync, self.written.load(Ordering::Acquire))
        };
        self.sync_pending.store(true, Ordering::Relaxed);
        let began = Instant::now();
        let synced = earlier.iter().try_for_each(|sync| sync());
        if synced.is_err() {
            // What stands there has to be on the disk before anything behind it counts.
            let mut file = self.file.lock();
            earlier.append(&mut file.earlier);
            file.earlier = earlier;
        }
        let outcome = synced.and_then(|()| sync.and_then(|sync| sync()));
        self.sync_pending.store(false, Ordering::Relaxed);
        let (before_us, took_us) = (self.sync_us(), began.elapsed().as_micros() as u64);
        self.sync_us.store(before_us - before_us / 8 + took_us / 8, Ordering::Relaxed);
        match outcome {
            Ok(()) => {
                self.durable.fetch_max(upto, Ordering::AcqRel);
                self.tell_waiting();
                None
            }
            Err(error) => Some(error),
        }
    }

    /// Brings what was written to the disk, as every second. A failure shows in [`Journal::failure`] until it is over.
    pub fn sync(&self) -> Option<Trouble> {
        let written = self.written.load(Ordering::Acquire);
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

    /// Why nothing can be written, if so.
    #[inline]
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        if self.is_well() {
            return None;
        }
        self.failure.lock().as_ref().map(words)
    }

    /// Whether the last write and the last sync went well.
    #[inline]
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.failed.load(Ordering::Relaxed) == 0
    }

    /// Something succeeded; says so where it had failed, and nothing else has.
    fn mend(&self, what: u8) -> Option<Trouble> {
        (self.failed.fetch_and(!what, Ordering::AcqRel) == what).then_some(Trouble::Over)
    }

    /// Writes to another place from here on, and keeps what changes. The caller has the keyspace for itself, so that no
    /// unit is under way. What was appended before is written to the old place.
    ///
    /// # Errors
    /// What stood in the queue could not be written; all is as it was.
    pub fn begin(&self, storage: Box<dyn Storage>) -> io::Result<Option<Box<dyn Storage>>> {
        let _ = self.write();
        let mut file = self.file.lock();
        if file.storage.is_some() && !file.unwritten.is_empty() {
            return Err(io::Error::other("what was appended before cannot be written"));
        }
        let mut old = file.storage.replace(storage);
        if let Some(old) = &mut old {
            file.earlier.push(old.sync()?);
        } else {
            // What happened while nobody kept it is in what the file follows on.
            self.durable.store(self.appended(), Ordering::Release);
            self.written.store(self.appended(), Ordering::Release);
            file.unwritten.clear();
        }
        let mut queue = self.queue.lock();
        debug_assert!(queue.bytes.is_empty(), "nothing is appended meanwhile");
        (queue.selected, queue.annotated) = (None, 0);
        self.on.store(true, Ordering::Release);
        Ok(old)
    }

    /// What is on the disk can be loaded from here on: it follows on a base that is there too.
    pub fn complete(&self) {
        self.acknowledged.lock().complete = true;
        self.tell_waiting();
    }

    /// What is on the disk is of no use before there is another base: until [`Journal::complete`] nothing counts.
    pub fn lack_base(&self) {
        self.acknowledged.lock().complete = false;
    }

    /// Keeps nothing any more, after all that was appended is on the disk, as far as that can be. Clients that wait for
    /// it are told that they wait in vain.
    pub fn end(&self, config: &Config) -> Option<Trouble> {
        // Before anything is left out of the history, nothing is acknowledged any more.
        self.lack_base();
        self.on.store(false, Ordering::Release);
        let trouble = if is_always(config) { self.settle(config) } else { self.write().or(self.sync()) };
        let mut file = self.file.lock();
        (file.storage, file.unwritten) = (None, Vec::new());
        file.earlier.clear();
        self.unwritten_room.store(0, Ordering::Relaxed);
        self.queue.lock().bytes = Vec::new();
        self.failed.store(0, Ordering::Release);
        drop(file);
        let appended = self.appended();
        let in_vain: Vec<Waiter> = {
            let mut acknowledged = self.acknowledged.lock();
            self.written.store(appended, Ordering::Release);
            self.durable.store(appended, Ordering::Release);
            for waiter in &acknowledged.waiting {
                waiter.blocked.set_on_disk(false);
            }
            acknowledged.waiting.extract_if(.., |waiter| waiter.wait.local).collect()
        };
        for waiter in in_vain {
            waiter.blocked.unblock(Some(NOT_KEPT.as_bytes()));
        }
        trouble
    }

    /// Holds changes back from the file, or lets them go on: while data is loaded from it.
    pub fn suspend(&self, suspended: bool) {
        self.on.store(!suspended, Ordering::Release);
    }

    /// The history goes on at this position, as the manifest counts: what comes before stands in files that were loaded.
    pub fn resume_at(&self, counted: u64) {
        self.counted.store(counted, Ordering::Relaxed);
    }

    /// Whether the history is on the disk up to this position, and can be loaded from there.
    #[must_use]
    pub fn is_on_disk(&self, position: u64) -> bool {
        self.acknowledged.lock().complete && self.durable() >= position
    }

    /// Answers a client when the history is on the disk up to this position, and can be loaded from there.
    pub fn when_on_disk(&self, position: u64, wait: Wait, blocked: Arc<Blocked>) {
        self.acknowledged.lock().waiting.push(Waiter { position, wait, blocked });
        self.tell_waiting();
    }

    /// Answers clients that waited for what is on the disk now.
    fn tell_waiting(&self) {
        let mut done = Vec::new();
        {
            let Acknowledged { complete, waiting } = &mut *self.acknowledged.lock();
            let durable = self.durable();
            waiting.retain(|waiter| {
                let there = *complete && waiter.position <= durable;
                if there {
                    waiter.blocked.set_on_disk(true);
                }
                let is_done = there && !waiter.wait.replicas;
                if is_done {
                    done.push(Arc::clone(&waiter.blocked));
                }
                !is_done && waiter.blocked.is_waiting()
            });
        }
        for blocked in done {
            blocked.unblock(None);
        }
    }
}

impl Queue {
    /// Begins each second's first unit with a line that tells the time.
    fn annotate(&mut self, second: i64) {
        if self.annotated < second {
            self.annotated = second;
            self.bytes.extend_from_slice(format!("#TS:{second}\r\n").as_bytes());
        }
    }

    fn take(&mut self, effects: &Effects) {
        let transaction = effects.is_transaction();
        if transaction {
            encode(&mut self.bytes, std::iter::once(b"MULTI".as_slice()));
        }
        for (database, command) in effects.commands() {
            if self.selected != Some(database) {
                self.selected = Some(database);
                let number = database.to_string();
                encode(&mut self.bytes, [b"SELECT".as_slice(), number.as_bytes()].into_iter());
            }
            self.bytes.extend_from_slice(command);
        }
        if transaction {
            encode(&mut self.bytes, std::iter::once(b"EXEC".as_slice()));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use redstart_config::{Host, SetContext};

    /// A disk that takes so many bytes, and what it holds.
    #[derive(Debug, Default)]
    struct Disk {
        room: usize,
        bytes: Vec<u8>,
        synced: usize,
        sync_fails: bool,
    }

    #[derive(Debug, Clone, Default)]
    struct Shared(Arc<Mutex<Disk>>);

    impl Storage for Shared {
        fn write(&mut self, bytes: &[u8]) -> Result<(), (io::Error, usize)> {
            let mut disk = self.0.lock();
            if disk.room < bytes.len() {
                return Err((io::ErrorKind::StorageFull.into(), 0));
            }
            disk.room -= bytes.len();
            disk.bytes.extend_from_slice(bytes);
            Ok(())
        }

        fn sync(&mut self) -> io::Result<Sync> {
            let disk = Arc::clone(&self.0);
            Ok(Box::new(move || {
                let mut disk = disk.lock();
                if disk.sync_fails {
                    return Err(io::Error::other("no"));
                }
                disk.synced = disk.bytes.len();
                Ok(())
            }))
        }
    }

    fn config(fsync: AppendFsync) -> Config {
        let config = Config::new(&Host { cores: 1, directory: "/".into() });
        let word: &[u8] = if fsync == AppendFsync::Always { b"always" } else { b"everysec" };
        assert!(config.set(&[(b"appendfsync", word)], SetContext::default(), |_, _| Ok(())).is_ok());
        config
    }

    fn del(journal: &Journal, config: &Config, key: &str) {
        let mut effects = Effects::begin();
        effects.push(0, [b"DEL".as_slice(), key.as_bytes()].into_iter());
        journal.append(config, &effects);
        effects.end();
    }

    const DEL: &str = "*2\r\n$3\r\nDEL\r\n$1\r\n";

    #[test]
    fn what_is_settled_is_written_and_with_always_on_the_disk() {
        for (fsync, on_disk) in [(AppendFsync::EverySecond, false), (AppendFsync::Always, true)] {
            let (journal, config, disk) = (Journal::default(), config(fsync), Shared::default());
            disk.0.lock().room = 1000;
            assert!(journal.begin(Box::new(disk.clone())).is_ok_and(|old| old.is_none()));
            del(&journal, &config, "a");
            assert!(!journal.is_settled(&config));
            assert!(journal.settle(&config).is_none() && journal.is_settled(&config));
            let disk = disk.0.lock();
            let expected = format!("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n{DEL}a\r\n");
            assert_eq!(String::from_utf8_lossy(&disk.bytes), expected);
            assert_eq!(disk.synced == disk.bytes.len(), on_disk);
        }
    }

    #[test]
    fn what_was_rescued_is_there_once() {
        let (journal, config, disk) = (Journal::default(), config(AppendFsync::EverySecond), Shared::default());
        disk.0.lock().room = 1000;
        assert!(journal.begin(Box::new(disk.clone())).is_ok());
        del(&journal, &config, "a");
        assert!(journal.rescue(&config));
        let synced = |disk: &Disk| disk.synced == disk.bytes.len();
        assert!(synced(&disk.0.lock()));
        // Another thread goes on while the report is written.
        del(&journal, &config, "b");
        assert!(journal.settle(&config).is_none());
        let bytes = String::from_utf8_lossy(&disk.0.lock().bytes).into_owned();
        assert!(bytes.ends_with(&format!("{DEL}a\r\n{DEL}b\r\n")) && bytes.matches("DEL").count() == 2, "{bytes}");
    }

    #[test]
    fn a_full_disk_stops_writes_until_there_is_room() {
        let (journal, config, disk) = (Journal::default(), config(AppendFsync::EverySecond), Shared::default());
        assert!(journal.begin(Box::new(disk.clone())).is_ok());
        del(&journal, &config, "a");
        assert!(matches!(journal.settle(&config), Some(Trouble::Retried(Some(_)))));
        assert!(matches!(journal.settle(&config), Some(Trouble::Retried(None))), "the log is told now and then");
        assert!(!journal.is_well() && journal.failure().is_some());
        del(&journal, &config, "b");
        disk.0.lock().room = 1000;
        assert!(matches!(journal.settle(&config), Some(Trouble::Over)));
        assert!(journal.is_well() && journal.failure().is_none());
        let bytes = String::from_utf8_lossy(&disk.0.lock().bytes).into_owned();
        assert!(bytes.ends_with(&format!("{DEL}a\r\n{DEL}b\r\n")), "nothing is lost or twice: {bytes}");
    }

    #[test]
    fn with_always_nothing_is_promised_that_cannot_be_kept() {
        let (journal, config, disk) = (Journal::default(), config(AppendFsync::Always), Shared::default());
        assert!(journal.begin(Box::new(disk.clone())).is_ok());
        del(&journal, &config, "a");
        assert!(matches!(journal.settle(&config), Some(Trouble::Fatal(_))), "it cannot be written");
        (disk.0.lock().room, disk.0.lock().sync_fails) = (1000, true);
        assert!(matches!(journal.settle(&config), Some(Trouble::Fatal(_))), "it cannot be synced");
        assert!(!journal.is_settled(&config));
    }

    #[test]
    fn another_file_begins_with_its_database_and_the_old_one_is_synced_first() {
        let (journal, config) = (Journal::default(), config(AppendFsync::EverySecond));
        let [first, second] = [Shared::default(), Shared::default()];
        for disk in [&first, &second] {
            disk.0.lock().room = 1000;
        }
        assert!(journal.begin(Box::new(first.clone())).is_ok());
        del(&journal, &config, "a");
        assert!(journal.begin(Box::new(second.clone())).is_ok_and(|old| old.is_some()));
        del(&journal, &config, "b");
        assert!(journal.settle(&config).is_none() && journal.sync().is_none());
        let (first, second) = (first.0.lock(), second.0.lock());
        assert!(first.synced == first.bytes.len() && String::from_utf8_lossy(&first.bytes).ends_with("a\r\n"));
        assert!(String::from_utf8_lossy(&second.bytes).starts_with("*2\r\n$6\r\nSELECT"));
        assert_eq!(journal.durable(), journal.appended());
    }
}
