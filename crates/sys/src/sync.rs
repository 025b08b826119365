//! The primitives under [`crate::SlotLock`] and [`crate::Gate`], replaced by loom's when a model runs.

#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// Separates a sequentially consistent write from a sequentially consistent read of another location. The language
/// orders the two by itself; loom treats both as acquire and release only (according to its documentation) and needs
/// the fence.
#[inline(always)]
pub(crate) fn sequential() {
    #[cfg(loom)]
    loom::sync::atomic::fence(Ordering::SeqCst);
}

/// One iteration of a busy wait.
pub(crate) fn spin() {
    #[cfg(loom)]
    loom::thread::yield_now();
    #[cfg(not(loom))]
    std::hint::spin_loop();
}

/// Yields the processor.
pub(crate) fn give_way() {
    #[cfg(loom)]
    loom::thread::yield_now();
    #[cfg(not(loom))]
    std::thread::yield_now();
}

/// Sleeps while `word` holds `expected`; may wake up spuriously.
pub(crate) fn wait(word: &AtomicU32, expected: u32) {
    #[cfg(loom)]
    {
        let _ = (word, expected);
        loom::thread::yield_now();
    }
    #[cfg(not(loom))]
    // SAFETY: FUTEX_WAIT reads four bytes at an address that `word` keeps valid, and has no other effect on memory.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
            expected,
            std::ptr::null::<libc::timespec>(),
        );
    }
}

/// Wakes one thread that sleeps in [`wait`] on `word`.
pub(crate) fn wake_one(word: &AtomicU32) {
    #[cfg(loom)]
    let _ = word;
    #[cfg(not(loom))]
    // SAFETY: FUTEX_WAKE uses the address as a name only.
    unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, 1);
    }
}

/// A plain mutual exclusion lock with a guard.
#[cfg(not(loom))]
pub(crate) type Mutex = parking_lot::Mutex<()>;
#[cfg(not(loom))]
pub(crate) type MutexGuard<'a> = parking_lot::MutexGuard<'a, ()>;
#[cfg(loom)]
pub(crate) struct Mutex(loom::sync::Mutex<()>);
#[cfg(loom)]
pub(crate) type MutexGuard<'a> = loom::sync::MutexGuard<'a, ()>;

#[cfg(loom)]
impl Mutex {
    pub(crate) fn new((): ()) -> Self {
        Self(loom::sync::Mutex::new(()))
    }
    pub(crate) fn lock(&self) -> MutexGuard<'_> {
        self.0.lock().expect("a model that panics has failed already")
    }
}

/// Passes the lock to the longest waiter, if there is one, instead of to the next thread that asks.
pub(crate) fn unlock_fair(guard: MutexGuard<'_>) {
    #[cfg(not(loom))]
    parking_lot::MutexGuard::unlock_fair(guard);
    #[cfg(loom)]
    drop(guard);
}

/// How long [`lock_for_a_while`] waits.
#[cfg(not(loom))]
const A_WHILE: std::time::Duration = std::time::Duration::from_millis(20);

/// Takes the lock, or returns `None` after [`A_WHILE`].
#[inline]
pub(crate) fn lock_for_a_while(mutex: &Mutex) -> Option<MutexGuard<'_>> {
    #[cfg(not(loom))]
    return mutex.try_lock_for(A_WHILE);
    // A model has no time: it waits until the lock is free, which the real lock may do as well.
    #[cfg(loom)]
    Some(mutex.lock())
}
