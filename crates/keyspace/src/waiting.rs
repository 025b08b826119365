//! Who waits for keys: for each key a queue, first come first served.
//!
//! A ticket says what its owner waits for, and carries the owner as something that only the engine knows. Queues stand
//! in the slot of their key, so its lock guards them: who finds nothing under a key queues up before anybody can put
//! something there.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// What somebody waits for under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A list.
    List,
    /// A sorted set.
    SortedSet,
    /// New entries of a stream.
    Stream,
    /// New entries of a stream for a consumer group; and to hear if the stream goes away.
    StreamGroup,
}

/// A place in a queue.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// What its owner waits for.
    pub wanted: Wanted,
    /// The owner.
    pub owner: Arc<dyn Any + Send + Sync>,
}

impl Ticket {
    fn is_of(&self, owner: &Arc<dyn Any + Send + Sync>) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.owner), Arc::as_ptr(owner))
    }
}

/// The queues of one slot.
#[derive(Debug, Default)]
pub struct Queues {
    by_key: HashMap<(usize, Box<[u8]>), VecDeque<Ticket>>,
}

impl Queues {
    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// How many keys are waited for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// How many keys somebody waits for who wants to hear if they go away.
    #[must_use]
    pub fn with_group(&self) -> usize {
        let group = |queue: &&VecDeque<Ticket>| queue.iter().any(|ticket| ticket.wanted == Wanted::StreamGroup);
        self.by_key.values().filter(group).count()
    }

    /// The keys that are waited for, with their databases.
    pub fn keys(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.by_key.keys().map(|(database, key)| (*database, key.as_ref()))
    }

    /// Those who wait for a key, in their order.
    pub fn of(&self, database: usize, key: &[u8]) -> impl Iterator<Item = &Ticket> {
        self.by_key.get(&(database, key.into())).into_iter().flatten()
    }

    /// Whether anybody waits for a key.
    #[must_use]
    pub fn has(&self, database: usize, key: &[u8]) -> bool {
        self.by_key.contains_key(&(database, key.into()))
    }

    /// Adds a ticket at the end of a key's queue. One who waits for a key twice stands there once.
    pub fn join(&mut self, database: usize, key: &[u8], ticket: Ticket) {
        let queue = self.by_key.entry((database, key.into())).or_default();
        if !queue.iter().any(|other| other.is_of(&ticket.owner)) {
            queue.push_back(ticket);
        }
    }

    /// Removes an owner from a key's queue.
    pub fn leave(&mut self, database: usize, key: &[u8], owner: &Arc<dyn Any + Send + Sync>) {
        let place = (database, key.into());
        if let Some(queue) = self.by_key.get_mut(&place) {
            queue.retain(|ticket| !ticket.is_of(owner));
            if queue.is_empty() {
                self.by_key.remove(&place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(name: &'static str) -> Ticket {
        Ticket { wanted: Wanted::List, owner: Arc::new(name) }
    }

    fn names(queues: &Queues, database: usize, key: &[u8]) -> Vec<&'static str> {
        queues.of(database, key).map(|ticket| *ticket.owner.downcast_ref::<&'static str>().unwrap()).collect()
    }

    #[test]
    fn first_come_stands_first_and_stands_once() {
        let mut queues = Queues::default();
        let (one, two) = (ticket("one"), ticket("two"));
        queues.join(0, b"key", one.clone());
        queues.join(0, b"key", two.clone());
        queues.join(0, b"key", one.clone());
        queues.join(1, b"key", two.clone());
        assert_eq!((names(&queues, 0, b"key"), names(&queues, 1, b"key")), (vec!["one", "two"], vec!["two"]));
        queues.leave(0, b"key", &one.owner);
        assert_eq!((names(&queues, 0, b"key"), queues.len()), (vec!["two"], 2));
        queues.leave(0, b"key", &two.owner);
        queues.leave(1, b"key", &two.owner);
        assert!(queues.is_empty() && !queues.has(0, b"key"));
    }
}
