//! CLIENT PAUSE: for a while no command runs, or none that may change data. Who sends one waits, and it runs afterwards.
//!
//! Nothing expires meanwhile either: keys past their time are not seen, but stay until the pause is over.

use crate::clients::ClientInfo;
use crate::listeners::Listeners;
use crate::session::Session;
use parking_lot::Mutex;
use redstart_sys::clock::unix_ms;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// Within this time a worker that was told that a pause is over has gone on.
const MOMENT: Duration = Duration::from_millis(20);

/// CLIENT PAUSE: until when which commands wait, and the clients that do.
#[derive(Debug, Default)]
pub struct Pause {
    /// When it ends, in unix milliseconds; 0 for no pause.
    until_ms: AtomicI64,
    /// All commands are held back, not only those that may change data.
    all: AtomicBool,
    /// Whose commands are.
    postponed: Mutex<Vec<Arc<ClientInfo>>>,
}

impl Pause {
    /// Whether there is one.
    #[inline]
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.until_ms.load(Ordering::Relaxed) != 0 && self.goes_on()
    }

    /// Whether it is not over yet; where it is, it is forgotten.
    #[cold]
    fn goes_on(&self) -> bool {
        let until_ms = self.until_ms.load(Ordering::Relaxed);
        if unix_ms() < until_ms {
            return true;
        }
        // If it fails, somebody prolonged it or ended it just now: the next look will tell.
        let _ = self.until_ms.compare_exchange(until_ms, 0, Ordering::Relaxed, Ordering::Relaxed);
        self.all.store(false, Ordering::Relaxed);
        false
    }

    /// Begins a pause. One that is on keeps what is longer and what holds back more.
    pub fn begin(&self, until_ms: i64, all: bool) {
        let on = self.is_on();
        self.all.store(all || (on && self.all.load(Ordering::Relaxed)), Ordering::Relaxed);
        self.until_ms.fetch_max(until_ms, Ordering::Relaxed);
    }

    /// Ends it: what was held back runs.
    pub fn end(&self) {
        self.until_ms.store(0, Ordering::Relaxed);
        self.all.store(false, Ordering::Relaxed);
        self.postponed.lock().iter().for_each(|client| client.wake());
    }

    /// Whether it holds back a command that may change data, or not.
    #[must_use]
    pub fn holds_back(&self, may_write: bool) -> bool {
        self.is_on() && (may_write || self.all.load(Ordering::Relaxed))
    }

    /// Has a session wait for the end.
    pub fn postpone(&self, session: &mut Session, listeners: &Listeners) {
        session.postponed_ms = Some(self.until_ms.load(Ordering::Relaxed));
        session.info.postponed.store(true, Ordering::Relaxed);
        listeners.block();
        self.postponed.lock().push(Arc::clone(&session.info));
        // Who ended it a moment ago did not see this one.
        if !self.is_on() {
            session.info.wake();
        }
    }

    /// Gives a client whose command was held back a moment to go on, where the pause has just ended.
    pub fn let_go_on(&self, client: &ClientInfo) {
        let until = Instant::now() + MOMENT;
        while !self.is_on() && client.blocked.lock().is_none() && Instant::now() < until {
            std::thread::yield_now();
        }
    }

    /// When it ends, in unix milliseconds, and whether it holds back all commands.
    #[must_use]
    pub fn state(&self) -> Option<(i64, bool)> {
        self.is_on().then(|| (self.until_ms.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed)))
    }

    /// The session waits no more; false where it did not. Others see it as waiting until its command has run.
    pub fn release(&self, session: &mut Session, listeners: &Listeners) -> bool {
        if session.postponed_ms.take().is_none() {
            return false;
        }
        listeners.unblock();
        self.postponed.lock().retain(|client| client.id != session.info.id);
        true
    }
}
