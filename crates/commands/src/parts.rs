//! Parts of collections that expire: what the commands on fields of hashes and on members of sets have in common.

use crate::parse::{TimeUnit, is, positive};
use redstart_command::{Arg, Args, Context, Error};

/// The latest time that a part can have, in unix milliseconds: some 2,200 years, as in Redis.
const LATEST_MS: i64 = ((1 << 48) - 2) >> 2;

/// The argument that says when a time is set.
pub(crate) const CONDITION: Arg = Arg::one_of(
    "condition",
    &[Arg::flag("nx", "NX"), Arg::flag("xx", "XX"), Arg::flag("gt", "GT"), Arg::flag("lt", "LT")],
)
.optional();

/// Whether what expires at that time has done so. A time that is now has not passed, as in Redis.
#[inline]
pub(crate) fn passed(expire_ms: Option<i64>, now_ms: i64) -> bool {
    expire_ms.is_some_and(|at_ms| at_ms < now_ms)
}

/// Answers about a part, as Redis numbers them.
pub(crate) const NO_PART: i64 = -2;
pub(crate) const NO_TIME: i64 = -1;
pub(crate) const NOT_MET: i64 = 0;
pub(crate) const DONE: i64 = 1;
pub(crate) const DELETED: i64 = 2;

/// How many parts are named behind a word and their number, which stand at `at`; the word comes with how errors call it.
pub(crate) fn named(
    args: &Args<'_>,
    at: usize,
    (word, shown): (&str, &str),
    not_positive: &'static str,
) -> Result<usize, Error> {
    if !args.get(at).is_some_and(|argument| is(argument, word)) {
        let text = format!("ERR Mandatory argument {shown} is missing or not at the right position");
        return Err(Error::Text(text.into()));
    }
    let number = positive(args.get(at + 1).unwrap_or_default(), not_positive)?;
    let text = || format!("ERR The `num{word}` parameter must match the number of arguments");
    if number == args.len() - at - 2 { Ok(number) } else { Err(Error::Text(text().into())) }
}

/// How a part's time is answered, in a unit.
pub(crate) fn left(time: Option<Option<i64>>, unit: TimeUnit, now_ms: i64) -> i64 {
    match (time, unit) {
        (None, _) => NO_PART,
        (Some(None), _) => NO_TIME,
        (Some(Some(at_ms)), TimeUnit::Seconds) => (at_ms - now_ms + 999) / 1000,
        (Some(Some(at_ms)), TimeUnit::Millis) => at_ms - now_ms,
        (Some(Some(at_ms)), TimeUnit::UnixSeconds) => (at_ms + 999) / 1000,
        (Some(Some(at_ms)), TimeUnit::UnixMillis) => at_ms,
    }
}

/// A time argument as unix milliseconds.
pub(crate) fn time(unit: TimeUnit, argument: &[u8], context: &Context<'_>) -> Result<i64, Error> {
    let number = crate::parse::int(argument)?;
    if number < 0 {
        return Err(Error::text("ERR invalid expire time, must be >= 0"));
    }
    let at_ms = unit.to_unix_ms(number, context.now_ms).filter(|&at_ms| at_ms <= LATEST_MS);
    at_ms.ok_or_else(|| Error::invalid_expire(context.command_name()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Always,
    Missing,
    There,
    Later,
    Earlier,
}

impl Condition {
    pub(crate) fn parse(word: &[u8]) -> Self {
        match word {
            _ if is(word, "nx") => Self::Missing,
            _ if is(word, "xx") => Self::There,
            _ if is(word, "gt") => Self::Later,
            _ if is(word, "lt") => Self::Earlier,
            _ => Self::Always,
        }
    }

    pub(crate) fn met(self, old_ms: Option<i64>, new_ms: i64) -> bool {
        match (self, old_ms) {
            (Self::Always | Self::Missing | Self::Earlier, None) | (Self::Always | Self::There, Some(_)) => true,
            (Self::There | Self::Later, None) | (Self::Missing, Some(_)) => false,
            (Self::Later, Some(old_ms)) => new_ms > old_ms,
            (Self::Earlier, Some(old_ms)) => new_ms < old_ms,
        }
    }
}
