//! Pub/sub: the subscribers of each channel, and the delivery of messages.
//!
//! ```text
//!   PUBLISH ── PubSub::publish: under its lock, into the outbox of every subscriber ──> their workers, by mailbox
//!   a change of a key ── Context::notify ──> PubSub::publish
//! ```
//! One lock defines the order of all messages: two subscribers never receive two messages in different orders. The lock
//! is taken while slots are held, so that a change and its event are atomic. While it is held, only outboxes and
//! mailboxes are locked. A subscription is recorded in three places: here by channel, in the session, and as a count in
//! [`ClientInfo`].

use crate::clients::ClientInfo;
use crate::session::Session;
use parking_lot::Mutex;
use redstart_config::{ClientClass, Config};
use redstart_encoding::glob;
use redstart_resp::Reply;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The kind of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A channel by its name.
    Channel,
    /// All channels that match a pattern.
    Pattern,
    /// A channel that belongs to a cluster slot.
    Shard,
}

type Name = Arc<[u8]>;
/// Ordered by client id, so that messages are sent in the order in which the clients connected.
type Subscribers = BTreeMap<u64, Arc<ClientInfo>>;
type Index = HashMap<Name, Subscribers>;

/// All subscriptions.
#[derive(Debug, Default)]
pub struct PubSub {
    topics: Mutex<Topics>,
    /// The number of subscriptions of all kinds: with none, nothing is delivered.
    count: AtomicUsize,
    /// The number of clients with a subscription.
    clients: AtomicUsize,
}

#[derive(Debug, Default)]
struct Topics {
    channels: Index,
    patterns: Index,
    shards: Index,
}

impl Topics {
    fn of(&self, topic: Topic) -> &Index {
        match topic {
            Topic::Channel => &self.channels,
            Topic::Pattern => &self.patterns,
            Topic::Shard => &self.shards,
        }
    }

    fn of_mut(&mut self, topic: Topic) -> &mut Index {
        match topic {
            Topic::Channel => &mut self.channels,
            Topic::Pattern => &mut self.patterns,
            Topic::Shard => &mut self.shards,
        }
    }
}

/// The subscriptions of one client.
#[derive(Debug, Default)]
pub struct Subscriptions {
    channels: HashSet<Name>,
    patterns: HashSet<Name>,
    shards: HashSet<Name>,
}

impl Subscriptions {
    fn of(&mut self, topic: Topic) -> &mut HashSet<Name> {
        match topic {
            Topic::Channel => &mut self.channels,
            Topic::Pattern => &mut self.patterns,
            Topic::Shard => &mut self.shards,
        }
    }

    fn total(&self) -> usize {
        self.channels.len() + self.patterns.len() + self.shards.len()
    }
}

/// The approximate size of a subscription in bytes: the name, and an entry in the client's table and in the shared
/// table.
fn kept_bytes(name: &[u8]) -> usize {
    const PLACES: usize = size_of::<Name>() + size_of::<(u64, Arc<ClientInfo>)>();
    name.len() + 2 * PLACES
}

impl PubSub {
    /// Subscribes the session, if it is not subscribed yet.
    pub fn subscribe(&self, session: &mut Session, topic: Topic, name: &[u8]) {
        if session.subscriptions.is_none() {
            self.clients.fetch_add(1, Ordering::Relaxed);
        }
        let names = session.subscriptions.get_or_insert_default().of(topic);
        if names.contains(name) {
            return;
        }
        let name: Name = name.into();
        names.insert(Arc::clone(&name));
        session.info.subscriptions(topic).store(names.len(), Ordering::Relaxed);
        session.info.kept_bytes.fetch_add(kept_bytes(&name), Ordering::Relaxed);
        let mut topics = self.topics.lock();
        topics.of_mut(topic).entry(name).or_default().insert(session.info.id, Arc::clone(&session.info));
        self.count.fetch_add(1, Ordering::Release);
    }

    /// Removes a subscription, if there is one. Earlier messages are then already in the client's outbox.
    pub fn unsubscribe(&self, session: &mut Session, topic: Topic, name: &[u8]) {
        let Some(subscriptions) = &mut session.subscriptions else { return };
        let names = subscriptions.of(topic);
        if !names.remove(name) {
            return;
        }
        session.info.subscriptions(topic).store(names.len(), Ordering::Relaxed);
        session.info.kept_bytes.fetch_sub(kept_bytes(name), Ordering::Relaxed);
        let mut topics = self.topics.lock();
        if let Some(subscribers) = topics.of_mut(topic).get_mut(name) {
            subscribers.remove(&session.info.id);
            if subscribers.is_empty() {
                topics.of_mut(topic).remove(name);
            }
        }
        self.count.fetch_sub(1, Ordering::Release);
        drop(topics);
        if subscriptions.total() == 0 {
            session.subscriptions = None;
            self.clients.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// The names of the session's subscriptions.
    #[must_use]
    pub fn names(&self, session: &mut Session, topic: Topic) -> Vec<Name> {
        let subscriptions = session.subscriptions.as_mut();
        subscriptions.map(|own| own.of(topic).iter().cloned().collect()).unwrap_or_default()
    }

    /// Removes all subscriptions of a session that disconnects or is reset.
    pub fn forget(&self, session: &mut Session) {
        for topic in [Topic::Channel, Topic::Pattern, Topic::Shard] {
            for name in self.names(session, topic) {
                self.unsubscribe(session, topic, &name);
            }
        }
    }

    /// Whether there is any subscription.
    #[inline]
    #[must_use]
    pub fn any(&self) -> bool {
        self.count.load(Ordering::Acquire) > 0
    }

    /// The number of clients with a subscription.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.clients.load(Ordering::Relaxed)
    }

    /// The number of channels, patterns or shard channels with subscribers.
    #[must_use]
    pub fn len(&self, topic: Topic) -> usize {
        self.topics.lock().of(topic).len()
    }

    /// The number of subscribers of a channel, without those of patterns.
    #[must_use]
    pub fn subscribers(&self, topic: Topic, name: &[u8]) -> usize {
        self.topics.lock().of(topic).get(name).map_or(0, BTreeMap::len)
    }

    /// The channels with subscribers that match `pattern`, if given.
    #[must_use]
    pub fn matching(&self, topic: Topic, pattern: Option<&[u8]>) -> Vec<Name> {
        let matches = |name: &&Name| pattern.is_none_or(|pattern| glob::matches(pattern, name));
        self.topics.lock().of(topic).keys().filter(matches).cloned().collect()
    }

    /// The subscribers of any channel or pattern that is not `allowed`, which receives the name and whether it is a
    /// pattern.
    #[must_use]
    pub fn listeners_beyond(&self, allowed: impl Fn(&[u8], bool) -> bool) -> Vec<Arc<ClientInfo>> {
        let topics = self.topics.lock();
        let of = |topic| topics.of(topic).iter().map(move |(name, subscribers)| (name, topic, subscribers));
        let all = [Topic::Channel, Topic::Pattern, Topic::Shard].into_iter().flat_map(of);
        let beyond = all.filter(|(name, topic, _)| !allowed(name, *topic == Topic::Pattern));
        beyond.flat_map(|(_, _, subscribers)| subscribers.values().cloned()).collect()
    }

    /// Delivers a message to all subscribers; returns their number. `topic` is a channel or a shard channel.
    pub fn publish(&self, config: &Config, topic: Topic, channel: &[u8], message: &[u8]) -> usize {
        if !self.any() {
            return 0;
        }
        let limit = config.output_buffer_limit(ClientClass::PubSub).hard_bytes;
        let topics = self.topics.lock();
        let mut receivers = 0;
        let mut deliver = |subscribers: &Subscribers, parts: &[&[u8]]| {
            let bytes = push(parts);
            receivers += subscribers.len();
            subscribers.values().for_each(|client| client.push(&bytes, limit));
        };
        if let Some(subscribers) = topics.of(topic).get(channel) {
            let kind: &[u8] = if topic == Topic::Shard { b"smessage" } else { b"message" };
            deliver(subscribers, &[kind, channel, message]);
        }
        if topic == Topic::Channel {
            let matching = topics.patterns.iter().filter(|(pattern, _)| glob::matches(pattern, channel));
            for (pattern, subscribers) in matching {
                deliver(subscribers, &[b"pmessage", pattern, channel, message]);
            }
        }
        receivers
    }
}

/// A push of bulk strings, in the encoding of version 3.
fn push(parts: &[&[u8]]) -> Vec<u8> {
    let size = parts.iter().map(|part| part.len() + 32).sum();
    let mut bytes = Vec::with_capacity(size);
    let mut reply = Reply::new(&mut bytes, 3);
    reply.push(parts.len());
    parts.iter().for_each(|part| reply.bulk(part));
    bytes
}
