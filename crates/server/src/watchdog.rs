//! `watchdog-period`: reports a worker whose turn exceeds this many milliseconds, with the stacks of all threads. Helps
//! to find out why a server stalls; otherwise disabled.

use crate::crash;
use crate::server::Server;
use parking_lot::Mutex;
use redstart::config::ids;
use redstart_sys::clock::unix_ms;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A shorter period is raised to this one, as in Redis.
const SHORTEST_MS: i64 = 200;

/// Logs the stacks of all threads when a worker's turn exceeds `watchdog-period`.
#[derive(Debug)]
pub(crate) struct Watchdog {
    on: AtomicBool,
    /// By worker: when its turn began, in unix milliseconds; 0 while it waits, or while the watchdog is off.
    turns: Vec<AtomicI64>,
    /// The watchdog thread is running.
    running: Mutex<bool>,
}

impl Watchdog {
    pub(crate) fn new(workers: usize) -> Self {
        let turns = (0..workers).map(|_| AtomicI64::new(0)).collect();
        Self { on: AtomicBool::new(false), turns, running: Mutex::new(false) }
    }

    /// Records the start of a worker's turn.
    pub(crate) fn turn_begins(&self, worker: usize) {
        if self.on.load(Ordering::Relaxed) {
            self.turns[worker].store(unix_ms(), Ordering::Relaxed);
        }
    }

    /// Records the end of a worker's turn.
    pub(crate) fn turn_ends(&self, worker: usize) {
        if self.on.load(Ordering::Relaxed) {
            self.turns[worker].store(0, Ordering::Relaxed);
        }
    }

    /// Starts or stops watching, as configured.
    pub(crate) fn apply(&self, server: &Arc<Server>) {
        let mut running = self.running.lock();
        self.on.store(period_ms(server) > 0, Ordering::Relaxed);
        if period_ms(server) > 0 && !*running {
            let weak = Arc::downgrade(server);
            let thread = std::thread::Builder::new().name("watchdog".to_owned());
            match thread.spawn(move || watch(&weak)) {
                Ok(_) => *running = true,
                Err(error) => server.log.warning(&format!("Can't start the watchdog's thread: {error}")),
            }
        }
    }
}

fn period_ms(server: &Server) -> i64 {
    match server.config().get(ids::WATCHDOG_PERIOD) {
        ..=0 => 0,
        period_ms => period_ms.max(SHORTEST_MS),
    }
}

/// Runs until the watchdog is disabled.
fn watch(server: &Weak<Server>) {
    let mut reported = Vec::new();
    loop {
        let Some(server) = server.upgrade() else { return };
        let (watchdog, period_ms) = (&server.watchdog, period_ms(&server));
        {
            let mut running = watchdog.running.lock();
            if period_ms == 0 {
                *running = false;
                watchdog.turns.iter().for_each(|turn| turn.store(0, Ordering::Relaxed));
                return;
            }
        }
        reported.resize(watchdog.turns.len(), 0);
        for (worker, turn) in watchdog.turns.iter().enumerate() {
            let since_ms = turn.load(Ordering::Relaxed);
            if since_ms == 0 || since_ms == reported[worker] || unix_ms() - since_ms < period_ms {
                continue;
            }
            reported[worker] = since_ms;
            server.log.warning("--- WATCHDOG TIMER EXPIRED ---");
            server.log.warning(&format!("worker-{worker} has been in one turn for {} ms", unix_ms() - since_ms));
            server.log.raw(&crash::traces());
        }
        drop(server);
        std::thread::sleep(Duration::from_millis(period_ms.unsigned_abs() / 2));
    }
}
