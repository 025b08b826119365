//! Which Redis is followed, and which Redstart this is.

/// The version of Redis whose behaviour is followed; client libraries and scripts test features by it.
pub const REDIS_VERSION: &str = "8.0.6";
/// The version of this program.
pub const REDSTART_VERSION: &str = env!("CARGO_PKG_VERSION");

/// A version as one number, `0x00MMmmpp`, as scripts compare it.
#[must_use]
pub fn number_of(version: &str) -> u32 {
    let parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0) & 0xff);
    parts.take(3).fold(0, |number, part| number << 8 | part)
}
