//! Events of the keyspace: what happened to which key, published for those who asked (`notify-keyspace-events`).
//!
//! An event is published while the slot of its key is held, so events of a key come in the order of its changes. With
//! `K` the message goes to `__keyspace@<db>__:<key>` and is the event's name; with `E` it goes to
//! `__keyevent@<db>__:<event>` and is the key. Without `notify-keyspace-events` an event costs two loads.

use crate::change::Cause;
use crate::context::Context;
use crate::shared::Shared;
use redstart_config::ids;
use redstart_keyspace::{Key, Slot};
use redstart_services::pubsub::Topic;

/// Classes of events, as `notify-keyspace-events` names them by letters.
pub use redstart_config::choices::NotifyEvents as Event;

impl Context<'_> {
    /// Says what happened to a key of the selected database. `class` is one of [`Event`]'s.
    #[inline]
    pub fn notify(&self, class: u32, event: &str, key: Key<'_>) {
        self.notify_in(class, event, self.session.database, key);
    }

    /// As [`Context::notify`], of a key in another database.
    #[inline]
    pub fn notify_in(&self, class: u32, event: &str, database: usize, key: Key<'_>) {
        self.shared.notify(class, event, database, key.bytes());
    }

    /// Says that a key is deleted, where it is not there any more.
    #[inline]
    pub fn notify_if_gone(&self, database: usize, key: Key<'_>) {
        if self.shared.notifies(Event::GENERIC) {
            self.look_if_gone(database, key);
        }
    }

    #[cold]
    fn look_if_gone(&self, database: usize, key: Key<'_>) {
        let table = self.access.held(key.hash()).table(database);
        if table.and_then(|table| table.get(key.hash(), key.bytes())).is_none() {
            self.notify_in(Event::GENERIC, "del", database, key);
        }
    }
}

impl Shared {
    /// Whether events of a class are published, and anybody listens to anything.
    #[inline]
    fn notifies(&self, class: u32) -> bool {
        self.config.get(ids::NOTIFY_KEYSPACE_EVENTS).0 & class != 0 && self.pubsub.any()
    }

    /// A key was to be read and is not there.
    #[inline]
    pub fn miss(&self, database: usize, key: Key<'_>) {
        self.notify(Event::KEY_MISS, "keymiss", database, key.bytes());
    }

    /// A key went because its time was up, from a slot that is held: for all who hear of it but those who wait.
    pub fn expired(&self, slot: &Slot, database: usize, key: &[u8]) {
        self.announce(slot, database, key, Cause::Expired(None));
        self.notify(Event::EXPIRED, "expired", database, key);
    }

    /// Says what happened to a key, if events of the class are wanted.
    #[inline]
    pub fn notify(&self, class: u32, event: &str, database: usize, key: &[u8]) {
        if self.notifies(class) {
            self.publish_event(event, database, key);
        }
    }

    #[cold]
    fn publish_event(&self, event: &str, database: usize, key: &[u8]) {
        let wanted = self.config.get(ids::NOTIFY_KEYSPACE_EVENTS);
        let publish = |kind: &str, name: &[u8], message: &[u8]| {
            let mut channel = format!("__{kind}@{database}__:").into_bytes();
            channel.extend_from_slice(name);
            self.pubsub.publish(&self.config, Topic::Channel, &channel, message);
        };
        if wanted.has(Event::KEYSPACE) {
            publish("keyspace", key, event.as_bytes());
        }
        if wanted.has(Event::KEYEVENT) {
            publish("keyevent", event.as_bytes(), key);
        }
    }
}
