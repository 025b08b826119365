//! A server as a process: how it starts, what it prints, how it ends. For tests that [`crate::server::Server`], which
//! expects a server to come up, is too kind for.

use std::fs::File;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything here may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What to start.
#[derive(Debug, Default)]
pub struct Start<'a> {
    /// Arguments, as they stand.
    pub arguments: &'a [String],
    /// What stands on standard input.
    pub input: Option<&'a str>,
    /// Variables of the environment.
    pub environment: &'a [(&'a str, &'a str)],
}

/// A process; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    folder: TempDir,
}

impl Process {
    /// Starts it in a temporary folder, its output going to a file there.
    ///
    /// # Panics
    /// When the program cannot be started at all.
    #[must_use]
    pub fn start(binary: &Path, start: &Start<'_>) -> Process {
        let folder = tempfile::Builder::new().prefix("redstart-test-").tempdir().expect("a temporary folder");
        let log = File::create(folder.path().join("log")).expect("a file in a new folder");
        let errors = log.try_clone().expect("a second handle of a file");
        let mut command = Command::new(binary);
        command.args(start.arguments).envs(start.environment.iter().copied()).current_dir(folder.path());
        command.stdin(if start.input.is_some() { Stdio::piped() } else { Stdio::null() }).stdout(log).stderr(errors);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
        if let (Some(text), Some(mut input)) = (start.input, child.stdin.take()) {
            input.write_all(text.as_bytes()).expect("the server reads its standard input");
        }
        Process { child, folder }
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A file in its folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits until it printed a text.
    ///
    /// # Panics
    /// With the log when it does not.
    pub fn expect_log(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.log().contains(text) {
            assert!(Instant::now() < deadline, "`{text}` is not in the log:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until it ended by itself.
    ///
    /// # Panics
    /// With the log when it does not.
    pub fn expect_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status;
            }
            assert!(Instant::now() < deadline, "it still runs after {PATIENCE:?}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends it a signal by name (`TERM`, `INT`).
    ///
    /// # Panics
    /// When there is no such process.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name} {}", self.pid());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// An address nobody listens on at this moment.
///
/// # Panics
/// When the machine has no free port.
#[must_use]
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound socket has an address")
}

/// Resident memory of a process in bytes.
///
/// # Panics
/// When there is no such process.
#[must_use]
pub fn resident_bytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a process has resident memory");
    let kilobytes: u64 = line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("VmRSS is a number");
    kilobytes * 1024
}
