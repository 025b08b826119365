//! XACK, XACKDEL and XNACK.

use super::delete::{IDS_ARG, code, counted_ids, references_and_ids};
use super::trim::REFERENCES_ARG;
use super::{ids, no_group, stream_mut};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
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
        args: &[Arg::key("key"), Arg::string("group"), Arg::string("id").multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn xack(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let mut acknowledged = 0;
    if let Some(mut found) = context.find_counted(key)
        && let Some(group) = stream_mut(&mut found)?.groups.get_mut(&args[2])
    {
        // All ids are looked at before the first is acknowledged.
        args.iter_from(3).try_for_each(|id| ids::strict_id(id).map(drop))?;
        let ids = args.iter_from(3).filter_map(|id| ids::strict_id(id).ok());
        acknowledged = ids.filter(|&id| group.acknowledge(id)).count();
    }
    if acknowledged > 0 {
        context.commit(key, Change::silent().count(acknowledged).beside());
    }
    reply.count(acknowledged);
    Ok(())
}

/// XACKDEL.
pub(super) const XACKDEL: Command = Command {
    name: "xackdel",
    handler: xackdel,
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
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
    if let Some(mut found) = context.find_counted(key) {
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
    if changes > 0 {
        context.commit(key, Change::silent().count(changes).beside());
    }
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

/// XNACK.
pub(super) const XNACK: Command = Command {
    name: "xnack",
    handler: xnack,
    arity: Arity::AtLeast(7),
    docs: Docs {
        summary: "Hands pending entries back to their group, for others to take them over at once.",
        since: "8.8.0",
        args: &[
            Arg::key("key"),
            Arg::string("group"),
            Arg::one_of(
                "mode",
                &[Arg::flag("silent", "SILENT"), Arg::flag("fail", "FAIL"), Arg::flag("fatal", "FATAL")],
            ),
            IDS_ARG,
            Arg::int("count").token("RETRYCOUNT").optional(),
            Arg::flag("force", "FORCE").optional(),
        ],
        ..XACK.docs
    },
    ..XACK
};

fn xnack(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let refusal = Refusal::parse(args)?;
    let key = context.key(&args[1]);
    let missing = || no_group(&args[1], &args[2]);
    let mut found = context.find_counted(key).ok_or_else(missing)?;
    let Stream { log, groups, .. } = stream_mut(&mut found)?;
    let group = groups.get_mut(&args[2]).ok_or_else(missing)?;
    let mut released = 0;
    for &id in &refusal.ids {
        let before = match group.pending(id) {
            Some(pending) => pending.deliveries,
            None if refusal.force && log.contains(id) => 0,
            None => continue,
        };
        group.release(id, refusal.deliveries(before));
        released += 1;
    }
    drop(found);
    if released > 0 {
        // Clients that wait to take something over can now.
        context.signal(key);
        context.commit(key, Change::silent().count(released).beside());
    }
    reply.count(released);
    Ok(())
}

/// What handing back does to how often an entry counts as delivered.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// The delivery did not happen.
    Silent,
    /// It did.
    Fail,
    /// There is no use in another.
    Fatal,
}

/// What XNACK is to do.
struct Refusal {
    mode: Mode,
    ids: Vec<StreamId>,
    retry_count: Option<u64>,
    force: bool,
}

impl Refusal {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let modes = [("silent", Mode::Silent), ("fail", Mode::Fail), ("fatal", Mode::Fatal)];
        let (_, mode) = modes.into_iter().find(|(word, _)| is(&args[3], word)).ok_or(Error::Syntax)?;
        if !is(&args[4], "ids") {
            return Err(Error::Syntax);
        }
        let (ids, mut at) = counted_ids(args, 5)?;
        let mut refusal = Self { mode, ids, retry_count: None, force: false };
        while at < args.len() {
            if is(&args[at], "force") {
                refusal.force = true;
                at += 1;
            } else if is(&args[at], "retrycount") && at + 1 < args.len() {
                let count = u64::try_from(int(&args[at + 1])?);
                refusal.retry_count = Some(count.map_err(|_| Error::text("ERR RETRYCOUNT must be >= 0"))?);
                at += 2;
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(refusal)
    }

    fn deliveries(&self, before: u64) -> u64 {
        self.retry_count.unwrap_or(match self.mode {
            Mode::Silent => before.saturating_sub(1),
            Mode::Fail => before,
            Mode::Fatal => i64::MAX as u64,
        })
    }
}
