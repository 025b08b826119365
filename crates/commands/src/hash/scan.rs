//! HSCAN.

use super::fields::{Fields, passed};
use crate::element::write;
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::glob;
use redstart_encoding::int::parse_u64;
use redstart_encoding::listpack::Element;

/// HSCAN.
pub(super) const HSCAN: Command = Command {
    name: "hscan",
    handler: hscan,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::HASH,
    docs: Docs {
        summary: "Returns fields and values in steps, with a cursor to go on from.",
        since: "2.8.0",
        group: Group::Hash,
        complexity: "O(1) for every call, O(N) for all of them until the cursor is 0 again, where N is the number of fields.",
        args: &[
            Arg::key("key"),
            Arg::int("cursor"),
            Arg::new("pattern", ArgKind::Pattern).token("MATCH").optional(),
            Arg::int("count").token("COUNT").optional(),
            Arg::flag("novalues", "NOVALUES").optional(),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn hscan(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let cursor = parse_u64(&args[2]).ok_or(Error::text("ERR invalid cursor"))?;
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let Some(found) = context.find(key) else {
        reply.array(2);
        reply.bulk(b"0");
        reply.array(0);
        return Ok(());
    };
    let fields = Fields::of(found.value(), now_ms)?;
    let options = Options::parse(args)?;
    let mut page = Page { shown: 0, bytes: Vec::new(), version: reply.version() };
    let next = match fields {
        Fields::Pack(_) | Fields::Timed(..) => {
            fields.each(|name, value| page.show(&options, name, value));
            0
        }
        Fields::Table(table, now_ms) => {
            let (mut next, mut seen) = (cursor, 0);
            // Ten steps an item bound the time that a sparse table takes.
            for _ in 0..=options.count.saturating_mul(10) {
                next = table.scan(next, |field| {
                    seen += 1;
                    if !passed(field.expire_ms(), now_ms) {
                        page.show(&options, Element::Bytes(field.name()), Element::Bytes(field.value()));
                    }
                });
                if next == 0 || seen >= options.count {
                    break;
                }
            }
            next
        }
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
    no_values: bool,
}

impl<'a> Options<'a> {
    fn parse(args: &'a Args<'_>) -> Result<Self, Error> {
        let mut options = Self { pattern: None, count: 10, no_values: false };
        let mut at = 3;
        while at < args.len() {
            let (word, next) = (&args[at], args.get(at + 1));
            match next {
                Some(number) if is(word, "count") => {
                    options.count = u64::try_from(int(number)?).ok().filter(|&count| count > 0).ok_or(Error::Syntax)?;
                    at += 2;
                }
                Some(pattern) if is(word, "match") => {
                    // A lone star is for everything, the empty name included.
                    options.pattern = (pattern != b"*").then_some(pattern);
                    at += 2;
                }
                _ if is(word, "novalues") => {
                    options.no_values = true;
                    at += 1;
                }
                _ => return Err(Error::Syntax),
            }
        }
        Ok(options)
    }
}

/// What is shown, as bulks: their number has to stand before them and is not known until the end.
struct Page {
    shown: usize,
    bytes: Vec<u8>,
    version: u8,
}

impl Page {
    fn show(&mut self, options: &Options<'_>, name: Element<'_>, value: Element<'_>) {
        let fits = |pattern| name.with_bytes(|name| glob::matches(pattern, name));
        if !options.pattern.is_none_or(fits) {
            return;
        }
        let mut reply = Reply::new(&mut self.bytes, self.version);
        write(name, &mut reply);
        if !options.no_values {
            write(value, &mut reply);
        }
        self.shown += if options.no_values { 1 } else { 2 };
    }
}
