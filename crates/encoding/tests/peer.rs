//! Numbers and listpacks against a running Redis 8.0.6: `REDSTART_PEER_REDIS` names its `redis-server`.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redstart_encoding::float::{Extended, F64Text, parse_f64};
use redstart_encoding::glob;
use redstart_encoding::listpack::Listpack;

struct Peer {
    _process: Process,
    stream: BufReader<TcpStream>,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Best effort: a process that is already gone needs no killing.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Peer {
    /// A fresh server on a free port, or `None` (said aloud) where there is no peer.
    fn start() -> Option<Peer> {
        let Some(path) = std::env::var_os("REDSTART_PEER_REDIS") else {
            eprintln!("skipped: REDSTART_PEER_REDIS names no redis-server to compare with");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port_text = port.to_string();
        let arguments = ["--port", &port_text, "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"];
        let limits =
            ["--rdbcompression", "no", "--hash-max-listpack-value", "100000", "--zset-max-listpack-entries", "0"];
        let process =
            Command::new(path).args(arguments).args(limits).stdout(Stdio::null()).spawn().expect("the peer starts");
        // Owned from here on by what ends it, whatever happens below.
        let guard = Process(process);
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                return Some(Peer { _process: guard, stream: BufReader::new(stream) });
            }
            assert!(Instant::now() < deadline, "the peer does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn send(&mut self, arguments: &[&[u8]]) {
        let mut request = format!("*{}\r\n", arguments.len()).into_bytes();
        for argument in arguments {
            request.extend_from_slice(format!("${}\r\n", argument.len()).as_bytes());
            request.extend_from_slice(argument);
            request.extend_from_slice(b"\r\n");
        }
        self.stream.get_mut().write_all(&request).unwrap();
    }

    /// A bulk string's bytes, or any other reply's line.
    fn reply(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).unwrap();
        line.truncate(line.len() - 2);
        let Some(len) = line.strip_prefix(b"$") else { return line };
        let Ok(len) = std::str::from_utf8(len).unwrap().parse::<usize>() else { return line };
        let mut bulk = vec![0; len + 2];
        self.stream.read_exact(&mut bulk).unwrap();
        bulk.truncate(len);
        bulk
    }

    fn call(&mut self, arguments: &[&[u8]]) -> Vec<u8> {
        self.send(arguments);
        self.reply()
    }
}

/// xorshift64*: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn number_text(&mut self) -> String {
        let sign = ["", "-", "", "+"][self.below(4) as usize];
        let shift = self.below(64);
        let whole = self.next() >> shift;
        let (a, b) = (self.next(), self.next());
        let exponent = self.below(40) as i64 - 20;
        match self.below(9) {
            0 => format!("{sign}{whole}"),
            1 => format!("{sign}{}.{:02}", whole % 1000, a % 100),
            2 => format!("{sign}{whole}.{a}"),
            3 => format!("{sign}{}.{}e{exponent}", whole % 100, a % 10_000),
            4 => format!("{sign}{whole}{a}.{b}e{exponent}"),
            5 => format!("{sign}{:e}", f64::from_bits(a).abs()),
            6 => format!("{sign}.{}", a % 1_000_000),
            7 => format!("{sign}0x{whole:x}.{:x}p{exponent}", a % 4096),
            _ => {
                ["inf", "-inf", "nan", "1e", "0x", "1e-400", "1e400", " 1", "1 ", "5.", ".", "-0", "1e5000", "1e-5000"]
                    [self.below(14) as usize]
                    .to_string()
            }
        }
    }
}

const SEED: u64 = 0x5EED_0001;

#[test]
fn incrbyfloat_says_the_same() {
    let Some(mut peer) = Peer::start() else { return };
    let mut random = Random(SEED);
    for round in 0..20_000 {
        let (a, b) = (random.number_text(), random.number_text());
        peer.send(&[b"SET", b"k", a.as_bytes()]);
        peer.send(&[b"INCRBYFLOAT", b"k", b.as_bytes()]);
        peer.reply();
        let theirs = peer.reply();
        let (x, y) = (Extended::parse(a.as_bytes()), Extended::parse(b.as_bytes()));
        let ours = match (x, y) {
            (Some(x), Some(y)) => match x.checked_add(y) {
                Some(sum) => sum.to_text(),
                None => b"-ERR increment would produce NaN or Infinity".to_vec(),
            },
            _ => b"-ERR value is not a valid float".to_vec(),
        };
        let (ours, theirs) = (String::from_utf8_lossy(&ours), String::from_utf8_lossy(&theirs));
        assert_eq!(ours, theirs, "round {round} of seed {SEED:#x}: {a} + {b}");
    }
}

#[test]
fn scores_say_the_same() {
    let Some(mut peer) = Peer::start() else { return };
    let mut random = Random(SEED);
    for round in 0..30_000 {
        let text = random.number_text();
        peer.send(&[b"DEL", b"z"]);
        peer.send(&[b"ZADD", b"z", text.as_bytes(), b"m"]);
        peer.send(&[b"ZSCORE", b"z", b"m"]);
        peer.reply();
        let added = peer.reply();
        let theirs = peer.reply();
        let ours = parse_f64(text.as_bytes());
        assert_eq!(ours.is_some(), added.first() == Some(&b':'), "round {round} of seed {SEED:#x}: {text}");
        if let Some(ours) = ours {
            let ours = F64Text::new(ours);
            let (ours, theirs) = (String::from_utf8_lossy(ours.as_bytes()), String::from_utf8_lossy(&theirs));
            assert_eq!(ours, theirs, "round {round} of seed {SEED:#x}: {text}");
        }
    }
}

/// DUMP of a small hash is `[type 16][length][listpack][version, checksum: 10 bytes]`.
#[test]
fn listpack_bytes_are_the_same() {
    let Some(mut peer) = Peer::start() else { return };
    let mut random = Random(SEED);
    for round in 0..300 {
        peer.call(&[b"DEL", b"h"]);
        let mut pack = Listpack::new();
        for field in 0..random.below(40) + 1 {
            let field = format!("f{field}");
            let value = match random.below(4) {
                0 => random.number_text().into_bytes(),
                1 => ((random.next() as i64) >> random.below(64)).to_string().into_bytes(),
                2 => vec![b'x'; random.below(200) as usize],
                _ => vec![b'y'; [4095, 4096, 16_378, 16_379, 63, 64][random.below(6) as usize]],
            };
            peer.call(&[b"HSET", b"h", field.as_bytes(), &value]);
            pack.push_back(field.as_bytes());
            pack.push_back(&value);
        }
        let dump = peer.call(&[b"DUMP", b"h"]);
        assert_eq!(dump[0], 16, "the peer keeps a listpack");
        let header = match dump[1] >> 6 {
            0 => 2,
            1 => 3,
            _ => 6,
        };
        assert_eq!(&dump[header..dump.len() - 10], pack.as_bytes(), "round {round} of seed {SEED:#x}");
    }
}

/// KEYS in a database of one key; a lone star is left out, because KEYS does not ask the matcher then.
#[test]
fn patterns_match_the_same() {
    let Some(mut peer) = Peer::start() else { return };
    let mut random = Random(SEED);
    let pieces: [&[u8]; 20] = [
        b"a",
        b"b",
        b"c",
        b"*",
        b"*",
        b"?",
        b"[ab]",
        b"[^a]",
        b"[a-c]",
        b"[c-a]",
        b"\\",
        b"\\*",
        b"[",
        b"]",
        b"^",
        b"-",
        b"\xff",
        b"[\x80-a]",
        b"[a-\xff]",
        b"[\\a]",
    ];
    for round in 0..20_000 {
        let pattern = (0..random.below(7)).map(|_| pieces[random.below(20) as usize]).collect::<Vec<_>>().concat();
        let text: Vec<u8> =
            (0..random.below(7)).map(|_| b"aaabbcABC*[]\\-^\x80\xff"[random.below(17) as usize]).collect();
        if pattern == b"*" {
            continue;
        }
        peer.send(&[b"FLUSHALL"]);
        peer.send(&[b"SET", &text, b""]);
        peer.send(&[b"EVAL", b"return #redis.call('keys', ARGV[1])", b"0", &pattern]);
        peer.reply();
        peer.reply();
        let theirs = peer.reply() == b":1";
        assert_eq!(glob::matches(&pattern, &text), theirs, "round {round} of seed {SEED:#x}: {pattern:?} {text:?}");
    }
}
