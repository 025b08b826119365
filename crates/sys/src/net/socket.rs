//! Sockets created and described as in Redis: listeners, options, and the names in CLIENT LIST.

use std::fs::{self, Permissions};
use std::io;
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use socket2::{Domain, SockAddr, SockRef, Socket, TcpKeepalive, Type};

/// Creates a listening TCP socket. IPv6 addresses accept IPv6 only. A port in use is an error; one in TIME_WAIT is not.
/// With port 0 the kernel chooses: see [`local_name`].
///
/// # Errors
/// The kernel's error in creating, binding or listening.
pub fn listen_tcp(address: SocketAddr, backlog: i32) -> io::Result<OwnedFd> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog)?;
    Ok(socket.into())
}

/// Creates a listening Unix socket, replacing any file at `path`, with the mode `permissions` unless it is 0.
///
/// # Errors
/// The path is too long, or the kernel's error.
pub fn listen_unix(path: &Path, permissions: u32, backlog: i32) -> io::Result<OwnedFd> {
    let address = SockAddr::unix(path)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    socket.bind(&address)?;
    if permissions != 0 {
        fs::set_permissions(path, Permissions::from_mode(permissions))?;
    }
    socket.listen(backlog)?;
    Ok(socket.into())
}

/// Closes a listener to connections, whatever other handles of it exist: clients that connect from now on are refused, and
/// so are those that wait to be accepted.
///
/// # Errors
/// The kernel's error: the socket does not listen.
pub fn refuse(listener: BorrowedFd<'_>) -> io::Result<()> {
    SockRef::from(&listener).shutdown(Shutdown::Both)
}

/// Sets a TCP connection's options. With a keep-alive of `n` seconds, an idle peer is probed after `n` seconds, then
/// every `n / 3` (at least 1), and disconnected after three probes; 0 disables keep-alive.
///
/// # Errors
/// The kernel's error: the socket is not TCP, or the number is too large for it.
pub fn tune(fd: BorrowedFd<'_>, nodelay: bool, keepalive_seconds: u32) -> io::Result<()> {
    let socket = SockRef::from(&fd);
    socket.set_tcp_nodelay(nodelay)?;
    if keepalive_seconds == 0 {
        return Ok(());
    }
    let seconds = |n: u32| Duration::from_secs(n.into());
    let interval = (keepalive_seconds / 3).max(1);
    let keepalive = TcpKeepalive::new().with_time(seconds(keepalive_seconds)).with_interval(seconds(interval));
    socket.set_tcp_keepalive(&keepalive.with_retries(3))
}

/// The peer as in CLIENT LIST's `addr`: `ip:port`, `[ip]:port`, or `path:0` of the Unix socket.
pub fn peer_name(fd: BorrowedFd<'_>) -> String {
    let socket = SockRef::from(&fd);
    match socket.peer_addr() {
        // A Unix client has no name of its own.
        Ok(address) if address.is_unix() => name(socket.local_addr()),
        address => name(address),
    }
}

/// The local end as in CLIENT LIST's `laddr`.
pub fn local_name(fd: BorrowedFd<'_>) -> String {
    name(SockRef::from(&fd).local_addr())
}

/// Whether the peer is on this machine: 127.0.0.0/8, ::1, or a Unix socket.
pub fn is_loopback(fd: BorrowedFd<'_>) -> bool {
    SockRef::from(&fd).peer_addr().is_ok_and(|peer| match peer.as_socket().map(|peer| peer.ip()) {
        Some(IpAddr::V4(ip)) => ip.is_loopback(),
        Some(IpAddr::V6(ip)) => ip.is_loopback(),
        None => peer.is_unix(),
    })
}

/// `?:0` is Redis's text for an unavailable name.
fn name(address: io::Result<SockAddr>) -> String {
    let Ok(address) = address else { return "?:0".into() };
    match address.as_socket() {
        // Without the scope that `SocketAddrV6` would show.
        Some(address) => SocketAddr::new(address.ip(), address.port()).to_string(),
        None => address.as_pathname().map_or_else(|| "?:0".into(), |path| format!("{}:0", path.display())),
    }
}

/// Writes the bytes that the kernel takes at once, without waiting.
///
/// # Errors
/// The kernel's error.
pub fn write_now(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    SockRef::from(&fd).send_with_flags(bytes, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL)
}

/// Whether the peer of the socket with this descriptor has closed its side. Only a hint: by now the descriptor may be
/// that of another socket, or of none.
#[must_use]
pub fn hung_up(fd: i32) -> bool {
    let mut poll = libc::pollfd { fd, events: libc::POLLRDHUP, revents: 0 };
    // SAFETY: one descriptor, which lives through the call; an invalid number yields POLLNVAL.
    let found = unsafe { libc::poll(&raw mut poll, 1, 0) };
    found == 1 && poll.revents & (libc::POLLRDHUP | libc::POLLHUP) != 0
}
