//! Counting bits, and looking for one.

use super::with_bytes;
use crate::parse::{int, is};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};
use redstart_encoding::bits;
use std::ops::Range;

const UNIT: Arg = Arg::one_of("unit", &[Arg::flag("byte", "BYTE"), Arg::flag("bit", "BIT")]).optional().since("7.0.0");

/// BITCOUNT.
pub(super) const BITCOUNT: Command = Command {
    name: "bitcount",
    handler: bitcount,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::BITMAP,
    docs: Docs {
        summary: "Counts the bits that are set.",
        since: "2.6.0",
        group: Group::Bitmap,
        complexity: "O(N)",
        args: &[Arg::key("key"), Arg::block("range", &[Arg::int("start"), Arg::int("end"), UNIT]).optional()],
        history: &[("7.0.0", "Added the `BYTE|BIT` option.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// A stretch of a string as it was asked for.
#[derive(Clone, Copy)]
struct Stretch {
    start: i64,
    /// The last one; `None` for the end of the string.
    end: Option<i64>,
    in_bits: bool,
}

impl Stretch {
    const WHOLE: Self = Self { start: 0, end: None, in_bits: false };

    /// The bits of a string of so many bytes, which may be none.
    fn bits(self, length: usize) -> Range<u64> {
        let scale: i64 = if self.in_bits { 1 } else { 8 };
        let total = length as i64 * 8 / scale;
        let from_start = |place: i64| if place < 0 { (total + place).max(0) } else { place };
        let start = from_start(self.start);
        let end = self.end.map_or(total - 1, from_start).min(total - 1);
        if start > end {
            return 0..0;
        }
        (start * scale).cast_unsigned()..((end + 1) * scale).cast_unsigned()
    }
}

/// Whether `BIT` is said at `at`, and not `BYTE`.
fn unit(args: &Args<'_>, at: usize) -> Result<bool, Error> {
    match args.get(at) {
        None => Ok(false),
        Some(word) if is(word, "bit") => Ok(true),
        Some(word) if is(word, "byte") => Ok(false),
        Some(_) => Err(Error::Syntax),
    }
}

fn bitcount(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let stretch = match args.len() {
        2 => Stretch::WHOLE,
        4 | 5 => {
            let (start, end) = (int(&args[2])?, int(&args[3])?);
            Stretch { start, end: Some(end), in_bits: unit(args, 4)? }
        }
        _ => return Err(Error::Syntax),
    };
    let key = context.key(&args[1]);
    let count = match context.find(key) {
        Some(found) => with_bytes(&found.value(), |bytes| count(bytes, stretch))?,
        None => 0,
    };
    reply.int(count.cast_signed());
    Ok(())
}

fn count(bytes: &[u8], stretch: Stretch) -> u64 {
    // Two ends counted from the end are compared as they are, even where both lie before the beginning.
    if stretch.start < 0 && stretch.end.is_some_and(|end| end < 0 && stretch.start > end) {
        return 0;
    }
    bits::count_range(bytes, stretch.bits(bytes.len()))
}

/// BITPOS.
pub(super) const BITPOS: Command = Command {
    name: "bitpos",
    handler: bitpos,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Returns the place of the first bit that is set, or that is not.",
        since: "2.8.7",
        args: &[
            Arg::key("key"),
            Arg::int("bit"),
            Arg::block(
                "range",
                &[Arg::int("start"), Arg::block("end-unit-block", &[Arg::int("end"), UNIT]).optional()],
            )
            .optional(),
        ],
        ..BITCOUNT.docs
    },
    ..BITCOUNT
};

fn bitpos(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let set = match int(&args[2])? {
        0 => false,
        1 => true,
        _ => return Err(Error::text("ERR The bit argument must be 1 or 0.")),
    };
    if args.len() > 6 {
        return Err(Error::Syntax);
    }
    let start = args.get(3).map(int).transpose()?.unwrap_or(0);
    let in_bits = unit(args, 5)?;
    let end = args.get(4).map(int).transpose()?;
    let stretch = Stretch { start, end, in_bits };
    let key = context.key(&args[1]);
    let place = match context.find(key) {
        Some(found) => with_bytes(&found.value(), |bytes| find(bytes, set, stretch))?,
        None if set => -1,
        None => 0,
    };
    reply.int(place);
    Ok(())
}

/// The place of the bit, -1 for none. Without an end, zero bits follow the string.
fn find(bytes: &[u8], set: bool, stretch: Stretch) -> i64 {
    let range = stretch.bits(bytes.len());
    if range.is_empty() {
        return -1;
    }
    let end = range.end.cast_signed();
    match bits::find(bytes, set, range) {
        Some(place) => place.cast_signed(),
        None if !set && stretch.end.is_none() => end,
        None => -1,
    }
}
