//! Values under keys: databases, slots, locks, expiry, access clocks. No protocol, no commands.
//!
//! ```text
//!   Keyspace ── slots[hash & mask] ── lock ── one table per database ── entries
//!   a thread:  enter -> Pass -> Access (the slots of one command, locked) -> entries -> drop
//! ```
//! Invariants: a key lives in the slot its hash names, in every database. Slot locks are taken in ascending order,
//! all of a command's at once; nothing else is locked while they are held.
#![forbid(unsafe_code)]

mod access;
mod check;
pub mod clock;
mod database;
pub mod eviction;
pub mod expiry;
mod key;
mod slot;
pub mod snapshot;
pub mod waiting;
pub mod watching;

pub use access::Access;
pub use database::{Keyspace, Options, Pass};
pub use key::{CLUSTER_SLOTS, Key, SlotFunction, cluster_slot, slot_of};
pub use slot::Slot;
