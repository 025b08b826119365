//! The system's log: `syslog` of POSIX.1-2017, which hands lines to whatever listens on `/dev/log`.

use std::ffi::CString;

/// How urgent a line is, as POSIX numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Something an operator must see.
    Warning,
    /// Ordinary, but worth to be kept.
    Notice,
    /// May help to understand a problem.
    Info,
    /// For developers.
    Debug,
}

/// Which of the local facilities, or the one of users' programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facility {
    /// `LOG_USER`.
    User,
    /// `LOG_LOCAL0` to `LOG_LOCAL7`.
    Local(u8),
}

/// Says under which name, and as what, the lines of this process stand there. Nothing is said where nobody listens.
pub fn open(ident: &str, facility: Facility) {
    let facility = match facility {
        Facility::User => libc::LOG_USER,
        // Local facilities are neighbours: POSIX names them, every system numbers them from the first on.
        Facility::Local(number) => libc::LOG_LOCAL0 + (libc::LOG_LOCAL1 - libc::LOG_LOCAL0) * i32::from(number.min(7)),
    };
    // The system keeps the pointer for as long as the process lives.
    let ident = CString::new(ident.replace('\0', "")).unwrap_or_default().into_raw();
    // SAFETY: `ident` is a string that ends with a zero, and is never freed.
    unsafe { libc::openlog(ident, libc::LOG_PID | libc::LOG_NDELAY | libc::LOG_NOWAIT, facility) }
}

/// Hands a line over.
pub fn write(priority: Priority, line: &str) {
    let priority = match priority {
        Priority::Warning => libc::LOG_WARNING,
        Priority::Notice => libc::LOG_NOTICE,
        Priority::Info => libc::LOG_INFO,
        Priority::Debug => libc::LOG_DEBUG,
    };
    let line = CString::new(line.replace('\0', "")).unwrap_or_default();
    // SAFETY: both are strings that end with a zero; the format takes one such argument.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), line.as_ptr()) }
}
