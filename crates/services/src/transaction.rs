//! Transactions: the commands that MULTI queues for EXEC, and the keys that WATCH watches.

use crate::clients::ClientInfo;
use crate::listeners::Listeners;
use redstart_encoding::int::parse_i64;
use redstart_keyspace::watching::Mark;
use redstart_keyspace::{Access, Key, slot_of};
use redstart_resp::{Args, OwnedArgs};
use redstart_spec::{CommandSpec, Flags};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// The commands queued since MULTI.
#[derive(Debug, Default)]
pub struct Transaction {
    /// The commands, in order.
    pub queue: Vec<Queued>,
    /// A command was refused, so EXEC refuses all.
    pub failed: bool,
    /// A command needs exclusive access to the keyspace, so all of them run alone.
    pub alone: bool,
    /// The database selected after the queued commands, if they select any.
    pub database: Option<usize>,
    /// The arguments of the commands, one after the other; the arguments of one command are in one piece.
    pieces: Vec<OwnedArgs>,
    /// Bytes of all pieces except the last.
    full_bytes: usize,
}

/// A queued command.
#[derive(Debug)]
pub struct Queued {
    /// Its id in the registry.
    pub command: u32,
    piece: u32,
    args: Range<u32>,
    /// The hash of its key, if it has one.
    pub hash: Option<u64>,
}

/// A piece larger than this takes no further command.
const PIECE: usize = 64 * 1024;

/// Each thread keeps at most this many finished transactions to reuse their memory, ...
const SPARES: usize = 64;
/// ... if each takes at most this many bytes.
const SPARE_BYTES: usize = 8 * 1024;

thread_local! {
    #[allow(clippy::vec_box, reason = "a session has its transaction boxed, so that it takes a word where there is none")]
    static SPARE: RefCell<Vec<Box<Transaction>>> = const { RefCell::new(Vec::new()) };
}

impl Transaction {
    /// An empty transaction.
    #[must_use]
    pub fn begin() -> Box<Self> {
        SPARE.with_borrow_mut(Vec::pop).unwrap_or_default()
    }

    /// Ends the transaction.
    pub fn end(mut self: Box<Self>) {
        let queue = self.queue.capacity() * size_of::<Queued>();
        if self.full_bytes + queue + self.pieces.last().map_or(0, OwnedArgs::size) > SPARE_BYTES {
            return;
        }
        self.queue.clear();
        self.pieces.truncate(1);
        self.pieces.iter_mut().for_each(|piece| piece.clear(SPARE_BYTES));
        (self.failed, self.alone, self.database, self.full_bytes) = (false, false, None, 0);
        SPARE.with_borrow_mut(|spare| {
            if spare.len() < SPARES {
                spare.push(self);
            }
        });
    }

    /// Queues a command, with the hash of its key if it has one; `alone` if it needs exclusive access to the keyspace.
    pub fn queue(&mut self, command: &CommandSpec, hash: Option<u64>, args: &Args<'_>, alone: bool, info: &ClientInfo) {
        // The keys of a script are known only when it runs, which is too late to restart the transaction.
        self.alone |= alone || command.flags.has(Flags::LOCKS_ITSELF);
        if command.flags.has(Flags::SELECTS_DATABASE) {
            let number = args.get(1).and_then(parse_i64).and_then(|number| usize::try_from(number).ok());
            self.database = number.or(self.database);
        }
        let place = self.keep(args);
        self.queue.push(Queued { command: command.id, piece: place.0, args: place.1, hash });
        let bytes = self.full_bytes + self.pieces.last().map_or(0, OwnedArgs::size);
        info.queued.store(self.queue.len() as i64, Ordering::Relaxed);
        info.queued_bytes.store(bytes + self.queue.capacity() * size_of::<Queued>(), Ordering::Relaxed);
    }

    /// Copies arguments, and returns their position.
    fn keep(&mut self, args: &Args<'_>) -> (u32, Range<u32>) {
        let bytes: usize = args.iter_from(0).map(<[u8]>::len).sum();
        match self.pieces.last_mut().filter(|last| last.bytes() + bytes <= PIECE) {
            Some(last) => {
                let first = last.len();
                // A piece is far below the size at which an argument is refused.
                let _ = args.iter_from(0).all(|argument| last.try_push(argument));
                ((self.pieces.len() - 1) as u32, first as u32..(first + args.len()) as u32)
            }
            None => {
                self.full_bytes += self.pieces.last().map_or(0, OwnedArgs::size);
                self.pieces.push(OwnedArgs::new(args.iter_from(0)));
                ((self.pieces.len() - 1) as u32, 0..args.len() as u32)
            }
        }
    }

    /// The arguments of a queued command.
    #[must_use]
    pub fn args(&self, queued: &Queued) -> Args<'_> {
        self.pieces[queued.piece as usize].part(queued.args.start as usize..queued.args.end as usize)
    }
}

/// The keys that a connection watches.
#[derive(Debug, Default)]
pub struct Watching {
    keys: Vec<Watched>,
}

#[derive(Debug)]
struct Watched {
    database: usize,
    key: Vec<u8>,
    hash: u64,
    /// The key existed, so its deletion is a change.
    there: bool,
}

/// Bytes used to watch a key: here and in its slot.
fn watched_bytes(key: &[u8]) -> usize {
    size_of::<Watched>() + size_of::<Mark>() + 2 * (key.len() + size_of::<Vec<u8>>())
}

impl Watching {
    /// Whether no keys are watched.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The hashes of the keys.
    pub fn hashes(&self) -> impl Iterator<Item = u64> + '_ {
        self.keys.iter().map(|watched| watched.hash)
    }

    /// Watches another key, which exists or not. The caller holds its slot.
    pub fn add(
        &mut self,
        database: usize,
        key: Key<'_>,
        there: bool,
        access: &mut Access<'_>,
        listeners: &Listeners,
        info: &ClientInfo,
    ) {
        if self.keys.iter().any(|watched| watched.database == database && watched.key == key.bytes()) {
            return;
        }
        access.slot(key.hash()).watches_mut().join(database, key.bytes(), &info.broken, there);
        listeners.watch(self.keys.is_empty());
        self.keys.push(Watched { database, key: key.bytes().to_vec(), hash: key.hash(), there });
        info.kept_bytes.fetch_add(watched_bytes(key.bytes()), Ordering::Relaxed);
        info.watched.store(self.keys.len(), Ordering::Relaxed);
    }

    /// Whether a watched key has changed or has expired. The caller holds the slots.
    pub fn broken(&self, access: &mut Access<'_>, now_ms: i64, mark: &Mark) -> bool {
        let mut expired = |watched: &Watched| {
            let hash = watched.hash;
            let entry = access.slot(hash).table(watched.database).and_then(|table| table.get(hash, &watched.key));
            watched.there && entry.is_some_and(|entry| entry.is_expired(now_ms))
        };
        mark.load(Ordering::Relaxed) || self.keys.iter().any(&mut expired)
    }

    /// Stops watching all keys. The caller holds all slots of the keys, or none.
    pub fn forget(&mut self, access: &mut Access<'_>, listeners: &Listeners, info: &ClientInfo) {
        if self.keys.is_empty() {
            return;
        }
        listeners.unwatch(self.keys.len());
        let count = access.slot_count();
        for Watched { database, key, hash, .. } in self.keys.drain(..) {
            info.kept_bytes.fetch_sub(watched_bytes(&key), Ordering::Relaxed);
            let slot = slot_of(hash, count);
            access.visit(slot, |slot| slot.watches_mut().leave(database, &key, &info.broken));
        }
        info.watched.store(0, Ordering::Relaxed);
        info.broken.store(false, Ordering::Relaxed);
    }
}
