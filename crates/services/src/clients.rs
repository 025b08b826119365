//! Who is connected: what CLIENT LIST shows of each, readable from every thread, and the way to end one from afar.

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

/// Answers up to this size are counted as the buffer's, what is beyond as queued: Redis's own buffer has this size.
pub const REPLY_BUFFER: usize = 16 * 1024;

/// Of so many bytes of answers that were not sent, those that are counted as queued, and against the limits.
#[must_use]
pub fn queued(unsent: usize) -> usize {
    if unsent > REPLY_BUFFER { unsent } else { 0 }
}

/// Wakes the worker that a connection belongs to.
pub type Waker = Box<dyn Fn(Wake) + Send + Sync>;

/// Why a worker is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The client was ended: [`ClientInfo::killed`].
    Killed,
    /// The answer that the client waited for is there: [`ClientInfo::blocked`].
    Answered,
    /// Others had something to say to the client: [`ClientInfo::outbox`].
    Pushed,
}

/// What others may know of a client. Its own worker writes; anyone reads.
pub struct ClientInfo {
    /// The number that CLIENT ID gives.
    pub id: u64,
    /// The peer's address, `ip:port` or `path:0`.
    pub addr: String,
    /// The address it connected to.
    pub laddr: String,
    /// The socket's number, -1 without a socket.
    pub fd: i32,
    /// When it connected, in unix milliseconds.
    pub created_ms: i64,
    /// The worker that serves it.
    pub worker: usize,
    /// Came by a Unix socket.
    pub unix: bool,
    /// Names it gave itself, and the user it is.
    pub names: Mutex<Names>,
    /// The selected database.
    pub database: AtomicU32,
    /// The protocol version.
    pub version: AtomicU32,
    /// When it last sent something, in unix milliseconds.
    pub last_ms: AtomicI64,
    /// The id of the command received last; `u32::MAX` before the first, and for an unknown one.
    pub last_command: AtomicU32,
    /// Commands run.
    pub commands: AtomicU64,
    /// Where the journal was behind its last change.
    pub journalled: AtomicU64,
    /// Bytes received.
    pub bytes_in: AtomicU64,
    /// Bytes sent.
    pub bytes_out: AtomicU64,
    /// Bytes in the query buffer.
    pub query_buffer: AtomicUsize,
    /// Room left in the query buffer.
    pub query_buffer_free: AtomicUsize,
    /// Bytes that the arguments of a command take that has not come whole, beside the query buffer.
    pub argument_bytes: AtomicUsize,
    /// Bytes of answers not yet sent.
    pub output: AtomicUsize,
    /// Room that the buffer for answers has.
    pub output_capacity: AtomicUsize,
    /// What the buffer takes that is being sent, beside that one.
    pub sending: AtomicUsize,
    /// CLIENT NO-EVICT.
    pub no_evict: AtomicBool,
    /// CLIENT NO-TOUCH.
    pub no_touch: AtomicBool,
    /// CLIENT CAPA REDIRECT: it follows redirections.
    pub redirects: AtomicBool,
    /// CLIENT IMPORT-SOURCE.
    pub import_source: AtomicBool,
    /// Is to be closed once its answers are sent.
    pub closing: AtomicBool,
    /// Commands queued for EXEC; -1 outside a transaction.
    pub queued: AtomicI64,
    /// Bytes that they take.
    pub queued_bytes: AtomicUsize,
    /// Keys it watches.
    pub watched: AtomicUsize,
    /// Bytes that the server keeps for it elsewhere: watched keys, and the arguments of a command that waits.
    pub kept_bytes: AtomicUsize,
    /// Bytes that [`Clients::memory`] counts for it.
    counted: AtomicUsize,
    /// Bytes that [`Clients::leaving`] counts for it.
    leaving: AtomicUsize,
    /// One of those has changed.
    pub broken: Mark,
    /// The command that it waits in.
    pub blocked: Mutex<Option<Arc<Blocked>>>,
    /// It sees the commands that run.
    pub monitors: AtomicBool,
    /// Its command is held back by CLIENT PAUSE.
    pub postponed: AtomicBool,
    /// Channels, patterns and shard channels that it is subscribed to.
    subscriptions: [AtomicUsize; 3],
    /// What it asked to be told of.
    pub tracking: Mode,
    /// What others have to say to it.
    pub outbox: Outbox,
    /// Is to be ended.
    killed: AtomicBool,
    waker: Waker,
}

/// Names of a client.
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

/// How a client came in.
pub struct Origin {
    /// The peer's address.
    pub addr: String,
    /// The address it connected to.
    pub laddr: String,
    /// The socket's number, -1 without a socket.
    pub fd: i32,
    /// The worker that serves it.
    pub worker: usize,
    /// Came by a Unix socket.
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

    /// Ends the client: its worker closes the connection.
    pub fn kill(&self) {
        self.killed.store(true, Ordering::Release);
        (self.waker)(Wake::Killed);
    }

    /// Tells the worker that the answer of a waiting command is there.
    pub fn wake(&self) {
        (self.waker)(Wake::Answered);
    }

    /// Says something to the client: a push of version 3, which differs from an array of version 2 in its first byte
    /// alone. With more than `limit` bytes waiting (0: no limit) the client is to be closed instead.
    pub fn push(&self, push: &[u8], limit: u64) {
        let kind: &[u8] = if self.version.load(Ordering::Relaxed) == 2 { b"*" } else { b">" };
        self.post(&[kind, &push[1..]], limit);
    }

    /// As [`ClientInfo::push`], bytes that go out as they are.
    pub fn post(&self, parts: &[&[u8]], limit: u64) {
        if self.outbox.post(parts, limit) != Posted::Behind {
            (self.waker)(Wake::Pushed);
        }
    }

    /// How many subscriptions of a kind it has.
    #[must_use]
    pub fn subscriptions(&self, topic: Topic) -> &AtomicUsize {
        &self.subscriptions[topic as usize]
    }

    /// Whether it has any.
    #[must_use]
    pub fn subscribed(&self) -> bool {
        self.subscriptions.iter().any(|count| count.load(Ordering::Relaxed) > 0)
    }

    /// Bytes that the client takes in all, as far as its worker has told.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory_with(self.query_buffer.load(Ordering::Relaxed))
    }

    /// As [`ClientInfo::memory`], were there `query` bytes in its query buffer. Its worker may tell other numbers at any
    /// time, so none is loaded twice.
    fn memory_with(&self, query: usize) -> usize {
        let load = |bytes: &AtomicUsize| bytes.load(Ordering::Relaxed);
        let buffers = query + load(&self.query_buffer_free) + load(&self.argument_bytes);
        let sending = load(&self.sending);
        let output = load(&self.output).saturating_sub(sending).max(load(&self.output_capacity));
        size_of::<Self>() + buffers + output + sending + load(&self.queued_bytes) + load(&self.kept_bytes)
    }

    /// Whether somebody ended it.
    #[must_use]
    pub fn killed(&self) -> bool {
        self.killed.load(Ordering::Acquire)
    }
}

/// All clients, by number.
#[derive(Debug, Default)]
pub struct Clients {
    all: Mutex<BTreeMap<u64, Arc<ClientInfo>>>,
    last_id: AtomicU64,
    memory: AtomicUsize,
    leaving: AtomicUsize,
    /// Clients that were closed because all took too much memory (`maxmemory-clients`).
    pub evicted: AtomicU64,
}

/// A client that takes less than this is counted with what it took once, as long as it takes little more: so the common
/// count is not touched by every request.
const EXACT_FROM: usize = 64 * 1024;
/// What little more means.
const SLACK: usize = 4096;

impl Clients {
    /// Registers a client. It counts until [`Clients::remove`].
    pub fn add(&self, origin: Origin, now_ms: i64) -> Arc<ClientInfo> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let info = Arc::new(ClientInfo::new(id, origin, now_ms));
        self.all.lock().insert(id, Arc::clone(&info));
        self.count(&info);
        info
    }

    /// Forgets a client, which is gone.
    pub fn remove(&self, info: &ClientInfo) {
        // At once for who looks at all of them.
        let mut all = self.all.lock();
        all.remove(&info.id);
        // Also where it was ended before: its worker may have counted it once more since.
        self.uncount(info);
        self.leaving.fetch_sub(info.leaving.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Counts what a client takes now; true where that changed. For the client's own worker.
    pub fn count(&self, info: &ClientInfo) -> bool {
        let (now, before) = (info.memory(), info.counted.load(Ordering::Relaxed));
        let same = now == before || (now > before && now - before < SLACK && now < EXACT_FROM);
        if same || info.killed() {
            return false;
        }
        let before = info.counted.swap(now, Ordering::Relaxed);
        // Both are below half of the address space, so that the difference wraps as it should.
        self.memory.fetch_add(now.wrapping_sub(before), Ordering::Relaxed);
        true
    }

    fn uncount(&self, info: &ClientInfo) -> usize {
        let counted = info.counted.swap(0, Ordering::Relaxed);
        self.memory.fetch_sub(counted, Ordering::Relaxed);
        counted
    }

    /// Bytes of clients that were ended for them, and that their workers have not closed yet.
    #[must_use]
    pub fn leaving(&self) -> usize {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Bytes that all clients take together.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }

    /// Ends clients until all together take `most` bytes, the largest first, and forgets them at once. Those that asked
    /// not to be are spared. Nobody is ended for what a client takes that has hung up, which its worker is about to
    /// close. Returns who was ended.
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

    /// The client with this number.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<Arc<ClientInfo>> {
        self.all.lock().get(&id).cloned()
    }

    /// All of them now, in the order they came.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<ClientInfo>> {
        self.all.lock().values().cloned().collect()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.lock().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Bytes of the large ones among them whose peers have closed their side, and that have nothing to be sent any more.
fn hung_up<'a>(all: impl Iterator<Item = &'a Arc<ClientInfo>>) -> usize {
    let counted = |client: &ClientInfo| client.counted.load(Ordering::Relaxed);
    let quiet = |client: &ClientInfo| client.fd >= 0 && client.output.load(Ordering::Relaxed) == 0;
    let large = all.filter(|client| counted(client) >= EXACT_FROM && quiet(client));
    large.filter(|client| socket::hung_up(client.fd)).map(|client| counted(client)).sum()
}
