//! Many connections, all sizes of messages, and rings far too small for them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, PoisonError};
use std::thread;

use redstart_sys::net::{Backend, Options};

use crate::harness::{Echo, Random, SMALL, on_both_backends, raise_descriptor_limit, round_trip};

on_both_backends!(echoes_many_connections, echoes_through_tiny_queues, five_thousand_connections, a_port_to_itself);

/// One thread drives `streams` with seeded messages, mostly short, some up to a mebibyte.
fn drive(mut streams: Vec<TcpStream>, seed: u64, rounds: usize) {
    let mut random = Random(seed);
    for _ in 0..rounds {
        for stream in &mut streams {
            let bound = if random.below(20) == 0 { 1 << 20 } else { 4096 };
            let len = 1 + random.below(bound) as usize;
            round_trip(stream, &random.bytes(len));
        }
    }
}

fn drive_all(echo: &Echo, threads: u64, streams_each: usize, rounds: usize) {
    let seed = 0x005e_ed00_0000;
    println!("seed {seed}");
    thread::scope(|scope| {
        for thread in 0..threads {
            let streams = (0..streams_each).map(|_| echo.connect()).collect();
            scope.spawn(move || drive(streams, seed + thread, rounds));
        }
    });
}

fn echoes_many_connections(backend: Backend) {
    let Some(echo) = Echo::start(backend, Options::default()) else { return };
    drive_all(&echo, 20, 10, 5);
}

/// 8 submission entries and 64 completions for 100 connections: both queues overflow all the time.
fn echoes_through_tiny_queues(backend: Backend) {
    let Some(echo) = Echo::start(backend, SMALL) else { return };
    drive_all(&echo, 20, 5, 3);
}

/// Fewer where the process may not have the 10,000 descriptors it takes.
fn five_thousand_connections(backend: Backend) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let connections = (raise_descriptor_limit().saturating_sub(2_000) / 2).min(5_000);
    println!("{connections} connections");
    let Some(echo) = Echo::start(backend, Options::default()) else { return };
    let mut streams: Vec<TcpStream> = (0..connections).map(|_| echo.connect()).collect();
    for round in 0..3u8 {
        for stream in &mut streams {
            stream.write_all(&[round; 100]).unwrap();
        }
        for stream in &mut streams {
            let mut back = [0; 100];
            stream.read_exact(&mut back).unwrap();
            assert_eq!(back, [round; 100]);
        }
    }
    assert_eq!(echo.stop(), connections);
}

/// After the driver is dropped, connections end and the port is free at once.
fn a_port_to_itself(backend: Backend) {
    let Some(echo) = Echo::start(backend, Options::default()) else { return };
    let address = echo.address;
    let mut stream = echo.connect();
    round_trip(&mut stream, b"hello");
    assert!(redstart_sys::net::socket::listen_tcp(address, 16).is_err(), "the port is busy");
    assert_eq!(echo.stop(), 1);
    assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
    redstart_sys::net::socket::listen_tcp(address, 16).expect("the port is free");
}
