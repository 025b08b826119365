//! Any lines as the rules of ACL SETUSER: applied or refused, all of them or none. What a user then is, is described in
//! words that make the same user again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_command::Registry;
use redstart_command::acl::{Rules, Store, parse_file};
use std::sync::LazyLock;

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::new(redstart_commands::FAMILIES));

fuzz_target!(|data: &[u8]| {
    let all_channels = data.first().is_some_and(|byte| byte & 1 == 1);
    let rules = Rules { registry: &*REGISTRY, all_channels };
    let store = Store::new(&rules);
    let words: Vec<&[u8]> = data.split(|&byte| byte == b'\n').collect();
    let half = words.len() / 2;
    store.set(b"u", &words[..half], &rules).err().map(|error| error.to_bytes());
    let before = store.get(b"u").map(|user| user.line());
    match store.set(b"u", &words[half..], &rules) {
        Err(error) => {
            assert!(!error.to_bytes().is_empty());
            assert_eq!(store.get(b"u").map(|user| user.line()), before, "a refusal changes nothing");
        }
        Ok(changed) => {
            let user = changed.after.expect("it is there now");
            let line = user.line();
            if words.iter().all(|word| is_plain(word)) {
                let again = parse_file(&line, b"f", &rules).expect("a description is right");
                assert_eq!(again[0].line(), line);
            }
            let _ = user.allows_channel(data, false);
            let _ = user.accepts(data);
        }
    }
});

/// Whether a word stays one: quotes go where a selector is split, and parentheses end it. Redis has it so.
fn is_plain(word: &[u8]) -> bool {
    let inner = word.strip_prefix(b"(").and_then(|inner| inner.strip_suffix(b")")).unwrap_or(word);
    !inner.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'(' | b')'))
}
