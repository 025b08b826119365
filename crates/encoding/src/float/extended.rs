//! x87's 80-bit numbers: a 64-bit mantissa and a 15-bit exponent, to nearest, ties to even.
//!
//! INCRBYFLOAT and HINCRBYFLOAT read both operands into this format, add, and print the sum with 17 digits after
//! the point, trailing zeros cut. Each of the three steps rounds once, and so does this code, in integers, so the
//! replies are the same on every processor. Numbers below the smallest normal one keep more bits here than they
//! would there; the 17 digits cannot show it.

use super::big::Big;
use super::{Binary, EXPONENT_LIMIT, is_hexadecimal, parse_exponent, parse_hexadecimal, round_shift, split_sign};
use crate::int::is_c_space;
use std::cmp::Ordering;

/// A number's text must be shorter than this.
pub const MAX_EXTENDED_TEXT: usize = 5 * 1024;

/// The exponent of the largest number's last bit.
const MAX_EXPONENT: i32 = 16_384 - 64;
/// Half of the smallest number above zero is 2 to this.
const ZERO_EXPONENT: i32 = -16_446;
const MANTISSA_BITS: i32 = 64;
const FRACTION_DIGITS: usize = 17;

/// An 80-bit floating-point number that is not NaN.
#[derive(Clone, Copy, Debug)]
pub struct Extended {
    negative: bool,
    magnitude: Magnitude,
}

/// Ordered as the derive has it: by variant, then by exponent, then by mantissa.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Magnitude {
    Zero,
    /// `mantissa * 2^exponent`, the mantissa's top bit set.
    Finite {
        exponent: i32,
        mantissa: u64,
    },
    Infinite,
}

impl Magnitude {
    const LARGEST: Magnitude = Magnitude::Finite { exponent: MAX_EXPONENT, mantissa: u64::MAX };
}

impl Extended {
    /// Beyond all finite numbers.
    pub const INFINITY: Extended = Extended { negative: false, magnitude: Magnitude::Infinite };
    /// The largest finite number.
    pub const MAX: Extended = Extended { negative: false, magnitude: Magnitude::LARGEST };
    /// The smallest finite number.
    pub const MIN: Extended = Extended { negative: true, magnitude: Magnitude::LARGEST };

    /// Whether it is beyond all finite numbers.
    pub fn is_infinite(&self) -> bool {
        self.magnitude == Magnitude::Infinite
    }

    /// Parses what C's `strtold` takes from the first byte to the last, hexadecimal and infinities included, but
    /// no leading space, no NaN, no overflow, no underflow to zero, and fewer than 5,120 bytes.
    pub fn parse(text: &[u8]) -> Option<Extended> {
        if text.len() >= MAX_EXTENDED_TEXT || text.first().is_none_or(|&byte| is_c_space(byte)) {
            return None;
        }
        let (negative, unsigned) = split_sign(text);
        let magnitude = if unsigned.eq_ignore_ascii_case(b"inf") || unsigned.eq_ignore_ascii_case(b"infinity") {
            Magnitude::Infinite
        } else if is_hexadecimal(unsigned) {
            in_range(round(&parse_hexadecimal(unsigned)?))?
        } else {
            in_range(parse_decimal(unsigned)?)?
        };
        Some(Extended { negative, magnitude })
    }

    /// The same number; `None` for NaN.
    pub fn from_f64(value: f64) -> Option<Extended> {
        let (bits, negative) = (value.to_bits(), value.is_sign_negative());
        let (exponent, fraction) = ((bits >> 52 & 0x7FF) as i32, bits & ((1 << 52) - 1));
        let magnitude = match (exponent, fraction) {
            (0x7FF, 0) => Magnitude::Infinite,
            (0x7FF, _) => return None,
            (0, _) => round(&Binary { mantissa: fraction.into(), exponent: -1074, inexact: false }),
            _ => round(&Binary { mantissa: (fraction | 1 << 52).into(), exponent: exponent - 1075, inexact: false }),
        };
        Some(Extended { negative, magnitude })
    }

    /// Without what stands behind the point; `None` beyond the integers of 64 bits.
    pub fn truncated(&self) -> Option<i64> {
        if *self < Extended::from(i64::MIN) || *self > Extended::from(i64::MAX) {
            return None;
        }
        let Magnitude::Finite { mantissa, exponent } = self.magnitude else { return Some(0) };
        let whole = mantissa.checked_shr(exponent.unsigned_abs()).unwrap_or(0);
        Some(if self.negative { 0i64.wrapping_sub_unsigned(whole) } else { whole.cast_signed() })
    }

    /// Whether it is below zero, or a zero with that sign.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The number's digits and how many of them stand before the point; for a finite one
    /// above zero.
    pub(super) fn decimal(&self) -> Option<(Vec<u8>, i32)> {
        let Magnitude::Finite { mantissa, exponent } = self.magnitude else { return None };
        let mut number = Big::new(mantissa);
        if exponent >= 0 {
            number.shift_left(exponent.unsigned_abs());
        } else {
            number.multiply_by_power_of_five(exponent.unsigned_abs());
        }
        let digits = number.to_digits();
        let point = digits.len() as i32 + exponent.min(0);
        Some((digits, point))
    }

    /// The sum; `None` if it is infinite or not a number.
    pub fn checked_add(self, other: Extended) -> Option<Extended> {
        let sum = match (self.magnitude, other.magnitude) {
            (Magnitude::Infinite, _) | (_, Magnitude::Infinite) => return None,
            (Magnitude::Zero, _) => other,
            (_, Magnitude::Zero) => self,
            (Magnitude::Finite { mantissa: a, exponent: i }, Magnitude::Finite { mantissa: b, exponent: j }) => {
                let first_is_larger = (i, a) >= (j, b);
                let ((a, i), (b, j)) = if first_is_larger { ((a, i), (b, j)) } else { ((b, j), (a, i)) };
                let negative = if first_is_larger { self.negative } else { other.negative };
                let magnitude = add_magnitudes((a, i), (b, j), self.negative != other.negative);
                Extended { negative, magnitude }
            }
        };
        (sum.magnitude != Magnitude::Infinite).then_some(sum)
    }

    /// The number with at most 17 digits after the point and no trailing zeros; never an exponent, never `-0`.
    pub fn to_text(&self) -> Vec<u8> {
        let digits = match self.magnitude {
            Magnitude::Zero => vec![b'0'],
            Magnitude::Infinite => b"inf".to_vec(),
            Magnitude::Finite { mantissa, exponent } if exponent >= 0 => {
                let mut whole = Big::new(mantissa);
                whole.shift_left(exponent.unsigned_abs());
                whole.to_digits()
            }
            Magnitude::Finite { mantissa, exponent } => fraction_text(mantissa, exponent),
        };
        if self.negative && digits != b"0" { [b"-", digits.as_slice()].concat() } else { digits }
    }
}

impl std::ops::Neg for Extended {
    type Output = Extended;
    fn neg(self) -> Extended {
        Extended { negative: !self.negative, ..self }
    }
}

impl PartialOrd for Extended {
    fn partial_cmp(&self, other: &Extended) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Extended {
    fn cmp(&self, other: &Extended) -> Ordering {
        match (self.sign(), other.sign()) {
            (-1, -1) => other.magnitude.cmp(&self.magnitude),
            (1, 1) => self.magnitude.cmp(&other.magnitude),
            (one, two) => one.cmp(&two),
        }
    }
}

impl PartialEq for Extended {
    fn eq(&self, other: &Extended) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Extended {}

impl Extended {
    /// -1, 0 or 1; both zeros are 0.
    fn sign(&self) -> i32 {
        match (self.magnitude, self.negative) {
            (Magnitude::Zero, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }
}

impl From<i64> for Extended {
    fn from(value: i64) -> Extended {
        let exact = Binary { mantissa: value.unsigned_abs().into(), exponent: 0, inexact: false };
        Extended { negative: value < 0, magnitude: round(&exact) }
    }
}

/// `|a| + |b|` or `|a| - |b|` of mantissas with exponents, where `|a| >= |b|`.
fn add_magnitudes(a: (u64, i32), b: (u64, i32), subtract: bool) -> Magnitude {
    // With 63 bits below the larger mantissa, bits of the smaller one are lost only where the result keeps at
    // least 125 bits, so that one flag for all of them decides every rounding.
    const GUARD: i32 = 63;
    let distance = a.1 - b.1;
    let large = u128::from(a.0) << GUARD;
    let small = u128::from(b.0) << GUARD;
    let (shifted, inexact) = match distance {
        0..128 => (small >> distance, (small >> distance) << distance != small),
        _ => (0, true),
    };
    let mantissa = if subtract { large - shifted - u128::from(inexact) } else { large + shifted };
    round(&Binary { mantissa, exponent: a.1 - GUARD, inexact })
}

/// Rounds to 64 bits.
fn round(number: &Binary) -> Magnitude {
    if number.mantissa == 0 {
        return Magnitude::Zero;
    }
    let shift = 128 - number.mantissa.leading_zeros() as i32 - MANTISSA_BITS;
    let mut exponent = number.exponent + shift;
    let mut mantissa = round_shift(number.mantissa, shift, number.inexact);
    if mantissa >> MANTISSA_BITS != 0 {
        mantissa >>= 1;
        exponent += 1;
    }
    if exponent > MAX_EXPONENT {
        return Magnitude::Infinite;
    }
    Magnitude::Finite { mantissa: mantissa as u64, exponent }
}

/// Refuses what overflowed, and what the format would round to zero.
fn in_range(magnitude: Magnitude) -> Option<Magnitude> {
    match magnitude {
        Magnitude::Infinite => None,
        Magnitude::Finite { exponent, .. } if exponent + MANTISSA_BITS - 1 < ZERO_EXPONENT => None,
        _ => Some(magnitude),
    }
}

/// Parses `digits[.digits][e[sign]digits]`; overflow is infinite, far underflow is `None`.
fn parse_decimal(unsigned: &[u8]) -> Option<Magnitude> {
    let (mantissa, exponent) = match unsigned.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&unsigned[..at], parse_exponent(&unsigned[at + 1..])?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = match mantissa.iter().position(|&byte| byte == b'.') {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, [].as_slice()),
    };
    let all_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    if !all_digits || whole.len() + fraction.len() == 0 {
        return None;
    }
    let significant = || whole.iter().chain(fraction).skip_while(|&&byte| byte == b'0');
    let count = significant().count() as i32;
    if count == 0 {
        return Some(Magnitude::Zero);
    }
    let exponent = exponent - fraction.len() as i32;
    debug_assert!(exponent.abs() <= EXPONENT_LIMIT + MAX_EXTENDED_TEXT as i32);
    match count + exponent {
        5_000.. => Some(Magnitude::Infinite),
        ..-5_000 => None,
        _ => Some(round(&to_binary(significant, count, exponent))),
    }
}

/// `digits * 10^exponent`, exactly or with what is left over noted.
fn to_binary<'a, I: Iterator<Item = &'a u8>>(digits: impl Fn() -> I, count: i32, exponent: i32) -> Binary {
    // 10^18 < 2^60, so a quotient of a 128-bit number by it has more than the 65 bits that rounding needs.
    if count <= 19 && (-18..=19).contains(&exponent) {
        let number = digits().fold(0u128, |value, digit| value * 10 + u128::from(digit - b'0'));
        let power = 10u128.pow(exponent.unsigned_abs());
        if exponent >= 0 {
            return Binary { mantissa: number * power, exponent: 0, inexact: false };
        }
        let shift = number.leading_zeros();
        let number = number << shift;
        return Binary { mantissa: number / power, exponent: -(shift as i32), inexact: number % power != 0 };
    }
    let mut numerator = Big::from_digits(digits());
    let mut denominator = Big::new(1);
    let scaled = if exponent >= 0 { &mut numerator } else { &mut denominator };
    scaled.multiply_by_power_of_ten(exponent.unsigned_abs());
    let (mantissa, exponent, inexact) = numerator.ratio(denominator);
    Binary { mantissa, exponent, inexact }
}

/// A number with a fraction, rounded to 17 digits after the point.
fn fraction_text(mantissa: u64, exponent: i32) -> Vec<u8> {
    let scaled = u128::from(mantissa) * 10u128.pow(FRACTION_DIGITS as u32);
    let rounded = round_shift(scaled, -exponent, false);
    let mut digits = format!("{rounded:0>width$}", width = FRACTION_DIGITS + 1).into_bytes();
    let fraction = digits.split_off(digits.len() - FRACTION_DIGITS);
    if let Some(last) = fraction.iter().rposition(|&digit| digit != b'0') {
        digits.push(b'.');
        digits.extend_from_slice(&fraction[..=last]);
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(a: &str, b: &str) -> Option<String> {
        let sum = Extended::parse(a.as_bytes())?.checked_add(Extended::parse(b.as_bytes())?)?;
        Some(String::from_utf8(sum.to_text()).unwrap())
    }

    /// The replies of Redis 8.0.6 on x86-64.
    #[test]
    fn sums_are_those_of_the_80_bit_format() {
        for (a, b, expected) in [
            ("3.0e3", "1.1", "3001.10000000000000009"),
            ("10.5", "0.1", "10.6"),
            ("5.0e3", "2.0e2", "5200"),
            ("0.1", "0.2", "0.3"),
            ("1e-17", "0", "0.00000000000000001"),
            ("4e-18", "0", "0"),
            ("-4e-18", "0", "0"),
            ("1", "-1", "0"),
            ("0x10", "0x.8", "16.5"),
            ("18446744073709551615", "0.5", "18446744073709551616"),
            ("9223372036854775807", "0", "9223372036854775807"),
            ("1e25", "1", "10000000000000000000000000"),
            ("1e30", "0", "1000000000000000000024696061952"),
        ] {
            assert_eq!(sum(a, b).as_deref(), Some(expected), "{a} + {b}");
        }
    }

    #[test]
    fn limits() {
        assert_eq!(Extended::parse(b"1.18973149535723176502e4932").map(|v| v.to_text().len()), Some(4933));
        for bad in
            ["1.2e4932", "1e5000", "1e-4952", "1e-99999999999", "", " 1", "1 ", "nan", "1e", "0x", ".", "--1", "1.1.1"]
        {
            assert_eq!(Extended::parse(bad.as_bytes()), None, "{bad}");
        }
        for good in ["1e-4950", "0e99999999999", "-0", ".5", "5.", "+1"] {
            assert!(Extended::parse(good.as_bytes()).is_some(), "{good}");
        }
        assert_eq!(Extended::parse(&[b'0'; MAX_EXTENDED_TEXT]), None);
        assert!(Extended::parse(&[b'0'; MAX_EXTENDED_TEXT - 1]).is_some());
        assert_eq!(sum("inf", "1"), None);
        assert_eq!(sum("1.1e4932", "1.1e4932"), None);
        assert_eq!(Extended::from(i64::MIN).to_text(), b"-9223372036854775808");
        assert_eq!(Extended::from(0).to_text(), b"0");
    }
}
