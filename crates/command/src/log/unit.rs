//! Appending a unit.

use super::tail::Tail;
use super::{Audience, Words};
use parking_lot::MutexGuard;
use std::sync::atomic::Ordering;

/// A unit that is being appended. It holds the log's lock.
#[derive(Debug)]
pub struct Unit<'l> {
    words: &'l Words,
    tail: MutexGuard<'l, Tail>,
    commands: u64,
}

impl<'l> Unit<'l> {
    #[inline]
    pub(super) fn new(words: &'l Words, tail: MutexGuard<'l, Tail>) -> Self {
        Self { words, tail, commands: 0 }
    }

    /// Begins each second's first unit in the file with a line that has the time.
    pub fn note_time(&mut self, second: i64) {
        self.tail.note_time(second);
    }

    /// Appends a command for a database.
    #[inline]
    pub fn command(&mut self, database: usize, bytes: &[u8]) {
        if !self.tail.is_selected(database) {
            self.tail.select(database);
        }
        self.frame(bytes);
    }

    /// Appends a command for no database: MULTI and EXEC.
    #[inline]
    pub fn frame(&mut self, bytes: &[u8]) {
        self.tail.push(bytes);
        self.commands += 1;
    }

    /// Appends bytes that only this audience gets.
    pub fn aside(&mut self, audience: Audience, bytes: &[u8]) {
        self.tail.aside(audience, bytes);
    }

    /// Ends it: readers see it. Returns where the log ends then.
    #[inline]
    pub fn finish(mut self) -> u64 {
        let Self { words, tail, commands } = &mut self;
        if *commands == 0 {
            tail.publish_asides();
        } else {
            tail.publish();
        }
        if tail.has_grown {
            tail.publish_full();
            words.room.store(tail.room(), Ordering::Relaxed);
        }
        let end = tail.end();
        words.commands.store(words.commands.load(Ordering::Relaxed) + *commands, Ordering::Relaxed);
        words.end.store(end, Ordering::Release);
        end
    }
}

impl Drop for Unit<'_> {
    /// One that was not finished is taken back: the thread that appended it panics.
    #[inline]
    fn drop(&mut self) {
        let end = self.words.end.load(Ordering::Relaxed);
        if self.tail.end() != end {
            self.tail.discard(end);
        }
    }
}
