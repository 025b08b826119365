//! The append-only file: rewriting it, and waiting until changes are on the disk, or with replicas, of which there are
//! none.

use crate::parse::{int, timeout_ms};
use redstart_command::context::OnWait;
use redstart_command::journal::{NOT_KEPT, Wait};
use redstart_command::{
    Acl, Arg, Args, Arity, Block, Blocked, Command, Context, Docs, Error, Flags, Group, Reply, TimeoutReply, Wanted,
};
use redstart_config::ids;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[BGREWRITEAOF, WAIT, WAITAOF]);

const BGREWRITEAOF: Command = Command {
    name: "bgrewriteaof",
    handler: rewrite,
    arity: Arity::Exactly(1),
    flags: Flags::NO_ASYNC_LOADING.with(Flags::ADMIN).with(Flags::NO_SCRIPT),
    docs: Docs {
        summary: "Rewrites the append-only file beside the work.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn rewrite(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let aof = context.shared.aof.get().ok_or(Error::text("ERR there is no append-only file"))?;
    // Within a transaction the state is not one to be written down.
    reply.simple(Arc::clone(aof).rewrite(context.session.no_block).map_err(Error::text)?);
    Ok(())
}

const WAIT: Command = Command {
    name: "wait",
    handler: wait,
    arity: Arity::Exactly(3),
    flags: Flags::BLOCKING,
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Waits until replicas have what this connection changed, and tells how many do.",
        since: "3.0.0",
        group: Group::Generic,
        complexity: "O(1)",
        args: &[Arg::int("numreplicas"), Arg::int("timeout")],
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

const TIPS: &[&str] = &["request_policy:all_shards", "response_policy:agg_min"];

fn wait(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let replicas = int(&args[1])?;
    let deadline_ms = timeout_ms(&args[2], context.now_ms)?;
    if replicas <= 0 {
        reply.int(0);
        return Ok(());
    }
    context.block(reply, waiting(deadline_ms, TimeoutReply::Zero));
    Ok(())
}

const WAITAOF: Command = Command {
    name: "waitaof",
    handler: wait_for_disk,
    arity: Arity::Exactly(4),
    docs: Docs {
        summary: "Waits until what this connection changed is on the disk, here and on replicas, and tells on how many.",
        since: "7.2.0",
        args: &[Arg::int("numlocal"), Arg::int("numreplicas"), Arg::int("timeout")],
        ..WAIT.docs
    },
    ..WAIT
};

fn wait_for_disk(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let local = int(&args[1]).ok().filter(|local| (0..=1).contains(local));
    let local = local.ok_or(Error::text("ERR value is out of range, value must between 0 and 1"))?;
    let replicas = int(&args[2]).ok().filter(|&replicas| replicas >= 0);
    let replicas = replicas.ok_or(Error::text("ERR value is out of range, must be positive"))?;
    let deadline_ms = timeout_ms(&args[3], context.now_ms)?;
    let shared = context.shared;
    if local > 0 && !shared.config.get(ids::APPENDONLY) {
        return Err(Error::text(NOT_KEPT));
    }
    let position = context.session.info.journalled.load(Ordering::Acquire);
    // What this transaction or script changed itself goes to the journal when it is over.
    let there = !context.has_effects() && shared.journal.is_on_disk(position);
    let enough = replicas == 0 && (there || local == 0);
    if enough || context.session.no_block {
        TimeoutReply::OnDisk(there).write(reply);
        return Ok(());
    }
    let wait = Wait { local: local > 0, replicas: replicas > 0 };
    let journal = Arc::downgrade(&shared.journal);
    let on_wait = move |blocked: Arc<Blocked>| {
        if let Some(journal) = journal.upgrade() {
            journal.when_on_disk(position, wait, blocked);
        }
    };
    context.block_until(waiting(deadline_ms, TimeoutReply::OnDisk(there)), OnWait(Box::new(on_wait)));
    Ok(())
}

fn waiting(deadline_ms: Option<i64>, on_timeout: TimeoutReply) -> Block {
    Block { wanted: Wanted::List, keys: Vec::new(), deadline_ms, on_timeout, replace: Vec::new() }
}
