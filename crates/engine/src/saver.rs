//! Saving: BGSAVE, the save points of the configuration, and the save at the end.

use crate::snapshot::Snapshot;
use redstart_command::Shared;
use redstart_command::host::Shutdown;
use redstart_command::saving::{Background, Ended, Saving};
use redstart_commands::persistence::{Form, path, place, prepare_end, saves_at_end, temporary};
use redstart_keyspace::Pass;
use redstart_sys::clock::unix_ms;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// Seconds after which a save that failed is tried again.
const RETRY_S: i64 = 5;

/// At the end a save that was called off is waited for so often and so long, so that it leaves no file behind.
const LAST_NAPS: usize = 200;
const NAP: Duration = Duration::from_millis(10);

/// Saves in the background, one at a time.
#[derive(Debug)]
pub struct Saver {
    shared: Weak<Shared>,
    /// Threads that walk over the slots.
    threads: usize,
}

impl Saver {
    pub(crate) fn new(shared: &Arc<Shared>, threads: usize) -> Self {
        Self { shared: Arc::downgrade(shared), threads }
    }

    /// Begins what is due: a save that was put off, or one that a save point asks for. To be called some times a second,
    /// from outside of the keyspace.
    pub fn tick(self: &Arc<Self>) {
        let Some(shared) = self.shared.upgrade() else { return };
        let saving = &shared.saving;
        if shared.loading.is_on() || saving.runs() || shared.keyspace.snapshots.running() {
            return;
        }
        let now_s = unix_ms() / 1000;
        let patient = !saving.well() && now_s - saving.tried_s() <= RETRY_S;
        if patient || !saving.scheduled.load(Ordering::Relaxed) && !due(&shared, now_s) {
            return;
        }
        if let Some(pass) = shared.keyspace.enter_exclusive_unless(|| shared.scripts.busy()) {
            // A command may have begun one while this waited to be let in.
            if !shared.keyspace.snapshots.running() {
                Arc::clone(self).begin(&pass);
            }
        }
    }

    /// Ends a save that runs, without a result.
    pub fn cancel(&self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.saving.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Sees to the data before the end, while nobody is inside; false where it could not be made safe, which the log tells.
    #[must_use]
    pub fn save_at_end(&self, how: Shutdown) -> bool {
        let Some(shared) = self.shared.upgrade() else { return true };
        self.cancel();
        // Without a save there is nothing to be waited for, such as a script that does not end.
        let saves = saves_at_end(&shared, how);
        let pass = if saves { shared.keyspace.enter_exclusive() } else { shared.keyspace.outside() };
        prepare_end(&shared, &pass, how).is_ok()
    }

    /// Removes what [`Saver::save_at_end`] is writing, by somebody who does not wait for it.
    pub fn leave_nothing(&self) {
        if let Some(shared) = self.shared.upgrade() {
            // There may be none.
            let _ = std::fs::remove_file(temporary(&shared.config));
        }
    }

    /// After the last command: saves what changed since [`Saver::save_at_end`], and waits until no file is being written.
    pub fn close(&self, how: Shutdown) {
        let Some(shared) = self.shared.upgrade() else { return };
        if saves_at_end(&shared, how) && shared.saving.changes(&shared.stats) > 0 {
            // The log has it; there is no way back from here.
            let _ = self.save_at_end(how);
        }
        for _ in 0..LAST_NAPS {
            if !shared.saving.runs() {
                break;
            }
            std::thread::sleep(NAP);
        }
    }
}

impl Background for Saver {
    fn begin(self: Arc<Self>, pass: &Pass<'_>) {
        let Some(shared) = self.shared.upgrade() else { return };
        let now_ms = unix_ms();
        let counted = Saving::counted(&shared.stats);
        let snapshot = Snapshot::begin(&shared, pass, now_ms, Arc::new(Form::new(&shared, now_ms)));
        shared.saving.begin(now_ms, snapshot.keys());
        shared.host().log("Background saving started");
        let threads = self.threads;
        let work = move || write(&shared, snapshot, counted, threads);
        if let Err(error) = std::thread::Builder::new().name("bgsave".to_owned()).spawn(work) {
            // Without a thread nothing can walk; the process is at an end of another kind then.
            panic!("no thread for a background save: {error}");
        }
    }
}

/// Writes a snapshot to the file that the configuration names.
fn write(shared: &Shared, snapshot: Snapshot, counted: u64, threads: usize) {
    let (saving, keys, began) = (&shared.saving, snapshot.keys(), Instant::now());
    let path = path(&shared.config);
    let temporary = path.with_file_name(format!("temp-bg-{}.rdb", std::process::id()));
    let file = snapshot.rdb_file(shared, &temporary, false);
    let written = snapshot.write(shared, file, threads, &saving.cancelled);
    let one_by_one = saving.placing.lock();
    let ended = if saving.cancelled.load(Ordering::Relaxed) {
        // It is not wanted, and may not even be there.
        let _ = std::fs::remove_file(&temporary);
        shared.host().log("Background saving cancelled");
        Ended::Cancelled
    } else {
        let bytes = written.as_ref().ok().copied().unwrap_or(0);
        match place(shared, written.map(drop), &temporary, &path) {
            Ok(()) => {
                saving.finished(counted, unix_ms());
                let seconds = began.elapsed().as_secs_f64();
                shared.host().log(&format!(
                    "Background saving terminated with success: {keys} keys, {bytes} bytes, {seconds:.3} seconds"
                ));
                Ended::Well
            }
            Err(_) => {
                shared.host().warn("Background saving error");
                Ended::Badly
            }
        }
    };
    drop(one_by_one);
    saving.end(ended, unix_ms());
}

/// Whether a save point asks for a save.
fn due(shared: &Shared, now_s: i64) -> bool {
    let points = shared.config.save_points();
    let changes = shared.saving.changes(&shared.stats);
    let since_s = u64::try_from(now_s - shared.saving.last_s()).unwrap_or(0);
    let reached = points.iter().find(|point| changes >= point.changes && since_s > point.seconds);
    if let Some(point) = reached {
        shared.host().log(&format!("{} changes in {} seconds. Saving...", point.changes, point.seconds));
    }
    reached.is_some()
}
