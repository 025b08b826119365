//! The network driver: the seam under each worker's event loop, with two backends behind one interface.
//!
//! A worker owns one [`Driver`]. It hands sockets over under a [`Token`] of its choice, queues sends, calls
//! [`Driver::wait`] once per turn, and pulls [`Event`]s until there are none. The driver knows nothing of protocols,
//! commands or connections beyond the token.
//!
//! ```text
//!   worker                     driver                                kernel
//!   add / send / pause  ──►    entries queued (uring) or done (epoll)
//!   wait                ──►    one system call: submit and sleep ──►  multishot accept and receive, sends
//!   next_event          ◄──    completions, in the order of arrival
//!   data, release       ◄──►   the ring's own buffers: received bytes are not copied
//! ```
//!
//! The invariants both backends keep:
//! - Tokens are small and dense (they index a table). A token may be used again as soon as [`Driver::close`] or
//!   [`Driver::unlisten`] returned: generations tell late completions of its former owner apart.
//! - At most one send per token is in flight. The driver owns its buffer until the kernel is done with it, also when
//!   the token is closed meanwhile.
//! - Received bytes stay where the kernel wrote them until [`Driver::release`]. While no buffer is free nothing is
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
/// Connections accepted in a row before other sockets get their turn.
const ACCEPTS_PER_TURN: u32 = 64;

/// The name under which the worker knows a socket: an index into its own table, small and dense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u32);

/// The kernel interface under a [`Driver`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// io_uring where the kernel allows it and has what the driver needs (Linux 6.0), else epoll.
    Auto,
    /// io_uring or an error.
    Uring,
    /// epoll.
    Epoll,
}

/// The sizes of a [`Driver`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many receive buffers there are: 1 to 32,768.
    pub buffer_count: u16,
    /// Bytes in each receive buffer: 256 to 1 MiB. epoll allocates its buffers as it needs them, none smaller than
    /// 64 KiB.
    pub buffer_size: u32,
    /// Submission queue entries (io_uring) or events fetched at once (epoll): 8 to 4,096.
    pub entries: u32,
}

impl Default for Options {
    /// 128 buffers of 16 KiB, 256 entries. Short requests touch only the first lines of a buffer.
    fn default() -> Self {
        Self { buffer_count: 128, buffer_size: 16 * 1024, entries: 256 }
    }
}

/// Why there is no driver.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An option is outside its range.
    Options(Options),
    /// io_uring was asked for and the kernel refuses it, or lacks what the driver needs.
    UringUnavailable(io::Error),
    /// A system call failed while the driver was set up.
    Setup {
        /// What was being made.
        what: &'static str,
        /// What the kernel answered.
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

/// What [`Driver::next_event`] tells.
#[derive(Debug)]
pub enum Event {
    /// A listener has a new connection. It closes when dropped; it may go to another worker's driver.
    Accepted {
        /// The listener's token.
        listener: Token,
        /// The connection.
        socket: OwnedFd,
    },
    /// A listener could not accept because descriptors or memory ran out; it tries again after a rest of 100 ms.
    AcceptFailed {
        /// The listener's token.
        listener: Token,
        /// What the kernel answered.
        error: io::Error,
    },
    /// Bytes arrived. They must be given back by [`Driver::release`].
    Received(Received),
    /// A send that did not end within [`Driver::send`] is done: all of it is with the kernel.
    Sent {
        /// The socket's token.
        token: Token,
        /// The buffer that was sent: empty, its capacity kept.
        buffer: Vec<u8>,
    },
    /// The peer ended its side (no error), or the socket or listener failed. Nothing more will be received.
    Closed {
        /// The socket's or listener's token.
        token: Token,
        /// What the kernel answered, if the end is not an orderly one.
        error: Option<io::Error>,
    },
    /// Somebody called [`Waker::wake`].
    Woken,
}

/// A piece of what a socket received, still in the driver's buffer. Dropping it without [`Driver::release`] costs the
/// driver a buffer for ever.
#[derive(Debug)]
#[must_use = "a received buffer must be released"]
pub struct Received {
    token: Token,
    buffer: u16,
    len: u32,
    driver: u32,
}

impl Received {
    /// The socket it came from.
    pub fn token(&self) -> Token {
        self.token
    }

    /// How many bytes arrived: at least one.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.len as usize
    }
}

/// One worker's network driver.
///
/// It may be made on one thread and moved to another, but the first [`Driver::wait`] (or [`Driver::close`]) binds it to
/// its thread: the kernel then refuses to serve it from any other, which [`Driver::wait`] tells as an error and the
/// other calls may answer with a panic. Dropping it closes all its sockets and waits until the kernel let go of them.
pub struct Driver {
    inner: Inner,
    id: u32,
}

enum Inner {
    Uring(Box<uring::Uring>),
    Epoll(Box<epoll::Epoll>),
}

/// Calls the same method of whichever backend there is.
macro_rules! delegate {
    ($self:ident, $backend:ident => $call:expr) => {
        match &mut $self.inner {
            Inner::Uring($backend) => $call,
            Inner::Epoll($backend) => $call,
        }
    };
}

impl Driver {
    /// Makes a driver.
    ///
    /// # Errors
    /// Options out of range; io_uring asked for and not to be had; a set-up call failed.
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

    /// What the driver runs on: never [`Backend::Auto`].
    pub fn backend(&self) -> Backend {
        match &self.inner {
            Inner::Uring(_) => Backend::Uring,
            Inner::Epoll(_) => Backend::Epoll,
        }
    }

    /// A handle by which any thread makes [`Driver::wait`] return with [`Event::Woken`].
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

    /// Ends accepting and closes the driver's descriptor of the listener. Connections the kernel accepted but whose
    /// event was not pulled yet are closed.
    ///
    /// # Panics
    /// If the token is not a listener's.
    pub fn unlisten(&mut self, token: Token) {
        delegate!(self, backend => backend.unlisten(token));
    }

    /// Takes over a connected stream socket and receives from it.
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

    /// Stops receiving, so that the peer's window fills up. What the driver already received is still told; the end
    /// of the connection may not be noticed until [`Driver::resume_receive`].
    ///
    /// # Panics
    /// If the token is not a socket's.
    pub fn pause_receive(&mut self, token: Token) {
        delegate!(self, backend => backend.pause_receive(token));
    }

    /// Receives again.
    ///
    /// # Panics
    /// If the token is not a socket's.
    pub fn resume_receive(&mut self, token: Token) {
        delegate!(self, backend => backend.resume_receive(token));
    }

    /// Sends all of `buffer`. Gives the emptied buffer back if that is already done (epoll, mostly; or there was
    /// nothing in it); otherwise it comes back by [`Event::Sent`]. With io_uring nothing is handed to the kernel
    /// before the next [`Driver::wait`] or [`Driver::close`]. A failure is told by [`Event::Closed`], and the buffer is
    /// gone.
    ///
    /// # Panics
    /// If the token is not a socket's, or its last send is still in flight.
    pub fn send(&mut self, token: Token, buffer: Vec<u8>) -> Option<Vec<u8>> {
        delegate!(self, backend => backend.send(token, buffer))
    }

    /// Closes a socket at once. A send queued in this turn is tried once; what the kernel did not take by then is
    /// dropped. No event follows, and the token is free.
    ///
    /// # Panics
    /// If the token is not a socket's.
    pub fn close(&mut self, token: Token) {
        delegate!(self, backend => backend.close(token));
    }

    /// Hands over what is queued and sleeps until something happens, `timeout` passed (`None`: for ever), or a waker
    /// was called: one system call. It may return early with no event.
    ///
    /// # Errors
    /// What the kernel answered, if it is beyond what the driver handles itself (interruption, memory pressure and
    /// full queues are handled).
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        delegate!(self, backend => backend.wait(timeout))
    }

    /// The next thing that happened. Pull until `None`, then [`Driver::wait`].
    pub fn next_event(&mut self) -> Option<Event> {
        delegate!(self, backend => backend.next_event())
    }

    /// The bytes that arrived.
    ///
    /// # Panics
    /// If they are another driver's.
    pub fn data(&self, received: &Received) -> &[u8] {
        assert_eq!(received.driver, self.id, "received by another driver");
        match &self.inner {
            Inner::Uring(uring) => uring.data(received),
            Inner::Epoll(epoll) => epoll.data(received),
        }
    }

    /// Gives a buffer back for further receiving.
    ///
    /// # Panics
    /// If it is another driver's.
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

/// A number no other live driver has, so that a [`Received`] cannot be given to the wrong one.
fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Whether accepting failed for want of descriptors or memory, so that trying again at once would spin.
fn is_exhaustion(errno: i32) -> bool {
    matches!(errno, libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM)
}

/// The next connection of a listener that does not block.
fn accept(listener: &OwnedFd) -> Result<OwnedFd, i32> {
    let nowhere = std::ptr::null_mut();
    // SAFETY: plain system call; the peer's address is not asked for.
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

/// The error of the system call that just failed.
fn last_errno() -> i32 {
    io::Error::last_os_error().raw_os_error().expect("an error from the operating system has a number")
}
