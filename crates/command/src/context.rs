//! All that a handler sees: the locked slots as a database, the session, what is shared, the time.

use crate::change::Cause;
use crate::effects::Effects;
pub use crate::guard::{Borrowed, Found, Writing};
use crate::notify::Event;
use crate::registry::Registered;
use crate::shared::Shared;
use crate::spec::Flags;
use crate::timed;
use redstart_config::{ClientClass, ids};
use redstart_encoding::entry::parts::Progress;
use redstart_encoding::table::{Ref, RefMut};
use redstart_encoding::{Entry, Table, Value, ValueRef};
use redstart_keyspace::{Access, Key};
use redstart_resp::Reply;
use redstart_services::blocked::{Block, Blocked};
use redstart_services::clients::REPLY_BUFFER;
use redstart_services::session::Session;
use redstart_services::stats::WorkerStats;
use redstart_spec::Error;
use redstart_sys::clock::unix_ms;
use std::sync::Arc;

/// What becomes of a key's expiry when its value is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expire {
    /// It has none afterwards.
    Never,
    /// It keeps what it had.
    Keep,
    /// This one, in unix milliseconds.
    At(i64),
}

/// [`Context::now_ms`] of commands that are run again: before all times at which anything expires.
pub const REPLAY_MS: i64 = 0;

/// What a handler sees and works through.
#[derive(Debug)]
pub struct Context<'a> {
    /// The slots of this command.
    pub access: Access<'a>,
    /// The connection's state.
    pub session: &'a mut Session,
    /// What all threads share.
    pub shared: &'a Shared,
    /// The counters of this thread.
    pub stats: &'a WorkerStats,
    /// The command that runs.
    pub command: &'a Registered,
    /// The time that holds for the whole command, in unix milliseconds; [`REPLAY_MS`] where it is run again.
    pub now_ms: i64,
    /// A key whose hash is known: its very bytes, and the hash.
    pub(crate) hint: Option<(*const [u8], u64)>,
    /// Changes made, as `rdb_changes_since_last_save` counts them.
    pub(crate) changes: u64,
    /// What was changed, as commands, where anybody wants to know.
    pub(crate) effects: Option<Box<Effects>>,
    /// Large collections that are looked up need not be kept for a snapshot: what changes of them was kept, or they are
    /// kept when they are removed.
    pub(crate) spares_large: bool,
    /// What few commands leave behind.
    after: Option<Box<After>>,
}

/// Hears of the waiting command, and will end its waiting.
pub struct OnWait(pub Box<dyn FnOnce(Arc<Blocked>)>);

impl std::fmt::Debug for OnWait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnWait")
    }
}

/// What the engine does after a command.
#[derive(Debug, Default)]
pub struct After {
    /// The command waits.
    pub block: Option<Block>,
    /// Who is to be told that it waits.
    pub on_wait: Option<OnWait>,
    /// When it is to run again though nobody fills a key, in unix milliseconds.
    pub again_ms: Option<i64>,
    /// It wrote nothing and is to run again, alone: it touches more than the slots that it holds.
    pub alone_again: bool,
    /// Keys that were removed because their time was up, where a client waits for, watches or tracks any.
    expired: Vec<(usize, Vec<u8>)>,
    /// Keys that somebody waits for and that were filled or removed, with their databases.
    pub ready: Vec<(usize, Vec<u8>)>,
}

/// What a context is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// See [`Context::access`].
    pub access: Access<'a>,
    /// See [`Context::session`].
    pub session: &'a mut Session,
    /// See [`Context::shared`].
    pub shared: &'a Shared,
    /// See [`Context::stats`].
    pub stats: &'a WorkerStats,
    /// See [`Context::command`].
    pub command: &'a Registered,
    /// See [`Context::now_ms`].
    pub now_ms: i64,
    /// The only key (its very bytes among the arguments), with the hash that found its slot.
    pub hint: Option<(*const [u8], u64)>,
}

impl<'a> Context<'a> {
    /// Whether the command is run again from what was kept of it: nothing expires meanwhile, as all that went because of
    /// its time is there as a command.
    #[inline]
    #[must_use]
    pub fn replays(&self) -> bool {
        self.now_ms == REPLAY_MS
    }

    /// The time in unix milliseconds, for all but the question whether something is expired.
    #[inline]
    #[must_use]
    pub fn clock_ms(&self) -> i64 {
        if self.replays() { unix_ms() } else { self.now_ms }
    }

    /// Puts the parts together.
    #[inline]
    #[must_use]
    pub fn new(parts: Parts<'a>) -> Self {
        Self {
            access: parts.access,
            session: parts.session,
            shared: parts.shared,
            stats: parts.stats,
            command: parts.command,
            now_ms: parts.now_ms,
            hint: parts.hint,
            changes: 0,
            effects: parts.shared.journal.is_on().then(Effects::begin),
            spares_large: false,
            after: None,
        }
    }

    /// What is to be done after the command.
    #[inline]
    pub fn take_after(&mut self) -> Option<Box<After>> {
        self.after.take()
    }

    /// Announces what the command's look-ups removed because its time was up. The slots are still held.
    #[inline]
    pub(crate) fn announce_expired(&mut self) {
        if self.after.as_ref().is_some_and(|after| !after.expired.is_empty()) {
            self.announce_keys();
        }
        if timed::any() {
            self.announce_parts();
        }
    }

    #[cold]
    fn announce_keys(&mut self) {
        let expired = self.after.as_mut().map(|after| std::mem::take(&mut after.expired));
        // The answer to a read shows its client that the key is missing. A command that writes may have looked at this
        // key without saying so.
        let reader = self.command.flags.has(Flags::READONLY).then_some(self.session.info.id);
        for (database, key) in expired.into_iter().flatten() {
            let key = self.shared.keyspace.key(&key);
            let slot = self.access.slot(key.hash());
            self.shared.announce(slot, database, key.bytes(), Cause::Expired(reader));
            self.signal_in(database, key);
        }
    }

    #[cold]
    fn announce_parts(&mut self) {
        for (database, key) in timed::take() {
            let key = self.shared.keyspace.key(&key);
            let slot = self.access.slot(key.hash());
            self.shared.announce(slot, database, key.bytes(), Cause::MembersExpired);
        }
    }

    /// There is nothing for the command yet: the engine runs it again when there may be, and answers for it where that
    /// does not come in time. The handler has written nothing and returns; where waiting is not allowed, this writes
    /// the answer.
    pub fn block(&mut self, reply: &mut Reply<'_>, block: Block) {
        if self.session.no_block {
            return block.on_timeout.write(reply);
        }
        self.after.get_or_insert_default().block = Some(block);
    }

    /// The command waits for something that is no key: `on_wait` gets hold of it, and sees to it that it is answered.
    /// Only where waiting is allowed ([`Session::no_block`]).
    pub fn block_until(&mut self, block: Block, on_wait: OnWait) {
        let after = self.after.get_or_insert_default();
        after.block = Some(block);
        after.on_wait = Some(on_wait);
    }

    /// Has the command that waits run again at this time (in unix milliseconds), also if nobody fills a key until then:
    /// what it waits for may come of time alone.
    pub fn look_again(&mut self, at_ms: i64) {
        self.after.get_or_insert_default().again_ms = Some(at_ms);
    }

    /// Wakes clients that wait for a key whose change is beside its value ([`Change::beside`]).
    ///
    /// [`Change::beside`]: crate::change::Change::beside
    #[inline]
    pub fn signal(&mut self, key: Key<'_>) {
        self.signal_in(self.session.database, key);
    }

    #[inline]
    pub(crate) fn signal_in(&mut self, database: usize, key: Key<'_>) {
        if self.access.slot(key.hash()).waiting().is_some() {
            self.note_ready(database, key);
        }
    }

    /// As [`Context::signal`], of a key whose slot was visited and is held no more.
    pub fn signal_later(&mut self, database: usize, key: Vec<u8>) {
        self.after.get_or_insert_default().ready.push((database, key));
    }

    /// Breaks the watches of keys in databases that are emptied, exchanged or loaded, if the key was there when the watch
    /// began, or is there now. `other` gives for each such database the one whose keys it may get, or itself.
    pub(crate) fn touch_databases(&mut self, other: impl Fn(usize) -> Option<usize>) {
        if self.shared.listeners.watching() == 0 {
            return;
        }
        let (now_ms, keyspace) = (self.now_ms, &self.shared.keyspace);
        for slot in 0..self.access.slot_count() {
            self.access.visit(slot, |slot| {
                let there = |database: usize, key: &[u8]| {
                    let entry = slot.table(database).and_then(|table| table.get(keyspace.hash(key), key));
                    entry.is_some_and(|entry| !entry.is_expired(now_ms))
                };
                // One that was there and is past its time now may lie there still: it is lost all the same.
                let changes = |database, key: &[u8], was_there: bool| {
                    other(database).is_some_and(|other| was_there || there(database, key) || there(other, key))
                };
                if let Some(watches) = slot.watches() {
                    watches.touch_where(changes);
                }
            });
        }
    }

    /// Watches a key for the next EXEC.
    pub fn watch(&mut self, key: &[u8]) {
        // One past its time goes now, so that its going is no change.
        let key = self.shared.keyspace.key(key);
        let there = self.exists(key);
        let Session { watching, info, database, .. } = &mut *self.session;
        watching.add(*database, key, there, &mut self.access, &self.shared.listeners, info);
    }

    /// Watches nothing any more.
    pub fn unwatch(&mut self) {
        self.session.unwatch(&mut self.access, &self.shared.listeners);
    }

    #[cold]
    fn note_ready(&mut self, database: usize, key: Key<'_>) {
        let waiting = self.access.slot(key.hash()).waiting();
        if waiting.is_some_and(|waiting| waiting.has(database, key.bytes())) {
            let ready = &mut self.after.get_or_insert_default().ready;
            if !ready.iter().any(|(other, bytes)| *other == database && bytes == key.bytes()) {
                ready.push((database, key.bytes().to_vec()));
            }
        }
    }

    /// The command wrote nothing: it runs again with the keyspace for itself. Its handler returns without an answer.
    pub fn alone_again(&mut self) {
        self.after.get_or_insert_default().alone_again = true;
    }

    /// Has all keys looked at that somebody waits for: whole databases changed.
    pub(crate) fn signal_all(&mut self) {
        if self.shared.listeners.blocked() == 0 {
            return;
        }
        for slot in 0..self.access.slot_count() {
            let ready = &mut self.after.get_or_insert_default().ready;
            self.access.visit(slot, |slot| {
                let keys = slot.waiting().into_iter().flat_map(redstart_keyspace::waiting::Queues::keys);
                ready.extend(keys.map(|(database, key)| (database, key.to_vec())));
            });
        }
    }

    /// A key, hashed; for the command's first key the hash is known already.
    #[inline]
    #[must_use]
    pub fn key<'k>(&self, bytes: &'k [u8]) -> Key<'k> {
        match self.hint {
            Some((hinted, hash)) if std::ptr::eq(hinted, bytes) => Key::with_hash(bytes, hash),
            _ => self.shared.keyspace.key(bytes),
        }
    }

    /// With so many bytes of answers the client is closed (`client-output-buffer-limit`): a handler whose answer may be far
    /// larger than its data stops there.
    #[must_use]
    pub fn most_reply(&self) -> usize {
        let hard = self.shared.config.output_buffer_limit(ClientClass::Normal).hard_bytes;
        match usize::try_from(hard).unwrap_or(usize::MAX) {
            1.. if self.session.info.fd >= 0 => (hard as usize).max(REPLY_BUFFER + 1),
            _ => usize::MAX,
        }
    }

    /// The name of the command, without its parent's.
    #[must_use]
    pub fn command_name(&self) -> &'static str {
        self.command.command.name
    }

    /// Asks the processor for the entries of several keys, so that the misses are under way at once when the keys are
    /// looked up one after the other.
    pub fn prefetch(&mut self, keys: &[Key<'_>]) {
        for prefetch in [Table::prefetch_bucket, Table::prefetch_item] {
            for key in keys {
                if let Some(table) = self.access.slot(key.hash()).table(self.session.database) {
                    prefetch(table, key.hash());
                }
            }
        }
    }

    /// Looks a key up without recording an access: expired ones are removed and not found.
    #[inline(never)]
    pub fn peek(&mut self, key: Key<'_>) -> Option<Found<'_>> {
        self.look_up::<false>(self.session.database, key).map(Found::new)
    }

    /// As [`Context::peek`], in another database.
    pub fn peek_in(&mut self, database: usize, key: Key<'_>) -> Option<Found<'_>> {
        self.look_up::<false>(database, key).map(Found::new)
    }

    /// As [`Context::peek`], to change the entry; [`Context::commit`] follows.
    #[inline(never)]
    pub fn peek_mut(&mut self, key: Key<'_>) -> Option<Writing<'_>> {
        self.peek_mut_in(self.session.database, key)
    }

    /// As [`Context::peek_mut`], in another database.
    #[inline(always)]
    pub fn peek_mut_in(&mut self, database: usize, key: Key<'_>) -> Option<Writing<'_>> {
        self.look_up::<true>(database, key).map(|found| Writing::new(found, database))
    }

    /// All of a look-up in one function, which its few callers inline: every command has one, and a chain of small calls
    /// took a fifth of its instructions. Before an entry is lent to be changed, a running snapshot gets what it lacks.
    #[inline(always)]
    fn look_up<const WRITES: bool>(&mut self, database: usize, key: Key<'_>) -> Option<RefMut<'_, Entry>> {
        let found = self.access.slot(key.hash()).table_mut(database).get_mut(key.hash(), key.bytes())?;
        let snapshots = &self.shared.keyspace.snapshots;
        if WRITES
            && snapshots.lacks(&found)
            && !(found.is_large() && (self.spares_large || found.is_expired(self.now_ms)))
        {
            snapshots.keep(database, &found);
        }
        if found.is_expired(self.now_ms) {
            if !self.shared.pause.is_on() {
                let caused = (&mut self.after, &mut self.effects);
                expired((self.shared, self.stats), caused, (database, key), found.remove());
            }
            return None;
        }
        if self.effects.is_some()
            && found.parts_expire_ms().is_some_and(|at_ms| at_ms < self.now_ms)
            && self.command.flags.has(Flags::WRITE)
            && !sees_to_parts(self.command, &found)
        {
            let caused = (&mut self.after, &mut self.effects);
            return parts_expired((self.shared, self.stats), caused, (database, key), found, self.now_ms);
        }
        Some(found)
    }

    /// Looks a key up to change it, recording the access; [`Context::commit`] follows.
    #[inline(never)]
    pub fn find_mut(&mut self, key: Key<'_>) -> Option<Writing<'_>> {
        self.find_mut_in(self.session.database, key)
    }

    /// As [`Context::find_mut`], in another database.
    #[inline(always)]
    pub fn find_mut_in(&mut self, database: usize, key: Key<'_>) -> Option<Writing<'_>> {
        self.find_in::<true>(database, key).map(|found| Writing::new(found, database))
    }

    /// Looks a key up and records the access.
    #[inline(always)]
    fn find_in<const WRITES: bool>(&mut self, database: usize, key: Key<'_>) -> Option<RefMut<'_, Entry>> {
        let (clock, now, touch) = (self.shared.clock(), self.clock_ms(), !self.session.no_touch);
        let stats = self.stats;
        let found = self.look_up::<WRITES>(database, key)?;
        if touch {
            let touched = clock.touched(found.clock(), now, || unit(stats.random()));
            found.set_clock(touched);
        }
        Some(found)
    }

    /// Looks a key up to read it, recording the access, but neither a hit nor a miss: commands that write look at what
    /// they may change.
    #[inline(never)]
    pub fn find_quietly(&mut self, key: Key<'_>) -> Option<Found<'_>> {
        self.find_in::<false>(self.session.database, key).map(Found::new)
    }

    /// Looks a key up to read it, recording the access and counting hits and misses.
    #[inline]
    pub fn find(&mut self, key: Key<'_>) -> Option<Found<'_>> {
        let (stats, shared, database) = (self.stats, self.shared, self.session.database);
        let found = self.find_quietly(key);
        count_look_up(stats, found.is_some());
        if found.is_none() {
            shared.miss(database, key);
        }
        found
    }

    /// As [`Context::find_mut`], counting hits and misses: for commands that answer with what they change.
    pub fn find_counted(&mut self, key: Key<'_>) -> Option<Writing<'_>> {
        let (stats, shared, database) = (self.stats, self.shared, self.session.database);
        let found = self.find_mut(key);
        count_look_up(stats, found.is_some());
        if found.is_none() {
            shared.miss(database, key);
        }
        found
    }

    /// As [`Context::find`] for several keys, to be read beside each other; fails where `check` refuses a value.
    pub fn find_all<'k>(
        &mut self,
        keys: impl Iterator<Item = Key<'k>> + Clone,
        check: impl Fn(ValueRef<'_>) -> Result<(), Error>,
    ) -> Result<Vec<Option<Ref<'_, Entry>>>, Error> {
        for key in keys.clone() {
            if let Some(found) = self.find(key) {
                check(found.value())?;
            }
        }
        let (access, database) = (&self.access, self.session.database);
        let seen = |key: Key<'_>| access.held(key.hash()).table(database)?.get(key.hash(), key.bytes());
        Ok(keys.map(seen).collect())
    }

    /// Looks a key up to read about it, counting hits and misses but recording no access (TYPE, TTL, EXISTS).
    pub fn look(&mut self, key: Key<'_>) -> Option<Found<'_>> {
        let (shared, database) = (self.shared, self.session.database);
        let found = self.look_quietly(key);
        if found.is_none() {
            shared.miss(database, key);
        }
        found
    }

    /// As [`Context::look`], without the event of a miss (OBJECT).
    pub fn look_quietly(&mut self, key: Key<'_>) -> Option<Found<'_>> {
        let stats = self.stats;
        let found = self.peek(key);
        count_look_up(stats, found.is_some());
        found
    }

    /// As [`Context::find`], recording the access even where the client asked for none (TOUCH).
    pub fn find_touching(&mut self, key: Key<'_>) -> Option<Found<'_>> {
        let no_touch = std::mem::take(&mut self.session.no_touch);
        let there = self.find(key).is_some();
        self.session.no_touch = no_touch;
        if there { self.peek(key) } else { None }
    }

    /// Adds a key that is not there; [`Context::commit`] follows.
    #[inline]
    pub fn insert(&mut self, key: Key<'_>, value: Value<'_>, expire_ms: Option<i64>) {
        let entry = Entry::new(key.bytes(), value, expire_ms);
        entry.set_clock(self.shared.clock().fresh(self.clock_ms()));
        self.insert_entry(self.session.database, key, entry);
    }

    /// Adds an entry that was made elsewhere, under its key, which is not there.
    #[inline]
    pub fn insert_entry(&mut self, database: usize, key: Key<'_>, entry: Entry) {
        debug_assert_eq!(entry.key(), key.bytes());
        // What is new is no part of a snapshot that runs.
        entry.set_mark(self.shared.keyspace.snapshots.epoch());
        let table = self.access.slot(key.hash()).table_mut(database);
        #[cfg(debug_assertions)]
        crate::uncommitted::note(database, key.bytes(), None);
        table.insert(key.hash(), entry);
        self.notify_in(Event::NEW, "new", database, key);
    }

    /// As [`Context::insert_entry`], of an entry that was under another name or in another database, or is a copy of one:
    /// its access clock begins anew.
    pub fn insert_anew(&mut self, database: usize, key: Key<'_>, entry: Entry) {
        entry.set_clock(self.shared.clock().fresh(self.clock_ms()));
        self.insert_entry(database, key, entry);
    }

    /// Sets a key, whatever it held; [`Context::commit`] follows.
    #[inline]
    pub fn set(&mut self, key: Key<'_>, value: Value<'_>, expire: Expire) {
        let (policy, now_ms, counts, stats) =
            (self.shared.clock(), self.clock_ms(), !self.session.no_touch, self.stats);
        let Some(mut found) = self.peek_mut(key) else {
            let expire_ms = if let Expire::At(at) = expire { Some(at) } else { None };
            return self.insert(key, value, expire_ms);
        };
        let clock = policy.replaced(found.clock(), now_ms, counts, || unit(stats.random()));
        if found.free_effort() > 1 {
            drop(found);
            return self.replace(key, value, expire, clock);
        }
        found.set_clock(clock);
        match expire {
            Expire::Never => found.set_expire_ms(None),
            Expire::Keep => {}
            Expire::At(at) => found.set_expire_ms(Some(at)),
        }
        found.set_value(value);
    }

    /// As [`Context::set`], over a value that may take long to be freed.
    #[cold]
    fn replace(&mut self, key: Key<'_>, value: Value<'_>, expire: Expire, clock: u32) {
        let Some(old) = self.peek_mut(key).map(Writing::remove) else { return };
        let expire_ms = match expire {
            Expire::Never => None,
            Expire::Keep => old.expire_ms(),
            Expire::At(at) => Some(at),
        };
        self.shared.lazy.drop_entry(old, self.shared.config.get(ids::LAZYFREE_LAZY_SERVER_DEL));
        let entry = Entry::new(key.bytes(), value, expire_ms);
        entry.set_clock(clock);
        self.insert_entry(self.session.database, key, entry);
    }

    /// Removes a key; says whether it was there; [`Context::commit`] follows.
    pub fn delete(&mut self, key: Key<'_>) -> bool {
        self.delete_as(key, self.shared.config.get(ids::LAZYFREE_LAZY_SERVER_DEL))
    }

    /// Removes a key, and frees its value lazily if that is wanted; says whether it was there.
    pub fn delete_as(&mut self, key: Key<'_>, lazily: bool) -> bool {
        let spared = std::mem::replace(&mut self.spares_large, true);
        let entry = self.peek_mut(key).map(Writing::remove);
        self.spares_large = spared;
        let Some(entry) = entry else { return false };
        self.free(entry, lazily);
        true
    }

    /// Frees an entry of this database that was removed ([`Shared::free`]).
    pub fn free(&self, entry: Entry, lazily: bool) {
        self.shared.free(self.session.database, entry, lazily);
    }

    /// Takes a key's entry out; [`Context::commit`] follows.
    pub fn take(&mut self, key: Key<'_>) -> Option<Entry> {
        Some(self.peek_mut(key)?.remove())
    }

    /// Whether the key is there.
    pub fn exists(&mut self, key: Key<'_>) -> bool {
        self.peek(key).is_some()
    }

    /// The database an argument names.
    ///
    /// # Errors
    /// It is no number, or there is no such database.
    pub fn database_index(&self, argument: &[u8]) -> Result<usize, Error> {
        let number = redstart_encoding::int::parse_i64(argument).ok_or(Error::NotInteger)?;
        if i32::try_from(number).is_err() {
            let text = format!("ERR value is out of range, value must between {} and {}", i32::MIN, i32::MAX);
            return Err(Error::Text(text.into()));
        }
        self.database_of(number)
    }

    /// The database with this number.
    ///
    /// # Errors
    /// There is no such database.
    pub fn database_of(&self, number: i64) -> Result<usize, Error> {
        let index = usize::try_from(number).ok().filter(|&index| index < self.shared.keyspace.databases());
        index.ok_or(Error::text("ERR DB index is out of range"))
    }
}

/// Whether a command removes those parts past their time by itself that it depends on: what names fields does.
#[cold]
fn sees_to_parts(command: &Registered, found: &Entry) -> bool {
    let is_hash = matches!(found.value(), ValueRef::HashTable(_) | ValueRef::HashPackTimed(_));
    is_hash && command.flags.has(Flags::CHANGES_NAMED)
}

/// Counts a look-up as a hit or a miss.
#[inline]
fn count_look_up(stats: &WorkerStats, is_hit: bool) {
    let counter = if is_hit { &stats.keyspace_hits } else { &stats.keyspace_misses };
    counter.add(1);
}

/// A number in 0..1 from random bits.
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Sees to an entry that was removed because it is past its time. Apart from the look-up, which most often finds what is
/// not past it.
#[cold]
#[inline(never)]
fn expired(
    (shared, stats): (&Shared, &WorkerStats),
    (after, effects): (&mut Option<Box<After>>, &mut Option<Box<Effects>>),
    (database, key): (usize, Key<'_>),
    entry: Entry,
) {
    shared.free(database, entry, shared.config.get(ids::LAZYFREE_LAZY_EXPIRE));
    stats.expired_keys.add(1);
    if let Some(effects) = effects {
        effects.push(database, [shared.word_for_expiry(), key.bytes()].into_iter());
    }
    shared.notify(Event::EXPIRED, "expired", database, key.bytes());
    if shared.is_heard() {
        after.get_or_insert_default().expired.push((database, key.bytes().to_vec()));
    }
}

/// Removes the parts of a collection that are past their time before it is changed, where what changes is kept. Otherwise
/// a look at one part leaves the others alone; but what a command makes of a collection depends on which parts are there,
/// and when it is run again none has gone by itself.
#[cold]
#[inline(never)]
fn parts_expired<'f>(
    (shared, stats): (&Shared, &WorkerStats),
    (after, effects): (&mut Option<Box<After>>, &mut Option<Box<Effects>>),
    (database, key): (usize, Key<'_>),
    mut found: RefMut<'f, Entry>,
    now_ms: i64,
) -> Option<RefMut<'f, Entry>> {
    let (class, event, word): (_, _, &[u8]) = match found.value() {
        ValueRef::SetTable(_) => (Event::SET, "sexpired", b"SREM"),
        _ => (Event::HASH, "hexpired", b"HDEL"),
    };
    shared.keyspace.snapshots.before_change(database, &found);
    let mut names = Vec::new();
    found.expire_parts(now_ms, usize::MAX, &mut Progress::default(), |name| names.push(name.to_vec()));
    if names.is_empty() {
        return Some(found);
    }
    if let Some(effects) = effects {
        let words = [word, key.bytes()].into_iter().chain(names.iter().map(Vec::as_slice));
        effects.push(database, words);
    }
    timed::note(shared, database, key.bytes());
    stats.expired_parts.add(names.len() as u64);
    shared.notify(class, event, database, key.bytes());
    if found.parts() > 0 {
        return Some(found);
    }
    drop(found.remove());
    shared.notify(Event::GENERIC, "del", database, key.bytes());
    after.get_or_insert_default().expired.push((database, key.bytes().to_vec()));
    None
}
