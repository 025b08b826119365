//! The section about memory.

use super::text::{human, ratio};
use super::{Fields, keyspace};
use redstart_command::Context;
use redstart_config::choices::{Choices, MaxmemoryPolicy};
use redstart_config::ids;
use redstart_sys::{alloc, process};

pub(super) fn memory(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let tables: usize = keyspace::survey(context).iter().map(|database| database.table_bytes).sum();
    let shared = context.shared;
    let (used, startup, rss) = (alloc::used(), shared.startup_memory, process::resident_bytes());
    let peak = alloc::peak().max(used);
    let clients: usize = shared.clients.list().iter().map(|client| client.memory()).sum();
    let overhead = startup + tables + clients;
    let dataset = used.saturating_sub(overhead);
    let total = process::total_memory();
    fields
        .bytes("used_memory", used)
        .bytes("used_memory_rss", rss)
        .bytes("used_memory_peak", peak)
        .add("used_memory_peak_perc", format_args!("{:.2}%", 100.0 * ratio(used, peak)))
        .add("used_memory_overhead", overhead)
        .add("used_memory_startup", startup)
        .add("used_memory_dataset", dataset)
        .add(
            "used_memory_dataset_perc",
            format_args!("{:.2}%", 100.0 * ratio(dataset, used.saturating_sub(startup)).min(1.0)),
        )
        .add("allocator_allocated", used)
        .add("allocator_active", used)
        .add("allocator_resident", rss)
        .add("allocator_muzzy", 0)
        .bytes("total_system_memory", total);
    scripts(fields);
    let maxmemory = usize::try_from(shared.config.get(ids::MAXMEMORY)).unwrap_or(usize::MAX);
    fields
        .bytes("maxmemory", maxmemory)
        .add("maxmemory_policy", policy(context))
        .add("allocator_frag_ratio", "1.00")
        .add("allocator_frag_bytes", 0)
        .add("allocator_rss_ratio", format_args!("{:.2}", ratio(rss, used)))
        .add("allocator_rss_bytes", difference(rss, used))
        .add("rss_overhead_ratio", "1.00")
        .add("rss_overhead_bytes", 0)
        .add("mem_fragmentation_ratio", format_args!("{:.2}", ratio(rss, used)))
        .add("mem_fragmentation_bytes", difference(rss, used))
        .zeros(&[
            "mem_not_counted_for_evict",
            "mem_replication_backlog",
            "mem_total_replication_buffers",
            "mem_replica_full_sync_buffer",
            "mem_clients_slaves",
        ])
        .add("mem_clients_normal", clients)
        .zeros(&["mem_cluster_links", "mem_aof_buffer"])
        .add("mem_allocator", "jemalloc-5.3.0")
        .zeros(&["mem_overhead_db_hashtable_rehashing", "active_defrag_running"])
        .add("lazyfree_pending_objects", shared.lazy.pending())
        .add("lazyfreed_objects", shared.lazy.freed());
}

/// There are no scripts, so they take nothing.
fn scripts(fields: &mut Fields<'_>) {
    fields
        .zeros(&["used_memory_lua", "used_memory_vm_eval"])
        .add("used_memory_lua_human", human(0))
        .zeros(&["used_memory_scripts_eval", "number_of_cached_scripts", "number_of_functions", "number_of_libraries"])
        .zeros(&["used_memory_vm_functions", "used_memory_vm_total"])
        .add("used_memory_vm_total_human", human(0))
        .zeros(&["used_memory_functions", "used_memory_scripts"])
        .add("used_memory_scripts_human", human(0));
}

fn policy(context: &Context<'_>) -> &'static str {
    MaxmemoryPolicy::CHOICES[context.shared.config.get(ids::MAXMEMORY_POLICY) as usize].word
}

fn difference(one: usize, other: usize) -> i64 {
    one as i64 - other as i64
}
