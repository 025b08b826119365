//! What XREAD and XREADGROUP are asked for: the options, and where keys and ids stand.

use crate::parse::{int, is, timeout_ms};
use redstart_command::{Args, Context, Error};
use redstart_encoding::int::parse_i64;

/// Where the first key stands, if the options before it can be told apart. [`Request::parse`] steps in the same way.
pub(super) fn streams_at(args: &Args<'_>) -> Option<usize> {
    let mut at = 1;
    while at < args.len() {
        at += match Word::of(&args[at])? {
            Word::Streams => return Some(at + 1),
            word => 1 + word.values(),
        };
    }
    None
}

/// The words among the options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Block,
    Claim,
    Count,
    Group,
    MaxCount,
    MaxSize,
    NoAck,
    Streams,
}

impl Word {
    #[inline]
    fn of(argument: &[u8]) -> Option<Self> {
        const WORDS: [(&str, Word); 8] = [
            ("streams", Word::Streams),
            ("count", Word::Count),
            ("group", Word::Group),
            ("block", Word::Block),
            ("noack", Word::NoAck),
            ("claim", Word::Claim),
            ("maxcount", Word::MaxCount),
            ("maxsize", Word::MaxSize),
        ];
        WORDS.iter().find(|(word, _)| is(argument, word)).map(|(_, word)| *word)
    }

    /// How many arguments belong to it.
    fn values(self) -> usize {
        match self {
            Self::Block | Self::Claim | Self::Count | Self::MaxCount | Self::MaxSize => 1,
            Self::Group => 2,
            Self::NoAck | Self::Streams => 0,
        }
    }
}

/// A group and a consumer, by the places of their names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    pub(super) group_at: usize,
    pub(super) consumer_at: usize,
}

/// What is to be read, but for the ids.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// 0 for any number.
    pub(super) count: usize,
    /// Of all streams together.
    pub(super) max_count: Option<usize>,
    /// Bytes of the answer.
    pub(super) max_size: Option<usize>,
    /// Take over what has been waiting for so many milliseconds.
    pub(super) claim_ms: Option<i64>,
    /// To wait, until a time or for ever.
    pub(super) block: Option<Option<i64>>,
    pub(super) reader: Option<Reader>,
    pub(super) no_ack: bool,
    pub(super) first_key: usize,
    pub(super) streams: usize,
}

impl Request {
    #[inline]
    pub(super) fn parse(context: &Context<'_>, args: &Args<'_>, grouped: bool) -> Result<Self, Error> {
        let mut request = Self::default();
        let mut at = 1;
        while at < args.len() && request.first_key == 0 {
            let word = Word::of(&args[at]).ok_or(Error::Syntax)?;
            let more = args.len() - at - 1;
            if more < word.values().max(usize::from(word == Word::Streams)) {
                return Err(Error::Syntax);
            }
            match word {
                Word::Block => request.block = Some(timeout_ms(&args[at + 1], context.now_ms)?),
                Word::Count => request.count = usize::try_from(int(&args[at + 1])?).unwrap_or(0),
                Word::MaxCount => request.max_count = Some(positive(&args[at + 1], "MAXCOUNT")?),
                Word::MaxSize => request.max_size = Some(positive(&args[at + 1], "MAXSIZE")?),
                Word::Group | Word::NoAck | Word::Claim if !grouped => return Err(only_in_groups(word)),
                Word::Claim => request.claim_ms = Some(min_idle(&args[at + 1])?),
                Word::Group => request.reader = Some(Reader { group_at: at + 1, consumer_at: at + 2 }),
                Word::NoAck => request.no_ack = true,
                Word::Streams if more.is_multiple_of(2) => (request.first_key, request.streams) = (at + 1, more / 2),
                Word::Streams => return Err(unbalanced(grouped)),
            }
            at += 1 + word.values();
        }
        if request.first_key == 0 {
            return Err(Error::Syntax);
        }
        if grouped && request.reader.is_none() {
            return Err(Error::text("ERR Missing GROUP option for XREADGROUP"));
        }
        if request.max_count.is_some_and(|most| most < request.count) {
            return Err(Error::text("ERR MAXCOUNT must not be less than COUNT"));
        }
        Ok(request)
    }
}

/// A limit, which is at least one.
fn positive(argument: &[u8], word: &str) -> Result<usize, Error> {
    let number = usize::try_from(int(argument)?).ok().filter(|&number| number > 0);
    number.ok_or_else(|| Error::Text(format!("ERR {word} must be > 0").into()))
}

fn min_idle(argument: &[u8]) -> Result<i64, Error> {
    let invalid = Error::text("ERR min-idle-time is not an integer or out of range");
    let ms = parse_i64(argument).ok_or(invalid)?;
    if ms < 0 { Err(Error::text("ERR min-idle-time must be a positive integer")) } else { Ok(ms) }
}

#[cold]
fn only_in_groups(word: Word) -> Error {
    Error::text(match word {
        Word::Group => "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.",
        Word::Claim => "ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.",
        _ => "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.",
    })
}

#[cold]
fn unbalanced(grouped: bool) -> Error {
    Error::text(if grouped {
        "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified."
    } else {
        "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified."
    })
}
