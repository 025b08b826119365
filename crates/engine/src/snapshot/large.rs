//! Large values in a snapshot: written in small steps, between which their slots are free. Hashes, sets and sorted sets go
//! member by member, and may change between steps; what else is long goes in pieces, and who changes it has the rest encoded
//! first.
//!
//! What is known of one that is not written yet stands in [`Large`], under its database and key as they were when the
//! snapshot began. Whoever changes members first has those written down that were not yet, and from then on they count as
//! done. All of this happens while the key's slot is held.

use super::Encode;
use parking_lot::Mutex;
use redstart_command::Entry;
use redstart_encoding::Table;
use redstart_encoding::entry::members::{Member, Members, Walk};
use redstart_encoding::hash::hash;
use redstart_keyspace::snapshot::lacks;
use redstart_persistence::rdb::Pieces;
use std::collections::{HashMap, HashSet, hash_map};
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How the members of one collection are written.
pub(crate) trait EncodeMembers: Send + fmt::Debug {
    /// Appends a member.
    fn append(&mut self, out: &mut Vec<u8>, member: &Member<'_>);

    /// Appends what stands behind the last one.
    fn end(&mut self, _out: &mut Vec<u8>) {}
}

/// A database and a key, as they were when the snapshot began.
pub(super) type Name = (usize, Vec<u8>);

/// The large values of which a running snapshot has a part.
#[derive(Debug, Default)]
pub(super) struct Large {
    collections: Mutex<HashMap<Name, Collection>>,
    /// How many there are.
    count: AtomicUsize,
}

#[derive(Debug)]
struct Collection {
    way: Way,
    /// What is encoded and not fetched yet.
    bytes: Vec<u8>,
    /// Strings among that which are still to be compressed.
    later: Vec<Range<usize>>,
    /// The version of the format that it needs.
    needs: u16,
    place: Place,
    /// Somebody writes it.
    taken: bool,
}

/// How a value is gone through.
#[derive(Debug)]
enum Way {
    Members(ByMember),
    Pieces(Pieces),
}

#[derive(Debug)]
struct ByMember {
    form: Box<dyn EncodeMembers>,
    walk: Walk,
    /// Members that changed, or came, since the snapshot began, where the walk could meet them: it leaves them out.
    changed: HashSet<Vec<u8>>,
    /// Members that are still to be encoded.
    left: usize,
}

/// Where the rest of a collection is.
#[derive(Debug)]
enum Place {
    /// In the keyspace.
    There,
    /// It was removed from there.
    Removed(Entry),
    /// All of it is encoded.
    Encoded,
}

/// What a step made.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) later: Vec<Range<usize>>,
    pub(super) needs: u16,
    /// That was all.
    pub(super) done: bool,
    /// What is to be freed now, which may take long.
    pub(super) gone: Option<Entry>,
}

/// A collection changed, and nobody was told: what was written of it is wrong.
#[derive(Debug)]
pub(super) struct Lost;

impl Collection {
    /// `None` where a value is to be encoded at once.
    fn new(form: &dyn Encode, entry: &Entry) -> Option<Self> {
        let mut bytes = Vec::new();
        let (way, needs) = match entry.value().members() {
            Some(members) => {
                let left = members.len();
                let (form, needs) = form.begin(&mut bytes, entry, left);
                let by_member = ByMember { form, walk: Walk::over(members), changed: HashSet::new(), left };
                (Way::Members(by_member), needs)
            }
            None => {
                let (pieces, needs) = form.begin_long(&mut bytes, entry)?;
                (Way::Pieces(pieces), needs)
            }
        };
        Some(Self { way, bytes, later: Vec::new(), needs, place: Place::There, taken: false })
    }

    /// Encodes some of what is left of an entry, until `enough` says so of the bytes.
    fn step(&mut self, entry: &Entry, mut enough: impl FnMut(usize) -> bool) {
        let value = entry.value();
        let before = if self.stays() { self.bytes.len() } else { 0 };
        let mut more = true;
        while more && !enough(self.bytes.len() - before) {
            more = match (&mut self.way, value.members()) {
                (Way::Members(by_member), Some(members)) => by_member.step(&mut self.bytes, members),
                (Way::Members(_), None) => false,
                (Way::Pieces(pieces), _) => pieces.step(&mut self.bytes, &value, &mut self.later),
            };
        }
        if !more {
            self.end();
        }
    }

    fn end(&mut self) {
        if let Way::Members(by_member) = &mut self.way {
            by_member.form.end(&mut self.bytes);
        }
        self.place = Place::Encoded;
    }

    /// Whether all that was there is encoded.
    fn is_whole(&self) -> bool {
        !matches!(&self.way, Way::Members(by_member) if by_member.left != 0)
    }

    /// Whether what is encoded is not to be fetched before it is whole: a string, which is compressed then.
    fn stays(&self) -> bool {
        matches!(&self.way, Way::Pieces(pieces) if pieces.is_one_string())
    }

    /// What can be written of it.
    fn fetch(&mut self) -> Made {
        let done = matches!(self.place, Place::Encoded);
        let mut made = Made { bytes: Vec::new(), later: Vec::new(), needs: self.needs, done, gone: None };
        if done || !self.stays() {
            made.bytes = std::mem::take(&mut self.bytes);
            made.later = std::mem::take(&mut self.later);
        }
        made
    }
}

impl ByMember {
    /// A member is about to change: it is encoded as it is, if it was not before.
    fn keep(&mut self, bytes: &mut Vec<u8>, members: Members<'_>, name: &[u8]) {
        if self.changed.contains(name) {
            return;
        }
        let Self { form, walk, left, .. } = self;
        let passed = members.with(name, |member| {
            let passed = walk.passed(&member);
            if !passed {
                form.append(bytes, &member);
                *left = left.saturating_sub(1);
            }
            passed
        });
        if passed != Some(true) || !walk.keeps_places() {
            self.changed.insert(name.to_vec());
        }
    }

    /// Encodes some of what is left; whether there is more.
    fn step(&mut self, bytes: &mut Vec<u8>, members: Members<'_>) -> bool {
        let Self { form, walk, changed, left } = self;
        walk.step(members, |member| {
            if changed.is_empty() || !changed.contains(member.name) {
                form.append(bytes, &member);
                // More than there were: that is found out at the end.
                *left = left.wrapping_sub(1);
            }
        });
        !walk.is_done()
    }
}

impl Large {
    /// Whether there is any.
    pub(super) fn any(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    /// Begins one, if it has not begun yet. Nothing of it was changed. False where it is to be encoded at once.
    pub(super) fn begin(&self, form: &dyn Encode, database: usize, entry: &Entry) -> bool {
        self.with(form, database, entry, |_| ()).is_some()
    }

    /// Keeps members that are about to change. False where all is to be encoded at once.
    pub(super) fn keep(
        &self,
        form: &dyn Encode,
        database: usize,
        entry: &Entry,
        names: &mut dyn Iterator<Item = &[u8]>,
    ) -> bool {
        let kept = self.with(form, database, entry, |collection| {
            if let (Way::Members(by_member), Some(members)) = (&mut collection.way, entry.value().members()) {
                names.for_each(|name| by_member.keep(&mut collection.bytes, members, name));
            }
        });
        kept.is_some()
    }

    fn with(
        &self,
        form: &dyn Encode,
        database: usize,
        entry: &Entry,
        with: impl FnOnce(&mut Collection),
    ) -> Option<()> {
        let mut collections = self.collections.lock();
        let collection = match collections.entry((database, entry.key().to_vec())) {
            hash_map::Entry::Occupied(there) => there.into_mut(),
            hash_map::Entry::Vacant(room) => {
                let fresh = Collection::new(form, entry)?;
                self.count.fetch_add(1, Ordering::Relaxed);
                room.insert(fresh)
            }
        };
        with(collection);
        Some(())
    }

    /// Takes one over that was removed; gives it back where it is to be encoded at once.
    pub(super) fn keep_removed(&self, form: &dyn Encode, database: usize, entry: Entry) -> Option<Entry> {
        if !self.begin(form, database, &entry) {
            return Some(entry);
        }
        if let Some(collection) = self.collections.lock().get_mut(&(database, entry.key().to_vec())) {
            collection.place = Place::Removed(entry);
        }
        None
    }

    /// Takes those over that are in a table which was taken out of the keyspace.
    pub(super) fn keep_table(&self, database: usize, table: &mut Table<Entry>, epoch: bool) {
        if !self.any() {
            return;
        }
        for ((_, key), collection) in self.collections.lock().iter_mut().filter(|((of, _), _)| *of == database) {
            let found = table.get_mut(hash(key), key).filter(|entry| lacks(entry, epoch));
            if let (Some(entry), Place::There) = (found, &collection.place) {
                collection.place = Place::Removed(entry.remove());
            }
        }
    }

    /// All of an entry is to be kept now, whatever of it is kept. False if nothing is.
    pub(super) fn keep_rest(&self, database: usize, entry: &Entry) -> bool {
        if !self.any() {
            return false;
        }
        let mut collections = self.collections.lock();
        let Some(collection) = collections.get_mut(&(database, entry.key().to_vec())) else { return false };
        collection.step(entry, |_| false);
        true
    }

    /// One that nobody writes yet: the caller does.
    pub(super) fn take(&self) -> Option<Name> {
        let mut collections = self.collections.lock();
        let (name, collection) = collections.iter_mut().find(|(_, collection)| !collection.taken)?;
        collection.taken = true;
        Some(name.clone())
    }

    /// Encodes some of one that was taken, until `enough` says so of the bytes; `entry` is the one under its key now, if a
    /// snapshot lacks that.
    pub(super) fn step(
        &self,
        name: &Name,
        entry: Option<&Entry>,
        mut enough: impl FnMut(usize) -> bool,
    ) -> Result<Made, Lost> {
        let mut collections = self.collections.lock();
        let collection = collections.get_mut(name).ok_or(Lost)?;
        let mut gone = None;
        match (std::mem::replace(&mut collection.place, Place::There), entry) {
            (Place::Encoded, _) => collection.place = Place::Encoded,
            (Place::Removed(entry), _) => {
                collection.step(&entry, &mut enough);
                if matches!(collection.place, Place::There) {
                    collection.place = Place::Removed(entry);
                } else {
                    gone = Some(entry);
                }
            }
            (Place::There, Some(entry)) => collection.step(entry, &mut enough),
            // The last member went, and the key with it.
            (Place::There, None) => collection.end(),
        }
        let made = Made { gone, ..collection.fetch() };
        if made.done && !collection.is_whole() { Err(Lost) } else { Ok(made) }
    }

    /// Forgets one.
    pub(super) fn forget(&self, name: &Name) {
        // It is freed when the lock is let go: that may take long.
        let gone = self.collections.lock().remove(name);
        if gone.is_some() {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
