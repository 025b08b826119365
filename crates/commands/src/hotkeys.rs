//! HOTKEYS: the keys that take most processor time and network bytes, found while somebody asks for it.

use crate::help;
use crate::parse::is;
use redstart_command::hotkeys::{Session, Top, Wish};
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use redstart_config::ids;
use redstart_encoding::int::parse_i64;
use redstart_sys::process;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[HOTKEYS]);

const HOTKEYS: Command = Command {
    name: "hotkeys",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about the keys that cost most.",
        since: "8.6.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[GET, HELP, RESET, START, STOP],
    ..Command::BASE
};

const FLAGS: Flags = Flags::ADMIN.with(Flags::NO_SCRIPT);
const TIPS: &[&str] = &["nondeterministic_output", "request_policy:special", "response_policy:special"];

const START: Command = Command {
    name: "start",
    handler: start,
    arity: Arity::AtLeast(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Begins to sum up by key what commands take.",
        since: "8.6.0",
        group: Group::Server,
        complexity: "O(1)",
        args: &[
            Arg::block(
                "metrics",
                &[Arg::int("count"), Arg::flag("cpu", "CPU").optional(), Arg::flag("net", "NET").optional()],
            )
            .token("METRICS"),
            Arg::int("k").token("COUNT").optional(),
            Arg::int("seconds").token("DURATION").optional(),
            Arg::int("ratio").token("SAMPLE").optional(),
            Arg::block("slots", &[Arg::int("count"), Arg::int("slot").multiple()]).token("SLOTS").optional(),
        ],
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

/// The most metrics there are.
const METRICS: i64 = 2;
/// Keys shown where COUNT does not say how many.
const SHOWN: usize = 10;

fn start(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut session = context.shared.observer.hotkeys.lock();
    if session.as_mut().is_some_and(|session| session.active(context.now_ms)) {
        return Err(Error::text("ERR hotkey tracking session already in progress"));
    }
    let wish = wish(args, context)?;
    *session = Some(Box::new(Session::new(wish, context.now_ms)));
    drop(session);
    context.shared.observer.refresh(&context.shared.config);
    reply.ok();
    Ok(())
}

fn wish(args: &Args<'_>, context: &Context<'_>) -> Result<Wish, Error> {
    if args.len() < 4 || !is(&args[2], "metrics") {
        return Err(Error::text("ERR METRICS parameter is required"));
    }
    let metrics = within(&args[3], 1..=METRICS, "METRICS count must be > 0 and <= 2")?;
    let mut wish = Wish { cpu: false, net: false, count: SHOWN, duration_ms: None, ratio: 1 };
    let mut at = 4;
    while at < args.len() && at < 4 + metrics as usize {
        let (metric, twice) = match (is(&args[at], "cpu"), is(&args[at], "net")) {
            (true, _) => (&mut wish.cpu, "ERR METRICS CPU defined more than once!"),
            (_, true) => (&mut wish.net, "ERR METRICS NET defined more than once!"),
            // A later version may know what this is.
            _ => {
                at += 1;
                continue;
            }
        };
        if std::mem::replace(metric, true) {
            return Err(Error::text(twice));
        }
        at += 1;
    }
    if at < 4 + metrics as usize {
        return Err(Error::text("ERR METRICS count does not match number of metric types provided"));
    }
    if !wish.cpu && !wish.net {
        return Err(Error::text("ERR METRICS no valid metrics passed. Supported: CPU|NET"));
    }
    options(args, at, context, &mut wish)?;
    Ok(wish)
}

/// Reads what stands behind the metrics.
fn options(args: &Args<'_>, mut at: usize, context: &Context<'_>, wish: &mut Wish) -> Result<(), Error> {
    while at < args.len() {
        let value = args.get(at + 1).ok_or(Error::Syntax)?;
        match args[at].to_ascii_lowercase().as_slice() {
            b"count" => wish.count = within(value, 1..=64, "COUNT must be between 1 and 64")? as usize,
            b"duration" => {
                let seconds = within(value, 1..=1_000_000, "DURATION must be between 1 and 1000000")?;
                wish.duration_ms = Some(seconds * 1000);
            }
            b"sample" => {
                wish.ratio = within(value, 1..=i64::from(i32::MAX), "SAMPLE ratio must be positive")?.unsigned_abs();
            }
            b"slots" if !context.shared.config.get(ids::CLUSTER_ENABLED) => {
                return Err(Error::text("ERR SLOTS parameter cannot be used in non-cluster mode"));
            }
            _ => return Err(Error::Syntax),
        }
        at += 2;
    }
    Ok(())
}

fn within(argument: &[u8], range: std::ops::RangeInclusive<i64>, refusal: &'static str) -> Result<i64, Error> {
    let number = parse_i64(argument).filter(|number| range.contains(number));
    number.ok_or_else(|| Error::Text(format!("ERR {refusal}").into()))
}

const STOP: Command = Command {
    name: "stop",
    handler: stop,
    arity: Arity::Exactly(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Ends summing up; what was found can still be shown.",
        since: "8.6.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn stop(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let mut session = context.shared.observer.hotkeys.lock();
    let running = session.as_mut().filter(|session| session.ended_ms.is_none());
    // The method ends one whose time is up.
    let stopped = running.is_some_and(|running| running.active(now_ms) && running.ended_ms.replace(now_ms).is_none());
    drop(session);
    if stopped {
        reply.ok();
    } else {
        reply.null();
    }
    context.shared.observer.refresh(&context.shared.config);
    Ok(())
}

const RESET: Command = Command {
    name: "reset",
    handler: reset,
    arity: Arity::Exactly(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Forgets what was found.",
        since: "8.6.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn reset(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut session = context.shared.observer.hotkeys.lock();
    if session.as_mut().is_some_and(|session| session.active(context.now_ms)) {
        return Err(Error::text("ERR hotkey tracking session in progress, stop tracking first"));
    }
    *session = None;
    reply.ok();
    Ok(())
}

const GET: Command = Command {
    name: "get",
    handler: get,
    arity: Arity::Exactly(2),
    flags: FLAGS,
    docs: Docs {
        summary: "Shows the keys that cost most, and what all commands took.",
        since: "8.6.0",
        group: Group::Server,
        complexity: "O(K) where K is the number of hotkeys returned.",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn get(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut session = context.shared.observer.hotkeys.lock();
    let Some(session) = session.as_mut() else {
        reply.null();
        return Ok(());
    };
    let active = session.active(context.now_ms);
    let until_ms = session.ended_ms.unwrap_or(context.now_ms);
    let numbers = [
        ("all-commands-all-slots-us", session.all_us.cast_signed()),
        ("net-bytes-all-commands-all-slots", session.all_bytes.cast_signed()),
        ("collection-start-time-unix-ms", session.started_ms),
        ("collection-duration-ms", until_ms - session.started_ms),
    ];
    // One map in an array, so that the answers of several nodes can be put together.
    reply.array(1);
    reply.map(3 + numbers.len() + 3 * usize::from(session.cpu.is_some()) + 2 * usize::from(session.net.is_some()));
    number("tracking-active", i64::from(active), reply);
    number("sample-ratio", session.wish.ratio.cast_signed(), reply);
    reply.bulk(b"selected-slots");
    all_slots(reply);
    for (name, value) in numbers {
        number(name, value, reply);
    }
    if session.cpu.is_some() {
        let ((user, system), before) = (process::cpu_seconds(), session.cpu_before);
        number("total-cpu-time-user-ms", ((user - before.0) * 1000.0) as i64, reply);
        number("total-cpu-time-sys-ms", ((system - before.1) * 1000.0) as i64, reply);
    }
    if let Some(net) = &session.net {
        number("total-net-bytes", net.total.cast_signed(), reply);
    }
    for (name, top) in [("by-cpu-time-us", &session.cpu), ("by-net-bytes", &session.net)] {
        if let Some(top) = top {
            heaviest(name, top, session.wish.count, reply);
        }
    }
    Ok(())
}

fn number(name: &str, value: i64, reply: &mut Reply<'_>) {
    reply.bulk(name.as_bytes());
    reply.int(value);
}

/// The slots that are looked at, as ranges.
fn all_slots(reply: &mut Reply<'_>) {
    const LAST_SLOT: i64 = 16_383;
    reply.array(1);
    reply.array(2);
    reply.int(0);
    reply.int(LAST_SLOT);
}

fn heaviest(name: &str, top: &Top, most: usize, reply: &mut Reply<'_>) {
    let found = top.heaviest(most);
    reply.bulk(name.as_bytes());
    reply.array(2 * found.len());
    for (key, sum) in found {
        reply.bulk(&key);
        reply.int(sum.cast_signed());
    }
}

const HELP: Command = help::command(show_help, "8.6.0", Group::Server);

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("GET", "The keys that cost most, and what all commands took."),
            ("RESET", "Forgets what was found."),
            (
                "START METRICS <count> [CPU] [NET] [COUNT <k>] [DURATION <seconds>] [SAMPLE <ratio>] [SLOTS <count> <slot> [<slot> ...]]",
                "Begins to sum up by key: processor time, network bytes, or both. <k> keys are\n\
                 shown (10), it ends after so many seconds (never), and one of <ratio> commands\nis looked at (all). SLOTS is for clusters.",
            ),
            ("STOP", "Ends summing up; what was found can still be shown."),
        ],
    );
    Ok(())
}
