//! Answers that wait until what they show is safe: written to the append-only file, and with `appendfsync always` on the
//! disk. Once a turn for all clients, and for what other workers changed too.
//!
//! With `always` the [`crate::syncer`] says when that happens. A worker may go on meanwhile: answers go in the order in which
//! they were given, up to where the disk is.

use super::Worker;
use crate::syncer::Syncer;
use redstart_sys::net::Token;
use std::time::Instant;

impl Worker {
    /// Lets the answers go that were held back in this turn or before, as far as what they show is safe.
    pub(super) fn settle(&mut self) {
        // A write that fails is tried again with the next turn.
        if self.held.is_empty() && self.waiting.is_empty() {
            return self.engine.write_journal();
        }
        if !self.engine.waits_for_disk() {
            return self.settle_now();
        }
        while !self.hold() {
            // Nobody would do it but this thread.
            self.engine.settle();
        }
    }

    /// Has the answers of this turn wait for the disk, and lets those go that waited long enough. False where this worker
    /// has to bring the rest to the disk before it goes on.
    fn hold(&mut self) -> bool {
        loop {
            self.hold_until(self.engine.position());
            self.server.syncer.tell(self.index, self.waiting.len());
            self.release();
            if self.held.is_empty() {
                break;
            }
            // Clients went on when their answers went: theirs wait as well.
        }
        let syncer = &self.server.syncer;
        syncer.tell(self.index, self.waiting.len());
        let gather_until = self.gather_until.take();
        if self.waiting.is_empty() || syncer.is_busy() {
            return true;
        }
        let sync_us = self.engine.sync_us();
        if !Syncer::is_long(sync_us) {
            return false;
        }
        let now = Instant::now();
        if !syncer.is_complete() {
            let until = gather_until.unwrap_or_else(|| now + Syncer::patience(sync_us));
            if now < until {
                self.gather_until = Some(until);
                return true;
            }
            syncer.give_up();
        }
        syncer.ask(&self.server)
    }

    /// As [`Worker::settle`], and does not return before all is safe.
    pub(super) fn settle_now(&mut self) {
        if !self.waiting.is_empty() {
            // It was `always` a moment ago, or the server ends.
            self.gather_until = None;
            self.server.syncer.tell(self.index, 0);
        }
        while !(self.held.is_empty() && self.waiting.is_empty()) {
            self.engine.settle();
            let waiting = std::mem::take(&mut self.waiting);
            // What others append from here on is theirs to wait for.
            let held = std::mem::take(&mut self.held);
            waiting.into_iter().map(|(_, token)| token).chain(held).for_each(|token| self.let_go(token));
        }
    }

    /// Has the answers of this turn wait for this position.
    fn hold_until(&mut self, position: u64) {
        let durable = self.engine.durable();
        for token in std::mem::take(&mut self.held) {
            if self.client(token).is_some_and(|client| client.promise(position)) {
                self.waiting.push_back((position, token));
            }
            // It may be here because what it was sent before has left.
            self.release_one(token, durable);
        }
    }

    /// Lets go what waits for what is on the disk now.
    fn release(&mut self) {
        let durable = self.engine.durable();
        while let Some(&(position, token)) = self.waiting.front()
            && position <= durable
        {
            self.waiting.pop_front();
            self.release_one(token, durable);
        }
    }

    /// Lets go what may go of one client's answers.
    fn release_one(&mut self, token: Token, durable: u64) {
        let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) else { return };
        if client.may_go(durable) == client.connection.output.len() {
            self.let_go(token);
        } else {
            // It gave more answers since, which wait longer.
            client.flush_until(durable, &mut self.driver, self.engine.stats());
        }
    }
}
