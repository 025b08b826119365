//! Finds handlers that change a key and do not commit the change: in builds with debug assertions, so in all tests.
//!
//! Whatever may change an entry notes first what the key holds; a commit removes the note. When the handler returns, a
//! key that is noted still and holds something else than before was changed behind the back of the journal, of WATCH, of
//! tracking clients and of all others that hear of commits.

use crate::context::Context;
use redstart_encoding::float::parse_f64;
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Pack};
use redstart_encoding::quicklist::{End, walk_pack};
use redstart_encoding::{Entry, FieldTable, ValueRef};
use std::cell::RefCell;
use std::ops::ControlFlow;

/// Elements, members and bytes that a fingerprint looks at: of a larger value a part, and its size.
const LOOKED_AT: usize = 128;

struct Note {
    database: usize,
    key: Vec<u8>,
    before: Option<u64>,
}

thread_local! {
    static NOTES: RefCell<Vec<Note>> = const { RefCell::new(Vec::new()) };
}

/// A key is about to change; `entry` is what it holds.
pub(crate) fn note(database: usize, key: &[u8], entry: Option<&Entry>) {
    NOTES.with_borrow_mut(|notes| {
        if !notes.iter().any(|note| note.database == database && note.key == key) {
            notes.push(Note { database, key: key.to_vec(), before: entry.map(fingerprint) });
        }
    });
}

/// A change of a key was committed.
pub(crate) fn committed(database: usize, key: &[u8]) {
    NOTES.with_borrow_mut(|notes| notes.retain(|note| note.database != database || note.key != key));
}

/// A change of whole databases was committed.
pub(crate) fn committed_all() {
    NOTES.with_borrow_mut(Vec::clear);
}

impl Context<'_> {
    /// Panics where the handler that returned changed a key and did not commit it. A handler that failed is checked as
    /// well: an error leaves everything as it was.
    pub(crate) fn assert_committed(&mut self) {
        for note in NOTES.take() {
            let key = self.shared.keyspace.key(&note.key);
            if !self.access.reaches(key.hash()) {
                continue;
            }
            let table = self.access.slot(key.hash()).table(note.database);
            let after = table.and_then(|table| table.get(key.hash(), key.bytes())).map(|entry| fingerprint(&entry));
            let (name, shown) = (&self.command.full_name, note.key.escape_ascii());
            assert_eq!(note.before, after, "{name} changed the key '{shown}' and did not commit that");
        }
    }
}

/// A number that differs, in all likelihood, where an entry holds something else. Encodings make no difference.
fn fingerprint(entry: &Entry) -> u64 {
    let (kind, content) = match entry.value() {
        ValueRef::Int(number) => (0, text(number.to_string().as_bytes())),
        ValueRef::Bytes { bytes, .. } => (0, text(bytes)),
        ValueRef::HashPack(pack) => (1, pairs(pack, 2)),
        ValueRef::HashPackTimed(pack) => (1, pairs(pack, 3)),
        ValueRef::HashTable(table) => (1, fields(table)),
        // The encodings of a set differ in what is looked at; their sizes are enough.
        ValueRef::SetPack(pack) => (2, pack.len() as u64),
        ValueRef::IntSet(set) => (2, set.len() as u64),
        ValueRef::SetTable(table) => (2, table.len() as u64),
        ValueRef::ListPack(pack) => {
            let mut mixed = pack.len() as u64;
            let _: ControlFlow<()> = walk_pack(pack, 0, pack.len().min(LOOKED_AT), End::Back, |element| {
                mixed = element.with_bytes(|bytes| mixed.rotate_left(5) ^ hash(bytes));
                ControlFlow::Continue(())
            });
            (3, mixed)
        }
        ValueRef::QuickList(list) => {
            let mut mixed = list.len() as u64;
            let _: ControlFlow<()> = list.walk(0, list.len().min(LOOKED_AT), End::Back, |element| {
                mixed = element.with_bytes(|bytes| mixed.rotate_left(5) ^ hash(bytes));
                ControlFlow::Continue(())
            });
            (3, mixed)
        }
        ValueRef::SortedPack(pack) => {
            let mut elements = pack.iter();
            let pairs = std::iter::from_fn(move || {
                let (name, score) = (elements.next()?.1, elements.next()?.1);
                Some((name.with_bytes(hash), score.with_bytes(parse_f64).unwrap_or_default()))
            });
            (4, scored(pack.len() / 2, pairs))
        }
        ValueRef::SortedSet(set) if set.len() > LOOKED_AT => (4, set.len() as u64),
        ValueRef::SortedSet(set) => {
            let back = set.len().checked_sub(1).into_iter().flat_map(|last| set.iter_back_from(last));
            (4, scored(set.len(), back.map(|(name, score)| (hash(name), score))))
        }
        ValueRef::Stream(stream) => {
            let groups = stream.groups.iter().map(|group| (group.pending_count(), group.consumer_count()));
            let groups: Vec<_> = groups.collect();
            (5, hash(format!("{:?} {} {groups:?}", stream.log.last_id(), stream.log.len()).as_bytes()))
        }
        ValueRef::Array(array) => (6, array.len() as u64),
    };
    content ^ hash(format!("{kind} {:?}", entry.expire_ms()).as_bytes())
}

fn text(bytes: &[u8]) -> u64 {
    hash(&bytes[..bytes.len().min(LOOKED_AT)]) ^ bytes.len() as u64
}

/// Elements of a small collection that belong together by `width`, whatever their order.
fn pairs(pack: &Pack, width: usize) -> u64 {
    let mut sum = (pack.len() / width) as u64;
    let (mut mixed, mut at) = (0, 0);
    let _: ControlFlow<()> = walk_pack(pack, 0, pack.len().min(LOOKED_AT * width), End::Back, |element| {
        let one = element.with_bytes(hash);
        // A field's time is 0 where it has none.
        let one = if at == 2 && element == Element::Int(0) { 0 } else { one };
        mixed = if at == 0 { one } else { mixed.rotate_left(7) ^ one };
        at = (at + 1) % width;
        if at == 0 {
            sum = sum.wrapping_add(if width == 2 { mixed.rotate_left(7) } else { mixed });
        }
        ControlFlow::Continue(())
    });
    sum
}

/// The same of a large hash or set, where it is not too large to look at.
fn fields(table: &FieldTable) -> u64 {
    let mut sum = table.len() as u64;
    if table.len() <= LOOKED_AT {
        for field in table.iter() {
            let time = field.expire_ms().map_or(0, |at_ms| hash(at_ms.to_string().as_bytes()));
            sum = sum.wrapping_add((hash(field.name()).rotate_left(7) ^ hash(field.value())).rotate_left(7) ^ time);
        }
    }
    sum
}

/// Members and scores, whatever the encoding.
fn scored(len: usize, members: impl Iterator<Item = (u64, f64)>) -> u64 {
    members
        .take(LOOKED_AT)
        .fold(len as u64, |sum, (name, score)| sum.wrapping_add(name.rotate_left(7) ^ score.to_bits()))
}
