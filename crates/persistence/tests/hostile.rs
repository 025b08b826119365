//! Values written and read back, and bytes that are no value: truncated and changed ones give an error or a sound value,
//! never a panic, and never more memory than the bytes can fill.

use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack};
use redstart_encoding::quicklist::{End, Fill};
use redstart_encoding::stream::{BlockLimits, StreamId};
use redstart_encoding::{Entry, Field, FieldTable, IntSet, Object, QuickList, SortedSet, Stream, Value};
use redstart_persistence::payload;
use redstart_persistence::rdb::{Limits, NEWEST, WriteOptions};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

fn limits() -> Limits {
    Limits {
        list_fill: Fill::new(-2),
        list_depth: 0,
        hash_entries: 128,
        hash_value: 64,
        set_ints: 512,
        set_entries: 128,
        set_value: 64,
        sorted_entries: 128,
        sorted_value: 64,
    }
}

fn pack(count: usize, width: usize) -> Listpack {
    let mut pack = Listpack::new();
    for index in 0..count {
        let name = format!("element{index:04}");
        pack.append(&[Element::from_bytes(name.as_bytes())]);
        (1..width).for_each(|_| pack.append(&[Element::Int(index as i64)]));
    }
    pack
}

fn table(count: usize, timed: bool) -> Box<FieldTable> {
    let mut table = FieldTable::new();
    for index in 0..count {
        let name = format!("field{index}");
        let time = (timed && index % 3 == 0).then_some(4_000_000_000_000 + index as i64);
        table.insert(hash(name.as_bytes()), Field::with(name.as_bytes(), b"a value that is a little longer", time));
    }
    Box::new(table)
}

fn stream() -> Box<Stream> {
    let mut stream = Stream::new();
    for index in 1..=40_u64 {
        let pairs = [(b"field".as_slice(), b"value".as_slice()), (b"number", b"17")];
        stream.log.append(StreamId::new(index, 1), pairs.into_iter(), BlockLimits { bytes: 200, entries: 10 });
    }
    let group = stream.groups.create(b"group", StreamId::new(5, 1), Some(5)).expect("there is no group yet");
    for (name, id) in [(b"alice", 1), (b"bobby", 2), (b"carol", 3)] {
        let consumer = group.create_consumer(name, 1_000).expect("the names differ");
        group.deliver(StreamId::new(id, 1), consumer, 2_000);
    }
    Box::new(stream)
}

fn values() -> Vec<Value<'static>> {
    let mut list = QuickList::new(Fill::new(-2), 0);
    (0..3_000).for_each(|index| list.push(End::Back, format!("an element of a long list: {index}").as_bytes()));
    let mut sorted = SortedSet::new();
    for index in 0..300 {
        sorted.insert(format!("member{index}").as_bytes(), f64::from(index) / 3.0);
    }
    vec![
        Value::Int(-77),
        Value::Int(1 << 40),
        Value::Bytes(b"short"),
        Value::Owned(b"compressible ".repeat(40)),
        Value::Object(Object::ListPack(pack(20, 1))),
        Value::Object(Object::QuickList(Box::new(list))),
        Value::Object(Object::SetPack(pack(20, 1))),
        Value::Object(Object::IntSet(IntSet::from_integers((0..50).map(|n| n * 1000).collect()))),
        Value::Object(Object::SetTable(table(200, false))),
        Value::Object(Object::SetTable(table(20, true))),
        Value::Object(Object::HashPack(pack(20, 2))),
        Value::Object(Object::HashTable(table(200, false))),
        Value::Object(Object::HashTable(table(200, true))),
        Value::Object(Object::HashPackTimed(pack(10, 3))),
        Value::Object(Object::SortedPack(pack(20, 2))),
        Value::Object(Object::SortedSet(Box::new(sorted))),
        Value::Object(Object::Stream(stream())),
    ]
}

fn dumps(compress: bool) -> Vec<Vec<u8>> {
    let entry = |value| Entry::new(b"key", value, None);
    values().into_iter().map(|value| payload::dump(&entry(value).value(), WriteOptions { compress })).collect()
}

#[test]
fn values_come_back_as_they_were() {
    for compress in [false, true] {
        for (index, dump) in dumps(compress).iter().enumerate() {
            let (value, version) = payload::open(dump).unwrap();
            let loaded = payload::load(value, version, &limits()).unwrap_or_else(|error| panic!("{index}: {error}"));
            let entry = Entry::new(b"key", loaded.value, None);
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
            assert!(payload::open(&changed).is_err());
        }
        (0..dump.len()).step_by(7).for_each(|length| assert!(payload::open(&dump[..length]).is_err()));
    }
}

#[test]
fn changed_and_truncated_values_never_panic() {
    let mut random = Random(3);
    let (mut refused, mut taken) = (0, 0);
    for dump in dumps(false).into_iter().chain(dumps(true)) {
        let (value, version) = payload::open(&dump).unwrap();
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
                    let entry = Entry::new(b"key", loaded.value, None);
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
