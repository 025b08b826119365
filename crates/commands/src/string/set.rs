//! Strings, written as a whole: one key, its expiry, and conditions on what it held.

use super::compare::Comparison;
use super::{EX, EXAT, PX, PXAT, store, write_string};
use crate::parse::{ExpireOption, TimeUnit, is};
use redstart_command::context::Writing;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, KeySpec, Reply,
};

/// SET.
pub(super) const SET: Command = Command {
    name: "set",
    handler: set,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE).with(Access::VARIABLE_FLAGS))
        .note("RW and ACCESS because `GET` and the `IF` conditions read the old value")],
    access: Some(set_access),
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Sets a key to a string, whatever it held.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::string("value"),
            Arg::one_of(
                "condition",
                &[
                    Arg::flag("nx", "NX"),
                    Arg::flag("xx", "XX"),
                    Arg::string("ifeq-value").token("IFEQ").since("8.4.0"),
                    Arg::string("ifne-value").token("IFNE").since("8.4.0"),
                    Arg::string("ifdeq-digest").token("IFDEQ").since("8.4.0"),
                    Arg::string("ifdne-digest").token("IFDNE").since("8.4.0"),
                ],
            )
            .optional()
            .since("2.6.12"),
            Arg::flag("get", "GET").optional().since("6.2.0"),
            Arg::one_of(
                "expiration",
                &[
                    EX.since("2.6.12"),
                    PX.since("2.6.12"),
                    EXAT.since("6.2.0"),
                    PXAT.since("6.2.0"),
                    Arg::flag("keepttl", "KEEPTTL").since("6.0.0"),
                ],
            )
            .optional(),
        ],
        history: &[
            ("2.6.12", "The options `EX`, `PX`, `NX` and `XX`."),
            ("6.0.0", "The option `KEEPTTL`."),
            ("6.2.0", "The options `GET`, `EXAT` and `PXAT`."),
            ("7.0.0", "`NX` and `GET` go together."),
            ("8.4.0", "The options `IFEQ`, `IFNE`, `IFDEQ` and `IFDNE`."),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// Whether the old value is read decides. Any word `get` counts, also one that is no option, as in Redis.
fn set_access(args: &Args<'_>) -> Access {
    const READS: [&str; 5] = ["get", "ifeq", "ifne", "ifdeq", "ifdne"];
    match args.iter_from(3).any(|word| READS.iter().any(|reads| is(word, reads))) {
        true => Access::RW.with(Access::ACCESS).with(Access::UPDATE),
        false => Access::OW.with(Access::UPDATE),
    }
}

fn set(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 3 {
        return set_with_options(context, args, reply);
    }
    store(context, args, 1, 2, Expire::Never);
    reply.ok();
    Ok(())
}

fn set_with_options(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(args, 3)?;
    let expire = options.lifetime.expire(args, context)?;
    let key = context.key(&args[1]);
    if options.get {
        match context.find(key) {
            Some(found) => write_string(found.value(), reply)?,
            None => reply.null(),
        }
    }
    if !options.when.holds(context, args)? {
        if !options.get {
            reply.null();
        }
        return Ok(());
    }
    if context.keeps_effects() {
        replay_set(context, args, 2, expire, options.lifetime.is_absolute_ms());
    }
    store(context, args, 1, 2, expire);
    if !options.get {
        reply.ok();
    }
    Ok(())
}

/// What stands for a SET when it is run again: it expires at a time and not after some, and asks nothing.
#[cold]
fn replay_set(context: &mut Context<'_>, args: &Args<'_>, value_at: usize, expire: Expire, as_received: bool) {
    // What went because of its time goes first.
    let key = context.key(&args[1]);
    context.exists(key);
    match expire {
        Expire::At(at_ms) if !as_received => {
            let at_ms = at_ms.to_string();
            context.replay_as(&[b"SET", &args[1], &args[value_at], b"PXAT", at_ms.as_bytes()]);
        }
        Expire::Never | Expire::Keep if args.iter_from(3).any(|word| is(word, "get")) => {
            let rest = args.iter_from(3).filter(|word| !is(word, "get"));
            context.replay(args.iter_from(0).take(3).chain(rest));
        }
        _ => {}
    }
}

/// When SET sets.
#[derive(Clone, Copy)]
enum When {
    Always,
    Missing,
    Present,
    /// The old value compares so with this argument.
    Compares(Comparison, usize),
}

impl When {
    fn holds(self, context: &mut Context<'_>, args: &Args<'_>) -> Result<bool, Error> {
        let key = context.key(&args[1]);
        match self {
            Self::Always => Ok(true),
            Self::Missing => Ok(context.find_mut(key).is_none()),
            Self::Present => Ok(context.exists(key)),
            Self::Compares(comparison, operand) => match context.find_mut(key) {
                Some(found) => comparison.holds(&found.value(), &args[operand]),
                None => Ok(comparison.holds_without_value()),
            },
        }
    }
}

/// What becomes of the expiry of a key that is written.
#[derive(Clone, Copy)]
pub(super) enum Lifetime {
    /// None, unless an option says otherwise.
    Unsaid,
    /// `KEEPTTL`.
    Keep,
    /// `PERSIST`.
    Persist,
    /// `EX` and its like.
    Given(ExpireOption),
}

impl Lifetime {
    /// Takes an expiry option. The same one may come again and then counts; two different ones do not go together.
    pub(super) fn give(&mut self, option: ExpireOption) -> Result<(), Error> {
        match self {
            Self::Given(before) if before.unit != option.unit => return Err(Error::Syntax),
            Self::Keep | Self::Persist => return Err(Error::Syntax),
            Self::Given(_) | Self::Unsaid => *self = Self::Given(option),
        }
        Ok(())
    }

    /// Takes `KEEPTTL`, which does not go with an expiry.
    pub(super) fn keep(&mut self) -> Result<(), Error> {
        match self {
            Self::Unsaid | Self::Keep => *self = Self::Keep,
            Self::Persist | Self::Given(_) => return Err(Error::Syntax),
        }
        Ok(())
    }

    /// Takes `PERSIST`, which does not go with an expiry.
    pub(super) fn persist(&mut self) -> Result<(), Error> {
        match self {
            Self::Unsaid | Self::Persist => *self = Self::Persist,
            Self::Keep | Self::Given(_) => return Err(Error::Syntax),
        }
        Ok(())
    }

    /// Whether it is given as a unix time in milliseconds.
    pub(super) fn is_absolute_ms(self) -> bool {
        matches!(self, Self::Given(option) if option.unit == TimeUnit::UnixMillis)
    }

    /// The expiry of a value that replaces another.
    pub(super) fn expire(self, args: &Args<'_>, context: &Context<'_>) -> Result<Expire, Error> {
        Ok(match self {
            Self::Unsaid | Self::Persist => Expire::Never,
            Self::Keep => Expire::Keep,
            Self::Given(option) => Expire::At(option.deadline(args, context)?),
        })
    }
}

/// The options of SET.
struct Options {
    when: When,
    get: bool,
    lifetime: Lifetime,
}

impl Options {
    fn parse(args: &Args<'_>, from: usize) -> Result<Self, Error> {
        let mut options = Self { when: When::Always, get: false, lifetime: Lifetime::Unsaid };
        let mut at = from;
        while at < args.len() {
            at += options.take(args, at)?;
        }
        Ok(options)
    }

    /// Takes the option at `at`, and says how many arguments it is.
    fn take(&mut self, args: &Args<'_>, at: usize) -> Result<usize, Error> {
        let word = &args[at];
        if let Some(option) = ExpireOption::at(args, at) {
            self.lifetime.give(option)?;
            return Ok(2);
        }
        if let Some(comparison) = Comparison::of_option(word).filter(|_| at + 1 < args.len()) {
            match self.when {
                When::Compares(before, _) if before == comparison => {}
                When::Always => {}
                _ => return Err(Error::Syntax),
            }
            self.when = When::Compares(comparison, at + 1);
            return Ok(2);
        }
        match self.when {
            When::Always | When::Missing if is(word, "nx") => self.when = When::Missing,
            When::Always | When::Present if is(word, "xx") => self.when = When::Present,
            _ if is(word, "get") => self.get = true,
            _ if is(word, "keepttl") => self.lifetime.keep()?,
            _ => return Err(Error::Syntax),
        }
        Ok(1)
    }
}

/// GETSET.
pub(super) const GETSET: Command = Command {
    name: "getset",
    handler: getset,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Sets a key to a string and returns the one it held.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("value")],
        deprecated: Some(("6.2.0", "`SET` with the `GET` argument")),
        ..Docs::NONE
    },
    ..Command::BASE
};

fn getset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    match context.find(key) {
        Some(found) => write_string(found.value(), reply)?,
        None => reply.null(),
    }
    if context.keeps_effects() {
        context.replay_as(&[b"SET", &args[1], &args[2]]);
    }
    store(context, args, 1, 2, Expire::Never);
    Ok(())
}

/// GETEX.
pub(super) const GETEX: Command = Command {
    name: "getex",
    handler: getex,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))
        .note("RW and UPDATE because the expiry may be changed")],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns the string at a key, and sets or removes its expiry.",
        since: "6.2.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::one_of("expiration", &[EX, PX, EXAT, PXAT, Arg::flag("persist", "PERSIST")]).optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn getex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut lifetime = Lifetime::Unsaid;
    let mut at = 2;
    while at < args.len() {
        if let Some(option) = ExpireOption::at(args, at) {
            lifetime.give(option)?;
            at += 2;
        } else if is(&args[at], "persist") {
            lifetime.persist()?;
            at += 1;
        } else {
            return Err(Error::Syntax);
        }
    }
    // A wrong time is an error only where there is a string to give it to.
    let expire = lifetime.expire(args, context);
    let now_ms = context.now_ms;
    let key = context.key(&args[1]);
    let Some(found) = context.find_counted(key) else {
        reply.null();
        return Ok(());
    };
    write_string(found.value(), reply)?;
    let expire = expire?;
    if let Some(event) = set_lifetime(found, lifetime, expire, now_ms) {
        if context.keeps_effects() {
            crate::expire::replay_lifetime(context, &args[1], event, expire);
        }
        context.commit(key, Change::new(Event::GENERIC, event));
    }
    Ok(())
}

/// Gives a key its new expiry, or removes it where that is past; says what happened, if anything.
fn set_lifetime(mut found: Writing<'_>, lifetime: Lifetime, expire: Expire, now_ms: i64) -> Option<&'static str> {
    match (lifetime, expire) {
        (Lifetime::Given(option), Expire::At(deadline)) if option.is_absolute() && deadline <= now_ms => {
            drop(found.remove());
            Some("del")
        }
        (Lifetime::Given(_), Expire::At(deadline)) => {
            found.set_expire_ms(Some(deadline));
            Some("expire")
        }
        (Lifetime::Persist, _) if found.expire_ms().is_some() => {
            found.set_expire_ms(None);
            Some("persist")
        }
        _ => None,
    }
}

/// GETDEL.
pub(super) const GETDEL: Command = Command {
    name: "getdel",
    handler: getdel,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns the string at a key and deletes the key.",
        since: "6.2.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn getdel(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let Some(found) = context.find_counted(key) else {
        reply.null();
        return Ok(());
    };
    write_string(found.value(), reply)?;
    drop(found.remove());
    if context.keeps_effects() {
        context.replay_as(&[b"DEL", &args[1]]);
    }
    context.commit(key, Change::deleted());
    Ok(())
}

/// SETNX.
pub(super) const SETNX: Command = Command {
    name: "setnx",
    handler: setnx,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::OW.with(Access::INSERT))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Sets a key to a string if there is no such key.",
        since: "1.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("value")],
        deprecated: Some(("2.6.12", "`SET` with the `NX` argument")),
        ..Docs::NONE
    },
    ..Command::BASE
};

fn setnx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !When::Missing.holds(context, args)? {
        reply.int(0);
        return Ok(());
    }
    store(context, args, 1, 2, Expire::Never);
    reply.int(1);
    Ok(())
}

/// SETEX.
pub(super) const SETEX: Command = Command {
    name: "setex",
    handler: setex,
    arity: Arity::Exactly(4),
    keys: &[KeySpec::at(1, Access::OW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Sets a key to a string that expires after some seconds.",
        since: "2.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::int("seconds"), Arg::string("value")],
        deprecated: Some(("2.6.12", "`SET` with the `EX` argument")),
        ..Docs::NONE
    },
    ..Command::BASE
};

fn setex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set_expiring(context, args, TimeUnit::Seconds, reply)
}

/// PSETEX.
pub(super) const PSETEX: Command = Command {
    name: "psetex",
    handler: psetex,
    docs: Docs {
        summary: "Sets a key to a string that expires after some milliseconds.",
        since: "2.6.0",
        args: &[Arg::key("key"), Arg::int("milliseconds"), Arg::string("value")],
        deprecated: Some(("2.6.12", "`SET` with the `PX` argument")),
        ..SETEX.docs
    },
    ..SETEX
};

fn psetex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set_expiring(context, args, TimeUnit::Millis, reply)
}

fn set_expiring(
    context: &mut Context<'_>,
    args: &mut Args<'_>,
    unit: TimeUnit,
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    let deadline = unit.deadline(&args[2], context)?;
    if context.keeps_effects() {
        replay_set(context, args, 3, Expire::At(deadline), false);
    }
    store(context, args, 1, 3, Expire::At(deadline));
    reply.ok();
    Ok(())
}
