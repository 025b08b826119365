//! HSCAN.

use super::fields::{Fields, passed};
use crate::scan::{Over, Page, ScanOptions, cursor, nothing};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply,
};
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
    let start = cursor(&args[2])?;
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let Some(found) = context.find(key) else {
        nothing(reply);
        return Ok(());
    };
    let fields = Fields::of(found.value(), now_ms)?;
    let options = ScanOptions::parse(args, 3, Over::Fields)?;
    let mut page = Page::new(&options, reply);
    let next = if let Fields::Table(table, now_ms) = fields {
        page.walk(start, |page, at| {
            table.scan(at, |field| {
                page.seen += 1;
                if !passed(field.expire_ms(), now_ms) {
                    page.show_with(Element::Bytes(field.name()), Element::Bytes(field.value()));
                }
            })
        })
    } else {
        fields.each(|name, value| page.show_with(name, value));
        0
    };
    page.finish(next, reply);
    Ok(())
}
