//! Black-box harnesses that drive a running server binary.
//!
//! Nothing here may use a crate of the server: what is tested is the program a user starts, over its sockets. The
//! same harnesses run against real Redis and Valkey (`REDSTART_BIN=/usr/bin/redis-server`), which proves them.
//!
//! Start reading at [`server`] (processes) and [`wire`] (the client), then [`transcript`] and [`differential`].
#![forbid(unsafe_code)]

pub mod differential;
pub mod peers;
pub mod process;
pub mod server;
pub mod tcl;
pub mod transcript;
pub mod value;
pub mod wire;
