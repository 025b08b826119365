//! Reports on fatal signals: the stacks of all threads are collected before the process dies.
//!
//! ```text
//!   crashed thread:  handler: stores its frames and the signal in statics ── wakes the reporter ── waits ── dies
//!   reporter (asleep until then):  requests the frames of the other threads, one after the other ── report
//! ```
//! A handler may call next to nothing, because the thread may hold the allocator's lock. Names of functions and
//! everything else are therefore left to the reporter. If the reporter is blocked as well, the process dies after
//! [`PATIENCE`].

use parking_lot::Mutex;
use std::ffi::c_void;
use std::io;
use std::sync::atomic::{AtomicI32, AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

/// Signals that end the process: invalid memory access, arithmetic error, illegal instruction, `abort`.
const FATAL: [i32; 5] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGABRT];
/// Requests a thread's frames.
const ASK: i32 = libc::SIGUSR2;
/// How long a crashed thread waits for the report.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait for a thread's frames; the thread may be stuck in the kernel.
const ANSWER: Duration = Duration::from_millis(200);
const STEP: Duration = Duration::from_millis(2);
/// The most frames kept of a thread.
const DEPTH: usize = 64;

static FRAMES: [AtomicUsize; DEPTH] = [const { AtomicUsize::new(0) }; DEPTH];
/// The number of stored frames, once they are complete.
static COUNT: AtomicUsize = AtomicUsize::new(0);
/// The thread whose frames are requested.
static ASKED: AtomicI32 = AtomicI32::new(0);
/// The pipe that wakes the reporter.
static PIPE: AtomicI32 = AtomicI32::new(-1);
static STATE: AtomicU8 = AtomicU8::new(CALM);
const CALM: u8 = 0;
const BROKEN: u8 = 1;
const TOLD: u8 = 2;

static SIGNAL: AtomicI32 = AtomicI32::new(0);
static CODE: AtomicI32 = AtomicI32::new(0);
static ADDRESS: AtomicUsize = AtomicUsize::new(0);
static SENDER: AtomicI32 = AtomicI32::new(0);
static THREAD: AtomicI32 = AtomicI32::new(0);

/// A fatal signal.
#[derive(Clone, Copy, Debug)]
pub struct Crash {
    /// The number of the signal.
    pub signal: i32,
    /// `si_code` of sigaction(2).
    pub code: i32,
    /// The accessed address, or that of the instruction.
    pub address: usize,
    /// The process that sent the signal, if any.
    pub sender: Option<i32>,
}

/// Why the reporter is woken.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// The final report.
    Crash(Crash),
    /// SIGALRM: an operator requests the stacks.
    Traces,
}

/// The stack of a thread.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The thread's id in the system.
    pub thread: i32,
    /// Its name.
    pub name: String,
    /// This thread received the signal.
    pub broke: bool,
    frames: Vec<usize>,
}

impl Trace {
    /// The functions from the innermost to the outermost, with their source positions where known. Slow: it reads debug
    /// information.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for &frame in &self.frames {
            let before = lines.len();
            backtrace::resolve(frame as *mut c_void, |symbol| {
                let name = symbol.name().map_or_else(|| "?".to_owned(), |name| format!("{name:#}"));
                let place = symbol.filename().zip(symbol.lineno());
                let place = place.map(|(file, line)| format!(" ({}:{line})", file.display())).unwrap_or_default();
                lines.push(format!("{frame:#018x} {name}{place}"));
            });
            if lines.len() == before {
                lines.push(format!("{frame:#018x} ?"));
            }
        }
        lines
    }
}

/// Starts a thread that calls `report` when a report is [`Wanted`]; the process dies of fatal signals only afterwards.
///
/// # Errors
/// The system refuses a thread or a pipe.
pub fn watch(mut report: impl FnMut(Wanted) + Send + 'static) -> io::Result<()> {
    let mut ends = [-1; 2];
    // SAFETY: pipe2 writes two descriptors, into an array of two.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(io::Error::last_os_error());
    }
    PIPE.store(ends[1], Ordering::Release);
    let wait = move || {
        loop {
            let mut byte = 0_u8;
            // SAFETY: one byte is read into one byte.
            if unsafe { libc::read(ends[0], (&raw mut byte).cast(), 1) } != 1 {
                continue;
            }
            if STATE.load(Ordering::Acquire) != BROKEN {
                report(Wanted::Traces);
                continue;
            }
            let load = |value: &AtomicI32| value.load(Ordering::Relaxed);
            let sender = Some(load(&SENDER)).filter(|_| load(&CODE) <= 0);
            let address = ADDRESS.load(Ordering::Relaxed);
            report(Wanted::Crash(Crash { signal: load(&SIGNAL), code: load(&CODE), address, sender }));
            STATE.store(TOLD, Ordering::Release);
        }
    };
    std::thread::Builder::new().name("crash-report".to_owned()).spawn(wait)?;
    FATAL.iter().for_each(|&signal| install(signal, on_fatal, libc::SA_ONSTACK));
    install(ASK, on_ask, 0);
    install(libc::SIGALRM, on_alarm, 0);
    Ok(())
}

/// The stacks of all threads except the calling one. If a thread crashed, it comes first, with its stack at that time.
#[must_use]
pub fn traces() -> Vec<Trace> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _asking = ONE_AT_A_TIME.lock();
    let own = thread();
    let broken = (STATE.load(Ordering::Acquire) == BROKEN).then(|| THREAD.load(Ordering::Relaxed));
    let mut traces: Vec<Trace> = broken.map(|thread| taken(thread, true)).into_iter().collect();
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let threads = tasks.filter_map(|task| task.ok()?.file_name().to_str()?.parse().ok());
    for thread in threads.filter(|&thread| thread != own && Some(thread) != broken) {
        if ask(thread) {
            traces.push(taken(thread, false));
        }
    }
    traces
}

/// Ends the process at once like `abort`, without another report.
pub fn die() -> ! {
    STATE.store(TOLD, Ordering::Release);
    // SAFETY: restores the default action; it uses none of our memory.
    unsafe { libc::signal(libc::SIGABRT, libc::SIG_DFL) };
    std::process::abort();
}

/// Accesses invalid memory, to test crash handling.
pub fn break_memory() {
    // SAFETY: none: this is the purpose of DEBUG SEGFAULT. The address is never mapped, and the access cannot be
    // optimised away.
    unsafe { std::ptr::without_provenance::<u8>(8).read_volatile() };
}

/// Requests a thread's frames; returns whether they arrived in time.
fn ask(thread: i32) -> bool {
    COUNT.store(0, Ordering::Relaxed);
    ASKED.store(thread, Ordering::Release);
    // SAFETY: sends a signal to a thread of this process, whose handler is installed.
    unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, ASK) };
    let mut left = ANSWER;
    while COUNT.load(Ordering::Acquire) == 0 && !left.is_zero() {
        std::thread::sleep(STEP);
        left = left.saturating_sub(STEP);
    }
    ASKED.swap(0, Ordering::AcqRel) == thread && COUNT.load(Ordering::Acquire) > 0
}

/// The frames that a thread has stored.
fn taken(thread: i32, broke: bool) -> Trace {
    let name = std::fs::read_to_string(format!("/proc/self/task/{thread}/comm")).unwrap_or_default();
    let count = COUNT.load(Ordering::Acquire).min(DEPTH);
    let frames = FRAMES[..count].iter().map(|frame| frame.load(Ordering::Relaxed)).collect();
    Trace { thread, name: name.trim_end().to_owned(), broke, frames }
}

type Handler = extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void);

fn install(signal: i32, handler: Handler, flags: i32) {
    // SAFETY: a zeroed sigaction is valid, and its fields are set before it is read; handlers call only what is allowed
    // in them.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | flags;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(signal, &raw const action, std::ptr::null_mut());
    }
}

fn thread() -> i32 {
    // SAFETY: gettid has no arguments, and cannot fail.
    unsafe { libc::gettid() }
}

/// Stores the frames of this thread.
fn note_frames() {
    let mut count = 0;
    // SAFETY: `ASKED` and `STATE` admit only one thread here at a time, so no other thread walks a stack meanwhile.
    unsafe {
        backtrace::trace_unsynchronized(|frame| {
            FRAMES[count].store(frame.ip() as usize, Ordering::Relaxed);
            count += 1;
            count < DEPTH
        });
    }
    COUNT.store(count, Ordering::Release);
}

fn wake_reporter() {
    let pipe = PIPE.load(Ordering::Acquire);
    // SAFETY: writes one byte of a constant; write may be called in a handler.
    unsafe { libc::write(pipe, b"!".as_ptr().cast(), 1) };
}

extern "C" fn on_ask(_: i32, _: *mut libc::siginfo_t, _: *mut c_void) {
    if ASKED.load(Ordering::Acquire) == thread() && COUNT.load(Ordering::Acquire) == 0 {
        note_frames();
    }
}

extern "C" fn on_alarm(_: i32, _: *mut libc::siginfo_t, _: *mut c_void) {
    wake_reporter();
}

extern "C" fn on_fatal(signal: i32, info: *mut libc::siginfo_t, _: *mut c_void) {
    if STATE.compare_exchange(CALM, BROKEN, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
        // SAFETY: the system passes a siginfo to handlers that request it.
        let (code, address, sender) = unsafe { ((*info).si_code, (*info).si_addr() as usize, (*info).si_pid()) };
        SIGNAL.store(signal, Ordering::Relaxed);
        CODE.store(code, Ordering::Relaxed);
        ADDRESS.store(address, Ordering::Relaxed);
        SENDER.store(sender, Ordering::Relaxed);
        THREAD.store(thread(), Ordering::Relaxed);
        ASKED.store(0, Ordering::Release);
        note_frames();
        wake_reporter();
    }
    // Other threads that crash meanwhile wait as well, including the reporter.
    let mut left = PATIENCE;
    while STATE.load(Ordering::Acquire) != TOLD && !left.is_zero() {
        let nap = libc::timespec { tv_sec: 0, tv_nsec: STEP.subsec_nanos().into() };
        // SAFETY: reads one struct, which is ours; nanosleep may be called in a handler.
        unsafe { libc::nanosleep(&raw const nap, std::ptr::null_mut()) };
        left = left.saturating_sub(STEP);
    }
    // SAFETY: restores the default action and raises the signal again, which arrives when this handler returns.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}
