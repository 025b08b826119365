//! Creates the ring, falling back step by step to older kernel features, and tears it down safely.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Write};
use std::mem;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use io_uring::types::CancelBuilder;
use io_uring::{Builder, EnterFlags, IoUring, Probe, opcode};

use super::{BUFFER_GROUP, Buffers, Uring, Waker};
use crate::net::{Error, Event, Options, Token};

/// How long tearing the ring down waits for operations in flight before it leaks the memory instead.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);
const REGISTER_RING_FDS: u32 = 20;

/// Whether this kernel lets this process use all features that the driver needs: tested once, by a round trip through a
/// small ring.
pub(in crate::net) fn is_usable() -> bool {
    static USABLE: OnceLock<bool> = OnceLock::new();
    *USABLE.get_or_init(|| try_round_trip().unwrap_or(false))
}

fn try_round_trip() -> Result<bool, Error> {
    round_trip(Uring::new(Options { buffer_count: 2, buffer_size: 256, entries: 8 }, u32::MAX)?)
}

/// Whether a byte sent to the ring arrives.
fn round_trip(mut uring: Uring) -> Result<bool, Error> {
    let (mut near, far) = UnixStream::pair().map_err(Error::setup("a socket pair"))?;
    uring.add(Token(0), OwnedFd::from(far));
    near.write_all(b"?").map_err(Error::UringUnavailable)?;
    let deadline = Instant::now() + DRAIN_LIMIT;
    while Instant::now() < deadline {
        uring.wait(Some(DRAIN_LIMIT)).map_err(Error::UringUnavailable)?;
        match uring.next_event() {
            Some(Event::Received(received)) => return Ok(uring.data(&received) == b"?"),
            Some(_) => return Ok(false),
            None => {}
        }
    }
    Ok(false)
}

impl Uring {
    pub(in crate::net) fn new(options: Options, driver: u32) -> Result<Self, Error> {
        Self::with_steps(options, driver, &STEPS)
    }

    fn with_steps(options: Options, driver: u32, steps: &[Step]) -> Result<Self, Error> {
        let ring = build(options.entries, steps).map_err(Error::UringUnavailable)?;
        check(&ring).map_err(Error::UringUnavailable)?;
        let buffers =
            Buffers::new(options.buffer_count, options.buffer_size).map_err(Error::setup("receive buffers"))?;
        let (base, entries) = buffers.ring();
        // SAFETY: the mapping holds `entries` entries and lives as long as the ring: both are fields of the driver, and
        // the ring is dropped first.
        unsafe { ring.submitter().register_buf_ring_with_flags(base, entries, BUFFER_GROUP, 0) }
            .map_err(Error::UringUnavailable)?;
        let no_iowait = if ring.params().is_feature_no_iowait() { EnterFlags::NO_IOWAIT.bits() } else { 0 };
        let mut uring = Self {
            enter_fd: ring.as_raw_fd(),
            enter_flags: no_iowait,
            ring,
            buffers,
            slots: Vec::new(),
            orphans: HashMap::new(),
            stash: VecDeque::new(),
            starved: VecDeque::new(),
            accepting: None,
            resting: Vec::new(),
            waker: Waker::new().map_err(Error::setup("an eventfd"))?,
            woken: false,
            batch: 1,
            in_flight: 0,
            started: false,
            driver,
        };
        uring.arm_waker();
        Ok(uring)
    }

    /// Binds the ring to this thread, on the first submission.
    pub(super) fn start(&mut self) -> io::Result<()> {
        if self.started {
            return Ok(());
        }
        self.ring.submitter().register_enable_rings()?;
        self.started = true;
        if let Some(index) = register_ring(self.ring.as_raw_fd()) {
            self.enter_fd = index;
            self.enter_flags |= EnterFlags::REGISTERED_RING.bits();
        }
        Ok(())
    }

    /// Cancels everything and waits for it. Returns true if nothing is left that could touch our memory.
    fn drain(&mut self) -> bool {
        if !self.started {
            return true;
        }
        let cancel = opcode::AsyncCancel2::new(CancelBuilder::any()).build();
        self.enqueue(&cancel);
        if self.enter(0, None).is_err() {
            return false;
        }
        self.slots.clear();
        let deadline = Instant::now() + DRAIN_LIMIT;
        while self.in_flight > 0 && Instant::now() < deadline {
            let entered = self.enter(1, Some(Duration::from_millis(10)));
            if !matches!(entered, Ok(()) | Err(libc::ETIME | libc::EINTR | libc::EBUSY | libc::EAGAIN)) {
                return false;
            }
            while let Some(completion) = self.next_completion() {
                drop(self.complete(completion));
            }
        }
        self.in_flight == 0
    }
}

impl Drop for Uring {
    fn drop(&mut self) {
        let senders = self.slots.iter_mut().filter_map(|slot| slot.sending.take());
        let sending: Vec<Vec<u8>> = senders.chain(self.orphans.drain().map(|(_, buffer)| buffer)).collect();
        if !self.drain() {
            mem::forget(sending);
            self.buffers.leak();
        }
    }
}

/// Configures one mode of a ring.
type Step = fn(&mut Builder);

/// From best to oldest: without the index array (6.6), work done only when we wait (6.1), a single issuer (6.0).
const STEPS: [Step; 4] = [
    |builder| {
        builder.setup_single_issuer().setup_defer_taskrun().setup_no_sqarray();
    },
    |builder| {
        builder.setup_single_issuer().setup_defer_taskrun();
    },
    |builder| {
        builder.setup_single_issuer().setup_coop_taskrun();
    },
    |builder| {
        builder.setup_coop_taskrun();
    },
];

/// Creates a ring with the first of `steps` that this kernel supports. All start disabled, so that the thread that
/// first uses the ring becomes its only issuer, not the one that creates it.
fn build(entries: u32, steps: &[Step]) -> io::Result<IoUring> {
    let mut refusal = io::Error::from_raw_os_error(libc::EINVAL);
    for step in steps {
        let mut builder = IoUring::builder();
        step(builder.setup_r_disabled().setup_submit_all().setup_clamp().setup_cqsize(entries * 8));
        match builder.build(entries) {
            Ok(ring) => return Ok(ring),
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => refusal = error,
            Err(error) => return Err(error),
        }
    }
    Err(refusal)
}

/// Multishot receive came with Linux 6.0 and has no feature bit; zero-copy send came with the same version and can be
/// probed.
fn check(ring: &IoUring) -> io::Result<()> {
    let mut probe = Probe::new();
    ring.submitter().register_probe(&mut probe)?;
    let features = ring.params().is_feature_ext_arg() && ring.params().is_feature_nodrop();
    if features && probe.is_supported(opcode::SendZc::CODE) {
        Ok(())
    } else {
        Err(io::Error::from_raw_os_error(libc::ENOSYS))
    }
}

/// Registers the ring's descriptor with this thread, which saves each call its look-up.
fn register_ring(fd: i32) -> Option<i32> {
    /// The kernel's `io_uring_rsrc_update`.
    #[repr(C)]
    struct Update {
        offset: u32,
        reserved: u32,
        data: u64,
    }
    let mut update = Update { offset: u32::MAX, reserved: 0, data: fd as u64 };
    // SAFETY: the call reads and writes one `Update`, which lives across it.
    let registered =
        unsafe { libc::syscall(libc::SYS_io_uring_register, fd, REGISTER_RING_FDS, &raw mut update, 1u32) };
    (registered == 1).then_some(update.offset as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modes that older kernels would get.
    #[test]
    fn every_step_works_alone() {
        for (index, step) in STEPS.into_iter().enumerate() {
            match Uring::with_steps(Options::default(), 0, &[step]) {
                Ok(uring) => assert!(round_trip(uring).unwrap(), "step {index}"),
                Err(error) => println!("step {index} skipped: {error}"),
            }
        }
    }
}
