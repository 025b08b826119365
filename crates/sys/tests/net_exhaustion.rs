//! A listener in a process without free descriptors: reported without spinning, and usable afterwards. In a separate file
//! because it lowers the process's limit.

#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

use std::fs::File;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use redstart_sys::net::{Backend, Driver, Error, Event, Options, Token, socket};

const LISTENER: Token = Token(0);

#[test]
fn accepting_rests_while_descriptors_are_out() {
    // Before any accept is queued: io_uring remembers the limit it had then.
    lower_the_limit();
    for backend in [Backend::Uring, Backend::Epoll] {
        match Driver::new(backend, Options::default()) {
            Ok(driver) => check(driver),
            Err(Error::UringUnavailable(error)) => println!("skipped, no io_uring: {error}"),
            Err(error) => panic!("{error}"),
        }
    }
}

fn check(mut driver: Driver) {
    driver.listen(LISTENER, socket::listen_tcp("127.0.0.1:0".parse().unwrap(), 16).unwrap());
    let address: std::net::SocketAddr = socket::local_name(driver.fd(LISTENER).unwrap()).parse().unwrap();
    driver.wait(Some(Duration::ZERO)).unwrap();
    let client = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let hoard = exhaust_descriptors();
    client.connect(&address.into()).unwrap();

    let (mut turns, mut refusals) = (0, 0);
    let end = Instant::now() + Duration::from_millis(350);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        driver.wait(Some(left)).unwrap();
        turns += 1;
        while let Some(event) = driver.next_event() {
            let Event::AcceptFailed { listener: LISTENER, error } = event else { panic!("unexpected {event:?}") };
            assert_eq!(error.raw_os_error(), Some(libc::EMFILE));
            refusals += 1;
        }
    }
    assert!((2..=5).contains(&refusals) && turns < 30, "{refusals} refusals in {turns} turns");

    drop(hoard);
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        driver.wait(Some(Duration::from_millis(200))).unwrap();
        match driver.next_event() {
            Some(Event::Accepted { socket, .. }) => {
                let near: TcpStream = client.into();
                assert_eq!(near.local_addr().unwrap(), TcpStream::from(socket).peer_addr().unwrap());
                return;
            }
            Some(Event::AcceptFailed { .. }) | None => {}
            Some(other) => panic!("unexpected {other:?}"),
        }
    }
    panic!("the connection was never accepted");
}

fn lower_the_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the calls read and write the one struct, which lives across them.
    unsafe {
        assert_eq!(libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit), 0);
        limit.rlim_cur = limit.rlim_max.min(256);
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit), 0);
    }
}

fn exhaust_descriptors() -> Vec<File> {
    std::iter::from_fn(|| File::open("/dev/null").ok()).collect()
}
