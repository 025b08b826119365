//! Damaged files: each gives an error that says where, or loads; none panics, and none takes memory for what it claims.

use crate::file::written_of;
use crate::sample::{Random, values};
use crate::sink::{Contents, load_with, options, read};
use redstart_encoding::{Object, Value};
use redstart_persistence::rdb::file::{Options, Problem};

/// A file with a value of each kind, none of them large, so that thousands of damaged ones are soon read.
fn written(copies: usize, compress: bool) -> Vec<u8> {
    let small = || {
        let is_small = |value: &Value<'static>| match value {
            Value::Object(Object::QuickList(_) | Object::SortedSet(_)) => false,
            Value::Object(Object::SetTable(table) | Object::HashTable(table)) => table.len() < 100,
            _ => true,
        };
        values().into_iter().filter(is_small).collect()
    };
    written_of(small, copies, compress)
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    let bytes = written(1, true);
    let places = (0..bytes.len()).filter(|at| at % 101 == 0 || at + 200 > bytes.len() || *at < 200);
    for length in places {
        let error = read(&bytes[..length], 0).expect_err("a part is not the whole");
        assert!(matches!(error.problem, Problem::Truncated), "{length}: {error}");
        assert!(error.offset <= length as u64);
    }
}

#[test]
fn any_changed_byte_is_found() {
    let bytes = written(1, false);
    for at in (0..bytes.len()).step_by(17) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(read(&changed, at % 3).is_err(), "byte {at}");
    }
}

#[test]
fn damaged_files_without_a_checksum_give_an_error_or_load() {
    let mut random = Random(11);
    let whole = [written(1, false), written(2, true)];
    let (mut refused, mut taken) = (0, 0);
    for round in 0..2_000 {
        let mut bytes = whole[round % 2].clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[at] = random.next() as u8,
                1 => bytes[at] ^= 1 << random.below(8),
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
                _ => {
                    let end = (at + 9).min(bytes.len());
                    bytes[at..end].fill(0xFF);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let options = Options { verify: false, ..options() };
        match load_with(&*bytes, &options, &Contents::default(), round % 3) {
            Ok(_) => taken += 1,
            Err(error) => {
                assert!(error.offset <= bytes.len() as u64 + 8, "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 500 && taken > 100, "{refused} refused, {taken} taken");
}

#[test]
fn claims_take_no_memory() {
    // A key of 2^60 bytes; one whose value is; counts of 2^62; a compressed string that claims 2^60 bytes.
    let claim = [&[0x81][..], &(1_u64 << 60).to_be_bytes()].concat();
    let key = b"\x01k".to_vec();
    let compressed = [&[0xC3, 3][..], &claim, b"\x01ab"].concat();
    let mut bodies =
        vec![[&[0][..], &claim].concat(), [&[0][..], &key, &claim].concat(), [&[0][..], &key, &compressed].concat()];
    for kind in [1_u8, 2, 3, 4, 5, 14, 18, 20, 21, 22, 28, 200] {
        bodies.push([&[kind][..], &key, &claim, &[1; 40]].concat());
    }
    bodies.push([&[24][..], &key, &[0; 8], &claim, &[1; 40]].concat());
    for body in bodies {
        for header in ["REDIS0004", "VALKEY080"] {
            let bytes = [header.as_bytes(), &body, &[255, 0, 0, 0, 0, 0, 0, 0, 0]].concat();
            let error = read(&bytes, 0).expect_err("it is not there");
            assert_eq!(error.offset, 9, "{error}");
        }
    }
}

#[test]
fn errors_say_where_and_in_which_key() {
    let at = |bytes: &[u8], threads| read(bytes, threads).expect_err("it is damaged").to_string();
    for threads in [0, 2] {
        assert_eq!(at(b"", threads), "the file ends too soon (at byte 0)");
        assert_eq!(at(b"RADIS0011\xFF", threads), "it does not begin as an RDB file (at byte 0)");
        assert_eq!(at(b"REDIS0099\xFF", threads), "RDB version 99 is not known (at byte 0)");
        assert_eq!(at(b"REDIS0004\0\x01a\x01b\x08\xFF", threads), "a type that is not known: 8 (at byte 14)");
        let twice = b"REDIS0004\0\x01a\x01b\0\x01a\x01c\xFF";
        assert_eq!(at(twice, threads), "a key that comes twice (at byte 14, in key 'a' of database 0)");
        assert_eq!(at(b"REDIS0004\xFE\x10\xFF", threads), "database 16, which this server does not have (at byte 9)");
        assert_eq!(
            at(b"REDIS0004\xF5\x01x\xFF", threads),
            "a library of functions that does not load: no first line (at byte 9)"
        );
        let damaged = b"REDIS0004\0\x01a\x01b\xFE\x03\x10\x02h\n\x03abc\xFF";
        assert_eq!(at(damaged, threads), "a damaged listpack (at byte 16, in key 'h\\n' of database 3)");
        let short = b"REDIS0004\0\x01a\x01b\xFE\x03\0\x02hi\x09abc\xFF";
        assert_eq!(at(short, threads), "the file ends too soon (at byte 16, in key 'hi' of database 3)");
    }
}
