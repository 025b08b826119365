//! One worker: a thread with its own event loop, connections, and share of the keyspace.
//!
//! ```text
//!   wait ─ events ─ received ──> engine runs the commands in place ──> answers ──> send, with the next wait
//!                 ├ accepted ──> the next worker in turn, by its mailbox
//!                 ├ sent ──────> answers that came together meanwhile
//!                 └ woken ─────> mailbox: new connections, clients to end, shutdown
//!        ─ ten times a second: expiry, idle clients
//! ```

use crate::Server;
use crate::client::Client;
use crate::mailbox::Letter;
use redstart_sys::net::{Driver, Event, Received, Token, socket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between two looks at what is not an event.
const TICK: Duration = Duration::from_millis(100);
/// Processor time that expiry may take of each tick: a twentieth.
const EXPIRE_BUDGET_US: u64 = 5_000;
/// Tokens below this are listeners'.
const FIRST_CLIENT: u32 = 64;

/// See the module's story.
pub(crate) struct Worker {
    server: Arc<Server>,
    index: usize,
    driver: Driver,
    engine: redstart::Worker,
    clients: Vec<Option<Client>>,
    free: Vec<u32>,
    next_tick: Instant,
    ending: bool,
}

impl Worker {
    pub(crate) fn new(server: Arc<Server>, index: usize, driver: Driver) -> Self {
        let engine = server.engine.worker(index);
        let next_tick = Instant::now() + TICK;
        Self { server, index, driver, engine, clients: Vec::new(), free: Vec::new(), next_tick, ending: false }
    }

    /// Accepts on a listener, known by a number below 64.
    pub(crate) fn listen(&mut self, number: u32, listener: OwnedFd) {
        assert!(number < FIRST_CLIENT);
        self.driver.listen(Token(number), listener);
    }

    /// Serves until the server ends.
    pub(crate) fn run(&mut self) -> std::io::Result<()> {
        while !self.ending {
            let now = Instant::now();
            if now >= self.next_tick {
                self.tick();
                self.next_tick = now + TICK;
            }
            self.driver.wait(Some(self.next_tick.saturating_duration_since(now)))?;
            while let Some(event) = self.driver.next_event() {
                self.handle(event);
            }
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Received(received) => self.received(received),
            Event::Sent { token, buffer } => {
                if let Some(client) = self.client(token) {
                    client.sent(buffer);
                    self.after(token);
                }
            }
            Event::Accepted { listener, socket } => self.server.accepted(listener.0, socket),
            Event::Closed { token, .. } => self.close(token),
            Event::AcceptFailed { .. } => {}
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
            self.engine.receive(&mut client.connection, self.driver.data(&received));
        }
        self.driver.release(received);
        self.after(token);
    }

    /// After commands ran or answers left: send what there is, or end what is finished.
    fn after(&mut self, token: Token) {
        let Some(client) = Self::slot(token).and_then(|slot| self.clients.get_mut(slot)?.as_mut()) else { return };
        client.flush(&mut self.driver);
        if client.finished() {
            self.close(token);
        }
    }

    fn close(&mut self, token: Token) {
        let Some(slot) = Self::slot(token) else { return };
        if let Some(client) = self.clients[slot].take() {
            self.driver.close(token);
            self.free.push(token.0);
            self.engine.shared().clients.remove(client.connection.session.info.id);
        }
    }

    fn read_mail(&mut self) {
        for letter in self.server.mailboxes[self.index].take() {
            match letter {
                Letter::Serve { socket, unix } => self.serve(socket, unix),
                Letter::Reap => self.reap(),
                Letter::Shutdown => self.ending = true,
            }
        }
    }

    fn serve(&mut self, socket: OwnedFd, unix: bool) {
        let token = Token(self.free.pop().unwrap_or(FIRST_CLIENT + self.clients.len() as u32));
        let _ = socket::tune(std::os::fd::AsFd::as_fd(&socket), !unix, 300);
        let (server, worker) = (Arc::downgrade(&self.server), self.index);
        let origin = redstart::command::clients::Origin {
            addr: socket::peer_name(std::os::fd::AsFd::as_fd(&socket)),
            laddr: socket::local_name(std::os::fd::AsFd::as_fd(&socket)),
            fd: socket.as_raw_fd(),
            worker,
            unix,
            waker: Box::new(move || {
                if let Some(server) = server.upgrade() {
                    server.mailboxes[worker].post(Letter::Reap);
                }
            }),
        };
        let connection = self.server.engine.connect(origin, true);
        let client = Client::new(connection, token);
        let slot = Self::slot(token).expect("client tokens begin at FIRST_CLIENT");
        if slot == self.clients.len() {
            self.clients.push(None);
        }
        self.clients[slot] = Some(client);
        self.driver.add(token, socket);
    }

    /// Closes the clients that somebody ended.
    fn reap(&mut self) {
        for slot in 0..self.clients.len() {
            if self.clients[slot].as_ref().is_some_and(|client| client.connection.session.info.killed()) {
                self.close(Token(slot as u32 + FIRST_CLIENT));
            }
        }
    }

    fn tick(&mut self) {
        self.engine.expire(EXPIRE_BUDGET_US);
    }
}
