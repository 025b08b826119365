//! SSCAN.

use super::members::Members;
use crate::parts::passed;
use crate::scan::{Over, Page, ScanOptions, cursor, nothing};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::listpack::Element;

/// SSCAN.
pub(super) const SSCAN: Command = Command {
    name: "sscan",
    handler: sscan,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::SET,
    docs: Docs {
        summary: "Returns members in steps, with a cursor to go on from.",
        since: "2.8.0",
        group: Group::Set,
        complexity: "O(1) for every call, O(N) for all of them until the cursor is 0 again, where N is the number of members.",
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

fn sscan(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let start = cursor(&args[2])?;
    let key = context.key(&args[1]);
    let Some(found) = context.find(key) else {
        nothing(reply);
        return Ok(());
    };
    let members = Members::of(found.value(), now_ms)?;
    let options = ScanOptions::parse(args, 3, Over::Members)?;
    let mut page = Page::new(&options, reply);
    let next = if let Members::Table(table, now_ms) = members {
        page.walk(start, |page, at| {
            table.scan(at, |member| {
                page.seen += 1;
                if !passed(member.expire_ms(), now_ms) {
                    page.show(Element::Bytes(member.name()));
                }
            })
        })
    } else {
        members.each(|member| page.show(member));
        0
    };
    page.finish(next, reply);
    Ok(())
}
