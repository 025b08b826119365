//! How long keys live.

use crate::parse::{TimeUnit, int, is, until_nul};
use redstart_command::spec::Handler;
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group,
    KeySpec, Reply,
};
use redstart_config::ids;

/// The family.
pub(crate) const COMMANDS: &[Command] =
    Command::checked(&[EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT, TTL, PTTL, EXPIRETIME, PEXPIRETIME, PERSIST]);

const CONDITION: Arg = Arg::one_of(
    "condition",
    &[Arg::flag("nx", "NX"), Arg::flag("xx", "XX"), Arg::flag("gt", "GT"), Arg::flag("lt", "LT")],
)
.optional()
.since("7.0.0");

const OPTIONS_SINCE: &[(&str, &str)] = &[("7.0.0", "Added options: `NX`, `XX`, `GT` and `LT`.")];

const KEY_UPDATED: &[KeySpec] = &[KeySpec::at(1, Access::RW.with(Access::UPDATE))];
const KEY_READ: &[KeySpec] = &[KeySpec::at(1, Access::RO.with(Access::ACCESS))];
const KEY_ARG: &[Arg] = &[Arg::key("key")];

/// What the four commands that set an expiry share.
const fn setter(name: &'static str, handler: Handler, docs: Docs) -> Command {
    Command {
        name,
        handler,
        arity: Arity::AtLeast(3),
        keys: KEY_UPDATED,
        flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
        acl: Acl::KEYSPACE,
        docs: Docs { group: Group::Generic, complexity: "O(1)", history: OPTIONS_SINCE, ..docs },
        ..Command::BASE
    }
}

const EXPIRE: Command = setter(
    "expire",
    expire,
    Docs {
        summary: "Lets a key expire in so many seconds.",
        since: "1.0.0",
        args: &[Arg::key("key"), Arg::int("seconds"), CONDITION],
        ..Docs::NONE
    },
);

fn expire(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set_expiry(context, args, reply, TimeUnit::Seconds)
}

const PEXPIRE: Command = setter(
    "pexpire",
    pexpire,
    Docs {
        summary: "Lets a key expire in so many milliseconds.",
        since: "2.6.0",
        args: &[Arg::key("key"), Arg::int("milliseconds"), CONDITION],
        ..Docs::NONE
    },
);

fn pexpire(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set_expiry(context, args, reply, TimeUnit::Millis)
}

const EXPIREAT: Command = setter(
    "expireat",
    expireat,
    Docs {
        summary: "Lets a key expire at a unix time in seconds.",
        since: "1.2.0",
        args: &[Arg::key("key"), Arg::new("unix-time-seconds", ArgKind::UnixTime), CONDITION],
        ..Docs::NONE
    },
);

fn expireat(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set_expiry(context, args, reply, TimeUnit::UnixSeconds)
}

const PEXPIREAT: Command = setter(
    "pexpireat",
    pexpireat,
    Docs {
        summary: "Lets a key expire at a unix time in milliseconds.",
        since: "2.6.0",
        args: &[Arg::key("key"), Arg::new("unix-time-milliseconds", ArgKind::UnixTime), CONDITION],
        ..Docs::NONE
    },
);

fn pexpireat(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    set_expiry(context, args, reply, TimeUnit::UnixMillis)
}

/// When an expiry is to be set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conditions {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
}

impl Conditions {
    fn parse<'a>(words: impl Iterator<Item = &'a [u8]>) -> Result<Self, Error> {
        let mut conditions = Self::default();
        for word in words {
            match () {
                () if is(word, "nx") => conditions.nx = true,
                () if is(word, "xx") => conditions.xx = true,
                () if is(word, "gt") => conditions.gt = true,
                () if is(word, "lt") => conditions.lt = true,
                () => return Err(Error::Bytes([b"ERR Unsupported option ", until_nul(word)].concat())),
            }
        }
        if conditions.nx && (conditions.xx || conditions.gt || conditions.lt) {
            return Err(Error::text("ERR NX and XX, GT or LT options at the same time are not compatible"));
        }
        if conditions.gt && conditions.lt {
            return Err(Error::text("ERR GT and LT options at the same time are not compatible"));
        }
        Ok(conditions)
    }

    /// Whether `new` may replace `old`; no expiry counts as one that never comes.
    fn allow(self, old: Option<i64>, new: i64) -> bool {
        !(self.nx && old.is_some()
            || self.xx && old.is_none()
            || self.gt && old.is_none_or(|old| new <= old)
            || self.lt && old.is_some_and(|old| new >= old))
    }
}

fn set_expiry(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, unit: TimeUnit) -> Result<(), Error> {
    let conditions = Conditions::parse(args.iter_from(3))?;
    let (number, now_ms) = (int(&args[2])?, context.now_ms);
    let at =
        unit.to_unix_ms(number, context.clock_ms()).ok_or_else(|| Error::invalid_expire(context.command_name()))?;
    let key = context.key(&args[1]);
    let mut gone = None;
    let done = match context.find_mut(key) {
        Some(mut found) if conditions.allow(found.expire_ms(), at) => {
            // A time that has passed removes the key here and now.
            if at <= now_ms {
                gone = Some(found.remove());
            } else {
                found.set_expire_ms(Some(at));
            }
            true
        }
        _ => false,
    };
    if let Some(entry) = gone {
        context.free(entry, context.shared.config.get(ids::LAZYFREE_LAZY_EXPIRE));
    }
    if done {
        let event = if at <= now_ms { "del" } else { "expire" };
        if context.keeps_effects() {
            replay_lifetime(context, &args[1], event, Expire::At(at));
        }
        context.commit(key, Change::new(Event::GENERIC, event));
    }
    reply.int(i64::from(done));
    Ok(())
}

/// What stands for a new expiry when it is run again, where it came to this event.
#[cold]
pub(crate) fn replay_lifetime(context: &mut Context<'_>, key: &[u8], event: &str, expire: Expire) {
    match (event, expire) {
        ("persist", _) => context.replay_as(&[b"PERSIST", key]),
        ("expire", Expire::At(at_ms)) => context.replay_as(&[b"PEXPIREAT", key, at_ms.to_string().as_bytes()]),
        _ => context.replay_as(&[context.shared.word_for_expiry(), key]),
    }
}

/// What the four commands that tell an expiry share.
const fn getter(name: &'static str, handler: Handler, tips: &'static [&'static str], docs: Docs) -> Command {
    Command {
        name,
        handler,
        arity: Arity::Exactly(2),
        keys: KEY_READ,
        flags: Flags::READONLY.with(Flags::FAST),
        acl: Acl::KEYSPACE,
        docs: Docs { group: Group::Generic, complexity: "O(1)", args: KEY_ARG, ..docs },
        tips,
        ..Command::BASE
    }
}

const CHANGING: &[&str] = &["nondeterministic_output"];

const TTL: Command = getter(
    "ttl",
    ttl,
    CHANGING,
    Docs {
        summary: "Returns the seconds that a key has left.",
        since: "1.0.0",
        history: &[("2.8.0", "Added the -2 reply.")],
        ..Docs::NONE
    },
);

fn ttl(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    tell_expiry(context, args, reply, |at, now_ms| ((at - now_ms).max(0) + 500) / 1000)
}

const PTTL: Command = getter(
    "pttl",
    pttl,
    CHANGING,
    Docs {
        summary: "Returns the milliseconds that a key has left.",
        since: "2.6.0",
        history: &[("2.8.0", "Added the -2 reply.")],
        ..Docs::NONE
    },
);

fn pttl(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    tell_expiry(context, args, reply, |at, now_ms| (at - now_ms).max(0))
}

const EXPIRETIME: Command = getter(
    "expiretime",
    expiretime,
    &[],
    Docs { summary: "Returns the unix time in seconds at which a key expires.", since: "7.0.0", ..Docs::NONE },
);

fn expiretime(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    // Rounded without overflow up to the last millisecond that an expiry can have.
    tell_expiry(context, args, reply, |at, _| at / 1000 + i64::from(at % 1000 >= 500))
}

const PEXPIRETIME: Command = getter(
    "pexpiretime",
    pexpiretime,
    &[],
    Docs { summary: "Returns the unix time in milliseconds at which a key expires.", since: "7.0.0", ..Docs::NONE },
);

fn pexpiretime(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    tell_expiry(context, args, reply, |at, _| at)
}

/// -2 for a key that is not there, -1 for one that does not expire.
fn tell_expiry(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    shown: impl Fn(i64, i64) -> i64,
) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let now_ms = context.now_ms;
    reply.int(context.look(key).map_or(-2, |found| found.expire_ms().map_or(-1, |at| shown(at, now_ms))));
    Ok(())
}

const PERSIST: Command = Command {
    name: "persist",
    handler: persist,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST).with(Flags::CHANGES_NAMED),
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Takes the expiry off a key.",
        since: "2.2.0",
        group: Group::Generic,
        complexity: "O(1)",
        args: KEY_ARG,
        ..Docs::NONE
    },
    ..Command::BASE
};

fn persist(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let done = context.find_mut(key).is_some_and(|mut found| {
        let had = found.expire_ms().is_some();
        found.set_expire_ms(None);
        had
    });
    if done {
        context.commit(key, Change::new(Event::GENERIC, "persist"));
    }
    reply.int(i64::from(done));
    Ok(())
}
