//! What was written before listpacks: ziplists and zipmaps, turned into listpacks as they are read.
//!
//! ```text
//!   ziplist: [bytes u32] [offset of the last u32] [count u16] [length before][encoding][content] ... 0xFF
//!   zipmap:  [count u8] [length][field] [length][free u8][value][free bytes] ... 0xFF
//! ```

use super::Error;
use redstart_encoding::listpack::{Element, Listpack};

const END: u8 = 0xFF;
const BAD_ZIPLIST: Error = Error::Malformed("a damaged ziplist");
const BAD_ZIPMAP: Error = Error::Malformed("a damaged zipmap");

/// A ziplist's elements.
pub(super) fn ziplist(bytes: &[u8]) -> Result<Listpack, Error> {
    let (header, mut rest) = bytes.split_at_checked(10).ok_or(BAD_ZIPLIST)?;
    let total = u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize;
    let tail = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
    let count = u16::from_le_bytes([header[8], header[9]]);
    if total != bytes.len() {
        return Err(BAD_ZIPLIST);
    }
    let (mut pack, mut seen, mut before) = (Listpack::new(), 0_usize, 0);
    while let [first, ..] = rest {
        if *first == END {
            let counted = count == u16::MAX || usize::from(count) == seen;
            let tailed = tail == bytes.len() - rest.len() - before;
            return if counted && tailed && rest.len() == 1 { Ok(pack) } else { Err(BAD_ZIPLIST) };
        }
        let (element, after, length_before) = element(rest).ok_or(BAD_ZIPLIST)?;
        if length_before != before {
            return Err(BAD_ZIPLIST);
        }
        pack.push_back_element(element);
        before = rest.len() - after.len();
        rest = after;
        seen += 1;
    }
    Err(BAD_ZIPLIST)
}

/// The element at the front, what is behind it, and the length it gives for the one before.
fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8], usize)> {
    let (before, rest) = match bytes {
        [0xFE, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        [short, rest @ ..] => (usize::from(*short), rest),
        [] => return None,
    };
    let (&encoding, rest) = rest.split_first()?;
    let int = |number: i64, rest| Some((Element::Int(number), rest, before));
    match encoding {
        0xFE => int(i64::from(i8::from_le_bytes([*rest.first()?])), &rest[1..]),
        0xC0 => int(i64::from(i16::from_le_bytes(rest.first_chunk().copied()?)), &rest[2..]),
        0xF0 => {
            let [a, b, c] = rest.first_chunk().copied()?;
            int(i64::from(i32::from_le_bytes([0, a, b, c]) >> 8), &rest[3..])
        }
        0xD0 => int(i64::from(i32::from_le_bytes(rest.first_chunk().copied()?)), &rest[4..]),
        0xE0 => int(i64::from_le_bytes(rest.first_chunk().copied()?), &rest[8..]),
        0xF1..=0xFD => int(i64::from(encoding & 15) - 1, rest),
        _ => {
            let (length, rest) = match encoding >> 6 {
                0 => (usize::from(encoding & 63), rest),
                1 => (usize::from(encoding & 63) << 8 | usize::from(*rest.first()?), &rest[1..]),
                2 => (u32::from_be_bytes(rest.first_chunk().copied()?) as usize, &rest[4..]),
                _ => return None,
            };
            let (content, rest) = rest.split_at_checked(length)?;
            Some((Element::from_bytes(content), rest, before))
        }
    }
}

/// A zipmap's fields and values.
pub(super) fn zipmap(bytes: &[u8]) -> Result<Listpack, Error> {
    let (_, mut rest) = bytes.split_first().ok_or(BAD_ZIPMAP)?;
    let mut pack = Listpack::new();
    loop {
        if rest == [END] {
            return Ok(pack);
        }
        let (field, after) = piece(rest, false).ok_or(BAD_ZIPMAP)?;
        let (value, after) = piece(after, true).ok_or(BAD_ZIPMAP)?;
        pack.append(&[Element::from_bytes(field), Element::from_bytes(value)]);
        rest = after;
    }
}

/// A field, or a value with the free bytes behind it.
fn piece(bytes: &[u8], value: bool) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [0xFE, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        [0xFF, ..] | [] => return None,
        [short, rest @ ..] => (usize::from(*short), rest),
    };
    // A short length in the long form is nothing that was ever written.
    if bytes[0] == 0xFE && length < 0xFE {
        return None;
    }
    let (free, rest) = if value { (usize::from(*rest.first()?), &rest[1..]) } else { (0, rest) };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((content, rest.get(free..)?))
}
