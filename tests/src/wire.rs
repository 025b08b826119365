//! A small blocking client: whole commands, pipelines or raw bytes out, [`Value`]s in, every wait bounded.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::value::Value;

/// The protocol a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// What a connection speaks until it says HELLO 3.
    Resp2,
    /// After HELLO 3.
    Resp3,
}

impl Protocol {
    /// Both, in the order the harnesses try them.
    pub const BOTH: [Protocol; 2] = [Protocol::Resp2, Protocol::Resp3];

    /// 2 or 3.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Protocol::Resp2 => 2,
            Protocol::Resp3 => 3,
        }
    }
}

/// How long a reply may take unless the caller says otherwise.
pub const REPLY_TIMEOUT: Duration = Duration::from_secs(10);

/// Replies nest less than this; more is a broken server.
const MAX_DEPTH: usize = 64;

/// What a connection goes over: a socket, or something around one.
pub trait Stream: Send + Read + Write + fmt::Debug {
    /// How long reading may wait.
    ///
    /// # Errors
    /// What the socket says.
    fn limit_reading(&self, time: Duration) -> io::Result<()>;
}

impl Stream for TcpStream {
    fn limit_reading(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time))
    }
}

/// One connection.
#[derive(Debug)]
pub struct Client {
    stream: Box<dyn Stream>,
    received: Vec<u8>,
    /// Start of what is not parsed yet.
    position: usize,
    timeout: Duration,
}

impl Client {
    /// Connects, speaking RESP2.
    ///
    /// # Errors
    /// What the socket says.
    pub fn connect(address: SocketAddr) -> io::Result<Client> {
        Ok(Client::over(Client::socket(address)?))
    }

    /// A socket as [`Client::connect`] opens it.
    ///
    /// # Errors
    /// What the socket says.
    pub fn socket(address: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&address, REPLY_TIMEOUT)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(REPLY_TIMEOUT))?;
        Ok(stream)
    }

    /// Speaks over something that is connected already.
    pub fn over(stream: impl Stream + 'static) -> Client {
        Client { stream: Box::new(stream), received: Vec::new(), position: 0, timeout: REPLY_TIMEOUT }
    }

    /// Connects and says HELLO if RESP3 is wanted.
    ///
    /// # Errors
    /// What the socket says, or the server's refusal of HELLO.
    pub fn connect_as(address: SocketAddr, protocol: Protocol) -> io::Result<Client> {
        let mut client = Client::connect(address)?;
        if protocol == Protocol::Resp3 {
            let reply = client.command(&["HELLO", "3"])?;
            if reply.is_error() {
                return Err(io::Error::other(format!("HELLO 3: {reply}")));
            }
        }
        Ok(client)
    }

    /// How long [`Client::receive`] waits from now on.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Sends one command without waiting for its reply.
    ///
    /// # Errors
    /// What the socket says.
    pub fn send<A: AsRef<[u8]>>(&mut self, arguments: &[A]) -> io::Result<()> {
        self.stream.write_all(&encode(arguments))
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// What the socket says.
    pub fn send_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// One command and its reply.
    ///
    /// # Errors
    /// What the socket says, a timeout, or bytes that are no RESP.
    pub fn command<A: AsRef<[u8]>>(&mut self, arguments: &[A]) -> io::Result<Value> {
        self.send(arguments)?;
        self.receive()
    }

    /// Sends all commands at once, then reads a reply for each.
    ///
    /// # Errors
    /// As [`Client::command`].
    pub fn pipeline(&mut self, commands: &[Vec<Vec<u8>>]) -> io::Result<Vec<Value>> {
        let bytes: Vec<u8> = commands.iter().flat_map(|arguments| encode(arguments)).collect();
        self.stream.write_all(&bytes)?;
        commands.iter().map(|_| self.receive()).collect()
    }

    /// Reads one reply.
    ///
    /// # Errors
    /// `UnexpectedEof` when the server closed the connection, `TimedOut`, or `InvalidData`.
    pub fn receive(&mut self) -> io::Result<Value> {
        let deadline = Instant::now() + self.timeout;
        loop {
            let mut cursor = Cursor { bytes: &self.received, position: self.position };
            match cursor.value(0) {
                Ok(value) => {
                    self.position = cursor.position;
                    self.drop_parsed();
                    return Ok(value);
                }
                Err(Stop::Incomplete) => self.fill(deadline)?,
                Err(Stop::Invalid(what)) => return Err(io::Error::new(io::ErrorKind::InvalidData, what)),
            }
        }
    }

    /// Whether the server closes the connection, with nothing more said, within the timeout.
    pub fn is_closed(&mut self) -> bool {
        let deadline = Instant::now() + self.timeout;
        if self.position < self.received.len() {
            return false;
        }
        match self.fill(deadline) {
            Ok(()) => false,
            Err(error) => !matches!(error.kind(), io::ErrorKind::TimedOut),
        }
    }

    /// Whether the server says nothing, and keeps the connection, for this long.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        if self.position < self.received.len() {
            return false;
        }
        matches!(self.fill(Instant::now() + time), Err(error) if error.kind() == io::ErrorKind::TimedOut)
    }

    fn drop_parsed(&mut self) {
        if self.position == self.received.len() {
            self.received.clear();
            self.position = 0;
        } else if self.position > 1 << 20 {
            self.received.drain(..self.position);
            self.position = 0;
        }
    }

    fn fill(&mut self, deadline: Instant) -> io::Result<()> {
        let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        self.stream.limit_reading(left)?;
        let mut chunk = [0; 65536];
        match self.stream.read(&mut chunk) {
            Ok(0) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
            Ok(count) => {
                self.received.extend_from_slice(&chunk[..count]);
                Ok(())
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "no reply in time"))
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A command as an array of bulks.
#[must_use]
pub fn encode<A: AsRef<[u8]>>(arguments: &[A]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", arguments.len()).into_bytes();
    for argument in arguments {
        let argument = argument.as_ref();
        bytes.extend_from_slice(format!("${}\r\n", argument.len()).as_bytes());
        bytes.extend_from_slice(argument);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

enum Stop {
    Incomplete,
    Invalid(String),
}

struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::Invalid("reply nests too deep".to_owned()));
        }
        let line = self.line()?;
        let (kind, rest) = line.split_first().ok_or_else(|| Stop::Invalid("empty line in a reply".to_owned()))?;
        let text = || String::from_utf8_lossy(rest).into_owned();
        Ok(match kind {
            b'+' => Value::Simple(rest.to_vec()),
            b'-' => Value::Error(rest.to_vec()),
            b':' => Value::Integer(number(rest)?),
            b',' => Value::Double(text()),
            b'(' => Value::BigNumber(text()),
            b'#' => Value::Boolean(rest == b"t"),
            b'_' => Value::Null,
            b'$' => match number(rest)? {
                -1 => Value::NullBulk,
                length => Value::Bulk(self.blob(length)?),
            },
            b'!' => Value::BlobError(self.blob(number(rest)?)?),
            b'=' => self.verbatim(number(rest)?)?,
            b'*' => match number(rest)? {
                -1 => Value::NullArray,
                count => Value::Array(self.items(count, depth)?),
            },
            b'~' => Value::Set(self.items(number(rest)?, depth)?),
            b'>' => Value::Push(self.items(number(rest)?, depth)?),
            b'%' => Value::Map(self.pairs(number(rest)?, depth)?),
            b'|' => Value::Attribute(self.pairs(number(rest)?, depth)?, Box::new(self.value(depth + 1)?)),
            _ => return Err(Stop::Invalid(format!("no RESP type: {:?}", String::from_utf8_lossy(line)))),
        })
    }

    fn line(&mut self) -> Result<&'a [u8], Stop> {
        let rest = &self.bytes[self.position..];
        let end = rest.windows(2).position(|pair| pair == b"\r\n").ok_or(Stop::Incomplete)?;
        self.position += end + 2;
        Ok(&rest[..end])
    }

    fn blob(&mut self, length: i64) -> Result<Vec<u8>, Stop> {
        let length = usize::try_from(length).map_err(|_| Stop::Invalid(format!("length {length}")))?;
        let rest = &self.bytes[self.position..];
        if rest.len() < length + 2 {
            return Err(Stop::Incomplete);
        }
        if &rest[length..length + 2] != b"\r\n" {
            return Err(Stop::Invalid("a bulk does not end where it says".to_owned()));
        }
        self.position += length + 2;
        Ok(rest[..length].to_vec())
    }

    fn verbatim(&mut self, length: i64) -> Result<Value, Stop> {
        let blob = self.blob(length)?;
        if blob.len() < 4 || blob[3] != b':' {
            return Err(Stop::Invalid("a verbatim string without its format".to_owned()));
        }
        Ok(Value::Verbatim(String::from_utf8_lossy(&blob[..3]).into_owned(), blob[4..].to_vec()))
    }

    fn items(&mut self, count: i64, depth: usize) -> Result<Vec<Value>, Stop> {
        (0..count).map(|_| self.value(depth + 1)).collect()
    }

    fn pairs(&mut self, count: i64, depth: usize) -> Result<Vec<(Value, Value)>, Stop> {
        (0..count).map(|_| Ok((self.value(depth + 1)?, self.value(depth + 1)?))).collect()
    }
}

fn number(digits: &[u8]) -> Result<i64, Stop> {
    std::str::from_utf8(digits)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Stop::Invalid(format!("no number: {:?}", String::from_utf8_lossy(digits))))
}
