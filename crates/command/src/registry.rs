//! All commands by name, with what can be known of each before it runs.

use crate::spec::{Acl, Begin, Catalogue, Command, CommandSpec, Find, Flags};
use std::collections::HashMap;
use std::ops::Deref;

/// How the slots of a command are found before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It names no keys.
    Keyless,
    /// Its only key is this argument.
    One(usize),
    /// Its keys are found by its key specs.
    Many,
    /// Its keys are those of the queue that it runs.
    Queue,
}

/// A command with what is known of it and what runs it.
#[derive(Debug)]
pub struct Registered {
    /// The command as its family defines it.
    pub command: &'static Command,
    /// How its slots are found.
    pub plan: Plan,
    spec: CommandSpec,
}

impl Deref for Registered {
    type Target = CommandSpec;
    #[inline]
    fn deref(&self) -> &CommandSpec {
        &self.spec
    }
}

/// The longest name that is looked up without an allocation.
const NAME_MAX: usize = 32;

/// All commands by name and number.
#[derive(Debug, Default)]
pub struct Registry {
    all: Vec<Registered>,
    /// Top-level commands: an open-addressed table of numbers plus one, by a cheap hash of the lower-case name.
    table: Vec<u16>,
    subcommands: HashMap<(u32, String), u32>,
}

/// Why a name in `rename-command` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenameError {
    /// There is no such command.
    NoSuchCommand,
    /// The new name is taken.
    NameTaken,
}

impl std::fmt::Display for RenameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchCommand => f.write_str("No such command in rename-command"),
            Self::NameTaken => f.write_str("Target command name already exists"),
        }
    }
}

impl std::error::Error for RenameError {}

impl Registry {
    /// All commands of `families`, under their own names.
    #[must_use]
    pub fn new(families: &[&'static [Command]]) -> Self {
        let mut registry = Self::default();
        for command in families.iter().flat_map(|family| family.iter()) {
            registry.add(command);
        }
        registry.index();
        registry
    }

    fn add(&mut self, command: &'static Command) {
        let parent = self.push(command, None);
        for subcommand in command.subcommands {
            let id = self.push(subcommand, Some(parent));
            self.all[parent as usize].spec.subcommands.push(id);
            self.subcommands.insert((parent, subcommand.name.to_owned()), id);
        }
    }

    fn push(&mut self, command: &'static Command, parent: Option<u32>) -> u32 {
        let id = self.all.len() as u32;
        let full_name = match parent {
            Some(parent) => format!("{}|{}", self.all[parent as usize].full_name, command.name),
            None => command.name.to_owned(),
        };
        let spec = CommandSpec {
            id,
            name: command.name.to_owned(),
            full_name,
            parent,
            subcommands: Vec::new(),
            arity: command.arity,
            keys: command.keys,
            locate: command.locate,
            access: command.access,
            channels: command.channels,
            databases: command.databases,
            secret: command.secret,
            flags: command.flags,
            acl: Acl::implied(command.acl, command.flags),
        };
        self.all.push(Registered { command, plan: plan(command), spec });
        id
    }

    /// Gives a command another name, or none if `new` is empty (`rename-command`).
    ///
    /// # Errors
    /// There is no command `old`, or `new` is taken.
    pub fn rename(&mut self, old: &[u8], new: &[u8]) -> Result<(), RenameError> {
        let at = self.find(old).ok_or(RenameError::NoSuchCommand)?.id as usize;
        if self.find(new).is_some() {
            return Err(RenameError::NameTaken);
        }
        self.all[at].spec.name = String::from_utf8_lossy(&new.to_ascii_lowercase()).into_owned();
        self.index();
        Ok(())
    }

    fn index(&mut self) {
        let size = (self.all.len() * 4).next_power_of_two();
        self.table = vec![0; size];
        for one in &self.all {
            if one.parent.is_none() && !one.name.is_empty() {
                let mut at = name_hash(one.name.as_bytes()) & (size - 1);
                while self.table[at] != 0 {
                    at = (at + 1) & (size - 1);
                }
                self.table[at] = one.id as u16 + 1;
            }
        }
    }

    /// The command that is called `name`, in any case.
    #[inline]
    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<&Registered> {
        if name.len() > NAME_MAX || self.table.is_empty() {
            return None;
        }
        let mut lower = [0; NAME_MAX];
        let lower = &mut lower[..name.len()];
        for (to, from) in lower.iter_mut().zip(name) {
            *to = from.to_ascii_lowercase();
        }
        let mask = self.table.len() - 1;
        let mut at = name_hash(lower) & mask;
        loop {
            let id = self.table[at].checked_sub(1)?;
            let one = &self.all[usize::from(id)];
            if one.name.as_bytes() == lower {
                return Some(one);
            }
            at = (at + 1) & mask;
        }
    }

    /// The subcommand of `parent` that is called `name`, in any case.
    #[must_use]
    pub fn subcommand(&self, parent: &Registered, name: &[u8]) -> Option<&Registered> {
        let name = String::from_utf8(name.to_ascii_lowercase()).ok()?;
        self.subcommands.get(&(parent.id, name)).map(|&id| &self.all[id as usize])
    }

    /// The command of a full name such as `config|get`.
    #[must_use]
    pub fn find_full(&self, name: &[u8]) -> Option<&Registered> {
        match name.iter().position(|&byte| byte == b'|') {
            Some(bar) => self.subcommand(self.find(&name[..bar])?, &name[bar + 1..]),
            None => self.find(name),
        }
    }

    /// As [`Registry::find_full`], by the names that commands have of themselves, whatever they are called by now.
    #[must_use]
    pub fn find_own(&self, name: &[u8]) -> Option<&Registered> {
        self.all.iter().find(|one| one.full_name.as_bytes().eq_ignore_ascii_case(name))
    }

    /// The command with this number.
    #[must_use]
    pub fn get(&self, id: u32) -> Option<&Registered> {
        self.all.get(id as usize)
    }

    /// All commands and subcommands, in the order of their numbers.
    #[must_use]
    pub fn all(&self) -> &[Registered] {
        &self.all
    }

    /// The commands that can be called, without subcommands.
    pub fn commands(&self) -> impl Iterator<Item = &Registered> {
        self.all.iter().filter(|one| one.parent.is_none() && !one.name.is_empty())
    }
}

impl Catalogue for Registry {
    fn specs(&self) -> Box<dyn Iterator<Item = &CommandSpec> + '_> {
        Box::new(self.all.iter().map(|one| &one.spec))
    }

    fn spec(&self, id: u32) -> Option<&CommandSpec> {
        self.get(id).map(|one| &one.spec)
    }

    fn spec_of(&self, name: &[u8]) -> Option<&CommandSpec> {
        self.find_own(name).map(|one| &one.spec)
    }
}

fn plan(command: &Command) -> Plan {
    match command.keys {
        _ if command.flags.has(Flags::RUNS_QUEUE) => Plan::Queue,
        [] => Plan::Keyless,
        [spec] => match (spec.begin, spec.find) {
            (Begin::Index(index), Find::Range { last: 0, .. }) => Plan::One(index),
            _ => Plan::Many,
        },
        _ => Plan::Many,
    }
}

/// Cheap and good enough for some hundred names that nobody else chooses.
#[inline]
fn name_hash(name: &[u8]) -> usize {
    let mut hash = name.len() as u64;
    for chunk in name.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^= hash >> 29;
    }
    hash as usize
}
