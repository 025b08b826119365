//! INCREX: a counter with bounds and an expiry.
//!
//! A sum outside the bounds changes nothing and is answered with the old value and an increment of 0, unless
//! `SATURATE` makes it the bound itself. What the answer's second part says is the increment that was applied.
//! Valkey's INCREX has NX and XX besides, which Redis's has not.

use super::number::{integer, number};
use super::set::Lifetime;
use super::{EX, EXAT, PX, PXAT};
use crate::parse::{ExpireOption, is};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group,
    KeySpec, Reply, Value, ValueRef,
};
use redstart_encoding::float::Extended;
use redstart_encoding::int::parse_i64;

/// INCREX.
pub(super) const INCREX: Command = Command {
    name: "increx",
    handler: increx,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Adds to the number at a key within bounds, and sets or removes its expiry; a missing key counts from 0.",
        since: "8.8.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::one_of(
                "increment",
                &[Arg::new("float", ArgKind::Double).token("BYFLOAT"), Arg::int("integer").token("BYINT")],
            )
            .optional(),
            Arg::flag("saturate", "SATURATE").optional(),
            Arg::string("lowerbound").token("LBOUND").optional(),
            Arg::string("upperbound").token("UBOUND").optional(),
            Arg::one_of("expiration", &[EX, PX, EXAT, PXAT, Arg::flag("persist", "PERSIST")]).optional(),
            Arg::flag("enx", "ENX").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn increx(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(args)?;
    let count = Count::parse(&options, args)?;
    let asked = match options.lifetime.expire(args, context)? {
        Expire::Never if !matches!(options.lifetime, Lifetime::Persist) => Expire::Keep,
        expire => expire,
    };
    let now_ms = context.now_ms;
    let is_past = |expire| matches!(expire, Expire::At(at) if at <= now_ms);
    let key = context.key(&args[1]);
    let outcome = if let Some(mut found) = context.find_mut(key) {
        let outcome = count.apply(&found.value(), options.saturate)?;
        let spared = options.only_without_expiry && found.expire_ms().is_some();
        let expire = if spared { Expire::Keep } else { asked };
        if outcome.in_bounds && is_past(expire) {
            drop(found.remove());
        } else if outcome.in_bounds {
            outcome.sum.store(|value| found.set_value(value));
            match expire {
                Expire::At(at) => found.set_expire_ms(Some(at)),
                Expire::Never => found.set_expire_ms(None),
                Expire::Keep => {}
            }
        }
        outcome
    } else {
        let outcome = count.apply(&ValueRef::Int(0), options.saturate)?;
        if outcome.in_bounds && !is_past(asked) {
            let at = if let Expire::At(at) = asked { Some(at) } else { None };
            outcome.sum.store(|value| context.insert(key, value, at));
        }
        outcome
    };
    outcome.write(reply);
    if outcome.in_bounds && context.keeps_effects() {
        replay(context, &args[1], &outcome.sum);
    }
    if outcome.in_bounds {
        let event = if matches!(outcome.sum, Sum::Float(_)) { "incrbyfloat" } else { "incrby" };
        let mut change = Change::new(Event::STRING, event);
        if matches!(asked, Expire::At(_)) {
            change = change.then(Event::GENERIC, if is_past(asked) { "del" } else { "expire" });
        }
        context.commit(key, change);
    }
    Ok(())
}

/// What stands for it when it is run again: what it came to.
#[cold]
fn replay(context: &mut Context<'_>, name: &[u8], sum: &Sum) {
    let key = context.key(name);
    let Some(expire_ms) = context.peek(key).map(|found| found.expire_ms()) else {
        return context.replay_as(&[b"DEL", name]);
    };
    let text = match sum {
        Sum::Int(number) => number.to_string().into_bytes(),
        Sum::Float(number) => number.to_text(),
    };
    match expire_ms {
        Some(at_ms) => context.replay_as(&[b"SET", name, &text, b"PXAT", at_ms.to_string().as_bytes()]),
        None => context.replay_as(&[b"SET", name, &text]),
    }
}

/// The options, by where they stand; none may come twice.
struct Options {
    by_int: Option<usize>,
    by_float: Option<usize>,
    lower: Option<usize>,
    upper: Option<usize>,
    saturate: bool,
    lifetime: Lifetime,
    /// `ENX`.
    only_without_expiry: bool,
}

impl Options {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let mut options = Self {
            by_int: None,
            by_float: None,
            lower: None,
            upper: None,
            saturate: false,
            lifetime: Lifetime::Unsaid,
            only_without_expiry: false,
        };
        let mut at = 2;
        while at < args.len() {
            at += options.take(args, at)?;
        }
        match (options.only_without_expiry, options.lifetime) {
            (true, Lifetime::Persist) => Err(Error::Syntax),
            (true, Lifetime::Unsaid) => Err(Error::text("ERR ENX flag requires an expiration")),
            _ if options.by_int.is_some() && options.by_float.is_some() => Err(Error::Syntax),
            _ => Ok(options),
        }
    }

    fn take(&mut self, args: &Args<'_>, at: usize) -> Result<usize, Error> {
        let word = &args[at];
        let unsaid = matches!(self.lifetime, Lifetime::Unsaid);
        if let Some(option) = ExpireOption::at(args, at) {
            self.lifetime = if unsaid { Lifetime::Given(option) } else { return Err(Error::Syntax) };
            return Ok(2);
        }
        if is(word, "persist") && unsaid {
            self.lifetime = Lifetime::Persist;
            return Ok(1);
        }
        for (name, flag) in [("saturate", &mut self.saturate), ("enx", &mut self.only_without_expiry)] {
            if is(word, name) && !*flag {
                *flag = true;
                return Ok(1);
            }
        }
        let places = [
            ("byint", &mut self.by_int),
            ("byfloat", &mut self.by_float),
            ("lbound", &mut self.lower),
            ("ubound", &mut self.upper),
        ];
        for (name, place) in places {
            if is(word, name) && place.is_none() && at + 1 < args.len() {
                *place = Some(at + 1);
                return Ok(2);
            }
        }
        Err(Error::Syntax)
    }
}

/// An increment with its bounds.
enum Count {
    Int { by: i64, lower: i64, upper: i64 },
    Float { by: Extended, lower: Extended, upper: Extended },
}

/// A sum, of the kind that was counted in.
enum Sum {
    Int(i64),
    Float(Extended),
}

impl Sum {
    /// Gives the value that is to be stored; the text of a sum with a fraction lives as long as the call.
    fn store(&self, keep: impl FnOnce(Value<'_>)) {
        match self {
            Self::Int(number) => keep(Value::Int(*number)),
            Self::Float(number) => keep(Value::Bytes(&number.to_text())),
        }
    }

    fn write(&self, reply: &mut Reply<'_>) {
        match self {
            Self::Int(number) => reply.int(*number),
            Self::Float(number) => write_double(&number.to_text(), reply),
        }
    }
}

fn write_double(text: &[u8], reply: &mut Reply<'_>) {
    if reply.version() == 2 {
        return reply.bulk(text);
    }
    reply.raw(b",");
    reply.raw(text);
    reply.raw(b"\r\n");
}

/// What counting came to.
struct Outcome {
    sum: Sum,
    applied: Sum,
    in_bounds: bool,
}

impl Outcome {
    fn write(&self, reply: &mut Reply<'_>) {
        reply.array(2);
        self.sum.write(reply);
        self.applied.write(reply);
    }
}

impl Count {
    fn parse(options: &Options, args: &Args<'_>) -> Result<Self, Error> {
        let count = match options.by_float {
            Some(by) => Self::Float {
                by: finite(&args[by], "Increment", "BYFLOAT increment")?,
                lower: bound(options.lower, args, "LBOUND", Extended::MIN)?,
                upper: bound(options.upper, args, "UBOUND", Extended::MAX)?,
            },
            None => Self::Int {
                by: options.by_int.map_or(Ok(1), |at| named_int(&args[at], "Increment"))?,
                lower: options.lower.map_or(Ok(i64::MIN), |at| named_int(&args[at], "LBOUND"))?,
                upper: options.upper.map_or(Ok(i64::MAX), |at| named_int(&args[at], "UBOUND"))?,
            },
        };
        let crossed = match &count {
            Self::Int { lower, upper, .. } => lower > upper,
            Self::Float { lower, upper, .. } => lower > upper,
        };
        if crossed { Err(Error::text("ERR LBOUND can't be greater than UBOUND")) } else { Ok(count) }
    }

    fn apply(&self, value: &ValueRef<'_>, saturate: bool) -> Result<Outcome, Error> {
        match *self {
            Self::Int { by, lower, upper } => add_int(integer(value)?, by, (lower, upper), saturate),
            Self::Float { by, lower, upper } => add_float(number(value)?, by, (lower, upper), saturate),
        }
    }
}

fn named_int(argument: &[u8], name: &str) -> Result<i64, Error> {
    let wrong = || Error::Text(format!("ERR {name} is not an integer or out of range").into());
    parse_i64(argument).ok_or_else(wrong)
}

/// A number that is not infinite; `name` and `full_name` are what the two refusals call it.
fn finite(argument: &[u8], name: &str, full_name: &str) -> Result<Extended, Error> {
    let wrong = || Error::Text(format!("ERR {name} is not a valid float").into());
    let number = Extended::parse(argument).ok_or_else(wrong)?;
    if number.is_infinite() {
        return Err(Error::Text(format!("ERR {full_name} cannot be Infinity").into()));
    }
    Ok(number)
}

fn bound(at: Option<usize>, args: &Args<'_>, name: &str, unbounded: Extended) -> Result<Extended, Error> {
    at.map_or(Ok(unbounded), |at| finite(&args[at], name, name))
}

fn add_int(old: i64, by: i64, (lower, upper): (i64, i64), saturate: bool) -> Result<Outcome, Error> {
    let sum = i128::from(old) + i128::from(by);
    let clamped = sum.clamp(lower.into(), upper.into());
    if clamped != sum && !saturate {
        return Ok(Outcome { sum: Sum::Int(old), applied: Sum::Int(0), in_bounds: false });
    }
    let clamped = i64::try_from(clamped).expect("both bounds are 64-bit integers");
    let applied = clamped.checked_sub(old).ok_or(Error::text("ERR applied increment would overflow"))?;
    Ok(Outcome { sum: Sum::Int(clamped), applied: Sum::Int(applied), in_bounds: true })
}

fn add_float(
    old: Extended,
    by: Extended,
    (lower, upper): (Extended, Extended),
    saturate: bool,
) -> Result<Outcome, Error> {
    if old.is_infinite() {
        return Err(Error::text("ERR value cannot be Infinity"));
    }
    // Two finite numbers whose sum is not finite are both beyond zero on the increment's side.
    let sum = old.checked_add(by);
    let clamped = match sum {
        Some(sum) if sum > upper => upper,
        Some(sum) if sum < lower => lower,
        Some(sum) => sum,
        None if by > Extended::from(0) => upper,
        None => lower,
    };
    if sum != Some(clamped) && !saturate {
        return Ok(Outcome { sum: Sum::Float(old), applied: Sum::Float(Extended::from(0)), in_bounds: false });
    }
    let applied = clamped.checked_add(-old).ok_or(Error::text("ERR applied increment would overflow"))?;
    Ok(Outcome { sum: Sum::Float(clamped), applied: Sum::Float(applied), in_bounds: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(old: i64, by: i64, bounds: (i64, i64), saturate: bool) -> Option<(i64, i64, bool)> {
        match add_int(old, by, bounds, saturate).ok()? {
            Outcome { sum: Sum::Int(sum), applied: Sum::Int(applied), in_bounds } => Some((sum, applied, in_bounds)),
            _ => None,
        }
    }

    #[test]
    fn integers_stay_within_bounds() {
        let wide = (i64::MIN, i64::MAX);
        assert_eq!(ints(10, 5, wide, false), Some((15, 5, true)));
        assert_eq!(ints(10, 10, (0, 15), false), Some((10, 0, false)));
        assert_eq!(ints(10, 10, (0, 15), true), Some((15, 5, true)));
        assert_eq!(ints(50, 5, (0, 30), true), Some((30, -20, true)));
        assert_eq!(ints(i64::MAX - 7, i64::MAX, wide, false), Some((i64::MAX - 7, 0, false)));
        assert_eq!(ints(i64::MAX - 7, i64::MAX, wide, true), Some((i64::MAX, 7, true)));
        assert_eq!(ints(i64::MAX - 7, 1, (i64::MIN, i64::MIN), true), None, "the difference is no 64-bit integer");
    }

    #[test]
    fn floats_stay_within_bounds() {
        let number = |text: &str| Extended::parse(text.as_bytes()).unwrap();
        let text = |sum: &Sum| match sum {
            Sum::Int(number) => number.to_string(),
            Sum::Float(number) => String::from_utf8(number.to_text()).unwrap(),
        };
        for (old, by, lower, upper, saturate, expected) in [
            ("1.5", "0.25", "0", "10", false, ("1.75", "0.25", true)),
            ("10", "100", "0", "42.5", true, ("42.5", "32.5", true)),
            ("10", "100", "0", "42.5", false, ("10", "0", false)),
            ("0", "-100", "-5.5", "0", true, ("-5.5", "-5.5", true)),
            ("50.5", "5.5", "0", "30", true, ("30", "-20.5", true)),
            ("1e4932", "1e4932", "0", "7", true, ("7", "", true)),
        ] {
            let bounds = (number(lower), number(upper));
            let outcome = add_float(number(old), number(by), bounds, saturate).unwrap();
            assert_eq!((text(&outcome.sum).as_str(), outcome.in_bounds), (expected.0, expected.2), "{old} + {by}");
            if !expected.1.is_empty() {
                assert_eq!(text(&outcome.applied), expected.1, "{old} + {by}");
            }
        }
        assert!(add_float(number("inf"), number("1"), (Extended::MIN, Extended::MAX), true).is_err());
    }
}
