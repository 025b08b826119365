//! Answers to bytes, in the protocol version that the peer asked for.

/// Writes answers behind what is in a buffer already.
#[derive(Debug)]
pub struct Reply<'a> {
    out: &'a mut Vec<u8>,
    version: u8,
}

impl<'a> Reply<'a> {
    /// Answers in RESP `version` (2 or 3), behind the end of `out`.
    #[inline]
    pub fn new(out: &'a mut Vec<u8>, version: u8) -> Self {
        Self { out, version }
    }

    /// The protocol version, 2 or 3.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Goes on in another version: HELLO answers in the one it switches to.
    pub fn set_version(&mut self, version: u8) {
        self.version = version;
    }

    /// Bytes in the buffer, answers to earlier commands included.
    #[inline]
    #[must_use]
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// Takes back all that was written since [`Reply::position`] was `position`.
    #[inline]
    pub fn truncate(&mut self, position: usize) {
        self.out.truncate(position);
    }

    /// What was written since [`Reply::position`] was `position`.
    #[must_use]
    pub fn since(&self, position: usize) -> &[u8] {
        &self.out[position..]
    }

    /// Writes bytes that are an answer already.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    #[inline]
    fn head(&mut self, sign: u8, count: usize) {
        if count < 100 {
            // The ordinary case, as one copy.
            let (tens, ones) = (b'0' + (count / 10) as u8, b'0' + (count % 10) as u8);
            let head = if count < 10 { [sign, ones, b'\r', b'\n', 0] } else { [sign, tens, ones, b'\r', b'\n'] };
            return self.out.extend_from_slice(&head[..if count < 10 { 4 } else { 5 }]);
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

    /// A simple string, which must not hold line ends.
    pub fn simple(&mut self, text: &str) {
        debug_assert!(!text.contains(['\r', '\n']));
        self.out.push(b'+');
        self.raw(text.as_bytes());
        self.raw(b"\r\n");
    }

    /// An error: its code word and text. Line ends inside become spaces.
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
        self.out.push(b':');
        let mut digits = itoa::Buffer::new();
        self.out.extend_from_slice(digits.format(number).as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    /// A count, as an integer.
    #[inline]
    pub fn count(&mut self, count: usize) {
        self.int(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// A bulk string.
    #[inline]
    pub fn bulk(&mut self, bytes: &[u8]) {
        self.out.reserve(bytes.len() + 24);
        self.head(b'$', bytes.len());
        self.out.extend_from_slice(bytes);
        self.out.extend_from_slice(b"\r\n");
    }

    /// An integer's digits, as a bulk string.
    pub fn bulk_int(&mut self, number: i64) {
        self.bulk(itoa::Buffer::new().format(number).as_bytes());
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

    /// The head of an array; `count` answers follow.
    #[inline]
    pub fn array(&mut self, count: usize) {
        self.head(b'*', count);
    }

    /// The head of a map of `pairs`; twice as many answers follow. An array in version 2.
    #[inline]
    pub fn map(&mut self, pairs: usize) {
        if self.version == 2 { self.head(b'*', pairs * 2) } else { self.head(b'%', pairs) }
    }

    /// An array whose length shows once it is written: `write` writes the elements and tells their number. `expected` is
    /// a guess at that number; a right one spares moving what was written.
    pub fn array_of(&mut self, expected: usize, write: impl FnOnce(&mut Self) -> usize) {
        self.headed(expected, Self::array, write);
    }

    /// As [`Reply::array_of`], for the pairs of a map.
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
            // The right head stands behind all; it goes to the front, and the wrong one away.
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

    /// A double by its text: a bulk string in version 2.
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
