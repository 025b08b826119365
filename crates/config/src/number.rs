//! Numbers parsed like in C's library, where Redis uses it.

use redstart_encoding::int::is_c_space;

/// The part of `text` that C sees: it ends at a NUL.
fn c_string(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Parses `text` like `strtoll` and returns the rest: white space, a sign, digits. Out of range it saturates (the
/// result is wider than 64 bits to show that). No digits mean 0 and the whole text as the rest, except that the empty
/// string leaves no rest.
pub(crate) fn c_integer(text: &[u8], base: u32) -> (i128, &[u8]) {
    let text = c_string(text);
    let start = text.iter().position(|&byte| !is_c_space(byte)).unwrap_or(text.len());
    let (negative, digits) = match &text[start..] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let count = digits.iter().position(|&byte| !char::from(byte).is_digit(base)).unwrap_or(digits.len());
    if count == 0 {
        return (0, text);
    }
    let limit = i128::from(i64::MAX) + 1;
    let magnitude = digits[..count].iter().fold(0i128, |value, &byte| {
        let digit = char::from(byte).to_digit(base).unwrap_or(0);
        (value * i128::from(base) + i128::from(digit)).min(limit)
    });
    (if negative { -magnitude } else { magnitude }, &digits[count..])
}

/// A decimal integer that spans all of `text`, saturated to 64 bits.
pub(crate) fn whole_c_integer(text: &[u8]) -> Option<i64> {
    match c_integer(text, 10) {
        (value, b"") => Some(value.clamp(i64::MIN.into(), i64::MAX.into()) as i64),
        _ => None,
    }
}

/// Digits and a unit: `b`, `k` (1000), `kb` (1024), and so on to `gb`, in any case. As in Redis, the empty string is 0,
/// too many digits are the largest number, and the product wraps.
pub(crate) fn memory_size(text: &[u8]) -> Option<u64> {
    const MAX_DIGITS: usize = 127;
    let text = c_string(text);
    let count = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[count..].to_ascii_lowercase().as_slice() {
        b"" | b"b" => 1,
        b"k" => 1_000,
        b"kb" => 1 << 10,
        b"m" => 1_000_000,
        b"mb" => 1 << 20,
        b"g" => 1_000_000_000,
        b"gb" => 1u64 << 30,
        _ => return None,
    };
    if count > MAX_DIGITS {
        return None;
    }
    let value = text[..count].iter().fold(0u64, |value, byte| {
        value.checked_mul(10).and_then(|value| value.checked_add(u64::from(byte - b'0'))).unwrap_or(u64::MAX)
    });
    Some(value.wrapping_mul(unit))
}

/// Bytes with the largest unit that divides them, as in a rewritten file.
pub(crate) fn format_memory(bytes: u64) -> String {
    for (unit, name) in [(1 << 30, "gb"), (1 << 20, "mb"), (1 << 10, "kb")] {
        if bytes != 0 && bytes.is_multiple_of(unit) {
            return format!("{}{name}", bytes / unit);
        }
    }
    bytes.to_string()
}
