//! ZSCAN.

use super::members::Members;
use crate::scan::{Over, Page, ScanOptions, cursor, nothing};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::float::seventeen_digits;
use redstart_encoding::listpack::Element;

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
            Arg::flag("noscores", "NOSCORES").optional().since("9.1.0"),
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
        nothing(reply);
        return Ok(());
    };
    let members = Members::of(found.value())?;
    let options = ScanOptions::parse(args, 3, Over::Scores)?;
    let mut page = Page::new(&options, reply);
    let next = match members {
        Members::Pack(pack) => {
            let mut elements = pack.iter();
            while let (Some((_, member)), Some((_, score))) = (elements.next(), elements.next()) {
                page.show_with(member, score);
            }
            0
        }
        Members::Set(set) => page.walk(start, |page, at| {
            set.scan(at, |member, score| {
                page.seen += 1;
                let member = Element::Bytes(member);
                if page.takes(member) {
                    page.add(member);
                    if !options.names_only {
                        // Here Redis writes scores with seventeen digits.
                        page.add(Element::Bytes(seventeen_digits(score).as_bytes()));
                    }
                }
            })
        }),
    };
    page.finish(next, reply);
    Ok(())
}
