//! What jemalloc says of itself, and being told to give memory back. For programs whose allocator it is.

use tikv_jemalloc_ctl::{epoch, stats, stats_print};

/// Bytes, from what was asked for to what the kernel sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Handed out.
    pub allocated: usize,
    /// In pages that hold something that was handed out.
    pub active: usize,
    /// In memory, the allocator's own data included.
    pub resident: usize,
}

/// The figures now; `None` where jemalloc does not count.
#[must_use]
pub fn figures() -> Option<Figures> {
    epoch::advance().ok()?;
    let (allocated, active) = (stats::allocated::read().ok()?, stats::active::read().ok()?);
    Some(Figures { allocated, active, resident: stats::resident::read().ok()? })
}

/// Gives pages that hold nothing back to the kernel; false where that was refused.
#[must_use]
pub fn purge() -> bool {
    // 4096 is jemalloc's number for all arenas.
    [c"thread.tcache.flush", c"arena.4096.purge"].iter().all(|order| {
        let nothing = std::ptr::null_mut();
        // SAFETY: the name is a C string, and both orders take and give no value.
        unsafe { tikv_jemalloc_sys::mallctl(order.as_ptr(), nothing, nothing.cast(), nothing, 0) == 0 }
    })
}

/// All that jemalloc counts, in words.
#[must_use]
pub fn report() -> String {
    let mut text = Vec::new();
    // Writing to a vector cannot fail.
    let _ = stats_print::stats_print(&mut text, stats_print::Options::default());
    String::from_utf8_lossy(&text).into_owned()
}
