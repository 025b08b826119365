//! Messages that are added once, however often they are sent: XADD's IDMPAUTO and IDMP, and XCFGSET.
//!
//! A producer names itself and its message, or has the name made of the message's fields. What it sends again while that
//! is known is not added, and the answer is that of the first time. Where the documentation leaves refusals open, the
//! words are our own.

use super::stream_mut;
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::Stream;
use redstart_encoding::stream::StreamId;
use std::borrow::Cow;
use xxhash_rust::xxh3::Xxh3;

/// The options in COMMAND DOCS.
pub(super) const IDEMPOTENCY_ARG: Arg = Arg::one_of(
    "idmp",
    &[
        Arg::block("idmpauto-with-pid", &[Arg::flag("idmpauto-token", "IDMPAUTO"), Arg::string("pid")]),
        Arg::block("idmp-with-pid-iid", &[Arg::flag("idmp-token", "IDMP"), Arg::string("pid"), Arg::string("iid")]),
    ],
)
.optional()
.since("8.6.0");

/// Who sends, by the places of its name and of its message's.
#[derive(Debug)]
pub(super) struct Producer {
    name_at: usize,
    id_at: Option<usize>,
}

impl Producer {
    /// Takes the option at `args[at]`, if it is one of these; gives it, and where the next is.
    #[inline]
    pub(super) fn take(args: &Args<'_>, at: usize, before: Option<&Self>) -> Result<Option<(Self, usize)>, Error> {
        let producer = if is(&args[at], "idmpauto") {
            Self { name_at: at + 1, id_at: None }
        } else if is(&args[at], "idmp") {
            Self { name_at: at + 1, id_at: Some(at + 2) }
        } else {
            return Ok(None);
        };
        let last = producer.id_at.unwrap_or(producer.name_at);
        if before.is_some() || last >= args.len() {
            return Err(Error::Syntax);
        }
        if args[producer.name_at].is_empty() || args[last].is_empty() {
            return Err(Error::text("ERR the producer id and the idempotent id must not be empty"));
        }
        Ok(Some((producer, last + 1)))
    }

    /// The message whose fields stand from `fields_at` on.
    pub(super) fn message<'a>(&self, args: &'a Args<'_>, fields_at: usize) -> Message<'a> {
        let id = match self.id_at {
            Some(at) => Cow::Borrowed(&args[at]),
            None => Cow::Owned(digest(args, fields_at).to_vec()),
        };
        Message { producer: &args[self.name_at], id }
    }
}

/// A name for fields and values that does not depend on the order of the pairs.
fn digest(args: &Args<'_>, fields_at: usize) -> [u8; 16] {
    let pair = |at: usize| {
        let mut hash = Xxh3::new();
        for part in [&args[at], &args[at + 1]] {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.digest128()
    };
    // A sum and not an exclusive or, by which two equal pairs would vanish.
    (fields_at..args.len()).step_by(2).map(pair).fold(0, u128::wrapping_add).to_le_bytes()
}

/// A message as it is known by.
pub(super) struct Message<'a> {
    producer: &'a [u8],
    id: Cow<'a, [u8]>,
}

impl Message<'_> {
    /// The entry that it became before.
    pub(super) fn find(&self, stream: &mut Stream, now_ms: u64) -> Option<StreamId> {
        stream.idempotency.as_mut()?.find(self.producer, &self.id, now_ms as i64)
    }

    /// Notes that it became this entry.
    pub(super) fn note(&self, stream: &mut Stream, entry: StreamId, now_ms: u64) {
        stream.idempotency.get_or_insert_default().note(self.producer, &self.id, entry, now_ms as i64);
    }
}

/// XCFGSET.
pub(super) const XCFGSET: Command = Command {
    name: "xcfgset",
    handler: xcfgset,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Sets for how long, and how many, messages of a producer are known; forgets those that are.",
        since: "8.6.0",
        group: Group::Stream,
        complexity: "O(1)",
        args: &[
            Arg::key("key"),
            Arg::int("idmp-duration").token("IDMP-DURATION").optional(),
            Arg::int("idmp-maxsize").token("IDMP-MAXSIZE").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

const LONGEST_S: i64 = 86_400;
const LARGEST: i64 = 10_000;

fn xcfgset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (mut duration_s, mut max_size) = (None, None);
    let mut at = 2;
    while at < args.len() {
        let value = args.get(at + 1).ok_or(Error::Syntax)?;
        if is(&args[at], "idmp-duration") {
            let invalid = Error::text("ERR IDMP-DURATION must be between 1 and 86400 seconds");
            duration_s = Some(within(value, LONGEST_S)?.ok_or(invalid)?);
        } else if is(&args[at], "idmp-maxsize") {
            let invalid = Error::text("ERR IDMP-MAXSIZE must be between 1 and 10000 entries");
            max_size = Some(within(value, LARGEST)?.ok_or(invalid)?);
        } else {
            return Err(Error::Syntax);
        }
        at += 2;
    }
    if duration_s.is_none() && max_size.is_none() {
        return Err(Error::Syntax);
    }
    let key = context.key(&args[1]);
    let mut found = context.find_mut(key).ok_or(Error::NoSuchKey)?;
    stream_mut(&mut found)?.idempotency.get_or_insert_default().configure(duration_s, max_size);
    drop(found);
    context.commit(key, Change::silent().beside());
    reply.ok();
    Ok(())
}

/// A number from 1 on, up to `most`.
fn within(argument: &[u8], most: i64) -> Result<Option<u32>, Error> {
    let number = Some(int(argument)?).filter(|number| (1..=most).contains(number));
    Ok(number.and_then(|number| u32::try_from(number).ok()))
}
