//! Whether foreign bytes are a listpack: every length is checked before it is believed.

use super::codec::{END, STR32, backlen_size, head, write_backlen};
use super::{COUNT_UNKNOWN, HEADER};

/// What is wrong with bytes that claim to be a listpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Shorter than a header and an end marker, or longer than 4 GiB.
    Size,
    /// The header's total length is not the number of bytes given.
    TotalBytes {
        /// The length the header claims.
        claimed: u32,
    },
    /// The header's count is not the number of entries.
    Count {
        /// The count the header claims.
        claimed: u16,
        /// The entries there are.
        actual: usize,
    },
    /// An entry's first byte is not an encoding.
    Encoding {
        /// Where the entry starts.
        offset: usize,
    },
    /// An entry reaches past the end.
    Overrun {
        /// Where the entry starts.
        offset: usize,
    },
    /// An entry's backlen does not tell the entry's length.
    Backlen {
        /// Where the entry starts.
        offset: usize,
    },
    /// Bytes follow the end marker.
    TrailingBytes {
        /// Where the end marker is.
        offset: usize,
    },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Size => write!(f, "not the size of a listpack"),
            Error::TotalBytes { claimed } => write!(f, "the header claims {claimed} bytes"),
            Error::Count { claimed, actual } => write!(f, "the header claims {claimed} entries of {actual}"),
            Error::Encoding { offset } => write!(f, "no encoding at offset {offset}"),
            Error::Overrun { offset } => write!(f, "the entry at offset {offset} reaches past the end"),
            Error::Backlen { offset } => write!(f, "wrong backlen of the entry at offset {offset}"),
            Error::TrailingBytes { offset } => write!(f, "bytes after the end marker at offset {offset}"),
        }
    }
}

impl std::error::Error for Error {}

/// Checks all of `bytes`; after `Ok`, every reader of `codec.rs` stays within them.
pub(super) fn validate(bytes: &[u8]) -> Result<(), Error> {
    if bytes.len() <= HEADER || u32::try_from(bytes.len()).is_err() {
        return Err(Error::Size);
    }
    let claimed = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    if claimed as usize != bytes.len() {
        return Err(Error::TotalBytes { claimed });
    }
    let mut at = HEADER;
    let mut actual = 0;
    while at < bytes.len() && bytes[at] != END {
        at += entry(bytes, at)?;
        actual += 1;
    }
    if at >= bytes.len() {
        return Err(Error::Overrun { offset: at });
    }
    if at + 1 != bytes.len() {
        return Err(Error::TrailingBytes { offset: at });
    }
    let claimed = u16::from_le_bytes([bytes[4], bytes[5]]);
    if claimed != COUNT_UNKNOWN && usize::from(claimed) != actual {
        return Err(Error::Count { claimed, actual });
    }
    Ok(())
}

/// The size of the entry at `at`, once it is known to lie within `bytes`.
fn entry(bytes: &[u8], at: usize) -> Result<usize, Error> {
    let first = bytes[at];
    let head_len = match first {
        0xF5..=0xFF => return Err(Error::Encoding { offset: at }),
        STR32 => 5,
        0xE0..=0xEF => 2,
        _ => 1,
    };
    if bytes.len() - at < head_len {
        return Err(Error::Overrun { offset: at });
    }
    let head = head(bytes, at);
    // On a 64-bit machine a 32-bit length cannot overflow this sum.
    let body = head.start + head.len;
    let size = body + backlen_size(body);
    if bytes.len() - at < size {
        return Err(Error::Overrun { offset: at });
    }
    let mut expected = [0; 5];
    let expected = &mut expected[..size - body];
    write_backlen(expected, body);
    if bytes[at + body..at + size] != *expected {
        return Err(Error::Backlen { offset: at });
    }
    Ok(size)
}
