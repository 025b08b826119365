//! Keys with their hashes, and the slot of a key.
//!
//! ```text
//!   63               32 31  29 28         14 13           0
//!   place in the table |     |     tag      |  slot's bits
//! ```
//! The slot's bits are computed once, with the hash, by the slot function of the keyspace. Outside a cluster they are
//! bits of the hash itself, so that keys with a common `{tag}` are spread. In a cluster they are the CRC16 that its
//! protocol prescribes. Every look-up reads slot, tag and place from this one number, and need not know which function
//! produced it.

use redstart_encoding::hash::hash;

/// The number of slots of a cluster.
pub const CLUSTER_SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 14;

/// A key with its hash.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    bytes: &'a [u8],
    hash: u64,
}

impl<'a> Key<'a> {
    /// A key with a hash returned by [`SlotFunction::hash`].
    #[inline]
    #[must_use]
    pub fn with_hash(bytes: &'a [u8], hash: u64) -> Self {
        debug_assert_eq!(hash >> SLOT_BITS, redstart_encoding::hash::hash(bytes) >> SLOT_BITS);
        Self { bytes, hash }
    }

    /// The key's bytes.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The key's hash.
    #[inline]
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }
}

/// How the slot of a key is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SlotFunction {
    /// By the hash of the whole key.
    #[default]
    Hash,
    /// By the CRC16 of the key, or of the text between its first braces: the slots of a cluster.
    Crc16,
}

impl SlotFunction {
    /// The hash of a key, including the slot's bits.
    #[inline]
    #[must_use]
    pub fn hash(self, key: &[u8]) -> u64 {
        match self {
            Self::Hash => hash(key),
            Self::Crc16 => with_slot(hash(key), cluster_slot(key)),
        }
    }

    /// The key with its hash.
    #[inline]
    #[must_use]
    pub fn key(self, bytes: &[u8]) -> Key<'_> {
        Key { bytes, hash: self.hash(bytes) }
    }
}

fn with_slot(hash: u64, slot: u16) -> u64 {
    hash & !(CLUSTER_SLOTS as u64 - 1) | u64::from(slot)
}

/// The slot of a hash among `count` slots, a power of two.
#[inline]
#[must_use]
pub fn slot_of(hash: u64, count: usize) -> usize {
    (hash as usize) & (count - 1)
}

/// The cluster slot of a key: of the text between the first `{` and the next `}` if that is not empty, otherwise of the
/// whole key.
#[must_use]
pub fn cluster_slot(key: &[u8]) -> u16 {
    let tag = key.iter().position(|&byte| byte == b'{').map(|open| &key[open + 1..]);
    let tag = tag.and_then(|rest| Some(&rest[..rest.iter().position(|&byte| byte == b'}')?]));
    crc16(tag.filter(|tag| !tag.is_empty()).unwrap_or(key)) & (CLUSTER_SLOTS as u16 - 1)
}

/// CRC16 in the XMODEM variant: polynomial 0x1021, initial value 0, highest bit first.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, &byte| crc << 8 ^ CRC16_TABLE[usize::from((crc >> 8) as u8 ^ byte)])
}

static CRC16_TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut crc, mut bit) = ((byte as u16) << 8, 0);
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Access, Keyspace, Options};
    use redstart_encoding::{Entry, Value};

    #[test]
    fn slots_of_a_cluster_are_the_protocols() {
        assert_eq!(crc16(b"123456789"), 0x31C3, "the check value of CRC-16/XMODEM");
        let slots: [(&[u8], u16); 5] =
            [(b"foo", 12182), (b"{foo}bar", 12182), (b"a{foo}{bar}", 12182), (b"", 0), (b"123456789", 12739)];
        for (key, slot) in slots {
            assert_eq!(cluster_slot(key), slot, "{}", key.escape_ascii());
        }
        for whole in [b"{}bar".as_slice(), b"{bar", b"bar}"] {
            assert_eq!(cluster_slot(whole), crc16(whole) % CLUSTER_SLOTS as u16, "no tag: {}", whole.escape_ascii());
        }
    }

    #[test]
    fn keys_are_found_whatever_gives_their_slots() {
        for (slot_function, slots) in [(SlotFunction::Hash, 4096), (SlotFunction::Crc16, CLUSTER_SLOTS)] {
            let keyspace = Keyspace::new(Options { databases: 1, slots, threads: 2, slot_function });
            let names: Vec<String> = (0..1000).map(|number| format!("{{tag}}{number}")).collect();
            let pass = keyspace.enter_exclusive();
            for name in &names {
                let key = keyspace.key(name.as_bytes());
                let entry = Entry::new(key.bytes(), Value::Bytes(b"value"), None);
                Access::one(&pass, key.hash()).slot(key.hash()).table_mut(0).insert(key.hash(), entry);
            }
            for name in &names {
                let key = keyspace.key(name.as_bytes());
                let mut access = Access::one(&pass, key.hash());
                assert!(
                    access.slot(key.hash()).table(0).is_some_and(|table| table.get(key.hash(), key.bytes()).is_some())
                );
            }
            let filled = (0..slots).filter(|&slot| pass.lock(slot).len(0) > 0).count();
            assert_eq!(filled == 1, slot_function == SlotFunction::Crc16, "a tag is one slot of a cluster: {filled}");
        }
    }
}
