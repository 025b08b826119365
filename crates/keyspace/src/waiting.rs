//! Blocked clients: for each key a queue of waiters, first come, first served.
//!
//! A ticket states what its owner waits for, and carries the owner in a type known only to the engine. A queue is
//! stored in the slot of its key, so the slot's lock guards it: a command that finds nothing under a key enters the
//! queue before another command can write the key.

use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The kind of value that a waiter waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A list.
    List,
    /// A sorted set.
    SortedSet,
    /// New entries of a stream.
    Stream,
    /// New entries of a stream for a consumer group, or the deletion of the stream.
    StreamGroup,
}

/// An entry of a queue.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The kind of value that the owner waits for.
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
    /// Whether there are no waiters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// The number of keys with waiters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// The number of keys with a waiter that must also be woken when the key is deleted.
    #[must_use]
    pub fn with_group(&self) -> usize {
        let group = |queue: &&VecDeque<Ticket>| queue.iter().any(|ticket| ticket.wanted == Wanted::StreamGroup);
        self.by_key.values().filter(group).count()
    }

    /// The keys with waiters, with their databases.
    pub fn keys(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.by_key.keys().map(|(database, key)| (*database, key.as_ref()))
    }

    /// The waiters of a key, in order.
    pub fn of(&self, database: usize, key: &[u8]) -> impl Iterator<Item = &Ticket> {
        self.by_key.get(&(database, key.into())).into_iter().flatten()
    }

    /// Whether a key has waiters.
    #[must_use]
    pub fn has(&self, database: usize, key: &[u8]) -> bool {
        self.by_key.contains_key(&(database, key.into()))
    }

    /// Appends a ticket to a key's queue. A second ticket of the same owner is ignored.
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
    fn waiters_queue_in_order_and_once() {
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
