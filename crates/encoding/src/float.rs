//! Strings and floating point, by the rules of Redis's protocol.
//!
//! - [`parse_f64`] and [`F64Text`]: scores, RESP3 doubles, coordinates. The digits are those of Grisu2
//!   (`grisu.rs`), which round-trip but are not always the shortest; clients compare texts, so the same algorithm
//!   is used and not a better one.
//! - [`Extended`]: the numbers of INCRBYFLOAT and HINCRBYFLOAT, which Redis computes in x87's 80-bit format
//!   (`extended.rs`), in integer arithmetic.
//!
//! Must not know commands or replies: errors are `None`, the caller has the words.

mod big;
mod extended;
mod general;
mod grisu;

pub use extended::{Extended, MAX_EXTENDED_TEXT};

use crate::int::{IntText, is_c_space};

/// Parses a double: what C's `strtod` takes from the first byte to the last, hexadecimal and infinities included,
/// but no leading space, no NaN, no overflow and no underflow to zero.
pub fn parse_f64(text: &[u8]) -> Option<f64> {
    if text.first().is_none_or(|&byte| is_c_space(byte)) {
        return None;
    }
    let (_, unsigned) = split_sign(text);
    if is_hexadecimal(unsigned) {
        return parse_hexadecimal_f64(text);
    }
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    let is_decimal = matches!(unsigned.first(), Some(b'0'..=b'9' | b'.'));
    if value.is_nan() || (value.is_infinite() && is_decimal) || (value == 0.0 && has_nonzero_digit(unsigned)) {
        return None;
    }
    Some(value)
}

fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

fn is_hexadecimal(unsigned: &[u8]) -> bool {
    matches!(unsigned, [b'0', b'x' | b'X', ..])
}

fn has_nonzero_digit(unsigned: &[u8]) -> bool {
    let mantissa = unsigned.split(|byte| matches!(byte, b'e' | b'E')).next().unwrap_or(unsigned);
    mantissa.iter().any(|byte| (b'1'..=b'9').contains(byte))
}

/// A magnitude `mantissa * 2^exponent`, plus something below one unit of the mantissa if `inexact`.
struct Binary {
    mantissa: u128,
    exponent: i32,
    inexact: bool,
}

/// Exponents beyond this are as good as infinite, in either direction and either format.
const EXPONENT_LIMIT: i32 = 100_000;

/// Parses `0x` hexadecimal digits with an optional point and an optional binary exponent.
fn parse_hexadecimal(unsigned: &[u8]) -> Option<Binary> {
    let digits = unsigned.get(2..)?;
    let mut number = Binary { mantissa: 0, exponent: 0, inexact: false };
    let mut seen_digit = false;
    let mut seen_point = false;
    let mut at = 0;
    while let Some(&byte) = digits.get(at) {
        if byte == b'.' && !seen_point {
            seen_point = true;
        } else if let Some(digit) = char::from(byte).to_digit(16) {
            seen_digit = true;
            if number.mantissa >> 124 == 0 {
                number.mantissa = number.mantissa << 4 | u128::from(digit);
                number.exponent -= if seen_point { 4 } else { 0 };
            } else {
                number.inexact |= digit != 0;
                number.exponent += if seen_point { 0 } else { 4 };
            }
        } else {
            break;
        }
        at += 1;
    }
    if !seen_digit {
        return None;
    }
    number.exponent += match &digits[at..] {
        [] => 0,
        [b'p' | b'P', exponent @ ..] => parse_exponent(exponent)?,
        _ => return None,
    };
    Some(number)
}

/// A signed decimal exponent, clamped to the limit; at least one digit, nothing else.
fn parse_exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude = digits.iter().fold(0i32, |value, byte| (value * 10 + i32::from(byte - b'0')).min(EXPONENT_LIMIT));
    Some(if negative { -magnitude } else { magnitude })
}

fn parse_hexadecimal_f64(text: &[u8]) -> Option<f64> {
    let (negative, unsigned) = split_sign(text);
    let number = parse_hexadecimal(unsigned)?;
    let magnitude = if number.mantissa == 0 { 0.0 } else { round_to_f64(&number)? };
    Some(if negative { -magnitude } else { magnitude })
}

/// The nearest double, ties to even; `None` if it is infinite or zero.
fn round_to_f64(number: &Binary) -> Option<f64> {
    let bits = 128 - number.mantissa.leading_zeros() as i32;
    // The weight of the last bit kept: 53 bits, or fewer where the format's smallest exponent is reached.
    let last = (number.exponent + bits - 53).max(-1074);
    let kept = round_shift(number.mantissa, last - number.exponent, number.inexact);
    let value = exp2_exact(kept as f64, last);
    (value.is_finite() && value != 0.0).then_some(value)
}

/// `value * 2^exponent` for a result that needs no rounding (or overflows).
fn exp2_exact(mut value: f64, mut exponent: i32) -> f64 {
    while exponent > 0 && value.is_finite() {
        let step = exponent.min(1000);
        value *= 2f64.powi(step);
        exponent -= step;
    }
    while exponent < 0 && value != 0.0 {
        let step = (-exponent).min(1000);
        value /= 2f64.powi(step);
        exponent += step;
    }
    value
}

/// `mantissa / 2^shift` rounded to the nearest integer, ties to even, where `inexact` says that the true mantissa
/// is a little more. A negative shift multiplies, and is only right for an exact mantissa with the room.
fn round_shift(mantissa: u128, shift: i32, inexact: bool) -> u128 {
    if shift <= 0 {
        return mantissa << shift.unsigned_abs();
    }
    if shift > 128 {
        return 0;
    }
    let (kept, dropped) = if shift == 128 { (0, mantissa) } else { (mantissa >> shift, mantissa << (128 - shift)) };
    let half = 1u128 << 127;
    let up = dropped > half || (dropped == half && (inexact || kept & 1 == 1));
    kept + u128::from(up)
}

/// The text of a double in replies: integers plainly, others with the digits that round-trip, `inf`, `-inf`,
/// `nan`; no heap allocation.
#[derive(Clone, Copy)]
pub struct F64Text {
    buffer: [u8; 32],
    len: u8,
}

impl F64Text {
    /// Formats `value`.
    pub fn new(value: f64) -> F64Text {
        match as_plain_integer(value) {
            Some(int) if value != 0.0 => {
                let mut text = F64Text { buffer: [0; 32], len: 0 };
                text.push(IntText::new(int).as_bytes());
                text
            }
            _ => F64Text::with_fewest_digits(value),
        }
    }

    /// Formats `value`, also a large integer, with no more digits than tell it from other doubles, then zeros.
    pub fn with_fewest_digits(value: f64) -> F64Text {
        let mut text = F64Text { buffer: [0; 32], len: 0 };
        if value.is_nan() {
            text.push(b"nan");
        } else if value.is_infinite() {
            text.push(if value < 0.0 { b"-inf" } else { b"inf" });
        } else if value == 0.0 {
            text.push(if value.is_sign_negative() { b"-0" } else { b"0" });
        } else {
            text.push_digits(value);
        }
        text
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer[..usize::from(self.len)]
    }

    fn push(&mut self, bytes: &[u8]) {
        let start = usize::from(self.len);
        self.buffer[start..start + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len() as u8;
    }

    fn push_digits(&mut self, value: f64) {
        if value < 0.0 {
            self.push(b"-");
        }
        let number = grisu::shortest(value.abs());
        let digits = number.digits();
        let count = digits.len() as i32;
        let first = number.exponent + count - 1;
        if number.exponent >= 0 && first < count + 7 {
            self.push(digits);
            self.push(&b"0000000"[..number.exponent as usize]);
        } else if number.exponent < 0 && (number.exponent > -7 || first.abs() < 4) {
            self.push_with_point(digits, count + number.exponent);
        } else {
            self.push_scientific(digits, first);
        }
    }

    /// Digits with the decimal point after the first `whole` of them.
    fn push_with_point(&mut self, digits: &[u8], whole: i32) {
        if whole <= 0 {
            self.push(b"0.");
            self.push(&b"000000"[..whole.unsigned_abs() as usize]);
            self.push(digits);
        } else {
            let (whole, fraction) = digits.split_at(whole as usize);
            self.push(whole);
            self.push(b".");
            self.push(fraction);
        }
    }

    fn push_scientific(&mut self, digits: &[u8], exponent: i32) {
        self.push(&digits[..1]);
        if digits.len() > 1 {
            self.push(b".");
            self.push(&digits[1..]);
        }
        self.push(if exponent < 0 { b"e-" } else { b"e+" });
        self.push(IntText::new(i64::from(exponent.abs())).as_bytes());
    }
}

/// A double as C's `printf` shows it with `%.17g`: seventeen digits, without the zeros at their end.
pub fn seventeen_digits(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value < 0.0 {
            "-inf"
        } else {
            "inf"
        }
        .to_owned();
    }
    let scientific = format!("{value:.16e}");
    let (digits, exponent) = scientific.split_once('e').expect("this format has an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    if (-4..17).contains(&exponent) {
        let fixed = format!("{value:.*}", (16 - exponent) as usize);
        return without_final_zeros(&fixed).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", without_final_zeros(digits), exponent.abs())
}

fn without_final_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The value as an integer if it is one and well inside of 64 bits.
#[inline]
pub fn as_plain_integer(value: f64) -> Option<i64> {
    const LIMIT: f64 = (i64::MAX / 2) as f64;
    let int = value as i64;
    ((-LIMIT..=LIMIT).contains(&value) && int as f64 == value).then_some(int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        String::from_utf8(F64Text::new(value).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn doubles_in_and_out() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (3.0, "3"),
            (-17179869184.0, "-17179869184"),
            (3.1, "3.1"),
            (0.1, "0.1"),
            (1e-7, "1e-7"),
            (1.5e-7, "1.5e-7"),
            (0.00001234, "1.234e-5"),
            (0.0001234, "1.234e-4"),
            (0.001234, "0.001234"),
            (0.000001, "0.000001"),
            (1234567.000001, "1234567.000001"),
            (1e17, "100000000000000000"),
            (1e18, "1000000000000000000"),
            (1e19, "1e+19"),
            (1e300, "1e+300"),
            (-1.7976931348623157e308, "-1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(text(value), expected);
        }
    }

    #[test]
    fn a_large_integer_with_few_digits() {
        let value = (1_u64 << 60) as f64;
        assert_eq!(text(value), "1152921504606846976");
        assert_eq!(F64Text::with_fewest_digits(value).as_bytes(), b"1152921504606847000");
        assert_eq!(F64Text::with_fewest_digits(-3.0).as_bytes(), b"-3");
    }

    #[test]
    fn seventeen_digits_as_c_shows_them() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (3.0, "3"),
            (0.1, "0.10000000000000001"),
            (-2.5, "-2.5"),
            (1e16, "10000000000000000"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (1e17, "1e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1.0000000000000001e-05"),
            (1e300, "1.0000000000000001e+300"),
            (5e-324, "4.9406564584124654e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(seventeen_digits(value), expected);
        }
    }

    #[test]
    fn what_is_a_double() {
        for (text, expected) in [
            ("1", Some(1.0)),
            ("+1.5", Some(1.5)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1e10", Some(1e10)),
            ("-inf", Some(f64::NEG_INFINITY)),
            ("Infinity", Some(f64::INFINITY)),
            ("0x1p3", Some(8.0)),
            ("-0xA.8", Some(-10.5)),
            ("0x1.fffffffffffff8p0", Some(2.0)),
            ("0x1p-1074", Some(5e-324)),
            ("0x1p-1075", None),
            ("0x1p-1080", None),
            ("0x1p1024", None),
            ("0x0p99999999999", Some(0.0)),
            ("0e999999", Some(0.0)),
            ("5e-324", Some(5e-324)),
            ("1e-400", None),
            ("1e400", None),
            ("nan", None),
            ("", None),
            (" 1", None),
            ("1 ", None),
            ("1e", None),
            (".", None),
            ("0x", None),
            ("0xp1", None),
            ("1_0", None),
        ] {
            assert_eq!(parse_f64(text.as_bytes()), expected, "{text:?}");
        }
    }
}
