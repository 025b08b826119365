//! The CRC-64 that RDB files, payloads and libraries end with: of all bytes at once, or of one chunk after the other.
//!
//! It begins with zero and inverts nothing, so it is linear: what another beginning does to the sum of a long file can be
//! told from the beginnings and the length alone ([`Checksum::with_beginning`]).

use crc_fast::{CrcAlgorithm, Digest};

const CRC64: CrcAlgorithm = CrcAlgorithm::Crc64Redis;
/// The polynomial, lowest power in the highest bit.
const POLYNOMIAL: u64 = 0xad93_d235_94c9_35a9_u64.reverse_bits();
/// The polynomials 1 and x⁸ in this order of bits.
const ONE: u64 = 1 << 63;
const X8: u64 = 1 << 55;

/// The checksum of these bytes.
///
/// ```
/// assert_eq!(redstart_persistence::checksum::checksum(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
/// ```
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    crc_fast::checksum(CRC64, bytes)
}

/// A checksum of chunks.
#[derive(Clone)]
pub struct Checksum {
    digest: Digest,
    length: u64,
}

impl std::fmt::Debug for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checksum").field("value", &self.value()).field("length", &self.length).finish()
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self { digest: Digest::new(CRC64), length: 0 }
    }
}

impl Checksum {
    /// Adds the next chunk.
    pub fn update(&mut self, chunk: &[u8]) {
        self.digest.update(chunk);
        self.length += chunk.len() as u64;
    }

    /// The checksum so far.
    #[must_use]
    pub fn value(&self) -> u64 {
        self.digest.finalize()
    }

    /// The checksum so far, had the bytes begun with `new` instead of `old`, which is as long.
    ///
    /// # Panics
    /// If the beginnings are not of one length, or longer than all.
    #[must_use]
    pub fn with_beginning(&self, old: &[u8], new: &[u8]) -> u64 {
        assert!(old.len() == new.len() && old.len() as u64 <= self.length);
        let differences: Vec<u8> = old.iter().zip(new).map(|(old, new)| old ^ new).collect();
        self.value() ^ multiply(checksum(&differences), power(X8, self.length - old.len() as u64))
    }
}

/// The product of two polynomials, modulo the checksum's.
fn multiply(one: u64, mut other: u64) -> u64 {
    let mut product = 0;
    for bit in (0..64).rev() {
        if one >> bit & 1 == 1 {
            product ^= other;
        }
        other = other >> 1 ^ if other & 1 == 1 { POLYNOMIAL } else { 0 };
    }
    product
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut product = ONE;
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = multiply(product, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_and_beginnings_give_the_sum_of_the_whole() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|number| (number * 7 % 251) as u8).collect();
        for length in [9, 10, 63, 64, 4096, 10_000] {
            let mut sum = Checksum::default();
            bytes[..length].chunks(77).for_each(|chunk| sum.update(chunk));
            assert_eq!(sum.value(), checksum(&bytes[..length]));
            let other = [b"REDIS0012".as_slice(), &bytes[9..length]].concat();
            assert_eq!(sum.with_beginning(&bytes[..9], b"REDIS0012"), checksum(&other), "{length} bytes");
        }
    }
}
