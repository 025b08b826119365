//! Starts a server process on a free port in its own temporary folder, and ends it with the value that stands for it.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::value::Value;
use crate::wire::Client;

/// How long a server may take until it answers, and until it ends.
const START_TIMEOUT: Duration = Duration::from_secs(20);
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// Another process can take a probed port before the server binds it.
const PORT_ATTEMPTS: usize = 5;

/// Whose server answers; found by asking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// This project's.
    Redstart,
    /// Redis.
    Redis,
    /// Valkey.
    Valkey,
}

impl Flavour {
    /// The name used in transcripts and lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Flavour::Redstart => "redstart",
            Flavour::Redis => "redis",
            Flavour::Valkey => "valkey",
        }
    }
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    folder: Arc<TempDir>,
}

impl Server {
    /// Starts `binary` with `arguments` and waits until it answers.
    ///
    /// # Errors
    /// A message with the server's log when it does not come up.
    pub fn start(binary: &Path, arguments: &[String]) -> Result<Server, String> {
        let folder = tempfile::Builder::new().prefix("redstart-test-").tempdir().map_err(|error| error.to_string())?;
        Server::start_in(&Arc::new(folder), binary, arguments)
    }

    /// Kills the server and starts another one, or the same again, in its folder.
    ///
    /// # Errors
    /// A message with the server's log when it does not come up.
    pub fn restart(self, binary: &Path, arguments: &[String]) -> Result<Server, String> {
        let folder = Arc::clone(&self.folder);
        drop(self);
        Server::start_in(&folder, binary, arguments)
    }

    fn start_in(folder: &Arc<TempDir>, binary: &Path, arguments: &[String]) -> Result<Server, String> {
        let mut last = String::new();
        for _ in 0..PORT_ATTEMPTS {
            let mut server = Server::spawn(Arc::clone(folder), binary, arguments)?;
            match server.wait_ready() {
                Ok(()) => return Ok(server),
                Err(why) => last = why,
            }
            if !last.contains("Failed listening on port") && !last.contains("Address already in use") {
                break;
            }
        }
        Err(last)
    }

    fn spawn(folder: Arc<TempDir>, binary: &Path, arguments: &[String]) -> Result<Server, String> {
        let port = free_port()?;
        let log = File::create(folder.path().join("log")).map_err(|error| error.to_string())?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let mut command = Command::new(binary);
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]);
        command.arg("--dir").arg(folder.path());
        command.args(arguments);
        command.current_dir(folder.path()).stdin(Stdio::null()).stdout(log).stderr(errors);
        let child = command.spawn().map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
        Ok(Server { child, address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), folder })
    }

    fn wait_ready(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server ended with {status}:\n{}", self.log()));
            }
            if self.answers() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(format!("the server did not answer within {START_TIMEOUT:?}:\n{}", self.log()))
    }

    /// Any answer but LOADING will do: with `requirepass` PING is refused, and the server is up.
    fn answers(&self) -> bool {
        let Ok(mut client) = Client::connect(self.address) else { return false };
        client.set_timeout(Duration::from_secs(2));
        matches!(client.command(&["PING"]), Ok(reply) if !reply.text_lossy().starts_with("-LOADING"))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its working folder, gone with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read(self.folder.path().join("log"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Whose server this is, from INFO.
    ///
    /// # Errors
    /// When INFO cannot be read.
    pub fn flavour(&self) -> Result<Flavour, String> {
        let mut client = Client::connect(self.address).map_err(|error| error.to_string())?;
        let reply = client.command(&["INFO", "server"]).map_err(|error| error.to_string())?;
        flavour_of(&reply)
    }
}

/// Reads the flavour from a reply to `INFO server`.
///
/// # Errors
/// When the reply is none.
pub fn flavour_of(info: &Value) -> Result<Flavour, String> {
    let text = info.text_lossy();
    // Both peers have had INFO for ever: a server without it is this one in its first days.
    if text.contains("redstart_version:") || info.is_error() {
        Ok(Flavour::Redstart)
    } else if text.contains("valkey_version:") {
        Ok(Flavour::Valkey)
    } else if text.contains("redis_version:") {
        Ok(Flavour::Redis)
    } else {
        Err(format!("INFO server does not say what it is: {text}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already is fine: what matters is that nothing is left behind.
        let _gone = self.child.kill();
        let deadline = Instant::now() + STOP_TIMEOUT;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

/// The binary under test: `REDSTART_BIN`, else the workspace's own, built now so that it is never a stale one.
///
/// # Panics
/// When there is no such binary and it cannot be built: no test can say anything then.
#[must_use]
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("REDSTART_BIN") {
        Some(path) => PathBuf::from(path),
        None => build().unwrap_or_else(|why| panic!("no binary under test (REDSTART_BIN names one): {why}")),
    })
}

/// The repository's root.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests crate sits in the workspace")
}

/// Full speed with debug assertions: profile `test-server` of the workspace.
fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What cargo tells a test of its own package would be news to build scripts, and have them build all anew: for
    // minutes where the machine is busy.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_MANIFEST_", "CARGO_PKG_"].iter().any(|own| name.to_string_lossy().starts_with(own)) {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["build", "--quiet", "--profile", "test-server", "-p", "redstart-server", "--message-format=json"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| error.to_string())?;
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    messages
        .lines()
        .filter(|line| line.contains("\"name\":\"redstart\""))
        .find_map(|line| line.split_once("\"executable\":\"")?.1.split_once('"').map(|(path, _)| PathBuf::from(path)))
        .ok_or_else(|| format!("cargo build -p redstart-server gave no binary ({})", output.status))
}
