//! The report on a panic or a fatal signal: the cause, the stacks of all threads, INFO, the clients. It has the form of
//! Redis's report, so that people and tools can read it. `crash-log-enabled no` omits the report on signals.

use crate::log::Log;
use crate::startup::VERSION;
use redstart::Engine;
use redstart::config::ids;
use redstart_sys::crash::{self, Crash, Wanted};
use std::fmt::Write;
use std::sync::mpsc;
use std::time::Duration;

/// The most time for INFO and the client list: the crashed thread may hold locks that they need.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reports panics and fatal signals from now on. A panic also ends the process: with a thread missing the server would
/// not work.
pub(crate) fn watch(engine: &Engine, log: &Log) {
    let reporter = Reporter { engine: engine.clone(), log: log.clone() };
    let on_panic = reporter.clone();
    std::panic::set_hook(Box::new(move |panic| {
        on_panic.report(&[panic.to_string()], Some(std::backtrace::Backtrace::force_capture().to_string()));
        crash::die();
    }));
    let watched = crash::watch(move |wanted| match wanted {
        Wanted::Crash(crash) if reporter.is_wanted() => reporter.report(&headlines(&crash), None),
        Wanted::Crash(_) => _ = reporter.keep(),
        Wanted::Traces => {
            reporter.log.warning("Received SIGALRM");
            reporter.log.raw(&traces());
        }
    });
    if let Err(error) = watched {
        log.warning(&format!("Fatal signals will not be reported: {error}"));
    }
}

#[derive(Clone)]
struct Reporter {
    engine: Engine,
    log: Log,
}

impl Reporter {
    fn is_wanted(&self) -> bool {
        self.engine.shared().config.get(ids::CRASH_LOG_ENABLED)
    }

    /// Writes the queued journal to the AOF, if possible.
    fn keep(&self) -> bool {
        let shared = self.engine.shared();
        shared.journal.rescue(&shared.config)
    }

    /// Writes the journal and then the report. `panicked` is the backtrace of a thread that panicked.
    fn report(&self, headlines: &[String], panicked: Option<String>) {
        let (shared, log) = (self.engine.shared(), &self.log);
        let kept = self.keep();
        log.raw("\n\n=== REDSTART BUG REPORT START: Cut & paste starting from here ===\n");
        for line in headlines {
            log.warning(line);
        }
        if !kept {
            log.warning("The last commands could not be written to the AOF");
        }
        if let Some(backtrace) = panicked {
            log.raw(&format!("\n------ THE THREAD THAT PANICKED ------\n{backtrace}"));
        }
        log.raw(&traces());
        log.raw(&format!("\n------ INFO OUTPUT ------\n{}", self.ask(b"INFO everything")));
        let clients = if shared.config.get(ids::HIDE_USER_DATA_FROM_LOG) {
            "hide-user-data-from-log is on, skip logging clients to avoid spilling PII\n".to_owned()
        } else {
            self.ask(b"CLIENT LIST")
        };
        log.raw(&format!("\n------ CLIENT LIST OUTPUT ------\n{clients}"));
        log.raw(
            "\n=== REDSTART BUG REPORT END. Make sure to include from START to END. ===\n\n       \
             Please report the crash with everything between the lines above. If the data allows it, keep the core\n       \
             file and the last RDB and AOF files as well.\n",
        );
    }

    /// The reply to a command, if it completes in time.
    fn ask(&self, command: &'static [u8]) -> String {
        let (engine, (sender, receiver)) = (self.engine.clone(), mpsc::channel());
        let run = move || {
            // The receiver may have timed out.
            let _ = sender.send(engine.ask(command));
        };
        let started = std::thread::Builder::new().spawn(run).is_ok();
        let answer = receiver.recv_timeout(if started { PATIENCE } else { Duration::ZERO });
        answer.unwrap_or_else(|_| "Not to be had: the thread that broke holds what is needed for it\n".to_owned())
    }
}

fn headlines(crash: &Crash) -> Vec<String> {
    let Crash { signal, code, address, sender } = crash;
    let mut lines = vec![format!("Redstart {VERSION} crashed by signal: {signal}, si_code: {code}")];
    lines.push(match sender {
        Some(pid) => format!("Killed by PID: {pid}"),
        None => format!("Accessing address: {address:#x}"),
    });
    lines
}

/// The stacks of all threads.
pub(crate) fn traces() -> String {
    let mut text = "\n------ STACK TRACE ------\n".to_owned();
    for trace in crash::traces() {
        let mark = if trace.broke { " *" } else { "" };
        let _ = writeln!(text, "\n{} {}{mark}", trace.thread, trace.name);
        trace.lines().iter().for_each(|line| {
            let _ = writeln!(text, "{line}");
        });
    }
    text + "\n------ STACK TRACE DONE ------\n"
}
