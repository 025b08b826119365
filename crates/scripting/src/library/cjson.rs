//! `cjson`: JSON to values and back. Decoding is in `decode.rs`, encoding in `encode.rs`. This file contains the
//! options, which an instance (`cjson`, or a result of `cjson.new()`) keeps between scripts.

mod decode;
mod encode;
mod number;

use super::put;
use crate::vm::arguments::Arguments;
use crate::vm::raise;
use mlua::{IntoLuaMulti, Lua, LuaString, Result, Table, Value};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The metatable field that marks a table as an array even if it is empty.
const ARRAY_MARK: &str = "__is_cjson_array";

/// How to treat a number that JSON cannot represent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Invalid {
    Refuse,
    Allow,
    Null,
}

/// The options of an instance.
#[derive(Clone, Debug)]
struct Options {
    sparse_convert: bool,
    sparse_ratio: i32,
    sparse_safe: i32,
    encode_depth: i32,
    decode_depth: i32,
    precision: i32,
    keep_buffer: bool,
    encode_invalid: Invalid,
    decode_invalid: bool,
    /// The metatable of decoded arrays, if configured.
    array_metatable: Option<Table>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sparse_convert: false,
            sparse_ratio: 2,
            sparse_safe: 10,
            encode_depth: 1000,
            decode_depth: 1000,
            precision: 14,
            keep_buffer: true,
            encode_invalid: Invalid::Refuse,
            decode_invalid: true,
            array_metatable: None,
        }
    }
}

type Shared = Rc<RefCell<Options>>;
/// Selects a number among the options.
type Setting = fn(&mut Options) -> &mut i32;

/// The library.
pub(crate) fn cjson(lua: &Lua) -> Result<Table> {
    let (library, options) = (lua.create_table()?, Shared::default());
    let mine = Rc::clone(&options);
    put(lua, &library, "encode", move |lua, args| {
        only(lua, &args)?;
        encode::encode(lua, &mine.borrow(), args.value(1))
    })?;
    let mine = Rc::clone(&options);
    put(lua, &library, "decode", move |lua, args| {
        only(lua, &args)?;
        let text = args.string(1)?;
        let text = text.as_bytes();
        decode::decode(lua, &mine.borrow(), &text)
    })?;
    depths(lua, &library, &options)?;
    choices(lua, &library, &options)?;
    put(lua, &library, "new", |lua, _| cjson(lua))?;
    library.raw_set("null", Value::NULL)?;
    library.raw_set("_NAME", "cjson")?;
    library.raw_set("_VERSION", "2.1.0")?;
    Ok(library)
}

/// Adds the functions for numeric options.
fn depths(lua: &Lua, library: &Table, options: &Shared) -> Result<()> {
    let numbers: [(&str, i32, Setting); 3] = [
        ("encode_max_depth", i32::MAX, |options| &mut options.encode_depth),
        ("decode_max_depth", i32::MAX, |options| &mut options.decode_depth),
        ("encode_number_precision", 14, |options| &mut options.precision),
    ];
    for (name, most, place) in numbers {
        let options = Rc::clone(options);
        put(lua, library, name, move |lua, args| {
            at_most(lua, &args, 1)?;
            number(lua, &args, 1, place(&mut options.borrow_mut()), 1..=most)
        })?;
    }
    Ok(())
}

/// Adds the functions for options that are words.
fn choices(lua: &Lua, library: &Table, options: &Shared) -> Result<()> {
    let mine = Rc::clone(options);
    put(lua, library, "encode_sparse_array", move |lua, args| {
        at_most(lua, &args, 3)?;
        let options = &mut *mine.borrow_mut();
        switch(lua, &args, &mut options.sparse_convert)?;
        number(lua, &args, 2, &mut options.sparse_ratio, 0..=i32::MAX)?;
        number(lua, &args, 3, &mut options.sparse_safe, 0..=i32::MAX)?;
        (options.sparse_convert, options.sparse_ratio, options.sparse_safe).into_lua_multi(lua)
    })?;
    let mine = Rc::clone(options);
    put(lua, library, "encode_keep_buffer", move |lua, args| {
        at_most(lua, &args, 1)?;
        switch(lua, &args, &mut mine.borrow_mut().keep_buffer)
    })?;
    let mine = Rc::clone(options);
    put(lua, library, "decode_invalid_numbers", move |lua, args| {
        at_most(lua, &args, 1)?;
        switch(lua, &args, &mut mine.borrow_mut().decode_invalid)
    })?;
    let mine = Rc::clone(options);
    put(lua, library, "encode_invalid_numbers", move |lua, args| {
        at_most(lua, &args, 1)?;
        let setting = &mut mine.borrow_mut().encode_invalid;
        if let Some(choice) = choice(lua, &args, &["off", "on", "null"])? {
            *setting = [Invalid::Refuse, Invalid::Allow, Invalid::Null][choice];
        }
        match setting {
            Invalid::Null => Ok(Value::String(lua.create_string("null")?)),
            other => Ok(Value::Boolean(*other == Invalid::Allow)),
        }
    })?;
    let mine = Rc::clone(options);
    put(lua, library, "decode_array_with_array_mt", move |lua, args| {
        at_most(lua, &args, 1)?;
        let options = &mut *mine.borrow_mut();
        let mut on = options.array_metatable.is_some();
        switch(lua, &args, &mut on)?;
        options.array_metatable = if on { Some(array_metatable(lua)?) } else { None };
        Ok(on)
    })
}

fn array_metatable(lua: &Lua) -> Result<Table> {
    let metatable = lua.create_table()?;
    metatable.raw_set(ARRAY_MARK, true)?;
    Ok(metatable)
}

fn only(lua: &Lua, args: &Arguments<'_>) -> Result<()> {
    if args.len() == 1 { Ok(()) } else { Err(raise::argument(lua, 1, "expected 1 argument")) }
}

fn at_most(lua: &Lua, args: &Arguments<'_>, most: usize) -> Result<()> {
    if args.len() > most {
        return Err(raise::argument(lua, most + 1, "found too many arguments"));
    }
    Ok(())
}

/// Sets a number if one is given; returns the setting.
fn number(lua: &Lua, args: &Arguments<'_>, at: usize, setting: &mut i32, allowed: RangeInclusive<i32>) -> Result<i32> {
    if !args.is_nil(at) {
        let value = args.int(at)? as i32;
        if !allowed.contains(&value) {
            let words = format!("expected integer between {} and {}", allowed.start(), allowed.end());
            return Err(raise::argument(lua, 1, &words));
        }
        *setting = value;
    }
    Ok(*setting)
}

/// Sets a switch from `on`, `off` or a boolean if one is given; returns the setting.
fn switch(lua: &Lua, args: &Arguments<'_>, setting: &mut bool) -> Result<bool> {
    if let Some(choice) = choice(lua, args, &["off", "on"])? {
        *setting = choice == 1;
    }
    Ok(*setting)
}

/// The index of the word that is the first argument, if one is given.
fn choice(lua: &Lua, args: &Arguments<'_>, words: &[&str]) -> Result<Option<usize>> {
    if args.is_nil(1) {
        return Ok(None);
    }
    if let Value::Boolean(on) = args.value(1) {
        return Ok(Some(usize::from(on)));
    }
    let word: LuaString = args.string(1)?;
    let word = word.as_bytes();
    let known = words.iter().position(|known| known.as_bytes() == &*word);
    let refusal = || raise::argument(lua, 1, format!("invalid option '{}'", String::from_utf8_lossy(&word)));
    known.map(Some).ok_or_else(refusal)
}

/// The maximum nesting. An open table takes up to three of the about 8,000 values that the bindings can hold; Lua's own
/// stack limit has a similar effect in other implementations.
const DEPTH_MAX: usize = 2_000;
