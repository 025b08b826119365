//! The server as a whole: the engine, the workers' mailboxes, who may come in, and how it ends.

use crate::listen;
use crate::log::Log;
use crate::mailbox::{Letter, Mailbox};
use crate::oom::OomScore;
use parking_lot::Mutex;
use redstart::Engine;
use redstart::command::host::{Allocator, Host, Shutdown};
use redstart::config::{ApplyError, Change, Config, ids};
use redstart_sys::jemalloc;
use redstart_sys::lend::Lent;
use redstart_sys::net::{Backend, socket};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Weak;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

thread_local! {
    /// Gives the other clients of this thread's worker a turn while a script runs; says whether the server is ending.
    pub(crate) static TURN: Lent<bool> = const { Lent::new() };
}

/// How long a worker waits for others at the end.
const LONGEST_END: Duration = Duration::from_secs(1);

/// What all workers share.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) log: Log,
    pub(crate) mailboxes: Vec<Mailbox>,
    pub(crate) backend: Backend,
    pub(crate) oom_score: Mutex<OomScore>,
    next: AtomicUsize,
    ending: AtomicBool,
    /// Workers that have ended.
    ended: AtomicUsize,
}

const TOO_MANY: &[u8] = b"-ERR max number of clients reached\r\n";
const PROTECTED: &[u8] =
    b"-DENIED Redis is running in protected mode because protected mode is enabled and no password \
is set for the default user. In this mode connections are only accepted from the loopback interface. To connect from \
other machines, set a password (requirepass, or ACL SETUSER for the default user), or bind to addresses that only \
trusted machines reach and turn protected mode off (CONFIG SET protected-mode no from the loopback interface, or \
protected-mode no in the configuration file).\r\n";

impl Server {
    pub(crate) fn new(engine: Engine, log: Log, mailboxes: Vec<Mailbox>, backend: Backend) -> Self {
        Self {
            engine,
            log,
            mailboxes,
            backend,
            oom_score: Mutex::default(),
            next: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            ended: AtomicUsize::new(0),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.engine.shared().config
    }

    /// Gives a new connection to the next worker in turn, or refuses it.
    pub(crate) fn accepted(&self, socket: OwnedFd, unix: bool) {
        let shared = self.engine.shared();
        let stats = &shared.stats[0];
        if let Some(refusal) = self.refusal(&socket, unix) {
            stats.connections_rejected.add(1);
            // A peer that does not take a short line at once does not learn why.
            let _ = socket::write_now(socket.as_fd(), refusal);
            return;
        }
        stats.connections_received.add(1);
        let worker = self.next.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.mailboxes[worker].post(Letter::Serve { socket, unix });
    }

    fn refusal(&self, socket: &OwnedFd, unix: bool) -> Option<&'static [u8]> {
        let (config, shared) = (self.config(), self.engine.shared());
        if shared.clients.len() as u64 >= config.get(ids::MAXCLIENTS) {
            return Some(TOO_MANY);
        }
        let open = config.get(ids::PROTECTED_MODE) && shared.acl.default_user().any_password();
        (open && !unix && !socket::is_loopback(socket.as_fd())).then_some(PROTECTED)
    }

    /// Called by each worker at its end: returns when all have ended, so that no connection ends before the server
    /// accepts no more. One that is stuck is not waited for.
    pub(crate) fn wait_for_others(&self) {
        let until = Instant::now() + LONGEST_END;
        self.ended.fetch_add(1, Ordering::AcqRel);
        while self.ended.load(Ordering::Acquire) < self.mailboxes.len() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether the server is ending.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// Ends the server: every worker finishes what it is doing. Only the first call counts.
    pub(crate) fn end(&self, why: &str) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return;
        }
        self.log.notice(why);
        for mailbox in &self.mailboxes {
            mailbox.post(Letter::Shutdown);
        }
    }
}

/// The server as commands see it.
pub(crate) struct ServerHost(pub(crate) Weak<Server>);

impl Host for ServerHost {
    fn apply(&self, config: &Config, changes: &[Change]) -> Result<(), ApplyError> {
        let Some(server) = self.0.upgrade() else { return Ok(()) };
        let listens = |change: &&Change| matches!(change.directive.name, "port" | "bind");
        if let Some(change) = changes.iter().find(listens) {
            let listeners = listen::tcp(config).map_err(|error| {
                server.log.warning(&error.to_string());
                let message = match change.directive.name {
                    "bind" => "Failed to bind to specified addresses.",
                    _ => "Unable to listen on this port. Check server logs.",
                };
                ApplyError { directive: change.directive.name, message: message.to_owned() }
            })?;
            server.mailboxes[0].post(Letter::Listen(listeners));
        }
        if let Some(change) = changes.iter().find(|change| change.directive.name.starts_with("oom-score-adj"))
            && let Err(error) = server.oom_score.lock().apply(config)
        {
            server.log.warning(&format!("Unable to set oom_score_adj: {}", listen::os_words(&error)));
            let message = "Failed to set current oom_score_adj. Check server logs.".to_owned();
            return Err(ApplyError { directive: change.directive.name, message });
        }
        if let Some(change) = changes.iter().find(|change| change.directive.name == "dir")
            && let Some(directory) = config.path(ids::DIR)
        {
            std::env::set_current_dir(directory)
                .map_err(|error| ApplyError { directive: change.directive.name, message: listen::os_words(&error) })?;
        }
        Ok(())
    }

    fn shutdown(&self, _how: Shutdown) -> bool {
        let Some(server) = self.0.upgrade() else { return false };
        server.end("User requested shutdown...");
        true
    }

    fn listeners(&self) -> Vec<String> {
        let Some(server) = self.0.upgrade() else { return Vec::new() };
        let (config, mut lines) = (server.config(), Vec::new());
        if config.get(ids::PORT) != 0 {
            let addresses = config.bind_addresses().into_iter().map(|address| format!("bind={address},"));
            lines.push(format!("name=tcp,{}port={}", addresses.collect::<String>(), config.get(ids::PORT)));
        }
        if let Some(path) = config.path(ids::UNIXSOCKET) {
            lines.push(format!("name=unix,bind={}", path.display()));
        }
        lines
    }

    fn multiplexing_api(&self) -> &'static str {
        match self.0.upgrade().map(|server| server.backend) {
            Some(Backend::Uring) => "io_uring",
            _ => "epoll",
        }
    }

    fn allocator(&self) -> Option<Allocator> {
        let jemalloc::Figures { allocated, active, resident } = jemalloc::figures()?;
        Some(Allocator { allocated, active, resident })
    }

    fn purge_memory(&self) {
        if !jemalloc::purge() {
            self.log("jemalloc refuses to give memory back");
        }
    }

    fn allocator_report(&self) -> Option<String> {
        Some(jemalloc::report())
    }

    fn log(&self, line: &str) {
        if let Some(server) = self.0.upgrade() {
            server.log.notice(line);
        }
    }

    fn turn(&self) -> bool {
        let mut ending = false;
        TURN.with(|turn| turn.ask(&mut ending));
        ending
    }

    fn script_log(&self, level: u8, line: &str) {
        if let Some(server) = self.0.upgrade() {
            match level {
                0 => server.log.debug(line),
                1 => server.log.verbose(line),
                2 => server.log.notice(line),
                _ => server.log.warning(line),
            }
        }
    }
}
