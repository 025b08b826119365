//! Writing a snapshot while everybody goes on: a thread walks the slots, and a file takes what it finds, along with what
//! writers hand over before they change it (`redstart_keyspace::snapshot`).
//!
//! ```text
//!   begin (alone):  the epoch turns, the keys are counted       microseconds
//!   write:          walkers, each over its slots: enter, lock, encode some entries, leave, write    in small steps
//!                   the inbox: entries that writers encoded, tables that were emptied
//! ```
//! A step holds one slot for some tens of microseconds, so no request waits longer for it than for another request. A large
//! value takes many steps (`large.rs`). In flight are the pieces of the walkers and of the inbox, not the data.

mod large;

pub(crate) use large::EncodeMembers;

use large::{Large, Lost, Name};
use parking_lot::Mutex;
use redstart_command::scripts::Libraries;
use redstart_command::{Entry, Shared};
use redstart_commands::persistence::{self, CHUNK_BYTES, Form};
use redstart_config::ids;
use redstart_encoding::Table;
use redstart_encoding::entry::members::Member;
use redstart_keyspace::snapshot::{Keep, Walk, lacks};
use redstart_keyspace::{Pass, slot_of};
use redstart_persistence::rdb::file::{Writer, compress};
use redstart_persistence::rdb::{MembersForm, Pieces};
use redstart_sys::clock::{Ticks, ticks_per_us};
use redstart_sys::file::Paced;
use std::cell::RefCell;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// A step of a walk ends after so many bytes ...
const STEP_BYTES: usize = 16 * 1024;
/// ... or so many microseconds.
const STEP_US: f64 = 50.0;
/// A walker that ran so many microseconds lets others have its core, if they want it. It holds no slot then: the system
/// would take the core away in the midst of a step, and who needs that slot would wait for the walker's next turn. A lower
/// priority makes that worse.
const TURN_US: f64 = 300.0;
/// After a step of a large collection whose slot others want: they need that long to come, and the next step wants it too.
const REST: Duration = Duration::from_micros(30);
/// While keys are written slowly on purpose (`rdb-key-save-delay`), whether to go on is asked after so long a time.
const NAP: Duration = Duration::from_millis(10);

/// How entries are written.
pub(crate) trait Encode: Send + Sync + fmt::Debug {
    /// Appends an entry; returns the version of the format that it needs, if that has any. Says which strings are to be
    /// compressed when there is time ([`compress`]).
    fn append(&self, out: &mut Vec<u8>, entry: &Entry, later: &mut Vec<Range<usize>>) -> u16;

    /// Appends the beginning of a collection of `count` members; returns what appends those, and the version.
    fn begin(&self, out: &mut Vec<u8>, entry: &Entry, count: usize) -> (Box<dyn EncodeMembers>, u16);

    /// Appends the beginning of another long value, likewise; `None` where that is to be encoded at once.
    fn begin_long(&self, _out: &mut Vec<u8>, _entry: &Entry) -> Option<(Pieces, u16)> {
        None
    }
}

impl Encode for Form {
    fn append(&self, out: &mut Vec<u8>, entry: &Entry, later: &mut Vec<Range<usize>>) -> u16 {
        self.append_soon(out, entry, later)
    }

    fn begin(&self, out: &mut Vec<u8>, entry: &Entry, count: usize) -> (Box<dyn EncodeMembers>, u16) {
        let (form, needs) = self.begin(out, entry, count);
        (Box::new(form), needs)
    }

    fn begin_long(&self, out: &mut Vec<u8>, entry: &Entry) -> Option<(Pieces, u16)> {
        self.begin_long(out, entry)
    }
}

impl EncodeMembers for MembersForm {
    fn append(&mut self, out: &mut Vec<u8>, member: &Member<'_>) {
        (*self).append(out, member);
    }
}

/// Where they are written to.
pub(crate) trait Target: Send {
    /// Takes encoded entries of one database.
    fn chunk(&mut self, chunk: &Chunk) -> io::Result<()>;

    /// Ends it, and brings it to the disk; says how many bytes it has.
    fn finish(self: Box<Self>) -> io::Result<u64>;
}

/// A file that is written, or why it cannot be.
pub(crate) type Opened = io::Result<Box<dyn Target>>;

/// An RDB file.
struct RdbFile(Writer<Paced>);

impl Target for RdbFile {
    fn chunk(&mut self, chunk: &Chunk) -> io::Result<()> {
        self.0.chunk(chunk.database as u64, &chunk.bytes, chunk.needs)
    }

    fn finish(self: Box<Self>) -> io::Result<u64> {
        let finished = self.0.finish_file()?;
        finished.to.get().sync_all()?;
        Ok(finished.bytes)
    }
}

/// Encoded keys of one database.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(crate) database: usize,
    pub(crate) bytes: Vec<u8>,
    /// Strings among them that are still to be compressed.
    later: Vec<Range<usize>>,
    /// The version of the format that they need.
    needs: u16,
    keys: u64,
}

/// Chunks, of which the last grows as long as the database is the same and it is not long.
#[derive(Debug, Default)]
struct Chunks(Vec<Chunk>);

impl Chunks {
    fn of(&mut self, database: usize) -> &mut Chunk {
        if self.0.last().is_none_or(|last| last.database != database || last.bytes.len() >= CHUNK_BYTES) {
            self.0.push(Chunk { database, ..Chunk::default() });
        }
        self.0.last_mut().expect("there is one: it was just seen to")
    }

    fn add(&mut self, form: &dyn Encode, database: usize, entry: &Entry) {
        let chunk = self.of(database);
        let needs = form.append(&mut chunk.bytes, entry, &mut chunk.later);
        chunk.needs = chunk.needs.max(needs);
        chunk.keys += 1;
    }

    fn append(&mut self, other: &mut Chunk) {
        if other.bytes.len() >= CHUNK_BYTES {
            // Too much to be copied.
            return self.0.push(std::mem::take(other));
        }
        let chunk = self.of(other.database);
        let before = chunk.bytes.len();
        chunk.later.extend(other.later.iter().map(|place| place.start + before..place.end + before));
        chunk.bytes.extend_from_slice(&other.bytes);
        chunk.needs = chunk.needs.max(other.needs);
        chunk.keys += other.keys;
    }

    /// Compresses what is still to be compressed.
    fn compress(&mut self) {
        for chunk in self.0.iter_mut().filter(|chunk| !chunk.later.is_empty()) {
            chunk.bytes = compress(&chunk.bytes, &std::mem::take(&mut chunk.later));
        }
    }

    fn bytes(&self) -> usize {
        self.0.iter().map(|chunk| chunk.bytes.len()).sum()
    }

    fn keys(&self) -> u64 {
        self.0.iter().map(|chunk| chunk.keys).sum()
    }
}

/// What writers hand over.
#[derive(Debug, Default)]
struct Inbox {
    chunks: Chunks,
    /// Tables with the databases they were in, and the epoch that tells which entries are still lacked.
    tables: Vec<(usize, Table<Entry>, bool)>,
}

/// The keeper of a snapshot that runs.
#[derive(Debug)]
struct Keeper {
    form: Arc<dyn Encode>,
    inbox: Mutex<Inbox>,
    large: Large,
    /// Bytes or tables lie in the inbox.
    filled: AtomicBool,
}

thread_local! {
    /// Where a writer encodes an entry before it takes the inbox's lock.
    static IMAGE: RefCell<Chunk> = RefCell::default();
}

impl Keep for Keeper {
    fn keep(&self, database: usize, entry: &Entry) {
        if self.large.keep_rest(database, entry) {
            return;
        }
        IMAGE.with_borrow_mut(|image| {
            (image.database, image.keys) = (database, 1);
            image.needs = self.form.append(&mut image.bytes, entry, &mut image.later);
            self.inbox.lock().chunks.append(image);
            image.later.clear();
            image.bytes.clear();
            image.bytes.shrink_to(CHUNK_BYTES);
        });
        self.filled.store(true, Ordering::Relaxed);
    }

    fn keep_members(&self, database: usize, entry: &Entry, names: &mut dyn Iterator<Item = &[u8]>) -> bool {
        self.large.keep(&*self.form, database, entry, names)
    }

    fn keep_removed(&self, database: usize, entry: Entry) {
        if let Some(entry) = self.large.keep_removed(&*self.form, database, entry) {
            self.keep(database, &entry);
        }
    }

    fn keep_table(&self, database: usize, mut table: Table<Entry>, epoch: bool) {
        self.large.keep_table(database, &mut table, epoch);
        self.inbox.lock().tables.push((database, table, epoch));
        self.filled.store(true, Ordering::Relaxed);
    }
}

/// A snapshot that has begun, and is to be written.
#[derive(Debug)]
pub(crate) struct Snapshot {
    keeper: Arc<Keeper>,
    /// The libraries of functions, as they were.
    libraries: Arc<Libraries>,
    /// Keys and volatile keys of each database.
    counts: Vec<(usize, usize)>,
    now_ms: i64,
}

/// A snapshot being written.
struct Writing<'s> {
    shared: &'s Shared,
    keeper: &'s Keeper,
    target: Mutex<Box<dyn Target>>,
    /// Nothing more is written: it failed, or is not wanted any more.
    stopped: AtomicBool,
    error: Mutex<Option<io::Error>>,
    cancelled: &'s AtomicBool,
    keys: &'s AtomicU64,
}

impl Snapshot {
    /// Begins one: what is written is the data as it is now. The pass is alone, and no other snapshot runs.
    pub(crate) fn begin(shared: &Shared, pass: &Pass<'_>, now_ms: i64, form: Arc<dyn Encode>) -> Self {
        let keeper =
            Arc::new(Keeper { form, inbox: Mutex::default(), large: Large::default(), filled: AtomicBool::new(false) });
        let libraries = shared.scripts.libraries();
        let counts = shared.keyspace.count(pass);
        shared.keyspace.snapshots.begin(pass, shared.keyspace.databases(), Arc::clone(&keeper) as _);
        Self { keeper, libraries, counts, now_ms }
    }

    /// How many keys it has.
    pub(crate) fn keys(&self) -> u64 {
        self.counts.iter().map(|(keys, _)| *keys as u64).sum()
    }

    /// The libraries of functions, as they were when it began.
    pub(crate) fn libraries(&self) -> &Libraries {
        &self.libraries
    }

    /// Begins an RDB file for it.
    pub(crate) fn rdb_file(&self, shared: &Shared, path: &Path, aof_base: bool) -> Opened {
        let mut writer = persistence::begin(shared, path, &self.libraries, (self.now_ms, aof_base))?;
        for (database, (keys, volatile)) in self.counts.iter().enumerate().filter(|(_, (keys, _))| *keys > 0) {
            writer.database(database as u64, *keys as u64, *volatile as u64)?;
        }
        Ok(Box::new(RdbFile(writer)))
    }

    /// Writes it on `threads` threads, this one included, and brings it to the disk. It has to be called, since only its end
    /// lets another snapshot begin.
    ///
    /// # Errors
    /// The file cannot be written; or `cancelled` was set, which is an error of the kind `Interrupted`.
    pub(crate) fn write(self, shared: &Shared, to: Opened, threads: usize, cancelled: &AtomicBool) -> io::Result<u64> {
        let snapshots = &shared.keyspace.snapshots;
        let target = match to {
            Ok(target) => target,
            Err(error) => {
                snapshots.give_up();
                walk_only(shared);
                snapshots.end();
                return Err(error);
            }
        };
        let writing = Writing {
            shared,
            keeper: &self.keeper,
            target: Mutex::new(target),
            stopped: AtomicBool::new(false),
            error: Mutex::new(None),
            cancelled,
            keys: &shared.saving.keys,
        };
        let (slots, threads) = (shared.keyspace.slot_count(), threads.max(1));
        let range = |index: usize| slots * index / threads..slots * (index + 1) / threads;
        std::thread::scope(|scope| {
            let writing = &writing;
            for index in 1..threads {
                let walk = move || writing.walk(range(index), false);
                let started = std::thread::Builder::new().name("snapshot".to_owned()).spawn_scoped(scope, walk);
                if started.is_err() {
                    // No thread to be had: this one does its part too.
                    writing.walk(range(index), true);
                }
            }
            writing.walk(range(0), true);
        });
        // What writers changed first of, after the walkers had been there.
        writing.put_large();
        snapshots.end();
        writing.drain();
        writing.finish()
    }
}

/// How long a thread has worked without letting others have its core.
struct Turn {
    began: Ticks,
    most: u64,
}

fn ticks(us: f64) -> u64 {
    (us * ticks_per_us()) as u64
}

impl Turn {
    fn begin() -> Self {
        Self { began: Ticks::now(), most: ticks(TURN_US) }
    }

    /// Lets others have the core, if it was long. The caller holds no slot.
    fn end_if_long(&mut self) {
        if Ticks::now().since(self.began) >= self.most {
            std::thread::yield_now();
            self.began = Ticks::now();
        }
    }
}

/// Goes through all slots for the marks alone.
fn walk_only(shared: &Shared) {
    let (mut walk, share) = (Walk::over(0..shared.keyspace.slot_count()), shared.keyspace.share());
    while walk.step(&shared.keyspace, &shared.keyspace.enter(share), |_, _| true, || false) {}
}

impl Writing<'_> {
    /// Walks over some slots. Goes to their end in any case: the marks have to be equal before another snapshot begins.
    fn walk(&self, slots: Range<usize>, drains: bool) {
        let keyspace = &self.shared.keyspace;
        let (mut walk, share, mut chunks) = (Walk::over(slots), keyspace.share(), Chunks::default());
        let step_ticks = ticks(STEP_US);
        let (mut more, mut turn) = (true, Turn::begin());
        while more {
            let stopped = self.is_stopped();
            // One cell for both closures: what is shown, and how much it is.
            let found = RefCell::new(&mut chunks);
            let pass = keyspace.enter(share);
            let (began, before) = (Ticks::now(), found.borrow().bytes());
            let show = |database, entry: &Entry| {
                if !stopped && entry.is_large() && self.keeper.large.begin(&*self.keeper.form, database, entry) {
                    return false;
                }
                if !stopped && !self.keeper.large.keep_rest(database, entry) {
                    found.borrow_mut().add(&*self.keeper.form, database, entry);
                }
                true
            };
            let enough = || found.borrow().bytes() - before >= STEP_BYTES || Ticks::now().since(began) >= step_ticks;
            more = walk.step(keyspace, &pass, show, enough);
            pass.leave_fairly();
            turn.end_if_long();
            if self.is_slow() || chunks.bytes() >= CHUNK_BYTES || !more {
                self.put(std::mem::take(&mut chunks));
            }
            if self.keeper.large.any() {
                self.put_large();
            }
            if drains && self.keeper.filled.load(Ordering::Relaxed) {
                self.drain();
            }
        }
    }

    /// Writes the large values that nobody else writes.
    fn put_large(&self) {
        while let Some(name) = self.keeper.large.take() {
            let lost = self.put_collection(&name);
            self.keeper.large.forget(&name);
            if lost.is_err() {
                let key = String::from_utf8_lossy(&name.1).into_owned();
                self.stop(io::Error::other(format!("the key {key:?} changed while it was written")));
            }
            self.count(1);
        }
    }

    /// Writes a large value in steps. The target is this one's meanwhile: its pieces stand together.
    fn put_collection(&self, name: &Name) -> Result<(), Lost> {
        let (keyspace, snapshots) = (&self.shared.keyspace, &self.shared.keyspace.snapshots);
        let (share, key, step_ticks) = (keyspace.share(), keyspace.key(&name.1), ticks(STEP_US));
        let (mut target, mut turn) = (self.target.lock(), Turn::begin());
        loop {
            let stopped = self.is_stopped();
            let pass = keyspace.enter(share);
            let mut slot = pass.lock(slot_of(key.hash(), pass.count()));
            let began = Ticks::now();
            let database = snapshots.database_now(name.0);
            let found = slot.table_mut(database).get_mut(key.hash(), key.bytes());
            let mut found = found.filter(|entry| snapshots.lacks(entry));
            if stopped {
                if let Some(entry) = &mut found {
                    snapshots.keep(database, entry);
                }
                return Ok(());
            }
            let enough = |bytes| bytes >= STEP_BYTES || Ticks::now().since(began) >= step_ticks;
            let made = self.keeper.large.step(name, found.as_deref(), enough);
            // Also where it is lost: an entry without its mark would be missing in the next snapshot.
            let ends = made.as_ref().map_or(true, |made| made.done);
            if let Some(entry) = found.as_mut().filter(|_| ends) {
                entry.set_mark(snapshots.epoch());
            }
            drop(found);
            let wanted = slot.is_wanted();
            drop(slot);
            pass.leave_fairly();
            let made = made?;
            drop(made.gone);
            let chunk = Chunk { database: name.0, bytes: made.bytes, later: made.later, needs: made.needs, keys: 0 };
            let mut chunks = Chunks(vec![chunk]);
            chunks.compress();
            if let Err(error) = chunks.0.iter().try_for_each(|chunk| target.chunk(chunk)) {
                self.stop(error);
            }
            if made.done {
                return Ok(());
            }
            self.linger();
            if wanted {
                std::thread::sleep(REST);
            }
            turn.end_if_long();
        }
    }

    /// Whether keys are to be written slowly, for tests of what happens meanwhile.
    fn is_slow(&self) -> bool {
        self.delay_us() != 0
    }

    fn delay_us(&self) -> i64 {
        self.shared.config.get(ids::RDB_KEY_SAVE_DELAY)
    }

    fn is_stopped(&self) -> bool {
        if self.cancelled.load(Ordering::Relaxed) {
            self.stop(io::ErrorKind::Interrupted.into());
        }
        self.stopped.load(Ordering::Relaxed)
    }

    fn stop(&self, error: io::Error) {
        self.error.lock().get_or_insert(error);
        self.stopped.store(true, Ordering::Relaxed);
        self.shared.keyspace.snapshots.give_up();
    }

    /// Writes chunks.
    fn put(&self, mut chunks: Chunks) {
        if self.is_stopped() {
            return;
        }
        chunks.compress();
        self.count(chunks.keys());
        let mut target = self.target.lock();
        let written = chunks.0.iter().try_for_each(|chunk| target.chunk(chunk));
        drop(target);
        if let Err(error) = written {
            self.stop(error);
        }
    }

    /// Counts keys, and takes as long over each as is asked for.
    fn count(&self, keys: u64) {
        if !self.is_slow() {
            self.keys.fetch_add(keys, Ordering::Relaxed);
            return;
        }
        for _ in 0..keys {
            self.linger();
            self.keys.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes as long as is asked for over a key, or over a step of a large one.
    fn linger(&self) {
        let mut left = Duration::from_micros(u64::try_from(self.delay_us()).unwrap_or(0));
        while !left.is_zero() && !self.is_stopped() && self.is_slow() {
            let nap = left.min(NAP);
            std::thread::sleep(nap);
            left -= nap;
        }
    }

    /// Writes what writers handed over.
    fn drain(&self) {
        self.keeper.filled.store(false, Ordering::Relaxed);
        let inbox = std::mem::take(&mut *self.keeper.inbox.lock());
        self.put(inbox.chunks);
        for (database, table, epoch) in inbox.tables {
            let mut chunks = Chunks::default();
            for entry in table.iter().filter(|entry| lacks(entry, epoch)) {
                chunks.add(&*self.keeper.form, database, &entry);
                if self.is_slow() || chunks.bytes() >= CHUNK_BYTES {
                    self.put(std::mem::take(&mut chunks));
                }
            }
            self.put(chunks);
        }
    }

    fn finish(self) -> io::Result<u64> {
        match self.error.into_inner() {
            Some(error) => Err(error),
            None => self.target.into_inner().finish(),
        }
    }
}
