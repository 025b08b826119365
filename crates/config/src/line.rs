//! One line of a configuration: splitting it into arguments, and quoting an argument so that it splits back.
//!
//! Arguments are separated by white space. In `"..."`, `\xHH`, `\n`, `\r`, `\t`, `\b`, `\a` stand for bytes and any
//! other `\c` for c; in `'...'`, only `\'` is special. A closing quote must be followed by white space or the end.

use redstart_encoding::int::is_c_space;

/// The arguments of `line`; `None` if a quote is not closed or something follows a closing quote.
pub fn split_arguments(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut arguments = Vec::new();
    let mut rest = line;
    loop {
        let Some(start) = rest.iter().position(|&byte| !is_c_space(byte)) else { return Some(arguments) };
        let (argument, after) = argument(&rest[start..])?;
        arguments.push(argument);
        rest = after;
    }
}

/// One argument: bare bytes, up to white space or through the quoted part that ends it.
fn argument(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        rest = match rest {
            // The vertical tab and the form feed separate arguments but do not end one.
            [] | [b' ' | b'\n' | b'\r' | b'\t', ..] => return Some((value, rest)),
            [b'"', quoted @ ..] => {
                let after = double_quoted(quoted, &mut value)?;
                return Some((value, after));
            }
            [b'\'', quoted @ ..] => {
                let after = single_quoted(quoted, &mut value)?;
                return Some((value, after));
            }
            [byte, after @ ..] => {
                value.push(*byte);
                after
            }
        };
    }
}

/// What follows a closing quote, if it may.
fn after_quote(rest: &[u8]) -> Option<&[u8]> {
    rest.first().is_none_or(|&byte| is_c_space(byte)).then_some(rest)
}

fn double_quoted<'a>(mut rest: &'a [u8], value: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        let (byte, after) = match rest {
            [b'"', after @ ..] => return after_quote(after),
            [b'\\', b'x', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (hex_digit(*high) << 4 | hex_digit(*low), after)
            }
            [b'\\', escaped, after @ ..] => (unescaped(*escaped), after),
            [byte, after @ ..] => (*byte, after),
            [] => return None,
        };
        value.push(byte);
        rest = after;
    }
}

fn single_quoted<'a>(mut rest: &'a [u8], value: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        let (byte, after) = match rest {
            [b'\'', after @ ..] => return after_quote(after),
            [b'\\', b'\'', after @ ..] => (b'\'', after),
            [byte, after @ ..] => (*byte, after),
            [] => return None,
        };
        value.push(byte);
        rest = after;
    }
}

fn hex_digit(digit: u8) -> u8 {
    char::from(digit).to_digit(16).map_or(0, |value| value as u8)
}

const BELL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;

fn unescaped(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => BACKSPACE,
        b'a' => BELL,
        other => other,
    }
}

/// `value` in double quotes, so that it splits back into itself.
pub fn quoted(value: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for &byte in value {
        match byte {
            b'\\' | b'"' => text.extend([b'\\', byte]),
            b'\n' => text.extend(b"\\n"),
            b'\r' => text.extend(b"\\r"),
            b'\t' => text.extend(b"\\t"),
            BELL => text.extend(b"\\a"),
            BACKSPACE => text.extend(b"\\b"),
            b' '..=b'~' => text.push(byte),
            _ => text.extend(format!("\\x{byte:02x}").bytes()),
        }
    }
    text.push(b'"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(line: &str) -> Option<Vec<String>> {
        let arguments = split_arguments(line.as_bytes())?;
        Some(arguments.into_iter().map(|argument| String::from_utf8_lossy(&argument).into_owned()).collect())
    }

    #[test]
    fn quoting() {
        for (line, expected) in [
            ("", Some(vec![])),
            ("  a \t b\r\n", Some(vec!["a", "b"])),
            (r#"save """#, Some(vec!["save", ""])),
            ("save ''", Some(vec!["save", ""])),
            (r#"a "b c" 'd e'"#, Some(vec!["a", "b c", "d e"])),
            (r#""\x41\n\"\z""#, Some(vec!["A\n\"z"])),
            (r#""\xzz""#, Some(vec!["xzz"])),
            (r"'\n\''", Some(vec!["\\n'"])),
            (r#"pre"fix""#, Some(vec!["prefix"])),
            (r#""a"b"#, None),
            (r#""a"#, None),
            ("'a", None),
            (r#""a\"#, None),
        ] {
            let expected = expected.map(|words| words.into_iter().map(String::from).collect());
            assert_eq!(split(line), expected, "{line}");
        }
    }

    proptest! {
        #[test]
        fn quoted_splits_back(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..5)) {
            let line = values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(b" ".as_slice());
            prop_assert_eq!(split_arguments(&line), Some(values));
        }
    }
}
