//! The facts about a command that are known before it runs: its name, arguments, keys, flags, ACL categories,
//! documentation. No handlers, no data, no connections: the crate `command` runs commands.
//!
//! Start reading at [`CommandSpec`].
#![forbid(unsafe_code)]

mod docs;
mod error;
mod flags;
pub mod keys;

pub use docs::{Arg, ArgKind, Docs, Group};
pub use error::{Error, until_nul};
pub use flags::{Acl, Flags};
pub use keys::{Access, Begin, Find, KeySpec};

use redstart_resp::Args;

/// A command as seen by users, permissions and logs.
#[derive(Clone, Debug)]
pub struct CommandSpec {
    /// Its id, by which statistics are kept.
    pub id: u32,
    /// The name by which clients call it: its own unless `rename-command` changed it.
    pub name: String,
    /// The name with its parent's: `config|get`.
    pub full_name: String,
    /// The id of its parent.
    pub parent: Option<u32>,
    /// The ids of its subcommands.
    pub subcommands: Vec<u32>,
    /// The number of its arguments, including its name (and its parent's).
    pub arity: Arity,
    /// The positions of its keys.
    pub keys: &'static [KeySpec],
    /// The position of the first key after a keyword, for commands in which that word may also be the value of an
    /// option. Called before the arguments are validated; finds exactly the keys that the handler will use.
    pub locate: Option<fn(&Args<'_>) -> Option<usize>>,
    /// How a specific call accesses a key whose spec has [`Access::VARIABLE_FLAGS`].
    pub access: Option<fn(&Args<'_>) -> Access>,
    /// The channels among its arguments.
    pub channels: Channels,
    /// The databases that it accesses.
    pub databases: Databases,
    /// Whether the argument at an index must not appear in a log.
    pub secret: Option<fn(&Args<'_>, usize) -> bool>,
    /// Its properties.
    pub flags: Flags,
    /// All its ACL categories.
    pub acl: Acl,
}

/// Commands by name and id, as permissions need them.
pub trait Catalogue: std::fmt::Debug {
    /// All commands and subcommands, ordered by id.
    fn specs(&self) -> Box<dyn Iterator<Item = &CommandSpec> + '_>;

    /// The command with this id.
    fn spec(&self, id: u32) -> Option<&CommandSpec>;

    /// The command with this full name, by original names, ignoring renames.
    fn spec_of(&self, name: &[u8]) -> Option<&CommandSpec>;
}

impl Catalogue for Vec<CommandSpec> {
    fn specs(&self) -> Box<dyn Iterator<Item = &CommandSpec> + '_> {
        Box::new(self.iter())
    }

    fn spec(&self, id: u32) -> Option<&CommandSpec> {
        self.iter().find(|spec| spec.id == id)
    }

    fn spec_of(&self, name: &[u8]) -> Option<&CommandSpec> {
        self.iter().find(|spec| spec.full_name.as_bytes().eq_ignore_ascii_case(name))
    }
}

/// The number of a command's arguments, including the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Exactly this many.
    Exactly(usize),
    /// This many or more.
    AtLeast(usize),
}

impl Arity {
    /// Whether `count` arguments are valid.
    #[inline]
    #[must_use]
    pub const fn allows(self, count: usize) -> bool {
        match self {
            Self::Exactly(exactly) => count == exactly,
            Self::AtLeast(least) => count >= least,
        }
    }

    /// The value in COMMAND: negative if more are allowed.
    #[must_use]
    pub const fn as_int(self) -> i64 {
        match self {
            Self::Exactly(exactly) => exactly as i64,
            Self::AtLeast(least) => -(least as i64),
        }
    }
}

/// The channels among the arguments that need a permission; unsubscribing needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// No channels.
    None,
    /// This argument is a channel to publish to.
    Publish(usize),
    /// All arguments from this one on are channels to subscribe to.
    Subscribe(usize),
    /// All arguments from this one on are channel patterns to subscribe to.
    SubscribePatterns(usize),
}

/// The databases that a call accesses and that need a permission.
#[derive(Clone, Copy, Debug)]
pub enum Databases {
    /// The selected database.
    Selected,
    /// All databases.
    All,
    /// Those whose numbers are in these arguments, and the selected one if the call names keys. Invalid numbers are
    /// left to the handler, which refuses them.
    Named(fn(&Args<'_>) -> Vec<usize>),
}
