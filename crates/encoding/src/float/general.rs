//! The shorter of two ways to write an 80-bit number: plainly, or with an exponent (C's `%.17Lg`).

use super::Extended;

/// Digits that are written at most.
const DIGITS: usize = 17;

impl Extended {
    /// The number with at most 17 digits, and with an exponent where it is very large or very small.
    pub fn to_general_text(&self) -> Vec<u8> {
        let text = match self.decimal() {
            Some((digits, point)) => general(digits, point),
            None if self.is_infinite() => b"inf".to_vec(),
            None => b"0".to_vec(),
        };
        if self.is_negative() { [b"-", &text[..]].concat() } else { text }
    }
}

/// `0.digits * 10^point`, the first digit not zero.
fn general(mut digits: Vec<u8>, mut point: i32) -> Vec<u8> {
    if round(&mut digits) {
        point += 1;
    }
    let significant = digits.iter().rposition(|&digit| digit != b'0').map_or(1, |last| last + 1);
    digits.truncate(significant);
    if !(-3..=DIGITS as i32).contains(&point) {
        return scientific(&digits, point - 1);
    }
    match usize::try_from(point) {
        Ok(whole) if whole >= digits.len() => {
            digits.resize(whole, b'0');
            digits
        }
        Ok(whole) if whole > 0 => {
            digits.insert(whole, b'.');
            digits
        }
        _ => [b"0.", vec![b'0'; point.unsigned_abs() as usize].as_slice(), &digits].concat(),
    }
}

fn scientific(digits: &[u8], exponent: i32) -> Vec<u8> {
    let mut text = digits[..1].to_vec();
    if digits.len() > 1 {
        text.push(b'.');
        text.extend_from_slice(&digits[1..]);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    text.extend_from_slice(format!("e{sign}{:02}", exponent.unsigned_abs()).as_bytes());
    text
}

/// Rounds to 17 digits, to nearest, ties to even; says whether that gave one more before the point.
fn round(digits: &mut Vec<u8>) -> bool {
    let Some(&next) = digits.get(DIGITS) else { return false };
    let rest = digits[DIGITS + 1..].iter().any(|&digit| digit != b'0');
    let odd = digits[DIGITS - 1] % 2 == 1;
    digits.truncate(DIGITS);
    if next < b'5' || (next == b'5' && !rest && !odd) {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return false;
        }
        *digit = b'0';
    }
    digits[0] = b'1';
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `printf("%.17Lg")` of glibc writes on x86-64.
    #[test]
    fn numbers_are_written_as_c_writes_them() {
        for (text, expected) in [
            ("0", "0"),
            ("-0", "-0"),
            ("6", "6"),
            ("-12.5", "-12.5"),
            ("0.1", "0.1"),
            ("3001.1", "3001.1"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("123456789012345678", "1.2345678901234568e+17"),
            ("12345678901234567", "12345678901234567"),
            ("99999999999999999.9", "1e+17"),
            ("1e300", "1e+300"),
            ("1e30", "1e+30"),
            ("-1.5e-10", "-1.5e-10"),
            ("18446744073709551615", "1.8446744073709552e+19"),
            ("inf", "inf"),
            ("-inf", "-inf"),
            ("0.5", "0.5"),
            ("0.25", "0.25"),
        ] {
            let number = Extended::parse(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(number.to_general_text()).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn doubles_are_taken_exactly_and_integers_cut() {
        for (value, text) in [
            (1.5, "1.5"),
            (-0.75, "-0.75"),
            (0.0, "0"),
            (1e300, "1.0000000000000001e+300"),
            (5e-324, "4.9406564584124654e-324"),
        ] {
            assert_eq!(Extended::from_f64(value).unwrap().to_general_text(), text.as_bytes(), "{value}");
        }
        assert_eq!(Extended::from_f64(f64::NAN), None);
        for (text, whole) in [
            ("1.9", Some(1)),
            ("-1.9", Some(-1)),
            ("0.9", Some(0)),
            ("0", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775807.5", None),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1e30", None),
            ("inf", None),
            ("1e-40", Some(0)),
        ] {
            assert_eq!(Extended::parse(text.as_bytes()).unwrap().truncated(), whole, "{text}");
        }
    }
}
