//! Any bytes as an ACL file: read, or refused in one line. What was read is written so that it reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_command::Registry;
use redstart_command::acl::{Rules, User, parse_file};
use std::sync::LazyLock;

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::new(redstart_commands::FAMILIES));

fuzz_target!(|data: &[u8]| {
    let rules = Rules { registry: &*REGISTRY, all_channels: false };
    let lines = |users: &[User]| users.iter().map(User::line).collect::<Vec<_>>();
    match parse_file(data, b"f", &rules) {
        Err(errors) => assert!(!errors.is_empty()),
        Ok(users) => {
            if data.split(|&byte| byte == b'\n').all(is_plain) {
                let text = lines(&users).join(b"\n".as_slice());
                let again = parse_file(&text, b"f", &rules).expect("what was written is right");
                assert_eq!(lines(&again), lines(&users));
            }
        }
    }
});

/// Whether selectors stay what they are: quotes within one go, and a parenthesis within a pattern ends it. Redis has it
/// so.
fn is_plain(line: &[u8]) -> bool {
    let mut open = false;
    for (at, byte) in line.iter().enumerate() {
        let edge = |at: Option<usize>| at.and_then(|at| line.get(at)).is_none_or(u8::is_ascii_whitespace);
        let fits = match byte {
            b'(' => !std::mem::replace(&mut open, true) && edge(at.checked_sub(1)),
            b')' => std::mem::replace(&mut open, false) && edge(at.checked_add(1)),
            b'"' | b'\'' => false,
            _ => true,
        };
        if !fits {
            return false;
        }
    }
    true
}
