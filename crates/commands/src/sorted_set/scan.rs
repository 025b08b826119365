//! ZSCAN.

use super::members::Members;
use crate::element::write;
use crate::generic::{ScanOptions, cursor};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::SortedSet;
use redstart_encoding::float::seventeen_digits;
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
    let start = cursor(&args[2])?;
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        reply.array(2);
        reply.bulk(b"0");
        reply.array(0);
        return Ok(());
    };
    let members = Members::of(found.value())?;
    let options = ScanOptions::parse(args, 3, false, false)?;
    let mut page = Page { shown: 0, bytes: Vec::new(), version: reply.version() };
    let next = match members {
        Members::Pack(pack) => {
            page.show_pack(&options, pack);
            0
        }
        Members::Set(set) => page.show_set(&options, set, start),
    };
    reply.array(2);
    reply.bulk_int(next as i64);
    reply.array(page.shown);
    reply.raw(&page.bytes);
    Ok(())
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

    fn show_pack(&mut self, options: &ScanOptions<'_>, pack: &Pack) {
        let mut elements = pack.iter();
        while let (Some((_, member)), Some((_, score))) = (elements.next(), elements.next()) {
            if member.with_bytes(|member| options.shows(member)) {
                self.show(member, score);
            }
        }
    }

    /// Shows members around the cursor; returns the next one. Here Redis writes scores with seventeen digits.
    fn show_set(&mut self, options: &ScanOptions<'_>, set: &SortedSet, cursor: u64) -> u64 {
        let (mut next, mut seen) = (cursor, 0);
        // Ten steps an item bound the time that a sparse table takes.
        for _ in 0..=options.count.saturating_mul(10) {
            next = set.scan(next, |member, score| {
                seen += 1;
                if options.shows(member) {
                    self.show(Element::Bytes(member), Element::Bytes(seventeen_digits(score).as_bytes()));
                }
            });
            if next == 0 || seen >= options.count {
                break;
            }
        }
        next
    }
}
