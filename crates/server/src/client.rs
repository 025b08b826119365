//! A connection with its socket: what is being sent, what waits behind it, what it may hold.

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

/// A buffer that grew beyond this for one large answer is cut back to it.
const KEEP_OUTPUT: usize = 16 * 1024;
/// A buffer's size at first, and again when the client has been silent for a while.
const REST_OUTPUT: usize = 1024;
/// Bytes of answers that may wait for a client that has yet to say who it is: Redis's own buffer and 1 KiB beside it.
const STRANGER_OUTPUT: usize = 17 * 1024;
/// Milliseconds of silence after which a buffer for unfinished commands is given back.
const INPUT_REST_MS: i64 = 2000;

/// A connected client: its socket's number, its connection and what is sent to it.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) connection: Connection,
    /// What it is encrypted with, if it is.
    tls: Option<Box<Stream>>,
    token: Token,
    /// Bytes with the driver, 0 for none.
    in_flight: usize,
    /// What the buffer takes that they are in.
    in_flight_capacity: usize,
    /// An empty buffer for the next answers.
    spare: Vec<u8>,
    /// What was said last came from others: no answers follow for which a large buffer would be kept.
    listens: bool,
    /// Receiving is paused until the peer takes its answers.
    pub(crate) paused: bool,
    /// When the worker was last asked to end a command's waiting.
    pub(crate) deadline_ms: Option<i64>,
    /// Up to which byte answers wait until the disk has reached which position, in order.
    promised: VecDeque<(u64, usize)>,
    /// Since when the soft limit of the output buffer is exceeded.
    above_soft: Option<Instant>,
}

/// Why a client is closed by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// More unparsed input than `client-query-buffer-limit`.
    Query,
    /// More unsent answers than `client-output-buffer-limit` allows.
    Output,
    /// Silent for longer than `timeout`.
    Idle,
    /// A TLS handshake that does not come to an end.
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
            promised: VecDeque::new(),
            above_soft: None,
        }
    }

    /// Bytes of answers that the peer has not taken.
    pub(crate) fn unsent(&self) -> usize {
        let waiting = self.tls.as_ref().map_or(0, |tls| tls.waiting());
        self.in_flight + waiting + self.connection.output.len()
    }

    /// Takes what came from the socket, and runs every command that is complete.
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

    /// Whether the peer ended its TLS, or failed at it.
    pub(crate) fn ended(&self) -> bool {
        self.tls.as_ref().is_some_and(|tls| tls.ended())
    }

    /// The last that is sent before the socket is closed.
    pub(crate) fn take_leave(&mut self, driver: &mut Driver) {
        if let Some(tls) = self.tls.as_deref_mut()
            && self.in_flight == 0
        {
            driver.send(self.token, tls.farewell());
        }
    }

    /// The answers that have come since the last promise wait until the disk has reached this position. False where there
    /// are none.
    pub(crate) fn promise(&mut self, position: u64) -> bool {
        let bytes = self.connection.output.len();
        let more = bytes > self.promised.back().map_or(0, |&(_, end)| end);
        if more {
            self.promised.push_back((position, bytes));
        }
        more
    }

    /// How many bytes of answers may go when the disk has reached this position.
    pub(crate) fn may_go(&self, durable: u64) -> usize {
        self.promised.iter().take_while(|(position, _)| *position <= durable).last().map_or(0, |&(_, end)| end)
    }

    /// As [`Client::flush`], for the answers alone that may go then.
    pub(crate) fn flush_until(&mut self, durable: u64, driver: &mut Driver, stats: &WorkerStats) {
        let bytes = self.may_go(durable);
        if bytes == 0 || self.in_flight > 0 {
            return;
        }
        let later: Vec<(u64, usize)> =
            self.promised.iter().copied().filter(|(position, _)| *position > durable).collect();
        let mut rest = self.connection.output.split_off(bytes);
        self.flush(driver, stats);
        // What is left of them may go at any time, and goes before the rest.
        let left = self.connection.output.len();
        self.connection.output.append(&mut rest);
        self.promised.clear();
        self.promised.extend((left > 0).then_some((durable, left)));
        self.promised.extend(later.into_iter().map(|(position, end)| (position, end - bytes + left)));
    }

    /// Sends what was answered, all of which may go, unless the send before is still under way.
    pub(crate) fn flush(&mut self, driver: &mut Driver, stats: &WorkerStats) {
        if self.in_flight == 0 {
            self.promised.clear();
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

    /// As [`Client::flush`], a piece at a time.
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

    /// The driver is done with a buffer.
    pub(crate) fn sent(&mut self, mut buffer: Vec<u8>) {
        (self.in_flight, self.in_flight_capacity) = (0, 0);
        buffer.shrink_to(if self.listens { REST_OUTPUT } else { KEEP_OUTPUT });
        self.spare = buffer;
    }

    /// Takes what others have to say to the client.
    pub(crate) fn take_pushes(&mut self) {
        self.listens = true;
        self.connection.take_pushes();
    }

    /// Gives back the memory that the buffers of a silent client do not use.
    fn rest(&mut self, idle_ms: i64, output_rest_ms: i64) {
        if idle_ms >= INPUT_REST_MS {
            self.connection.rest();
        }
        if idle_ms >= output_rest_ms && self.unsent() == 0 {
            self.connection.output.shrink_to(REST_OUTPUT);
            self.spare.shrink_to(REST_OUTPUT);
        }
    }

    /// Whether all is said and the connection is to be closed.
    pub(crate) fn finished(&self) -> bool {
        self.connection.session.close && self.unsent() == 0
    }

    /// Whose limits hold for it.
    fn class(&self) -> ClientClass {
        if self.connection.session.subscriptions.is_some() { ClientClass::PubSub } else { ClientClass::Normal }
    }

    /// What the client holds too much of right now.
    pub(crate) fn excess(&self, shared: &Shared) -> Option<Excess> {
        let config = &shared.config;
        if self.connection.overfull() {
            return Some(Excess::Query);
        }
        if self.unsent() > STRANGER_OUTPUT && self.connection.session.must_authenticate(&shared.acl) {
            return Some(Excess::Output);
        }
        let hard = config.output_buffer_limit(self.class()).hard_bytes;
        let above = hard > 0 && self.queued() >= hard;
        (above || self.connection.session.info.outbox.overflowed()).then_some(Excess::Output)
    }

    /// Bytes of answers that count against the limits.
    fn queued(&self) -> u64 {
        queued(self.unsent()) as u64
    }

    /// Tells others how much memory the client takes, and closes the largest clients where all take too much.
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

    /// What the client has held, or not done, for too long. Also tells others how much it holds.
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
        // Who listens or waits is not idle.
        let listens = self.connection.session.subscriptions.is_some() || self.connection.waits();
        (timeout > 0 && idle_ms > timeout * 1000 && !listens).then_some(Excess::Idle)
    }
}
