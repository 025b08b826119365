//! The door for changes: whatever changes a key passes here, and all that must hear of it is called from here.
//!
//! A handler changes a key through [`Context`]'s guards, insertions and removals, and then says once what it did:
//!
//! ```text
//!   context.commit(key, Change::new(Event::LIST, "lpush").count(2))
//!      ├ the number of changes: `rdb_changes_since_last_save`, save points, whether the journal gets the request
//!      ├ [`Shared::announce`]: transactions that WATCH the key, tracking clients
//!      ├ the key's modification clock, under LRM
//!      ├ clients that wait for the key
//!      └ keyspace events
//! ```
//! What the journal gets is the request as received, unless the handler named other commands before
//! ([`Context::replay`]). Keys that expire or are evicted pass [`Shared::announce`] as well, and whole databases
//! [`Context::commit_databases`].
//!
//! A further consumer of changes (an index, statistics of slots) is one more call in [`Shared::heard`].

use crate::context::Context;
use crate::shared::Shared;
use redstart_config::choices::MaxmemoryPolicy;
use redstart_config::ids;
use redstart_keyspace::clock::Policy;
use redstart_keyspace::{Key, Slot};

/// What a command did to one key.
#[derive(Clone, Copy, Debug)]
#[must_use = "a change is announced by `Context::commit`"]
pub struct Change {
    event: Option<(u32, &'static str)>,
    then: Option<(u32, &'static str)>,
    count: usize,
    taken: bool,
    beside: bool,
    keeps_clock: bool,
}

impl Change {
    /// One change, with the event that it is; `class` is one of [`Event`](crate::Event)'s.
    #[inline]
    pub const fn new(class: u32, event: &'static str) -> Self {
        Self { event: Some((class, event)), ..Self::silent() }
    }

    /// One change without an event.
    #[inline]
    pub const fn silent() -> Self {
        Self { event: None, then: None, count: 1, taken: false, beside: false, keeps_clock: false }
    }

    /// The key was deleted.
    #[inline]
    pub const fn deleted() -> Self {
        Self::new(crate::Event::GENERIC, "del")
    }

    /// How many changes it counts as.
    #[inline]
    pub const fn count(self, count: usize) -> Self {
        Self { count, ..self }
    }

    /// A second event, behind the first.
    #[inline]
    pub const fn then(self, class: u32, event: &'static str) -> Self {
        Self { then: Some((class, event)), ..self }
    }

    /// Elements were taken out: where no key is left, the event `del` follows.
    #[inline]
    pub const fn taken(self) -> Self {
        Self { taken: true, ..self }
    }

    /// The access clock was set by the handler, and stays as it is under LRM too.
    #[inline]
    pub const fn keeps_clock(self) -> Self {
        Self { keeps_clock: true, ..self }
    }

    /// What changed stands beside the value, as consumer groups do, or is the form in which it is kept: as in Redis,
    /// neither WATCH nor tracking clients hear of it, and no waiting client is woken.
    #[inline]
    pub const fn beside(self) -> Self {
        Self { beside: true, ..self }
    }
}

/// Why a key changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A command of this client.
    Command(u64),
    /// Its time was up; a read of this client, if of one, found that out and shows it.
    Expired(Option<u64>),
    /// Some of its members expired.
    MembersExpired,
    /// It was evicted.
    Evicted,
}

impl Shared {
    /// Whether a commit must look further than the key's slot: clients track keys, or entries keep the time of their last
    /// modification.
    #[inline]
    fn hears_commits(&self) -> bool {
        let policy = self.config.get(ids::MAXMEMORY_POLICY);
        self.tracking.any() || matches!(policy, MaxmemoryPolicy::AllKeysLrm | MaxmemoryPolicy::VolatileLrm)
    }

    /// Announces that a key changed. Its slot is held.
    #[inline]
    pub fn announce(&self, slot: &Slot, database: usize, key: &[u8], cause: Cause) {
        match cause {
            Cause::Expired(_) => slot.touch_expired(database, key),
            _ => slot.touch(database, key),
        }
        self.heard(database, key, cause);
    }

    /// The part of [`Shared::announce`] that does not read the slot, for callers that borrow a table of it. Tracking has one
    /// table for all databases, as in Redis, so it does not use the database.
    #[inline]
    pub fn heard(&self, _database: usize, key: &[u8], cause: Cause) {
        if self.tracking.any() {
            match cause {
                Cause::Expired(reader) => self.tracking.expired(self.recipients(), key, reader),
                Cause::Command(client) => self.tracking.invalidate(self.recipients(), key, Some(client)),
                Cause::MembersExpired | Cause::Evicted => self.tracking.invalidate(self.recipients(), key, None),
            }
        }
    }
}

impl Context<'_> {
    /// Says what the command did to a key of the selected database. Inlined into each handler, where what is known of the
    /// change leaves some twenty instructions of it.
    #[inline(always)]
    pub fn commit(&mut self, key: Key<'_>, change: Change) {
        self.commit_in(self.session.database, key, change);
    }

    /// As [`Context::commit`], of a key in another database.
    #[inline(always)]
    pub fn commit_in(&mut self, database: usize, key: Key<'_>, change: Change) {
        #[cfg(debug_assertions)]
        crate::uncommitted::committed(database, key.bytes());
        self.changes += change.count as u64;
        if !change.beside && (self.access.slot(key.hash()).has_listeners() || self.shared.hears_commits()) {
            self.announce_change(database, key, change.keeps_clock);
        }
        if change.event.is_some() && self.shared.config.get(ids::NOTIFY_KEYSPACE_EVENTS).0 != 0 {
            self.notify_change(database, key, change);
        }
    }

    #[cold]
    fn notify_change(&self, database: usize, key: Key<'_>, change: Change) {
        if let Some((class, event)) = change.event {
            self.notify_in(class, event, database, key);
        }
        if let Some((class, event)) = change.then {
            self.notify_in(class, event, database, key);
        }
        if change.taken {
            self.notify_if_gone(database, key);
        }
    }

    #[cold]
    #[inline(never)]
    fn announce_change(&mut self, database: usize, key: Key<'_>, keeps_clock: bool) {
        let (shared, by) = (self.shared, Cause::Command(self.session.info.id));
        let slot = self.access.slot(key.hash());
        shared.announce(slot, database, key.bytes(), by);
        let clock = shared.clock();
        if clock == Policy::Lrm
            && !keeps_clock
            && let Some(found) = slot.table(database).and_then(|table| table.get(key.hash(), key.bytes()))
        {
            found.set_clock(clock.fresh(self.now_ms));
        }
        self.signal_in(database, key);
    }

    /// Says that the command changed the libraries of functions, which belong to no key.
    pub fn commit_libraries(&mut self) {
        self.changes += 1;
    }

    /// Says that the command changed whole databases, `count` times: emptied, exchanged or loaded them. `other` gives for
    /// each such database the one whose keys it may get, or itself, and nothing for the others.
    pub fn commit_databases(&mut self, count: usize, other: impl Fn(usize) -> Option<usize>) {
        #[cfg(debug_assertions)]
        crate::uncommitted::committed_all();
        self.changes += count as u64;
        self.touch_databases(other);
        self.signal_all();
        // Redis says nothing to tracking clients at SWAPDB, and what they keep is wrong from then on.
        self.shared.tracking.flush(self.shared.recipients());
    }
}
