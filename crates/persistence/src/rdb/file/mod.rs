//! Whole RDB files.
//!
//! ```text
//!   "REDIS" version     five letters, four digits; from version 80 on, which is Valkey's, "VALKEY" and three digits
//!   250 name value      what is known of the file (AUX), strings
//!   245 source          a library of functions
//!   254 number          the database that the keys behind it are of
//!   251 keys volatile   how many there are, so that tables can be made in their size
//!   [252 time] [248 seconds | 249 frequency] type key value     a key, once for each
//!   255 checksum        CRC-64 of all before it, little-endian; zero where there is none
//! ```
//! Numbers are lengths of the format, times are unix milliseconds in eight bytes, little-endian; a frequency is one byte.
//!
//! `write.rs` writes, `load.rs` reads: `item.rs` says what comes next, and `skip.rs` where a value ends.

mod error;
mod item;
mod load;
mod queue;
mod skip;
mod write;

use super::kind;

pub use error::{Error, Problem};
pub use load::{Checked, Key, Options, Sink, Summary, load, load_beside};
pub use write::{
    Finished, Preamble, Writer, append_aux, append_collection, append_database, append_key, append_key_loosely,
    append_library, append_long, append_preamble, append_sizes, compress,
};

/// The bytes that say what follows.
pub(crate) mod opcode {
    /// A move of slots in Valkey's cluster, which is over when its file is read.
    pub(crate) const SLOT_IMPORT: u8 = 243;
    pub(crate) const SLOT_SIZES: u8 = 244;
    pub(crate) const LIBRARY: u8 = 245;
    /// Stood before a library in versions before the first release.
    pub(crate) const LIBRARY_EARLY: u8 = 246;
    pub(crate) const MODULE_AUX: u8 = 247;
    pub(crate) const IDLE: u8 = 248;
    pub(crate) const FREQUENCY: u8 = 249;
    pub(crate) const AUX: u8 = 250;
    pub(crate) const SIZES: u8 = 251;
    pub(crate) const EXPIRE_MS: u8 = 252;
    /// In seconds, of four bytes.
    pub(crate) const EXPIRE_S: u8 = 253;
    pub(crate) const DATABASE: u8 = 254;
    pub(crate) const END: u8 = 255;
}

/// Bytes of the header: letters and version.
pub const HEADER: usize = 9;

/// How a key was used, which stands in a file where the server removes keys by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// It was not accessed for so many seconds.
    IdleSeconds(u64),
    /// It is accessed so often (a logarithmic counter).
    Frequency(u8),
}

/// What a type is called, by its byte.
#[must_use]
pub fn kind_name(kind: u8) -> &'static str {
    match kind {
        kind::STRING => "string",
        kind::LIST => "list",
        kind::SET => "set",
        kind::ZSET => "sorted set, scores as text",
        kind::HASH => "hash",
        kind::ZSET_2 => "sorted set",
        kind::HASH_ZIPMAP => "hash as zipmap",
        kind::LIST_ZIPLIST => "list as ziplist",
        kind::SET_INTSET => "set as intset",
        kind::ZSET_ZIPLIST => "sorted set as ziplist",
        kind::HASH_ZIPLIST => "hash as ziplist",
        kind::LIST_QUICKLIST => "list as quicklist of ziplists",
        kind::STREAM_LISTPACKS => "stream, first form",
        kind::HASH_LISTPACK => "hash as listpack",
        kind::ZSET_LISTPACK => "sorted set as listpack",
        kind::LIST_QUICKLIST_2 => "list as quicklist",
        kind::STREAM_LISTPACKS_2 => "stream, second form",
        kind::SET_LISTPACK => "set as listpack",
        kind::STREAM_LISTPACKS_3 => "stream",
        kind::HASH_METADATA_EARLY | kind::HASH_METADATA => "hash, fields expire",
        kind::HASH_LISTPACK_TIMED_EARLY | kind::HASH_LISTPACK_TIMED => "hash as listpack, fields expire",
        kind::ARRAY => "array",
        kind::SET_TIMED => "set, members expire",
        _ => "unknown",
    }
}

/// The header of a file of that version.
#[must_use]
pub fn header(version: u16) -> [u8; HEADER] {
    let text = if version < super::VALKEY { format!("REDIS{version:04}") } else { format!("VALKEY{version:03}") };
    let mut header = [0; HEADER];
    header.copy_from_slice(&text.as_bytes()[..HEADER]);
    header
}
