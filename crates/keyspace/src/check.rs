//! Checks the invariants of a keyspace and of all values in it.

use crate::database::{Keyspace, Pass};
use crate::key::slot_of;
use redstart_encoding::check::{Container, Rules, Within};
use redstart_encoding::{Broken, Entry, ValueRef};

const RULES: Rules = Rules(Container::Keyspace);

impl Keyspace {
    /// Checks the invariants: each key is in the slot that its hash names, and no collection except a stream is empty;
    /// also those of each table and each entry. Locks one slot at a time. O(n), for tests.
    ///
    /// # Errors
    /// An invariant is violated.
    pub fn check(&self, pass: &Pass<'_>) -> Result<(), Broken> {
        for index in 0..self.slot_count() {
            let slot = pass.lock(index);
            RULES.hold("a slot has no more databases than there are", slot.databases() <= self.databases())?;
            for database in 0..slot.databases() {
                let Some(table) = slot.table(database) else { continue };
                let checked = table.check_with(|entry| self.check_entry(entry, index));
                checked.within("database", database).within("slot", index)?;
            }
        }
        Ok(())
    }

    fn check_entry(&self, entry: &Entry, slot: usize) -> Result<(), Broken> {
        entry.check()?;
        let own = slot_of(self.hash(entry.key()), self.slot_count()) == slot;
        let checked = RULES.hold("a key lies in the slot that its hash names", own);
        let checked = checked.and_then(|()| RULES.hold("a collection under a key is not empty", !is_empty(entry)));
        checked.map_err(|broken| broken.of_key(entry.key()))
    }
}

/// Whether a value is an empty collection. Streams may be empty.
fn is_empty(entry: &Entry) -> bool {
    match entry.value() {
        ValueRef::Int(_) | ValueRef::Bytes { .. } | ValueRef::Stream(_) => false,
        ValueRef::HashPack(pack)
        | ValueRef::HashPackTimed(pack)
        | ValueRef::ListPack(pack)
        | ValueRef::SetPack(pack)
        | ValueRef::SortedPack(pack) => pack.is_empty(),
        ValueRef::HashTable(table) | ValueRef::SetTable(table) => table.is_empty(),
        ValueRef::QuickList(list) => list.is_empty(),
        ValueRef::IntSet(set) => set.is_empty(),
        ValueRef::SortedSet(set) => set.is_empty(),
        ValueRef::Array(array) => array.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Access, Options, SlotFunction};
    use redstart_encoding::listpack::Listpack;
    use redstart_encoding::{Object, Value};

    fn put(keyspace: &Keyspace, pass: &Pass<'_>, database: usize, entry: Entry) {
        let hash = keyspace.hash(entry.key());
        Access::one(pass, hash).slot(hash).table_mut(database).insert(hash, entry);
    }

    #[test]
    fn keys_in_the_wrong_slot_and_broken_values_are_found() {
        for (slot_function, threads) in [(SlotFunction::Hash, 1), (SlotFunction::Crc16, 4)] {
            let keyspace = Keyspace::new(Options { databases: 3, slots: 64, threads, slot_function });
            let pass = keyspace.enter_exclusive();
            for number in 0..500_i64 {
                put(
                    &keyspace,
                    &pass,
                    (number % 3) as usize,
                    Entry::new(&number.to_le_bytes(), Value::Int(number), None),
                );
            }
            keyspace.check(&pass).unwrap();
            let key = keyspace.key(b"astray");
            let wrong = slot_of(key.hash() + 1, 64);
            let entry = Entry::new(key.bytes(), Value::Bytes(b"value"), None);
            pass.lock(wrong).table_mut(1).insert(key.hash(), entry);
            let broken = keyspace.check(&pass).unwrap_err();
            assert_eq!(broken.invariant, "a key lies in the slot that its hash names");
            assert_eq!((broken.path[0], broken.path[1]), (("slot", wrong as u64), ("database", 1)));
            assert_eq!(broken.key.as_deref(), Some(b"astray".as_slice()));
            drop(pass.lock(wrong).table_mut(1).remove(key.hash(), b"astray"));
            keyspace.check(&pass).unwrap();
            let empty = Object::ListPack(Listpack::new());
            put(&keyspace, &pass, 2, Entry::new(b"empty", empty.into(), None));
            assert_eq!(keyspace.check(&pass).unwrap_err().invariant, "a collection under a key is not empty");
        }
    }
}
