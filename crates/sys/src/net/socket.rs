//! Sockets made and described the way Redis does it: listeners, options, and the names CLIENT LIST shows.

use std::fs::{self, Permissions};
use std::io;
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use socket2::{Domain, SockAddr, SockRef, Socket, TcpKeepalive, Type};

/// Makes a listening TCP socket. IPv6 addresses take IPv6 only. A port somebody listens on is an error; one in
/// TIME_WAIT is not. Port 0 lets the kernel choose: see [`local_name`].
///
/// # Errors
/// What the kernel answered to making, binding or listening.
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

/// Makes a listening Unix socket, in place of whatever is at `path`, with the mode `permissions` unless it is 0.
///
/// # Errors
/// The path is too long, or what the kernel answered.
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

/// Has a listener accept nothing any more, whoever else holds it: who connects from now on is refused, and so is who waits to
/// be accepted.
///
/// # Errors
/// What the kernel answered: it does not listen.
pub fn refuse(listener: BorrowedFd<'_>) -> io::Result<()> {
    SockRef::from(&listener).shutdown(Shutdown::Both)
}

/// Sets a TCP connection's options. With a keep-alive of `n` seconds a silent peer is probed after `n`, then every
/// `n / 3` (at least 1), and given up after three probes; 0 leaves keep-alive off.
///
/// # Errors
/// What the kernel answered: the socket is not TCP, or the number too large for it.
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

/// The peer as CLIENT LIST's `addr` shows it: `ip:port`, `[ip]:port`, or `path:0` of the Unix socket it came by.
pub fn peer_name(fd: BorrowedFd<'_>) -> String {
    let socket = SockRef::from(&fd);
    match socket.peer_addr() {
        // A Unix client has no name of its own.
        Ok(address) if address.is_unix() => name(socket.local_addr()),
        address => name(address),
    }
}

/// This end as CLIENT LIST's `laddr` shows it.
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

/// `?:0` is Redis's word for a name that cannot be had.
fn name(address: io::Result<SockAddr>) -> String {
    let Ok(address) = address else { return "?:0".into() };
    match address.as_socket() {
        // Without the scope that `SocketAddrV6` would show.
        Some(address) => SocketAddr::new(address.ip(), address.port()).to_string(),
        None => address.as_pathname().map_or_else(|| "?:0".into(), |path| format!("{}:0", path.display())),
    }
}

/// Writes what the kernel takes at once, without waiting.
///
/// # Errors
/// What the kernel answered.
pub fn write_now(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    SockRef::from(&fd).send_with_flags(bytes, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL)
}

/// Whether the peer of the socket with this number has closed its side. For a hint: the number may be of another socket
/// by now, or of none.
#[must_use]
pub fn hung_up(fd: i32) -> bool {
    let mut poll = libc::pollfd { fd, events: libc::POLLRDHUP, revents: 0 };
    // SAFETY: one descriptor, which lives through the call; a number of no file is answered with POLLNVAL.
    let found = unsafe { libc::poll(&raw mut poll, 1, 0) };
    found == 1 && poll.revents & (libc::POLLRDHUP | libc::POLLHUP) != 0
}
