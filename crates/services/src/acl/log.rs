//! ACL LOG: what was refused lately. What happens again within a minute is counted where it stands.

use parking_lot::Mutex;
use std::collections::VecDeque;

use super::gate::Place;

/// Entries that are looked at for one that says the same.
const LOOKED_AT: usize = 10;
/// What happens again within so many milliseconds is the same entry.
const SAME_MS: i64 = 60_000;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The command is not allowed.
    Command,
    /// A key is not.
    Key,
    /// A channel is not.
    Channel,
    /// A database is not.
    Database,
    /// The credentials were wrong.
    Auth,
    /// A certificate names nobody.
    Certificate,
}

impl Reason {
    /// As ACL LOG shows it.
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

/// Something that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Why.
    pub reason: Reason,
    /// Where it was called.
    pub place: Place,
    /// The command, key, channel or database.
    pub object: Vec<u8>,
    /// Who was refused.
    pub username: Vec<u8>,
    /// The client in a line of CLIENT LIST.
    pub client: Vec<u8>,
    /// When, in unix milliseconds.
    pub now_ms: i64,
}

/// An entry: an event, of the latest time that it happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Tells entries apart, in the order they came.
    pub id: u64,
    /// How often it happened.
    pub count: u64,
    /// When it first happened, in unix milliseconds.
    pub created_ms: i64,
    /// What happened, last.
    pub event: Event,
}

/// The entries of ACL LOG.
#[derive(Debug, Default)]
pub struct Log(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// The newest first.
    entries: VecDeque<Entry>,
    next_id: u64,
}

impl Log {
    /// Notes an event; with a new entry, the oldest beyond `most` go.
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

    /// The newest `most` entries, the newest first.
    #[must_use]
    pub fn newest(&self, most: usize) -> Vec<Entry> {
        self.0.lock().entries.iter().take(most).cloned().collect()
    }

    /// Forgets all entries; their numbers go on.
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
    fn what_happens_again_soon_is_counted() {
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
