//! Black-box harnesses that drive a running server binary.
//!
//! Nothing here may use a crate of the server: what is tested is the program a user starts, over its sockets. The
//! same harnesses run against real Redis and Valkey (`REDSTART_BIN=/usr/bin/redis-server`), which proves them.
//!
//! Start reading at [`server`] (processes) and [`wire`] (the client), then [`transcript`] and [`differential`].
#![forbid(unsafe_code)]

pub mod changes;
pub mod differential;
pub mod peers;
pub mod process;
pub mod server;
pub mod tcl;
pub mod transcript;
pub mod value;
pub mod wire;

/// The number that the environment gives for a harness, if it gives one.
///
/// # Panics
/// It is no number.
#[must_use]
pub fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}
