//! Client-side caching: the keys that clients have read, and the invalidations sent when these keys change.
//!
//! ```text
//!   a read  ── Tracking::remember: under the slot of the key, adds the client's id to the key's readers
//!   a write ── Shared::touched: under the slot of the key, invalidates the key at its readers and removes them
//!   BCAST   ── by key prefix: collected while commands run, sent after each command
//! ```
//! Both sides hold the key's slot, so a change never falls between a read and its registration. The table's locks are
//! taken while slots are held, one at a time; while one is held, only outboxes are locked. Databases are not
//! distinguished, as in Redis.
//!
//! Invariant: a value that a client reads is in its output, or in the reply of its blocked command, before the client's
//! id is in the table. An invalidation therefore never overtakes the value that it invalidates.

use crate::clients::{ClientInfo, Clients};
use crate::session::Session;
use crossbeam_utils::CachePadded;
use parking_lot::Mutex;
use redstart_config::{ClientClass, Config, ids};
use redstart_encoding::hash::hash;
use redstart_resp::{Args, Reply};
use redstart_spec::CommandSpec;
use redstart_spec::keys;
use redstart_spec::{Access, Acl, Flags};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// The tracking options of a client, as bits of [`Mode::bits`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options(pub u32);

impl Options {
    /// The client tracks keys.
    pub const ON: u32 = 1;
    /// All keys with its prefixes, whether read or not.
    pub const BROADCAST: u32 = 1 << 1;
    /// Only keys read after CLIENT CACHING YES.
    pub const OPT_IN: u32 = 1 << 2;
    /// Not keys read after CLIENT CACHING NO.
    pub const OPT_OUT: u32 = 1 << 3;
    /// No invalidations for the client's own changes.
    pub const NO_LOOP: u32 = 1 << 4;
    /// The client that received the redirected invalidations disconnected.
    pub const BROKEN: u32 = 1 << 5;

    /// Whether all of `bits` are set.
    #[must_use]
    pub const fn has(self, bits: u32) -> bool {
        self.0 & bits == bits
    }
}

/// A client's tracking, readable by other threads.
#[derive(Debug, Default)]
pub struct Mode {
    bits: AtomicU32,
    redirect: AtomicU64,
}

impl Mode {
    /// The client's options.
    #[must_use]
    pub fn options(&self) -> Options {
        Options(self.bits.load(Ordering::Relaxed))
    }

    /// The id of the client that receives the invalidations instead; 0 for none.
    #[must_use]
    pub fn redirect(&self) -> u64 {
        self.redirect.load(Ordering::Relaxed)
    }
}

const SHARDS: usize = 16;

type Readers = HashMap<Box<[u8]>, Vec<u64>>;

/// The readers of each key, and the clients of each prefix.
#[derive(Debug, Default)]
pub struct Tracking {
    /// Clients that track. Each worker reads it at every change, so it shares no cache line with what reads of tracked
    /// keys write.
    clients: CachePadded<AtomicUsize>,
    readers: [Mutex<Readers>; SHARDS],
    keys: AtomicUsize,
    items: AtomicUsize,
    /// The shard that evicts the next key when there are too many.
    next_shard: AtomicUsize,
    broadcast: Mutex<BTreeMap<Vec<u8>, Audience>>,
    /// Keys were collected for broadcasting and are not all sent yet.
    gathered: AtomicBool,
}

/// The clients of a prefix, and the keys that changed under it, each with the client that changed it.
#[derive(Debug, Default)]
struct Audience {
    clients: BTreeMap<u64, Arc<ClientInfo>>,
    changed: BTreeMap<Vec<u8>, Option<u64>>,
}

/// The content of an invalidation.
enum Body<'a> {
    Keys(&'a [&'a [u8]]),
    /// All keys.
    All,
}

/// Bytes per client of a prefix; the prefix itself is shared by its clients.
const KEPT_BYTES: usize = size_of::<(u64, Arc<ClientInfo>)>();

/// The channel of invalidations that are redirected to a connection of version 2.
const CHANNEL: &[u8] = b"__redis__:invalidate";

/// The clients that may receive invalidations, and the configuration of output limits.
#[derive(Clone, Copy, Debug)]
pub struct Recipients<'a> {
    /// All clients.
    pub clients: &'a Clients,
    /// The configuration.
    pub config: &'a Config,
}

impl Tracking {
    /// Whether any client tracks.
    #[inline]
    #[must_use]
    pub fn any(&self) -> bool {
        self.clients.load(Ordering::Relaxed) > 0
    }

    /// The numbers of tracking clients, of tracked keys, of pairs of key and client, and of prefixes.
    #[must_use]
    pub fn figures(&self) -> (usize, usize, usize, usize) {
        let load = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        (load(&self.clients), load(&self.keys), load(&self.items), self.broadcast.lock().len())
    }

    /// Starts or changes a session's tracking. If `options` include broadcasting, the session also receives the keys
    /// with these prefixes.
    pub fn begin(&self, session: &mut Session, options: Options, redirect: u64, prefixes: &[&[u8]]) {
        let mode = &session.info.tracking;
        // Held until the end: the last client that stops tracking clears the table, and must not remove keys that this
        // one reads.
        let mut broadcast = self.broadcast.lock();
        if !mode.options().has(Options::ON) {
            self.clients.fetch_add(1, Ordering::Relaxed);
        }
        mode.redirect.store(redirect, Ordering::Relaxed);
        mode.bits.store(options.0 | Options::ON, Ordering::Relaxed);
        session.tracks = !options.has(Options::BROADCAST);
        if options.has(Options::BROADCAST) {
            let everything: &[&[u8]] = &[b""];
            for prefix in if prefixes.is_empty() { everything } else { prefixes } {
                let audience = broadcast.entry(prefix.to_vec()).or_default();
                if audience.clients.insert(session.info.id, Arc::clone(&session.info)).is_none() {
                    session.info.kept_bytes.fetch_add(KEPT_BYTES, Ordering::Relaxed);
                }
            }
        }
    }

    /// Stops a session's tracking.
    pub fn end(&self, session: &mut Session) {
        let mode = &session.info.tracking;
        if !mode.options().has(Options::ON) {
            return;
        }
        let mut broadcast = self.broadcast.lock();
        if mode.options().has(Options::BROADCAST) {
            broadcast.retain(|_, audience| {
                if audience.clients.remove(&session.info.id).is_some() {
                    session.info.kept_bytes.fetch_sub(KEPT_BYTES, Ordering::Relaxed);
                }
                !audience.clients.is_empty()
            });
        }
        mode.bits.store(0, Ordering::Relaxed);
        mode.redirect.store(0, Ordering::Relaxed);
        (session.tracks, session.caching) = (false, false);
        if self.clients.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.clear();
        }
    }

    /// The prefixes of a client.
    #[must_use]
    pub fn prefixes(&self, client: u64) -> Vec<Vec<u8>> {
        let broadcast = self.broadcast.lock();
        let own = broadcast.iter().filter(|(_, audience)| audience.clients.contains_key(&client));
        own.map(|(prefix, _)| prefix.clone()).collect()
    }

    /// Registers the keys that a client's command reads. Their slots are held.
    #[cold]
    pub fn remember(&self, session: &Session, to: Recipients<'_>, command: &CommandSpec, args: &Args<'_>) {
        let options = session.info.tracking.options();
        let flags = command.flags;
        let wanted = match session.caching {
            true => !options.has(Options::OPT_OUT),
            false => !options.has(Options::OPT_IN),
        };
        // The keys of a script command are read by the commands that it calls.
        let reads = flags.has(Flags::READONLY) && !flags.has(Flags::PUBSUB) && !command.acl.has(Acl::SCRIPTING);
        if !wanted || !reads {
            return;
        }
        let _ = keys::find(command, args, |key| {
            if !key.access.has(Access::NOT_KEY) {
                self.remember_key(to, &args[key.index], session.info.id);
            }
        });
    }

    fn shard(&self, key: &[u8]) -> &Mutex<Readers> {
        &self.readers[hash(key) as usize % SHARDS]
    }

    fn remember_key(&self, to: Recipients<'_>, key: &[u8], client: u64) {
        let mut readers = self.shard(key).lock();
        if let Some(numbers) = readers.get_mut(key) {
            if !numbers.contains(&client) {
                numbers.push(client);
                self.items.fetch_add(1, Ordering::Relaxed);
            }
            return;
        }
        // Makes room first, so that an older key is evicted, not this one. No other thread adds the key meanwhile,
        // because its slot is held.
        drop(readers);
        self.keys.fetch_add(1, Ordering::Relaxed);
        self.trim(to);
        self.items.fetch_add(1, Ordering::Relaxed);
        self.shard(key).lock().insert(key.into(), vec![client]);
    }

    /// Evicts keys beyond `tracking-table-max-keys`, with invalidations as if they had changed.
    pub fn trim(&self, to: Recipients<'_>) {
        let most = usize::try_from(to.config.get(ids::TRACKING_TABLE_MAX_KEYS)).unwrap_or(usize::MAX);
        let mut empty = 0;
        while most > 0 && self.keys.load(Ordering::Relaxed) > most && empty < SHARDS {
            let at = self.next_shard.fetch_add(1, Ordering::Relaxed) % SHARDS;
            let mut readers = self.readers[at].lock();
            let key = readers.keys().next().cloned();
            empty = if key.is_some() { 0 } else { empty + 1 };
            if let Some(key) = key
                && let Some(numbers) = readers.remove(&key)
            {
                self.notify(to, &key, &numbers, None);
            }
        }
    }

    /// A key was changed, by the command of client `by` or by the server. Its slot is held.
    #[cold]
    pub fn invalidate(&self, to: Recipients<'_>, key: &[u8], by: Option<u64>) {
        self.gather(key, by);
        self.forget(to, key, by);
    }

    /// A key expired and was deleted. If a client's read deleted it (`reader`), the reply already shows that. As in
    /// Redis, the reader receives an invalidation only for its prefixes, or if it did not ask for NOLOOP.
    #[cold]
    pub fn expired(&self, to: Recipients<'_>, key: &[u8], reader: Option<u64>) {
        self.gather(key, None);
        self.forget(to, key, reader);
    }

    fn forget(&self, to: Recipients<'_>, key: &[u8], by: Option<u64>) {
        let mut readers = self.shard(key).lock();
        if let Some(numbers) = readers.remove(key) {
            self.notify(to, key, &numbers, by);
        }
    }

    /// Invalidates a key, already removed from the table, at the clients that read it. The key's shard is still locked:
    /// when a later command finds the key missing there, the invalidations are on their way.
    fn notify(&self, to: Recipients<'_>, key: &[u8], numbers: &[u64], by: Option<u64>) {
        self.keys.fetch_sub(1, Ordering::Relaxed);
        self.items.fetch_sub(numbers.len(), Ordering::Relaxed);
        for &number in numbers {
            let Some(client) = to.clients.get(number) else { continue };
            let options = client.tracking.options();
            let own = options.has(Options::NO_LOOP) && by == Some(number);
            if options.has(Options::ON) && !options.has(Options::BROADCAST) && !own {
                send(to, &client, &Body::Keys(&[key]));
            }
        }
    }

    fn gather(&self, key: &[u8], by: Option<u64>) {
        let mut broadcast = self.broadcast.lock();
        for (prefix, audience) in broadcast.iter_mut() {
            if key.starts_with(prefix) {
                audience.changed.insert(key.to_vec(), by);
                self.gathered.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Sends the collected keys to the clients of prefixes.
    #[inline]
    pub fn broadcast(&self, to: Recipients<'_>) {
        if self.gathered.load(Ordering::Acquire) {
            self.send_gathered(to);
        }
    }

    #[cold]
    fn send_gathered(&self, to: Recipients<'_>) {
        let mut broadcast = self.broadcast.lock();
        for audience in broadcast.values_mut() {
            let changed = std::mem::take(&mut audience.changed);
            let all: Vec<&[u8]> = changed.keys().map(Vec::as_slice).collect();
            for (number, client) in audience.clients.iter().filter(|_| !all.is_empty()) {
                if !client.tracking.options().has(Options::NO_LOOP) {
                    send(to, client, &Body::Keys(&all));
                    continue;
                }
                let others = changed.iter().filter(|(_, by)| **by != Some(*number));
                let others: Vec<&[u8]> = others.map(|(key, _)| key.as_slice()).collect();
                if !others.is_empty() {
                    send(to, client, &Body::Keys(&others));
                }
            }
        }
        // Cleared at the end: a command whose keys another thread is sending waits for that before its reply.
        self.gathered.store(false, Ordering::Release);
    }

    /// Invalidates all keys at once.
    pub fn flush(&self, to: Recipients<'_>) {
        if !self.any() {
            return;
        }
        self.clear();
        let tracks = |client: &&Arc<ClientInfo>| client.tracking.options().has(Options::ON);
        to.clients.list().iter().filter(tracks).for_each(|client| send(to, client, &Body::All));
    }

    fn clear(&self) {
        for readers in &self.readers {
            let taken = std::mem::take(&mut *readers.lock());
            self.keys.fetch_sub(taken.len(), Ordering::Relaxed);
            self.items.fetch_sub(taken.values().map(Vec::len).sum(), Ordering::Relaxed);
        }
    }

    /// The first of `prefixes` that overlaps with one of the client's prefixes or with a later one, as an error
    /// message.
    #[must_use]
    pub fn overlap(&self, client: u64, prefixes: &[&[u8]]) -> Option<Vec<u8>> {
        let overlap = |one: &[u8], other: &[u8]| one.starts_with(other) || other.starts_with(one);
        let old = self.prefixes(client);
        for (index, prefix) in prefixes.iter().enumerate() {
            let refuse = |other: &[u8], whose: &str| {
                let text: [&[u8]; 6] =
                    [b"ERR Prefix '", prefix, b"' overlaps with ", whose.as_bytes(), b" prefix '", other];
                [text.concat().as_slice(), b"'. Prefixes for a single client must not overlap."].concat()
            };
            if let Some(other) = old.iter().find(|other| overlap(prefix, other)) {
                return Some(refuse(other, "an existing"));
            }
            if let Some(other) = prefixes[index + 1..].iter().find(|other| overlap(prefix, other)) {
                return Some(refuse(other, "another provided"));
            }
        }
        None
    }
}

/// Sends an invalidation to a client, or to the client that it redirects to.
fn send(to: Recipients<'_>, client: &ClientInfo, body: &Body<'_>) {
    let redirect = client.tracking.redirect();
    if redirect == 0 {
        return write(to, client, body, false);
    }
    if let Some(other) = to.clients.get(redirect).filter(|other| !other.closing.load(Ordering::Relaxed)) {
        return write(to, &other, body, true);
    }
    client.tracking.bits.fetch_or(Options::BROKEN, Ordering::Relaxed);
    if client.version.load(Ordering::Relaxed) > 2 {
        let mut bytes = Vec::new();
        let mut reply = Reply::new(&mut bytes, 3);
        reply.push(2);
        reply.bulk(b"tracking-redir-broken");
        reply.int(redirect.cast_signed());
        client.post(&[&bytes], 0);
    }
}

fn write(to: Recipients<'_>, client: &ClientInfo, body: &Body<'_>, redirected: bool) {
    let version = if client.version.load(Ordering::Relaxed) == 2 { 2 } else { 3 };
    let subscribed = client.subscribed();
    let mut bytes = Vec::new();
    let mut reply = Reply::new(&mut bytes, version);
    match version {
        3 => {
            reply.push(2);
            reply.bulk(b"invalidate");
        }
        // Version 2 has no pushes, so the invalidation is sent as a message.
        _ if redirected && subscribed => {
            reply.push(3);
            reply.bulk(b"message");
            reply.bulk(CHANNEL);
        }
        _ => return,
    }
    match body {
        Body::Keys(keys) => {
            reply.array(keys.len());
            keys.iter().for_each(|key| reply.bulk(key));
        }
        Body::All => reply.null(),
    }
    let class = if subscribed { ClientClass::PubSub } else { ClientClass::Normal };
    client.post(&[&bytes], to.config.output_buffer_limit(class).hard_bytes);
}
