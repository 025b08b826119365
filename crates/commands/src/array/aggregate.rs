//! AROP: one answer over a range of an array.
//!
//! Redis adds and compares in the 80-bit format and writes the result with 17 digits; so does this. Sums of integers
//! are exact in either, so they are kept as integers as long as they fit.

use super::{Bounds, DOCS, END, READING, START, array_of};
use crate::parse::is;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Reply};
use redstart_encoding::array::Item;
use redstart_encoding::float::Extended;
use redstart_encoding::int::parse_i64;

/// AROP.
pub(super) const AROP: Command = Command {
    name: "arop",
    handler: arop,
    arity: Arity::AtLeast(5),
    docs: Docs {
        summary: "Returns the sum, the least, the greatest, a bitwise combination, or a count of values in a range.",
        complexity: "O(P) where P is visited positions in touched slices (dense scanned slots + sparse entries), with \
                     worst-case O(|end-start|+1) and typical case close to O(N), where N is the number of existing \
                     elements in range.",
        args: &[
            Arg::key("key"),
            START,
            END,
            Arg::one_of(
                "operation",
                &[
                    Arg::flag("sum", "SUM"),
                    Arg::flag("min", "MIN"),
                    Arg::flag("max", "MAX"),
                    Arg::flag("and", "AND"),
                    Arg::flag("or", "OR"),
                    Arg::flag("xor", "XOR"),
                    Arg::block("match", &[Arg::flag("match", "MATCH"), Arg::string("value")]),
                    Arg::flag("used", "USED"),
                ],
            ),
        ],
        ..DOCS
    },
    ..READING
};

/// What is done with the values, and what came of it so far.
enum Operation<'a> {
    Sum(Option<Total>),
    Least(Option<Extended>),
    Greatest(Option<Extended>),
    Bits(fn(i64, i64) -> i64, Option<i64>),
    Match(&'a [u8], u64),
    Used(u64),
}

impl<'a> Operation<'a> {
    fn parse(args: &'a Args<'_>) -> Result<Self, Error> {
        let word = &args[4];
        let operation = if is(word, "sum") {
            Self::Sum(None)
        } else if is(word, "min") {
            Self::Least(None)
        } else if is(word, "max") {
            Self::Greatest(None)
        } else if is(word, "and") {
            Self::Bits(|one, other| one & other, None)
        } else if is(word, "or") {
            Self::Bits(|one, other| one | other, None)
        } else if is(word, "xor") {
            Self::Bits(|one, other| one ^ other, None)
        } else if is(word, "used") {
            Self::Used(0)
        } else if is(word, "match") {
            let value = args.get(5).filter(|_| args.len() == 6);
            return Ok(Self::Match(value.ok_or(Error::text("ERR MATCH requires a value argument"))?, 0));
        } else {
            return Err(Error::text("ERR unknown operation"));
        };
        if args.len() == 5 { Ok(operation) } else { Err(Error::WrongArity("arop".into())) }
    }

    /// Takes a value in. Those that are no numbers count only where values are counted.
    fn take(&mut self, item: &Item<'_>) {
        match self {
            Self::Used(count) => *count += 1,
            Self::Match(value, count) => *count += u64::from(item.with_bytes(|bytes| bytes == *value)),
            Self::Bits(combine, result) => {
                if let Some(number) = Number::of(item).and_then(Number::truncated) {
                    *result = Some(result.map_or(number, |before| combine(before, number)));
                }
            }
            Self::Sum(total) => {
                if let Some(number) = Number::of(item) {
                    *total = Some(total.map_or_else(|| number.into(), |before| before.plus(number)));
                }
            }
            Self::Least(least) => {
                let number = Number::of(item).map(Number::extended);
                if let Some(number) = number.filter(|number| least.is_none_or(|least| *number < least)) {
                    *least = Some(number);
                }
            }
            Self::Greatest(greatest) => {
                let number = Number::of(item).map(Number::extended);
                if let Some(number) = number.filter(|number| greatest.is_none_or(|greatest| *number > greatest)) {
                    *greatest = Some(number);
                }
            }
        }
    }

    fn write(self, reply: &mut Reply<'_>) {
        let text = match self {
            Self::Match(_, count) | Self::Used(count) => return reply.unsigned(count),
            Self::Bits(_, Some(bits)) => return reply.int(bits),
            Self::Bits(_, None) => None,
            Self::Sum(total) => total.map(Total::to_text),
            Self::Least(number) | Self::Greatest(number) => number.map(|number| number.to_general_text()),
        };
        match text {
            Some(text) => reply.bulk(&text),
            None => reply.null(),
        }
    }
}

/// A value that is a number.
#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Real(Extended),
}

impl Number {
    fn of(item: &Item<'_>) -> Option<Self> {
        match item {
            Item::Int(number) => Some(Self::Int(*number)),
            Item::Float(number) => Extended::from_f64(*number).map(Self::Real),
            item => item
                .with_bytes(|bytes| parse_i64(bytes).map(Self::Int).or_else(|| Extended::parse(bytes).map(Self::Real))),
        }
    }

    fn extended(self) -> Extended {
        match self {
            Self::Int(number) => number.into(),
            Self::Real(number) => number,
        }
    }

    fn truncated(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            Self::Real(number) => number.truncated(),
        }
    }
}

/// A sum.
#[derive(Clone, Copy)]
enum Total {
    Int(i64),
    Real(Extended),
    /// Of infinities of both signs.
    NotANumber,
}

impl From<Number> for Total {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(number) => Self::Int(number),
            Number::Real(number) => Self::Real(number),
        }
    }
}

impl Total {
    fn plus(self, number: Number) -> Self {
        match (self, number) {
            (Self::Int(one), Number::Int(other)) => match one.checked_add(other) {
                Some(sum) => Self::Int(sum),
                None => add(one.into(), other.into()),
            },
            (Self::Int(one), number) => add(one.into(), number.extended()),
            (Self::Real(one), number) => add(one, number.extended()),
            (Self::NotANumber, _) => self,
        }
    }

    fn to_text(self) -> Vec<u8> {
        match self {
            Self::Int(number) => Extended::from(number).to_general_text(),
            Self::Real(number) => number.to_general_text(),
            // The sign that x87 gives what has no value.
            Self::NotANumber => b"-nan".to_vec(),
        }
    }
}

fn add(one: Extended, other: Extended) -> Total {
    match (one.is_infinite(), other.is_infinite()) {
        (true, true) if one.is_negative() != other.is_negative() => return Total::NotANumber,
        (true, _) => return Total::Real(one),
        (_, true) => return Total::Real(other),
        _ => {}
    }
    let zero = Extended::from(0);
    match one.checked_add(other) {
        // A sum of zero has a sign only where both numbers have it.
        Some(sum) if sum == zero && !(one.is_negative() && other.is_negative()) => Total::Real(zero),
        Some(sum) => Total::Real(sum),
        None if one.is_negative() => Total::Real(-Extended::INFINITY),
        None => Total::Real(Extended::INFINITY),
    }
}

fn arop(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let bounds = Bounds::parse(args, 2)?;
    let mut operation = Operation::parse(args)?;
    let key = context.key(&args[1]);
    if let Some(found) = context.find(key) {
        bounds.walk(array_of(&found)?, |_, item| {
            operation.take(&item);
            true
        });
    }
    operation.write(reply);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Number, Total};
    use redstart_encoding::Array;

    fn sum(values: &[&str]) -> String {
        let mut array = Array::new();
        for (index, value) in values.iter().enumerate() {
            array.set(index as u64, value.as_bytes());
        }
        let mut numbers = array.iter().filter_map(|(_, item)| Number::of(&item));
        let first: Total = numbers.next().unwrap().into();
        String::from_utf8(numbers.fold(first, Total::plus).to_text()).unwrap()
    }

    #[test]
    fn sums_leave_the_integers_where_they_must() {
        for (values, expected) in [
            (&["1", "2", "3"][..], "6"),
            (&["9223372036854775807", "1"], "9.2233720368547758e+18"),
            (&["9223372036854775807", "-9223372036854775808"], "-1"),
            (&["0.1", "0.2"], "0.3"),
            (&["1.5", "x", "2"], "3.5"),
            (&["1", "-1.0"], "0"),
            (&["-1.0", "1"], "0"),
            (&["-0.0", "-0.0"], "-0"),
            (&["inf", "1", "-5.5"], "inf"),
            (&["inf", "-inf", "3"], "-nan"),
            (&["1e4932", "1.1e4932"], "inf"),
            (&["-1e4932", "-1.1e4932"], "-inf"),
            (&["99999999999999999"], "99999999999999999"),
            (&["100000000000000000"], "1e+17"),
        ] {
            assert_eq!(sum(values), expected, "{values:?}");
        }
    }
}
