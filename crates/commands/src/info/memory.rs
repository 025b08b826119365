//! The section about memory.

use super::Fields;
use super::text::human;
use crate::memory::figures::{Figures, difference, ratio};
use redstart_command::Context;
use redstart_command::scripts::Kind;
use redstart_config::choices::{Choices, MaxmemoryPolicy};
use redstart_config::ids;
use redstart_sys::process;

pub(super) fn memory(context: &mut Context<'_>, fields: &mut Fields<'_>) {
    let figures = Figures::new(context);
    let Figures { used, peak, resident, allocator, .. } = figures;
    let shared = context.shared;
    fields
        .bytes("used_memory", used)
        .bytes("used_memory_rss", resident)
        .bytes("used_memory_peak", peak)
        .add("used_memory_peak_perc", format_args!("{:.2}%", 100.0 * ratio(used, peak)))
        .add("used_memory_overhead", figures.overhead())
        .add("used_memory_startup", figures.startup)
        .add("used_memory_dataset", figures.dataset())
        .add("used_memory_dataset_perc", format_args!("{:.2}%", figures.dataset_percent()))
        .add("allocator_allocated", allocator.allocated)
        .add("allocator_active", allocator.active)
        .add("allocator_resident", allocator.resident)
        .add("allocator_muzzy", 0)
        .bytes("total_system_memory", process::total_memory());
    scripts(context, fields);
    let maxmemory = usize::try_from(shared.config.get(ids::MAXMEMORY)).unwrap_or(usize::MAX);
    fields
        .bytes("maxmemory", maxmemory)
        .add("maxmemory_policy", policy(context))
        .add("allocator_frag_ratio", format_args!("{:.2}", ratio(allocator.active, allocator.allocated)))
        .add("allocator_frag_bytes", difference(allocator.active, allocator.allocated))
        .add("allocator_rss_ratio", format_args!("{:.2}", ratio(allocator.resident, allocator.active)))
        .add("allocator_rss_bytes", difference(allocator.resident, allocator.active))
        .add("rss_overhead_ratio", format_args!("{:.2}", ratio(resident, allocator.resident)))
        .add("rss_overhead_bytes", difference(resident, allocator.resident))
        .add("mem_fragmentation_ratio", format_args!("{:.2}", ratio(resident, used)))
        .add("mem_fragmentation_bytes", difference(resident, used))
        .add("mem_not_counted_for_evict", shared.uncounted_memory())
        .zeros(&[
            "mem_replication_backlog",
            "mem_total_replication_buffers",
            "mem_replica_full_sync_buffer",
            "mem_clients_slaves",
        ])
        .add("mem_clients_normal", figures.clients)
        .zeros(&["mem_cluster_links"])
        .add("mem_aof_buffer", figures.aof_buffer)
        .add("mem_allocator", "jemalloc-5.3.1")
        .zeros(&["mem_overhead_db_hashtable_rehashing", "active_defrag_running"])
        .add("lazyfree_pending_objects", shared.lazy.pending())
        .add("lazyfreed_objects", shared.lazy.freed());
}

/// What scripts and functions take, and their interpreters.
fn scripts(context: &Context<'_>, fields: &mut Fields<'_>) {
    let scripts = &context.shared.scripts;
    let (eval, functions) = (scripts.interpreter_bytes(Kind::Eval), scripts.interpreter_bytes(Kind::Function));
    let (libraries, sources) = (scripts.libraries(), scripts.library_bytes());
    fields
        .add("used_memory_lua", eval)
        .add("used_memory_vm_eval", eval)
        .add("used_memory_lua_human", human(eval))
        .add("used_memory_scripts_eval", scripts.bytes())
        .add("number_of_cached_scripts", scripts.count())
        .add("number_of_functions", libraries.function_count())
        .add("number_of_libraries", libraries.iter().len())
        .add("used_memory_vm_functions", functions)
        .add("used_memory_vm_total", eval + functions)
        .add("used_memory_vm_total_human", human(eval + functions))
        .add("used_memory_functions", sources)
        .add("used_memory_scripts", scripts.bytes() + sources)
        .add("used_memory_scripts_human", human(scripts.bytes() + sources));
}

fn policy(context: &Context<'_>) -> &'static str {
    MaxmemoryPolicy::CHOICES[context.shared.config.get(ids::MAXMEMORY_POLICY) as usize].word
}
