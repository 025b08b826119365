//! The hashes of the keys among the arguments of a command.

use redstart_keyspace::Keyspace;
use redstart_resp::Args;
use redstart_spec::CommandSpec;
pub use redstart_spec::keys::{BadKeys, KeyAt, find};
use smallvec::SmallVec;

/// The hashes of all keys of a command. Arguments that do not fit its key specs give none: the handler will refuse them.
pub fn hashes(keyspace: &Keyspace, command: &CommandSpec, args: &Args<'_>) -> SmallVec<[u64; 16]> {
    let mut hashes = SmallVec::new();
    let _ = find(command, args, |key| hashes.push(keyspace.hash(&args[key.index])));
    hashes
}
