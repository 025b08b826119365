//! jemalloc's figures, and releasing unused memory. For programs that use it as their allocator.

use tikv_jemalloc_ctl::{epoch, stats, stats_print};

/// Bytes, from the program's requests to the kernel's view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Allocated by the program.
    pub allocated: usize,
    /// In pages with at least one allocation.
    pub active: usize,
    /// In physical memory, including the allocator's own data.
    pub resident: usize,
}

/// The current figures; `None` if jemalloc does not count.
#[must_use]
pub fn figures() -> Option<Figures> {
    epoch::advance().ok()?;
    let (allocated, active) = (stats::allocated::read().ok()?, stats::active::read().ok()?);
    Some(Figures { allocated, active, resident: stats::resident::read().ok()? })
}

/// Returns empty pages to the kernel; returns false if that was refused.
#[must_use]
pub fn purge() -> bool {
    // 4096 is jemalloc's number for all arenas.
    [c"thread.tcache.flush", c"arena.4096.purge"].iter().all(|order| {
        let nothing = std::ptr::null_mut();
        // SAFETY: the name is a C string, and neither command takes or returns a value.
        unsafe { tikv_jemalloc_sys::mallctl(order.as_ptr(), nothing, nothing.cast(), nothing, 0) == 0 }
    })
}

/// jemalloc's full statistics, as text.
#[must_use]
pub fn report() -> String {
    let mut text = Vec::new();
    // Writing to a vector cannot fail.
    let _ = stats_print::stats_print(&mut text, stats_print::Options::default());
    String::from_utf8_lossy(&text).into_owned()
}
