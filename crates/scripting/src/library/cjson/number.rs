//! Numbers in JSON as in `cjson`: decoded as by C's `strtod`, encoded with `%.14g`.

/// The number at the beginning of `text` and its length: decimal, hexadecimal, infinite or NaN, as in C.
pub(super) fn read(text: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let negative = text.first() == Some(&b'-');
    let rest = &text[sign..];
    let (value, length) = special(rest).or_else(|| hexadecimal(rest)).or_else(|| decimal(rest))?;
    Some((if negative { -value } else { value }, sign + length))
}

fn starts_with(text: &[u8], word: &str) -> bool {
    text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word.as_bytes())
}

fn special(text: &[u8]) -> Option<(f64, usize)> {
    let words = [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)];
    let (word, value) = words.into_iter().find(|(word, _)| starts_with(text, word))?;
    let mut length = word.len();
    if word == "nan" && text.get(length) == Some(&b'(') {
        // C accepts characters in closed parentheses after it.
        let inside =
            text[length + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if text.get(length + 1 + inside) == Some(&b')') {
            length += inside + 2;
        }
    }
    Some((value, length))
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn decimal(text: &[u8]) -> Option<(f64, usize)> {
    let whole = digits(text);
    let mut length = whole;
    if text.get(length) == Some(&b'.') {
        let fraction = digits(&text[length + 1..]);
        if whole + fraction > 0 {
            length += 1 + fraction;
        }
    }
    if length == 0 {
        return None;
    }
    length += exponent(&text[length..], b'e').map_or(0, |(_, length)| length);
    // The slice contains only characters of a number, so it is valid text.
    let number = std::str::from_utf8(&text[..length]).ok()?.parse().ok()?;
    Some((number, length))
}

/// An exponent with its letter: its bounded value and its length.
fn exponent(text: &[u8], letter: u8) -> Option<(i32, usize)> {
    if !text.first()?.eq_ignore_ascii_case(&letter) {
        return None;
    }
    let sign = usize::from(matches!(text.get(1), Some(b'+' | b'-')));
    let count = digits(&text[1 + sign..]);
    if count == 0 {
        return None;
    }
    let digits = &text[1 + sign..1 + sign + count];
    let value = digits.iter().fold(0_i32, |value, digit| (value * 10 + i32::from(digit - b'0')).min(100_000));
    Some((if text[1] == b'-' { -value } else { value }, 1 + sign + count))
}

fn hexadecimal(text: &[u8]) -> Option<(f64, usize)> {
    if text.first() != Some(&b'0') || !text.get(1)?.eq_ignore_ascii_case(&b'x') {
        return None;
    }
    let (mut mantissa, mut scale, mut sticky, mut length, mut seen, mut point) = (0_u64, 0_i32, false, 2, false, false);
    while let Some(&byte) = text.get(length) {
        if byte == b'.' && !point {
            point = true;
        } else if let Some(digit) = char::from(byte).to_digit(16) {
            seen = true;
            if mantissa >> 58 == 0 {
                mantissa = mantissa << 4 | u64::from(digit);
                scale -= if point { 4 } else { 0 };
            } else {
                sticky |= digit != 0;
                scale += if point { 0 } else { 4 };
            }
        } else {
            break;
        }
        length += 1;
    }
    if !seen {
        // Only the zero is a number.
        return None;
    }
    if let Some((power, more)) = exponent(&text[length..], b'p') {
        scale = scale.saturating_add(power);
        length += more;
    }
    // The lowest bit represents all omitted digits, so that halves are rounded correctly.
    let exact = (mantissa << 1 | u64::from(sticky)) as f64;
    let half = scale / 2;
    Some((exact * 2_f64.powi(half - 1) * 2_f64.powi(scale - half), length))
}

/// Formats a number like `printf` with `%.<precision>g`.
pub(super) fn write(out: &mut Vec<u8>, number: f64, precision: usize) {
    if !number.is_finite() {
        let text: &[u8] = if number.is_nan() {
            b"nan"
        } else if number > 0.0 {
            b"inf"
        } else {
            b"-inf"
        };
        return out.extend_from_slice(text);
    }
    if number.fract() == 0.0 && number.abs() < 1e14 && precision == 14 && (number != 0.0 || number.is_sign_positive()) {
        // The common case.
        return out.extend_from_slice(itoa::Buffer::new().format(number as i64).as_bytes());
    }
    let scientific = format!("{number:.*e}", precision - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| -> String {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    let text = if exponent < -4 || exponent >= precision as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs())
    } else {
        let decimals = (precision as i32 - 1 - exponent).max(0) as usize;
        trimmed(&format!("{number:.decimals$}"))
    };
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_c_reads_them() {
        for (text, value, length) in [
            ("12", 12.0, 2),
            ("-0.5e3,", -500.0, 6),
            ("1e", 1.0, 1),
            ("1.", 1.0, 2),
            (".5", 0.5, 2),
            ("0x10", 16.0, 4),
            ("0x.8p1]", 1.0, 6),
            ("0x", 0.0, 1),
            ("-Infinity", f64::NEG_INFINITY, 9),
            ("infx", f64::INFINITY, 3),
            ("1e999", f64::INFINITY, 5),
        ] {
            assert_eq!(read(text.as_bytes()), Some((value, length)), "{text}");
        }
        assert!(read(b"nan").is_some_and(|(value, length)| value.is_nan() && length == 3));
        assert_eq!(read(b"-x"), None);
        assert_eq!(read(b"."), None);
    }

    #[test]
    fn numbers_are_written_as_printf_does() {
        for (number, precision, text) in [
            (0.0, 14, "0"),
            (-0.0, 14, "-0"),
            (1e14, 14, "1e+14"),
            (99_999_999_999_999.0, 14, "99999999999999"),
            (0.1, 14, "0.1"),
            (1.0 / 3.0, 3, "0.333"),
            (123_456.0, 3, "1.23e+05"),
            (1e-5, 14, "1e-05"),
            (0.000_1, 14, "0.0001"),
            (-2.5e-7, 14, "-2.5e-07"),
        ] {
            let mut out = Vec::new();
            write(&mut out, number, precision);
            assert_eq!(String::from_utf8(out).unwrap(), text, "{number} {precision}");
        }
    }
}
