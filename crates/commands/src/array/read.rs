//! ARGET, ARMGET, ARGETRANGE and ARSCAN; ARLEN and ARCOUNT.

use super::{Bounds, DOCS, END, INDEX, MAX_HOLES, READING, START, array_of, index, limit, write_item, write_pair};
use crate::parse::is;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Reply};
use redstart_encoding::Array;

const FAST: Flags = Flags::READONLY.with(Flags::FAST);

/// ARLEN.
pub(super) const ARLEN: Command = Command {
    name: "arlen",
    handler: arlen,
    arity: Arity::Exactly(2),
    flags: FAST,
    docs: Docs {
        summary: "Returns one more than an array's highest index.",
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..DOCS
    },
    ..READING
};

fn arlen(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    measure(context, args, reply, Array::span)
}

/// ARCOUNT.
pub(super) const ARCOUNT: Command = Command {
    name: "arcount",
    handler: arcount,
    docs: Docs { summary: "Returns how many of an array's indices are set.", ..ARLEN.docs },
    ..ARLEN
};

fn arcount(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    measure(context, args, reply, |array| array.len() as u64)
}

fn measure(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    size: fn(&Array) -> u64,
) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let size = match context.find(key) {
        Some(found) => size(array_of(&found)?),
        None => 0,
    };
    reply.unsigned(size);
    Ok(())
}

/// ARGET.
pub(super) const ARGET: Command = Command {
    name: "arget",
    handler: arget,
    arity: Arity::Exactly(3),
    flags: FAST,
    docs: Docs {
        summary: "Returns the value at an index.",
        complexity: "O(1)",
        args: &[Arg::key("key"), INDEX],
        ..DOCS
    },
    ..READING
};

fn arget(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let found = context.find(key);
    let array = found.as_ref().map(array_of).transpose()?;
    let index = index(&args[2])?;
    write(reply, array, index);
    Ok(())
}

fn write(reply: &mut Reply<'_>, array: Option<&Array>, index: u64) {
    match array.and_then(|array| array.get(index)) {
        Some(item) => write_item(reply, &item),
        None => reply.null(),
    }
}

/// ARMGET.
pub(super) const ARMGET: Command = Command {
    name: "armget",
    handler: armget,
    arity: Arity::AtLeast(3),
    flags: FAST,
    docs: Docs {
        summary: "Returns the values at several indices.",
        complexity: "O(N) where N is the number of indices",
        args: &[Arg::key("key"), INDEX.multiple()],
        ..DOCS
    },
    ..READING
};

fn armget(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let found = context.find(key);
    let array = found.as_ref().map(array_of).transpose()?;
    let indices: Vec<u64> = args.iter_from(2).map(index).collect::<Result<_, _>>()?;
    reply.array(indices.len());
    indices.iter().for_each(|&index| write(reply, array, index));
    Ok(())
}

/// ARGETRANGE.
pub(super) const ARGETRANGE: Command = Command {
    name: "argetrange",
    handler: argetrange,
    arity: Arity::Exactly(4),
    docs: Docs {
        summary: "Returns the values at all indices from one to another, backward too.",
        complexity: "O(N) where N is the range length",
        args: &[Arg::key("key"), START, END],
        ..DOCS
    },
    ..READING
};

fn argetrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let bounds = Bounds::parse(args, 2)?;
    let key = context.key(&args[1]);
    let found = context.find(key);
    let array = found.as_ref().map(array_of).transpose()?;
    let length = bounds.high() - bounds.low() + 1;
    if length > MAX_HOLES {
        return Err(Error::Text(format!("ERR range exceeds maximum of {MAX_HOLES} items").into()));
    }
    reply.array(length as usize);
    bounds.write(array, reply);
    Ok(())
}

/// ARSCAN.
pub(super) const ARSCAN: Command = Command {
    name: "arscan",
    handler: arscan,
    arity: Arity::AtLeast(4),
    docs: Docs {
        summary: "Returns what is set from one index to another, backward too, each value with its index.",
        complexity: "O(P) where P is visited positions in touched slices (dense scanned slots + sparse entries), with \
                     worst-case O(|end-start|+1) and typical case close to O(N), where N is the number of existing \
                     elements in range.",
        args: &[Arg::key("key"), START, END, Arg::int("limit").token("LIMIT").optional()],
        ..DOCS
    },
    ..READING
};

fn arscan(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let bounds = Bounds::parse(args, 2)?;
    let limit = match args.len() {
        4 => u64::MAX,
        6 if is(&args[4], "limit") => limit(&args[5])?,
        6 => return Err(Error::Syntax),
        _ => return Err(Error::WrongArity("arscan".into())),
    };
    let key = context.key(&args[1]);
    let found = context.find(key);
    let array = found.as_ref().map(array_of).transpose()?;
    reply.array_of(0, |reply| {
        let mut shown = 0;
        if let Some(array) = array {
            bounds.walk(array, |index, item| {
                write_pair(reply, index, &item);
                shown += 1;
                shown < limit
            });
        }
        shown as usize
    });
    Ok(())
}
