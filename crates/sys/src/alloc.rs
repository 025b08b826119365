//! An allocator that counts the allocated bytes, in the size classes in which memory is really used.
//!
//! Each thread counts for itself and adds its count to the shared one at [`FLUSH`] bytes. Counting therefore costs a
//! few instructions, and [`used`] is exact to `FLUSH` bytes per thread.
//!
//! ```text
//!   first allocation     while it runs             destructor            what its end still frees
//!   LOCAL = NEW     ->   LOCAL in -FLUSH..FLUSH -> LOCAL = ENDED    ->   each block to the common figure
//!   (registers itself)   (full: flushed)           (flushed)
//! ```
//! Invariant: the shared count and the counts of the running threads add up to the bytes in use. A thread that ends
//! leaves no error behind, however many threads there were.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

/// A thread's own count is added to the shared one when it leaves `-FLUSH..FLUSH`.
const FLUSH: isize = 16 * 1024;

/// The options of jemalloc, under the name that it reads at start: huge pages, because looking up random keys causes as
/// many TLB misses as data cache misses. Redis advises against huge pages because of fork, which is not used here.
/// `_RJEM_MALLOC_CONF` in the environment overrides this.
// SAFETY: the name is jemalloc's own for this purpose, and the value is the C string pointer it expects.
#[unsafe(export_name = "_rjem_malloc_conf")]
pub static JEMALLOC_OPTIONS: Option<&'static std::ffi::c_char> = Some(first_char(c"thp:always,background_thread:true"));

const fn first_char(text: &'static std::ffi::CStr) -> &'static std::ffi::c_char {
    // SAFETY: a C string has at least its terminating zero, so there is a first character, and it is static.
    unsafe { &*text.as_ptr() }
}

static USED: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Like [`USED`], only of interpreters.
static INTERPRETERS: AtomicIsize = AtomicIsize::new(0);

/// A thread's count before its first allocation, and after its destructor has run: far outside `-FLUSH..FLUSH`, and so
/// far from the ends of the type that no block leads from one to the other. Both are handled like a full count, so that
/// counting needs no branch of its own for them.
const NEW: isize = isize::MIN / 2;
const ENDED: isize = isize::MAX / 2;

thread_local! {
    /// Has no destructor, so that it can be read while the thread's other destructors run.
    static LOCAL: Cell<isize> = const { Cell::new(NEW) };
    static REGISTERED: Registered = const { Registered };
    /// The part of this thread's count that is not yet in [`INTERPRETERS`].
    static UNFLUSHED: Cell<isize> = const { Cell::new(0) };
    /// The total that this thread has added to the shared count.
    static FLUSHED: Cell<isize> = const { Cell::new(0) };
}

/// Bytes in use by the whole process, as allocated; 0 if [`Counting`] is not installed.
#[must_use]
pub fn used() -> usize {
    let used = in_use();
    PEAK.fetch_max(used, Ordering::Relaxed);
    used
}

/// Like [`used`], for checks before every command: two loads, and no update of the peak.
#[inline]
#[must_use]
pub fn in_use() -> usize {
    usize::try_from(USED.load(Ordering::Relaxed) + own()).unwrap_or(0)
}

/// The part of this thread's count that is not flushed.
#[inline]
fn own() -> isize {
    let local = LOCAL.get();
    if (-FLUSH..FLUSH).contains(&local) { local } else { 0 }
}

/// The net bytes that this thread has allocated: exact for differences between two moments, whatever other threads do.
#[must_use]
pub fn taken_by_thread() -> isize {
    FLUSHED.get() + own()
}

/// Bytes used by Lua's interpreters, which are not data.
#[must_use]
pub fn interpreters() -> usize {
    usize::try_from(INTERPRETERS.load(Ordering::Relaxed) + UNFLUSHED.try_with(Cell::get).unwrap_or(0)).unwrap_or(0)
}

/// Counts bytes that an interpreter allocated or freed.
#[cfg(feature = "lua")]
#[inline]
pub(crate) fn count_interpreter(bytes: isize) {
    let _ = UNFLUSHED.try_with(|unflushed| {
        let sum = unflushed.get() + bytes;
        unflushed.set(sum);
        if !(-FLUSH..FLUSH).contains(&sum) {
            flush_interpreters();
        }
    });
}

/// Adds this thread's count of interpreters to the shared one.
#[cfg(feature = "lua")]
#[cold]
pub(crate) fn flush_interpreters() {
    let _ = UNFLUSHED.try_with(|unflushed| INTERPRETERS.fetch_add(unflushed.take(), Ordering::Relaxed));
}

/// The largest result of [`used`], sampled when threads flush their counts.
#[must_use]
pub fn peak() -> usize {
    let _ = used();
    PEAK.load(Ordering::Relaxed)
}

/// The bytes used by an allocation of `size`: jemalloc's size classes, every eight bytes up to 64 (configured in
/// `.cargo/config.toml`), then four per doubling.
#[inline]
#[must_use]
pub const fn size_class(size: usize) -> usize {
    if size <= 64 {
        if size == 0 { 8 } else { (size + 7) & !7 }
    } else {
        let step = 1 << (usize::BITS - 1 - (size - 1).leading_zeros() - 2);
        (size + step - 1) & !(step - 1)
    }
}

#[inline]
fn count(bytes: isize) {
    let sum = LOCAL.get() + bytes;
    if (-FLUSH..FLUSH).contains(&sum) {
        LOCAL.set(sum);
    } else {
        count_aside(bytes);
    }
}

/// Counts bytes that do not fit into the thread's own count.
#[cold]
fn count_aside(bytes: isize) {
    match LOCAL.get() {
        NEW => {
            // Allocations by the registration are counted as usual.
            LOCAL.set(0);
            REGISTERED.with(|_| ());
            count(bytes);
        }
        ENDED => flush(bytes),
        local => {
            LOCAL.set(0);
            flush(local + bytes);
        }
    }
}

fn flush(sum: isize) {
    FLUSHED.set(FLUSHED.get() + sum);
    let used = USED.fetch_add(sum, Ordering::Relaxed) + sum;
    if sum > 0 {
        PEAK.fetch_max(usize::try_from(used).unwrap_or(0), Ordering::Relaxed);
    }
}

/// Flushes the thread's count when the thread ends. Other destructors may allocate and free after it.
struct Registered;

impl Drop for Registered {
    fn drop(&mut self) {
        let own = own();
        LOCAL.set(ENDED);
        flush(own);
    }
}

/// The layout to request: a block of 24 bytes is aligned to 8 only, so an alignment of 16 needs the next larger class.
#[inline]
fn aligned(layout: Layout) -> Layout {
    if layout.align() > 8 { layout.pad_to_align() } else { layout }
}

/// Counts the allocations of the inner allocator. Install it as the program's `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting<A>(pub A);

// SAFETY: every call is forwarded with a layout that is at least as large, and always the same for the same layout;
// counting touches no allocated memory.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counting<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let layout = aligned(layout);
        count(size_class(layout.size()).cast_signed());
        // SAFETY: the caller guarantees what is required here.
        unsafe { self.0.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        let layout = aligned(layout);
        count(-size_class(layout.size()).cast_signed());
        // SAFETY: the caller guarantees what is required here.
        unsafe { self.0.dealloc(ptr, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let layout = aligned(layout);
        count(size_class(layout.size()).cast_signed());
        // SAFETY: the caller guarantees what is required here.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let layout = aligned(layout);
        let new_size = if layout.align() > 8 { new_size.next_multiple_of(layout.align()) } else { new_size };
        count(size_class(new_size).cast_signed() - size_class(layout.size()).cast_signed());
        // SAFETY: the caller guarantees what is required here.
        unsafe { self.0.realloc(ptr, layout, new_size) }
    }
}

#[cfg(test)]
mod tests {
    use super::size_class;

    #[test]
    fn classes_are_four_to_a_doubling() {
        for (size, class) in [
            (0, 8),
            (1, 8),
            (8, 8),
            (9, 16),
            (17, 24),
            (57, 64),
            (65, 80),
            (81, 96),
            (128, 128),
            (129, 160),
            (160, 160),
            (161, 192),
            (257, 320),
            (4097, 5120),
        ] {
            assert_eq!(size_class(size), class, "{size}");
        }
    }
}
