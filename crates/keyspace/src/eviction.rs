//! Eviction: which key is given up when memory is short, and taking it out.
//!
//! Nothing keeps all keys in an order. A few are looked at, in a random slot from a random place on; those that would go
//! first are remembered in a **pool**, with what their turn depends on; the first of the pool goes, unless it was used
//! since it was looked at. Source: the description of approximated LRU in Redis's documentation of key eviction; that what
//! was used meanwhile is spared, and that a pool knows a key once, is ours.
//!
//! All keys are to be looked at equally often, or those that are looked at more often go too early. Of a slot that has no
//! more keys than are wanted all are looked at, so that the slots have equal chances. Of one that has more, as many as are
//! wanted are looked at, and its chance grows with its keys: it is taken in the proportion of its keys to the most that
//! a slot has, as far as known.
//!
//! Each thread has a pool of its own. A slot is held for one look or one removal, and never waited for: one that somebody
//! works in is passed over.

use crate::clock::Policy;
use crate::database::Pass;
use crate::key::slot_of;
use crate::slot::Slot;
use redstart_encoding::hash::hash;
use redstart_encoding::table::Ref;
use redstart_encoding::{Entry, Table};

/// Candidates that a pool remembers.
const POOL: usize = 16;
/// Of the names of candidates, a pool keeps buffers of so many bytes.
const KEEP_NAME: usize = 256;
/// So many random slots are tried for a look. With few keys most slots are empty.
const TRIES: usize = 64;
/// So many random words are tried for a key that expires, before it is the next one that is found.
const WORDS: usize = 32;
/// The most keys that a slot has are those of so many tries.
const WINDOW: usize = 4096;
/// Samples taken for one removal while all that was found is in use.
const ATTEMPTS: usize = 8;

/// Which keys may go, and which of them go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Only those that expire may.
    pub volatile: bool,
    /// Which go first.
    pub order: Order,
    /// Keys looked at for each that goes (`maxmemory-samples`).
    pub samples: usize,
}

/// Which keys go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By their access clocks.
    Clock(Policy),
    /// Those that expire first.
    Ttl,
    /// Any.
    Random,
}

impl Order {
    /// What a key's turn depends on. While that stays, so does its place among the others.
    fn stamp(self, entry: &Entry) -> u64 {
        match self {
            Self::Clock(_) => u64::from(entry.clock()),
            Self::Ttl => entry.expire_ms().unwrap_or(i64::MAX).cast_unsigned(),
            Self::Random => 0,
        }
    }

    /// Whose number is higher goes first.
    fn score(self, stamp: u64, now_ms: i64) -> u64 {
        match self {
            Self::Clock(policy) => policy.idleness(stamp as u32, now_ms),
            Self::Ttl => i64::MAX.cast_unsigned().wrapping_sub(stamp),
            Self::Random => 0,
        }
    }
}

/// What became of an attempt to give up a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One went.
    Gone,
    /// What was found was in use right now.
    Busy,
    /// There is none that may go.
    Nothing,
}

/// What chance says, and the time: for one attempt.
#[derive(Debug)]
pub struct Look<'l, R> {
    /// Which keys.
    pub rule: Rule,
    /// In unix milliseconds.
    pub now_ms: i64,
    /// Gives 64 random bits at each call.
    pub random: &'l mut R,
}

impl<R> Look<'_, R> {
    /// How many keys are to be looked at: half as many again as are asked for, since a look costs less than in Redis, and
    /// what goes is then chosen a little better.
    fn wanted(&self) -> usize {
        if self.rule.order == Order::Random { 1 } else { self.rule.samples + self.rule.samples / 2 }
    }
}

#[derive(Debug, Default)]
struct Candidate {
    stamp: u64,
    hash: u64,
    database: usize,
    key: Vec<u8>,
}

/// Candidates for eviction, the best one last.
#[derive(Debug, Default)]
pub struct Pool {
    candidates: Vec<Candidate>,
    /// Buffers of candidates that went.
    spare: Vec<Vec<u8>>,
    /// By which the candidates were chosen.
    rule: Option<Rule>,
    /// The most keys that may go from one slot, as far as known.
    most: usize,
    /// Slots looked into, and the most keys of one of those: what becomes of `most`.
    window: (usize, usize),
}

impl Pool {
    /// Takes out one key, if there is any that may go, and shows it with its slot, which is held, and its database.
    pub fn evict(
        &mut self,
        pass: &Pass<'_>,
        look: &mut Look<'_, impl FnMut() -> u64>,
        gone: impl FnOnce(&Slot, usize, Entry),
    ) -> Outcome {
        if self.rule != Some(look.rule) {
            self.clear();
            (self.rule, self.most, self.window) = (Some(look.rule), 0, (0, 0));
        }
        let mut gone = Some(gone);
        for _ in 0..ATTEMPTS {
            let (seen, missed) = self.fill(pass, look);
            while let Some(candidate) = self.first(look) {
                let taken = take(pass, &candidate, look.rule, &mut gone);
                self.give_back(candidate.key);
                if taken {
                    return Outcome::Gone;
                }
            }
            if !seen && !missed {
                return Outcome::Nothing;
            }
        }
        Outcome::Busy
    }

    /// Forgets all candidates.
    pub fn clear(&mut self) {
        for candidate in std::mem::take(&mut self.candidates) {
            self.give_back(candidate.key);
        }
    }

    /// Looks at a few keys. Returns whether there were any, and whether there was a slot that could not be looked into.
    fn fill(&mut self, pass: &Pass<'_>, look: &mut Look<'_, impl FnMut() -> u64>) -> (bool, bool) {
        let (count, wanted) = (pass.count(), look.wanted());
        let mut seen = 0;
        for _ in 0..TRIES {
            let bits = (look.random)();
            let Some(slot) = pass.try_lock(slot_of(bits, count)) else { continue };
            let keys = slot.candidates(look.rule.volatile);
            self.note(keys);
            let most = self.most.max(keys).max(wanted);
            // The upper half of the bits has not been used: whether a part of the slots that have so few is passed over.
            if keys > 0 && ((bits >> 32) * most as u64) >> 32 < keys.max(wanted) as u64 {
                seen += self.look_into(&slot, keys, look);
            }
            if seen >= wanted {
                return (true, false);
            }
        }
        if seen > 0 { (true, false) } else { self.search(pass, look) }
    }

    /// Looks into one slot after the other until something is found, from a random one on.
    fn search(&mut self, pass: &Pass<'_>, look: &mut Look<'_, impl FnMut() -> u64>) -> (bool, bool) {
        let (count, first, mut missed) = (pass.count(), (look.random)(), false);
        for step in 0..count as u64 {
            let Some(mut slot) = pass.try_lock(slot_of(first.wrapping_add(step), count)) else {
                missed = true;
                continue;
            };
            let keys = slot.candidates(look.rule.volatile);
            if keys > 0 && self.look_into(&slot, keys, look) > 0 {
                return (true, missed);
            }
            slot.release();
        }
        (false, missed)
    }

    /// Looks at some of a slot's keys, of which so many may go. Returns how many.
    fn look_into(&mut self, slot: &Slot, keys: usize, look: &mut Look<'_, impl FnMut() -> u64>) -> usize {
        let Rule { volatile, order, .. } = look.rule;
        // Where not all are looked at, each key of the slot's databases is as likely to be where the look begins.
        let within = if keys > look.wanted() { (look.random)() >> 32 } else { 0 };
        let (mut at, mut seen) = (((within * keys as u64) >> 32) as usize, 0);
        for database in 0..slot.databases() {
            let Some(table) = slot.table(database) else { continue };
            let here = candidates(table, volatile);
            if at >= here {
                at -= here;
                continue;
            }
            at = 0;
            let wanted = look.wanted() - seen;
            if order == Order::Random
                && let Some(one) = pick(table, volatile, look.random)
            {
                self.consider(&one, database, order, look.now_ms);
                return 1;
            }
            seen += table.sample((look.random)(), volatile, wanted, |entry| {
                let counts = !volatile || entry.expire_ms().is_some();
                if counts {
                    self.consider(entry, database, order, look.now_ms);
                }
                counts
            });
            if seen >= look.wanted() {
                break;
            }
        }
        seen
    }

    /// Takes note of how many keys a slot has.
    fn note(&mut self, keys: usize) {
        self.window.0 += 1;
        self.window.1 = self.window.1.max(keys);
        self.most = self.most.max(keys);
        if self.window.0 == WINDOW {
            self.most = self.window.1;
            self.window = (0, 0);
        }
    }

    /// Remembers a key, if there is room or it would go before one that is there.
    fn consider(&mut self, entry: &Entry, database: usize, order: Order, now_ms: i64) {
        let (stamp, hash) = (order.stamp(entry), hash(entry.key()));
        if let Some(known) = self.candidates.iter_mut().find(|one| one.hash == hash && one.database == database) {
            known.stamp = stamp;
            return;
        }
        if self.candidates.len() == POOL {
            let score = |stamp| order.score(stamp, now_ms);
            let last = self.candidates.iter().enumerate().min_by_key(|(_, one)| score(one.stamp));
            let Some((last, _)) = last.filter(|(_, last)| score(last.stamp) < score(stamp)) else { return };
            let last = self.candidates.swap_remove(last);
            self.give_back(last.key);
        }
        let mut key = self.spare.pop().unwrap_or_default();
        key.clear();
        key.extend_from_slice(entry.key());
        self.candidates.push(Candidate { stamp, hash, database, key });
    }

    /// Takes out the candidate that goes first.
    fn first(&mut self, look: &Look<'_, impl FnMut() -> u64>) -> Option<Candidate> {
        let score = |one: &Candidate| look.rule.order.score(one.stamp, look.now_ms);
        let (index, _) = self.candidates.iter().enumerate().max_by_key(|(_, one)| score(one))?;
        Some(self.candidates.swap_remove(index))
    }

    fn give_back(&mut self, mut key: Vec<u8>) {
        key.clear();
        key.shrink_to(KEEP_NAME);
        self.spare.push(key);
        self.spare.truncate(POOL);
    }
}

/// How many keys of a table may go.
fn candidates(table: &Table<Entry>, volatile: bool) -> usize {
    if volatile { table.expiring() } else { table.len() }
}

/// A random key that may go.
fn pick<'t>(table: &'t Table<Entry>, volatile: bool, random: &mut impl FnMut() -> u64) -> Option<Ref<'t, Entry>> {
    if !volatile {
        return table.random(random);
    }
    (0..WORDS).find_map(|_| table.try_random(random(), true).filter(|entry| entry.expire_ms().is_some()))
}

impl Slot {
    /// How many of its keys may go.
    fn candidates(&self, volatile: bool) -> usize {
        let tables = (0..self.databases()).filter_map(|database| self.table(database));
        tables.map(|table| candidates(table, volatile)).sum()
    }
}

/// Takes a candidate out of the keyspace, if it is still what it was and nobody works in its slot.
fn take(
    pass: &Pass<'_>,
    candidate: &Candidate,
    rule: Rule,
    gone: &mut Option<impl FnOnce(&Slot, usize, Entry)>,
) -> bool {
    let Some(mut slot) = pass.try_lock(slot_of(candidate.hash, pass.count())) else { return false };
    if slot.len(candidate.database) == 0 {
        return false;
    }
    let table = slot.table_mut(candidate.database);
    let Some(found) = table.get_mut(candidate.hash, &candidate.key) else { return false };
    let spared = rule.order.stamp(&found) != candidate.stamp || (rule.volatile && found.expire_ms().is_none());
    if spared {
        return false;
    }
    let entry = found.remove();
    slot.release();
    if let Some(gone) = gone.take() {
        gone(&slot, candidate.database, entry);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Keyspace, Options};
    use redstart_encoding::Value;

    /// Every fourth key stands in database 3.
    fn database_of(number: u32) -> usize {
        if number.is_multiple_of(4) { 3 } else { 0 }
    }

    fn keyspace(keys: u32) -> Keyspace {
        let keyspace =
            Keyspace::new(Options { databases: 16, slots: 64, threads: 2, slot_function: crate::SlotFunction::Hash });
        let pass = keyspace.enter_exclusive();
        for number in 0..keys {
            let key = format!("key:{number}");
            // Every second key expires, the later ones later.
            let expire_ms = (number % 2 == 0).then(|| 1_000_000 + i64::from(number));
            let entry = Entry::new(key.as_bytes(), Value::Bytes(b"value"), expire_ms);
            entry.set_clock(number);
            let hash = hash(key.as_bytes());
            let database = database_of(number);
            pass.lock(slot_of(hash, pass.count())).table_mut(database).insert(hash, entry);
        }
        drop(pass);
        keyspace
    }

    fn numbers() -> impl FnMut() -> u64 {
        let mut state = 1_u64;
        move || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed ^ (mixed >> 29)
        }
    }

    /// Gives up so many keys; returns their numbers in order.
    fn evict(keyspace: &Keyspace, pool: &mut Pool, rule: Rule, count: usize) -> Vec<u32> {
        let (mut random, pass, mut gone) = (numbers(), keyspace.enter(keyspace.share()), Vec::new());
        for _ in 0..count {
            let mut look = Look { rule, now_ms: 100_000, random: &mut random };
            let outcome = pool.evict(&pass, &mut look, |_, database, entry| {
                let name = String::from_utf8_lossy(entry.key()).into_owned();
                let number: u32 = name.trim_start_matches("key:").parse().expect("its name has its number");
                assert_eq!(database, database_of(number));
                gone.push(number);
            });
            match outcome {
                Outcome::Gone => {}
                Outcome::Nothing => break,
                Outcome::Busy => panic!("nobody else is there"),
            }
        }
        gone
    }

    #[test]
    fn only_what_expires_goes_and_all_of_it() {
        for order in [Order::Ttl, Order::Random, Order::Clock(Policy::Lru)] {
            let (keyspace, mut pool) = (keyspace(400), Pool::default());
            let mut gone = evict(&keyspace, &mut pool, Rule { volatile: true, order, samples: 5 }, 1_000);
            gone.sort_unstable();
            assert_eq!(gone, (0..400).step_by(2).collect::<Vec<_>>());
            let rest = evict(&keyspace, &mut pool, Rule { volatile: false, order: Order::Random, samples: 5 }, 1_000);
            assert_eq!(rest.len(), 200);
        }
    }

    #[test]
    fn those_that_were_not_used_for_longest_go_first() {
        for (order, samples) in [(Order::Clock(Policy::Lru), 5), (Order::Ttl, 5), (Order::Clock(Policy::Lru), 20)] {
            let (keyspace, mut pool) = (keyspace(4_000), Pool::default());
            let volatile = order == Order::Ttl;
            let gone = evict(&keyspace, &mut pool, Rule { volatile, order, samples }, 400);
            let early = gone.iter().filter(|&&number| number < 1_600).count();
            assert!(early > if samples > 5 { 395 } else { 370 }, "{early} of {} with {samples}", gone.len());
        }
    }

    #[test]
    fn what_was_used_meanwhile_is_spared() {
        let (keyspace, mut pool) = (keyspace(32), Pool::default());
        let rule = Rule { volatile: false, order: Order::Clock(Policy::Lru), samples: 32 };
        assert!(evict(&keyspace, &mut pool, rule, 1)[0] < 16);
        let pass = keyspace.enter_exclusive();
        for number in 0..16 {
            let key = format!("key:{number}").into_bytes();
            let mut slot = pass.lock(slot_of(hash(&key), pass.count()));
            for database in [0, 3] {
                if let Some(entry) = slot.table_mut(database).get_mut(hash(&key), &key) {
                    entry.set_clock(90);
                }
            }
        }
        drop(pass);
        assert!(evict(&keyspace, &mut pool, rule, 10).iter().all(|&number| number >= 16));
    }
}
