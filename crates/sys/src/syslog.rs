//! The system log: `syslog` of POSIX.1-2017, which sends lines to the listener on `/dev/log`.

use std::ffi::CString;

/// The priority of a line, as in POSIX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// For operators.
    Warning,
    /// Ordinary, but worth keeping.
    Notice,
    /// Helps to diagnose problems.
    Info,
    /// For developers.
    Debug,
}

/// One of the local facilities, or that of user programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facility {
    /// `LOG_USER`.
    User,
    /// `LOG_LOCAL0` to `LOG_LOCAL7`.
    Local(u8),
}

/// Sets the name and the facility of this process's lines. Without a listener, this has no effect.
pub fn open(ident: &str, facility: Facility) {
    let facility = match facility {
        Facility::User => libc::LOG_USER,
        // Local facilities are consecutive: POSIX names them, and every system numbers them from the first on.
        Facility::Local(number) => libc::LOG_LOCAL0 + (libc::LOG_LOCAL1 - libc::LOG_LOCAL0) * i32::from(number.min(7)),
    };
    // The system keeps the pointer for the lifetime of the process.
    let ident = CString::new(ident.replace('\0', "")).unwrap_or_default().into_raw();
    // SAFETY: `ident` is a zero-terminated string, and is never freed.
    unsafe { libc::openlog(ident, libc::LOG_PID | libc::LOG_NDELAY | libc::LOG_NOWAIT, facility) }
}

/// Sends a line.
pub fn write(priority: Priority, line: &str) {
    let priority = match priority {
        Priority::Warning => libc::LOG_WARNING,
        Priority::Notice => libc::LOG_NOTICE,
        Priority::Info => libc::LOG_INFO,
        Priority::Debug => libc::LOG_DEBUG,
    };
    let line = CString::new(line.replace('\0', "")).unwrap_or_default();
    // SAFETY: both are zero-terminated strings; the format takes one such argument.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), line.as_ptr()) }
}
