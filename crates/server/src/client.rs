//! A connection with its socket: what is being sent, what waits behind it, what it may hold.

use redstart::Connection;
use redstart::command::WorkerStats;
use redstart::config::{ClientClass, Config, ids};
use redstart_sys::net::{Driver, Token};
use std::sync::atomic::Ordering;
use std::time::Instant;

/// A buffer that grew beyond this for one large answer is not kept.
const KEEP_OUTPUT: usize = 64 * 1024;

/// See the module's story.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) connection: Connection,
    token: Token,
    /// Bytes with the driver, 0 for none.
    in_flight: usize,
    /// An empty buffer for the next answers.
    spare: Vec<u8>,
    /// Receiving is paused until the peer takes its answers.
    pub(crate) paused: bool,
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
}

impl Client {
    pub(crate) fn new(connection: Connection, token: Token) -> Self {
        Self { connection, token, in_flight: 0, spare: Vec::new(), paused: false, above_soft: None }
    }

    /// Bytes of answers that the peer has not taken.
    pub(crate) fn unsent(&self) -> usize {
        self.in_flight + self.connection.output.len()
    }

    /// Sends what was answered, unless the send before is still under way.
    pub(crate) fn flush(&mut self, driver: &mut Driver, stats: &WorkerStats) {
        if self.in_flight > 0 || self.connection.output.is_empty() {
            return;
        }
        let buffer = std::mem::replace(&mut self.connection.output, std::mem::take(&mut self.spare));
        self.in_flight = buffer.len();
        let sent = &self.connection.session.info.bytes_out;
        sent.store(sent.load(Ordering::Relaxed) + buffer.len() as u64, Ordering::Relaxed);
        stats.output_bytes.add(buffer.len() as u64);
        stats.writes.add(1);
        if let Some(buffer) = driver.send(self.token, buffer) {
            self.sent(buffer);
        }
    }

    /// The driver is done with a buffer.
    pub(crate) fn sent(&mut self, buffer: Vec<u8>) {
        self.in_flight = 0;
        if buffer.capacity() <= KEEP_OUTPUT {
            self.spare = buffer;
        }
    }

    /// Whether all is said and the connection is to be closed.
    pub(crate) fn finished(&self) -> bool {
        self.connection.session.close && self.unsent() == 0
    }

    /// What the client holds too much of right now.
    pub(crate) fn excess(&self, config: &Config) -> Option<Excess> {
        if self.connection.query_bytes() as u64 > config.get(ids::CLIENT_QUERY_BUFFER_LIMIT) {
            return Some(Excess::Query);
        }
        let hard = config.output_buffer_limit(ClientClass::Normal).hard_bytes;
        (hard > 0 && self.unsent() as u64 >= hard).then_some(Excess::Output)
    }

    /// What the client has held, or not done, for too long. Also tells others how much it holds.
    pub(crate) fn overdue(&mut self, config: &Config, now: Instant, now_ms: i64) -> Option<Excess> {
        let info = &self.connection.session.info;
        info.output.store(self.unsent(), Ordering::Relaxed);
        info.output_capacity.store(self.connection.output.capacity() + self.spare.capacity(), Ordering::Relaxed);
        let limit = config.output_buffer_limit(ClientClass::Normal);
        if limit.soft_bytes == 0 || (self.unsent() as u64) < limit.soft_bytes {
            self.above_soft = None;
        } else if now.duration_since(*self.above_soft.get_or_insert(now)).as_secs() > limit.soft_seconds {
            return Some(Excess::Output);
        }
        let timeout = i64::try_from(config.get(ids::TIMEOUT)).unwrap_or(0);
        let idle_ms = now_ms - info.last_ms.load(Ordering::Relaxed);
        (timeout > 0 && idle_ms > timeout * 1000).then_some(Excess::Idle)
    }
}
