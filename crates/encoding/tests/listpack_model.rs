//! The listpack against a `Vec<Vec<u8>>`, and its validator against damaged bytes.

use proptest::prelude::*;
use redstart_encoding::listpack::{Element, Error, Listpack, Where};

type Model = Vec<Vec<u8>>;

#[derive(Clone, Debug)]
enum Step {
    PushBack(Vec<u8>),
    PushFront(Vec<u8>),
    PushInt(i64),
    Insert(usize, bool, Vec<u8>),
    Replace(usize, Vec<u8>),
    Remove(usize, usize),
    DeleteRange(i64, usize),
    Merge(Vec<Vec<u8>>),
    Append(Vec<Vec<u8>>),
}

/// Integers near every encoding's limits, digits that are no canonical integer, and strings near the length limits.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let near_power = (0u32..64, -2i64..=2, any::<bool>()).prop_map(|(shift, near, negate)| {
        let value = 1i64.wrapping_shl(shift).wrapping_add(near);
        (if negate { value.wrapping_neg() } else { value }).to_string().into_bytes()
    });
    prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..80),
        4 => near_power,
        2 => any::<i64>().prop_map(|v| v.to_string().into_bytes()),
        1 => prop::sample::select(vec!["-0", "007", "+1", " 1", "9223372036854775808", ""]).prop_map(Into::into),
        1 => prop::sample::select(vec![63, 64, 125, 126, 127, 4095, 4096, 16_370, 16_380, 16_384])
            .prop_flat_map(|len| any::<u8>().prop_map(move |byte| vec![byte; len])),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => value().prop_map(Step::PushBack),
        2 => value().prop_map(Step::PushFront),
        1 => any::<i64>().prop_map(Step::PushInt),
        3 => (any::<usize>(), any::<bool>(), value()).prop_map(|(at, after, v)| Step::Insert(at, after, v)),
        3 => (any::<usize>(), value()).prop_map(|(at, v)| Step::Replace(at, v)),
        2 => (any::<usize>(), 0usize..4).prop_map(|(at, n)| Step::Remove(at, n)),
        1 => (-6i64..6, 0usize..4).prop_map(|(index, n)| Step::DeleteRange(index, n)),
        1 => prop::collection::vec(value(), 0..4).prop_map(Step::Merge),
        1 => prop::collection::vec(value(), 0..4).prop_map(Step::Append),
    ]
}

fn pack_of(values: &[Vec<u8>]) -> Listpack {
    let mut pack = Listpack::new();
    values.iter().for_each(|value| pack.push_back(value));
    pack
}

fn apply(pack: &mut Listpack, model: &mut Model, step: Step) {
    let position = |at: usize| (!model.is_empty()).then(|| at % model.len().max(1));
    match step {
        Step::PushBack(value) => {
            pack.push_back(&value);
            model.push(value);
        }
        Step::PushFront(value) => {
            pack.push_front(&value);
            model.insert(0, value);
        }
        Step::PushInt(value) => {
            pack.push_back_int(value);
            model.push(value.to_string().into_bytes());
        }
        Step::Insert(at, after, value) => {
            let Some(index) = position(at) else { return };
            let offset = pack.seek(index as i64).expect("the model has this index");
            let place = if after { Where::After } else { Where::Before };
            let new = pack.insert(offset, place, &value);
            assert!(pack.get(new).is(&value));
            model.insert(index + usize::from(after), value);
        }
        Step::Replace(at, value) => {
            let Some(index) = position(at) else { return };
            let offset = pack.seek(index as i64).expect("the model has this index");
            pack.replace(offset, &value);
            model[index] = value;
        }
        Step::Remove(at, n) => {
            let Some(index) = position(at) else { return };
            let offset = pack.seek(index as i64).expect("the model has this index");
            let next = pack.remove(offset, n);
            let end = model.len().min(index + n);
            model.drain(index..end);
            assert_eq!(next.map(|next| pack.get(next).to_vec()), model.get(index).cloned());
        }
        Step::DeleteRange(index, n) => {
            let removed = pack.delete_range(index, n);
            let start = if index < 0 { model.len() as i64 + index } else { index };
            let Some(start) = usize::try_from(start).ok().filter(|&start| start < model.len()) else {
                assert_eq!(removed, 0);
                return;
            };
            let end = model.len().min(start + n);
            assert_eq!(removed, end - start);
            model.drain(start..end);
        }
        Step::Append(values) => {
            let elements: Vec<_> = values.iter().map(|value| Element::from_bytes(value)).collect();
            pack.append(&elements);
            model.extend(values);
        }
        Step::Merge(values) => {
            pack.merge(&pack_of(&values));
            model.extend(values);
        }
    }
}

fn check(pack: &Listpack, model: &Model) {
    let forward: Model = pack.iter().map(|(_, element)| element.to_vec()).collect();
    assert_eq!(&forward, model);
    let mut backward: Model =
        std::iter::successors(pack.last(), |&at| pack.prev(at)).map(|at| pack.get(at).to_vec()).collect();
    backward.reverse();
    assert_eq!(&backward, model);
    let by_next: Vec<usize> = std::iter::successors(pack.first(), |&at| pack.next(at)).collect();
    assert_eq!(by_next, pack.iter().map(|(offset, _)| offset).collect::<Vec<_>>());
    assert_eq!(pack.len(), model.len());
    pack.check_own().unwrap_or_else(|broken| panic!("{broken}"));
    assert_eq!(pack.is_empty(), model.is_empty());
    let count = model.len() as i64;
    for index in -count - 1..=count {
        let expected = if index < 0 { count + index } else { index };
        let expected = usize::try_from(expected).ok().and_then(|index| by_next.get(index).copied());
        assert_eq!(pack.seek(index), expected, "seek {index} of {count}");
    }
    for value in model {
        for skip in 0..3 {
            let expected = (0..model.len()).step_by(skip + 1).find(|&i| &model[i] == value).map(|i| by_next[i]);
            assert_eq!(pack.find(value, skip), expected);
        }
    }
    assert_eq!(pack.find(b"a value that no model has", 0), None);
    let again = Listpack::from_bytes_validated(pack.as_bytes()).expect("what the listpack writes is valid");
    assert_eq!(again.as_bytes(), pack.as_bytes());
    assert_eq!(again.as_bytes(), pack_of(model).as_bytes(), "the bytes depend on the elements alone");
}

proptest! {
    #[test]
    fn behaves_as_a_vector(steps in prop::collection::vec(step(), 0..40)) {
        let (mut pack, mut model) = (Listpack::new(), Model::new());
        for step in steps {
            apply(&mut pack, &mut model, step);
            check(&pack, &model);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_if_valid(&bytes);
    }

    #[test]
    fn damaged_listpacks_never_panic(
        values in prop::collection::vec(value(), 0..12),
        damage in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4),
        fix_total in any::<bool>(),
        cut in 0usize..4,
    ) {
        let mut bytes = pack_of(&values).as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut);
        if fix_total {
            let total = (bytes.len() as u32).to_le_bytes();
            bytes[..4].copy_from_slice(&total);
        }
        use_if_valid(&bytes);
    }
}

/// A listpack that passed validation can be read and changed everywhere, and stays valid.
fn use_if_valid(bytes: &[u8]) {
    let Ok(mut pack) = Listpack::from_bytes_validated(bytes) else { return };
    assert_eq!(pack.as_bytes(), bytes);
    pack.check().expect("it is sound");
    assert_eq!(pack.iter().count(), pack.len());
    let backward = std::iter::successors(pack.last(), |&at| pack.prev(at)).count();
    assert_eq!(backward, pack.len());
    pack.push_front(b"front");
    pack.remove(6, 2);
    pack.push_back(b"12345");
    pack.check().expect("a changed valid listpack is valid");
}

/// The bytes of every encoding, worked out by hand from the format's description.
#[test]
fn bytes_are_the_format() {
    let entry = |value: &[u8]| {
        let pack = pack_of(&[value.to_vec()]);
        let bytes = pack.as_bytes();
        assert_eq!(bytes[..4], (bytes.len() as u32).to_le_bytes());
        assert_eq!(bytes[4..6], [1, 0]);
        assert_eq!(bytes.last(), Some(&0xFF));
        bytes[6..bytes.len() - 1].to_vec()
    };
    assert_eq!(Listpack::new().as_bytes(), [7, 0, 0, 0, 0, 0, 0xFF]);
    assert_eq!(entry(b"0"), [0, 1]);
    assert_eq!(entry(b"127"), [127, 1]);
    assert_eq!(entry(b"128"), [0xC0, 0x80, 2]);
    assert_eq!(entry(b"-1"), [0xDF, 0xFF, 2]);
    assert_eq!(entry(b"4095"), [0xCF, 0xFF, 2]);
    assert_eq!(entry(b"-4096"), [0xD0, 0x00, 2]);
    assert_eq!(entry(b"4096"), [0xF1, 0x00, 0x10, 3]);
    assert_eq!(entry(b"-32768"), [0xF1, 0x00, 0x80, 3]);
    assert_eq!(entry(b"32768"), [0xF2, 0x00, 0x80, 0x00, 4]);
    assert_eq!(entry(b"-8388608"), [0xF2, 0x00, 0x00, 0x80, 4]);
    assert_eq!(entry(b"8388608"), [0xF3, 0x00, 0x00, 0x80, 0x00, 5]);
    assert_eq!(entry(b"2147483648"), [0xF4, 0, 0, 0, 0x80, 0, 0, 0, 0, 9]);
    assert_eq!(entry(b""), [0x80, 1]);
    assert_eq!(entry(b"hi"), [0x82, b'h', b'i', 3]);
    let long = entry(&[b'x'; 64]);
    assert_eq!((&long[..2], &long[66..]), ([0xE0, 64].as_slice(), [66].as_slice()));
    let long = entry(&[b'x'; 126]);
    assert_eq!(&long[128..], [1, 0x80]);
    let long = entry(&[b'x'; 4096]);
    assert_eq!((&long[..5], &long[4101..]), ([0xF0, 0, 0x10, 0, 0].as_slice(), [32, 0x85].as_slice()));
    let long = entry(&[b'x'; 16_378]);
    assert_eq!(&long[16_383..], [0, 0xFF, 0xFF], "a body of 16383 bytes takes three bytes of backlen");
}

#[test]
fn the_count_gives_up_at_65535() {
    let mut pack = Listpack::new();
    for i in 0..65_534 {
        pack.push_back_int(i);
    }
    assert_eq!((pack.as_bytes()[4..6].to_vec(), pack.len()), (vec![0xFE, 0xFF], 65_534));
    pack.push_back_int(1);
    pack.push_back(b"last");
    assert_eq!((pack.as_bytes()[4..6].to_vec(), pack.len()), (vec![0xFF, 0xFF], 65_536));
    assert!(pack.get(pack.seek(-1).unwrap()).is(b"last"));
    assert_eq!(pack.seek(65_536), None);
    assert_eq!(pack.delete_range(10, 70_000), 65_526);
    assert_eq!(pack.len(), 10);
    Listpack::from_bytes_validated(pack.as_bytes()).expect("an unknown count is valid");
}

#[test]
fn damage_is_named() {
    let good = pack_of(&[b"hello".to_vec(), b"300".to_vec()]).as_bytes().to_vec();
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        Listpack::from_bytes_validated(&bytes).map(|_| ()).unwrap_err()
    };
    assert_eq!(Listpack::from_bytes_validated(&good[..6]).unwrap_err(), Error::Size);
    assert_eq!(with(0, 99), Error::TotalBytes { claimed: 99 });
    assert_eq!(with(4, 3), Error::Count { claimed: 3, actual: 2 });
    assert_eq!(with(6, 0xF5), Error::Encoding { offset: 6 });
    assert_eq!(with(6, 0xBF), Error::Overrun { offset: 6 });
    assert_eq!(with(12, 5), Error::Backlen { offset: 6 });
    assert_eq!(with(13, 0xFF), Error::TrailingBytes { offset: 13 });
}

#[test]
fn the_owner_is_one_pointer() {
    assert_eq!(size_of::<Option<Listpack>>(), size_of::<usize>());
    let raw = pack_of(&[b"kept".to_vec()]).into_raw();
    assert_eq!(raw.as_ptr() as usize & 7, 0);
    // SAFETY: `raw` came from `into_raw` just above.
    let pack = unsafe { Listpack::from_raw(raw) };
    assert_eq!(pack.iter().map(|(_, element)| element).collect::<Vec<_>>(), [Element::Bytes(b"kept")]);
}

/// Foreign writers may keep an integer's text as a string; looking it up still finds it.
#[test]
fn a_string_of_digits_is_found() {
    let bytes = [14, 0, 0, 0, 2, 0, 0x82, b'4', b'2', 3, 7, 1, 0x80, 1, 0xFF];
    let mut bytes = bytes.to_vec();
    bytes[0] = bytes.len() as u8;
    bytes[4] = 3;
    let pack = Listpack::from_bytes_validated(&bytes).unwrap();
    assert_eq!(pack.find(b"42", 0), Some(6));
    assert_eq!(pack.get(6).as_int(), Some(42));
    assert_eq!(pack.find(b"7", 0), Some(10));
    assert_eq!(pack.find(b"", 0), Some(12));
}
