//! The library's face: connections without a socket, which the `redis` crate's traits drive. Commands run in place, on
//! the calling thread.

use crate::connection::Connection;
use crate::engine::Engine;
use crate::execute::Runner;
use redis::{Cmd, ErrorKind, Parser, RedisError, RedisResult, Value};
use redstart_command::acl::Identity;
use redstart_command::clients::Origin;
use redstart_sys::Share;
use std::time::Duration;

/// A thread that waits in a command looks this often whether its connection was ended.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// Connections begin with one of so many blocks of counters, so that those that run at once seldom want the same.
const NEAR_BLOCKS: usize = 8;

/// A connection to an embedded engine. See [`Engine::connection`].
pub struct EmbeddedConnection {
    engine: Engine,
    connection: Connection,
    share: Share,
    /// The block of counters that it had last.
    block: usize,
}

impl std::fmt::Debug for EmbeddedConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedConnection").field("id", &self.connection.session.info.id).finish_non_exhaustive()
    }
}

impl Engine {
    /// A new connection, to be used with the `redis` crate's traits and types: `redis::Commands`, `redis::Cmd`,
    /// pipelines. Cheap: some hundred bytes. It speaks RESP3 and needs no password, since who can call this owns the
    /// data.
    ///
    /// ```
    /// use redis::Commands;
    /// use redstart::Engine;
    ///
    /// let engine = Engine::open(Engine::load("databases 4\nmaxmemory 100mb\n")?)?;
    /// let mut connection = engine.connection();
    /// let _: () = connection.set_ex("session:17", "alice", 3600)?;
    /// let visits: i64 = connection.incr("visits", 1)?;
    /// let name: String = connection.get("session:17")?;
    /// assert_eq!((visits, name.as_str()), (1, "alice"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn connection(&self) -> EmbeddedConnection {
        self.connection_alone()
    }

    /// The text that a command answers, for reports of the process about itself: nothing is expired or removed for it.
    #[must_use]
    pub fn ask(&self, command: &[u8]) -> String {
        let mut connection = self.connection_alone();
        connection.connection.session.set_version(2);
        let answer = connection.run(&[command, b"\r\n"].concat()).unwrap_or_default();
        // A bulk string, without its length.
        let text = String::from_utf8_lossy(&answer);
        text.split_once("\r\n").map_or_else(|| text.to_string(), |(_, text)| text.to_owned())
    }

    fn connection_alone(&self) -> EmbeddedConnection {
        let origin = Origin {
            addr: "embedded:0".to_owned(),
            laddr: "embedded:0".to_owned(),
            fd: -1,
            worker: 0,
            unix: false,
            // There is no worker to wake: a killed connection finds out at its next command.
            waker: Box::new(|_| ()),
        };
        let mut connection = self.connect_as(origin, Identity::owner());
        connection.session.set_version(3);
        let block = connection.session.info.id as usize % NEAR_BLOCKS;
        EmbeddedConnection { engine: self.clone(), connection, share: self.shared().keyspace.share(), block }
    }
}

impl EmbeddedConnection {
    /// Runs commands that are encoded as RESP and returns the encoded answers.
    ///
    /// # Errors
    /// The connection was ended, by QUIT, CLIENT KILL, bytes that are not the protocol, or [`Engine::shutdown`]. What was
    /// running at that moment may have been done or not.
    pub fn run(&mut self, commands: &[u8]) -> RedisResult<Vec<u8>> {
        if !self.is_usable() {
            return Err(ended());
        }
        self.with_runner(|connection, runner| connection.receive(runner, commands));
        while self.connection.waits() && self.is_usable() {
            self.connection.wait(LOOK_AGAIN);
            self.with_runner(Connection::resume);
        }
        let shared = self.engine.shared();
        crate::aof::told(shared, shared.journal.settle(&shared.config));
        if self.engine.has_ended() {
            // It may have ended before what was changed went to the disk.
            return Err(ended());
        }
        Ok(std::mem::take(&mut self.connection.output))
    }

    /// Works with a block of counters that no other command has meanwhile.
    fn with_runner(&mut self, work: impl FnOnce(&mut Connection, Runner<'_>)) {
        let shared = self.engine.shared();
        let lease = shared.stats.lend(self.block);
        self.block = lease.number();
        work(&mut self.connection, Runner { shared, stats: &lease, share: self.share, lent: false });
    }

    fn is_usable(&self) -> bool {
        !self.connection.session.close && !self.connection.session.info.killed() && !self.engine.has_ended()
    }

    /// Runs commands and reads `count` answers.
    fn answers(&mut self, commands: &[u8], count: usize) -> RedisResult<Vec<Value>> {
        let bytes = self.run(commands)?;
        let (mut parser, mut reader) = (Parser::new(), bytes.as_slice());
        (0..count).map(|_| parser.parse_value(&mut reader)).collect()
    }
}

fn ended() -> RedisError {
    RedisError::from((ErrorKind::Io, "the connection was ended"))
}

impl Drop for EmbeddedConnection {
    fn drop(&mut self) {
        self.with_runner(Connection::abandon);
        self.engine.shared().clients.remove(&self.connection.session.info);
    }
}

impl redis::ConnectionLike for EmbeddedConnection {
    fn req_packed_command(&mut self, command: &[u8]) -> RedisResult<Value> {
        self.answers(command, 1)?.pop().ok_or_else(|| RedisError::from((ErrorKind::Parse, "no answer")))
    }

    fn req_packed_commands(&mut self, commands: &[u8], offset: usize, count: usize) -> RedisResult<Vec<Value>> {
        let mut answers = self.answers(commands, offset + count)?;
        Ok(answers.split_off(offset))
    }

    fn req_command(&mut self, command: &Cmd) -> RedisResult<Value> {
        if command.is_no_response() {
            return self.run(&command.get_packed_command()).map(|_| Value::Nil);
        }
        self.req_packed_command(&command.get_packed_command())
    }

    fn get_db(&self) -> i64 {
        i64::try_from(self.connection.session.database).unwrap_or(0)
    }

    fn check_connection(&mut self) -> bool {
        self.is_usable()
    }

    fn is_open(&self) -> bool {
        self.is_usable()
    }
}

#[cfg(feature = "aio")]
impl redis::aio::ConnectionLike for EmbeddedConnection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> redis::RedisFuture<'a, Value> {
        let answer = redis::ConnectionLike::req_command(self, command);
        Box::pin(futures_util::future::ready(answer))
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a redis::Pipeline,
        offset: usize,
        count: usize,
    ) -> redis::RedisFuture<'a, Vec<Value>> {
        let commands = pipeline.get_packed_pipeline();
        let answers = redis::ConnectionLike::req_packed_commands(self, &commands, offset, count);
        Box::pin(futures_util::future::ready(answers))
    }

    fn get_db(&self) -> i64 {
        redis::ConnectionLike::get_db(self)
    }
}
