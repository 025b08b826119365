//! PUBSUB: which channels and patterns have subscribers, and how many.

use super::DOCS;
use crate::help;
use redstart_command::{Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Reply, Topic};

pub(super) const PUBSUB: Command = Command {
    name: "pubsub",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about channels and who listens to them.",
        since: "2.8.0",
        complexity: "Depends on subcommand.",
        ..DOCS
    },
    subcommands: &[CHANNELS, HELP, NUMPAT, NUMSUB, SHARDCHANNELS, SHARDNUMSUB],
    ..Command::BASE
};

const HELP: Command = help::command(help, "6.2.0", DOCS.group);

fn help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let subcommands = [
        ("CHANNELS [<pattern>]", "The channels that have subscribers, all or those that match a pattern."),
        ("NUMPAT", "How many patterns are subscribed to."),
        ("NUMSUB [<channel> ...]", "Channels with the number of their subscribers, those by\npattern left out."),
        ("SHARDCHANNELS [<pattern>]", "The shard channels that have subscribers, all or those that match a pattern."),
        ("SHARDNUMSUB [<shardchannel> ...]", "Shard channels with the number of their subscribers."),
    ];
    help::write(context, reply, &subcommands);
    Ok(())
}

const CHANNELS: Command = Command {
    name: "channels",
    handler: channels,
    arity: Arity::AtLeast(2),
    flags: Flags::PUBSUB.with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Lists the channels that have subscribers.",
        since: "2.8.0",
        complexity: "O(N) with N channels",
        args: &[Arg::new("pattern", ArgKind::Pattern).optional()],
        ..DOCS
    },
    ..Command::BASE
};

fn channels(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    list(context, args, reply, Topic::Channel)
}

const SHARDCHANNELS: Command = Command {
    name: "shardchannels",
    handler: shardchannels,
    docs: Docs {
        summary: "Lists the shard channels that have subscribers.",
        since: "7.0.0",
        complexity: "O(N) with N shard channels",
        ..CHANNELS.docs
    },
    ..CHANNELS
};

fn shardchannels(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    list(context, args, reply, Topic::Shard)
}

fn list(context: &Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, topic: Topic) -> Result<(), Error> {
    if args.len() > 3 {
        return Err(help::wrong_use(context, &args[1]));
    }
    let names = context.shared.pubsub.matching(topic, args.get(2));
    reply.array(names.len());
    names.iter().for_each(|name| reply.bulk(name));
    Ok(())
}

const NUMPAT: Command = Command {
    name: "numpat",
    handler: numpat,
    arity: Arity::Exactly(2),
    docs: Docs { summary: "Counts the patterns that are subscribed to.", since: "2.8.0", complexity: "O(1)", ..DOCS },
    ..CHANNELS
};

fn numpat(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.count(context.shared.pubsub.len(Topic::Pattern));
    Ok(())
}

const NUMSUB: Command = Command {
    name: "numsub",
    handler: numsub,
    docs: Docs {
        summary: "Counts the subscribers of channels.",
        since: "2.8.0",
        complexity: "O(N) with N channels",
        args: &[Arg::string("channel").optional().multiple()],
        ..DOCS
    },
    ..CHANNELS
};

fn numsub(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    counts(context, args, reply, Topic::Channel);
    Ok(())
}

const SHARDNUMSUB: Command = Command {
    name: "shardnumsub",
    handler: shardnumsub,
    docs: Docs {
        summary: "Counts the subscribers of shard channels.",
        since: "7.0.0",
        complexity: "O(N) with N shard channels",
        args: &[Arg::string("shardchannel").optional().multiple()],
        ..DOCS
    },
    ..CHANNELS
};

fn shardnumsub(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    counts(context, args, reply, Topic::Shard);
    Ok(())
}

fn counts(context: &Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, topic: Topic) {
    reply.array((args.len() - 2) * 2);
    for name in args.iter_from(2) {
        reply.bulk(name);
        reply.count(context.shared.pubsub.subscribers(topic, name));
    }
}
