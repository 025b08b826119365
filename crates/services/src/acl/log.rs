//! ACL LOG: recent refusals. A repetition within a minute increments the count of the existing entry.

use parking_lot::Mutex;
use std::collections::VecDeque;

use super::gate::Place;

/// The number of entries that are searched for an equal event.
const LOOKED_AT: usize = 10;
/// A repetition within this many milliseconds joins the existing entry.
const SAME_MS: i64 = 60_000;

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The command is not allowed.
    Command,
    /// A key is not allowed.
    Key,
    /// A channel is not allowed.
    Channel,
    /// A database is not allowed.
    Database,
    /// The credentials were wrong.
    Auth,
    /// A certificate names no user.
    Certificate,
}

impl Reason {
    /// The name in ACL LOG.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Key => "key",
            Self::Channel => "channel",
            Self::Database => "database",
            Self::Auth => "auth",
            Self::Certificate => "tls-cert",
        }
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The reason.
    pub reason: Reason,
    /// Where the call was made.
    pub place: Place,
    /// The command, key, channel or database.
    pub object: Vec<u8>,
    /// The user that was refused.
    pub username: Vec<u8>,
    /// The client, as a line of CLIENT LIST.
    pub client: Vec<u8>,
    /// The time, in unix milliseconds.
    pub now_ms: i64,
}

/// An entry: the latest of its equal events.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Unique; entries are numbered in the order of their creation.
    pub id: u64,
    /// How often the event happened.
    pub count: u64,
    /// When the event first happened, in unix milliseconds.
    pub created_ms: i64,
    /// The latest event.
    pub event: Event,
}

/// The entries of ACL LOG.
#[derive(Debug, Default)]
pub struct Log(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// Newest first.
    entries: VecDeque<Entry>,
    next_id: u64,
}

impl Log {
    /// Adds an event. A new entry evicts the oldest entries beyond `most`.
    pub fn add(&self, event: Event, most: usize) {
        let log = &mut *self.0.lock();
        let same = |entry: &Entry| entry.event.is_same(&event);
        let known = log.entries.iter().take(LOOKED_AT).position(same).filter(|_| most > 0);
        if let Some(known) = known.and_then(|at| log.entries.remove(at)) {
            return log.entries.push_front(Entry { count: known.count + 1, event, ..known });
        }
        if most > 0 {
            log.entries.push_front(Entry { id: log.next_id, count: 1, created_ms: event.now_ms, event });
            log.next_id += 1;
        }
        log.entries.truncate(most);
    }

    /// The newest entries, at most `most`, newest first.
    #[must_use]
    pub fn newest(&self, most: usize) -> Vec<Entry> {
        self.0.lock().entries.iter().take(most).cloned().collect()
    }

    /// Deletes all entries; numbering continues.
    pub fn clear(&self) {
        self.0.lock().entries.clear();
    }
}

impl Event {
    fn is_same(&self, other: &Self) -> bool {
        self.reason == other.reason
            && self.place == other.place
            && (self.now_ms - other.now_ms).abs() <= SAME_MS
            && self.object == other.object
            && self.username == other.username
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_counted() {
        let log = Log::default();
        let event = |object: &str, now_ms| Event {
            reason: Reason::Key,
            place: Place::TopLevel,
            object: object.into(),
            username: b"u".to_vec(),
            client: Vec::new(),
            now_ms,
        };
        let seen = || log.newest(9).iter().map(|entry| (entry.id, entry.count)).collect::<Vec<_>>();
        for (object, now_ms) in [("a", 0), ("b", 1), ("a", SAME_MS), ("a", 2 * SAME_MS), ("a", 3 * SAME_MS + 1)] {
            log.add(event(object, now_ms), 9);
        }
        assert_eq!(seen(), [(2, 1), (0, 3), (1, 1)], "each time counts anew");
        log.add(event("c", 0), 2);
        assert_eq!(seen(), [(3, 1), (2, 1)]);
        log.add(event("d", 0), 0);
        assert!(seen().is_empty(), "none are kept");
    }
}
