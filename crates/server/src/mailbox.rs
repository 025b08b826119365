//! How threads reach a worker: letters, and a wake-up.

use crate::listen::{Kind, Listener};
use parking_lot::Mutex;
use redstart_sys::net::{Token, Waker};
use rustls::ServerConfig;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a worker may be told.
#[derive(Debug)]
pub(crate) enum Letter {
    /// A connection to serve.
    Serve {
        /// The connection.
        socket: OwnedFd,
        /// Whether it came by the Unix socket.
        unix: bool,
        /// With what it is encrypted, if it is.
        tls: Option<Arc<ServerConfig>>,
    },
    /// Listeners in place of those it has of this kind.
    Listen(Kind, Vec<Listener>),
    /// Somebody ended a client of this worker.
    Reap,
    /// The command that this client waited in was answered.
    Answered(Token),
    /// There is something in this client's outbox.
    Pushed(Token),
    /// A client went away while a script was overdue.
    Close(Token),
    /// More is on the disk than before.
    Synced,
    /// The server ends.
    Shutdown,
}

/// A worker's mailbox.
#[derive(Debug)]
pub(crate) struct Mailbox {
    letters: Mutex<Vec<Letter>>,
    /// The worker sleeps, or is about to: it is to be woken. Set before it looks at the letters for the last time, and
    /// read after a letter was put in, so one of the two sees the other.
    asleep: AtomicBool,
    waker: Waker,
}

impl Mailbox {
    pub(crate) fn new(waker: Waker) -> Self {
        Self { letters: Mutex::new(Vec::new()), asleep: AtomicBool::new(true), waker }
    }

    /// Puts a letter in, and wakes the worker if it sleeps.
    pub(crate) fn post(&self, letter: Letter) {
        self.letters.lock().push(letter);
        if self.asleep.swap(false, Ordering::SeqCst) {
            self.waker.wake();
        }
    }

    /// The worker is going to sleep; false if there are letters to be read before.
    pub(crate) fn may_sleep(&self) -> bool {
        self.asleep.store(true, Ordering::SeqCst);
        let empty = self.letters.lock().is_empty();
        if !empty {
            self.woken();
        }
        empty
    }

    /// The worker is awake, and will look at the letters before it sleeps again.
    pub(crate) fn woken(&self) {
        self.asleep.store(false, Ordering::SeqCst);
    }

    /// All letters, in the order they were posted.
    pub(crate) fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock())
    }
}
