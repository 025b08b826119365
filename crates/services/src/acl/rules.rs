//! The rules that describe users: `on`, `>password`, `+@read`, `~key*`, `(+get ~other)`.

use super::selector::{KeyPattern, Selector};
use super::user::{Hash, User, hash, name_is_valid};
use redstart_config::split_arguments;
use redstart_spec::Acl;
use redstart_spec::Catalogue;
use redstart_spec::until_nul;
use std::fmt;

/// What applying rules needs.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    /// All commands.
    pub registry: &'r dyn Catalogue,
    /// New users may use every channel (`acl-pubsub-default`).
    pub all_channels: bool,
}

/// Why a rule was refused. The texts are Redis's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleError {
    /// No such rule, or a name with invalid bytes.
    Syntax,
    /// There is no command, subcommand or category of this name.
    UnknownCommand,
    /// A key pattern although all keys are already allowed.
    AfterAllKeys,
    /// A channel pattern although all channels are already allowed.
    AfterAllChannels,
    /// The user does not have the password that the rule removes.
    NoSuchPassword,
    /// Not a valid password hash.
    BadHash,
    /// A first argument after a subcommand.
    FirstArgOfSubcommand,
    /// A number outside the range of database numbers.
    DatabaseRange,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "Syntax error",
            Self::UnknownCommand => "Unknown command or category name in ACL",
            Self::AfterAllKeys => {
                "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any \
                 effect. Try 'resetkeys' to start with an empty list of patterns"
            }
            Self::AfterAllChannels => {
                "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any \
                 effect. Try 'resetchannels' to start with an empty list of channels"
            }
            Self::NoSuchPassword => "The password you are trying to remove from the user does not exist",
            Self::BadHash => {
                "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters"
            }
            Self::FirstArgOfSubcommand => "Allowing first-arg of a subcommand is not supported",
            Self::DatabaseRange => "The provided database ID is out of range",
        })
    }
}

impl std::error::Error for RuleError {}

impl Rules<'_> {
    /// A selector to which no rule was applied yet.
    #[must_use]
    pub fn fresh_selector(&self) -> Selector {
        Selector::new(self.all_channels)
    }

    /// Applies one rule. After an error the user may be partially changed and must be discarded.
    ///
    /// # Errors
    /// The rule is invalid.
    pub fn apply(&self, user: &mut User, rule: &[u8]) -> Result<(), RuleError> {
        match until_nul(rule).to_ascii_lowercase().as_slice() {
            _ if rule.is_empty() => {}
            b"on" => user.enabled = true,
            b"off" => user.enabled = false,
            b"skip-sanitize-payload" => user.skip_sanitize = true,
            b"sanitize-payload" => user.skip_sanitize = false,
            b"nopass" => {
                user.any_password = true;
                user.passwords.clear();
            }
            b"resetpass" => {
                user.any_password = false;
                user.passwords.clear();
            }
            b"clearselectors" => user.selectors.truncate(1),
            b"reset" => *user = User { id: user.id, ..User::new(&user.name, self) },
            _ => return self.apply_marked(user, rule),
        }
        Ok(())
    }

    /// Applies a rule that its first byte identifies.
    fn apply_marked(&self, user: &mut User, rule: &[u8]) -> Result<(), RuleError> {
        match rule {
            [b'>', password @ ..] => user.add_password(hash(password)),
            [b'#', digits @ ..] => user.add_password(parse_hash(digits)?),
            [b'<', password @ ..] => user.remove_password(hash(password))?,
            [b'!', digits @ ..] => user.remove_password(parse_hash(digits)?)?,
            [b'(', inner @ .., b')'] => {
                let mut selector = self.fresh_selector();
                // Redis ignores the whole selector if quotes are unbalanced, so the selector allows nothing.
                for rule in split_arguments(inner).unwrap_or_default() {
                    self.apply_to_selector(&mut selector, &rule)?;
                }
                user.selectors.push(selector);
            }
            _ => self.apply_to_selector(user.root_mut(), rule)?,
        }
        Ok(())
    }

    fn apply_to_selector(&self, selector: &mut Selector, rule: &[u8]) -> Result<(), RuleError> {
        match until_nul(rule).to_ascii_lowercase().as_slice() {
            b"allkeys" | b"~*" => selector.set_all_keys(true),
            b"resetkeys" => selector.set_all_keys(false),
            b"allchannels" | b"&*" => selector.set_all_channels(true),
            b"resetchannels" => selector.set_all_channels(false),
            b"allcommands" | b"+@all" => selector.commands.set_all(true, self.registry),
            b"nocommands" | b"-@all" => selector.commands.set_all(false, self.registry),
            b"alldbs" => (selector.databases, selector.names_databases) = (None, true),
            b"resetdbs" => (selector.databases, selector.names_databases) = (Some(Vec::new()), true),
            [b'd', b'b', b'=', numbers @ ..] => {
                (selector.databases, selector.names_databases) = (Some(databases(numbers)?), true);
            }
            [b'~' | b'%', ..] => selector.add_keys(rule)?,
            [b'&', ..] => selector.add_channels(&rule[1..])?,
            [sign @ (b'+' | b'-'), b'@', name @ ..] => {
                let of_name = |(_, shown): &(Acl, &str)| shown.as_bytes() == name;
                let (category, shown) = Acl::each().find(of_name).ok_or(RuleError::UnknownCommand)?;
                selector.commands.set_category(category, shown, *sign == b'+', self.registry);
            }
            [b'+', name @ ..] => self.allow(selector, name)?,
            [b'-', name @ ..] => {
                let command = self.registry.spec_of(name).ok_or(RuleError::UnknownCommand)?;
                selector.commands.set_command(command, false);
            }
            _ => return Err(RuleError::Syntax),
        }
        Ok(())
    }

    /// `+get`, `+config|get`, or `+select|0`, which is a first argument since SELECT has no subcommands.
    fn allow(&self, selector: &mut Selector, name: &[u8]) -> Result<(), RuleError> {
        let Some(bar) = name.iter().rposition(|&byte| byte == b'|') else {
            let command = self.registry.spec_of(name).ok_or(RuleError::UnknownCommand)?;
            selector.commands.set_command(command, true);
            return Ok(());
        };
        let (parent, first) = (&name[..bar], &name[bar + 1..]);
        let parent = self.registry.spec_of(parent).ok_or(RuleError::UnknownCommand)?;
        if parent.parent.is_some() {
            return Err(RuleError::FirstArgOfSubcommand);
        }
        // With these bytes in it, a line could not be split into words again.
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
        if first.is_empty() || !name_is_valid(first) || first.iter().any(is_quote) {
            return Err(RuleError::Syntax);
        }
        if parent.subcommands.is_empty() {
            selector.commands.allow_first_arg(parent, first);
        } else {
            let command = self.registry.spec_of(name).ok_or(RuleError::UnknownCommand)?;
            selector.commands.set_command(command, true);
        }
        Ok(())
    }
}

impl User {
    fn add_password(&mut self, hash: Hash) {
        self.any_password = false;
        if !self.passwords.contains(&hash) {
            self.passwords.push(hash);
        }
    }

    fn remove_password(&mut self, hash: Hash) -> Result<(), RuleError> {
        let at = self.passwords.iter().position(|one| *one == hash).ok_or(RuleError::NoSuchPassword)?;
        self.passwords.remove(at);
        Ok(())
    }
}

/// Parses 64 lower-case hexadecimal digits.
fn parse_hash(digits: &[u8]) -> Result<Hash, RuleError> {
    let mut hash = Hash::default();
    if digits.len() != 2 * hash.len() {
        return Err(RuleError::BadHash);
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(RuleError::BadHash),
    };
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Ok(hash)
}

impl Selector {
    fn set_all_keys(&mut self, all: bool) {
        self.all_keys = all;
        self.keys.clear();
    }

    fn set_all_channels(&mut self, all: bool) {
        self.all_channels = all;
        self.channels.clear();
    }

    /// `~glob`, `%R~glob`, `%W~glob`, `%RW~glob`.
    fn add_keys(&mut self, rule: &[u8]) -> Result<(), RuleError> {
        if self.all_keys {
            return Err(RuleError::AfterAllKeys);
        }
        let pattern = key_pattern(rule).filter(|pattern| name_is_valid(&pattern.glob)).ok_or(RuleError::Syntax)?;
        match self.keys.iter_mut().find(|known| known.glob == pattern.glob) {
            Some(known) => {
                known.read |= pattern.read;
                known.write |= pattern.write;
            }
            None => self.keys.push(pattern),
        }
        Ok(())
    }

    fn add_channels(&mut self, glob: &[u8]) -> Result<(), RuleError> {
        if self.all_channels {
            return Err(RuleError::AfterAllChannels);
        }
        if !name_is_valid(glob) {
            return Err(RuleError::Syntax);
        }
        if !self.channels.iter().any(|known| known == glob) {
            self.channels.push(glob.to_vec());
        }
        Ok(())
    }
}

fn key_pattern(rule: &[u8]) -> Option<KeyPattern> {
    let [b'%', rest @ ..] = rule else {
        return Some(KeyPattern { read: true, write: true, glob: rule[1..].to_vec() });
    };
    let rights = rest.iter().position(|&byte| byte == b'~').unwrap_or(rest.len());
    let mut pattern =
        KeyPattern { read: false, write: false, glob: rest.get(rights + 1..).unwrap_or_default().to_vec() };
    for right in &rest[..rights] {
        let right = match right.to_ascii_uppercase() {
            b'R' => &mut pattern.read,
            b'W' => &mut pattern.write,
            _ => return None,
        };
        // A right may be named only once.
        if std::mem::replace(right, true) {
            return None;
        }
    }
    (pattern.read || pattern.write).then_some(pattern)
}

/// Parses `0,1,2`; returns the numbers sorted and without duplicates.
fn databases(numbers: &[u8]) -> Result<Vec<u32>, RuleError> {
    let number = |digits: &[u8]| {
        let (negative, digits) = digits.strip_prefix(b"-").map_or((false, digits), |digits| (true, digits));
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(RuleError::Syntax);
        }
        let value = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i32>().ok());
        let value = value.filter(|value| !negative || *value == 0);
        value.and_then(|value| u32::try_from(value).ok()).ok_or(RuleError::DatabaseRange)
    };
    let mut numbers = numbers.split(|&byte| byte == b',').map(number).collect::<Result<Vec<_>, _>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// Joins the words of a selector that was split at spaces: `(+get`, `~key)`.
///
/// # Errors
/// The index of a word whose parenthesis is never closed.
pub fn merge_selectors<W: AsRef<[u8]>>(words: &[W]) -> Result<Vec<Vec<u8>>, usize> {
    let mut merged: Vec<Vec<u8>> = Vec::with_capacity(words.len());
    let mut open = None;
    for (index, word) in words.iter().map(AsRef::as_ref).enumerate() {
        let closes = word.last() == Some(&b')');
        match (open, merged.last_mut()) {
            (Some(_), Some(selector)) => {
                selector.push(b' ');
                // Redis appends the word as a C string.
                selector.extend(word.iter().take_while(|&&byte| byte != 0));
                open = open.filter(|_| !closes);
            }
            _ => {
                merged.push(word.to_vec());
                open = (word.first() == Some(&b'(') && !closes).then_some(index);
            }
        }
    }
    open.map_or(Ok(merged), Err)
}
