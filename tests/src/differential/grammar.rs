//! The grammar of rules, and the mistakes a generated command gets now and then.
//!
//! ```text
//! WORD          as it stands
//! @kind         a word of the alphabet
//! [ a | b c ]   in half of the cases one of these
//! ( a | b )     one of these
//! { a b }       one to four times
//! ```
//! Brackets and bars stand between spaces.

use super::alphabet::Alphabet;
use super::compare::Reply;
use super::{Generated, Rule};

/// How many commands of 100 get a mistake.
const MISTAKES_PERCENT: u64 = 12;

/// One command after a rule.
///
/// # Panics
/// When the rule's syntax is malformed.
pub fn generate(rule: &Rule, alphabet: &mut Alphabet) -> Generated {
    let tokens: Vec<&str> = rule.syntax.split_whitespace().collect();
    let mut arguments = Vec::new();
    expand(&tokens, alphabet, &mut arguments);
    // A mistake in a count of random elements could ask for billions of them, and in a cursor for another part.
    // Sets of names with one score must stay such: ranges of names mean nothing elsewhere.
    let open_to_mistakes =
        !matches!(rule.reply, Reply::Shape | Reply::Cursor | Reply::CursorPairs) && !rule.syntax.contains("@lexkey");
    if open_to_mistakes && alphabet.random.chance(MISTAKES_PERCENT) {
        // A key that lives for some milliseconds would be there on one side, and gone on the other.
        let is_timed = ["@ms", "@seconds", "@at"].iter().any(|word| rule.syntax.contains(word));
        mistake(&mut arguments, alphabet, is_timed);
    }
    Generated { arguments, reply: rule.reply }
}

fn expand(tokens: &[&str], alphabet: &mut Alphabet, arguments: &mut Vec<Vec<u8>>) {
    let mut rest = tokens;
    while let Some((&token, after)) = rest.split_first() {
        rest = after;
        match token {
            "[" | "(" | "{" => {
                let end = closing(after);
                let inside = &after[..end];
                rest = &after[end + 1..];
                match token {
                    "[" if alphabet.random.chance(50) => {}
                    "{" => (0..=alphabet.random.below(4)).for_each(|_| expand(inside, alphabet, arguments)),
                    _ => {
                        let choices = alternatives(inside);
                        let choice = *alphabet.random.pick(&choices);
                        expand(choice, alphabet, arguments);
                    }
                }
            }
            _ => match token.strip_prefix('@') {
                Some(kind) => arguments.push(alphabet.word(kind).unwrap_or_else(|| panic!("no such word: {token}"))),
                None => arguments.push(token.as_bytes().to_vec()),
            },
        }
    }
}

/// The index of the bracket that closes the one just before `tokens`.
fn closing(tokens: &[&str]) -> usize {
    let mut depth = 1;
    tokens
        .iter()
        .position(|token| {
            match *token {
                "[" | "(" | "{" => depth += 1,
                "]" | ")" | "}" => depth -= 1,
                _ => {}
            }
            depth == 0
        })
        .expect("every bracket of a rule is closed")
}

fn alternatives<'a, 'b>(tokens: &'a [&'b str]) -> Vec<&'a [&'b str]> {
    let mut depth = 0;
    tokens
        .split(|token| {
            match *token {
                "[" | "(" | "{" => depth += 1,
                "]" | ")" | "}" => depth -= 1,
                _ => {}
            }
            depth == 0 && *token == "|"
        })
        .collect()
}

fn mistake(arguments: &mut Vec<Vec<u8>>, alphabet: &mut Alphabet, is_timed: bool) {
    let last = arguments.len() as u64 - 1;
    let any = |alphabet: &mut Alphabet| usize::try_from(alphabet.random.below(last.max(1)) + 1).unwrap_or(1);
    match alphabet.random.below(6) {
        0 => drop(arguments.pop().filter(|_| last == 0).map(|name| arguments.push(name))),
        1 => arguments.extend(alphabet.word("value")),
        2 => arguments.extend(alphabet.word("extra")),
        3 if last > 0 && !is_timed => {
            let index = any(alphabet);
            arguments[index] = alphabet.word("value").unwrap_or_default();
        }
        4 if last > 1 && !is_timed => {
            let (one, other) = (any(alphabet), any(alphabet));
            arguments.swap(one, other);
        }
        _ => arguments[0].make_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differential::exact;
    use crate::value::quote_command;

    #[test]
    fn brackets_expand_to_their_alternatives() {
        let rule = exact(1, "SET ( a | b ) [ NX | XX GET ] { x }");
        let mut alphabet = Alphabet::new(1);
        let pattern = regex::Regex::new("(?i)^SET [ab]( NX| XX GET)?( x){1,4}$").unwrap();
        let fitting =
            (0..200).filter(|_| pattern.is_match(&quote_command(&generate(&rule, &mut alphabet).arguments))).count();
        assert!((160..200).contains(&fitting), "most commands follow the rule, some have a mistake: {fitting}");
    }
}
