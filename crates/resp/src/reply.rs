//! Writes replies in the peer's protocol version.

/// Appends replies to a buffer.
#[derive(Debug)]
pub struct Reply<'a> {
    out: &'a mut Vec<u8>,
    version: u8,
}

impl<'a> Reply<'a> {
    /// Appends RESP `version` (2 or 3) to `out`.
    #[inline]
    pub fn new(out: &'a mut Vec<u8>, version: u8) -> Self {
        Self { out, version }
    }

    /// The protocol version, 2 or 3.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Switches the version: HELLO replies in the version to which it switches.
    pub fn set_version(&mut self, version: u8) {
        self.version = version;
    }

    /// Bytes in the buffer, including replies to earlier commands.
    #[inline]
    #[must_use]
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// Removes all that was written since [`Reply::position`] returned `position`.
    #[inline]
    pub fn truncate(&mut self, position: usize) {
        self.out.truncate(position);
    }

    /// The bytes written since [`Reply::position`] returned `position`.
    #[must_use]
    pub fn since(&self, position: usize) -> &[u8] {
        &self.out[position..]
    }

    /// The buffer, for commands run by another one: each appends its reply.
    #[inline]
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        self.out
    }

    /// Appends bytes that are already encoded.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends the first `len` bytes of a word. Writing all of it and truncating is a plain store, not a call that
    /// copies a number of bytes unknown to the compiler.
    #[inline]
    fn word(&mut self, word: u128, len: usize) {
        let end = self.out.len() + len;
        self.out.extend_from_slice(&word.to_le_bytes());
        self.out.truncate(end);
    }

    #[inline]
    fn head(&mut self, sign: u8, count: usize) {
        if let Some(&head) = SMALL_HEADS.get(count) {
            // The common case: looked up, and written as one word.
            let text = (head & 0x00FF_FFFF_FFFF_FFFF) << 8 | u64::from(sign);
            return self.word(u128::from(text), (head >> 56) as usize);
        }
        if count < 100_000_000 {
            let (digits, len) = digits(count as u32);
            let text = u128::from(sign) | u128::from(digits) << 8 | END << (8 + 8 * len);
            return self.word(text, len + 3);
        }
        let mut digits = itoa::Buffer::new();
        self.out.push(sign);
        self.out.extend_from_slice(digits.format(count).as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    /// `+OK`.
    #[inline]
    pub fn ok(&mut self) {
        self.raw(b"+OK\r\n");
    }

    /// A simple string, which must not contain line ends.
    pub fn simple(&mut self, text: &str) {
        debug_assert!(!text.contains(['\r', '\n']));
        self.out.push(b'+');
        self.raw(text.as_bytes());
        self.raw(b"\r\n");
    }

    /// An error: its code and text. Line ends inside become spaces.
    pub fn error(&mut self, text: &[u8]) {
        self.out.push(b'-');
        let start = self.out.len();
        self.raw(text);
        for byte in &mut self.out[start..] {
            if matches!(byte, b'\r' | b'\n') {
                *byte = b' ';
            }
        }
        self.raw(b"\r\n");
    }

    /// An integer.
    #[inline]
    pub fn int(&mut self, number: i64) {
        self.signed(b':', number);
    }

    #[inline]
    fn signed(&mut self, sign: u8, number: i64) {
        if (0..100_000_000).contains(&number) {
            return self.head(sign, number as usize);
        }
        self.out.push(sign);
        let mut digits = itoa::Buffer::new();
        self.out.extend_from_slice(digits.format(number).as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    /// A count, as an integer.
    #[inline]
    pub fn count(&mut self, count: usize) {
        self.int(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// A non-negative integer, possibly above the largest signed one: Redis writes an array's highest indices like
    /// this.
    pub fn unsigned(&mut self, number: u64) {
        match i64::try_from(number) {
            Ok(number) => self.int(number),
            Err(_) => {
                self.out.push(b':');
                self.out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                self.out.extend_from_slice(b"\r\n");
            }
        }
    }

    /// A bulk string.
    #[inline]
    pub fn bulk(&mut self, bytes: &[u8]) {
        self.out.reserve(bytes.len() + 24);
        self.head(b'$', bytes.len());
        self.out.extend_from_slice(bytes);
        self.out.extend_from_slice(b"\r\n");
    }

    /// The digits of an integer, as a bulk string.
    #[inline]
    pub fn bulk_int(&mut self, number: i64) {
        if (0..100_000_000).contains(&number) {
            let (digits, len) = digits(number as u32);
            let head = u128::from(b'$') | u128::from(b'0' + len as u8) << 8 | END << 16;
            return self.word(head | u128::from(digits) << 32 | END << (32 + 8 * len), len + 6);
        }
        self.bulk(itoa::Buffer::new().format(number).as_bytes());
    }

    /// A double that is an integer: a bulk string in version 2.
    #[inline]
    pub fn double_int(&mut self, number: i64) {
        if self.version == 2 { self.bulk_int(number) } else { self.signed(b',', number) }
    }

    /// No value: a null bulk string in version 2, a null in version 3.
    #[inline]
    pub fn null(&mut self) {
        self.raw(if self.version == 2 { b"$-1\r\n" } else { b"_\r\n" });
    }

    /// No array: a null array in version 2, a null in version 3.
    pub fn null_array(&mut self) {
        self.raw(if self.version == 2 { b"*-1\r\n" } else { b"_\r\n" });
    }

    /// The head of an array; `count` replies follow.
    #[inline]
    pub fn array(&mut self, count: usize) {
        self.head(b'*', count);
    }

    /// The head of a map of `pairs`; twice as many replies follow. An array in version 2.
    #[inline]
    pub fn map(&mut self, pairs: usize) {
        if self.version == 2 { self.head(b'*', pairs * 2) } else { self.head(b'%', pairs) }
    }

    /// An array whose length is known only after writing: `write` writes the elements and returns their number.
    /// `expected` is an estimate of that number; a correct one avoids moving the elements.
    pub fn array_of(&mut self, expected: usize, write: impl FnOnce(&mut Self) -> usize) {
        self.headed(expected, Self::array, write);
    }

    /// Like [`Reply::array_of`], for the pairs of a map.
    pub fn map_of(&mut self, expected: usize, write: impl FnOnce(&mut Self) -> usize) {
        self.headed(expected, Self::map, write);
    }

    #[inline]
    fn headed(&mut self, expected: usize, head: impl Fn(&mut Self, usize), write: impl FnOnce(&mut Self) -> usize) {
        let start = self.out.len();
        head(self, expected);
        let body = self.out.len();
        let count = write(self);
        if count != expected {
            let end = self.out.len();
            head(self, count);
            // The correct head was appended; it is moved to the front, replacing the wrong one.
            let right = self.out.split_off(end);
            self.out.splice(start..body, right);
        }
    }

    /// The head of a set. An array in version 2.
    pub fn set(&mut self, count: usize) {
        self.head(if self.version == 2 { b'*' } else { b'~' }, count);
    }

    /// The head of a push. An array in version 2.
    pub fn push(&mut self, count: usize) {
        self.head(if self.version == 2 { b'*' } else { b'>' }, count);
    }

    /// A double in text form: a bulk string in version 2.
    #[inline]
    pub fn double(&mut self, text: &[u8]) {
        if self.version == 2 {
            return self.bulk(text);
        }
        self.out.push(b',');
        self.raw(text);
        self.raw(b"\r\n");
    }

    /// True or false: 1 or 0 in version 2.
    pub fn bool(&mut self, value: bool) {
        if self.version == 2 {
            self.int(i64::from(value));
        } else {
            self.raw(if value { b"#t\r\n" } else { b"#f\r\n" });
        }
    }

    /// Text with its format (`txt`, `mkd`): a bulk string in version 2.
    pub fn verbatim(&mut self, format: &str, text: &[u8]) {
        if self.version == 2 {
            return self.bulk(text);
        }
        debug_assert_eq!(format.len(), 3);
        self.head(b'=', text.len() + 4);
        self.raw(format.as_bytes());
        self.out.push(b':');
        self.raw(text);
        self.raw(b"\r\n");
    }
}

/// The line end, as the bytes of a word.
const END: u128 = 0x0A0D;

/// The digits of small numbers with the line end, as the bytes of a word; its highest byte is the length including a
/// sign.
const SMALL_HEADS: [u64; 128] = {
    let mut heads = [0; 128];
    let mut number = 0;
    while number < heads.len() {
        let (mut text, mut left, mut length) = (END as u64, number as u64, 2);
        while length == 2 || left > 0 {
            text = text << 8 | (b'0' as u64 + left % 10);
            left /= 10;
            length += 1;
        }
        heads[number] = text | (length + 1) << 56;
        number += 1;
    }
    heads
};

/// The digits of a number below 10^8 as the bytes of a word, first digit lowest, and their number. Each step divides
/// both halves of the word at once: by 100, then by 10.
#[inline]
fn digits(number: u32) -> (u64, usize) {
    debug_assert!(number < 100_000_000);
    let fours = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007F_0000_007F;
    let twos = hundreds | (fours - hundreds * 100) << 16;
    let tens = (twos * 103) >> 10 & 0x000F_000F_000F_000F;
    let ones = tens | (twos - tens * 10) << 8;
    let zeros = (ones | 1 << 56).trailing_zeros() / 8;
    ((ones | 0x3030_3030_3030_3030) >> (8 * zeros), 8 - zeros as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_from_0_on_may_need_all_64_bits() {
        let mut out = Vec::new();
        let mut reply = Reply::new(&mut out, 3);
        [0, i64::MAX as u64, u64::MAX].into_iter().for_each(|number| reply.unsigned(number));
        assert_eq!(out, b":0\r\n:9223372036854775807\r\n:18446744073709551615\r\n");
    }

    #[test]
    fn a_wrong_guess_at_a_length_is_put_right() {
        for (expected, count) in [(0, 0), (0, 3), (3, 0), (9, 10), (10, 9), (1000, 7), (2, 150)] {
            for version in [2, 3] {
                let (mut one, mut other) = (b"before".to_vec(), b"before".to_vec());
                let elements = |reply: &mut Reply<'_>, each: usize| (0..count * each).for_each(|n| reply.count(n));
                let mut reply = Reply::new(&mut one, version);
                reply.array_of(expected, |reply| {
                    elements(reply, 1);
                    count
                });
                reply.map_of(expected, |reply| {
                    elements(reply, 2);
                    count
                });
                let mut reply = Reply::new(&mut other, version);
                reply.array(count);
                elements(&mut reply, 1);
                reply.map(count);
                elements(&mut reply, 2);
                assert_eq!(one, other, "{expected} {count}");
            }
        }
    }

    fn written(write: impl FnOnce(&mut Reply<'_>), version: u8) -> String {
        let mut out = b"before".to_vec();
        write(&mut Reply::new(&mut out, version));
        String::from_utf8(out[6..].to_vec()).unwrap()
    }

    #[test]
    fn integers_of_every_length_are_written_right() {
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let near = powers.flat_map(|power| [power - 1, power, power + 1, power * 7 + power / 3, -power]);
        for number in near.chain([0, i64::MIN, i64::MAX, 12_345_678, 90_909_090, 99_999_999]) {
            let text = number.to_string();
            assert_eq!(written(|reply| reply.int(number), 2), format!(":{text}\r\n"));
            let bulk = format!("${}\r\n{text}\r\n", text.len());
            assert_eq!(written(|reply| reply.bulk_int(number), 3), bulk);
            assert_eq!(written(|reply| reply.double_int(number), 2), bulk);
            assert_eq!(written(|reply| reply.double_int(number), 3), format!(",{text}\r\n"));
            if let Ok(count) = usize::try_from(number) {
                assert_eq!(written(|reply| reply.array(count), 2), format!("*{text}\r\n"));
            }
        }
    }
}
