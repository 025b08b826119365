//! What WAITAOF acknowledges: positions that are on the disk in files that a restart loads.
//!
//! What is on the disk can be loaded only where the file follows on a base. While the first base is written, the
//! history is not *complete*, and WAITAOF acknowledges nothing; nor does it while changes are not kept.

use super::Journal;
use redstart_services::blocked::Blocked;
use std::sync::Arc;

/// What WAITAOF answers a client that waits for this server's disk, where changes are not kept.
pub const NOT_KEPT: &str = "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";

/// What WAITAOF goes by. A lock, because `durable` is set to the log's end when changes begin to be kept: that must be
/// seen only together with the fact that the base is missing then.
#[derive(Default)]
pub(super) struct Acknowledged {
    /// What is on the disk follows on a base that is there too.
    complete: bool,
    waiting: Vec<Waiter>,
}

/// A client that waits until what it wrote is on the disk.
struct Waiter {
    position: u64,
    wait: Wait,
    blocked: Arc<Blocked>,
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// This server's disk, so that it cannot wait where changes are not kept.
    pub local: bool,
    /// Replicas, of which there are none: it waits until its time is up.
    pub replicas: bool,
}

impl Journal {
    /// What is on the disk can be loaded from here on: it follows on a base that is there too.
    pub fn complete(&self) {
        self.acknowledged.lock().complete = true;
        self.answer_waiting();
    }

    /// What is on the disk is of no use before there is another base: until [`Journal::complete`] nothing counts.
    pub fn lack_base(&self) {
        self.acknowledged.lock().complete = false;
    }

    /// Whether the history is on the disk up to this position, and can be loaded from there.
    #[must_use]
    pub fn is_on_disk(&self, position: u64) -> bool {
        self.acknowledged.lock().complete && self.durable() >= position
    }

    /// Answers a client when the history is on the disk up to this position, and can be loaded from there.
    pub fn when_on_disk(&self, position: u64, wait: Wait, blocked: Arc<Blocked>) {
        self.acknowledged.lock().waiting.push(Waiter { position, wait, blocked });
        self.answer_waiting();
    }

    /// Answers clients whose changes are on the disk now.
    pub(super) fn answer_waiting(&self) {
        let mut done = Vec::new();
        {
            let Acknowledged { complete, waiting } = &mut *self.acknowledged.lock();
            let durable = self.durable();
            waiting.retain(|waiter| {
                let there = *complete && waiter.position <= durable;
                if there {
                    waiter.blocked.set_on_disk(true);
                }
                let is_done = there && !waiter.wait.replicas;
                if is_done {
                    done.push(Arc::clone(&waiter.blocked));
                }
                !is_done && waiter.blocked.is_waiting()
            });
        }
        for blocked in done {
            blocked.unblock(None);
        }
    }

    /// Changes are kept no more: what was appended counts as settled, and clients that wait for this server's disk get
    /// an error.
    pub(super) fn answer_in_vain(&self) {
        let appended = self.appended();
        let in_vain: Vec<Waiter> = {
            let mut acknowledged = self.acknowledged.lock();
            self.set_settled(appended);
            for waiter in &acknowledged.waiting {
                waiter.blocked.set_on_disk(false);
            }
            acknowledged.waiting.extract_if(.., |waiter| waiter.wait.local).collect()
        };
        for waiter in in_vain {
            waiter.blocked.unblock(Some(NOT_KEPT.as_bytes()));
        }
    }
}
