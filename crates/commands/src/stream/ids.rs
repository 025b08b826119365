//! Ids as arguments: `ms-seq`, `ms`, `-`, `+`, `ms-*`, and the ends of intervals.

use crate::parse::until_nul;
use redstart_command::{Args, Error};
use redstart_encoding::int::parse_u64;
use redstart_encoding::stream::StreamId;

const INVALID: Error = Error::text("ERR Invalid stream ID specified as stream command argument");

/// Longer arguments are no ids, whatever they say.
const LONGEST: usize = 127;

/// Which part of an id stands for one that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The first within the millisecond.
    First,
    /// The last within the millisecond.
    Last,
}

impl Missing {
    fn seq(self) -> u64 {
        match self {
            Self::First => 0,
            Self::Last => u64::MAX,
        }
    }
}

/// An id, `-` or `+`.
pub(super) fn id(argument: &[u8], missing: Missing) -> Result<StreamId, Error> {
    match until_nul(argument) {
        b"-" => Ok(StreamId::MIN),
        b"+" => Ok(StreamId::MAX),
        _ => strict_id_with(argument, missing),
    }
}

/// An id, and not `-` or `+`.
#[inline]
pub(super) fn strict_id(argument: &[u8]) -> Result<StreamId, Error> {
    strict_id_with(argument, Missing::First)
}

fn strict_id_with(argument: &[u8], missing: Missing) -> Result<StreamId, Error> {
    whole(parts(argument)?, missing)
}

fn whole((ms, seq): (u64, Option<&[u8]>), missing: Missing) -> Result<StreamId, Error> {
    let seq = seq.map_or(Some(missing.seq()), parse_u64);
    Ok(StreamId::new(ms, seq.ok_or(INVALID)?))
}

/// The milliseconds, and the text of the number within the millisecond.
fn parts(argument: &[u8]) -> Result<(u64, Option<&[u8]>), Error> {
    if argument.len() > LONGEST {
        return Err(INVALID);
    }
    let text = until_nul(argument);
    let (ms, seq) = match memchr::memchr(b'-', text) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    Ok((parse_u64(ms).ok_or(INVALID)?, seq))
}

/// The id that an entry is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// `*`.
    Auto,
    /// `ms-*`.
    InMillisecond(u64),
    /// This one.
    Exactly(StreamId),
}

impl Wanted {
    pub(super) fn parse(argument: &[u8]) -> Result<Self, Error> {
        match parts(argument)? {
            (ms, Some(b"*")) => Ok(Self::InMillisecond(ms)),
            parts => Ok(Self::Exactly(whole(parts, Missing::First)?)),
        }
    }
}

/// Ids from an argument on, all of which must be right before anything is done.
pub(super) fn list(args: &Args<'_>, from: usize) -> Result<Vec<StreamId>, Error> {
    args.iter_from(from).map(strict_id).collect()
}

/// The first id of an interval: an id, or `(` and an id that is not in it.
pub(super) fn start(argument: &[u8]) -> Result<StreamId, Error> {
    match argument {
        [b'(', rest @ ..] if !rest.is_empty() => {
            strict_id(rest)?.next().ok_or(Error::text("ERR invalid start ID for the interval"))
        }
        _ => id(argument, Missing::First),
    }
}

/// The last id of an interval.
pub(super) fn end(argument: &[u8]) -> Result<StreamId, Error> {
    match argument {
        [b'(', rest @ ..] if !rest.is_empty() => {
            let id = strict_id_with(rest, Missing::Last)?;
            id.previous().ok_or(Error::text("ERR invalid end ID for the interval"))
        }
        _ => id(argument, Missing::Last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_whole_partial_and_wrong() {
        let is = |text: &str, ms, seq| assert_eq!(strict_id(text.as_bytes()), Ok(StreamId::new(ms, seq)), "{text}");
        is("1-2", 1, 2);
        is("7", 7, 0);
        is("18446744073709551615-18446744073709551615", u64::MAX, u64::MAX);
        for wrong in ["", "-", "+", "-1", "1-", "1--1", "a", "1-2-3", "1-*", "18446744073709551616", "*", "$"] {
            assert_eq!(strict_id(wrong.as_bytes()), Err(INVALID), "{wrong}");
        }
        assert_eq!(strict_id(&[b'0'; LONGEST]), Ok(StreamId::MIN));
        assert_eq!(strict_id(&[b'0'; LONGEST + 1]), Err(INVALID));
    }

    #[test]
    fn ends_of_intervals() {
        assert_eq!(start(b"(1-1"), Ok(StreamId::new(1, 2)));
        assert_eq!(end(b"(1-0"), Ok(StreamId::new(0, u64::MAX)));
        assert_eq!(end(b"5"), Ok(StreamId::new(5, u64::MAX)));
        assert_eq!(end(b"(5"), Ok(StreamId::new(5, u64::MAX - 1)));
        assert!(start(b"(18446744073709551615-18446744073709551615").is_err() && end(b"(0-0").is_err());
        assert!(start(b"(-").is_err() && start(b"(").is_err());
        assert_eq!((start(b"-"), end(b"+")), (Ok(StreamId::MIN), Ok(StreamId::MAX)));
    }
}
