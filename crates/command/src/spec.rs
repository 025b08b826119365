//! The description of a command: what the table says, from which COMMAND, COMMAND DOCS, COMMAND GETKEYS, ACL
//! categories, locking and the generated reference derive.

use crate::context::Context;
use crate::shared::Shared;
use redstart_resp::{Args, Reply};
pub use redstart_spec::*;

/// Runs a command: reads `args` (its name first), works through the context, writes the answer.
pub type Handler = fn(&mut Context<'_>, &mut Args<'_>, &mut Reply<'_>) -> Result<(), Error>;

/// A command, or a subcommand within its parent's `subcommands`.
#[derive(Clone, Copy)]
pub struct Command {
    /// The name, in lower case.
    pub name: &'static str,
    /// What runs it. A parent of subcommands has [`Command::container`].
    pub handler: Handler,
    /// How many arguments it takes, its name (and its parent's) counted.
    pub arity: Arity,
    /// Where its keys stand.
    pub keys: &'static [KeySpec],
    /// Where the keys begin that stand behind a keyword, where that word may also be the value of an option. Asked
    /// before the arguments are known to be right, and for nothing else than what the handler will take for keys.
    pub locate: Option<fn(&Args<'_>) -> Option<usize>>,
    /// Whether a call has to run alone, with all slots its own, because it touches keys that its arguments do not name.
    pub alone: Option<fn(&Shared, &Args<'_>) -> bool>,
    /// Whether this very call may change data, where the flags do not tell.
    pub may_write: Option<fn(&Shared, &Args<'_>) -> bool>,
    /// Whether this very call may take more memory, where the flags do not tell.
    pub may_take_memory: Option<fn(&Shared, &Args<'_>) -> bool>,
    /// What this very call does with a key whose spec has [`Access::VARIABLE_FLAGS`].
    pub access: Option<fn(&Args<'_>) -> Access>,
    /// The channels among its arguments.
    pub channels: Channels,
    /// The databases it works on.
    pub databases: Databases,
    /// Whether an argument, by its place, must not stand in a log.
    pub secret: Option<fn(&Args<'_>, usize) -> bool>,
    /// How it is to be treated.
    pub flags: Flags,
    /// The ACL categories beyond those that follow from the flags.
    pub acl: Acl,
    /// What COMMAND DOCS and the reference say.
    pub docs: Docs,
    /// Hints to clients and proxies, as COMMAND shows them.
    pub tips: &'static [&'static str],
    /// The subcommands of a parent.
    pub subcommands: &'static [Command],
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Command").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Command {
    /// What most commands leave as it is.
    pub const BASE: Self = Self {
        name: "",
        handler: Self::container,
        arity: Arity::AtLeast(1),
        keys: &[],
        locate: None,
        alone: None,
        may_write: None,
        may_take_memory: None,
        access: None,
        channels: Channels::None,
        databases: Databases::Selected,
        secret: None,
        flags: Flags::NONE,
        acl: Acl::NONE,
        docs: Docs::NONE,
        tips: &[],
        subcommands: &[],
    };

    /// The handler of a parent, which is never run: the registry finds the subcommand or refuses.
    ///
    /// # Errors
    /// Always.
    pub fn container(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
        Err(Error::text("ERR unknown subcommand"))
    }

    /// Checks at compile time that flags and key specs of a family agree.
    ///
    /// # Panics
    /// If a command names no file, writes without a writable key while it is not exclusive or keyless by flag, or
    /// reads and writes at once.
    #[must_use]
    pub const fn checked(family: &'static [Self]) -> &'static [Self] {
        let mut at = 0;
        while at < family.len() {
            family[at].check();
            let mut sub = 0;
            while sub < family[at].subcommands.len() {
                family[at].subcommands[sub].check();
                sub += 1;
            }
            at += 1;
        }
        family
    }

    const fn check(&self) {
        assert!(!self.name.is_empty(), "a command has a name");
        assert!(!self.docs.summary.is_empty() && !self.docs.since.is_empty(), "a command is documented");
        assert!(!(self.flags.has(Flags::WRITE) && self.flags.has(Flags::READONLY)), "a command reads or writes");
        let mut at = 0;
        while at < self.keys.len() {
            let writes = self.keys[at].access.writes();
            // PFCOUNT keeps a count in the key that it reads.
            let may = self.flags.has(Flags::WRITE) || self.flags.has(Flags::MAY_REPLICATE);
            assert!(may || !writes, "who writes a key is a writing command");
            at += 1;
        }
    }
}
