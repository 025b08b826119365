//! When changes are brought to the disk, and who does it, with `appendfsync always`.
//!
//! Where a sync is quick, each worker does one at the end of its turn: what comes meanwhile makes the next turn larger,
//! which costs less than to go on with it. Where it takes long, a thread does it while the worker goes on, and one sync
//! serves all who wait when it begins. It begins when as many wait as the last one served or found waiting at its end, but no
//! later than a sync takes: clients that take turns with the disk would else fall into two groups, each waiting for the
//! other's sync as well as for its own. Where those who were expected do not come, nobody is waited for during the next
//! syncs.
//!
//! ```text
//!   worker: turn ─ answers are held ─ quick? ─ sync ─ answers go
//!                                       └ enough wait? ─ ask ─ next turn ─ letter ─ answers go
//!   thread:                                               └ sync ───────────┘
//! ```

use crate::mailbox::Letter;
use crate::server::Server;
use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A sync that takes longer is worth waking a thread for: that costs some 20 microseconds of two cores.
const LONG_US: u64 = 200;
/// However slow the disk is, nobody waits longer for others.
const LONGEST_US: u64 = 5_000;
/// So many syncs begin at once after one waited in vain.
const HASTE: usize = 32;

/// The thread that calls fsync where that takes long, so that workers go on meanwhile.
#[derive(Debug)]
pub(crate) struct Syncer {
    /// By worker: how many stretches of answers wait. It is told of the next sync where there are any.
    waiting: Vec<AtomicUsize>,
    /// With so many, a sync begins.
    expected: AtomicUsize,
    /// A sync is under way, or about to be.
    busy: AtomicBool,
    /// For so many syncs more nobody is expected.
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

    /// So many stretches of answers wait at this worker. A sync that ended before has to be looked for after this.
    pub(crate) fn tell(&self, worker: usize, waiting: usize) {
        self.waiting[worker].store(waiting, Ordering::SeqCst);
    }

    /// Whether a sync is under way. Who told that some wait gets a letter when it has ended.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    /// Whether all who were expected wait.
    pub(crate) fn is_complete(&self) -> bool {
        let waiting: usize = self.waiting.iter().map(|waiting| waiting.load(Ordering::SeqCst)).sum();
        waiting >= self.expected.load(Ordering::Acquire)
    }

    /// Somebody was waited for in vain.
    pub(crate) fn give_up(&self) {
        self.haste.store(HASTE, Ordering::Relaxed);
    }

    /// Whether a sync that takes so long is for the thread.
    pub(crate) fn is_long(sync_us: u64) -> bool {
        sync_us > LONG_US
    }

    /// How long one waits for others, where a sync takes so long.
    pub(crate) fn patience(sync_us: u64) -> Duration {
        Duration::from_micros(sync_us.min(LONGEST_US))
    }

    /// Has the thread bring to the disk what was changed until now, and send letters. Once is enough until it has. False
    /// where there is no thread and none can be started.
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

    /// Waits until somebody asks.
    fn wait(&self) {
        let mut thread = self.thread.lock();
        while !std::mem::take(&mut thread.asked) {
            self.wake.wait(&mut thread);
        }
    }

    /// A sync has ended: tells who waited. Those it did not serve tell again that they wait.
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
    // The server lives as long as its process.
    let Some(server) = server.upgrade() else { return };
    loop {
        server.syncer.wait();
        server.engine.settle();
        server.syncer.end(&server);
    }
}
