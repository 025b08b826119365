//! The append-only file as commands see it, and the storage that the journal writes to.

use redstart_keyspace::Pass;
use std::io::{self, IoSlice};
use std::sync::Arc;

/// Where the journal is written to.
pub trait Storage: Send {
    /// Appends bytes, the parts one after the other.
    ///
    /// # Errors
    /// They could not be written: why, and how many of them stand there all the same.
    fn write(&mut self, parts: &mut [IoSlice<'_>]) -> Result<(), (io::Error, usize)>;

    /// What has to be called, on any thread, for all that was written so far to be on the disk.
    ///
    /// # Errors
    /// The system has no room for it.
    fn sync(&mut self) -> io::Result<Sync>;
}

/// Brings to the disk what was written until it was made. It is called again where it failed.
pub type Sync = Box<dyn Fn() -> io::Result<()> + Send>;

/// The append-only file, as commands see it.
pub trait AppendOnly: Send + std::marker::Sync {
    /// Begins a rewrite (BGREWRITEAOF), or has it begin `later`: what it answers, or the refusal.
    ///
    /// # Errors
    /// One is under way, or none can begin.
    fn rewrite(self: Arc<Self>, later: bool) -> Result<&'static str, &'static str>;

    /// Takes all data from the files again (DEBUG LOADAOF). The caller has the keyspace for itself.
    ///
    /// # Errors
    /// Why is in the log.
    #[allow(clippy::result_unit_err, reason = "the log has the words")]
    fn reload(&self, pass: &Pass<'_>) -> Result<(), ()>;

    /// Keeps changes from here on, or no more (`appendonly` was set). The caller may be in the keyspace.
    ///
    /// # Errors
    /// The folder cannot be written to; why is in the log.
    #[allow(clippy::result_unit_err, reason = "the log has the words")]
    fn switch(self: Arc<Self>, on: bool) -> Result<(), ()>;

    /// Removes files that are no more needed, where `aof-disable-auto-gc` kept them so far.
    fn collect(&self);

    /// What INFO shows.
    fn figures(&self) -> Figures;

    /// The first base is being written, so that what is kept is of no use without it.
    fn is_beginning(&self) -> bool;
}

/// What INFO shows of the append-only file.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Changes are kept.
    pub enabled: bool,
    /// A rewrite is under way.
    pub rewriting: bool,
    /// One is to begin.
    pub scheduled: bool,
    /// Seconds that the last one took, -1 before it.
    pub last_rewrite_s: i64,
    /// Seconds since the one began that is under way, -1 without one.
    pub rewrite_s: i64,
    /// The last one went well.
    pub last_well: bool,
    /// How many began.
    pub rewrites: u64,
    /// How many failed, one after the other.
    pub failures: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes of all files when the last rewrite ended.
    pub base_bytes: u64,
}
