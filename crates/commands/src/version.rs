//! Which Redis is followed, and which Redstart this is.

/// The version of Redis whose behaviour is followed; client libraries and scripts test features by it.
pub(crate) const REDIS_VERSION: &str = "8.0.6";
/// The version of this program.
pub(crate) const REDSTART_VERSION: &str = env!("CARGO_PKG_VERSION");
