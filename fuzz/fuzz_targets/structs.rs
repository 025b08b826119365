//! `struct.unpack` with any format over any bytes: no panic, no read beyond the bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_scripting::decoders::Decoders;

thread_local! {
    static DECODERS: Decoders = Decoders::new().expect("there is memory for an interpreter");
}

fuzz_target!(|input: (&[u8], &[u8])| {
    DECODERS.with(|decoders| {
        let _ = decoders.unpack(input.0, input.1);
    });
});
