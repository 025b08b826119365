//! XLEN, XRANGE and XREVRANGE.

use super::{ids, shown, stream_of};
use crate::parse::{int, is};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// XLEN.
pub(super) const XLEN: Command = Command {
    name: "xlen",
    handler: xlen,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO)],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Returns how many entries a stream has.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn xlen(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let length = match context.find(key) {
        Some(found) => stream_of(&found)?.len(),
        None => 0,
    };
    reply.count(length);
    Ok(())
}

/// XRANGE.
pub(super) const XRANGE: Command = Command {
    name: "xrange",
    handler: xrange,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Returns the entries whose ids lie in an interval.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for \
                     the first 10 elements with COUNT), you can consider it O(1).",
        args: &[Arg::key("key"), Arg::string("start"), Arg::string("end"), Arg::int("count").token("COUNT").optional()],
        history: &[("6.2.0", "Intervals may leave out their ends.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn xrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    range(context, args, reply, false)
}

/// XREVRANGE.
pub(super) const XREVRANGE: Command = Command {
    name: "xrevrange",
    handler: xrevrange,
    docs: Docs {
        summary: "Returns the entries whose ids lie in an interval, the last one first.",
        complexity: "O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the \
                     first 10 elements with COUNT), you can consider it O(1).",
        args: &[Arg::key("key"), Arg::string("end"), Arg::string("start"), Arg::int("count").token("COUNT").optional()],
        ..XRANGE.docs
    },
    ..XRANGE
};

fn xrevrange(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    range(context, args, reply, true)
}

fn range(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, back: bool) -> Result<(), Error> {
    let (start_at, end_at) = if back { (3, 2) } else { (2, 3) };
    let (start, end) = (ids::start(&args[start_at])?, ids::end(&args[end_at])?);
    let count = count(args)?;
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.array(0);
        return Ok(());
    };
    let log = &stream_of(&found)?.log;
    match count {
        Some(0) => reply.null_array(),
        count if back => shown::entries(log.range_back(start, end), count.unwrap_or(0), log.len(), reply),
        count => shown::entries(log.range(start, end), count.unwrap_or(0), log.len(), reply),
    }
    Ok(())
}

/// What COUNT says; less than nothing is nothing.
fn count(args: &Args<'_>) -> Result<Option<usize>, Error> {
    let mut count = None;
    let mut at = 4;
    while at < args.len() {
        let number = args.get(at + 1).filter(|_| is(&args[at], "count")).ok_or(Error::Syntax)?;
        count = Some(usize::try_from(int(number)?).unwrap_or(0));
        at += 2;
    }
    Ok(count)
}
