//! Keeping to `maxmemory`: before each command, and between commands where one round was not enough.
//!
//! ```text
//!   command ─ more in use than may be? ─ no ─> on
//!                                      └ yes ─ a round: keys go one after the other, until there is room, or for as long
//!                                              as maxmemory-eviction-tenacity says
//!                                              ├ enough ──> on
//!                                              ├ running ─> on; whoever is awake goes on between commands
//!                                              └ short ───> commands that may take more memory are refused
//! ```
//! No slot is held when a round begins, and a round holds one at a time: it comes before the command takes its own.
//! So what goes never goes in the middle of a command, a transaction or a script.

use crate::blocking;
use crate::blocking::ReadyKey;
use crate::execute::{Runner, Turn};
use redstart_command::config::ids;
use redstart_command::eviction::OUT_OF_MEMORY;
use redstart_command::{Args, Error, Flags, Registered};
use redstart_keyspace::Pass;
use redstart_keyspace::eviction::{Look, Outcome, Rule};
use redstart_sys::alloc;
use redstart_sys::clock::{Ticks, ticks_per_us};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// There is room.
    Enough,
    /// There is more to give up.
    Running,
    /// There is nothing more to give up.
    Short,
}

/// A round looks at the time, and at what others free beside it, each time so many keys went.
const LOOK_EACH: usize = 16;
/// For memory that is being freed elsewhere a round that finds nothing more to give up waits so long at a time.
const NAP: Duration = Duration::from_micros(50);

impl Turn<'_, '_> {
    /// The gate of memory, where there is a limit.
    #[inline]
    pub(crate) fn memory_gate(&mut self, command: &Registered, args: &Args<'_>) -> Result<(), Error> {
        let shared = self.runner.shared;
        self.session.out_of_memory = false;
        if shared.is_over() || shared.eviction.is_exceeded() { self.make_room(command, args) } else { Ok(()) }
    }

    /// Gives up keys, and refuses the command where that was not enough and it may take more memory.
    #[cold]
    fn make_room(&mut self, command: &Registered, args: &Args<'_>) -> Result<(), Error> {
        let Runner { shared, share, .. } = self.runner;
        self.end_large_clients();
        let pass = self.pass.get_or_insert_with(|| shared.keyspace.enter(share));
        let round = round(self.runner, pass, self.now_ms);
        // What went is known before the answer is: the key may come again with it.
        if self.session.info.outbox.is_filled() {
            self.session.info.outbox.empty_into(self.output);
        }
        self.session.out_of_memory = round == Round::Short;
        if self.session.out_of_memory && self.may_take_memory(command, args) {
            return Err(Error::text(OUT_OF_MEMORY));
        }
        Ok(())
    }

    /// Clients that take more than they may (`maxmemory-clients`) go before any key does. What this one takes is told anew,
    /// since it may have got answers to many commands of this batch.
    fn end_large_clients(&mut self) {
        let (shared, info) = (self.runner.shared, &self.session.info);
        if shared.client_memory_limit().is_some() {
            info.output_capacity.store(self.output.capacity(), Ordering::Relaxed);
            shared.clients.count(info);
            shared.evict_clients();
            self.session.close |= info.killed();
        }
    }

    /// Whether a command may take more memory than before, or is EXEC and one of those queued may.
    fn may_take_memory(&self, command: &Registered, args: &Args<'_>) -> bool {
        let shared = self.runner.shared;
        if let Some(may_take_memory) = command.command.may_take_memory {
            return may_take_memory(shared, args);
        }
        command.flags.has(Flags::DENY_OOM) || self.queued(command).any(|(one, _)| one.flags.has(Flags::DENY_OOM))
    }
}

/// A round between commands, where one is due. Returns whether another is.
pub(crate) fn go_on(runner: Runner<'_>, now_ms: i64) -> bool {
    let shared = runner.shared;
    if !shared.eviction.is_running() || !shared.eviction.take_turn() {
        return false;
    }
    // What is in the way for so long that it is called busy ends some time, and then a command or the next tick goes on.
    let Some(pass) = shared.keyspace.enter_unless(runner.share, || shared.scripts.busy()) else {
        shared.eviction.run();
        return false;
    };
    round(runner, &pass, now_ms) == Round::Running
}

/// One round. Nothing is held.
fn round(runner: Runner<'_>, pass: &Pass<'_>, now_ms: i64) -> Round {
    let shared = runner.shared;
    if shared.pause.is_on() || shared.loading.is_on() {
        return Round::Enough;
    }
    let (began, mut ready) = (Ticks::now(), Vec::new());
    let round = if !shared.is_over() {
        Round::Enough
    } else if let Some(rule) = shared.rule_with_keys(now_ms) {
        evict(runner, pass, (rule, now_ms), &mut ready)
    } else {
        Round::Short
    };
    let before = alloc::taken_by_thread();
    shared.tracking.broadcast(shared.recipients());
    shared.told_of_evicted(before, now_ms);
    if !ready.is_empty() {
        blocking::serve(runner, pass, ready);
    }
    if round == Round::Running {
        shared.eviction.run();
    }
    shared.eviction.set_exceeded(round != Round::Enough);
    observe(runner, "eviction-cycle", began, now_ms);
    round
}

/// Enters an event that began then into what LATENCY shows.
fn observe(Runner { shared, .. }: Runner<'_>, event: &'static str, began: Ticks, now_ms: i64) {
    if shared.config.get(ids::LATENCY_MONITOR_THRESHOLD) > 0 {
        let took_ms = (Ticks::now().since(began) as f64 / ticks_per_us() / 1000.0) as u64;
        shared.observer.event(&shared.config, event, took_ms, now_ms);
    }
}

/// Gives up keys until there is room, time is up, or there are none. Keys that somebody waits for go to `ready`.
fn evict(runner: Runner<'_>, pass: &Pass<'_>, (rule, now_ms): (Rule, i64), ready: &mut Vec<ReadyKey>) -> Round {
    let Runner { shared, stats, .. } = runner;
    let budget = shared.eviction_budget_us().map_or(u64::MAX, |us| (us as f64 * ticks_per_us()) as u64);
    let (began, mut pool) = (Ticks::now(), shared.eviction.pool(stats));
    let mut random = || stats.random();
    let (wanted, mut freed, mut gone) = (shared.excess_memory(), 0, 0);
    while freed < wanted && shared.is_over() {
        let mut look = Look { rule, now_ms, random: &mut random };
        let outcome = pool.evict(pass, &mut look, |slot, database, entry| {
            if slot.waiting().is_some_and(|waiting| waiting.has(database, entry.key())) {
                ready.push((database, entry.key().to_vec()));
            }
            let started = Ticks::now();
            freed += shared.evicted(stats, slot, database, entry, now_ms);
            observe(runner, "eviction-del", started, now_ms);
        });
        match outcome {
            Outcome::Evicted => gone += 1,
            Outcome::Busy => return Round::Running,
            Outcome::NoCandidate if wait_for_freeing(runner, began, budget) => return Round::Enough,
            Outcome::NoCandidate => {
                shared.found_nothing_to_evict(rule, now_ms);
                return Round::Short;
            }
        }
        // What is freed elsewhere is not free yet, and more keys need not go for it.
        let waits = shared.lazy.pending() > 0 && gone % LOOK_EACH == 0;
        if waits || (gone % LOOK_EACH == 0 && Ticks::now().since(began) > budget) {
            return if shared.is_over() { Round::Running } else { Round::Enough };
        }
    }
    Round::Enough
}

/// With nothing more to give up, waits for what is being freed elsewhere. Returns whether there is room then.
fn wait_for_freeing(runner: Runner<'_>, began: Ticks, budget: u64) -> bool {
    let Runner { shared, .. } = runner;
    let mut waited = false;
    while shared.lazy.pending() > 0 && shared.is_over() && Ticks::now().since(began) < budget {
        waited = true;
        std::thread::sleep(NAP);
    }
    waited && !shared.is_over()
}
