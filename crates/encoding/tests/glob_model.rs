//! The glob matcher against a plain recursive one, written from the rules alone.

use proptest::prelude::*;
use redstart_encoding::glob::{matches, matches_ignore_case};

/// Every way to split at a star is tried: exponential, and obviously right.
fn model(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|skip| model(rest, &text[skip..])),
        _ if text.is_empty() => false,
        [b'?', rest @ ..] => model(rest, &text[1..]),
        [b'[', rest @ ..] => {
            let (is_in, after) = class(rest, text[0]);
            is_in && model(after, &text[1..])
        }
        [b'\\', escaped, rest @ ..] => *escaped == text[0] && model(rest, &text[1..]),
        [literal, rest @ ..] => *literal == text[0] && model(rest, &text[1..]),
    }
}

fn class(mut pattern: &[u8], byte: u8) -> (bool, &[u8]) {
    let negated = pattern.first() == Some(&b'^');
    pattern = &pattern[usize::from(negated)..];
    let mut found = false;
    loop {
        pattern = match pattern {
            [] => return (found != negated, pattern),
            [b'\\', escaped, rest @ ..] => {
                found |= *escaped == byte;
                rest
            }
            [b']', rest @ ..] => return (found != negated, rest),
            [a, b'-', b, rest @ ..] => {
                found |= (*a.min(b)..=*a.max(b)).contains(&byte);
                rest
            }
            [one, rest @ ..] => {
                found |= *one == byte;
                rest
            }
        };
    }
}

fn pattern() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "a", "b", "c", "*", "*", "?", "[ab]", "[^a]", "[a-b]", "[b-a]", "\\*", "\\", "[", "]", "-", "^",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat().into_bytes())
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"aabbcABC*[]\\-^".to_vec()), 1..9)
}

proptest! {
    #[test]
    fn agrees_with_the_model(pattern in pattern(), text in text()) {
        prop_assert_eq!(matches(&pattern, &text), model(&pattern, &text));
    }

    #[test]
    fn any_bytes(pattern in prop::collection::vec(any::<u8>(), 0..30), text in prop::collection::vec(any::<u8>(), 0..30)) {
        matches(&pattern, &text);
        matches_ignore_case(&pattern, &text);
    }
}

#[test]
fn redis_has_it_so() {
    for (pattern, text, expected) in [
        ("", "", true),
        ("*", "", false),
        ("*", "x", true),
        ("h?llo", "hallo", true),
        ("h[ae]llo", "hillo", false),
        ("h[^e]llo", "hallo", true),
        ("h[a-b]llo", "hbllo", true),
        ("h[b-a]llo", "hallo", true),
        ("[abc", "c", true),
        ("[]a]", "a]", false),
        ("\\*", "*", true),
        ("\\", "\\", true),
        ("a*", "a", true),
        ("a**", "a", true),
        ("*a*b", "xaxb", true),
        ("MaxMemory*", "maxmemory-policy", false),
    ] {
        assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
    }
    assert!(matches_ignore_case(b"MaxM[D-F]mory*", b"maxmemory-policy"));
    assert!(!matches_ignore_case(b"[\\A]", b"a"), "an escaped byte in a class keeps its case");
    assert!(matches_ignore_case(b"\\A", b"a"));
    assert!(matches(b"[\x80-\xff]", b"\x90"));
}

#[test]
fn hostile_patterns_end() {
    let text = vec![b'a'; 20_000];
    let pattern = [b"a*".repeat(900), b"b".to_vec()].concat();
    assert!(!matches(&pattern, &text));
    assert!(!matches(&b"a*".repeat(1002), &text), "more stars than Redis follows");
    assert!(matches(&b"a*".repeat(1001), &text));
}
