//! One connection's TLS: records in, plain bytes out, and the other way round.
//!
//! Answers wait here in the clear and are encrypted a piece at a time, when the socket is ready for them: the memory
//! beside the answers themselves is one piece, however much a client asked for. What a peer may make the server hold
//! before it is known is bounded by rustls (a handshake message of 64 KiB) and in time by [`HANDSHAKE_TIME`].

use rustls::{ServerConfig, ServerConnection};
use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A handshake that takes longer is given up. Redis waits without end.
const HANDSHAKE_TIME: Duration = Duration::from_secs(15);
/// Bytes of answers that are encrypted at once.
const PIECE: usize = 128 * 1024;
/// A buffer of answers that grew beyond this is cut back to it.
const KEEP_PLAIN: usize = 16 * 1024;

/// The TLS state between a client's socket and its connection.
pub(crate) struct Stream {
    tls: ServerConnection,
    /// Answers, encrypted up to `done`.
    plain: Vec<u8>,
    done: usize,
    begun: Instant,
    /// The peer is this machine.
    loopback: bool,
    /// The handshake is over, and what follows from it was done.
    admitted: bool,
    ended: bool,
    /// A record came that is one.
    spoke_tls: bool,
}

/// What came of a piece of input.
#[derive(Debug)]
pub(crate) enum Step {
    /// Nothing is to be done but to go on.
    More,
    /// The handshake is over: told once, before the first plain byte.
    Ready,
    /// The peer said that it ends, or broke the rules. What it sent before is still there to be read.
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
    /// The settings are of no use; rustls checks that when they are built.
    pub(crate) fn new(settings: Arc<ServerConfig>, loopback: bool) -> Result<Self, rustls::Error> {
        let mut tls = ServerConnection::new(settings)?;
        // The pieces are the limit.
        tls.set_buffer_limit(None);
        let begun = Instant::now();
        Ok(Self { tls, plain: Vec::new(), done: 0, begun, loopback, admitted: false, ended: false, spoke_tls: false })
    }

    /// Takes some of what came from the socket, from the front of `data`. After [`Step::Ended`] nothing more is taken.
    pub(crate) fn take(&mut self, data: &mut &[u8]) -> Step {
        if self.ended {
            *data = &[];
            return Step::More;
        }
        // Reading from memory fails only where records are not fetched, and they are, each time.
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

    /// Hands out what was decrypted, if there is any, record by record.
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

    /// Whether nothing more comes from the peer.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Whether the handshake is over.
    pub(crate) fn is_admitted(&self) -> bool {
        self.admitted
    }

    /// Whether the peer is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether the handshake has taken too long.
    pub(crate) fn is_late(&self, now: Instant) -> bool {
        !self.admitted && now.duration_since(self.begun) > HANDSHAKE_TIME
    }

    /// The certificate that the peer showed, which was verified.
    pub(crate) fn peer_certificate(&self) -> Option<&[u8]> {
        self.tls.peer_certificates()?.first().map(AsRef::as_ref)
    }

    /// Bytes of answers that are not encrypted yet.
    pub(crate) fn waiting(&self) -> usize {
        self.plain.len() - self.done
    }

    /// Bytes held for answers.
    pub(crate) fn capacity(&self) -> usize {
        self.plain.capacity()
    }

    /// Whether answers given to [`Stream::give`] would be taken.
    pub(crate) fn takes_answers(&self) -> bool {
        self.admitted && self.waiting() == 0
    }

    /// Takes answers over, leaving an empty buffer in their place.
    pub(crate) fn give(&mut self, output: &mut Vec<u8>) {
        self.plain.clear();
        self.plain.shrink_to(KEEP_PLAIN);
        self.done = 0;
        std::mem::swap(&mut self.plain, output);
    }

    /// Puts what is to be sent next into `records`: of the handshake, and a piece of the answers.
    pub(crate) fn encrypt(&mut self, records: &mut Vec<u8>) {
        if self.waiting() > 0 {
            let end = self.plain.len().min(self.done + PIECE);
            // Without a limit all of it is taken, and nothing can fail.
            self.done += self.tls.writer().write(&self.plain[self.done..end]).unwrap_or(0);
        }
        self.drain(records);
    }

    fn drain(&mut self, records: &mut Vec<u8>) {
        // A peer that does not speak TLS at all would take the alert for an answer.
        if self.ended && !self.spoke_tls {
            return;
        }
        while self.tls.wants_write() && self.tls.write_tls(records).is_ok_and(|written| written > 0) {}
    }

    /// The last records: the alert that says what was wrong, or that this is an orderly end.
    pub(crate) fn farewell(&mut self) -> Vec<u8> {
        let mut records = Vec::new();
        if self.admitted {
            self.tls.send_close_notify();
        }
        self.drain(&mut records);
        records
    }
}
