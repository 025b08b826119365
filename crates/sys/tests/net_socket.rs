//! Listeners, names and options of sockets.

#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use redstart_sys::net::socket::{is_loopback, listen_tcp, listen_unix, local_name, peer_name, refuse, tune};
use socket2::SockRef;

fn check_names(bind: &str, shown_prefix: &str) {
    let Ok(listener) = listen_tcp(bind.parse().unwrap(), 16) else {
        println!("skipped, no address {bind}");
        return;
    };
    let listener = TcpListener::from(listener);
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    assert_eq!(peer_name(far.as_fd()), near.local_addr().unwrap().to_string());
    assert_eq!(local_name(far.as_fd()), listener.local_addr().unwrap().to_string());
    assert!(peer_name(far.as_fd()).starts_with(shown_prefix));
    assert!(is_loopback(far.as_fd()));
}

#[test]
fn names_are_address_and_port() {
    check_names("127.0.0.1:0", "127.0.0.1:");
    check_names("[::1]:0", "[::1]:");
}

#[test]
fn a_busy_port_is_refused() {
    let listener = TcpListener::from(listen_tcp("127.0.0.1:0".parse().unwrap(), 16).unwrap());
    let address = listener.local_addr().unwrap();
    let error = listen_tcp(address, 16).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    drop(listener);
    listen_tcp(address, 16).unwrap();
}

#[test]
fn a_listener_that_refuses_is_in_nobodys_way() {
    let listener = TcpListener::from(listen_tcp("127.0.0.1:0".parse().unwrap(), 16).unwrap());
    let address = listener.local_addr().unwrap();
    refuse(listener.try_clone().unwrap().as_fd()).unwrap();
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    listen_tcp(address, 16).unwrap();
    let path = std::env::temp_dir().join(format!("redstart-refusing-{}.sock", std::process::id()));
    let listener = UnixListener::from(listen_unix(&path, 0, 16).unwrap());
    refuse(listener.as_fd()).unwrap();
    assert_eq!(UnixStream::connect(&path).unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    fs::remove_file(&path).unwrap();
}

#[test]
fn an_unconnected_socket_has_no_peer() {
    let listener = listen_tcp("127.0.0.1:0".parse().unwrap(), 16).unwrap();
    assert_eq!(peer_name(listener.as_fd()), "?:0");
    assert!(!is_loopback(listener.as_fd()));
}

#[test]
fn a_unix_client_is_named_by_the_path_it_came_by() {
    let path = std::env::temp_dir().join(format!("redstart-socket-{}.sock", std::process::id()));
    drop(listen_unix(&path, 0, 16).unwrap());
    let listener = UnixListener::from(listen_unix(&path, 0o700, 16).expect("a stale path is replaced"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    let _near = UnixStream::connect(&path).unwrap();
    let (far, _) = listener.accept().unwrap();
    let shown = format!("{}:0", path.display());
    assert_eq!((peer_name(far.as_fd()), local_name(far.as_fd())), (shown.clone(), shown));
    assert!(is_loopback(far.as_fd()));
    fs::remove_file(&path).unwrap();
    listen_unix(&std::env::temp_dir().join("x".repeat(200)), 0, 16).unwrap_err();
}

#[test]
fn keep_alive_probes_as_redis_does() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    tune(near.as_fd(), true, 0).unwrap();
    let socket = SockRef::from(&near);
    assert!(socket.tcp_nodelay().unwrap() && !socket.keepalive().unwrap());
    for (asked, interval) in [(300, 100), (2, 1)] {
        tune(near.as_fd(), false, asked).unwrap();
        assert!(!socket.tcp_nodelay().unwrap() && socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(asked.into()));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(interval));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
    }
    let (unix, _peer) = UnixStream::pair().unwrap();
    tune(unix.as_fd(), true, 300).unwrap_err();
}
