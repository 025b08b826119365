//! When changes are flushed to the disk under `appendfsync always`, and which thread does that.
//!
//! If an fsync is fast, each worker calls it at the end of its turn: requests that arrive meanwhile make the next turn
//! larger, which costs less than handing the fsync over. If it is slow, a thread calls it while the worker continues,
//! and one fsync serves all replies that wait when it begins. The fsync begins when as many replies wait as the last
//! one served or found waiting at its end, but no later than an fsync takes. Otherwise clients that alternate with the
//! disk would form two groups, each waiting for the other's fsync as well as for its own. If the expected replies do
//! not arrive in time, the next [`HASTE`] fsyncs wait for none.
//!
//! ```text
//!   worker: turn ─ replies are held ─ fast? ─ fsync ─ replies are sent
//!                                     └ enough waiting? ─ ask ─ next turn ─ letter ─ replies are sent
//!   thread:                                                └ fsync ──────────┘
//! ```

use crate::mailbox::Letter;
use crate::server::Server;
use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// An fsync slower than this, in microseconds, is worth waking a thread: that costs some 20 microseconds on two cores.
const LONG_US: u64 = 200;
/// The longest wait for further replies, in microseconds, however slow the disk is.
const LONGEST_US: u64 = 5_000;
/// The number of fsyncs that begin at once after a wait timed out.
const HASTE: usize = 32;

/// The thread that calls fsync if fsync is slow, so that workers continue meanwhile.
#[derive(Debug)]
pub(crate) struct Syncer {
    /// By worker: the number of waiting batches of replies. A worker with any is notified of the next fsync.
    waiting: Vec<AtomicUsize>,
    /// An fsync begins when this many batches wait.
    expected: AtomicUsize,
    /// An fsync is in progress or about to begin.
    busy: AtomicBool,
    /// The number of further fsyncs that begin without waiting.
    haste: AtomicUsize,
    thread: Mutex<Thread>,
    wake: Condvar,
}

#[derive(Debug, Default)]
struct Thread {
    started: bool,
    asked: bool,
}

impl Syncer {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            waiting: (0..workers).map(|_| AtomicUsize::new(0)).collect(),
            expected: AtomicUsize::new(0),
            busy: AtomicBool::new(false),
            haste: AtomicUsize::new(0),
            thread: Mutex::default(),
            wake: Condvar::new(),
        }
    }

    /// Sets the number of waiting batches of a worker. The worker must check for a completed fsync after this call.
    pub(crate) fn set_waiting(&self, worker: usize, waiting: usize) {
        self.waiting[worker].store(waiting, Ordering::SeqCst);
    }

    /// Whether an fsync is in progress. Workers with waiting batches receive a letter at its end.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    /// Whether all expected batches are waiting.
    pub(crate) fn is_complete(&self) -> bool {
        let waiting: usize = self.waiting.iter().map(|waiting| waiting.load(Ordering::SeqCst)).sum();
        waiting >= self.expected.load(Ordering::Acquire)
    }

    /// Records that a wait timed out.
    pub(crate) fn timed_out(&self) {
        self.haste.store(HASTE, Ordering::Relaxed);
    }

    /// Whether an fsync of this duration is called by the thread.
    pub(crate) fn is_long(sync_us: u64) -> bool {
        sync_us > LONG_US
    }

    /// How long to wait for further batches, if an fsync takes this long.
    pub(crate) fn patience(sync_us: u64) -> Duration {
        Duration::from_micros(sync_us.min(LONGEST_US))
    }

    /// Makes the thread flush all changes so far and send letters. One call per fsync suffices. Returns false if there
    /// is no thread and none can be started.
    pub(crate) fn ask(&self, server: &Arc<Server>) -> bool {
        let mut thread = self.thread.lock();
        if !thread.started {
            let weak = Arc::downgrade(server);
            let builder = std::thread::Builder::new().name("aof-always".to_owned());
            thread.started = builder.spawn(move || serve(&weak)).is_ok();
        }
        if thread.started && !self.busy.swap(true, Ordering::SeqCst) {
            thread.asked = true;
            self.wake.notify_one();
        }
        thread.started
    }

    /// Waits for the next [`Syncer::ask`].
    fn wait(&self) {
        let mut thread = self.thread.lock();
        while !std::mem::take(&mut thread.asked) {
            self.wake.wait(&mut thread);
        }
    }

    /// Notifies the waiting workers of the end of an fsync. Workers that it did not serve register again.
    fn end(&self, server: &Server) {
        let waited = |waiting: &AtomicUsize| waiting.load(Ordering::SeqCst);
        let hasty = self.haste.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        let expected = if hasty { 0 } else { self.waiting.iter().map(waited).sum() };
        self.expected.store(expected, Ordering::Release);
        self.busy.store(false, Ordering::SeqCst);
        for (worker, waiting) in self.waiting.iter().enumerate() {
            if waiting.swap(0, Ordering::SeqCst) > 0 {
                server.mailboxes[worker].post(Letter::Synced);
            }
        }
    }
}

fn serve(server: &Weak<Server>) {
    // The server exists as long as its process.
    let Some(server) = server.upgrade() else { return };
    loop {
        server.syncer.wait();
        server.engine.settle();
        server.syncer.end(&server);
    }
}
