//! LATENCY: what took long and when, and how long each command takes.

mod report;

use crate::help;
use redstart_command::histogram::Distribution;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Registered, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[LATENCY]);

const LATENCY: Command = Command {
    name: "latency",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about what took long.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[DOCTOR, GRAPH, HELP, HISTOGRAM, HISTORY, LATEST, RESET],
    ..Command::BASE
};

const FLAGS: Flags = Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE);
const TIPS: &[&str] = &["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"];

const HISTORY: Command = Command {
    name: "history",
    handler: history,
    arity: Arity::Exactly(3),
    flags: FLAGS,
    docs: Docs {
        summary: "Shows the samples of an event: seconds since 1970, and milliseconds taken.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::string("event")],
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn history(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let events = context.shared.observer.latency.lock();
    let Some((_, series)) = events.get(&args[2]) else {
        reply.array(0);
        return Ok(());
    };
    reply.array(series.samples().len());
    for sample in series.samples() {
        reply.array(2);
        reply.int(sample.time_s);
        reply.int(sample.ms.cast_signed());
    }
    Ok(())
}

const LATEST: Command = Command {
    name: "latest",
    handler: latest,
    arity: Arity::Exactly(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Shows the newest sample of every event, and the longest time it ever took.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn latest(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let events = context.shared.observer.latency.lock();
    reply.array(events.iter().len());
    for (name, series) in events.iter() {
        let last = series.last();
        reply.array(4);
        reply.bulk(name.as_bytes());
        reply.int(last.map_or(0, |last| last.time_s));
        reply.int(last.map_or(0, |last| last.ms.cast_signed()));
        reply.int(series.max_ms.cast_signed());
    }
    Ok(())
}

const RESET: Command = Command {
    name: "reset",
    handler: reset,
    arity: Arity::AtLeast(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Forgets the samples of the named events, or of all.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::string("event").optional().multiple()],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:agg_sum"],
    ..Command::BASE
};

fn reset(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut events = context.shared.observer.latency.lock();
    reply.count(match args.len() {
        2 => events.reset(None),
        _ => args.iter_from(2).map(|event| events.reset(Some(event))).sum(),
    });
    Ok(())
}

const GRAPH: Command = Command {
    name: "graph",
    handler: graph,
    arity: Arity::Exactly(3),
    flags: FLAGS,
    docs: Docs {
        summary: "Draws the samples of an event.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::string("event")],
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn graph(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let events = context.shared.observer.latency.lock();
    let Some((name, series)) = events.get(&args[2]) else {
        return Err(Error::Bytes([b"ERR No samples available for event '", &args[2], b"'"].concat()));
    };
    reply.verbatim("txt", report::graph(name, series, context.now_ms / 1000).as_bytes());
    Ok(())
}

const DOCTOR: Command = Command {
    name: "doctor",
    handler: doctor,
    arity: Arity::Exactly(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Says in words what took long, and what may help.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn doctor(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let events = context.shared.observer.latency.lock();
    let text = report::advice(&events, &context.shared.config, context.now_ms / 1000);
    reply.verbatim("txt", text.as_bytes());
    Ok(())
}

const HISTOGRAM: Command = Command {
    name: "histogram",
    handler: histogram,
    arity: Arity::AtLeast(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Shows how many calls of each command ended within one microsecond, two, four, and so on.",
        since: "7.0.0",
        group: Group::Server,
        complexity: "O(N) with N commands shown",
        args: &[Arg::string("command").optional().multiple()],
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn histogram(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let registry = &context.shared.registry;
    let wanted: Vec<&Registered> = match args.len() {
        2 => registry.all().iter().collect(),
        _ => {
            let named = args.iter_from(2).filter_map(|name| registry.find_full(name));
            named
                .flat_map(|one| [one].into_iter().chain(one.subcommands.iter().filter_map(|&id| registry.get(id))))
                .collect()
        }
    };
    let shown: Vec<_> = wanted.into_iter().filter_map(|one| Some((one, distribution(context, one)?))).collect();
    reply.map(shown.len());
    for (command, distribution) in shown {
        reply.bulk(command.full_name.as_bytes());
        reply.map(2);
        reply.bulk(b"calls");
        reply.int(distribution.total().cast_signed());
        reply.bulk(b"histogram_usec");
        let steps = distribution.cumulative();
        reply.map(steps.len());
        for (us, calls) in steps {
            reply.int(us.cast_signed());
            reply.int(calls.cast_signed());
        }
    }
    Ok(())
}

/// How long all calls of a command took; `None` where none was measured.
pub(crate) fn distribution(context: &Context<'_>, command: &Registered) -> Option<Distribution> {
    let mut sum = Distribution::default();
    for worker in context.shared.stats.iter() {
        if let Some(latency) = worker.commands[command.id as usize].latency.get() {
            sum.add(latency);
        }
    }
    (sum.total() > 0).then_some(sum)
}

const HELP: Command = help::command(show_help, "2.8.13", Group::Server);

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("DOCTOR", "What took long, in words, with advice."),
            ("GRAPH <event>", "The samples of an event as a drawing."),
            ("HISTORY <event>", "The samples of an event: seconds since 1970, and milliseconds."),
            ("LATEST", "The newest sample of every event."),
            ("RESET [<event> ...]", "Forgets the samples of these events, or of all."),
            (
                "HISTOGRAM [<command> ...]",
                "How many calls of these commands, or of all, ended within one microsecond,\ntwo, four, and so on.",
            ),
        ],
    );
    Ok(())
}
