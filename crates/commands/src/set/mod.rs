//! Sets: members without order, each once.
//!
//! A set of integers alone is an intset up to `set-max-intset-entries`; other small sets are listpacks up to
//! `set-max-listpack-entries` members of up to `set-max-listpack-value` bytes; large ones are tables of fields without
//! values. A set never goes back to a smaller encoding, but for what SINTERSTORE and its like make anew. A set without
//! members is not there.
//!
//! `members.rs` knows the encodings; `basic.rs`, `random.rs`, `algebra.rs` and `scan.rs` hold the commands.

mod algebra;
mod basic;
mod expire;
pub(crate) mod members;
mod random;
mod scan;

use redstart_command::Command;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    basic::SADD,
    basic::SREM,
    basic::SMEMBERS,
    basic::SISMEMBER,
    basic::SMISMEMBER,
    basic::SCARD,
    basic::SMOVE,
    random::SPOP,
    random::SRANDMEMBER,
    algebra::SINTER,
    algebra::SINTERSTORE,
    algebra::SINTERCARD,
    algebra::SUNION,
    algebra::SUNIONSTORE,
    algebra::SUNIONCARD,
    algebra::SDIFF,
    algebra::SDIFFSTORE,
    algebra::SDIFFCARD,
    scan::SSCAN,
    expire::SEXPIRE,
    expire::SPEXPIRE,
    expire::SEXPIREAT,
    expire::SPEXPIREAT,
    expire::STTL,
    expire::SPTTL,
    expire::SEXPIRETIME,
    expire::SPEXPIRETIME,
    expire::SPERSIST,
]);
