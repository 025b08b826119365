//! The interpreters of a thread and their compiled code: scripts by source and by SHA-1, functions by library.
//!
//! This is a per-thread cache of the state that all threads share ([`redstart_command::scripts::Scripts`]). A script
//! removed from the shared cache is marked as removed; libraries are compared by version.

use crate::function::load;
use crate::shebang;
use crate::vm::{Kept, Vm};
use mlua::Function;
use redstart_command::config::ids;
use redstart_command::scripts::{Kind, Script, Sha};
use redstart_command::{Error, Registered, Shared, needs_all};
use redstart_encoding::hash::hash;
use sha1_smol::Sha1;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A compiled script.
pub(crate) struct Compiled {
    pub(crate) script: Arc<Script>,
    pub(crate) function: Kept,
}

/// An interpreter and its compiled code.
pub(crate) struct Machine {
    pub(crate) vm: Vm,
    by_body: RefCell<HashMap<u64, Rc<Compiled>>>,
    by_sha: RefCell<HashMap<Sha, Rc<Compiled>>>,
    pub(crate) libraries: RefCell<load::Loaded>,
    /// The version of the shared libraries that `libraries` corresponds to.
    pub(crate) version: Cell<u64>,
}

/// Compiled scripts may exceed the shared cache's count by this number before removed ones are dropped.
const SLACK: usize = 64;

/// The interpreter is out of memory.
pub(crate) const NO_MEMORY: Error = Error::text("ERR there is no memory for the script");

thread_local! {
    static MACHINES: [RefCell<Option<Rc<Machine>>>; 2] = const { [RefCell::new(None), RefCell::new(None)] };
}

/// The interpreter of this thread.
///
/// # Errors
/// There is no memory to create one.
pub(crate) fn machine(kind: Kind, shared: &Shared) -> Result<Rc<Machine>, Error> {
    MACHINES.with(|machines| {
        let mut place = machines[kind as usize].borrow_mut();
        let limit = usize::try_from(shared.config.get(ids::LUA_MEMORY_LIMIT)).unwrap_or(0);
        if let Some(machine) = place.as_ref().filter(|machine| machine.vm.serves(&shared.scripts)) {
            machine.vm.limit.set(limit);
            return Ok(Rc::clone(machine));
        }
        if let Some(old) = place.take() {
            old.vm.retire(&shared.scripts);
        }
        let vm = Vm::new(kind, shared).map_err(|_| NO_MEMORY)?;
        vm.limit.set(limit);
        vm.report_memory(&shared.scripts);
        let machine = Rc::new(Machine {
            vm,
            by_body: RefCell::default(),
            by_sha: RefCell::default(),
            libraries: RefCell::default(),
            version: Cell::new(0),
        });
        *place = Some(Rc::clone(&machine));
        Ok(machine)
    })
}

/// Drops all interpreters of this thread, and subtracts their memory.
pub(crate) fn retire_machines(shared: &Shared) {
    for kind in [Kind::Eval, Kind::Function] {
        let machine = MACHINES.with(|machines| machines[kind as usize].borrow_mut().take());
        if let Some(machine) = machine {
            machine.vm.retire(&shared.scripts);
        }
    }
}

/// Drops this thread's interpreter of a kind.
pub(crate) fn drop_machine(kind: Kind) {
    MACHINES.with(|machines| drop(machines[kind as usize].borrow_mut().take()));
}

/// The lower-case form of a name, if it has the length of a script's name.
pub(crate) fn sha(name: &[u8]) -> Option<Sha> {
    let mut sha: Sha = name.try_into().ok()?;
    sha.make_ascii_lowercase();
    Some(sha)
}

/// The name of a script.
pub(crate) fn sha_of(body: &[u8]) -> Sha {
    let mut sha = [0; 40];
    sha.copy_from_slice(Sha1::from(body).digest().to_string().as_bytes());
    sha
}

/// Whether a quoted word in a source is the name of a command that needs exclusive access to the keyspace. A script
/// that calls such a command after it has written could not restart, so it runs alone from the start. A wrong guess is
/// harmless.
pub(crate) fn names_what_needs_all(shared: &Shared, source: &[u8]) -> bool {
    source.split(|byte| matches!(byte, b'"' | b'\'' | b'[' | b']')).any(|word| {
        let found = shared.registry.find(word);
        let needs_all = |command: &Registered| needs_all(command) || command.command.alone.is_some();
        found.is_some_and(|command| {
            let inside = command.subcommands.iter().filter_map(|id| shared.registry.get(*id));
            needs_all(command) || inside.into_iter().any(needs_all)
        })
    })
}

impl Machine {
    /// The script with this source.
    ///
    /// # Errors
    /// The source cannot be compiled.
    pub(crate) fn by_body(&self, shared: &Shared, body: &[u8]) -> Result<Rc<Compiled>, Error> {
        let hash = hash(body);
        if let Some(found) = self.by_body.borrow().get(&hash)
            && *found.script.body == *body
            && !found.script.removed()
        {
            return Ok(Rc::clone(found));
        }
        let sha = sha_of(body);
        let compiled = match self.by_sha(shared, &sha)? {
            Some(compiled) => compiled,
            None => self.add(shared, sha, body, false)?,
        };
        self.by_body.borrow_mut().insert(hash, Rc::clone(&compiled));
        Ok(compiled)
    }

    /// The script with this name, if it exists.
    ///
    /// # Errors
    /// There is no memory to compile it here.
    pub(crate) fn by_sha(&self, shared: &Shared, sha: &Sha) -> Result<Option<Rc<Compiled>>, Error> {
        if let Some(found) = self.by_sha.borrow().get(sha).filter(|found| !found.script.removed()) {
            return Ok(Some(Rc::clone(found)));
        }
        let Some(script) = shared.scripts.get(sha) else { return Ok(None) };
        let (_, start) = shebang::script(&script.body)?;
        let function = self.compile(&script.body[start..])?;
        Ok(Some(self.keep(shared, script, function)?))
    }

    /// Compiles a script and adds it to the shared cache.
    ///
    /// # Errors
    /// The source cannot be compiled.
    pub(crate) fn add(&self, shared: &Shared, sha: Sha, body: &[u8], keep: bool) -> Result<Rc<Compiled>, Error> {
        let (flags, start) = shebang::script(body)?;
        let function = self.compile(&body[start..])?;
        let script = shared.scripts.add(sha, body, flags, keep);
        if flags.is_some() && names_what_needs_all(shared, body) {
            script.alone.store(true, Ordering::Relaxed);
        }
        let compiled = self.keep(shared, script, function)?;
        self.vm.step(&shared.scripts);
        Ok(compiled)
    }

    fn compile(&self, code: &[u8]) -> Result<Function, Error> {
        let compiled = self.vm.compile(code, "@user_script");
        compiled
            .map_err(|words| Error::Bytes(format!("ERR Error compiling script (new function): {words}").into_bytes()))
    }

    fn keep(&self, shared: &Shared, script: Arc<Script>, function: Function) -> Result<Rc<Compiled>, Error> {
        let mut by_sha = self.by_sha.borrow_mut();
        if by_sha.len() > shared.scripts.count() + SLACK {
            by_sha.retain(|_, compiled| !compiled.script.removed());
            self.by_body.borrow_mut().retain(|_, compiled| !compiled.script.removed());
            self.vm.clear_up();
        }
        let function = self.vm.keep(function).map_err(|_| NO_MEMORY)?;
        let compiled = Rc::new(Compiled { script, function });
        by_sha.insert(compiled.script.sha, Rc::clone(&compiled));
        Ok(compiled)
    }
}
