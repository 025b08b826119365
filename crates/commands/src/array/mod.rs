//! Arrays: strings at 64-bit indices, with holes between (Redis 8.8).
//!
//! The container is `redstart_encoding::array`. The commands stand by what they are about: `write.rs` sets and deletes,
//! `read.rs` gets, `cursor.rs` appends (ARINSERT, and ARRING as a ring) and shows what was appended last, `aggregate.rs`
//! is AROP, `search.rs` ARGREP with the regular expressions of `pattern.rs`, `info.rs` ARINFO.
//!
//! None of the servers that this one is compared with knows these commands, so nothing was recorded from one. Replies
//! are those that Redis's documentation of 8.8 and its command tables state; the texts of refusals, their order, limits
//! and how numbers are added up are facts of its sources. An array without elements is removed.

mod aggregate;
mod cursor;
mod info;
mod pattern;
mod read;
mod search;
mod write;

use redstart_command::context::Found;
use redstart_command::{
    Access, Acl, Arg, Args, Command, Context, Docs, Entry, Error, Flags, Group, Key, KeySpec, ObjectMut, Reply, Value,
    ValueRef,
};
use redstart_encoding::array::{Item, MAX_INDEX};
use redstart_encoding::int::parse_u64;
use redstart_encoding::{Array, Object};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    read::ARCOUNT,
    write::ARDEL,
    write::ARDELRANGE,
    read::ARGET,
    read::ARGETRANGE,
    search::ARGREP,
    info::ARINFO,
    cursor::ARINSERT,
    cursor::ARLASTITEMS,
    read::ARLEN,
    read::ARMGET,
    write::ARMSET,
    cursor::ARNEXT,
    aggregate::AROP,
    cursor::ARRING,
    read::ARSCAN,
    cursor::ARSEEK,
    write::ARSET,
]);

/// What the reading commands have in common.
const READING: Command = Command {
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::ARRAY,
    ..Command::BASE
};

/// What the setting commands have in common.
const SETTING: Command = Command {
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::ARRAY,
    ..Command::BASE
};

/// What all have in common.
const DOCS: Docs = Docs { since: "8.8.0", group: Group::Array, ..Docs::NONE };

const INDEX: Arg = Arg::int("index");
const START: Arg = Arg::int("start");
const END: Arg = Arg::int("end");
const VALUES: Arg = Arg::string("value").multiple();

/// No reply has more holes than this, except where there are more values.
const MAX_HOLES: u64 = 1_000_000;

/// The array that a key holds.
#[inline]
fn array_of<'f>(found: &'f Found<'_>) -> Result<&'f Array, Error> {
    match found.value() {
        ValueRef::Array(array) => Ok(array),
        _ => Err(Error::WrongType),
    }
}

/// The array that a key holds, to be changed.
#[inline]
fn array_mut(found: &mut Entry) -> Result<&mut Array, Error> {
    match found.object_mut() {
        Some(ObjectMut::Array(array)) => Ok(array),
        _ => Err(Error::WrongType),
    }
}

/// Changes the array under a key; one that is missing is made unless the change is refused.
fn edit<R>(
    context: &mut Context<'_>,
    key: Key<'_>,
    change: impl FnOnce(&mut Array) -> Result<R, Error>,
) -> Result<R, Error> {
    if let Some(mut found) = context.find_mut(key) {
        return change(array_mut(&mut found)?);
    }
    let mut array = Array::new();
    let result = change(&mut array)?;
    context.insert(key, Value::Object(Object::Array(Box::new(array))), None);
    Ok(result)
}

const BAD_INDEX: Error = Error::text("ERR invalid array index");

/// An index at which something can be set.
fn index(argument: &[u8]) -> Result<u64, Error> {
    parse_u64(argument).filter(|index| *index <= MAX_INDEX).ok_or(BAD_INDEX)
}

/// A range's bounds, as they stand in the arguments from `at` on: the first may be the higher one.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    start: u64,
    end: u64,
}

impl Bounds {
    fn parse(args: &Args<'_>, at: usize) -> Result<Self, Error> {
        Ok(Self { start: index(&args[at])?, end: index(&args[at + 1])? })
    }

    fn low(self) -> u64 {
        self.start.min(self.end)
    }

    fn high(self) -> u64 {
        self.start.max(self.end)
    }

    fn is_backward(self) -> bool {
        self.start > self.end
    }

    /// Shows what is set within, until that is enough (`show` says false).
    fn walk(self, array: &Array, mut show: impl FnMut(u64, Item<'_>) -> bool) {
        let mut items = array.range(self.low(), self.high());
        if self.is_backward() {
            items.rev().all(|(index, item)| show(index, item));
        } else {
            items.all(|(index, item)| show(index, item));
        }
    }

    /// Writes every position within; holes as nulls.
    fn write(self, array: Option<&Array>, reply: &mut Reply<'_>) {
        let nulls = |reply: &mut Reply<'_>, count: u64| (0..count).for_each(|_| reply.null());
        // How many positions have been written.
        let mut done = 0;
        if let Some(array) = array {
            self.walk(array, |index, item| {
                let at = index.abs_diff(self.start);
                nulls(reply, at - done);
                write_item(reply, &item);
                done = at + 1;
                true
            });
        }
        nulls(reply, self.high() - self.low() + 1 - done);
    }
}

/// A positive limit.
fn limit(argument: &[u8]) -> Result<u64, Error> {
    let limit = u64::try_from(crate::parse::int(argument)?).ok().filter(|&limit| limit > 0);
    limit.ok_or(Error::text("ERR LIMIT must be positive"))
}

#[inline]
fn write_item(reply: &mut Reply<'_>, item: &Item<'_>) {
    match item {
        Item::Int(number) => reply.bulk_int(*number),
        item => item.with_bytes(|bytes| reply.bulk(bytes)),
    }
}

/// Writes what stands at an index, and the index before it.
fn write_pair(reply: &mut Reply<'_>, index: u64, item: &Item<'_>) {
    reply.array(2);
    reply.unsigned(index);
    write_item(reply, item);
}
