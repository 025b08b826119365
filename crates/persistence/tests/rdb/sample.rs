//! What tests of the format share: values of all kinds, limits, random numbers.

use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Listpack};
use redstart_encoding::quicklist::{End, Fill};
use redstart_encoding::stream::{BlockLimits, StreamId};
use redstart_encoding::{Field, FieldTable, IntSet, Object, QuickList, SortedSet, Stream, Value};
use redstart_persistence::rdb::Limits;

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

pub(crate) fn limits() -> Limits {
    Limits { hash_entries: 128, ..Limits::default() }
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

pub(crate) fn values() -> Vec<Value<'static>> {
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
