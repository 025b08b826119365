//! Values as RDB files hold them: read in every form that Redis since version 2 and Valkey wrote, written in the oldest
//! form that carries them.
//!
//! `file` puts whole files together. `write.rs` writes, `read.rs` reads what is written today, `old.rs` what was written before listpacks, `stream.rs`
//! streams, `array.rs` arrays. Reading trusts nothing: what is read is checked as deeply as Redis does with `sanitize-dump-payload yes`, and
//! memory is taken only for bytes that are there.

mod array;
pub mod file;
mod old;
mod pieces;
mod read;
mod stream;
mod write;

use redstart_encoding::Value;
use redstart_encoding::quicklist::Fill;
use std::fmt;

pub use pieces::Pieces;
pub use read::{Reader, read_value};
pub(crate) use write::Writer;
pub use write::{MembersForm, WriteOptions, version_of, write_value};

/// The newest version of Redis's that is read.
pub const NEWEST: u16 = 14;
/// The version that Valkey 9 writes.
pub const VALKEY: u16 = 80;
/// Whether a version is one that is known.
#[must_use]
pub fn is_known(version: u16) -> bool {
    version <= NEWEST || version == VALKEY
}

/// The oldest version that can carry a value without times inside, which is what is written.
pub const PLAIN: u16 = 11;
/// The oldest version that can carry fields that expire.
const TIMED: u16 = 12;
/// The oldest version that can carry arrays.
const ARRAYS: u16 = 14;

/// The types, as their bytes.
pub(crate) mod kind {
    pub(crate) const STRING: u8 = 0;
    pub(crate) const LIST: u8 = 1;
    pub(crate) const SET: u8 = 2;
    pub(crate) const ZSET: u8 = 3;
    pub(crate) const HASH: u8 = 4;
    pub(crate) const ZSET_2: u8 = 5;
    /// Of modules, which this server has none of: as before their release, and since.
    pub(crate) const MODULE_EARLY: u8 = 6;
    pub(crate) const MODULE: u8 = 7;
    pub(crate) const HASH_ZIPMAP: u8 = 9;
    pub(crate) const LIST_ZIPLIST: u8 = 10;
    pub(crate) const SET_INTSET: u8 = 11;
    pub(crate) const ZSET_ZIPLIST: u8 = 12;
    pub(crate) const HASH_ZIPLIST: u8 = 13;
    pub(crate) const LIST_QUICKLIST: u8 = 14;
    pub(crate) const STREAM_LISTPACKS: u8 = 15;
    pub(crate) const HASH_LISTPACK: u8 = 16;
    pub(crate) const ZSET_LISTPACK: u8 = 17;
    pub(crate) const LIST_QUICKLIST_2: u8 = 18;
    pub(crate) const STREAM_LISTPACKS_2: u8 = 19;
    pub(crate) const SET_LISTPACK: u8 = 20;
    pub(crate) const STREAM_LISTPACKS_3: u8 = 21;
    /// In Redis before its release; in Valkey a hash whose fields may expire.
    pub(crate) const HASH_METADATA_EARLY: u8 = 22;
    pub(crate) const HASH_LISTPACK_TIMED_EARLY: u8 = 23;
    pub(crate) const HASH_METADATA: u8 = 24;
    pub(crate) const HASH_LISTPACK_TIMED: u8 = 25;
    pub(crate) const ARRAY: u8 = 28;
    /// A set whose members may expire: count, then member and time (0 for none). Of this server alone.
    pub(crate) const SET_TIMED: u8 = 200;
}

/// Why bytes are no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// They end too soon.
    Truncated,
    /// There are more than belong to the value.
    Rest,
    /// The checksum is another.
    Checksum,
    /// They are of a version that is not known.
    Version(u16),
    /// There is no such type.
    Kind(u8),
    /// There is nothing inside: old servers wrote such keys by mistake, and files with them are read without these.
    Empty,
    /// Some part is not what it must be.
    Malformed(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the value ends too soon"),
            Self::Rest => f.write_str("there is something behind the value"),
            Self::Checksum => f.write_str("the checksum does not fit"),
            Self::Version(version) => write!(f, "RDB version {version} is not known"),
            Self::Kind(kind) => write!(f, "values of type {kind} are not known"),
            Self::Empty => f.write_str("an empty collection"),
            Self::Malformed(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

/// What the values of a type consist of, in the words of Redis's log.
#[must_use]
pub fn container_name(kind: u8) -> &'static str {
    match kind {
        kind::HASH_ZIPMAP => "Zipmap",
        kind::LIST_ZIPLIST => "List ziplist",
        kind::SET_INTSET => "Intset",
        kind::ZSET_ZIPLIST => "Zset ziplist",
        kind::HASH_ZIPLIST => "Hash ziplist",
        kind::LIST_QUICKLIST => "Ziplist",
        kind::STREAM_LISTPACKS | kind::STREAM_LISTPACKS_2 | kind::STREAM_LISTPACKS_3 => "Stream listpack",
        kind::HASH_LISTPACK | kind::HASH_LISTPACK_TIMED => "Hash listpack",
        kind::ZSET_LISTPACK => "Zset listpack",
        kind::LIST_QUICKLIST_2 => "Listpack",
        kind::SET_LISTPACK => "Set listpack",
        _ => "Value",
    }
}

/// When collections are small, and how lists are kept: what the configuration says.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// `list-max-listpack-size`.
    pub list_fill: Fill,
    /// `list-compress-depth`.
    pub list_depth: u64,
    /// `hash-max-listpack-entries`.
    pub hash_entries: u64,
    /// `hash-max-listpack-value`.
    pub hash_value: u64,
    /// `set-max-intset-entries`.
    pub set_ints: u64,
    /// `set-max-listpack-entries`.
    pub set_entries: u64,
    /// `set-max-listpack-value`.
    pub set_value: u64,
    /// `zset-max-listpack-entries`.
    pub sorted_entries: u64,
    /// `zset-max-listpack-value`.
    pub sorted_value: u64,
}

impl Default for Limits {
    /// As they are unless configured.
    fn default() -> Self {
        Self {
            list_fill: Fill::new(-2),
            list_depth: 0,
            hash_entries: 512,
            hash_value: 64,
            set_ints: 512,
            set_entries: 128,
            set_value: 64,
            sorted_entries: 128,
            sorted_value: 64,
        }
    }
}

/// A value that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The value.
    pub value: Value<'static>,
    /// When the first of its parts expires, in unix milliseconds, if any does.
    pub parts_ms: Option<i64>,
    /// What the bytes said otherwise than what was read.
    pub repair: Option<Repair>,
}

/// What a value says of itself that is not so. Servers of all versions load such values, so old files hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repair {
    /// A stream of another number of entries than it says: an early XTRIM miscounted. The entries are counted.
    StreamLength {
        /// What the stream says.
        recorded: u64,
        /// How many entries there are.
        counted: u64,
    },
    /// A stream whose last id is below those of its entries: it becomes the id of the last entry.
    StreamLastId,
    /// So many pending entries of a stream's group belong to no consumer: they are not pending any more.
    Unowned(u64),
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StreamLength { recorded, counted } => {
                write!(f, "the stream says that it has {recorded} entries; it has {counted}")
            }
            Self::StreamLastId => f.write_str("the stream's last id was below those of its entries, and is theirs now"),
            Self::Unowned(count) => {
                write!(f, "{count} pending entries of the stream belonged to no consumer, and are not pending any more")
            }
        }
    }
}

impl From<redstart_encoding::Object> for Loaded {
    fn from(object: redstart_encoding::Object) -> Self {
        Self { value: Value::Object(object), parts_ms: None, repair: None }
    }
}
