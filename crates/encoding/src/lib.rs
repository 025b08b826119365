//! Compact containers.

pub mod int;
pub mod listpack;
