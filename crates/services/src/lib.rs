//! What the connections of an engine share beside its data: users, clients, publishing, tracking, scripts' sources,
//! statistics and logs, what waits and what is paused. No service knows the context of a command, and none runs one.
//!
//! ```text
//!   spec ──> services ──> command (Context, Shared) ──> commands, scripting, engine
//! ```
//! A handler reaches a service through the context of its command; the engine owns them all. [`session::Session`] is what
//! a connection remembers between commands.
#![forbid(unsafe_code)]

pub mod acl;
pub mod blocked;
pub mod clients;
pub mod commandlog;
pub mod counters;
pub mod fieldsets;
pub mod histogram;
pub mod host;
pub mod hotkeys;
pub mod latency;
pub mod lazyfree;
pub mod listeners;
pub mod loading;
pub mod monitors;
pub mod observe;
pub mod outbox;
pub mod pause;
pub mod pubsub;
pub mod rates;
pub mod saving;
pub mod scripts;
pub mod session;
pub mod stats;
pub mod tracking;
pub mod transaction;
