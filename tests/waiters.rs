//! What a waiting client is given is not lost with it: a client that is about to be closed is passed over, and what
//! came stays for the next, or where it is.

use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::{Client, Protocol, encode};
use std::time::{Duration, Instant};

/// A command that waits, one that brings two elements, one that shows what is left, and what that is when one waiter
/// was served.
const FAMILIES: [[&str; 4]; 6] = [
    ["BLPOP key 0", "RPUSH key a b", "LRANGE key 0 -1", "[\"b\"]"],
    ["BLMOVE key other LEFT LEFT 0", "RPUSH key a b", "LRANGE key 0 -1", "[\"b\"]"],
    ["BLMPOP 0 1 key LEFT", "RPUSH key a b", "LRANGE key 0 -1", "[\"b\"]"],
    ["BZPOPMIN key 0", "ZADD key 1 a 2 b", "ZRANGE key 0 -1", "[\"b\"]"],
    ["BZMPOP 0 1 key MIN", "ZADD key 1 a 2 b", "ZRANGE key 0 -1", "[\"b\"]"],
    ["XREADGROUP GROUP g c BLOCK 0 COUNT 1 STREAMS key >", "XADD key 1-1 f a", "XPENDING key g", ""],
];

/// Bytes of a command that has not come whole: so much does the large waiter take.
const LARGE: usize = 400_000;

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

fn ask(client: &mut Client, line: &str) -> Value {
    client.command(&words(line)).unwrap_or_else(|error| panic!("{line}: {error}"))
}

struct Play {
    server: Server,
    operator: Client,
}

impl Play {
    fn start(threads: &str) -> Play {
        let server = Server::start(binary(), &["--threads".to_owned(), threads.to_owned()]).expect("it starts");
        let operator = Client::connect(server.address()).expect("it listens");
        Play { server, operator }
    }

    /// A number that INFO shows.
    fn figure(&mut self, section: &str, name: &str) -> usize {
        let info = ask(&mut self.operator, &format!("INFO {section}")).text_lossy();
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect("INFO has it");
        line.trim().parse().expect("a number")
    }

    /// How many clients wait.
    fn waiting(&mut self) -> usize {
        self.figure("clients", "blocked_clients")
    }

    /// A client that waits, and its number.
    fn waiter(&mut self, line: &str) -> (Client, String) {
        let mut client = Client::connect(self.server.address()).expect("it listens");
        let id = ask(&mut client, "CLIENT ID").text_lossy();
        let before = self.waiting();
        client.send(&words(line)).expect("the server reads");
        self.until(|play| play.waiting() > before);
        (client, id)
    }

    fn until(&mut self, mut holds: impl FnMut(&mut Play) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !holds(self) {
            assert!(Instant::now() < deadline, "it does not come to that");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Sends lines in one piece.
    fn at_once(&mut self, lines: &[&str]) -> Vec<Value> {
        let bytes: Vec<u8> = lines.iter().flat_map(|line| encode(&words(line))).collect();
        self.operator.send_raw(&bytes).expect("the server reads");
        lines.iter().map(|_| self.operator.receive().expect("the server answers")).collect()
    }

    /// Two clients wait, the second is closed by `close`, and two elements come with that: one of them is left.
    fn check(&mut self, family: &[&str; 4], what: &str, close: impl FnOnce(&mut Play, Client, &str, &str)) {
        let [wait, push, look, left] = *family;
        ask(&mut self.operator, "FLUSHALL");
        let stream = wait.starts_with("XREADGROUP");
        if stream {
            ask(&mut self.operator, "XGROUP CREATE key g $ MKSTREAM");
        }
        // A stream is read by all that wait, so there the one that is closed is alone.
        let first = (!stream).then(|| self.waiter(wait));
        let (second, id) = self.waiter(wait);
        close(self, second, &id, push);
        let there = ask(&mut self.operator, look).to_string();
        let expected = if stream { "[:0 (nil) (nil) (nil-array)]" } else { left };
        assert_eq!(there, expected, "{wait}, {what}");
        drop(first);
        self.until(|play| play.waiting() == 0);
    }
}

/// Each way in which a client may be about to be closed.
fn all_ways(threads: &str) {
    let mut play = Play::start(threads);
    for family in &FAMILIES {
        play.check(family, "killed", |play, second, id, push| {
            play.at_once(&[&format!("CLIENT KILL ID {id}"), push]);
            drop(second);
        });
        play.check(family, "killed in the same transaction", |play, second, id, push| {
            play.at_once(&["MULTI", push, &format!("CLIENT KILL ID {id}"), "EXEC"]);
            drop(second);
        });
        play.check(family, "over maxmemory-clients", |play, mut second, _, push| {
            let head = format!("*2\r\n$4\r\nECHO\r\n${}\r\n", 2 * LARGE);
            second.send_raw(&[head.as_bytes(), &[b'x'; LARGE]].concat()).expect("the server reads");
            play.until(|play| play.figure("memory", "mem_clients_normal") > LARGE);
            play.at_once(&["CONFIG SET maxmemory-clients 300kb", push]);
            play.at_once(&["CONFIG SET maxmemory-clients 0"]);
            drop(second);
        });
        play.check(family, "hung up", |play, second, _, push| {
            drop(second);
            play.at_once(&[push]);
        });
        // On another thread the messages may leave before there are too many.
        if threads != "1" {
            continue;
        }
        play.check(family, "has more output than allowed", |play, mut second, _, push| {
            second = resp3_subscriber(play, second, family[0]);
            let limit = ["CONFIG", "SET", "client-output-buffer-limit", "pubsub 1kb 0 0 normal 0 0 0"];
            play.operator.command(&limit).expect("it answers");
            let message = format!("PUBLISH channel {}", "x".repeat(600));
            play.at_once(&[&message, &message, &message, push]);
            drop(second);
        });
    }
}

/// In the place of a waiter, one that also listens to a channel.
fn resp3_subscriber(play: &mut Play, second: Client, wait: &str) -> Client {
    let waiting = play.waiting();
    drop(second);
    play.until(|play| play.waiting() < waiting);
    let mut client = Client::connect_as(play.server.address(), Protocol::Resp3).expect("it listens");
    client.command(&["SUBSCRIBE", "channel"]).expect("it answers");
    client.send(&words(wait)).expect("the server reads");
    play.until(|play| play.waiting() == waiting);
    client
}

#[test]
fn nothing_is_given_to_a_client_that_is_closed() {
    all_ways("1");
}

#[test]
fn nothing_is_given_to_a_client_that_another_thread_closes() {
    all_ways("4");
}
