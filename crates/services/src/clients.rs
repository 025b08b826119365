//! Connected clients: their data for CLIENT LIST, readable from every thread, and the means to disconnect a client from
//! another thread.

pub mod line;

use crate::blocked::Blocked;
use crate::outbox::{Outbox, Posted};
use crate::pubsub::Topic;
use crate::tracking::Mode;
use parking_lot::Mutex;
use redstart_keyspace::watching::Mark;
use redstart_sys::net::socket;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// Replies of up to this size count as buffered, larger ones as queued: this is the size of Redis's own buffer.
pub const REPLY_BUFFER: usize = 16 * 1024;

/// The bytes, of so many unsent reply bytes, that count as queued and against the limits.
#[must_use]
pub fn queued(unsent: usize) -> usize {
    if unsent > REPLY_BUFFER { unsent } else { 0 }
}

/// Wakes the worker that owns a connection.
pub type Waker = Box<dyn Fn(Wake) + Send + Sync>;

/// Why a worker is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The client was disconnected: [`ClientInfo::killed`].
    Killed,
    /// The reply to the client's blocked command is ready: [`ClientInfo::blocked`].
    Answered,
    /// There is out-of-band output for the client: [`ClientInfo::outbox`].
    Pushed,
}

/// The data of a client that every thread may read. Only its own worker writes.
pub struct ClientInfo {
    /// The number that CLIENT ID returns.
    pub id: u64,
    /// The peer's address, `ip:port` or `path:0`.
    pub addr: String,
    /// The local address that the client connected to.
    pub laddr: String,
    /// The socket's file descriptor, -1 without a socket.
    pub fd: i32,
    /// When it connected, in unix milliseconds.
    pub created_ms: i64,
    /// The worker that serves the client.
    pub worker: usize,
    /// Connected through a Unix socket.
    pub unix: bool,
    /// The client's names, and its user.
    pub names: Mutex<Names>,
    /// The selected database.
    pub database: AtomicU32,
    /// The protocol version.
    pub version: AtomicU32,
    /// When the client last sent a command, in unix milliseconds.
    pub last_ms: AtomicI64,
    /// The id of the command received last; `u32::MAX` before the first, and for an unknown one.
    pub last_command: AtomicU32,
    /// Commands run.
    pub commands: AtomicU64,
    /// The journal's offset after the client's last change.
    pub journalled: AtomicU64,
    /// Bytes received.
    pub bytes_in: AtomicU64,
    /// Bytes sent.
    pub bytes_out: AtomicU64,
    /// Bytes in the query buffer.
    pub query_buffer: AtomicUsize,
    /// Room left in the query buffer.
    pub query_buffer_free: AtomicUsize,
    /// Bytes that the arguments of an incomplete command take outside the query buffer.
    pub argument_bytes: AtomicUsize,
    /// Bytes of replies not yet sent.
    pub output: AtomicUsize,
    /// Capacity of the reply buffer.
    pub output_capacity: AtomicUsize,
    /// Size of the second buffer, which is being sent.
    pub sending: AtomicUsize,
    /// CLIENT NO-EVICT.
    pub no_evict: AtomicBool,
    /// CLIENT NO-TOUCH.
    pub no_touch: AtomicBool,
    /// CLIENT CAPA REDIRECT: the client follows redirections.
    pub redirects: AtomicBool,
    /// CLIENT IMPORT-SOURCE.
    pub import_source: AtomicBool,
    /// The connection is closed once its replies are sent.
    pub closing: AtomicBool,
    /// Commands queued for EXEC; -1 outside a transaction.
    pub queued: AtomicI64,
    /// Bytes that the queued commands take.
    pub queued_bytes: AtomicUsize,
    /// The number of watched keys.
    pub watched: AtomicUsize,
    /// Bytes that the server keeps elsewhere for the client: watched keys, and the arguments of a blocked command.
    pub kept_bytes: AtomicUsize,
    /// Bytes that [`Clients::memory`] counts for the client.
    counted: AtomicUsize,
    /// Bytes that [`Clients::leaving`] counts for the client.
    leaving: AtomicUsize,
    /// A watched key has changed.
    pub broken: Mark,
    /// The command that the client is blocked in.
    pub blocked: Mutex<Option<Arc<Blocked>>>,
    /// The client is in MONITOR mode.
    pub monitors: AtomicBool,
    /// CLIENT PAUSE holds back the client's command.
    pub postponed: AtomicBool,
    /// The numbers of subscribed channels, patterns and shard channels.
    subscriptions: [AtomicUsize; 3],
    /// The client's tracking options.
    pub tracking: Mode,
    /// Out-of-band output for the client.
    pub outbox: Outbox,
    /// The client is to be disconnected.
    killed: AtomicBool,
    waker: Waker,
}

/// The names of a client.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// CLIENT SETNAME.
    pub name: Vec<u8>,
    /// CLIENT SETINFO LIB-NAME.
    pub lib_name: Vec<u8>,
    /// CLIENT SETINFO LIB-VER.
    pub lib_version: Vec<u8>,
    /// The authenticated user.
    pub user: Vec<u8>,
}

impl std::fmt::Debug for ClientInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientInfo").field("id", &self.id).field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// How a client connected.
pub struct Origin {
    /// The peer's address.
    pub addr: String,
    /// The local address that the client connected to.
    pub laddr: String,
    /// The socket's file descriptor, -1 without a socket.
    pub fd: i32,
    /// The worker that serves the client.
    pub worker: usize,
    /// Connected through a Unix socket.
    pub unix: bool,
    /// Wakes that worker.
    pub waker: Waker,
}

impl std::fmt::Debug for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Origin").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl ClientInfo {
    fn new(id: u64, origin: Origin, now_ms: i64) -> Self {
        Self {
            id,
            addr: origin.addr,
            laddr: origin.laddr,
            fd: origin.fd,
            created_ms: now_ms,
            worker: origin.worker,
            unix: origin.unix,
            names: Mutex::new(Names { user: b"default".to_vec(), ..Names::default() }),
            database: AtomicU32::new(0),
            version: AtomicU32::new(2),
            last_ms: AtomicI64::new(now_ms),
            last_command: AtomicU32::new(u32::MAX),
            commands: AtomicU64::new(0),
            journalled: AtomicU64::new(0),
            bytes_in: AtomicU64::new(0),
            bytes_out: AtomicU64::new(0),
            query_buffer: AtomicUsize::new(0),
            query_buffer_free: AtomicUsize::new(0),
            argument_bytes: AtomicUsize::new(0),
            output: AtomicUsize::new(0),
            output_capacity: AtomicUsize::new(0),
            sending: AtomicUsize::new(0),
            no_evict: AtomicBool::new(false),
            no_touch: AtomicBool::new(false),
            redirects: AtomicBool::new(false),
            import_source: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            queued: AtomicI64::new(-1),
            queued_bytes: AtomicUsize::new(0),
            watched: AtomicUsize::new(0),
            kept_bytes: AtomicUsize::new(0),
            counted: AtomicUsize::new(0),
            leaving: AtomicUsize::new(0),
            broken: Mark::default(),
            blocked: Mutex::new(None),
            monitors: AtomicBool::new(false),
            postponed: AtomicBool::new(false),
            subscriptions: Default::default(),
            tracking: Mode::default(),
            outbox: Outbox::default(),
            killed: AtomicBool::new(false),
            waker: origin.waker,
        }
    }

    /// Disconnects the client: its worker closes the connection.
    pub fn kill(&self) {
        self.killed.store(true, Ordering::Release);
        (self.waker)(Wake::Killed);
    }

    /// Wakes the worker because the reply to a blocked command is ready.
    pub fn wake(&self) {
        (self.waker)(Wake::Answered);
    }

    /// Sends a push to the client, encoded for version 3; an array of version 2 differs only in the first byte. If more
    /// than `limit` bytes are waiting (0: no limit), the client is disconnected instead.
    pub fn push(&self, push: &[u8], limit: u64) {
        let kind: &[u8] = if self.version.load(Ordering::Relaxed) == 2 { b"*" } else { b">" };
        self.post(&[kind, &push[1..]], limit);
    }

    /// Like [`ClientInfo::push`], for bytes that are sent unchanged.
    pub fn post(&self, parts: &[&[u8]], limit: u64) {
        if self.outbox.post(parts, limit) != Posted::Behind {
            (self.waker)(Wake::Pushed);
        }
    }

    /// The number of subscriptions of a kind.
    #[must_use]
    pub fn subscriptions(&self, topic: Topic) -> &AtomicUsize {
        &self.subscriptions[topic as usize]
    }

    /// Whether the client has any subscription.
    #[must_use]
    pub fn subscribed(&self) -> bool {
        self.subscriptions.iter().any(|count| count.load(Ordering::Relaxed) > 0)
    }

    /// The client's memory in bytes, as last published by its worker.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory_with(self.query_buffer.load(Ordering::Relaxed))
    }

    /// Like [`ClientInfo::memory`], for `query` bytes in the query buffer. The worker may publish new numbers at any
    /// time, so each number is loaded once.
    fn memory_with(&self, query: usize) -> usize {
        let load = |bytes: &AtomicUsize| bytes.load(Ordering::Relaxed);
        let buffers = query + load(&self.query_buffer_free) + load(&self.argument_bytes);
        let sending = load(&self.sending);
        let output = load(&self.output).saturating_sub(sending).max(load(&self.output_capacity));
        size_of::<Self>() + buffers + output + sending + load(&self.queued_bytes) + load(&self.kept_bytes)
    }

    /// Whether the client is to be disconnected.
    #[must_use]
    pub fn killed(&self) -> bool {
        self.killed.load(Ordering::Acquire)
    }
}

/// All clients, by id.
#[derive(Debug, Default)]
pub struct Clients {
    all: Mutex<BTreeMap<u64, Arc<ClientInfo>>>,
    last_id: AtomicU64,
    memory: AtomicUsize,
    leaving: AtomicUsize,
    /// Clients evicted because the total exceeded `maxmemory-clients`.
    pub evicted: AtomicU64,
}

/// The counted size of a client below this size is updated only when it shrinks or grows by [`SLACK`]. Most requests
/// then leave the shared counter alone.
const EXACT_FROM: usize = 64 * 1024;
/// How many bytes a small client may grow before it is counted again.
const SLACK: usize = 4096;

impl Clients {
    /// Registers a client until [`Clients::remove`].
    pub fn add(&self, origin: Origin, now_ms: i64) -> Arc<ClientInfo> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let info = Arc::new(ClientInfo::new(id, origin, now_ms));
        self.all.lock().insert(id, Arc::clone(&info));
        self.count(&info);
        info
    }

    /// Removes a client that has disconnected.
    pub fn remove(&self, info: &ClientInfo) {
        // Under the lock: removal and the counters change together for readers of the list.
        let mut all = self.all.lock();
        all.remove(&info.id);
        // Also for a killed client: its worker may have counted it once more since.
        self.uncount(info);
        self.leaving.fetch_sub(info.leaving.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Updates the counted memory of a client; returns whether it changed. Called by the client's own worker.
    pub fn count(&self, info: &ClientInfo) -> bool {
        let (now, before) = (info.memory(), info.counted.load(Ordering::Relaxed));
        let same = now == before || (now > before && now - before < SLACK && now < EXACT_FROM);
        if same || info.killed() {
            return false;
        }
        let before = info.counted.swap(now, Ordering::Relaxed);
        // Both are below half of the address space, so the wrapped difference is correct.
        self.memory.fetch_add(now.wrapping_sub(before), Ordering::Relaxed);
        true
    }

    fn uncount(&self, info: &ClientInfo) -> usize {
        let counted = info.counted.swap(0, Ordering::Relaxed);
        self.memory.fetch_sub(counted, Ordering::Relaxed);
        counted
    }

    /// Bytes of evicted clients that their workers have not closed yet.
    #[must_use]
    pub fn leaving(&self) -> usize {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Total bytes of all clients.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }

    /// Disconnects clients, largest first, until the total is at most `most` bytes, and stops counting them at once.
    /// NO-EVICT clients are spared. Memory of clients that have hung up, which their workers are about to close, evicts
    /// no other client. Returns the evicted clients.
    pub fn evict(&self, most: usize) -> Vec<Arc<ClientInfo>> {
        if self.memory() <= most {
            return Vec::new();
        }
        let mut all = self.all.lock();
        let most = most.saturating_add(hung_up(all.values()));
        let spared = |client: &&Arc<ClientInfo>| client.no_evict.load(Ordering::Relaxed) || client.fd < 0;
        let mut victims: Vec<Arc<ClientInfo>> = all.values().filter(|client| !spared(client)).cloned().collect();
        victims.sort_by_key(|client| std::cmp::Reverse(client.counted.load(Ordering::Relaxed)));
        let mut evicted = Vec::new();
        for client in victims {
            if self.memory() <= most {
                break;
            }
            all.remove(&client.id);
            let leaving = self.uncount(&client);
            client.leaving.store(leaving, Ordering::Relaxed);
            self.leaving.fetch_add(leaving, Ordering::Relaxed);
            client.kill();
            evicted.push(client);
        }
        self.evicted.fetch_add(evicted.len() as u64, Ordering::Relaxed);
        evicted
    }

    /// The client with this id.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<Arc<ClientInfo>> {
        self.all.lock().get(&id).cloned()
    }

    /// All clients, in the order in which they connected.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<ClientInfo>> {
        self.all.lock().values().cloned().collect()
    }

    /// The number of clients.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.lock().len()
    }

    /// Whether there are no clients.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Bytes of the large clients whose peers have closed their side and for which no output is pending.
fn hung_up<'a>(all: impl Iterator<Item = &'a Arc<ClientInfo>>) -> usize {
    let counted = |client: &ClientInfo| client.counted.load(Ordering::Relaxed);
    let quiet = |client: &ClientInfo| client.fd >= 0 && client.output.load(Ordering::Relaxed) == 0;
    let large = all.filter(|client| counted(client) >= EXACT_FROM && quiet(client));
    large.filter(|client| socket::hung_up(client.fd)).map(|client| counted(client)).sum()
}
