//! Publishing and subscribing: SUBSCRIBE and its kin, PUBLISH, SPUBLISH, and PUBSUB, which tells who listens.
//!
//! Each channel or pattern that is named is answered by a push of its own: what happened, the name, and how many
//! subscriptions the client has now.

mod list;

use redstart_command::{Access, Arg, ArgKind, Args, Arity, Channels, Command, Context, Docs, Error, Flags, Group};
use redstart_command::{KeySpec, Reply, Topic};
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    PSUBSCRIBE,
    PUBLISH,
    list::PUBSUB,
    PUNSUBSCRIBE,
    SPUBLISH,
    SSUBSCRIBE,
    SUBSCRIBE,
    SUNSUBSCRIBE,
    UNSUBSCRIBE,
]);

/// Subscribing is not for scripts: nobody would read the messages.
const FLAGS: Flags = Flags::PUBSUB
    .with(Flags::NO_SCRIPT)
    .with(Flags::LOADING)
    .with(Flags::STALE)
    .with(Flags::ANSWERS_BY_PUSH)
    .with(Flags::WHILE_SUBSCRIBED);

const DOCS: Docs = Docs { since: "2.0.0", group: Group::PubSub, ..Docs::NONE };

const SUBSCRIBE: Command = Command {
    name: "subscribe",
    handler: subscribe,
    arity: Arity::AtLeast(2),
    channels: Channels::Subscribe(1),
    flags: FLAGS,
    docs: Docs {
        summary: "Listens for what is published to channels.",
        complexity: "O(N) with N channels",
        args: &[Arg::string("channel").multiple()],
        ..DOCS
    },
    ..Command::BASE
};

fn subscribe(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    begin(context, args, reply, Topic::Channel, "subscribe");
    Ok(())
}

const PSUBSCRIBE: Command = Command {
    name: "psubscribe",
    handler: psubscribe,
    channels: Channels::SubscribePatterns(1),
    docs: Docs {
        summary: "Listens for what is published to any channel whose name matches a pattern.",
        complexity: "O(N) with N patterns",
        args: &[Arg::new("pattern", ArgKind::Pattern).multiple()],
        ..DOCS
    },
    ..SUBSCRIBE
};

fn psubscribe(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    begin(context, args, reply, Topic::Pattern, "psubscribe");
    Ok(())
}

const SSUBSCRIBE: Command = Command {
    name: "ssubscribe",
    handler: ssubscribe,
    keys: &[KeySpec::from(1, 1, Access::NOT_KEY)],
    docs: Docs {
        summary: "Listens for what is published to shard channels.",
        since: "7.0.0",
        complexity: "O(N) with N shard channels",
        args: &[Arg::string("shardchannel").multiple()],
        ..DOCS
    },
    ..SUBSCRIBE
};

fn ssubscribe(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    begin(context, args, reply, Topic::Shard, "ssubscribe");
    Ok(())
}

const UNSUBSCRIBE: Command = Command {
    name: "unsubscribe",
    handler: unsubscribe,
    arity: Arity::AtLeast(1),
    channels: Channels::None,
    docs: Docs {
        summary: "Listens to channels no more: to those named, or to none of them.",
        complexity: "O(N) with N channels",
        args: &[Arg::string("channel").optional().multiple()],
        ..DOCS
    },
    ..SUBSCRIBE
};

fn unsubscribe(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    end(context, args, reply, Topic::Channel, "unsubscribe");
    Ok(())
}

const PUNSUBSCRIBE: Command = Command {
    name: "punsubscribe",
    handler: punsubscribe,
    docs: Docs {
        summary: "Listens by patterns no more: by those named, or by none of them.",
        complexity: "O(N) with N patterns",
        args: &[Arg::new("pattern", ArgKind::Pattern).optional().multiple()],
        ..DOCS
    },
    ..UNSUBSCRIBE
};

fn punsubscribe(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    end(context, args, reply, Topic::Pattern, "punsubscribe");
    Ok(())
}

const SUNSUBSCRIBE: Command = Command {
    name: "sunsubscribe",
    handler: sunsubscribe,
    arity: Arity::AtLeast(1),
    channels: Channels::None,
    docs: Docs {
        summary: "Listens to shard channels no more: to those named, or to none of them.",
        since: "7.0.0",
        complexity: "O(N) with N shard channels",
        args: &[Arg::string("shardchannel").optional().multiple()],
        ..DOCS
    },
    ..SSUBSCRIBE
};

fn sunsubscribe(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    end(context, args, reply, Topic::Shard, "sunsubscribe");
    Ok(())
}

/// Subscribes to what is named.
fn begin(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, topic: Topic, word: &str) {
    for name in args.iter_from(1) {
        context.shared.pubsub.subscribe(context.session, topic, name);
        answer(context, reply, topic, word, Some(name));
    }
    // Whoever takes a channel from the user ends those who listen to it by then; this client may have come later.
    let is_pattern = topic == Topic::Pattern;
    let allowed = |name: &[u8]| context.session.may_subscribe(context.shared.gate(), name, is_pattern);
    if !args.iter_from(1).all(allowed) {
        context.session.close = true;
    }
}

/// Ends the subscriptions that are named, or all of the kind.
fn end(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, topic: Topic, word: &str) {
    let shared = context.shared;
    let all = if args.len() == 1 { shared.pubsub.names(context.session, topic) } else { Vec::new() };
    let mut names = args.iter_from(1).chain(all.iter().map(|name| &**name)).peekable();
    if names.peek().is_none() {
        return answer(context, reply, topic, word, None);
    }
    for name in names {
        shared.pubsub.unsubscribe(context.session, topic, name);
        // What was published before comes before the word that there will be no more. Within EXEC it has to wait: what
        // stands between the answers there is one of them.
        if context.session.info.outbox.is_filled() && !context.session.no_block {
            let mut messages = Vec::new();
            context.session.info.outbox.empty_into(&mut messages);
            reply.raw(&messages);
        }
        answer(context, reply, topic, word, Some(name));
    }
}

/// Says what happened, to which channel, and how many subscriptions are left: shard channels count for themselves.
fn answer(context: &Context<'_>, reply: &mut Reply<'_>, topic: Topic, word: &str, name: Option<&[u8]>) {
    let count = |topic| context.session.info.subscriptions(topic).load(Ordering::Relaxed);
    reply.push(3);
    reply.bulk(word.as_bytes());
    match name {
        Some(name) => reply.bulk(name),
        None => reply.null(),
    }
    reply.count(match topic {
        Topic::Shard => count(Topic::Shard),
        Topic::Channel | Topic::Pattern => count(Topic::Channel) + count(Topic::Pattern),
    });
}

const PUBLISH: Command = Command {
    name: "publish",
    handler: publish,
    arity: Arity::Exactly(3),
    channels: Channels::Publish(1),
    flags: Flags::PUBSUB.with(Flags::LOADING).with(Flags::STALE).with(Flags::FAST).with(Flags::MAY_REPLICATE),
    docs: Docs {
        summary: "Sends a message to all who listen to a channel.",
        complexity: "O(N+M) with N subscribers of the channel and M patterns",
        args: &[Arg::string("channel"), Arg::string("message")],
        ..DOCS
    },
    ..Command::BASE
};

fn publish(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    reply.count(shared.pubsub.publish(&shared.config, Topic::Channel, &args[1], &args[2]));
    Ok(())
}

const SPUBLISH: Command = Command {
    name: "spublish",
    handler: spublish,
    keys: &[KeySpec::at(1, Access::NOT_KEY)],
    docs: Docs {
        summary: "Sends a message to all who listen to a shard channel.",
        since: "7.0.0",
        complexity: "O(N) with N subscribers of the shard channel",
        args: &[Arg::string("shardchannel"), Arg::string("message")],
        ..DOCS
    },
    ..PUBLISH
};

fn spublish(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    reply.count(shared.pubsub.publish(&shared.config, Topic::Shard, &args[1], &args[2]));
    Ok(())
}
