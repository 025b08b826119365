//! Parses bytes into commands, in pieces of any size.
//!
//! ```text
//!   input: | complete commands ...           | an incomplete one: *3 $3 SET $3 k | the rest of a piece
//!            -> Batch, spans into the input    -> its arguments so far move to the stash, the unfinished piece
//!                                                 (a partial line or a short bulk) is left over for next time
//! ```
//! Nothing is parsed twice but one length line, so a command that trickles in costs no more than one that arrives as a
//! whole. An incomplete bulk of [`LARGE_BULK`] bytes or more is read into a separate buffer. That buffer grows with the
//! received bytes, never by the announced length, and a command may take ownership of it without a copy.

use crate::args::{Args, Span};
use crate::inline;
use memchr::memchr;
use std::fmt;

/// Bulks of at least this length get a separate buffer.
pub const LARGE_BULK: usize = 32 * 1024;
/// The longest inline command and the longest line with a length.
const INLINE_MAX: usize = 64 * 1024;
/// A cleared batch keeps memory for at most this many arguments.
const KEEP_SPANS: usize = 16 * 1024;
/// The first reservation for a large bulk; more is reserved when this much has arrived.
const FIRST_RESERVATION: usize = 1024 * 1024;

/// Limits for the peer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest bulk (`proto-max-bulk-len`), in bytes.
    pub bulk: usize,
    /// Whether the peer has authenticated. Before that it may send at most ten arguments, of up to 16 KiB each.
    pub trusted: bool,
}

/// Why a connection must be closed. The texts are Redis's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A line with an argument count that does not end.
    CountLineTooLong,
    /// An argument count that is not a number, or above 2^31 - 1.
    InvalidCount,
    /// More than ten arguments before authentication.
    UntrustedCount,
    /// A line with a bulk length that does not end.
    BulkLineTooLong,
    /// An argument that is not a bulk.
    ExpectedBulk(u8),
    /// A bulk length that is not a number, negative, or above the limit.
    InvalidBulk,
    /// A bulk above 16 KiB before authentication.
    UntrustedBulk,
    /// An inline command that does not end.
    InlineTooLong,
    /// Unbalanced quotes.
    UnbalancedQuotes,
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Protocol error: ")?;
        match self {
            Self::CountLineTooLong => f.write_str("too big mbulk count string"),
            Self::InvalidCount => f.write_str("invalid multibulk length"),
            Self::UntrustedCount => f.write_str("unauthenticated multibulk length"),
            Self::BulkLineTooLong => f.write_str("too big bulk count string"),
            Self::ExpectedBulk(got) => write!(f, "expected '$', got '{}'", char::from(*got)),
            Self::InvalidBulk => f.write_str("invalid bulk length"),
            Self::UntrustedBulk => f.write_str("unauthenticated bulk length"),
            Self::InlineTooLong => f.write_str("too big inline request"),
            Self::UnbalancedQuotes => f.write_str("unbalanced quotes in request"),
        }
    }
}

impl std::error::Error for ProtocolError {}

/// Where the arguments of a batch's commands are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the parsed input.
    Input,
    /// In the decoder: the only command of the batch came in pieces, or inline.
    Stash,
}

/// Parsed commands, to be run before the next parsing.
#[derive(Debug)]
pub struct Batch {
    spans: Vec<Span>,
    /// For each command, the end of its spans, and the end of its bytes in the input.
    ends: Vec<(u32, u32)>,
    source: Source,
}

impl Default for Batch {
    fn default() -> Self {
        Self { spans: Vec::new(), ends: Vec::new(), source: Source::Input }
    }
}

impl Batch {
    /// The number of commands.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no commands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where the arguments are stored.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// The spans of command `index`.
    #[inline]
    #[must_use]
    pub fn spans(&self, index: usize) -> &[Span] {
        let start = if index == 0 { 0 } else { self.ends[index - 1].0 as usize };
        &self.spans[start..self.ends[index].0 as usize]
    }

    /// The name of command `index`, if it is in the input.
    #[inline]
    #[must_use]
    pub fn name<'a>(&self, index: usize, input: &'a [u8]) -> Option<&'a [u8]> {
        match self.source {
            Source::Input => input.get(self.spans(index).first()?.range()?),
            Source::Stash => None,
        }
    }

    /// The bytes of the input up to the end of command `index`.
    #[must_use]
    pub fn end(&self, index: usize) -> usize {
        self.ends[index].1 as usize
    }

    /// Removes all commands, keeping the memory except for that of a command with very many arguments.
    pub fn clear(&mut self) {
        self.spans.clear();
        if self.spans.capacity() > KEEP_SPANS {
            self.spans.shrink_to(1024);
        }
        self.ends.clear();
        self.source = Source::Input;
    }

    fn finish(&mut self, at: usize) {
        self.ends.push((self.spans.len() as u32, at as u32));
    }
}

/// A bulk that is being read into its own buffer.
#[derive(Debug)]
struct Filling {
    /// Content bytes still missing.
    missing: usize,
    /// Bytes of the closing line end still missing.
    line_end: usize,
}

/// The parser of one connection: the state of an incomplete command.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Arguments still missing in the current command; 0 between commands.
    lacking: usize,
    stash: Vec<u8>,
    spans: Vec<Span>,
    large: Vec<Vec<u8>>,
    filling: Option<Filling>,
    /// The stash belongs to a command that was returned, and must be cleared.
    spent: bool,
}

/// The result of one step of the decoder.
enum Step<T> {
    Done(T),
    /// More bytes are needed.
    Wait,
}

impl Decoder {
    /// Parses at most `most` commands from the start of `input` into `batch` (which is cleared). Returns the number of
    /// bytes consumed; the caller keeps the rest and passes it again with more bytes after it. If this returns no
    /// command, all that can be parsed was parsed.
    ///
    /// # Errors
    /// The input violates the protocol. Commands before the error are in the batch; the connection must be closed after
    /// running them.
    pub fn parse(
        &mut self,
        input: &[u8],
        batch: &mut Batch,
        most: usize,
        limits: Limits,
    ) -> (usize, Result<(), ProtocolError>) {
        batch.clear();
        self.forget_spent();
        let mut at = 0;
        let mut outcome = Ok(());
        while at < input.len() && batch.len() < most && batch.source == Source::Input {
            match self.step(input, &mut at, batch, limits) {
                Ok(Step::Done(())) => {}
                Ok(Step::Wait) => break,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        (at, outcome)
    }

    /// Frees the last returned command, if it came in pieces. Its batch must not be used any more.
    pub fn forget_spent(&mut self) {
        if std::mem::take(&mut self.spent) {
            self.stash.clear();
            self.stash.shrink_to(LARGE_BULK);
            self.spans.clear();
            self.spans.shrink_to(1024);
            self.large.clear();
        }
    }

    /// The arguments of command `index` of `batch`, which was parsed from `input`.
    #[inline]
    #[must_use]
    pub fn args<'a>(&'a mut self, batch: &'a Batch, index: usize, input: &'a [u8]) -> Args<'a> {
        match batch.source {
            Source::Input => Args::new(input, batch.spans(index), &mut []),
            Source::Stash => Args::new(&self.stash, &self.spans, &mut self.large),
        }
    }

    /// Bytes held for an incomplete command.
    #[must_use]
    pub fn held(&self) -> usize {
        self.stash.len() + self.large.iter().map(Vec::len).sum::<usize>()
    }

    /// Bytes used for the positions of that command's arguments.
    #[must_use]
    pub fn overhead(&self) -> usize {
        self.spans.len() * size_of::<Span>()
    }

    /// The number of arguments still missing in the current command, as far as known.
    #[must_use]
    pub fn lacking(&self) -> usize {
        self.lacking
    }

    fn step(
        &mut self,
        input: &[u8],
        at: &mut usize,
        batch: &mut Batch,
        limits: Limits,
    ) -> Result<Step<()>, ProtocolError> {
        if self.lacking > 0 {
            return self.resume(input, at, batch, limits);
        }
        if input[*at] != b'*' {
            return self.inline(input, at, batch);
        }
        let Step::Done((count, body)) = count_line(input, *at, limits)? else { return Ok(Step::Wait) };
        if count == 0 {
            *at = body;
            return Ok(Step::Done(()));
        }
        self.multibulk(input, at, body, count, batch, limits)
    }

    /// Parses a command from its first argument on, assuming that all of it is in the input.
    #[inline]
    fn multibulk(
        &mut self,
        input: &[u8],
        at: &mut usize,
        body: usize,
        count: usize,
        batch: &mut Batch,
        limits: Limits,
    ) -> Result<Step<()>, ProtocolError> {
        let first = batch.spans.len();
        let mut position = body;
        for done in 0..count {
            match bulk(input, position, limits)? {
                Step::Done((start, len, next)) if next <= input.len() => {
                    batch.spans.push(Span::new(start, len));
                    position = next;
                }
                _ => {
                    // Incomplete: the arguments so far are moved to the stash, and parsing continues there.
                    for span in batch.spans.drain(first..) {
                        let range = span.range().unwrap_or_default();
                        self.stash_bytes(&input[range]);
                    }
                    self.lacking = count - done;
                    *at = position;
                    return if position < input.len() { self.resume(input, at, batch, limits) } else { Ok(Step::Wait) };
                }
            }
        }
        *at = position;
        batch.finish(position);
        Ok(Step::Done(()))
    }

    fn stash_bytes(&mut self, bytes: &[u8]) {
        self.spans.push(Span::new(self.stash.len(), bytes.len()));
        self.stash.extend_from_slice(bytes);
    }

    /// Continues a command whose first arguments are in the stash.
    fn resume(
        &mut self,
        input: &[u8],
        at: &mut usize,
        batch: &mut Batch,
        limits: Limits,
    ) -> Result<Step<()>, ProtocolError> {
        while self.lacking > 0 {
            if self.filling.is_some() {
                if !self.fill(input, at) {
                    return Ok(Step::Wait);
                }
                self.lacking -= 1;
                continue;
            }
            if *at >= input.len() {
                return Ok(Step::Wait);
            }
            let Step::Done((start, len, next)) = bulk(input, *at, limits)? else { return Ok(Step::Wait) };
            if next <= input.len() {
                self.stash_bytes(&input[start..start + len]);
                *at = next;
                self.lacking -= 1;
            } else if len >= LARGE_BULK {
                self.spans.push(Span::large(self.large.len()));
                self.large.push(Vec::new());
                self.filling = Some(Filling { missing: len, line_end: 2 });
                *at = start;
            } else {
                return Ok(Step::Wait);
            }
        }
        // A command found incomplete in this call cannot be completed by it, so a command completed here is the first
        // of the batch.
        debug_assert!(batch.is_empty());
        self.hand_out(batch, *at);
        Ok(Step::Done(()))
    }

    fn hand_out(&mut self, batch: &mut Batch, at: usize) {
        batch.source = Source::Stash;
        batch.spans.extend_from_slice(&self.spans);
        batch.finish(at);
        self.spent = true;
    }

    /// Moves bytes into the buffer of a large bulk; returns true when it is complete with its line end.
    fn fill(&mut self, input: &[u8], at: &mut usize) -> bool {
        let (Some(filling), Some(buffer)) = (&mut self.filling, self.large.last_mut()) else { return true };
        let content = filling.missing.min(input.len() - *at);
        if buffer.capacity() - buffer.len() < content || buffer.capacity() == 0 {
            // Doubles the buffer, except that the last step is exact: the buffer may become the value.
            let total = buffer.len() + filling.missing;
            let wanted = total.min(FIRST_RESERVATION.max(2 * (buffer.len() + content)));
            buffer.reserve_exact(wanted - buffer.len());
        }
        buffer.extend_from_slice(&input[*at..*at + content]);
        filling.missing -= content;
        *at += content;
        if filling.missing > 0 {
            return false;
        }
        let line_end = filling.line_end.min(input.len() - *at);
        filling.line_end -= line_end;
        *at += line_end;
        if filling.line_end > 0 {
            return false;
        }
        self.filling = None;
        true
    }

    fn inline(&mut self, input: &[u8], at: &mut usize, batch: &mut Batch) -> Result<Step<()>, ProtocolError> {
        let rest = &input[*at..];
        let Some(end) = memchr(b'\n', rest) else {
            return if rest.len() > INLINE_MAX { Err(ProtocolError::InlineTooLong) } else { Ok(Step::Wait) };
        };
        if !batch.is_empty() {
            return Ok(Step::Wait);
        }
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        let words = inline::split(line).ok_or(ProtocolError::UnbalancedQuotes)?;
        *at += end + 1;
        if !words.is_empty() {
            for word in &words {
                self.stash_bytes(word);
            }
            self.hand_out(batch, *at);
        }
        Ok(Step::Done(()))
    }
}

/// Parses `*count`; returns the count and the start of the first argument.
#[inline]
fn count_line(input: &[u8], at: usize, limits: Limits) -> Result<Step<(usize, usize)>, ProtocolError> {
    if let Some(&[digit @ b'0'..=b'9', b'\r', _]) = input.get(at + 1..at + 4) {
        return Ok(Step::Done((usize::from(digit - b'0'), at + 4)));
    }
    let Some((number, next)) = line_number(input, at + 1, ProtocolError::CountLineTooLong)? else {
        return Ok(Step::Wait);
    };
    let count = number.filter(|&count| count <= i64::from(i32::MAX)).ok_or(ProtocolError::InvalidCount)?;
    if count > 10 && !limits.trusted {
        return Err(ProtocolError::UntrustedCount);
    }
    Ok(Step::Done((usize::try_from(count).unwrap_or(0), next)))
}

/// Parses `$len`; returns the start of the content, its length, and the start of the next argument (which may be beyond
/// the input).
#[inline]
fn bulk(input: &[u8], at: usize, limits: Limits) -> Result<Step<(usize, usize, usize)>, ProtocolError> {
    // The common case: a length of one or two digits.
    match input.get(at..at + 5) {
        Some(&[b'$', ones @ b'0'..=b'9', b'\r', _, _]) => {
            let len = usize::from(ones - b'0');
            Ok(Step::Done((at + 4, len, at + 4 + len + 2)))
        }
        Some(&[b'$', tens @ b'1'..=b'9', ones @ b'0'..=b'9', b'\r', _]) => {
            let len = usize::from(tens - b'0') * 10 + usize::from(ones - b'0');
            Ok(Step::Done((at + 5, len, at + 5 + len + 2)))
        }
        _ => bulk_slow(input, at, limits),
    }
}

fn bulk_slow(input: &[u8], at: usize, limits: Limits) -> Result<Step<(usize, usize, usize)>, ProtocolError> {
    let Some(&sign) = input.get(at) else { return Ok(Step::Wait) };
    if sign != b'$' {
        // Redis checks the line only when it is complete.
        if line_number(input, at, ProtocolError::BulkLineTooLong)?.is_none() {
            return Ok(Step::Wait);
        }
        return Err(ProtocolError::ExpectedBulk(sign));
    }
    let Some((number, start)) = line_number(input, at + 1, ProtocolError::BulkLineTooLong)? else {
        return Ok(Step::Wait);
    };
    let len = number.and_then(|len| usize::try_from(len).ok()).filter(|&len| len <= limits.bulk);
    let len = len.ok_or(ProtocolError::InvalidBulk)?;
    if len > 16 * 1024 && !limits.trusted {
        return Err(ProtocolError::UntrustedBulk);
    }
    Ok(Step::Done((start, len, start + len + 2)))
}

/// Parses a number up to its line end: returns the number (`None` if invalid) and the start of the next line; returns
/// `None` if the line is incomplete.
#[inline]
fn line_number(
    input: &[u8],
    at: usize,
    too_long: ProtocolError,
) -> Result<Option<(Option<i64>, usize)>, ProtocolError> {
    // The common case: one to six digits and the line end.
    let mut number = 0_i64;
    let rest = input.get(at..).unwrap_or_default();
    for (index, &byte) in rest.iter().take(7).enumerate() {
        if byte.is_ascii_digit() {
            number = number * 10 + i64::from(byte - b'0');
        } else if byte == b'\r' && index > 0 && (index == 1 || rest[0] != b'0') {
            return Ok((index + 1 < rest.len()).then_some((Some(number), at + index + 2)));
        } else {
            break;
        }
    }
    let Some(end) = memchr(b'\r', rest) else {
        return if rest.len() > INLINE_MAX { Err(too_long) } else { Ok(None) };
    };
    Ok((end + 1 < rest.len()).then(|| (number_of(&rest[..end]), at + end + 2)))
}

/// Parses a canonical decimal i64: no plus, no leading zeros, no spaces.
fn number_of(digits: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(digits).ok()?;
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let canonical =
        unsigned == "0" && unsigned.len() == text.len() || unsigned.starts_with(|c: char| ('1'..='9').contains(&c));
    if canonical { text.parse().ok() } else { None }
}
