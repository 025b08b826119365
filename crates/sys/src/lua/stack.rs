//! Arguments that are read in place on Lua's stack.
//!
//! The bindings create a reference for each argument on a stack of their own, and lend its bytes through a counter on
//! the heap. For an argument that is only read, that is most of the cost of a call.

use mlua::state::RawLua;
use mlua::{FromLuaMulti, Lua, MultiValue, Result, Value, ffi};
use std::ffi::c_int;
use std::marker::PhantomData;
use std::slice;

/// An argument, as far as it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen<'s> {
    /// A string.
    Text(&'s [u8]),
    /// A number.
    Number(f64),
    /// Anything else.
    Other,
}

/// Reads the arguments of a function, one after the other. It must not use the interpreter.
pub trait Look {
    /// The next argument.
    fn look(argument: Seen<'_>);
}

/// The arguments of a function that Lua calls, after `L` has read them.
#[derive(Debug)]
pub struct Looked<L> {
    count: usize,
    look: PhantomData<fn(L)>,
}

impl<L> Looked<L> {
    /// The number of arguments.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    fn new(count: usize) -> Self {
        Self { count, look: PhantomData }
    }
}

impl<L: Look> FromLuaMulti for Looked<L> {
    fn from_lua_multi(values: MultiValue, _: &Lua) -> Result<Self> {
        for value in &values {
            match value {
                Value::String(text) => L::look(Seen::Text(&text.as_bytes())),
                Value::Integer(int) => L::look(Seen::Number(*int as f64)),
                Value::Number(number) => L::look(Seen::Number(*number)),
                _ => L::look(Seen::Other),
            }
        }
        Ok(Self::new(values.len()))
    }

    #[inline]
    unsafe fn from_stack_multi(count: c_int, lua: &RawLua) -> Result<Self> {
        let state = lua.state();
        for place in -count..0 {
            // SAFETY: the bindings guarantee that the uppermost `count` values are the arguments.
            match unsafe { ffi::lua_type(state, place) } {
                ffi::LUA_TSTRING => {
                    let mut length = 0;
                    // SAFETY: the value is a string already, so nothing is created or raised; its bytes exist while it
                    // is on the stack, which `look` does not change.
                    let text = unsafe {
                        let text = ffi::lua_tolstring(state, place, &raw mut length);
                        slice::from_raw_parts(text.cast(), length)
                    };
                    L::look(Seen::Text(text));
                }
                // SAFETY: the index is that of an argument.
                ffi::LUA_TNUMBER => L::look(Seen::Number(unsafe { ffi::lua_tonumber(state, place) })),
                _ => L::look(Seen::Other),
            }
        }
        Ok(Self::new(count.unsigned_abs() as usize))
    }
}
