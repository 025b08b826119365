//! ACL LOG: what was refused lately.

use super::OPERATORS;
use crate::help;
use crate::parse::{int, is};
use redstart_command::acl::Entry;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Group, Reply};
use redstart_encoding::float::F64Text;

pub(super) const LOG: Command = Command {
    name: "log",
    handler: log,
    arity: Arity::AtLeast(2),
    flags: OPERATORS,
    docs: Docs {
        summary: "Shows what was refused lately, or forgets it.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(N) with N being the number of entries shown.",
        args: &[Arg::one_of("operation", &[Arg::int("count"), Arg::flag("reset", "RESET")]).optional()],
        history: &[("7.2.0", "Shows an entry's number, and when it was made and last changed.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// Entries shown unless told otherwise.
const COUNT: i64 = 10;

fn log(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 3 {
        return Err(help::wrong_use(context, &args[1]));
    }
    let log = &context.shared.acl.log;
    if args.get(2).is_some_and(|word| is(word, "reset")) {
        log.clear();
        reply.ok();
        return Ok(());
    }
    let count = args.get(2).map_or(Ok(COUNT), int)?;
    let entries = log.newest(usize::try_from(count).unwrap_or(0));
    reply.array(entries.len());
    for entry in &entries {
        write(entry, context.now_ms, reply);
    }
    Ok(())
}

fn write(entry: &Entry, now_ms: i64, reply: &mut Reply<'_>) {
    let event = &entry.event;
    reply.map(10);
    reply.bulk(b"count");
    reply.unsigned(entry.count);
    let text: [(&str, &[u8]); 4] = [
        ("reason", event.reason.name().as_bytes()),
        ("context", event.place.name().as_bytes()),
        ("object", &event.object),
        ("username", &event.username),
    ];
    for (name, value) in text {
        reply.bulk(name.as_bytes());
        reply.bulk(value);
    }
    reply.bulk(b"age-seconds");
    reply.double(F64Text::new((now_ms - event.now_ms) as f64 / 1000.0).as_bytes());
    reply.bulk(b"client-info");
    reply.bulk(&event.client);
    let numbers = [
        ("entry-id", entry.id.cast_signed()),
        ("timestamp-created", entry.created_ms),
        ("timestamp-last-updated", event.now_ms),
    ];
    for (name, number) in numbers {
        reply.bulk(name.as_bytes());
        reply.int(number);
    }
}
