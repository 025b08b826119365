//! Signals that tell of something broken: what every thread was doing is told before the process dies of them.
//!
//! ```text
//!   thread that broke:  handler: its frames and the signal into statics ── wakes the reporter ── waits ── dies
//!   reporter (asleep until then):  asks the other threads for their frames, one after the other ── report
//! ```
//! A handler may call next to nothing: the thread may hold the allocator's lock. So names of functions and everything else is
//! the reporter's business; if that cannot go on either, the process dies after [`PATIENCE`] all the same.

use parking_lot::Mutex;
use std::ffi::c_void;
use std::io;
use std::sync::atomic::{AtomicI32, AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

/// Signals that end the process: broken memory access, arithmetic, instruction, `abort`.
const FATAL: [i32; 5] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGABRT];
/// Asks a thread for its frames.
const ASK: i32 = libc::SIGUSR2;
/// So long a thread that broke waits for the report.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long a thread has to tell its frames; it may be stuck in the kernel.
const ANSWER: Duration = Duration::from_millis(200);
const STEP: Duration = Duration::from_millis(2);
/// Frames that are kept of a thread.
const DEPTH: usize = 64;

static FRAMES: [AtomicUsize; DEPTH] = [const { AtomicUsize::new(0) }; DEPTH];
/// How many of them there are, once they are.
static COUNT: AtomicUsize = AtomicUsize::new(0);
/// The thread that is asked.
static ASKED: AtomicI32 = AtomicI32::new(0);
/// Where the reporter is woken.
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
    /// Its number.
    pub signal: i32,
    /// `si_code` of sigaction(2).
    pub code: i32,
    /// What was accessed, or the instruction.
    pub address: usize,
    /// The process that sent it, if any did.
    pub sender: Option<i32>,
}

/// What the reporter is woken for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// The last words.
    Crash(Crash),
    /// SIGALRM: somebody wants to know what is going on.
    Traces,
}

/// What a thread was doing.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The system's number of the thread.
    pub thread: i32,
    /// Its name.
    pub name: String,
    /// It is the one that the signal came to.
    pub broke: bool,
    frames: Vec<usize>,
}

impl Trace {
    /// The functions from the innermost to the outermost, with their places where known. It takes a while: debug information
    /// is read for it.
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

/// Has a thread of its own call `report` when something is [`Wanted`], and the process die of fatal signals only then.
///
/// # Errors
/// The system has no thread or pipe to give.
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

/// What all threads are doing, but for the one that asks; where one broke, that comes first, with what it was doing then.
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

/// Dies at once, as of `abort`, without another report.
pub fn die() -> ! {
    STATE.store(TOLD, Ordering::Release);
    // SAFETY: back to what the system does by itself; it takes no memory of ours.
    unsafe { libc::signal(libc::SIGABRT, libc::SIG_DFL) };
    std::process::abort();
}

/// Accesses memory that is not there, for tests of what comes then.
pub fn break_memory() {
    // SAFETY: none: this is what DEBUG SEGFAULT is for. The address is never mapped, and the access cannot be left out.
    unsafe { std::ptr::without_provenance::<u8>(8).read_volatile() };
}

/// Has a thread tell its frames; whether it did in time.
fn ask(thread: i32) -> bool {
    COUNT.store(0, Ordering::Relaxed);
    ASKED.store(thread, Ordering::Release);
    // SAFETY: a signal to a thread of this process, whose handler is installed.
    unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, ASK) };
    let mut left = ANSWER;
    while COUNT.load(Ordering::Acquire) == 0 && !left.is_zero() {
        std::thread::sleep(STEP);
        left = left.saturating_sub(STEP);
    }
    ASKED.swap(0, Ordering::AcqRel) == thread && COUNT.load(Ordering::Acquire) > 0
}

/// The frames that a thread has told.
fn taken(thread: i32, broke: bool) -> Trace {
    let name = std::fs::read_to_string(format!("/proc/self/task/{thread}/comm")).unwrap_or_default();
    let count = COUNT.load(Ordering::Acquire).min(DEPTH);
    let frames = FRAMES[..count].iter().map(|frame| frame.load(Ordering::Relaxed)).collect();
    Trace { thread, name: name.trim_end().to_owned(), broke, frames }
}

type Handler = extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void);

fn install(signal: i32, handler: Handler, flags: i32) {
    // SAFETY: a sigaction of zeros is a valid one, and its fields are set before it is read; handlers keep to what is allowed
    // to them.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | flags;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(signal, &raw const action, std::ptr::null_mut());
    }
}

fn thread() -> i32 {
    // SAFETY: gettid takes nothing, and cannot fail.
    unsafe { libc::gettid() }
}

/// Notes the frames of this thread.
fn note_frames() {
    let mut count = 0;
    // SAFETY: only one thread is here at a time, by `ASKED` and `STATE`; so nobody else walks a stack meanwhile.
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
    // SAFETY: one byte of a constant; write may be called in a handler.
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
        // SAFETY: the system gives a siginfo to handlers that ask for it.
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
    // Others that break meanwhile wait as well, and so does the reporter's own end.
    let mut left = PATIENCE;
    while STATE.load(Ordering::Acquire) != TOLD && !left.is_zero() {
        let nap = libc::timespec { tv_sec: 0, tv_nsec: STEP.subsec_nanos().into() };
        // SAFETY: reads one struct, which is ours; nanosleep may be called in a handler.
        unsafe { libc::nanosleep(&raw const nap, std::ptr::null_mut()) };
        left = left.saturating_sub(STEP);
    }
    // SAFETY: back to what the system does by itself, and once more the signal, which comes when this handler returns.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}
