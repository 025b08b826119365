//! The interface to the operating system, behind safe functions: locks, clocks, the counting allocator.
//!
//! One of the two crates that may contain `unsafe` code (the other is `encoding`). It must not know what a key, a
//! command or a protocol is. Start reading at [`slots`]: every access to data goes through it.

pub mod alloc;
pub mod clock;
pub mod crash;
pub mod file;
mod gate;
#[cfg(feature = "jemalloc")]
pub mod jemalloc;
pub mod lend;
mod lock;
#[cfg(feature = "lua")]
pub mod lua;
pub mod net;
pub mod prefetch;
pub mod process;
pub mod segment;
pub mod slots;
mod sync;
pub mod syslog;
pub mod title;

pub use gate::{Gate, Share};
pub use lock::SlotLock;
