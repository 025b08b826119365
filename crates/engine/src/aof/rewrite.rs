//! Rewriting: a new base in the place of the old one and of what changed since.

use super::{Aof, Files, NOTICE, Stage, State, WARNING, base, folder, read_manifest, storage, tell};
use crate::snapshot::{Encode, Snapshot};
use redstart_command::Shared;
use redstart_command::journal::words;
use redstart_commands::persistence::Form;
use redstart_config::ids;
use redstart_keyspace::Pass;
use redstart_persistence::aof::{Appender, Folder, Manifest};
use redstart_sys::clock::unix_ms;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// After so many failures in a row a rewrite waits before it begins by itself ...
const PATIENCE: u64 = 3;
/// ... twice as long as the time before, up to so many minutes.
const LONGEST_DELAY_MINUTES: u64 = 60;

/// A base that was made.
pub(super) struct Base {
    pub(super) name: Vec<u8>,
    pub(super) bytes: u64,
}

/// Where the journal went when the rewrite began.
struct Begun {
    /// Where the new files go.
    folder: Folder,
    stage: Stage,
    /// The state's turn at that moment.
    turn: u64,
    /// The base is an RDB file.
    rdb: bool,
    /// Where in the history its file begins.
    start: u64,
}

/// Whether rewrites that keep failing have to wait.
pub(super) fn is_limited(shared: &Shared, state: &mut State) -> bool {
    if state.failures < PATIENCE {
        (state.delay_minutes, state.not_before) = (0, None);
        return false;
    }
    if let Some(at) = state.not_before {
        if Instant::now() < at {
            return true;
        }
        state.not_before = None;
        return false;
    }
    state.delay_minutes = (state.delay_minutes * 2).clamp(1, LONGEST_DELAY_MINUTES);
    let minutes = state.delay_minutes;
    state.not_before = Some(Instant::now() + Duration::from_secs(60 * minutes));
    let line = format!(
        "Background AOF rewrite has repeatedly failed and triggered the limit, will retry in {minutes} minutes"
    );
    tell(shared, WARNING, line);
    true
}

/// Makes a base of what there is, before anybody connects.
pub(super) fn new_base(shared: &Shared, folder: &Folder, manifest: &mut Manifest) -> io::Result<Base> {
    let rdb = shared.config.get(ids::AOF_USE_RDB_PREAMBLE);
    let info = manifest.new_base(&folder.file_name, rdb);
    let path = folder.file(&info.name);
    let snapshot = begin_snapshot(shared, &shared.keyspace.enter_exclusive(), rdb);
    let bytes = write_snapshot(shared, snapshot, (&path, rdb), &AtomicBool::new(false))?;
    Ok(Base { name: info.name, bytes })
}

fn begin_snapshot(shared: &Shared, pass: &Pass<'_>, rdb: bool) -> Snapshot {
    let now_ms = unix_ms();
    let form: Arc<dyn Encode> =
        if rdb { Arc::new(Form::new(shared, now_ms)) } else { Arc::new(base::Commands::new(shared)) };
    Snapshot::begin(shared, pass, now_ms, form)
}

/// Writes a snapshot beside the work; gives its size.
fn write_snapshot(
    shared: &Shared,
    snapshot: Snapshot,
    (path, rdb): (&Path, bool),
    cancelled: &AtomicBool,
) -> io::Result<u64> {
    let file = if rdb { snapshot.rdb_file(shared, path, true) } else { base::file(shared, path, snapshot.libraries()) };
    let threads = usize::try_from(shared.config.get(ids::THREADS)).unwrap_or(1);
    snapshot.write(shared, file, threads, cancelled)
}

impl Aof {
    /// Begins a rewrite on a thread of its own; false where one is under way, or no thread can be had.
    pub(super) fn begin_rewrite(self: &Arc<Self>, shared: &Arc<Shared>) -> bool {
        if self.rewriting.swap(true, Ordering::AcqRel) {
            self.state.lock().scheduled = true;
            return false;
        }
        self.cancelled.store(false, Ordering::Relaxed);
        let (aof, strong) = (Arc::clone(self), Arc::clone(shared));
        if self.ended.load(Ordering::Acquire) {
            self.rewriting.store(false, Ordering::Release);
            return false;
        }
        let work = move || aof.rewrite_now(&strong);
        let started = std::thread::Builder::new().name("aof-rewrite".to_owned()).spawn(work).is_ok();
        if !started {
            self.rewriting.store(false, Ordering::Release);
        }
        started
    }

    /// Rewrites, and once more where it was called off and is wanted again.
    fn rewrite_now(&self, shared: &Shared) {
        while self.rewrite_once(shared) {
            self.cancelled.store(false, Ordering::Relaxed);
        }
        self.rewriting.store(false, Ordering::Release);
        // Here, so that INFO shows no rewrite to a client that WAITAOF has answered.
        let state = self.state.lock();
        if state.stage == Stage::On {
            shared.journal.complete();
        }
    }

    /// Whether it has to be done again at once.
    fn rewrite_once(&self, shared: &Shared) -> bool {
        let began = Instant::now();
        {
            let mut state = self.state.lock();
            state.began = Some(began);
            state.rewrites += 1;
            state.scheduled = false;
        }
        tell(shared, NOTICE, "Background append only file rewriting started".to_owned());
        shared.journal.disk_busy.store(true, Ordering::Relaxed);
        let outcome = self.rewrite_files(shared);
        shared.journal.disk_busy.store(false, Ordering::Relaxed);
        let mut state = self.state.lock();
        state.last_rewrite_s = i64::try_from(began.elapsed().as_secs()).unwrap_or(i64::MAX);
        state.began = None;
        match outcome {
            Ok(done) => {
                (state.last_well, state.failures) = (true, 0);
                // Where it was turned off and on again meanwhile, it begins anew.
                state.scheduled |= !done && state.stage == Stage::Beginning;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                tell(shared, NOTICE, "Background AOF rewrite was called off".to_owned());
                // It may have been turned on again since.
                return !self.ended.load(Ordering::Acquire) && (state.scheduled || state.stage == Stage::Beginning);
            }
            Err(error) => {
                tell(shared, WARNING, format!("Background AOF rewrite terminated with error: {}", words(&error)));
                state.last_well = false;
                state.failures += 1;
                state.scheduled |= state.stage == Stage::Beginning;
            }
        }
        false
    }

    /// Makes the new files; false where changes are no more kept as when it began.
    fn rewrite_files(&self, shared: &Shared) -> io::Result<bool> {
        let folder = folder(shared);
        folder.create()?;
        let temporary = folder.beside(&format!("temp-rewriteaof-bg-{}.aof", std::process::id()));
        let begun = self.begin_files(shared, folder);
        if let Ok(None) = begun {
            self.state.lock().scheduled = true;
            return Ok(false);
        }
        let outcome = begun.and_then(|begun| {
            let Some((begun, snapshot)) = begun else { return Ok(false) };
            let bytes = write_snapshot(shared, snapshot, (&temporary, begun.rdb), &self.cancelled)?;
            let name = temporary.file_name().unwrap_or_default().display();
            tell(shared, NOTICE, format!("Successfully created the temporary AOF base file {name}"));
            self.replace_files(shared, (&temporary, bytes), &begun)
        });
        if !matches!(outcome, Ok(true)) {
            // It may not be there.
            let _ = fs::remove_file(&temporary);
        }
        outcome
    }

    /// Has the journal go on in a new file, and begins a snapshot of the data as it is at this moment. `None` where another
    /// snapshot is under way. What takes time comes before it is alone: the new file is in the manifest, and empty, while
    /// changes still go to the one before.
    fn begin_files(&self, shared: &Shared, folder: Folder) -> io::Result<Option<(Begun, Snapshot)>> {
        let rdb = shared.config.get(ids::AOF_USE_RDB_PREAMBLE);
        let (before, turn) = {
            let state = self.state.lock();
            (state.stage, state.turn)
        };
        if shared.keyspace.snapshots.running() {
            return Ok(None);
        }
        let moves = self.files.lock().folder != folder;
        // What the other folder has is of no use here.
        let stage = if moves && before == Stage::On { Stage::Beginning } else { before };
        let target = self.new_changes(shared, stage, &folder)?;
        let pass = shared.keyspace.enter_exclusive();
        let mut state = self.state.lock();
        if shared.keyspace.snapshots.running() || state.turn != turn {
            return Ok(None);
        }
        if let Some((name, file)) = target {
            shared.journal.write();
            let written = self.last_bytes.load(Ordering::Relaxed);
            shared.journal.begin(Box::new(storage::File::new(file, Arc::clone(&self.last_bytes))))?;
            state.complete_bytes += written;
            let shown = String::from_utf8_lossy(&name).into_owned();
            tell(shared, NOTICE, format!("Creating AOF incr file {shown} on background rewrite"));
        }
        if stage != before {
            (state.stage, state.turn) = (stage, turn + 1);
            shared.journal.lack_base();
        }
        let begun = Begun { folder, stage, turn: state.turn, rdb, start: shared.journal.counted() };
        drop(state);
        Ok(Some((begun, begin_snapshot(shared, &pass, rdb))))
    }

    /// The file that changes go to from the rewrite's beginning on, where they are kept.
    fn new_changes(&self, shared: &Shared, stage: Stage, folder: &Folder) -> io::Result<Option<(Vec<u8>, Appender)>> {
        let name = match stage {
            Stage::Off => return Ok(None),
            Stage::Beginning => temporary_changes(folder),
            Stage::On => {
                let mut files = self.files.lock();
                if self.ended.load(Ordering::Acquire) {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                let mut manifest = files.manifest.clone();
                let start = i64::try_from(shared.journal.counted()).unwrap_or(i64::MAX);
                let name = manifest.new_incremental(&folder.file_name, start).name;
                let file = folder.create_file(&name)?;
                folder.write_manifest(&manifest)?;
                files.manifest = manifest;
                return Ok(Some((name, file)));
            }
        };
        let file = folder.create_file(&name)?;
        Ok(Some((name, file)))
    }

    /// Puts the new base in the place of what it has: the manifest names it, and then the others go.
    fn replace_files(&self, shared: &Shared, (temporary, bytes): (&Path, u64), begun: &Begun) -> io::Result<bool> {
        let mut files = self.files.lock();
        if self.state.lock().turn != begun.turn {
            tell(shared, NOTICE, "The AOF rewrite is of no use any more".to_owned());
            return Ok(false);
        }
        let folder = &begun.folder;
        let mut manifest = if files.folder == *folder {
            files.manifest.clone()
        } else {
            // Numbers go on behind those of files that are there already.
            read_manifest(shared, folder).map_err(|_| io::Error::other("the manifest there is no good"))?
        };
        let info = manifest.new_base(&folder.file_name, begun.rdb);
        fs::rename(temporary, folder.file(&info.name))?;
        let start = i64::try_from(begun.start).unwrap_or(i64::MAX);
        if begun.stage == Stage::Beginning {
            let changes = manifest.new_incremental(&folder.file_name, start);
            fs::rename(folder.file(&temporary_changes(folder)), folder.file(&changes.name))?;
        }
        manifest.retire(usize::from(begun.stage != Stage::Off));
        if let Some(last) = manifest.incremental.last_mut() {
            last.start_offset = Some(start);
        }
        folder.write_manifest(&manifest)?;
        *files = Files { folder: folder.clone(), manifest };
        let mut state = self.state.lock();
        if state.turn != begun.turn {
            // The files are whole up to the moment at which it was turned off.
            return Ok(false);
        }
        state.complete_bytes = bytes;
        if begun.stage == Stage::Beginning {
            state.stage = Stage::On;
        }
        state.rewritten_bytes = self.size(&state);
        drop(state);
        self.drop_history(shared, &mut files);
        tell(shared, NOTICE, "Background AOF rewrite finished successfully".to_owned());
        Ok(true)
    }

    /// Removes the files that are no more needed.
    pub(super) fn drop_history(&self, shared: &Shared, files: &mut Files) {
        let Files { folder, manifest } = files;
        if shared.config.get(ids::AOF_DISABLE_AUTO_GC) || manifest.history.is_empty() {
            return;
        }
        for info in std::mem::take(&mut manifest.history) {
            let name = String::from_utf8_lossy(&info.name).into_owned();
            tell(shared, NOTICE, format!("Removing the history file {name} in the background"));
            // One that stays is named by no manifest.
            let _ = fs::remove_file(folder.file(&info.name));
        }
        if let Err(error) = folder.write_manifest(manifest) {
            tell(shared, WARNING, format!("Can't write the AOF manifest: {}", words(&error)));
        }
    }
}

/// Where changes go until the base is there that they follow on.
pub(super) fn temporary_changes(folder: &Folder) -> Vec<u8> {
    format!("temp-{}.incr", folder.file_name).into_bytes()
}
