//! How threads reach a worker: letters, and a wake-up.

use crate::listen::Listener;
use parking_lot::Mutex;
use redstart_sys::net::{Token, Waker};
use std::os::fd::OwnedFd;

/// What a worker may be told.
#[derive(Debug)]
pub(crate) enum Letter {
    /// A connection to serve.
    Serve {
        /// The connection.
        socket: OwnedFd,
        /// Whether it came by the Unix socket.
        unix: bool,
    },
    /// TCP listeners in place of those it has.
    Listen(Vec<Listener>),
    /// Somebody ended a client of this worker.
    Reap,
    /// The command that this client waited in was answered.
    Answered(Token),
    /// The server ends.
    Shutdown,
}

/// A worker's mailbox.
#[derive(Debug)]
pub(crate) struct Mailbox {
    letters: Mutex<Vec<Letter>>,
    waker: Waker,
}

impl Mailbox {
    pub(crate) fn new(waker: Waker) -> Self {
        Self { letters: Mutex::new(Vec::new()), waker }
    }

    /// Puts a letter in and wakes the worker.
    pub(crate) fn post(&self, letter: Letter) {
        self.letters.lock().push(letter);
        self.waker.wake();
    }

    /// All letters, in the order they were posted.
    pub(crate) fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock())
    }
}
