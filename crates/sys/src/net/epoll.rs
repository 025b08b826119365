//! The epoll backend, used if io_uring is not available.
//!
//! Sockets are watched edge-triggered, so that in each turn the kernel need not check sockets that were already read:
//! one read per readiness, and a read that does not fill the buffer has emptied the socket. A socket that may hold more
//! (the buffer was full, or the peer ended) stays in `ready`, which makes the next wait return at once. Listeners are
//! level-triggered. Writes are sent directly; writability is watched only while output is unsent.
//!
//! Invariant: a socket that may be readable is in `ready`, or has an edge yet to come, or is marked `readable` while it
//! is paused or no buffer is free (`starved`).
//!
//! Descriptors may be blocking: every call passes `MSG_DONTWAIT`.

use std::collections::VecDeque;
use std::io;
use std::mem;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};

use super::waker::Waker;
use super::{
    ACCEPT_REST, ACCEPTS_PER_TURN, Error, Event, Options, Received, Token, accept, is_exhaustion, last_errno,
    set_nonblocking,
};

/// The event word of the waker; no token's word has all bits set, since generations stay below `u32::MAX`.
const WAKER: u64 = u64::MAX;
const BUFFER_MIN: usize = 64 * 1024;

const READABLE: u32 = (libc::EPOLLIN | libc::EPOLLRDHUP | libc::EPOLLHUP | libc::EPOLLERR) as u32;
const ENDED: u32 = (libc::EPOLLRDHUP | libc::EPOLLHUP | libc::EPOLLERR) as u32;
const WRITABLE: u32 = (libc::EPOLLOUT | libc::EPOLLHUP | libc::EPOLLERR) as u32;
const WATCH: u32 = (libc::EPOLLIN | libc::EPOLLRDHUP | libc::EPOLLET) as u32;
const WATCH_BOTH: u32 = WATCH | libc::EPOLLOUT as u32;
/// Of several workers that watch one listener, only one wakes up.
const WATCH_LISTENER: u32 = (libc::EPOLLIN | libc::EPOLLEXCLUSIVE) as u32;

pub(super) struct Epoll {
    epoll: OwnedFd,
    slots: Vec<Slot>,
    /// The events of the last wait: `events[next..]` are not processed yet.
    events: Vec<libc::epoll_event>,
    next: usize,
    /// The listener whose connections are being accepted, and how many more this turn.
    accepting: Option<(Owner, u32)>,
    /// Sockets to read without an event; the first `turn` of them in this turn.
    ready: VecDeque<Owner>,
    turn: usize,
    /// Sockets that were readable while no buffer was free.
    starved: Vec<Owner>,
    /// Sockets whose send failed.
    failed: VecDeque<(Owner, i32)>,
    /// Listeners that rest after the process ran out of descriptors.
    resting: Vec<(Owner, Instant)>,
    /// Receive buffers, allocated when needed up to `buffer_count`, and the free ones among them.
    buffers: Vec<Box<[u8]>>,
    free: Vec<u16>,
    buffer_count: usize,
    buffer_size: usize,
    waker: Waker,
    woken: bool,
    driver: u32,
}

/// A token and its generation: the owner of an event or of a queued socket.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Owner {
    token: Token,
    generation: u32,
}

impl Owner {
    fn word(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.token.0)
    }

    fn from_word(word: u64) -> Self {
        Self { token: Token(word as u32), generation: (word >> 32) as u32 }
    }
}

#[derive(Default)]
struct Slot {
    fd: Option<OwnedFd>,
    generation: u32,
    kind: Kind,
    /// Whether the worker wants to receive.
    wanted: bool,
    /// Whether an edge was not read yet because the socket is paused.
    readable: bool,
    /// Whether it is in `ready` or `starved`.
    queued: bool,
    /// Whether the end of the stream was signalled: read until it is reached.
    ended: bool,
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

/// The result of one attempt to write.
enum Written {
    All,
    Part,
    Failed(i32),
}

fn instance() -> io::Result<OwnedFd> {
    // SAFETY: plain system call without pointers.
    let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so `fd` is open and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn control(epoll: &OwnedFd, operation: i32, fd: i32, bits: u32, word: u64) -> Result<(), i32> {
    let mut event = libc::epoll_event { events: bits, u64: word };
    // SAFETY: the event lives across the call, which only reads it.
    let done = unsafe { libc::epoll_ctl(epoll.as_raw_fd(), operation, fd, &raw mut event) };
    if done < 0 { Err(last_errno()) } else { Ok(()) }
}

/// An epoll instance that is readable while there is a connection to accept. It does not keep the listener open.
pub(super) fn watching(listener: &OwnedFd) -> Result<OwnedFd, i32> {
    let epoll = instance().map_err(|error| error.raw_os_error().unwrap_or(libc::EMFILE))?;
    control(&epoll, libc::EPOLL_CTL_ADD, listener.as_raw_fd(), WATCH_LISTENER, 0)?;
    Ok(epoll)
}

impl Epoll {
    pub(super) fn new(options: Options, driver: u32) -> Result<Self, Error> {
        let epoll = Self {
            epoll: instance().map_err(Error::setup("an epoll instance"))?,
            slots: Vec::new(),
            events: Vec::with_capacity(options.entries as usize),
            next: 0,
            accepting: None,
            ready: VecDeque::new(),
            turn: 0,
            starved: Vec::new(),
            failed: VecDeque::new(),
            resting: Vec::new(),
            buffers: Vec::new(),
            free: Vec::new(),
            buffer_count: usize::from(options.buffer_count),
            buffer_size: (options.buffer_size as usize).max(BUFFER_MIN),
            waker: Waker::new().map_err(Error::setup("an eventfd"))?,
            woken: false,
            driver,
        };
        let watch = (libc::EPOLLIN | libc::EPOLLET) as u32;
        epoll
            .control(libc::EPOLL_CTL_ADD, epoll.waker.eventfd().as_raw_fd(), watch, WAKER)
            .map_err(|errno| Error::setup("the waker")(io::Error::from_raw_os_error(errno)))?;
        Ok(epoll)
    }

    pub(super) fn waker(&self) -> Waker {
        self.waker.clone()
    }

    pub(super) fn listen(&mut self, token: Token, listener: OwnedFd) {
        // The connection may be closed, or accepted by another worker, before we accept it.
        set_nonblocking(&listener, true);
        let owner = self.occupy(token, Kind::Listener, listener);
        self.watch_listener(owner);
    }

    pub(super) fn unlisten(&mut self, token: Token) {
        self.slot(token, Kind::Listener);
        self.vacate(token);
    }

    pub(super) fn add(&mut self, token: Token, socket: OwnedFd) {
        let fd = socket.as_raw_fd();
        let owner = self.occupy(token, Kind::Socket, socket);
        if let Err(errno) = self.control(libc::EPOLL_CTL_ADD, fd, WATCH, owner.word()) {
            self.failed.push_back((owner, errno));
        }
    }

    pub(super) fn fd(&self, token: Token) -> Option<BorrowedFd<'_>> {
        self.slots.get(token.0 as usize)?.fd.as_ref().map(AsFd::as_fd)
    }

    pub(super) fn pause_receive(&mut self, token: Token) {
        self.slot(token, Kind::Socket).wanted = false;
    }

    pub(super) fn resume_receive(&mut self, token: Token) {
        let slot = self.slot(token, Kind::Socket);
        slot.wanted = true;
        if mem::take(&mut slot.readable) {
            let owner = Owner { token, generation: slot.generation };
            self.requeue(owner);
        }
    }

    pub(super) fn send(&mut self, token: Token, mut buffer: Vec<u8>) -> Option<Vec<u8>> {
        let slot = self.slot(token, Kind::Socket);
        assert!(slot.sending.is_none(), "a send on {token:?} is in flight");
        let mut sent = 0;
        let written = slot.write(&buffer, &mut sent);
        let owner = Owner { token, generation: slot.generation };
        if let Written::All = written {
            buffer.clear();
            return Some(buffer);
        }
        slot.sent = sent;
        slot.sending = Some(buffer);
        match written {
            Written::Failed(errno) => self.failed.push_back((owner, errno)),
            _ => self.watch(owner, WATCH_BOTH),
        }
        None
    }

    pub(super) fn close(&mut self, token: Token) {
        self.slot(token, Kind::Socket);
        self.vacate(token);
    }

    pub(super) fn wait(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        let timeout = self.end_rests(timeout);
        let pending = self.woken
            || self.next < self.events.len()
            || self.accepting.is_some()
            || !self.ready.is_empty()
            || !self.failed.is_empty();
        let sleeps = !pending && timeout != Some(Duration::ZERO) && self.waker.prepare();
        let fetched = if self.next < self.events.len() { Ok(()) } else { self.fetch(sleeps, timeout) };
        self.woken |= self.waker.finish();
        self.turn = self.ready.len();
        fetched
    }

    pub(super) fn next_event(&mut self) -> Option<Event> {
        if mem::take(&mut self.woken) {
            return Some(Event::Woken);
        }
        loop {
            if let Some(event) = self.accept_next() {
                return Some(event);
            }
            if let Some((owner, errno)) = self.failed.pop_front() {
                if let Some(event) = self.closed(owner, Some(errno)) {
                    return Some(event);
                }
                continue;
            }
            let event = match self.events.get(self.next).copied() {
                Some(event) => {
                    self.next += 1;
                    self.dispatch(event)
                }
                None => {
                    self.turn = self.turn.checked_sub(1)?;
                    let owner = self.ready.pop_front()?;
                    self.read_queued(owner)
                }
            };
            if event.is_some() {
                return event;
            }
        }
    }

    pub(super) fn data(&self, received: &Received) -> &[u8] {
        &self.buffers[usize::from(received.buffer)][..received.len as usize]
    }

    pub(super) fn release(&mut self, received: Received) {
        self.free.push(received.buffer);
        // At most as many as there are buffers again; a socket that still finds none is queued again.
        self.ready.extend(self.starved.drain(..));
    }
}

/// Readiness.
impl Epoll {
    fn fetch(&mut self, sleeps: bool, timeout: Option<Duration>) -> io::Result<()> {
        let timeout_ms = match timeout {
            _ if !sleeps => 0,
            None => -1,
            Some(timeout) => timeout.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32,
        };
        self.events.clear();
        self.next = 0;
        let capacity = self.events.capacity() as i32;
        // SAFETY: the vector's spare capacity holds `capacity` events; the kernel returns how many it wrote.
        let count = unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), self.events.as_mut_ptr(), capacity, timeout_ms) };
        if count >= 0 {
            // SAFETY: the kernel initialised the first `count` events, at most `capacity`.
            unsafe { self.events.set_len(count as usize) };
            return Ok(());
        }
        match last_errno() {
            libc::EINTR => Ok(()),
            errno => Err(io::Error::from_raw_os_error(errno)),
        }
    }

    fn dispatch(&mut self, event: libc::epoll_event) -> Option<Event> {
        let (word, bits) = (event.u64, event.events);
        // The waker's state was read when the wait ended; the event only ended the wait.
        if word == WAKER {
            return None;
        }
        let owner = Owner::from_word(word);
        let slot = self.live(owner)?;
        if slot.kind == Kind::Listener {
            self.accepting = Some((owner, ACCEPTS_PER_TURN));
            return None;
        }
        slot.ended |= bits & ENDED != 0;
        let flushes = bits & WRITABLE != 0 && slot.sending.is_some();
        let sent = if flushes { self.flush(owner) } else { None };
        match (bits & READABLE != 0, sent) {
            (true, None) => self.receive(owner),
            (true, sent) => {
                self.requeue(owner);
                self.turn += 1;
                sent
            }
            (false, sent) => sent,
        }
    }

    fn read_queued(&mut self, owner: Owner) -> Option<Event> {
        self.live(owner)?.queued = false;
        self.receive(owner)
    }

    /// Performs one read. Keeps the socket in `ready` if there may be more data.
    fn receive(&mut self, owner: Owner) -> Option<Event> {
        let slot = self.live(owner)?;
        if slot.closed || slot.queued {
            return None;
        }
        if !slot.wanted {
            slot.readable = true;
            return None;
        }
        let Some(buffer) = self.take_buffer() else {
            self.slots[owner.token.0 as usize].queued = true;
            self.starved.push(owner);
            return None;
        };
        let memory = &mut self.buffers[usize::from(buffer)];
        let slot = &self.slots[owner.token.0 as usize];
        let result = slot.read(memory);
        let more = slot.ended || result == Ok(memory.len());
        match result {
            Ok(1..) if more => self.requeue(owner),
            Ok(1..) => {}
            _ => self.free.push(buffer),
        }
        match result {
            Ok(0) => self.closed(owner, None),
            Ok(len) => {
                let (token, driver) = (owner.token, self.driver);
                Some(Event::Received(Received { token, buffer, len: len as u32, driver }))
            }
            Err(libc::EAGAIN) => None,
            Err(errno) => self.closed(owner, Some(errno)),
        }
    }

    fn take_buffer(&mut self) -> Option<u16> {
        if let Some(buffer) = self.free.pop() {
            return Some(buffer);
        }
        if self.buffers.len() == self.buffer_count {
            return None;
        }
        self.buffers.push(vec![0; self.buffer_size].into_boxed_slice());
        Some((self.buffers.len() - 1) as u16)
    }

    /// Continues a write; reports when all is sent.
    fn flush(&mut self, owner: Owner) -> Option<Event> {
        let slot = self.live(owner)?;
        let mut buffer = slot.sending.take()?;
        let mut sent = slot.sent;
        let written = slot.write(&buffer, &mut sent);
        match written {
            Written::Part => {
                slot.sent = sent;
                slot.sending = Some(buffer);
                None
            }
            Written::All => {
                buffer.clear();
                self.watch(owner, WATCH);
                Some(Event::Sent { token: owner.token, buffer })
            }
            Written::Failed(errno) => self.closed(owner, Some(errno)),
        }
    }

    /// The next connection of the current listener.
    fn accept_next(&mut self) -> Option<Event> {
        let (owner, left) = self.accepting.take()?;
        let fd = self.live(owner)?.fd.as_ref()?;
        let listener = owner.token;
        match accept(fd) {
            Ok(socket) => {
                self.accepting = (left > 1).then_some((owner, left - 1));
                Some(Event::Accepted { listener, socket })
            }
            Err(libc::EINVAL) => self.closed(owner, Some(libc::EINVAL)),
            Err(errno) if is_exhaustion(errno) => {
                let fd = fd.as_raw_fd();
                // Its events can be disabled only by removing it: an exclusive watch cannot be changed.
                let _ = self.control(libc::EPOLL_CTL_DEL, fd, 0, 0);
                self.resting.push((owner, Instant::now() + ACCEPT_REST));
                Some(Event::AcceptFailed { listener, error: io::Error::from_raw_os_error(errno) })
            }
            // Nothing to accept, or the connection is closed: the listener is level-triggered, so the next one is
            // reported again.
            _ => None,
        }
    }

    /// Resumes listeners whose rest is over; shortens the timeout to the end of the next rest.
    fn end_rests(&mut self, mut timeout: Option<Duration>) -> Option<Duration> {
        if self.resting.is_empty() {
            return timeout;
        }
        let now = Instant::now();
        for (owner, until) in mem::take(&mut self.resting) {
            if self.live(owner).is_none() {
                continue;
            }
            if until <= now {
                self.watch_listener(owner);
                continue;
            }
            self.resting.push((owner, until));
            timeout = Some(timeout.unwrap_or(Duration::MAX).min(until - now));
        }
        timeout
    }

    /// Reports the end of a socket or listener, once.
    fn closed(&mut self, owner: Owner, errno: Option<i32>) -> Option<Event> {
        let slot = self.live(owner)?;
        let first = !mem::replace(&mut slot.closed, true);
        first.then(|| Event::Closed { token: owner.token, error: errno.map(io::Error::from_raw_os_error) })
    }

    fn requeue(&mut self, owner: Owner) {
        if let Some(slot) = self.live(owner)
            && !mem::replace(&mut slot.queued, true)
        {
            self.ready.push_back(owner);
        }
    }
}

/// Watching.
impl Epoll {
    fn watch_listener(&mut self, owner: Owner) {
        let Some(fd) = self.fd(owner.token).map(|fd| fd.as_raw_fd()) else { return };
        if let Err(errno) = self.control(libc::EPOLL_CTL_ADD, fd, WATCH_LISTENER, owner.word()) {
            self.failed.push_back((owner, errno));
        }
    }

    /// Changes the events for which a socket is watched. A condition that already holds raises a new edge.
    fn watch(&mut self, owner: Owner, bits: u32) {
        let Some(fd) = self.fd(owner.token).map(|fd| fd.as_raw_fd()) else { return };
        if let Err(errno) = self.control(libc::EPOLL_CTL_MOD, fd, bits, owner.word()) {
            self.failed.push_back((owner, errno));
        }
    }

    fn control(&self, operation: i32, fd: i32, bits: u32, word: u64) -> Result<(), i32> {
        control(&self.epoll, operation, fd, bits, word)
    }
}

/// Slots.
impl Epoll {
    fn occupy(&mut self, token: Token, kind: Kind, fd: OwnedFd) -> Owner {
        let index = token.0 as usize;
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, Slot::default);
        }
        let slot = &mut self.slots[index];
        assert_eq!(slot.kind, Kind::Vacant, "{token:?} is in use");
        *slot = Slot { fd: Some(fd), generation: slot.generation, kind, wanted: true, ..Slot::default() };
        Owner { token, generation: slot.generation }
    }

    /// Closing the descriptor ends the watch too, unless the descriptor is shared: hence listeners are removed
    /// explicitly.
    fn vacate(&mut self, token: Token) {
        let slot = &mut self.slots[token.0 as usize];
        let freed = mem::take(slot);
        slot.generation = (freed.generation + 1) % u32::MAX;
        if let (Some(fd), Kind::Listener) = (&freed.fd, freed.kind) {
            let _ = self.control(libc::EPOLL_CTL_DEL, fd.as_raw_fd(), 0, 0);
        }
    }

    fn slot(&mut self, token: Token, kind: Kind) -> &mut Slot {
        let slot = self.slots.get_mut(token.0 as usize).expect("a token the driver knows");
        assert_eq!(slot.kind, kind, "{token:?} is not what the call needs");
        slot
    }

    /// The slot of an owner, unless it was freed meanwhile.
    fn live(&mut self, owner: Owner) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(owner.token.0 as usize)?;
        (slot.generation == owner.generation && slot.kind != Kind::Vacant).then_some(slot)
    }
}

impl Slot {
    fn raw_fd(&self) -> i32 {
        self.fd.as_ref().expect("only an occupied slot does I/O").as_raw_fd()
    }

    fn read(&self, memory: &mut [u8]) -> Result<usize, i32> {
        loop {
            // SAFETY: the kernel writes at most `len` bytes to memory that we borrow exclusively.
            let got =
                unsafe { libc::recv(self.raw_fd(), memory.as_mut_ptr().cast(), memory.len(), libc::MSG_DONTWAIT) };
            match usize::try_from(got) {
                Ok(got) => return Ok(got),
                Err(_) => match last_errno() {
                    libc::EINTR => {}
                    errno => return Err(errno),
                },
            }
        }
    }

    /// Writes `buffer[*sent..]` until all is sent or the socket is full.
    fn write(&self, buffer: &[u8], sent: &mut usize) -> Written {
        const FLAGS: i32 = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        while *sent < buffer.len() {
            let rest = &buffer[*sent..];
            // SAFETY: the kernel reads at most `len` bytes of memory that we borrow.
            let wrote = unsafe { libc::send(self.raw_fd(), rest.as_ptr().cast(), rest.len(), FLAGS) };
            match usize::try_from(wrote) {
                Ok(wrote) => *sent += wrote,
                Err(_) => match last_errno() {
                    libc::EINTR => {}
                    libc::EAGAIN => return Written::Part,
                    errno => return Written::Failed(errno),
                },
            }
        }
        Written::All
    }
}
