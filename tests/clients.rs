//! Real client libraries against the binary under test.

use std::process::Command;

use redstart_tests::server::{Server, binary, root};
use redstart_tests::wire::Protocol;

/// Many threads of a program that keeps profiles and counters; it checks its own numbers.
#[test]
fn redis_py_keeps_profiles() {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "no redis-py: run scripts/install-test-deps (make test does)");
    let server = Server::start(binary(), &[]).expect("the server starts");
    for protocol in Protocol::BOTH {
        let output = Command::new(&python)
            .arg(root().join("tests/clients/profiles.py"))
            .args([server.address().port().to_string(), protocol.number().to_string()])
            .output()
            .expect("python runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        print!("{said}");
    }
}
