//! A connection with its socket: output being sent, output waiting, and memory limits.

use crate::server::Server;
use crate::tls::{Step, Stream};
use redstart::command::clients::queued;
use redstart::command::{Shared, WorkerStats};
use redstart::config::{ClientClass, ids};
use redstart::{Connection, Worker};
use redstart_sys::net::{Driver, Token};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// A buffer that grew beyond this for one large reply is shrunk to it.
const KEEP_OUTPUT: usize = 16 * 1024;
/// The initial size of a buffer, and its size again after the client has been idle.
const REST_OUTPUT: usize = 1024;
/// The most bytes of unsent replies of a client that has not authenticated: Redis's own buffer and 1 KiB more.
const UNAUTHENTICATED_OUTPUT: usize = 17 * 1024;
/// Milliseconds of idle time after which the buffer for incomplete commands is freed.
const INPUT_REST_MS: i64 = 2000;

/// A connected client: its socket, its connection and its output.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) connection: Connection,
    /// The TLS stream, if the connection is encrypted.
    tls: Option<Box<Stream>>,
    token: Token,
    /// Bytes being sent by the driver, 0 for none.
    in_flight: usize,
    /// The capacity of the buffer being sent.
    in_flight_capacity: usize,
    /// An empty buffer for the next replies.
    spare: Vec<u8>,
    /// The last output was out-of-band: no replies follow for which a large buffer would be kept.
    listens: bool,
    /// Receiving is paused until the peer reads its replies.
    pub(crate) paused: bool,
    /// The deadline of the last blocked command that was registered with the worker.
    pub(crate) deadline_ms: Option<i64>,
    /// Pairs of a journal offset and an output length, in order: the output up to this length waits until the disk has
    /// reached the offset.
    held_until: VecDeque<(u64, usize)>,
    /// When the soft limit of the output buffer was first exceeded.
    above_soft: Option<Instant>,
}

/// Why the server closes a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// The unparsed input exceeds `client-query-buffer-limit`.
    Query,
    /// The unsent replies exceed `client-output-buffer-limit`.
    Output,
    /// Idle for longer than `timeout`.
    Idle,
    /// The TLS handshake takes too long.
    Handshake,
}

impl Client {
    pub(crate) fn new(connection: Connection, tls: Option<Box<Stream>>, token: Token) -> Self {
        Self {
            connection,
            tls,
            token,
            in_flight: 0,
            in_flight_capacity: 0,
            spare: Vec::with_capacity(REST_OUTPUT),
            listens: false,
            paused: false,
            deadline_ms: None,
            held_until: VecDeque::new(),
            above_soft: None,
        }
    }

    /// Bytes of replies that the peer has not taken.
    pub(crate) fn unsent(&self) -> usize {
        let waiting = self.tls.as_ref().map_or(0, |tls| tls.waiting());
        self.in_flight + waiting + self.connection.output.len()
    }

    /// Processes input from the socket, and runs every complete command.
    pub(crate) fn receive(&mut self, server: &Server, engine: &Worker, data: &[u8]) {
        self.listens = false;
        if self.tls.is_some() {
            return self.receive_records(server, engine, data);
        }
        engine.receive(&mut self.connection, data);
    }

    fn receive_records(&mut self, server: &Server, engine: &Worker, mut data: &[u8]) {
        let Some(tls) = self.tls.as_deref_mut() else { return };
        while !data.is_empty() {
            match tls.take(&mut data) {
                Step::More => {}
                Step::Ready => server.admit(&mut self.connection, tls, engine.stats()),
                Step::Ended(None) => {}
                Step::Ended(Some(error)) => {
                    let info = &self.connection.session.info;
                    let words = format!("{error} (addr={} laddr={})", info.addr, info.laddr);
                    if tls.is_admitted() {
                        server.log.verbose(&format!("Reading from client: {words}"));
                    } else {
                        server.log.warning(&format!("Error accepting a client connection: {words}"));
                    }
                }
            }
            tls.read(|plain| engine.receive(&mut self.connection, plain));
        }
    }

    /// Whether the peer ended its TLS session or violated the protocol.
    pub(crate) fn ended(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.ended())
    }

    /// Sends the TLS alert close_notify before the socket is closed.
    pub(crate) fn send_close_notify(&mut self, driver: &mut Driver) {
        if let Some(tls) = self.tls.as_deref_mut()
            && self.in_flight == 0
        {
            driver.send(self.token, tls.close_notify());
        }
    }

    /// Holds the replies written since the last call until the disk has reached this offset. Returns false if there are
    /// none.
    pub(crate) fn hold_until(&mut self, position: u64) -> bool {
        let bytes = self.connection.output.len();
        let more = bytes > self.held_until.back().map_or(0, |&(_, end)| end);
        if more {
            self.held_until.push_back((position, bytes));
        }
        more
    }

    /// How many bytes of replies may be sent once the disk has reached this offset.
    pub(crate) fn sendable(&self, durable: u64) -> usize {
        self.held_until.iter().take_while(|(position, _)| *position <= durable).last().map_or(0, |&(_, end)| end)
    }

    /// Like [`Client::flush`], for only the replies that may be sent at this offset.
    pub(crate) fn flush_until(&mut self, durable: u64, driver: &mut Driver, stats: &WorkerStats) {
        let bytes = self.sendable(durable);
        if bytes == 0 || self.in_flight > 0 {
            return;
        }
        let later: Vec<(u64, usize)> =
            self.held_until.iter().copied().filter(|(position, _)| *position > durable).collect();
        let mut rest = self.connection.output.split_off(bytes);
        self.flush(driver, stats);
        // The unsent rest of these replies may be sent at any time, and precedes the others.
        let left = self.connection.output.len();
        self.connection.output.append(&mut rest);
        self.held_until.clear();
        self.held_until.extend((left > 0).then_some((durable, left)));
        self.held_until.extend(later.into_iter().map(|(position, end)| (position, end - bytes + left)));
    }

    /// Sends all replies, none of which waits for the disk any more, unless the previous send is still in progress.
    pub(crate) fn flush(&mut self, driver: &mut Driver, stats: &WorkerStats) {
        if self.in_flight == 0 {
            self.held_until.clear();
        }
        if self.tls.is_some() {
            return self.flush_records(driver, stats);
        }
        if self.in_flight > 0 || self.connection.output.is_empty() {
            return;
        }
        let buffer = std::mem::replace(&mut self.connection.output, std::mem::take(&mut self.spare));
        (self.in_flight, self.in_flight_capacity) = (buffer.len(), buffer.capacity());
        let sent = &self.connection.session.info.bytes_out;
        sent.store(sent.load(Ordering::Relaxed) + buffer.len() as u64, Ordering::Relaxed);
        stats.output_bytes.add(buffer.len() as u64);
        stats.writes.add(1);
        if let Some(buffer) = driver.send(self.token, buffer) {
            self.sent(buffer);
        }
    }

    /// Like [`Client::flush`], one piece at a time.
    fn flush_records(&mut self, driver: &mut Driver, stats: &WorkerStats) {
        let Some(tls) = self.tls.as_deref_mut() else { return };
        while self.in_flight == 0 {
            let output = &mut self.connection.output;
            if tls.takes_answers() && !output.is_empty() {
                let sent = &self.connection.session.info.bytes_out;
                sent.store(sent.load(Ordering::Relaxed) + output.len() as u64, Ordering::Relaxed);
                stats.output_bytes.add(output.len() as u64);
                tls.give(output);
            }
            let mut records = std::mem::take(&mut self.spare);
            tls.encrypt(&mut records);
            if records.is_empty() {
                self.spare = records;
                return;
            }
            stats.writes.add(1);
            (self.in_flight, self.in_flight_capacity) = (records.len(), records.capacity());
            if let Some(mut buffer) = driver.send(self.token, records) {
                (self.in_flight, self.in_flight_capacity) = (0, 0);
                buffer.shrink_to(KEEP_OUTPUT);
                self.spare = buffer;
            }
        }
    }

    /// Takes a buffer back from the driver.
    pub(crate) fn sent(&mut self, mut buffer: Vec<u8>) {
        (self.in_flight, self.in_flight_capacity) = (0, 0);
        buffer.shrink_to(if self.listens { REST_OUTPUT } else { KEEP_OUTPUT });
        self.spare = buffer;
    }

    /// Takes the out-of-band output for the client.
    pub(crate) fn take_pushes(&mut self) {
        self.listens = true;
        self.connection.take_pushes();
    }

    /// Frees unused buffer memory of an idle client.
    fn rest(&mut self, idle_ms: i64, output_rest_ms: i64) {
        if idle_ms >= INPUT_REST_MS {
            self.connection.rest();
        }
        if idle_ms >= output_rest_ms && self.unsent() == 0 {
            self.connection.output.shrink_to(REST_OUTPUT);
            self.spare.shrink_to(REST_OUTPUT);
        }
    }

    /// Whether all output is sent and the connection is to be closed.
    pub(crate) fn finished(&self) -> bool {
        self.connection.session.close && self.unsent() == 0
    }

    /// The class that determines the client's limits.
    fn class(&self) -> ClientClass {
        if self.connection.session.subscriptions.is_some() { ClientClass::PubSub } else { ClientClass::Normal }
    }

    /// The limit that the client exceeds right now.
    pub(crate) fn excess(&self, shared: &Shared) -> Option<Excess> {
        let config = &shared.config;
        if self.connection.overfull() {
            return Some(Excess::Query);
        }
        if self.unsent() > UNAUTHENTICATED_OUTPUT && self.connection.session.must_authenticate(&shared.acl) {
            return Some(Excess::Output);
        }
        let hard = config.output_buffer_limit(self.class()).hard_bytes;
        let above = hard > 0 && self.queued() >= hard;
        (above || self.connection.session.info.outbox.overflowed()).then_some(Excess::Output)
    }

    /// Bytes of replies that count against the limits.
    fn queued(&self) -> u64 {
        queued(self.unsent()) as u64
    }

    /// Publishes the client's memory use, and evicts the largest clients if the total exceeds `maxmemory-clients`.
    pub(crate) fn publish(&self, shared: &Shared) {
        let info = &self.connection.session.info;
        info.output.store(self.unsent(), Ordering::Relaxed);
        let waiting = self.tls.as_ref().map_or(0, |tls| tls.capacity());
        let capacity = self.connection.output.capacity().max(self.spare.capacity()) + waiting;
        info.output_capacity.store(capacity, Ordering::Relaxed);
        info.sending.store(self.in_flight_capacity, Ordering::Relaxed);
        if shared.clients.count(info) {
            shared.evict_clients();
        }
    }

    /// The limit that the client has exceeded for too long. Also publishes its memory use.
    pub(crate) fn overdue(&mut self, shared: &Shared, now: Instant, now_ms: i64) -> Option<Excess> {
        let config = &shared.config;
        let idle_ms = now_ms - self.connection.session.info.last_ms.load(Ordering::Relaxed);
        self.rest(idle_ms, shared.output_rest_ms.load(Ordering::Relaxed));
        self.publish(shared);
        let limit = config.output_buffer_limit(self.class());
        if limit.soft_bytes == 0 || self.queued() < limit.soft_bytes {
            self.above_soft = None;
        } else if now.duration_since(*self.above_soft.get_or_insert(now)).as_secs() > limit.soft_seconds {
            return Some(Excess::Output);
        }
        if self.tls.as_ref().is_some_and(|tls| tls.is_late(now)) {
            return Some(Excess::Handshake);
        }
        let timeout = i64::try_from(config.get(ids::TIMEOUT)).unwrap_or(0);
        // Subscribers and blocked clients are not idle.
        let listens = self.connection.session.subscriptions.is_some() || self.connection.waits();
        (timeout > 0 && idle_ms > timeout * 1000 && !listens).then_some(Excess::Idle)
    }
}
