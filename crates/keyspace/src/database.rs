//! The keyspace: all slots of all databases.

use crate::key::{CLUSTER_SLOTS, Key, SlotFunction};
use crate::slot::Slot;
use crate::snapshot::Snapshots;
use redstart_encoding::{Entry, Table};
use redstart_sys::Share;
use redstart_sys::slots::{self, Slots};

/// The right to lock slots, for as long as it lives.
pub type Pass<'a> = slots::Pass<'a, Slot>;

/// What a keyspace is made with.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The number of databases (`databases`).
    pub databases: usize,
    /// The number of slots, a power of two up to [`CLUSTER_SLOTS`].
    pub slots: usize,
    /// About how many threads will use it.
    pub threads: usize,
    /// How the slot of a key is found.
    pub slot_function: SlotFunction,
}

/// All slots of all databases, and the state of snapshots over them.
#[derive(Debug)]
pub struct Keyspace {
    slots: Slots<Slot>,
    databases: usize,
    slot_function: SlotFunction,
    /// Which snapshot has which entries.
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
        // With one worker nobody else is there to be let in: passes are exclusive, and slots need no atomic operation.
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

    /// Names a share for a thread that will enter often.
    #[must_use]
    pub fn share(&self) -> Share {
        self.slots.share()
    }

    /// Enters beside other threads.
    #[inline]
    #[must_use]
    pub fn enter(&self, share: Share) -> Pass<'_> {
        self.slots.enter(share)
    }

    /// As [`Keyspace::enter`], but asks every now and then, while somebody is in the way, whether to `give_up`.
    #[inline]
    #[must_use]
    pub fn enter_unless(&self, share: Share, give_up: impl Fn() -> bool) -> Option<Pass<'_>> {
        self.slots.enter_unless(share, give_up)
    }

    /// As [`Keyspace::enter_exclusive`], but asks every now and then whether to `give_up`.
    #[must_use]
    pub fn enter_exclusive_unless(&self, give_up: impl Fn() -> bool) -> Option<Pass<'_>> {
        self.slots.enter_exclusive_unless(give_up)
    }

    /// A pass for what touches no key, which waits for nobody.
    #[must_use]
    pub fn outside(&self) -> Pass<'_> {
        self.slots.outside()
    }

    /// Enters alone, once everybody else has left.
    #[must_use]
    pub fn enter_exclusive(&self) -> Pass<'_> {
        self.slots.enter_exclusive()
    }

    /// Keys and keys with an expiry of each database: `(keys, volatile)`. Takes one slot at a time, so beside writers
    /// the sums are those of no single moment.
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

    /// Has a running snapshot keep all that it lacks, at once: whoever is alone here is about to replace everything.
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

    /// Takes all tables of a database (or of all of them) out, leaving them empty: the caller frees them, and may do so
    /// elsewhere. A running snapshot gets them first, and frees those that it takes. Says how many keys they hold.
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
