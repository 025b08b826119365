//! What producers have added under ids of their own, so that what they send again is not added again.
//!
//! Each producer has a map from its ids to those of the entries, and their order by age. An id is forgotten when it is
//! too old, or when its producer has too many. Must not know where ids come from.

use super::StreamId;
use super::check::RULES;
use crate::check::{Broken, Within};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// The messages that producers sent lately.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// For how long an id is known, in seconds.
    pub duration_s: u32,
    /// How many ids of a producer are known.
    pub max_size: u32,
    /// How many entries were added under an id.
    pub added: u64,
    /// How often an entry was not added, as it had been.
    pub duplicates: u64,
    producers: BTreeMap<Box<[u8]>, Producer>,
}

#[derive(Clone, Debug, Default)]
struct Producer {
    entries: HashMap<Box<[u8]>, StreamId>,
    /// When each id came, in unix milliseconds, the oldest first.
    ages: VecDeque<(i64, Box<[u8]>)>,
}

impl Default for Idempotency {
    fn default() -> Self {
        Self { duration_s: 100, max_size: 100, added: 0, duplicates: 0, producers: BTreeMap::new() }
    }
}

impl Idempotency {
    /// The entry that a producer added under this id.
    pub fn find(&mut self, producer: &[u8], id: &[u8], now_ms: i64) -> Option<StreamId> {
        let oldest_ms = self.oldest_ms(now_ms);
        let one = self.producers.get_mut(producer)?;
        one.forget_before(oldest_ms);
        let entry = one.entries.get(id).copied();
        if one.entries.is_empty() {
            self.producers.remove(producer);
        }
        self.duplicates += u64::from(entry.is_some());
        entry
    }

    /// Notes what a producer added under an id that [`Idempotency::find`] did not find.
    pub fn note(&mut self, producer: &[u8], id: &[u8], entry: StreamId, now_ms: i64) {
        let one = self.producers.entry(producer.into()).or_default();
        if one.entries.insert(id.into(), entry).is_none() {
            one.ages.push_back((now_ms, id.into()));
        }
        while one.ages.len() > self.max_size as usize {
            one.forget_oldest();
        }
        self.added += 1;
    }

    /// Sets the limits, and forgets all that is known.
    pub fn configure(&mut self, duration_s: Option<u32>, max_size: Option<u32>) {
        self.duration_s = duration_s.unwrap_or(self.duration_s);
        self.max_size = max_size.unwrap_or(self.max_size);
        self.producers.clear();
    }

    /// How many producers are known, and how many ids of theirs.
    #[must_use]
    pub fn tracked(&self, now_ms: i64) -> (usize, usize) {
        let oldest_ms = self.oldest_ms(now_ms);
        let ids = |one: &Producer| one.ages.iter().filter(|(at, _)| *at > oldest_ms).count();
        self.producers.values().map(ids).filter(|&ids| ids > 0).fold((0, 0), |sums, ids| (sums.0 + 1, sums.1 + ids))
    }

    fn oldest_ms(&self, now_ms: i64) -> i64 {
        now_ms - i64::from(self.duration_s) * 1000
    }

    /// Checks the invariants: each id of a producer has an entry and an age, and there are no more than may be. O(n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        for (number, producer) in self.producers.values().enumerate() {
            let few = producer.ages.len() <= self.max_size as usize;
            RULES.hold("no producer has more ids than are known", few).within("producer", number)?;
            let (entries, ages) = (producer.entries.len(), producer.ages.len());
            RULES.count("an id has one age", ages, entries).within("producer", number)?;
            let known = producer.ages.iter().all(|(_, id)| producer.entries.contains_key(id));
            RULES.hold("an id that has an age has an entry", known).within("producer", number)?;
        }
        Ok(())
    }

    /// Bytes outside, nearly.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let one = |one: &Producer| {
            let ids: usize = one.ages.iter().map(|(_, id)| 2 * id.len()).sum();
            let entry = size_of::<(Box<[u8]>, StreamId)>() + 1;
            let age = size_of::<(i64, Box<[u8]>)>();
            size_of::<Producer>() + ids + one.entries.capacity() * entry + one.ages.capacity() * age
        };
        self.producers.iter().map(|(name, producer)| name.len() + one(producer)).sum()
    }
}

impl Producer {
    fn forget_before(&mut self, oldest_ms: i64) {
        while self.ages.front().is_some_and(|(at, _)| *at <= oldest_ms) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.ages.pop_front() {
            self.entries.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_until_they_are_too_old_or_too_many() {
        let mut known = Idempotency { duration_s: 1, max_size: 2, ..Idempotency::default() };
        let id = |ms| StreamId::new(ms, 0);
        known.note(b"p", b"a", id(1), 0);
        known.note(b"p", b"b", id(2), 500);
        assert_eq!((known.find(b"p", b"a", 999), known.find(b"q", b"a", 999)), (Some(id(1)), None));
        assert_eq!((known.find(b"p", b"a", 1000), known.find(b"p", b"b", 1000)), (None, Some(id(2))));
        known.note(b"p", b"c", id(3), 1000);
        known.note(b"p", b"d", id(4), 1000);
        assert_eq!((known.find(b"p", b"b", 1000), known.tracked(1000)), (None, (1, 2)));
        assert_eq!((known.added, known.duplicates, known.tracked(2000)), (4, 2, (0, 0)));
        known.check().unwrap();
        known.configure(None, Some(5));
        assert_eq!((known.find(b"p", b"d", 1000), known.duration_s, known.max_size), (None, 1, 5));
    }

    #[test]
    fn ids_without_an_age_or_an_entry_are_found() {
        let broken = |change: fn(&mut Idempotency)| {
            let mut known = Idempotency { max_size: 2, ..Idempotency::default() };
            known.note(b"p", b"a", StreamId::new(1, 0), 0);
            known.note(b"p", b"b", StreamId::new(2, 0), 0);
            known.check().unwrap();
            change(&mut known);
            known.check().unwrap_err().invariant
        };
        assert_eq!(broken(|known| known.max_size = 1), "no producer has more ids than are known");
        let forgotten = |known: &mut Idempotency| known.producers.values_mut().for_each(|one| one.entries.clear());
        assert_eq!(broken(forgotten), "an id has one age");
        let renamed = |known: &mut Idempotency| {
            let ages = known.producers.values_mut().flat_map(|one| &mut one.ages);
            ages.take(1).for_each(|age| age.1 = b"x".as_slice().into());
        };
        assert_eq!(broken(renamed), "an id that has an age has an entry");
    }
}
