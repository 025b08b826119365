//! The TLS of one connection: decrypts records and encrypts replies.
//!
//! Replies wait here unencrypted and are encrypted one piece at a time, when the socket is ready: however much a client
//! requests, the additional memory is one piece. Before a peer is authenticated, rustls limits its memory (a handshake
//! message of 64 KiB), and [`HANDSHAKE_TIME`] limits its time.

use rustls::{ServerConfig, ServerConnection};
use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A handshake that takes longer is aborted. Redis has no limit.
const HANDSHAKE_TIME: Duration = Duration::from_secs(15);
/// The most bytes of replies that are encrypted at once.
const PIECE: usize = 128 * 1024;
/// A reply buffer that grew beyond this is shrunk to it.
const KEEP_PLAIN: usize = 16 * 1024;

/// The TLS state between a client's socket and its connection.
pub(crate) struct Stream {
    tls: ServerConnection,
    /// Replies, encrypted up to `done`.
    plain: Vec<u8>,
    done: usize,
    begun: Instant,
    /// The peer is on this machine.
    loopback: bool,
    /// The handshake is complete, and the connection was admitted.
    admitted: bool,
    ended: bool,
    /// A valid TLS record was received.
    spoke_tls: bool,
}

/// The result of a piece of input.
#[derive(Debug)]
pub(crate) enum Step {
    /// No further action; continue.
    More,
    /// The handshake is complete: returned once, before the first plain byte.
    Ready,
    /// The peer closed the session or violated the protocol. Data that it sent before can still be read.
    Ended(Option<rustls::Error>),
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("admitted", &self.admitted).field("ended", &self.ended).finish_non_exhaustive()
    }
}

impl Stream {
    /// The stream of a connection that was just accepted.
    ///
    /// # Errors
    /// The settings are unusable; rustls checks them when they are built.
    pub(crate) fn new(settings: Arc<ServerConfig>, loopback: bool) -> Result<Self, rustls::Error> {
        let mut tls = ServerConnection::new(settings)?;
        // The pieces limit the buffer.
        tls.set_buffer_limit(None);
        let begun = Instant::now();
        Ok(Self { tls, plain: Vec::new(), done: 0, begun, loopback, admitted: false, ended: false, spoke_tls: false })
    }

    /// Takes some input from the front of `data`. After [`Step::Ended`] all further input is dropped.
    pub(crate) fn take(&mut self, data: &mut &[u8]) -> Step {
        if self.ended {
            *data = &[];
            return Step::More;
        }
        // Reading from memory fails only if records are not processed, and they are, each time.
        let taken = self.tls.read_tls(data).map_err(|error| rustls::Error::General(error.to_string()));
        let outcome = taken.and_then(|_| self.tls.process_new_packets());
        self.spoke_tls |= !matches!(outcome, Err(rustls::Error::InvalidMessage(_)));
        match outcome {
            Err(error) => self.end(Some(error)),
            Ok(_) if !self.admitted && !self.tls.is_handshaking() => {
                self.admitted = true;
                Step::Ready
            }
            Ok(state) if state.peer_has_closed() => self.end(None),
            Ok(_) => Step::More,
        }
    }

    fn end(&mut self, why: Option<rustls::Error>) -> Step {
        self.ended = true;
        Step::Ended(why)
    }

    /// Passes the decrypted data to `deliver`, record by record.
    pub(crate) fn read(&mut self, mut deliver: impl FnMut(&[u8])) {
        let mut reader = self.tls.reader();
        while let Ok(plain) = reader.fill_buf()
            && !plain.is_empty()
        {
            let taken = plain.len();
            deliver(plain);
            reader.consume(taken);
        }
    }

    /// Whether the peer sends nothing more.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Whether the handshake is complete.
    pub(crate) fn is_admitted(&self) -> bool {
        self.admitted
    }

    /// Whether the peer is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether the handshake has exceeded its time limit.
    pub(crate) fn is_late(&self, now: Instant) -> bool {
        !self.admitted && now.duration_since(self.begun) > HANDSHAKE_TIME
    }

    /// The peer's certificate, which was verified.
    pub(crate) fn peer_certificate(&self) -> Option<&[u8]> {
        self.tls.peer_certificates()?.first().map(AsRef::as_ref)
    }

    /// Bytes of replies that are not encrypted yet.
    pub(crate) fn waiting(&self) -> usize {
        self.plain.len() - self.done
    }

    /// Bytes allocated for replies.
    pub(crate) fn capacity(&self) -> usize {
        self.plain.capacity()
    }

    /// Whether [`Stream::give`] may be called with further replies.
    pub(crate) fn takes_answers(&self) -> bool {
        self.admitted && self.waiting() == 0
    }

    /// Moves the replies in, leaving an empty buffer in their place.
    pub(crate) fn give(&mut self, output: &mut Vec<u8>) {
        self.plain.clear();
        self.plain.shrink_to(KEEP_PLAIN);
        self.done = 0;
        std::mem::swap(&mut self.plain, output);
    }

    /// Writes the next output into `records`: handshake messages, and one piece of the replies.
    pub(crate) fn encrypt(&mut self, records: &mut Vec<u8>) {
        if self.waiting() > 0 {
            let end = self.plain.len().min(self.done + PIECE);
            // Without a limit all of it is accepted, and the write cannot fail.
            self.done += self.tls.writer().write(&self.plain[self.done..end]).unwrap_or(0);
        }
        self.drain(records);
    }

    fn drain(&mut self, records: &mut Vec<u8>) {
        // A peer that does not speak TLS would take the alert for a reply.
        if self.ended && !self.spoke_tls {
            return;
        }
        while self.tls.wants_write() && self.tls.write_tls(records).is_ok_and(|written| written > 0) {}
    }

    /// The last records: the alert with the error, or close_notify.
    pub(crate) fn close_notify(&mut self) -> Vec<u8> {
        let mut records = Vec::new();
        if self.admitted {
            self.tls.send_close_notify();
        }
        self.drain(&mut records);
        records
    }
}
