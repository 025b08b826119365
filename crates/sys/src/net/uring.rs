//! The io_uring backend.
//!
//! Each socket has one multishot receive in the ring, which takes a buffer from [`Buffers`] whenever bytes arrive; the
//! waker's eventfd has one multishot poll. A listener is never in the ring: the kernel tears a ring down only some
//! milliseconds after its process was killed, and a restarted server would find its port in use. Instead the ring polls
//! an epoll instance that watches the listener, and connections are accepted by separate calls. Sends are queued and
//! submitted together with the wait, so that each turn is one system call.
//!
//! An entry's `user_data` contains its owner: `operation (8 bits) | generation (24) | token (32)`. A token's generation
//! is incremented when the token is freed, so a late completion finds no owner and is discarded.
//!
//! The invariants:
//! - A buffer submitted for sending lives, unmoved, until its completion: in its slot, or in `orphans` if the token was
//!   closed earlier. Dropping the driver cancels everything and waits, or leaks.
//! - No queued entry names a closed descriptor: `close` submits the queue first if it may contain one.
//! - A multishot operation whose completion says "no more" is armed again, unless it ended with an error; without free
//!   buffers, only as many are armed as buffers were released.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::mem;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;
use std::time::{Duration, Instant};

use io_uring::types::{CancelBuilder, Fd};
use io_uring::{EnterFlags, IoUring, cqueue, opcode, squeue};

use super::buffers::Buffers;
use super::epoll;
use super::waker::Waker;
use super::{
    ACCEPT_REST, ACCEPTS_PER_TURN, Event, Received, Token, accept, is_exhaustion, last_errno, set_nonblocking,
};

mod setup;

pub(super) use setup::is_usable;

const IGNORED: u64 = 0;
const RECEIVE: u64 = 1;
const SEND: u64 = 2;
const ACCEPT: u64 = 3;
const WAKE: u64 = 4;

const OPERATION_SHIFT: u32 = 56;
const GENERATION_SHIFT: u32 = 32;
const GENERATION_MASK: u32 = (1 << 24) - 1;
/// The group id of the only buffer ring.
const BUFFER_GROUP: u16 = 0;
/// The most bytes of one send entry; the kernel's own limit is just below 2 GiB.
const SEND_MAX: usize = 1 << 30;
const SEND_FLAGS: i32 = libc::MSG_NOSIGNAL | libc::MSG_WAITALL;

pub(super) struct Uring {
    ring: IoUring,
    buffers: Buffers,
    slots: Vec<Slot>,
    /// Buffers of sends that were in flight when their token was closed, by `user_data`.
    orphans: HashMap<u64, Vec<u8>>,
    /// Completions removed early from the ring's queue because they blocked submitting.
    stash: VecDeque<Completion>,
    /// Sockets that wait for free buffers to receive again, with their generation.
    starved: VecDeque<(Token, u32)>,
    /// The listener whose connections are being accepted, with its generation and how many more this turn.
    accepting: Option<(Token, u32, u32)>,
    /// Listeners that rest after the process ran out of descriptors, with their generation.
    resting: Vec<(Token, u32, Instant)>,
    waker: Waker,
    woken: bool,
    /// Counts submissions: an entry with the current number is not submitted yet.
    batch: u32,
    /// Submitted operations that may still complete, except for the waker's poll.
    in_flight: usize,
    /// The ring's descriptor in `io_uring_enter`, and the flags of every call.
    enter_fd: i32,
    enter_flags: u32,
    started: bool,
    driver: u32,
}

#[derive(Default)]
struct Slot {
    fd: Option<OwnedFd>,
    /// The epoll instance that watches a listener.
    watch: Option<OwnedFd>,
    generation: u32,
    /// The batch of the last entry that names `fd`.
    batch: u32,
    kind: Kind,
    receive: Receive,
    /// Whether the worker wants to receive.
    wanted: bool,
    /// Whether `Closed` was reported.
    closed: bool,
    sending: Option<Vec<u8>>,
    sent: usize,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    #[default]
    Vacant,
    Socket,
    Listener,
}

/// The state of a socket's receive operation.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Receive {
    #[default]
    Idle,
    Armed,
    /// A cancellation was requested; the operation ends with a completion.
    Cancelling,
    /// In `starved`.
    Starved,
}

#[derive(Clone, Copy)]
struct Completion {
    user_data: u64,
    result: i32,
    flags: u32,
}

impl Completion {
    fn operation(self) -> u64 {
        self.user_data >> OPERATION_SHIFT
    }

    fn generation(self) -> u32 {
        (self.user_data >> GENERATION_SHIFT) as u32 & GENERATION_MASK
    }

    fn token(self) -> Token {
        Token(self.user_data as u32)
    }

    fn more(self) -> bool {
        cqueue::more(self.flags)
    }
}

impl From<cqueue::Entry> for Completion {
    fn from(entry: cqueue::Entry) -> Self {
        Self { user_data: entry.user_data(), result: entry.result(), flags: entry.flags() }
    }
}

fn user_data(operation: u64, generation: u32, token: Token) -> u64 {
    operation << OPERATION_SHIFT | u64::from(generation) << GENERATION_SHIFT | u64::from(token.0)
}

/// The kernel's `io_uring_getevents_arg`.
#[repr(C)]
struct WaitArgument {
    sigmask: u64,
    sigmask_size: u32,
    min_wait_usec: u32,
    timeout: u64,
}

/// The kernel's `__kernel_timespec`.
#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

impl Uring {
    pub(super) fn waker(&self) -> Waker {
        self.waker.clone()
    }

    pub(super) fn listen(&mut self, token: Token, listener: OwnedFd) {
        // The connection may be closed, or accepted by another worker, before it is accepted here.
        set_nonblocking(&listener, true);
        self.occupy(token, Kind::Listener, listener);
        self.arm_accept(token);
    }

    /// Cancels the operation without shutting the socket down: other workers may accept on it too.
    pub(super) fn unlisten(&mut self, token: Token) {
        let generation = self.slot(token, Kind::Listener).generation;
        self.cancel(user_data(ACCEPT, generation, token));
        self.submit();
        self.vacate(token);
    }

    pub(super) fn add(&mut self, token: Token, socket: OwnedFd) {
        // On a non-blocking descriptor, operations would fail instead of waiting.
        set_nonblocking(&socket, false);
        self.occupy(token, Kind::Socket, socket);
        self.arm_receive(token);
    }

    pub(super) fn fd(&self, token: Token) -> Option<BorrowedFd<'_>> {
        self.slots.get(token.0 as usize)?.fd.as_ref().map(AsFd::as_fd)
    }

    pub(super) fn pause_receive(&mut self, token: Token) {
        let slot = self.slot(token, Kind::Socket);
        slot.wanted = false;
        if slot.receive == Receive::Armed {
            slot.receive = Receive::Cancelling;
            let target = user_data(RECEIVE, slot.generation, token);
            self.cancel(target);
        }
    }

    pub(super) fn resume_receive(&mut self, token: Token) {
        let slot = self.slot(token, Kind::Socket);
        slot.wanted = true;
        if slot.receive == Receive::Idle && !slot.closed {
            self.arm_receive(token);
        }
    }

    pub(super) fn send(&mut self, token: Token, buffer: Vec<u8>) -> Option<Vec<u8>> {
        let slot = self.slot(token, Kind::Socket);
        assert!(slot.sending.is_none(), "a send on {token:?} is in flight");
        if buffer.is_empty() {
            return Some(buffer);
        }
        slot.sending = Some(buffer);
        slot.sent = 0;
        self.push_send(token);
        None
    }

    /// Shutting down ends the pending operations of the socket: while they are pending, the kernel keeps it open.
    pub(super) fn close(&mut self, token: Token) {
        let batch = self.batch;
        if self.slot(token, Kind::Socket).batch == batch {
            self.submit();
        }
        let slot = self.slot(token, Kind::Socket);
        if let Some(fd) = &slot.fd {
            // SAFETY: plain system call on a descriptor we own. It fails only if the peer has already disconnected.
            unsafe { libc::shutdown(fd.as_raw_fd(), libc::SHUT_RDWR) };
        }
        if let Some(buffer) = slot.sending.take() {
            let owner = user_data(SEND, slot.generation, token);
            self.orphans.insert(owner, buffer);
        }
        self.vacate(token);
    }

    pub(super) fn wait(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.start()?;
        self.feed_starved();
        let timeout = self.end_rests(timeout);
        let pending = self.woken || self.accepting.is_some() || !self.stash.is_empty();
        let idle = timeout != Some(Duration::ZERO) && !pending;
        let sleeps = idle && self.waker.prepare();
        let entered = self.enter(u32::from(sleeps), timeout.filter(|_| sleeps));
        self.woken |= self.waker.finish();
        match entered {
            Err(libc::ETIME | libc::EINTR | libc::EBUSY | libc::EAGAIN) | Ok(()) => Ok(()),
            Err(errno) => Err(io::Error::from_raw_os_error(errno)),
        }
    }

    pub(super) fn next_event(&mut self) -> Option<Event> {
        if mem::take(&mut self.woken) {
            return Some(Event::Woken);
        }
        loop {
            if let Some(event) = self.accept_next() {
                return Some(event);
            }
            let completion = self.next_completion()?;
            if let Some(event) = self.complete(completion) {
                return Some(event);
            }
        }
    }

    pub(super) fn data(&self, received: &Received) -> &[u8] {
        self.buffers.bytes(received.buffer, received.len as usize)
    }

    pub(super) fn release(&mut self, received: Received) {
        self.buffers.provide(received.buffer);
    }
}

/// Completions.
impl Uring {
    fn next_completion(&mut self) -> Option<Completion> {
        if !self.stash.is_empty() {
            return self.stash.pop_front();
        }
        self.ring.completion().next().map(Completion::from)
    }

    fn complete(&mut self, completion: Completion) -> Option<Event> {
        if !completion.more() && completion.operation() != IGNORED && completion.operation() != WAKE {
            self.in_flight -= 1;
        }
        match completion.operation() {
            RECEIVE => self.received(completion),
            SEND => self.sent(completion),
            ACCEPT => self.acceptable(completion),
            WAKE => {
                if !completion.more() {
                    self.arm_waker();
                }
                None
            }
            _ => None,
        }
    }

    /// The slot that owns a completion, unless its token was freed meanwhile.
    fn owner(&mut self, completion: Completion) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(completion.token().0 as usize)?;
        (slot.generation == completion.generation()).then_some(slot)
    }

    fn received(&mut self, completion: Completion) -> Option<Event> {
        let buffer = cqueue::buffer_select(completion.flags).inspect(|&buffer| self.buffers.take(buffer));
        let (token, driver) = (completion.token(), self.driver);
        if let (Some(slot), Some(buffer), 1..) = (self.owner(completion), buffer, completion.result) {
            if !completion.more() {
                slot.receive = Receive::Idle;
                if slot.wanted {
                    self.arm_receive(token);
                }
            }
            return Some(Event::Received(Received { token, buffer, len: completion.result as u32, driver }));
        }
        if let Some(buffer) = buffer {
            self.buffers.provide(buffer);
        }
        if completion.more() { None } else { self.receive_ended(completion) }
    }

    /// Handles a receive operation that ended without bytes.
    fn receive_ended(&mut self, completion: Completion) -> Option<Event> {
        let token = completion.token();
        let slot = self.owner(completion)?;
        slot.receive = Receive::Idle;
        match -completion.result {
            0 => self.closed(token, None),
            libc::ENOBUFS if slot.wanted => {
                slot.receive = Receive::Starved;
                let generation = slot.generation;
                self.starved.push_back((token, generation));
                None
            }
            libc::ENOBUFS | libc::ECANCELED | libc::EINTR | libc::EAGAIN => {
                if slot.wanted {
                    self.arm_receive(token);
                }
                None
            }
            errno => self.closed(token, Some(errno)),
        }
    }

    fn sent(&mut self, completion: Completion) -> Option<Event> {
        let token = completion.token();
        let Some(slot) = self.owner(completion) else {
            self.orphans.remove(&completion.user_data);
            return None;
        };
        let len = slot.sending.as_ref().map_or(0, Vec::len);
        match completion.result {
            0.. => slot.sent += completion.result as usize,
            result if matches!(-result, libc::EINTR | libc::EAGAIN | libc::ENOMEM | libc::ENOBUFS) => {}
            result => {
                slot.sending = None;
                return self.closed(token, Some(-result));
            }
        }
        if slot.sent < len {
            self.push_send(token);
            return None;
        }
        let mut buffer = slot.sending.take()?;
        buffer.clear();
        Some(Event::Sent { token, buffer })
    }

    /// A listener has connections or has ended: its connections are accepted one by one.
    fn acceptable(&mut self, completion: Completion) -> Option<Event> {
        let (token, generation) = (completion.token(), completion.generation());
        self.owner(completion)?;
        if completion.result < 0 {
            self.arm_accept(token);
        } else {
            self.accepting = Some((token, generation, ACCEPTS_PER_TURN));
        }
        None
    }

    /// The next connection of the current listener.
    fn accept_next(&mut self) -> Option<Event> {
        let (listener, generation, left) = self.accepting.take()?;
        let slot = self.slots.get(listener.0 as usize).filter(|slot| slot.generation == generation)?;
        match accept(slot.fd.as_ref()?) {
            Ok(socket) => {
                if left > 1 {
                    self.accepting = Some((listener, generation, left - 1));
                } else {
                    self.arm_accept(listener);
                }
                return Some(Event::Accepted { listener, socket });
            }
            Err(errno @ (libc::EINVAL | libc::EBADF | libc::ENOTSOCK | libc::EOPNOTSUPP)) => {
                return self.closed(listener, Some(errno));
            }
            Err(errno) if is_exhaustion(errno) => {
                self.resting.push((listener, generation, Instant::now() + ACCEPT_REST));
                return Some(Event::AcceptFailed { listener, error: io::Error::from_raw_os_error(errno) });
            }
            // There is no further connection, or it was closed.
            Err(_) => self.arm_accept(listener),
        }
        None
    }

    /// Reports the end of a socket or listener, once.
    fn closed(&mut self, token: Token, errno: Option<i32>) -> Option<Event> {
        let slot = &mut self.slots[token.0 as usize];
        let first = !mem::replace(&mut slot.closed, true);
        first.then(|| Event::Closed { token, error: errno.map(io::Error::from_raw_os_error) })
    }
}

/// Operations.
impl Uring {
    fn arm_receive(&mut self, token: Token) {
        let (fd, owner) = self.entry(token, RECEIVE);
        self.slots[token.0 as usize].receive = Receive::Armed;
        self.push(&opcode::RecvMulti::new(fd, BUFFER_GROUP).build().user_data(owner));
    }

    fn arm_accept(&mut self, token: Token) {
        let slot = &mut self.slots[token.0 as usize];
        let watch = match (&slot.watch, &slot.fd) {
            (Some(watch), _) => watch.as_raw_fd(),
            (None, Some(listener)) => match epoll::watching(listener) {
                Ok(watch) => slot.watch.insert(watch).as_raw_fd(),
                Err(_) => return self.resting.push((token, slot.generation, Instant::now() + ACCEPT_REST)),
            },
            (None, None) => return,
        };
        let owner = user_data(ACCEPT, slot.generation, token);
        self.push(&opcode::PollAdd::new(Fd(watch), libc::POLLIN as u32).build().user_data(owner));
    }

    fn arm_waker(&mut self) {
        let fd = Fd(self.waker.eventfd().as_raw_fd());
        let poll = opcode::PollAdd::new(fd, libc::POLLIN as u32).multi(true).build();
        self.enqueue(&poll.user_data(user_data(WAKE, 0, Token(0))));
    }

    fn push_send(&mut self, token: Token) {
        let (fd, owner) = self.entry(token, SEND);
        let slot = &self.slots[token.0 as usize];
        let rest = &slot.sending.as_deref().expect("only a slot with a buffer sends")[slot.sent..];
        let len = rest.len().min(SEND_MAX) as u32;
        let send = opcode::Send::new(fd, rest.as_ptr(), len).flags(SEND_FLAGS).build();
        self.push(&send.user_data(owner));
    }

    fn cancel(&mut self, target: u64) {
        let cancel = opcode::AsyncCancel2::new(CancelBuilder::user_data(target)).build();
        self.enqueue(&cancel.flags(squeue::Flags::SKIP_SUCCESS));
    }

    /// The descriptor and the `user_data` of an entry of the slot.
    fn entry(&mut self, token: Token, operation: u64) -> (Fd, u64) {
        let slot = &mut self.slots[token.0 as usize];
        let fd = slot.fd.as_ref().expect("only an occupied slot has operations").as_raw_fd();
        (Fd(fd), user_data(operation, slot.generation, token))
    }

    /// Queues an operation of a slot, which ends with a completion.
    fn push(&mut self, entry: &squeue::Entry) {
        self.enqueue(entry);
        self.in_flight += 1;
        let token = Token(entry.get_user_data() as u32);
        self.slots[token.0 as usize].batch = self.batch;
    }

    fn enqueue(&mut self, entry: &squeue::Entry) {
        // SAFETY: the entry names descriptors that stay open until it is submitted (`close` ensures that), and memory
        // that lives until its completion: a slot's or an orphan's buffer.
        while unsafe { self.ring.submission().push(entry) }.is_err() {
            self.submit();
        }
    }

    /// Submits the queue to the kernel without waiting. Completions that block this are set aside.
    fn submit(&mut self) {
        self.start().expect("the ring was set up to be started");
        while !self.ring.submission().is_empty() {
            match self.enter(0, None) {
                Ok(()) | Err(libc::EINTR) => {}
                Err(libc::EAGAIN | libc::EBUSY) => {
                    self.stash.extend(self.ring.completion().map(Completion::from));
                    std::thread::yield_now();
                }
                Err(errno) => panic!("io_uring_enter: {}", io::Error::from_raw_os_error(errno)),
            }
        }
    }

    /// The only system call.
    fn enter(&mut self, want: u32, timeout: Option<Duration>) -> Result<(), i32> {
        let queued = self.ring.submission().len();
        let limit = timeout.map(|timeout| Timespec {
            seconds: timeout.as_secs().min(i64::MAX as u64) as i64,
            nanoseconds: i64::from(timeout.subsec_nanos()),
        });
        let argument = WaitArgument {
            sigmask: 0,
            sigmask_size: 0,
            min_wait_usec: 0,
            timeout: limit.as_ref().map_or(0, |limit| ptr::from_ref(limit) as u64),
        };
        let flags = self.enter_flags | EnterFlags::GETEVENTS.bits() | EnterFlags::EXT_ARG.bits();
        // SAFETY: the argument and the timeout it points to live across the call, with the size given. The submitted
        // entries are sound by the contract of `enqueue`.
        let submitted = unsafe {
            libc::syscall(
                libc::SYS_io_uring_enter,
                self.enter_fd,
                queued as u32,
                want,
                flags,
                &raw const argument,
                size_of::<WaitArgument>(),
            )
        };
        if submitted < 0 {
            return Err(last_errno());
        }
        if submitted as usize == queued {
            self.batch = self.batch.wrapping_add(1);
        }
        Ok(())
    }

    /// Receives again on starved sockets, at most as many as there are buffers: further ones would only fail again.
    fn feed_starved(&mut self) {
        for _ in 0..self.starved.len().min(self.buffers.available()) {
            let Some((token, generation)) = self.starved.pop_front() else { return };
            let slot = &mut self.slots[token.0 as usize];
            if slot.generation != generation {
                continue;
            }
            slot.receive = Receive::Idle;
            if slot.wanted {
                self.arm_receive(token);
            }
        }
    }

    /// Resumes listeners whose rest is over; shortens the timeout to the end of the next rest.
    fn end_rests(&mut self, mut timeout: Option<Duration>) -> Option<Duration> {
        if self.resting.is_empty() {
            return timeout;
        }
        let now = Instant::now();
        for (token, generation, until) in mem::take(&mut self.resting) {
            if self.slots[token.0 as usize].generation != generation {
                continue;
            }
            if until <= now {
                self.arm_accept(token);
                continue;
            }
            self.resting.push((token, generation, until));
            timeout = Some(timeout.unwrap_or(Duration::MAX).min(until - now));
        }
        timeout
    }
}

/// Slots.
impl Uring {
    fn occupy(&mut self, token: Token, kind: Kind, fd: OwnedFd) {
        let index = token.0 as usize;
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, Slot::default);
        }
        let slot = &mut self.slots[index];
        assert_eq!(slot.kind, Kind::Vacant, "{token:?} is in use");
        *slot = Slot { fd: Some(fd), generation: slot.generation, kind, wanted: true, ..Slot::default() };
    }

    fn vacate(&mut self, token: Token) {
        let slot = &mut self.slots[token.0 as usize];
        *slot = Slot { generation: (slot.generation + 1) & GENERATION_MASK, ..Slot::default() };
    }

    fn slot(&mut self, token: Token, kind: Kind) -> &mut Slot {
        let slot = self.slots.get_mut(token.0 as usize).expect("a token the driver knows");
        assert_eq!(slot.kind, kind, "{token:?} is not what the call needs");
        slot
    }
}
