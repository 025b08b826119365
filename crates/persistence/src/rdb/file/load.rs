//! Files, loaded: the calling thread cuts what comes into pieces of whole keys, passing values by; others read the keys
//! of a piece and hand them to a [`Sink`], in no order.
//!
//! What is held of a file at one time is a few pieces, or the longest key with its value where that is more. Memory is
//! taken for what was read, never for what a length claims: a buffer grows by as much again as it holds.

use super::super::read::{Reader, read_value};
use super::super::{Error as ValueError, Limits, Repair, kind};
use super::error::{Error, Problem};
use super::item::{self, Attributes, Item, Version};
use super::queue::Queue;
use super::{HEADER, skip};
use crate::checksum::Checksum;
use parking_lot::Mutex;
use redstart_encoding::Value;
use std::borrow::Cow;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a file is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// When collections are small.
    pub limits: Limits,
    /// Keys whose time was up before this, in unix milliseconds, are counted and left out.
    pub expired_before_ms: Option<i64>,
    /// The checksum is looked at (`rdbchecksum`).
    pub verify: bool,
    /// How many databases there are.
    pub databases: u64,
    /// Versions that came after the known ones are read as well, as far as nothing unknown stands in the file
    /// (`rdb-version-check relaxed`).
    pub newer: bool,
}

impl Options {
    /// For who only looks a file over: all of it is read, and how many databases there are is the server's business.
    #[must_use]
    pub fn to_check() -> Self {
        Self { limits: Limits::default(), expired_before_ms: None, verify: true, databases: u64::MAX, newer: true }
    }
}

/// A key as it was read.
#[derive(Debug)]
pub struct Key<'a> {
    /// Its database.
    pub database: u64,
    /// Its name.
    pub name: Cow<'a, [u8]>,
    /// Its value.
    pub value: Value<'a>,
    /// When the first of the value's parts expires, in unix milliseconds, if any does.
    pub parts_ms: Option<i64>,
    /// When it expires, in unix milliseconds.
    pub expire_ms: Option<i64>,
    /// It was not accessed for so many seconds when the file was made.
    pub idle_seconds: Option<u64>,
    /// How often it was accessed, as a logarithmic counter.
    pub frequency: Option<u8>,
    /// The type's byte in the file.
    pub kind: u8,
    /// Where it begins in the file.
    pub offset: u64,
    /// Bytes that it takes there.
    pub bytes: u64,
}

/// Takes what is in a file. With [`load_beside`] keys come from several threads, all else from the one that loads.
pub trait Sink {
    /// Takes keys, leaving the list empty; `worker` counts the threads that call, from 0.
    ///
    /// # Errors
    /// One cannot be taken.
    fn keys(&self, worker: usize, keys: &mut Vec<Key<'_>>) -> Result<(), Error>;

    /// A note about the file, which ends at this offset.
    fn aux(&self, _offset: u64, _name: &[u8], _value: &[u8]) {}

    /// The keys from this offset on are of that database.
    fn database(&self, _offset: u64, _number: u64) {}

    /// A library of functions.
    ///
    /// # Errors
    /// Why it does not load.
    fn library(&self, source: &[u8]) -> Result<(), String>;

    /// A database will have so many keys, of which so many expire. The file only says so.
    fn sizes(&self, _database: u64, _keys: u64, _volatile: u64) {}

    /// There is something of this module beside keys, which is passed by.
    fn module_aux(&self, _module: &str) {}

    /// A key was left out because there is nothing in it.
    fn empty(&self, _name: &[u8]) {}

    /// A key's value says something of itself that is not so; it is loaded as it is.
    fn repaired(&self, _name: &[u8], _repair: Repair) {}

    /// So many bytes are behind. False ends the loading.
    fn progress(&self, _bytes: u64) -> bool {
        true
    }
}

/// What became of a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is right.
    Right,
    /// There is none: it was not wanted when the file was written.
    None,
    /// Versions below 5 had none.
    Older,
    /// It was not to be looked at.
    Unwanted,
}

/// What was loaded.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The version of the file.
    pub version: u16,
    /// Keys that the sink took.
    pub keys: u64,
    /// Keys that were left out because their time was up.
    pub expired: u64,
    /// Keys that were left out because there was nothing in them.
    pub empty: u64,
    /// Where the file ends; something else may stand behind it.
    pub bytes: u64,
    /// What became of its checksum.
    pub checksum: Checked,
}

/// Bytes that are cut off at once, where keys are not longer.
const PIECE: usize = 256 * 1024;
/// Keys that a sink gets at once.
const BATCH: usize = 64;
/// The first version that ends with a checksum.
const WITH_CHECKSUM: u16 = 5;

/// Loads a file.
///
/// # Errors
/// The first thing that is wrong with it; what was before may be in the sink.
pub fn load(from: impl Read, options: &Options, sink: &impl Sink) -> Result<Summary, Error> {
    run(from, options, sink, inline)
}

/// As [`load`], with so many threads that read keys; the calling one cuts.
///
/// # Errors
/// As [`load`]; where several things are wrong, it may be any that comes early.
pub fn load_beside(
    from: impl Read,
    options: &Options,
    sink: &(impl Sink + Sync),
    threads: usize,
) -> Result<Summary, Error> {
    run(from, options, sink, |cutter, reading| beside(cutter, reading, threads.max(1)))
}

fn run<R: Read, S: Sink>(
    from: R,
    options: &Options,
    sink: &S,
    cut: impl FnOnce(&mut Cutter<'_, R, S>, &Reading<'_, S>) -> Result<Checked, Error>,
) -> Result<Summary, Error> {
    let mut cutter = Cutter::new(from, options, sink)?;
    let reading = Reading { options, sink, version: cutter.version, counts: Counts::default() };
    let checksum = cut(&mut cutter, &reading)?;
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let Counts { keys, expired, empty } = &reading.counts;
    Ok(Summary {
        version: cutter.version.number,
        keys: count(keys),
        expired: count(expired),
        empty: count(empty),
        bytes: cutter.offset,
        checksum,
    })
}

/// Cuts and reads in turn.
fn inline<R: Read, S: Sink>(cutter: &mut Cutter<'_, R, S>, reading: &Reading<'_, S>) -> Result<Checked, Error> {
    loop {
        match cutter.cut()? {
            Cut::Piece(piece) => cutter.spare = reading.piece(0, piece)?,
            Cut::End(piece, checked) => return reading.piece(0, piece).and(Ok(checked)),
        }
    }
}

/// Cuts, and has others read.
fn beside<R: Read, S: Sink + Sync>(
    cutter: &mut Cutter<'_, R, S>,
    reading: &Reading<'_, S>,
    threads: usize,
) -> Result<Checked, Error> {
    let queue = Queue::new(2 * threads);
    let (failed, spare) = (Mutex::new(None), Mutex::new(Vec::new()));
    let cut = std::thread::scope(|scope| {
        for worker in 0..threads {
            let (queue, failed, spare) = (&queue, &failed, &spare);
            let work = move || {
                while let Some(piece) = queue.pop() {
                    match reading.piece(worker, piece) {
                        Ok(buffer) => spare.lock().push(buffer),
                        Err(error) => {
                            keep_first(&mut failed.lock(), error);
                            queue.give_up();
                        }
                    }
                }
            };
            let thread = std::thread::Builder::new().name(format!("load-{worker}"));
            if let Err(error) = thread.spawn_scoped(scope, work) {
                queue.give_up();
                return Err(cutter.error(0, Problem::Io(error)));
            }
        }
        let checked = loop {
            cutter.spare = spare.lock().pop().unwrap_or_default();
            let (piece, end) = match cutter.cut() {
                Ok(Cut::Piece(piece)) => (piece, None),
                Ok(Cut::End(piece, checked)) => (piece, Some(checked)),
                Err(error) => break Err(error),
            };
            if !queue.push(piece) {
                // Somebody gave up, and says why.
                break Err(cutter.error(0, Problem::Stopped));
            }
            if let Some(checked) = end {
                break Ok(checked);
            }
        };
        queue.close();
        checked
    });
    match (failed.into_inner(), cut) {
        (Some(error), Err(Error { problem: Problem::Stopped, .. }) | Ok(_)) => Err(error),
        (None, cut) => cut,
        (Some(error), Err(other)) => Err(if other.offset < error.offset { other } else { error }),
    }
}

/// Of two errors, the one that stands first in the file.
fn keep_first(kept: &mut Option<Error>, error: Error) {
    if kept.as_ref().is_none_or(|kept| error.offset < kept.offset) {
        *kept = Some(error);
    }
}

/// A stretch of a file with whole keys in it.
struct Piece {
    bytes: Vec<u8>,
    /// Where it begins in the file.
    offset: u64,
    /// The database of its first keys.
    database: u64,
}

/// What was cut off.
enum Cut {
    Piece(Piece),
    End(Piece, Checked),
}

/// Cuts a file.
struct Cutter<'s, R, S> {
    from: R,
    ended: bool,
    sink: &'s S,
    version: Version,
    databases: u64,
    verify: bool,
    sum: Checksum,
    /// What was read and not cut off yet, and where it begins.
    buffer: Vec<u8>,
    offset: u64,
    database: u64,
    /// A buffer that can be used again.
    spare: Vec<u8>,
    /// What is wrong behind the last piece.
    failed: Option<Error>,
}

impl<'s, R: Read, S: Sink> Cutter<'s, R, S> {
    /// Reads the header.
    fn new(from: R, options: &Options, sink: &'s S) -> Result<Self, Error> {
        let version = Version { number: 1, of_valkey: false };
        let mut cutter = Self {
            from,
            ended: false,
            sink,
            version,
            databases: options.databases,
            verify: options.verify,
            sum: Checksum::default(),
            buffer: Vec::new(),
            offset: 0,
            database: 0,
            spare: Vec::new(),
            failed: None,
        };
        cutter.fill(PIECE)?;
        let header = cutter.buffer.first_chunk::<HEADER>().copied();
        let version = header.ok_or(Problem::Truncated).and_then(|header| item::version(header, options.newer));
        cutter.version = version.map_err(|problem| cutter.error(0, problem))?;
        let rest = cutter.buffer.split_off(HEADER);
        cutter.count(HEADER);
        cutter.buffer = rest;
        Ok(cutter)
    }

    fn error(&self, at: usize, problem: Problem) -> Error {
        Error { problem, offset: self.offset + at as u64, key: None }
    }

    /// Reads on until `target` bytes are there or no more come.
    fn fill(&mut self, target: usize) -> Result<(), Error> {
        let mut at = self.buffer.len();
        self.buffer.resize(target.max(at), 0);
        while at < self.buffer.len() {
            match self.from.read(&mut self.buffer[at..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => at += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error(at, Problem::Io(error))),
            }
        }
        self.buffer.truncate(at);
        Ok(())
    }

    /// Counts the first bytes of the buffer as done.
    fn count(&mut self, bytes: usize) {
        if self.verify {
            self.sum.update(&self.buffer[..bytes]);
        }
        self.offset += bytes as u64;
    }

    /// The next piece.
    fn cut(&mut self) -> Result<Cut, Error> {
        if !self.sink.progress(self.offset) {
            return Err(self.error(0, Problem::Stopped));
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let database = self.database;
        if self.buffer.len() < PIECE && !self.ended {
            self.fill(PIECE)?;
        }
        let walked = loop {
            let walked = self.walk()?;
            if walked.whole > 0 || walked.stored.is_some() {
                break walked;
            }
            // Not even one is whole.
            self.fill(self.buffer.len().saturating_mul(2).max(PIECE))?;
        };
        let mut rest = std::mem::take(&mut self.spare);
        rest.clear();
        rest.extend_from_slice(&self.buffer[walked.whole..]);
        let offset = self.offset;
        self.count(walked.whole);
        let mut bytes = std::mem::replace(&mut self.buffer, rest);
        bytes.truncate(walked.whole);
        let piece = Piece { bytes, offset, database };
        let Some(stored) = walked.stored else { return Ok(Cut::Piece(piece)) };
        let checked = match self.checked(stored) {
            Ok(checked) => checked,
            Err(error) => {
                self.failed = Some(error);
                return Ok(Cut::Piece(piece));
            }
        };
        self.offset += if checked == Checked::Older { 0 } else { size_of::<u64>() as u64 };
        self.sink.progress(self.offset);
        Ok(Cut::End(piece, checked))
    }

    fn checked(&self, stored: Option<u64>) -> Result<Checked, Error> {
        match (stored, self.sum.value()) {
            (None, _) => Ok(Checked::Older),
            (Some(_), _) if !self.verify => Ok(Checked::Unwanted),
            (Some(0), _) => Ok(Checked::None),
            (Some(stored), computed) if stored == computed => Ok(Checked::Right),
            (Some(stored), computed) => Err(self.error(0, Problem::Checksum { computed, stored })),
        }
    }

    /// Passes all by that is whole in the buffer, and tells the sink what is no key.
    fn walk(&mut self) -> Result<Walked, Error> {
        let (buffer, version) = (&self.buffer, self.version);
        let mut from = Reader::new(buffer, version.number);
        loop {
            let at = buffer.len() - from.remaining();
            let mut key = None;
            let told = Self::pass(&mut from, version, &mut key).and_then(|item| self.sink_item(item, &from));
            match told {
                Ok(Told::On(database)) => self.database = database.unwrap_or(self.database),
                Ok(Told::End(stored)) => {
                    return Ok(Walked { whole: buffer.len() - from.remaining(), stored: Some(stored) });
                }
                Err(Problem::Truncated) if !self.ended => return Ok(Walked { whole: at, stored: None }),
                Err(problem) => {
                    let name = key.and_then(|mut at: Reader<'_>| at.string().ok());
                    let key = name.map(|name| (self.database, name.into_owned()));
                    let error = Error { key, ..self.error(at, problem) };
                    if at == 0 {
                        return Err(error);
                    }
                    // What is before it comes first.
                    self.failed = Some(error);
                    return Ok(Walked { whole: at, stored: None });
                }
            }
        }
    }

    /// What comes next; a key is passed by with its value, and `key` is where its name begins.
    fn pass<'a>(from: &mut Reader<'a>, version: Version, key: &mut Option<Reader<'a>>) -> Result<Item<'a>, Problem> {
        let item = item::next(from, version)?;
        if let Item::Key(Attributes { kind, .. }) = item {
            *key = Some(from.clone());
            from.skip_string()?;
            if matches!(kind, kind::MODULE | kind::MODULE_EARLY) {
                return Err(Problem::Module(item::module_name(from.length()?)));
            }
            skip::value(kind, version.number, from)?;
        }
        Ok(item)
    }

    /// Tells the sink what is no key.
    fn sink_item(&self, item: Item<'_>, behind: &Reader<'_>) -> Result<Told, Problem> {
        let offset = self.offset + (self.buffer.len() - behind.remaining()) as u64;
        match item {
            Item::Key(_) | Item::Passed => {}
            Item::Aux(name, value) => self.sink.aux(offset, &name, &value),
            Item::Library(source) => self.sink.library(&source).map_err(Problem::Library)?,
            Item::Sizes { keys, volatile } => self.sink.sizes(self.database, keys, volatile),
            Item::ModuleAux(module) => self.sink.module_aux(&module),
            Item::Database(number) if number < self.databases => {
                self.sink.database(offset, number);
                return Ok(Told::On(Some(number)));
            }
            Item::Database(number) => return Err(Problem::Database(number)),
            Item::End if self.version.number < WITH_CHECKSUM => return Ok(Told::End(None)),
            Item::End => return Ok(Told::End(Some(u64::from_le_bytes(behind.clone().array()?)))),
        }
        Ok(Told::On(None))
    }
}

/// What an item meant for the cutter.
enum Told {
    /// It goes on, maybe with another database.
    On(Option<u64>),
    /// It was the end, maybe with a checksum behind it.
    End(Option<u64>),
}

/// How far a walk came.
struct Walked {
    /// Bytes of whole items.
    whole: usize,
    /// The end was reached, and this is the checksum there.
    stored: Option<Option<u64>>,
}

#[derive(Debug, Default)]
struct Counts {
    keys: AtomicU64,
    expired: AtomicU64,
    empty: AtomicU64,
}

/// What reads pieces.
struct Reading<'s, S> {
    options: &'s Options,
    sink: &'s S,
    version: Version,
    counts: Counts,
}

impl<S: Sink> Reading<'_, S> {
    /// Reads the keys of a piece, and gives its buffer back.
    fn piece(&self, worker: usize, piece: Piece) -> Result<Vec<u8>, Error> {
        let mut from = Reader::new(&piece.bytes, self.version.number);
        let (mut database, mut batch) = (piece.database, Vec::with_capacity(BATCH));
        while !from.is_empty() {
            let offset = piece.offset + (piece.bytes.len() - from.remaining()) as u64;
            let item = item::next(&mut from, self.version);
            match item.map_err(|problem| Error { problem, offset, key: None })? {
                Item::Database(number) => database = number,
                Item::Key(attributes) => match self.key(attributes, database, offset, &mut from) {
                    Ok(key) => batch.extend(key),
                    Err(error) => return self.hand_over(worker, &mut batch).and(Err(error)),
                },
                _ => {}
            }
            if batch.len() == BATCH {
                self.hand_over(worker, &mut batch)?;
            }
        }
        self.hand_over(worker, &mut batch)?;
        Ok(piece.bytes)
    }

    fn hand_over(&self, worker: usize, batch: &mut Vec<Key<'_>>) -> Result<(), Error> {
        self.counts.keys.fetch_add(batch.len() as u64, Ordering::Relaxed);
        self.sink.keys(worker, batch)
    }

    /// Reads a key, unless it is to be left out.
    fn key<'p>(
        &self,
        attributes: Attributes,
        database: u64,
        offset: u64,
        from: &mut Reader<'p>,
    ) -> Result<Option<Key<'p>>, Error> {
        let Attributes { kind, expire_ms, idle_seconds, frequency } = attributes;
        let before = from.remaining();
        let name = from.string().map_err(|error| Error { problem: error.into(), offset, key: None })?;
        let passed = from.clone();
        let pass_by = |from: &mut Reader<'p>| {
            *from = passed.clone();
            skip::value(kind, self.version.number, from)
        };
        let failed = |error| Error { problem: Problem::Value(error), offset, key: Some((database, name.to_vec())) };
        if expire_ms.zip(self.options.expired_before_ms).is_some_and(|(at_ms, now_ms)| at_ms < now_ms) {
            self.counts.expired.fetch_add(1, Ordering::Relaxed);
            pass_by(from).map_err(failed)?;
            return Ok(None);
        }
        let read = match kind {
            kind::STRING => from.string_value().map(|value| (value, None)),
            _ => read_value(kind, from, &self.options.limits).map(|loaded| {
                if let Some(repair) = loaded.repair {
                    self.sink.repaired(&name, repair);
                }
                (loaded.value, loaded.parts_ms)
            }),
        };
        let (value, parts_ms) = match read {
            Err(ValueError::Empty) => {
                self.counts.empty.fetch_add(1, Ordering::Relaxed);
                self.sink.empty(&name);
                pass_by(from).map_err(failed)?;
                return Ok(None);
            }
            read => read.map_err(failed)?,
        };
        let bytes = (before - from.remaining()) as u64 + 1;
        Ok(Some(Key { database, name, value, parts_ms, expire_ms, idle_seconds, frequency, kind, offset, bytes }))
    }
}
