//! Selects the commands to be logged: slow or large ones.
//!
//! Any other command costs one comparison with each of two bounds, in a cache line that is rarely written. A command
//! beyond a bound takes the locks here. The bounds follow the configuration: [`Observer::refresh`].

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

/// Ticks are converted to nanoseconds by a product and a shift by this many bits.
const SHIFT: u32 = 24;
/// A cap of some minutes, above which durations are not distinguished. The product still fits into 64 bits.
const TICKS_MAX: u64 = 1 << 38;
/// A bound that no command reaches.
const NEVER: u64 = u64::MAX;

/// The logs of slow and large commands, the events of LATENCY, and the bounds of both.
#[derive(Debug)]
#[repr(align(64))]
pub struct Observer {
    /// Commands with this many ticks are checked. Slightly below the exact bound, since the estimated length of a tick
    /// is refined over time.
    ticks: AtomicU64,
    /// Commands with this many reply bytes are checked.
    reply_bytes: AtomicU64,
    /// Commands with this many request bytes are checked.
    request_bytes: AtomicU64,
    /// Nanoseconds per tick, in units of `2^-SHIFT`; 0 if latencies are not tracked.
    ns_per_tick: AtomicU64,
    logs: [Mutex<CommandLog>; 3],
    /// Latency spikes.
    pub latency: Mutex<Events>,
    /// The most expensive keys, since HOTKEYS START. During a session every command is checked.
    pub hotkeys: Mutex<Option<Box<Session>>>,
}

/// A command that ran.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The command.
    pub command: &'a CommandSpec,
    /// The client that called it.
    pub client: &'a ClientInfo,
    /// The ticks that it took.
    pub ticks: u64,
    /// The size of the reply in bytes.
    pub reply_bytes: u64,
    /// When it ended, in unix milliseconds.
    pub now_ms: i64,
}

/// A request as it was before the command ran, which may move its arguments.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its size on the wire, in bytes.
    pub bytes: u64,
    /// Its arguments, clipped.
    pub args: Vec<Vec<u8>>,
}

impl Request {
    /// Records a request.
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
    /// Updates the bounds. Called when the configuration changes, and periodically, since the estimated length of a
    /// tick is refined over time.
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

    /// Whether a command is to be checked.
    #[inline]
    #[must_use]
    pub fn wants(&self, ticks: u64, reply_bytes: u64) -> bool {
        ticks >= self.ticks.load(Ordering::Relaxed) || reply_bytes >= self.reply_bytes.load(Ordering::Relaxed)
    }

    /// Whether a command of so many bytes is to be checked.
    #[inline]
    #[must_use]
    pub fn wants_request(&self, bytes: usize) -> bool {
        bytes as u64 >= self.request_bytes.load(Ordering::Relaxed)
    }

    /// Like [`Observer::wants_request`], for a command's arguments.
    #[inline]
    #[must_use]
    pub fn wants_args(&self, args: &Args<'_>) -> bool {
        args.wire_reaches(usize::try_from(self.request_bytes.load(Ordering::Relaxed)).unwrap_or(usize::MAX))
    }

    /// Converts ticks to nanoseconds, if latencies are tracked.
    #[inline]
    #[must_use]
    pub fn tracked_ns(&self, ticks: u64) -> Option<u64> {
        let ns_per_tick = self.ns_per_tick.load(Ordering::Relaxed);
        (ns_per_tick > 0).then(|| (ticks.min(TICKS_MAX) * ns_per_tick) >> SHIFT)
    }

    /// Checks a command, and adds it to the matching logs. `noted` is the request recorded before it ran.
    #[cold]
    pub fn look(&self, config: &Config, call: &Call<'_>, args: &Args<'_>, noted: Option<&Request>) {
        let us = self.enter(config, call, args, noted);
        if let Some(session) = self.hotkeys.lock().as_mut().filter(|session| session.ended_ms.is_none()) {
            add_to(session, call, us, args, noted);
        }
    }

    /// Like [`Observer::look`], for a command called by a script: its keys are counted as those of the script.
    #[cold]
    pub fn look_nested(&self, config: &Config, call: &Call<'_>, args: &Args<'_>) {
        self.enter(config, call, args, None);
    }

    /// Adds a command to events and logs, and returns its duration in microseconds.
    fn enter(&self, config: &Config, call: &Call<'_>, args: &Args<'_>, noted: Option<&Request>) -> u64 {
        let us = (call.ticks as f64 / ticks_per_us()) as u64;
        let fast = call.command.flags.has(Flags::FAST);
        self.event(config, if fast { "fast-command" } else { "command" }, us / 1000, call.now_ms);
        self.log(config, call, args, noted);
        us
    }

    /// Adds a command to the matching logs.
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

    /// Adds a sample of an event that took at least `latency-monitor-threshold`.
    pub fn event(&self, config: &Config, event: &'static str, ms: u64, now_ms: i64) {
        let least = config.get(ids::LATENCY_MONITOR_THRESHOLD);
        if least > 0 && ms >= least {
            self.latency.lock().add(event, Sample { time_s: now_ms / 1000, ms });
        }
    }

    /// The log of this kind.
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
    // Arguments that do not fit the command's key specs contain no keys.
    let _ = keys::find(call.command, args, |key| found.push(&args[key.index]));
    let request_bytes = noted.map_or_else(|| args.wire_len() as u64, |noted| noted.bytes);
    // Sampling is derived from a value that differs from call to call.
    let sampled = hash(&call.ticks.to_le_bytes()).is_multiple_of(session.wish.ratio.max(1));
    session.add(&found, us, request_bytes + call.reply_bytes, sampled);
}

/// The value from which a command is logged, and the log's maximum length; `None` if the log is disabled.
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
