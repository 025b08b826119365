//! Who may do what: users, their passwords and permissions, and the log of what was refused.
//!
//! ```text
//!   User ── passwords, on or off
//!     └─ Selector (the root, and any number more) ── commands, key patterns, channels, databases
//! ```
//! A call is allowed if one selector alone allows all of it. Users never change: a change makes another value of the
//! same [`User::id`], puts it in its place in the [`Store`] and raises the store's version. A session keeps the user it
//! saw ([`Identity`]) and looks again when the version is another, so that a command of a user who may do everything
//! costs one comparison.
//!
//! The rules are Redis 8's; permissions on databases are Valkey 9.1's. Nothing here reads files or answers clients.

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
pub use gate::{Gate, Place, record};
pub use identity::{Gone, Identity};
pub use log::{Entry, Event, Log, Reason};
pub use rules::{RuleError, Rules, merge_selectors};
pub use selector::Selector;
pub use store::{Changed, SetUserError, Store};
pub use user::{DEFAULT, User, name_is_valid};
