//! A sink that keeps what it gets, as the payloads of DUMP.

use crate::sample::limits;
use parking_lot::Mutex;
use redstart_encoding::Entry;
use redstart_persistence::payload;
use redstart_persistence::rdb::WriteOptions;
use redstart_persistence::rdb::file::{Error, Key, Options, Problem, Sink, Summary, load, load_beside};
use std::collections::BTreeMap;
use std::io::Read;

/// A key with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// As DUMP gives it, without version and checksum.
    pub(crate) value: Vec<u8>,
    pub(crate) expire_ms: Option<i64>,
    pub(crate) idle_seconds: Option<u64>,
    pub(crate) frequency: Option<u8>,
}

/// What a file held.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) keys: Mutex<BTreeMap<(u64, Vec<u8>), Kept>>,
    pub(crate) about: Mutex<Vec<String>>,
}

impl Contents {
    fn note(&self, words: String) {
        self.about.lock().push(words);
    }

    pub(crate) fn key(&self, database: u64, name: &[u8]) -> Kept {
        self.keys.lock()[&(database, name.to_vec())].clone()
    }
}

impl Sink for Contents {
    fn keys(&self, _: usize, keys: &mut Vec<Key<'_>>) -> Result<(), Error> {
        for key in keys.drain(..) {
            let mut entry = Entry::new(&key.name, key.value, None);
            entry.set_parts_expire_ms(key.parts_ms);
            entry.check().unwrap_or_else(|broken| panic!("{broken}"));
            let mut value = payload::dump(&entry.value(), WriteOptions { compress: false });
            value.truncate(value.len() - payload::FOOTER);
            let (expire_ms, idle_seconds, frequency) = (key.expire_ms, key.idle_seconds, key.frequency);
            let kept = Kept { value, expire_ms, idle_seconds, frequency };
            let place = (key.database, key.name.into_owned());
            let before = self.keys.lock().insert(place.clone(), kept);
            if before.is_some() {
                return Err(Error { problem: Problem::Duplicate, offset: key.offset, key: Some(place) });
            }
        }
        Ok(())
    }

    fn aux(&self, _: u64, name: &[u8], value: &[u8]) {
        self.note(format!("{}={}", name.escape_ascii(), value.escape_ascii()));
    }

    fn library(&self, source: &[u8]) -> Result<(), String> {
        self.note(format!("library {}", source.escape_ascii()));
        if source.starts_with(b"#!") { Ok(()) } else { Err("no first line".to_owned()) }
    }

    fn sizes(&self, database: u64, keys: u64, volatile: u64) {
        self.note(format!("{keys} keys and {volatile} volatile in {database}"));
    }

    fn module_aux(&self, module: &str) {
        self.note(format!("module {module}"));
    }

    fn empty(&self, name: &[u8]) {
        self.note(format!("empty {}", name.escape_ascii()));
    }
}

pub(crate) fn options() -> Options {
    Options { limits: limits(), expired_before_ms: Some(1_000), verify: true, databases: 16, newer: false }
}

/// Loads with so many threads beside this one.
pub(crate) fn load_with(
    from: impl Read,
    options: &Options,
    contents: &Contents,
    threads: usize,
) -> Result<Summary, Error> {
    if threads == 0 { load(from, options, contents) } else { load_beside(from, options, contents, threads) }
}

pub(crate) fn read(bytes: &[u8], threads: usize) -> Result<(Contents, Summary), Error> {
    let contents = Contents::default();
    let summary = load_with(bytes, &options(), &contents, threads)?;
    Ok((contents, summary))
}
