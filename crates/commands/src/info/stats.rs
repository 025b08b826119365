//! The sections of counters.

use super::Fields;
use crate::latency::distribution;
use redstart_command::counters::Counters;
use redstart_command::stats::{Counter, error_words, largest, sum};
use redstart_command::{Context, Topic, WorkerStats};
use redstart_config::ids;
use redstart_sys::clock::ticks_per_us;
use std::sync::atomic::Ordering;

pub(super) fn stats(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let tracked = context.shared.tracking.figures();
    let (stats, rates) = (&context.shared.stats, context.shared.rates.get());
    let total = |counter: fn(&WorkerStats) -> &Counter| sum(stats, counter);
    let exceeded_ms = context.shared.eviction.exceeded_ms();
    let kilobytes = |bytes: u64| format!("{:.2}", bytes as f64 / 1024.0);
    let expire_ms = total(|worker| &worker.expire_ticks) as f64 / ticks_per_us() / 1000.0;
    fields
        .add("total_connections_received", total(|worker| &worker.connections_received))
        .add("total_commands_processed", total(|worker| &worker.commands_processed))
        .add("instantaneous_ops_per_sec", rates.commands)
        .add("total_net_input_bytes", total(|worker| &worker.input_bytes))
        .add("total_net_output_bytes", total(|worker| &worker.output_bytes))
        .zeros(&["total_net_repl_input_bytes", "total_net_repl_output_bytes"])
        .add("instantaneous_input_kbps", kilobytes(rates.input_bytes))
        .add("instantaneous_output_kbps", kilobytes(rates.output_bytes))
        .add("instantaneous_input_repl_kbps", "0.00")
        .add("instantaneous_output_repl_kbps", "0.00")
        .add("rejected_connections", total(|worker| &worker.connections_rejected))
        .zeros(&["sync_full", "sync_partial_ok", "sync_partial_err"])
        .add("expired_subkeys", total(|worker| &worker.expired_parts))
        // The same by Valkey's name.
        .add("expired_fields", total(|worker| &worker.expired_parts))
        .add("expired_keys", total(|worker| &worker.expired_keys))
        .add("expired_stale_perc", "0.00")
        .add("expired_time_cap_reached_count", 0)
        .add("expire_cycle_cpu_milliseconds", expire_ms as u64)
        .add("evicted_keys", total(|worker| &worker.evicted_keys))
        .add("evicted_clients", context.shared.clients.evicted.load(Ordering::Relaxed))
        .add("evicted_scripts", context.shared.scripts.evicted())
        .add("total_eviction_exceeded_time", exceeded_ms.0)
        .add("current_eviction_exceeded_time", exceeded_ms.1)
        .add("keyspace_hits", total(|worker| &worker.keyspace_hits))
        .add("keyspace_misses", total(|worker| &worker.keyspace_misses))
        .add("pubsub_channels", context.shared.pubsub.len(Topic::Channel))
        .add("pubsub_patterns", context.shared.pubsub.len(Topic::Pattern))
        .add("pubsubshard_channels", context.shared.pubsub.len(Topic::Shard))
        .zeros(&["latest_fork_usec", "total_forks"])
        .zeros(&["migrate_cached_sockets", "slave_expires_tracked_keys", "active_defrag_hits", "active_defrag_misses"])
        .zeros(&["active_defrag_key_hits", "active_defrag_key_misses", "total_active_defrag_time"])
        .zeros(&["current_active_defrag_time"])
        .add("tracking_total_keys", tracked.1)
        .add("tracking_total_items", tracked.2)
        .add("tracking_total_prefixes", tracked.3)
        .zeros(&["unexpected_error_replies"])
        .add("total_error_replies", total(|worker| &worker.error_replies))
        .add("dump_payload_sanitizations", 0)
        .add("total_reads_processed", total(|worker| &worker.reads))
        .add("total_writes_processed", total(|worker| &worker.writes))
        .zeros(&["io_threaded_reads_processed", "io_threaded_writes_processed"])
        .add("client_query_buffer_limit_disconnections", total(|worker| &worker.query_buffer_limit))
        .add("client_output_buffer_limit_disconnections", total(|worker| &worker.output_buffer_limit))
        .zeros(&["reply_buffer_shrinks", "reply_buffer_expands"])
        .add("eventloop_cycles", total(|worker| &worker.turns))
        .add("eventloop_duration_sum", us(total(|worker| &worker.turn_ticks)))
        .add("eventloop_duration_cmd_sum", us(command_ticks(stats)))
        .add("instantaneous_eventloop_cycles_per_sec", rates.turns / context.shared.config.get(ids::THREADS).max(1))
        .add("instantaneous_eventloop_duration_usec", us(rates.turn_ticks.checked_div(rates.turns).unwrap_or(0)))
        .add("acl_access_denied_auth", total(|worker| &worker.auth_denied))
        .add("acl_access_denied_cmd", total(|worker| &worker.commands_denied))
        .add("acl_access_denied_key", total(|worker| &worker.keys_denied))
        .add("acl_access_denied_channel", total(|worker| &worker.channels_denied))
        // Valkey's.
        .add("acl_access_denied_tls_cert", total(|worker| &worker.certificates_denied))
        .add("acl_access_denied_db", total(|worker| &worker.databases_denied));
}

/// Ticks in microseconds.
fn us(ticks: u64) -> u64 {
    (ticks as f64 / ticks_per_us()) as u64
}

/// Ticks spent in commands.
fn command_ticks(stats: &Counters) -> u64 {
    stats.iter().flat_map(|worker| worker.commands.iter()).map(|one| one.ticks.get()).sum()
}

/// What only those want to know who look into the server's own time.
pub(super) fn debug(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let stats = &context.shared.stats;
    fields
        .add("eventloop_duration_aof_sum", 0)
        .add("eventloop_duration_cron_sum", us(sum(stats, |worker| &worker.upkeep_ticks)))
        .add("eventloop_duration_max", us(largest(stats, |worker| &worker.turn_ticks_max)))
        .add("eventloop_cmd_per_cycle_max", largest(stats, |worker| &worker.turn_commands_max))
        .zeros(&[
            "allocator_allocated_lua",
            "allocator_active_lua",
            "allocator_resident_lua",
            "allocator_frag_bytes_lua",
        ]);
}

/// A line for each command that was called.
pub(super) fn commands(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let (stats, ticks_per_us) = (&context.shared.stats, ticks_per_us());
    for command in context.shared.registry.all() {
        let of_all = |counter: fn(&redstart_command::stats::CommandStats) -> &Counter| -> u64 {
            stats.iter().map(|worker| counter(&worker.commands[command.id as usize]).get()).sum()
        };
        let (calls, rejected, failed) =
            (of_all(|one| &one.calls), of_all(|one| &one.rejected), of_all(|one| &one.failed));
        if calls == 0 && rejected == 0 && failed == 0 {
            continue;
        }
        let usec = of_all(|one| &one.ticks) as f64 / ticks_per_us;
        let per_call = if calls == 0 { 0.0 } else { usec / calls as f64 };
        fields.add(
            &format!("cmdstat_{}", command.full_name),
            format_args!(
                "calls={calls},usec={usec:.0},usec_per_call={per_call:.2},rejected_calls={rejected},failed_calls={failed}"
            ),
        );
    }
}

/// A line for each command whose calls were measured, with the percentiles that `latency-tracking-info-percentiles` names.
pub(super) fn latencies(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    if !context.shared.config.get(ids::LATENCY_TRACKING) {
        return;
    }
    let text = context.shared.config.text(ids::LATENCY_TRACKING_INFO_PERCENTILES);
    let text = String::from_utf8_lossy(&text);
    let percents: Vec<(&str, f64)> = text.split(' ').filter_map(|one| Some((one, one.parse().ok()?))).collect();
    for command in context.shared.registry.all() {
        let Some(distribution) = distribution(context, command) else { continue };
        let us = |percent: f64| distribution.percentile(percent) as f64 / 1000.0;
        let values: Vec<String> =
            percents.iter().map(|(name, percent)| format!("p{name}={:.3}", us(*percent))).collect();
        fields.add(&format!("latency_percentiles_usec_{}", command.full_name), values.join(","));
    }
}

/// A line for each code word of an error reply.
pub(super) fn errors(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    for (word, count) in error_words(&context.shared.stats) {
        // A word is what a client made of it, and must not look like a line or a field.
        let word = String::from_utf8_lossy(&word).replace(['#', ':', '\n', '\r'], "_");
        fields.add(&format!("errorstat_{word}"), format_args!("count={count}"));
    }
}
