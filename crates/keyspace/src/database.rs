//! The keyspace: all slots of all databases.

use crate::key::{CLUSTER_SLOTS, Key, SlotFunction};
use crate::slot::Slot;
use crate::snapshot::Snapshots;
use redstart_encoding::{Entry, Table};
use redstart_sys::Share;
use redstart_sys::slots::{self, Slots};

/// The right to lock slots while the pass exists.
pub type Pass<'a> = slots::Pass<'a, Slot>;

/// The parameters of a keyspace.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The number of databases (`databases`).
    pub databases: usize,
    /// The number of slots, a power of two up to [`CLUSTER_SLOTS`].
    pub slots: usize,
    /// The approximate number of threads that use it.
    pub threads: usize,
    /// How the slot of a key is computed.
    pub slot_function: SlotFunction,
}

/// All slots of all databases, and the state of snapshots over them.
#[derive(Debug)]
pub struct Keyspace {
    slots: Slots<Slot>,
    databases: usize,
    slot_function: SlotFunction,
    /// Which entries the running snapshot still lacks.
    pub snapshots: Snapshots,
}

impl Keyspace {
    /// An empty keyspace.
    ///
    /// # Panics
    /// If the number of slots is not a power of two up to [`CLUSTER_SLOTS`], or there is no database.
    #[must_use]
    pub fn new(options: Options) -> Self {
        assert!(options.slots <= CLUSTER_SLOTS && options.databases > 0);
        // A single worker has no other threads to admit: passes are exclusive, and slots need no atomic operation.
        let solo = options.threads == 1;
        let shares = options.threads.max(1) + 8;
        Self {
            slots: Slots::new(options.slots, shares, solo, Slot::default),
            databases: options.databases,
            slot_function: options.slot_function,
            snapshots: Snapshots::default(),
        }
    }

    /// The number of databases.
    #[must_use]
    pub fn databases(&self) -> usize {
        self.databases
    }

    /// A key with its hash.
    #[inline]
    #[must_use]
    pub fn key<'k>(&self, bytes: &'k [u8]) -> Key<'k> {
        self.slot_function.key(bytes)
    }

    /// The hash of a key.
    #[inline]
    #[must_use]
    pub fn hash(&self, key: &[u8]) -> u64 {
        self.slot_function.hash(key)
    }

    /// The number of slots.
    #[must_use]
    pub fn slot_count(&self) -> usize {
        self.slots.count()
    }

    /// A share for a thread that enters often.
    #[must_use]
    pub fn share(&self) -> Share {
        self.slots.share()
    }

    /// Enters together with other threads.
    #[inline]
    #[must_use]
    pub fn enter(&self, share: Share) -> Pass<'_> {
        self.slots.enter(share)
    }

    /// Like [`Keyspace::enter`], but calls `give_up` now and then while an exclusive pass blocks it.
    #[inline]
    #[must_use]
    pub fn enter_unless(&self, share: Share, give_up: impl Fn() -> bool) -> Option<Pass<'_>> {
        self.slots.enter_unless(share, give_up)
    }

    /// Like [`Keyspace::enter_exclusive`], but calls `give_up` now and then.
    #[must_use]
    pub fn enter_exclusive_unless(&self, give_up: impl Fn() -> bool) -> Option<Pass<'_>> {
        self.slots.enter_exclusive_unless(give_up)
    }

    /// A pass for operations that touch no key. Never waits.
    #[must_use]
    pub fn outside(&self) -> Pass<'_> {
        self.slots.outside()
    }

    /// Enters exclusively, after all other threads have left.
    #[must_use]
    pub fn enter_exclusive(&self) -> Pass<'_> {
        self.slots.enter_exclusive()
    }

    /// The number of keys, and of keys with an expiry, of each database: `(keys, volatile)`. Locks one slot at a time,
    /// so with concurrent writers the sums are not of a single moment.
    #[must_use]
    pub fn count(&self, pass: &Pass<'_>) -> Vec<(usize, usize)> {
        let mut sums = vec![(0, 0); self.databases];
        for index in 0..self.slots.count() {
            let slot = pass.lock(index);
            for (database, (keys, volatile)) in sums.iter_mut().enumerate().take(slot.databases()) {
                if let Some(table) = slot.table(database) {
                    *keys += table.len();
                    *volatile += table.expiring();
                }
            }
        }
        sums
    }

    /// Makes a running snapshot keep all entries that it still lacks: the caller has an exclusive pass and is about to
    /// replace all data.
    pub fn keep_all(&self, pass: &Pass<'_>) {
        for index in (0..self.slots.count()).filter(|_| self.snapshots.running()) {
            let mut slot = pass.lock(index);
            for number in 0..slot.databases() {
                let (table, mut cursor) = (slot.table_mut(number), 0);
                loop {
                    cursor = table.scan(cursor, |entry| self.snapshots.before_change(number, entry));
                    if cursor == 0 {
                        break;
                    }
                }
            }
        }
    }

    /// Removes all tables of a database (or of all of them). The caller frees the tables, possibly in another thread. A
    /// running snapshot receives them first, and frees the ones that it takes. Returns the number of keys and the
    /// remaining tables.
    #[must_use]
    pub fn take(&self, pass: &Pass<'_>, database: Option<usize>) -> (usize, Vec<Table<Entry>>) {
        let (mut keys, mut taken) = (0, Vec::new());
        for index in 0..self.slots.count() {
            let mut slot = pass.lock(index);
            for number in 0..slot.databases() {
                if database.is_none_or(|only| only == number) && slot.len(number) > 0 {
                    keys += slot.len(number);
                    taken.push((number, std::mem::take(slot.table_mut(number))));
                }
            }
        }
        (keys, self.snapshots.taken(taken))
    }
}
