//! Values: parsed from a directive's arguments, and formatted as text.
//!
//! Parsing is pure: it returns a [`Value`] or Redis's error text, and changes nothing, so that several directives can
//! be checked before one is set.

use std::sync::Arc;

use redstart_encoding::int::{IntText, parse_i64};

use crate::choices::Choice;
use crate::directive::{Directive, IntKind, Kind, Unit};
use crate::number::{c_integer, memory_size};
use crate::special;

/// The limits of the output buffers of one class of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct OutputBufferLimit {
    /// Bytes at which a client is disconnected at once; 0 for none.
    pub hard_bytes: u64,
    /// Bytes above which a client is disconnected after `soft_seconds`; 0 for none.
    pub soft_bytes: u64,
    /// The duration for `soft_bytes`.
    pub soft_seconds: u64,
}

/// A directive's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, a bool (0 or 1), a word's number, or a set of bits. Sizes above 2^63 wrap.
    Number(i64),
    /// Any bytes; lists in their canonical form, joined by single spaces.
    Text(Arc<[u8]>),
    /// The limits of normal clients, replicas, and subscribers.
    Limits([OutputBufferLimit; 3]),
}

impl Value {
    pub(crate) fn text(text: impl AsRef<[u8]>) -> Value {
        Value::Text(text.as_ref().into())
    }
}

/// Why a value was refused; the text is Redis's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// Neither `yes` nor `no`.
    NotBool,
    /// Not an integer.
    NotInteger,
    /// Not a number of bytes.
    NotMemory,
    /// Neither a number of bytes nor a percentage.
    NotMemoryOrPercent,
    /// Not an octal number.
    NotOctal,
    /// Outside the range.
    OutOfRange {
        /// The smallest value.
        min: i128,
        /// The largest value.
        max: i128,
        /// Whether the limits are shown in octal.
        octal: bool,
    },
    /// More than this percentage.
    PercentTooHigh(i128),
    /// Not one of the words.
    NotAChoice(&'static [Choice]),
    /// Too few or too many arguments.
    ArgumentCount,
    /// Anything else.
    Text(&'static str),
}

impl std::fmt::Display for ValueError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            ValueError::NotBool => f.write_str("argument must be 'yes' or 'no'"),
            ValueError::NotInteger => f.write_str("argument couldn't be parsed into an integer"),
            ValueError::NotMemory => f.write_str("argument must be a memory value"),
            ValueError::NotMemoryOrPercent => f.write_str("argument must be a memory or percent value"),
            ValueError::NotOctal => f.write_str("argument couldn't be parsed as an octal number"),
            ValueError::OutOfRange { min, max, octal: true } => {
                write!(f, "argument must be between {min:o} and {max:o} inclusive")
            }
            ValueError::OutOfRange { min, max, octal: false } => {
                write!(f, "argument must be between {min} and {max} inclusive")
            }
            ValueError::PercentTooHigh(max) => write!(f, "percentage argument must be less or equal to {max}"),
            ValueError::NotAChoice(choices) => {
                let words: Vec<_> = choices.iter().map(|choice| choice.word).collect();
                write!(f, "argument(s) must be one of the following: {}", words.join(", "))
            }
            ValueError::ArgumentCount => f.write_str("wrong number of arguments"),
            ValueError::Text(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for ValueError {}

impl Directive {
    /// The default, unless it depends on the machine.
    pub(crate) fn default_value(&self) -> Value {
        match self.kind {
            Kind::Bool { default } => Value::Number(default.into()),
            Kind::Int(kind) => Value::Number(kind.default as i64),
            Kind::Choice { default, .. } => Value::Number(default),
            Kind::Text { default, .. } => Value::text(default),
            Kind::Special(special) => special::default(special),
        }
    }

    /// Parses `arguments`; `current` is the current value, which some grammars change in part.
    pub(crate) fn parse(&self, arguments: &[Vec<u8>], current: &Value) -> Result<Value, ValueError> {
        let value = match self.kind {
            Kind::Bool { .. } => parse_bool(single(arguments)?)?,
            Kind::Int(kind) => parse_number(single(arguments)?, &kind)?,
            Kind::Choice { choices, bits, .. } => parse_choice(arguments, choices, bits)?,
            Kind::Text { .. } => Value::text(single(arguments)?),
            Kind::Special(special) => special::parse(special, arguments, current)?,
        };
        match self.check {
            Some(check) => check(value),
            None => Ok(value),
        }
    }

    /// The value as in CONFIG GET.
    pub(crate) fn format(&self, value: &Value) -> Vec<u8> {
        match (self.kind, value) {
            (Kind::Bool { .. }, Value::Number(number)) => yes_or_no(*number).into(),
            (Kind::Int(kind), Value::Number(number)) => format_number(*number, &kind),
            (Kind::Choice { choices, bits, .. }, Value::Number(number)) => format_choice(*number, choices, bits),
            (Kind::Special(special), value) => special::format(special, value),
            (_, Value::Text(text)) => text.to_vec(),
            (_, Value::Number(number)) => IntText::new(*number).as_bytes().to_vec(),
            (_, Value::Limits(_)) => Vec::new(),
        }
    }
}

fn single(arguments: &[Vec<u8>]) -> Result<&[u8], ValueError> {
    match arguments {
        [argument] => Ok(argument),
        _ => Err(ValueError::ArgumentCount),
    }
}

pub(crate) fn yes_or_no(number: i64) -> &'static str {
    if number == 0 { "no" } else { "yes" }
}

fn parse_bool(argument: &[u8]) -> Result<Value, ValueError> {
    if argument.eq_ignore_ascii_case(b"yes") {
        Ok(Value::Number(1))
    } else if argument.eq_ignore_ascii_case(b"no") {
        Ok(Value::Number(0))
    } else {
        Err(ValueError::NotBool)
    }
}

fn parse_number(argument: &[u8], kind: &IntKind) -> Result<Value, ValueError> {
    let number = match kind.unit {
        Unit::Plain => parse_i64(argument).ok_or(ValueError::NotInteger)?,
        // If the value may be negative, a negative number has no unit: -1 means no limit.
        Unit::Memory if kind.min < 0 && argument.starts_with(b"-") => {
            parse_i64(argument).ok_or(ValueError::NotMemory)?
        }
        Unit::Memory => memory_size(argument).ok_or(ValueError::NotMemory)? as i64,
        Unit::MemoryOrPercent => match memory_size(argument) {
            Some(bytes) => bytes as i64,
            None => parse_percent(argument).ok_or(ValueError::NotMemoryOrPercent)?,
        },
        Unit::Octal => match c_integer(argument, 8) {
            (value, b"") if i64::try_from(value).is_ok() => value as i64,
            _ => return Err(ValueError::NotOctal),
        },
    };
    let comparable = if kind.unsigned { i128::from(number as u64) } else { i128::from(number) };
    if kind.unit == Unit::MemoryOrPercent && number < 0 && comparable < kind.min {
        return Err(ValueError::PercentTooHigh(-kind.min));
    }
    if !(kind.min..=kind.max).contains(&comparable) {
        return Err(ValueError::OutOfRange { min: kind.min, max: kind.max, octal: kind.unit == Unit::Octal });
    }
    Ok(Value::Number(number))
}

/// A percentage, as a negative number.
fn parse_percent(argument: &[u8]) -> Option<i64> {
    let percent = parse_i64(argument.strip_suffix(b"%")?)?;
    (percent >= 0).then_some(-percent)
}

fn format_number(number: i64, kind: &IntKind) -> Vec<u8> {
    match kind.unit {
        Unit::Memory if number < 0 && kind.min < 0 => number.to_string().into_bytes(),
        Unit::MemoryOrPercent if number < 0 => format!("{}%", number.unsigned_abs()).into_bytes(),
        Unit::Memory | Unit::MemoryOrPercent => (number as u64).to_string().into_bytes(),
        Unit::Octal => format!("{number:o}").into_bytes(),
        Unit::Plain => number.to_string().into_bytes(),
    }
}

fn parse_choice(arguments: &[Vec<u8>], choices: &'static [Choice], bits: bool) -> Result<Value, ValueError> {
    let refused = ValueError::NotAChoice(choices);
    if !bits {
        single(arguments)?;
    } else if arguments.is_empty() {
        return Err(refused);
    }
    let number_of = |argument: &Vec<u8>| {
        choices.iter().find(|choice| choice.word.as_bytes().eq_ignore_ascii_case(argument)).map(|choice| choice.number)
    };
    let numbers: Option<Vec<i64>> = arguments.iter().map(number_of).collect();
    Ok(Value::Number(numbers.ok_or(refused)?.into_iter().fold(0, |all, number| all | number)))
}

fn format_choice(number: i64, choices: &[Choice], bits: bool) -> Vec<u8> {
    if let Some(choice) = choices.iter().find(|choice| choice.number == number) {
        return choice.word.into();
    }
    let is_part = |choice: &&Choice| bits && choice.number != 0 && number & choice.number == choice.number;
    let words: Vec<_> = choices.iter().filter(is_part).map(|choice| choice.word).collect();
    words.join(" ").into_bytes()
}
