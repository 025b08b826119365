//! Streams: entries under ascending ids, read by range, from an id on, or by groups of consumers.
//!
//! The container with its counters and groups is `redstart_encoding::stream`. Here, `ids.rs` reads ids, `shown.rs`
//! writes entries, and the commands stand by what they are about: `add.rs`, `produce.rs`, `trim.rs`, `range.rs`,
//! `read.rs` (XREAD and XREADGROUP, whose options `request.rs` reads), `delete.rs`, `ack.rs`, `pending.rs`, `claim.rs`,
//! `group.rs`, `info.rs`, `setid.rs`.
//!
//! A stream without entries stays: it has its last id, and its groups.

mod ack;
mod add;
mod claim;
mod delete;
mod group;
mod ids;
mod info;
mod pending;
mod produce;
mod range;
mod read;
mod replay;
mod request;
mod setid;
mod shown;
mod trim;

use crate::parse::until_nul;
use redstart_command::context::Found;
use redstart_command::{Command, Entry, Error, ObjectMut, ValueRef};
use redstart_encoding::Stream;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    ack::XACK,
    ack::XACKDEL,
    ack::XNACK,
    add::XADD,
    claim::XAUTOCLAIM,
    claim::XCLAIM,
    delete::XDEL,
    delete::XDELEX,
    group::XGROUP,
    info::XINFO,
    pending::XPENDING,
    produce::XCFGSET,
    range::XLEN,
    range::XRANGE,
    range::XREVRANGE,
    read::XREAD,
    read::XREADGROUP,
    setid::XSETID,
    trim::XTRIM,
]);

/// The stream that a key holds.
#[inline]
fn stream_of<'f>(found: &'f Found<'_>) -> Result<&'f Stream, Error> {
    match found.value() {
        ValueRef::Stream(stream) => Ok(stream),
        _ => Err(Error::WrongType),
    }
}

/// The stream that a key holds, to be changed.
#[inline]
fn stream_mut(found: &mut Entry) -> Result<&mut Stream, Error> {
    match found.object_mut() {
        Some(ObjectMut::Stream(stream)) => Ok(stream),
        _ => Err(Error::WrongType),
    }
}

/// A refusal of parts, some of them the client's own bytes, shown as far as a zero byte.
fn refusal(parts: &[&[u8]]) -> Error {
    Error::Bytes(parts.iter().flat_map(|part| until_nul(part)).copied().collect())
}

/// There is no such key, or no such group in it.
fn no_group(key: &[u8], group: &[u8]) -> Error {
    refusal(&[b"NOGROUP No such key '", key, b"' or consumer group '", group, b"'"])
}

/// There is no such group, where the key is known to be there.
fn no_group_in(key: &[u8], group: &[u8]) -> Error {
    refusal(&[b"NOGROUP No such consumer group '", group, b"' for key name '", key, b"'"])
}
