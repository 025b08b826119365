//! Scripts beside each other on several threads, and scripts that run for too long.

use std::thread;
use std::time::{Duration, Instant};

use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;

fn server(threads: usize) -> Server {
    let arguments = ["--threads", &threads.to_string(), "--busy-reply-threshold", "100"].map(str::to_owned);
    Server::start(binary(), &arguments).expect("it starts")
}

fn connect(server: &Server) -> Client {
    Client::connect(server.address()).expect("it accepts")
}

fn eval(client: &mut Client, script: &str, keys: &[&str]) -> String {
    let count = keys.len().to_string();
    let words: Vec<&str> = ["EVAL", script, &count].into_iter().chain(keys.iter().copied()).collect();
    client.command(&words).expect("it answers").text_lossy()
}

/// A read, work in between, and a write: nobody else comes between, whatever the script declares.
#[test]
fn a_script_is_one_step_beside_others() {
    const ROUNDS: usize = 300;
    let server = server(2);
    let body = "local sum = 0 for i = 1, 50 do sum = sum + i end
        for _, key in ipairs({'a', 'b'}) do redis.call('SET', key, (redis.call('GET', key) or 0) + 1) end";
    let declared = format!("#!lua\n{}", body.replace("{'a', 'b'}", "KEYS"));
    // One of these declares its keys, one nothing at all, one keys that it does not keep to.
    let scripts =
        [(declared.clone(), vec!["a", "b"]), (body.to_owned(), vec![]), (format!("#!lua\n{body}"), vec!["x"])];
    thread::scope(|scope| {
        for (script, keys) in &scripts {
            for _ in 0..2 {
                let mut client = connect(&server);
                scope.spawn(move || (0..ROUNDS).for_each(|_| drop(eval(&mut client, script, keys))));
            }
        }
    });
    let mut client = connect(&server);
    for key in ["a", "b"] {
        let count = client.command(&["GET", key]).expect("it answers").text_lossy();
        assert_eq!(count, (6 * ROUNDS).to_string(), "{key}");
    }
}

/// Sends without waiting a script that never ends, and waits until others are told so.
fn hang(server: &Server, script: &str) -> (Client, Vec<Client>) {
    let mut busy = connect(server);
    let mut others: Vec<Client> = (0..4).map(|_| connect(server)).collect();
    busy.send(&["EVAL", script, "1", "k"]).expect("it takes the script");
    let until = Instant::now() + Duration::from_secs(10);
    for client in &mut others {
        while !client.command(&["GET", "other"]).expect("it answers").text_lossy().starts_with("-BUSY") {
            assert!(Instant::now() < until, "nobody is told that the server is busy");
            thread::sleep(Duration::from_millis(20));
        }
    }
    (busy, others)
}

#[test]
fn whoever_comes_while_a_script_hangs_is_told_and_may_end_it() {
    for threads in [1, 2] {
        let server = server(threads);
        for script in [
            "while true do end",
            "#!lua\nwhile true do end",
            "while true do pcall(function() while true do end end) end",
            "local routine = coroutine.wrap(function() while true do pcall(coroutine.yield) end end) while true do routine() end",
        ] {
            let (mut busy, mut others) = hang(&server, script);
            let mut ask = |words: &[&str]| others[1].command(words).expect("it answers").text_lossy();
            assert!(ask(&["PING"]).starts_with("-BUSY"));
            assert!(
                ask(&["FUNCTION", "KILL"]).starts_with("-BUSY") || ask(&["FUNCTION", "STATS"]).starts_with("-BUSY")
            );
            assert_eq!(ask(&["SCRIPT", "KILL"]), "OK");
            let end = busy.receive().expect("it ends").text_lossy();
            assert!(end.starts_with("-ERR Script killed by user with SCRIPT KILL"), "{end}");
            for client in others.iter_mut().chain([&mut busy]) {
                assert_eq!(client.command(&["SET", "other", "1"]).expect("it answers").text_lossy(), "OK");
            }
        }
    }
}

#[test]
fn a_script_that_wrote_cannot_be_ended_but_the_server_can() {
    for threads in [1, 2] {
        let mut server = server(threads);
        let (_busy, mut others) = hang(&server, "redis.call('SET', KEYS[1], 1) while true do end");
        let refused = others[0].command(&["SCRIPT", "KILL"]).expect("it answers").text_lossy();
        assert!(refused.starts_with("-UNKILLABLE"), "{refused}");
        others[1].send(&["SHUTDOWN", "NOSAVE"]).expect("it takes the command");
        expect_end(&mut server);
    }
}

fn expect_end(server: &mut Server) {
    let until = Instant::now() + Duration::from_secs(10);
    while server.is_running() {
        assert!(Instant::now() < until, "it does not end:\n{}", server.log());
        thread::sleep(Duration::from_millis(20));
    }
}

/// The base of an append-only file that begins cannot be written beside a script that never ends: to wait for it would
/// leave no way out but SIGKILL.
#[test]
fn a_server_whose_append_only_file_begins_can_be_ended_in_spite_of_a_script() {
    for threads in [1, 2] {
        let mut server = server(threads);
        let mut client = connect(&server);
        // The base takes a minute for the key; the test does not wait for it.
        for words in [
            ["SET", "key", "value"],
            ["CONFIG SET", "rdb-key-save-delay", "60000000"],
            ["CONFIG SET", "appendonly", "yes"],
        ] {
            let words: Vec<&str> = words.iter().flat_map(|word| word.split(' ')).collect();
            assert_eq!(client.command(&words).expect("it answers").text_lossy(), "OK");
        }
        let refused = client.command(&["SHUTDOWN", "NOSAVE"]).expect("it answers").text_lossy();
        assert_eq!(refused, "-ERR Errors trying to SHUTDOWN. Check logs.", "without a script the base is waited for");
        let (_busy, mut others) = hang(&server, "redis.call('SET', KEYS[1], 1) while true do end");
        let refused = others[0].command(&["SHUTDOWN"]).expect("it answers").text_lossy();
        assert_eq!(refused, "-ERR Errors trying to SHUTDOWN. Check logs.", "only NOSAVE gives data up");
        let ended = others[1].command(&["SHUTDOWN", "NOSAVE"]);
        assert!(ended.is_err(), "its connection ends without an answer: {ended:?}");
        assert!(Client::connect(server.address()).is_err(), "nobody is served after that");
        expect_end(&mut server);
    }
}

/// What once brought the process down, or could: recursion in C, and input that claims more than there is.
#[test]
fn hostile_scripts_are_refused() {
    let server = server(1);
    let mut client = connect(&server);
    for script in [
        "return string.find(string.rep('a', 300000), string.rep('a?', 300000) .. 'b')",
        "return ('a'):rep(300000):gsub(('.-'):rep(100000), 'x')",
        "return cjson.decode(string.rep('[', 1000000))",
        "local t = {} for i = 1, 100000 do t = {t} end return cjson.encode(t)",
        "return cmsgpack.unpack(string.rep('\\145', 1000000))",
        "local function f(n) return f(n + 1) + 1 end return f(1)",
        "return loadstring('return ' .. string.rep('(', 100000))()",
        "return unpack({}, 1, 1e8)",
        "return {unpack({}, -2147483648, 2147483647)}",
        "return string.dump(function() end) == '' or loadstring(string.dump(function() end))()",
    ] {
        let answer = client.command(&["EVAL", script, "0"]).expect("it answers");
        assert!(matches!(answer, Value::Error(_)), "{script}: {answer}");
    }
    let deep = client.command(&["EVAL", "local t = {} for i = 1, 100000 do t = {t} end return #t", "0"]);
    assert_eq!(deep.expect("it answers").text_lossy(), "1");
}
