//! The manifest of the append-only file: any bytes are refused, or come back as they were understood.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_persistence::aof::Manifest;

fuzz_target!(|bytes: &[u8]| {
    let Ok(manifest) = Manifest::parse(bytes) else { return };
    if manifest.is_empty() && manifest.history.is_empty() {
        return;
    }
    let written = manifest.to_bytes();
    if written.split(|&byte| byte == b'\n').all(|line| line.len() < 1024) {
        assert_eq!(Manifest::parse(&written).expect("what is written can be read"), manifest);
    }
});
