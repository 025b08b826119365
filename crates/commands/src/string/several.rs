//! Strings, written to several keys at once.

use super::set::Lifetime;
use super::{AT_ONCE, EX, EXAT, PX, PXAT, store};
use crate::parse::{ExpireOption, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Expire, Flags, Group, Key, KeySpec, Reply,
};
use redstart_encoding::int::parse_i64;
use smallvec::SmallVec;

const PAIRS: Arg = Arg::block("data", &[Arg::key("key"), Arg::string("value")]).multiple();

/// MSET.
pub(super) const MSET: Command = Command {
    name: "mset",
    handler: mset,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::from(1, 2, Access::OW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Sets several keys to strings, all in one moment.",
        since: "1.0.1",
        group: Group::String,
        complexity: "O(N) where N is the number of keys to set.",
        args: &[PAIRS],
        ..Docs::NONE
    },
    tips: &["request_policy:multi_shard", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn mset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    check_pairs(args, "mset")?;
    set_all(context, args, 1..args.len(), Expire::Never);
    reply.ok();
    Ok(())
}

/// MSETNX.
pub(super) const MSETNX: Command = Command {
    name: "msetnx",
    handler: msetnx,
    keys: &[KeySpec::from(1, 2, Access::OW.with(Access::INSERT))],
    docs: Docs { summary: "Sets several keys to strings if none of them exists.", ..MSET.docs },
    tips: &[],
    ..MSET
};

fn msetnx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    check_pairs(args, "msetnx")?;
    let free = all_keys(context, args, 1..args.len(), Existence::Missing);
    if free {
        set_all(context, args, 1..args.len(), Expire::Never);
    }
    reply.int(i64::from(free));
    Ok(())
}

/// MSETEX. Valkey has it too, with other words for a wrong number of keys; these are Redis's.
pub(super) const MSETEX: Command = Command {
    name: "msetex",
    handler: msetex,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::counted(1, 2, Access::OW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::MOVABLE_KEYS),
    docs: Docs {
        summary: "Sets several keys to strings with one expiry for all, if all or none of them exist where that is asked.",
        since: "8.4.0",
        args: &[
            Arg::int("numkeys"),
            PAIRS,
            Arg::one_of("condition", &[Arg::flag("nx", "NX"), Arg::flag("xx", "XX")]).optional(),
            Arg::one_of("expiration", &[EX, PX, EXAT, PXAT, Arg::flag("keepttl", "KEEPTTL")]).optional(),
        ],
        ..MSET.docs
    },
    ..MSET
};

fn msetex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let count = parse_i64(&args[1]).and_then(|count| i32::try_from(count).ok()).filter(|&count| count > 0);
    let count = count.ok_or(Error::text("ERR invalid numkeys value"))? as usize;
    let end = 2 + 2 * count;
    if end > args.len() {
        return Err(Error::text("ERR wrong number of key-value pairs"));
    }
    let (existence, lifetime) = shared_options(args, end)?;
    let expire = lifetime.expire(args, context)?;
    let set = existence.is_none_or(|existence| all_keys(context, args, 2..end, existence));
    if set {
        if let Expire::At(at_ms) = expire
            && context.keeps_effects()
        {
            // What went because of its time goes first.
            for at in (2..end).step_by(2) {
                context.exists(context.key(&args[at]));
            }
            let at_ms = at_ms.to_string();
            context.replay(args.iter_from(0).take(end).chain([b"PXAT".as_slice(), at_ms.as_bytes()]));
        }
        set_all(context, args, 2..end, expire);
    }
    reply.int(i64::from(set));
    Ok(())
}

/// What is asked of all keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Existence {
    Missing,
    Present,
}

fn shared_options(args: &Args<'_>, from: usize) -> Result<(Option<Existence>, Lifetime), Error> {
    let (mut existence, mut lifetime) = (None, Lifetime::Unsaid);
    let mut at = from;
    while at < args.len() {
        let word = &args[at];
        if let Some(option) = ExpireOption::at(args, at) {
            lifetime.give(option)?;
            at += 1;
        } else if is(word, "nx") && existence != Some(Existence::Present) {
            existence = Some(Existence::Missing);
        } else if is(word, "xx") && existence != Some(Existence::Missing) {
            existence = Some(Existence::Present);
        } else if is(word, "keepttl") {
            lifetime.keep()?;
        } else {
            return Err(Error::Syntax);
        }
        at += 1;
    }
    Ok((existence, lifetime))
}

fn check_pairs(args: &Args<'_>, name: &'static str) -> Result<(), Error> {
    if args.len().is_multiple_of(2) { Err(Error::WrongArity(name.into())) } else { Ok(()) }
}

fn all_keys(context: &mut Context<'_>, args: &Args<'_>, pairs: std::ops::Range<usize>, wanted: Existence) -> bool {
    pairs.step_by(2).all(|at| {
        let key = context.key(&args[at]);
        context.find_mut(key).is_some() == (wanted == Existence::Present)
    })
}

/// Sets the pairs of key and value that stand there.
fn set_all(context: &mut Context<'_>, args: &mut Args<'_>, pairs: std::ops::Range<usize>, expire: Expire) {
    for (number, at) in pairs.clone().step_by(2).enumerate() {
        if number.is_multiple_of(AT_ONCE) {
            let soon = (at..pairs.end).step_by(2).take(AT_ONCE);
            let keys: SmallVec<[Key<'_>; AT_ONCE]> = soon.map(|at| context.key(&args[at])).collect();
            context.prefetch(&keys);
        }
        store(context, args, at, at + 1, expire);
    }
}
