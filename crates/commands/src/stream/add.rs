//! XADD.

use super::ids::Wanted;
use super::produce::{Message, Producer};
use super::trim::{REFERENCES_ARG, TRIM_ARGS, TrimOptions};
use super::{shown, stream_mut};
use crate::parse::is;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Object, Reply,
    Value,
};
use redstart_config::ids::{STREAM_NODE_MAX_BYTES, STREAM_NODE_MAX_ENTRIES};
use redstart_encoding::Stream;
use redstart_encoding::stream::{BlockLimits, Log, MAX_ENTRY_BYTES, StreamId};

/// XADD.
pub(super) const XADD: Command = Command {
    name: "xadd",
    handler: xadd,
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))
        .note("UPDATE instead of INSERT because of the optional trimming feature")],
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Adds an entry to a stream; a missing key becomes one.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(1) when adding a new entry, O(N) when trimming where N being the number of entries evicted.",
        args: &[
            Arg::key("key"),
            Arg::flag("nomkstream", "NOMKSTREAM").optional().since("6.2.0"),
            REFERENCES_ARG,
            super::produce::IDEMPOTENCY_ARG,
            Arg::block("trim", TRIM_ARGS).optional(),
            Arg::one_of("id-selector", &[Arg::flag("auto-id", "*"), Arg::string("id")]),
            Arg::block("data", &[Arg::string("field"), Arg::string("value")]).multiple(),
        ],
        history: &[
            ("6.2.0", "`NOMKSTREAM`, `MINID` and `LIMIT`."),
            ("7.0.0", "Ids of the form `<ms>-*`."),
            ("8.2.0", "`KEEPREF`, `DELREF` and `ACKED`."),
            ("8.6.0", "`IDMPAUTO` and `IDMP`."),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn xadd(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(args, context.replays())?;
    options.trimming.check_limit()?;
    let trim = options.trimming.trim(context)?;
    let pairs = options.pairs(args)?;
    let (limits, now_ms) = (limits(context), context.clock_ms() as u64);
    let key = context.key(&args[1]);
    let message = options.message(args);
    let (mut changes, mut trimmed, mut added) = (1, 0, StreamId::MIN);
    let replays = context.replays();
    let mut add = |stream: &mut Stream| {
        if let Some(message) = &message
            && !replays
            && let Some(id) = message.find(stream, now_ms)
        {
            changes = 0;
            shown::id(id, reply);
            return Ok(());
        }
        let id = new_id(&stream.log, options.id, now_ms)?;
        pairs.check_size()?;
        stream.log.append(id, pairs, limits);
        if let Some(message) = &message {
            message.note(stream, id, if replays { id.ms } else { now_ms });
        }
        if let Some(trim) = &trim {
            trimmed = stream.trim(trim, options.trimming.references());
        }
        shown::id(id, reply);
        added = id;
        Ok(())
    };
    if let Some(mut found) = context.find_mut(key) {
        add(stream_mut(&mut found)?)?;
    } else if options.no_create {
        reply.null();
        return Ok(());
    } else {
        let mut stream = Stream::new();
        add(&mut stream)?;
        context.insert(key, Value::Object(Object::Stream(Box::new(stream))), None);
    }
    if changes > 0 {
        let as_received = matches!(options.id, Wanted::Exactly(_)) && !options.trimming.is_approximate();
        if !as_received && context.keeps_effects() {
            replay(context, args, &options, added);
        }
        let change = Change::new(Event::STREAM, "xadd").count(changes);
        context.commit(key, if trimmed > 0 { change.then(Event::STREAM, "xtrim") } else { change });
    }
    Ok(())
}

/// What stands for an addition when it is run again: the id that it came to, and the length or beginning that trimming
/// left.
#[cold]
fn replay(context: &mut Context<'_>, args: &Args<'_>, options: &Options, id: StreamId) {
    let key = context.key(&args[1]);
    let exactly = match options.trimming.is_approximate() {
        true => context.peek(key).and_then(|found| options.trimming.exactly(super::stream_of(&found).ok()?)),
        false => None,
    };
    let mut words: Vec<&[u8]> = args.iter_from(0).take(2).collect();
    let mut at = 2;
    while at + 1 < options.fields_at {
        let mut trimming = TrimOptions::default();
        let (word, next) = (&args[at], trimming.take(args, at).ok().flatten());
        let next = match next {
            Some(next) => next,
            None if is(word, "idmp") => at + 3,
            None => at + 1 + usize::from(is(word, "idmpauto")),
        };
        if !is(word, "limit") && (exactly.is_none() || !trimming.is_approximate()) {
            words.extend((at..next).map(|at| &args[at]));
        }
        at = next;
    }
    words.extend(exactly.iter().flatten().map(Vec::as_slice));
    let id = id.text();
    words.push(id.as_bytes());
    context.replay(words.into_iter().chain(args.iter_from(options.fields_at)));
}

/// The options of XADD.
struct Options {
    id: Wanted,
    no_create: bool,
    trimming: TrimOptions,
    /// Who sends, and under which id.
    producer: Option<Producer>,
    /// Where the first field stands.
    fields_at: usize,
}

impl Options {
    #[inline]
    fn parse(args: &Args<'_>, replays: bool) -> Result<Self, Error> {
        let mut options = Self {
            id: Wanted::Auto,
            no_create: false,
            trimming: TrimOptions::default(),
            producer: None,
            fields_at: args.len(),
        };
        let mut at = 2;
        while at < args.len() {
            let word = &args[at];
            if word == b"*" {
                options.fields_at = at + 1;
                break;
            }
            if let Some(next) = options.trimming.take(args, at)? {
                at = next;
            } else if let Some((producer, next)) = Producer::take(args, at, options.producer.as_ref())? {
                options.producer = Some(producer);
                at = next;
            } else if is(word, "nomkstream") {
                options.no_create = true;
                at += 1;
            } else {
                options.id = Wanted::parse(word)?;
                options.fields_at = at + 1;
                break;
            }
        }
        if options.producer.is_some() && options.id != Wanted::Auto && !replays {
            return Err(Error::text("ERR IDMPAUTO and IDMP go with an auto-generated ID (*) only"));
        }
        Ok(options)
    }

    /// What the producer sends, as it is known by.
    fn message<'a>(&self, args: &'a Args<'_>) -> Option<Message<'a>> {
        self.producer.as_ref().map(|producer| producer.message(args, self.fields_at))
    }

    /// The fields with values.
    #[inline]
    fn pairs<'a, 'b>(&self, args: &'a Args<'b>) -> Result<ArgPairs<'a, 'b>, Error> {
        let count = args.len() - self.fields_at;
        if count < 2 || !count.is_multiple_of(2) {
            return Err(Error::WrongArity("xadd".into()));
        }
        if self.id == Wanted::Exactly(StreamId::MIN) {
            return Err(Error::text("ERR The ID specified in XADD must be greater than 0-0"));
        }
        Ok(ArgPairs { args, at: self.fields_at })
    }
}

/// The arguments from one on, as pairs of field and value.
#[derive(Clone, Copy)]
struct ArgPairs<'a, 'b> {
    args: &'a Args<'b>,
    at: usize,
}

impl ArgPairs<'_, '_> {
    fn check_size(self) -> Result<(), Error> {
        let size: usize = self.map(|(field, value)| field.len() + value.len()).sum();
        if size > MAX_ENTRY_BYTES {
            return Err(Error::text("ERR Elements are too large to be stored"));
        }
        Ok(())
    }
}

impl<'a> Iterator for ArgPairs<'a, '_> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        if at >= self.args.len() {
            return None;
        }
        self.at += 2;
        Some((&self.args[at], &self.args[at + 1]))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.args.len() - self.at) / 2;
        (left, Some(left))
    }
}

impl ExactSizeIterator for ArgPairs<'_, '_> {}

/// When a block is full, as configured now.
#[inline]
fn limits(context: &Context<'_>) -> BlockLimits {
    let config = &context.shared.config;
    BlockLimits { bytes: config.get(STREAM_NODE_MAX_BYTES), entries: config.get(STREAM_NODE_MAX_ENTRIES) }
}

/// The id of the entry to be added.
#[inline]
fn new_id(log: &Log, wanted: Wanted, now_ms: u64) -> Result<StreamId, Error> {
    let last = log.last_id();
    if last == StreamId::MAX {
        return Err(Error::text("ERR The stream has exhausted the last possible ID, unable to add more items"));
    }
    let id = match wanted {
        Wanted::Auto => log.next_id(now_ms),
        Wanted::InMillisecond(ms) if ms == last.ms => last.seq.checked_add(1).map(|seq| StreamId::new(ms, seq)),
        Wanted::InMillisecond(ms) => Some(StreamId::new(ms, 0)),
        Wanted::Exactly(id) => Some(id),
    };
    id.filter(|&id| id > last)
        .ok_or(Error::text("ERR The ID specified in XADD is equal or smaller than the target stream top item"))
}
