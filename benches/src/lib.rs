//! What the micro-benchmarks share: the server's allocator, commands in the protocol's words, cheap random numbers.
#![forbid(unsafe_code)]

use redstart_sys::alloc::Counting;

/// What the server uses, since half of an insertion is its allocation.
#[global_allocator]
static ALLOCATOR: Counting<tikv_jemallocator::Jemalloc> = Counting(tikv_jemallocator::Jemalloc);

/// A generator of numbers (xorshift64*), for keys that no processor foresees.
#[derive(Debug)]
pub struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl Random {
    /// A number below `end`.
    #[inline]
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((u128::from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)) * end as u128) >> 64) as usize
    }
}

/// The sixteen bytes of a key.
#[must_use]
pub fn key(number: usize) -> [u8; 16] {
    let mut key = *b"key:000000000000";
    let (mut rest, mut at) = (number, key.len());
    while rest > 0 {
        at -= 1;
        key[at] += (rest % 10) as u8;
        rest /= 10;
    }
    key
}

/// Appends a command to `bytes`, as clients send it.
pub fn push_command(bytes: &mut Vec<u8>, words: &[&[u8]]) {
    bytes.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
    for word in words {
        bytes.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
        bytes.extend_from_slice(word);
        bytes.extend_from_slice(b"\r\n");
    }
}
