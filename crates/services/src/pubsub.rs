//! Publishing and subscribing: who listens to which channel, and the delivery of messages.
//!
//! ```text
//!   PUBLISH ── PubSub::publish: under its lock, into the outbox of every subscriber ──> their workers, by mailbox
//!   a change of a key ── Context::notify ──> PubSub::publish
//! ```
//! One lock stands for the order of all messages: two subscribers never see two messages in different orders. It is taken
//! while slots are held (a change and its event are one), and under it only outboxes and mailboxes are locked.
//! A subscription is known at three places: here by channel, in the session, and as a number in [`ClientInfo`].

use crate::clients::ClientInfo;
use crate::session::Session;
use parking_lot::Mutex;
use redstart_config::{ClientClass, Config};
use redstart_encoding::glob;
use redstart_resp::Reply;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a subscription is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A channel by its name.
    Channel,
    /// All channels that match a pattern.
    Pattern,
    /// A channel that belongs to a slot of a cluster.
    Shard,
}

type Name = Arc<[u8]>;
/// By their numbers, so that messages go out in the order in which clients came.
type Subscribers = BTreeMap<u64, Arc<ClientInfo>>;
type Index = HashMap<Name, Subscribers>;

/// Everything that is subscribed to.
#[derive(Debug, Default)]
pub struct PubSub {
    topics: Mutex<Topics>,
    /// Subscriptions of all kinds: without any, nothing is to be delivered.
    count: AtomicUsize,
    /// Clients with a subscription.
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

/// What one client subscribed to.
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

/// About the bytes that a subscription takes: the name, and a place in the client's table and in the common one.
fn kept_bytes(name: &[u8]) -> usize {
    const PLACES: usize = size_of::<Name>() + size_of::<(u64, Arc<ClientInfo>)>();
    name.len() + 2 * PLACES
}

impl PubSub {
    /// Subscribes the session. Nothing changes where it is subscribed already.
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

    /// Ends a subscription, if it is there. What was published before is in the client's outbox then.
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

    /// What the session is subscribed to.
    #[must_use]
    pub fn names(&self, session: &mut Session, topic: Topic) -> Vec<Name> {
        let subscriptions = session.subscriptions.as_mut();
        subscriptions.map(|own| own.of(topic).iter().cloned().collect()).unwrap_or_default()
    }

    /// Ends all subscriptions of a session that goes away or begins anew.
    pub fn forget(&self, session: &mut Session) {
        for topic in [Topic::Channel, Topic::Pattern, Topic::Shard] {
            for name in self.names(session, topic) {
                self.unsubscribe(session, topic, &name);
            }
        }
    }

    /// Whether anybody listens to anything.
    #[inline]
    #[must_use]
    pub fn any(&self) -> bool {
        self.count.load(Ordering::Acquire) > 0
    }

    /// How many clients have a subscription.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.clients.load(Ordering::Relaxed)
    }

    /// How many channels, patterns or shard channels have subscribers.
    #[must_use]
    pub fn len(&self, topic: Topic) -> usize {
        self.topics.lock().of(topic).len()
    }

    /// How many subscribers a channel has by its name.
    #[must_use]
    pub fn subscribers(&self, topic: Topic, name: &[u8]) -> usize {
        self.topics.lock().of(topic).get(name).map_or(0, BTreeMap::len)
    }

    /// The channels that have subscribers and match a pattern, where there is one.
    #[must_use]
    pub fn matching(&self, topic: Topic, pattern: Option<&[u8]>) -> Vec<Name> {
        let matches = |name: &&Name| pattern.is_none_or(|pattern| glob::matches(pattern, name));
        self.topics.lock().of(topic).keys().filter(matches).cloned().collect()
    }

    /// Who listens to anything that is not `allowed`; of the name it is told whether it is a pattern.
    #[must_use]
    pub fn listeners_beyond(&self, allowed: impl Fn(&[u8], bool) -> bool) -> Vec<Arc<ClientInfo>> {
        let topics = self.topics.lock();
        let of = |topic| topics.of(topic).iter().map(move |(name, subscribers)| (name, topic, subscribers));
        let all = [Topic::Channel, Topic::Pattern, Topic::Shard].into_iter().flat_map(of);
        let beyond = all.filter(|(name, topic, _)| !allowed(name, *topic == Topic::Pattern));
        beyond.flat_map(|(_, _, subscribers)| subscribers.values().cloned()).collect()
    }

    /// Delivers a message to all who listen; says to how many. `topic` is a channel or a shard channel.
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

/// A push of bulk strings, as version 3 writes it.
fn push(parts: &[&[u8]]) -> Vec<u8> {
    let size = parts.iter().map(|part| part.len() + 32).sum();
    let mut bytes = Vec::with_capacity(size);
    let mut reply = Reply::new(&mut bytes, 3);
    reply.push(parts.len());
    parts.iter().for_each(|part| reply.bulk(part));
    bytes
}
