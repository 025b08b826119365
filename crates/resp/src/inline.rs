//! Inline commands and everything else that is split and quoted as Redis does it: words between white space,
//! `"..."` with `\n \r \t \b \a \xHH` escapes, `'...'` with `\'`.

/// Splits a line into words; `None` where quotes are not balanced, or a closing quote touches the next word.
#[must_use]
pub fn split(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut rest = line;
    loop {
        while let [first, tail @ ..] = rest
            && is_space(*first)
        {
            rest = tail;
        }
        if rest.is_empty() || rest[0] == 0 {
            return Some(words);
        }
        let (word, tail) = word(rest)?;
        words.push(word);
        rest = tail;
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

fn word(mut rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut word = Vec::new();
    loop {
        match rest {
            [] | [0, ..] => return Some((word, &[])),
            [space, ..] if is_space(*space) => return Some((word, rest)),
            [b'"', tail @ ..] => return closed(double_quoted(tail, &mut word)?, word),
            [b'\'', tail @ ..] => return closed(single_quoted(tail, &mut word)?, word),
            [byte, tail @ ..] => {
                word.push(*byte);
                rest = tail;
            }
        }
    }
}

/// After a closing quote comes white space or the end.
fn closed(rest: &[u8], word: Vec<u8>) -> Option<(Vec<u8>, &[u8])> {
    rest.first().is_none_or(|&byte| is_space(byte) || byte == 0).then_some((word, rest))
}

fn double_quoted<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        rest = match rest {
            [b'"', tail @ ..] => return Some(tail),
            [b'\\', b'x', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                word.push(hex(*high) * 16 + hex(*low));
                tail
            }
            [b'\\', escaped, tail @ ..] => {
                word.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'a' => 7,
                    other => *other,
                });
                tail
            }
            [byte, tail @ ..] if *byte != 0 => {
                word.push(*byte);
                tail
            }
            _ => return None,
        };
    }
}

fn single_quoted<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        rest = match rest {
            [b'\'', tail @ ..] => return Some(tail),
            [b'\\', b'\'', tail @ ..] => {
                word.push(b'\'');
                tail
            }
            [byte, tail @ ..] if *byte != 0 => {
                word.push(*byte);
                tail
            }
            _ => return None,
        };
    }
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.to_ascii_uppercase() - b'A' + 10,
    }
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
