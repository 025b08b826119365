//! ARSET and ARMSET, ARDEL and ARDELRANGE.

use super::{DOCS, END, INDEX, SETTING, START, VALUES, array_mut, edit, index};
use redstart_command::{Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Flags, KeySpec, Reply};
use redstart_encoding::Array;
use redstart_encoding::array::MAX_INDEX;

/// ARSET.
pub(super) const ARSET: Command = Command {
    name: "arset",
    handler: arset,
    arity: Arity::AtLeast(4),
    docs: Docs {
        summary: "Sets values at consecutive indices, from one on.",
        complexity: "O(N) where N is the number of values",
        args: &[Arg::key("key"), INDEX, VALUES],
        ..DOCS
    },
    ..SETTING
};

fn arset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let first = index(&args[2])?;
    let count = args.len() - 3;
    if first.checked_add(count as u64 - 1).is_none_or(|last| last > MAX_INDEX) {
        return Err(Error::text("ERR array index overflow"));
    }
    let key = context.key(&args[1]);
    let new = edit(context, key, |array| {
        Ok((first..).zip(args.iter_from(3)).filter(|(index, value)| array.set(*index, value)).count())
    })?;
    context.commit(key, Change::silent().count(count));
    reply.count(new);
    Ok(())
}

/// ARMSET.
pub(super) const ARMSET: Command = Command {
    name: "armset",
    handler: armset,
    arity: Arity::AtLeast(4),
    docs: Docs {
        summary: "Sets values, each at its index.",
        complexity: "O(N) where N is the number of pairs",
        args: &[Arg::key("key"), Arg::block("data", &[INDEX, Arg::string("value")]).multiple()],
        ..DOCS
    },
    ..SETTING
};

fn armset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !args.len().is_multiple_of(2) {
        return Err(Error::WrongArity("armset".into()));
    }
    let indices: Vec<u64> = args.iter_from(2).step_by(2).map(index).collect::<Result<_, _>>()?;
    let key = context.key(&args[1]);
    let new = edit(context, key, |array| {
        let pairs = indices.iter().zip(args.iter_from(3).step_by(2));
        Ok(pairs.filter(|(index, value)| array.set(**index, value)).count())
    })?;
    context.commit(key, Change::silent().count(indices.len()));
    reply.count(new);
    Ok(())
}

/// ARDEL.
pub(super) const ARDEL: Command = Command {
    name: "ardel",
    handler: ardel,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::ARRAY,
    docs: Docs {
        summary: "Deletes what is set at indices, and the key with the last of it.",
        complexity: "O(N) where N is the number of indices to delete",
        args: &[Arg::key("key"), INDEX.multiple()],
        ..DOCS
    },
    ..Command::BASE
};

fn ardel(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let indices: Vec<u64> = args.iter_from(2).map(index).collect::<Result<_, _>>()?;
    delete(context, args, reply, |array| indices.iter().filter(|index| array.remove(**index)).count() as u64)
}

/// ARDELRANGE.
pub(super) const ARDELRANGE: Command = Command {
    name: "ardelrange",
    handler: ardelrange,
    arity: Arity::AtLeast(4),
    flags: Flags::WRITE,
    docs: Docs {
        summary: "Deletes what is set in ranges of indices, and the key with the last of it.",
        complexity: "Proportional to the number of existing elements / slices touched, not to the numeric span of \
                     the requested ranges",
        args: &[Arg::key("key"), Arg::block("range", &[START, END]).multiple()],
        ..DOCS
    },
    ..ARDEL
};

fn ardelrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !args.len().is_multiple_of(2) {
        return Err(Error::WrongArity("ardelrange".into()));
    }
    let bounds: Vec<u64> = args.iter_from(2).map(index).collect::<Result<_, _>>()?;
    delete(context, args, reply, |array| {
        let ranges = bounds.chunks_exact(2);
        ranges.map(|range| array.remove_range(range[0].min(range[1]), range[0].max(range[1]))).sum()
    })
}

/// Deletes from the array under the key, and answers how many values that were.
fn delete(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    remove: impl FnOnce(&mut Array) -> u64,
) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let Some(mut found) = context.find_mut(key) else {
        reply.int(0);
        return Ok(());
    };
    let array = array_mut(&mut found)?;
    let removed = remove(array);
    let empty = array.is_empty();
    drop(found);
    if empty {
        context.delete(key);
    }
    if removed > 0 {
        context.commit(key, Change::silent().count(removed as usize));
    }
    reply.unsigned(removed);
    Ok(())
}
