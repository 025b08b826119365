//! BITFIELD: integers of any width at any place of a string.

use super::{BAD_OFFSET, with_bytes, with_room, within_limit};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::bits;
use redstart_encoding::int::parse_i64;

const GET_BLOCK: &[Arg] = &[Arg::string("encoding"), Arg::int("offset")];

/// BITFIELD.
pub(super) const BITFIELD: Command = Command {
    name: "bitfield",
    handler: |context, args, reply| bitfield(false, context, args, reply),
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE).with(Access::ACCESS).with(Access::VARIABLE_FLAGS))
        .note("This command allows both access and modification of the key")],
    access: Some(field_access),
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::BITMAP,
    docs: Docs {
        summary: "Reads, sets and adds to integers of any width within a string.",
        since: "3.2.0",
        group: Group::Bitmap,
        complexity: "O(1) for each subcommand specified",
        args: &[
            Arg::key("key"),
            Arg::one_of(
                "operation",
                &[
                    Arg::block("get-block", GET_BLOCK).token("GET"),
                    Arg::block(
                        "write",
                        &[
                            Arg::one_of(
                                "overflow-block",
                                &[Arg::flag("wrap", "WRAP"), Arg::flag("sat", "SAT"), Arg::flag("fail", "FAIL")],
                            )
                            .token("OVERFLOW")
                            .optional(),
                            Arg::one_of(
                                "write-operation",
                                &[
                                    Arg::block(
                                        "set-block",
                                        &[Arg::string("encoding"), Arg::int("offset"), Arg::int("value")],
                                    )
                                    .token("SET"),
                                    Arg::block(
                                        "incrby-block",
                                        &[Arg::string("encoding"), Arg::int("offset"), Arg::int("increment")],
                                    )
                                    .token("INCRBY"),
                                ],
                            ),
                        ],
                    ),
                ],
            )
            .optional()
            .multiple(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// BITFIELD_RO.
pub(super) const BITFIELD_RO: Command = Command {
    name: "bitfield_ro",
    handler: |context, args, reply| bitfield(true, context, args, reply),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    access: None,
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs {
        summary: "Reads integers of any width within a string.",
        since: "6.0.0",
        args: &[
            Arg::key("key"),
            Arg::block("get-block", GET_BLOCK).token("GET").optional().multiple().multiple_token(),
        ],
        ..BITFIELD.docs
    },
    ..BITFIELD
};

/// Only a call that is nothing but GETs is sure to change nothing.
fn field_access(args: &Args<'_>) -> Access {
    let (mut at, mut reads) = (2, true);
    while at < args.len() && reads {
        let left = args.len() - at - 1;
        at += match &args[at] {
            word if is(word, "get") && left >= 2 => 3,
            word if is(word, "overflow") && left >= 1 => 2,
            _ => {
                reads = false;
                1
            }
        };
    }
    match reads {
        true => Access::RO.with(Access::ACCESS),
        false => Access::RW.with(Access::ACCESS).with(Access::UPDATE),
    }
}

/// What happens where a result does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overflow {
    Wrap,
    Saturate,
    Fail,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Get,
    Set(i64),
    Add(i64),
}

#[derive(Clone, Copy, Debug)]
struct Operation {
    action: Action,
    overflow: Overflow,
    signed: bool,
    width: u32,
    offset: u64,
}

/// `i5` or `u8`: whether it is signed, and the width.
fn integer_type(argument: &[u8]) -> Result<(bool, u32), Error> {
    let bad =
        Error::text("ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.");
    let (signed, digits) = match argument {
        [b'i', digits @ ..] => (true, digits),
        [b'u', digits @ ..] => (false, digits),
        _ => return Err(bad),
    };
    let most = if signed { 64 } else { 63 };
    match parse_i64(digits) {
        Some(width) if (1..=most).contains(&width) => Ok((signed, width as u32)),
        _ => Err(bad),
    }
}

/// A bit's number; with a leading `#` it counts integers of the type's width.
fn offset(context: &Context<'_>, argument: &[u8], width: u32) -> Result<u64, Error> {
    let (digits, scale) = match argument {
        [b'#', digits @ ..] => (digits, u64::from(width)),
        digits => (digits, 1),
    };
    let number = parse_i64(digits).and_then(|number| u64::try_from(number).ok());
    let offset = number.and_then(|number| number.checked_mul(scale));
    offset.filter(|&offset| within_limit(context, offset)).ok_or(BAD_OFFSET)
}

impl Operation {
    /// All operations among the arguments.
    fn parse_all(context: &Context<'_>, args: &Args<'_>) -> Result<Vec<Self>, Error> {
        let (mut operations, mut overflow) = (Vec::new(), Overflow::Wrap);
        let mut at = 2;
        while at < args.len() {
            let (word, more) = (&args[at], args.len() - at - 1);
            if is(word, "overflow") && more >= 1 {
                overflow = match &args[at + 1] {
                    how if is(how, "wrap") => Overflow::Wrap,
                    how if is(how, "sat") => Overflow::Saturate,
                    how if is(how, "fail") => Overflow::Fail,
                    _ => return Err(Error::text("ERR Invalid OVERFLOW type specified")),
                };
                at += 2;
                continue;
            }
            let writes = (is(word, "set") || is(word, "incrby")) && more >= 3;
            if !(writes || is(word, "get") && more >= 2) {
                return Err(Error::Syntax);
            }
            let (signed, width) = integer_type(&args[at + 1])?;
            let offset = offset(context, &args[at + 2], width)?;
            let action = match writes {
                true if is(word, "set") => Action::Set(int(&args[at + 3])?),
                true => Action::Add(int(&args[at + 3])?),
                false => Action::Get,
            };
            operations.push(Self { action, overflow, signed, width, offset });
            at += if writes { 4 } else { 3 };
        }
        Ok(operations)
    }

    fn last_bit(&self) -> u64 {
        self.offset + u64::from(self.width) - 1
    }

    /// The integer as it stands.
    fn read(&self, bytes: &[u8]) -> i64 {
        let raw = bits::get(bytes, self.offset, self.width);
        if self.signed { sign_extended(raw, self.width) } else { raw.cast_signed() }
    }

    /// Writes the new integer and returns what to answer; `None` where it does not fit and is not to be made fit.
    /// Says also whether the integer is another than before.
    fn write(&self, bytes: &mut [u8]) -> (Option<i64>, bool) {
        let old = self.read(bytes);
        let wanted = match self.action {
            Action::Get => return (Some(old), false),
            // An unsigned integer is set from the 64 bits of the argument.
            Action::Set(new) if !self.signed => i128::from(new.cast_unsigned()),
            Action::Set(new) => i128::from(new),
            Action::Add(by) => i128::from(old) + i128::from(by),
        };
        let Some(new) = self.fit(wanted) else { return (None, false) };
        bits::set(bytes, self.offset, self.width, new.cast_unsigned());
        let answer = if matches!(self.action, Action::Set(_)) { old } else { new };
        (Some(answer), new != old)
    }

    fn fit(&self, wanted: i128) -> Option<i64> {
        let (least, most) = if self.signed {
            (-(1_i128 << (self.width - 1)), (1_i128 << (self.width - 1)) - 1)
        } else {
            (0, (1_i128 << self.width) - 1)
        };
        let fits = (least..=most).contains(&wanted);
        match self.overflow {
            _ if fits => Some(wanted as i64),
            Overflow::Fail => None,
            Overflow::Saturate => Some(wanted.clamp(least, most) as i64),
            Overflow::Wrap => {
                let raw = wanted as u64 & (u64::MAX >> (64 - self.width));
                Some(if self.signed { sign_extended(raw, self.width) } else { raw.cast_signed() })
            }
        }
    }
}

fn sign_extended(raw: u64, width: u32) -> i64 {
    (raw << (64 - width)).cast_signed() >> (64 - width)
}

fn bitfield(
    read_only: bool,
    context: &mut Context<'_>,
    args: &mut Args<'_>,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let operations = Operation::parse_all(context, args)?;
    let key = context.key(&args[1]);
    let writes = operations.iter().filter(|one| !matches!(one.action, Action::Get));
    let Some(last) = writes.map(Operation::last_bit).max() else {
        let read = |bytes: &[u8]| operations.iter().map(|one| one.read(bytes)).collect::<Vec<_>>();
        let integers = match context.find(key) {
            Some(found) => with_bytes(&found.value(), read)?,
            None => read(b""),
        };
        reply.array(integers.len());
        integers.into_iter().for_each(|integer| reply.int(integer));
        return Ok(());
    };
    if read_only {
        return Err(Error::text("ERR BITFIELD_RO only supports the GET subcommand"));
    }
    let run = |bytes: &mut [u8]| operations.iter().map(|one| one.write(bytes)).collect::<Vec<_>>();
    let (outcomes, before, length) = with_room(context, key, last, run)?;
    reply.array(outcomes.len());
    let mut changes = 0;
    for ((answer, differs), operation) in outcomes.into_iter().zip(&operations) {
        match answer {
            Some(integer) => reply.int(integer),
            None => reply.null(),
        }
        let wrote = answer.is_some() && !matches!(operation.action, Action::Get);
        changes += usize::from(wrote && (differs || before != length));
    }
    if changes > 0 {
        context.commit(key, Change::new(Event::STRING, "setbit").count(changes));
    } else if before != length {
        // A string that grew though every write overflowed counts as no change, but it is one.
        context.replay(args.iter_from(0));
        context.commit(key, Change::silent().count(0).beside());
    }
    Ok(())
}
