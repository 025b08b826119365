//! An engine in a program of its own, without a server around it: opening loads what is there, a thread does what is due
//! now and then, and the end brings everything to the disk.
//!
//! ```text
//!   open:     prepare ── lock the folder ── load ── upkeep thread
//!   upkeep:   expiry, eviction, save points, rewrites, figures: ten times a second
//!   shutdown: no more commands ── upkeep ends ── save (with save points) ── append-only file to the disk ── unlock
//! ```
//! A folder is locked where the engine writes there by itself (`appendonly`, save points), so that two engines never write
//! the same files. A server locks nothing, as users of Redis know it.

use crate::aof::Aof;
use crate::engine::{Engine, Sweep};
use crate::eviction;
use crate::execute::Runner;
use crate::saver::Saver;
use parking_lot::{Condvar, Mutex};
use redstart_command::Shared;
use redstart_command::host::{Host, Shutdown};
use redstart_config::{LoadError, Loaded, ids};
use redstart_sys::clock::unix_ms;
use std::collections::VecDeque;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two rounds of upkeep.
const UPKEEP: Duration = Duration::from_millis(100);
/// Expiry works for so long, and pauses for thrice as long while there is more to do.
const BUDGET_US: u64 = 500;
const PAUSE: Duration = Duration::from_micros(3 * BUDGET_US);
/// The file that is locked while an engine writes in its folder.
const LOCK: &str = "redstart.lock";
/// Warnings that are kept, for errors to tell.
const WARNINGS: usize = 32;

/// Why an engine could not be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// A rename names no command, or a name that is taken; a user's rules are wrong.
    Config(LoadError),
    /// The folder (`dir`) is not there, or cannot be written to.
    Folder(PathBuf, io::Error),
    /// Another engine writes in this folder.
    InUse(PathBuf),
    /// A file is damaged or cannot be read, or the append-only file cannot be begun: what the log of a server would say.
    /// The files are as they were.
    Data(String),
    /// The system gives no thread.
    Thread(io::Error),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Config(error) => write!(f, "{error}"),
            Self::Folder(path, error) => write!(f, "cannot work in the folder {}: {error}", path.display()),
            Self::InUse(path) => write!(f, "another engine writes in the folder {}", path.display()),
            Self::Data(why) => write!(f, "cannot load the data: {why}"),
            Self::Thread(error) => write!(f, "cannot start a thread: {error}"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) => Some(error),
            Self::Folder(_, error) | Self::Thread(error) => Some(error),
            Self::InUse(_) | Self::Data(_) => None,
        }
    }
}

impl From<LoadError> for OpenError {
    fn from(error: LoadError) -> Self {
        Self::Config(error)
    }
}

/// The data could not be made safe at the end: what the log of a server would say.
#[derive(Debug)]
pub struct ShutdownError(String);

impl std::fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the data could not be made safe: {}", self.0)
    }
}

impl std::error::Error for ShutdownError {}

impl Engine {
    /// Opens an engine with what a configuration says, and loads what is there: the append-only file with `appendonly
    /// yes`, else the snapshot (`dir`, `dbfilename`). From here on it expires keys, saves at save points, and rewrites the
    /// append-only file, until the last clone and the last connection are dropped, or [`Engine::shutdown`].
    ///
    /// ```
    /// use redis::Commands;
    /// use redstart::Engine;
    ///
    /// let folder = std::env::temp_dir().join(format!("redstart-doc-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder)?;
    /// let text = format!("dir {}\nappendonly yes\n", folder.display());
    /// for visit in 1..=2 {
    ///     let engine = Engine::open(Engine::load(&text)?)?;
    ///     let visits: i64 = engine.connection().incr("visits", 1)?;
    ///     assert_eq!(visits, visit);
    ///     engine.shutdown()?;
    /// }
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`OpenError`]. Nothing that is on the disk has changed then.
    pub fn open(loaded: Loaded) -> Result<Self, OpenError> {
        let engine = Self::prepare(loaded)?;
        let shared = engine.shared();
        let warnings = Arc::new(Warnings::default());
        shared.set_host(Box::new(LibraryHost(Arc::clone(&warnings))));
        let folder = shared.config.path(ids::DIR).unwrap_or_default();
        std::fs::read_dir(&folder).map_err(|error| OpenError::Folder(folder.clone(), error))?;
        let writes = shared.config.get(ids::APPENDONLY) || !shared.config.save_points().is_empty();
        let lock = if writes { Some(lock(&folder)?) } else { None };
        engine.load_data().map_err(|words| OpenError::Data(warnings.take().unwrap_or(words)))?;
        let life = Life::start(&engine, warnings, lock).map_err(OpenError::Thread)?;
        engine.live(life);
        Ok(engine)
    }

    /// Ends the engine for all its clones and connections, whose commands fail from here on: with save points the data is
    /// saved, and the append-only file is brought to the disk. Dropping the last clone and the last connection does the
    /// same, but cannot tell of an error. The second call does nothing.
    ///
    /// # Errors
    /// The data could not be saved or written.
    pub fn shutdown(&self) -> Result<(), ShutdownError> {
        self.life().map_or(Ok(()), Life::end)
    }

    /// Whether commands are refused because the engine was shut down.
    #[inline]
    pub(crate) fn has_ended(&self) -> bool {
        self.life().is_some_and(|life| life.ended.load(Ordering::Acquire))
    }
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let refused = |error| OpenError::Folder(folder.to_owned(), error);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(LOCK)).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(refused(error)),
    }
}

/// What a library's engine does beside running commands. Dropped with the engine's last clone.
#[derive(Debug)]
pub(crate) struct Life {
    shared: Arc<Shared>,
    saver: Arc<Saver>,
    aof: Arc<Aof>,
    warnings: Arc<Warnings>,
    stop: Arc<Stop>,
    upkeep: Mutex<Option<JoinHandle<()>>>,
    /// Unlocked when it is closed.
    lock: Mutex<Option<File>>,
    ended: AtomicBool,
}

/// Ends the upkeep thread.
#[derive(Debug, Default)]
struct Stop {
    wanted: Mutex<bool>,
    changed: Condvar,
}

impl Life {
    fn start(engine: &Engine, warnings: Arc<Warnings>, lock: Option<File>) -> io::Result<Self> {
        let shared = engine.shared();
        let (saver, aof, stop) = (Arc::clone(engine.saver()), Arc::clone(engine.aof()), Arc::new(Stop::default()));
        let upkeep = Upkeep {
            shared: Arc::downgrade(shared),
            saver: Arc::clone(&saver),
            aof: Arc::clone(&aof),
            stop: Arc::clone(&stop),
        };
        let thread = std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || upkeep.run())?;
        let (upkeep, lock) = (Mutex::new(Some(thread)), Mutex::new(lock));
        Ok(Self { shared: Arc::clone(shared), saver, aof, warnings, stop, upkeep, lock, ended: AtomicBool::new(false) })
    }

    fn end(&self) -> Result<(), ShutdownError> {
        if self.ended.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        *self.stop.wanted.lock() = true;
        self.stop.changed.notify_all();
        if let Some(thread) = self.upkeep.lock().take() {
            // Where it panicked, the panic was reported.
            let _ = thread.join();
        }
        self.warnings.take();
        // Commands that began before are over then.
        drop(self.shared.keyspace.enter_exclusive());
        let begun = self.aof.finish_beginning();
        let how = Shutdown { force: true, ..Shutdown::default() };
        let saved = self.saver.save_at_end(how);
        self.saver.close(Shutdown { save: Some(false), ..how });
        self.aof.close();
        *self.lock.lock() = None;
        match self.warnings.take() {
            Some(why) => Err(ShutdownError(why)),
            None if begun && saved => Ok(()),
            None => Err(ShutdownError("the files cannot be written".to_owned())),
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        // No caller is left that an error could be reported to.
        let _ = self.end();
    }
}

/// What the upkeep thread has. It holds the data only while it is at work, and no clone of the engine.
struct Upkeep {
    shared: Weak<Shared>,
    saver: Arc<Saver>,
    aof: Arc<Aof>,
    stop: Arc<Stop>,
}

impl Upkeep {
    fn run(self) {
        let Some(slots) = self.shared.upgrade().map(|shared| shared.keyspace.slot_count()) else { return };
        let mut sweep = Sweep::new(0, slots);
        while let Some(shared) = self.shared.upgrade() {
            let more = self.round(&shared, &mut sweep);
            drop(shared);
            let mut stop = self.stop.wanted.lock();
            if !*stop {
                self.stop.changed.wait_for(&mut stop, if more { PAUSE } else { UPKEEP });
            }
            if *stop {
                return;
            }
        }
    }

    /// Returns whether there is more to do at once.
    fn round(&self, shared: &Shared, sweep: &mut Sweep) -> bool {
        let share = shared.keyspace.share();
        let lease = shared.stats.lend(0);
        let runner = Runner { shared, stats: &lease, share, lent: false };
        let more = sweep.run(runner, BUDGET_US) | eviction::go_on(runner, unix_ms());
        drop(lease);
        shared.observer.refresh(&shared.config);
        shared.rates.sample(unix_ms(), &shared.stats);
        if !shared.pause_upkeep.load(Ordering::Relaxed) {
            self.aof.tick();
            self.saver.tick();
        }
        more
    }
}

/// The last warnings of the engine, which has no log.
#[derive(Debug, Default)]
struct Warnings(Mutex<VecDeque<String>>);

impl Warnings {
    fn add(&self, line: &str) {
        let mut lines = self.0.lock();
        if lines.len() == WARNINGS {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    /// All of them as one text, if there are any.
    fn take(&self) -> Option<String> {
        let lines: Vec<String> = self.0.lock().drain(..).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }
}

/// The program around the engine, as commands see it.
struct LibraryHost(Arc<Warnings>);

impl Host for LibraryHost {
    fn warn(&self, line: &str) {
        self.0.add(line);
    }

    fn script_log(&self, level: u8, line: &str) {
        if level >= 3 {
            self.0.add(line);
        }
    }
}
