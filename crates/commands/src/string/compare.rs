//! Conditions on the value of a string, and digests by which a value can be named without sending it.
//!
//! A digest is the XXH3 hash of the value's bytes, 64 bits, seed 0, as sixteen lower-case hexadecimal digits.

use super::with_bytes;
use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply, ValueRef,
};
use xxhash_rust::xxh3::xxh3_64;

const DIGEST_DIGITS: usize = 16;

/// How an old value is to compare with an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// It is the argument (`IFEQ`).
    Equal,
    /// It is not the argument (`IFNE`).
    Different,
    /// Its digest is the argument (`IFDEQ`).
    DigestEqual,
    /// Its digest is not the argument (`IFDNE`).
    DigestDifferent,
}

impl Comparison {
    /// The comparison that an option word names.
    pub(super) fn of_option(word: &[u8]) -> Option<Self> {
        match word {
            _ if is(word, "ifeq") => Some(Self::Equal),
            _ if is(word, "ifne") => Some(Self::Different),
            _ if is(word, "ifdeq") => Some(Self::DigestEqual),
            _ if is(word, "ifdne") => Some(Self::DigestDifferent),
            _ => None,
        }
    }

    /// Whether `value`, a string, compares so with `operand`.
    ///
    /// # Errors
    /// The value is no string; or the operand is not as long as a digest, where it should be one.
    pub(super) fn holds(self, value: &ValueRef<'_>, operand: &[u8]) -> Result<bool, Error> {
        match self {
            Self::Equal => with_bytes(value, |bytes| bytes == operand),
            Self::Different => with_bytes(value, |bytes| bytes != operand),
            Self::DigestEqual => has_digest(value, operand),
            Self::DigestDifferent => has_digest(value, operand).map(|has| !has),
        }
    }

    /// Whether it holds for a key that is not there.
    pub(super) fn holds_without_value(self) -> bool {
        matches!(self, Self::Different | Self::DigestDifferent)
    }
}

fn has_digest(value: &ValueRef<'_>, operand: &[u8]) -> Result<bool, Error> {
    let digest = with_bytes(value, digest_of)?;
    if operand.len() != DIGEST_DIGITS {
        return Err(Error::text("ERR must be exactly 16 hexadecimal characters"));
    }
    Ok(operand.eq_ignore_ascii_case(digest.as_bytes()))
}

fn digest_of(bytes: &[u8]) -> String {
    format!("{:0width$x}", xxh3_64(bytes), width = DIGEST_DIGITS)
}

/// DELEX. In Redis a condition on what is no string has an error of its own, not WRONGTYPE.
pub(super) const DELEX: Command = Command {
    name: "delex",
    handler: delex,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE).with(Access::VARIABLE_FLAGS))],
    access: Some(delex_access),
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Deletes a key, if its value or the value's digest is, or is not, what is given.",
        since: "8.4.0",
        group: Group::String,
        complexity: "O(1) for IFEQ/IFNE, O(N) for IFDEQ/IFDNE where N is the length of the string value.",
        args: &[
            Arg::key("key"),
            Arg::one_of(
                "condition",
                &[
                    Arg::string("ifeq-value").token("IFEQ"),
                    Arg::string("ifne-value").token("IFNE"),
                    Arg::string("ifdeq-digest").token("IFDEQ"),
                    Arg::string("ifdne-digest").token("IFDNE"),
                ],
            )
            .optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// A condition reads the value.
fn delex_access(args: &Args<'_>) -> Access {
    match args.len() {
        2 => Access::RM.with(Access::DELETE),
        _ => Access::RW.with(Access::ACCESS).with(Access::DELETE),
    }
}

fn delex(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !matches!(args.len(), 2 | 4) {
        return Err(Error::WrongArity("delex".into()));
    }
    let key = context.key(&args[1]);
    let Some(found) = context.find_mut(key) else {
        reply.int(0);
        return Ok(());
    };
    if args.len() == 4 {
        if !matches!(found.value(), ValueRef::Int(_) | ValueRef::Bytes { .. }) {
            return Err(Error::text("ERR Key should be of string type if conditions are specified"));
        }
        let comparison = Comparison::of_option(&args[2]);
        let comparison = comparison.ok_or(Error::text("ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE"))?;
        if !comparison.holds(&found.value(), &args[3])? {
            reply.int(0);
            return Ok(());
        }
    }
    drop(found.remove());
    context.commit(key, Change::deleted());
    reply.int(1);
    Ok(())
}

/// DELIFEQ, which is Valkey's.
pub(super) const DELIFEQ: Command = Command {
    name: "delifeq",
    handler: delifeq,
    arity: Arity::Exactly(3),
    keys: &[KeySpec::at(1, Access::RM.with(Access::DELETE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Deletes a key if it holds this very string.",
        since: "9.0.0",
        group: Group::String,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("value")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn delifeq(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let equal = match context.find_mut(key) {
        Some(found) => {
            let equal = Comparison::Equal.holds(&found.value(), &args[2])?;
            if equal {
                drop(found.remove());
            }
            equal
        }
        None => false,
    };
    if equal {
        context.commit(key, Change::deleted());
    }
    reply.int(i64::from(equal));
    Ok(())
}

/// DIGEST.
pub(super) const DIGEST: Command = Command {
    name: "digest",
    handler: digest,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY.with(Flags::FAST),
    acl: Acl::STRING,
    docs: Docs {
        summary: "Returns a digest of the string at a key: sixteen hexadecimal digits.",
        since: "8.4.0",
        group: Group::String,
        complexity: "O(N) where N is the length of the string value.",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn digest(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[1]);
    match context.find(key) {
        Some(found) => reply.bulk(with_bytes(&found.value(), digest_of)?.as_bytes()),
        None => reply.null(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_that_redis_documents() {
        for (value, expected) in
            [("Hello world", "b6acb9d84a38ff74"), ("hello", "9555e8555c62dcfd"), ("", "2d06800538d394c2")]
        {
            assert_eq!(digest_of(value.as_bytes()), expected, "{value:?}");
        }
        assert_eq!(digest_of(b"v8"), "0cc76dbb41381419", "a leading zero is shown");
    }

    #[test]
    fn an_integer_is_compared_as_its_digits() {
        let value = ValueRef::Int(123);
        assert_eq!(Comparison::Equal.holds(&value, b"123"), Ok(true));
        assert_eq!(Comparison::Different.holds(&value, b"0123"), Ok(true));
        assert_eq!(Comparison::DigestEqual.holds(&value, b"404A763B3F4C8C9A"), Ok(true));
        assert!(Comparison::DigestDifferent.holds(&value, b"404a763b3f4c8c9").is_err());
    }
}
