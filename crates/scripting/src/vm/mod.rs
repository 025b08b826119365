//! The interpreters: per thread one for scripts and one for functions, created when first needed.
//!
//! ```text
//!   runner ── lend(closure) ── xpcall(script, handler) ──> redis.call ── host::ask ──> closure ──> command
//!          └ error ──> handler records the message and the place
//! ```
//! Lua's calls are protected by `xpcall` inside Lua rather than by the bindings, which would convert every error to a
//! text with a traceback.

mod answer;
mod api;
pub(crate) mod arguments;
pub(crate) mod host;
pub(crate) mod memory;
pub(crate) mod pace;
pub(crate) mod raise;
mod random;
mod reply;
mod tables;

pub(crate) use answer::{Answer, ROOM};

use crate::library::{self, put};
use answer::{Fields, error_of};
use bstr::ByteSlice;
use mlua::state::{GcIncParams, GcMode};
use mlua::{FromLuaMulti, Function, IntoLuaMulti, Lua, LuaOptions, MultiValue, Result, StdLib, Table, Value};
use pace::Pace;
use random::Random;
use redstart_command::Shared;
use redstart_command::scripts::{Kind, Scripts};
use redstart_sys::lua::{Memory, Refused, relaxed};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The collector performs an extra step after this many runs, as in Redis.
const COLLECT_RUNS: u32 = 50;

/// An interpreter larger than this starts a round of the collector when it has grown by a twentieth since the last
/// round, and the round ends before it grows much more. Smaller interpreters start a round when they have doubled,
/// which costs scripts less.
const LARGE_BYTES: usize = 2 * 1024 * 1024;
/// Percentages of the memory in use after a round, and of the memory allocated meanwhile.
const FRUGAL: Collector = Collector { pause: 105, step_multiplier: 400 };
const ORDINARY: Collector = Collector { pause: 200, step_multiplier: 200 };

/// A run that leaves this much more than twice the live bytes is followed by a full round.
const GARBAGE_BYTES: usize = 4 * 1024 * 1024;
/// A change of at least this many bytes is reported after the run, a smaller one at the collector's next step.
const REPORT_BYTES: u64 = 64 * 1024;

/// The parameters of Lua's collector: when a round starts, and how fast it proceeds.
struct Collector {
    pause: i32,
    step_multiplier: i32,
}

/// Why a run ended early.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The error message, error code first.
    pub(crate) words: Vec<u8>,
    /// The source and the line that raised it.
    pub(crate) place: Option<(Vec<u8>, i64)>,
    /// It was already counted.
    pub(crate) counted: bool,
    /// The script was forced to end, see [`raise::Raise::Stop`].
    pub(crate) stopped: bool,
}

/// A function that `redis.register_function` declared.
pub(crate) struct Declared {
    pub(crate) name: Vec<u8>,
    pub(crate) description: Option<Vec<u8>>,
    pub(crate) flags: redstart_command::scripts::ScriptFlags,
    pub(crate) callback: Function,
}

/// The functions that the library being loaded has declared so far; `None` if no library is being loaded.
pub(crate) type Loading = Rc<RefCell<Option<Vec<Declared>>>>;

/// The allocator of numbers: the last new one, and the free ones.
#[derive(Debug, Default)]
struct Numbers {
    last: u32,
    free: Vec<u32>,
}

/// A function that an interpreter keeps until this is dropped.
#[derive(Debug)]
pub(crate) struct Kept {
    number: u32,
    numbers: Rc<RefCell<Numbers>>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.numbers.borrow_mut().free.push(self.number);
    }
}

/// A Lua interpreter with the environment of scripts.
pub(crate) struct Vm {
    pub(crate) lua: Lua,
    kind: Kind,
    /// The id of the scripts of its engine.
    engine: u64,
    flushes: u64,
    /// The globals that scripts see.
    globals: Table,
    /// The metatable whose `__index` is the table that scripts read.
    way: Table,
    while_loading: Table,
    pub(crate) loading: Loading,
    protected: Function,
    handler: Function,
    /// Stores a callback and its arguments, for `prepared` to call.
    prepare: Function,
    prepared: Function,
    failure: Rc<RefCell<Option<Failure>>>,
    pub(crate) fields: Fields,
    /// The kept functions, by number: the bindings can hold only a few thousand values.
    kept: Table,
    numbers: Rc<RefCell<Numbers>>,
    pace: Rc<Pace>,
    memory: Memory,
    /// The memory limit in bytes (`lua-memory-limit`).
    pub(crate) limit: Cell<usize>,
    /// Bytes in use after the last full round of the collector.
    live_bytes: Cell<usize>,
    runs: Cell<u32>,
    /// The collector starts its rounds early.
    frugal: Cell<bool>,
    /// The last reported number of bytes in use.
    reported_bytes: Cell<i64>,
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vm").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Vm {
    /// An interpreter without compiled code.
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn new(kind: Kind, shared: &Shared) -> Result<Self> {
        let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::OS;
        let lua = Lua::new_with(libraries, LuaOptions::default())?;
        let loading = Loading::default();
        let legacy = shared.config.get(redstart_command::config::ids::LUA_ENABLE_DEPRECATED_API);
        let world = world(&lua, kind, shared, legacy, &loading)?;
        lua.set_globals(world.world.clone())?;
        let pace = Pace::install(&lua)?;
        let failure = Rc::new(RefCell::new(None));
        let (noted, fields) = (Rc::clone(&failure), Fields::new(&lua)?);
        let handler_fields = Fields::new(&lua)?;
        let handler = callback(&lua, move |lua, value: Value| {
            let failure = describe(lua, &handler_fields, value);
            *noted.borrow_mut() = Some(failure);
            Ok(())
        })?;
        let kept = lua.create_table()?;
        lua.gc_collect()?;
        let memory = Memory::take_over(&lua, pace::has_to_end)?;
        Ok(Self {
            kind,
            engine: shared.scripts.id(),
            flushes: shared.scripts.flushes(kind),
            globals: world.globals,
            way: world.way,
            while_loading: world.while_loading,
            loading,
            protected: world.protected,
            handler,
            prepare: world.prepare,
            prepared: world.prepared,
            failure,
            fields,
            kept,
            numbers: Rc::default(),
            pace,
            limit: Cell::new(0),
            live_bytes: Cell::new(memory.used()),
            memory,
            runs: Cell::new(0),
            frugal: Cell::new(false),
            reported_bytes: Cell::new(0),
            lua,
        })
    }

    /// Whether this interpreter is still valid for these scripts.
    #[inline]
    pub(crate) fn serves(&self, scripts: &Scripts) -> bool {
        self.engine == scripts.id() && self.flushes == scripts.flushes(self.kind)
    }

    /// Compiles a source under a name such as `@user_script`.
    ///
    /// # Errors
    /// Lua's error message.
    pub(crate) fn compile(&self, source: &[u8], name: &str) -> std::result::Result<Function, String> {
        // A precompiled chunk is read as text, and therefore refused.
        let guarded;
        let source = if source.first() == Some(&27) {
            guarded = [b" ", source].concat();
            &guarded
        } else {
            source
        };
        // The compiler holds a string that the collector does not see.
        self.lua.gc_stop();
        let compiled = self.lua.load(source).set_name(name).set_mode(mlua::chunk::ChunkMode::Text).into_function();
        self.lua.gc_restart();
        compiled.map_err(|error| match error {
            mlua::Error::SyntaxError { message, .. } => message,
            other => other.to_string(),
        })
    }

    /// Keeps a function.
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn keep(&self, function: Function) -> Result<Kept> {
        let mut numbers = self.numbers.borrow_mut();
        let number = numbers.free.pop().unwrap_or_else(|| {
            numbers.last += 1;
            numbers.last
        });
        // An earlier function with this number is released here, or in [`Vm::clear_up`].
        self.kept.raw_seti(number as usize, function)?;
        Ok(Kept { number, numbers: Rc::clone(&self.numbers) })
    }

    /// Returns a kept function.
    ///
    /// # Errors
    /// No known error: the function is there.
    pub(crate) fn kept(&self, kept: &Kept) -> Result<Function> {
        self.kept.raw_get(kept.number)
    }

    /// Releases functions that are no longer kept.
    pub(crate) fn clear_up(&self) {
        let numbers = self.numbers.borrow();
        // Clearing an entry allocates no memory.
        let _ = numbers.free.iter().try_for_each(|number| self.kept.raw_seti(*number as usize, Value::Nil));
        let _ = self.lua.gc_collect();
    }

    /// Sets the `KEYS` and `ARGV` of scripts.
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn set_arguments<'a>(
        &self,
        keys: impl Iterator<Item = &'a [u8]>,
        args: impl Iterator<Item = &'a [u8]>,
    ) -> Result<()> {
        self.globals.raw_set("KEYS", self.list(keys)?)?;
        self.globals.raw_set("ARGV", self.list(args)?)
    }

    /// A list of strings.
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn list<'a>(&self, items: impl Iterator<Item = &'a [u8]>) -> Result<Table> {
        self.lua.create_sequence_from(items.map(ByteSlice::as_bstr))
    }

    /// Runs a function without arguments; returns its first result.
    pub(crate) fn run(&self, function: &Function) -> std::result::Result<Value, Failure> {
        self.failure.borrow_mut().take();
        host::begin();
        let call = || self.protected.call::<(bool, Value)>((function, &self.handler));
        let result = self.pace.begin(&self.lua).and_then(|()| self.memory.run(self.limit.get(), call));
        let failed = |value: Value| {
            let noted = self.failure.borrow_mut().take();
            let failure = noted.unwrap_or_else(|| describe(&self.lua, &self.fields, value));
            self.with_cause(failure)
        };
        match result {
            Ok((true, value)) if host::stopped() => Err(Failure { stopped: true, ..failed(value) }),
            Ok((true, value)) => Ok(value),
            Ok((false, value)) => Err(failed(value)),
            Err(error) => Err(failed(Value::Error(Box::new(error)))),
        }
    }

    /// The message of an error.
    pub(crate) fn words_of(&self, error: mlua::Error) -> Vec<u8> {
        describe(&self.lua, &self.fields, Value::Error(Box::new(error))).words
    }

    /// Adds the limit to an error message if the limit caused the lack of memory.
    fn with_cause(&self, mut failure: Failure) -> Failure {
        if self.memory.refused() == Some(Refused::Limit) && failure.words.ends_with(memory::NOT_ENOUGH.as_bytes()) {
            failure.words.extend_from_slice(b": the script exceeded lua-memory-limit");
        }
        failure
    }

    /// Prepares a callback with its keys and arguments for [`Vm::run_prepared`].
    ///
    /// # Errors
    /// There is no memory.
    pub(crate) fn prepare(&self, callback: &Function, keys: Table, args: Table) -> Result<()> {
        self.prepare.call((callback, keys, args))
    }

    /// Runs the prepared callback; returns its first result.
    pub(crate) fn run_prepared(&self) -> std::result::Result<Value, Failure> {
        self.run(&self.prepared)
    }

    /// Runs a function with only the environment of a library that is being loaded.
    pub(crate) fn run_loading(&self, function: &Function) -> std::result::Result<(), Failure> {
        let all = self.way.raw_get::<Table>("__index");
        let put = |table: &Table| self.way.raw_set("__index", table);
        let result = match put(&self.while_loading) {
            Ok(()) => self.run(function).map(drop),
            Err(error) => Err(describe(&self.lua, &self.fields, Value::Error(Box::new(error)))),
        };
        // The same table as before: no memory is needed.
        let _ = all.and_then(|all| put(&all));
        result
    }

    /// Called after a run: collects the garbage of a large script, periodically advances the collector, and reports the
    /// memory in use.
    pub(crate) fn rest(&self, scripts: &Scripts) {
        let used = self.memory.used();
        if self.memory.refused().is_some() || used > 2 * self.live_bytes.get() + GARBAGE_BYTES {
            self.collect();
            return self.report_memory(scripts);
        }
        let runs = self.runs.get() + 1;
        self.runs.set(runs % COLLECT_RUNS);
        if runs >= COLLECT_RUNS {
            self.step(scripts);
        } else if self.reported_bytes.get().abs_diff(used as i64) >= REPORT_BYTES {
            self.report_memory(scripts);
        }
    }

    /// Advances the collector, and reports the memory in use. Also called after each compilation, which leaves much
    /// more garbage than a run.
    pub(crate) fn step(&self, scripts: &Scripts) {
        // A step that runs out of memory changes nothing.
        let _ = self.lua.gc_step();
        self.set_pace_of_collector();
        self.report_memory(scripts);
    }

    /// Performs a full round of the collector, which a script may have stopped.
    fn collect(&self) {
        self.lua.gc_restart();
        // A round that runs out of memory leaves the rest uncollected.
        let _ = self.lua.gc_collect();
        self.live_bytes.set(self.memory.used());
        self.set_pace_of_collector();
    }

    fn set_pace_of_collector(&self) {
        let large = self.memory.used() > LARGE_BYTES;
        if self.frugal.replace(large) != large {
            let pace = if large { FRUGAL } else { ORDINARY };
            let params = GcIncParams::default().pause(pace.pause).step_multiplier(pace.step_multiplier);
            self.lua.gc_set_mode(GcMode::Incremental(params));
        }
    }

    /// Reports the memory in use.
    pub(crate) fn report_memory(&self, scripts: &Scripts) {
        if self.serves(scripts) {
            let bytes = self.memory.used() as i64;
            scripts.interpreter_grew(self.kind, bytes - self.reported_bytes.replace(bytes));
        }
    }

    /// Subtracts the reported memory before the interpreter is dropped.
    pub(crate) fn retire(&self, scripts: &Scripts) {
        // A flush has reset all earlier reports.
        if self.serves(scripts) {
            scripts.interpreter_grew(self.kind, -self.reported_bytes.replace(0));
        }
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        self.memory.give_back(&self.lua);
    }
}

/// The parts from which [`Vm::new`] builds the interpreter.
struct World {
    world: Table,
    globals: Table,
    way: Table,
    while_loading: Table,
    protected: Function,
    prepare: Function,
    prepared: Function,
}

/// Creates the environment of scripts, see `sandbox.lua`.
fn world(lua: &Lua, kind: Kind, shared: &Shared, legacy: bool, loading: &Loading) -> Result<World> {
    let protected: Function = lua.globals().raw_get("xpcall")?;
    let host = lua.create_table()?;
    host.raw_set("caught", callback(lua, raise::caught)?)?;
    host.raw_set("refuse", callback(lua, refuse)?)?;
    host.raw_set("standing", callback(lua, standing)?)?;
    host.raw_set("missing", callback(lua, missing)?)?;
    tables::add(lua, &host)?;
    host.raw_set(
        "stopped",
        callback(lua, |_, ()| if host::stopped() { Err(raise::Raise::Stop.into()) } else { Ok(()) })?,
    )?;
    let random = Rc::new(Random::new(shared.random() as i32));
    let same = Rc::clone(&random);
    put(lua, &host, "random", move |lua, args| random::random(lua, &random, &args))?;
    put(lua, &host, "randomseed", move |_, args| random::seed(&same, &args))?;
    put(lua, &host, "int32", |_, args| args.int32(1))?;
    put(lua, &host, "list_only", |_, args| tables::table(&args).map(drop))?;
    put(lua, &host, "list_first", |_, args| tables::list_first(&args))?;
    put(lua, &host, "list_and_function", |_, args| tables::list_and_function(&args))?;
    put(lua, &host, "range", |_, args| tables::range(&args))?;
    put(lua, &host, "is_native", |_, args| Ok(is_native(&args.value(1))))?;
    library::text::add(lua, &host)?;
    host.raw_set("register", crate::function::register::table(lua, loading)?)?;
    let libraries = lua.create_table()?;
    let redis = api::running(lua, kind)?;
    libraries.raw_set("redis", &redis)?;
    let server = lua.create_table()?;
    redis.for_each(|name: Value, value: Value| server.raw_set(name, value))?;
    api::name(&server)?;
    libraries.raw_set("server", server)?;
    libraries.raw_set("bit", library::bit(lua)?)?;
    libraries.raw_set("cjson", library::cjson(lua)?)?;
    libraries.raw_set("cmsgpack", library::cmsgpack(lua)?)?;
    libraries.raw_set("struct", library::packing(lua)?)?;
    let sandbox = lua.load(include_str!("sandbox.lua")).set_name("=sandbox").into_function()?;
    let (world, globals, way, while_loading, prepare, prepared) = sandbox.call((host, libraries, legacy))?;
    Ok(World { world, globals, way, while_loading, protected, prepare, prepared })
}

/// Fills the table `redis` that a library sees while it is loaded.
pub(crate) fn loading_api(lua: &Lua, redis: &Table) -> Result<()> {
    api::common(lua, redis)
}

/// Creates a function that Lua calls. Lua's allocations inside it are not refused, since that error would unwind past
/// it. Returning the results must allocate nothing: only numbers, booleans and Lua values are allowed.
pub(crate) fn callback<A: FromLuaMulti, R: IntoLuaMulti>(
    lua: &Lua,
    function: impl Fn(&Lua, A) -> Result<R> + 'static,
) -> Result<Function> {
    lua.create_function(move |lua, args: A| relaxed(|| function(lua, args)))
}

/// Whether a value is a function not written in Lua: no hook interrupts it.
fn is_native(value: &Value) -> bool {
    matches!(value, Value::Function(function) if function.info().what == "C")
}

fn refuse(lua: &Lua, _: MultiValue) -> Result<()> {
    Err(raise::text(lua, READONLY))
}

fn standing(_: &Lua, _: MultiValue) -> Result<()> {
    Err(raise::plain(READONLY))
}

/// The error for changing a shared table.
const READONLY: &str = "Attempt to modify a readonly table";

fn missing(lua: &Lua, (_, name): (Value, Value)) -> Result<()> {
    let Ok(Some(name)) = lua.coerce_string(name) else {
        return Err(raise::text(lua, "Second argument to luaProtectedTableError must be a string or number"));
    };
    let words = [b"Script attempted to access nonexistent global variable '", &*name.as_bytes(), b"'"].concat();
    Err(raise::text(lua, words))
}

/// The message of an error, and its place: the function that raised it, or the caller of that if it is not a Lua
/// function.
fn describe(lua: &Lua, fields: &Fields, value: Value) -> Failure {
    let at = |level| {
        let seen = lua.inspect_stack(level, |function| {
            let source = function.source();
            let line = function.current_line().map_or(-1, |line| line as i64);
            (source.what.to_owned(), source.source.map(|source| source.as_bytes().to_vec()), line)
        });
        // Functions of the sandbox replace those of Lua's functions that are not written in Lua.
        seen.filter(|(what, source, _)| what != "tail" && source.as_deref() != Some(b"=sandbox"))
    };
    let in_sandbox = matches!(&value, Value::String(text) if raise::strip_sandbox(&text.as_bytes()).is_some());
    let seen = match at(1) {
        Some((what, source, line)) if what != "C" => Some((source, line)),
        // After a tail call of a sandbox function, the script's own function is no longer on the stack.
        _ => {
            (2..6).find_map(at).filter(|(what, ..)| !in_sandbox || what != "C").map(|(_, source, line)| (source, line))
        }
    };
    let mut place = seen.and_then(|(source, line)| Some((source?, line)));
    let Ok(value) = raise::caught(lua, value) else {
        return Failure { words: b"ERR the script was stopped".to_vec(), place, counted: true, stopped: true };
    };
    let mut counted = false;
    let words = match &value {
        Value::Table(table) => {
            // A table that was already an error keeps its place.
            let text = |name: &str| table.get::<Value>(name).ok();
            counted = matches!(text("ignore_error_stats_update"), Some(Value::Boolean(true)));
            if place.is_none() {
                place = text("source")
                    .zip(text("line"))
                    .and_then(|(source, line)| Some((source.as_string()?.as_bytes().to_vec(), line.as_i64()?)));
            }
            let words = error_of(fields, table).ok().flatten();
            words.or_else(|| match text("err") {
                Some(Value::Integer(_) | Value::Number(_)) => {
                    text("err").and_then(|number| number.to_string().ok()).map(String::into_bytes)
                }
                _ => None,
            })
        }
        other => {
            let text = lua.coerce_string(other.clone()).ok().flatten().map(|text| raise::to_zero(&text.as_bytes()));
            let text = text.or_else(|| other.to_string().ok().map(String::into_bytes));
            let at = place.as_ref().filter(|_| in_sandbox).map_or_else(Vec::new, |(source, line)| {
                let source = source.strip_prefix(b"@").unwrap_or(source);
                [source, format!(":{line}: ").as_bytes()].concat()
            });
            text.map(|text| [b"ERR ".as_slice(), &at, &text].concat())
        }
    };
    Failure { words: words.unwrap_or_else(|| b"ERR unknown error".to_vec()), place, counted, stopped: false }
}
