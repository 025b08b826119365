//! Lists: elements in a row, with two ends.
//!
//! A small list is one listpack; a large one a quicklist. It becomes large when a command brings more than a node may
//! hold (`list-max-listpack-size`), before the elements are added, and small again when all that is left stands in one
//! node and fills it to half at most. A list without elements is not there.
//!
//! `elements.rs` knows the two encodings; the other files hold the commands.

mod edit;
pub(crate) mod elements;
mod moving;
mod pop;
mod push;
mod read;

use redstart_command::Command;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    push::LPUSH,
    push::RPUSH,
    push::LPUSHX,
    push::RPUSHX,
    pop::LPOP,
    pop::RPOP,
    pop::LMPOP,
    pop::BLPOP,
    pop::BRPOP,
    pop::BLMPOP,
    read::LLEN,
    read::LINDEX,
    read::LRANGE,
    read::LPOS,
    edit::LINSERT,
    edit::LSET,
    edit::LREM,
    edit::LTRIM,
    moving::LMOVE,
    moving::RPOPLPUSH,
    moving::LMOVEM,
    moving::BLMOVE,
    moving::BRPOPLPUSH,
    moving::BLMOVEM,
]);
