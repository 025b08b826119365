//! Compact containers.

pub mod float;
pub mod glob;
pub mod int;
pub mod listpack;
