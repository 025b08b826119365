//! Pieces on their way from the thread that cuts to those that read: never more than some, and none once somebody gave up.

use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;

/// A bounded queue between the thread that cuts a file into pieces and those that read the pieces.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    most: usize,
    filled: Condvar,
    emptied: Condvar,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(super) fn new(most: usize) -> Self {
        let state = Mutex::new(State { waiting: VecDeque::new(), closed: false });
        Self { state, most, filled: Condvar::new(), emptied: Condvar::new() }
    }

    /// Adds one, waiting for room; false if the queue is closed.
    pub(super) fn push(&self, one: T) -> bool {
        let mut state = self.state.lock();
        while state.waiting.len() >= self.most && !state.closed {
            self.emptied.wait(&mut state);
        }
        if !state.closed {
            state.waiting.push_back(one);
            self.filled.notify_one();
        }
        !state.closed
    }

    /// Takes one, waiting for it; `None` once the queue is closed and empty.
    pub(super) fn pop(&self) -> Option<T> {
        let mut state = self.state.lock();
        loop {
            if let Some(one) = state.waiting.pop_front() {
                self.emptied.notify_one();
                return Some(one);
            }
            if state.closed {
                return None;
            }
            self.filled.wait(&mut state);
        }
    }

    /// Nothing is added any more.
    pub(super) fn close(&self) {
        self.state.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// As [`Queue::close`], and what waits is thrown away.
    pub(super) fn give_up(&self) {
        self.state.lock().waiting.clear();
        self.close();
    }
}
