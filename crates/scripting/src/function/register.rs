//! `redis.register_function`: how a library declares its functions while it is loaded.

use super::raise;
use crate::shebang;
use crate::vm::arguments::Arguments;
use crate::vm::callback;
use crate::vm::{Declared, Loading, loading_api};
use mlua::{Lua, MultiValue, Result, Table, Value};
use redstart_command::scripts::ScriptFlags;
use std::rc::Rc;

/// The table `redis` that a library sees while it is loaded.
pub(crate) fn table(lua: &Lua, loading: &Loading) -> Result<Table> {
    let redis = lua.create_table()?;
    let loading = Rc::clone(loading);
    let register = callback(lua, move |lua, values: MultiValue| register(&loading, &Arguments::new(lua, values)))?;
    redis.raw_set("register_function", register)?;
    loading_api(lua, &redis)?;
    Ok(redis)
}

fn register(loading: &Loading, args: &Arguments<'_>) -> Result<()> {
    let mut loading = loading.borrow_mut();
    let Some(declared) = loading.as_mut() else {
        return Err(raise::reply("redis.register_function can only be called on FUNCTION LOAD command"));
    };
    let one = match args.len() {
        1 => named(args)?,
        2 => positional(args)?,
        _ => return Err(raise::reply("wrong number of arguments to redis.register_function")),
    };
    if !shebang::is_name(&one.name) {
        return Err(raise::reply(shebang::BAD_NAME));
    }
    if declared.iter().any(|other| other.name == one.name) {
        return Err(raise::reply("Function already exists in the library"));
    }
    declared.push(one);
    Ok(())
}

fn positional(args: &Arguments<'_>) -> Result<Declared> {
    let name =
        args.string(1).map_err(|_| raise::reply("first argument to redis.register_function must be a string"))?;
    let Value::Function(callback) = args.value(2) else {
        return Err(raise::reply("second argument to redis.register_function must be a function"));
    };
    Ok(Declared { name: name.as_bytes().to_vec(), description: None, flags: ScriptFlags::default(), callback })
}

/// Reads a table of named arguments.
fn named(args: &Arguments<'_>) -> Result<Declared> {
    let Value::Table(table) = args.value(1) else {
        return Err(raise::reply(
            "calling redis.register_function with a single argument is only applicable to Lua table (representing named \
             arguments).",
        ));
    };
    let (mut name, mut description, mut callback, mut flags) = (None, None, None, ScriptFlags::default());
    for pair in table.pairs::<Value, Value>() {
        let (key, value) = pair?;
        let key = text(&key)
            .ok_or_else(|| raise::reply("named argument key given to redis.register_function is not a string"))?;
        let text = || text(&value);
        let wrong =
            |what: &str| raise::reply(&format!("{what} argument given to redis.register_function must be a string"));
        match key.to_ascii_lowercase().as_slice() {
            b"function_name" => name = Some(text().ok_or_else(|| wrong("function_name"))?),
            b"description" => description = Some(text().ok_or_else(|| wrong("description"))?),
            b"callback" => match value {
                Value::Function(function) => callback = Some(function),
                _ => {
                    let words = "callback argument given to redis.register_function must be a function";
                    return Err(raise::reply(words));
                }
            },
            b"flags" => flags = read_flags(&value)?,
            _ => return Err(raise::reply("unknown argument given to redis.register_function")),
        }
    }
    let name = name.ok_or_else(|| raise::reply("redis.register_function must get a function name argument"))?;
    let callback = callback.ok_or_else(|| raise::reply("redis.register_function must get a callback argument"))?;
    Ok(Declared { name, description, flags, callback })
}

/// The bytes of a string, or of a number in text form.
fn text(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(string) => Some(string.as_bytes().to_vec()),
        Value::Integer(_) | Value::Number(_) => value.to_string().ok().map(String::into_bytes),
        _ => None,
    }
}

fn read_flags(value: &Value) -> Result<ScriptFlags> {
    let Value::Table(list) = value else {
        let words = "flags argument to redis.register_function must be a table representing function flags";
        return Err(raise::reply(words));
    };
    let mut flags = ScriptFlags::default();
    for at in 1.. {
        let value: Value = list.get(at)?;
        if value.is_nil() {
            break;
        }
        let flag = text(&value).and_then(|name| shebang::flag(&name, true));
        flags = flags.with(flag.ok_or_else(|| raise::reply("unknown flag given"))?);
    }
    Ok(flags)
}
