//! Bitmaps: strings, bit by bit. The first bit is the highest of the first byte; what lies beyond the end is zero.
//!
//! `single.rs` holds the commands on one bit, `search.rs` those that count and look for bits, `combine.rs` BITOP, and
//! `field.rs` those on integers of any width.

mod combine;
mod field;
mod search;
mod single;

use redstart_command::{Command, Context, Entry, Error, Key, Value, ValueRef};
use redstart_config::ids;
use redstart_encoding::int::{IntText, parse_i64};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    single::SETBIT,
    single::GETBIT,
    search::BITCOUNT,
    search::BITPOS,
    combine::BITOP,
    field::BITFIELD,
    field::BITFIELD_RO,
]);

/// Lends the bytes of a string; integers as their digits.
fn with_bytes<R>(value: &ValueRef<'_>, look: impl FnOnce(&[u8]) -> R) -> Result<R, Error> {
    match value {
        ValueRef::Bytes { bytes, .. } => Ok(look(bytes)),
        ValueRef::Int(number) => Ok(look(IntText::new(*number).as_bytes())),
        _ => Err(Error::WrongType),
    }
}

/// A bit's number, which lies within the longest string there may be.
fn bit_offset(context: &Context<'_>, argument: &[u8]) -> Result<u64, Error> {
    let offset = parse_i64(argument).and_then(|offset| u64::try_from(offset).ok());
    offset.filter(|offset| within_limit(context, *offset)).ok_or(BAD_OFFSET)
}

const BAD_OFFSET: Error = Error::text("ERR bit offset is not an integer or out of range");

fn within_limit(context: &Context<'_>, offset: u64) -> bool {
    offset / 8 < context.shared.config.get(ids::PROTO_MAX_BULK_LEN)
}

/// Lends the string under a key, lengthened with zero bytes (and made where it is missing) so that it has the bit
/// `last`; says how many bytes it had before.
fn with_room<R>(
    context: &mut Context<'_>,
    key: Key<'_>,
    last: u64,
    edit: impl FnOnce(&mut [u8]) -> R,
) -> Result<(R, usize, usize), Error> {
    let least = (last / 8) as usize + 1;
    if let Some(mut found) = context.find_mut(key) {
        let before = with_bytes(&found.value(), <[u8]>::len)?;
        let length = before.max(least);
        return Ok((edit_in(&mut found, length, edit), before, length));
    }
    context.insert(key, Value::Owned(vec![0; least]), None);
    let mut found = context.peek_mut(key).expect("it was inserted just now, without an expiry");
    Ok((edit_in(&mut found, least, edit), 0, least))
}

fn edit_in<R>(found: &mut Entry, length: usize, edit: impl FnOnce(&mut [u8]) -> R) -> R {
    edit(found.edit_string(length))
}
