//! Strings: values that are bytes, and integers among them that are kept as such.
//!
//! `set.rs` and `several.rs` write whole values of one key and of several, `read.rs` reads, `edit.rs` changes parts,
//! `number.rs` and `increx.rs` count, `compare.rs` knows conditions on a value and digests, `lcs.rs` compares two.
//!
//! What OBJECT ENCODING tells of a string follows from how it was written, as in Redis: whole values become integers
//! where they are one (`int`), else they are `embstr` up to 44 bytes and `raw` beyond; edited values are `raw` whatever
//! their length; the sums of INCRBYFLOAT are never integers.

mod compare;
mod edit;
mod increx;
mod lcs;
pub(crate) mod number;
mod read;
mod set;
mod several;

use redstart_command::{Arg, ArgKind, Args, Change, Command, Context, Error, Event, Expire, Reply, Value, ValueRef};
use redstart_config::ids;
use redstart_encoding::int::{IntText, parse_i64, text_len};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    read::GET,
    read::MGET,
    read::STRLEN,
    read::GETRANGE,
    read::SUBSTR,
    set::SET,
    set::GETSET,
    set::GETEX,
    set::GETDEL,
    set::SETNX,
    set::SETEX,
    set::PSETEX,
    several::MSET,
    several::MSETNX,
    several::MSETEX,
    edit::APPEND,
    edit::SETRANGE,
    number::INCR,
    number::DECR,
    number::INCRBY,
    number::DECRBY,
    number::INCRBYFLOAT,
    increx::INCREX,
    compare::DELEX,
    compare::DELIFEQ,
    compare::DIGEST,
    lcs::LCS,
]);

/// Seconds, milliseconds and unix times behind `EX`, `PX`, `EXAT` and `PXAT`, as COMMAND DOCS shows them.
const EX: Arg = Arg::int("seconds").token("EX");
const PX: Arg = Arg::int("milliseconds").token("PX");
const EXAT: Arg = Arg::new("unix-time-seconds", ArgKind::UnixTime).token("EXAT");
const PXAT: Arg = Arg::new("unix-time-milliseconds", ArgKind::UnixTime).token("PXAT");

/// Keys that are prefetched together by commands with many.
const AT_ONCE: usize = 32;

/// Bytes as a value: an integer where they are one exactly.
#[inline]
pub(crate) fn string_value(bytes: &[u8]) -> Value<'_> {
    // Twenty characters hold every i64, sign included.
    match bytes {
        [b'-' | b'0'..=b'9', ..] if bytes.len() <= 20 => parse_i64(bytes).map_or(Value::Bytes(bytes), Value::Int),
        _ => Value::Bytes(bytes),
    }
}

/// Writes a string value as a bulk.
#[inline]
pub(crate) fn write_string(value: ValueRef<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    match value {
        ValueRef::Bytes { bytes, .. } => reply.bulk(bytes),
        ValueRef::Int(number) => reply.bulk_int(number),
        _ => return Err(Error::WrongType),
    }
    Ok(())
}

/// Lends the bytes of a string value.
fn with_bytes<R>(value: &ValueRef<'_>, borrow: impl FnOnce(&[u8]) -> R) -> Result<R, Error> {
    match value {
        ValueRef::Bytes { bytes, .. } => Ok(borrow(bytes)),
        ValueRef::Int(number) => Ok(borrow(IntText::new(*number).as_bytes())),
        _ => Err(Error::WrongType),
    }
}

/// The length of a string value.
fn length(value: &ValueRef<'_>) -> Result<usize, Error> {
    match value {
        ValueRef::Bytes { bytes, .. } => Ok(bytes.len()),
        ValueRef::Int(number) => Ok(text_len(*number)),
        _ => Err(Error::WrongType),
    }
}

/// Sets the key in one argument to the value in another, whatever it held, and commits that.
#[inline]
fn store(context: &mut Context<'_>, args: &mut Args<'_>, key_at: usize, value_at: usize, expire: Expire) {
    let large = args.take_large(value_at);
    let value = match large {
        Some(buffer) => Value::Owned(buffer),
        None => string_value(&args[value_at]),
    };
    let key = context.key(&args[key_at]);
    context.set(key, value, expire);
    let change = Change::new(Event::STRING, "set");
    context.commit(key, if matches!(expire, Expire::At(_)) { change.then(Event::GENERIC, "expire") } else { change });
}

/// The length that no string may pass (`proto-max-bulk-len`).
fn length_limit(context: &Context<'_>) -> u64 {
    context.shared.config.get(ids::PROTO_MAX_BULK_LEN)
}

/// The length of a string to be made, if it is within the limit.
fn within(limit: u64, length: Option<usize>) -> Result<usize, Error> {
    let too_long = Error::text("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    length.filter(|&length| length as u64 <= limit).ok_or(too_long)
}
