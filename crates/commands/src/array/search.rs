//! ARGREP: values that match, by their text.

use super::pattern::{self, MAX_COMPILED, PatternError};
use super::{Bounds, DOCS, READING, array_of, index, limit, write_pair};
use crate::parse::is;
use memchr::memmem::Finder;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Reply};
use redstart_encoding::{Array, glob};
use regex_automata::meta::Regex;
use std::borrow::Cow;

/// Predicates of one command.
const MAX_PREDICATES: usize = 250;
/// Bytes of a regular expression.
const MAX_PATTERN: usize = 2048;
/// Bytes that all regular expressions of one command may take, compiled.
const MAX_ALL_COMPILED: usize = 512 * 1024;

/// ARGREP.
pub(super) const ARGREP: Command = Command {
    name: "argrep",
    handler: argrep,
    arity: Arity::AtLeast(6),
    docs: Docs {
        summary: "Returns the indices in a range whose values match texts and patterns.",
        complexity: "O(P * C) where P is the number of visited positions in touched slices and C is the cost of \
                     evaluating the predicates on one existing element.",
        args: &[
            Arg::key("key"),
            Arg::string("start"),
            Arg::string("end"),
            Arg::one_of(
                "predicate",
                &[
                    Arg::block("exact", &[Arg::flag("exact", "EXACT"), Arg::string("string")]),
                    Arg::block("match", &[Arg::flag("match", "MATCH"), Arg::string("string")]),
                    Arg::block("glob", &[Arg::flag("glob", "GLOB"), Arg::string("pattern")]),
                    Arg::block("re", &[Arg::flag("re", "RE"), Arg::string("pattern")]),
                ],
            )
            .multiple(),
            Arg::one_of(
                "options",
                &[
                    Arg::flag("and", "AND"),
                    Arg::flag("or", "OR"),
                    Arg::int("limit").token("LIMIT"),
                    Arg::flag("withvalues", "WITHVALUES"),
                    Arg::flag("nocase", "NOCASE"),
                ],
            )
            .optional()
            .multiple(),
        ],
        ..DOCS
    },
    ..READING
};

fn argrep(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (start, end) = (Bound::parse(&args[2])?, Bound::parse(&args[3])?);
    let plan = Plan::parse(args)?;
    let key = context.key(&args[1]);
    let found = context.find(key);
    let array = found.as_ref().map(array_of).transpose()?;
    reply.array_of(0, |reply| {
        array.map_or(0, |array| {
            let bounds = Bounds { start: start.resolve(array), end: end.resolve(array) };
            plan.search(array, bounds, reply)
        })
    });
    Ok(())
}

/// Where a search begins or ends.
#[derive(Clone, Copy, Debug)]
enum Bound {
    First,
    Last,
    At(u64),
}

impl Bound {
    fn parse(argument: &[u8]) -> Result<Self, Error> {
        match argument {
            b"-" => Ok(Self::First),
            b"+" => Ok(Self::Last),
            argument => index(argument).map(Self::At),
        }
    }

    fn resolve(self, array: &Array) -> u64 {
        match self {
            Self::First => 0,
            Self::Last => array.span().saturating_sub(1),
            Self::At(index) => index,
        }
    }
}

/// What a value must be like.
enum Predicate<'a> {
    Exact(&'a [u8]),
    /// A text; in lower case where cases are ignored.
    Contains(Box<Finder<'static>>),
    Glob(&'a [u8]),
    Pattern(Regex),
}

impl Predicate<'_> {
    fn holds(&self, value: &[u8], ignore_case: bool) -> bool {
        match self {
            Self::Exact(text) if ignore_case => value.eq_ignore_ascii_case(text),
            Self::Exact(text) => value == *text,
            Self::Contains(text) if ignore_case => text.find(&value.to_ascii_lowercase()).is_some(),
            Self::Contains(text) => text.find(value).is_some(),
            Self::Glob(pattern) if ignore_case => glob::matches_ignore_case(pattern, value),
            Self::Glob(pattern) => glob::matches(pattern, value),
            Self::Pattern(pattern) => pattern.is_match(value),
        }
    }

    /// Bytes that it takes beside its text.
    fn compiled_bytes(&self) -> usize {
        if let Self::Pattern(pattern) = self { pattern.memory_usage() } else { 0 }
    }
}

/// The predicates and options.
struct Plan<'a> {
    predicates: Vec<Predicate<'a>>,
    all: bool,
    limit: u64,
    with_values: bool,
    ignore_case: bool,
}

impl<'a> Plan<'a> {
    /// Predicates and options stand in any order, and of an option given twice the last one holds. The patterns are
    /// compiled when all else is known to be right, as NOCASE may stand behind them.
    fn parse(args: &'a Args<'_>) -> Result<Self, Error> {
        let mut plan =
            Self { predicates: Vec::new(), all: false, limit: u64::MAX, with_values: false, ignore_case: false };
        let mut given: Vec<(&[u8], &[u8])> = Vec::new();
        let mut at = 4;
        while at < args.len() {
            let word = &args[at];
            let value = || args.get(at + 1).ok_or(Error::Syntax);
            if ["exact", "match", "glob", "re"].iter().any(|kind| is(word, kind)) {
                given.push((word, Self::predicate_value(word, value()?, given.len())?));
                at += 1;
            } else if is(word, "limit") {
                plan.limit = limit(value()?)?;
                at += 1;
            } else if is(word, "withvalues") {
                plan.with_values = true;
            } else if is(word, "nocase") {
                plan.ignore_case = true;
            } else if is(word, "and") || is(word, "or") {
                plan.all = is(word, "and");
            } else {
                return Err(Error::Syntax);
            }
            at += 1;
        }
        if given.is_empty() {
            return Err(Error::Syntax);
        }
        let patterns = given.iter().filter(|(kind, _)| is(kind, "re")).count();
        let mut bytes = 0;
        for (kind, value) in given {
            let predicate = plan.compile(kind, value, patterns)?;
            bytes += predicate.compiled_bytes();
            if bytes > MAX_ALL_COMPILED {
                return Err(Error::Text(
                    format!(
                        "ERR regular expressions are too complex together, maximum is {MAX_ALL_COMPILED} bytes compiled"
                    )
                    .into(),
                ));
            }
            plan.predicates.push(predicate);
        }
        Ok(plan)
    }

    /// A predicate's value, once it is known to be allowed.
    fn predicate_value(kind: &[u8], value: &'a [u8], before: usize) -> Result<&'a [u8], Error> {
        if before == MAX_PREDICATES {
            return Err(Error::Text(format!("ERR too many predicates, maximum is {MAX_PREDICATES}").into()));
        }
        if is(kind, "re") && value.len() > MAX_PATTERN {
            let text = format!("ERR regular expression is too long, maximum is {MAX_PATTERN} bytes");
            return Err(Error::Text(text.into()));
        }
        Ok(value)
    }

    fn compile(&self, kind: &[u8], value: &'a [u8], patterns: usize) -> Result<Predicate<'a>, Error> {
        Ok(if is(kind, "exact") {
            Predicate::Exact(value)
        } else if is(kind, "match") {
            let text = if self.ignore_case { value.to_ascii_lowercase().into() } else { Cow::Borrowed(value) };
            Predicate::Contains(Box::new(Finder::new(&text).into_owned()))
        } else if is(kind, "glob") {
            Predicate::Glob(value)
        } else {
            Predicate::Pattern(pattern::compile(value, self.ignore_case, patterns).map_err(refused)?)
        })
    }

    fn matches(&self, value: &[u8]) -> bool {
        let mut predicates = self.predicates.iter();
        if self.all {
            predicates.all(|predicate| predicate.holds(value, self.ignore_case))
        } else {
            predicates.any(|predicate| predicate.holds(value, self.ignore_case))
        }
    }

    /// Writes what matches; gives how much that is.
    fn search(&self, array: &Array, bounds: Bounds, reply: &mut Reply<'_>) -> usize {
        let mut shown = 0;
        bounds.walk(array, |index, item| {
            if item.with_bytes(|value| self.matches(value)) {
                shown += 1;
                if self.with_values {
                    write_pair(reply, index, &item);
                } else {
                    reply.unsigned(index);
                }
            }
            shown < self.limit
        });
        shown as usize
    }
}

fn refused(error: PatternError) -> Error {
    match error {
        PatternError::Empty => Error::text("ERR regular expression is empty"),
        PatternError::BackReference => Error::text("ERR regular expression backreferences are not supported"),
        PatternError::TooLarge => {
            let text = format!("ERR regular expression is too complex, maximum is {MAX_COMPILED} bytes compiled");
            Error::Text(text.into())
        }
        PatternError::Invalid(why) => Error::Text(format!("ERR invalid regular expression: {why}").into()),
    }
}
