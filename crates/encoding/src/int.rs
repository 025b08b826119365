//! Strings and 64-bit integers, by the rules of Redis's protocol: what counts as an integer, and how one is printed.
//!
//! Must not know containers. The invariant that the containers rely on: for every `s`, if `parse_i64(s)` is
//! `Some(v)` then `IntText::new(v)` is `s` again, so a string may be kept as its integer without being changed.

/// Longest decimal text of an `i64`: `-9223372036854775808`.
pub const MAX_I64_TEXT: usize = 20;

/// Parses the canonical decimal form of an `i64`: an optional `-`, no `+`, no leading zeros, no spaces, no `-0`.
#[inline]
pub fn parse_i64(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > MAX_I64_TEXT {
        return None;
    }
    let (negative, digits) = match text {
        b"0" => return Some(0),
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (&first, rest) = digits.split_first()?;
    if !(b'1'..=b'9').contains(&first) {
        return None;
    }
    let mut magnitude = u64::from(first - b'0');
    for &byte in rest {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        magnitude = magnitude.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// Parses an unsigned 64-bit integer as stream identifiers and cursors are parsed.
///
/// Canonical integers below 2^63 come first (a canonical negative is refused); everything else goes by the rules
/// of C's `strtoull` in base ten, consumed to the end: leading white space, a sign and leading zeros are allowed,
/// and a minus sign after such a prefix negates modulo 2^64.
#[inline]
pub fn parse_u64(text: &[u8]) -> Option<u64> {
    match parse_i64(text) {
        Some(value) => u64::try_from(value).ok(),
        None => parse_c_unsigned(text),
    }
}

fn parse_c_unsigned(text: &[u8]) -> Option<u64> {
    let start = text.iter().position(|&byte| !is_c_space(byte))?;
    let (negative, digits) = match &text[start..] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value = 0u64;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(if negative { value.wrapping_neg() } else { value })
}

/// White space as C's `isspace` sees it in the "C" locale (which, unlike Rust's, includes the vertical tab).
#[inline]
pub fn is_c_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The decimal text of an `i64`, without a heap allocation.
#[derive(Clone, Copy)]
pub struct IntText {
    buffer: [u8; MAX_I64_TEXT],
    start: u8,
}

/// "00" to "99" in one table: one division gives two digits.
const PAIRS: [u8; 200] = {
    let mut table = [0; 200];
    let mut i = 0;
    while i < 100 {
        table[2 * i] = b'0' + (i / 10) as u8;
        table[2 * i + 1] = b'0' + (i % 10) as u8;
        i += 1;
    }
    table
};

impl IntText {
    /// Formats `value`.
    #[inline]
    pub fn new(value: i64) -> IntText {
        let mut text = IntText { buffer: [0; MAX_I64_TEXT], start: 0 };
        let mut at = MAX_I64_TEXT;
        let mut rest = value.unsigned_abs();
        while rest >= 100 {
            let pair = (rest % 100) as usize * 2;
            rest /= 100;
            at -= 2;
            text.buffer[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
        }
        if rest >= 10 {
            let pair = rest as usize * 2;
            at -= 2;
            text.buffer[at..at + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
        } else {
            at -= 1;
            text.buffer[at] = b'0' + rest as u8;
        }
        if value < 0 {
            at -= 1;
            text.buffer[at] = b'-';
        }
        text.start = at as u8;
        text
    }

    /// The digits, with a leading `-` when negative.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer[usize::from(self.start)..]
    }
}

/// The number of bytes of `value` in decimal, sign included.
#[inline]
pub fn text_len(value: i64) -> usize {
    let digits = value.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
    digits + usize::from(value < 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_integers_only() {
        for good in ["0", "1", "-1", "10", "9223372036854775807", "-9223372036854775808"] {
            assert_eq!(parse_i64(good.as_bytes()), Some(good.parse().unwrap()), "{good}");
        }
        let bad = ["", "-", "-0", "00", "01", "+1", " 1", "1 ", "1.0", "9223372036854775808", "-9223372036854775809"];
        for bad in bad.iter().chain(&["99999999999999999999", "100000000000000000000", "0x1", "1e3"]) {
            assert_eq!(parse_i64(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn unsigned_follows_strtoull() {
        for (text, value) in [
            ("0", Some(0)),
            ("-1", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("007", Some(7)),
            (" +7", Some(7)),
            (" -1", Some(u64::MAX)),
            ("", None),
            ("+", None),
            ("7 ", None),
            ("7a", None),
        ] {
            assert_eq!(parse_u64(text.as_bytes()), value, "{text:?}");
        }
    }

    #[test]
    fn text_and_value_are_one_to_one() {
        let mut value = 1i64;
        for shift in 0..64 {
            for near in [-1i64, 0, 1] {
                for v in [(1i64.wrapping_shl(shift)).wrapping_add(near), value.wrapping_add(near)] {
                    let text = IntText::new(v);
                    assert_eq!(text.as_bytes(), v.to_string().as_bytes());
                    assert_eq!(text.as_bytes().len(), text_len(v));
                    assert_eq!(parse_i64(text.as_bytes()), Some(v));
                }
            }
            value = value.wrapping_mul(10);
        }
        for v in [0, i64::MIN, i64::MAX] {
            assert_eq!(IntText::new(v).as_bytes(), v.to_string().as_bytes());
            assert_eq!(text_len(v), v.to_string().len());
        }
    }
}
