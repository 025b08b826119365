//! A connection with its socket: what is being sent, what waits behind it.

use redstart::Connection;
use redstart_sys::net::{Driver, Token};
use std::sync::atomic::Ordering;

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
}

impl Client {
    pub(crate) fn new(connection: Connection, token: Token) -> Self {
        Self { connection, token, in_flight: 0, spare: Vec::new() }
    }

    /// Bytes of answers that the peer has not taken.
    pub(crate) fn unsent(&self) -> usize {
        self.in_flight + self.connection.output.len()
    }

    /// Sends what was answered, unless the send before is still under way.
    pub(crate) fn flush(&mut self, driver: &mut Driver) {
        if self.in_flight > 0 || self.connection.output.is_empty() {
            return;
        }
        let buffer = std::mem::replace(&mut self.connection.output, std::mem::take(&mut self.spare));
        self.in_flight = buffer.len();
        self.connection.session.info.bytes_out.fetch_add(buffer.len() as u64, Ordering::Relaxed);
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
}
