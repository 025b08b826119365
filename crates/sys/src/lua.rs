//! The memory of Lua interpreters: counted separately from data, limited, and refused in time if the system has no
//! more.
//!
//! The bindings' own allocator ends the process if there is no memory. Ours returns null, which Lua converts to the
//! error "not enough memory". That error unwinds past any Rust function on the stack, so it must not occur while there
//! is one:
//! ```text
//!   Memory::run ── strict: the limit holds ──> Lua ──> relaxed(function in Rust) ──> Lua's API, which is not refused
//!                                                          └ has_room: asks before it takes much
//! ```
//! Invariant: an interpreter's blocks come from the program's allocator with the layouts that the bindings use. Blocks
//! from before [`Memory::take_over`], and those left after [`Memory::give_back`], can therefore be freed by the other
//! allocator.

mod stack;

pub use stack::{Look, Looked, Seen};

use crate::alloc::{count_interpreter, size_class};
use mlua::{Lua, Result, ffi};
use std::alloc::{Layout, alloc, dealloc, realloc};
use std::cell::Cell;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr::{null, null_mut};

/// The bytes that must remain for the rest of the process when an interpreter grows.
const HEADROOM: usize = 32 * 1024 * 1024;
/// The system's memory is checked after this many allocated bytes.
const PROBE_BYTES: usize = 1024 * 1024;
/// The script is asked whether it must end after this many allocated bytes, freed or not.
const LOOK_BYTES: usize = 16 * 1024 * 1024;

thread_local! {
    /// Lua itself is running, with no Rust function above it.
    static STRICT: Cell<bool> = const { Cell::new(false) };
    /// The account of the running interpreter; null if there is none.
    static CURRENT: Cell<*const Account> = const { Cell::new(null()) };
}

/// Why an interpreter got no memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It would have exceeded its limit.
    Limit,
    /// The system has no memory.
    System,
}

/// The memory account of an interpreter.
#[derive(Debug)]
struct Account {
    /// As requested by Lua.
    bytes: Cell<isize>,
    /// As counted by the allocator.
    counted: Cell<isize>,
    /// 0 for none.
    limit: Cell<usize>,
    /// The bytes that may be allocated before the next check, freed or not; negative if overdrawn meanwhile. It is the
    /// minimum of what the limit, the system and the script each allow, so that most requests cost one subtraction.
    credit: Cell<isize>,
    /// The value of `credit` when it was last granted.
    given: Cell<isize>,
    /// Bytes allocated until then since the last check of the system, and since the last check of the script.
    unprobed: Cell<usize>,
    unlooked: Cell<usize>,
    refused: Cell<Option<Refused>>,
    /// Returns whether the script must end.
    look: fn() -> bool,
}

impl Account {
    fn add(&self, bytes: isize, counted: isize) {
        self.bytes.set(self.bytes.get() + bytes);
        self.counted.set(self.counted.get() + counted);
        count_interpreter(counted);
    }

    /// Records that the system had no memory, and reverts the count of the failed allocation.
    #[cold]
    fn record_failure(&self, bytes: isize, counted: isize) {
        self.add(bytes, counted);
        self.refused.set(Some(Refused::System));
    }

    fn used(&self) -> usize {
        usize::try_from(self.bytes.get()).unwrap_or(0)
    }

    /// Bytes that may still be allocated.
    fn left(&self) -> usize {
        match self.limit.get() {
            0 => usize::MAX,
            limit => limit.saturating_sub(self.used()),
        }
    }

    /// Whether to grant a request for `more` bytes, in a block of `size`.
    #[inline]
    fn grants(&self, more: usize, size: usize) -> bool {
        let credit = self.credit.get() - size.cast_signed();
        self.credit.set(credit);
        // Requests outside of Lua's own code are not refused.
        credit >= 0 || !STRICT.get() || self.grants_much(more, size)
    }

    /// Performs all checks that are due, and grants new credit.
    #[cold]
    fn grants_much(&self, more: usize, size: usize) -> bool {
        self.settle();
        let granted = self.passes_checks(size) && {
            let within = more <= self.left();
            if !within {
                self.refused.set(Some(Refused::Limit));
            }
            within
        };
        let left = if granted { self.left() - more } else { 0 };
        let (unprobed, unlooked) = (PROBE_BYTES - self.unprobed.get(), LOOK_BYTES - self.unlooked.get());
        self.give(left.min(unprobed).min(unlooked));
        granted
    }

    /// Accounts for the bytes allocated since credit was last granted, and clears the credit.
    fn settle(&self) {
        let taken = usize::try_from(self.given.get() - self.credit.get()).unwrap_or(0);
        self.unprobed.set(self.unprobed.get() + taken);
        self.unlooked.set(self.unlooked.get() + taken);
        self.give(0);
    }

    fn give(&self, credit: usize) {
        let credit = credit.cast_signed();
        self.credit.set(credit);
        self.given.set(credit);
    }

    /// Performs the due checks of script and system before a block of `size` bytes.
    fn passes_checks(&self, size: usize) -> bool {
        let (look, probe) = (self.unlooked.get() >= LOOK_BYTES, self.unprobed.get() >= PROBE_BYTES);
        if look {
            self.unlooked.set(0);
        }
        if probe {
            self.unprobed.set(0);
        }
        if look {
            let _relaxed = Relaxed::new();
            if (self.look)() {
                return false;
            }
        }
        if probe && !can_map(size) {
            self.refused.set(Some(Refused::System));
            return false;
        }
        true
    }

    /// Changes the limit.
    fn set_limit(&self, limit: usize) {
        if self.limit.replace(limit) != limit {
            self.settle();
        }
    }
}

/// Whether there is memory for `bytes` and the headroom: new memory from the system, or memory that the allocator has
/// cached.
fn can_map(bytes: usize) -> bool {
    let Some(size) = bytes.checked_add(HEADROOM) else { return false };
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping at an address that the system chooses touches nothing; it is removed at once.
    let mapped = unsafe {
        let address = libc::mmap(null_mut(), size, protection, flags, -1, 0);
        address != libc::MAP_FAILED && libc::munmap(address, size) == 0
    };
    mapped || Vec::<u8>::new().try_reserve_exact(size).is_ok()
}

/// While it exists, the thread's interpreter is not refused memory.
struct Relaxed(bool);

impl Relaxed {
    fn new() -> Self {
        Self(STRICT.replace(false))
    }
}

impl Drop for Relaxed {
    fn drop(&mut self) {
        STRICT.set(self.0);
    }
}

/// Runs a function that Lua called: its requests to Lua are not refused memory.
#[inline]
pub fn relaxed<R>(function: impl FnOnce() -> R) -> R {
    let _relaxed = Relaxed::new();
    function()
}

/// Whether a function that Lua called may allocate this many bytes.
#[must_use]
pub fn has_room(bytes: usize) -> bool {
    // SAFETY: `Running` removes the pointer while `Memory::run` still borrows its target.
    let account = unsafe { CURRENT.get().as_ref() };
    let refused = if account.is_some_and(|account| bytes > account.left()) {
        Some(Refused::Limit)
    } else if bytes >= PROBE_BYTES && !can_map(bytes) {
        Some(Refused::System)
    } else {
        return true;
    };
    if let Some(account) = account {
        account.refused.set(refused);
    }
    false
}

/// Whether the system has memory for this many bytes and the headroom.
#[must_use]
pub fn system_has(bytes: usize) -> bool {
    can_map(bytes)
}

/// While it exists, an interpreter runs on this thread.
struct Running(bool, *const Account);

impl Running {
    fn new(account: &Account) -> Self {
        Self(STRICT.replace(true), CURRENT.replace(account))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        STRICT.set(self.0);
        CURRENT.set(self.1);
    }
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, ffi::SYS_MIN_ALIGN).ok()
}

fn counted(layout: Layout) -> isize {
    let padded = if layout.align() > 8 { layout.pad_to_align() } else { layout };
    size_class(padded.size()).cast_signed()
}

/// Lua's allocator: frees if `new` is 0, allocates if `block` is null, otherwise resizes.
///
/// # Safety
/// `account` is an [`Account`] that outlives the interpreter's use of it; `block` is null or one of the interpreter's
/// blocks, of `old` bytes.
unsafe extern "C" fn allocate(account: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    // SAFETY: guaranteed by the caller.
    let account = unsafe { &*account.cast::<Account>() };
    let address = match (block.is_null(), new) {
        (true, 0) => null_mut(),
        (true, _) => take(account, new),
        (false, 0) => {
            // SAFETY: guaranteed by the caller.
            unsafe { free(account, block.cast(), old) };
            null_mut()
        }
        // SAFETY: guaranteed by the caller.
        (false, _) => unsafe { resize(account, block.cast(), old, new) },
    };
    address.cast()
}

#[inline]
fn take(account: &Account, size: usize) -> *mut u8 {
    let Some(layout) = layout(size) else { return null_mut() };
    if size == 0 || !account.grants(size, size) {
        return null_mut();
    }
    // Counted before the block exists: the allocator needs the same size class.
    account.add(size.cast_signed(), counted(layout));
    // SAFETY: the size is not 0.
    let address = unsafe { alloc(layout) };
    if address.is_null() {
        account.record_failure(-size.cast_signed(), -counted(layout));
    }
    address
}

/// # Safety
/// `block` is one of the interpreter's, of `size` bytes, and is no longer used.
#[inline]
unsafe fn free(account: &Account, block: *mut u8, size: usize) {
    // SAFETY: the block was allocated with this layout, so the layout exists.
    let layout = unsafe { Layout::from_size_align_unchecked(size, ffi::SYS_MIN_ALIGN) };
    account.add(-size.cast_signed(), -counted(layout));
    // SAFETY: as above; the caller no longer uses it.
    unsafe { dealloc(block, layout) };
}

/// # Safety
/// `block` is one of the interpreter's, of `old` bytes; `new` is not 0. The block is no longer used unless the result
/// is null.
#[inline(never)]
unsafe fn resize(account: &Account, block: *mut u8, old: usize, new: usize) -> *mut u8 {
    // SAFETY: the block was allocated with this layout, so the layout exists.
    let old_layout = unsafe { Layout::from_size_align_unchecked(old, ffi::SYS_MIN_ALIGN) };
    let Some(new_layout) = layout(new) else { return null_mut() };
    if new > old && !account.grants(new - old, new) {
        return null_mut();
    }
    let (more, counted) = (new.cast_signed() - old.cast_signed(), counted(new_layout) - counted(old_layout));
    account.add(more, counted);
    // SAFETY: the block was allocated with this layout; the new size is not 0, and a layout of it exists.
    let address = unsafe { realloc(block, old_layout, new) };
    if address.is_null() {
        account.record_failure(-more, -counted);
    }
    address
}

/// The memory of one interpreter.
#[derive(Debug)]
pub struct Memory {
    /// Freed by `Drop`, unless the interpreter still uses it.
    account: ManuallyDrop<Box<Account>>,
    /// The bindings' allocator, until it is restored.
    original: Cell<Option<(ffi::lua_Alloc, *mut c_void)>>,
}

impl Memory {
    /// Takes over the memory of an interpreter, which must get its allocator back ([`Memory::give_back`]) before it
    /// ends. `look` returns whether the running script must end; it must not use the interpreter.
    ///
    /// # Errors
    /// There is no memory.
    pub fn take_over(lua: &Lua, look: fn() -> bool) -> Result<Self> {
        let used = lua.used_memory().cast_signed();
        let account = ManuallyDrop::new(Box::new(Account {
            bytes: Cell::new(0),
            counted: Cell::new(0),
            limit: Cell::new(0),
            credit: Cell::new(0),
            given: Cell::new(0),
            unprobed: Cell::new(0),
            unlooked: Cell::new(0),
            refused: Cell::new(None),
            look,
        }));
        let memory = Self { account, original: Cell::new(None) };
        // SAFETY: the account lives in its box until the allocator is restored, which `Drop` checks; both allocators
        // take their blocks from the same place with the same layouts.
        unsafe {
            lua.exec_raw::<()>((), |state| {
                let mut extra = null_mut();
                let original = ffi::lua_getallocf(state, &raw mut extra);
                memory.original.set(Some((original, extra)));
                ffi::lua_setallocf(state, allocate, (&raw const **memory.account).cast_mut().cast());
            })?;
        }
        memory.account.add(used, used);
        Ok(memory)
    }

    /// Restores the interpreter's own allocator.
    pub fn give_back(&self, lua: &Lua) {
        let Some((original, extra)) = self.original.take() else { return };
        // SAFETY: this is the allocator with which the interpreter was created.
        let restored = unsafe { lua.exec_raw::<()>((), |state| ffi::lua_setallocf(state, original, extra)) };
        // Otherwise the account would be freed while the interpreter uses it.
        assert!(restored.is_ok(), "an interpreter gets its allocator back");
        self.account.add(-self.account.bytes.get(), -self.account.counted.get());
        crate::alloc::flush_interpreters();
    }

    /// Runs Lua with this limit (0 for none).
    pub fn run<R>(&self, limit: usize, run: impl FnOnce() -> R) -> R {
        self.account.set_limit(limit);
        self.account.refused.set(None);
        let _running = Running::new(&self.account);
        run()
    }

    /// Bytes in use.
    #[must_use]
    pub fn used(&self) -> usize {
        self.account.used()
    }

    /// Why memory was refused since the last run began.
    #[must_use]
    pub fn refused(&self) -> Option<Refused> {
        self.account.refused.get()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // If the allocator was not restored, the account leaks: the interpreter still points to it.
        debug_assert!(self.original.get().is_none(), "the allocator is given back before its account is freed");
        if self.original.get().is_none() {
            // SAFETY: it is not used from here on, and the interpreter has another allocator.
            unsafe { ManuallyDrop::drop(&mut self.account) };
        }
    }
}
