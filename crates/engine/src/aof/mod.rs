//! The append-only file of an engine: opened at start, written by the journal, rewritten when it has grown.
//!
//! ```text
//!   start:   manifest ── load base, then what changed ── open the last file ── journal on
//!   rewrite: alone: journal to a new file, base ── let go ── rename, manifest, old files go
//! ```
//! Invariant: at every moment the files that the manifest names hold everything that was acknowledged. So the new file
//! of changes is in the manifest before anything goes there, and the old base and changes leave it only with the new base.
//! Where there is no base yet ([`Stage::Beginning`]), the journal is not complete and nothing is acknowledged.
//!
//! The files stay where they were when changes began to be kept. Where `dir` names another folder since, the next rewrite
//! begins there as if changes were not kept so far.

mod base;
mod load;
mod rewrite;
mod storage;

use parking_lot::Mutex;
use redstart_command::Shared;
use redstart_command::journal::{AppendOnly, Figures, Trouble, words};
use redstart_config::choices::AppendFsync;
use redstart_config::ids;
use redstart_persistence::aof::{Folder, Manifest};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// Between two looks whether what was written is to be brought to the disk.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// At the end a rewrite that was called off is waited for so often and so long.
const LAST_NAPS: usize = 500;
const NAP: Duration = Duration::from_millis(10);
/// Levels of [`redstart_command::host::Host::script_log`].
const NOTICE: u8 = 2;
const WARNING: u8 = 3;

/// How far keeping changes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Off,
    /// Changes are kept in a file of their own until the base is there.
    Beginning,
    /// The files that the manifest names are whole.
    On,
}

/// What stands behind the lock.
#[derive(Debug)]
struct State {
    stage: Stage,
    /// Grows with every change of the stage that makes a rewrite under way useless. The stage alone does not show that:
    /// it may have been turned off and on again.
    turn: u64,
    /// A rewrite is to begin when that is possible.
    scheduled: bool,
    /// When the rewrite began that is under way.
    began: Option<Instant>,
    last_rewrite_s: i64,
    last_well: bool,
    rewrites: u64,
    failures: u64,
    /// After several failures no rewrite begins by itself until then.
    not_before: Option<Instant>,
    /// Minutes until then, the last time.
    delay_minutes: u64,
    /// Bytes of all files when the last rewrite ended.
    rewritten_bytes: u64,
    /// Bytes of the files that are complete: all but the last.
    complete_bytes: u64,
}

/// The files on the disk.
#[derive(Clone, Debug, Default)]
struct Files {
    /// Where they are.
    folder: Folder,
    /// What the manifest there says.
    manifest: Manifest,
}

/// The append-only file of an engine.
#[derive(Debug)]
pub struct Aof {
    shared: Weak<Shared>,
    /// Held by the thread that writes the manifest. Its holder may take the state's lock, and never waits to be alone in
    /// the keyspace.
    files: Mutex<Files>,
    /// Held for moments only: workers look at it.
    state: Mutex<State>,
    /// Held while changes begin or cease to be kept; before the other locks.
    switching: Mutex<()>,
    /// Bytes of the file that is written.
    last_bytes: Arc<AtomicU64>,
    rewriting: AtomicBool,
    /// The rewrite under way is of no use any more.
    cancelled: AtomicBool,
    /// The thread that brings changes to the disk runs.
    syncing: AtomicBool,
    ended: AtomicBool,
}

/// The files could not be opened or loaded; why was told in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed;

impl Failed {
    /// Tells why in the log.
    fn because(shared: &Shared, why: &str) -> Self {
        tell(shared, WARNING, why.to_owned());
        Self
    }
}

impl Aof {
    /// The append-only file of an engine, not opened yet.
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        let state = State {
            stage: Stage::Off,
            turn: 0,
            scheduled: false,
            began: None,
            last_rewrite_s: -1,
            last_well: true,
            rewrites: 0,
            failures: 0,
            not_before: None,
            delay_minutes: 0,
            rewritten_bytes: 0,
            complete_bytes: 0,
        };
        Self {
            shared: Arc::downgrade(shared),
            files: Mutex::default(),
            state: Mutex::new(state),
            switching: Mutex::default(),
            last_bytes: Arc::default(),
            rewriting: AtomicBool::new(false),
            cancelled: AtomicBool::new(false),
            syncing: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        }
    }

    /// Reads the manifest, and loads what it names if changes are to be kept. To be called before anybody changes anything;
    /// [`Aof::open`] goes on from there.
    ///
    /// # Errors
    /// The files are damaged, or cannot be read.
    pub fn load(&self) -> Result<(), Failed> {
        let Some(shared) = self.shared.upgrade() else { return Ok(()) };
        let folder = folder(&shared);
        let mut manifest = read_manifest(&shared, &folder)?;
        let mut loaded = load::Loaded::default();
        if shared.config.get(ids::APPENDONLY) {
            load::upgrade(&shared, &folder, &mut manifest)?;
            loaded = load::load_files(&shared, &folder, &manifest, None)?;
        }
        *self.files.lock() = Files { folder, manifest };
        let mut state = self.state.lock();
        (state.complete_bytes, state.rewritten_bytes) = (loaded.complete_bytes, loaded.base_bytes);
        Ok(())
    }

    /// Keeps changes from here on, if that is wanted: what was loaded from the append-only file goes on there; else it
    /// begins with a base. Loading is over then.
    ///
    /// # Errors
    /// The files cannot be written.
    pub fn open(self: &Arc<Self>, goes_on: bool) -> Result<(), Failed> {
        let Some(shared) = self.shared.upgrade() else { return Ok(()) };
        // It may have been turned on or off while data was loaded.
        if goes_on && shared.config.get(ids::APPENDONLY) {
            self.open_last(&shared)?;
            self.state.lock().stage = Stage::On;
            shared.journal.complete();
            // What the process before did not come to.
            self.drop_history(&shared, &mut self.files.lock());
            self.start_thread();
        }
        if goes_on {
            shared.loading.end(0, 0);
        }
        self.switch_to(&shared, shared.config.get(ids::APPENDONLY)).map_err(|()| Failed)
    }

    /// Whether there is something to be loaded at start.
    #[must_use]
    pub fn has_data(&self) -> bool {
        let Some(shared) = self.shared.upgrade() else { return false };
        let folder = folder(&shared);
        folder.path.join(folder.manifest_name()).exists() || folder.beside(&folder.file_name).is_file()
    }

    /// Opens the file that changes go to, with a base before it where there is nothing at all.
    fn open_last(&self, shared: &Shared) -> Result<(), Failed> {
        let fail = |what: String| Failed::because(shared, &what);
        let Files { folder, mut manifest } = self.files.lock().clone();
        folder.create().map_err(|error| {
            let name = folder.name();
            fail(format!("Can't open or create append-only dir {name}: {}", words(&error)))
        })?;
        let first = manifest.incremental.is_empty();
        if manifest.is_empty() {
            let base = rewrite::new_base(shared, &folder, &mut manifest)
                .map_err(|error| fail(format!("Can't create the AOF base file: {}", words(&error))))?;
            let mut state = self.state.lock();
            (state.rewritten_bytes, state.complete_bytes) = (base.bytes, base.bytes);
            drop(state);
            let name = String::from_utf8_lossy(&base.name).into_owned();
            tell(shared, NOTICE, format!("Creating AOF base file {name} on server start"));
        }
        let mut last = match manifest.incremental.last() {
            Some(last) => last.clone(),
            None => manifest.new_incremental(&folder.file_name, 0),
        };
        // Where it ends is known only until it goes on.
        let end_offset = last.end_offset.take();
        if let Some(info) = manifest.incremental.last_mut() {
            info.end_offset = None;
        }
        let name = String::from_utf8_lossy(&last.name).into_owned();
        let file = folder
            .open(&last.name)
            .map_err(|error| fail(format!("Can't open the append-only file {name}: {}", words(&error))))?;
        folder
            .write_manifest(&manifest)
            .map_err(|error| fail(format!("Can't write the AOF manifest: {}", words(&error))))?;
        self.files.lock().manifest = manifest;
        let by_size = last.start_offset.unwrap_or(0).unsigned_abs() + file.size();
        shared.journal.resume_at(end_offset.map_or(by_size, i64::unsigned_abs));
        let storage = storage::File::new(file, Arc::clone(&self.last_bytes));
        let began = shared.journal.begin(Box::new(storage));
        began.map_err(|error| fail(format!("Can't open the append-only file {name}: {}", words(&error))))?;
        let verb = if first { "Creating" } else { "Opening" };
        tell(shared, NOTICE, format!("{verb} AOF incr file {name} on server start"));
        Ok(())
    }

    /// Starts the thread that brings changes to the disk every second.
    fn start_thread(self: &Arc<Self>) {
        if self.syncing.swap(true, Ordering::AcqRel) {
            return;
        }
        let aof = Arc::downgrade(self);
        let work = move || {
            loop {
                std::thread::sleep(SYNC_EVERY);
                let Some(aof) = aof.upgrade().filter(|aof| !aof.ended.load(Ordering::Acquire)) else { return };
                aof.sync();
            }
        };
        // Without the thread the system brings changes to the disk, some time later.
        if std::thread::Builder::new().name("aof-sync".to_owned()).spawn(work).is_err()
            && let Some(shared) = self.shared.upgrade()
        {
            tell(&shared, WARNING, "Can't start the thread that syncs the AOF".to_owned());
        }
    }

    /// Brings to the disk what was written, where that is to happen every second. With `always` that is what nobody waited
    /// for, as keys that expired.
    fn sync(&self) {
        let Some(shared) = self.shared.upgrade() else { return };
        let (journal, config) = (&shared.journal, &shared.config);
        if self.state.lock().stage == Stage::Off {
            return;
        }
        told(&shared, journal.write());
        let left_out = config.get(ids::NO_APPENDFSYNC_ON_REWRITE) && journal.disk_busy.load(Ordering::Relaxed);
        if config.get(ids::APPENDFSYNC) != AppendFsync::No && !left_out {
            told(&shared, journal.sync());
        }
    }

    /// Keeps changes from here on, or no more; while data is loaded that has to wait.
    fn switch_to(self: &Arc<Self>, shared: &Arc<Shared>, on: bool) -> Result<(), ()> {
        if shared.loading.is_on() {
            return Ok(());
        }
        let _one_by_one = self.switching.lock();
        let stage = self.state.lock().stage;
        match (on, stage) {
            (true, Stage::Off) => self.turn_on(shared),
            (false, Stage::Beginning | Stage::On) => {
                self.turn_off(shared);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Begins with a base, if it can be written at all.
    fn turn_on(self: &Arc<Self>, shared: &Arc<Shared>) -> Result<(), ()> {
        let folder = folder(shared);
        let writable = {
            // A rewrite that is of no use any more may be about to give the file of this name another one.
            let _files = self.files.lock();
            folder.create().and_then(|()| folder.create_file(&rewrite::temporary_changes(&folder)))
        };
        writable.map(drop).map_err(|error| {
            let name = folder.name();
            tell(shared, WARNING, format!("Can't write to append-only dir {name}: {}", words(&error)));
        })?;
        let postponed = shared.keyspace.snapshots.running();
        {
            let mut state = self.state.lock();
            (state.stage, state.turn, state.scheduled) = (Stage::Beginning, state.turn + 1, postponed);
        }
        self.start_thread();
        if !postponed && !self.begin_rewrite(shared) {
            // Without a thread now, it is tried again.
            self.state.lock().scheduled = true;
        }
        Ok(())
    }

    fn turn_off(&self, shared: &Shared) {
        {
            let mut state = self.state.lock();
            (state.stage, state.scheduled, state.turn) = (Stage::Off, false, state.turn + 1);
        }
        told(shared, shared.journal.end(&shared.config));
        self.note_end(shared);
        if self.rewriting.load(Ordering::Acquire) {
            tell(shared, NOTICE, "Killing AOF child".to_owned());
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Notes where the history ended in the last file, for the next one to go on there.
    fn note_end(&self, shared: &Shared) {
        let mut files = self.files.lock();
        let Files { folder, manifest } = &mut *files;
        if let Some(last) = manifest.incremental.last_mut() {
            last.end_offset = i64::try_from(shared.journal.counted()).ok();
            // It can be told from the file's size as well.
            let _ = folder.write_manifest(manifest);
        }
    }

    /// What is due now and then: a rewrite that is wanted, or that the size of the files asks for.
    pub fn tick(self: &Arc<Self>) {
        let Some(shared) = self.shared.upgrade() else { return };
        let mut state = self.state.lock();
        let busy = self.rewriting.load(Ordering::Acquire) || shared.keyspace.snapshots.running();
        if state.stage == Stage::Off && !state.scheduled || busy {
            return;
        }
        if !state.scheduled && !self.has_grown(&shared, &mut state) {
            return;
        }
        state.scheduled = false;
        drop(state);
        self.begin_rewrite(&shared);
    }

    /// Whether the files have grown so much that a rewrite is worth it.
    fn has_grown(&self, shared: &Shared, state: &mut State) -> bool {
        let (percentage, least) =
            (shared.config.get(ids::AUTO_AOF_REWRITE_PERCENTAGE), shared.config.get(ids::AUTO_AOF_REWRITE_MIN_SIZE));
        let size = self.size(state);
        if state.stage != Stage::On || percentage == 0 || size <= least {
            return false;
        }
        let before = state.rewritten_bytes.max(1);
        let growth = (u128::from(size) * 100 / u128::from(before)).saturating_sub(100);
        if growth < u128::from(percentage) || rewrite::is_limited(shared, state) {
            return false;
        }
        tell(shared, NOTICE, format!("Starting automatic rewriting of AOF on {growth}% growth"));
        true
    }

    fn size(&self, state: &State) -> u64 {
        state.complete_bytes + self.last_bytes.load(Ordering::Relaxed)
    }

    /// The data is another than the first base that is being written: it has to be written again.
    fn begin_anew(&self) {
        let mut state = self.state.lock();
        if state.stage == Stage::Beginning {
            (state.scheduled, state.turn) = (true, state.turn + 1);
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Brings everything to the disk: the process ends.
    pub fn close(&self) {
        let Some(shared) = self.shared.upgrade() else { return };
        self.ended.store(true, Ordering::Release);
        let stage = {
            let mut state = self.state.lock();
            (state.scheduled, state.turn) = (false, state.turn + 1);
            std::mem::replace(&mut state.stage, Stage::Off)
        };
        if stage != Stage::Off {
            tell(&shared, NOTICE, "Calling fsync() on the AOF file.".to_owned());
            told(&shared, shared.journal.end(&shared.config));
        }
        if stage == Stage::On {
            self.note_end(&shared);
        }
        // A rewrite under way writes to files that may be another engine's from here on.
        self.cancelled.store(true, Ordering::Relaxed);
        for _ in 0..LAST_NAPS {
            if !self.rewriting.load(Ordering::Acquire) {
                break;
            }
            std::thread::sleep(NAP);
        }
    }

    /// Waits until the first base is there, if changes begin to be kept: without it they would be lost at the end. False
    /// where it cannot be written.
    pub fn finish_beginning(self: &Arc<Self>) -> bool {
        loop {
            {
                let state = self.state.lock();
                if state.stage != Stage::Beginning {
                    return true;
                }
                if !state.last_well {
                    return false;
                }
            }
            self.tick();
            std::thread::sleep(NAP);
        }
    }
}

impl AppendOnly for Aof {
    fn rewrite(self: Arc<Self>, later: bool) -> Result<&'static str, &'static str> {
        let Some(shared) = self.shared.upgrade() else { return Err("ERR the engine is closing") };
        let called_off = self.cancelled.load(Ordering::Relaxed);
        if self.rewriting.load(Ordering::Acquire) && !called_off {
            return Err("ERR Background append only file rewriting already in progress");
        }
        self.state.lock().failures = 0;
        if later || called_off || shared.keyspace.snapshots.running() {
            self.state.lock().scheduled = true;
            return Ok("Background append only file rewriting scheduled");
        }
        if self.begin_rewrite(&shared) {
            return Ok("Background append only file rewriting started");
        }
        Err("ERR Can't execute an AOF background rewriting. Please check the server logs for more information.")
    }

    fn reload(&self, pass: &redstart_keyspace::Pass<'_>) -> Result<(), ()> {
        let Some(shared) = self.shared.upgrade() else { return Err(()) };
        let Files { folder, manifest } = self.files.lock().clone();
        let off = self.state.lock().stage == Stage::Off;
        if !off {
            shared.journal.write();
        }
        shared.journal.suspend(true);
        drop((shared.keyspace.take(pass, None), shared.scripts.flush_libraries()));
        let loaded = load::load_files(&shared, &folder, &manifest, Some(pass));
        shared.loading.end(0, 0);
        shared.journal.suspend(off);
        self.begin_anew();
        loaded.map(|_| ()).map_err(|_| ())
    }

    fn switch(self: Arc<Self>, on: bool) -> Result<(), ()> {
        self.shared.upgrade().map_or(Ok(()), |shared| self.switch_to(&shared, on))
    }

    fn collect(&self) {
        if let Some(shared) = self.shared.upgrade() {
            self.drop_history(&shared, &mut self.files.lock());
        }
    }

    fn is_beginning(&self) -> bool {
        self.rewriting.load(Ordering::Acquire) && self.state.lock().stage == Stage::Beginning
    }

    fn figures(&self) -> Figures {
        let state = self.state.lock();
        Figures {
            enabled: state.stage != Stage::Off,
            rewriting: self.rewriting.load(Ordering::Acquire),
            scheduled: state.scheduled,
            last_rewrite_s: state.last_rewrite_s,
            rewrite_s: state.began.map_or(-1, |began| i64::try_from(began.elapsed().as_secs()).unwrap_or(i64::MAX)),
            last_well: state.last_well,
            rewrites: state.rewrites,
            failures: state.failures,
            bytes: self.size(&state),
            base_bytes: state.rewritten_bytes,
        }
    }
}

/// The folder as configured.
fn folder(shared: &Shared) -> Folder {
    let config = &shared.config;
    let path = config.path(ids::DIR).unwrap_or_default().join(config.path(ids::APPENDDIRNAME).unwrap_or_default());
    Folder { path, file_name: String::from_utf8_lossy(&config.text(ids::APPENDFILENAME)).into_owned() }
}

fn read_manifest(shared: &Shared, folder: &Folder) -> Result<Manifest, Failed> {
    let name = folder.path.join(folder.manifest_name());
    let bytes = folder.manifest().map_err(|error| {
        let (name, why) = (name.display(), words(&error));
        Failed::because(shared, &format!("Fatal error: can't open the AOF manifest file {name} for reading: {why}"))
    })?;
    let Some(bytes) = bytes else { return Ok(Manifest::default()) };
    Manifest::parse(&bytes).map_err(|error| {
        tell(shared, WARNING, "*** FATAL AOF MANIFEST FILE ERROR ***".to_owned());
        if let Some((number, line)) = &error.line {
            tell(shared, WARNING, format!("Reading the manifest file, at line {number}"));
            tell(shared, WARNING, format!(">>> '{}'", String::from_utf8_lossy(line)));
        }
        Failed::because(shared, error.words)
    })
}

/// Writes a line to the log, and gives it back.
fn tell(shared: &Shared, level: u8, line: String) -> String {
    shared.host().script_log(level, &line);
    line
}

/// Makes what was appended until now as safe as it is to be before answers go out.
pub(crate) fn settle(shared: &Shared) {
    told(shared, shared.journal.settle(&shared.config));
}

/// Writes to the log what became of writing, and ends the process where it cannot go on.
pub(crate) fn told(shared: &Shared, trouble: Option<Trouble>) {
    match trouble {
        None | Some(Trouble::Retried(None)) => {}
        Some(Trouble::Retried(Some(line))) => drop(tell(shared, WARNING, line)),
        Some(Trouble::Over) => {
            tell(shared, NOTICE, "AOF write error looks solved, Redis can write again.".to_owned());
        }
        Some(Trouble::Fatal(line)) => {
            if !line.is_empty() {
                tell(shared, WARNING, line);
            }
            let why = "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...";
            shared.host().fail(why);
        }
    }
}
