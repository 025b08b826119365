//! The engine: registry, execution, connections without sockets. Embeddable; it must not know of sockets or signals.
//!
//! Start reading at [`Worker::receive`], the path of a command: `connection` (bytes to commands), `execute` (plan,
//! prefetch, gates, handler).
#![forbid(unsafe_code)]

pub mod aof;
mod blocking;
mod connection;
mod embedded;
mod engine;
mod eviction;
mod execute;
mod library;
mod observe;
mod saver;
mod snapshot;
mod transaction;
mod users;

pub use connection::{Connection, OUTPUT_STALL};
pub use embedded::EmbeddedConnection;
pub use engine::{Engine, Source, Worker};
pub use library::{OpenError, ShutdownError};
pub use redstart_command as command;
pub use redstart_config as config;
pub use redstart_persistence as persistence;
pub use redstart_persistence::aof::{Task as AofTask, check as check_aof};
pub use saver::Saver;
