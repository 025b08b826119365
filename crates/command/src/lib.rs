//! What a command is, and what it may see: metadata, arguments' meaning, context, session, shared state. No command is
//! defined here, and nothing here does I/O.
//!
//! Start reading at [`spec::Command`], then [`Context`], which is all that a handler gets.
#![forbid(unsafe_code)]

pub mod change;
pub mod context;
pub mod effects;
pub mod eviction;
mod guard;
pub mod journal;
pub mod keys;
pub mod log;
pub mod nested;
pub mod notify;
pub mod outcome;
mod permissions;
mod queue;
pub mod registry;
pub mod run;
mod shared;
pub mod spec;
pub mod timed;
#[cfg(debug_assertions)]
mod uncommitted;

pub use change::{Cause, Change};
pub use context::{Context, Expire};
pub use nested::{Missing, needs_all};
pub use notify::Event;
pub use redstart_config as config;
pub use redstart_services::blocked::{Block, Blocked, TimeoutReply};
pub use redstart_services::clients::{ClientInfo, Clients};
pub use redstart_services::pubsub::Topic;
pub use redstart_services::session::{ReplyMode, Session};
pub use redstart_services::stats::WorkerStats;
pub use redstart_services::{
    acl, blocked, clients, commandlog, counters, fieldsets, histogram, host, hotkeys, latency, lazyfree, listeners,
    loading, monitors, observe, outbox, pause, pubsub, rates, saving, scripts, stats, tracking, transaction,
};
pub use redstart_spec::{CommandSpec, Error, until_nul};
pub use registry::{Registered, Registry};
pub use run::Origin;
pub use shared::{OUTPUT_REST_MS, Shared, WriteRefusal};
pub use spec::{
    Access, Acl, Arg, ArgKind, Arity, Begin, Channels, Command, Databases, Docs, Find, Flags, Group, KeySpec,
};

pub use redstart_encoding::{Entry, Object, ObjectMut, Value, ValueRef};
pub use redstart_keyspace::Key;
pub use redstart_keyspace::waiting::Wanted;
pub use redstart_resp::{Args, Reply};
