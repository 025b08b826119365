//! Real client libraries and job queues against the binary under test: each program in `tests/clients/` checks its own
//! numbers, and ends with an error if one is wrong. `scripts/install-test-deps` installs what they need.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use redstart_tests::server::{Server, binary, root};
use redstart_tests::wire::Protocol;

/// How long a program may take beside all other tests; alone, each takes one to ten seconds.
const LIMIT: Duration = Duration::from_secs(60);

fn folder() -> PathBuf {
    root().join("tests/clients")
}

fn python() -> Command {
    let python = root().join(".venv/bin/python");
    assert!(root().join(".venv/installed.txt").exists(), "no {}: run scripts/install-test-deps", python.display());
    Command::new(python)
}

fn node() -> Command {
    let modules = folder().join("node_modules");
    assert!(modules.join("installed.json").exists(), "no {}: run scripts/install-test-deps", modules.display());
    Command::new("node")
}

/// Runs a program of `tests/clients/` against a server of its own, with the server's port before its `arguments`.
fn check(mut interpreter: Command, program: &str, arguments: &[&str]) {
    let server = Server::start(binary(), &[]).expect("the server starts");
    let [out, err] = ["program.out", "program.err"].map(|name| server.folder().join(name));
    let mut child = interpreter
        .arg(folder().join(program))
        .arg(server.address().port().to_string())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(File::create(&out).expect("a file for what it prints"))
        .stderr(File::create(&err).expect("a file for its errors"))
        .spawn()
        .expect("the program starts");
    let deadline = Instant::now() + LIMIT;
    let status = loop {
        match child.try_wait().expect("the program can be waited for") {
            Some(status) => break Some(status),
            None if Instant::now() > deadline => break None,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    if status.is_none() {
        child.kill().expect("the program can be ended");
        child.wait().expect("the program can be waited for");
    }
    let text = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let said = text(&out);
    match status {
        Some(status) if status.success() => print!("{said}"),
        Some(status) => panic!("{program}: {status}\n{said}{}", text(&err)),
        None => panic!("{program} did not end within {LIMIT:?}\n{said}{}", text(&err)),
    }
}

fn check_with_both_protocols(interpreter: fn() -> Command, program: &str) {
    for protocol in Protocol::BOTH {
        check(interpreter(), program, &[&protocol.number().to_string()]);
    }
}

/// Many threads of a program that keeps profiles and counters.
#[test]
fn redis_py_keeps_profiles() {
    check_with_both_protocols(python, "profiles.py");
}

#[test]
fn redis_py() {
    check_with_both_protocols(python, "redis_py.py");
}

#[test]
fn rq() {
    check(python(), "rq_jobs.py", &[]);
}

#[test]
fn dramatiq() {
    check(python(), "dramatiq_jobs.py", &[]);
}

#[test]
fn ioredis() {
    check(node(), "ioredis.mjs", &[]);
}

#[test]
fn node_redis() {
    check_with_both_protocols(node, "node_redis.mjs");
}

#[test]
fn bullmq() {
    check(node(), "bullmq.mjs", &[]);
}
