//! CL.THROTTLE: a rate limit as one string key, by the generic cell rate algorithm, with the answers of the module
//! redis-cell (and of Dragonfly).
//!
//! Actions are to come evenly, one in each interval. The key holds when the next would be due if they had
//! (the theoretical arrival time, in nanoseconds since 1970), and goes away once that has passed. An action moves it on
//! by one interval, and is let through while it is no further ahead of now than the burst allows. So the key has the
//! same form as redis-cell's and may be shared with it.
//!
//! Where redis-cell overflows, a limit that does not fit into nanoseconds is refused, and negative numbers are.

use crate::parse::int;
use crate::string::number::integer;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Expire, Flags, Group, KeySpec, Reply,
    Value,
};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[CL_THROTTLE]);

const CL_THROTTLE: Command = Command {
    name: "cl.throttle",
    handler: throttle,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Counts actions against a rate limit, and tells whether they are let through and when more will be.",
        since: "0.1.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::int("max_burst"),
            Arg::int("count"),
            Arg::int("period"),
            Arg::int("quantity").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

const NS_PER_MS: i64 = 1_000_000;
const NS_PER_SECOND: i64 = 1_000_000_000;

fn throttle(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 6 {
        return Err(Error::WrongArity(context.command_name().into()));
    }
    let rate = Rate::new(amount(&args[2])?, amount(&args[3])?, amount(&args[4])?)?;
    let quantity = args.get(5).map_or(Ok(1), amount)?;
    let now_ns = context.now_ms.checked_mul(NS_PER_MS).ok_or(OUT_OF_RANGE)?;
    let key = context.key(&args[1]);
    let due_ns = context.find(key).map(|found| integer(&found.value())).transpose()?;
    let answer = rate.take(quantity, due_ns, now_ns)?;
    if let Some(due_ns) = answer.new_due_ns {
        let until_ms = context.now_ms.saturating_add(answer.reset_after_ns / NS_PER_MS);
        context.set(key, Value::Int(due_ns), Expire::At(until_ms));
        if context.keeps_effects() {
            let (due, until) = (due_ns.to_string(), until_ms.to_string());
            context.replay_as(&[b"SET", &args[1], due.as_bytes(), b"PXAT", until.as_bytes()]);
        }
        context.commit(key, Change::new(Event::STRING, "set"));
    }
    answer.write(reply);
    Ok(())
}

const OUT_OF_RANGE: Error = Error::text("ERR rate limit is out of range");

/// An argument, none of which may be negative.
fn amount(argument: &[u8]) -> Result<i64, Error> {
    int(argument).and_then(|number| if number < 0 { Err(Error::NotInteger) } else { Ok(number) })
}

/// A rate limit.
#[derive(Clone, Copy, Debug)]
struct Rate {
    /// From one action to the next.
    interval_ns: i64,
    /// How far ahead of time actions may be: one interval for each that may come at once.
    tolerance_ns: i64,
    /// How many may come at once.
    limit: i64,
}

/// What becomes of some actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Answer {
    limit: i64,
    remaining: i64,
    /// Until as many will be let through; none where these were, or never will be.
    retry_after_ns: Option<i64>,
    /// Until the limit is whole again.
    reset_after_ns: i64,
    limited: bool,
    /// What the key is to hold, if that changes.
    new_due_ns: Option<i64>,
}

impl Rate {
    fn new(max_burst: i64, count: i64, period_seconds: i64) -> Result<Self, Error> {
        let limit = max_burst.checked_add(1).ok_or(OUT_OF_RANGE)?;
        let period_ns = i128::from(period_seconds) * i128::from(NS_PER_SECOND);
        let interval_ns = period_ns.checked_div(count.into()).unwrap_or(0);
        if interval_ns == 0 {
            return Err(Error::text("ERR Zero rates are not supported"));
        }
        let tolerance_ns = interval_ns.checked_mul(limit.into()).and_then(|product| i64::try_from(product).ok());
        let interval_ns = i64::try_from(interval_ns).map_err(|_| OUT_OF_RANGE)?;
        Ok(Self { interval_ns, tolerance_ns: tolerance_ns.ok_or(OUT_OF_RANGE)?, limit })
    }

    /// Counts `quantity` actions that come at `now_ns`, if they are let through; none tell how things are. The next
    /// action was due at `due_ns`.
    fn take(self, quantity: i64, due_ns: Option<i64>, now_ns: i64) -> Result<Answer, Error> {
        let latest_ns = now_ns.checked_add(self.tolerance_ns).ok_or(OUT_OF_RANGE)?;
        let due_ns = due_ns.unwrap_or(now_ns).max(now_ns);
        // Two 64-bit factors and a summand fit.
        let taken_ns = i128::from(self.interval_ns) * i128::from(quantity);
        let wanted_ns = i128::from(due_ns) + taken_ns;
        let over_ns = wanted_ns - i128::from(latest_ns);
        let limited = over_ns > 0;
        let new_due_ns = if limited { due_ns } else { i64::try_from(wanted_ns).map_err(|_| OUT_OF_RANGE)? };
        let reset_after_ns = new_due_ns.saturating_sub(now_ns);
        let in_time = limited && taken_ns <= i128::from(self.tolerance_ns);
        Ok(Answer {
            limit: self.limit,
            remaining: (self.tolerance_ns.saturating_sub(reset_after_ns) / self.interval_ns).max(0),
            retry_after_ns: if in_time { i64::try_from(over_ns).ok() } else { None },
            reset_after_ns,
            limited,
            new_due_ns: (!limited && quantity > 0).then_some(new_due_ns),
        })
    }
}

/// Milliseconds that have begun are left out, seconds that have begun are counted whole, so that nobody comes back too
/// early.
fn seconds(ns: i64) -> i64 {
    let ms = ns / NS_PER_MS;
    ms / 1000 + i64::from(ms % 1000 > 0)
}

impl Answer {
    fn write(&self, reply: &mut Reply<'_>) {
        reply.array(5);
        reply.int(i64::from(self.limited));
        reply.int(self.limit);
        reply.int(self.remaining);
        reply.int(self.retry_after_ns.map_or(-1, seconds));
        reply.int(seconds(self.reset_after_ns));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = NS_PER_SECOND;
    const NOW: i64 = 1_700_000_000 * SECOND;

    /// Limited, remaining, seconds to retry and to reset.
    fn seen(answer: Answer) -> (bool, i64, i64, i64) {
        let retry = answer.retry_after_ns.map_or(-1, seconds);
        (answer.limited, answer.remaining, retry, seconds(answer.reset_after_ns))
    }

    #[test]
    fn a_bucket_empties_and_fills() {
        let rate = Rate::new(4, 1, 1).unwrap();
        let mut due = None;
        let steps = [
            // ms after the beginning, actions, what is seen
            (0, 6, (true, 5, -1, 0)),
            (0, 1, (false, 4, -1, 1)),
            (0, 3, (false, 1, -1, 4)),
            (0, 2, (true, 1, 1, 4)),
            (0, 1, (false, 0, -1, 5)),
            (0, 1, (true, 0, 1, 5)),
            (0, 5, (true, 0, 5, 5)),
            (0, 0, (false, 0, -1, 5)),
            (1_500, 1, (false, 0, -1, 5)),
            (1_500, 1, (true, 0, 1, 5)),
            (3_500, 0, (false, 2, -1, 3)),
            (9_000, 1, (false, 4, -1, 1)),
        ];
        for (ms, quantity, expected) in steps {
            let answer = rate.take(quantity, due, NOW + ms * NS_PER_MS).unwrap();
            assert_eq!(seen(answer), expected, "{quantity} after {ms} ms");
            assert_eq!(answer.limit, 5);
            assert_eq!(answer.new_due_ns.is_some(), quantity > 0 && !answer.limited);
            due = answer.new_due_ns.or(due);
        }
    }

    #[test]
    fn rates_have_edges() {
        let refused = |burst, count, period| Rate::new(burst, count, period).is_err();
        assert!(refused(1, 0, 1) && refused(1, 1, 0), "zero rates");
        assert!(refused(1, SECOND + 1, 1), "less than a nanosecond");
        assert_eq!(Rate::new(1, SECOND, 1).unwrap().interval_ns, 1);
        assert!(refused(i64::MAX, 1, 1) && refused(i64::MAX - 1, 1, 1), "too many at once");
        assert!(Rate::new(i64::MAX - 1, SECOND, 1).is_ok());
        assert!(refused(0, 1, i64::MAX) && refused(i64::MAX - 1, 1, i64::MAX), "too slow");
        assert_eq!(Rate::new(0, i64::MAX, i64::MAX).unwrap().interval_ns, SECOND);
    }

    #[test]
    fn numbers_at_the_ends_are_no_trouble() {
        let rate = Rate::new(0, 1, 60).unwrap();
        let much = rate.take(i64::MAX, None, NOW).unwrap();
        assert_eq!(seen(much), (true, 1, -1, 0));
        let much = rate.take(i64::MAX, Some(i64::MAX), NOW).unwrap();
        assert_eq!((much.limited, much.remaining, much.new_due_ns), (true, 0, None));
        let past = rate.take(1, Some(i64::MIN), NOW).unwrap();
        assert_eq!(seen(past), (false, 0, -1, 60));
        let wide = Rate::new(i64::MAX - 1, SECOND, 1).unwrap();
        assert!(wide.take(1, None, NOW).is_err(), "the burst goes beyond the clock");
        assert!(wide.take(1, None, 0).is_ok());
        assert!(rate.take(1, None, i64::MAX - SECOND).is_err());
    }
}
