//! DEBUG: what tests and the curious need. It runs alone, so that it sees data at one moment, and SLEEP stops everybody.

mod digest;
mod protocol;
mod reload;
mod tables;
mod value;

use crate::parse::{count, int};
use crate::{guard, help};
use redstart_command::{Args, Arity, Change, Command, Context, Docs, Error, Flags, Group, Reply, Value};
use redstart_encoding::float::parse_f64;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[DEBUG]);

const DEBUG: Command = Command {
    name: "debug",
    handler: debug,
    arity: Arity::AtLeast(2),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE).with(Flags::EXCLUSIVE),
    docs: Docs {
        summary: "Holds the commands for tests and for finding faults.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        system: true,
        ..Docs::NONE
    },
    ..Command::BASE
};

/// How many arguments a subcommand takes, `DEBUG` and its own name counted, and what runs it.
type Subcommand = (&'static str, std::ops::RangeInclusive<usize>, redstart_command::spec::Handler);

const ANY: usize = usize::MAX;

const SUBCOMMANDS: &[Subcommand] = &[
    ("help", 2..=2, show_help),
    ("aof-flush-sleep", 3..=3, flush_sleep),
    ("assert", 2..=2, assert_nothing),
    ("change-repl-id", 2..=2, change_repl_id),
    ("client-enforce-reply-list", 3..=3, nothing_to_switch),
    ("config-rewrite-force-all", 2..=2, rewrite_all),
    ("dict-resizing", 3..=3, nothing_to_switch),
    ("digest", 2..=2, digest::all),
    ("digest-value", 2..=ANY, digest::values),
    ("error", 3..=3, error),
    ("htstats", 3..=ANY, tables::database),
    ("htstats-key", 3..=ANY, tables::value),
    ("listpack", 3..=3, value::listpack),
    ("loadaof", 2..=ANY, reload::load_aof),
    ("log", 3..=3, log),
    ("object", 3..=3, value::object),
    ("panic", 2..=2, panic),
    ("pause-cron", 3..=3, pause_cron),
    ("populate", 3..=5, populate),
    ("protocol", 3..=3, protocol::protocol),
    ("quicklist", 3..=4, value::quicklist),
    ("quicklist-packed-threshold", 3..=3, packed_threshold),
    ("reload", 2..=ANY, reload::reload),
    ("replicate", 3..=ANY, no_replicas),
    ("replybuffer", 4..=4, reply_buffer),
    ("sdslen", 3..=3, value::sds_length),
    ("segfault", 2..=2, segfault),
    ("set-active-expire", 3..=3, set_active_expire),
    ("set-disable-deny-scripts", 3..=3, allow_scripts_all),
    ("set-skip-checksum-validation", 3..=3, set_skip_checksum),
    ("sleep", 3..=3, sleep),
];

fn debug(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !guard::debug(context) {
        return Err(Error::text(
            "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it \
             from a local connection, otherwise you need to set this option in the configuration file, and then \
             restart the server.",
        ));
    }
    let name = args[1].to_ascii_lowercase();
    let found = SUBCOMMANDS.iter().find(|(known, counts, _)| known.as_bytes() == name && counts.contains(&args.len()));
    match found {
        Some((_, _, run)) => run(context, args, reply),
        None => Err(help::wrong_use(context, &args[1])),
    }
}

fn sleep(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let seconds = parse_f64(&args[2]).unwrap_or(0.0);
    std::thread::sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    reply.ok();
    Ok(())
}

fn assert_nothing(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    panic!("=== ASSERTION FAILED === by DEBUG ASSERT");
}

fn panic(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    panic!("called by DEBUG PANIC");
}

fn segfault(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    redstart_sys::crash::break_memory();
    Ok(())
}

fn flush_sleep(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let delay_us = u64::try_from(int(&args[2])?).unwrap_or(0);
    context.shared.journal.flush_sleep_us.store(delay_us, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

fn set_active_expire(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let on = args[2].iter().any(|digit| matches!(digit, b'1'..=b'9'));
    context.shared.active_expire.store(on, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

fn set_skip_checksum(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let on = args[2].iter().any(|digit| matches!(digit, b'1'..=b'9'));
    context.shared.skip_checksum.store(on, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

/// Scripts may call commands that are none for scripts, for tests of those.
fn allow_scripts_all(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let on = args[2].iter().any(|digit| matches!(digit, b'1'..=b'9'));
    context.shared.scripts.allow_all.store(on, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

fn change_repl_id(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.change_replication_id();
    reply.ok();
    Ok(())
}

/// Switches of what this server does not do, so that they are always where the caller wants them: periodic shrinking of
/// tables and buffers, checks of checksums, scripts.
fn nothing_to_switch(_: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.ok();
    Ok(())
}

fn pause_cron(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let pause = int(&args[2])? != 0;
    context.shared.pause_upkeep.store(pause, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

fn reply_buffer(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    match args[2].to_ascii_lowercase().as_slice() {
        b"resizing" => {}
        b"peak-reset-time" => match args[3].to_ascii_lowercase().as_slice() {
            b"never" => context.shared.output_rest_ms.store(i64::MAX, Ordering::Relaxed),
            b"reset" => context.shared.output_rest_ms.store(redstart_command::OUTPUT_REST_MS, Ordering::Relaxed),
            number => context.shared.output_rest_ms.store(int(number)?, Ordering::Relaxed),
        },
        _ => return Err(help::wrong_use(context, &args[1])),
    }
    reply.ok();
    Ok(())
}

fn packed_threshold(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    const MOST: u32 = u32::MAX - (1 << 20) + 1;
    let size = memory_size(&args[2]).and_then(|size| u32::try_from(size).ok()).filter(|&size| size <= MOST);
    let size = size.ok_or(Error::text("ERR argument must be a memory value bigger than 1 and smaller than 4gb"))?;
    context.shared.packed_threshold.store(size, Ordering::Relaxed);
    reply.ok();
    Ok(())
}

/// A number with an optional unit: `b`, `k`, `kb`, `m`, `mb`, `g`, `gb`.
fn memory_size(text: &[u8]) -> Option<u64> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = redstart_encoding::int::parse_u64(&text[..digits])?;
    let unit: u64 = match text[digits..].to_ascii_lowercase().as_slice() {
        b"" | b"b" => 1,
        b"k" => 1000,
        b"kb" => 1 << 10,
        b"m" => 1_000_000,
        b"mb" => 1 << 20,
        b"g" => 1_000_000_000,
        b"gb" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}

fn no_replicas(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    Err(Error::text("ERR this server has no replicas to send anything to"))
}

/// An error reply as the caller wants it. It is the answer asked for, so it is not counted as one.
fn error(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.error(&args[2]);
    Ok(())
}

fn log(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.host().log(&format!("DEBUG LOG: {}", String::from_utf8_lossy(&args[2])));
    reply.ok();
    Ok(())
}

/// Keys that are taken at most, so that a slip of the finger does not fill the machine.
const POPULATE_MAX: usize = 1 << 32;

fn populate(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let keys = count(&args[2])?;
    let prefix = args.get(3).unwrap_or(b"key");
    let size = args.get(4).map(count).transpose()?.filter(|&size| size > 0);
    if keys > POPULATE_MAX {
        return Err(Error::text("ERR OOM in dictTryExpand"));
    }
    for number in 0..keys {
        let name = [prefix, b":", itoa::Buffer::new().format(number).as_bytes()].concat();
        let key = context.key(&name);
        if !context.exists(key) {
            let mut value = format!("value:{number}").into_bytes();
            if let Some(size) = size {
                value.resize(size, 0);
            }
            context.insert(key, Value::Bytes(&value), None);
            // As in Redis, the journal does not get these.
            context.commit(key, Change::silent().count(0));
        }
    }
    reply.ok();
    Ok(())
}

fn rewrite_all(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::Text(format!("ERR CONFIG-REWRITE-FORCE-ALL failed: {error}").into());
    context.shared.config.rewrite_all().map_err(failed)?;
    reply.ok();
    Ok(())
}

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("AOF-FLUSH-SLEEP <microseconds>", "Has every write of the AOF wait so long before."),
            ("ASSERT", "Ends the server by an assertion that does not hold."),
            ("CHANGE-REPL-ID", "Begins another history of changes, with an id of its own."),
            ("CLIENT-ENFORCE-REPLY-LIST <0|1>", "Taken; answers are always kept in one buffer."),
            (
                "CONFIG-REWRITE-FORCE-ALL",
                "Writes every directive to the configuration file, also those with their default.",
            ),
            ("DICT-RESIZING <0|1>", "Taken; tables grow as they must."),
            ("DIGEST", "A signature of all data."),
            ("DIGEST-VALUE <key> [<key> ...]", "The signature of each value."),
            ("ERROR <string>", "Answers with this error."),
            ("HTSTATS <database> [FULL]", "The tables of a database."),
            ("HTSTATS-KEY <key> [FULL]", "The table of a value."),
            ("LISTPACK <key>", "Writes to the log how a listpack looks inside."),
            ("LOADAOF", "Takes all data from the AOF again."),
            ("LOG <message>", "Writes to the log."),
            ("OBJECT <key>", "How a value is kept."),
            ("PANIC", "Ends the server by a panic."),
            ("PAUSE-CRON <0|1>", "Stops or goes on looking after idle clients and their buffers."),
            ("POPULATE <count> [<prefix>] [<size>]", "Makes so many strings, without sending them to replicas."),
            (
                "PROTOCOL <type>",
                "Answers with a value of this type: string, integer, double, bignum, null,\n\
                 array, set, map, attrib, push, verbatim, true, false.",
            ),
            ("QUICKLIST <key> [<0|1>]", "Writes to the log how a quicklist looks inside; with 1, its elements too."),
            ("QUICKLIST-PACKED-THRESHOLD <size>", "From which size on an element of a list has a node of its own."),
            (
                "RELOAD [MERGE] [NOFLUSH] [NOSAVE]",
                "Saves all data and loads it again. NOSAVE loads what is on the disk; NOFLUSH keeps what is in\n\
                 memory; MERGE has the file's keys replace those.",
            ),
            ("REPLICATE <string>", "Refused until there are replicas."),
            (
                "REPLYBUFFER (PEAK-RESET-TIME <NEVER|RESET|time>|RESIZING <0|1>)",
                "Taken; buffers follow their use at once.",
            ),
            ("SDSLEN <key>", "Lengths of a key and a string."),
            ("SEGFAULT", "Ends the server by an access to memory that is not there."),
            (
                "SET-ACTIVE-EXPIRE <0|1>",
                "Whether keys are removed when their time has passed and nobody asks for them.",
            ),
            ("SET-DISABLE-DENY-SCRIPTS <0|1>", "Whether scripts may call what is not meant for them."),
            ("SET-SKIP-CHECKSUM-VALIDATION <0|1>", "Whether checksums of files and payloads are left unchecked."),
            ("SLEEP <seconds>", "Stops the server for so long."),
        ],
    );
    Ok(())
}
