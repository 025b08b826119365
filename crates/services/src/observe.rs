//! What is worth a look after a command ran: it was slow, or large.
//!
//! A command that is neither costs a comparison with each of two bounds, which lie in one cache line that nobody writes;
//! what is beyond one of them takes the locks here. The bounds follow the configuration: [`Observer::refresh`].

use crate::clients::ClientInfo;
use crate::commandlog::{CommandLog, Kind, clipped};
use crate::hotkeys::Session;
use crate::latency::{Events, Sample};
use parking_lot::Mutex;
use redstart_config::{Config, ids};
use redstart_encoding::hash::hash;
use redstart_resp::Args;
use redstart_spec::CommandSpec;
use redstart_spec::Flags;
use redstart_spec::keys;
use redstart_sys::clock::{ticks_per_us, unix_ms};
use std::sync::atomic::{AtomicU64, Ordering};

/// Ticks become nanoseconds by a product and a shift by so many bits.
const SHIFT: u32 = 24;
/// More ticks than this are some minutes, which is more than is told apart, and their product fits into 64 bits.
const TICKS_MAX: u64 = 1 << 38;
/// No command reaches this.
const NEVER: u64 = u64::MAX;

/// The logs of slow and large commands, the events of LATENCY, and the bounds for both.
#[derive(Debug)]
#[repr(align(64))]
pub struct Observer {
    /// Commands with so many ticks are looked at. A little less than any bound, since ticks are measured ever better.
    ticks: AtomicU64,
    /// Commands with answers of so many bytes are looked at.
    reply_bytes: AtomicU64,
    /// Commands of so many bytes are looked at.
    request_bytes: AtomicU64,
    /// Nanoseconds in a tick, in units of `2^-SHIFT`; 0 where latencies are not tracked.
    ns_per_tick: AtomicU64,
    logs: [Mutex<CommandLog>; 3],
    /// What took long.
    pub latency: Mutex<Events>,
    /// The keys that cost most, since HOTKEYS START. Meanwhile every command is looked at.
    pub hotkeys: Mutex<Option<Box<Session>>>,
}

/// A command that ran.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// What it is.
    pub command: &'a CommandSpec,
    /// Who called it.
    pub client: &'a ClientInfo,
    /// The ticks that it took.
    pub ticks: u64,
    /// The bytes of its answer.
    pub reply_bytes: u64,
    /// When it ended, in unix milliseconds.
    pub now_ms: i64,
}

/// A request as it was before the command ran, which may take over its arguments.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bytes that it took on the wire.
    pub bytes: u64,
    /// Its arguments, clipped.
    pub args: Vec<Vec<u8>>,
}

impl Request {
    /// Takes note of a request.
    #[must_use]
    pub fn new(command: &CommandSpec, args: &Args<'_>) -> Self {
        Self { bytes: args.wire_len() as u64, args: clipped(command, args) }
    }
}

impl Default for Observer {
    fn default() -> Self {
        Self {
            ticks: AtomicU64::new(NEVER),
            reply_bytes: AtomicU64::new(NEVER),
            request_bytes: AtomicU64::new(NEVER),
            ns_per_tick: AtomicU64::new(0),
            logs: Default::default(),
            latency: Mutex::default(),
            hotkeys: Mutex::default(),
        }
    }
}

impl Observer {
    /// Takes the bounds from the configuration. To be called when that changes, and now and then, since the length of a
    /// tick is known ever better.
    pub fn refresh(&self, config: &Config) {
        let ticks_per_us = ticks_per_us();
        let monitor_ms = config.get(ids::LATENCY_MONITOR_THRESHOLD);
        let monitor_us = if monitor_ms == 0 { NEVER } else { monitor_ms.saturating_mul(1000) };
        let hotkeys = self.hotkeys.lock().as_mut().is_some_and(|session| session.active(unix_ms()));
        let slow_us = threshold(config, Kind::Slow).map_or(NEVER, |(us, _)| us);
        let bound_us = if hotkeys { 0 } else { slow_us.min(monitor_us) };
        let ticks = if bound_us == NEVER { NEVER } else { (bound_us as f64 * ticks_per_us * 0.99) as u64 };
        self.ticks.store(ticks, Ordering::Relaxed);
        let bytes = |kind| threshold(config, kind).map_or(NEVER, |(bytes, _)| bytes);
        self.reply_bytes.store(bytes(Kind::LargeReply), Ordering::Relaxed);
        self.request_bytes.store(bytes(Kind::LargeRequest), Ordering::Relaxed);
        let tracked = config.get(ids::LATENCY_TRACKING);
        let ns_per_tick = if tracked { ((1u64 << SHIFT) as f64 * 1000.0 / ticks_per_us) as u64 } else { 0 };
        self.ns_per_tick.store(ns_per_tick, Ordering::Relaxed);
    }

    /// Whether a command is to be looked at.
    #[inline]
    #[must_use]
    pub fn wants(&self, ticks: u64, reply_bytes: u64) -> bool {
        ticks >= self.ticks.load(Ordering::Relaxed) || reply_bytes >= self.reply_bytes.load(Ordering::Relaxed)
    }

    /// Whether a command of so many bytes is to be looked at.
    #[inline]
    #[must_use]
    pub fn wants_request(&self, bytes: usize) -> bool {
        bytes as u64 >= self.request_bytes.load(Ordering::Relaxed)
    }

    /// As [`Observer::wants_request`], of a command's arguments.
    #[inline]
    #[must_use]
    pub fn wants_args(&self, args: &Args<'_>) -> bool {
        args.wire_reaches(usize::try_from(self.request_bytes.load(Ordering::Relaxed)).unwrap_or(usize::MAX))
    }

    /// Ticks in nanoseconds, where latencies are tracked.
    #[inline]
    #[must_use]
    pub fn tracked_ns(&self, ticks: u64) -> Option<u64> {
        let ns_per_tick = self.ns_per_tick.load(Ordering::Relaxed);
        (ns_per_tick > 0).then(|| (ticks.min(TICKS_MAX) * ns_per_tick) >> SHIFT)
    }

    /// Looks at a command: enters it into the logs that it belongs in. `noted` is what was noted before it ran.
    #[cold]
    pub fn look(&self, config: &Config, call: &Call<'_>, args: &Args<'_>, noted: Option<&Request>) {
        let us = self.enter(config, call, args, noted);
        if let Some(session) = self.hotkeys.lock().as_mut().filter(|session| session.ended_ms.is_none()) {
            add_to(session, call, us, args, noted);
        }
    }

    /// As [`Observer::look`], at a command of a script: its keys are those of the script.
    #[cold]
    pub fn look_nested(&self, config: &Config, call: &Call<'_>, args: &Args<'_>) {
        self.enter(config, call, args, None);
    }

    /// Enters a command into events and logs, and says how many microseconds it took.
    fn enter(&self, config: &Config, call: &Call<'_>, args: &Args<'_>, noted: Option<&Request>) -> u64 {
        let us = (call.ticks as f64 / ticks_per_us()) as u64;
        let fast = call.command.flags.has(Flags::FAST);
        self.event(config, if fast { "fast-command" } else { "command" }, us / 1000, call.now_ms);
        self.log(config, call, args, noted);
        us
    }

    /// Enters a command into the logs that it belongs in.
    fn log(&self, config: &Config, call: &Call<'_>, args: &Args<'_>, noted: Option<&Request>) {
        if call.command.flags.has(Flags::SKIP_SLOWLOG) {
            return;
        }
        let us = (call.ticks as f64 / ticks_per_us()) as u64;
        for kind in Kind::ALL {
            let value = match kind {
                Kind::Slow => us,
                Kind::LargeRequest => noted.map_or_else(|| args.wire_len() as u64, |noted| noted.bytes),
                Kind::LargeReply => call.reply_bytes,
            };
            if let Some((_, most)) = threshold(config, kind).filter(|(least, _)| value >= *least) {
                let args = noted.map_or_else(|| clipped(call.command, args), |noted| noted.args.clone());
                self.command_log(kind).lock().push(value, args, call.client, call.now_ms, most);
            }
        }
    }

    /// Takes a sample of an event, where it took as long as `latency-monitor-threshold`.
    pub fn event(&self, config: &Config, event: &'static str, ms: u64, now_ms: i64) {
        let least = config.get(ids::LATENCY_MONITOR_THRESHOLD);
        if least > 0 && ms >= least {
            self.latency.lock().add(event, Sample { time_s: now_ms / 1000, ms });
        }
    }

    /// One of the logs.
    #[must_use]
    pub fn command_log(&self, kind: Kind) -> &Mutex<CommandLog> {
        &self.logs[kind as usize]
    }
}

/// Adds a command to the sums of its keys.
fn add_to(session: &mut Session, call: &Call<'_>, us: u64, args: &Args<'_>, noted: Option<&Request>) {
    if !session.active(call.now_ms) {
        return;
    }
    let mut found: Vec<&[u8]> = Vec::new();
    // Arguments that do not fit the command's key specs name no keys.
    let _ = keys::find(call.command, args, |key| found.push(&args[key.index]));
    let request_bytes = noted.map_or_else(|| args.wire_len() as u64, |noted| noted.bytes);
    // Whether this one is sampled, from what differs from call to call.
    let sampled = hash(&call.ticks.to_le_bytes()).is_multiple_of(session.wish.ratio.max(1));
    session.add(&found, us, request_bytes + call.reply_bytes, sampled);
}

/// From which value on a command is entered into a log, and the log's length; `None` where none is.
fn threshold(config: &Config, kind: Kind) -> Option<(u64, usize)> {
    let (least, most) = match kind {
        Kind::Slow => (config.get(ids::SLOWLOG_LOG_SLOWER_THAN), config.get(ids::SLOWLOG_MAX_LEN)),
        Kind::LargeRequest => {
            (config.get(ids::COMMANDLOG_REQUEST_LARGER_THAN), config.get(ids::COMMANDLOG_LARGE_REQUEST_MAX_LEN))
        }
        Kind::LargeReply => {
            (config.get(ids::COMMANDLOG_REPLY_LARGER_THAN), config.get(ids::COMMANDLOG_LARGE_REPLY_MAX_LEN))
        }
    };
    let most = usize::try_from(most).unwrap_or(0);
    u64::try_from(least).ok().filter(|_| most > 0).map(|least| (least, most))
}
