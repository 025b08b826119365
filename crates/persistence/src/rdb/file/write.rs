//! Files, written: pieces that are appended to a buffer, and a [`Writer`] that puts them together.
//!
//! The version stands at the front, and what it has to be is known at the end. A file is written as version 11, which
//! every server since Redis 7.2 reads; where some value needs more, [`Writer::finish_file`] goes back and says so. What
//! cannot be gone back in (a socket) carries the version that it was begun with.

use super::super::pieces::Pieces;
use super::super::write::{MembersForm, WriteOptions, Writer as Values, form};
use super::{HEADER, Usage, header, opcode};
use crate::checksum::Checksum;
use redstart_encoding::ValueRef;
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;

/// What a file says of itself.
#[derive(Clone, Debug)]
pub struct Preamble<'a> {
    /// The version of the format.
    pub version: u16,
    /// The server's version (`redis-ver`).
    pub server_version: &'a str,
    /// When the file was made, in unix seconds (`ctime`).
    pub created_s: u64,
    /// Bytes that the server used (`used-mem`).
    pub used_memory: u64,
    /// The file is the base of an append-only file (`aof-base`).
    pub aof_base: bool,
}

/// Appends the header and what a file says of itself.
pub fn append_preamble(out: &mut Vec<u8>, preamble: &Preamble<'_>) {
    out.extend_from_slice(&header(preamble.version));
    let number = |number: u64| number.to_string().into_bytes();
    append_aux(out, b"redis-ver", preamble.server_version.as_bytes());
    append_aux(out, b"redis-bits", b"64");
    append_aux(out, b"ctime", &number(preamble.created_s));
    append_aux(out, b"used-mem", &number(preamble.used_memory));
    append_aux(out, b"aof-base", &number(preamble.aof_base.into()));
}

const PLAINLY: WriteOptions = WriteOptions { compress: false };

/// Appends a note about the file.
pub fn append_aux(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    Values::new(out, PLAINLY).kind(opcode::AUX).string(name).string(value);
}

/// Appends a library of functions.
pub fn append_library(out: &mut Vec<u8>, source: &[u8], options: WriteOptions) {
    Values::new(out, options).kind(opcode::LIBRARY).bytes(source);
}

/// Appends which database the keys behind it are of.
pub fn append_database(out: &mut Vec<u8>, number: u64) {
    Values::new(out, PLAINLY).kind(opcode::DATABASE).length(number);
}

/// Appends how many keys the database has, and how many of them expire: a hint, which need not be exact.
pub fn append_sizes(out: &mut Vec<u8>, keys: u64, volatile: u64) {
    Values::new(out, PLAINLY).kind(opcode::SIZES).length(keys).length(volatile);
}

/// Appends a key with all that belongs to it. Returns the oldest version of the format that can carry it.
pub fn append_key(
    out: &mut Vec<u8>,
    key: &[u8],
    value: &ValueRef<'_>,
    expire_ms: Option<i64>,
    usage: Option<Usage>,
    options: WriteOptions,
) -> u16 {
    let (kind, version) = form(value);
    append_name(out, key, kind, (expire_ms, usage), options);
    Values::new(out, options).value(value);
    version
}

/// As [`append_key`], for who has no time to compress: says where the strings stand that [`compress`] is to see to.
pub fn append_key_loosely(
    out: &mut Vec<u8>,
    key: &[u8],
    value: &ValueRef<'_>,
    (expire_ms, usage): (Option<i64>, Option<Usage>),
    options: WriteOptions,
    later: &mut Vec<Range<usize>>,
) -> u16 {
    let (kind, version) = form(value);
    append_name(out, key, kind, (expire_ms, usage), options);
    Values::new(out, options).later(later).value(value);
    version
}

/// Compresses the strings at these places, which are in order: each with its length before it.
#[must_use]
pub fn compress(bytes: &[u8], later: &[Range<usize>]) -> Vec<u8> {
    let (mut out, mut done) = (Vec::with_capacity(bytes.len()), 0);
    for place in later {
        out.extend_from_slice(&bytes[done..place.start]);
        done = place.end;
        // Behind the length, whose first byte says how many there are.
        let length = Values::length_bytes(bytes[place.start]);
        Values::new(&mut out, WriteOptions { compress: true }).bytes(&bytes[place.start + length..place.end]);
    }
    out.extend_from_slice(&bytes[done..]);
    out
}

/// Appends a key with what belongs to it, and the beginning of a collection of `count` members, which are to follow
/// ([`MembersForm::append`]).
pub fn append_collection(
    out: &mut Vec<u8>,
    (key, form): (&[u8], &MembersForm),
    count: usize,
    expire_ms: Option<i64>,
    usage: Option<Usage>,
) {
    append_name(out, key, form.kind(), (expire_ms, usage), form.options());
    form.begin(out, count);
}

/// Appends a key with what belongs to it, and the beginning of a long value, whose pieces are to follow ([`Pieces::step`]).
/// Returns the oldest version of the format that can carry it. Nothing is appended of a value that is not of such a type.
pub fn append_long(
    out: &mut Vec<u8>,
    key: &[u8],
    value: &ValueRef<'_>,
    (expire_ms, usage): (Option<i64>, Option<Usage>),
    options: WriteOptions,
) -> Option<(Pieces, u16)> {
    let (before, (kind, version)) = (out.len(), form(value));
    append_name(out, key, kind, (expire_ms, usage), options);
    let pieces = Pieces::begin(out, value, options);
    if pieces.is_none() {
        out.truncate(before);
    }
    Some((pieces?, version))
}

/// Appends all that stands before a value.
fn append_name(
    out: &mut Vec<u8>,
    key: &[u8],
    kind: u8,
    (expire_ms, usage): (Option<i64>, Option<Usage>),
    options: WriteOptions,
) {
    let mut to = Values::new(out, options);
    if let Some(at_ms) = expire_ms {
        to.kind(opcode::EXPIRE_MS).raw(&at_ms.to_le_bytes());
    }
    match usage {
        Some(Usage::IdleSeconds(seconds)) => _ = to.kind(opcode::IDLE).length(seconds),
        Some(Usage::Frequency(frequency)) => _ = to.kind(opcode::FREQUENCY).raw(&[frequency]),
        None => {}
    }
    to.kind(kind).string(key);
}

/// Puts a file together, one piece after the other, and sums it up on the way.
#[derive(Debug)]
pub struct Writer<W> {
    to: W,
    options: WriteOptions,
    /// What is to be written, up to [`PIECE`] bytes and one value.
    buffer: Vec<u8>,
    sum: Option<Checksum>,
    database: Option<u64>,
    /// The version in the header, and the one that the values need.
    version: u16,
    needed: u16,
    /// Bytes given to `to`.
    written: u64,
    keys: u64,
}

/// Bytes that are written at once.
const PIECE: usize = 128 * 1024;

/// A file that is written to its end.
#[derive(Debug)]
pub struct Finished<W> {
    /// What it was written to.
    pub to: W,
    /// Its bytes.
    pub bytes: u64,
    /// Its keys, without those that came as chunks.
    pub keys: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a file; it ends with a checksum unless `checksum` says otherwise (`rdbchecksum`).
    pub fn new(to: W, preamble: &Preamble<'_>, options: WriteOptions, checksum: bool) -> Self {
        let mut buffer = Vec::with_capacity(2 * PIECE);
        append_preamble(&mut buffer, preamble);
        let sum = checksum.then(Checksum::default);
        let version = preamble.version;
        Self { to, options, buffer, sum, database: None, version, needed: version, written: 0, keys: 0 }
    }

    /// A library of functions.
    ///
    /// # Errors
    /// What was before cannot be written.
    pub fn library(&mut self, source: &[u8]) -> io::Result<()> {
        append_library(&mut self.buffer, source, self.options);
        self.flush_piece()
    }

    /// The keys behind it are of this database, which has so many, and so many that expire.
    ///
    /// # Errors
    /// What was before cannot be written.
    pub fn database(&mut self, number: u64, keys: u64, volatile: u64) -> io::Result<()> {
        append_database(&mut self.buffer, number);
        append_sizes(&mut self.buffer, keys, volatile);
        self.database = Some(number);
        self.flush_piece()
    }

    /// A key of this database; databases may alternate.
    ///
    /// # Errors
    /// What was before cannot be written.
    pub fn key(
        &mut self,
        database: u64,
        key: &[u8],
        value: &ValueRef<'_>,
        expire_ms: Option<i64>,
        usage: Option<Usage>,
    ) -> io::Result<()> {
        self.select(database);
        let needs = append_key(&mut self.buffer, key, value, expire_ms, usage, self.options);
        self.needed = self.needed.max(needs);
        self.keys += 1;
        self.flush_piece()
    }

    /// Keys of one database that [`append_key`] made, which need this version.
    ///
    /// # Errors
    /// They cannot be written, or what was before.
    pub fn chunk(&mut self, database: u64, keys: &[u8], needs: u16) -> io::Result<()> {
        self.select(database);
        self.needed = self.needed.max(needs);
        if self.buffer.len() + keys.len() <= PIECE {
            self.buffer.extend_from_slice(keys);
            return Ok(());
        }
        self.flush()?;
        self.give(keys)
    }

    /// Bytes so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// What the file is written to.
    pub fn to_mut(&mut self) -> &mut W {
        &mut self.to
    }

    fn select(&mut self, database: u64) {
        if self.database != Some(database) {
            append_database(&mut self.buffer, database);
            self.database = Some(database);
        }
    }

    fn flush_piece(&mut self) -> io::Result<()> {
        if self.buffer.len() < PIECE { Ok(()) } else { self.flush() }
    }

    /// Writes what stands in the buffer.
    fn flush(&mut self) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let given = self.give(&buffer);
        // One large value is no reason to keep a large buffer.
        buffer.clear();
        buffer.shrink_to(2 * PIECE);
        self.buffer = buffer;
        given
    }

    fn give(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(sum) = &mut self.sum {
            sum.update(bytes);
        }
        self.to.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Ends the file, with the version that it began with.
    ///
    /// # Errors
    /// What is left cannot be written.
    pub fn finish(mut self) -> io::Result<Finished<W>> {
        self.end()?;
        let sum = self.sum.as_ref().map_or(0, Checksum::value);
        self.close(sum)
    }

    fn end(&mut self) -> io::Result<()> {
        self.buffer.push(opcode::END);
        self.flush()
    }

    fn close(mut self, sum: u64) -> io::Result<Finished<W>> {
        self.to.write_all(&sum.to_le_bytes())?;
        self.to.flush()?;
        Ok(Finished { to: self.to, bytes: self.written + size_of::<u64>() as u64, keys: self.keys })
    }
}

impl<W: Write + Seek> Writer<W> {
    /// Ends the file, and has its header say the version that its values need. It began at the beginning of `to`.
    ///
    /// # Errors
    /// What is left cannot be written.
    pub fn finish_file(mut self) -> io::Result<Finished<W>> {
        if self.needed == self.version {
            return self.finish();
        }
        self.end()?;
        let (old, new): ([u8; HEADER], _) = (header(self.version), header(self.needed));
        let sum = self.sum.as_ref().map_or(0, |sum| sum.with_beginning(&old, &new));
        self.to.seek(SeekFrom::Start(0))?;
        self.to.write_all(&new)?;
        self.to.seek(SeekFrom::End(0))?;
        self.close(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{PLAIN, VALKEY};
    use super::*;
    use crate::checksum::checksum;
    use redstart_encoding::{Entry, Value};
    use std::io::Cursor;

    fn preamble() -> Preamble<'static> {
        Preamble { version: PLAIN, server_version: "8.0.6", created_s: 1, used_memory: 300, aof_base: false }
    }

    #[test]
    fn a_file_is_written_as_redis_writes_it() {
        let mut file = Writer::new(Vec::new(), &preamble(), PLAINLY, true);
        file.library(b"#!lua name=x").unwrap();
        file.database(0, 2, 1).unwrap();
        let number = Entry::new(b"n", Value::Int(5), None);
        file.key(0, b"12", &number.value(), Some(0x0102), Some(Usage::IdleSeconds(70))).unwrap();
        file.key(3, b"key", &number.value(), None, Some(Usage::Frequency(9))).unwrap();
        let bytes = file.finish().unwrap().to;
        let expected = [
            b"REDIS0011".as_slice(),
            b"\xFA\x09redis-ver\x058.0.6\xFA\x0Aredis-bits\xC0\x40\xFA\x05ctime\xC0\x01",
            b"\xFA\x08used-mem\xC1\x2C\x01\xFA\x08aof-base\xC0\x00\xF5\x0C#!lua name=x",
            b"\xFE\0\xFB\x02\x01\xFC\x02\x01\0\0\0\0\0\0\xF8\x40\x46\0\xC0\x0C\xC0\x05",
            b"\xFE\x03\xF9\x09\0\x03key\xC0\x05\xFF",
        ]
        .concat();
        assert_eq!(bytes[..bytes.len() - 8], expected);
        assert_eq!(bytes[bytes.len() - 8..], checksum(&expected).to_le_bytes());
    }

    #[test]
    fn the_header_follows_what_the_values_need() {
        let mut file = Writer::new(Cursor::new(Vec::new()), &preamble(), PLAINLY, true);
        let number = Entry::new(b"n", Value::Int(5), None);
        let mut keys = Vec::new();
        let needs = append_key(&mut keys, b"key", &number.value(), None, None, PLAINLY);
        assert_eq!(needs, PLAIN);
        file.chunk(0, &keys, 12).unwrap();
        file.chunk(0, &keys.repeat(PIECE / keys.len()), PLAIN).unwrap();
        let finished = file.finish_file().unwrap();
        let bytes = finished.to.into_inner();
        assert_eq!(finished.bytes, bytes.len() as u64);
        let (inside, sum) = bytes.split_at(bytes.len() - 8);
        assert!(inside.starts_with(b"REDIS0012"));
        assert_eq!(sum, checksum(inside).to_le_bytes());
    }

    #[test]
    fn without_a_checksum_there_are_zeros() {
        let bytes = Writer::new(Vec::new(), &preamble(), PLAINLY, false).finish().unwrap().to;
        assert!(bytes.ends_with(&[255, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(&header(VALKEY), b"VALKEY080");
    }
}
