//! One worker: a thread with its own event loop, connections, and share of the keyspace.
//!
//! ```text
//!   wait ─ events ─ received ──> engine runs the commands in place ──> replies ──> send, with the next wait
//!     │    ├ accepted ──> the next worker in turn, by its mailbox
//!     │    ├ sent ──────> replies that accumulated meanwhile
//!     │    └ woken ─────> mailbox: new connections, killed clients, shutdown
//!     ├─ ten times a second: expiry, idle clients
//!     └─ while memory is short: eviction, one round per turn
//! ```

mod held;

use crate::client::{Client, Excess};
use crate::listen::{Kind, Listener};
use crate::mailbox::Letter;
use crate::server::{Server, TURN};
use crate::tls::Stream;
use redstart::command::clients::{REPLY_BUFFER, Wake};
use redstart::config::ids;
use redstart_sys::clock::{Ticks, unix_ms};
use redstart_sys::net::{Driver, Event, Received, Token, socket};
use rustls::ServerConfig;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// The interval of periodic work.
const TICK: Duration = Duration::from_millis(100);
/// The duration of one slice of active expiry, in microseconds, which it may add to a request's latency ...
const EXPIRE_SLICE_US: u64 = 500;
/// ... and the pause between slices while there is more to do: at most a quarter of a core.
const EXPIRE_PAUSE: Duration = Duration::from_micros(3 * EXPIRE_SLICE_US);
/// The server stops reading from a client with more unsent reply bytes than this, until the client takes half of them.
/// Redis continues to read, and its memory grows with the client's requests.
const MAX_UNSENT: usize = redstart::OUTPUT_STALL;
/// The number of deadlines above which obsolete ones are removed.
const FEW_DEADLINES: usize = 1024;
/// Lower tokens belong to listeners.
const FIRST_CLIENT: u32 = 64;

/// A thread that serves its own clients and runs their commands.
pub(crate) struct Worker {
    server: Arc<Server>,
    index: usize,
    driver: Driver,
    engine: Rc<redstart::Worker>,
    clients: Vec<Option<Client>>,
    free: Vec<u32>,
    next_tick: Instant,
    next_expiry: Instant,
    /// Timeouts of blocked commands, in unix milliseconds, with the clients' tokens and ids. Entries may be obsolete.
    deadlines: BinaryHeap<Reverse<(i64, u32, u64)>>,
    /// The kind of the listener with this token, if the token is used.
    listening: Vec<Option<Kind>>,
    ending: bool,
    /// The client whose script is overdue on this thread.
    late: Option<Late>,
    /// Letters that need the keyspace, postponed while a script of any thread is overdue.
    postponed: Vec<Letter>,
    /// Clients with replies of this turn that wait until the changes that they show are in the append-only file.
    held: Vec<Token>,
    /// Clients with replies that wait until the disk has reached this offset.
    waiting: VecDeque<(u64, Token)>,
    /// The deadline for collecting further replies that the same fsync can serve.
    gather_until: Option<Instant>,
}

/// Events for a client while its script is overdue.
#[derive(Debug)]
struct Late {
    token: Token,
    /// The client's input.
    input: Vec<u8>,
    /// A reply buffer that was sent.
    sent: Option<Vec<u8>>,
    /// The client disconnected.
    disconnected: bool,
}

/// Above this many input bytes, the server stops reading from the client that runs the script until the script ends.
const MOST_LATE_INPUT: usize = 1024 * 1024;

impl Worker {
    pub(crate) fn new(server: Arc<Server>, index: usize, driver: Driver, listeners: Vec<Listener>) -> Self {
        let mut worker = Self {
            engine: Rc::new(server.engine.worker(index)),
            server,
            index,
            driver,
            clients: Vec::new(),
            free: Vec::new(),
            next_tick: Instant::now() + TICK,
            next_expiry: Instant::now() + TICK,
            deadlines: BinaryHeap::new(),
            listening: vec![None; FIRST_CLIENT as usize],
            ending: false,
            late: None,
            postponed: Vec::new(),
            held: Vec::new(),
            waiting: VecDeque::new(),
            gather_until: None,
        };
        worker.listen(listeners);
        worker
    }

    /// Accepts on more listeners. Listeners without a free token are closed: `bind` takes far fewer addresses.
    fn listen(&mut self, listeners: Vec<Listener>) {
        for listener in listeners {
            if let Some(token) = self.listening.iter().position(Option::is_none) {
                self.listening[token] = Some(listener.kind);
                self.driver.listen(Token(token as u32), listener.socket);
            }
        }
    }

    /// Stops accepting on the listeners of a kind.
    fn unlisten(&mut self, kind: Kind) {
        for (token, listening) in self.listening.iter_mut().enumerate() {
            if *listening == Some(kind) {
                *listening = None;
                self.driver.unlisten(Token(token as u32));
            }
        }
    }

    /// Serves until the server shuts down.
    pub(crate) fn run(&mut self) -> std::io::Result<()> {
        let (mut began, mut commands) = self.begin_turn();
        while !self.ending {
            let now = Instant::now();
            if now >= self.next_tick.min(self.next_expiry) {
                self.upkeep(now);
            }
            let mut pause = self.next_tick.min(self.next_expiry).saturating_duration_since(now);
            if let Some(left) = self.end_waiting() {
                pause = pause.min(left);
            }
            if self.engine.evict() {
                pause = Duration::ZERO;
            }
            if !self.postponed.is_empty() && !self.engine.shared().scripts.busy() {
                std::mem::take(&mut self.postponed).into_iter().for_each(|letter| self.open(letter));
            }
            if !self.server.mailboxes[self.index].may_sleep() {
                self.read_mail();
                pause = Duration::ZERO;
            }
            self.settle();
            if let Some(until) = self.gather_until {
                pause = pause.min(until.saturating_duration_since(Instant::now()));
            }
            self.count_turn(began, commands);
            self.server.watchdog.turn_ends(self.index);
            self.driver.wait(Some(pause))?;
            self.server.watchdog.turn_begins(self.index);
            (began, commands) = self.begin_turn();
            self.server.mailboxes[self.index].woken();
            while let Some(event) = self.driver.next_event() {
                self.handle(event);
            }
        }
        self.settle_now();
        // A client that sees its connection close must not be able to connect again.
        self.unlisten(Kind::Tcp);
        self.unlisten(Kind::Tls);
        self.server.wait_for_others();
        Ok(())
    }

    fn begin_turn(&self) -> (Ticks, u64) {
        (Ticks::now(), self.engine.stats().commands_processed.get())
    }

    /// Counts a turn of the loop.
    fn count_turn(&self, began: Ticks, commands: u64) {
        let (stats, ticks) = (self.engine.stats(), Ticks::now().since(began));
        stats.turns.add(1);
        stats.turn_ticks.add(ticks);
        stats.turn_ticks_max.raise(ticks);
        stats.turn_commands_max.raise(stats.commands_processed.get().saturating_sub(commands));
    }

    /// Performs periodic work that is due.
    fn upkeep(&mut self, now: Instant) {
        let began = Ticks::now();
        if now >= self.next_tick {
            self.tick();
            self.next_tick = now + TICK;
        }
        if now >= self.next_expiry {
            let more = self.engine.expire(EXPIRE_SLICE_US);
            // With no more to do, the next slice comes with the next tick, so that an idle worker wakes once for both.
            self.next_expiry = if more { Instant::now() + EXPIRE_PAUSE } else { self.next_tick };
        }
        self.engine.stats().upkeep_ticks.add(Ticks::now().since(began));
    }

    /// Replies to blocked clients on timeout. Returns the time until the next timeout.
    fn end_waiting(&mut self) -> Option<Duration> {
        while let Some(&Reverse((at_ms, token, id))) = self.deadlines.peek() {
            let left_ms = at_ms - unix_ms();
            if left_ms > 0 {
                return Some(Duration::from_millis(left_ms.unsigned_abs()));
            }
            if self.engine.shared().scripts.busy() {
                // The client can leave the keys' queues only under a pass of the keyspace.
                return Some(TICK);
            }
            self.deadlines.pop();
            if self.client(Token(token)).is_some_and(|client| client.connection.session.info.id == id) {
                self.resume(Token(token));
            }
        }
        None
    }

    /// Resumes a client that was blocked.
    fn resume(&mut self, token: Token) {
        if let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) {
            self.engine.resume(&mut client.connection);
            self.after(token);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Received(received) => self.received(received),
            Event::Sent { token, buffer } => {
                if let Some(late) = self.late.as_mut().filter(|late| late.token == token) {
                    late.sent = Some(buffer);
                } else if let Some(client) = self.client(token) {
                    client.sent(buffer);
                    self.after(token);
                }
            }
            Event::Accepted { listener, socket } => {
                if let Some(kind) = self.listening[listener.0 as usize] {
                    self.server.accepted(socket, kind);
                }
            }
            Event::Closed { token, .. } => self.close(token),
            Event::AcceptFailed { error, .. } => {
                self.server.log.warning(&format!("Error accepting a client connection: {error}"));
            }
            Event::Woken => self.read_mail(),
        }
    }

    fn slot(token: Token) -> Option<usize> {
        token.0.checked_sub(FIRST_CLIENT).map(|slot| slot as usize)
    }

    fn client(&mut self, token: Token) -> Option<&mut Client> {
        self.clients.get_mut(Self::slot(token)?)?.as_mut()
    }

    fn received(&mut self, received: Received) {
        let token = received.token();
        if let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) {
            client.receive(&self.server, &self.engine, self.driver.data(&received));
            self.engine.stats().reads.add(1);
        } else if let Some(late) = self.late.as_mut().filter(|late| late.token == token) {
            late.input.extend_from_slice(self.driver.data(&received));
            if late.input.len() > MOST_LATE_INPUT {
                self.driver.pause_receive(token);
            }
        }
        self.driver.release(received);
        self.after(token);
        if self.client(token).is_some_and(|client| client.ended()) {
            self.close(token);
        }
    }

    /// Runs the scripts that a client sent. Meanwhile the client is outside the table, and other clients may be served.
    #[cold]
    fn run_scripts(&mut self, token: Token) {
        let Some(mut client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.take()) else { return };
        let engine = Rc::clone(&self.engine);
        while client.connection.put_off() && self.late.is_none() {
            let mut turn = |ending: &mut bool| {
                self.late.get_or_insert_with(|| Late { token, input: Vec::new(), sent: None, disconnected: false });
                self.turn();
                *ending = self.ending;
            };
            TURN.with(|lent| lent.lend(&mut turn, || engine.go_on(&mut client.connection)));
        }
        let late = self.late.take();
        let disconnected = late.as_ref().is_some_and(|late| late.disconnected);
        if let Some(late) = late {
            if let Some(buffer) = late.sent {
                client.sent(buffer);
            }
            client.receive(&self.server, &engine, &late.input);
            self.driver.resume_receive(token);
            client.paused = false;
        }
        let slot = Self::slot(token).expect("it was in its place before");
        let disconnected = disconnected || client.ended();
        self.clients[slot] = Some(client);
        if disconnected {
            self.close(token);
        }
    }

    /// One turn of the loop while a script is overdue, without waiting.
    fn turn(&mut self) {
        self.read_mail();
        self.settle();
        // An error here recurs in the loop itself, which reports it.
        if self.driver.wait(Some(Duration::ZERO)).is_err() {
            return;
        }
        while let Some(event) = self.driver.next_event() {
            self.handle(event);
        }
    }

    /// After commands ran or output was sent: flushes output, applies backpressure, closes finished clients. If changes
    /// are journalled, this waits until the end of the turn.
    fn after(&mut self, token: Token) {
        if self.engine.is_settled() || self.client(token).is_some_and(|client| client.connection.output.is_empty()) {
            return self.flush_client(token);
        }
        if self.held.last() != Some(&token) {
            self.held.push(token);
        }
    }

    fn flush_client(&mut self, token: Token) {
        let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) else { return };
        if client.connection.put_off() && self.late.is_none() {
            self.run_scripts(token);
            return self.after(token);
        }
        if client.unsent() >= REPLY_BUFFER && client.excess(self.engine.shared()).is_some() {
            // A client about to be closed for unread output is sent no more.
            return self.apply_limits(token);
        }
        client.publish(self.engine.shared());
        if client.connection.session.info.killed() {
            return self.close(token);
        }
        client.flush(&mut self.driver, self.engine.stats());
        if let Some(at_ms) = client.connection.deadline_ms()
            && client.deadline_ms != Some(at_ms)
        {
            client.deadline_ms = Some(at_ms);
            self.deadlines.push(Reverse((at_ms, token.0, client.connection.session.info.id)));
        }
        // The client that requested the shutdown sees its connection close only when the server ends.
        if client.finished() && !self.server.is_ending() {
            return self.close(token);
        }
        if client.unsent() > 0 || client.connection.query_bytes() > 0 || client.paused {
            self.apply_limits(token);
        }
    }

    /// Checks a client's limits, and stops reading from it or disconnects it.
    fn apply_limits(&mut self, token: Token) {
        let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) else { return };
        if let Some(excess) = client.excess(self.server.engine.shared()) {
            return self.disconnect(token, excess);
        }
        let unsent = client.unsent();
        if unsent > MAX_UNSENT && !client.paused {
            client.paused = true;
            self.driver.pause_receive(token);
        } else if unsent < MAX_UNSENT / 2 && client.paused {
            client.paused = false;
            self.driver.resume_receive(token);
        }
        if unsent < MAX_UNSENT / 2 && client.connection.stalled() {
            self.engine.receive(&mut client.connection, &[]);
            self.after(token);
        }
    }

    fn disconnect(&mut self, token: Token, excess: Excess) {
        let Some(slot) = Self::slot(token) else { return };
        let Some(client) = self.clients[slot].as_ref() else { return };
        let (id, addr) = (client.connection.session.info.id, &client.connection.session.info.addr);
        let stats = self.engine.stats();
        match excess {
            Excess::Query => {
                stats.query_buffer_limit.add(1);
                let bytes = client.connection.query_bytes();
                let words =
                    format!("Closing client that reached max query buffer length: id={id} addr={addr} qbuf={bytes}");
                self.server.log.warning(&words);
            }
            Excess::Output => {
                stats.output_buffer_limit.add(1);
                let bytes = client.unsent();
                let words = format!(
                    "Client id={id} addr={addr} omem={bytes} scheduled to be closed ASAP for overcoming of output buffer limits."
                );
                self.server.log.warning(&words);
            }
            Excess::Handshake => {
                let laddr = &client.connection.session.info.laddr;
                let words = format!(
                    "Error accepting a client connection: the TLS handshake takes too long (addr={addr} laddr={laddr})"
                );
                self.server.log.warning(&words);
            }
            Excess::Idle => self.server.log.verbose(&format!("Closing idle client id={id} addr={addr}")),
        }
        self.close(token);
    }

    fn close(&mut self, token: Token) {
        let Some(slot) = Self::slot(token) else { return };
        if let Some(late) = self.late.as_mut().filter(|late| late.token == token) {
            late.disconnected = true;
            return;
        }
        let stands = self.clients[slot].as_ref().is_some_and(|client| client.connection.stands_in_keyspace());
        if stands && self.engine.shared().scripts.busy() {
            self.driver.pause_receive(token);
            self.postponed.push(Letter::Close(token));
            return;
        }
        if let Some(mut client) = self.clients[slot].take() {
            self.engine.abandon(&mut client.connection);
            client.send_close_notify(&mut self.driver);
            // While the client is in the list, its socket number is valid, and shows whether the peer has hung up.
            self.engine.shared().clients.remove(&client.connection.session.info);
            self.driver.close(token);
            self.free.push(token.0);
        }
    }

    fn read_mail(&mut self) {
        for letter in self.server.mailboxes[self.index].take() {
            self.open(letter);
        }
    }

    fn open(&mut self, letter: Letter) {
        match letter {
            // The client can take the reply only after leaving the keys' queues, under a pass of the keyspace.
            letter @ Letter::Answered(_) if self.engine.shared().scripts.busy() => self.postponed.push(letter),
            Letter::Answered(token) => self.resume(token),
            Letter::Pushed(token) => {
                if self.client(token).is_some_and(|client| client.connection.is_answered()) {
                    self.open(Letter::Answered(token));
                } else if let Some(client) = self.client(token) {
                    client.take_pushes();
                    self.after(token);
                }
            }
            Letter::Close(token) => self.close(token),
            Letter::Serve { socket, unix, tls } => self.serve(socket, unix, tls),
            Letter::Listen(kind, listeners) => {
                self.unlisten(kind);
                self.listen(listeners);
            }
            Letter::Reap => self.reap(),
            // The turn ends with flushing the clients that no longer wait.
            Letter::Synced => {}
            Letter::Shutdown => self.ending = true,
        }
    }

    fn serve(&mut self, socket: OwnedFd, unix: bool, tls: Option<Arc<ServerConfig>>) {
        let tls = match tls.map(|settings| Stream::new(settings, socket::is_loopback(socket.as_fd()))).transpose() {
            Ok(stream) => stream.map(Box::new),
            Err(error) => return self.server.log.warning(&format!("Error accepting a client connection: {error}")),
        };
        let token = Token(self.free.pop().unwrap_or(FIRST_CLIENT + self.clients.len() as u32));
        if !unix {
            // The connection also works without these options.
            let _ = socket::tune(socket.as_fd(), true, self.server.config().get(ids::TCP_KEEPALIVE) as u32);
        }
        let (server, worker) = (Arc::downgrade(&self.server), self.index);
        let origin = redstart::command::clients::Origin {
            addr: socket::peer_name(socket.as_fd()),
            laddr: socket::local_name(socket.as_fd()),
            fd: socket.as_raw_fd(),
            worker,
            unix,
            waker: Box::new(move |wake| {
                if let Some(server) = server.upgrade() {
                    server.mailboxes[worker].post(match wake {
                        Wake::Killed => Letter::Reap,
                        Wake::Answered => Letter::Answered(token),
                        Wake::Pushed => Letter::Pushed(token),
                    });
                }
            }),
        };
        let connection = self.server.engine.connect(origin);
        let client = Client::new(connection, tls, token);
        let slot = Self::slot(token).expect("client tokens begin at FIRST_CLIENT");
        if slot == self.clients.len() {
            self.clients.push(None);
        }
        self.clients[slot] = Some(client);
        self.driver.add(token, socket);
    }

    /// Closes the killed clients.
    fn reap(&mut self) {
        for slot in 0..self.clients.len() {
            if self.clients[slot].as_ref().is_some_and(|client| client.connection.session.info.killed()) {
                self.close(Token(slot as u32 + FIRST_CLIENT));
            }
        }
    }

    /// Removes obsolete deadlines before there are too many.
    fn sort_out_deadlines(&mut self) {
        let clients = &self.clients;
        if self.deadlines.len() > 2 * clients.len() + FEW_DEADLINES {
            self.deadlines.retain(|&Reverse((at_ms, token, _))| {
                let client = Self::slot(Token(token)).and_then(|slot| clients.get(slot)?.as_ref());
                client.is_some_and(|client| client.connection.deadline_ms() == Some(at_ms))
            });
        }
    }

    fn tick(&mut self) {
        self.engine.sample();
        self.sort_out_deadlines();
        if self.index == 0 {
            self.server.engine.aof().tick();
            self.server.look_after_tls();
            self.server.engine.saver().tick();
        }
        let shared = Arc::clone(self.server.engine.shared());
        if shared.pause_upkeep.load(Ordering::Relaxed) {
            return;
        }
        let (now, now_ms) = (Instant::now(), unix_ms());
        for slot in 0..self.clients.len() {
            let Some(client) = self.clients[slot].as_mut() else { continue };
            if let Some(excess) = client.overdue(&shared, now, now_ms) {
                self.disconnect(Token(slot as u32 + FIRST_CLIENT), excess);
            }
        }
    }
}
