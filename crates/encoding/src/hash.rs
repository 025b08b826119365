//! The hash of keys, fields and members: 64 bits, keyed by a secret drawn at start so that nobody outside can choose
//! keys that collide.
//!
//! ```text
//!   63               32 31  29 28         14 13           0
//!   place in the table |     |     tag      |  slot of a key
//! ```
//! The table reads tag and place, never the bits below; those of keys may hold another number.

use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};
use std::sync::OnceLock;

static SECRETS: OnceLock<RapidSecrets> = OnceLock::new();

/// Fixes the secret, for runs that are to be repeated exactly. Has no effect once something was hashed.
pub fn set_seed(seed: u64) {
    let _ = SECRETS.set(RapidSecrets::seed(seed));
}

#[cold]
fn draw() -> RapidSecrets {
    use std::hash::{BuildHasher, Hasher};
    RapidSecrets::seed(std::collections::hash_map::RandomState::new().build_hasher().finish())
}

/// Hashes `bytes` with the process's secret.
#[inline]
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    rapidhash_v3_nano_inline::<true, false>(bytes, SECRETS.get_or_init(draw))
}
