//! The whole server: the engine, the workers' mailboxes, admission of connections, and shutdown.

use crate::listen::{self, Kind, ListenError, Listener, Listening};
use crate::log::Log;
use crate::mailbox::{Letter, Mailbox};
use crate::oom::OomScore;
use crate::supervision::Manager;
use crate::syncer::Syncer;
use crate::title;
use crate::tls::{self, Stream, Tls};
use crate::watchdog::Watchdog;
use parking_lot::Mutex;
use redstart::command::WorkerStats;
use redstart::command::host::{Allocator, Host, Shutdown};
use redstart::config::{ApplyError, Change, Config, ids};
use redstart::{Connection, Engine};
use redstart_sys::clock::unix_ms;
use redstart_sys::jemalloc;
use redstart_sys::lend::Lent;
use redstart_sys::net::{Backend, socket};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

thread_local! {
    /// Serves the other clients of this thread's worker while a script runs; returns whether the server is shutting
    /// down.
    pub(crate) static TURN: Lent<bool> = const { Lent::new() };
}

/// How long a worker waits for the others at shutdown.
const LONGEST_END: Duration = Duration::from_secs(1);

/// The progress of a shutdown that a signal requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SignalledEnd {
    /// No shutdown was requested.
    #[default]
    None,
    /// The shutdown was requested, and can still be cancelled. The number of the signal distinguishes it from later
    /// requests.
    Near(usize),
    /// The shutdown has begun.
    Begun,
}

/// The state shared by all workers.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) manager: Manager,
    pub(crate) log: Log,
    pub(crate) mailboxes: Vec<Mailbox>,
    pub(crate) syncer: Syncer,
    pub(crate) watchdog: Watchdog,
    pub(crate) backend: Backend,
    pub(crate) oom_score: Mutex<OomScore>,
    pub(crate) listening: Listening,
    tls: Tls,
    next: AtomicUsize,
    ending: AtomicBool,
    pub(crate) signalled_end: Mutex<SignalledEnd>,
    /// The options of the shutdown.
    pub(crate) how_to_end: Mutex<Shutdown>,
    /// The number of workers that have ended.
    ended: AtomicUsize,
    /// All workers have ended, and the append-only file is on the disk.
    closed: AtomicBool,
}

const TOO_MANY: &[u8] = b"-ERR max number of clients reached\r\n";
const PROTECTED: &[u8] =
    b"-DENIED Redis is running in protected mode because protected mode is enabled and no password \
is set for the default user. In this mode connections are only accepted from the loopback interface. To connect from \
other machines, set a password (requirepass, or ACL SETUSER for the default user), or bind to addresses that only \
trusted machines reach and turn protected mode off (CONFIG SET protected-mode no from the loopback interface, or \
protected-mode no in the configuration file).\r\n";

impl Server {
    pub(crate) fn new(
        engine: Engine,
        log: Log,
        manager: Manager,
        mailboxes: Vec<Mailbox>,
        backend: Backend,
        tls: Tls,
    ) -> Self {
        Self {
            manager,
            engine,
            log,
            syncer: Syncer::new(mailboxes.len()),
            watchdog: Watchdog::new(mailboxes.len()),
            mailboxes,
            backend,
            oom_score: Mutex::default(),
            listening: Listening::default(),
            tls,
            next: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            signalled_end: Mutex::default(),
            how_to_end: Mutex::default(),
            ended: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.engine.shared().config
    }

    /// Gives a new connection to the next worker in turn, or refuses it.
    pub(crate) fn accepted(&self, socket: OwnedFd, kind: Kind) {
        let shared = self.engine.shared();
        let stats = &shared.stats[0];
        if let Some(refusal) = self.refusal(&socket, kind) {
            stats.connections_rejected.add(1);
            // A peer that cannot receive a short line at once does not get the reason. A TLS peer does not get it
            // either, since there was no handshake.
            if kind != Kind::Tls {
                let _ = socket::write_now(socket.as_fd(), refusal);
            }
            return;
        }
        let tls = if kind == Kind::Tls { self.tls.in_force() } else { None };
        match (kind, &tls) {
            (Kind::Tls, None) => {
                let words = "Error accepting a client connection: TLS is not configured";
                return self.log.warning(&format!("{words} (addr={})", socket::peer_name(socket.as_fd())));
            }
            // Counted after the handshake, when protected mode is checked.
            (Kind::Tls, Some(_)) => {}
            _ => stats.connections_received.add(1),
        }
        let worker = self.next.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.mailboxes[worker].post(Letter::Serve { socket, unix: kind == Kind::Unix, tls });
    }

    fn refusal(&self, socket: &OwnedFd, kind: Kind) -> Option<&'static [u8]> {
        if self.engine.shared().clients.len() as u64 >= self.config().get(ids::MAXCLIENTS) {
            return Some(TOO_MANY);
        }
        (kind == Kind::Tcp && self.is_protected() && !socket::is_loopback(socket.as_fd())).then_some(PROTECTED)
    }

    /// Whether only local connections are allowed.
    fn is_protected(&self) -> bool {
        self.config().get(ids::PROTECTED_MODE) && self.engine.shared().acl.default_user().any_password()
    }

    /// Called after a connection's TLS handshake: admits the connection, as the user that its certificate names if so
    /// configured, or sends the reason for refusing it.
    pub(crate) fn admit(&self, connection: &mut Connection, tls: &Stream, stats: &WorkerStats) {
        if self.is_protected() && !tls.is_loopback() {
            stats.connections_rejected.add(1);
            connection.output.extend_from_slice(PROTECTED);
            connection.session.close = true;
            return;
        }
        stats.connections_received.add(1);
        let field = self.config().get(ids::TLS_AUTH_CLIENTS_USER);
        let Some(certificate) = tls.peer_certificate() else { return };
        let names = tls::names(certificate, field);
        if connection.session.identify(self.engine.shared().gate(), stats, &names, unix_ms()) {
            let name = String::from_utf8_lossy(connection.session.identity.shown_name()).into_owned();
            self.log.verbose(&format!("TLS: Auto-authenticated client as {name}"));
        }
    }

    /// Reloads changed certificates in a separate thread, if `tls-auto-reload-interval` has passed.
    pub(crate) fn look_after_tls(self: &Arc<Self>) {
        if !self.tls.is_due(self.config()) {
            return;
        }
        let server = Arc::clone(self);
        let reload = move || match server.tls.reload(server.config()) {
            Ok(true) => server.log.notice("TLS materials reloaded successfully"),
            Ok(false) => server.log.debug("TLS reload skipped: materials unchanged"),
            Err(why) => server.log.warning(&format!("Background TLS reload failed: {why}")),
        };
        // If no thread can be started, the next interval tries again.
        let _ = std::thread::Builder::new().name("tls-reload".to_owned()).spawn(reload);
    }

    /// Applies changes of the TLS directives.
    fn apply_tls(&self, config: &Config, changes: &[Change]) -> Result<(), ApplyError> {
        let refuse = |change: &Change, why: String| {
            self.log.warning(&why);
            Err(ApplyError { directive: change.directive.name, message: tls::REFUSED.to_owned() })
        };
        let change = changes.iter().find(|change| tls::concerns(change.directive.name));
        if let Some(change) = change.filter(|_| tls::is_wanted(config)) {
            if change.directive.name == "tls-auth-clients" && changes.len() == 1 {
                if let Err(why) = self.tls.authenticate(config) {
                    self.log.warning(&why);
                }
            } else if let Err(why) = self.tls.configure(config) {
                return refuse(change, why);
            }
        }
        let change = changes.iter().find(|change| change.directive.name == "tls-port");
        match change.filter(|_| config.get(ids::TLS_PORT) != 0) {
            Some(change) => self.tls.configure_first(config).or_else(|why| refuse(change, why)),
            None => Ok(()),
        }
    }

    /// Replaces the listeners if `port` (or `tls-port`) or `bind` changed.
    fn apply_listeners(
        &self,
        port: &str,
        kind: Kind,
        changes: &[Change],
        open: impl FnOnce() -> Result<Vec<Listener>, ListenError>,
    ) -> Result<(), ApplyError> {
        let listens = |change: &&Change| change.directive.name == port || change.directive.name == "bind";
        let Some(change) = changes.iter().find(listens) else { return Ok(()) };
        let refuse = |why: &str| {
            self.log.warning(why);
            let message = match change.directive.name {
                "bind" => "Failed to bind to specified addresses.",
                _ => "Unable to listen on this port. Check server logs.",
            };
            ApplyError { directive: change.directive.name, message: message.to_owned() }
        };
        if changes.iter().any(|change| change.directive.name == "bind") {
            // An address that stays could not be listened on twice.
            self.listening.end(kind);
        }
        let listeners = open().map_err(|error| refuse(&error.to_string()))?;
        self.listening.end(kind);
        self.listening.add(&listeners).map_err(|error| refuse(&error.to_string()))?;
        self.mailboxes[0].post(Letter::Listen(kind, listeners));
        Ok(())
    }

    /// Called by each worker when it ends: returns when all have ended, so that a client that sees its connection end finds
    /// complete files. It does not wait longer than [`LONGEST_END`] for a worker that is stuck.
    pub(crate) fn wait_for_others(&self) {
        // A client that sees its connection end must not be able to connect again, whatever keeps the accepting worker.
        [Kind::Tcp, Kind::Tls, Kind::Unix].into_iter().for_each(|kind| self.listening.end(kind));
        let until = Instant::now() + LONGEST_END;
        let last = self.ended.fetch_add(1, Ordering::AcqRel) + 1 == self.mailboxes.len();
        if last {
            // A client that sees its connection close may read the files.
            self.engine.aof().close();
            self.closed.store(true, Ordering::Release);
        }
        while !self.closed.load(Ordering::Acquire) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether the server is shutting down.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// Records a signal's request for shutdown; returns false if an earlier request is pending.
    pub(crate) fn begin_signalled_end(&self, number: usize) -> bool {
        let mut end = self.signalled_end.lock();
        let first = *end == SignalledEnd::None;
        if first {
            *end = SignalledEnd::Near(number);
        }
        first
    }

    /// Shuts the server down: every worker finishes its current work. Only the first call has an effect.
    pub(crate) fn end(&self, why: &str, how: Shutdown) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return;
        }
        *self.how_to_end.lock() = how;
        self.log.notice(why);
        self.manager.stopping(&self.log);
        for mailbox in &self.mailboxes {
            mailbox.post(Letter::Shutdown);
        }
    }
}

/// The server as the host of commands.
pub(crate) struct ServerHost(pub(crate) Weak<Server>);

impl Host for ServerHost {
    fn apply(&self, config: &Config, changes: &[Change]) -> Result<(), ApplyError> {
        let Some(server) = self.0.upgrade() else { return Ok(()) };
        server.apply_tls(config, changes)?;
        server.apply_listeners("port", Kind::Tcp, changes, || listen::tcp(config))?;
        server.apply_listeners("tls-port", Kind::Tls, changes, || listen::tls(config))?;
        title::apply(config, changes);
        if changes.iter().any(|change| change.directive.name == "watchdog-period") {
            server.watchdog.apply(&server);
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

    fn shutdown(&self, how: Shutdown) -> bool {
        let Some(server) = self.0.upgrade() else { return false };
        server.end("User requested shutdown...", how);
        true
    }

    fn abort_shutdown(&self) -> bool {
        let Some(server) = self.0.upgrade() else { return false };
        let mut end = server.signalled_end.lock();
        let near = matches!(*end, SignalledEnd::Near(_));
        if near {
            *end = SignalledEnd::None;
            server.log.notice("Shutdown manually aborted.");
        }
        near
    }

    fn listeners(&self) -> Vec<String> {
        let Some(server) = self.0.upgrade() else { return Vec::new() };
        let (config, mut lines) = (server.config(), Vec::new());
        let addresses: String = config.bind_addresses().into_iter().map(|address| format!("bind={address},")).collect();
        if config.get(ids::PORT) != 0 {
            lines.push(format!("name=tcp,{addresses}port={}", config.get(ids::PORT)));
        }
        let tls =
            (config.get(ids::TLS_PORT) != 0).then(|| format!("name=tls,{addresses}port={}", config.get(ids::TLS_PORT)));
        if let Some(path) = config.path(ids::UNIXSOCKET) {
            lines.push(format!("name=unix,bind={}", path.display()));
        }
        lines.extend(tls);
        lines
    }

    fn supervised(&self) -> &'static str {
        self.0.upgrade().map_or("no", |server| server.manager.name())
    }

    fn still_at(&self, words: &str) {
        if let Some(server) = self.0.upgrade() {
            server.manager.still(&server.log, words);
        }
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
            self.log("jemalloc refuses to release memory");
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

    fn warn(&self, line: &str) {
        if let Some(server) = self.0.upgrade() {
            server.log.warning(line);
        }
    }

    fn is_ending(&self) -> bool {
        self.0.upgrade().is_some_and(|server| server.is_ending())
    }

    fn fail(&self, line: &str) {
        if let Some(server) = self.0.upgrade() {
            server.log.warning(line);
        }
        std::process::exit(1);
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
