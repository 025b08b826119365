//! The big-reader lock over everything: a worker holds its own share while it runs a batch; an exclusive command waits
//! until all shares are released.
//!
//! ```text
//!   reader: share[i] += 1; exclusive? -> no: in     writer: exclusive = 1; wait until every share[i] == 0
//!                                     -> yes: share[i] -= 1, sleep on the writer's mutex, again
//! ```
//! Both sides write first and read second, all of it sequentially consistent, so at least one sees the other (Dekker's
//! argument; modelled in `tests/loom.rs`). Each share has its own cache line: without an exclusive command, a reader
//! touches no line that another reader writes.

use crate::sync::{AtomicU32, AtomicUsize, Mutex, MutexGuard, Ordering, give_way, lock_for_a_while, sequential, spin};

/// One reader's counter, alone on its cache line (two lines, since processors fetch them in pairs).
#[repr(align(128))]
#[derive(Debug)]
struct Counter(AtomicU32);

/// The index of a reader's counter. If several readers share one, they are slower, but correct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(usize);

/// Admits many threads together, or one alone.
pub struct Gate {
    shares: Box<[Counter]>,
    exclusive: AtomicU32,
    /// Held by the exclusive thread while it is inside; rejected readers wait here.
    writer: Mutex,
    next: AtomicUsize,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("shares", &self.shares.len()).finish_non_exhaustive()
    }
}

impl Gate {
    /// A gate with `shares` counters (at least one).
    #[must_use]
    pub fn new(shares: usize) -> Self {
        Self {
            shares: (0..shares.max(1)).map(|_| Counter(AtomicU32::new(0))).collect(),
            exclusive: AtomicU32::new(0),
            writer: Mutex::new(()),
            next: AtomicUsize::new(0),
        }
    }

    /// Assigns a counter to a new reader, in turn.
    pub fn share(&self) -> Share {
        Share(self.next.fetch_add(1, Ordering::Relaxed) % self.shares.len())
    }

    /// Enters together with other readers.
    #[inline]
    pub fn enter(&self, share: Share) {
        let counter = &self.shares[share.0].0;
        counter.fetch_add(1, Ordering::SeqCst);
        sequential();
        if self.exclusive.load(Ordering::SeqCst) != 0 {
            self.enter_slow(counter);
        }
    }

    #[cold]
    fn enter_slow(&self, counter: &AtomicU32) {
        loop {
            counter.fetch_sub(1, Ordering::SeqCst);
            drop(self.writer.lock());
            counter.fetch_add(1, Ordering::SeqCst);
            sequential();
            if self.exclusive.load(Ordering::SeqCst) == 0 {
                return;
            }
        }
    }

    /// Like [`Gate::enter`], but a rejected reader calls `give_up` now and then; returns false if that returned true.
    #[inline]
    pub fn enter_unless(&self, share: Share, give_up: impl Fn() -> bool) -> bool {
        let counter = &self.shares[share.0].0;
        counter.fetch_add(1, Ordering::SeqCst);
        sequential();
        self.exclusive.load(Ordering::SeqCst) == 0 || self.enter_slowly(counter, &give_up)
    }

    #[cold]
    fn enter_slowly(&self, counter: &AtomicU32, give_up: &dyn Fn() -> bool) -> bool {
        loop {
            counter.fetch_sub(1, Ordering::SeqCst);
            loop {
                if give_up() {
                    return false;
                }
                if lock_for_a_while(&self.writer).is_some() {
                    break;
                }
            }
            counter.fetch_add(1, Ordering::SeqCst);
            sequential();
            if self.exclusive.load(Ordering::SeqCst) == 0 {
                return true;
            }
        }
    }

    /// Leaves after [`Gate::enter`].
    #[inline]
    pub fn leave(&self, share: Share) {
        self.shares[share.0].0.fetch_sub(1, Ordering::Release);
    }

    /// Enters exclusively: returns once every reader has left, and keeps new ones out until the guard drops. The
    /// calling thread must not be inside as a reader.
    pub fn enter_exclusive(&self) -> Exclusive<'_> {
        let guard = self.writer.lock();
        self.exclusive.store(1, Ordering::SeqCst);
        sequential();
        for counter in &self.shares {
            let mut turns = 0_u32;
            while counter.0.load(Ordering::SeqCst) != 0 {
                turns += 1;
                if turns < 100 { spin() } else { give_way() }
            }
        }
        Exclusive { gate: self, _guard: guard }
    }

    /// Like [`Gate::enter_exclusive`]; returns `None` if `give_up` returned true before the gate was free.
    pub fn enter_exclusive_unless(&self, give_up: impl Fn() -> bool) -> Option<Exclusive<'_>> {
        let guard = loop {
            if give_up() {
                return None;
            }
            if let Some(guard) = lock_for_a_while(&self.writer) {
                break guard;
            }
        };
        self.exclusive.store(1, Ordering::SeqCst);
        // From here on dropping this guard reopens the gate, also on giving up.
        let exclusive = Exclusive { gate: self, _guard: guard };
        sequential();
        for counter in &self.shares {
            let mut turns = 0_u32;
            while counter.0.load(Ordering::SeqCst) != 0 {
                turns += 1;
                if turns < 100 {
                    spin();
                } else {
                    give_way();
                }
                if turns.is_multiple_of(1024) && give_up() {
                    return None;
                }
            }
        }
        Some(exclusive)
    }

    /// Enters exclusively a gate that all its users enter through this function, which then costs one lock.
    #[inline]
    pub(crate) fn enter_solo(&self) -> MutexGuard<'_> {
        self.writer.lock()
    }

    /// Like [`Gate::enter_solo`]; returns `None` if `give_up` returned true meanwhile.
    #[inline]
    pub(crate) fn enter_solo_unless(&self, give_up: impl Fn() -> bool) -> Option<MutexGuard<'_>> {
        loop {
            if let Some(guard) = lock_for_a_while(&self.writer) {
                return Some(guard);
            }
            if give_up() {
                return None;
            }
        }
    }
}

/// The right to be alone inside; ends when dropped.
pub struct Exclusive<'a> {
    gate: &'a Gate,
    _guard: MutexGuard<'a>,
}

impl std::fmt::Debug for Exclusive<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Exclusive")
    }
}

impl Drop for Exclusive<'_> {
    fn drop(&mut self) {
        // Before the mutex is released (the guard drops after this), so that a thread waiting for it finds the gate
        // open.
        self.gate.exclusive.store(0, Ordering::SeqCst);
    }
}
