//! The description of a command: what the table says, from which COMMAND, COMMAND DOCS, COMMAND GETKEYS, ACL
//! categories, locking and the generated reference derive.

use crate::context::Context;
use crate::error::Error;
use crate::shared::Shared;
use redstart_resp::{Args, Reply};

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

macro_rules! bit_set {
    ($(#[$doc:meta])* $name:ident: $int:ty { $($(#[$bit_doc:meta])* $bit:ident = $shift:literal, $shown:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name($int);

        impl $name {
            /// The empty set.
            pub const NONE: Self = Self(0);
            $($(#[$bit_doc])* pub const $bit: Self = Self(1 << $shift);)*

            /// Both sets together.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// Whether all of `other` is in this set.
            #[inline]
            #[must_use]
            pub const fn has(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Every member that is shown, with its name, in the order that Redis shows them.
            pub fn each() -> impl Iterator<Item = (Self, &'static str)> {
                [$((Self::$bit, $shown)),*].into_iter().filter(|(_, name)| !name.is_empty())
            }

            /// The names of what is in the set, in the order that Redis shows them.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::each().filter(move |(bit, _)| self.has(*bit)).map(|(_, name)| name)
            }
        }
    };
}

bit_set! {
    /// How a command is to be treated.
    Flags: u64 {
        /// Changes data.
        WRITE = 0, "write";
        /// Reads data.
        READONLY = 1, "readonly";
        /// May need memory, and is refused where there is none left.
        DENY_OOM = 2, "denyoom";
        /// Is the operator's.
        ADMIN = 3, "admin";
        /// Is about publishing and subscribing.
        PUBSUB = 4, "pubsub";
        /// Not from scripts.
        NO_SCRIPT = 5, "noscript";
        /// May block.
        BLOCKING = 6, "blocking";
        /// Runs while data is loaded.
        LOADING = 7, "loading";
        /// Runs on a replica with old data.
        STALE = 8, "stale";
        /// Not shown by MONITOR.
        SKIP_MONITOR = 9, "skip_monitor";
        /// Not shown by SLOWLOG.
        SKIP_SLOWLOG = 10, "skip_slowlog";
        /// Accepted while a slot is imported.
        ASKING = 11, "asking";
        /// Takes constant or logarithmic time.
        FAST = 12, "fast";
        /// Needs no authentication.
        NO_AUTH = 13, "no_auth";
        /// May cause writes though it is not one.
        MAY_REPLICATE = 14, "";
        /// May be called without keys.
        NO_MANDATORY_KEYS = 19, "no_mandatory_keys";
        /// Not while data is loaded asynchronously.
        NO_ASYNC_LOADING = 15, "no_async_loading";
        /// Not inside a transaction.
        NO_MULTI = 16, "no_multi";
        /// The keys' places depend on the arguments.
        MOVABLE_KEYS = 17, "movablekeys";
        /// Runs while a script is overdue.
        ALLOW_BUSY = 18, "allow_busy";
        /// Runs alone, with all slots its own.
        EXCLUSIVE = 20, "";
        /// May touch keys it does not name.
        TOUCHES_ARBITRARY_KEYS = 21, "";
        /// Runs at once inside a transaction too.
        NOT_QUEUED = 22, "";
        /// Runs on a connection that is subscribed and speaks version 2.
        WHILE_SUBSCRIBED = 24, "";
        /// Its answers are pushes, which CLIENT REPLY does not hold back.
        ANSWERS_BY_PUSH = 25, "";
        /// Takes the slots that it needs by itself where it runs alone: it runs other commands.
        LOCKS_ITSELF = 26, "";
        /// Of a large value it changes no more than the members that stand among its arguments, and what is known of
        /// the whole (when it expires). It may remove it. A snapshot need not have all the others first.
        CHANGES_NAMED = 27, "";
        /// Runs what MULTI queued, under the locks of all of it; the gates look at the queue as well.
        RUNS_QUEUE = 28, "";
        /// Selects a database for the commands behind it.
        SELECTS_DATABASE = 29, "";
        /// Leaves the choice of CLIENT CACHING for the next command.
        KEEPS_CACHING = 30, "";
        /// Ends WATCH, so it needs the slots of the watched keys.
        ENDS_WATCH = 31, "";
        /// Is refused where commands that write are: health checks see what applications see.
        PROBES_WRITES = 32, "";
    }
}

bit_set! {
    /// ACL categories.
    Acl: u32 {
        /// Keys of any type.
        KEYSPACE = 0, "keyspace";
        /// Reads data.
        READ = 1, "read";
        /// Changes data.
        WRITE = 2, "write";
        /// Sets.
        SET = 3, "set";
        /// Sorted sets.
        SORTED_SET = 4, "sortedset";
        /// Lists.
        LIST = 5, "list";
        /// Hashes.
        HASH = 6, "hash";
        /// Strings.
        STRING = 7, "string";
        /// Bitmaps.
        BITMAP = 8, "bitmap";
        /// HyperLogLogs.
        HYPERLOGLOG = 9, "hyperloglog";
        /// Geospatial indexes.
        GEO = 10, "geo";
        /// Streams.
        STREAM = 11, "stream";
        /// Arrays.
        ARRAY = 21, "array";
        /// Publishing and subscribing.
        PUBSUB = 12, "pubsub";
        /// The operator's.
        ADMIN = 13, "admin";
        /// Fast.
        FAST = 14, "fast";
        /// Not fast.
        SLOW = 15, "slow";
        /// May block.
        BLOCKING = 16, "blocking";
        /// Dangerous in the wrong hands.
        DANGEROUS = 17, "dangerous";
        /// About the connection.
        CONNECTION = 18, "connection";
        /// Transactions.
        TRANSACTION = 19, "transaction";
        /// Scripts.
        SCRIPTING = 20, "scripting";
    }
}

impl Acl {
    /// The categories of a command: its own, and those that its flags imply.
    #[must_use]
    pub const fn of(command: &Command) -> Self {
        let (mut acl, flags) = (command.acl, command.flags);
        if flags.has(Flags::WRITE) {
            acl = acl.with(Self::WRITE);
        }
        if flags.has(Flags::READONLY) && !acl.has(Self::SCRIPTING) {
            acl = acl.with(Self::READ);
        }
        if flags.has(Flags::ADMIN) {
            acl = acl.with(Self::ADMIN).with(Self::DANGEROUS);
        }
        if flags.has(Flags::PUBSUB) {
            acl = acl.with(Self::PUBSUB);
        }
        if flags.has(Flags::BLOCKING) {
            acl = acl.with(Self::BLOCKING);
        }
        acl.with(if flags.has(Flags::FAST) { Self::FAST } else { Self::SLOW })
    }
}

bit_set! {
    /// What a command does with a key.
    Access: u16 {
        /// Reads the value and may write it.
        RW = 0, "RW";
        /// Only reads.
        RO = 1, "RO";
        /// Overwrites without reading.
        OW = 2, "OW";
        /// Removes the key.
        RM = 3, "RM";
        /// Returns or copies what the user put there.
        ACCESS = 4, "access";
        /// Changes the value.
        UPDATE = 5, "update";
        /// Adds to the value.
        INSERT = 6, "insert";
        /// Deletes from the value, or the key.
        DELETE = 7, "delete";
        /// Is no key, though it stands like one.
        NOT_KEY = 8, "not_key";
        /// The spec may miss keys.
        INCOMPLETE = 9, "incomplete";
        /// The access depends on the arguments.
        VARIABLE_FLAGS = 10, "variable_flags";
    }
}

impl Access {
    /// Whether the key may be changed.
    #[must_use]
    pub const fn writes(self) -> bool {
        self.has(Self::RW) || self.has(Self::OW) || self.has(Self::RM)
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
#[derive(Clone, Copy)]
pub enum Databases {
    /// The selected one.
    Selected,
    /// All.
    All,
    /// Those whose numbers stand in these arguments, and the selected one if it names keys. Numbers that are none are
    /// for the handler to refuse.
    Named(fn(&Args<'_>) -> Vec<usize>),
}

/// Where a group of keys stands, and what happens to them.
#[derive(Clone, Copy, Debug)]
pub struct KeySpec {
    /// What happens to them.
    pub access: Access,
    /// Where the group begins.
    pub begin: Begin,
    /// How to go on from there.
    pub find: Find,
    /// A remark.
    pub notes: Option<&'static str>,
}

/// Where a group of keys begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At this argument.
    Index(usize),
    /// Behind this word, looked for from `from` on (negative: backwards from the end).
    Keyword {
        /// The word.
        keyword: &'static str,
        /// Where to start looking.
        from: i64,
    },
    /// Where the arguments do not show it. Keys that are written there are found by [`Command::locate`].
    Unknown,
}

/// How the keys of a group follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// From the beginning to `last` (relative; negative: from the end), every `step`-th.
    Range {
        /// The last key, relative to the first; negative counts from the end.
        last: i64,
        /// From key to key.
        step: usize,
        /// With a `last` of -1: stop after 1/limit of the arguments.
        limit: usize,
    },
    /// As many as an argument says.
    KeyNum {
        /// Where the number stands, relative to the beginning.
        number_at: usize,
        /// Where the first key stands, relative to the beginning.
        first: usize,
        /// From key to key.
        step: usize,
    },
    /// Not to be known.
    Unknown,
}

impl KeySpec {
    /// One key at argument `index`.
    #[must_use]
    pub const fn at(index: usize, access: Access) -> Self {
        Self::range(index, 0, 1, access)
    }

    /// Keys from `index` to the last argument, every `step`-th.
    #[must_use]
    pub const fn from(index: usize, step: usize, access: Access) -> Self {
        Self::range(index, -1, step, access)
    }

    /// Keys from `index` to `last`.
    #[must_use]
    pub const fn range(index: usize, last: i64, step: usize, access: Access) -> Self {
        Self { access, begin: Begin::Index(index), find: Find::Range { last, step, limit: 0 }, notes: None }
    }

    /// As many keys as argument `index` says, right behind it, every `step`-th.
    #[must_use]
    pub const fn counted(index: usize, step: usize, access: Access) -> Self {
        Self { access, begin: Begin::Index(index), find: Find::KeyNum { number_at: 0, first: 1, step }, notes: None }
    }

    /// Keys that stand where no rule says.
    #[must_use]
    pub const fn unknown(access: Access) -> Self {
        Self { access, begin: Begin::Unknown, find: Find::Unknown, notes: None }
    }

    /// With a remark.
    #[must_use]
    pub const fn note(mut self, notes: &'static str) -> Self {
        self.notes = Some(notes);
        self
    }
}

/// The group that the documentation puts a command in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Group {
    Generic,
    String,
    List,
    Set,
    SortedSet,
    Hash,
    PubSub,
    Transactions,
    Connection,
    Server,
    Scripting,
    HyperLogLog,
    Cluster,
    Geo,
    Stream,
    Bitmap,
    Array,
}

impl Group {
    /// As COMMAND DOCS shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::String => "string",
            Self::List => "list",
            Self::Set => "set",
            Self::SortedSet => "sorted-set",
            Self::Hash => "hash",
            Self::PubSub => "pubsub",
            Self::Transactions => "transactions",
            Self::Connection => "connection",
            Self::Server => "server",
            Self::Scripting => "scripting",
            Self::HyperLogLog => "hyperloglog",
            Self::Cluster => "cluster",
            Self::Geo => "geo",
            Self::Stream => "stream",
            Self::Bitmap => "bitmap",
            Self::Array => "array",
        }
    }
}

/// What the reference says of a command.
#[derive(Clone, Copy, Debug)]
pub struct Docs {
    /// One sentence.
    pub summary: &'static str,
    /// The release that brought it.
    pub since: &'static str,
    /// Where the documentation puts it.
    pub group: Group,
    /// What it costs.
    pub complexity: &'static str,
    /// Its arguments.
    pub args: &'static [Arg],
    /// What changed later: release, and what.
    pub history: &'static [(&'static str, &'static str)],
    /// Since when it should not be used, and what to use instead.
    pub deprecated: Option<(&'static str, &'static str)>,
    /// Is for servers and tools, not for applications.
    pub system: bool,
}

impl Docs {
    /// What most commands leave as it is.
    pub const NONE: Self = Self {
        summary: "",
        since: "",
        group: Group::Generic,
        complexity: "",
        args: &[],
        history: &[],
        deprecated: None,
        system: false,
    };
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of COMMAND DOCS")]
pub enum ArgKind {
    String,
    Integer,
    Double,
    Key,
    Pattern,
    UnixTime,
    PureToken,
    OneOf,
    Block,
}

impl ArgKind {
    /// As COMMAND DOCS shows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::Key => "key",
            Self::Pattern => "pattern",
            Self::UnixTime => "unix-time",
            Self::PureToken => "pure-token",
            Self::OneOf => "oneof",
            Self::Block => "block",
        }
    }
}

/// One argument in COMMAND DOCS.
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: ArgKind,
    /// The word that stands before it, or that it is.
    pub token: Option<&'static str>,
    /// Which key spec it belongs to.
    pub key_spec: Option<usize>,
    /// May be left out.
    pub optional: bool,
    /// May be repeated.
    pub multiple: bool,
    /// Is repeated with its token.
    pub multiple_token: bool,
    /// The parts of a block, or the alternatives.
    pub args: &'static [Arg],
    /// The release that brought it.
    pub since: Option<&'static str>,
    /// The release since which it should not be used.
    pub deprecated: Option<&'static str>,
    /// What to show instead of its name.
    pub display: Option<&'static str>,
}

impl Arg {
    /// An argument of a kind.
    #[must_use]
    pub const fn new(name: &'static str, kind: ArgKind) -> Self {
        Self {
            name,
            kind,
            token: None,
            key_spec: None,
            optional: false,
            multiple: false,
            multiple_token: false,
            args: &[],
            since: None,
            deprecated: None,
            display: None,
        }
    }

    /// A key of the first key spec.
    #[must_use]
    pub const fn key(name: &'static str) -> Self {
        Self::key_of(name, 0)
    }

    /// A key of the key spec with this number.
    #[must_use]
    pub const fn key_of(name: &'static str, spec: usize) -> Self {
        let mut arg = Self::new(name, ArgKind::Key);
        arg.key_spec = Some(spec);
        arg
    }

    /// Any bytes.
    #[must_use]
    pub const fn string(name: &'static str) -> Self {
        Self::new(name, ArgKind::String)
    }

    /// An integer.
    #[must_use]
    pub const fn int(name: &'static str) -> Self {
        Self::new(name, ArgKind::Integer)
    }

    /// A word that is there or not.
    #[must_use]
    pub const fn flag(name: &'static str, token: &'static str) -> Self {
        Self::new(name, ArgKind::PureToken).token(token)
    }

    /// One of several.
    #[must_use]
    pub const fn one_of(name: &'static str, args: &'static [Self]) -> Self {
        let mut arg = Self::new(name, ArgKind::OneOf);
        arg.args = args;
        arg
    }

    /// Several together.
    #[must_use]
    pub const fn block(name: &'static str, args: &'static [Self]) -> Self {
        let mut arg = Self::new(name, ArgKind::Block);
        arg.args = args;
        arg
    }

    /// Behind this word.
    #[must_use]
    pub const fn token(mut self, token: &'static str) -> Self {
        self.token = Some(token);
        self
    }

    /// Of the key spec with this number.
    #[must_use]
    pub const fn of_spec(mut self, spec: usize) -> Self {
        self.key_spec = Some(spec);
        self
    }

    /// Is repeated with its token.
    #[must_use]
    pub const fn multiple_token(mut self) -> Self {
        self.multiple_token = true;
        self
    }

    /// May be left out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// May be repeated.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Since this release.
    #[must_use]
    pub const fn since(mut self, since: &'static str) -> Self {
        self.since = Some(since);
        self
    }

    /// Not to be used since this release.
    #[must_use]
    pub const fn deprecated(mut self, since: &'static str) -> Self {
        self.deprecated = Some(since);
        self
    }

    /// Shown with this text instead of its name.
    #[must_use]
    pub const fn display(mut self, text: &'static str) -> Self {
        self.display = Some(text);
        self
    }
}
