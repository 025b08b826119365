//! Slow readers, paused receiving, and more data than buffers.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use redstart_sys::net::{Backend, Event, Options, Token};
use socket2::SockRef;

use crate::harness::{Random, SMALL, driver, event, event_within, on_both_backends, pair, received_exactly};

on_both_backends!(
    sends_all_to_a_slow_reader,
    keeps_what_arrives_while_paused,
    pausing_and_resuming_at_random_loses_nothing,
    more_talkers_than_buffers,
    held_buffers_stop_receiving,
);

const A: Token = Token(0);

fn sends_all_to_a_slow_reader(backend: Backend) {
    const LEN: usize = 24 << 20;
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (mut near, far) = pair();
    SockRef::from(&near).set_recv_buffer_size(16 << 10).unwrap();
    driver.add(A, far);
    let bytes = Random(11).bytes(LEN);
    let expected = bytes.clone();
    let reader = thread::spawn(move || {
        let mut got = vec![0; LEN];
        let mut at = 0;
        while at < LEN {
            let end = (at + 300_000).min(LEN);
            at += near.read(&mut got[at..end]).unwrap();
            thread::sleep(Duration::from_micros(200));
        }
        assert!(got == expected);
        near
    });
    assert!(driver.send(A, bytes).is_none());
    let Event::Sent { token: A, buffer } = event(&mut driver) else { panic!("the send's end") };
    assert!(buffer.is_empty() && buffer.capacity() >= LEN);
    let near = reader.join().unwrap();
    assert!(event_within(&mut driver, Duration::from_millis(20)).is_none());
    drop(near);
}

fn keeps_what_arrives_while_paused(backend: Backend) {
    const LEN: usize = 8 << 20;
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (mut near, far) = pair();
    driver.add(A, far);
    driver.wait(Some(Duration::ZERO)).unwrap();
    driver.pause_receive(A);
    driver.wait(Some(Duration::ZERO)).unwrap();
    let bytes = Random(12).bytes(LEN);
    let expected = bytes.clone();
    let writer = thread::spawn(move || {
        near.write_all(&bytes).unwrap();
        near
    });
    assert!(event_within(&mut driver, Duration::from_millis(100)).is_none(), "nothing is received while paused");
    assert!(!writer.is_finished(), "the peer feels the pressure");
    driver.resume_receive(A);
    assert!(received_exactly(&mut driver, A, LEN) == expected);
    drop(writer.join().unwrap());
    assert!(matches!(event(&mut driver), Event::Closed { token: A, error: None }));
}

fn pausing_and_resuming_at_random_loses_nothing(backend: Backend) {
    const LEN: usize = 16 << 20;
    let seed = 13;
    println!("seed {seed}");
    let mut random = Random(seed);
    let Some(mut driver) = driver(backend, Options { buffer_count: 8, ..Options::default() }) else { return };
    let (mut near, far) = pair();
    driver.add(A, far);
    let bytes = Random(14).bytes(LEN);
    let expected = bytes.clone();
    let writer = thread::spawn(move || {
        near.write_all(&bytes).unwrap();
        near
    });
    let mut got = Vec::with_capacity(LEN);
    while got.len() < LEN {
        match random.below(8) {
            0 => driver.pause_receive(A),
            1 => {
                driver.pause_receive(A);
                driver.resume_receive(A);
            }
            _ => driver.resume_receive(A),
        }
        driver.wait(Some(Duration::from_millis(1))).unwrap();
        while let Some(event) = driver.next_event() {
            let Event::Received(received) = event else { panic!("unexpected {event:?}") };
            got.extend_from_slice(driver.data(&received));
            driver.release(received);
        }
    }
    assert!(got == expected);
    drop(writer.join().unwrap());
}

fn more_talkers_than_buffers(backend: Backend) {
    const TALKERS: u32 = 100;
    const LEN: usize = 100_000;
    let Some(mut driver) = driver(backend, SMALL) else { return };
    let mut nears = Vec::new();
    for token in 0..TALKERS {
        let (near, far) = pair();
        driver.add(Token(token), far);
        nears.push(near);
    }
    let writer = thread::spawn(move || {
        for (token, near) in nears.iter_mut().enumerate() {
            near.write_all(&Random(token as u64).bytes(LEN)).unwrap();
        }
        nears
    });
    let mut got: Vec<Vec<u8>> = vec![Vec::new(); TALKERS as usize];
    while got.iter().any(|bytes| bytes.len() < LEN) {
        let Event::Received(received) = event(&mut driver) else { panic!("unexpected event") };
        got[received.token().0 as usize].extend_from_slice(driver.data(&received));
        driver.release(received);
    }
    for (token, bytes) in got.iter().enumerate() {
        assert!(*bytes == Random(token as u64).bytes(LEN), "bytes of {token} differ");
    }
    drop(writer.join().unwrap());
}

fn held_buffers_stop_receiving(backend: Backend) {
    let Some(mut driver) = driver(backend, SMALL) else { return };
    let mut nears = Vec::new();
    for token in 0..10 {
        let (mut near, far) = pair();
        driver.add(Token(token), far);
        near.write_all(&[token as u8; 10]).unwrap();
        nears.push(near);
    }
    let mut seen = 0;
    while seen < 10 {
        let mut held = Vec::new();
        while let Some(event) = event_within(&mut driver, Duration::from_millis(100)) {
            let Event::Received(received) = event else { panic!("unexpected {event:?}") };
            held.push(received);
        }
        assert!(!held.is_empty() && held.len() <= usize::from(SMALL.buffer_count), "{} held", held.len());
        for received in held {
            let token = received.token().0 as u8;
            assert_eq!(driver.data(&received), [token; 10]);
            driver.release(received);
            seen += 1;
        }
    }
}
