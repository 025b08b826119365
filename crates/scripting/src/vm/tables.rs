//! `rawget`, `rawset`, `getmetatable` and `setmetatable` for an environment with proxies: a proxy is read as its
//! contents, shows its declared metatable, and cannot be changed.

use super::arguments::{Arguments, number as as_number};
use super::raise;
use super::{READONLY, callback};
use mlua::{Function, Lua, MultiValue, Result, Table, Value};

/// Adds the functions to `host`, given the contents and metatables of the proxies.
pub(super) fn add(lua: &Lua, host: &Table) -> Result<()> {
    let strings = lua.create_table()?;
    let shown = strings.clone();
    let set = callback(lua, move |_, metatable: Table| shown.raw_set(1, metatable))?;
    host.raw_set("string_metatable", set)?;
    let original: Function = lua.globals().raw_get("getmetatable")?;
    let make = callback(lua, move |lua, (contents, metatables): (Table, Table)| {
        let inside = contents.clone();
        let rawget = callback(lua, move |lua, values: MultiValue| rawget(lua, &inside, values))?;
        let inside = contents.clone();
        let rawset = callback(lua, move |lua, values: MultiValue| rawset(lua, &inside, values))?;
        let (original, strings) = (original.clone(), strings.clone());
        let get = move |lua: &Lua, values: MultiValue| getmetatable(lua, &metatables, &strings, &original, values);
        let get = callback(lua, get)?;
        let set = callback(lua, move |lua, values: MultiValue| setmetatable(lua, &contents, values))?;
        Ok((rawget, rawset, get, set))
    })?;
    host.raw_set("tables", make)
}

/// The first argument, which must be a table.
pub(super) fn table(args: &Arguments<'_>) -> Result<Table> {
    match args.value(1) {
        Value::Table(table) => Ok(table),
        _ => Err(args.wrong_type(1, "table")),
    }
}

/// Performs the argument checks of `table.insert` and `table.remove`: they take a table, and a number if there is a
/// second argument.
pub(super) fn list_first(args: &Arguments<'_>) -> Result<()> {
    table(args)?;
    if args.is_nil(2) && args.len() < 3 { Ok(()) } else { args.number(2).map(drop) }
}

/// Performs the argument checks of functions that take a table and a function.
pub(super) fn list_and_function(args: &Arguments<'_>) -> Result<()> {
    table(args)?;
    if matches!(args.value(2), Value::Function(_)) { Ok(()) } else { Err(args.wrong_type(2, "function")) }
}

/// The arguments of `unpack` after the table, as C takes them.
pub(super) fn range(args: &Arguments<'_>) -> Result<(f64, Option<f64>)> {
    table(args)?;
    let first = if args.is_nil(2) { 1 } else { args.int32(2)? };
    let last = if args.is_nil(3) { None } else { Some(f64::from(args.int32(3)?)) };
    Ok((f64::from(first), last))
}

fn rawget(lua: &Lua, contents: &Table, values: MultiValue) -> Result<Value> {
    let args = Arguments::new(lua, values);
    let list = table(&args)?;
    if args.len() < 2 {
        return Err(raise::argument(lua, 2, "value expected"));
    }
    let content: Option<Table> = contents.raw_get(&list)?;
    content.unwrap_or(list).raw_get(args.value(2))
}

fn rawset(lua: &Lua, contents: &Table, values: MultiValue) -> Result<Table> {
    let args = Arguments::new(lua, values);
    let list = table(&args)?;
    if let Some(number) = (2..=3).find(|number| args.len() < *number) {
        return Err(raise::argument(lua, number, "value expected"));
    }
    if contents.contains_key(&list)? {
        return Err(raise::plain(READONLY));
    }
    let key = args.value(2);
    if key.is_nil() {
        return Err(raise::plain("table index is nil"));
    }
    if as_number(&key).is_some_and(f64::is_nan) {
        return Err(raise::plain("table index is NaN"));
    }
    list.raw_set(key, args.value(3))?;
    Ok(list)
}

fn getmetatable(
    lua: &Lua,
    metatables: &Table,
    strings: &Table,
    original: &Function,
    values: MultiValue,
) -> Result<Value> {
    let args = Arguments::new(lua, values);
    if args.len() == 0 {
        return Err(raise::argument(lua, 1, "value expected"));
    }
    match args.value(1) {
        Value::String(_) => strings.raw_get(1),
        Value::Table(list) => match metatables.raw_get(&list)? {
            Value::Nil => Ok(match list.metatable() {
                // A table may show another value instead of its metatable.
                Some(metatable) => match metatable.raw_get("__metatable")? {
                    Value::Nil => Value::Table(metatable),
                    shown => shown,
                },
                None => Value::Nil,
            }),
            Value::Boolean(_) => Ok(Value::Nil),
            shown => Ok(shown),
        },
        other => original.call(other),
    }
}

fn setmetatable(lua: &Lua, contents: &Table, values: MultiValue) -> Result<Table> {
    let args = Arguments::new(lua, values);
    let list = table(&args)?;
    let metatable = match args.value(2) {
        Value::Nil if args.len() > 1 => None,
        Value::Table(metatable) => Some(metatable),
        _ => return Err(raise::argument(lua, 2, "nil or table expected")),
    };
    let current = list.metatable();
    if current.is_some_and(|current| current.contains_key("__metatable").unwrap_or(true))
        && !contents.contains_key(&list)?
    {
        return Err(raise::text(lua, "cannot change a protected metatable"));
    }
    if contents.contains_key(&list)? {
        return Err(raise::plain(READONLY));
    }
    list.set_metatable(metatable)?;
    Ok(list)
}
