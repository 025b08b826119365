//! The payload of FUNCTION DUMP: libraries of functions as an RDB file holds them, one source behind the other.
//!
//! ```text
//!   ([245 u8] [source, a string])*  [RDB version u16] [CRC-64 u64]
//! ```

use crate::checksum::checksum;
use crate::payload;
use crate::rdb::{self, Reader, WriteOptions, Writer};
use std::fmt;

/// Stands before a library.
const LIBRARY: u8 = 245;
/// Stood before a library in versions before the first release.
const EARLY: u8 = 246;

/// Why a payload is no libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Version or checksum are wrong.
    Footer,
    /// There is a library of a version before the first release.
    Early,
    /// There is something that is no library.
    Other,
    /// A source is cut short or damaged.
    Damaged,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Footer => "version or checksum are wrong",
            Self::Early => "a library of an unreleased version",
            Self::Other => "something that is no library",
            Self::Damaged => "a damaged source",
        })
    }
}

impl std::error::Error for Error {}

/// The payload of libraries, by their sources.
pub fn dump<'a>(sources: impl Iterator<Item = &'a [u8]>, options: WriteOptions) -> Vec<u8> {
    let mut bytes = Vec::new();
    for source in sources {
        Writer::new(&mut bytes, options).kind(LIBRARY).bytes(source);
    }
    bytes.extend_from_slice(&rdb::PLAIN.to_le_bytes());
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// The sources in a payload.
///
/// # Errors
/// It is none.
pub fn load(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let (inside, version) = payload::open(bytes, false).map_err(|_| Error::Footer)?;
    let (mut reader, mut sources) = (Reader::new(inside, version), Vec::new());
    while !reader.is_empty() {
        match reader.array::<1>().map_err(|_| Error::Damaged)? {
            [LIBRARY] => sources.push(reader.string().map_err(|_| Error::Damaged)?.into_owned()),
            [EARLY] => return Err(Error::Early),
            _ => return Err(Error::Other),
        }
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_come_back_and_damage_is_found() {
        let long = b"#!lua name=b\n".repeat(30);
        let sources = [b"#!lua name=a\nreturn".as_slice(), &long];
        for compress in [false, true] {
            let bytes = dump(sources.into_iter(), WriteOptions { compress });
            assert_eq!(load(&bytes), Ok(sources.map(<[u8]>::to_vec).to_vec()));
            for at in 0..bytes.len() {
                let mut other = bytes.clone();
                other[at] ^= 1;
                assert!(load(&other).is_err(), "{at}");
            }
        }
        assert_eq!(load(&dump(std::iter::empty(), WriteOptions { compress: true })), Ok(Vec::new()));
    }
}
