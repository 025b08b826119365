//! Hashes: fields with values.
//!
//! A small hash is a listpack of field, value, field, value in the order they came; a large one is a table of fields,
//! in no order. It becomes large when a command brings a field or value longer than `hash-max-listpack-value`, when
//! it has more fields than `hash-max-listpack-entries`, or when the listpack would pass 1 GiB; never small again. A
//! hash without fields is not there.
//!
//! `fields.rs` knows the two encodings; `read.rs`, `write.rs`, `number.rs`, `random.rs`, `scan.rs` and `import.rs` hold the commands.

pub(crate) mod edit;
mod expire;
pub(crate) mod fields;
mod import;
mod number;
mod random;
mod read;
mod scan;
mod write;

use redstart_command::Command;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    read::HGET,
    read::HMGET,
    read::HGETALL,
    read::HKEYS,
    read::HVALS,
    read::HLEN,
    read::HEXISTS,
    read::HSTRLEN,
    write::HSET,
    write::HMSET,
    write::HSETNX,
    write::HDEL,
    write::HGETDEL,
    expire::HEXPIRE,
    expire::HPEXPIRE,
    expire::HEXPIREAT,
    expire::HPEXPIREAT,
    expire::HTTL,
    expire::HPTTL,
    expire::HEXPIRETIME,
    expire::HPEXPIRETIME,
    expire::HPERSIST,
    expire::HGETEX,
    expire::HSETEX,
    number::HINCRBY,
    number::HINCRBYFLOAT,
    random::HRANDFIELD,
    scan::HSCAN,
    import::HIMPORT,
]);
