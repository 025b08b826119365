//! Transactions: MULTI, EXEC, DISCARD, WATCH, UNWATCH.

use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = &[MULTI, EXEC, DISCARD, WATCH, UNWATCH];

const MULTI: Command = Command {
    name: "multi",
    handler: multi,
    arity: Arity::Exactly(1),
    flags: Flags::NO_SCRIPT
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::FAST)
        .with(Flags::ALLOW_BUSY)
        .with(Flags::NOT_QUEUED)
        .with(Flags::ENDS_WATCH),
    acl: Acl::TRANSACTION,
    docs: Docs {
        summary: "Begins a transaction: the commands that follow are queued.",
        since: "1.2.0",
        group: Group::Transactions,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn multi(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if context.session.transaction.is_some() {
        return Err(Error::text("ERR MULTI calls can not be nested"));
    }
    context.session.begin();
    reply.ok();
    Ok(())
}

const EXEC: Command = Command {
    name: "exec",
    handler: exec,
    flags: Flags::NO_SCRIPT
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::SKIP_SLOWLOG)
        .with(Flags::NOT_QUEUED)
        .with(Flags::ENDS_WATCH)
        .with(Flags::RUNS_QUEUE),
    docs: Docs {
        summary: "Runs what was queued, with nothing in between; nothing at all where a watched key has changed.",
        complexity: "As the commands in the queue",
        ..MULTI.docs
    },
    ..MULTI
};

fn exec(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let transaction = context.session.end().ok_or(Error::text("ERR EXEC without MULTI"))?;
    if transaction.failed {
        context.unwatch();
        return Err(Error::text("EXECABORT Transaction discarded because of previous errors."));
    }
    context.run_queue(transaction, reply);
    Ok(())
}

const DISCARD: Command = Command {
    name: "discard",
    handler: discard,
    docs: Docs {
        summary: "Ends a transaction without running it.",
        since: "2.0.0",
        complexity: "O(N) with N commands in the queue",
        ..MULTI.docs
    },
    ..MULTI
};

fn discard(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    drop(context.session.end().ok_or(Error::text("ERR DISCARD without MULTI"))?);
    context.unwatch();
    reply.ok();
    Ok(())
}

const WATCH: Command = Command {
    name: "watch",
    handler: watch,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::range(1, -1, 1, Access::RO)],
    docs: Docs {
        summary: "Has the next EXEC run only if these keys do not change until then.",
        since: "2.2.0",
        complexity: "O(1) for each key",
        args: &[Arg::key("key").multiple()],
        ..MULTI.docs
    },
    ..MULTI
};

fn watch(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if context.session.transaction.is_some() {
        return Err(Error::text("ERR WATCH inside MULTI is not allowed"));
    }
    for key in args.iter_from(1) {
        context.watch(key);
    }
    reply.ok();
    Ok(())
}

const UNWATCH: Command = Command {
    name: "unwatch",
    handler: unwatch,
    flags: Flags::NO_SCRIPT
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::FAST)
        .with(Flags::ALLOW_BUSY)
        .with(Flags::ENDS_WATCH),
    docs: Docs { summary: "Watches no keys any more.", since: "2.2.0", ..MULTI.docs },
    ..MULTI
};

fn unwatch(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.unwatch();
    reply.ok();
    Ok(())
}
