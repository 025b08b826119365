//! Eviction: selects and removes a key when memory is short.
//!
//! No structure keeps all keys in order. Instead a few keys are sampled, in a random slot from a random position on.
//! The best candidates are remembered in a **pool**, with the value on which their rank depends. The best one of the
//! pool is evicted, unless it was used since it was sampled. Source: the description of approximated LRU in Redis's
//! documentation of key eviction. Two rules are ours: a key that was used meanwhile is spared, and a pool contains a
//! key only once.
//!
//! All keys must be sampled equally often; otherwise those sampled more often are evicted too early. In a slot that has
//! no more keys than are wanted, all keys are sampled, so that such slots are equally likely. In a larger slot, the
//! wanted number of keys is sampled, and the slot's probability grows with its keys: it is accepted in proportion of
//! its keys to the largest known number of keys of a slot.
//!
//! Each thread has its own pool. A slot is locked for one look or one removal, and never waited for: a slot in use is
//! skipped.

use crate::clock::Policy;
use crate::database::Pass;
use crate::key::slot_of;
use crate::slot::Slot;
use redstart_encoding::hash::hash;
use redstart_encoding::table::Ref;
use redstart_encoding::{Entry, Table};

/// The number of candidates in a pool.
const POOL: usize = 16;
/// The largest buffer, in bytes, that a pool keeps for the name of a candidate.
const KEEP_NAME: usize = 256;
/// The number of random slots tried for a sample. With few keys most slots are empty.
const TRIES: usize = 64;
/// The number of random words tried to find a key with an expiry, before the next one found is taken.
const WORDS: usize = 32;
/// The largest number of keys of a slot is taken over this many tries.
const WINDOW: usize = 4096;
/// Samples taken for one eviction while all candidates are in use.
const ATTEMPTS: usize = 8;

/// Which keys may be evicted, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Only keys with an expiry may be evicted.
    pub volatile: bool,
    /// The order of eviction.
    pub order: Order,
    /// Keys sampled per eviction (`maxmemory-samples`).
    pub samples: usize,
}

/// The order of eviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By access clock.
    Clock(Policy),
    /// The earliest expiry first.
    Ttl,
    /// Random.
    Random,
}

impl Order {
    /// The value on which a key's rank depends. While it is unchanged, the rank is too.
    fn stamp(self, entry: &Entry) -> u64 {
        match self {
            Self::Clock(_) => u64::from(entry.clock()),
            Self::Ttl => entry.expire_ms().unwrap_or(i64::MAX).cast_unsigned(),
            Self::Random => 0,
        }
    }

    /// The key with the highest score is evicted first.
    fn score(self, stamp: u64, now_ms: i64) -> u64 {
        match self {
            Self::Clock(policy) => policy.idleness(stamp as u32, now_ms),
            Self::Ttl => i64::MAX.cast_unsigned().wrapping_sub(stamp),
            Self::Random => 0,
        }
    }
}

/// The result of an attempt to evict a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A key was evicted.
    Evicted,
    /// All candidates were in use.
    Busy,
    /// No key may be evicted.
    NoCandidate,
}

/// The rule, the time and the source of random bits of one attempt.
#[derive(Debug)]
pub struct Look<'l, R> {
    /// Which keys may be evicted.
    pub rule: Rule,
    /// The time, in unix milliseconds.
    pub now_ms: i64,
    /// Returns 64 random bits per call.
    pub random: &'l mut R,
}

impl<R> Look<'_, R> {
    /// How many keys are sampled: half as many again as configured. A sample costs less than in Redis, and more samples
    /// choose slightly better.
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
    /// Buffers of former candidates.
    spare: Vec<Vec<u8>>,
    /// The rule by which the candidates were chosen.
    rule: Option<Rule>,
    /// The largest known number of evictable keys of a slot.
    most: usize,
    /// The number of slots sampled, and their largest number of keys: the next value of `most`.
    window: (usize, usize),
}

impl Pool {
    /// Removes one key, if any may be evicted, and passes it to `gone` with its locked slot and its database.
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
                    return Outcome::Evicted;
                }
            }
            if !seen && !missed {
                return Outcome::NoCandidate;
            }
        }
        Outcome::Busy
    }

    /// Drops all candidates.
    pub fn clear(&mut self) {
        for candidate in std::mem::take(&mut self.candidates) {
            self.give_back(candidate.key);
        }
    }

    /// Samples a few keys. Returns whether there were any, and whether a slot was skipped because it was in use.
    fn fill(&mut self, pass: &Pass<'_>, look: &mut Look<'_, impl FnMut() -> u64>) -> (bool, bool) {
        let (count, wanted) = (pass.count(), look.wanted());
        let mut seen = 0;
        for _ in 0..TRIES {
            let bits = (look.random)();
            let Some(slot) = pass.try_lock(slot_of(bits, count)) else { continue };
            let keys = slot.candidates(look.rule.volatile);
            self.note(keys);
            let most = self.most.max(keys).max(wanted);
            // The upper half of the bits is still unused: it decides whether a slot with so few keys is skipped.
            if keys > 0 && ((bits >> 32) * most as u64) >> 32 < keys.max(wanted) as u64 {
                seen += self.look_into(&slot, keys, look);
            }
            if seen >= wanted {
                return (true, false);
            }
        }
        if seen > 0 { (true, false) } else { self.search(pass, look) }
    }

    /// Searches one slot after the other, from a random one on, until a key is found.
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

    /// Samples some of a slot's keys, of which `keys` may be evicted. Returns how many.
    fn look_into(&mut self, slot: &Slot, keys: usize, look: &mut Look<'_, impl FnMut() -> u64>) -> usize {
        let Rule { volatile, order, .. } = look.rule;
        // If not all keys are sampled, each key of the slot's databases is equally likely to be the first.
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

    /// Records the number of keys of a slot.
    fn note(&mut self, keys: usize) {
        self.window.0 += 1;
        self.window.1 = self.window.1.max(keys);
        self.most = self.most.max(keys);
        if self.window.0 == WINDOW {
            self.most = self.window.1;
            self.window = (0, 0);
        }
    }

    /// Adds a key to the pool, if there is room or it ranks above one of the candidates.
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

    /// Removes the best candidate.
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

/// The number of keys of a table that may be evicted.
fn candidates(table: &Table<Entry>, volatile: bool) -> usize {
    if volatile { table.expiring() } else { table.len() }
}

/// A random key that may be evicted.
fn pick<'t>(table: &'t Table<Entry>, volatile: bool, random: &mut impl FnMut() -> u64) -> Option<Ref<'t, Entry>> {
    if !volatile {
        return table.random(random);
    }
    (0..WORDS).find_map(|_| table.try_random(random(), true).filter(|entry| entry.expire_ms().is_some()))
}

impl Slot {
    /// The number of keys that may be evicted.
    fn candidates(&self, volatile: bool) -> usize {
        let tables = (0..self.databases()).filter_map(|database| self.table(database));
        tables.map(|table| candidates(table, volatile)).sum()
    }
}

/// Removes a candidate from the keyspace, if it is unchanged and its slot is not in use.
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

    /// Every fourth key is in database 3.
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

    /// Evicts `count` keys; returns their numbers in order.
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
                Outcome::Evicted => {}
                Outcome::NoCandidate => break,
                Outcome::Busy => panic!("no other thread holds a slot"),
            }
        }
        gone
    }

    #[test]
    fn only_volatile_keys_are_evicted_and_all_of_them() {
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
    fn least_recently_used_keys_are_evicted_first() {
        for (order, samples) in [(Order::Clock(Policy::Lru), 5), (Order::Ttl, 5), (Order::Clock(Policy::Lru), 20)] {
            let (keyspace, mut pool) = (keyspace(4_000), Pool::default());
            let volatile = order == Order::Ttl;
            let gone = evict(&keyspace, &mut pool, Rule { volatile, order, samples }, 400);
            let early = gone.iter().filter(|&&number| number < 1_600).count();
            assert!(early > if samples > 5 { 395 } else { 370 }, "{early} of {} with {samples}", gone.len());
        }
    }

    #[test]
    fn keys_used_meanwhile_are_spared() {
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
