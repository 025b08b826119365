//! Foreign bytes offered as a listpack: refused, or readable and changeable everywhere.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::listpack::{Listpack, Where};

fuzz_target!(|data: &[u8]| {
    let Ok(mut pack) = Listpack::from_bytes_validated(data) else { return };
    assert_eq!(pack.as_bytes(), data);
    pack.check().expect("a valid listpack is sound");
    let elements: Vec<Vec<u8>> = pack.iter().map(|(_, element)| element.to_vec()).collect();
    assert_eq!(elements.len(), pack.len());
    let backward = std::iter::successors(pack.last(), |&at| pack.prev(at)).count();
    assert_eq!(backward, elements.len());
    for (index, element) in elements.iter().enumerate() {
        let offset = pack.seek(index as i64).expect("an index below the length");
        assert!(pack.get(offset).is(element));
        assert!(pack.find(element, 0).expect("an element of the pack") <= offset);
    }
    if let Some(first) = pack.first() {
        let inserted = pack.insert(first, Where::After, data);
        assert!(pack.get(inserted).is(data));
        pack.replace(first, b"-1");
        pack.remove(first, elements.len() / 2);
    }
    pack.check().expect("a changed valid listpack is sound");
    let mut own = Listpack::new();
    pack.iter().for_each(|(_, element)| element.with_bytes(|bytes| own.push_back(bytes)));
    own.check_own().expect("what is written here has the shortest forms");
});
