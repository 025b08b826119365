//! The append-only file: any bytes are commands, a tail cut off, or refused; what is read back is what was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_persistence::aof::{Item, ReadError, Reader};

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::new(bytes, 0);
    let mut whole = 0;
    loop {
        match reader.next_item() {
            Ok(Some(Item::Command(args))) => assert!(args.bytes() <= bytes.len(), "nothing is made up"),
            Ok(Some(Item::Annotation(line))) => assert!(line.starts_with(b"#")),
            Ok(None) => {
                assert_eq!(reader.offset(), bytes.len() as u64, "the end is the end");
                break;
            }
            Err(ReadError::Io(error)) => panic!("memory is always there: {error}"),
            Err(_) => break,
        }
        assert!(reader.offset() > whole && reader.offset() <= bytes.len() as u64);
        whole = reader.offset();
    }
});
