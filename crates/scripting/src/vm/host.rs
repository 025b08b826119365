//! How the functions that scripts call reach the command that runs the script: requests without lifetimes, answered by
//! a closure that the runner lends to the interpreter for the run.

use redstart_resp::OwnedArgs;
use redstart_sys::lend::Lent;
use std::cell::{Cell, RefCell};

/// A buffer that grew beyond this is cut back to it.
const KEEP_BYTES: usize = 64 * 1024;

/// What a function asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Run the command in the arguments; its answer goes to [`Call::reply`].
    #[default]
    Command,
    /// Whether the user may run it.
    MayCall,
    /// Answer commands in this version of the protocol from now on.
    Version(u8),
    /// What the journal takes of the commands that follow.
    Replicate(u8),
    /// Write the argument to the log, at this level.
    Log(u8),
    /// Some time went by.
    Tick,
}

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As asked.
    #[default]
    Done,
    /// The command answered with an error, which is in [`Call::reply`].
    Failed,
    /// Refused, with the words of an error; it was counted already or not.
    Refused(Vec<u8>, bool),
    /// The user may not run the command.
    Forbidden,
    /// The script is to end.
    Stop,
}

/// A request and its answer.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) ask: Ask,
    pub(crate) args: OwnedArgs,
    pub(crate) reply: Vec<u8>,
    pub(crate) outcome: Outcome,
}

thread_local! {
    /// What runs the script on this thread.
    pub(crate) static HOST: Lent<Call> = const { Lent::new() };
    /// The request that is being made. Arguments are put into it as they are taken from Lua's stack.
    static CALL: RefCell<Call> = RefCell::default();
    /// The script is to end, whatever it catches.
    static STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// Asks for something; false where no script runs. Arguments were pushed before.
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

/// Adds an argument to the request to come; false where there are too many bytes.
pub(crate) fn push(argument: &[u8]) -> bool {
    CALL.with(|call| call.try_borrow_mut().is_ok_and(|mut call| call.args.try_push(argument)))
}

/// Forgets the arguments of a request that is not made.
pub(crate) fn forget() {
    CALL.with(|call| {
        if let Ok(mut call) = call.try_borrow_mut() {
            call.args.clear(KEEP_BYTES);
        }
    });
}

/// Whether the script is to end.
pub(crate) fn stopped() -> bool {
    STOPPED.get()
}

/// A new script begins.
pub(crate) fn begin() {
    STOPPED.set(false);
    forget();
}
