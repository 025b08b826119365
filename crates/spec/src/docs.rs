//! What COMMAND DOCS and the reference say of a command.

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
