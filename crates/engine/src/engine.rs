//! The engine as a whole: opened once, shared by all threads.

use crate::connection::Connection;
use crate::execute::Runner;
use redstart_command::clients::Origin;
use redstart_command::{Registry, Session, Shared};
use redstart_commands::FAMILIES;
use redstart_config::{LoadError, Loaded, Rename, ids};
use redstart_keyspace::{Keyspace, Options as KeyspaceOptions, expiry};
use redstart_sys::Share;
use redstart_sys::clock::{Ticks, ticks_per_us, unix_ms};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// An open engine. Cheap to clone: all clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    threads: usize,
}

/// Slots: enough that 128 threads seldom meet, few enough that their headers stay in a core's own cache.
const SLOTS: usize = 4096;

impl Engine {
    /// Opens an engine with what a configuration says.
    ///
    /// # Errors
    /// A rename names no command, or a name that is taken.
    pub fn open(loaded: Loaded) -> Result<Self, LoadError> {
        redstart_sys::clock::start();
        let registry = registry(&loaded.renames)?;
        let config = Arc::new(loaded.config);
        let threads = config.get(ids::THREADS).clamp(1, 128) as usize;
        let databases = config.get(ids::DATABASES).max(1) as usize;
        let keyspace = Keyspace::new(KeyspaceOptions { databases, slots: SLOTS, threads });
        Ok(Self { shared: Arc::new(Shared::new(keyspace, registry, config, threads)), threads })
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
        let walk = expiry::Walk::new(slots * index / self.threads, slots * (index + 1) / self.threads);
        let share = self.shared.keyspace.share();
        Worker { shared: Arc::clone(&self.shared), share, index, walk, resting_until_ms: 0 }
    }

    /// Registers a new connection.
    #[must_use]
    pub fn connect(&self, origin: Origin, authenticated: bool) -> Connection {
        Connection::new(Session::new(self.shared.clients.add(origin, unix_ms()), authenticated))
    }
}

/// All commands, under the names that the configuration gives them.
fn registry(renames: &[Rename]) -> Result<Registry, LoadError> {
    let mut registry = Registry::new(FAMILIES);
    for rename in renames {
        registry.rename(&rename.from, &rename.to).map_err(|error| rename.origin.error(error.to_string()))?;
    }
    Ok(registry)
}

/// What one thread runs commands with.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    share: Share,
    index: usize,
    walk: expiry::Walk,
    resting_until_ms: i64,
}

/// Volatile keys looked at under one pass of active expiry.
const EXPIRE_STEP: usize = 256;
/// A round over all volatile keys is begun at most this often.
const EXPIRE_ROUND_MS: i64 = 1000;

impl Worker {
    fn runner(&self) -> Runner<'_> {
        Runner { shared: &self.shared, stats: &self.shared.stats[self.index], share: self.share }
    }

    /// Runs the commands that `data` completes; the answers are in [`Connection::output`].
    pub fn receive(&self, connection: &mut Connection, data: &[u8]) {
        connection.receive(self.runner(), data);
    }

    /// What all threads share.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The counters of this worker.
    #[must_use]
    pub fn stats(&self) -> &redstart_command::WorkerStats {
        &self.shared.stats[self.index]
    }

    /// Frees expired keys of this worker's stretch of slots, for at most `budget_us` microseconds, and takes a sample of
    /// what happens per second. To be called some ten times a second.
    pub fn expire(&mut self, budget_us: u64) {
        let now_ms = unix_ms();
        if self.index == 0 {
            self.shared.rates.sample(now_ms, &self.shared.stats);
        }
        if now_ms < self.resting_until_ms || !self.shared.active_expire.load(Ordering::Relaxed) {
            return;
        }
        let budget = (budget_us as f64 * ticks_per_us()) as u64;
        let (started, stats) = (Ticks::now(), &self.shared.stats[self.index]);
        loop {
            let pass = self.shared.keyspace.enter(self.share);
            let step = self.walk.step(&pass, now_ms, EXPIRE_STEP, |_, _| stats.expired_keys.add(1));
            drop(pass);
            if step.round {
                self.resting_until_ms = now_ms + EXPIRE_ROUND_MS / 2;
                break;
            }
            if Ticks::now().since(started) > budget {
                break;
            }
        }
        stats.expire_ticks.add(Ticks::now().since(started));
    }
}
