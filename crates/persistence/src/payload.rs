//! The payload of DUMP and RESTORE: a value as in an RDB file, with what tells whether it is whole.
//!
//! ```text
//!   [type u8] [value] [RDB version u16] [CRC-64 u64]        little-endian; the checksum is of all before it
//! ```

use crate::checksum::checksum;
use crate::rdb::{self, Error, Limits, Loaded};
use redstart_encoding::ValueRef;

/// Bytes of version and checksum.
pub const FOOTER: usize = 10;

/// The payload of a value.
#[must_use]
pub fn dump(value: &ValueRef<'_>, options: rdb::WriteOptions) -> Vec<u8> {
    let mut payload = Vec::new();
    let version = rdb::write_value(&mut payload, value, options);
    payload.extend_from_slice(&version.to_le_bytes());
    let sum = checksum(&payload);
    payload.extend_from_slice(&sum.to_le_bytes());
    payload
}

/// Whether a payload is whole, and of a version that is known, or `newer` where those are wanted; gives type and value.
///
/// # Errors
/// It is not.
pub fn open(payload: &[u8], newer: bool) -> Result<(&[u8], u16), Error> {
    let at = payload.len().checked_sub(FOOTER).ok_or(Error::Truncated)?;
    let (value, footer) = payload.split_at(at);
    let (version, sum) = footer.split_at(2);
    let version = u16::from_le_bytes([version[0], version[1]]);
    let mut bytes = [0; 8];
    bytes.copy_from_slice(sum);
    let sum = u64::from_le_bytes(bytes);
    // A sum of zero does not stand for none here, as it does at the end of an RDB file.
    if sum != checksum(&payload[..at + 2]) {
        return Err(Error::Checksum);
    }
    if !newer && !rdb::is_known(version) {
        return Err(Error::Version(version));
    }
    Ok((value, version))
}

/// The value of a payload that was opened.
///
/// # Errors
/// It is no value.
pub fn load(value: &[u8], version: u16, limits: &Limits) -> Result<Loaded, Error> {
    let (&kind, rest) = value.split_first().ok_or(Error::Truncated)?;
    let mut reader = rdb::Reader::new(rest, version);
    let loaded = rdb::read_value(kind, &mut reader, limits)?;
    if reader.is_empty() { Ok(loaded) } else { Err(Error::Rest) }
}
