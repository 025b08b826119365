//! Access control: users with their passwords and permissions, and the log of refused calls.
//!
//! ```text
//!   User ── passwords, on or off
//!     └─ Selector (the root, and any number more) ── commands, key patterns, channels, databases
//! ```
//! A call is allowed if a single selector allows all of it. A [`User`] value is immutable: a change creates another
//! value with the same [`User::id`], replaces the old one in the [`Store`] and increments the store's version. A
//! session caches its user ([`Identity`]) and looks it up again when the version differs. A command of an unrestricted
//! user therefore costs one comparison.
//!
//! The rules are Redis 8's; database permissions are Valkey 9.1's. This module neither reads files nor writes replies.

mod allowed;
mod check;
mod file;
mod gate;
mod identity;
mod log;
mod rules;
mod selector;
mod store;
mod user;

pub use allowed::Commands;
pub use check::{Call, Denied};
pub use file::parse as parse_file;
pub use gate::{Gate, Outer, Place, Refused, record};
pub use identity::{Identity, UserDeleted};
pub use log::{Entry, Event, Log, Reason};
pub use rules::{RuleError, Rules, merge_selectors};
pub use selector::Selector;
pub use store::{Changed, SetUserError, Store};
pub use user::{DEFAULT, User, name_is_valid};
