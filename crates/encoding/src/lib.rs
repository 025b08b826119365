//! Compact containers.
