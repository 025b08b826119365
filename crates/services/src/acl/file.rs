//! ACL files: one line per user, in the format of ACL LIST. A file with an error is rejected as a whole.

use super::rules::{RuleError, Rules, merge_selectors};
use super::user::{User, name_is_valid};
use redstart_spec::until_nul;

const NOTHING_CHANGED: &[u8] =
    b"WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

/// Parses the text of a file; errors refer to the file as `name`.
///
/// # Errors
/// All errors, in one line and in Redis's words.
pub fn parse(text: &[u8], name: &[u8], rules: &Rules<'_>) -> Result<Vec<User>, Vec<u8>> {
    let mut reader = Reader { name, rules, users: Vec::new(), errors: Vec::new() };
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        reader.line(index + 1, line);
    }
    if reader.errors.is_empty() {
        return Ok(reader.users);
    }
    reader.errors.extend_from_slice(NOTHING_CHANGED);
    Err(reader.errors)
}

struct Reader<'a> {
    name: &'a [u8],
    rules: &'a Rules<'a>,
    users: Vec<User>,
    errors: Vec<u8>,
}

impl Reader<'_> {
    fn line(&mut self, number: usize, line: &[u8]) {
        let line = until_nul(line).trim_ascii();
        if line.is_empty() {
            return;
        }
        let words: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
        let [b"user", name, rules @ ..] = words.as_slice() else {
            return self.error(number, &[b" should start with user keyword followed by the username. "]);
        };
        if !name_is_valid(name) {
            self.errors.push(b'\'');
            return self.error(number, &[b": username '", name, b"' contains invalid characters. "]);
        }
        if self.users.iter().any(|user| user.name == *name) {
            let line = format!("' found on line {number}. ");
            return self.errors.extend([b"WARNING: Duplicate user '", *name, line.as_bytes()].concat());
        }
        let mut user = User::new(name, self.rules);
        self.apply(number, &mut user, rules);
        self.users.push(user);
    }

    /// Applies the rules of a line, continuing after an error: reports every unknown command, but only the first error
    /// of any other kind.
    fn apply(&mut self, number: usize, user: &mut User, words: &[&[u8]]) {
        let Ok(merged) = merge_selectors(words) else {
            return self.error(number, &[b": Unmatched parenthesis in selector definition."]);
        };
        let mut reported = false;
        for rule in merged {
            let rule = rule.trim_ascii();
            let Err(error) = self.rules.apply(user, rule) else { continue };
            let why = error.to_string();
            if error == RuleError::UnknownCommand {
                self.error(number, &[b": Error in applying operation '", rule, b"': ", why.as_bytes(), b". "]);
            } else if !std::mem::replace(&mut reported, true) {
                // The rule itself may be a password.
                self.error(number, &[b": ", why.as_bytes(), b". "]);
            }
        }
    }

    fn error(&mut self, number: usize, parts: &[&[u8]]) {
        self.errors.extend_from_slice(self.name);
        self.errors.extend(format!(":{number}").bytes());
        parts.iter().for_each(|part| self.errors.extend_from_slice(part));
    }
}
