//! A selector: one set of permissions. A call must be allowed by a single selector.

use super::allowed::Commands;
use redstart_encoding::glob;
use redstart_spec::Access;

/// One set of permissions: commands, keys, channels, databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    pub(super) commands: Commands,
    pub(super) all_keys: bool,
    pub(super) keys: Vec<KeyPattern>,
    pub(super) all_channels: bool,
    pub(super) channels: Vec<Vec<u8>>,
    /// The allowed databases; `None` for all.
    pub(super) databases: Option<Vec<u32>>,
    /// A rule named databases, so replies mention them. Redis has no such rules.
    pub(super) names_databases: bool,
}

/// A key pattern and the access that it grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyPattern {
    pub(super) read: bool,
    pub(super) write: bool,
    pub(super) glob: Vec<u8>,
}

impl KeyPattern {
    /// The rule: `~glob`, `%R~glob`, `%W~glob`.
    fn text(&self) -> Vec<u8> {
        let sign: &[u8] = match (self.read, self.write) {
            (true, true) => b"~",
            (true, false) => b"%R~",
            _ => b"%W~",
        };
        [sign, &self.glob].concat()
    }

    /// Whether the pattern grants this access. A test for existence needs either right.
    fn grants(&self, access: Access) -> bool {
        let writes = [Access::INSERT, Access::DELETE, Access::UPDATE].into_iter().any(|one| access.has(one));
        (self.read || !access.has(Access::ACCESS)) && (self.write || !writes)
    }
}

impl Selector {
    /// Allows nothing, except all channels if configured so; valid in every database.
    #[must_use]
    pub fn new(all_channels: bool) -> Self {
        Self {
            commands: Commands::default(),
            all_keys: false,
            keys: Vec::new(),
            all_channels,
            channels: Vec::new(),
            databases: None,
            names_databases: false,
        }
    }

    /// The allowed commands.
    #[must_use]
    pub fn commands(&self) -> &Commands {
        &self.commands
    }

    /// Whether the selector allows everything.
    #[must_use]
    pub fn unrestricted(&self) -> bool {
        self.commands.all() && self.all_keys && self.all_channels && self.databases.is_none()
    }

    /// Whether the selector allows this access to a key.
    #[must_use]
    pub fn allows_key(&self, key: &[u8], access: Access) -> bool {
        self.all_keys || self.keys.iter().any(|pattern| pattern.grants(access) && glob::matches(&pattern.glob, key))
    }

    /// Whether the selector allows this access to every key.
    #[must_use]
    pub fn allows_all_keys(&self, access: Access) -> bool {
        self.all_keys || self.keys.iter().any(|pattern| pattern.grants(access) && pattern.glob == b"*")
    }

    /// Whether a channel is allowed. A pattern is allowed only if the rules name exactly this pattern.
    #[must_use]
    pub fn allows_channel(&self, channel: &[u8], is_pattern: bool) -> bool {
        self.all_channels || channel_is_among(&self.channels, channel, is_pattern)
    }

    /// Whether a database is allowed.
    #[must_use]
    pub fn allows_database(&self, database: usize) -> bool {
        let is_it = |one: &u32| *one as usize == database;
        self.databases.as_ref().is_none_or(|databases| databases.iter().any(is_it))
    }

    /// The key patterns, separated by spaces.
    #[must_use]
    pub fn describe_keys(&self) -> Vec<u8> {
        if self.all_keys {
            return b"~*".to_vec();
        }
        self.keys.iter().map(KeyPattern::text).collect::<Vec<_>>().join(b" ".as_slice())
    }

    /// The channel patterns, separated by spaces.
    #[must_use]
    pub fn describe_channels(&self) -> Vec<u8> {
        if self.all_channels {
            return b"&*".to_vec();
        }
        let channels: Vec<_> = self.channels.iter().map(|channel| [b"&", channel.as_slice()].concat()).collect();
        channels.join(b" ".as_slice())
    }

    /// Whether a rule ever named databases.
    #[must_use]
    pub fn names_databases(&self) -> bool {
        self.names_databases
    }

    /// The databases as `alldbs`, `db=0,1` or an empty string.
    #[must_use]
    pub fn describe_databases(&self) -> String {
        match &self.databases {
            None => "alldbs".to_owned(),
            Some(databases) if databases.is_empty() => String::new(),
            Some(databases) => {
                let numbers: Vec<_> = databases.iter().map(u32::to_string).collect();
                format!("db={}", numbers.join(","))
            }
        }
    }

    /// The rules that produce this selector.
    #[must_use]
    pub fn describe(&self) -> Vec<u8> {
        let mut words = Vec::new();
        if self.all_keys || !self.keys.is_empty() {
            words.push(self.describe_keys());
        }
        if !self.all_channels {
            words.push(b"resetchannels".to_vec());
        }
        if self.all_channels || !self.channels.is_empty() {
            words.push(self.describe_channels());
        }
        match &self.databases {
            None => {}
            Some(databases) if databases.is_empty() => words.push(b"resetdbs".to_vec()),
            Some(_) => words.push(self.describe_databases().into_bytes()),
        }
        words.push(self.commands.describe());
        words.join(b" ".as_slice())
    }
}

/// Whether a channel matches one of the patterns, or a pattern equals one of them.
pub(super) fn channel_is_among(patterns: &[Vec<u8>], channel: &[u8], is_pattern: bool) -> bool {
    patterns.iter().any(|pattern| if is_pattern { pattern == channel } else { glob::matches(pattern, channel) })
}
