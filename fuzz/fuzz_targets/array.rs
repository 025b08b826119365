//! A life of an array told by bytes, against a map.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::Array;
use redstart_encoding::array::MAX_INDEX;
use std::collections::BTreeMap;

/// Indices close together, far apart, and at the end.
fn index(form: u8, one: u8, other: u8) -> u64 {
    let small = u64::from(one) | u64::from(other) << 8;
    match form % 4 {
        0 => u64::from(one),
        1 => small,
        2 => small << 30,
        _ => MAX_INDEX - small,
    }
}

fuzz_target!(|data: &[u8]| {
    let mut array = Array::new();
    let mut model: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    for (number, step) in data.chunks_exact(5).enumerate() {
        let at = index(step[0] / 8, step[1], step[2]);
        let other = index(step[0] / 32, step[3], step[4]);
        match step[0] % 8 {
            0..4 => {
                let value = &data[usize::from(step[3]) % data.len()..];
                let value = &value[..value.len().min(usize::from(step[4]) / 4)];
                assert_eq!(array.set(at, value), model.insert(at, value.to_vec()).is_none());
            }
            4 => assert_eq!(array.remove(at), model.remove(&at).is_some()),
            5 => {
                let (low, high) = (at.min(other), at.max(other));
                let before = model.len();
                model.retain(|index, _| !(low..=high).contains(index));
                assert_eq!(array.remove_range(low, high), (before - model.len()) as u64);
            }
            6 => {
                let size = at.max(1);
                array.fit_ring(size);
                let place = array.ring(size, b"ring");
                assert!(place < size);
                model = array.iter().map(|(index, item)| (index, item.to_vec())).collect();
            }
            _ => array.seek(other),
        }
        assert_eq!(array.len(), model.len());
        if number % 16 == 0 {
            array.check().unwrap_or_else(|broken| panic!("{broken}"));
        }
    }
    array.check().unwrap_or_else(|broken| panic!("{broken}"));
    assert!(array.iter().map(|(index, item)| (index, item.to_vec())).eq(model));
});
