//! Values written and read back, and bytes that are no value: truncated and changed ones give an error or a sound value,
//! never a panic, and never more memory than the bytes can fill.

use crate::sample::{Random, limits, values};
use redstart_encoding::Entry;
use redstart_persistence::payload;
use redstart_persistence::rdb::{Loaded, NEWEST, WriteOptions};

fn dumps(compress: bool) -> Vec<Vec<u8>> {
    let entry = |value| Entry::new(b"key", value, None);
    values().into_iter().map(|value| payload::dump(&entry(value).value(), WriteOptions { compress })).collect()
}

/// An entry of a value that was read, which is sound.
fn checked(loaded: Loaded) -> Entry {
    let mut entry = Entry::new(b"key", loaded.value, None);
    entry.set_parts_expire_ms(loaded.parts_ms);
    entry.check().unwrap_or_else(|broken| panic!("{broken}"));
    entry
}

#[test]
fn values_come_back_as_they_were() {
    for compress in [false, true] {
        for (index, dump) in dumps(compress).iter().enumerate() {
            let (value, version) = payload::open(dump, false).unwrap();
            let loaded = payload::load(value, version, &limits()).unwrap_or_else(|error| panic!("{index}: {error}"));
            let entry = checked(loaded);
            let again = payload::dump(&entry.value(), WriteOptions { compress });
            // Tables come in no order, so their bytes may differ, but not their number.
            assert_eq!(again.len(), dump.len(), "value {index}, compress {compress}");
        }
    }
}

#[test]
fn a_changed_payload_is_refused_by_its_checksum() {
    for dump in dumps(true) {
        for at in [0, dump.len() / 2, dump.len() - 1] {
            let mut changed = dump.clone();
            changed[at] ^= 0x10;
            assert!(payload::open(&changed, true).is_err());
        }
        (0..dump.len()).step_by(7).for_each(|length| assert!(payload::open(&dump[..length], true).is_err()));
    }
}

#[test]
fn changed_and_truncated_values_never_panic() {
    let mut random = Random(3);
    let (mut refused, mut taken) = (0, 0);
    for dump in dumps(false).into_iter().chain(dumps(true)) {
        let (value, version) = payload::open(&dump, false).unwrap();
        for _ in 0..300 {
            let mut bytes = value.to_vec();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = random.next() as u8,
                    1 => bytes[at] ^= 1 << random.below(8),
                    2 => bytes.truncate(at.max(1)),
                    _ => bytes[at..].fill(0xFF),
                }
            }
            let version = [version, 9, NEWEST, 80][random.below(4)];
            match payload::load(&bytes, version, &limits()) {
                Err(_) => refused += 1,
                Ok(loaded) => {
                    // What was taken can be walked and written.
                    let entry = checked(loaded);
                    drop(payload::dump(&entry.value(), WriteOptions { compress: false }));
                    taken += 1;
                }
            }
        }
    }
    assert!(refused > 1_000 && taken > 100, "{refused} refused, {taken} taken");
}

#[test]
fn claimed_counts_take_no_memory() {
    // A list, a set, a hash, a sorted set, a stream of 2^62 elements that are not there.
    for kind in [1_u8, 2, 3, 4, 5, 14, 18, 21, 24] {
        let mut bytes = vec![kind, 0x81];
        bytes.extend_from_slice(&(1_u64 << 62).to_be_bytes());
        bytes.extend_from_slice(&[1; 40]);
        assert!(payload::load(&bytes, 11, &limits()).is_err(), "type {kind}");
    }
}
