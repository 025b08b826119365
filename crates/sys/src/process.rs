//! The process: its file limit, running in the background, its memory as seen by the kernel.

use std::io;

/// Raises the limit of open files to `wanted` if the system allows it; returns the resulting limit.
#[must_use]
pub fn raise_file_limit(wanted: u64) -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit writes one struct, which is ours.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } != 0 {
        return wanted;
    }
    if limit.rlim_cur >= wanted {
        return limit.rlim_cur;
    }
    // A privileged process may raise the hard limit as well; others are bound by it.
    for hard in [limit.rlim_max.max(wanted), limit.rlim_max] {
        let raised = libc::rlimit { rlim_cur: wanted.min(hard), rlim_max: hard };
        // SAFETY: setrlimit reads one struct, which is ours.
        if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const raised) } == 0 {
            return raised.rlim_cur;
        }
    }
    limit.rlim_cur
}

/// Survives the closing of the terminal, and the file size limit (`ulimit -f`): a write beyond it then fails, as on a
/// full disk, instead of ending the process.
pub fn survive_terminal_and_limits() {
    for signal in [libc::SIGHUP, libc::SIGXFSZ] {
        // SAFETY: an ignored signal calls nothing.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// Stops the process, like SIGSTOP, until another process continues it.
pub fn stop() {
    // SAFETY: a signal to this process, which runs no handler for it.
    unsafe { libc::raise(libc::SIGSTOP) };
}

/// The name of jemalloc's threads, which touch only its own memory, and which it handles on fork.
const ALLOCATOR_THREAD: &str = "jemalloc_bg_thd";
/// How often, and at what interval, a thread is checked for this name.
const NAME_TRIES: u32 = 50;
const NAME_NAP: std::time::Duration = std::time::Duration::from_millis(1);

/// Whether the calling thread is the only one of the process, except for the allocator's own. `true` if the system does
/// not report threads.
#[must_use]
pub fn has_one_thread() -> bool {
    // A thread of the allocator that has just started does not have its name yet.
    for _ in 0..NAME_TRIES {
        let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return true };
        let names = threads.flatten().map(|thread| std::fs::read_to_string(thread.path().join("comm")));
        if names.flatten().filter(|name| name.trim_end() != ALLOCATOR_THREAD).count() == 1 {
            return true;
        }
        std::thread::sleep(NAME_NAP);
    }
    false
}

/// Continues in the background: in a child without a terminal, with its standard streams redirected to /dev/null. Must
/// be called before any thread is started, since a child has only the thread that forks.
///
/// # Errors
/// There are other threads, or the system refuses to fork.
pub fn daemonize() -> io::Result<()> {
    if !has_one_thread() {
        return Err(io::Error::other("a process with several threads cannot fork"));
    }
    // SAFETY: the process has one thread, so no other thread's operation is half done in the child.
    match unsafe { libc::fork() } {
        -1 => return Err(io::Error::last_os_error()),
        0 => {}
        _ => std::process::exit(0),
    }
    // SAFETY: setsid, open, dup2 and close only touch this process's session and descriptors.
    unsafe {
        libc::setsid();
        let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
        if null >= 0 {
            for stream in 0..3 {
                libc::dup2(null, stream);
            }
            if null > 2 {
                libc::close(null);
            }
        }
    }
    Ok(())
}

/// Processor time of the whole process so far: user and system, in seconds.
#[must_use]
pub fn cpu_seconds() -> (f64, f64) {
    usage_of(libc::RUSAGE_SELF)
}

/// Like [`cpu_seconds`], of the calling thread.
#[must_use]
pub fn thread_cpu_seconds() -> (f64, f64) {
    usage_of(libc::RUSAGE_THREAD)
}

fn usage_of(who: libc::c_int) -> (f64, f64) {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: getrusage fills the struct; zeroed is a valid value if it fails.
    let usage = unsafe {
        libc::getrusage(who, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    (seconds(usage.ru_utime), seconds(usage.ru_stime))
}

/// Bytes of memory that the kernel holds for the process (resident set size); 0 if unknown.
#[must_use]
pub fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split_whitespace().nth(1)?.parse::<usize>().ok()).unwrap_or(0);
    // SAFETY: sysconf reads a constant of the system.
    pages * usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

/// Bytes of memory of the machine; 0 if unknown.
#[must_use]
pub fn total_memory() -> usize {
    // SAFETY: sysconf reads constants of the system.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    usize::try_from(pages).unwrap_or(0) * usize::try_from(size).unwrap_or(0)
}
