//! ZSCAN.

use super::members::{Members, write};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::SortedSet;
use redstart_encoding::float::seventeen_digits;
use redstart_encoding::glob;
use redstart_encoding::int::parse_u64;
use redstart_encoding::listpack::{Element, Pack};

/// ZSCAN.
pub(super) const ZSCAN: Command = Command {
    name: "zscan",
    handler: zscan,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::SORTED_SET,
    docs: Docs {
        summary: "Returns members and scores in steps, with a cursor to go on from.",
        since: "2.8.0",
        group: Group::SortedSet,
        complexity: "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.",
        args: &[
            Arg::key("key"),
            Arg::int("cursor"),
            Arg::new("pattern", ArgKind::Pattern).token("MATCH").optional(),
            Arg::int("count").token("COUNT").optional(),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn zscan(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let cursor = parse_u64(&args[2]).ok_or(Error::text("ERR invalid cursor"))?;
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.array(2);
        reply.bulk(b"0");
        reply.array(0);
        return Ok(());
    };
    let members = Members::of(found.value())?;
    let options = Options::parse(args)?;
    let mut page = Page { shown: 0, bytes: Vec::new(), version: reply.version() };
    let next = match members {
        Members::Pack(pack) => {
            page.show_pack(&options, pack);
            0
        }
        Members::Set(set) => page.show_set(&options, set, cursor),
    };
    reply.array(2);
    reply.bulk_int(next as i64);
    reply.array(page.shown);
    reply.raw(&page.bytes);
    Ok(())
}

struct Options<'a> {
    pattern: Option<&'a [u8]>,
    count: u64,
}

impl<'a> Options<'a> {
    fn parse(args: &'a Args<'_>) -> Result<Self, Error> {
        let mut options = Self { pattern: None, count: 10 };
        for at in (3..args.len()).step_by(2) {
            let word = &args[at];
            match args.get(at + 1) {
                Some(number) if is(word, "count") => {
                    options.count = u64::try_from(int(number)?).ok().filter(|&count| count > 0).ok_or(Error::Syntax)?;
                }
                // A lone star is for everything, the empty name included.
                Some(pattern) if is(word, "match") => options.pattern = (pattern != b"*").then_some(pattern),
                _ if is(word, "novalues") => {
                    return Err(Error::text("ERR NOVALUES option can only be used in HSCAN"));
                }
                _ => return Err(Error::Syntax),
            }
        }
        Ok(options)
    }

    fn fits(&self, member: Element<'_>) -> bool {
        self.pattern.is_none_or(|pattern| member.with_bytes(|member| glob::matches(pattern, member)))
    }
}

/// What is shown, as bulks: their number has to stand before them and is not known until the end.
struct Page {
    shown: usize,
    bytes: Vec<u8>,
    version: u8,
}

impl Page {
    fn show(&mut self, member: Element<'_>, score: Element<'_>) {
        let mut reply = Reply::new(&mut self.bytes, self.version);
        write(member, &mut reply);
        write(score, &mut reply);
        self.shown += 2;
    }

    fn show_pack(&mut self, options: &Options<'_>, pack: &Pack) {
        let mut elements = pack.iter();
        while let (Some((_, member)), Some((_, score))) = (elements.next(), elements.next()) {
            if options.fits(member) {
                self.show(member, score);
            }
        }
    }

    /// Shows members around the cursor; returns the next one. Here Redis writes scores with seventeen digits.
    fn show_set(&mut self, options: &Options<'_>, set: &SortedSet, cursor: u64) -> u64 {
        let (mut next, mut seen) = (cursor, 0);
        // Ten steps an item bound the time that a sparse table takes.
        for _ in 0..=options.count.saturating_mul(10) {
            next = set.scan(next, |member, score| {
                seen += 1;
                let member = Element::Bytes(member);
                if options.fits(member) {
                    self.show(member, Element::Bytes(seventeen_digits(score).as_bytes()));
                }
            });
            if next == 0 || seen >= options.count {
                break;
            }
        }
        next
    }
}
