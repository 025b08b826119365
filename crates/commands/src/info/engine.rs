//! The sections about the process and its parts.

use super::Fields;
use crate::version::{REDIS_VERSION, REDSTART_VERSION};
use redstart_command::loading::Progress;
use redstart_command::{Context, Shared};
use redstart_config::ids;
use redstart_sys::clock::{ticks_per_us, unix_us};
use redstart_sys::process;
use std::sync::atomic::Ordering;

pub(super) fn server(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let (shared, config) = (context.shared, &context.shared.config);
    let uptime = (context.now_ms - shared.started_ms).max(0) / 1000;
    let executable = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
    let file = config.file().map(|path| path.display().to_string()).unwrap_or_default();
    let mode = if config.get(ids::CLUSTER_ENABLED) { "cluster" } else { "standalone" };
    fields
        .add("redis_version", REDIS_VERSION)
        .add("redstart_version", REDSTART_VERSION)
        .add("redis_git_sha1", "00000000")
        .add("redis_git_dirty", 0)
        .add("redis_build_id", "0")
        .add("redis_mode", mode)
        .add("os", operating_system())
        .add("arch_bits", usize::BITS)
        .add("monotonic_clock", format!("X86 TSC @ {:.0} ticks/us", ticks_per_us()))
        .add("multiplexing_api", shared.host().multiplexing_api())
        .add("atomicvar_api", "rust-atomics")
        .add("gcc_version", "0.0.0")
        .add("process_id", std::process::id())
        .add("process_supervised", shared.host().supervised())
        .add("run_id", &shared.run_id)
        .add("tcp_port", if config.get(ids::PORT) != 0 { config.get(ids::PORT) } else { config.get(ids::TLS_PORT) })
        .add("server_time_usec", unix_us())
        .add("uptime_in_seconds", uptime)
        .add("uptime_in_days", uptime / (24 * 3600))
        .add("hz", config.get(ids::HZ))
        .add("configured_hz", config.get(ids::HZ))
        .add("lru_clock", (context.now_ms / 1000) & 0x00ff_ffff)
        .add("executable", executable)
        .add("config_file", file)
        .add("io_threads_active", u8::from(config.get(ids::THREADS) > 1));
    for (number, listener) in shared.host().listeners().iter().enumerate() {
        fields.add(&format!("listener{number}"), listener);
    }
}

/// Name, release and machine, as `uname` has them.
fn operating_system() -> String {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap_or_default();
    format!("{} {} {}", read("ostype").trim(), read("osrelease").trim(), std::env::consts::ARCH)
}

pub(super) fn clients(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let (keys, with_group) = waited_for(context);
    let clients = context.shared.clients.list();
    let largest = |size: fn(&redstart_command::ClientInfo) -> usize| clients.iter().map(|one| size(one)).max();
    fields
        .add("connected_clients", clients.len())
        .add("cluster_connections", 0)
        .add("maxclients", context.shared.config.get(ids::MAXCLIENTS))
        .add("client_recent_max_input_buffer", largest(|one| one.query_buffer.load(Ordering::Relaxed)).unwrap_or(0))
        .add("client_recent_max_output_buffer", largest(|one| one.output.load(Ordering::Relaxed)).unwrap_or(0))
        .add("blocked_clients", context.shared.listeners.blocked())
        .add("tracking_clients", context.shared.tracking.figures().0)
        .add("pubsub_clients", context.shared.pubsub.clients())
        .add("watching_clients", context.shared.listeners.watching())
        .add("clients_in_timeout_table", clients.iter().filter(|one| has_deadline(one)).count())
        .add("total_watched_keys", context.shared.listeners.watched_keys())
        .add("total_blocking_keys", keys)
        .add("total_blocking_keys_on_nokey", with_group);
    // As Valkey shows it.
    let (reason, actions, left_ms) = match context.shared.pause.state() {
        Some((until_ms, all)) => ("client_pause", if all { "all" } else { "write" }, until_ms - context.now_ms),
        None => ("none", "none", 0),
    };
    fields.add("paused_reason", reason).add("paused_actions", actions).add("paused_timeout_milliseconds", left_ms);
}

fn has_deadline(client: &redstart_command::ClientInfo) -> bool {
    client.blocked.lock().as_ref().is_some_and(|blocked| blocked.deadline_ms().is_some())
}

/// How many keys clients wait for, and for how many of them one waits who wants to hear if they go away.
fn waited_for(context: &mut Context<'_>) -> (usize, usize) {
    let mut sums = (0, 0);
    if context.shared.listeners.blocked() > 0 {
        for slot in 0..context.access.slot_count() {
            let count = |slot: &mut redstart_keyspace::Slot| slot.waiting().map(|all| (all.len(), all.with_group()));
            let (keys, with_group) = context.access.visit(slot, count).unwrap_or_default();
            sums = (sums.0 + keys, sums.1 + with_group);
        }
    }
    sums
}

pub(super) fn persistence(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let shared = context.shared;
    let (saving, runs) = (&shared.saving, shared.saving.runs());
    let ((loaded, expired), saves) = (shared.loading.last(), shared.saving.begun.load(Ordering::Relaxed));
    fields
        .add("loading", u8::from(shared.loading.is_on()))
        .zeros(&["async_loading", "current_cow_peak", "current_cow_size", "current_cow_size_age"])
        .add("current_fork_perc", "0.00")
        .add("current_save_keys_processed", if runs { saving.keys.load(Ordering::Relaxed) } else { 0 })
        .add("current_save_keys_total", if runs { saving.keys_in_all.load(Ordering::Relaxed) } else { 0 })
        .add("rdb_changes_since_last_save", shared.saving.changes(&shared.stats))
        .add("rdb_bgsave_in_progress", u8::from(runs))
        .add("rdb_last_save_time", shared.saving.last_s())
        .add("rdb_last_bgsave_status", if saving.well() { "ok" } else { "err" })
        .add("rdb_last_bgsave_time_sec", saving.took_s().unwrap_or(-1))
        .add("rdb_current_bgsave_time_sec", saving.since_s().map_or(-1, |since_s| context.now_ms / 1000 - since_s))
        .add("rdb_saves", saves)
        .add("rdb_last_cow_size", 0)
        .add("rdb_last_load_keys_expired", expired)
        .add("rdb_last_load_keys_loaded", loaded);
    append_only(shared, fields);
    if let Some(progress) = shared.loading.progress() {
        loading(context.now_ms, progress, fields);
    }
}

/// How far a load is that is under way.
fn loading(now_ms: i64, progress: Progress, fields: &mut Fields<'_>) {
    let Progress { started_ms, total, done, used_memory } = progress;
    let part = done as f64 / total.max(1) as f64;
    let elapsed_s = ((now_ms - started_ms) / 1000).max(0);
    let left_s = if done > 0 { (elapsed_s as f64 * (1.0 - part) / part) as i64 } else { 1 };
    fields
        .add("loading_start_time", started_ms / 1000)
        .add("loading_total_bytes", total)
        .add("loading_rdb_used_mem", used_memory)
        .add("loading_loaded_bytes", done)
        .add("loading_loaded_perc", format_args!("{:.2}", part * 100.0))
        .add("loading_loaded_eta_seconds", left_s);
}

/// The append-only file.
fn append_only(shared: &Shared, fields: &mut Fields<'_>) {
    let Some(figures) = shared.aof.get().map(|aof| aof.figures()) else { return };
    let (journal, well) = (&shared.journal, |well| if well { "ok" } else { "err" });
    fields
        .add("aof_enabled", u8::from(figures.enabled))
        .add("aof_rewrite_in_progress", u8::from(figures.rewriting))
        .add("aof_rewrite_scheduled", u8::from(figures.scheduled))
        .add("aof_last_rewrite_time_sec", figures.last_rewrite_s)
        .add("aof_current_rewrite_time_sec", figures.rewrite_s)
        .add("aof_last_bgrewrite_status", well(figures.last_well))
        .add("aof_rewrites", figures.rewrites)
        .add("aof_rewrites_consecutive_failures", figures.failures)
        .add("aof_last_write_status", well(journal.is_well()))
        .zeros(&["aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size"]);
    if figures.enabled {
        fields
            .add("aof_current_size", figures.bytes)
            .add("aof_base_size", figures.base_bytes)
            .add("aof_pending_rewrite", u8::from(figures.scheduled))
            .add("aof_buffer_length", journal.buffered())
            .add("aof_pending_bio_fsync", u8::from(journal.sync_pending.load(Ordering::Relaxed)))
            .add("aof_delayed_fsync", journal.delayed());
    }
}

/// A line for each worker: what Redis calls an I/O thread runs commands here.
pub(super) fn threads(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let shared = context.shared;
    let clients = shared.clients.list();
    let workers = shared.config.get(ids::THREADS) as usize;
    for (index, worker) in shared.stats.iter().enumerate().take(workers) {
        let served = clients.iter().filter(|client| client.worker == index).count();
        let (reads, writes) = (worker.reads.get(), worker.writes.get());
        fields.add(&format!("io_thread_{index}"), format_args!("clients={served},reads={reads},writes={writes}"));
    }
}

pub(super) fn replication(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let shared = context.shared;
    fields
        .add("role", "master")
        .add("connected_slaves", 0)
        .add("master_failover_state", "no-failover")
        .add("master_replid", shared.replication_id.lock())
        .add("master_replid2", "0".repeat(40))
        .add("master_repl_offset", shared.journal.counted())
        .add("second_repl_offset", -1)
        .add("repl_backlog_active", 0)
        .add("repl_backlog_size", shared.config.get(ids::REPL_BACKLOG_SIZE))
        .zeros(&["repl_backlog_first_byte_offset", "repl_backlog_histlen"]);
}

pub(super) fn cpu(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let ((user, system), (own_user, own_system)) = (process::cpu_seconds(), process::thread_cpu_seconds());
    let seconds = |seconds: f64| format!("{seconds:.6}");
    let active = context.shared.stats[0].turn_ticks.get() as f64 / ticks_per_us() / 1e6;
    fields
        .add("used_cpu_sys", seconds(system))
        .add("used_cpu_user", seconds(user))
        .add("used_cpu_sys_children", seconds(0.0))
        .add("used_cpu_user_children", seconds(0.0))
        .add("used_cpu_sys_main_thread", seconds(own_system))
        .add("used_cpu_user_main_thread", seconds(own_user))
        // Valkey's: what the first worker spent outside of waiting.
        .add("used_active_time_main_thread", seconds(active));
}

pub(super) fn cluster(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    fields.add("cluster_enabled", u8::from(context.shared.config.get(ids::CLUSTER_ENABLED)));
}
