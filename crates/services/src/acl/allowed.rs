//! The commands that a selector allows: one bit per command, and the list of rules that describes them.

use redstart_resp::Args;
use redstart_spec::{Acl, Flags};
use redstart_spec::{Catalogue, CommandSpec};
use std::collections::BTreeMap;

/// The commands and subcommands that a selector allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commands {
    /// Indexed by command id.
    bits: Vec<u64>,
    /// Every command is allowed, and none was denied since: commands added later are allowed too.
    all: bool,
    /// The rules began with `+@all`, and so does the description.
    from_all: bool,
    /// First arguments with which a command that is not allowed may be called (`+select|0`).
    first_args: BTreeMap<u32, Vec<Vec<u8>>>,
    /// The rules applied since then, in order, without duplicates.
    rules: Vec<Rule>,
}

/// A command, a subcommand, a category or a command with a first argument, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    name: Vec<u8>,
}

const WORD: usize = u64::BITS as usize;

impl Commands {
    /// `+@all` or `-@all`: discards all earlier rules.
    pub(super) fn set_all(&mut self, allow: bool, registry: &dyn Catalogue) {
        let words = registry.specs().count().div_ceil(WORD);
        *self = Self {
            bits: vec![if allow { u64::MAX } else { 0 }; words],
            all: allow,
            from_all: allow,
            ..Self::default()
        };
    }

    /// Whether every command is allowed.
    #[must_use]
    pub fn all(&self) -> bool {
        self.all
    }

    /// Whether a command is allowed with any arguments.
    #[must_use]
    pub fn has(&self, id: u32) -> bool {
        let (word, bit) = (id as usize / WORD, id as usize % WORD);
        self.bits.get(word).is_some_and(|bits| bits >> bit & 1 == 1)
    }

    fn set(&mut self, id: u32, allow: bool) {
        let (word, bit) = (id as usize / WORD, id as usize % WORD);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        if allow {
            self.bits[word] |= 1 << bit;
        } else {
            self.bits[word] &= !(1 << bit);
            self.all = false;
        }
    }

    /// Allows or denies a command with all its subcommands.
    fn set_whole(&mut self, command: &CommandSpec, allow: bool) {
        self.set(command.id, allow);
        self.first_args.remove(&command.id);
        for &id in &command.subcommands {
            self.set(id, allow);
        }
    }

    /// `+get`, `-config|set`.
    pub(super) fn set_command(&mut self, command: &CommandSpec, allow: bool) {
        self.set_whole(command, allow);
        self.note(command.full_name.as_bytes(), allow);
    }

    /// `+@read`: every command of a category, and the subcommands that are in the category themselves.
    pub(super) fn set_category(&mut self, category: Acl, name: &str, allow: bool, registry: &dyn Catalogue) {
        self.note(format!("@{name}").as_bytes(), allow);
        for command in registry.specs().filter(|command| command.acl.has(category)) {
            self.set_whole(command, allow);
        }
    }

    /// `+select|0`.
    pub(super) fn allow_first_arg(&mut self, command: &CommandSpec, first: &[u8]) {
        let known = self.first_args.entry(command.id).or_default();
        if !known.iter().any(|other| other.eq_ignore_ascii_case(first)) {
            known.push(first.to_vec());
        }
        self.note(&[command.full_name.as_bytes(), b"|", first].concat(), true);
    }

    /// Records a rule, and drops earlier rules for the same name or for a part of it.
    fn note(&mut self, name: &[u8], allow: bool) {
        let name = name.to_ascii_lowercase();
        let is_part = |other: &[u8]| other.strip_prefix(&*name).is_some_and(|rest| rest.is_empty() || rest[0] == b'|');
        self.rules.retain(|rule| !is_part(&rule.name));
        self.rules.push(Rule { allow, name });
    }

    /// Whether the command rules allow a call. Commands that need no authentication are always allowed.
    pub(super) fn allows(&self, command: &CommandSpec, args: &Args<'_>) -> bool {
        if self.all || self.has(command.id) || command.flags.has(Flags::NO_AUTH) {
            return true;
        }
        let Some(firsts) = self.first_args.get(&command.id) else { return false };
        let first = args.get(if command.parent.is_some() { 2 } else { 1 });
        first.is_some_and(|first| firsts.iter().any(|other| other.eq_ignore_ascii_case(first)))
    }

    /// The rules that produce this set: `-@all +@read -get`.
    #[must_use]
    pub fn describe(&self) -> Vec<u8> {
        let mut text = if self.from_all { b"+@all".to_vec() } else { b"-@all".to_vec() };
        for rule in &self.rules {
            text.extend_from_slice(if rule.allow { b" +" } else { b" -" });
            text.extend_from_slice(&rule.name);
        }
        text
    }
}
