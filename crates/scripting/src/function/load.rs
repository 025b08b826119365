//! FUNCTION LOAD, and how the interpreters of all threads follow it: the thread that runs the command runs the
//! library's code and publishes its declarations. Other threads run the code before their next call of a function.

use super::BASE;
use crate::compiled::{Machine, NO_MEMORY, machine, names_what_needs_all};
use crate::shebang;
use crate::vm::host::{Ask, Call, HOST, Outcome};
use crate::vm::{Declared, Failure, Kept};
use redstart_command::scripts::{Function, Kind, Libraries, Library, ScriptFlags};
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Reply, Shared};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// The libraries that an interpreter has run, by id: the callbacks of their functions, in order.
pub(crate) type Loaded = HashMap<u64, Vec<Kept>>;

/// The time limit for a library to declare its functions.
const LOAD_TIMEOUT: Duration = Duration::from_millis(500);

pub(super) const LOAD: Command = Command {
    name: "load",
    handler: load,
    arity: Arity::AtLeast(3),
    alone: Some(super::journalled),
    flags: Flags::NO_SCRIPT.with(Flags::WRITE).with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Adds a library.",
        complexity: "O(1) (considering compilation time is redundant)",
        args: &[Arg::flag("replace", "REPLACE").optional(), Arg::string("function-code")],
        ..BASE.docs
    },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..BASE
};

fn load(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let last = args.len() - 1;
    for word in (2..last).map(|at| &args[at]) {
        if !word.eq_ignore_ascii_case(b"replace") {
            return Err(Error::Bytes([b"ERR Unknown option given: ", word].concat()));
        }
    }
    let replace = last > 2;
    if args[last].eq_ignore_ascii_case(b"replace") && last == 2 {
        // The single word is taken as code.
        return Err(Error::text("ERR Missing library metadata"));
    }
    let (shared, source) = (context.shared, &args[last]);
    let libraries = shared.scripts.libraries();
    let library = read(shared, &libraries, source, replace)?;
    let machine = machine(Kind::Function, shared)?;
    let followed = machine.version.get() == shared.scripts.version();
    drop(libraries);
    let old = shared.scripts.change_libraries(|libraries| {
        let old = if replace { libraries.remove(&library.name) } else { None };
        let added = libraries.add(Arc::clone(&library));
        if let (Err(_), Some(old)) = (&added, &old) {
            // The library was there before, so it has no conflict.
            let _ = libraries.add(Arc::clone(old));
        }
        added.map(|()| old)
    });
    let gone = if old.is_err() { Some(library.id) } else { None };
    let gone = gone.or(old.as_ref().ok().and_then(|old| old.as_ref().map(|old| old.id)));
    if let Some(id) = gone {
        machine.libraries.borrow_mut().remove(&id);
    }
    old?;
    if followed {
        machine.version.set(shared.scripts.version());
    }
    let name = library.name.clone();
    context.commit_libraries();
    reply.bulk(&name);
    Ok(())
}

/// Runs a library's code in this thread's interpreter.
///
/// # Errors
/// The source is not a library, or it conflicts with an existing one.
pub(super) fn read(
    shared: &Shared,
    libraries: &Libraries,
    source: &[u8],
    replace: bool,
) -> Result<Arc<Library>, Error> {
    let (header, start) = shebang::library(source)?;
    if !shebang::is_name(&header.name) {
        return Err(Error::Text(format!("ERR {}", shebang::BAD_NAME).into()));
    }
    if !header.engine.eq_ignore_ascii_case(b"lua") {
        return Err(Error::Bytes([b"ERR Engine '", header.engine.as_slice(), b"' not found"].concat()));
    }
    if !replace && libraries.get(&header.name).is_some() {
        return Err(Error::Bytes([b"ERR Library '", header.name.as_slice(), b"' already exists"].concat()));
    }
    let machine = machine(Kind::Function, shared)?;
    let declared = declare(&machine, shared, &source[start..])?;
    if declared.is_empty() {
        return Err(Error::text("ERR No functions registered"));
    }
    let (mut functions, mut callbacks) = (Vec::new(), Vec::new());
    let needs_all = names_what_needs_all(shared, source);
    for one in declared {
        let (function, callback) = split(&machine, one, needs_all)?;
        functions.push(function);
        callbacks.push(callback);
    }
    let library = Arc::new(Library::new(header.name, source, functions));
    machine.libraries.borrow_mut().insert(library.id, callbacks);
    machine.vm.step(&shared.scripts);
    Ok(library)
}

fn split(machine: &Machine, one: Declared, needs_all: bool) -> Result<(Function, Kept), Error> {
    let Declared { name, description, flags, callback } = one;
    let alone = AtomicBool::new(needs_all || flags.has(ScriptFlags::ALLOW_CROSS_SLOT_KEYS));
    let callback = machine.vm.keep(callback).map_err(|_| NO_MEMORY)?;
    Ok((Function { name, description, flags, alone }, callback))
}

/// Runs a library's code; returns its declarations.
fn declare(machine: &Machine, shared: &Shared, code: &[u8]) -> Result<Vec<Declared>, Error> {
    let vm = &machine.vm;
    let compiled = vm.compile(code, "@user_function");
    let main = compiled.map_err(|words| Error::Bytes(format!("ERR Error compiling function: {words}").into_bytes()))?;
    *vm.loading.borrow_mut() = Some(Vec::new());
    let until = Instant::now() + LOAD_TIMEOUT;
    let mut host = |call: &mut Call| {
        call.outcome = match call.ask {
            Ask::Log(level) => {
                let line = String::from_utf8_lossy(call.args.args().get(0).unwrap_or_default()).into_owned();
                shared.host().script_log(level, &line);
                Outcome::Done
            }
            Ask::Tick if Instant::now() > until => Outcome::Stop,
            _ => Outcome::Done,
        };
    };
    let result = HOST.with(|lent| lent.lend(&mut host, || vm.run_loading(&main)));
    let declared = vm.loading.borrow_mut().take().unwrap_or_default();
    let refused = |failure: Failure| {
        let words = if failure.stopped { b"ERR FUNCTION LOAD timeout".to_vec() } else { failure.words };
        Error::Bytes([b"ERR Error registering functions: ".as_slice(), &words].concat())
    };
    result.map_err(refused)?;
    Ok(declared)
}

/// Updates this thread's interpreter to the current libraries.
pub(super) fn follow(machine: &Machine, shared: &Shared) {
    let version = shared.scripts.version();
    if machine.version.get() == version {
        return;
    }
    let libraries = shared.scripts.libraries();
    machine.libraries.borrow_mut().retain(|id, _| libraries.iter().any(|library| library.id == *id));
    for library in libraries.iter() {
        if machine.libraries.borrow().contains_key(&library.id) {
            continue;
        }
        // A library that loaded once loads again, unless memory or time runs out; its functions are then not found.
        let Ok((_, start)) = shebang::library(&library.code) else { continue };
        if let Ok(declared) = declare(machine, shared, &library.code[start..]) {
            let callbacks: mlua::Result<Vec<Kept>> =
                declared.into_iter().map(|one| machine.vm.keep(one.callback)).collect();
            if let Ok(callbacks) = callbacks {
                machine.libraries.borrow_mut().insert(library.id, callbacks);
            }
        }
    }
    machine.version.set(version);
    machine.vm.clear_up();
    machine.vm.step(&shared.scripts);
}

/// The callback of a function.
pub(super) fn callback(machine: &Machine, library: &Library, at: usize) -> Option<mlua::Function> {
    machine.vm.kept(machine.libraries.borrow().get(&library.id)?.get(at)?).ok()
}
