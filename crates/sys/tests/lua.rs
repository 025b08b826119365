//! Interpreters are refused memory beyond their limit, to the byte, and asked in time whether the script has to end.
#![cfg(feature = "lua")]

use mlua::{FromLuaMulti, IntoLuaMulti, Lua};
use redstart_sys::lua::{Look, Looked, Memory, Refused, Seen, relaxed};
use std::cell::{Cell, RefCell};

const KB: usize = 1024;
const MB: usize = 1024 * KB;

thread_local! {
    static LOOKS: Cell<usize> = const { Cell::new(0) };
    static MOST_LOOKS: Cell<usize> = const { Cell::new(usize::MAX) };
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn look() -> bool {
    LOOKS.set(LOOKS.get() + 1);
    LOOKS.get() > MOST_LOOKS.get()
}

/// An interpreter, and what becomes of it in `test`.
fn with_interpreter(test: impl FnOnce(&Lua, &Memory)) {
    let lua = Lua::new();
    // The collector comes by itself from now on.
    lua.gc_collect().expect("there is memory");
    let memory = Memory::take_over(&lua, look).expect("there is memory");
    test(&lua, &memory);
    memory.give_back(&lua);
}

/// Keeps strings of so many bytes until there is no memory, or so many are kept; how many are.
fn fill(lua: &Lua, memory: &Memory, limit: usize, bytes: usize, most: usize) -> usize {
    let script = lua.load("local bytes, most = ... count, kept = 0, {} while count < most do kept[count] = string.rep(count .. 'x', bytes) count = count + 1 end");
    let script = script.into_function().expect("it is Lua");
    let _ = memory.run(limit, || script.call::<()>((bytes, most)));
    lua.globals().get("count").expect("the script has counted")
}

#[test]
fn the_limit_holds() {
    with_interpreter(|lua, memory| {
        for left in [200 * KB, 3 * MB, 300 * KB] {
            let _ = lua.globals().set("kept", mlua::Nil);
            lua.gc_collect().expect("there is memory");
            let limit = memory.used() + left;
            fill(lua, memory, limit, 100, usize::MAX);
            assert_eq!(memory.refused(), Some(Refused::Limit));
            assert!(memory.used() <= limit, "{} of {limit}", memory.used());
            assert!(memory.used() > limit - left / 2, "{} of {limit}", memory.used());
        }
    });
}

#[test]
fn what_was_not_refused_counts_too() {
    with_interpreter(|lua, memory| {
        let take = lua.create_function(|lua, ()| relaxed(|| lua.create_string(vec![b'x'; 900 * KB])));
        lua.globals().set("take", take.expect("there is memory")).expect("there is memory");
        let limit = memory.used() + MB;
        let script = lua.load(
            "first = {} for at = 1, 100 do first[at] = 'x' .. at end large = take() more = string.rep('y', 200000)",
        );
        let script = script.into_function().expect("it is Lua");
        assert!(memory.run(limit, || script.call::<()>(())).is_err());
        assert_eq!(memory.refused(), Some(Refused::Limit));
        assert!(memory.used() > limit - 200 * KB && memory.used() <= limit, "{} of {limit}", memory.used());
    });
}

#[test]
fn a_lower_limit_holds_at_once() {
    with_interpreter(|lua, memory| {
        assert_eq!(fill(lua, memory, 0, 100, 10), 10);
        assert_eq!(fill(lua, memory, 1, 100, 10), 10, "what it has is not taken away");
        assert_eq!(fill(lua, memory, memory.used() + 20 * KB, 30 * KB, 10), 0);
        assert_eq!(memory.refused(), Some(Refused::Limit));
    });
}

#[test]
fn scripts_are_looked_at_and_end() {
    with_interpreter(|lua, memory| {
        LOOKS.set(0);
        MOST_LOOKS.set(usize::MAX);
        // 64 MB of text, and as much again to put it together, of which almost nothing stays.
        let script = "for _ = 1, 640 do count = (count or 1000) + 1 local _ = string.rep(count, 25 * 1024) end";
        assert!(memory.run(0, || lua.load(script).exec()).is_ok());
        assert!((3..=20).contains(&LOOKS.get()), "{} looks", LOOKS.get());
        assert!(memory.used() < 16 * MB, "{} in use", memory.used());
        MOST_LOOKS.set(LOOKS.get());
        assert!(memory.run(0, || lua.load(script).exec()).is_err());
        assert_eq!(memory.refused(), None);
        MOST_LOOKS.set(usize::MAX);
    });
}

struct Noted;

impl Look for Noted {
    fn look(argument: Seen<'_>) {
        SEEN.with_borrow_mut(|seen| seen.push(format!("{argument:?}")));
    }
}

#[test]
fn arguments_are_seen_where_they_stand_or_as_values() {
    let lua = Lua::new();
    let count = lua.create_function(|_, args: Looked<Noted>| Ok(args.count())).expect("there is memory");
    let script = lua.load("local count = ... return count(), count('', 'a\\0b', 12, 0.5, nil, true, {}, '7')");
    assert_eq!(script.call::<(usize, usize)>(count).expect("it is Lua"), (0, 8));
    let seen = SEEN.take();
    let expected =
        ["Text([])", "Text([97, 0, 98])", "Number(12.0)", "Number(0.5)", "Other", "Other", "Other", "Text([55])"];
    assert_eq!(seen, expected);
    let table = lua.create_table().expect("there is memory");
    let values = ("", "a\0b", 12, 0.5, mlua::Nil, true, table, "7").into_lua_multi(&lua).expect("there is memory");
    assert_eq!(Looked::<Noted>::from_lua_multi(values, &lua).expect("nothing is refused").count(), 8);
    assert_eq!(SEEN.take(), expected);
}
