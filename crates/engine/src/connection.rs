//! One connection without its socket: bytes in, bytes out.

use crate::blocking;
use crate::execute::{BATCH, Runner};
use redstart_command::clients::REPLY_BUFFER;
use redstart_command::config::{ClientClass, ids};
use redstart_command::{Reply, Session};
use redstart_keyspace::Access;
use redstart_resp::{Batch, Decoder, Limits};
use redstart_sys::clock::unix_ms;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The state of a connection: what it said last, what it is being told.
#[derive(Debug)]
pub struct Connection {
    /// What commands see of it.
    pub session: Session,
    decoder: Decoder,
    batch: Batch,
    /// What came and could not be parsed yet.
    input: Vec<u8>,
    /// Answers that were not taken yet.
    pub output: Vec<u8>,
    /// Commands wait because there are too many answers.
    stalled: bool,
    /// More came than the query buffer may hold.
    overfull: bool,
    /// What was parsed and waits behind a command that waits: its bytes, and the batch's next command.
    pending: Option<(Vec<u8>, usize)>,
    /// Out-of-band output that goes behind the answer of the command that waited.
    late: Vec<u8>,
}

/// With this much unsent, a connection's commands wait until the peer has taken its answers: 256 MiB.
pub const OUTPUT_STALL: usize = 256 << 20;

/// The first buffer of a connection whose command does not come whole.
const FIRST_INPUT: usize = 16 * 1024;
/// A connection without a worker looks so often whether a pause is over.
const POSTPONED_NAP: Duration = Duration::from_millis(1);
/// An input buffer that grew beyond this is given back once it is empty.
const KEEP_INPUT: usize = 64 * 1024;

impl Connection {
    /// A connection that said nothing yet.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self {
            session,
            decoder: Decoder::default(),
            batch: Batch::default(),
            input: Vec::new(),
            output: Vec::new(),
            stalled: false,
            overfull: false,
            pending: None,
            late: Vec::new(),
        }
    }

    /// Takes what arrived and runs every command that is complete, answers going to [`Connection::output`].
    pub(crate) fn receive(&mut self, runner: Runner<'_>, data: &[u8]) {
        self.session.info.bytes_in.fetch_add(data.len() as u64, Ordering::Relaxed);
        runner.stats.input_bytes.add(data.len() as u64);
        self.take_pushes();
        if self.query_bytes() > 0 && self.refuses(runner, data.len()) {
            return;
        }
        if self.input.is_empty() {
            // The ordinary case: what arrived is whole commands, and is parsed where it lies.
            let used = self.process(runner, data);
            if used < data.len() {
                self.input.reserve(FIRST_INPUT);
                self.input.extend_from_slice(&data[used..]);
            }
        } else {
            let mut input = std::mem::take(&mut self.input);
            input.extend_from_slice(data);
            let used = self.process(runner, &input);
            input.drain(..used);
            self.input = input;
        }
        if self.input.is_empty() {
            self.input.shrink_to(KEEP_INPUT);
        }
        self.publish_sizes();
    }

    /// Runs what is complete in `input`, and returns how much of it was used up.
    fn process(&mut self, runner: Runner<'_>, input: &[u8]) -> usize {
        let mut at = 0;
        let most_output = self.most_output(runner);
        while !self.session.close && !self.held_up() && self.output.len() < most_output {
            let trusted = !self.session.must_authenticate(&runner.shared.acl);
            let limits = Limits {
                bulk: usize::try_from(runner.shared.config.get(ids::PROTO_MAX_BULK_LEN)).unwrap_or(usize::MAX),
                trusted,
            };
            // A stranger may be none any more behind the first command, and then has other limits.
            let most = if trusted { BATCH } else { 1 };
            let (used, outcome) = self.decoder.parse(&input[at..], &mut self.batch, most, limits);
            if !self.batch.is_empty() {
                self.run_batch(runner, &input[at..at + used], 0);
            }
            at += used;
            if self.held_up() {
                break;
            }
            if let Err(error) = outcome {
                if !self.session.close {
                    let text = format!("ERR {error}");
                    Reply::new(&mut self.output, self.session.version).error(text.as_bytes());
                    runner.stats.error_replies.add(1);
                    runner.stats.errors.count(text.as_bytes());
                    self.session.close = true;
                }
                break;
            }
            if self.batch.is_empty() {
                break;
            }
        }
        self.stalled = self.output.len() >= most_output;
        if self.session.close { input.len() } else { at }
    }

    /// Whether the commands to come have to wait: for one that waits, or for the batch that was put off.
    fn held_up(&self) -> bool {
        self.waits() || self.session.put_off
    }

    /// Runs the commands of the batch from the one at `from` on. Where one has to wait, the others are kept.
    fn run_batch(&mut self, runner: Runner<'_>, input: &[u8], from: usize) {
        let (batch, decoder) = ((&self.batch, from), &mut self.decoder);
        let next = runner.run(&mut self.session, decoder, batch, input, &mut self.output);
        if next < self.batch.len() && self.held_up() {
            self.pending = Some((input.to_vec(), next));
        }
    }

    /// Whether a batch was put off. [`crate::Worker::go_on`] runs it.
    #[must_use]
    pub fn put_off(&self) -> bool {
        self.session.put_off
    }

    /// Runs the batch that was put off, and what came behind it.
    pub(crate) fn run_put_off(&mut self, runner: Runner<'_>) {
        self.session.put_off = false;
        self.go_on(runner);
    }

    /// Whether the connection stands in the keyspace: it waits for keys, or watches some.
    #[must_use]
    pub fn stands_in_keyspace(&self) -> bool {
        self.waits() || !self.session.watching.is_empty()
    }

    /// Whether a command waits.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.session.blocked.is_some() || self.session.postponed_ms.is_some()
    }

    /// When the command that waits gives up, in unix milliseconds.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<i64> {
        self.session.postponed_ms.or_else(|| self.session.blocked.as_ref()?.deadline_ms())
    }

    /// Waits on the calling thread until the command that waits may go on, or for as long as `most`.
    pub(crate) fn wait(&self, most: Duration) {
        let Some(blocked) = &self.session.blocked else { return std::thread::sleep(POSTPONED_NAP) };
        let left_ms = blocked.deadline_ms().map(|at| u64::try_from(at - unix_ms()).unwrap_or(0));
        blocked.wait(left_ms.map_or(most, |left| most.min(Duration::from_millis(left))));
    }

    /// Goes on where the command that waits was answered, or its time is up; then with what came meanwhile.
    pub(crate) fn resume(&mut self, runner: Runner<'_>) {
        if runner.shared.pause.release(&mut self.session, &runner.shared.listeners) {
            self.go_on(runner);
            let waits_on = self.session.postponed_ms.is_some();
            self.session.info.postponed.store(waits_on, Ordering::Relaxed);
            return;
        }
        let Some(blocked) = self.session.blocked.clone() else { return };
        let now_ms = unix_ms();
        if !blocked.is_answered() && blocked.deadline_ms().is_some_and(|at_ms| at_ms <= now_ms) {
            blocking::due(runner, &blocked, now_ms);
        }
        if !blocked.is_answered() {
            return;
        }
        self.take_pushes();
        if let Some(answer) = blocking::finish(runner, &mut self.session) {
            self.output.extend_from_slice(&answer);
        }
        self.session.info.outbox.unmark();
        self.output.append(&mut self.late);
        self.take_pushes();
        self.go_on(runner);
    }

    /// Runs what waited behind a command.
    fn go_on(&mut self, runner: Runner<'_>) {
        if let Some((input, next)) = self.pending.take() {
            self.run_batch(runner, &input, next);
        }
        if !self.held_up() {
            self.receive(runner, &[]);
        }
    }

    /// Whether the answer to the command that waits is there: what its running again had others say comes behind it.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.session.blocked.as_ref().is_some_and(|blocked| blocked.is_answered())
    }

    /// Puts out-of-band output behind the answers so far; what belongs behind the answer of a waiting command, behind that
    /// ([`Connection::resume`]).
    pub fn take_pushes(&mut self) {
        let outbox = &self.session.info.outbox;
        if !outbox.is_filled() {
            return;
        }
        match self.session.blocked {
            None => outbox.empty_into(&mut self.output),
            Some(_) => outbox.empty_around(&mut self.output, &mut self.late),
        }
    }

    /// Ends what a connection that goes away waits for, watches and listens to.
    pub(crate) fn abandon(&mut self, runner: Runner<'_>) {
        runner.shared.pubsub.forget(&mut self.session);
        runner.shared.monitors.leave(&mut self.session);
        runner.shared.tracking.end(&mut self.session);
        blocking::finish(runner, &mut self.session);
        runner.shared.pause.release(&mut self.session, &runner.shared.listeners);
        if !self.session.watching.is_empty() {
            let pass = runner.shared.keyspace.enter(runner.share);
            self.session.unwatch(&mut Access::none(&pass), &runner.shared.listeners);
        }
    }

    /// Gives back the memory that a silent connection does not use.
    pub fn rest(&mut self) {
        if self.input.is_empty() {
            self.input = Vec::new();
        }
        if self.pending.is_none() && !self.waits() {
            self.batch.clear();
            self.decoder.forget_spent();
        }
        self.publish_sizes();
    }

    /// With so many bytes of answers the next batch waits: at the latest where the connection is to be closed for them.
    fn most_output(&self, runner: Runner<'_>) -> usize {
        // An embedded connection's caller takes all answers with the call.
        if self.session.info.fd < 0 {
            return usize::MAX;
        }
        match runner.shared.config.output_buffer_limit(ClientClass::Normal).hard_bytes {
            0 => OUTPUT_STALL,
            hard => OUTPUT_STALL.min(usize::try_from(hard).unwrap_or(usize::MAX).saturating_add(REPLY_BUFFER)),
        }
    }

    /// Whether complete commands may be waiting only because answers were not taken. Once they were,
    /// [`crate::Worker::receive`] with no data goes on.
    #[must_use]
    pub fn stalled(&self) -> bool {
        self.stalled
    }

    /// Whether nothing more is taken: with `more` bytes and the commands queued by MULTI there is too much in the query
    /// buffer, or all clients together take too much memory and this one had to go.
    fn refuses(&mut self, runner: Runner<'_>, more: usize) -> bool {
        let (shared, info) = (runner.shared, &self.session.info);
        if info.fd < 0 {
            return false;
        }
        let (bytes, queued) = (self.query_bytes() + more, info.queued_bytes.load(Ordering::Relaxed));
        self.overfull = (bytes + queued) as u64 > shared.config.get(ids::CLIENT_QUERY_BUFFER_LIMIT);
        info.query_buffer.store(bytes - self.decoder.overhead(), Ordering::Relaxed);
        if shared.clients.count(info) {
            shared.evict_clients();
        }
        self.overfull || info.killed()
    }

    /// Whether more came than the query buffer may hold: nothing is read any more, and the connection is to be closed.
    #[must_use]
    pub fn overfull(&self) -> bool {
        self.overfull
    }

    /// Bytes held for commands that have not come whole.
    #[must_use]
    pub fn query_bytes(&self) -> usize {
        self.input.len() + self.decoder.held() + self.decoder.overhead()
    }

    fn publish_sizes(&self) {
        let info = &self.session.info;
        info.query_buffer.store(self.input.len() + self.decoder.held(), Ordering::Relaxed);
        info.argument_bytes.store(self.decoder.overhead(), Ordering::Relaxed);
        info.query_buffer_free.store(self.input.capacity() - self.input.len(), Ordering::Relaxed);
    }
}
