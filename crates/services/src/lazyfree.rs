//! Lazy freeing: a thread that frees large values.
//!
//! The values have already left the keyspace, so no command waits for the thread. Only FLUSHALL SYNC does: it replies
//! when its data is freed, and blocks no other client meanwhile.

use redstart_encoding::Entry;
use std::any::Any;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};

/// With lazy freeing configured, values whose freeing takes more steps than this are freed by the thread.
const LAZILY_FROM: usize = 64;
/// Values whose freeing takes more steps than this are freed by the thread in any case: freeing one takes a
/// millisecond.
const ALWAYS_FROM: usize = 16 * 1024;

/// The number of steps above which a value is freed by the thread.
#[must_use]
pub fn heavy_from(lazily: bool) -> usize {
    if lazily { LAZILY_FROM } else { ALWAYS_FROM }
}

/// Called after the value is freed.
pub type Done = Box<dyn FnOnce() + Send>;

/// The thread that frees large values, and its counts.
#[derive(Debug, Default)]
pub struct LazyFree {
    jobs: OnceLock<Option<Sender<Job>>>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    pending: AtomicUsize,
    freed: AtomicU64,
}

struct Job {
    what: Box<dyn Any + Send>,
    objects: usize,
    done: Option<Done>,
}

impl Job {
    fn run(self, counts: &Counts) {
        drop(self.what);
        counts.freed.fetch_add(self.objects as u64, Ordering::Relaxed);
        counts.pending.fetch_sub(self.objects, Ordering::Relaxed);
        if let Some(done) = self.done {
            done();
        }
    }
}

impl LazyFree {
    /// Makes the thread drop `what`, which counts as `objects` objects, and then call `done`.
    pub fn drop_later(&self, what: Box<dyn Any + Send>, objects: usize, done: Option<Done>) {
        self.counts.pending.fetch_add(objects, Ordering::Relaxed);
        let job = Job { what, objects, done };
        let refused = match self.jobs.get_or_init(|| start(Arc::clone(&self.counts))) {
            Some(jobs) => jobs.send(job).err().map(|error| error.0),
            None => Some(job),
        };
        // Without a thread, the value is freed here.
        if let Some(job) = refused {
            job.run(&self.counts);
        }
    }

    /// Drops an entry, in the thread if it is large.
    #[inline]
    pub fn drop_entry(&self, entry: Entry, lazily: bool) {
        if entry.free_effort() > heavy_from(lazily) {
            self.drop_later(Box::new(entry), 1, None);
        }
    }

    /// Counts objects that were to be freed lazily, but were so few that they were freed at once.
    pub fn freed_at_once(&self, objects: usize) {
        self.counts.freed.fetch_add(objects as u64, Ordering::Relaxed);
    }

    /// Objects waiting to be freed.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.counts.pending.load(Ordering::Relaxed)
    }

    /// Objects freed by the thread.
    #[must_use]
    pub fn freed(&self) -> u64 {
        self.counts.freed.load(Ordering::Relaxed)
    }

    /// Resets the count of freed objects.
    pub fn reset(&self) {
        self.counts.freed.store(0, Ordering::Relaxed);
    }
}

/// Starts the thread. It ends when the last sender is dropped.
fn start(counts: Arc<Counts>) -> Option<Sender<Job>> {
    let (sender, jobs): (_, Receiver<Job>) = channel();
    let work = move || jobs.into_iter().for_each(|job| job.run(&counts));
    std::thread::Builder::new().name("lazyfree".to_owned()).spawn(work).ok().map(|_| sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_when_they_are_freed() {
        let lazy = LazyFree::default();
        let (sender, done) = channel();
        lazy.drop_later(Box::new(vec![0_u8; 100]), 3, Some(Box::new(move || sender.send(()).expect("it is awaited"))));
        done.recv().expect("the thread says so");
        assert_eq!((lazy.pending(), lazy.freed()), (0, 3));
        lazy.reset();
        assert_eq!(lazy.freed(), 0);
    }
}
