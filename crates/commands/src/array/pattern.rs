//! The regular expressions of ARGREP: POSIX's extended ones over bytes, translated for the `regex` crate's engine.
//!
//! Redis matches with the library TRE. Whether a text matches does not depend on how an engine looks for it, so only
//! the grammar and the refusals are TRE's: its escapes (`\d`, `\<`, `\x41`, `\Q..\E`), its names for errors, no
//! references back. The engine takes time linear in the text whatever the pattern, times the size of the compiled pattern, which
//! is why that is bounded ([`MAX_COMPILED`]): `((a{1,255}){1,255})b` would take 15 s for 4,000 bytes. What TRE does with the corners that
//! POSIX leaves open (a `{` or an operator without anything before it, a `)` without its `(`) is not documented: they
//! are refused here.

use regex_automata::meta::{BuildError, Regex};
use regex_automata::util::syntax;
use std::fmt::Write as _;

/// Why a pattern is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatternError {
    Empty,
    BackReference,
    /// Compiled, it would be larger than [`MAX_COMPILED`].
    TooLarge,
    Invalid(&'static str),
}

const REPETITION: PatternError = PatternError::Invalid("Invalid use of repetition operators");
const BAD_BRACES: PatternError = PatternError::Invalid("Invalid contents of {}");
const NO_BRACE: PatternError = PatternError::Invalid("Missing '}'");
const NO_BRACKET: PatternError = PatternError::Invalid("Missing ']'");
const NO_PARENTHESIS: PatternError = PatternError::Invalid("Missing ')'");
const BAD_RANGE: PatternError = PatternError::Invalid("Invalid character range");
const BAD_CLASS: PatternError = PatternError::Invalid("Unknown character class name");
const BAD_COLLATION: PatternError = PatternError::Invalid("Unknown collating element");
const TRAILING: PatternError = PatternError::Invalid("Trailing backslash");

/// The most that braces may count, as in POSIX.
const MAX_REPEATS: u32 = 255;

/// Bytes that a compiled pattern may take: enough for `.{0,255}x.{0,255}`. Each of its states can take a step for each byte of
/// a text; at this size that was 3 to 20 microseconds a byte in the worst case.
pub(super) const MAX_COMPILED: usize = 64 * 1024;
/// Bytes that the engine may take for states it makes while it searches, for all patterns of a call together. Where they are
/// used up it starts over, and goes on without them if that happens too often.
const LAZY_STATES: usize = 1024 * 1024;
/// The least for one pattern: below, the engine could not make even the states of one step.
const LEAST_LAZY_STATES: usize = 32 * 1024;

/// Compiles one of `count` patterns.
pub(super) fn compile(pattern: &[u8], ignore_case: bool, count: usize) -> Result<Regex, PatternError> {
    if pattern.is_empty() {
        return Err(PatternError::Empty);
    }
    let mut translator = Translator { rest: pattern, out: String::new(), ignore_case, repeatable: false };
    translator.run()?;
    let sizes = Regex::config()
        .nfa_size_limit(Some(MAX_COMPILED))
        .onepass_size_limit(Some(MAX_COMPILED))
        .hybrid_cache_capacity((LAZY_STATES / count.max(1)).max(LEAST_LAZY_STATES));
    let syntax =
        syntax::Config::new().unicode(false).utf8(false).case_insensitive(ignore_case).dot_matches_new_line(true);
    Regex::builder().configure(sizes).syntax(syntax).build(&translator.out).map_err(|error| refusal(&error))
}

/// Why the engine does not take what the translator made.
fn refusal(error: &BuildError) -> PatternError {
    if error.size_limit().is_some() { PatternError::TooLarge } else { PatternError::Invalid("Nested too deeply") }
}

struct Translator<'p> {
    rest: &'p [u8],
    out: String,
    ignore_case: bool,
    /// Something stands before that can be repeated.
    repeatable: bool,
}

impl Translator<'_> {
    fn next(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn take(&mut self, prefix: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn push(&mut self, text: &str, repeatable: bool) {
        self.out.push_str(text);
        self.repeatable = repeatable;
    }

    fn literal(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.out.push(char::from(byte));
        } else {
            write!(self.out, "\\x{byte:02x}").expect("a string takes all");
        }
        self.repeatable = true;
    }

    fn run(&mut self) -> Result<(), PatternError> {
        let mut depth = 0_usize;
        while let Some(byte) = self.next() {
            match byte {
                b'(' => {
                    self.take(b"?:");
                    depth += 1;
                    self.push("(?:", false);
                }
                b')' => {
                    depth = depth.checked_sub(1).ok_or(NO_PARENTHESIS)?;
                    self.push(")", true);
                }
                b'|' => self.push("|", false),
                b'*' | b'+' | b'?' | b'{' if !self.repeatable => return Err(REPETITION),
                b'*' => self.push("*", true),
                b'+' => self.push("+", true),
                b'?' => self.push("?", true),
                b'{' => self.braces()?,
                b'.' => self.push(".", true),
                b'^' => self.push("^", true),
                b'$' => self.push("$", true),
                b'[' => self.bracket()?,
                b'\\' => self.escape()?,
                byte => self.literal(byte),
            }
        }
        if depth == 0 { Ok(()) } else { Err(NO_PARENTHESIS) }
    }

    fn number(&mut self) -> Option<u32> {
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        let add = |number: u32, digit: &u8| (number * 10 + u32::from(digit - b'0')).min(MAX_REPEATS + 1);
        (digits > 0).then(|| number.iter().fold(0, add))
    }

    /// `{3}`, `{3,}`, `{3,5}` or `{,5}`.
    fn braces(&mut self) -> Result<(), PatternError> {
        if !self.rest.contains(&b'}') {
            return Err(NO_BRACE);
        }
        let least = self.number();
        let most = if self.take(b",") { self.number() } else { Some(least.ok_or(BAD_BRACES)?) };
        let least = if most.is_none() { least.ok_or(BAD_BRACES)? } else { least.unwrap_or(0) };
        if !self.take(b"}") || least.max(most.unwrap_or(0)) > MAX_REPEATS || most.is_some_and(|most| most < least) {
            return Err(BAD_BRACES);
        }
        let most = most.map(|most| most.to_string()).unwrap_or_default();
        write!(self.out, "{{{least},{most}}}").expect("a string takes all");
        Ok(())
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        match self.next().ok_or(TRAILING)? {
            b'1'..=b'9' => return Err(PatternError::BackReference),
            byte @ (b'w' | b'W' | b's' | b'S' | b'd' | b'D' | b'b' | b'B' | b'<' | b'>') => {
                self.push(&format!("\\{}", char::from(byte)), true);
            }
            b't' => self.literal(b'\t'),
            b'n' => self.literal(b'\n'),
            b'r' => self.literal(b'\r'),
            b'f' => self.literal(0x0C),
            b'a' => self.literal(0x07),
            b'e' => self.literal(0x1B),
            b'x' => self.hexadecimal()?,
            b'Q' => self.quoted(),
            byte => self.literal(byte),
        }
        Ok(())
    }

    /// `\x41`, or `\x{41}`.
    fn hexadecimal(&mut self) -> Result<(), PatternError> {
        let braced = self.take(b"{");
        let mut value = 0;
        let mut digits = 0;
        while let Some(digit) = self.rest.first().and_then(|&byte| char::from(byte).to_digit(16))
            && (braced || digits < 2)
        {
            self.next();
            value = (value * 16 + digit).min(0x100);
            digits += 1;
        }
        if braced && !self.take(b"}") {
            return Err(NO_BRACE);
        }
        let byte = u8::try_from(value).map_err(|_| PatternError::Invalid("Invalid regexp"))?;
        self.literal(byte);
        Ok(())
    }

    fn quoted(&mut self) {
        while !self.rest.is_empty() && !self.take(b"\\E") {
            if let Some(byte) = self.next() {
                self.literal(byte);
            }
        }
    }

    /// What stands between brackets. Cases are folded here, before the set is turned round.
    fn bracket(&mut self) -> Result<(), PatternError> {
        let others = self.take(b"^");
        let mut set = [false; 256];
        let mut first = true;
        loop {
            let byte = self.next().ok_or(NO_BRACKET)?;
            match byte {
                b']' if !first => break,
                b'[' if self.take(b":") => self.class(&mut set)?,
                byte => {
                    let from = self.member(byte)?;
                    let to = if self.rest.first() == Some(&b'-') && self.rest.get(1) != Some(&b']') {
                        self.next();
                        let byte = self.next().ok_or(NO_BRACKET)?;
                        self.member(byte)?
                    } else {
                        from
                    };
                    if from > to {
                        return Err(BAD_RANGE);
                    }
                    set[usize::from(from)..=usize::from(to)].fill(true);
                }
            }
            first = false;
        }
        if self.ignore_case {
            for letter in b'a'..=b'z' {
                let (lower, upper) = (usize::from(letter), usize::from(letter.to_ascii_uppercase()));
                set[lower] |= set[upper];
                set[upper] = set[lower];
            }
        }
        let members = (0..=u8::MAX).filter(|&byte| set[usize::from(byte)] != others);
        self.out.push_str(if self.ignore_case { "(?-i:[" } else { "(?:[" });
        let start = self.out.len();
        for byte in members {
            write!(self.out, "\\x{byte:02x}").expect("a string takes all");
        }
        if self.out.len() == start {
            self.out.push_str("^\\x00-\\xff");
        }
        self.push("])", true);
        Ok(())
    }

    /// A member of a bracket that begins with this byte: itself, or `[.x.]`, or `[=x=]`.
    fn member(&mut self, byte: u8) -> Result<u8, PatternError> {
        let Some(&mark @ (b'.' | b'=')) = self.rest.first().filter(|_| byte == b'[') else { return Ok(byte) };
        match *self.rest {
            [_, byte, end, b']', ..] if end == mark => {
                self.rest = &self.rest[4..];
                Ok(byte)
            }
            _ => Err(BAD_COLLATION),
        }
    }

    /// The rest of `[:name:]`.
    fn class(&mut self, set: &mut [bool; 256]) -> Result<(), PatternError> {
        let length = self.rest.windows(2).position(|end| end == b":]").ok_or(BAD_CLASS)?;
        let (name, rest) = self.rest.split_at(length);
        self.rest = &rest[2..];
        let holds: fn(&u8) -> bool = match name {
            b"alpha" => u8::is_ascii_alphabetic,
            b"digit" => u8::is_ascii_digit,
            b"alnum" => u8::is_ascii_alphanumeric,
            b"upper" => u8::is_ascii_uppercase,
            b"lower" => u8::is_ascii_lowercase,
            b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
            b"blank" => |byte| matches!(byte, b' ' | b'\t'),
            b"punct" => u8::is_ascii_punctuation,
            b"print" => |byte| matches!(byte, b' '..=b'~'),
            b"graph" => u8::is_ascii_graphic,
            b"cntrl" => u8::is_ascii_control,
            b"xdigit" => u8::is_ascii_hexdigit,
            _ => return Err(BAD_CLASS),
        };
        (0..=u8::MAX).filter(holds).for_each(|byte| set[usize::from(byte)] = true);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &[u8], ignore_case: bool) -> bool {
        compile(pattern.as_bytes(), ignore_case, 1).unwrap_or_else(|why| panic!("{pattern}: {why:?}")).is_match(text)
    }

    #[test]
    fn patterns_are_posix_ones_over_bytes() {
        for (pattern, yes, no) in [
            ("^a+b?$", "aab", "aabb"),
            ("x{2,3}y", "axxy", "axy"),
            ("^x{,2}$", "xx", "xxx"),
            ("^(ab|c)*$", "abcab", "abd"),
            ("a.c", "a\nc", "ac"),
            ("[]a]", "]", "b"),
            ("[^]a]", "b", "]"),
            ("[a\\]", "\\", "b"),
            ("^[[:digit:]_-]+$", "1_-", "a"),
            ("[a-c-]", "-", "d"),
            ("[[.-.]]", "-", "a"),
            ("\\.", ".", "a"),
            ("\\x41\\x{42}", "AB", "A"),
            ("^\\d+\\s\\w$", "12 x", "12x"),
            ("\\<cat\\>", "a cat", "cats"),
            ("\\Qa.b\\Ec", "a.bc", "axbc"),
            ("a**", "b", "\u{0}"),
            ("(a|)b", "b", "c"),
            ("^$", "", "a"),
        ] {
            assert!(matches(pattern, yes.as_bytes(), false), "{pattern} matches {yes}");
            assert!(pattern == "a**" || !matches(pattern, no.as_bytes(), false), "{pattern} does not match {no}");
        }
        assert!(matches("^.$", &[0xFF], false) && matches("[^a]", &[0xFE], false));
    }

    #[test]
    fn cases_are_ignored_also_in_brackets() {
        assert!(matches("hello [w-z]", b"HELLO WORLD", true));
        assert!(!matches("^[^a]$", b"A", true) && matches("^[^a]$", b"b", true));
        assert!(matches("[[:upper:]]", b"a", true) && !matches("[[:upper:]]", b"a", false));
    }

    /// Of the sizes that are allowed none makes a search long, or takes much memory for states.
    #[test]
    fn what_is_allowed_is_bounded() {
        for count in [1, 250] {
            for pattern in [".{0,255}x.{0,255}", "((a{1,24}){1,24})b", "(a|aa|aaa){64}.*.{64}c"] {
                let compiled = compile(pattern.as_bytes(), false, count).unwrap();
                assert!(compiled.memory_usage() <= 2 * MAX_COMPILED, "{pattern}");
                let (mut cache, text) = (compiled.create_cache(), vec![b'a'; 1000]);
                assert_eq!(compiled.search_with(&mut cache, &regex_automata::Input::new(&text)), None);
                assert!(cache.memory_usage() <= 2 * LAZY_STATES / count + 16 * MAX_COMPILED, "{pattern}");
            }
        }
    }

    #[test]
    fn bad_patterns_are_refused_by_name() {
        for (pattern, why) in [
            ("", PatternError::Empty),
            ("(a", NO_PARENTHESIS),
            ("a)", NO_PARENTHESIS),
            ("[a", NO_BRACKET),
            ("[]", NO_BRACKET),
            ("[z-a]", BAD_RANGE),
            ("[[:word:]]", BAD_CLASS),
            ("*a", REPETITION),
            ("a|*", REPETITION),
            ("a{2", NO_BRACE),
            ("a{}", BAD_BRACES),
            ("a{3,2}", BAD_BRACES),
            ("a{256}", BAD_BRACES),
            ("a\\", TRAILING),
            ("(a)\\1", PatternError::BackReference),
            ("((((a{200}){200}){200}){200})", PatternError::TooLarge),
            ("((a{1,255}){1,255})b", PatternError::TooLarge),
        ] {
            assert_eq!(compile(pattern.as_bytes(), false, 1).err(), Some(why), "{pattern}");
        }
    }
}
