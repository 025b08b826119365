//! Fields that expire: setting, reading and removing their times.

use super::edit::{FieldExpiry, Hash, Limits, Setting, Time, new_hash, refresh, set_pairs};
use super::fields::{Fields, write_field};
use crate::parse::{TimeUnit, is};
use crate::parts::{
    CONDITION, Collection, Condition, DELETED, DONE, NOT_MET, check, expire, expire_part, named, persist, persist_part,
    replay_persisted, replay_timed, settle, time, timed_change, timed_event, times,
};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
    Value,
};
use redstart_encoding::int::parse_i64;

const FIELDS: Arg = Arg::block("fields", &[Arg::int("numfields"), Arg::string("field").multiple()]).token("FIELDS");

/// HEXPIRE.
pub(super) const HEXPIRE: Command = Command {
    name: "hexpire",
    handler: |context, args, reply| expire::<Hash>(TimeUnit::Seconds, context, args, reply),
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Has fields expire after so many seconds.",
        since: "7.4.0",
        group: Group::Hash,
        complexity: "O(N) where N is the number of specified fields",
        args: &[Arg::key("key"), Arg::int("seconds"), CONDITION, FIELDS],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// HPEXPIRE.
pub(super) const HPEXPIRE: Command = Command {
    name: "hpexpire",
    handler: |context, args, reply| expire::<Hash>(TimeUnit::Millis, context, args, reply),
    docs: Docs {
        summary: "Has fields expire after so many milliseconds.",
        args: &[Arg::key("key"), Arg::int("milliseconds"), CONDITION, FIELDS],
        ..HEXPIRE.docs
    },
    ..HEXPIRE
};

/// HEXPIREAT.
pub(super) const HEXPIREAT: Command = Command {
    name: "hexpireat",
    handler: |context, args, reply| expire::<Hash>(TimeUnit::UnixSeconds, context, args, reply),
    docs: Docs {
        summary: "Has fields expire at a Unix time in seconds.",
        args: &[Arg::key("key"), Arg::new("unix-time-seconds", ArgKind::UnixTime), CONDITION, FIELDS],
        ..HEXPIRE.docs
    },
    ..HEXPIRE
};

/// HPEXPIREAT.
pub(super) const HPEXPIREAT: Command = Command {
    name: "hpexpireat",
    handler: |context, args, reply| expire::<Hash>(TimeUnit::UnixMillis, context, args, reply),
    docs: Docs {
        summary: "Has fields expire at a Unix time in milliseconds.",
        args: &[Arg::key("key"), Arg::new("unix-time-milliseconds", ArgKind::UnixTime), CONDITION, FIELDS],
        ..HEXPIRE.docs
    },
    ..HEXPIRE
};

/// HTTL.
pub(super) const HTTL: Command = Command {
    name: "httl",
    handler: |context, args, reply| times::<Hash>(TimeUnit::Seconds, context, args, reply),
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::HASH,
    docs: Docs {
        summary: "Returns how many seconds fields have left.",
        since: "7.4.0",
        group: Group::Hash,
        complexity: "O(N) where N is the number of specified fields",
        args: &[Arg::key("key"), FIELDS],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

/// HPTTL.
pub(super) const HPTTL: Command = Command {
    name: "hpttl",
    handler: |context, args, reply| times::<Hash>(TimeUnit::Millis, context, args, reply),
    docs: Docs { summary: "Returns how many milliseconds fields have left.", ..HTTL.docs },
    ..HTTL
};

/// HEXPIRETIME.
pub(super) const HEXPIRETIME: Command = Command {
    name: "hexpiretime",
    handler: |context, args, reply| times::<Hash>(TimeUnit::UnixSeconds, context, args, reply),
    docs: Docs { summary: "Returns the Unix time in seconds when fields expire.", ..HTTL.docs },
    tips: &[],
    ..HTTL
};

/// HPEXPIRETIME.
pub(super) const HPEXPIRETIME: Command = Command {
    name: "hpexpiretime",
    handler: |context, args, reply| times::<Hash>(TimeUnit::UnixMillis, context, args, reply),
    docs: Docs { summary: "Returns the Unix time in milliseconds when fields expire.", ..HTTL.docs },
    tips: &[],
    ..HTTL
};

/// HPERSIST.
pub(super) const HPERSIST: Command = Command {
    name: "hpersist",
    handler: persist::<Hash>,
    arity: Arity::AtLeast(5),
    docs: Docs { summary: "Has fields no longer expire.", args: &[Arg::key("key"), FIELDS], ..HEXPIRE.docs },
    ..HEXPIRE
};

/// HGETEX.
pub(super) const HGETEX: Command = Command {
    name: "hgetex",
    handler: hgetex,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))
        .note("RW and UPDATE because it changes the TTL")],
    docs: Docs {
        summary: "Returns the values of fields, and sets or removes the time when they expire.",
        since: "8.0.0",
        args: &[
            Arg::key("key"),
            Arg::one_of(
                "expiration",
                &[
                    Arg::int("seconds").token("EX"),
                    Arg::int("milliseconds").token("PX"),
                    Arg::new("unix-time-seconds", ArgKind::UnixTime).token("EXAT"),
                    Arg::new("unix-time-milliseconds", ArgKind::UnixTime).token("PXAT"),
                    Arg::flag("persist", "PERSIST"),
                ],
            )
            .optional(),
            FIELDS,
        ],
        ..HEXPIRE.docs
    },
    ..HEXPIRE
};

/// HSETEX. Valkey 9.1 takes NX and XX, which are about the key, as well; to Redis they are unknown arguments, and Redis
/// leads.
pub(super) const HSETEX: Command = Command {
    name: "hsetex",
    handler: hsetex,
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST).with(Flags::CHANGES_NAMED),
    docs: Docs {
        summary: "Sets fields to values, and the time when they expire.",
        since: "8.0.0",
        complexity: "O(N) where N is the number of fields being set.",
        args: &[
            Arg::key("key"),
            Arg::one_of("condition", &[Arg::flag("fnx", "FNX"), Arg::flag("fxx", "FXX")]).optional(),
            Arg::one_of(
                "expiration",
                &[
                    Arg::int("seconds").token("EX"),
                    Arg::int("milliseconds").token("PX"),
                    Arg::new("unix-time-seconds", ArgKind::UnixTime).token("EXAT"),
                    Arg::new("unix-time-milliseconds", ArgKind::UnixTime).token("PXAT"),
                    Arg::flag("keepttl", "KEEPTTL"),
                ],
            )
            .optional(),
            Arg::block(
                "fields",
                &[Arg::int("numfields"), Arg::block("data", &[Arg::string("field"), Arg::string("value")]).multiple()],
            )
            .token("FIELDS"),
        ],
        ..HEXPIRE.docs
    },
    ..HEXPIRE
};

fn hgetex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms, expiry) = (context.key(&args[1]), context.now_ms, FieldExpiry::of(context));
    check::<Hash>(context, key)?;
    let unit = TimeUnit::of_option(&args[2]);
    let at_ms = match unit {
        Some(unit) => Some(time(unit, &args[3], context)?),
        None => None,
    };
    let persists = is(&args[2], "persist");
    let at = 2 + if unit.is_some() { 2 } else { usize::from(persists) };
    if at + 1 >= args.len() {
        return Err(Error::WrongArity(context.command_name().into()));
    }
    let count = named::<Hash>(args, at)?;
    reply.array(count);
    let (mut touched, keeps) = (Vec::new(), context.keeps_effects());
    let mut changes = 0;
    let fresh = |found| refresh(found, expiry, args.iter_from(at + 2));
    match context.peek_mut(key).and_then(fresh) {
        None => (0..count).for_each(|_| reply.null()),
        Some(mut found) => {
            if at_ms.is_some() {
                Hash::make_timed(&mut found);
            }
            for name in args.iter_from(at + 2) {
                let fields = Fields::of(found.value(), now_ms)?;
                write_field(fields, name, reply);
                let outcome = match at_ms {
                    Some(at_ms) => expire_part::<Hash>(&mut found, name, at_ms, Condition::Always, now_ms),
                    None if persists => persist_part::<Hash>(&mut found, name, now_ms),
                    None => NOT_MET,
                };
                if matches!(outcome, DONE | DELETED) {
                    changes += 1;
                    touched.extend(keeps.then_some(name));
                }
            }
            settle(found);
        }
    }
    if changes > 0 {
        match at_ms {
            Some(at_ms) if keeps => replay_timed::<Hash>(context, &args[1], (at_ms, None), &touched),
            None if keeps => replay_persisted::<Hash>(context, &args[1], &touched),
            _ => {}
        }
        let change = match at_ms {
            Some(at_ms) => timed_change::<Hash>(context, at_ms),
            None => Change::new(Event::HASH, Hash::EVENTS.persisted),
        };
        context.commit(key, change.count(changes));
    }
    Ok(())
}

/// The options of HSETEX.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    /// All fields have to be there (`Some(true)`), or none may.
    there: Option<bool>,
    at_ms: Option<i64>,
    keep: bool,
    /// The index of the first field.
    from: usize,
}

impl Options {
    fn parse(args: &Args<'_>, context: &Context<'_>) -> Result<Self, Error> {
        let wrong_arity = || Error::WrongArity(context.command_name().into());
        let mut options = Self::default();
        let mut at = 2;
        while at < args.len() {
            let word = &args[at];
            if is(word, "fields") {
                options.from = at + 2;
                if at + 3 >= args.len() {
                    return Err(wrong_arity());
                }
                let number = parse_i64(&args[at + 1]).filter(|number| (1..=i64::from(i32::MAX)).contains(number));
                let number = number.ok_or(Error::text("ERR invalid number of fields"))?;
                let given = args.len() - options.from;
                let fits = given.is_multiple_of(2) && usize::try_from(number).is_ok_and(|number| number == given / 2);
                return if fits { Ok(options) } else { Err(wrong_arity()) };
            }
            at = options.option(args, at, context)?;
        }
        Err(wrong_arity())
    }

    /// Takes one option in; returns the index of the next.
    fn option(&mut self, args: &Args<'_>, at: usize, context: &Context<'_>) -> Result<usize, Error> {
        let word = &args[at];
        let unit = TimeUnit::of_option(word);
        if unit.is_some() || is(word, "keepttl") {
            if self.at_ms.is_some() || self.keep {
                let text = "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified";
                return Err(Error::text(text));
            }
            let Some(unit) = unit else {
                self.keep = true;
                return Ok(at + 1);
            };
            let argument = args.get(at + 1).ok_or(Error::text("ERR missing expire time"))?;
            self.at_ms = Some(time(unit, argument, context)?);
            return Ok(at + 2);
        }
        if is(word, "fxx") || is(word, "fnx") {
            if self.there.is_some() {
                return Err(Error::text("ERR Only one of FXX or FNX arguments can be specified"));
            }
            self.there = Some(is(word, "fxx"));
            return Ok(at + 1);
        }
        Err(Error::Bytes([b"ERR unknown argument: ", crate::parse::until_nul(word)].concat()))
    }

    fn allow(&self, fields: Option<Fields<'_>>, args: &Args<'_>) -> bool {
        let Some(wanted) = self.there else { return true };
        let mut names = (self.from..args.len()).step_by(2).map(|at| &args[at]);
        names.all(|name| fields.is_some_and(|fields| fields.get(name).is_some()) == wanted)
    }
}

fn hsetex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(args, context)?;
    let (key, now_ms, limits) = (context.key(&args[1]), context.now_ms, Limits::of(context));
    let time = if options.keep || options.at_ms.is_some() { Time::Keep } else { Time::Clear };
    let setting = Setting { limits, time, now_ms, from: options.from };
    let names = (options.from..args.len()).step_by(2).map(|at| &args[at]);
    let (expiry, was) = (FieldExpiry::of(context).quiet(), context.peek(key).is_some());
    // Where times are kept, that one passed is no part of what is run again.
    let looks = options.there.is_some() || options.keep && context.keeps_effects();
    let looked = |found| if looks { refresh(found, expiry, names) } else { Some(found) };
    let allowed = match context.find_mut(key).and_then(looked) {
        Some(found) => options.allow(Some(Fields::of(found.value(), now_ms)?), args),
        None => options.allow(None, args),
    };
    if !allowed {
        if was {
            context.notify_if_gone(context.session.database, key);
        }
        reply.int(0);
        return Ok(());
    }
    if let Some(mut found) = context.peek_mut(key) {
        set_pairs(&mut found, args, setting)?;
    } else {
        context.insert(key, Value::Object(new_hash(args, options.from, limits).0), None);
    }
    let mut change = Change::new(Event::HASH, "hset").count((args.len() - options.from) / 2);
    if let Some(at_ms) = options.at_ms {
        if let Some(mut found) = context.peek_mut(key) {
            Hash::make_timed(&mut found);
            for at in (options.from..args.len()).step_by(2) {
                expire_part::<Hash>(&mut found, &args[at], at_ms, Condition::Always, now_ms);
            }
            settle(found);
        }
        change = change.then(Hash::CLASS, timed_event::<Hash>(context, at_ms)).taken();
    }
    if let Some(at_ms) = options.at_ms
        && context.keeps_effects()
    {
        replay_set(context, args, options.from, at_ms);
    }
    context.commit(key, change);
    reply.int(1);
    Ok(())
}

/// What stands for fields with a time when they are set again: its place in time, and no condition.
#[cold]
fn replay_set(context: &mut Context<'_>, args: &Args<'_>, from: usize, at_ms: i64) {
    let pairs = args.iter_from(from);
    if at_ms <= context.now_ms {
        return pairs.step_by(2).for_each(|name| context.replay_as(&[b"HDEL", &args[1], name]));
    }
    let at_ms = at_ms.to_string();
    let head: [&[u8]; 6] = [b"HSETEX", &args[1], b"PXAT", at_ms.as_bytes(), b"FIELDS", &args[from - 1]];
    context.replay(head.into_iter().chain(pairs.map(|word: &[u8]| word)));
}
