//! Consumer groups: how far each has read, which entries are delivered but not acknowledged, and to whom.
//!
//! A pending entry stands in two maps: the group's says when and how often it was delivered and who owns it, the
//! owner's has its id alone. So nothing is shared, and what is said of an entry is said once. A consumer is known by its
//! number, which stays its own for as long as it lives.
//!
//! An entry that was handed back stays pending, and belongs to nobody.
//!
//! Invariants: an id is in an owner's map exactly if the group's map names that owner; `order` has every living
//! consumer once, by name.

mod check;

use super::StreamId;
use super::idmap::IdMap;
use super::log::Log;
use std::collections::VecDeque;

/// A consumer within its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerId(u32);

const NOBODY: u32 = u32::MAX;

/// A pending entry: delivered, but not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// When it was delivered last, in unix milliseconds.
    pub delivered_ms: i64,
    /// How often it was delivered.
    pub deliveries: u64,
    owner: u32,
}

impl Pending {
    /// Who it was delivered to; nobody after it was handed back.
    #[must_use]
    pub fn owner(&self) -> Option<ConsumerId> {
        (self.owner != NOBODY).then_some(ConsumerId(self.owner))
    }

    /// How often it will have been delivered after the next time, as far as that can be told on the wire.
    #[must_use]
    pub fn once_more(&self) -> u64 {
        self.deliveries.saturating_add(1).min(i64::MAX as u64)
    }

    /// For how long nobody has taken it, in milliseconds; negative where the clock went back.
    #[must_use]
    pub fn idle_ms(&self, now_ms: i64) -> i64 {
        now_ms.wrapping_sub(self.delivered_ms)
    }
}

/// One who reads in a group.
#[derive(Clone, Debug)]
pub struct Consumer {
    name: Box<[u8]>,
    /// When it last tried to read or claim, in unix milliseconds.
    pub seen_ms: i64,
    /// When it last got something, in unix milliseconds.
    pub active_ms: Option<i64>,
    pending: IdMap<()>,
}

impl Consumer {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// How many entries it has not acknowledged.
    #[must_use]
    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }
}

/// A consumer group.
#[derive(Clone, Debug)]
pub struct Group {
    name: Box<[u8]>,
    /// The last id delivered.
    pub last_id: StreamId,
    /// How many entries it has read, where that is known.
    pub entries_read: Option<i64>,
    pending: IdMap<Pending>,
    /// What was handed back, the first one first; also what has found an owner since.
    released: VecDeque<StreamId>,
    /// How many pending entries belong to nobody.
    unowned: usize,
    /// No entry that belongs to somebody was delivered before, in unix milliseconds.
    oldest_ms: i64,
    consumers: Vec<Option<Consumer>>,
    /// The numbers of consumers, by name.
    order: Vec<u32>,
}

/// Reading.
impl Group {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// How many entries are pending.
    #[must_use]
    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    /// A pending entry.
    #[inline]
    #[must_use]
    pub fn pending(&self, id: StreamId) -> Option<Pending> {
        self.pending.get(id).copied()
    }

    /// Pending entries from `start` on, by id.
    pub fn pending_from(&self, start: StreamId) -> impl Iterator<Item = (StreamId, Pending)> {
        self.pending.iter_from(start).map(|(id, &pending)| (id, pending))
    }

    /// How many pending entries were handed back and belong to nobody.
    #[must_use]
    pub fn unowned_count(&self) -> usize {
        self.unowned
    }

    /// The first pending id that is not below `start`.
    #[must_use]
    pub fn next_pending(&self, start: StreamId) -> Option<StreamId> {
        Some(self.pending.at(self.pending.lower(start))?.0)
    }

    /// The first and the last pending id.
    #[must_use]
    pub fn pending_edges(&self) -> Option<(StreamId, StreamId)> {
        Some((self.pending.first()?.0, self.pending.last()?.0))
    }

    /// Pending entries of one consumer from `start` on, by id.
    pub fn pending_of(&self, consumer: ConsumerId, start: StreamId) -> impl Iterator<Item = (StreamId, Pending)> {
        let ids = self.consumer(consumer).pending.iter_from(start);
        ids.map(|(id, ())| (id, self.pending(id).expect("what a consumer has is pending in its group")))
    }

    /// The number of consumers.
    #[must_use]
    pub fn consumer_count(&self) -> usize {
        self.order.len()
    }

    /// All consumers, by name.
    pub fn consumers(&self) -> impl Iterator<Item = (ConsumerId, &Consumer)> {
        self.order.iter().map(|&number| (ConsumerId(number), self.consumer(ConsumerId(number))))
    }

    /// A consumer by its number, which must be one's.
    ///
    /// # Panics
    /// If it is nobody's.
    #[must_use]
    pub fn consumer(&self, id: ConsumerId) -> &Consumer {
        self.consumers[id.0 as usize].as_ref().expect("a consumer's number is its own while it lives")
    }

    /// As [`Group::consumer`], to be changed.
    ///
    /// # Panics
    /// If the number is nobody's.
    pub fn consumer_mut(&mut self, id: ConsumerId) -> &mut Consumer {
        self.consumers[id.0 as usize].as_mut().expect("a consumer's number is its own while it lives")
    }

    fn place_of(&self, name: &[u8]) -> Result<usize, usize> {
        self.order.binary_search_by(|&number| (*self.consumer(ConsumerId(number)).name).cmp(name))
    }

    /// The consumer of this name.
    #[must_use]
    pub fn find_consumer(&self, name: &[u8]) -> Option<ConsumerId> {
        self.place_of(name).ok().map(|place| ConsumerId(self.order[place]))
    }

    /// How many entries of the log the group has yet to read, where that can be told.
    #[must_use]
    pub fn lag(&self, log: &Log) -> Option<i64> {
        let counters = log.counters();
        if counters.entries_added == 0 || log.is_empty() {
            return Some(0);
        }
        if self.last_id < log.first_id() && counters.max_deleted_id < log.first_id() {
            return Some(log.len() as i64);
        }
        let read = match self.entries_read {
            Some(read) if !log.has_tombstone_from(self.last_id) => read,
            _ => log.entries_up_to(self.last_id)? as i64,
        };
        Some((counters.entries_added as i64).wrapping_sub(read))
    }

    /// Bytes outside of the group itself.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let consumers = self.consumers.iter().flatten();
        self.name.len()
            + self.pending.heap_bytes()
            + self.released.capacity() * size_of::<StreamId>()
            + self.consumers.capacity() * size_of::<Option<Consumer>>()
            + self.order.capacity() * size_of::<u32>()
            + consumers.map(|consumer| consumer.name.len() + consumer.pending.heap_bytes()).sum::<usize>()
    }
}

/// Changing.
impl Group {
    fn new(name: &[u8], last_id: StreamId, entries_read: Option<i64>) -> Self {
        Self {
            name: name.into(),
            last_id,
            entries_read,
            pending: IdMap::default(),
            released: VecDeque::new(),
            unowned: 0,
            oldest_ms: i64::MAX,
            consumers: Vec::new(),
            order: Vec::new(),
        }
    }

    /// Notes that the entry with this id is delivered, if it is the first time.
    #[inline]
    pub fn advance(&mut self, log: &Log, id: StreamId) {
        if id <= self.last_id {
            return;
        }
        match self.entries_read {
            Some(read) if self.last_id >= log.first_id() && !log.has_tombstone_from(self.last_id) => {
                self.entries_read = Some(read.wrapping_add(1));
            }
            _ if log.counters().entries_added > 0 => {
                self.entries_read = log.entries_up_to(id).map(|read| read as i64);
            }
            _ => {}
        }
        self.last_id = id;
    }

    /// Adds a consumer; gives the one that has the name already as the error.
    ///
    /// # Errors
    /// There is one.
    pub fn create_consumer(&mut self, name: &[u8], now_ms: i64) -> Result<ConsumerId, ConsumerId> {
        let place = match self.place_of(name) {
            Ok(place) => return Err(ConsumerId(self.order[place])),
            Err(place) => place,
        };
        let consumer = Consumer { name: name.into(), seen_ms: now_ms, active_ms: None, pending: IdMap::default() };
        let number = match self.consumers.iter().position(Option::is_none) {
            Some(free) if self.consumers.len() > self.order.len() => {
                self.consumers[free] = Some(consumer);
                free
            }
            _ => {
                self.consumers.push(Some(consumer));
                self.consumers.len() - 1
            }
        };
        self.order.insert(place, number as u32);
        Ok(ConsumerId(number as u32))
    }

    /// Removes a consumer with all it had pending; gives how much that was.
    pub fn delete_consumer(&mut self, name: &[u8]) -> Option<usize> {
        let place = self.place_of(name).ok()?;
        let number = self.order.remove(place);
        let consumer = self.consumers[number as usize].take()?;
        for (id, ()) in consumer.pending.iter() {
            self.pending.remove(id);
        }
        Some(consumer.pending.len())
    }

    /// Makes an entry pending, delivered to `owner` now for the first time, whoever had it before.
    #[inline]
    pub fn deliver(&mut self, id: StreamId, owner: ConsumerId, now_ms: i64) {
        self.oldest_ms = self.oldest_ms.min(now_ms);
        let pending = Pending { delivered_ms: now_ms, deliveries: 1, owner: owner.0 };
        if let Some(before) = self.pending.insert(id, pending) {
            self.disown(id, before.owner);
        }
        self.consumer_mut(owner).pending.insert(id, ());
    }

    /// Sets when and how often an entry was delivered and who owns it; makes it pending if it is not.
    pub fn assign(&mut self, id: StreamId, owner: ConsumerId, delivered_ms: i64, deliveries: u64) {
        self.oldest_ms = self.oldest_ms.min(delivered_ms);
        let before = self.pending.insert(id, Pending { delivered_ms, deliveries, owner: owner.0 });
        match before {
            Some(before) if before.owner == owner.0 => {}
            before => {
                if let Some(before) = before {
                    self.disown(id, before.owner);
                }
                self.consumer_mut(owner).pending.insert(id, ());
            }
        }
    }

    /// Hands an entry back: it stays pending, or becomes so, and belongs to nobody.
    pub fn release(&mut self, id: StreamId, deliveries: u64) {
        let before = self.pending.insert(id, Pending { delivered_ms: 0, deliveries, owner: NOBODY });
        if let Some(before) = before {
            self.disown(id, before.owner);
        }
        self.unowned += 1;
        self.released.push_back(id);
    }

    /// The entries that somebody may take over: those that were handed back, in their order, and then those that were
    /// delivered `idle_ms` ago or earlier, the one that waits longest first; so many at most.
    pub fn claimable(&mut self, idle_ms: i64, now_ms: i64, most: usize) -> Vec<StreamId> {
        let mut ids = self.unowned_ids(most);
        let latest_ms = now_ms.saturating_sub(idle_ms);
        if ids.len() < most && self.oldest_ms <= latest_ms {
            let owned = self.pending.iter().filter(|(_, one)| one.owner != NOBODY);
            let mut idle: Vec<(i64, StreamId)> = Vec::new();
            self.oldest_ms = i64::MAX;
            for (id, one) in owned {
                self.oldest_ms = self.oldest_ms.min(one.delivered_ms);
                if one.delivered_ms <= latest_ms {
                    idle.push((one.delivered_ms, id));
                }
            }
            idle.sort_unstable();
            ids.extend(idle.into_iter().map(|(_, id)| id).take(most - ids.len()));
        }
        ids
    }

    /// When something may be taken over that cannot be now, if nothing is acknowledged until then, in unix milliseconds:
    /// also what is only about to be delivered.
    #[must_use]
    pub fn claimable_at_ms(&self, idle_ms: i64, now_ms: i64) -> i64 {
        self.oldest_ms.min(now_ms).saturating_add(idle_ms)
    }

    /// What belongs to nobody, in the order it was handed back; so many at most.
    fn unowned_ids(&mut self, most: usize) -> Vec<StreamId> {
        let Self { released, pending, unowned, .. } = self;
        if released.len() > *unowned {
            // An id may stand there more than once: the last time counts.
            let mut seen = IdMap::default();
            let mut kept: VecDeque<StreamId> = VecDeque::with_capacity(*unowned);
            for &id in released.iter().rev() {
                if pending.get(id).is_some_and(|one| one.owner == NOBODY) && seen.insert(id, ()).is_none() {
                    kept.push_front(id);
                }
            }
            *released = kept;
        }
        released.iter().copied().take(most).collect()
    }

    /// Notes that a pending entry was delivered once more, to whom it belongs.
    pub fn redeliver(&mut self, id: StreamId, now_ms: i64) {
        if let Some(pending) = self.pending.get_mut(id) {
            self.oldest_ms = self.oldest_ms.min(now_ms);
            pending.delivered_ms = now_ms;
            pending.deliveries = pending.once_more();
        }
    }

    fn disown(&mut self, id: StreamId, owner: u32) {
        if owner == NOBODY {
            self.unowned -= 1;
        } else {
            self.consumer_mut(ConsumerId(owner)).pending.remove(id);
        }
    }

    /// Takes an entry off what is pending; says whether it was.
    #[inline]
    pub fn acknowledge(&mut self, id: StreamId) -> bool {
        let Some(pending) = self.pending.remove(id) else { return false };
        self.disown(id, pending.owner);
        true
    }
}

/// The groups of a stream, by name.
#[derive(Clone, Debug, Default)]
pub struct Groups(
    #[expect(clippy::vec_box, reason = "groups are large, and adding one moves the others")] Vec<Box<Group>>,
);

impl Groups {
    /// The number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    fn place_of(&self, name: &[u8]) -> Result<usize, usize> {
        self.0.binary_search_by(|group| (*group.name).cmp(name))
    }

    /// The group of this name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&Group> {
        Some(&self.0[self.place_of(name).ok()?])
    }

    /// As [`Groups::get`], to be changed.
    #[inline]
    pub fn get_mut(&mut self, name: &[u8]) -> Option<&mut Group> {
        let place = self.place_of(name).ok()?;
        Some(&mut self.0[place])
    }

    /// Adds a group; gives it, or nothing where there is one of that name.
    pub fn create(&mut self, name: &[u8], last_id: StreamId, entries_read: Option<i64>) -> Option<&mut Group> {
        let place = self.place_of(name).err()?;
        self.0.insert(place, Box::new(Group::new(name, last_id, entries_read)));
        Some(&mut self.0[place])
    }

    /// Removes a group; says whether it was there.
    pub fn delete(&mut self, name: &[u8]) -> bool {
        let place = self.place_of(name);
        if let Ok(place) = place {
            self.0.remove(place);
        }
        place.is_ok()
    }

    /// All groups, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Group> {
        self.0.iter().map(|group| &**group)
    }

    /// All groups, by name, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Group> {
        self.0.iter_mut().map(|group| &mut **group)
    }

    /// Whether a group has yet to read the entry with this id, or to acknowledge it.
    #[must_use]
    pub fn need(&self, id: StreamId) -> bool {
        self.iter().any(|group| id > group.last_id || group.pending.contains(id))
    }

    /// Whether a group has this entry pending.
    #[must_use]
    pub fn have_pending(&self, id: StreamId) -> bool {
        self.iter().any(|group| group.pending.contains(id))
    }

    /// Has no group wait for the acknowledgement of this entry any more.
    pub fn forget(&mut self, id: StreamId) {
        for group in self.iter_mut() {
            group.acknowledge(id);
        }
    }

    /// Bytes outside.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let groups = self.iter().map(|group| size_of::<Group>() + group.heap_bytes());
        self.0.capacity() * size_of::<usize>() + groups.sum::<usize>()
    }
}
