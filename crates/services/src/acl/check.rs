//! Checks whether a selector allows a call, and why not.

use super::selector::Selector;
use super::user::User;
use redstart_encoding::int::parse_i64;
use redstart_resp::Args;
use redstart_spec::CommandSpec;
use redstart_spec::keys;
use redstart_spec::{Access, Acl, Channels, Databases, KeySpec};

/// A command and its arguments, to be checked.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The command.
    pub command: &'a CommandSpec,
    /// Its arguments, its name first.
    pub args: &'a Args<'a>,
    /// The selected database.
    pub database: usize,
    /// The number of databases.
    pub databases: usize,
}

/// Why a call is denied. The number is the index of the argument at fault, 0 for the command itself. Variants are
/// ordered by weight: if several selectors deny a call, the greatest reason is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denied {
    /// A database.
    Database(usize),
    /// The command.
    Command,
    /// A key.
    Key(usize),
    /// A channel.
    Channel(usize),
}

impl<'a> Call<'a> {
    pub(super) fn check(&self, selector: &Selector) -> Result<(), Denied> {
        self.check_databases(selector)?;
        if !selector.commands.allows(self.command, self.args) {
            return Err(Denied::Command);
        }
        self.denied_key(selector).map_or(Ok(()), |at| Err(Denied::Key(at)))?;
        self.denied_channel(selector).map_or(Ok(()), |at| Err(Denied::Channel(at)))
    }

    fn check_databases(&self, selector: &Selector) -> Result<(), Denied> {
        if selector.databases.is_none() {
            return Ok(());
        }
        let selected = || selector.allows_database(self.database);
        let allowed = match self.command.databases {
            Databases::All => (0..self.databases).all(|database| selector.allows_database(database)),
            Databases::Named(named) => {
                if let Some(at) = named(self.args).into_iter().find(|&at| self.names_denied_database(at, selector)) {
                    return Err(Denied::Database(at));
                }
                !self.has_keys() || selected()
            }
            Databases::Selected => !self.reaches_data() || selected(),
        };
        if allowed { Ok(()) } else { Err(Denied::Database(0)) }
    }

    /// Leaves an argument that is not a database number to the handler, which refuses it.
    fn names_denied_database(&self, at: usize, selector: &Selector) -> bool {
        let number = self.args.get(at).and_then(parse_i64).and_then(|number| usize::try_from(number).ok());
        number.is_some_and(|number| number < self.databases && !selector.allows_database(number))
    }

    fn reaches_data(&self) -> bool {
        let acl = self.command.acl;
        acl.has(Acl::KEYSPACE) || acl.has(Acl::READ) || acl.has(Acl::WRITE) || self.has_keys()
    }

    fn has_keys(&self) -> bool {
        self.command.keys.iter().any(is_of_keys)
    }

    /// The first key that the selector denies. Arguments that do not fit the key specs contain no keys.
    fn denied_key(&self, selector: &Selector) -> Option<usize> {
        if selector.all_keys || !self.has_keys() {
            return None;
        }
        let mut denied = None;
        let fitting = keys::find(self.command, self.args, |key| {
            let is_key = !key.access.has(Access::NOT_KEY);
            if denied.is_none() && is_key && !selector.allows_key(&self.args[key.index], key.access) {
                denied = Some(key.index);
            }
        });
        denied.filter(|_| fitting.is_ok())
    }

    fn denied_channel(&self, selector: &Selector) -> Option<usize> {
        let (mut places, is_pattern) = match self.command.channels {
            _ if selector.all_channels => return None,
            Channels::None => return None,
            Channels::Publish(at) => (at..self.args.len().min(at + 1), false),
            Channels::Subscribe(from) => (from..self.args.len(), false),
            Channels::SubscribePatterns(from) => (from..self.args.len(), true),
        };
        places.find(|&at| !selector.allows_channel(&self.args[at], is_pattern))
    }

    /// The denied object: an argument or the command.
    #[must_use]
    pub fn object(&self, denied: Denied) -> &'a [u8] {
        match denied {
            Denied::Command | Denied::Database(0) => self.command.full_name.as_bytes(),
            Denied::Database(at) | Denied::Key(at) | Denied::Channel(at) => &self.args[at],
        }
    }

    /// The denial as text without an error code. `verbose` adds the name of the key, channel or database.
    #[must_use]
    pub fn explain(&self, denied: Denied, user: &User, verbose: bool) -> Vec<u8> {
        let name = user.name.as_slice();
        let to_access = |what: &[u8]| [b"User ", name, b" has no permissions to access ", what].concat();
        match denied {
            Denied::Command => {
                let command = self.command.full_name.as_bytes();
                [b"User ", name, b" has no permissions to run the '", command, b"' command"].concat()
            }
            Denied::Key(at) if verbose => to_access(&[b"the '", &self.args[at], b"' key"].concat()),
            Denied::Channel(at) if verbose => to_access(&[b"the '", &self.args[at], b"' channel"].concat()),
            Denied::Database(at) if verbose => to_access(&[b"database ", &self.args[at]].concat()),
            Denied::Key(_) => b"No permissions to access a key".to_vec(),
            Denied::Channel(_) => b"No permissions to access a channel".to_vec(),
            Denied::Database(_) => b"No permissions to access database".to_vec(),
        }
    }
}

fn is_of_keys(spec: &KeySpec) -> bool {
    !spec.access.has(Access::NOT_KEY)
}
