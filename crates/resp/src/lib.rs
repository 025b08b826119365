//! RESP2, RESP3 and inline commands: parsing and writing. No I/O, no commands.
//!
//! Start reading at [`parse`] (bytes to arguments) and [`reply`] (replies to bytes).
//! Source: the Redis serialization protocol specification, versions 2 and 3.
#![forbid(unsafe_code)]

pub mod args;
pub mod inline;
pub mod parse;
pub mod reply;

pub use args::{Args, OwnedArgs, Span};
pub use parse::{Batch, Decoder, LARGE_BULK, Limits, ProtocolError, Source};
pub use reply::Reply;
