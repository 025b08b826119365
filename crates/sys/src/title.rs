//! The title of the process in `ps` and `/proc/PID/cmdline`: the memory where the kernel stored the arguments.
//!
//! The environment follows the arguments in memory and is moved away, so that a title may be longer than the arguments.
//! Invariant: from [`claim`] on, nothing else refers to that memory, except for pointers to the arguments, which are
//! read before.

use parking_lot::Mutex;
use std::ffi::{CStr, CString, c_char};
use std::ops::Range;

/// The memory for the title; empty before it is claimed, or if the kernel does not report it.
static ROOM: Mutex<Range<usize>> = Mutex::new(0..0);

unsafe extern "C" {
    static mut environ: *mut *mut c_char;
}

/// Reserves memory for titles. Must be called once, after the arguments were read and before any thread is started,
/// since it moves the environment: in a process with several threads it does nothing.
pub fn claim() {
    if !crate::process::has_one_thread() {
        return;
    }
    let Some(room) = std::fs::read_to_string("/proc/self/stat").ok().and_then(|line| find_room(&line)) else { return };
    move_environment(&room);
    *ROOM.lock() = room;
}

/// The range of arguments and environment, parsed from the kernel's line on the process; `None` if they are not
/// adjacent.
fn find_room(line: &str) -> Option<Range<usize>> {
    // The second field is a name, which may contain anything but ends with the last parenthesis; the addresses of the
    // arguments begin with field 48.
    let fields = &line[line.rfind(')')? + 1..];
    let mut numbers = fields.split_whitespace().skip(45).map(|field| field.parse::<usize>().ok());
    let mut next = || numbers.next().flatten();
    let (arguments, environment) = (next()?..next()?, next()?..next()?);
    let together = arguments.end == environment.start && arguments.start > 0;
    (together && !arguments.is_empty() && !environment.is_empty()).then_some(arguments.start..environment.end)
}

/// Moves every variable inside `room` to memory that lives as long as the process.
fn move_environment(room: &Range<usize>) {
    // SAFETY: `environ` is a list of pointers to strings, terminated by a null pointer, and no other thread exists that
    // could change it (`claim` checked that). Entries outside the room are not the kernel's, and stay.
    unsafe {
        let mut entry = environ;
        while !entry.is_null() && !(*entry).is_null() {
            if room.contains(&(*entry).addr()) {
                *entry = CString::from(CStr::from_ptr(*entry)).into_raw();
            }
            entry = entry.add(1);
        }
    }
}

/// Sets the title, truncated to the available memory; does nothing if none was claimed.
pub fn set(title: &[u8]) {
    let room = ROOM.lock();
    if room.is_empty() {
        return;
    }
    let shown = &title[..title.len().min(room.len() - 1)];
    let start = std::ptr::with_exposed_provenance_mut::<u8>(room.start);
    // SAFETY: the kernel reported that the process's arguments and environment are there, which are writable; nothing
    // else refers to them (see the module's documentation), and the lock excludes other titles. The rest is zeros,
    // which terminate the title.
    unsafe {
        start.copy_from_nonoverlapping(shown.as_ptr(), shown.len());
        start.add(shown.len()).write_bytes(0, room.len() - shown.len());
    }
}

#[cfg(test)]
mod tests {
    use super::find_room;

    /// A line with a name and the fields from the 48th on.
    fn line(name: &str, last: &str) -> String {
        format!("17 ({name}) S {}{last} 0", "1 ".repeat(44))
    }

    #[test]
    fn arguments_are_found_behind_any_name() {
        assert_eq!(find_room(&line("redstart", "100 120 120 150")), Some(100..150));
        assert_eq!(find_room(&line("a ) b) 7 (", "100 120 120 150")), Some(100..150));
    }

    #[test]
    fn separate_areas_are_not_used() {
        for fields in
            ["100 120 121 150", "0 0 0 0", "100 120 120 120", "100 120 120", "120 120 120 150", "x 120 120 150"]
        {
            assert_eq!(find_room(&line("redstart", fields)), None, "{fields}");
        }
        assert_eq!(find_room(""), None);
    }
}
