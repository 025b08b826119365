//! The services that the connections of an engine share besides its data: users, clients, pub/sub, tracking, script
//! sources, statistics and logs, blocked commands and pauses. No service knows the context of a command, and none runs
//! a command.
//!
//! ```text
//!   spec ──> services ──> command (Context, Shared) ──> commands, scripting, engine
//! ```
//! A handler reaches a service through the context of its command; the engine owns all services. [`session::Session`]
//! is the state that a connection keeps between commands.
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
