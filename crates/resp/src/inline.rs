//! Lines of words, split and quoted as in Redis: inline commands, and lines of a configuration.
//!
//! Words are separated by white space. In `"..."`, `\xHH`, `\n`, `\r`, `\t`, `\b`, `\a` represent bytes and any other
//! `\c` represents c; in `'...'`, only `\'` is special. A closing quote must be followed by white space or the end.

/// The arguments of `line`; `None` if a quote is not closed or something follows a closing quote.
#[must_use]
pub fn split(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut arguments = Vec::new();
    // As in C, a zero byte ends the line.
    let mut rest = line.split(|&byte| byte == 0).next().unwrap_or_default();
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

/// The text after a closing quote, if it is valid there.
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

/// White space as in C's `isspace`.
fn is_c_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// `value` in double quotes, so that it splits into itself.
#[must_use]
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
    use super::split;

    #[test]
    fn words_and_quotes() {
        let check = |line: &str, expected: Option<&[&[u8]]>| {
            let words = split(line.as_bytes());
            assert_eq!(words, expected.map(|words| words.iter().map(|word| word.to_vec()).collect()), "{line}");
        };
        check("  set  k v ", Some(&[b"set", b"k", b"v"]));
        check(r#"set "a b\x00\n\"" 'c\'d\n'"#, Some(&[b"set", b"a b\0\n\"", b"c'd\\n"]));
        check(r#"foo"bar""#, Some(&[b"foobar"]));
        check(r#""a"b"#, None);
        check(r#""a"#, None);
        check("'a", None);
        check("", Some(&[]));
    }
}
