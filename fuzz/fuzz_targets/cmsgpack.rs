//! MessagePack as scripts read it: no panic, and memory only for what is there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_scripting::decoders::Decoders;

thread_local! {
    static DECODERS: Decoders = Decoders::new().expect("there is memory for an interpreter");
}

fuzz_target!(|input: &[u8]| {
    DECODERS.with(|decoders| {
        if let Ok(written) = decoders.message_pack(input) {
            // Each byte of input makes at most a few of output.
            assert!(written.len() <= 9 * input.len() + 9);
        }
    });
});
