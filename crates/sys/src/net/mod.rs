//! The network driver under each worker's event loop: two backends behind one interface.
//!
//! A worker owns one [`Driver`]. It adds sockets under a [`Token`] of its choice, queues sends, calls [`Driver::wait`]
//! once per turn, and pulls [`Event`]s until there are none. The driver knows nothing of protocols, commands or
//! connections beyond the token.
//!
//! ```text
//!   worker                     driver                                kernel
//!   add / send / pause  ──►    entries queued (uring) or done (epoll)
//!   wait                ──►    one system call: submit and sleep ──►  multishot accept and receive, sends
//!   next_event          ◄──    completions, in the order of arrival
//!   data, release       ◄──►   the ring's own buffers: received bytes are not copied
//! ```
//!
//! The invariants that both backends keep:
//! - Tokens are small and dense (they index a table). A token may be reused as soon as [`Driver::close`] or
//!   [`Driver::unlisten`] has returned: generations distinguish late completions of its former owner.
//! - At most one send per token is in flight. The driver owns its buffer until the kernel no longer uses it, even if
//!   the token is closed meanwhile.
//! - Received bytes stay where the kernel wrote them until [`Driver::release`]. While no buffer is free, nothing is
//!   received; nothing is lost.
//! - After [`Event::Closed`] nothing more is received on the token, and the worker calls [`Driver::close`].

mod buffers;
mod epoll;
pub mod socket;
mod uring;
mod waker;

pub use waker::Waker;

use std::error;
use std::fmt;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long a listener rests after the process ran out of descriptors or the kernel out of memory.
const ACCEPT_REST: Duration = Duration::from_millis(100);
/// The most connections accepted in a row before other sockets are served.
const ACCEPTS_PER_TURN: u32 = 64;

/// The worker's name for a socket: an index into its own table, small and dense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u32);

/// The kernel interface under a [`Driver`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// io_uring if the kernel allows it and has the features that the driver needs (Linux 6.0), otherwise epoll.
    Auto,
    /// io_uring or an error.
    Uring,
    /// epoll.
    Epoll,
}

/// The sizes of a [`Driver`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The number of receive buffers: 1 to 32,768.
    pub buffer_count: u16,
    /// Bytes per receive buffer: 256 to 1 MiB. epoll allocates its buffers when needed, each of at least 64 KiB.
    pub buffer_size: u32,
    /// Submission queue entries (io_uring) or events per wait (epoll): 8 to 4,096.
    pub entries: u32,
}

impl Default for Options {
    /// 128 buffers of 16 KiB, 256 entries. Short requests touch only the first lines of a buffer.
    fn default() -> Self {
        Self { buffer_count: 128, buffer_size: 16 * 1024, entries: 256 }
    }
}

/// Why the driver cannot be created.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An option is outside its range.
    Options(Options),
    /// io_uring was requested, but the kernel refuses it or lacks a feature that the driver needs.
    UringUnavailable(io::Error),
    /// A system call failed during set-up.
    Setup {
        /// What was being set up.
        what: &'static str,
        /// The kernel's error.
        source: io::Error,
    },
}

impl Error {
    fn setup(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Setup { what, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(options) => write!(f, "network driver options out of range: {options:?}"),
            Self::UringUnavailable(source) => write!(f, "io_uring is not available: {source}"),
            Self::Setup { what, source } => write!(f, "cannot set up {what}: {source}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Options(_) => None,
            Self::UringUnavailable(source) | Self::Setup { source, .. } => Some(source),
        }
    }
}

/// The result of [`Driver::next_event`].
#[derive(Debug)]
pub enum Event {
    /// A listener has a new connection. The connection closes when dropped; it may be moved to another worker's driver.
    Accepted {
        /// The listener's token.
        listener: Token,
        /// The connection.
        socket: OwnedFd,
    },
    /// A listener could not accept because descriptors or memory ran out; it retries after a rest of 100 ms.
    AcceptFailed {
        /// The listener's token.
        listener: Token,
        /// The kernel's error.
        error: io::Error,
    },
    /// Bytes arrived. They must be returned by [`Driver::release`].
    Received(Received),
    /// A send that did not complete within [`Driver::send`] is complete: the kernel has all of it.
    Sent {
        /// The socket's token.
        token: Token,
        /// The buffer that was sent: empty, with its capacity.
        buffer: Vec<u8>,
    },
    /// The peer ended its side (no error), or the socket or listener failed. Nothing more will be received.
    Closed {
        /// The socket's or listener's token.
        token: Token,
        /// The kernel's error, unless the end is an orderly one.
        error: Option<io::Error>,
    },
    /// [`Waker::wake`] was called.
    Woken,
}

/// Received bytes, still in the driver's buffer. Dropping this without [`Driver::release`] permanently costs the driver
/// a buffer.
#[derive(Debug)]
#[must_use = "a received buffer must be released"]
pub struct Received {
    token: Token,
    buffer: u16,
    len: u32,
    driver: u32,
}

impl Received {
    /// The token of the socket.
    pub fn token(&self) -> Token {
        self.token
    }

    /// The number of bytes: at least one.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.len as usize
    }
}

/// One worker's network driver.
///
/// It may be created on one thread and moved to another, but the first [`Driver::wait`] (or [`Driver::close`]) binds it
/// to its thread. From then on the kernel refuses to serve it from any other thread: [`Driver::wait`] returns an error,
/// and the other calls may panic. Dropping it closes all its sockets and waits until the kernel has released them.
pub struct Driver {
    inner: Inner,
    id: u32,
}

enum Inner {
    Uring(Box<uring::Uring>),
    Epoll(Box<epoll::Epoll>),
}

/// Calls the same method of the current backend.
macro_rules! delegate {
    ($self:ident, $backend:ident => $call:expr) => {
        match &mut $self.inner {
            Inner::Uring($backend) => $call,
            Inner::Epoll($backend) => $call,
        }
    };
}

impl Driver {
    /// Creates a driver.
    ///
    /// # Errors
    /// Options out of range; io_uring requested but unavailable; a set-up call failed.
    pub fn new(backend: Backend, options: Options) -> Result<Self, Error> {
        let fits = (1..=32_768).contains(&options.buffer_count)
            && (256..=1 << 20).contains(&options.buffer_size)
            && (8..=4096).contains(&options.entries);
        if !fits {
            return Err(Error::Options(options));
        }
        let id = next_id();
        let inner = match backend {
            Backend::Auto if uring::is_usable() => match uring::Uring::new(options, id) {
                Ok(uring) => Inner::Uring(Box::new(uring)),
                Err(_) => Inner::Epoll(Box::new(epoll::Epoll::new(options, id)?)),
            },
            Backend::Uring => Inner::Uring(Box::new(uring::Uring::new(options, id)?)),
            Backend::Auto | Backend::Epoll => Inner::Epoll(Box::new(epoll::Epoll::new(options, id)?)),
        };
        Ok(Self { inner, id })
    }

    /// The backend in use: never [`Backend::Auto`].
    pub fn backend(&self) -> Backend {
        match &self.inner {
            Inner::Uring(_) => Backend::Uring,
            Inner::Epoll(_) => Backend::Epoll,
        }
    }

    /// A handle with which any thread makes [`Driver::wait`] return with [`Event::Woken`].
    pub fn waker(&self) -> Waker {
        match &self.inner {
            Inner::Uring(uring) => uring.waker(),
            Inner::Epoll(epoll) => epoll.waker(),
        }
    }

    /// Accepts on `listener`, a listening socket, until [`Driver::unlisten`].
    ///
    /// # Panics
    /// If the token is in use.
    pub fn listen(&mut self, token: Token, listener: OwnedFd) {
        delegate!(self, backend => backend.listen(token, listener));
    }

    /// Stops accepting and closes the driver's descriptor of the listener. Accepted connections whose event was not
    /// pulled yet are closed.
    ///
    /// # Panics
    /// If the token is not a listener's.
    pub fn unlisten(&mut self, token: Token) {
        delegate!(self, backend => backend.unlisten(token));
    }

    /// Takes ownership of a connected stream socket and receives from it.
    ///
    /// # Panics
    /// If the token is in use.
    pub fn add(&mut self, token: Token, socket: OwnedFd) {
        delegate!(self, backend => backend.add(token, socket));
    }

    /// The socket or listener behind a token, to read its names or set its options.
    pub fn fd(&self, token: Token) -> Option<BorrowedFd<'_>> {
        match &self.inner {
            Inner::Uring(uring) => uring.fd(token),
            Inner::Epoll(epoll) => epoll.fd(token),
        }
    }

    /// Stops receiving, so that the peer's window fills up. Bytes already received by the driver are still reported;
    /// the end of the connection may be noticed only after [`Driver::resume_receive`].
    ///
    /// # Panics
    /// If the token is not a socket's.
    pub fn pause_receive(&mut self, token: Token) {
        delegate!(self, backend => backend.pause_receive(token));
    }

    /// Resumes receiving.
    ///
    /// # Panics
    /// If the token is not a socket's.
    pub fn resume_receive(&mut self, token: Token) {
        delegate!(self, backend => backend.resume_receive(token));
    }

    /// Sends all of `buffer`. Returns the emptied buffer if the send is already complete (usual with epoll, or if the
    /// buffer was empty); otherwise [`Event::Sent`] returns it. With io_uring nothing is submitted to the kernel before
    /// the next [`Driver::wait`] or [`Driver::close`]. A failure is reported by [`Event::Closed`], and the buffer is
    /// dropped.
    ///
    /// # Panics
    /// If the token is not a socket's, or its last send is still in flight.
    pub fn send(&mut self, token: Token, buffer: Vec<u8>) -> Option<Vec<u8>> {
        delegate!(self, backend => backend.send(token, buffer))
    }

    /// Closes a socket at once. A send queued in this turn is tried once; bytes that the kernel has not taken by then
    /// are dropped. No event follows, and the token is free.
    ///
    /// # Panics
    /// If the token is not a socket's.
    pub fn close(&mut self, token: Token) {
        delegate!(self, backend => backend.close(token));
    }

    /// Submits the queue and sleeps until an event, the `timeout` (`None`: forever), or a call of a waker: one system
    /// call. It may return early with no event.
    ///
    /// # Errors
    /// The kernel's error, unless the driver handles it (interruption, memory pressure and full queues are handled).
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        delegate!(self, backend => backend.wait(timeout))
    }

    /// The next event. Pull until `None`, then call [`Driver::wait`].
    pub fn next_event(&mut self) -> Option<Event> {
        delegate!(self, backend => backend.next_event())
    }

    /// The received bytes.
    ///
    /// # Panics
    /// If another driver received them.
    pub fn data(&self, received: &Received) -> &[u8] {
        assert_eq!(received.driver, self.id, "received by another driver");
        match &self.inner {
            Inner::Uring(uring) => uring.data(received),
            Inner::Epoll(epoll) => epoll.data(received),
        }
    }

    /// Returns a buffer for further receiving.
    ///
    /// # Panics
    /// If another driver owns it.
    pub fn release(&mut self, received: Received) {
        assert_eq!(received.driver, self.id, "received by another driver");
        delegate!(self, backend => backend.release(received));
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("backend", &self.backend()).field("id", &self.id).finish_non_exhaustive()
    }
}

/// A number that no other live driver has, so that a [`Received`] cannot be passed to the wrong one.
fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Whether accepting failed because descriptors or memory ran out, so that an immediate retry would spin.
fn is_exhaustion(errno: i32) -> bool {
    matches!(errno, libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM)
}

/// The next connection of a non-blocking listener.
fn accept(listener: &OwnedFd) -> Result<OwnedFd, i32> {
    let nowhere = std::ptr::null_mut();
    // SAFETY: plain system call; the peer's address is not requested.
    let socket = unsafe { libc::accept4(listener.as_raw_fd(), nowhere, nowhere.cast(), libc::SOCK_CLOEXEC) };
    if socket < 0 {
        return Err(last_errno());
    }
    // SAFETY: the call succeeded, so the descriptor is open and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(socket) })
}

/// Sets or clears `O_NONBLOCK`.
fn set_nonblocking(fd: &OwnedFd, on: bool) {
    // SAFETY: plain system calls on a descriptor we own.
    unsafe {
        let flags = libc::fcntl(fd.as_raw_fd(), libc::F_GETFL);
        let wanted = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
        if flags >= 0 && flags != wanted {
            libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, wanted);
        }
    }
}

/// The error of the last system call.
fn last_errno() -> i32 {
    io::Error::last_os_error().raw_os_error().expect("an error from the operating system has a number")
}
