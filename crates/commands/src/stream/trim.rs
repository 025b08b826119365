//! XTRIM, and the options of trimming that XADD shares with it.

use super::{ids, stream_mut, stream_of};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_config::ids::STREAM_NODE_MAX_ENTRIES;
use redstart_encoding::Stream;
use redstart_encoding::stream::{References, Trim, TrimTo};

/// The options of trimming in COMMAND DOCS.
pub(super) const TRIM_ARGS: &[Arg] = &[
    Arg::one_of("strategy", &[Arg::flag("maxlen", "MAXLEN"), Arg::flag("minid", "MINID").since("6.2.0")]),
    Arg::one_of("operator", &[Arg::flag("equal", "="), Arg::flag("approximately", "~")]).optional(),
    Arg::string("threshold"),
    Arg::int("count").token("LIMIT").optional().since("6.2.0"),
];

/// What becomes of references, in COMMAND DOCS.
pub(super) const REFERENCES_ARG: Arg = Arg::one_of(
    "condition",
    &[Arg::flag("keepref", "KEEPREF"), Arg::flag("delref", "DELREF"), Arg::flag("acked", "ACKED")],
)
.optional()
.since("8.2.0");

/// XTRIM.
pub(super) const XTRIM: Command = Command {
    name: "xtrim",
    handler: xtrim,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    flags: Flags::WRITE,
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Removes entries from the front of a stream.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(N), with N being the number of evicted entries. Constant times are very small however, since \
                     entries are organized in macro nodes containing multiple entries that can be released with a \
                     single deallocation.",
        args: &[Arg::key("key"), Arg::block("trim", TRIM_ARGS), REFERENCES_ARG],
        history: &[("6.2.0", "`MINID` and `LIMIT`."), ("8.2.0", "`KEEPREF`, `DELREF` and `ACKED`.")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn xtrim(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut options = TrimOptions::default();
    let mut at = 2;
    while at < args.len() {
        at = options.take(args, at)?.ok_or(Error::Syntax)?;
    }
    let needed = Error::text("ERR syntax error, XTRIM must be called with a trimming strategy");
    options.check_limit()?;
    let trim = if options.to.is_none() { Err(needed) } else { options.trim(context) }?;
    let key = context.key(&args[1]);
    let removed = match (context.find_mut(key), trim) {
        (Some(mut found), Some(trim)) => stream_mut(&mut found)?.trim(&trim, options.references()),
        _ => 0,
    };
    if removed > 0 {
        if options.approximate && context.keeps_effects() {
            replay(context, args, &options);
        }
        context.commit(key, Change::new(Event::STREAM, "xtrim").count(removed as usize));
    }
    reply.count(removed as usize);
    Ok(())
}

/// What stands for a trimming that may stop early when it is run again: where it stopped.
#[cold]
fn replay(context: &mut Context<'_>, args: &Args<'_>, options: &TrimOptions) {
    let key = context.key(&args[1]);
    let Some(exactly) = context.peek(key).and_then(|found| options.exactly(stream_of(&found).ok()?)) else { return };
    let references = args.iter_from(2).filter(|word| references(word).is_some());
    let words = [b"XTRIM".as_slice(), &args[1]].into_iter().chain(exactly.iter().map(Vec::as_slice));
    context.replay(words.chain(references.map(|word: &[u8]| word)));
}

/// The options of trimming, as far as they are read.
#[derive(Debug, Default)]
pub(super) struct TrimOptions {
    to: Option<TrimTo>,
    approximate: bool,
    limit: Option<u64>,
    references: Option<References>,
}

impl TrimOptions {
    /// Takes the option at `args[at]`, if it is one of these; gives where the next is.
    #[inline]
    pub(super) fn take(&mut self, args: &Args<'_>, at: usize) -> Result<Option<usize>, Error> {
        let word = &args[at];
        let more = args.len() - at - 1;
        if more > 0 && is(word, "maxlen") {
            let at = self.operator(args, at + 1)?;
            let length = u64::try_from(int(&args[at])?);
            self.to = Some(TrimTo::Length(length.map_err(|_| Error::text("ERR The MAXLEN argument must be >= 0."))?));
            return Ok(Some(at + 1));
        }
        if more > 0 && is(word, "minid") {
            let at = self.operator(args, at + 1)?;
            self.to = Some(TrimTo::Id(ids::strict_id(&args[at])?));
            return Ok(Some(at + 1));
        }
        if more > 0 && is(word, "limit") {
            let limit = u64::try_from(int(&args[at + 1])?);
            self.limit = Some(limit.map_err(|_| Error::text("ERR The LIMIT argument must be >= 0."))?);
            return Ok(Some(at + 2));
        }
        if let Some(references) = references(word) {
            if self.references.replace(references).is_some() {
                return Err(Error::Syntax);
            }
            return Ok(Some(at + 1));
        }
        Ok(None)
    }

    /// Takes `=` or `~` at `args[at]`, if one stands there before another argument; gives where the threshold is.
    fn operator(&mut self, args: &Args<'_>, at: usize) -> Result<usize, Error> {
        if self.to.is_some() {
            return Err(Error::text("ERR syntax error, MAXLEN and MINID options at the same time are not compatible"));
        }
        self.approximate = false;
        if at + 1 < args.len() && matches!(&args[at], b"~" | b"=") {
            self.approximate = &args[at] == b"~";
            return Ok(at + 1);
        }
        Ok(at)
    }

    /// Refuses a limit to no trimming.
    pub(super) fn check_limit(&self) -> Result<(), Error> {
        if self.to.is_none() && self.limit.is_some_and(|limit| limit > 0) {
            return Err(Error::text("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"));
        }
        Ok(())
    }

    /// What is to be trimmed.
    pub(super) fn trim(&self, context: &Context<'_>) -> Result<Option<Trim>, Error> {
        // What was kept of an approximate trimming says exactly how far it went, beside the limit that it had.
        if self.limit.is_some() && !self.approximate && !context.replays() {
            return Err(Error::text("ERR syntax error, LIMIT cannot be used without the special ~ option"));
        }
        let Some(to) = self.to else { return Ok(None) };
        let limit = match self.limit {
            _ if context.replays() => 0,
            Some(limit) => limit,
            None if self.approximate => default_limit(context),
            None => 0,
        };
        Ok(Some(Trim { to, approximate: self.approximate, limit }))
    }

    /// What becomes of references.
    /// Whether it may stop early.
    pub(super) fn is_approximate(&self) -> bool {
        self.to.is_some() && self.approximate
    }

    /// Options that trim to where a stream that was trimmed now begins, or to how long it is.
    pub(super) fn exactly(&self, stream: &Stream) -> Option<[Vec<u8>; 3]> {
        let (word, to): (&[u8], Vec<u8>) = match self.to? {
            TrimTo::Length(_) => (b"MAXLEN", stream.log.len().to_string().into_bytes()),
            TrimTo::Id(_) => (b"MINID", stream.log.first_id().text().as_bytes().to_vec()),
        };
        Some([word.to_vec(), b"=".to_vec(), to])
    }

    pub(super) fn references(&self) -> References {
        self.references.unwrap_or_default()
    }
}

/// How much one command removes where it may choose: a hundred blocks, within reason.
fn default_limit(context: &Context<'_>) -> u64 {
    match context.shared.config.get(STREAM_NODE_MAX_ENTRIES).saturating_mul(100) {
        0 => 10_000,
        limit => limit.min(1_000_000),
    }
}

/// The word that says what becomes of references.
pub(super) fn references(word: &[u8]) -> Option<References> {
    if is(word, "keepref") {
        Some(References::Keep)
    } else if is(word, "delref") {
        Some(References::Remove)
    } else if is(word, "acked") {
        Some(References::Acknowledged)
    } else {
        None
    }
}
