//! The sockets that clients connect to, as configured by `bind`, `port` and `unixsocket`.

use parking_lot::Mutex;
use redstart::config::{Config, ids};
use redstart_sys::net::socket;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};

/// The kind of connections that a listener accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Plain TCP (`port`).
    Tcp,
    /// TLS (`tls-port`).
    Tls,
    /// A Unix socket.
    Unix,
}

/// A listening socket.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) socket: OwnedFd,
    pub(crate) kind: Kind,
}

/// What the server listens on, by second handles: the worker that accepts may be in the midst of something when a port is
/// given up, and whoever is told of that shall find nobody there.
#[derive(Debug, Default)]
pub(crate) struct Listening(Mutex<Vec<Listener>>);

impl Listening {
    /// Knows these as well.
    ///
    /// # Errors
    /// There is no room for their handles.
    pub(crate) fn add(&self, listeners: &[Listener]) -> io::Result<()> {
        let second = |one: &Listener| Ok(Listener { socket: one.socket.try_clone()?, kind: one.kind });
        let mut second: Vec<Listener> = listeners.iter().map(second).collect::<io::Result<_>>()?;
        self.0.lock().append(&mut second);
        Ok(())
    }

    /// From here on nobody comes in by those of a kind; their addresses are free.
    pub(crate) fn end(&self, kind: Kind) {
        self.0.lock().retain(|one| {
            if one.kind == kind {
                // One that does not listen is what is wanted.
                let _ = socket::refuse(one.socket.as_fd());
            }
            one.kind != kind
        });
    }
}

/// Why the server cannot listen.
#[derive(Debug)]
pub(crate) enum ListenError {
    /// An address of `bind` failed.
    Tcp { address: String, port: u16, kind: Kind, source: io::Error },
    /// `unixsocket` failed.
    Unix(io::Error),
    /// No address of `bind` is available.
    NoAddress { port: u16, kind: Kind },
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { address, port, source, .. } => {
                let source = os_words(source);
                write!(f, "Could not create server TCP listening socket {address}:{port}: bind: {source}")
            }
            Self::Unix(source) => write!(f, "Failed opening Unix socket: bind: {}", os_words(source)),
            Self::NoAddress { port, .. } => write!(f, "No address to listen on at port {port}"),
        }
    }
}

/// The message of a system error, as Redis shows it.
pub(crate) fn os_words(error: &io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_owned()
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Tcp { source, .. } | Self::Unix(source) => Some(source),
            Self::NoAddress { .. } => None,
        }
    }
}

impl ListenError {
    /// The last log line of a server that cannot listen.
    pub(crate) fn failure_line(&self) -> String {
        match self {
            Self::Tcp { port, kind, .. } | Self::NoAddress { port, kind } => {
                format!("Failed listening on port {port} ({}), aborting.", kind.name())
            }
            Self::Unix(_) => "Failed listening on the Unix socket, aborting.".to_owned(),
        }
    }
}

impl Kind {
    /// The name in INFO and in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Unix => "unix",
        }
    }
}

/// Opens the listeners of `port`.
pub(crate) fn tcp(config: &Config) -> Result<Vec<Listener>, ListenError> {
    on_port(config, config.get(ids::PORT) as u16, Kind::Tcp)
}

/// Opens the listeners of `tls-port`.
pub(crate) fn tls(config: &Config) -> Result<Vec<Listener>, ListenError> {
    on_port(config, config.get(ids::TLS_PORT) as u16, Kind::Tls)
}

/// Opens listeners on all addresses of `bind`; none on port 0.
fn on_port(config: &Config, port: u16, kind: Kind) -> Result<Vec<Listener>, ListenError> {
    let mut listeners = Vec::new();
    if port == 0 {
        return Ok(listeners);
    }
    let backlog = i32::try_from(config.get(ids::TCP_BACKLOG)).unwrap_or(511);
    for written in config.bind_addresses() {
        let optional = written.starts_with('-');
        let address = written.trim_start_matches('-');
        match resolve(address, port).and_then(|address| socket::listen_tcp(address, backlog)) {
            Ok(socket) => listeners.push(Listener { socket, kind }),
            Err(error) if optional && is_absent(&error) => {}
            Err(source) => return Err(ListenError::Tcp { address: address.to_owned(), port, kind, source }),
        }
    }
    // An empty `bind` validly opens no listener.
    if listeners.is_empty() && !config.bind_addresses().is_empty() {
        Err(ListenError::NoAddress { port, kind })
    } else {
        Ok(listeners)
    }
}

/// Opens the Unix listener, if configured.
pub(crate) fn unix(config: &Config) -> Result<Option<Listener>, ListenError> {
    let Some(path) = config.path(ids::UNIXSOCKET) else { return Ok(None) };
    let backlog = i32::try_from(config.get(ids::TCP_BACKLOG)).unwrap_or(511);
    let permissions = config.get(ids::UNIXSOCKETPERM) as u32;
    let socket = socket::listen_unix(&path, permissions, backlog).map_err(ListenError::Unix)?;
    Ok(Some(Listener { socket, kind: Kind::Unix }))
}

fn resolve(address: &str, port: u16) -> io::Result<SocketAddr> {
    match address {
        "*" => return Ok((IpAddr::V4(Ipv4Addr::UNSPECIFIED), port).into()),
        "::*" => return Ok((IpAddr::V6(Ipv6Addr::UNSPECIFIED), port).into()),
        _ => {}
    }
    let found = (address, port).to_socket_addrs()?.next();
    found.ok_or_else(|| io::Error::new(io::ErrorKind::AddrNotAvailable, "the name has no address"))
}

/// Whether the address or its family does not exist on this machine.
fn is_absent(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = 97;
    const EPROTONOSUPPORT: i32 = 93;
    error.kind() == io::ErrorKind::AddrNotAvailable
        || matches!(error.raw_os_error(), Some(EAFNOSUPPORT | EPROTONOSUPPORT))
}
