//! Files written here, read back.

use crate::sample::values;
use crate::sink::{Contents, load_with, options, read};
use redstart_encoding::{Entry, Value};
use redstart_persistence::payload;
use redstart_persistence::rdb::file::{Checked, Preamble, Problem, Usage, Writer, load};
use redstart_persistence::rdb::{PLAIN, WriteOptions};
use std::io::{Cursor, Read};

pub(crate) fn preamble() -> Preamble<'static> {
    Preamble { version: PLAIN, server_version: "8.0.6", created_s: 7, used_memory: 8, aof_base: false }
}

const PLAINLY: WriteOptions = WriteOptions { compress: false };

/// A file with a value of each kind `copies` times in two databases.
fn written(copies: usize, compress: bool) -> Vec<u8> {
    written_of(values, copies, compress)
}

pub(crate) fn written_of(values: fn() -> Vec<Value<'static>>, copies: usize, compress: bool) -> Vec<u8> {
    let mut file = Writer::new(Cursor::new(Vec::new()), &preamble(), WriteOptions { compress }, true);
    file.library(b"#!lua name=lib").expect("memory takes all");
    for copy in 0..copies {
        for (number, value) in values().into_iter().enumerate() {
            let (name, database) = (format!("key{copy}:{number}"), (number % 2) as u64 * 9);
            let entry = Entry::new(name.as_bytes(), value, None);
            let expire_ms = (number % 3 == 0).then_some(9_000_000_000_000 + copy as i64);
            let usage = [None, Some(Usage::IdleSeconds(number as u64)), Some(Usage::Frequency(number as u8))];
            file.key(database, entry.key(), &entry.value(), expire_ms, usage[number % 3]).expect("memory takes all");
        }
    }
    let finished = file.finish_file().expect("memory takes all");
    assert_eq!(finished.keys, (copies * values().len()) as u64);
    finished.to.into_inner()
}

#[test]
fn what_was_written_comes_back_whatever_the_number_of_threads() {
    let copies = 20;
    for (threads, compress) in [(0, false), (0, true), (1, false), (3, true)] {
        let bytes = written(copies, compress);
        assert!(bytes.starts_with(b"REDIS0012"), "fields with times need version 12");
        let (contents, summary) = read(&bytes, threads).unwrap();
        assert_eq!((summary.checksum, summary.bytes), (Checked::Right, bytes.len() as u64));
        assert_eq!((summary.keys, summary.expired), ((copies * values().len()) as u64, 0));
        for (number, value) in values().into_iter().enumerate() {
            let key = contents.key(number as u64 % 2 * 9, format!("key{}:{number}", copies - 1).as_bytes());
            let entry = Entry::new(b"", value, None);
            let dump = payload::dump(&entry.value(), PLAINLY);
            // Tables come in no order.
            assert_eq!(key.value.len(), dump.len() - payload::FOOTER, "value {number}");
            assert_eq!(key.expire_ms, (number % 3 == 0).then_some(9_000_000_000_000 + copies as i64 - 1));
            assert_eq!(key.idle_seconds, (number % 3 == 1).then_some(number as u64));
            assert_eq!(key.frequency, (number % 3 == 2).then_some(number as u8));
        }
        let about = contents.about.into_inner().join(", ");
        let expected = "redis-ver=8.0.6, redis-bits=64, ctime=7, used-mem=8, aof-base=0, library #!lua name=lib";
        assert_eq!(about, expected);
    }
}

/// Gives a few bytes at a time, as a socket does.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(self.0.len()).min(1013);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[test]
fn large_keys_and_what_follows_the_file_are_no_hindrance() {
    let mut file = Writer::new(Vec::new(), &preamble(), PLAINLY, true);
    for size in [0, 1, 255_000, 262_144, 3_000_000, 70] {
        let name = format!("of {size}");
        let entry = Entry::new(name.as_bytes(), Value::Owned(vec![b'x'; size]), None);
        file.key(0, entry.key(), &entry.value(), None, None).unwrap();
    }
    let finished = file.finish().unwrap();
    let (length, mut bytes) = (finished.bytes, finished.to);
    bytes.extend_from_slice(b"*1\r\n$4\r\nPING\r\n");
    for threads in [0, 2] {
        let contents = Contents::default();
        let summary = load_with(Drops(&bytes), &options(), &contents, threads).unwrap();
        assert_eq!((summary.keys, summary.bytes), (6, length));
        assert_eq!(contents.key(0, b"of 3000000").value.len(), 3_000_000 + 6);
    }
}

#[test]
fn keys_past_their_time_are_counted_and_left_out() {
    let mut file = Writer::new(Vec::new(), &preamble(), PLAINLY, false);
    for (name, at_ms) in [(b"a", 999), (b"b", 1_000), (b"c", -5), (b"d", -1)] {
        let entry = Entry::new(name, Value::Int(1), None);
        file.key(0, entry.key(), &entry.value(), Some(at_ms), None).unwrap();
    }
    let bytes = file.finish().unwrap().to;
    let (contents, summary) = read(&bytes, 0).unwrap();
    assert_eq!((summary.keys, summary.expired, summary.checksum), (2, 2, Checked::None));
    assert_eq!((contents.key(0, b"b").expire_ms, contents.key(0, b"d").expire_ms), (Some(1_000), None));
    let kept =
        load(&*bytes, &redstart_persistence::rdb::file::Options { expired_before_ms: None, ..options() }, &contents);
    assert!(matches!(kept.unwrap_err().problem, Problem::Duplicate));
}
