//! XACK and XACKDEL.

use super::delete::{IDS_ARG, code, references_and_ids};
use super::trim::REFERENCES_ARG;
use super::{ids, stream_mut};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};
use redstart_encoding::Stream;
use redstart_encoding::stream::{Deletion, References, StreamId};

/// XACK.
pub(super) const XACK: Command = Command {
    name: "xack",
    handler: xack,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Acknowledges entries that a consumer group has pending, and tells how many there were.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1) for each message ID processed.",
        args: &[Arg::key("key"), Arg::string("group"), Arg::string("ID").multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn xack(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let mut acknowledged = 0;
    if let Some(mut found) = context.find(key)
        && let Some(group) = stream_mut(&mut found)?.groups.get_mut(&args[2])
    {
        // All ids are looked at before the first is acknowledged.
        args.iter_from(3).try_for_each(|id| ids::strict_id(id).map(drop))?;
        let ids = args.iter_from(3).filter_map(|id| ids::strict_id(id).ok());
        acknowledged = ids.filter(|&id| group.acknowledge(id)).count();
    }
    context.changed(acknowledged);
    reply.count(acknowledged);
    Ok(())
}

/// XACKDEL.
pub(super) const XACKDEL: Command = Command {
    name: "xackdel",
    handler: xackdel,
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE).with(Access::DELETE))],
    docs: Docs {
        summary: "Acknowledges entries that a consumer group has pending, and removes them from the stream.",
        since: "8.2.0",
        args: &[Arg::key("key"), Arg::string("group"), REFERENCES_ARG, IDS_ARG],
        ..XACK.docs
    },
    ..XACK
};

fn xackdel(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (references, ids) = references_and_ids(args, 3)?;
    let key = context.key(&args[1]);
    let mut changes = 0;
    if let Some(mut found) = context.find(key) {
        let stream = stream_mut(&mut found)?;
        reply.array(ids.len());
        for id in ids {
            let outcome = acknowledge_and_delete(stream, &args[2], id, references);
            changes += usize::from(outcome != Deletion::Missing);
            reply.int(code(outcome));
        }
    } else {
        reply.array(ids.len());
        ids.iter().for_each(|_| reply.int(code(Deletion::Missing)));
    }
    context.changed(changes);
    Ok(())
}

/// An entry that the group does not have pending counts as missing; one that is gone already counts as deleted.
fn acknowledge_and_delete(stream: &mut Stream, group: &[u8], id: StreamId, references: References) -> Deletion {
    let acknowledged = stream.groups.get_mut(group).is_some_and(|group| group.acknowledge(id));
    if !acknowledged {
        return Deletion::Missing;
    }
    match stream.delete(id, references) {
        Deletion::Needed => Deletion::Needed,
        Deletion::Done | Deletion::Missing => Deletion::Done,
    }
}
