//! Messages to a worker from other threads: letters, and a wake-up.

use crate::listen::{Kind, Listener};
use parking_lot::Mutex;
use redstart_sys::net::{Token, Waker};
use rustls::ServerConfig;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A message to a worker.
#[derive(Debug)]
pub(crate) enum Letter {
    /// Serve a new connection.
    Serve {
        /// The connection.
        socket: OwnedFd,
        /// Whether it came through the Unix socket.
        unix: bool,
        /// The TLS settings, if it is encrypted.
        tls: Option<Arc<ServerConfig>>,
    },
    /// Replace the listeners of this kind.
    Listen(Kind, Vec<Listener>),
    /// A client of this worker was killed.
    Reap,
    /// The reply to this client's blocked command is ready.
    Answered(Token),
    /// There is output in this client's outbox.
    Pushed(Token),
    /// Close a client that disconnected while a script was overdue.
    Close(Token),
    /// An fsync has completed.
    Synced,
    /// The server shuts down.
    Shutdown,
}

/// A worker's mailbox.
#[derive(Debug)]
pub(crate) struct Mailbox {
    letters: Mutex<Vec<Letter>>,
    /// The worker sleeps or is about to, so it must be woken. It is set before the worker's last look at the letters,
    /// and read after a letter is added, so one of the two sees the other.
    asleep: AtomicBool,
    waker: Waker,
}

impl Mailbox {
    pub(crate) fn new(waker: Waker) -> Self {
        Self { letters: Mutex::new(Vec::new()), asleep: AtomicBool::new(true), waker }
    }

    /// Adds a letter, and wakes the worker if it sleeps.
    pub(crate) fn post(&self, letter: Letter) {
        self.letters.lock().push(letter);
        if self.asleep.swap(false, Ordering::SeqCst) {
            self.waker.wake();
        }
    }

    /// The worker is about to sleep; returns false if there are letters to read first.
    pub(crate) fn may_sleep(&self) -> bool {
        self.asleep.store(true, Ordering::SeqCst);
        let empty = self.letters.lock().is_empty();
        if !empty {
            self.woken();
        }
        empty
    }

    /// The worker is awake, and will read its letters before it sleeps again.
    pub(crate) fn woken(&self) {
        self.asleep.store(false, Ordering::SeqCst);
    }

    /// Takes all letters, in the order in which they were posted.
    pub(crate) fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock())
    }
}
