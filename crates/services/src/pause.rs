//! CLIENT PAUSE: for a period no command runs, or none that may write. Held-back commands run after the pause.
//!
//! Keys do not expire during a pause either: expired keys are hidden, but are deleted only after the pause.

use crate::clients::ClientInfo;
use crate::listeners::Listeners;
use crate::session::Session;
use parking_lot::Mutex;
use redstart_sys::clock::unix_ms;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// How long [`Pause::let_go_on`] waits for a worker that was notified of the end of a pause.
const MOMENT: Duration = Duration::from_millis(20);

/// CLIENT PAUSE: the end of the pause, and the clients that wait for it.
#[derive(Debug, Default)]
pub struct Pause {
    /// The end of the pause, in unix milliseconds; 0 for no pause.
    until_ms: AtomicI64,
    /// All commands are held back, not only writes.
    all: AtomicBool,
    /// The clients whose commands are held back.
    postponed: Mutex<Vec<Arc<ClientInfo>>>,
}

impl Pause {
    /// Whether a pause is active.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.until_ms.load(Ordering::Relaxed) != 0 && self.still_on()
    }

    /// Whether the pause has not ended; resets the state if it has.
    #[cold]
    fn still_on(&self) -> bool {
        let until_ms = self.until_ms.load(Ordering::Relaxed);
        if unix_ms() < until_ms {
            return true;
        }
        // On failure another thread has just extended or ended the pause; the next check will see that.
        let _ = self.until_ms.compare_exchange(until_ms, 0, Ordering::Relaxed, Ordering::Relaxed);
        self.all.store(false, Ordering::Relaxed);
        false
    }

    /// Starts a pause. An active pause keeps the later end and the stricter mode.
    pub fn begin(&self, until_ms: i64, all: bool) {
        let on = self.is_on();
        self.all.store(all || (on && self.all.load(Ordering::Relaxed)), Ordering::Relaxed);
        self.until_ms.fetch_max(until_ms, Ordering::Relaxed);
    }

    /// Ends the pause: held-back commands run.
    pub fn end(&self) {
        self.until_ms.store(0, Ordering::Relaxed);
        self.all.store(false, Ordering::Relaxed);
        self.postponed.lock().iter().for_each(|client| client.wake());
    }

    /// Whether the pause holds back a command, which may write or not.
    #[must_use]
    pub fn holds_back(&self, may_write: bool) -> bool {
        self.is_on() && (may_write || self.all.load(Ordering::Relaxed))
    }

    /// Makes a session wait for the end of the pause.
    pub fn postpone(&self, session: &mut Session, listeners: &Listeners) {
        session.postponed_ms = Some(self.until_ms.load(Ordering::Relaxed));
        session.info.postponed.store(true, Ordering::Relaxed);
        listeners.block();
        self.postponed.lock().push(Arc::clone(&session.info));
        // A thread that ended the pause in the meantime did not wake this client.
        if !self.is_on() {
            session.info.wake();
        }
    }

    /// Gives a client whose command was held back up to 20 ms to resume, if the pause has just ended.
    pub fn let_go_on(&self, client: &ClientInfo) {
        let until = Instant::now() + MOMENT;
        while !self.is_on() && client.blocked.lock().is_none() && Instant::now() < until {
            std::thread::yield_now();
        }
    }

    /// The end of the pause, in unix milliseconds, and whether it holds back all commands.
    #[must_use]
    pub fn state(&self) -> Option<(i64, bool)> {
        self.is_on().then(|| (self.until_ms.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed)))
    }

    /// The session stops waiting; returns false if it did not wait. To other threads it appears to wait until its
    /// command has run.
    pub fn release(&self, session: &mut Session, listeners: &Listeners) -> bool {
        if session.postponed_ms.take().is_none() {
            return false;
        }
        listeners.unblock();
        self.postponed.lock().retain(|client| client.id != session.info.id);
        true
    }
}
