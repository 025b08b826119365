//! What the engine lives in, as far as commands need it: the server, or the program that embeds the engine.

use redstart_config::{ApplyError, Change, Config};

/// How SHUTDOWN was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shutdown {
    /// SAVE was given (`Some(true)`), or NOSAVE.
    pub save: Option<bool>,
    /// Does not wait for replicas.
    pub now: bool,
    /// Goes on where saving fails.
    pub force: bool,
}

/// Bytes as the allocator counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocator {
    /// Handed out.
    pub allocated: usize,
    /// In pages that hold something that was handed out.
    pub active: usize,
    /// In memory, the allocator's own data included.
    pub resident: usize,
}

/// What a host does for commands. The defaults are those of an embedded engine, where there is nothing to do.
pub trait Host: Send + Sync {
    /// Puts configuration changes into effect that concern more than the engine.
    ///
    /// # Errors
    /// A value cannot be put into effect; CONFIG SET then takes all back.
    fn apply(&self, _config: &Config, _changes: &[Change]) -> Result<(), ApplyError> {
        Ok(())
    }

    /// Ends the process in an orderly way; false where it cannot.
    fn shutdown(&self, _how: Shutdown) -> bool {
        false
    }

    /// Calls off an end that a signal asked for and that has not begun; false where there is none.
    fn abort_shutdown(&self) -> bool {
        false
    }

    /// Where clients can connect, as INFO's `listener` lines say it.
    fn listeners(&self) -> Vec<String> {
        Vec::new()
    }

    /// The interface to the kernel that serves connections, as INFO's `multiplexing_api` says it.
    fn multiplexing_api(&self) -> &'static str {
        "none"
    }

    /// The service manager that the process reports to, as INFO's `process_supervised` says it.
    fn supervised(&self) -> &'static str {
        "no"
    }

    /// Tells the service manager what the process is at, so that it waits.
    fn still_at(&self, _words: &str) {}

    /// What the allocator says of itself, where it says anything.
    fn allocator(&self) -> Option<Allocator> {
        None
    }

    /// Has the allocator give back what it does not need.
    fn purge_memory(&self) {}

    /// What the allocator says of itself, in words.
    fn allocator_report(&self) -> Option<String> {
        None
    }

    /// Writes a line to the log.
    fn log(&self, _line: &str) {}

    /// Writes a line to the log that an operator must see.
    fn warn(&self, _line: &str) {}

    /// Whether the process is ending, so that what goes on for long should end as well.
    fn is_ending(&self) -> bool {
        false
    }

    /// Ends the process at once: what it promised it cannot keep any more.
    fn fail(&self, line: &str) {
        eprintln!("{line}");
        std::process::exit(1);
    }

    /// Lets the other clients of the calling thread have a turn, while a command of one goes on for long. They are told
    /// that the server is busy. Returns whether the process is ending, so that the command should as well.
    fn turn(&self) -> bool {
        false
    }

    /// Writes a line of a script's to the log: at level 0 for debugging, 1 verbose, 2 notice, 3 warning.
    fn script_log(&self, _level: u8, _line: &str) {}
}

/// No host: the engine stands in a program of its own.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Host for Embedded {}
