//! What a connection says it can do, and what it is for: CLIENT CAPA and CLIENT IMPORT-SOURCE, both of Valkey.

use super::on_or_off;
use crate::parse::is;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use redstart_config::ids;
use std::sync::atomic::Ordering;

pub(super) const CAPA: Command = Command {
    name: "capa",
    handler: capa,
    arity: Arity::AtLeast(3),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE).with(Flags::ALLOW_BUSY),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Says what this connection can do, such as following redirections.",
        since: "8.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::string("capability").multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn capa(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    // What is not known here, a client may well be able to do.
    if args.iter_from(2).any(|ability| is(ability, "redirect")) {
        context.session.info.redirects.store(true, Ordering::Relaxed);
    }
    reply.ok();
    Ok(())
}

pub(super) const IMPORT_SOURCE: Command = Command {
    name: "import-source",
    handler: import_source,
    arity: Arity::Exactly(3),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Says whether this connection brings data from elsewhere, while the server is in import mode.",
        since: "8.1.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::one_of("enabled", &[Arg::flag("on", "ON"), Arg::flag("off", "OFF")])],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn import_source(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !context.shared.config.get(ids::IMPORT_MODE) && !is(&args[2], "off") {
        return Err(Error::text("ERR Server is not in import mode"));
    }
    let on = on_or_off(&args[2])?;
    context.session.info.import_source.store(on, Ordering::Relaxed);
    reply.ok();
    Ok(())
}
