//! One configuration line: splitting it into arguments, and quoting an argument so that it splits into the same text.

pub use redstart_resp::inline::quoted;
pub use redstart_resp::inline::split as split_arguments;

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
