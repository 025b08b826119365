//! SSCAN.

use super::members::Members;
use crate::element::write;
use crate::generic::{ScanOptions, cursor};
use crate::parts::passed;
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
        reply.array(2);
        reply.bulk(b"0");
        reply.array(0);
        return Ok(());
    };
    let members = Members::of(found.value(), now_ms)?;
    let options = ScanOptions::parse(args, 3, false, false)?;
    let (mut shown, mut bytes, version) = (0, Vec::new(), reply.version());
    let mut show = |member: Element<'_>| {
        if member.with_bytes(|member| options.shows(member)) {
            write(member, &mut Reply::new(&mut bytes, version));
            shown += 1;
        }
    };
    let mut next = 0;
    if let Members::Table(table, now_ms) = members {
        let mut seen = 0;
        next = start;
        // Ten steps an item bound the time that a sparse table takes.
        for _ in 0..=options.count.saturating_mul(10) {
            next = table.scan(next, |member| {
                seen += 1;
                if !passed(member.expire_ms(), now_ms) {
                    show(Element::Bytes(member.name()));
                }
            });
            if next == 0 || seen >= options.count {
                break;
            }
        }
    } else {
        members.each(show);
    }
    reply.array(2);
    reply.bulk_int(next as i64);
    reply.array(shown);
    reply.raw(&bytes);
    Ok(())
}
