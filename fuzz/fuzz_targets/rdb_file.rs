//! RDB files: any bytes behind a header give an error that says where, or keys that can be written again. On one
//! thread: those that end while a leak is looked for would seem to leak.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::Entry;
use redstart_persistence::rdb::file::{Error, Key, Options, Sink, append_key, header, load};
use redstart_persistence::rdb::{Limits, VALKEY, WriteOptions};
use std::cell::Cell;

/// Writes each key again, and counts.
#[derive(Default)]
struct Again {
    keys: Cell<u64>,
}

impl Sink for Again {
    fn keys(&self, _: usize, keys: &mut Vec<Key<'_>>) -> Result<(), Error> {
        for key in keys.drain(..) {
            let mut entry = Entry::new(&key.name, key.value, key.expire_ms);
            entry.set_parts_expire_ms(key.parts_ms);
            entry.check().unwrap_or_else(|broken| panic!("{broken}"));
            let mut bytes = Vec::new();
            append_key(&mut bytes, entry.key(), &entry.value(), key.expire_ms, None, WriteOptions { compress: false });
            self.keys.set(self.keys.get() + 1);
        }
        Ok(())
    }

    fn library(&self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
}

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (version, of_valkey, body) = input;
    let version = if of_valkey { VALKEY } else { u16::from(version % 16) };
    let bytes = [&header(version), body].concat();
    let options = Options { limits: Limits::default(), expired_before_ms: None, verify: false, databases: 16, newer: true };
    let again = Again::default();
    match load(&*bytes, &options, &again) {
        Ok(summary) => assert_eq!(again.keys.get(), summary.keys),
        Err(error) => assert!(error.offset <= bytes.len() as u64, "{error}"),
    }
});
