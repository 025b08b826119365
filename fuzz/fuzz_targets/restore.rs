//! RESTORE: any bytes give an error or a value that can be walked and written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::Entry;
use redstart_encoding::quicklist::Fill;
use redstart_persistence::payload;
use redstart_persistence::rdb::{Limits, Loaded, WriteOptions};

/// An entry of a value that was read, which is sound.
fn checked(loaded: Loaded) -> Entry {
    let mut entry = Entry::new(b"key", loaded.value, None);
    entry.set_parts_expire_ms(loaded.parts_ms);
    entry.check().unwrap_or_else(|broken| panic!("{broken}"));
    entry
}

fuzz_target!(|input: (bool, u8, &[u8])| {
    let (small, version, bytes) = input;
    let most = if small { 4 } else { 128 };
    let limits = Limits {
        list_fill: Fill::new(if small { 3 } else { -2 }),
        list_depth: u64::from(small),
        hash_entries: most,
        hash_value: 64,
        set_ints: most,
        set_entries: most,
        set_value: 64,
        sorted_entries: most,
        sorted_value: 64,
    };
    let Ok(loaded) = payload::load(bytes, u16::from(version), &limits) else { return };
    let entry = checked(loaded);
    let again = payload::dump(&entry.value(), WriteOptions { compress: small });
    let (value, version) = payload::open(&again, false).expect("what was written just now is whole");
    checked(payload::load(value, version, &limits).expect("what was written just now is a value"));
});
