//! The table `redis` (also named `server`, as in Valkey): its contents for scripts.

use super::arguments::Arguments;
use super::callback;
use super::host::{self, Ask, Outcome};
use super::memory;
use super::pace;
use super::raise::{self, Raise};
use super::reply;
use crate::library::put;
use mlua::{Lua, Result, Table, Value};
use redstart_command::scripts::Kind;
use redstart_commands::version::{REDIS_VERSION, REDSTART_VERSION, number_of};
use redstart_encoding::float::{F64Text, as_plain_integer};
use redstart_sys::lua::{Look, Looked, Seen};
use sha1_smol::Sha1;
use std::cell::Cell;

thread_local! {
    /// The error in the arguments taken from Lua's stack for the next call.
    static WRONG: Cell<Option<&'static str>> = const { Cell::new(None) };
}

const NO_ARGUMENTS: &str = "Please specify at least one argument for this redis lib call";
const NOT_TEXT: &str = "Lua redis lib command arguments must be strings or integers";
const TOO_LARGE: &str = "Lua redis lib command arguments are too large";
const NO_SCRIPT: &str = "redis.call/pcall can only be called inside a script invocation";

/// Appends the arguments of a command directly to the request.
struct Pushed;

impl Look for Pushed {
    #[inline]
    fn look(argument: Seen<'_>) {
        let fits = match argument {
            Seen::Text(text) => host::push(text),
            Seen::Number(number) => push_number(number),
            Seen::Other => {
                WRONG.set(WRONG.get().or(Some(NOT_TEXT)));
                true
            }
        };
        if !fits {
            WRONG.set(WRONG.get().or(Some(TOO_LARGE)));
        }
    }
}

/// The arguments of a command.
type Pushes = Looked<Pushed>;

fn push_number(number: f64) -> bool {
    match as_plain_integer(number) {
        Some(int) => host::push(itoa::Buffer::new().format(int).as_bytes()),
        None => host::push(F64Text::with_fewest_digits(number).as_bytes()),
    }
}

/// Whether the arguments can be sent; discards them if not.
fn check(count: usize) -> std::result::Result<(), &'static str> {
    match WRONG.take() {
        None if count > 0 => Ok(()),
        wrong => {
            host::forget();
            Err(wrong.unwrap_or(NO_ARGUMENTS))
        }
    }
}

/// `redis.call` and `redis.pcall`: the first raises the errors that the second returns.
fn call(lua: &Lua, args: &Pushes, raising: bool) -> Result<Value> {
    let refuse = |words: &[u8], counted: bool| {
        if raising {
            return Err(Raise::Reply(words.to_vec(), counted).into());
        }
        raise::table(lua, words, counted).map(Value::Table)
    };
    if let Err(problem) = check(args.count()) {
        return refuse(format!("ERR {problem}").as_bytes(), false);
    }
    let answer = host::ask(Ask::Command, |call| match &call.outcome {
        Outcome::Done => {
            memory::look_for(call.reply.len())?;
            reply::value(lua, &call.reply)
        }
        Outcome::Failed => refuse(&reply::error_words(&call.reply), true),
        Outcome::Refused(words, counted) => refuse(words, *counted),
        Outcome::Forbidden | Outcome::Stop => Err(Raise::Stop.into()),
    });
    answer.unwrap_or_else(|| refuse(format!("ERR {NO_SCRIPT}").as_bytes(), false))
}

/// Fills the table of a running script.
pub(super) fn running(lua: &Lua, kind: Kind) -> Result<Table> {
    let redis = lua.create_table()?;
    redis.raw_set("call", callback(lua, |lua, args: Pushes| call(lua, &args, true))?)?;
    redis.raw_set("pcall", callback(lua, |lua, args: Pushes| call(lua, &args, false))?)?;
    redis.raw_set("acl_check_cmd", callback(lua, |_, args: Pushes| may_call(&args))?)?;
    put(lua, &redis, "sha1hex", |lua, args| sha1hex(lua, &args))?;
    put(lua, &redis, "error_reply", |lua, args| error_reply(lua, &args))?;
    put(lua, &redis, "status_reply", |lua, args| status_reply(lua, &args))?;
    put(lua, &redis, "setresp", |_, args| set_version(&args))?;
    put(lua, &redis, "set_repl", |_, args| set_replication(&args))?;
    let constants = [("REPL_NONE", 0), ("REPL_AOF", 1), ("REPL_SLAVE", 2), ("REPL_REPLICA", 2), ("REPL_ALL", 3)];
    constants.into_iter().try_for_each(|(name, value)| redis.raw_set(name, value))?;
    if kind == Kind::Eval {
        put(lua, &redis, "replicate_commands", |_, _| Ok(true))?;
        // Without a debugger these functions have no effect.
        put(lua, &redis, "breakpoint", |_, _| Ok(false))?;
        put(lua, &redis, "debug", |_, _| Ok(()))?;
    }
    common(lua, &redis)?;
    Ok(redis)
}

/// The functions that are also available while a library is loaded.
pub(super) fn common(lua: &Lua, redis: &Table) -> Result<()> {
    put(lua, redis, "log", |_, args| log(&args))?;
    let levels = ["LOG_DEBUG", "LOG_VERBOSE", "LOG_NOTICE", "LOG_WARNING"];
    levels.into_iter().enumerate().try_for_each(|(level, name)| redis.raw_set(name, level))?;
    redis.raw_set("REDIS_VERSION", REDIS_VERSION)?;
    redis.raw_set("REDIS_VERSION_NUM", number_of(REDIS_VERSION))
}

/// The additional fields of `server`.
pub(super) fn name(server: &Table) -> Result<()> {
    server.raw_set("SERVER_NAME", "redstart")?;
    server.raw_set("SERVER_VERSION", REDSTART_VERSION)?;
    server.raw_set("SERVER_VERSION_NUM", number_of(REDSTART_VERSION))
}

fn may_call(args: &Pushes) -> Result<bool> {
    check(args.count()).map_err(raise::reply)?;
    let answer = host::ask(Ask::MayCall, |call| match &call.outcome {
        Outcome::Done => Ok(true),
        Outcome::Refused(words, counted) => Err(Raise::Reply(words.clone(), *counted).into()),
        Outcome::Forbidden | Outcome::Failed => Ok(false),
        Outcome::Stop => Err(Raise::Stop.into()),
    });
    answer.unwrap_or_else(|| Err(raise::reply(NO_SCRIPT)))
}

fn sha1hex(lua: &Lua, args: &Arguments<'_>) -> Result<Value> {
    if args.len() != 1 {
        return Err(raise::reply("wrong number of arguments"));
    }
    let digest = match args.string(1) {
        Ok(text) => {
            pace::work(text.as_bytes().len() / 4)?;
            Sha1::from(&*text.as_bytes())
        }
        Err(_) => Sha1::new(),
    };
    Ok(Value::String(lua.create_string(digest.digest().to_string())?))
}

fn error_reply(lua: &Lua, args: &Arguments<'_>) -> Result<Table> {
    let Value::String(words) = args.value(1) else {
        return raise::table(lua, b"ERR wrong number or type of arguments", false);
    };
    if args.len() != 1 {
        return raise::table(lua, b"ERR wrong number or type of arguments", false);
    }
    let words = raise::to_zero(&words.as_bytes());
    raise::table(lua, &coded(words.strip_prefix(b"-").unwrap_or(&words)), false)
}

/// An error message with an error code first: its first word, or `ERR` if there is only one word. Line ends around the
/// rest are removed.
fn coded(words: &[u8]) -> Vec<u8> {
    let (code, rest) = match words.iter().position(|&byte| byte == b' ') {
        Some(space) => (&words[..space], &words[space + 1..]),
        None => (b"ERR".as_slice(), words),
    };
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let start = rest.iter().position(|byte| !is_end(byte)).unwrap_or(rest.len());
    let end = rest.iter().rposition(|byte| !is_end(byte)).map_or(start, |last| last + 1);
    [code, b" ", &rest[start..end]].concat()
}

fn status_reply(lua: &Lua, args: &Arguments<'_>) -> Result<Table> {
    match args.value(1) {
        Value::String(words) if args.len() == 1 => {
            let table = lua.create_table_with_capacity(0, 1)?;
            table.raw_set("ok", words)?;
            Ok(table)
        }
        _ => raise::table(lua, b"ERR wrong number or type of arguments", false),
    }
}

fn set_version(args: &Arguments<'_>) -> Result<()> {
    if args.len() != 1 {
        return Err(raise::reply("redis.setresp() requires one argument."));
    }
    match args.try_number(1).unwrap_or(0.0) as i64 {
        version @ (2 | 3) => request(Ask::Version(version as u8)),
        _ => Err(raise::reply("RESP version must be 2 or 3.")),
    }
}

fn set_replication(args: &Arguments<'_>) -> Result<()> {
    if args.len() != 1 {
        return Err(raise::reply("redis.set_repl() requires one argument."));
    }
    match args.try_number(1).unwrap_or(0.0) as i64 {
        flags @ 0..=3 => request(Ask::Replicate(flags as u8)),
        _ => Err(raise::reply("Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.")),
    }
}

fn request(what: Ask) -> Result<()> {
    host::ask(what, |_| ()).ok_or_else(|| raise::reply(NO_SCRIPT))
}

/// The maximum length of a log line, in bytes.
const LOG_BYTES: usize = 1024 * 1024;

/// `redis.log`: all arguments after the level, separated by blanks.
fn log(args: &Arguments<'_>) -> Result<()> {
    if args.len() < 2 {
        return Err(raise::reply("redis.log() requires two arguments or more."));
    }
    let level = args.try_number(1).ok_or_else(|| raise::reply("First argument must be a number (log level)."))?;
    let level = level as i64;
    if !(0..=3).contains(&level) {
        return Err(raise::reply("Invalid log level."));
    }
    let mut line = Vec::new();
    for number in 2..=args.len() {
        if let Ok(text) = args.string(number) {
            if number > 2 {
                line.push(b' ');
            }
            let text = text.as_bytes();
            line.extend_from_slice(&text[..text.len().min(LOG_BYTES - line.len())]);
        }
        if line.len() == LOG_BYTES {
            break;
        }
    }
    host::push(&line);
    request(Ask::Log(level as u8))
}
