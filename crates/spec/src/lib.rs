//! What can be known of a command before it runs: its name, arguments, keys, flags, ACL categories, documentation. No
//! handler, no data, no connections: what runs a command is in the crate `command`.
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

/// A command as its users, permissions and logs know it.
#[derive(Clone, Debug)]
pub struct CommandSpec {
    /// Its number, by which statistics are kept.
    pub id: u32,
    /// The name clients call it by: its own unless `rename-command` gave another.
    pub name: String,
    /// The name with its parent's: `config|get`.
    pub full_name: String,
    /// The number of its parent.
    pub parent: Option<u32>,
    /// The numbers of its subcommands.
    pub subcommands: Vec<u32>,
    /// How many arguments it takes, its name (and its parent's) counted.
    pub arity: Arity,
    /// Where its keys stand.
    pub keys: &'static [KeySpec],
    /// Where the keys begin that stand behind a keyword, where that word may also be the value of an option. Asked
    /// before the arguments are known to be right, and for nothing else than what the handler will take for keys.
    pub locate: Option<fn(&Args<'_>) -> Option<usize>>,
    /// What this very call does with a key whose spec has [`Access::VARIABLE_FLAGS`].
    pub access: Option<fn(&Args<'_>) -> Access>,
    /// The channels among its arguments.
    pub channels: Channels,
    /// The databases it works on.
    pub databases: Databases,
    /// Whether an argument, by its place, must not stand in a log.
    pub secret: Option<fn(&Args<'_>, usize) -> bool>,
    /// How it is treated.
    pub flags: Flags,
    /// All its ACL categories.
    pub acl: Acl,
}

/// Commands by name and number, as permissions need them.
pub trait Catalogue: std::fmt::Debug {
    /// All commands and subcommands, in the order of their numbers.
    fn specs(&self) -> Box<dyn Iterator<Item = &CommandSpec> + '_>;

    /// The command with this number.
    fn spec(&self, id: u32) -> Option<&CommandSpec>;

    /// The command of this full name, by the names that commands have of themselves, whatever they are called by now.
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

/// How many arguments a command takes, the name counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// So many.
    Exactly(usize),
    /// So many or more.
    AtLeast(usize),
}

impl Arity {
    /// Whether `count` arguments are right.
    #[inline]
    #[must_use]
    pub const fn allows(self, count: usize) -> bool {
        match self {
            Self::Exactly(exactly) => count == exactly,
            Self::AtLeast(least) => count >= least,
        }
    }

    /// As COMMAND shows it: negative where more are allowed.
    #[must_use]
    pub const fn as_int(self) -> i64 {
        match self {
            Self::Exactly(exactly) => exactly as i64,
            Self::AtLeast(least) => -(least as i64),
        }
    }
}

/// The channels among the arguments, as far as a permission is needed for them: who unsubscribes needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// There are none.
    None,
    /// This argument is a channel to publish to.
    Publish(usize),
    /// From this argument on all are channels to subscribe to.
    Subscribe(usize),
    /// From this argument on all are patterns of channels to subscribe to.
    SubscribePatterns(usize),
}

/// The databases that a call works on, as far as a permission is needed for them.
#[derive(Clone, Copy, Debug)]
pub enum Databases {
    /// The selected one.
    Selected,
    /// All.
    All,
    /// Those whose numbers stand in these arguments, and the selected one if it names keys. Numbers that are none are
    /// for the handler to refuse.
    Named(fn(&Args<'_>) -> Vec<usize>),
}
