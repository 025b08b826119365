//! Replies held until the changes that they show are safe: written to the append-only file, and with `appendfsync
//! always` flushed to the disk. This happens once per turn for all clients, and includes the changes of other workers.
//!
//! With `always`, [`crate::syncer`] decides when to flush. A worker may continue meanwhile: replies are sent in their
//! order, up to the offset that the disk has reached.

use super::Worker;
use crate::syncer::Syncer;
use redstart_sys::net::Token;
use std::time::Instant;

impl Worker {
    /// Flushes the replies held in this turn or before, as far as the changes that they show are safe.
    pub(super) fn settle(&mut self) {
        // A failed write is retried in the next turn.
        if self.held.is_empty() && self.waiting.is_empty() {
            return self.engine.write_journal();
        }
        if !self.engine.waits_for_disk() {
            return self.settle_now();
        }
        while !self.hold() {
            // Only this thread can do it now.
            self.engine.settle();
        }
    }

    /// Holds the replies of this turn for the disk, and flushes those that have waited long enough. Returns false if
    /// this worker must call fsync itself before it continues.
    fn hold(&mut self) -> bool {
        loop {
            self.hold_until(self.engine.position());
            self.server.syncer.set_waiting(self.index, self.waiting.len());
            self.release();
            if self.held.is_empty() {
                break;
            }
            // Clients resumed when their replies were sent: their new replies wait as well.
        }
        let syncer = &self.server.syncer;
        syncer.set_waiting(self.index, self.waiting.len());
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
            syncer.timed_out();
        }
        syncer.ask(&self.server)
    }

    /// Like [`Worker::settle`], but returns only after all changes are safe.
    pub(super) fn settle_now(&mut self) {
        if !self.waiting.is_empty() {
            // `always` was configured until a moment ago, or the server is shutting down.
            self.gather_until = None;
            self.server.syncer.set_waiting(self.index, 0);
        }
        while !(self.held.is_empty() && self.waiting.is_empty()) {
            self.engine.settle();
            let waiting = std::mem::take(&mut self.waiting);
            // Changes appended by other workers from here on are theirs to wait for.
            let held = std::mem::take(&mut self.held);
            waiting.into_iter().map(|(_, token)| token).chain(held).for_each(|token| self.flush_client(token));
        }
    }

    /// Holds the replies of this turn until this offset is on the disk.
    fn hold_until(&mut self, position: u64) {
        let durable = self.engine.durable();
        for token in std::mem::take(&mut self.held) {
            if self.client(token).is_some_and(|client| client.hold_until(position)) {
                self.waiting.push_back((position, token));
            }
            // The client may be here because its previous send has completed.
            self.release_one(token, durable);
        }
    }

    /// Flushes the clients whose offset is on the disk now.
    fn release(&mut self) {
        let durable = self.engine.durable();
        while let Some(&(position, token)) = self.waiting.front()
            && position <= durable
        {
            self.waiting.pop_front();
            self.release_one(token, durable);
        }
    }

    /// Flushes the replies of one client that may be sent.
    fn release_one(&mut self, token: Token, durable: u64) {
        let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) else { return };
        if client.sendable(durable) == client.connection.output.len() {
            self.flush_client(token);
        } else {
            // The client wrote more replies since, which wait for a later offset.
            client.flush_until(durable, &mut self.driver, self.engine.stats());
        }
    }
}
