//! A directive: its names, the kind of its value, and when and by which clients it may be changed.
//!
//! Each directive is one line of a file in `table/`, written with the constructors and modifiers in this file. That
//! line drives everything else (reading a file, CONFIG GET, SET and REWRITE, the typed accessors).

use crate::choices::Choice;
use crate::value::{Value, ValueError};

pub(crate) const KB: i128 = 1 << 10;
pub(crate) const MB: i128 = 1 << 20;
pub(crate) const GB: i128 = 1 << 30;
pub(crate) const INT_MIN: i128 = i32::MIN as i128;
pub(crate) const INT_MAX: i128 = i32::MAX as i128;
pub(crate) const UINT_MAX: i128 = u32::MAX as i128;
pub(crate) const LONG_MAX: i128 = i64::MAX as i128;
pub(crate) const ULONG_MAX: i128 = u64::MAX as i128;

/// One directive of the configuration.
#[derive(Clone, Copy)]
pub struct Directive {
    /// The name in lower case.
    pub name: &'static str,
    /// Its aliases.
    pub aliases: &'static [&'static str],
    /// The kind of its value.
    pub kind: Kind,
    /// By whom and when it may be changed, and how it is shown.
    pub flags: Flags,
    /// Whether it has an effect.
    pub status: Status,
    pub(crate) check: Option<Check>,
}

/// Adjusts or refuses a parsed value.
pub(crate) type Check = fn(Value) -> Result<Value, ValueError>;

/// The kind of a directive's value, and its default.
#[derive(Clone, Copy)]
pub enum Kind {
    /// `yes` or `no`.
    Bool {
        /// The default.
        default: bool,
    },
    /// A number in a range.
    Int(IntKind),
    /// One of several words, or several of them if `bits`.
    Choice {
        /// The words.
        choices: &'static [Choice],
        /// The default's number.
        default: i64,
        /// Whether words can be combined.
        bits: bool,
    },
    /// Any bytes.
    Text {
        /// The default.
        default: &'static str,
        /// Whether the empty string means "not set"; CONFIG REWRITE then omits the directive.
        empty_is_unset: bool,
    },
    /// A value with its own grammar.
    Special(Special),
}

/// A number's range and unit.
#[derive(Clone, Copy)]
pub struct IntKind {
    /// The smallest value.
    pub min: i128,
    /// The largest value.
    pub max: i128,
    /// The default.
    pub default: i128,
    /// The format.
    pub unit: Unit,
    /// Whether a negative number is read as a huge one (which the range then refuses).
    pub unsigned: bool,
    /// Whether the default depends on the machine (the number of cores) instead of `default`.
    pub from_host: bool,
}

/// The format of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A decimal number.
    Plain,
    /// Bytes, with an optional unit.
    Memory,
    /// Bytes, or a percentage (kept as a negative number).
    MemoryOrPercent,
    /// An octal number.
    Octal,
}

/// Grammars of single directives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Special {
    /// A directory, kept as an absolute path.
    Dir,
    /// Pairs of seconds and changes.
    Save,
    /// Groups of class, hard limit, soft limit, soft seconds.
    OutputBufferLimits,
    /// Three numbers.
    OomScoreAdjValues,
    /// Letters for classes of keyspace events.
    NotifyEvents,
    /// Addresses.
    Bind,
    /// Host and port, or `no one`.
    ReplicaOf,
    /// Percentages with decimals.
    Percentiles,
}

/// Whether a directive has an effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It has this effect: a sentence for the reference, with units and the meaning of 0.
    Honoured(&'static str),
    /// It is parsed, stored and shown, but has no effect; a value other than the default causes a warning at start.
    Accepted,
}

/// A set of properties.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    const NONE: Flags = Flags(0);
    /// Settable only at start, not by CONFIG SET.
    pub const IMMUTABLE: Flags = Flags(1);
    /// The value must not appear in logs.
    pub const SENSITIVE: Flags = Flags(2);
    /// CONFIG GET shows it only by its exact name.
    pub const HIDDEN: Flags = Flags(4);
    /// Takes several arguments.
    pub const MULTI: Flags = Flags(8);
    /// CONFIG SET refuses it while the dataset is loading.
    pub const DENY_LOADING: Flags = Flags(16);
    /// CONFIG SET needs `enable-protected-configs`.
    pub const PROTECTED: Flags = Flags(32);
    /// Setting the current value applies it again: what it names may have changed.
    pub const VOLATILE: Flags = Flags(64);
    /// With IMMUTABLE: CONFIG SET accepts the current value. A client that sets all directives of Redis to the values
    /// from CONFIG GET is then not refused for directives that Redis lacks.
    pub const KEEPS: Flags = Flags(128);

    /// Whether this set contains all of `other`.
    pub const fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Constructors, for the tables.
impl Directive {
    const fn new(name: &'static str, kind: Kind) -> Directive {
        Directive { name, aliases: &[], kind, flags: Flags::NONE, status: Status::Accepted, check: None }
    }

    pub(crate) const fn boolean(name: &'static str, default: bool) -> Directive {
        Directive::new(name, Kind::Bool { default })
    }

    const fn number(name: &'static str, min: i128, max: i128, default: i128, unit: Unit) -> Directive {
        let kind = IntKind { min, max, default, unit, unsigned: false, from_host: false };
        Directive::new(name, Kind::Int(kind))
    }

    pub(crate) const fn int(name: &'static str, min: i128, max: i128, default: i128) -> Directive {
        Directive::number(name, min, max, default, Unit::Plain)
    }

    pub(crate) const fn memory(name: &'static str, min: i128, max: i128, default: i128) -> Directive {
        Directive::number(name, min, max, default, Unit::Memory)
    }

    pub(crate) const fn memory_or_percent(name: &'static str, min: i128, max: i128, default: i128) -> Directive {
        Directive::number(name, min, max, default, Unit::MemoryOrPercent)
    }

    pub(crate) const fn octal(name: &'static str, min: i128, max: i128, default: i128) -> Directive {
        Directive::number(name, min, max, default, Unit::Octal)
    }

    pub(crate) const fn choice(name: &'static str, choices: &'static [Choice], default: i64) -> Directive {
        Directive::new(name, Kind::Choice { choices, default, bits: false })
    }

    pub(crate) const fn bits(name: &'static str, choices: &'static [Choice], default: i64) -> Directive {
        Directive::new(name, Kind::Choice { choices, default, bits: true })
    }

    pub(crate) const fn text(name: &'static str, default: &'static str) -> Directive {
        Directive::new(name, Kind::Text { default, empty_is_unset: false })
    }

    pub(crate) const fn optional(name: &'static str) -> Directive {
        Directive::new(name, Kind::Text { default: "", empty_is_unset: true })
    }

    pub(crate) const fn special(name: &'static str, special: Special) -> Directive {
        Directive::new(name, Kind::Special(special))
    }
}

/// Modifiers, for the tables.
impl Directive {
    const fn with(mut self, flags: Flags) -> Directive {
        self.flags = Flags(self.flags.0 | flags.0);
        self
    }

    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Directive {
        self.aliases = aliases;
        self
    }

    pub(crate) const fn immutable(self) -> Directive {
        self.with(Flags::IMMUTABLE)
    }

    /// Like immutable, for directives that Redis lacks.
    pub(crate) const fn fixed(self) -> Directive {
        self.with(Flags::IMMUTABLE).with(Flags::KEEPS)
    }

    pub(crate) const fn sensitive(self) -> Directive {
        self.with(Flags::SENSITIVE)
    }

    pub(crate) const fn hidden(self) -> Directive {
        self.with(Flags::HIDDEN)
    }

    pub(crate) const fn multi(self) -> Directive {
        self.with(Flags::MULTI)
    }

    pub(crate) const fn deny_loading(self) -> Directive {
        self.with(Flags::DENY_LOADING)
    }

    pub(crate) const fn protected(self) -> Directive {
        self.with(Flags::PROTECTED)
    }

    pub(crate) const fn volatile(self) -> Directive {
        self.with(Flags::VOLATILE)
    }

    /// The directive has an effect, which the configuration reference describes with this text.
    pub(crate) const fn honoured(mut self, effect: &'static str) -> Directive {
        self.status = Status::Honoured(effect);
        self
    }

    pub(crate) const fn check(mut self, check: Check) -> Directive {
        self.check = Some(check);
        self
    }

    pub(crate) const fn unsigned(mut self) -> Directive {
        if let Kind::Int(kind) = &mut self.kind {
            kind.unsigned = true;
        }
        self
    }

    pub(crate) const fn host_default(mut self) -> Directive {
        if let Kind::Int(kind) = &mut self.kind {
            kind.from_host = true;
        }
        self
    }
}

impl Directive {
    /// Whether the directive has this flag.
    pub const fn is(&self, flag: Flags) -> bool {
        self.flags.has(flag)
    }

    /// Whether `name` is the directive's name or an alias, ignoring case.
    pub fn is_called(&self, name: &[u8]) -> bool {
        self.names().any(|own| own.as_bytes().eq_ignore_ascii_case(name))
    }

    /// The name, then the aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

impl std::fmt::Debug for Directive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
