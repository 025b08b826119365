//! The connection from functions that scripts call to the command that runs the script: requests without lifetimes,
//! answered by a closure that the runner lends to the interpreter for the run.

use redstart_resp::OwnedArgs;
use redstart_sys::lend::Lent;
use std::cell::{Cell, RefCell};

/// A buffer that grew beyond this is shrunk to it.
const KEEP_BYTES: usize = 64 * 1024;

/// The kind of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Run the command in the arguments; its reply is written to [`Call::reply`].
    #[default]
    Command,
    /// Whether the user may run the command.
    MayCall,
    /// Use this protocol version for replies from now on.
    Version(u8),
    /// Which of the following commands the journal records.
    Replicate(u8),
    /// Log the argument at this level.
    Log(u8),
    /// Some time has passed.
    Tick,
}

/// The outcome of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done.
    #[default]
    Done,
    /// The command returned an error, which is in [`Call::reply`].
    Failed,
    /// Refused, with the error message, and whether the error was already counted.
    Refused(Vec<u8>, bool),
    /// The user may not run the command.
    Forbidden,
    /// The script must end.
    Stop,
}

/// A request and its reply.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) ask: Ask,
    pub(crate) args: OwnedArgs,
    pub(crate) reply: Vec<u8>,
    pub(crate) outcome: Outcome,
}

thread_local! {
    /// The closure that runs the script's requests on this thread.
    pub(crate) static HOST: Lent<Call> = const { Lent::new() };
    /// The request being built. Arguments are appended as they are taken from Lua's stack.
    static CALL: RefCell<Call> = RefCell::default();
    /// The script must end, whatever it catches.
    static STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// Makes a request with the arguments pushed before; returns `None` if no script is running.
pub(crate) fn ask<R>(what: Ask, read: impl FnOnce(&mut Call) -> R) -> Option<R> {
    CALL.with(|call| {
        let mut call = call.try_borrow_mut().ok()?;
        call.ask = what;
        call.outcome = Outcome::Done;
        call.reply.clear();
        let answered = HOST.with(|host| host.ask(&mut call));
        if call.outcome == Outcome::Stop {
            STOPPED.set(true);
        }
        let result = answered.then(|| read(&mut call));
        call.args.clear(KEEP_BYTES);
        call.reply.shrink_to(KEEP_BYTES);
        result
    })
}

/// Appends an argument to the next request; returns false if there are too many bytes.
pub(crate) fn push(argument: &[u8]) -> bool {
    CALL.with(|call| call.try_borrow_mut().is_ok_and(|mut call| call.args.try_push(argument)))
}

/// Discards the arguments of a request that is not made.
pub(crate) fn forget() {
    CALL.with(|call| {
        if let Ok(mut call) = call.try_borrow_mut() {
            call.args.clear(KEEP_BYTES);
        }
    });
}

/// Whether the script must end.
pub(crate) fn stopped() -> bool {
    STOPPED.get()
}

/// Resets the state for a new script.
pub(crate) fn begin() {
    STOPPED.set(false);
    forget();
}
