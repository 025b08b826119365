//! Ends: the peer's, ours with things in flight, and tokens used again.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use redstart_sys::net::{Backend, Driver, Event, Options, Token, socket};
use socket2::SockRef;

use crate::harness::{driver, event, event_within, on_both_backends, pair, received, received_exactly};

on_both_backends!(
    peer_ends_mid_stream,
    peer_resets,
    a_reply_before_close_is_sent,
    closes_with_a_send_in_flight,
    tokens_are_used_again,
    send_to_a_closed_peer_is_reported_once,
    unlisten_frees_the_port,
    drops_with_everything_in_flight,
);

const A: Token = Token(3);

/// Reads to the end; a reset counts as the end.
fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
    bytes
}

fn expect_closed(driver: &mut Driver, token: Token) -> Option<std::io::Error> {
    match event(driver) {
        Event::Closed { token: closed, error } if closed == token => error,
        other => panic!("expected the end of {token:?}, got {other:?}"),
    }
}

fn peer_ends_mid_stream(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (mut near, far) = pair();
    driver.add(A, far);
    near.write_all(b"*2\r\n$3\r\nGE").unwrap();
    drop(near);
    assert_eq!(received_exactly(&mut driver, A, 10), b"*2\r\n$3\r\nGE");
    assert!(expect_closed(&mut driver, A).is_none());
    driver.close(A);
    assert!(event_within(&mut driver, Duration::from_millis(50)).is_none());
    assert!(driver.fd(A).is_none());
}

fn peer_resets(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (near, far) = pair();
    driver.add(A, far);
    driver.wait(Some(Duration::ZERO)).unwrap();
    SockRef::from(&near).set_linger(Some(Duration::ZERO)).unwrap();
    drop(near);
    let error = expect_closed(&mut driver, A).expect("a reset is an error");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    driver.close(A);
}

/// `printf 'PING\r\n' | nc`: request and end arrive together, and the reply must still be sent.
fn a_reply_before_close_is_sent(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (mut near, far) = pair();
    near.write_all(b"PING\r\n").unwrap();
    near.shutdown(Shutdown::Write).unwrap();
    driver.add(A, far);
    assert_eq!(received(&mut driver, A), b"PING\r\n");
    driver.send(A, b"+PONG\r\n".to_vec());
    driver.close(A);
    assert_eq!(read_to_end(&mut near), b"+PONG\r\n");
}

fn closes_with_a_send_in_flight(backend: Backend) {
    const LEN: usize = 32 << 20;
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (mut near, far) = pair();
    let (mut other, other_far) = pair();
    driver.add(A, far);
    assert!(driver.send(A, vec![7; LEN]).is_none(), "more than the socket takes");
    driver.wait(Some(Duration::ZERO)).unwrap();
    assert!(driver.next_event().is_none());
    driver.close(A);
    driver.add(A, other_far);
    other.write_all(b"new owner").unwrap();
    assert_eq!(received_exactly(&mut driver, A, 9), b"new owner");
    let got = read_to_end(&mut near);
    assert!(got.len() < LEN && got.iter().all(|&byte| byte == 7));
    assert!(event_within(&mut driver, Duration::from_millis(50)).is_none());
}

/// Each connection under the same token sends its number, and never receives that of another.
fn tokens_are_used_again(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    for round in 0..1_000u32 {
        let (mut near, far) = pair();
        driver.add(A, far);
        near.write_all(&round.to_be_bytes()).unwrap();
        let heard = received_exactly(&mut driver, A, 4);
        assert_eq!(heard, round.to_be_bytes());
        let sent = driver.send(A, heard);
        near.write_all(b"never looked at").unwrap();
        if round % 3 == 0 {
            driver.wait(Some(Duration::ZERO)).unwrap();
        }
        driver.close(A);
        assert!(sent.is_none() || backend == Backend::Epoll);
        let mut back = [0; 4];
        near.read_exact(&mut back).unwrap();
        assert_eq!(back, round.to_be_bytes());
    }
    assert!(event_within(&mut driver, Duration::from_millis(20)).is_none());
}

fn send_to_a_closed_peer_is_reported_once(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (near, far) = pair();
    driver.add(A, far);
    driver.pause_receive(A);
    driver.wait(Some(Duration::ZERO)).unwrap();
    assert!(driver.next_event().is_none());
    SockRef::from(&near).set_linger(Some(Duration::ZERO)).unwrap();
    drop(near);
    driver.send(A, vec![1; 100]);
    assert!(expect_closed(&mut driver, A).is_some());
    driver.resume_receive(A);
    assert!(event_within(&mut driver, Duration::from_millis(50)).is_none());
    driver.close(A);
}

fn unlisten_frees_the_port(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    for _ in 0..20 {
        let listener = socket::listen_tcp("127.0.0.1:0".parse().unwrap(), 16).unwrap();
        driver.listen(A, listener);
        let address: std::net::SocketAddr = socket::local_name(driver.fd(A).unwrap()).parse().unwrap();
        let near = TcpStream::connect(address).unwrap();
        let Event::Accepted { listener: A, socket } = event(&mut driver) else { panic!("a connection") };
        assert_eq!(socket::peer_name(driver.fd(A).unwrap()), "?:0");
        driver.unlisten(A);
        driver.wait(Some(Duration::ZERO)).unwrap();
        assert!(driver.next_event().is_none());
        TcpStream::connect(address).expect_err("no listener");
        drop((near, socket));
    }
}

/// The kernel must no longer use any buffer when they are freed: a checking allocator would detect that.
fn drops_with_everything_in_flight(backend: Backend) {
    for round in 0..20u32 {
        let Some(mut driver) = driver(backend, Options::default()) else { return };
        let mut peers = Vec::new();
        for token in 0..50 {
            let (mut near, far) = pair();
            driver.add(Token(token), far);
            near.write_all(b"unread").unwrap();
            driver.send(Token(token), vec![token as u8; 4 << 20]);
            peers.push(near);
        }
        if round % 2 == 0 {
            driver.wait(Some(Duration::ZERO)).unwrap();
        }
        if round % 4 == 0 {
            (0..25).for_each(|token| driver.close(Token(token)));
        }
        drop(driver);
        for peer in &mut peers {
            let got = read_to_end(peer);
            assert!(got.len() <= 4 << 20);
        }
    }
}
