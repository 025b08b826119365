//! Large collections in a snapshot: written member by member in small steps, between which their slots are free.
//!
//! What is known of one that is not written yet stands in [`Large`], under its database and key as they were when the
//! snapshot began. Whoever changes members first has those written down that were not yet, and from then on they count as
//! done. All of this happens while the key's slot is held.

use super::Encode;
use parking_lot::Mutex;
use redstart_command::{Entry, Key};
use redstart_encoding::Table;
use redstart_encoding::entry::members::{Member, Members, Walk};
use redstart_keyspace::snapshot::lacks;
use std::collections::{HashMap, HashSet};
use std::fmt;
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

/// See the module's story.
#[derive(Debug, Default)]
pub(super) struct Large {
    collections: Mutex<HashMap<Name, Collection>>,
    /// How many there are.
    count: AtomicUsize,
}

#[derive(Debug)]
struct Collection {
    form: Box<dyn EncodeMembers>,
    /// What is encoded and not fetched yet.
    bytes: Vec<u8>,
    /// The version of the format that it needs.
    needs: u16,
    walk: Walk,
    /// Members that changed, or came, since the snapshot began, where the walk could meet them: it leaves them out.
    changed: HashSet<Vec<u8>>,
    /// Members that are still to be encoded.
    left: usize,
    place: Place,
    /// Somebody writes it.
    taken: bool,
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
    pub(super) needs: u16,
    /// That was all.
    pub(super) done: bool,
}

/// A collection changed, and nobody was told: what was written of it is wrong.
#[derive(Debug)]
pub(super) struct Lost;

impl Collection {
    fn new(form: &dyn Encode, entry: &Entry, members: Members<'_>) -> Self {
        let mut bytes = Vec::new();
        let left = members.len();
        let (form, needs) = form.begin(&mut bytes, entry, left);
        let (walk, changed) = (Walk::over(members), HashSet::new());
        Self { form, bytes, needs, walk, changed, left, place: Place::There, taken: false }
    }

    /// A member is about to change: it is encoded as it is, if it was not before.
    fn keep(&mut self, members: Members<'_>, name: &[u8]) {
        if self.changed.contains(name) {
            return;
        }
        let Self { form, bytes, walk, left, .. } = self;
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

    /// Encodes some of what is left.
    fn step(&mut self, members: Members<'_>) {
        let Self { form, bytes, walk, changed, left, .. } = self;
        walk.step(members, |member| {
            if changed.is_empty() || !changed.contains(member.name) {
                form.append(bytes, &member);
                // More than there were: that is found out at the end.
                *left = left.wrapping_sub(1);
            }
        });
    }

    /// Encodes all that is left of an entry.
    fn encode_rest(&mut self, entry: &Entry) {
        if let Some(members) = entry.value().members() {
            while !self.walk.is_done() {
                self.step(members);
            }
        }
        self.end();
    }

    fn end(&mut self) {
        self.form.end(&mut self.bytes);
        self.place = Place::Encoded;
    }
}

impl Large {
    /// Whether there is any.
    pub(super) fn any(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }

    /// Begins one, if it has not begun yet. Nothing of it was changed.
    pub(super) fn begin(&self, form: &dyn Encode, database: usize, entry: &Entry) {
        self.with(form, database, entry, |_, _| ());
    }

    /// Keeps members that are about to change.
    pub(super) fn keep(
        &self,
        form: &dyn Encode,
        database: usize,
        entry: &Entry,
        names: &mut dyn Iterator<Item = &[u8]>,
    ) {
        self.with(form, database, entry, |collection, members| names.for_each(|name| collection.keep(members, name)));
    }

    fn with(&self, form: &dyn Encode, database: usize, entry: &Entry, with: impl FnOnce(&mut Collection, Members<'_>)) {
        let Some(members) = entry.value().members() else { return };
        let mut collections = self.collections.lock();
        let collection = collections.entry((database, entry.key().to_vec())).or_insert_with(|| {
            self.count.fetch_add(1, Ordering::Relaxed);
            Collection::new(form, entry, members)
        });
        with(collection, members);
    }

    /// Takes one over that was removed.
    pub(super) fn keep_removed(&self, form: &dyn Encode, database: usize, entry: Entry) {
        self.begin(form, database, &entry);
        if let Some(collection) = self.collections.lock().get_mut(&(database, entry.key().to_vec())) {
            collection.place = Place::Removed(entry);
        }
    }

    /// Takes those over that are in a table which was taken out of the keyspace.
    pub(super) fn keep_table(&self, database: usize, table: &mut Table<Entry>, epoch: bool) {
        if !self.any() {
            return;
        }
        for ((_, key), collection) in self.collections.lock().iter_mut().filter(|((of, _), _)| *of == database) {
            let found = table.get_mut(Key::new(key).hash(), key).filter(|entry| lacks(entry, epoch));
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
        collection.encode_rest(entry);
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
        let removed = std::mem::replace(&mut collection.place, Place::There);
        let from = match (&removed, entry) {
            (Place::Encoded, _) => None,
            (Place::Removed(entry), _) | (Place::There, Some(entry)) => entry.value().members(),
            // The last member went, and the key with it.
            (Place::There, None) => None,
        };
        match from {
            Some(members) => {
                while !collection.walk.is_done() && !enough(collection.bytes.len()) {
                    collection.step(members);
                }
                collection.place = removed;
                if collection.walk.is_done() {
                    collection.end();
                }
            }
            None if matches!(removed, Place::Encoded) => collection.place = removed,
            None => collection.end(),
        }
        let done = matches!(collection.place, Place::Encoded);
        if done && collection.left != 0 {
            return Err(Lost);
        }
        Ok(Made { bytes: std::mem::take(&mut collection.bytes), needs: collection.needs, done })
    }

    /// Forgets one.
    pub(super) fn forget(&self, name: &Name) {
        if self.collections.lock().remove(name).is_some() {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
