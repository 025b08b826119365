//! The engine's environment, as far as commands need it: the server, or the program that embeds the engine.

use redstart_config::{ApplyError, Change, Config};

/// The options of SHUTDOWN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shutdown {
    /// SAVE (`Some(true)`) or NOSAVE (`Some(false)`).
    pub save: Option<bool>,
    /// NOW: do not wait for replicas.
    pub now: bool,
    /// FORCE: shut down even if saving fails.
    pub force: bool,
}

/// The allocator's figures, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocator {
    /// Allocated by the program.
    pub allocated: usize,
    /// In pages with at least one allocation.
    pub active: usize,
    /// In physical memory, including the allocator's own data.
    pub resident: usize,
}

/// The services of a host for commands. The defaults are those of an embedded engine and do nothing.
pub trait Host: Send + Sync {
    /// Applies configuration changes that affect more than the engine.
    ///
    /// # Errors
    /// A value cannot be applied; CONFIG SET then reverts all changes.
    fn apply(&self, _config: &Config, _changes: &[Change]) -> Result<(), ApplyError> {
        Ok(())
    }

    /// Shuts the process down in order; returns false if that is not possible.
    fn shutdown(&self, _how: Shutdown) -> bool {
        false
    }

    /// Cancels a shutdown that a signal requested and that has not begun; returns false if there is none.
    fn abort_shutdown(&self) -> bool {
        false
    }

    /// The addresses that accept connections, as in INFO's `listener` lines.
    fn listeners(&self) -> Vec<String> {
        Vec::new()
    }

    /// The kernel interface that serves connections, as in INFO's `multiplexing_api`.
    fn multiplexing_api(&self) -> &'static str {
        "none"
    }

    /// The service manager that supervises the process, as in INFO's `process_supervised`.
    fn supervised(&self) -> &'static str {
        "no"
    }

    /// Reports progress to the service manager, so that its timeout is extended.
    fn still_at(&self, _words: &str) {}

    /// The allocator's figures, if available.
    fn allocator(&self) -> Option<Allocator> {
        None
    }

    /// Makes the allocator return unused memory.
    fn purge_memory(&self) {}

    /// The allocator's own report, as text.
    fn allocator_report(&self) -> Option<String> {
        None
    }

    /// Logs a line.
    fn log(&self, _line: &str) {}

    /// Logs a line as a warning.
    fn warn(&self, _line: &str) {}

    /// Whether the process is shutting down, so that long operations should end.
    fn is_ending(&self) -> bool {
        false
    }

    /// Ends the process at once, because it can no longer keep a guarantee.
    fn fail(&self, line: &str) {
        eprintln!("{line}");
        std::process::exit(1);
    }

    /// Serves the other clients of the calling thread during a long command. They receive the BUSY error. Returns
    /// whether the process is shutting down, so that the command should end.
    fn turn(&self) -> bool {
        false
    }

    /// Logs a line of a script: at level 0 for debug, 1 verbose, 2 notice, 3 warning.
    fn script_log(&self, _level: u8, _line: &str) {}
}

/// No host: the engine is embedded in a program.
#[derive(Clone, Copy, Debug)]
pub struct Embedded;

impl Host for Embedded {}
