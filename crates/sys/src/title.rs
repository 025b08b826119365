//! The title of the process, as `ps` and `/proc/PID/cmdline` show it: what lies where the kernel put the arguments.
//!
//! The environment lies behind the arguments and is moved away, so that a title may be longer than they were. Invariant:
//! from [`claim`] on nothing else refers to that memory but what names the arguments, which are read before.

use parking_lot::Mutex;
use std::ffi::{CStr, CString, c_char};
use std::ops::Range;

/// Where the title is; empty before it is claimed, and where the kernel does not say.
static ROOM: Mutex<Range<usize>> = Mutex::new(0..0);

unsafe extern "C" {
    static mut environ: *mut *mut c_char;
}

/// Makes room for titles. To be called once, when the arguments were read and before any thread is started, since it moves
/// the environment: in a process with several threads it does nothing.
pub fn claim() {
    if !crate::process::has_one_thread() {
        return;
    }
    let Some(room) = std::fs::read_to_string("/proc/self/stat").ok().and_then(|line| find_room(&line)) else { return };
    move_environment(&room);
    *ROOM.lock() = room;
}

/// From where to where arguments and environment lie, by the kernel's line on the process; `None` where they do not lie
/// together.
fn find_room(line: &str) -> Option<Range<usize>> {
    // The second field is a name, which may hold anything but ends with the last parenthesis; arguments begin with field 48.
    let fields = &line[line.rfind(')')? + 1..];
    let mut numbers = fields.split_whitespace().skip(45).map(|field| field.parse::<usize>().ok());
    let mut next = || numbers.next().flatten();
    let (arguments, environment) = (next()?..next()?, next()?..next()?);
    let together = arguments.end == environment.start && arguments.start > 0;
    (together && !arguments.is_empty() && !environment.is_empty()).then_some(arguments.start..environment.end)
}

/// Has every variable that lies in `room` lie elsewhere, for as long as the process lives.
fn move_environment(room: &Range<usize>) {
    // SAFETY: `environ` is a list of pointers to strings that ends with a null pointer, and no other thread is there to
    // change it (`claim` looked). Entries outside of the room are not the kernel's, and stay.
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

/// Shows another title, as much of it as there is room for; does nothing where none was claimed.
pub fn set(title: &[u8]) {
    let room = ROOM.lock();
    if room.is_empty() {
        return;
    }
    let shown = &title[..title.len().min(room.len() - 1)];
    let start = std::ptr::with_exposed_provenance_mut::<u8>(room.start);
    // SAFETY: the kernel said that the process's arguments and environment are there, which are writable; nothing else
    // refers to them (see the module's story), and the lock keeps other titles out. The rest is zeros, so that it ends.
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
    fn what_does_not_lie_together_is_left_alone() {
        for fields in
            ["100 120 121 150", "0 0 0 0", "100 120 120 120", "100 120 120", "120 120 120 150", "x 120 120 150"]
        {
            assert_eq!(find_room(&line("redstart", fields)), None, "{fields}");
        }
        assert_eq!(find_room(""), None);
    }
}
