//! Arguments to typed values, shared by all families.

pub(crate) use redstart_command::until_nul;
use redstart_command::{Args, Context, Error};
use redstart_encoding::float::{Extended, parse_f64};
use redstart_encoding::int::parse_i64;

/// An integer argument.
pub(crate) fn int(argument: &[u8]) -> Result<i64, Error> {
    parse_i64(argument).ok_or(Error::NotInteger)
}

/// An integer argument that lies between two others.
pub(crate) fn int_between(argument: &[u8], least: i64, most: i64) -> Result<i64, Error> {
    let number = int(argument)?;
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(Error::Text(format!("ERR value is out of range, value must between {least} and {most}").into()))
}

/// An integer argument that is not negative; others are refused with this text.
#[inline]
pub(crate) fn not_negative(argument: &[u8], refusal: &'static str) -> Result<usize, Error> {
    parse_i64(argument).and_then(|number| usize::try_from(number).ok()).ok_or(Error::text(refusal))
}

/// As [`not_negative`], of how many elements something is asked for.
#[inline]
pub(crate) fn count(argument: &[u8]) -> Result<usize, Error> {
    not_negative(argument, "ERR value is out of range, must be positive")
}

/// An integer argument greater than 0; others are refused with this text.
#[inline]
pub(crate) fn positive(argument: &[u8], refusal: &'static str) -> Result<usize, Error> {
    not_negative(argument, refusal).and_then(|number| if number > 0 { Ok(number) } else { Err(Error::text(refusal)) })
}

/// When a command that waits for so many seconds gives up, in unix milliseconds; 0 seconds are for ever.
pub(crate) fn timeout_seconds(argument: &[u8], now_ms: i64) -> Result<Option<i64>, Error> {
    let seconds = parse_f64(argument).or_else(|| beyond_f64(argument));
    let ms = seconds.ok_or(Error::text("ERR timeout is not a float or out of range"))? * 1000.0;
    if ms > i64::MAX as f64 {
        return Err(TIMEOUT_RANGE);
    }
    give_up_after(ms.ceil() as i64, now_ms)
}

/// A number that is too large or too small for a double, but not for the 80 bits that Redis reads timeouts in: as
/// infinite, or as next to nothing.
fn beyond_f64(argument: &[u8]) -> Option<f64> {
    let number = Extended::parse(argument)?;
    let magnitude = if number.truncated() == Some(0) { f64::MIN_POSITIVE } else { f64::INFINITY };
    Some(if number.is_negative() { -magnitude } else { magnitude })
}

/// As [`timeout_seconds`], for a whole number of milliseconds.
pub(crate) fn timeout_ms(argument: &[u8], now_ms: i64) -> Result<Option<i64>, Error> {
    let ms = parse_i64(argument).ok_or(Error::text("ERR timeout is not an integer or out of range"))?;
    give_up_after(ms, now_ms)
}

const TIMEOUT_RANGE: Error = Error::text("ERR timeout is out of range");

fn give_up_after(ms: i64, now_ms: i64) -> Result<Option<i64>, Error> {
    match ms {
        0 => Ok(None),
        ..0 => Err(Error::text("ERR timeout is negative")),
        ms => ms.checked_add(now_ms).map(Some).ok_or(TIMEOUT_RANGE),
    }
}

/// Whether an argument is this word, in any case.
#[inline]
pub(crate) fn is(argument: &[u8], word: &str) -> bool {
    argument.eq_ignore_ascii_case(word.as_bytes())
}

/// A number as ranges of scores and SORT read it: up to the first zero byte, where nothing is zero and what is too large
/// is infinite, but without hexadecimal digits.
pub(crate) fn loose_f64(text: &[u8]) -> Option<f64> {
    let text = until_nul(text);
    if text.is_empty() {
        return Some(0.0);
    }
    let number: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (!number.is_nan()).then_some(number)
}

/// How an expiry argument is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    /// Seconds from now (`EX`).
    Seconds,
    /// Milliseconds from now (`PX`).
    Millis,
    /// Unix time in seconds (`EXAT`).
    UnixSeconds,
    /// Unix time in milliseconds (`PXAT`).
    UnixMillis,
}

impl TimeUnit {
    /// The unit that an option word names.
    #[inline]
    pub(crate) fn of_option(argument: &[u8]) -> Option<Self> {
        if !(2..=4).contains(&argument.len()) {
            return None;
        }
        if is(argument, "ex") {
            Some(Self::Seconds)
        } else if is(argument, "px") {
            Some(Self::Millis)
        } else if is(argument, "exat") {
            Some(Self::UnixSeconds)
        } else if is(argument, "pxat") {
            Some(Self::UnixMillis)
        } else {
            None
        }
    }

    /// A positive time argument as unix milliseconds.
    pub(crate) fn deadline(self, argument: &[u8], context: &Context<'_>) -> Result<i64, Error> {
        let number = int(argument)?;
        let invalid = || Error::invalid_expire(context.command_name());
        if number <= 0 {
            return Err(invalid());
        }
        self.to_unix_ms(number, context.clock_ms()).ok_or_else(invalid)
    }

    /// A time in this unit as unix milliseconds; `None` where it does not fit.
    pub(crate) fn to_unix_ms(self, number: i64, now_ms: i64) -> Option<i64> {
        let ms = match self {
            Self::Seconds | Self::UnixSeconds => number.checked_mul(1000)?,
            Self::Millis | Self::UnixMillis => number,
        };
        match self {
            Self::Seconds | Self::Millis => ms.checked_add(now_ms),
            Self::UnixSeconds | Self::UnixMillis => Some(ms),
        }
    }
}

/// An expiry option as it stands among the arguments. Its number is looked at once all options are known to be right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpireOption {
    /// How the number is meant.
    pub(crate) unit: TimeUnit,
    number_at: usize,
}

impl ExpireOption {
    /// `EX`, `PX`, `EXAT` or `PXAT` at `args[at]`, with an argument behind it.
    #[inline]
    pub(crate) fn at(args: &Args<'_>, at: usize) -> Option<Self> {
        let unit = TimeUnit::of_option(&args[at])?;
        (at + 1 < args.len()).then_some(Self { unit, number_at: at + 1 })
    }

    /// The time in unix milliseconds.
    pub(crate) fn deadline(self, args: &Args<'_>, context: &Context<'_>) -> Result<i64, Error> {
        self.unit.deadline(&args[self.number_at], context)
    }

    /// Whether the time is given as such, and not from now on.
    pub(crate) fn is_absolute(self) -> bool {
        matches!(self.unit, TimeUnit::UnixSeconds | TimeUnit::UnixMillis)
    }
}

/// A number as INCRBYFLOAT and its like read it.
pub(crate) fn extended(argument: &[u8]) -> Result<Extended, Error> {
    Extended::parse(argument).ok_or(Error::NotFloat)
}
