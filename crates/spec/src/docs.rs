//! The documentation of a command in COMMAND DOCS and in the reference.

/// The group of a command in the documentation.
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
    /// The name in COMMAND DOCS.
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

/// The documentation of a command.
#[derive(Clone, Copy, Debug)]
pub struct Docs {
    /// One sentence.
    pub summary: &'static str,
    /// The release that added it.
    pub since: &'static str,
    /// Its group.
    pub group: Group,
    /// Its complexity.
    pub complexity: &'static str,
    /// Its arguments.
    pub args: &'static [Arg],
    /// Later changes: the release, and the change.
    pub history: &'static [(&'static str, &'static str)],
    /// The release that deprecated it, and the replacement.
    pub deprecated: Option<(&'static str, &'static str)>,
    /// For servers and tools, not for applications.
    pub system: bool,
}

impl Docs {
    /// The defaults of most commands.
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

/// The kind of an argument.
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
    /// The name in COMMAND DOCS.
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
    /// Its kind.
    pub kind: ArgKind,
    /// The word that precedes it, or that it consists of.
    pub token: Option<&'static str>,
    /// The index of its key spec.
    pub key_spec: Option<usize>,
    /// It is optional.
    pub optional: bool,
    /// It may be repeated.
    pub multiple: bool,
    /// It is repeated with its token.
    pub multiple_token: bool,
    /// The arguments of a block, or the alternatives.
    pub args: &'static [Arg],
    /// The release that added it.
    pub since: Option<&'static str>,
    /// The release that deprecated it.
    pub deprecated: Option<&'static str>,
    /// The text to show instead of its name.
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

    /// A key of the key spec with this index.
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

    /// An optional word.
    #[must_use]
    pub const fn flag(name: &'static str, token: &'static str) -> Self {
        Self::new(name, ArgKind::PureToken).token(token)
    }

    /// One of several arguments.
    #[must_use]
    pub const fn one_of(name: &'static str, args: &'static [Self]) -> Self {
        let mut arg = Self::new(name, ArgKind::OneOf);
        arg.args = args;
        arg
    }

    /// Several arguments in sequence.
    #[must_use]
    pub const fn block(name: &'static str, args: &'static [Self]) -> Self {
        let mut arg = Self::new(name, ArgKind::Block);
        arg.args = args;
        arg
    }

    /// Preceded by this word.
    #[must_use]
    pub const fn token(mut self, token: &'static str) -> Self {
        self.token = Some(token);
        self
    }

    /// Belongs to the key spec with this index.
    #[must_use]
    pub const fn of_spec(mut self, spec: usize) -> Self {
        self.key_spec = Some(spec);
        self
    }

    /// Repeated with its token.
    #[must_use]
    pub const fn multiple_token(mut self) -> Self {
        self.multiple_token = true;
        self
    }

    /// Optional.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Repeatable.
    #[must_use]
    pub const fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Added in this release.
    #[must_use]
    pub const fn since(mut self, since: &'static str) -> Self {
        self.since = Some(since);
        self
    }

    /// Deprecated since this release.
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
