//! Scripts and function libraries, shared by all threads: their sources and their metadata. The interpreters, one or
//! more per thread, compile the sources; this module does not know Lua.
//!
//! Invariant: a script removed from the cache is marked as removed, and a change of the libraries increments their
//! version. One relaxed load therefore tells an interpreter whether its compiled code is still valid.

use parking_lot::{Mutex, RwLock};
use redstart_spec::Error;
use redstart_sys::clock::Ticks;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Above this number of scripts added by EVAL, the least recently used one is evicted.
pub const EVAL_CACHE: usize = 500;
/// A use is recorded only after this many ticks, so that threads that run the same script do not contend for its cache
/// line.
const USE_TICKS: u64 = 10_000;

/// The name of a script: its SHA-1 in lower-case hexadecimal digits.
pub type Sha = [u8; 40];

/// The flags that a script or function declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptFlags(u8);

impl ScriptFlags {
    /// Does not write.
    pub const NO_WRITES: Self = Self(1);
    /// Runs even if the server is out of memory.
    pub const ALLOW_OOM: Self = Self(2);
    /// Runs on a replica with stale data.
    pub const ALLOW_STALE: Self = Self(4);
    /// Does not run in a cluster.
    pub const NO_CLUSTER: Self = Self(8);
    /// May access keys that it does not declare.
    pub const ALLOW_CROSS_SLOT_KEYS: Self = Self(16);

    /// All flags with their names, in the order in which they are shown.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("no-writes", Self::NO_WRITES),
        ("allow-oom", Self::ALLOW_OOM),
        ("allow-stale", Self::ALLOW_STALE),
        ("no-cluster", Self::NO_CLUSTER),
        ("allow-cross-slot-keys", Self::ALLOW_CROSS_SLOT_KEYS),
    ];

    /// The union of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `other` is included.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A script in the cache.
#[derive(Debug)]
pub struct Script {
    /// Its name.
    pub sha: Sha,
    /// Its source, including the first line.
    pub body: Box<[u8]>,
    /// The flags in its first line; `None` without a shebang.
    pub flags: Option<ScriptFlags>,
    /// The script must run alone: it declares nothing, or accessed a key that it does not declare.
    pub alone: AtomicBool,
    removed: AtomicBool,
    /// Added by EVAL, so it may be evicted.
    evictable: AtomicBool,
    used: AtomicU64,
}

impl Script {
    /// Whether the script was removed from the cache.
    #[inline]
    #[must_use]
    pub fn removed(&self) -> bool {
        self.removed.load(Ordering::Relaxed)
    }

    /// Records a use.
    #[inline]
    pub fn touch(&self) {
        let now = Ticks::now().0;
        if now.wrapping_sub(self.used.load(Ordering::Relaxed)) > USE_TICKS {
            self.used.store(now, Ordering::Relaxed);
        }
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.body.len()
    }
}

/// A function of a library.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: Vec<u8>,
    /// Its declared description.
    pub description: Option<Vec<u8>>,
    /// Its declared flags.
    pub flags: ScriptFlags,
    /// The function must run alone.
    pub alone: AtomicBool,
}

/// A library of functions.
#[derive(Debug)]
pub struct Library {
    /// Its name.
    pub name: Vec<u8>,
    /// Its source, including the first line.
    pub code: Box<[u8]>,
    /// Its functions, in the order of registration.
    pub functions: Vec<Function>,
    /// Distinguishes the library from others with its name, in this process.
    pub id: u64,
}

impl Library {
    /// A library that was just loaded.
    #[must_use]
    pub fn new(name: Vec<u8>, code: &[u8], functions: Vec<Function>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self { name, code: code.into(), functions, id: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    fn size(&self) -> usize {
        let functions = self.functions.iter().map(|one| size_of::<Function>() + one.name.len());
        size_of::<Self>() + self.name.len() + self.code.len() + functions.sum::<usize>()
    }
}

/// All libraries. Function names ignore case, library names do not.
#[derive(Clone, Debug, Default)]
pub struct Libraries {
    all: BTreeMap<Vec<u8>, Arc<Library>>,
    functions: HashMap<Vec<u8>, (Arc<Library>, usize)>,
    bytes: usize,
}

impl Libraries {
    /// The library with this name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<&Arc<Library>> {
        self.all.get(name)
    }

    /// The function with this name, and its library.
    #[must_use]
    pub fn function(&self, name: &[u8]) -> Option<(&Arc<Library>, usize)> {
        self.functions.get(&name.to_ascii_lowercase()).map(|(library, at)| (library, *at))
    }

    /// All libraries, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Library>> {
        self.all.values()
    }

    /// The number of functions.
    #[must_use]
    pub fn function_count(&self) -> usize {
        self.functions.len()
    }

    /// Adds a library.
    ///
    /// # Errors
    /// A library with its name exists, or another library has a function with the same name.
    pub fn add(&mut self, library: Arc<Library>) -> Result<(), Error> {
        if self.get(&library.name).is_some() {
            return Err(taken(b"Library", &library.name));
        }
        if let Some(function) = library.functions.iter().find(|one| self.function(&one.name).is_some()) {
            return Err(taken(b"Function", &function.name));
        }
        for (at, function) in library.functions.iter().enumerate() {
            self.functions.insert(function.name.to_ascii_lowercase(), (Arc::clone(&library), at));
        }
        self.bytes += library.size();
        self.all.insert(library.name.clone(), library);
        Ok(())
    }

    /// Removes a library.
    pub fn remove(&mut self, name: &[u8]) -> Option<Arc<Library>> {
        let library = self.all.remove(name)?;
        for function in &library.functions {
            self.functions.remove(&function.name.to_ascii_lowercase());
        }
        self.bytes -= library.size();
        Some(library)
    }
}

fn taken(what: &[u8], name: &[u8]) -> Error {
    Error::Bytes([b"ERR ", what, b" ", name, b" already exists"].concat())
}

/// A script that has run for longer than `busy-reply-threshold`.
#[derive(Clone, Debug)]
pub struct Running {
    /// The script's SHA-1, or the function's name.
    pub name: Vec<u8>,
    /// It was called as a function.
    pub function: bool,
    /// The command that called it.
    pub command: Vec<Vec<u8>>,
    /// When it began.
    pub started: Ticks,
}

/// Sources of scripts and libraries, and the state of the overdue script.
#[derive(Debug)]
pub struct Scripts {
    /// Distinguishes these scripts from those of another engine in this process.
    id: u64,
    cache: RwLock<Cache>,
    libraries: RwLock<Arc<Libraries>>,
    /// Incremented by every change of the libraries.
    version: AtomicU64,
    /// Incremented when all interpreters of scripts (or of functions) must be rebuilt.
    flushes: [AtomicU64; 2],
    evicted: AtomicU64,
    /// Bytes used by the interpreters of all threads, for scripts and for functions.
    interpreters: [AtomicI64; 2],
    busy: AtomicBool,
    kill: AtomicBool,
    unkillable: AtomicBool,
    running: Mutex<Option<Running>>,
    /// Scripts may call commands that scripts may otherwise not call (DEBUG SET-DISABLE-DENY-SCRIPTS).
    pub allow_all: AtomicBool,
    reader: OnceLock<Box<dyn ReadLibrary>>,
}

/// Runs a library's source in the calling thread's interpreter, to learn its declarations. Its name must not be that of
/// one of these libraries.
pub trait ReadLibrary: std::fmt::Debug + Send + Sync {
    /// The declarations of a source.
    ///
    /// # Errors
    /// The source is not a library, or the library's name is taken.
    fn read(&self, libraries: &Libraries, source: &[u8]) -> Result<Arc<Library>, Error>;
}

#[derive(Debug, Default)]
struct Cache {
    scripts: HashMap<Sha, Arc<Script>>,
    evictable: usize,
    bytes: usize,
}

/// The use of an interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// EVAL and related commands.
    Eval = 0,
    /// Functions.
    Function = 1,
}

impl Default for Scripts {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            cache: RwLock::default(),
            libraries: RwLock::default(),
            version: AtomicU64::new(0),
            flushes: Default::default(),
            evicted: AtomicU64::new(0),
            interpreters: Default::default(),
            busy: AtomicBool::new(false),
            kill: AtomicBool::new(false),
            unkillable: AtomicBool::new(false),
            running: Mutex::default(),
            allow_all: AtomicBool::new(false),
            reader: OnceLock::new(),
        }
    }
}

impl Scripts {
    /// The id of these scripts, unique in the process.
    #[inline]
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The script with this name.
    #[must_use]
    pub fn get(&self, sha: &[u8]) -> Option<Arc<Script>> {
        self.cache.read().scripts.get(sha).map(Arc::clone)
    }

    /// Adds a script to the cache, or finds it there. A script of SCRIPT LOAD (`keep`) stays until a flush.
    pub fn add(&self, sha: Sha, body: &[u8], flags: Option<ScriptFlags>, keep: bool) -> Arc<Script> {
        let cache = &mut *self.cache.write();
        if let Some(script) = cache.scripts.get(&sha) {
            if keep && script.evictable.swap(false, Ordering::Relaxed) {
                cache.evictable -= 1;
            }
            return Arc::clone(script);
        }
        if !keep {
            while cache.evictable >= EVAL_CACHE {
                self.evict(cache);
            }
            cache.evictable += 1;
        }
        let script = Arc::new(Script {
            sha,
            body: body.into(),
            flags,
            alone: AtomicBool::new(flags.is_none_or(|flags| flags.has(ScriptFlags::ALLOW_CROSS_SLOT_KEYS))),
            removed: AtomicBool::new(false),
            evictable: AtomicBool::new(!keep),
            used: AtomicU64::new(Ticks::now().0),
        });
        cache.bytes += script.size();
        cache.scripts.insert(sha, Arc::clone(&script));
        script
    }

    /// Evicts the least recently used script that EVAL added.
    fn evict(&self, cache: &mut Cache) {
        let evictable = cache.scripts.values().filter(|script| script.evictable.load(Ordering::Relaxed));
        let oldest = evictable.min_by_key(|script| script.used.load(Ordering::Relaxed)).map(|script| script.sha);
        if let Some(script) = oldest.and_then(|sha| cache.scripts.remove(&sha)) {
            script.removed.store(true, Ordering::Relaxed);
            cache.bytes -= script.size();
            self.evicted.fetch_add(1, Ordering::Relaxed);
        }
        cache.evictable -= 1;
    }

    /// Empties the cache.
    pub fn flush(&self) {
        let cache = std::mem::take(&mut *self.cache.write());
        cache.scripts.values().for_each(|script| script.removed.store(true, Ordering::Relaxed));
        self.begin_anew(Kind::Eval);
    }

    /// The number of scripts.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cache.read().scripts.len()
    }

    /// The cache's size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.cache.read().bytes
    }

    /// The number of evicted scripts.
    #[must_use]
    pub fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }

    /// Resets the number of evicted scripts (CONFIG RESETSTAT).
    pub fn reset_stats(&self) {
        self.evicted.store(0, Ordering::Relaxed);
    }

    /// How often all interpreters of a kind were invalidated.
    #[inline]
    #[must_use]
    pub fn flushes(&self, kind: Kind) -> u64 {
        self.flushes[kind as usize].load(Ordering::Relaxed)
    }

    /// The current libraries.
    #[must_use]
    pub fn libraries(&self) -> Arc<Libraries> {
        Arc::clone(&self.libraries.read())
    }

    /// The version of the libraries.
    #[inline]
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Changes the libraries. On an error, `change` leaves them unchanged.
    ///
    /// # Errors
    /// The error of `change`.
    pub fn change_libraries<R>(&self, change: impl FnOnce(&mut Libraries) -> Result<R, Error>) -> Result<R, Error> {
        let mut current = self.libraries.write();
        // Copied only if another thread holds the libraries right now.
        let result = change(Arc::make_mut(&mut current))?;
        self.version.fetch_add(1, Ordering::Release);
        Ok(result)
    }

    /// Sets the reader of libraries. Only the first call has an effect.
    pub fn set_reader(&self, reader: Box<dyn ReadLibrary>) {
        let _ = self.reader.set(reader);
    }

    /// The declarations of a library's source.
    ///
    /// # Errors
    /// The source is not a library, or the library's name is taken.
    pub fn read_library(&self, libraries: &Libraries, source: &[u8]) -> Result<Arc<Library>, Error> {
        match self.reader.get() {
            Some(reader) => reader.read(libraries, source),
            None => Err(Error::text("ERR there is nothing here that runs scripts")),
        }
    }

    /// Removes and returns all libraries; the state that their functions kept between calls is discarded too.
    pub fn flush_libraries(&self) -> Arc<Libraries> {
        let before = std::mem::take(&mut *self.libraries.write());
        self.version.fetch_add(1, Ordering::Release);
        self.begin_anew(Kind::Function);
        before
    }

    /// All interpreters of a kind are rebuilt when they are next used.
    fn begin_anew(&self, kind: Kind) {
        self.flushes[kind as usize].fetch_add(1, Ordering::Relaxed);
        self.interpreters[kind as usize].store(0, Ordering::Relaxed);
    }

    /// The libraries' size in bytes.
    #[must_use]
    pub fn library_bytes(&self) -> usize {
        self.libraries.read().bytes
    }

    /// Adds the change of an interpreter's size since its last report, in bytes.
    pub fn interpreter_grew(&self, kind: Kind, bytes: i64) {
        self.interpreters[kind as usize].fetch_add(bytes, Ordering::Relaxed);
    }

    /// The size of all interpreters of a kind, in bytes.
    #[must_use]
    pub fn interpreter_bytes(&self, kind: Kind) -> usize {
        usize::try_from(self.interpreters[kind as usize].load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// Whether a script has run for longer than `busy-reply-threshold`.
    #[inline]
    #[must_use]
    pub fn busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed)
    }

    /// Records an overdue script. If several scripts run at the same time and another one is already overdue, that one
    /// remains the recorded one, and this returns false.
    pub fn overdue(&self, running: Running, wrote: bool) -> bool {
        let mut current = self.running.lock();
        if current.is_some() {
            return false;
        }
        *current = Some(running);
        self.kill.store(false, Ordering::Relaxed);
        self.unkillable.store(wrote, Ordering::Relaxed);
        self.busy.store(true, Ordering::Release);
        true
    }

    /// The overdue script has ended.
    pub fn over(&self) {
        let mut current = self.running.lock();
        *current = None;
        self.busy.store(false, Ordering::Release);
    }

    /// The overdue script writes from now on.
    pub fn writes(&self) {
        self.unkillable.store(true, Ordering::Relaxed);
    }

    /// Whether the overdue script must end.
    #[must_use]
    pub fn killed(&self) -> bool {
        self.kill.load(Ordering::Relaxed)
    }

    /// The overdue script.
    #[must_use]
    pub fn running(&self) -> Option<Running> {
        self.running.lock().clone()
    }

    /// Kills the overdue script, which must be of this kind.
    ///
    /// # Errors
    /// No script is overdue, it is of the other kind, or it has written.
    pub fn kill(&self, kind: Kind) -> Result<(), Error> {
        let running = self.running.lock();
        let Some(running) = running.as_ref() else {
            return Err(Error::text("NOTBUSY No scripts in execution right now."));
        };
        if self.unkillable.load(Ordering::Relaxed) {
            return Err(Error::text(
                "UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait \
                 the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.",
            ));
        }
        if running.function != (kind == Kind::Function) {
            return Err(busy_words(running.function));
        }
        self.kill.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The error for a command that cannot run while a script is overdue.
    #[must_use]
    pub fn busy_error(&self) -> Error {
        busy_words(self.running.lock().as_ref().is_some_and(|running| running.function))
    }
}

fn busy_words(function: bool) -> Error {
    Error::text(if function {
        "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE."
    } else {
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."
    })
}
