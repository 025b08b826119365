//! Compact containers.

pub mod float;
pub mod int;
pub mod listpack;
