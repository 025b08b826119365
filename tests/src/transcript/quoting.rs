//! The quoting redis-cli uses: words, `"..."` with escapes, `'...'` without.

/// Splits a line into arguments.
///
/// # Errors
/// Says which quote is not closed or which escape is none.
pub fn split(line: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut rest = line.trim_start();
    let mut arguments = Vec::new();
    while !rest.is_empty() {
        let (argument, after) = match rest.as_bytes()[0] {
            b'"' => double_quoted(&rest[1..])?,
            b'\'' => single_quoted(&rest[1..])?,
            _ => word(rest),
        };
        arguments.push(argument);
        if !after.is_empty() && !after.starts_with(char::is_whitespace) {
            return Err(format!("no space after a closing quote, before: {after}"));
        }
        rest = after.trim_start();
    }
    Ok(arguments)
}

fn word(text: &str) -> (Vec<u8>, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (text.as_bytes()[..end].to_vec(), &text[end..])
}

fn single_quoted(text: &str) -> Result<(Vec<u8>, &str), String> {
    let end = text.find('\'').ok_or("a single quote is not closed")?;
    Ok((text.as_bytes()[..end].to_vec(), &text[end + 1..]))
}

/// Reads up to the closing quote; `text` begins behind the opening one. Returns the bytes and what follows.
///
/// # Errors
/// When the quote is not closed or an escape is unknown.
pub fn double_quoted(text: &str) -> Result<(Vec<u8>, &str), String> {
    let mut bytes = Vec::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Ok((bytes, &text[index + 1..])),
            '\\' => {
                let (_, escape) = characters.next().ok_or("a line ends in a backslash")?;
                bytes.push(match escape {
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    'a' => 7,
                    'b' => 8,
                    '\\' | '"' | '\'' => escape as u8,
                    'x' => hex(text.get(index + 2..index + 4), &mut characters)?,
                    _ => return Err(format!("no such escape: \\{escape}")),
                });
            }
            _ => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Err("a double quote is not closed".to_owned())
}

fn hex(digits: Option<&str>, characters: &mut std::str::CharIndices<'_>) -> Result<u8, String> {
    let digits = digits.ok_or("\\x needs two digits")?;
    characters.nth(1);
    u8::from_str_radix(digits, 16).map_err(|_| format!("no hexadecimal digits: {digits}"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_as_redis_cli_does() {
        let words = split(r#"SET  "a b" "\x00\xff\n" 'it''"#);
        assert!(words.is_err(), "an unclosed quote: {words:?}");
        let words = split(r#"SET  "a b" "\x00\xff\n" 'x"y' plain"#).unwrap();
        assert_eq!(words, [b"SET".to_vec(), b"a b".to_vec(), vec![0, 255, b'\n'], b"x\"y".to_vec(), b"plain".to_vec()]);
        assert_eq!(split("  ").unwrap(), Vec::<Vec<u8>>::new());
        assert_eq!(split(r#""""#).unwrap(), [Vec::<u8>::new()]);
    }
}
