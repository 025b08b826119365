//! The memory of Lua interpreters: counted apart from data, limited, and refused in time where the system has no more.
//!
//! The bindings' own allocator ends the process where there is no memory. Ours returns null, of which Lua makes the error
//! "not enough memory". That error jumps over whatever Rust function is on the stack, so it must not come while one is:
//! ```text
//!   Memory::run ── strict: the limit holds ──> Lua ──> relaxed(function in Rust) ──> Lua's API, which is not refused
//!                                                          └ has_room: asks before it takes much
//! ```
//! Invariant: an interpreter's blocks come from the program's allocator with the layouts that the bindings use. So blocks from
//! before [`Memory::take_over`], and those that are left after [`Memory::give_back`], can be freed by the other allocator.

mod stack;

pub use stack::{Look, Looked, Seen};

use crate::alloc::{count_interpreter, size_class};
use mlua::{Lua, Result, ffi};
use std::alloc::{Layout, alloc, dealloc, realloc};
use std::cell::Cell;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr::{null, null_mut};

/// So much more must be left to the rest of the process when an interpreter grows.
const HEADROOM: usize = 32 * 1024 * 1024;
/// After so many bytes the system is asked whether that is so.
const PROBE_BYTES: usize = 1024 * 1024;
/// After so many bytes, freed or not, it is asked whether the script has to end.
const LOOK_BYTES: usize = 16 * 1024 * 1024;

thread_local! {
    /// Lua itself runs, and nothing of Rust above it.
    static STRICT: Cell<bool> = const { Cell::new(false) };
    /// Of the interpreter that runs; null where none does.
    static CURRENT: Cell<*const Account> = const { Cell::new(null()) };
}

/// Why an interpreter got no memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It would have taken more than it may.
    Limit,
    /// The system has none.
    System,
}

/// What an interpreter takes.
#[derive(Debug)]
struct Account {
    /// As Lua asked for them.
    bytes: Cell<isize>,
    /// As the allocator counts them.
    counted: Cell<isize>,
    /// 0 for none.
    limit: Cell<usize>,
    /// What may be taken before anything is asked again, freed or not; negative where it was overdrawn meanwhile. So that most
    /// requests cost one subtraction, it is the least of what the limit, the system and the script each leave.
    credit: Cell<isize>,
    /// What `credit` was when it was last given.
    given: Cell<isize>,
    /// Taken until then since the system was last asked, and since the script was.
    unprobed: Cell<usize>,
    unlooked: Cell<usize>,
    refused: Cell<Option<Refused>>,
    /// Whether the script has to end.
    look: fn() -> bool,
}

impl Account {
    fn add(&self, bytes: isize, counted: isize) {
        self.bytes.set(self.bytes.get() + bytes);
        self.counted.set(self.counted.get() + counted);
        count_interpreter(counted);
    }

    /// Notes that the system had no memory, and takes back what was noted of it.
    #[cold]
    fn lacks(&self, bytes: isize, counted: isize) {
        self.add(bytes, counted);
        self.refused.set(Some(Refused::System));
    }

    fn used(&self) -> usize {
        usize::try_from(self.bytes.get()).unwrap_or(0)
    }

    /// Bytes that may still be taken.
    fn left(&self) -> usize {
        match self.limit.get() {
            0 => usize::MAX,
            limit => limit.saturating_sub(self.used()),
        }
    }

    /// Whether a request for `more` bytes, in a block of `size`, is to be granted.
    #[inline]
    fn grants(&self, more: usize, size: usize) -> bool {
        let credit = self.credit.get() - size.cast_signed();
        self.credit.set(credit);
        // Others are not refused.
        credit >= 0 || !STRICT.get() || self.grants_much(more, size)
    }

    /// Asks whatever is to be asked, and gives new credit.
    #[cold]
    fn grants_much(&self, more: usize, size: usize) -> bool {
        self.settle();
        let granted = self.is_well(size) && {
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

    /// Notes what was taken since credit was last given, and takes it away.
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

    /// Asks the script and the system where it is time to; a block of `size` bytes is to come.
    fn is_well(&self, size: usize) -> bool {
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

    /// Lets another limit hold.
    fn set_limit(&self, limit: usize) {
        if self.limit.replace(limit) != limit {
            self.settle();
        }
    }
}

/// Whether there would be `bytes`, and some more for everything else: new ones from the system, or those that the allocator
/// holds back for later.
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

/// While it lives, the thread's interpreter is not refused memory.
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

/// Runs a function that Lua called: what it asks Lua for is not refused.
#[inline]
pub fn relaxed<R>(function: impl FnOnce() -> R) -> R {
    let _relaxed = Relaxed::new();
    function()
}

/// Whether a function that Lua called may take so many bytes.
#[must_use]
pub fn has_room(bytes: usize) -> bool {
    // SAFETY: `Running` takes the pointer back while `Memory::run` still borrows what it points to.
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

/// Whether the system has so many bytes, and some more for the rest of the process.
#[must_use]
pub fn system_has(bytes: usize) -> bool {
    can_map(bytes)
}

/// While it lives, an interpreter runs on this thread.
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

/// Lua's allocator: frees where `new` is 0, allocates where `block` is null, else resizes.
///
/// # Safety
/// `account` is an [`Account`] that outlives the interpreter's use of it, `block` is null or one of the interpreter's blocks,
/// of `old` bytes.
unsafe extern "C" fn allocate(account: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    // SAFETY: the caller's promise.
    let account = unsafe { &*account.cast::<Account>() };
    let address = match (block.is_null(), new) {
        (true, 0) => null_mut(),
        (true, _) => take(account, new),
        (false, 0) => {
            // SAFETY: the caller's promise.
            unsafe { free(account, block.cast(), old) };
            null_mut()
        }
        // SAFETY: the caller's promise.
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
    // Before the block is there: the allocator has need of the same size class.
    account.add(size.cast_signed(), counted(layout));
    // SAFETY: the size is not 0.
    let address = unsafe { alloc(layout) };
    if address.is_null() {
        account.lacks(-size.cast_signed(), -counted(layout));
    }
    address
}

/// # Safety
/// `block` is one of the interpreter's, of `size` bytes; it is not used any more.
#[inline]
unsafe fn free(account: &Account, block: *mut u8, size: usize) {
    // SAFETY: it was allocated with this layout, so that exists.
    let layout = unsafe { Layout::from_size_align_unchecked(size, ffi::SYS_MIN_ALIGN) };
    account.add(-size.cast_signed(), -counted(layout));
    // SAFETY: as above; the caller does not use it any more.
    unsafe { dealloc(block, layout) };
}

/// # Safety
/// `block` is one of the interpreter's, of `old` bytes; `new` is not 0. The block is used no more unless the answer is null.
#[inline(never)]
unsafe fn resize(account: &Account, block: *mut u8, old: usize, new: usize) -> *mut u8 {
    // SAFETY: it was allocated with this layout, so that exists.
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
        account.lacks(-more, -counted);
    }
    address
}

/// The memory of one interpreter.
#[derive(Debug)]
pub struct Memory {
    /// Freed by `Drop`, unless the interpreter still uses it.
    account: ManuallyDrop<Box<Account>>,
    /// The bindings' allocator, until it is back.
    original: Cell<Option<(ffi::lua_Alloc, *mut c_void)>>,
}

impl Memory {
    /// Takes over an interpreter, which must get its allocator back ([`Memory::give_back`]) before it ends. `look` says
    /// whether the script that runs has to end; it must not use the interpreter.
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
        // SAFETY: the account lives in its box until the allocator is given back, for which `Drop` looks; both allocators take
        // their blocks from the same place with the same layouts.
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

    /// Gives the interpreter its allocator back.
    pub fn give_back(&self, lua: &Lua) {
        let Some((original, extra)) = self.original.take() else { return };
        // SAFETY: this is the allocator that the interpreter was made with.
        let restored = unsafe { lua.exec_raw::<()>((), |state| ffi::lua_setallocf(state, original, extra)) };
        // Without that, the account would be freed under the interpreter.
        assert!(restored.is_ok(), "an interpreter gets its allocator back");
        self.account.add(-self.account.bytes.get(), -self.account.counted.get());
        crate::alloc::flush_interpreters();
    }

    /// Runs Lua: from now on the limit (0 for none) holds.
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
        // Where the allocator was not given back, the account leaks: the interpreter still points to it.
        debug_assert!(self.original.get().is_none(), "the allocator is given back before its account is freed");
        if self.original.get().is_none() {
            // SAFETY: it is not used from here on, and the interpreter has another allocator.
            unsafe { ManuallyDrop::drop(&mut self.account) };
        }
    }
}
