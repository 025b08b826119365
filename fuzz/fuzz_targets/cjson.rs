//! JSON as scripts read it: no panic, and what is written is read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_scripting::decoders::Decoders;

thread_local! {
    static DECODERS: Decoders = Decoders::new().expect("there is memory for an interpreter");
}

fuzz_target!(|input: &[u8]| {
    DECODERS.with(|decoders| {
        if let Ok((first, again)) = decoders.json(input) {
            // The order of an object's keys may differ from table to table; all else may not.
            assert_eq!(first.len(), again.len());
        }
    });
});
