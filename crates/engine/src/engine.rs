//! The engine as a whole: opened once, shared by all threads.

use crate::aof::{self, Aof};
use crate::blocking::serve;
use crate::connection::Connection;
use crate::eviction;
use crate::execute::Runner;
use crate::library::Life;
use crate::saver::Saver;
use crate::users;
use parking_lot::Mutex;
use redstart_command::acl::Identity;
use redstart_command::clients::Origin;
use redstart_command::journal::is_always;
use redstart_command::lazyfree::heavy_from;
use redstart_command::scripts::{Libraries, Library, ReadLibrary};
use redstart_command::{Cause, Error, Event, Registry, Session, Shared, ValueRef, WorkerStats};
use redstart_commands::FAMILIES;
use redstart_commands::persistence::{self, NotLoaded, load_at_start};
use redstart_config::{Config, Host, LoadError, Loaded, Rename, ids};
use redstart_keyspace::expiry::Gone;
use redstart_keyspace::{Keyspace, Options as KeyspaceOptions, SlotFunction, expiry};
use redstart_sys::Share;
use redstart_sys::clock::{Ticks, ticks_per_us, unix_ms};
use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, Weak};

/// An open engine. Cheap to clone: all clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    threads: usize,
    saver: Arc<Saver>,
    aof: Arc<Aof>,
    /// What the data was loaded from, once it was.
    source: Arc<Mutex<Option<Source>>>,
    /// In a program of its own; a server sees to the same things itself.
    life: Arc<OnceLock<Life>>,
}

/// Where the data came from that an engine began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// There was none.
    Nothing,
    /// A snapshot.
    Snapshot,
    /// The append-only file.
    AppendOnlyFile,
}

/// Bytes of stack of the thread that loads, which runs libraries of functions.
const LOAD_STACK: usize = 8 * 1024 * 1024;

/// Slots: enough that 128 threads seldom meet, few enough that their headers stay in a core's own cache.
const SLOTS: usize = 4096;

impl Engine {
    /// Makes an engine with what a configuration says, for a host that sees to the rest: it loads the data
    /// ([`Engine::announce_load`], [`Engine::load_data`]), gives each worker its upkeep, and brings the data to the disk at
    /// the end. A program without such a host uses [`Engine::open`].
    ///
    /// # Errors
    /// A rename names no command, or a name that is taken; a user's rules are wrong; the configuration asks for a replica or
    /// a node of a cluster, which would come up as a server of its own that takes writes.
    pub fn prepare(loaded: Loaded) -> Result<Self, LoadError> {
        refuse_what_is_not_there(&loaded.config)?;
        redstart_sys::clock::start();
        let registry = registry(&loaded.renames)?;
        let config = Arc::new(loaded.config);
        let threads = config.get(ids::THREADS).clamp(1, 128) as usize;
        let databases = config.get(ids::DATABASES).max(1) as usize;
        let keyspace =
            Keyspace::new(KeyspaceOptions { databases, slots: SLOTS, threads, slot_function: SlotFunction::Hash });
        let shared = Arc::new(Shared::new(keyspace, registry, config, threads));
        shared.scripts.set_reader(Box::new(LibraryReader(Arc::downgrade(&shared))));
        users::load(&shared, &loaded.users)?;
        let (saver, aof) = (Arc::new(Saver::new(&shared, threads)), Arc::new(Aof::new(&shared)));
        // Nobody else has the engine yet.
        let _ = shared.saving.background.set(Arc::clone(&saver) as _);
        let _ = shared.aof.set(Arc::clone(&aof) as _);
        Ok(Self { shared, threads, saver, aof, source: Arc::default(), life: Arc::default() })
    }

    /// Reads a configuration in the words of a `redis.conf`, for an engine in this process: no file is read but what it
    /// includes, and no environment. Without a `save` line nothing is saved by itself. Relative paths start at the
    /// process's working directory of this moment, or at `dir`.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn load(text: &str) -> Result<Loaded, LoadError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(128);
        let directory = std::env::current_dir().unwrap_or_else(|_| "/".into());
        redstart_config::load_embedded(&Host { cores, directory }, text.as_bytes(), &redstart_config::Disk)
    }

    /// If there is a file to load, clients are told from now on that data is being loaded, until [`Engine::load_data`] has
    /// done so. Returns whether there is; if not, nobody may be let in before [`Engine::load_data`] has returned: what they
    /// changed would be missing in the append-only file that it begins.
    #[must_use]
    pub fn announce_load(&self) -> bool {
        let there = match self.shared.config.get(ids::APPENDONLY) {
            true => self.aof.has_data(),
            false => !matches!(persistence::path(&self.shared.config).try_exists(), Ok(false)),
        };
        if there {
            self.shared.loading.begin(0, unix_ms());
        }
        there
    }

    /// Loads the append-only file where changes are to be kept (`appendonly`), and keeps them from here on; else the file
    /// that the configuration names (`dir`, `dbfilename`), on as many threads as there are workers. Whoever is connected is
    /// told meanwhile that data is being loaded. The log has the details. Loads once; a second call only says what was
    /// loaded.
    ///
    /// # Errors
    /// A file is no good: last words for the log. What was before that in it is loaded then, so that the engine is of no
    /// use.
    pub fn load_data(&self) -> Result<Source, String> {
        let mut source = self.source.lock();
        if let Some(source) = *source {
            return Ok(source);
        }
        let load = || {
            let outcome = self.load_from_files();
            redstart_scripting::leave_thread(&self.shared);
            outcome
        };
        // On a thread of its own, whose interpreter goes when it ends.
        let loaded = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("load".to_owned()).stack_size(LOAD_STACK);
            let load = thread.spawn_scoped(scope, load).map_err(|error| error.to_string())?;
            load.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        *source = Some(loaded);
        Ok(loaded)
    }

    fn load_from_files(&self) -> Result<Source, String> {
        let last_words = || "Fatal error loading the DB, check server logs. Exiting.".to_owned();
        // The append-only file has all that a snapshot has, and more.
        let (was_there, goes_on) = (self.aof.has_data(), self.shared.config.get(ids::APPENDONLY));
        self.aof.load().map_err(|_| last_words())?;
        let source = match goes_on {
            true if was_there => Source::AppendOnlyFile,
            true => Source::Nothing,
            false => match load_at_start(&self.shared, self.threads) {
                Ok(_) => Source::Snapshot,
                Err(NotLoaded::Missing) => {
                    self.shared.loading.end(0, 0);
                    Source::Nothing
                }
                Err(_) => return Err(last_words()),
            },
        };
        self.aof.open(goes_on).map_err(|_| last_words())?;
        Ok(source)
    }

    /// From here on the engine lives by itself. Only the first call counts.
    pub(crate) fn live(&self, life: Life) {
        let first = self.life.set(life).is_ok();
        debug_assert!(first, "it is opened once");
    }

    /// What it does by itself, if it does.
    pub(crate) fn life(&self) -> Option<&Life> {
        self.life.get()
    }

    /// Who saves.
    #[must_use]
    pub fn saver(&self) -> &Arc<Saver> {
        &self.saver
    }

    /// Writes what was changed until now to the append-only file, and with `appendfsync always` brings it to the disk.
    pub fn settle(&self) {
        aof::settle(&self.shared);
    }

    /// The append-only file.
    #[must_use]
    pub fn aof(&self) -> &Arc<Aof> {
        &self.aof
    }

    /// What all threads share.
    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// How many workers the engine was opened for.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// The part of worker `index` (from 0). Each index is for one thread.
    ///
    /// # Panics
    /// If the engine was opened for fewer threads.
    #[must_use]
    pub fn worker(&self, index: usize) -> Worker {
        assert!(index < self.threads);
        let slots = self.shared.keyspace.slot_count();
        let sweep = Sweep::new(slots * index / self.threads, slots * (index + 1) / self.threads);
        let share = self.shared.keyspace.share();
        Worker { shared: Arc::clone(&self.shared), share, index, sweep: RefCell::new(sweep) }
    }

    /// Registers a new connection of somebody who comes over the network.
    #[must_use]
    pub fn connect(&self, origin: Origin) -> Connection {
        self.connect_as(origin, Identity::arriving(&self.shared.acl))
    }

    pub(crate) fn connect_as(&self, origin: Origin, identity: Identity) -> Connection {
        let info = self.shared.clients.add(origin, unix_ms());
        info.names.lock().user = identity.shown_name().to_vec();
        Connection::new(Session::new(info, identity))
    }
}

/// Refuses what must not be passed over with a warning: the server would take writes that belong to another one.
fn refuse_what_is_not_there(config: &Config) -> Result<(), LoadError> {
    if !config.text(ids::REPLICAOF).is_empty() {
        return Err(LoadError::together(
            "replicaof: Redstart has no replication yet, and a server of its own would take writes in the replica's place",
        ));
    }
    if config.get(ids::CLUSTER_ENABLED) {
        return Err(LoadError::together(
            "cluster-enabled yes: Redstart has no cluster mode yet, and a server of its own would take all slots' writes",
        ));
    }
    Ok(())
}

/// All commands, under the names that the configuration gives them.
fn registry(renames: &[Rename]) -> Result<Registry, LoadError> {
    let families: Vec<_> = FAMILIES.iter().chain(redstart_scripting::FAMILIES).copied().collect();
    let mut registry = Registry::new(&families);
    for rename in renames {
        registry.rename(&rename.from, &rename.to).map_err(|error| rename.origin.error(error.to_string()))?;
    }
    Ok(registry)
}

/// Active expiry over a stretch of slots, a round a second at most.
#[derive(Debug)]
pub(crate) struct Sweep {
    walk: expiry::Walk,
    resting_until_ms: i64,
    /// Ticks that this round took so far.
    spent: u64,
}

/// Volatile keys looked at under one pass of active expiry.
const EXPIRE_STEP: usize = 256;
/// Between the end of a round over all volatile keys and the next: so many times as long as the round took, within
/// these bounds.
const EXPIRE_REST: i64 = 10;
const LEAST_REST_MS: i64 = 50;
const MOST_REST_MS: i64 = 500;

impl Sweep {
    pub(crate) fn new(first: usize, end: usize) -> Self {
        Self { walk: expiry::Walk::new(first, end), resting_until_ms: 0, spent: 0 }
    }

    /// Frees expired keys for at most `budget_us` microseconds. Returns whether the round is not finished.
    pub(crate) fn run(&mut self, runner: Runner<'_>, budget_us: u64) -> bool {
        let Runner { shared, stats, share, .. } = runner;
        let now_ms = unix_ms();
        if shared.loading.is_on() {
            return false;
        }
        if now_ms < self.resting_until_ms || !shared.active_expire.load(Ordering::Relaxed) || shared.pause.is_on() {
            return false;
        }
        let budget = (budget_us as f64 * ticks_per_us()) as u64;
        // Waiting for a script or another exclusive command is no work, and earns no rest.
        let mut ticks = 0;
        self.walk.heavy_from = heavy_from(shared.config.get(ids::LAZYFREE_LAZY_EXPIRE));
        let more = loop {
            // Whatever is in the way for so long that it is called busy, expiry waits for its end elsewhere.
            let Some(pass) = shared.keyspace.enter_unless(share, || shared.scripts.busy()) else { break false };
            let started = Ticks::now();
            // The journal is turned on while nobody is inside.
            self.walk.names_parts = shared.journal.is_on();
            let step =
                self.walk.step(&pass, &shared.keyspace.snapshots, now_ms, EXPIRE_STEP, &mut |gone| say(shared, gone));
            stats.expired_keys.add(step.expired as u64);
            stats.expired_parts.add(step.parts as u64);
            step.heavy.into_iter().for_each(|entry| shared.lazy.drop_later(Box::new(entry), 1, None));
            if !step.to_signal.is_empty() {
                serve(runner, &pass, step.to_signal);
            }
            drop(pass);
            ticks += Ticks::now().since(started);
            if step.round {
                break false;
            }
            if ticks > budget {
                break true;
            }
        };
        let took_ms = (ticks as f64 / ticks_per_us() / 1000.0) as u64;
        shared.observer.event(&shared.config, "expire-cycle", took_ms, now_ms);
        stats.expire_ticks.add(ticks);
        shared.tracking.broadcast(shared.recipients());
        self.spent += ticks;
        if !more {
            let spent_ms = (std::mem::take(&mut self.spent) as f64 / ticks_per_us() / 1000.0) as i64;
            self.resting_until_ms = now_ms + (spent_ms * EXPIRE_REST).clamp(LEAST_REST_MS, MOST_REST_MS);
        }
        more
    }
}

/// Reads libraries of functions with the interpreter of the calling thread.
#[derive(Debug)]
struct LibraryReader(Weak<Shared>);

impl ReadLibrary for LibraryReader {
    fn read(&self, libraries: &Libraries, source: &[u8]) -> Result<Arc<Library>, Error> {
        let shared = self.0.upgrade().ok_or(Error::text("ERR the server ends"))?;
        redstart_scripting::read_library(&shared, libraries, source)
    }
}

/// Keeps and publishes what went.
fn say(shared: &Shared, gone: Gone<'_>) {
    match gone {
        Gone::Key(database, key) => shared.gone_by_itself(shared.word_for_expiry(), database, key),
        Gone::Parts(database, key, entry, names) => {
            let is_set = matches!(entry.value(), ValueRef::SetTable(_));
            shared.parts_gone_by_themselves((database, key), is_set, names.iter().map(Vec::as_slice));
        }
        // Without its last part a collection goes when its parts go again.
        Gone::Last(..) => {}
    }
    let (class, event, database, key) = match gone {
        Gone::Key(database, key) => (Event::EXPIRED, "expired", database, key),
        Gone::Last(database, key) => (Event::GENERIC, "del", database, key),
        Gone::Parts(database, key, entry, _) => match entry.value() {
            ValueRef::SetTable(_) => (Event::SET, "sexpired", database, key),
            _ => (Event::HASH, "hexpired", database, key),
        },
    };
    shared.notify(class, event, database, key);
    let is_key = matches!(gone, Gone::Key(..));
    shared.heard(database, key, if is_key { Cause::Expired(None) } else { Cause::MembersExpired });
}

/// What one thread runs commands with.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    share: Share,
    index: usize,
    sweep: RefCell<Sweep>,
}

impl Worker {
    fn runner(&self) -> Runner<'_> {
        Runner { shared: &self.shared, stats: self.stats(), share: self.share, lent: false }
    }

    /// Runs the commands that `data` completes; the answers are in [`Connection::output`]. A batch with scripts is put
    /// off, see [`Connection::put_off`].
    pub fn receive(&self, connection: &mut Connection, data: &[u8]) {
        connection.receive(Runner { lent: true, ..self.runner() }, data);
    }

    /// Runs the batch that was put off, and what came behind it. Meanwhile [`Host::turn`] may be called on this thread.
    ///
    /// [`Host::turn`]: redstart_command::host::Host::turn
    pub fn go_on(&self, connection: &mut Connection) {
        connection.run_put_off(self.runner());
    }

    /// Goes on with a connection whose command waits, if that was answered or its time is up.
    pub fn resume(&self, connection: &mut Connection) {
        connection.resume(Runner { lent: true, ..self.runner() });
    }

    /// Ends what a connection that goes away waits for.
    pub fn abandon(&self, connection: &mut Connection) {
        connection.abandon(self.runner());
    }

    /// What all threads share.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The counters of this worker.
    #[must_use]
    pub fn stats(&self) -> &WorkerStats {
        &self.shared.stats[self.index]
    }

    /// Whether what was changed so far is as safe as it is to be before answers go out.
    #[inline]
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !self.shared.journal.keeps_file() || self.shared.journal.is_settled(&self.shared.config)
    }

    /// Makes it so: written, and with `appendfsync always` on the disk.
    pub fn settle(&self) {
        aof::settle(&self.shared);
    }

    /// Whether answers wait until what they show is on the disk (`appendfsync always`).
    #[must_use]
    pub fn waits_for_disk(&self) -> bool {
        self.shared.journal.keeps_file() && is_always(&self.shared.config)
    }

    /// Where the history of changes is, in bytes since its beginning.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.shared.journal.appended()
    }

    /// How much of it is on the disk.
    #[must_use]
    pub fn durable(&self) -> u64 {
        self.shared.journal.durable()
    }

    /// Microseconds that it takes to bring changes to the disk, the last times more than those before; 0 before the first.
    #[must_use]
    pub fn sync_us(&self) -> u64 {
        self.shared.journal.sync_us()
    }

    /// Writes what was changed, without waiting for the disk: nobody waits for it.
    pub fn write_journal(&self) {
        if !self.is_settled() {
            aof::told(&self.shared, self.shared.journal.write());
        }
    }

    /// Takes a sample of what happens per second. To be called some ten times a second.
    pub fn sample(&self) {
        if self.index == 0 {
            self.shared.rates.sample(unix_ms(), &self.shared.stats);
            self.shared.observer.refresh(&self.shared.config);
        }
    }

    /// Gives keys up where more memory is in use than may be and the commands so far were too few for that. Returns whether
    /// there is more to do at once.
    pub fn evict(&self) -> bool {
        eviction::go_on(self.runner(), unix_ms())
    }

    /// Frees expired keys of this worker's stretch of slots, for at most `budget_us` microseconds. Returns whether there
    /// is more to do; if not, a tenth of a second later is soon enough.
    pub fn expire(&self, budget_us: u64) -> bool {
        let (shared, stats) = (&self.shared, &self.shared.stats[self.index]);
        self.sweep.borrow_mut().run(Runner { shared, stats, share: self.share, lent: false }, budget_us)
    }
}
