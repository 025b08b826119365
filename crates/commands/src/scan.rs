//! What SCAN, HSCAN, SSCAN and ZSCAN have in common: their options, the cursor, and the page that one call shows.

use crate::element::write;
use crate::parse::{int, is};
use redstart_command::{Args, Error, Reply};
use redstart_encoding::glob;
use redstart_encoding::int::parse_u64;
use redstart_encoding::listpack::Element;

/// What is walked over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// The keys of a database, which know TYPE.
    Keys,
    /// The fields of a hash, which know NOVALUES.
    Fields,
    /// The members of a set.
    Members,
    /// The members of a sorted set, which know Valkey's NOSCORES.
    Scores,
}

/// The options of SCAN and its kin.
#[derive(Debug)]
pub(crate) struct ScanOptions<'a> {
    pattern: Option<&'a [u8]>,
    pub(crate) count: usize,
    pub(crate) type_name: Option<&'a [u8]>,
    /// Without values and scores.
    pub(crate) names_only: bool,
}

impl<'a> ScanOptions<'a> {
    /// Reads the options from argument `at` on.
    pub(crate) fn parse(args: &'a Args<'_>, mut at: usize, over: Over) -> Result<Self, Error> {
        let mut options = Self { pattern: None, count: 10, type_name: None, names_only: false };
        while at < args.len() {
            let value = args.get(at + 1);
            match value {
                Some(value) if is(&args[at], "count") => {
                    let count = int(value)?;
                    options.count = usize::try_from(count).ok().filter(|&count| count > 0).ok_or(Error::Syntax)?;
                }
                // A lone star is for everything, the empty name included.
                Some(value) if is(&args[at], "match") => options.pattern = (value != b"*").then_some(value),
                Some(value) if over == Over::Keys && is(&args[at], "type") => options.type_name = Some(value),
                _ if is(&args[at], "noscores") => {
                    if over != Over::Scores {
                        return Err(Error::text("ERR NOSCORES option can only be used in ZSCAN"));
                    }
                    options.names_only = true;
                    at += 1;
                    continue;
                }
                _ if is(&args[at], "novalues") => {
                    if over != Over::Fields {
                        return Err(Error::text("ERR NOVALUES option can only be used in HSCAN"));
                    }
                    options.names_only = true;
                    at += 1;
                    continue;
                }
                _ => return Err(Error::Syntax),
            }
            at += 2;
        }
        Ok(options)
    }
}

/// A cursor argument.
pub(crate) fn cursor(argument: &[u8]) -> Result<u64, Error> {
    parse_u64(argument).ok_or(Error::text("ERR invalid cursor"))
}

/// What is shown, as bulks: their number has to stand before them and is not known until the end.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    options: &'a ScanOptions<'a>,
    /// The items looked at, whether they are shown or not.
    pub(crate) seen: usize,
    shown: usize,
    bytes: Vec<u8>,
    version: u8,
}

impl<'a> Page<'a> {
    pub(crate) fn new(options: &'a ScanOptions<'a>, reply: &Reply<'_>) -> Self {
        Self { options, seen: 0, shown: 0, bytes: Vec::new(), version: reply.version() }
    }

    /// Takes steps from a cursor on, until as many items were seen as asked for; returns the next cursor.
    #[inline]
    pub(crate) fn walk(&mut self, cursor: u64, mut step: impl FnMut(&mut Self, u64) -> u64) -> u64 {
        let mut next = cursor;
        // Ten steps an item bound the time that a sparse table takes.
        for _ in 0..=self.options.count.saturating_mul(10) {
            next = step(self, next);
            if next == 0 || self.seen >= self.options.count {
                break;
            }
        }
        next
    }

    /// Whether a name is one of those asked for.
    #[inline]
    pub(crate) fn takes(&self, name: Element<'_>) -> bool {
        self.options.pattern.is_none_or(|pattern| name.with_bytes(|name| glob::matches(pattern, name)))
    }

    /// Shows a name, if it is one of those asked for.
    #[inline]
    pub(crate) fn show(&mut self, name: Element<'_>) {
        if self.takes(name) {
            self.add(name);
        }
    }

    /// Shows a name with its value, if it is one of those asked for.
    pub(crate) fn show_with(&mut self, name: Element<'_>, value: Element<'_>) {
        if self.takes(name) {
            let mut reply = Reply::new(&mut self.bytes, self.version);
            write(name, &mut reply);
            if !self.options.names_only {
                write(value, &mut reply);
            }
            self.shown += if self.options.names_only { 1 } else { 2 };
        }
    }

    /// Shows a name or a value.
    #[inline]
    pub(crate) fn add(&mut self, element: Element<'_>) {
        write(element, &mut Reply::new(&mut self.bytes, self.version));
        self.shown += 1;
    }

    /// Answers with the next cursor and what is shown.
    pub(crate) fn finish(self, next: u64, reply: &mut Reply<'_>) {
        reply.array(2);
        reply.bulk_int(next as i64);
        reply.array(self.shown);
        reply.raw(&self.bytes);
    }
}

/// The answer about a key that is not there.
pub(crate) fn nothing(reply: &mut Reply<'_>) {
    reply.array(2);
    reply.bulk(b"0");
    reply.array(0);
}
