//! The floor under every benchmark: the network driver with no parser, no data and no commands behind it.
//!
//! `echo [uring|epoll|auto] [port]` answers `+OK` to every RESP command, which it tells by a `*` at the start of a
//! line, so that `valkey-benchmark -t set` (or redis-benchmark) can drive it. What it costs per request is what the
//! kernel and the driver cost; the rest of a server's cost is the server's own.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use redstart_sys::net::{Backend, Driver, Event, Options, Token, socket};

const LISTENER: Token = Token(0);
const REPLY: &[u8] = b"+OK\r\n";

#[derive(Default)]
struct Connection {
    /// Replies not handed to the driver yet; `None` while it sends.
    buffer: Option<Vec<u8>>,
    /// Replies that came up while it sends.
    owed: usize,
    mid_line: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let backend = match arguments.next().as_deref() {
        Some("uring") => Backend::Uring,
        Some("epoll") => Backend::Epoll,
        _ => Backend::Auto,
    };
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let mut driver = Driver::new(backend, options()?)?;
    let listener = socket::listen_tcp(SocketAddr::from(([127, 0, 0, 1], port)), 511)?;
    driver.listen(LISTENER, listener);
    if let Some(fd) = driver.fd(LISTENER) {
        println!("{:?} on {}", driver.backend(), socket::local_name(fd));
    }
    let mut connections: Vec<Connection> = vec![Connection::default()];
    let mut free: Vec<Token> = Vec::new();
    loop {
        driver.wait(Some(Duration::from_millis(100)))?;
        while let Some(event) = driver.next_event() {
            turn(&mut driver, &mut connections, &mut free, event);
        }
    }
}

/// The driver's sizes, each of which the environment may change: `BUFFERS`, `SIZE`, `ENTRIES`.
fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    if let Ok(count) = std::env::var("BUFFERS") {
        options.buffer_count = count.parse()?;
    }
    if let Ok(size) = std::env::var("SIZE") {
        options.buffer_size = size.parse()?;
    }
    if let Ok(entries) = std::env::var("ENTRIES") {
        options.entries = entries.parse()?;
    }
    Ok(options)
}

fn turn(driver: &mut Driver, connections: &mut Vec<Connection>, free: &mut Vec<Token>, event: Event) {
    match event {
        Event::Accepted { socket, .. } => {
            let token = free.pop().unwrap_or_else(|| {
                connections.push(Connection::default());
                Token(connections.len() as u32 - 1)
            });
            connections[token.0 as usize] = Connection { buffer: Some(Vec::new()), ..Connection::default() };
            driver.add(token, socket);
            if let Some(fd) = driver.fd(token) {
                let _ = socket::tune(fd, true, 300);
            }
        }
        Event::Received(received) => {
            let token = received.token();
            let connection = &mut connections[token.0 as usize];
            connection.owed += count(driver.data(&received), &mut connection.mid_line);
            driver.release(received);
            reply(driver, token, connection);
        }
        Event::Sent { token, buffer } => {
            let connection = &mut connections[token.0 as usize];
            connection.buffer = Some(buffer);
            reply(driver, token, connection);
        }
        Event::Closed { token, .. } => {
            driver.close(token);
            free.push(token);
        }
        Event::AcceptFailed { error, .. } => eprintln!("accept: {error}"),
        Event::Woken => {}
    }
}

fn reply(driver: &mut Driver, token: Token, connection: &mut Connection) {
    if connection.owed == 0 {
        return;
    }
    if let Some(mut buffer) = connection.buffer.take() {
        (0..connection.owed).for_each(|_| buffer.extend_from_slice(REPLY));
        connection.owed = 0;
        connection.buffer = driver.send(token, buffer);
    }
}

/// Lines that start with `*`.
fn count(bytes: &[u8], mid_line: &mut bool) -> usize {
    let mut commands = 0;
    for &byte in bytes {
        commands += usize::from(byte == b'*' && !*mid_line);
        *mid_line = byte != b'\n';
    }
    commands
}
