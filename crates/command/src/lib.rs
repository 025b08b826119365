//! What a command is, and what it may see: metadata, arguments' meaning, context, session, shared state. No command is
//! defined here, and nothing here does I/O.
//!
//! Start reading at [`spec::Command`], then [`Context`], which is all that a handler gets.
#![forbid(unsafe_code)]

pub mod acl;
pub mod blocked;
pub mod change;
pub mod clients;
pub mod commandlog;
pub mod context;
pub mod counters;
pub mod effects;
mod error;
pub mod eviction;
pub mod fieldsets;
mod guard;
pub mod histogram;
pub mod host;
pub mod hotkeys;
pub mod journal;
pub mod keys;
pub mod latency;
pub mod lazyfree;
pub mod loading;
pub mod log;
pub mod monitors;
pub mod nested;
pub mod notify;
pub mod observe;
pub mod outbox;
pub mod outcome;
pub mod pause;
pub mod pubsub;
mod queue;
pub mod rates;
pub mod registry;
pub mod run;
pub mod saving;
pub mod scripts;
mod session;
mod shared;
pub mod spec;
pub mod stats;
pub mod timed;
pub mod tracking;
pub mod transaction;
#[cfg(debug_assertions)]
mod uncommitted;

pub use blocked::{Block, Blocked, Nothing};
pub use change::{Cause, Change};
pub use clients::{ClientInfo, Clients};
pub use context::{Context, Expire};
pub use error::{Error, until_nul};
pub use nested::{Missing, needs_all};
pub use notify::Event;
pub use pubsub::Topic;
pub use redstart_config as config;
pub use registry::{Registered, Registry};
pub use run::Origin;
pub use session::{ReplyMode, Session};
pub use shared::{DiskTrouble, OUTPUT_REST_MS, Shared};
pub use spec::{
    Access, Acl, Arg, ArgKind, Arity, Begin, Channels, Command, Databases, Docs, Find, Flags, Group, KeySpec,
};
pub use stats::WorkerStats;

pub use redstart_encoding::{Entry, Object, ObjectMut, Value, ValueRef};
pub use redstart_keyspace::Key;
pub use redstart_keyspace::waiting::Wanted;
pub use redstart_resp::{Args, Reply};
