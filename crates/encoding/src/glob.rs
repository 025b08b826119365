//! Glob patterns over bytes, as KEYS, SCAN, PSUBSCRIBE and CONFIG GET have them.
//!
//! `*` any bytes, `?` one byte, `[abc]`, `[a-z]`, `[^a-z]` one byte of a class, `\x` the byte x. A class without its
//! `]` ends where the pattern ends. Only the empty pattern matches the empty string, as Redis has it: `*` does not
//! (KEYS treats a lone `*` apart).
//!
//! Matching takes at most pattern × string steps: when the rest of the pattern after a star does not fit, only that
//! star is tried further along, never an earlier one (a later start for an earlier star can reach no state that
//! this one has not tried). More than 1,000 stars in use match nothing.

/// Redis's bound on its recursion, which a caller can see.
const MAX_STARS: usize = 1000;

/// Whether `text` matches `pattern`.
#[inline]
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    run::<false>(pattern, text)
}

/// Whether `text` matches `pattern`, ASCII letters being equal in either case.
pub fn matches_ignore_case(pattern: &[u8], text: &[u8]) -> bool {
    run::<true>(pattern, text)
}

#[inline]
fn fold<const IGNORE_CASE: bool>(byte: u8) -> u8 {
    if IGNORE_CASE { byte.to_ascii_lowercase() } else { byte }
}

fn run<const IGNORE_CASE: bool>(pattern: &[u8], text: &[u8]) -> bool {
    if text.is_empty() {
        // No step is made on an empty text, so not even a star matches it.
        return pattern.is_empty();
    }
    let (mut p, mut t) = (0, 0);
    // Where to go on after a mismatch: the pattern after the last star, and the text it was last tried at.
    let mut retry: Option<(usize, usize)> = None;
    let mut stars = 0;
    loop {
        if t == text.len() {
            if pattern[p..].iter().all(|&byte| byte == b'*') {
                return true;
            }
        } else if p < pattern.len() {
            if pattern[p] == b'*' {
                p += pattern[p..].iter().take_while(|&&byte| byte == b'*').count();
                if p == pattern.len() {
                    return true;
                }
                stars += 1;
                if stars > MAX_STARS {
                    return false;
                }
                retry = Some((p, t));
                continue;
            }
            if let Some(next) = step::<IGNORE_CASE>(&pattern[p..], text[t]) {
                p += next;
                t += 1;
                continue;
            }
        }
        match retry {
            Some((after_star, tried)) if tried + 1 < text.len() => {
                p = after_star;
                t = tried + 1;
                retry = Some((p, t));
            }
            _ => return false,
        }
    }
}

/// Matches one byte with the start of a pattern that is no star; gives the length of the pattern used up.
#[inline]
fn step<const IGNORE_CASE: bool>(pattern: &[u8], byte: u8) -> Option<usize> {
    let (matched, used) = match pattern[0] {
        b'?' => (true, 1),
        b'[' => class::<IGNORE_CASE>(pattern, byte),
        b'\\' if pattern.len() >= 2 => (fold::<IGNORE_CASE>(pattern[1]) == fold::<IGNORE_CASE>(byte), 2),
        literal => (fold::<IGNORE_CASE>(literal) == fold::<IGNORE_CASE>(byte), 1),
    };
    matched.then_some(used)
}

/// Whether the class at the start of `pattern` has the byte, and the class's length.
fn class<const IGNORE_CASE: bool>(pattern: &[u8], byte: u8) -> (bool, usize) {
    let mut at = 1;
    let negated = pattern.get(at) == Some(&b'^');
    at += usize::from(negated);
    let mut found = false;
    loop {
        match &pattern[at..] {
            // An escaped byte is compared in its own case, whatever the option.
            [b'\\', escaped, ..] => {
                found |= *escaped == byte;
                at += 2;
            }
            [] => break,
            [b']', ..] => {
                at += 1;
                break;
            }
            [start, b'-', end, ..] => {
                // Bytes are ordered as C's signed chars, and the order is settled before the case is: a range of
                // mixed case may be empty.
                let (start, end) = (*start as i8, *end as i8);
                let folded = |bound: i8| fold::<IGNORE_CASE>(bound as u8) as i8;
                found |= (folded(start.min(end))..=folded(start.max(end))).contains(&folded(byte as i8));
                at += 3;
            }
            [one, ..] => {
                found |= fold::<IGNORE_CASE>(*one) == fold::<IGNORE_CASE>(byte);
                at += 1;
            }
        }
    }
    (found != negated, at)
}

/// Whether a pattern has a character that makes it more than a name.
pub fn is_pattern(pattern: &[u8]) -> bool {
    pattern.iter().any(|byte| matches!(byte, b'*' | b'?' | b'['))
}
