//! Lua's patterns, matched without recursion and with a step count. C's matcher calls itself once per item of a
//! pattern, and cannot be interrupted while it backtracks.
//!
//! ```text
//!   item ─ matches ─> next item ... ─ end of the pattern ─> the match
//!     └ fails ──> change the last choice and retry the items after it ─ no choice left ─> no match
//! ```
//! An item that can match in several ways leaves one [`Choice`], so there are at most as many choices as items in the
//! pattern. As in C, pattern and subject end with a zero byte: [`Matcher::item`] and [`Matcher::byte`] read one there.

use crate::vm::pace;
use mlua::Error;

/// The most captures in a pattern.
pub(super) const CAPTURES_MAX: usize = 32;

/// Why a pattern cannot be matched.
#[derive(Debug)]
pub(super) enum Problem {
    /// An invalid pattern, with Lua's message.
    Pattern(&'static str),
    /// The script must end.
    Stopped(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Stopped(error)
    }
}

type Outcome<T> = Result<T, Problem>;

/// The content of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Unfinished,
    /// `()`: only the position.
    Position,
    Bytes(usize),
}

#[derive(Clone, Copy, Debug)]
struct Capture {
    start: usize,
    length: Length,
}

/// A capture as it is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Captured<'t> {
    Bytes(&'t [u8]),
    /// Counted from 1.
    Position(usize),
}

/// A decision that can be changed when the later items do not match. Positions are in the subject (`at`) or in the
/// pattern (`then`, `item`, `end`).
#[derive(Clone, Copy, Debug)]
enum Choice {
    /// `*` and `+`: one repetition fewer, while there are more than `least`.
    Fewer { least: usize, at: usize, then: usize },
    /// `-`: one repetition more.
    More { at: usize, item: usize, end: usize },
    /// `?`: without the item.
    Without { at: usize, then: usize },
    /// Forget a capture that was begun.
    Begun,
    /// Reopen a capture that was closed.
    Closed(usize),
}

/// A pattern and a subject, for matches at several positions.
pub(super) struct Matcher<'t> {
    subject: &'t [u8],
    /// Up to its first zero byte.
    pattern: &'t [u8],
    /// The pattern began with `^`, which is removed from `pattern`.
    pub(super) anchored: bool,
    captures: [Capture; CAPTURES_MAX],
    level: usize,
    choices: Vec<Choice>,
    steps: usize,
}

/// The maximum length of a pattern.
const PATTERN_MAX: usize = 10_000;
/// Steps between two reports of work.
const REPORT_STEPS: usize = 4096;

impl<'t> Matcher<'t> {
    pub(super) fn new(subject: &'t [u8], pattern: &'t [u8]) -> Self {
        let pattern = &pattern[..memchr::memchr(0, pattern).unwrap_or(pattern.len())];
        let rest = pattern.strip_prefix(b"^");
        Self {
            subject,
            pattern: rest.unwrap_or(pattern),
            anchored: rest.is_some(),
            captures: [Capture { start: 0, length: Length::Unfinished }; CAPTURES_MAX],
            level: 0,
            choices: Vec::new(),
            steps: 0,
        }
    }

    /// Like [`Matcher::new`], for `gmatch`, in which `^` has no meaning.
    pub(super) fn unanchored(subject: &'t [u8], pattern: &'t [u8]) -> Self {
        let pattern = &pattern[..memchr::memchr(0, pattern).unwrap_or(pattern.len())];
        Self { pattern, anchored: false, ..Self::new(subject, b"") }
    }

    /// The first match that begins at `from` or later: its begin and end.
    ///
    /// # Errors
    /// The pattern is malformed, or the script must end.
    pub(super) fn find(&mut self, from: usize) -> Outcome<Option<(usize, usize)>> {
        if self.pattern.len() > PATTERN_MAX {
            return Err(Problem::Pattern("malformed pattern (too long)"));
        }
        let result = self.search(from);
        let report = pace::work(std::mem::take(&mut self.steps));
        let found = result?;
        report?;
        Ok(found)
    }

    fn search(&mut self, from: usize) -> Outcome<Option<(usize, usize)>> {
        for start in from..=self.subject.len() {
            self.level = 0;
            if let Some(end) = self.match_at(start)? {
                return Ok(Some((start, end)));
            }
            if self.anchored {
                break;
            }
        }
        Ok(None)
    }

    /// A part of the subject.
    pub(super) fn subject(&self, start: usize, end: usize) -> &'t [u8] {
        &self.subject[start..end]
    }

    /// The number of captures of the last match; a match without captures counts as its own first capture.
    pub(super) fn captures(&self) -> usize {
        self.level.max(1)
    }

    /// The number of captures in the pattern itself.
    pub(super) fn own_captures(&self) -> usize {
        self.level
    }

    /// A capture of the last match, counted from 0.
    ///
    /// # Errors
    /// There is no such capture, or it is unfinished.
    pub(super) fn capture(&self, index: usize, found: (usize, usize)) -> Outcome<Captured<'t>> {
        if index >= self.level {
            if index > 0 {
                return Err(Problem::Pattern("invalid capture index"));
            }
            return Ok(Captured::Bytes(&self.subject[found.0..found.1]));
        }
        let Capture { start, length } = self.captures[index];
        match length {
            Length::Unfinished => Err(Problem::Pattern("unfinished capture")),
            Length::Position => Ok(Captured::Position(start + 1)),
            Length::Bytes(length) => Ok(Captured::Bytes(&self.subject[start..start + length])),
        }
    }

    fn step(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps >= REPORT_STEPS {
            pace::work(std::mem::take(&mut self.steps))?;
        }
        Ok(())
    }

    /// The byte of the pattern at a position; zero at its end.
    fn item(&self, position: usize) -> u8 {
        self.pattern.get(position).copied().unwrap_or(0)
    }

    fn byte(&self, position: usize) -> u8 {
        self.subject.get(position).copied().unwrap_or(0)
    }

    /// Matches the pattern at a position of the subject; returns the end of the match.
    fn match_at(&mut self, start: usize) -> Outcome<Option<usize>> {
        self.choices.clear();
        let mut state = Some((start, 0));
        loop {
            self.step()?;
            state = match state {
                Some((at, position)) if position >= self.pattern.len() => return Ok(Some(at)),
                Some((at, position)) => self.advance(at, position)?,
                None => match self.choices.pop() {
                    Some(choice) => self.change(choice)?,
                    None => return Ok(None),
                },
            };
        }
    }

    /// Matches one item; returns the next positions in subject and pattern, `None` if it does not match.
    fn advance(&mut self, at: usize, position: usize) -> Outcome<Option<(usize, usize)>> {
        match (self.item(position), self.item(position + 1)) {
            (b'(', next) => self.begin(at, position + 1, next == b')'),
            (b')', _) => self.close(at, position + 1),
            (b'%', b'b') => self.balanced(at, position + 2),
            (b'%', b'f') => self.frontier(at, position + 2),
            (b'%', digit @ b'0'..=b'9') => self.again(at, position + 2, digit),
            (b'$', 0) => Ok((at == self.subject.len()).then_some((at, position + 1))),
            _ => self.single(at, position),
        }
    }

    /// Changes the last choice; returns the positions from which to continue.
    fn change(&mut self, choice: Choice) -> Outcome<Option<(usize, usize)>> {
        match choice {
            Choice::Fewer { least, at, then } => {
                if at == least {
                    return Ok(None);
                }
                self.choices.push(Choice::Fewer { least, at: at - 1, then });
                Ok(Some((at - 1, then)))
            }
            Choice::More { at, item, end } => {
                if at < self.subject.len() && self.matches(self.byte(at), item, end) {
                    self.choices.push(Choice::More { at: at + 1, item, end });
                    return Ok(Some((at + 1, end + 1)));
                }
                Ok(None)
            }
            Choice::Without { at, then } => Ok(Some((at, then))),
            Choice::Begun => {
                self.level -= 1;
                Ok(None)
            }
            Choice::Closed(index) => {
                self.captures[index].length = Length::Unfinished;
                Ok(None)
            }
        }
    }

    fn begin(&mut self, at: usize, position: usize, empty: bool) -> Outcome<Option<(usize, usize)>> {
        if self.level >= CAPTURES_MAX {
            return Err(Problem::Pattern("too many captures"));
        }
        let length = if empty { Length::Position } else { Length::Unfinished };
        self.captures[self.level] = Capture { start: at, length };
        self.level += 1;
        self.choices.push(Choice::Begun);
        Ok(Some((at, position + usize::from(empty))))
    }

    fn close(&mut self, at: usize, position: usize) -> Outcome<Option<(usize, usize)>> {
        let open = self.captures[..self.level].iter().rposition(|capture| capture.length == Length::Unfinished);
        let index = open.ok_or(Problem::Pattern("invalid pattern capture"))?;
        let capture = &mut self.captures[index];
        capture.length = Length::Bytes(at - capture.start);
        self.choices.push(Choice::Closed(index));
        Ok(Some((at, position)))
    }

    /// `%bxy`: from an x to the balancing y.
    fn balanced(&mut self, at: usize, position: usize) -> Outcome<Option<(usize, usize)>> {
        let (open, close) = (self.item(position), self.item(position + 1));
        if open == 0 || close == 0 {
            return Err(Problem::Pattern("unbalanced pattern"));
        }
        if self.byte(at) != open {
            return Ok(None);
        }
        let mut depth = 1_usize;
        let subject = self.subject;
        for (index, &byte) in subject.iter().enumerate().skip(at + 1) {
            self.step()?;
            if byte == close {
                depth -= 1;
                if depth == 0 {
                    return Ok(Some((index + 1, position + 2)));
                }
            } else if byte == open {
                depth += 1;
            }
        }
        Ok(None)
    }

    /// `%f[set]`: between a byte that is not in the set and one that is.
    fn frontier(&mut self, at: usize, position: usize) -> Outcome<Option<(usize, usize)>> {
        if self.item(position) != b'[' {
            return Err(Problem::Pattern("missing '[' after '%f' in pattern"));
        }
        let end = self.item_end(position)?;
        let before = if at == 0 { 0 } else { self.byte(at - 1) };
        let here = !self.in_set(before, position, end - 1) && self.in_set(self.byte(at), position, end - 1);
        Ok(here.then_some((at, end)))
    }

    /// `%1`: the content of a capture, repeated.
    fn again(&mut self, at: usize, position: usize, digit: u8) -> Outcome<Option<(usize, usize)>> {
        let index = usize::from(digit).wrapping_sub(usize::from(b'1'));
        let capture = self.captures[..self.level].get(index).filter(|capture| capture.length != Length::Unfinished);
        let Capture { start, length } = *capture.ok_or(Problem::Pattern("invalid capture index"))?;
        let Length::Bytes(length) = length else { return Ok(None) };
        self.steps += length / 64;
        let same = self.subject[at..].starts_with(&self.subject[start..start + length]);
        Ok(same.then_some((at + length, position)))
    }

    /// Matches an item of one byte, with its repetition.
    fn single(&mut self, at: usize, item: usize) -> Outcome<Option<(usize, usize)>> {
        let end = self.item_end(item)?;
        let here = at < self.subject.len() && self.matches(self.byte(at), item, end);
        match self.item(end) {
            b'?' => {
                if !here {
                    return Ok(Some((at, end + 1)));
                }
                self.choices.push(Choice::Without { at, then: end + 1 });
                Ok(Some((at + 1, end + 1)))
            }
            b'*' => self.repeat(at, at, item, end).map(Some),
            b'+' if here => self.repeat(at + 1, at + 1, item, end).map(Some),
            b'+' => Ok(None),
            b'-' => {
                self.choices.push(Choice::More { at, item, end });
                Ok(Some((at, end + 1)))
            }
            _ => Ok(here.then_some((at + 1, end))),
        }
    }

    /// Matches as many repetitions as possible.
    fn repeat(&mut self, least: usize, from: usize, item: usize, end: usize) -> Outcome<(usize, usize)> {
        let mut at = from;
        while at < self.subject.len() && self.matches(self.byte(at), item, end) {
            self.step()?;
            at += 1;
        }
        self.choices.push(Choice::Fewer { least, at, then: end + 1 });
        Ok((at, end + 1))
    }

    /// The end of the item at a position.
    fn item_end(&self, position: usize) -> Outcome<usize> {
        match self.item(position) {
            b'%' => {
                if self.item(position + 1) == 0 {
                    return Err(Problem::Pattern("malformed pattern (ends with '%')"));
                }
                Ok(position + 2)
            }
            b'[' => {
                let mut next = position + 1;
                if self.item(next) == b'^' {
                    next += 1;
                }
                loop {
                    match self.item(next) {
                        0 => return Err(Problem::Pattern("malformed pattern (missing ']')")),
                        b'%' if self.item(next + 1) != 0 => next += 2,
                        _ => next += 1,
                    }
                    if self.item(next) == b']' {
                        return Ok(next + 1);
                    }
                }
            }
            _ => Ok(position + 1),
        }
    }

    fn matches(&self, byte: u8, item: usize, end: usize) -> bool {
        match self.item(item) {
            b'.' => true,
            b'%' => in_class(byte, self.item(item + 1)),
            b'[' => self.in_set(byte, item, end - 1),
            same => same == byte,
        }
    }

    /// Whether a byte is in the set that begins at `[`; `last` is the position of its `]`.
    fn in_set(&self, byte: u8, open: usize, last: usize) -> bool {
        let (mut at, mut inside) = (open + 1, true);
        if self.item(at) == b'^' {
            (at, inside) = (at + 1, false);
        }
        while at < last {
            if self.item(at) == b'%' {
                if in_class(byte, self.item(at + 1)) {
                    return inside;
                }
                at += 2;
            } else if self.item(at + 1) == b'-' && at + 2 < last {
                if (self.item(at)..=self.item(at + 2)).contains(&byte) {
                    return inside;
                }
                at += 3;
            } else {
                if self.item(at) == byte {
                    return inside;
                }
                at += 1;
            }
        }
        !inside
    }
}

/// The most steps of C's matcher on subjects up to [`subject_limit`], approximately.
const C_STEPS: f64 = 1_000_000.0;
/// Longer patterns are not left to C's matcher, which calls itself once per item.
const C_PATTERN: usize = 200;

/// The longest subject of this pattern that can be left to C's matcher; -1 for a pattern that cannot be.
///
/// Each item that can match in many ways multiplies the steps by the subject's length, and so do the many start
/// positions.
pub(super) fn subject_limit(pattern: &[u8]) -> f64 {
    let mut matcher = Matcher::new(b"", pattern);
    if matcher.pattern.len() > C_PATTERN || matcher.pattern.len() < pattern.len() - usize::from(matcher.anchored) {
        return -1.0;
    }
    let Ok((many, optional)) = matcher.count_ways() else { return -1.0 };
    let steps = C_STEPS / (matcher.pattern.len() + 1) as f64 / f64::powi(2.0, optional);
    steps.powf(1.0 / f64::from(many + i32::from(!matcher.anchored)).max(1.0)).floor()
}

impl Matcher<'_> {
    /// The number of items that can match in as many ways as the subject is long, and of those that can match in two.
    fn count_ways(&mut self) -> Outcome<(i32, i32)> {
        let (mut many, mut optional, mut at, mut open) = (0, 0, 0, Vec::new());
        while at < self.pattern.len() {
            match (self.item(at), self.item(at + 1)) {
                (b'(', next) => {
                    if self.level >= CAPTURES_MAX {
                        return Err(Problem::Pattern("too many captures"));
                    }
                    self.level += 1;
                    if next != b')' {
                        open.push(self.level);
                    }
                    at += 1 + usize::from(next == b')');
                }
                (b')', _) => {
                    open.pop().ok_or(Problem::Pattern("invalid pattern capture"))?;
                    at += 1;
                }
                (b'%', b'b') => {
                    if self.item(at + 3) == 0 {
                        return Err(Problem::Pattern("unbalanced pattern"));
                    }
                    (many, at) = (many + 1, at + 4);
                }
                // References to captures are rare, and left to this matcher.
                (b'%', b'0'..=b'9' | b'f') => return Err(Problem::Pattern("invalid capture index")),
                _ => {
                    at = self.item_end(at)?;
                    match self.item(at) {
                        b'*' | b'+' | b'-' => (many, at) = (many + 1, at + 1),
                        b'?' => (optional, at) = (optional + 1, at + 1),
                        _ => {}
                    }
                }
            }
        }
        if open.is_empty() { Ok((many, optional)) } else { Err(Problem::Pattern("unfinished capture")) }
    }
}

/// Whether a byte is in the class that a letter after `%` names; any other character matches itself.
fn in_class(byte: u8, letter: u8) -> bool {
    let within = match letter.to_ascii_lowercase() {
        b'a' => byte.is_ascii_alphabetic(),
        b'c' => byte.is_ascii_control(),
        b'd' => byte.is_ascii_digit(),
        b'l' => byte.is_ascii_lowercase(),
        b'p' => byte.is_ascii_punctuation(),
        b's' => byte.is_ascii_whitespace() || byte == 0x0b,
        b'u' => byte.is_ascii_uppercase(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_hexdigit(),
        b'z' => byte == 0,
        _ => return letter == byte,
    };
    within == letter.is_ascii_lowercase()
}
