//! What the tests share: drivers, socket pairs, an echo worker on its own thread, and a seeded generator.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use redstart_sys::net::{Backend, Driver, Error, Event, Options, Token, Waker, socket};

/// Runs each named function as one test per backend.
macro_rules! on_both_backends {
    ($($name:ident),* $(,)?) => {
        mod uring {
            $(#[test] fn $name() { super::$name(redstart_sys::net::Backend::Uring); })*
        }
        mod epoll {
            $(#[test] fn $name() { super::$name(redstart_sys::net::Backend::Epoll); })*
        }
    };
}
pub(crate) use on_both_backends;

/// Nothing here takes longer, or it hangs.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

pub(crate) const SMALL: Options = Options { buffer_count: 4, buffer_size: 1024, entries: 8 };

/// A driver, or `None` where the kernel has no io_uring for us.
pub(crate) fn driver(backend: Backend, options: Options) -> Option<Driver> {
    match Driver::new(backend, options) {
        Ok(driver) => {
            assert_eq!(driver.backend(), backend);
            Some(driver)
        }
        Err(Error::UringUnavailable(error)) => {
            println!("skipped, no io_uring: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A connected TCP pair: the near end for the test, the far end for the driver.
pub(crate) fn pair() -> (TcpStream, OwnedFd) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    near.set_read_timeout(Some(LIMIT)).unwrap();
    near.set_write_timeout(Some(LIMIT)).unwrap();
    (near, listener.accept().unwrap().0.into())
}

/// The next event, waiting for it up to `limit`.
pub(crate) fn event_within(driver: &mut Driver, limit: Duration) -> Option<Event> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(event) = driver.next_event() {
            return Some(event);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        driver.wait(Some(left)).unwrap();
    }
}

pub(crate) fn event(driver: &mut Driver) -> Event {
    event_within(driver, LIMIT).expect("an event within the limit")
}

/// The bytes of the next event, which must be `Received` on `token`.
pub(crate) fn received(driver: &mut Driver, token: Token) -> Vec<u8> {
    match event(driver) {
        Event::Received(received) if received.token() == token => {
            let bytes = driver.data(&received).to_vec();
            assert_eq!(bytes.len(), received.len());
            driver.release(received);
            bytes
        }
        other => panic!("expected bytes on {token:?}, got {other:?}"),
    }
}

pub(crate) fn received_exactly(driver: &mut Driver, token: Token, len: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < len {
        bytes.extend(received(driver, token));
    }
    assert_eq!(bytes.len(), len);
    bytes
}

/// SplitMix64: small, seeded, good enough to vary sizes and bytes.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..len.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).collect();
        bytes.truncate(len);
        bytes
    }
}

/// An echo server on its own thread. Dropping it stops the thread; a panic there fails the test.
pub(crate) struct Echo {
    pub(crate) address: SocketAddr,
    waker: Waker,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<usize>>,
}

impl Echo {
    pub(crate) fn start(backend: Backend, options: Options) -> Option<Self> {
        let mut driver = driver(backend, options)?;
        let listener = socket::listen_tcp("127.0.0.1:0".parse().unwrap(), 511).unwrap();
        driver.listen(Token(0), listener);
        let address = socket::local_name(driver.fd(Token(0)).unwrap()).parse().unwrap();
        let (waker, stop) = (driver.waker(), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&stop);
        let thread = Some(thread::spawn(move || serve(driver, &told)));
        Some(Self { address, waker, stop, thread })
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.set_write_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Stops the worker; how many connections it still had.
    pub(crate) fn stop(mut self) -> usize {
        self.tell();
        self.thread.take().unwrap().join().unwrap()
    }

    fn tell(&self) {
        self.stop.store(true, Ordering::Release);
        self.waker.wake();
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.tell();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the echo worker panicked");
        }
    }
}

#[derive(Default)]
struct Connection {
    pending: Vec<u8>,
    sending: bool,
}

fn serve(mut driver: Driver, stop: &AtomicBool) -> usize {
    let mut connections: Vec<Option<Connection>> = vec![None];
    let mut free: VecDeque<Token> = VecDeque::new();
    loop {
        driver.wait(None).unwrap();
        while let Some(event) = driver.next_event() {
            match event {
                Event::Accepted { listener, socket } => {
                    assert_eq!(listener, Token(0));
                    let token = free.pop_front().unwrap_or_else(|| {
                        connections.push(None);
                        Token(connections.len() as u32 - 1)
                    });
                    assert!(connections[token.0 as usize].replace(Connection::default()).is_none());
                    driver.add(token, socket);
                }
                Event::Received(received) => {
                    let token = received.token();
                    let connection = connections[token.0 as usize].as_mut().expect("a live connection");
                    connection.pending.extend_from_slice(driver.data(&received));
                    driver.release(received);
                    reply(&mut driver, token, connection);
                }
                Event::Sent { token, buffer } => {
                    assert!(buffer.is_empty());
                    let connection = connections[token.0 as usize].as_mut().expect("a live connection");
                    assert!(connection.sending);
                    connection.sending = false;
                    reply(&mut driver, token, connection);
                }
                Event::Closed { token, .. } => {
                    assert!(connections[token.0 as usize].take().is_some());
                    driver.close(token);
                    free.push_front(token);
                }
                Event::Woken => {
                    if stop.load(Ordering::Acquire) {
                        return connections.iter().flatten().count();
                    }
                }
                other => panic!("unexpected {other:?}"),
            }
        }
    }
}

fn reply(driver: &mut Driver, token: Token, connection: &mut Connection) {
    if !connection.sending && !connection.pending.is_empty() {
        let buffer = std::mem::take(&mut connection.pending);
        connection.sending = driver.send(token, buffer).is_none();
    }
}

/// Sends `message` and expects the same back.
pub(crate) fn round_trip(stream: &mut TcpStream, message: &[u8]) {
    stream.write_all(message).unwrap();
    let mut back = vec![0; message.len()];
    stream.read_exact(&mut back).unwrap();
    assert!(back == message, "the echo of {} bytes differs", message.len());
}

/// Raises the process's limit of descriptors as far as it may; the limit then.
pub(crate) fn raise_descriptor_limit() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the calls read and write the one struct, which lives across them.
    unsafe {
        assert_eq!(libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit), 0);
        limit.rlim_cur = limit.rlim_max.min(65_536);
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit), 0);
    }
    limit.rlim_cur as usize
}
