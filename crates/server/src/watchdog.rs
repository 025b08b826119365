//! `watchdog-period`: a worker whose turn takes longer than so many milliseconds is reported with what all threads are
//! doing. For searching what makes a server stall; nobody watches otherwise.

use crate::crash;
use crate::server::Server;
use parking_lot::Mutex;
use redstart::config::ids;
use redstart_sys::clock::unix_ms;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A shorter period counts as this one, as in Redis.
const SHORTEST_MS: i64 = 200;

/// Logs what all threads do when a worker's turn takes longer than `watchdog-period`.
#[derive(Debug)]
pub(crate) struct Watchdog {
    on: AtomicBool,
    /// By worker: since when its turn is under way, in unix milliseconds; 0 while it waits, or nobody watches.
    turns: Vec<AtomicI64>,
    /// There is a thread that watches.
    running: Mutex<bool>,
}

impl Watchdog {
    pub(crate) fn new(workers: usize) -> Self {
        let turns = (0..workers).map(|_| AtomicI64::new(0)).collect();
        Self { on: AtomicBool::new(false), turns, running: Mutex::new(false) }
    }

    /// A worker's turn begins.
    pub(crate) fn turn_begins(&self, worker: usize) {
        if self.on.load(Ordering::Relaxed) {
            self.turns[worker].store(unix_ms(), Ordering::Relaxed);
        }
    }

    /// It is over.
    pub(crate) fn turn_ends(&self, worker: usize) {
        if self.on.load(Ordering::Relaxed) {
            self.turns[worker].store(0, Ordering::Relaxed);
        }
    }

    /// Watches where the configuration says so, from now on.
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

/// Until the watchdog is switched off.
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
