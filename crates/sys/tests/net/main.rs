//! The network driver, every test on both backends: what arrives is what was sent, in order, whatever the sizes, the
//! peer's pace, the number of buffers, and the moment a token is closed and used again.

#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod echo;
mod harness;
mod lifecycle;
mod pressure;
mod waking;
