//! The server: a Redis-compatible in-memory data-structure store.
//!
//! Start reading at [`run`]: configuration, engine, listeners, workers. The event loop is in `worker`.
#![forbid(unsafe_code)]

mod check;
mod client;
mod crash;
mod listen;
mod log;
mod mailbox;
mod oom;
mod server;
mod startup;
mod supervision;
mod syncer;
mod title;
mod tls;
mod watchdog;
mod worker;

use listen::Listener;
use log::Log;
use mailbox::Mailbox;
use redstart::command::host::Shutdown;
use redstart::config::choices::{IoBackend, SHUTDOWN_FORCE, SHUTDOWN_NOSAVE, SHUTDOWN_NOW, SHUTDOWN_SAVE};
use redstart::config::{CommandLine, Config, Disk, Host, Invocation, Loaded, Sources, ids, load, parse_command_line};
use redstart::{Engine, Source};
use redstart_sys::alloc::Counting;
use redstart_sys::net::{Backend, Driver, Options};
use redstart_sys::process;
use server::{Server, ServerHost, SignalledEnd};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::ffi::OsString;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use supervision::Manager;
use tls::Tls;

#[cfg(not(feature = "system-allocator"))]
#[global_allocator]
static ALLOCATOR: Counting<tikv_jemallocator::Jemalloc> = Counting(tikv_jemallocator::Jemalloc);
#[cfg(feature = "system-allocator")]
#[global_allocator]
static ALLOCATOR: Counting<std::alloc::System> = Counting(std::alloc::System);

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default().to_string_lossy().into_owned();
    let arguments: Vec<OsString> = arguments.collect();
    if let Some(code) = check::asked(&program, &arguments) {
        return code;
    }
    if let Some(words) = startup::refused_as(&program) {
        eprintln!("{words}");
        return ExitCode::FAILURE;
    }
    match parse_command_line(arguments) {
        Invocation::Version => println!("{}", startup::version(&program)),
        Invocation::Help => print!("{}", startup::HELP),
        Invocation::CheckSystem => {
            let (text, well) = startup::check_system();
            print!("{text}");
            return if well { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Invocation::Refused(words) => {
            eprintln!("{words}");
            return ExitCode::FAILURE;
        }
        Invocation::Run(line) => {
            title::claim(program);
            return match configure(&line) {
                Ok(loaded) => run(loaded),
                Err(report) => {
                    eprintln!("{report}");
                    ExitCode::FAILURE
                }
            };
        }
    }
    ExitCode::SUCCESS
}

/// Reads the configuration from all its sources.
fn configure(line: &CommandLine) -> Result<Loaded, String> {
    let directory = std::env::current_dir().map_err(|error| format!("Cannot read the working directory: {error}"))?;
    let host = Host { cores: std::thread::available_parallelism().map_or(1, usize::from).min(128), directory };
    let text = |value: OsString| value.into_vec();
    let environment =
        std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), text(value))).collect();
    let mut stdin = std::io::stdin();
    let sources = Sources {
        file: line.file.as_deref(),
        stdin: line.stdin.then_some(&mut stdin as &mut dyn Read),
        environment,
        options: &line.options,
    };
    load(&host, sources, &Disk).map_err(|error| error.report(&format!("Redstart {}", startup::VERSION)))
}

fn run(loaded: Loaded) -> ExitCode {
    let (ignored, warnings, users) = (loaded.ignored.clone(), loaded.warnings.clone(), loaded.users.clone());
    let engine = match Engine::prepare(loaded) {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("{}", error.report(&format!("Redstart {}", startup::VERSION)));
            return ExitCode::FAILURE;
        }
    };
    let config = Arc::clone(&engine.shared().config);
    let log = Log::new(Arc::clone(&config));
    if let Err(error) = log.check() {
        eprintln!("Can't open the log file: {}", listen::os_words(&error));
        return ExitCode::FAILURE;
    }
    let manager = Manager::find(&config, &log);
    // A supervised process stays in the foreground.
    if config.get(ids::DAEMONIZE)
        && manager == Manager::None
        && let Err(error) = process::daemonize()
    {
        log.warning(&format!("Cannot go to the background: {error}"));
        return ExitCode::FAILURE;
    }
    crash::watch(&engine, &log);
    process::survive_terminal_and_limits();
    if let Err(words) = enter_directory(&config) {
        log.warning(&words);
        return ExitCode::FAILURE;
    }
    log.notice("oO0OoO0OoO0Oo Redstart is starting oO0OoO0OoO0Oo");
    for warning in warnings {
        log.warning(&warning);
    }
    for user in users.iter().filter_map(|line| engine.shared().acl.get(line.arguments.first()?)) {
        if !user.enabled() {
            let name = String::from_utf8_lossy(&user.name);
            log.notice(&format!("The user '{name}' is off, since no rule turns it on: make sure that this is meant"));
        }
    }
    for variable in ignored {
        log.warning(&format!("The environment variable {} names no directive and is ignored", variable.name));
    }
    raise_file_limit(&config, &log);
    match start(engine, &log, manager) {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            log.warning(&words);
            ExitCode::FAILURE
        }
    }
}

/// Changes to the directory `dir`.
fn enter_directory(config: &Config) -> Result<(), String> {
    let Some(directory) = config.path(ids::DIR) else { return Ok(()) };
    std::env::set_current_dir(&directory)
        .map_err(|error| format!("Can't chdir to '{}': {}", directory.display(), listen::os_words(&error)))
}

/// Raises the file limit for `maxclients` sockets; lowers the number of clients if the system refuses.
fn raise_file_limit(config: &Config, log: &Log) {
    const OWN_FILES: u64 = 32;
    let wanted = config.get(ids::MAXCLIENTS) + OWN_FILES;
    let got = process::raise_file_limit(wanted);
    if got < wanted {
        let clients = got.saturating_sub(OWN_FILES).max(1);
        config.replace_number(ids::MAXCLIENTS, clients);
        log.warning(&format!("You requested maxclients of {} requiring at least {wanted} max file descriptors; the limit is {got}, so maxclients is now {clients}.", wanted - OWN_FILES));
    }
}

/// Opens listeners and starts workers, serves, and returns when the server has ended.
fn start(engine: Engine, log: &Log, manager: Manager) -> Result<(), String> {
    let config = Arc::clone(&engine.shared().config);
    let refused = |error: listen::ListenError| {
        log.warning(&format!("Warning: {error}"));
        error.failure_line()
    };
    let tls = configure_tls(&config, log)?;
    let mut listeners = listen::tcp(&config).map_err(refused)?;
    listeners.extend(listen::tls(&config).map_err(refused)?);
    listeners.extend(listen::unix(&config).map_err(refused)?);
    let drivers = drivers(&config, engine.threads())?;
    let backend = drivers[0].backend();
    let mailboxes = drivers.iter().map(|driver| Mailbox::new(driver.waker())).collect();
    let threads = engine.threads();
    let server = Arc::new(Server::new(engine, log.clone(), manager, mailboxes, backend, tls));
    server.engine.shared().set_host(Box::new(ServerHost(Arc::downgrade(&server))));
    server.listening.add(&listeners).map_err(|error| listen::os_words(&error))?;
    if let Err(error) = server.oom_score.lock().apply(&config) {
        log.warning(&format!("Unable to set oom_score_adj: {}", listen::os_words(&error)));
    }
    if !config.get(ids::SYSLOG_ENABLED) {
        log.raw(&startup::banner(&config, threads, if backend == Backend::Uring { "io_uring" } else { "epoll" }));
    }
    write_pid_file(&config, log);
    title::show(&config);
    handle_signals(&server)?;
    server.watchdog.apply(&server);
    log.notice("Server initialized");
    let handles = if server.engine.announce_load() {
        let handles = spawn_workers(&server, drivers, listeners)?;
        load_data(&server)?;
        handles
    } else {
        load_data(&server)?;
        spawn_workers(&server, drivers, listeners)?
    };
    if config.get(ids::PORT) != 0 {
        log.notice("Ready to accept connections tcp");
    }
    if config.get(ids::TLS_PORT) != 0 {
        log.notice("Ready to accept connections tls");
    }
    if config.path(ids::UNIXSOCKET).is_some() {
        log.notice("Ready to accept connections unix");
    }
    manager.ready(log);
    for handle in handles {
        handle.join().map_err(|_| "A worker ended by a panic".to_owned())?.map_err(|error| error.to_string())?;
    }
    let how = *server.how_to_end.lock();
    server.engine.saver().close(how);
    server.engine.aof().close();
    clean_up(&config, log);
    log.warning("Redstart is now ready to exit, bye bye...");
    Ok(())
}

/// Loads the saved data. Meanwhile clients can connect, and receive the LOADING error.
fn load_data(server: &Server) -> Result<(), String> {
    let started = Instant::now();
    let from = match server.engine.load_data() {
        Ok(Source::Nothing) => return Ok(()),
        Ok(Source::Snapshot) => "disk",
        Ok(Source::AppendOnlyFile) => "append only file",
        // The server was shut down during loading, which is not an error.
        Err(_) if server.is_ending() => return Ok(()),
        Err(words) => return Err(words),
    };
    let seconds = started.elapsed().as_secs_f64();
    server.log.notice(&format!("DB loaded from {from}: {seconds:.3} seconds"));
    Ok(())
}

/// The TLS settings of new connections, if TLS is used.
fn configure_tls(config: &Config, log: &Log) -> Result<Tls, String> {
    let tls = Tls::default();
    if tls::is_wanted(config) {
        tls.configure(config).map_err(|why| {
            log.warning(&why);
            "Failed to configure TLS. Check logs for more info.".to_owned()
        })?;
    }
    Ok(tls)
}

fn drivers(config: &Config, threads: usize) -> Result<Vec<Driver>, String> {
    let backend = match config.get(ids::IO_BACKEND) {
        IoBackend::Auto => Backend::Auto,
        IoBackend::Uring => Backend::Uring,
        IoBackend::Epoll => Backend::Epoll,
    };
    (0..threads).map(|_| Driver::new(backend, Options::default()).map_err(|error| error.to_string())).collect()
}

type WorkerThread = std::thread::JoinHandle<std::io::Result<()>>;

/// The stack size of a worker in bytes: script patterns and nested values recurse in C. Only touched pages take memory.
const WORKER_STACK: usize = 8 * 1024 * 1024;

/// Spawns one thread per worker; the first one has the listeners.
fn spawn_workers(
    server: &Arc<Server>,
    drivers: Vec<Driver>,
    mut listeners: Vec<Listener>,
) -> Result<Vec<WorkerThread>, String> {
    let spawn = |(index, driver): (usize, Driver)| {
        let (server, listeners) = (Arc::clone(server), std::mem::take(&mut listeners));
        let thread = std::thread::Builder::new().name(format!("worker-{index}")).stack_size(WORKER_STACK);
        let serve = move || worker::Worker::new(server, index, driver, listeners).run();
        thread.spawn(serve).map_err(|error| format!("Cannot start a worker thread: {error}"))
    };
    drivers.into_iter().enumerate().map(spawn).collect()
}

/// Starts a thread that waits for signals and shuts the server down in order.
fn handle_signals(server: &Arc<Server>) -> Result<(), String> {
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(|error| error.to_string())?;
    let server = Arc::downgrade(server);
    let wait = move || {
        for (number, signal) in signals.forever().enumerate() {
            let Some(server) = server.upgrade() else { return };
            let name = if signal == SIGINT { "SIGINT" } else { "SIGTERM" };
            if !server.begin_signalled_end(number) {
                if signal == SIGINT {
                    server.log.warning("You insist... exiting now.");
                    server.engine.saver().leave_nothing();
                    std::process::exit(1);
                }
                continue;
            }
            server.log.notice(&format!("Received {name} scheduling shutdown..."));
            let how = how_to_end(server.config(), signal);
            // In a separate thread, so that a second signal is handled while data is saved.
            let end = move || end_by_signal(&server, number, name, how);
            if let Err(error) = std::thread::Builder::new().name("shutdown".to_owned()).spawn(end) {
                eprintln!("No thread to shut down with: {error}");
            }
        }
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    thread.spawn(wait).map(drop).map_err(|error| error.to_string())
}

/// Saves if configured, and shuts down. The server continues if saving fails, or if the shutdown was cancelled.
fn end_by_signal(server: &Server, number: usize, name: &str, how: Shutdown) {
    let near = SignalledEnd::Near(number);
    // While periodic work is paused, a shutdown by signal waits, as it is periodic work.
    while server.engine.shared().pause_upkeep.load(Ordering::Relaxed) && *server.signalled_end.lock() == near {
        std::thread::sleep(Duration::from_millis(10));
    }
    {
        let mut end = server.signalled_end.lock();
        if *end != near {
            return;
        }
        *end = SignalledEnd::Begun;
    }
    if !server.engine.saver().save_at_end(how) {
        server.log.warning(&format!(
            "{name} received but errors trying to shut down the server, check the logs for more information"
        ));
        *server.signalled_end.lock() = SignalledEnd::None;
        return;
    }
    server.end("User requested shutdown...", how);
}

/// The configured shutdown options for a signal.
fn how_to_end(config: &Config, signal: i32) -> Shutdown {
    let id = if signal == SIGINT { ids::SHUTDOWN_ON_SIGINT } else { ids::SHUTDOWN_ON_SIGTERM };
    let bits: i64 = config.get(id);
    let save = match bits & (SHUTDOWN_SAVE | SHUTDOWN_NOSAVE) {
        SHUTDOWN_SAVE => Some(true),
        SHUTDOWN_NOSAVE => Some(false),
        _ => None,
    };
    Shutdown { save, now: bits & SHUTDOWN_NOW != 0, force: bits & SHUTDOWN_FORCE != 0 }
}

/// The path of the pid file: as configured, or the default for a daemon.
fn pid_file(config: &Config) -> Option<std::path::PathBuf> {
    let usual = || config.get(ids::DAEMONIZE).then(|| "/var/run/redis.pid".into());
    config.path(ids::PIDFILE).or_else(usual)
}

fn write_pid_file(config: &Config, log: &Log) {
    let Some(path) = pid_file(config) else { return };
    if let Err(error) = std::fs::write(&path, format!("{}\n", std::process::id())) {
        log.warning(&format!("Failed to write PID file: {error}"));
    }
}

fn clean_up(config: &Config, log: &Log) {
    if let Some(path) = pid_file(config) {
        log.notice("Removing the pid file.");
        let _ = std::fs::remove_file(path);
    }
    if let Some(path) = config.path(ids::UNIXSOCKET) {
        log.notice("Removing the unix socket file.");
        let _ = std::fs::remove_file(path);
    }
}
