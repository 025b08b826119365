//! The append-only file as Redis 7 and later lay it out: a folder with a base (all data at one moment), files of what
//! changed since (in their order), and a manifest that names them.
//!
//! ```text
//!   appendonlydir/appendonly.aof.manifest        file appendonly.aof.2.base.rdb seq 2 type b
//!                 appendonly.aof.2.base.rdb      file appendonly.aof.5.incr.aof seq 5 type i startoffset 4711
//!                 appendonly.aof.5.incr.aof
//! ```
//! Invariant: what the manifest on the disk names is on the disk. A file comes there before the manifest that names it,
//! and goes after the manifest that does not; the manifest itself is replaced whole.

mod check;
mod folder;
mod manifest;
mod read;

pub use check::{Stopped, Task, check};
pub use folder::{Appender, Folder, sync_folder, write_whole};
pub use manifest::{FileInfo, FileType, Manifest, ManifestError};
pub use read::{Item, ReadError, Reader};

/// Bytes that [`begins_as_rdb`] needs.
pub const RDB_SIGNATURE: usize = 6;

/// Whether a file with these first [`RDB_SIGNATURE`] bytes is an RDB file, or an append-only file that begins with one.
#[must_use]
pub fn begins_as_rdb(bytes: &[u8]) -> bool {
    bytes.starts_with(b"REDIS") || bytes.starts_with(b"VALKEY")
}
