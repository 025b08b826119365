//! XSETID.

use super::{ids, stream_mut};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::stream::{Counters, Log, StreamId};

/// XSETID.
pub(super) const XSETID: Command = Command {
    name: "xsetid",
    handler: xsetid,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Sets a stream's last id and counters; for replication and files.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::string("last-id"),
            Arg::int("entries-added").token("ENTRIESADDED").optional().since("7.0.0"),
            Arg::string("max-deleted-id").token("MAXDELETEDID").optional().since("7.0.0"),
        ],
        history: &[("7.0.0", "`ENTRIESADDED` and `MAXDELETEDID`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn xsetid(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let wanted = Wanted::parse(args)?;
    let key = context.key(&args[1]);
    let mut found = context.find_mut(key).ok_or(Error::NoSuchKey)?;
    wanted.apply(&mut stream_mut(&mut found)?.log)?;
    drop(found);
    context.commit(key, Change::new(Event::STREAM, "xsetid").beside());
    reply.ok();
    Ok(())
}

struct Wanted {
    last_id: StreamId,
    entries_added: Option<u64>,
    max_deleted_id: Option<StreamId>,
}

impl Wanted {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let mut wanted = Self { last_id: ids::strict_id(&args[2])?, entries_added: None, max_deleted_id: None };
        let mut at = 3;
        while at < args.len() {
            let value = args.get(at + 1).ok_or(Error::Syntax)?;
            if is(&args[at], "entriesadded") {
                let added = u64::try_from(int(value)?);
                wanted.entries_added = Some(added.map_err(|_| Error::text("ERR entries_added must be positive"))?);
            } else if is(&args[at], "maxdeletedid") {
                wanted.set_max_deleted(ids::strict_id(value)?)?;
            } else {
                return Err(Error::Syntax);
            }
            at += 2;
        }
        Ok(wanted)
    }

    fn set_max_deleted(&mut self, id: StreamId) -> Result<(), Error> {
        if self.last_id < id {
            return Err(Error::text(
                "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id",
            ));
        }
        self.max_deleted_id = Some(id).filter(|&id| id != StreamId::MIN);
        Ok(())
    }

    fn apply(&self, log: &mut Log) -> Result<(), Error> {
        let counters = log.counters();
        if self.last_id < counters.max_deleted_id {
            return Err(Error::text("ERR The ID specified in XSETID is smaller than current max_deleted_entry_id"));
        }
        if !log.is_empty() && self.last_id < log.top_id() {
            return Err(Error::text("ERR The ID specified in XSETID is smaller than the target stream top item"));
        }
        if self.entries_added.is_some_and(|added| log.len() > added) {
            return Err(Error::text(
                "ERR The entries_added specified in XSETID is smaller than the target stream length",
            ));
        }
        log.set_counters(Counters {
            last_id: self.last_id,
            max_deleted_id: self.max_deleted_id.unwrap_or(counters.max_deleted_id),
            entries_added: self.entries_added.unwrap_or(counters.entries_added),
        });
        Ok(())
    }
}
