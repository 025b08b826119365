//! RDB files: any bytes behind a header give an error that says where, or keys that can be written again; on one thread or
//! several, the same keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::Entry;
use redstart_persistence::rdb::file::{Error, Key, Options, Sink, append_key, header, load, load_beside};
use redstart_persistence::rdb::{Limits, VALKEY, WriteOptions};
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes each key again, and counts.
#[derive(Default)]
struct Again {
    keys: AtomicU64,
}

impl Sink for Again {
    fn keys(&self, _: usize, keys: &mut Vec<Key<'_>>) -> Result<(), Error> {
        for key in keys.drain(..) {
            let entry = Entry::new(&key.name, key.value, key.expire_ms);
            let mut bytes = Vec::new();
            append_key(&mut bytes, entry.key(), &entry.value(), key.expire_ms, None, WriteOptions { compress: false });
            self.keys.fetch_add(1, Ordering::Relaxed);
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
    let options = Options { limits: Limits::default(), expired_before_ms: None, verify: false, databases: 16 };
    let (alone, beside) = (Again::default(), Again::default());
    let one = load(&*bytes, &options, &alone);
    let other = load_beside(&*bytes, &options, &beside, 2);
    if let Err(error) = &one {
        assert!(error.offset <= bytes.len() as u64, "{error}");
    }
    assert_eq!(one.is_ok(), other.is_ok());
    if one.is_ok() {
        assert_eq!(alone.keys.into_inner(), beside.keys.into_inner());
    }
});
