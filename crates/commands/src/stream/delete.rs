//! XDEL and XDELEX.

use super::trim::{REFERENCES_ARG, references};
use super::{ids, stream_mut};
use crate::parse::{is, positive};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::stream::{Deletion, References, StreamId};

/// XDEL.
pub(super) const XDEL: Command = Command {
    name: "xdel",
    handler: xdel,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Removes entries by their ids, and tells how many there were.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1) for each single item to delete in the stream, regardless of the stream size.",
        args: &[Arg::key("key"), Arg::string("id").multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn xdel(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let mut removed = 0;
    if let Some(mut found) = context.find_mut(key) {
        let stream = stream_mut(&mut found)?;
        let ids = ids::list(args, 2)?;
        removed = ids.iter().filter(|&&id| stream.delete(id, References::Keep) == Deletion::Done).count();
    }
    if removed > 0 {
        context.commit(key, Change::new(Event::STREAM, "xdel").count(removed));
    }
    reply.count(removed);
    Ok(())
}

/// The ids of XDELEX and XACKDEL in COMMAND DOCS.
pub(super) const IDS_ARG: Arg = Arg::block("ids", &[Arg::int("numids"), Arg::string("id").multiple()]).token("IDS");

/// XDELEX.
pub(super) const XDELEX: Command = Command {
    name: "xdelex",
    handler: xdelex,
    arity: Arity::AtLeast(5),
    docs: Docs {
        summary: "Removes entries by their ids, with a say in what becomes of them where groups have them pending.",
        since: "8.2.0",
        args: &[Arg::key("key"), REFERENCES_ARG, IDS_ARG],
        ..XDEL.docs
    },
    ..XDEL
};

fn xdelex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (references, ids) = references_and_ids(args, 2)?;
    let key = context.key(&args[1]);
    let (mut changes, mut forgotten) = (0, 0);
    if let Some(mut found) = context.find_mut(key) {
        let stream = stream_mut(&mut found)?;
        reply.array(ids.len());
        for id in ids {
            forgotten += usize::from(references == References::Remove && stream.groups.have_pending(id));
            let outcome = stream.delete(id, references);
            changes += usize::from(outcome == Deletion::Done);
            reply.int(code(outcome));
        }
    } else {
        reply.array(ids.len());
        ids.iter().for_each(|_| reply.int(code(Deletion::Missing)));
    }
    if changes > 0 {
        context.commit(key, Change::new(Event::STREAM, "xdel").count(changes));
    } else if forgotten > 0 {
        // No entry was deleted, but groups lost what they had pending of entries that were deleted before.
        context.commit(key, Change::silent().count(forgotten).beside());
    }
    Ok(())
}

/// How XDELEX and XACKDEL say what became of an entry.
pub(super) fn code(outcome: Deletion) -> i64 {
    match outcome {
        Deletion::Missing => -1,
        Deletion::Done => 1,
        Deletion::Needed => 2,
    }
}

/// What becomes of references, and `IDS numids id...`, from an argument on.
pub(super) fn references_and_ids(args: &Args<'_>, from: usize) -> Result<(References, Vec<StreamId>), Error> {
    let (mut chosen, mut ids) = (None, None);
    let mut at = from;
    while at < args.len() {
        if let Some(references) = references(&args[at]) {
            if chosen.replace(references).is_some() {
                return Err(Error::Syntax);
            }
            at += 1;
        } else if is(&args[at], "ids") && ids.is_none() {
            let (list, next) = counted_ids(args, at + 1)?;
            ids = Some(list);
            at = next;
        } else {
            return Err(Error::Syntax);
        }
    }
    Ok((chosen.unwrap_or_default(), ids.ok_or(Error::Syntax)?))
}

/// `numids id...` at `args[at]`; gives the ids, and where the arguments go on.
pub(super) fn counted_ids(args: &Args<'_>, at: usize) -> Result<(Vec<StreamId>, usize), Error> {
    let number = args.get(at).ok_or(Error::Syntax)?;
    let number = positive(number, "ERR Number of IDs must be a positive integer")?;
    let end = (at + 1).checked_add(number).filter(|&end| end <= args.len());
    let end = end.ok_or(Error::text("ERR The `numids` parameter must match the number of arguments"))?;
    let ids = (at + 1..end).map(|index| ids::strict_id(&args[index])).collect::<Result<_, _>>()?;
    Ok((ids, end))
}
