//! Waking a driver from other threads.
//!
//! One atomic state determines the cost of a wake-up. Only a sleeping driver needs a system call (a write to its
//! eventfd); a working driver finds the state changed before it would sleep.
//!
//! ```text
//!            prepare (CAS)                 wake (swap): writes the eventfd
//!   AWAKE ──────────────────► SLEEPING ──────────────────────┐
//!     │ ▲                        │                           ▼
//!     │ └──── finish (swap) ─────┴──────────────────────── WOKEN ◄─┐
//!     └─────────────── wake (swap): no system call ──────────┴─────┘
//! ```
//!
//! Every step is a read-modify-write of the one state, so all steps are totally ordered. A wake either precedes the
//! driver's `finish`, which then reports [`Event::Woken`](super::Event::Woken) and sees all that was published before
//! the wake, or follows it and keeps the next `prepare` from sleeping. No wake-up is lost; the eventfd's counter is
//! never read, since each write raises a new edge.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, FromRawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const AWAKE: u8 = 0;
const SLEEPING: u8 = 1;
const WOKEN: u8 = 2;

/// Wakes one driver, from any thread. Cheap to clone; a call costs a system call only if the driver sleeps and was not
/// woken yet.
#[derive(Clone)]
pub struct Waker {
    shared: Arc<Shared>,
}

/// Alone on its cache lines: every worker writes here.
#[repr(align(128))]
struct Shared {
    state: AtomicU8,
    eventfd: File,
}

impl Waker {
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: plain system call without pointers.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call succeeded, so `fd` is open and has no other owner.
        let eventfd = unsafe { File::from_raw_fd(fd) };
        Ok(Self { shared: Arc::new(Shared { state: AtomicU8::new(AWAKE), eventfd }) })
    }

    /// Makes the driver's current or next `wait` return with [`Event::Woken`](super::Event::Woken). All that the caller
    /// wrote before is visible to the driver's thread when it pulls that event.
    pub fn wake(&self) {
        if self.shared.state.swap(WOKEN, Ordering::AcqRel) == SLEEPING {
            self.raise();
        }
    }

    /// The write fails only if the counter is at its maximum, after 2^64 wake-ups, or is interrupted before it began.
    fn raise(&self) {
        while let Err(error) = (&self.shared.eventfd).write(&1u64.to_ne_bytes()) {
            if error.kind() != io::ErrorKind::Interrupted {
                return;
            }
        }
    }

    /// Called by the driver before it sleeps. Returns false if a wake-up arrived since the last `finish`: do not sleep.
    pub(super) fn prepare(&self) -> bool {
        self.shared.state.compare_exchange(AWAKE, SLEEPING, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Called by the driver after it slept. Returns true if a wake-up arrived.
    pub(super) fn finish(&self) -> bool {
        self.shared.state.swap(AWAKE, Ordering::AcqRel) == WOKEN
    }

    /// The descriptor that becomes readable, edge by edge, when the sleeping driver is woken.
    pub(super) fn eventfd(&self) -> BorrowedFd<'_> {
        self.shared.eventfd.as_fd()
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waker").finish_non_exhaustive()
    }
}
