//! The engine: registry, execution, connections without sockets. Embeddable; it must not know of sockets or signals.
//!
//! Start reading at [`execute`](crate::Engine::receive): the path of a command.
#![forbid(unsafe_code)]

mod connection;
mod execute;

pub use connection::Connection;
