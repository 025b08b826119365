//! Appending: ARINSERT and ARRING; ARNEXT and ARSEEK on the cursor; ARLASTITEMS.

use super::{BAD_INDEX, Bounds, DOCS, INDEX, MAX_HOLES, READING, SETTING, VALUES, array_mut, array_of, edit};
use crate::parse::is;
use redstart_command::{Arg, Args, Arity, Change, Command, Context, Docs, Error, Flags, Reply};
use redstart_encoding::Array;
use redstart_encoding::array::MAX_INDEX;
use redstart_encoding::int::{parse_i64, parse_u64};

/// ARINSERT.
pub(super) const ARINSERT: Command = Command {
    name: "arinsert",
    handler: arinsert,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Appends values behind the one appended last.",
        complexity: "O(N) where N is the number of values",
        args: &[Arg::key("key"), VALUES],
        ..DOCS
    },
    ..SETTING
};

fn arinsert(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let count = args.len() - 2;
    let key = context.key(&args[1]);
    let last = edit(context, key, |array| {
        let first = array.next_index();
        let last = first.and_then(|first| first.checked_add(count as u64 - 1)).filter(|last| *last <= MAX_INDEX);
        let (Some(first), Some(last)) = (first, last) else {
            return Err(Error::text("ERR insert index overflow"));
        };
        for (index, value) in (first..).zip(args.iter_from(2)) {
            array.set(index, value);
        }
        array.seek(last + 1);
        Ok(last)
    })?;
    context.commit(key, Change::silent().count(count));
    reply.unsigned(last);
    Ok(())
}

/// ARRING.
pub(super) const ARRING: Command = Command {
    name: "arring",
    handler: arring,
    arity: Arity::AtLeast(4),
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Appends values to an array that is a ring of a size: the newest take the places of the oldest.",
        complexity: "O(M) normally, O(N+M) on ring resize, where N is the maximum of the old and new ring size and M \
                     is the number of inserted values",
        args: &[Arg::key("key"), Arg::int("size"), VALUES],
        ..DOCS
    },
    ..SETTING
};

fn arring(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let size = parse_i64(&args[2]).ok_or(Error::text("ERR invalid size"))?;
    let size = u64::try_from(size).ok().filter(|&size| size > 0);
    let size = size.ok_or(Error::text("ERR size must be positive"))?;
    let key = context.key(&args[1]);
    let last = edit(context, key, |array| {
        array.fit_ring(size);
        Ok(args.iter_from(3).fold(0, |_, value| array.ring(size, value)))
    })?;
    context.commit(key, Change::silent().count(args.len() - 3));
    reply.unsigned(last);
    Ok(())
}

/// ARNEXT.
pub(super) const ARNEXT: Command = Command {
    name: "arnext",
    handler: arnext,
    arity: Arity::Exactly(2),
    flags: Flags::READONLY.with(Flags::FAST),
    docs: Docs {
        summary: "Returns the index at which ARINSERT would append.",
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..DOCS
    },
    ..READING
};

fn arnext(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let next = match context.find(key) {
        Some(found) => array_of(&found)?.next_index(),
        None => Some(0),
    };
    match next {
        Some(next) => reply.unsigned(next),
        None => reply.null(),
    }
    Ok(())
}

/// ARSEEK.
pub(super) const ARSEEK: Command = Command {
    name: "arseek",
    handler: arseek,
    arity: Arity::Exactly(3),
    flags: Flags::WRITE.with(Flags::FAST),
    docs: Docs {
        summary: "Says at which index ARINSERT and ARRING go on.",
        complexity: "O(1)",
        args: &[Arg::key("key"), INDEX],
        ..DOCS
    },
    ..SETTING
};

fn arseek(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    // One behind the highest index is allowed: nothing can be appended then.
    let next = parse_u64(&args[2]).ok_or(BAD_INDEX)?;
    let key = context.key(&args[1]);
    let Some(mut found) = context.find_mut(key) else {
        reply.int(0);
        return Ok(());
    };
    array_mut(&mut found)?.seek(next);
    drop(found);
    context.commit(key, Change::silent());
    reply.int(1);
    Ok(())
}

/// ARLASTITEMS.
pub(super) const ARLASTITEMS: Command = Command {
    name: "arlastitems",
    handler: arlastitems,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Returns the values appended last, the oldest of them first.",
        complexity: "O(N) where N is the count",
        args: &[Arg::key("key"), Arg::int("count"), Arg::flag("rev", "REV").optional()],
        ..DOCS
    },
    ..READING
};

fn arlastitems(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let count = parse_i64(&args[2]).ok_or(Error::text("ERR invalid COUNT"))?;
    let Some(count) = u64::try_from(count).ok().filter(|&count| count > 0) else {
        reply.array(0);
        return Ok(());
    };
    let newest_first = match args.len() {
        3 => false,
        4 if is(&args[3], "rev") => true,
        4 => return Err(Error::Syntax),
        _ => return Err(Error::WrongArity("arlastitems".into())),
    };
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.array(0);
        return Ok(());
    };
    let array = array_of(&found)?;
    let count = count.min(array.span());
    if count > MAX_HOLES && count > array.len() as u64 {
        return Err(Error::Text(format!("ERR count exceeds maximum of {MAX_HOLES} items").into()));
    }
    reply.array(count as usize);
    let (newer, older) = last_items(array, count);
    let parts = if newest_first { [newer, older] } else { [older.map(reversed), newer.map(reversed)] };
    parts.into_iter().flatten().for_each(|bounds| bounds.write(Some(array), reply));
    Ok(())
}

fn reversed(bounds: Bounds) -> Bounds {
    Bounds { start: bounds.end, end: bounds.start }
}

/// The positions of the last `count` values (at least one, at most the array's length), newest first: from the cursor
/// back to 0, then from the array's end on. Where the cursor is at the beginning, or beyond the end, the last value
/// is the newest.
fn last_items(array: &Array, count: u64) -> (Option<Bounds>, Option<Bounds>) {
    let last = array.span() - 1;
    let newest = array.cursor().filter(|cursor| *cursor <= last).unwrap_or(last);
    let newer = Bounds { start: newest, end: (newest + 1).saturating_sub(count) };
    let wrapped = count.checked_sub(newest + 1).filter(|&left| left > 0);
    (Some(newer), wrapped.map(|left| Bounds { start: last, end: last + 1 - left }))
}
