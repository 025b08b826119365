//! HIMPORT: many hashes with the same fields, whose names the connection sends once.
//!
//! Redis keeps such hashes in an encoding of their own, that shares the names; here they are hashes as HSET makes them,
//! and what is saved is the traffic and the parsing. The fields stand in the order of the set.

use super::edit::{Limits, new_distinct};
use super::fields::Fields;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, KeySpec, Reply,
    Value,
};

/// HIMPORT.
pub(super) const HIMPORT: Command = Command {
    name: "himport",
    arity: Arity::AtLeast(2),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Holds the commands that import hashes with the same fields.",
        since: "8.10.0",
        group: Group::Hash,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[DISCARD, DISCARDALL, PREPARE, SET],
    ..Command::BASE
};

const NAME: Arg = Arg::string("fieldset-name");
const EVERYWHERE: &[&str] = &["request_policy:all_shards"];

const PREPARE: Command = Command {
    name: "prepare",
    handler: prepare,
    arity: Arity::AtLeast(4),
    flags: Flags::DENY_OOM,
    acl: Acl::HASH,
    docs: Docs {
        summary: "Gives a name to names of fields, for this connection.",
        since: "8.10.0",
        group: Group::Hash,
        complexity: "O(N*log(N)) where N is the number of fields.",
        args: &[NAME, Arg::string("field").multiple()],
        ..Docs::NONE
    },
    tips: EVERYWHERE,
    ..Command::BASE
};

fn prepare(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut sorted: Vec<&[u8]> = args.iter_from(3).collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|two| two[0] == two[1]) {
        return Err(Error::text("ERR duplicate field name in fieldset"));
    }
    let fields = args.iter_from(3).map(Box::from).collect();
    let too_large = |_| Error::text("ERR the fieldsets of this connection are too large");
    context.session.fieldsets.prepare(&args[2], fields).map_err(too_large)?;
    reply.ok();
    Ok(())
}

const SET: Command = Command {
    name: "set",
    handler: set,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(2, Access::OW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Makes a key a hash of a set's fields, with these values.",
        complexity: "O(N) where N is the number of fields in the fieldset.",
        args: &[Arg::key("key"), NAME, Arg::string("value").multiple()],
        ..PREPARE.docs
    },
    tips: &[],
    ..PREPARE
};

fn set(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    let now_ms = context.now_ms;
    if let Some(found) = context.peek(key) {
        Fields::of(found.value(), now_ms)?;
    }
    let fields = context.session.fieldsets.get(&args[3]).ok_or(Error::text("ERR no such fieldset"))?;
    if args.len() - 4 != fields.len() {
        return Err(Error::text("ERR value count does not match fieldset field count"));
    }
    let pairs = (0..fields.len()).map(|index| (&*fields[index], &args[index + 4]));
    let hash = new_distinct(pairs.clone(), Limits::of(context));
    if context.keeps_effects() {
        let words: Vec<Vec<u8>> = pairs.flat_map(|(name, value)| [name.to_vec(), value.to_vec()]).collect();
        context.replay_as(&[b"DEL", &args[2]]);
        context.replay([b"HSET".as_slice(), &args[2]].into_iter().chain(words.iter().map(Vec::as_slice)));
    }
    context.set(key, Value::Object(hash), Expire::Never);
    context.commit(key, Change::new(Event::HASH, "hset").count(args.len() - 4));
    reply.ok();
    Ok(())
}

const DISCARD: Command = Command {
    name: "discard",
    handler: discard,
    arity: Arity::Exactly(3),
    flags: Flags::NONE,
    docs: Docs {
        summary: "Forgets a set of fields.",
        complexity: "O(N) where N is the number of session-local fieldsets.",
        args: &[NAME],
        ..PREPARE.docs
    },
    ..PREPARE
};

fn discard(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let gone = context.session.fieldsets.discard(&args[2]);
    reply.int(i64::from(gone));
    Ok(())
}

const DISCARDALL: Command = Command {
    name: "discardall",
    handler: discard_all,
    arity: Arity::Exactly(2),
    docs: Docs { summary: "Forgets all sets of fields of this connection.", args: &[], ..DISCARD.docs },
    ..DISCARD
};

fn discard_all(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let gone = context.session.fieldsets.discard_all();
    reply.count(gone);
    Ok(())
}
