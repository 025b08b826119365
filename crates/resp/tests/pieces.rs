//! Commands parsed whole and in pieces come out the same.

use proptest::prelude::*;
use redstart_resp::{Batch, Decoder, Limits, ProtocolError};

const LIMITS: Limits = Limits { bulk: 512 << 20, trusted: true };

/// Feeds `pieces` as a connection does, and collects the commands.
fn feed(pieces: &[&[u8]], limits: Limits) -> (Vec<Vec<Vec<u8>>>, Option<ProtocolError>) {
    let (mut decoder, mut batch) = (Decoder::default(), Batch::default());
    let (mut input, mut commands) = (Vec::new(), Vec::new());
    for piece in pieces {
        input.extend_from_slice(piece);
        loop {
            let (used, outcome) = decoder.parse(&input, &mut batch, 16, limits);
            for index in 0..batch.len() {
                commands.push(decoder.args(&batch, index, &input).to_vecs());
            }
            input.drain(..used);
            if let Err(error) = outcome {
                return (commands, Some(error));
            }
            if batch.is_empty() {
                break;
            }
        }
    }
    (commands, None)
}

fn encode(commands: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for command in commands {
        bytes.extend_from_slice(format!("*{}\r\n", command.len()).as_bytes());
        for argument in command {
            bytes.extend_from_slice(format!("${}\r\n", argument.len()).as_bytes());
            bytes.extend_from_slice(argument);
            bytes.extend_from_slice(b"\r\n");
        }
    }
    bytes
}

#[test]
fn every_split_gives_the_same_commands() {
    let commands = vec![
        vec![b"SET".to_vec(), b"k\r\n".to_vec(), vec![0; 300]],
        vec![b"GET".to_vec(), Vec::new()],
        vec![b"PING".to_vec()],
    ];
    let mut bytes = encode(&commands);
    bytes.extend_from_slice(b"\r\nGET 'a b'\r\n*0\r\n*-1\r\nPING\n");
    let mut expected = commands;
    expected.push(vec![b"GET".to_vec(), b"a b".to_vec()]);
    expected.push(vec![b"PING".to_vec()]);
    for split in 0..=bytes.len() {
        let (first, second) = bytes.split_at(split);
        assert_eq!(feed(&[first, second], LIMITS), (expected.clone(), None), "split at {split}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(feed(&single, LIMITS), (expected, None));
}

#[test]
fn large_bulks_come_in_their_own_buffer() {
    let value: Vec<u8> = (0..3_000_000_u32).map(|number| number as u8).collect();
    let bytes = encode(&[vec![b"SET".to_vec(), b"k".to_vec(), value.clone(), b"EX".to_vec()], vec![b"PING".to_vec()]]);
    for size in [1000, 16_384, 65_536] {
        let (mut decoder, mut batch) = (Decoder::default(), Batch::default());
        let (mut input, mut commands) = (Vec::new(), 0);
        for piece in bytes.chunks(size) {
            input.extend_from_slice(piece);
            loop {
                let used = decoder.parse(&input, &mut batch, 16, LIMITS).0;
                if batch.is_empty() {
                    input.drain(..used);
                    break;
                }
                if commands == 0 {
                    let mut args = decoder.args(&batch, 0, &input);
                    assert_eq!(args[3].to_vec(), b"EX");
                    assert!(args.take_large(1).is_none());
                    let taken = args.take_large(2).expect("three megabytes have their own buffer");
                    assert!(taken == value && taken.capacity() == taken.len());
                }
                commands += batch.len();
                input.drain(..used);
            }
        }
        assert_eq!(commands, 2);
    }
}

#[test]
fn faults_have_the_known_texts() {
    let fault = |bytes: &[u8]| feed(&[bytes], LIMITS).1.map(|error| error.to_string());
    let check = |bytes: &[u8], text: &str| assert_eq!(fault(bytes), Some(format!("Protocol error: {text}")));
    check(b"*abc\r\n", "invalid multibulk length");
    check(b"*3000000000\r\n", "invalid multibulk length");
    check(b"*01\r\n", "invalid multibulk length");
    check(b"*1\r\n:1\r\n", "expected '$', got ':'");
    check(b"*1\r\n$-1\r\n", "invalid bulk length");
    check(b"*1\r\n$\r\n", "invalid bulk length");
    check(b"*1\r\n$600000000000\r\n", "invalid bulk length");
    check(b"SET \"a\r\n", "unbalanced quotes in request");
    check(&[b'x'; 70_000], "too big inline request");
    check(&[&b"*"[..], &[b'1'; 70_000]].concat(), "too big mbulk count string");
    check(&[&b"*1\r\n$"[..], &[b'1'; 70_000]].concat(), "too big bulk count string");
    let stranger = Limits { trusted: false, ..LIMITS };
    let fault = |bytes: &[u8]| feed(&[bytes], stranger).1;
    assert_eq!(fault(b"*11\r\n"), Some(ProtocolError::UntrustedCount));
    assert_eq!(fault(b"*1\r\n$16385\r\n"), Some(ProtocolError::UntrustedBulk));
}

#[test]
fn claims_allocate_nothing() {
    let (mut decoder, mut batch) = (Decoder::default(), Batch::default());
    let used = decoder.parse(b"*2147483647\r\n$536870912\r\nabc", &mut batch, 16, LIMITS).0;
    assert!(used > 0 && batch.is_empty() && decoder.held() < 1000);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_commands_in_random_pieces(
        commands in prop::collection::vec(
            prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 1..6), 0..20),
        cuts in prop::collection::vec(1_usize..200, 1..50),
    ) {
        let bytes = encode(&commands);
        let (mut pieces, mut rest, mut cuts) = (Vec::new(), &bytes[..], cuts.iter().cycle());
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at((*cuts.next().expect("a cycle")).min(rest.len()));
            pieces.push(piece);
            rest = tail;
        }
        prop_assert_eq!(feed(&pieces, LIMITS), (commands, None));
    }

    #[test]
    fn any_bytes_give_an_error_or_commands(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        feed(&[&bytes], LIMITS);
    }
}
