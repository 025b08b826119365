//! What tools, containers and init systems expect of the server's process.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use redstart_tests::peers::peer;
use redstart_tests::process::{Process, Start, free_address};
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn start(arguments: &[String]) -> Process {
    Process::start(binary(), &Start { arguments, ..Start::default() })
}

fn setting(client: &mut Client, name: &str) -> String {
    match client.command(&["CONFIG", "GET", name]).expect("CONFIG GET answers") {
        Value::Array(pair) => pair.get(1).map(Value::text_lossy).unwrap_or_default(),
        other => panic!("CONFIG GET {name}: {other}"),
    }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file in a temporary folder");
    path.display().to_string()
}

#[test]
fn the_log_shows_the_pid_then_initialized_then_ready() {
    let port = free_address().port();
    let server = start(&words(&format!("--port {port} --bind 127.0.0.1 --always-show-logo yes")));
    server.expect_log("Ready to accept connections");
    let log = server.log();
    let at = |text: &str| log.find(text).unwrap_or_else(|| panic!("`{text}` is not in the log:\n{log}"));
    let (pid, initialized) = (at(&format!(" PID: {}", server.pid())), at("Server initialized"));
    assert!(pid < initialized && initialized < at("Ready to accept connections"), "{log}");
}

#[test]
fn a_file_its_includes_and_arguments_are_read_in_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = free_address();
    let included = write(folder.path(), "included.conf", "maxmemory 2mb\nhz 20\n");
    let text = format!(
        "# a comment\nport {}\nbind 127.0.0.1\nmaxmemory 1mb\nsave \"\"\ninclude {included}\ntimeout 17\n",
        address.port()
    );
    let file = write(folder.path(), "main.conf", &text);
    let server = start(&[file.clone(), "--hz".to_owned(), "30".to_owned()]);
    server.expect_log("Ready to accept connections");
    let mut client = Client::connect(address).expect("it listens where the file says");
    assert_eq!(setting(&mut client, "maxmemory"), "2097152", "an include stands where it is written");
    assert_eq!(setting(&mut client, "timeout"), "17");
    assert_eq!(setting(&mut client, "hz"), "30", "arguments win over the file");
    let info = client.command(&["INFO", "server"]).expect("INFO answers").text_lossy();
    assert!(info.contains(&format!("config_file:{file}")), "{info}");
}

#[test]
fn standard_input_is_a_configuration() {
    let address = free_address();
    let text = format!("port {}\nbind 127.0.0.1\nmaxmemory 3mb\n", address.port());
    let arguments = ["-".to_owned()];
    let server = Process::start(binary(), &Start { arguments: &arguments, input: Some(&text), ..Start::default() });
    server.expect_log("Ready to accept connections");
    let mut client = Client::connect(address).expect("it listens where its input says");
    assert_eq!(setting(&mut client, "maxmemory"), "3145728");
}

#[test]
fn a_mistake_in_the_configuration_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for wrong in ["no-such-directive yes", "maxmemory lots", "port", "maxmemory-policy sometimes"] {
        let file = write(folder.path(), "wrong.conf", &format!("timeout 0\n{wrong}\n"));
        let mut server = start(&[file]);
        assert!(!server.expect_end().success(), "{wrong}");
        let log = server.log();
        assert!(log.contains(wrong), "the line is shown:\n{log}");
        // Redis keeps unknown names for its modules and complains later, without the number.
        assert!(log.contains("line 2") || log.contains("Unresolved Configuration"), "and its number:\n{log}");
    }
}

/// Settings that say where and as whom this very process runs; the test has its own.
const OWN_SETTINGS: [&str; 9] =
    ["port", "bind", "dir", "pidfile", "logfile", "unixsocket", "daemonize", "supervised", "server-cpulist"];

/// A configuration file that names every directive of Redis, with the values Redis has.
#[test]
fn every_directive_of_redis_is_accepted() {
    let redis = peer(Flavour::Redis).expect("scripts/peers finds Redis");
    let redis = Server::start(&redis.binary, &[]).expect("Redis starts");
    let mut client = Client::connect(redis.address()).expect("it accepts");
    let all = client.command(&["CONFIG", "GET", "*"]).expect("an answer").elements().expect("pairs");
    let mut lines = vec![format!("port {}", free_address().port()), "bind 127.0.0.1".to_owned()];
    for pair in all.chunks(2) {
        let (name, value) = (pair[0].text_lossy(), pair[1].text_lossy());
        // These take several words, some of them several lines.
        let line = match name.as_str() {
            _ if OWN_SETTINGS.contains(&name.as_str()) => continue,
            "client-output-buffer-limit" => "client-output-buffer-limit normal 0 0 0".to_owned(),
            "oom-score-adj-values" => format!("{name} {value}"),
            // Redis answers these and refuses them in a file when they are empty.
            _ if value.is_empty() && !["save", "requirepass", "masterauth"].contains(&name.as_str()) => continue,
            _ => format!("{name} \"{value}\""),
        };
        lines.push(line);
    }
    assert!(lines.len() > 150, "Redis has more directives than {}", lines.len());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = write(folder.path(), "all.conf", &(lines.join("\n") + "\n"));
    let server = start(&[file]);
    server.expect_log("Ready to accept connections");
}

#[test]
fn a_busy_port_is_said_and_ends_it() {
    let first = Server::start(binary(), &[]).expect("the first server starts");
    let mut second = start(&words(&format!("--port {} --bind 127.0.0.1", first.address().port())));
    assert!(!second.expect_end().success());
    assert!(second.log().contains("Failed listening on port"), "{}", second.log());
}

#[test]
fn signals_end_it_in_order() {
    for signal in ["TERM", "INT"] {
        let address = free_address();
        let mut server = start(&words(&format!("--port {} --bind 127.0.0.1", address.port())));
        server.expect_log("Ready to accept connections");
        let _idle = Client::connect(address).expect("a client that stays connected does not hold it up");
        server.signal(signal);
        assert!(server.expect_end().success(), "SIG{signal}:\n{}", server.log());
    }
}

#[test]
fn an_end_that_was_called_off_is_forgotten_at_once() {
    let address = free_address();
    let arguments = words(&format!("--port {} --bind 127.0.0.1 --enable-debug-command yes", address.port()));
    let mut server = start(&arguments);
    server.expect_log("Ready to accept connections");
    let mut client = Client::connect(address).expect("it listens");
    client.command(&["DEBUG", "PAUSE-CRON", "1"]).expect("an answer");
    server.signal("TERM");
    server.expect_log("Received SIGTERM scheduling shutdown");
    let aborted = client.command(&["SHUTDOWN", "ABORT"]).expect("an answer");
    assert!(!aborted.is_error(), "{aborted}");
    server.signal("INT");
    server.expect_log("Received SIGINT scheduling shutdown");
    client.command(&["DEBUG", "PAUSE-CRON", "0"]).expect("an answer");
    assert!(server.expect_end().success(), "the second signal was the first one that counts:\n{}", server.log());
}

#[test]
fn the_title_says_where_it_listens() {
    let address = free_address();
    let server = start(&words(&format!("--port {} --bind 127.0.0.1", address.port())));
    server.expect_log("Ready to accept connections");
    let title = || {
        let line = std::fs::read(format!("/proc/{}/cmdline", server.pid())).expect("the kernel tells");
        String::from_utf8_lossy(&line).trim_end_matches('\0').to_owned()
    };
    assert_eq!(title(), format!("{} {address}", binary().display()));
    let mut client = Client::connect(address).expect("it listens");
    let template = "one {port}|{tls-port}|{config-file}|{unixsocket}|{{ ";
    client.command(&["CONFIG", "SET", "proc-title-template", template]).expect("an answer");
    assert_eq!(title(), format!("one {}|0|-||{{", address.port()));
    let long = "x".repeat(100_000);
    client.command(&["CONFIG", "SET", "proc-title-template", &long]).expect("an answer");
    assert!(title().len() > 10 && title().bytes().all(|byte| byte == b'x'), "{}", title());
    assert_eq!(client.command(&["PING"]).expect("an answer").text_lossy(), "PONG");
}

#[test]
fn a_unix_socket_with_its_permissions() {
    let server = start(&words("--port 0 --unixsocket socket --unixsocketperm 700"));
    server.expect_log("Ready to accept connections");
    let path = server.path("socket");
    let mode = std::fs::metadata(&path).expect("the socket is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let mut stream = UnixStream::connect(&path).expect("it accepts");
    stream.write_all(b"PING\r\n").expect("it reads");
    let mut reply = [0; 7];
    stream.read_exact(&mut reply).expect("it answers");
    assert_eq!(&reply, b"+PONG\r\n");
}

#[test]
fn too_many_clients_are_told() {
    let server = Server::start(binary(), &words("--maxclients 3")).expect("the server starts");
    let connect = || Client::connect(server.address()).expect("the kernel accepts");
    let mut inside = Vec::new();
    // The connections of starting up may take a moment to go.
    let refused = (0..50).find_map(|_| {
        let mut client = connect();
        match client.command(&["PING"]) {
            Ok(reply) if reply == Value::Simple(b"PONG".to_vec()) => {
                inside.push(client);
                None
            }
            Ok(reply) => Some(reply.to_string()),
            Err(_) => None,
        }
    });
    assert_eq!(refused.as_deref(), Some("-ERR max number of clients reached"));
    assert_eq!(inside.len(), 3);
}

/// Nobody can end it by a command, so a look whether there is silence would race with its end: no answer is too early.
#[test]
fn a_pause_of_everything_ends_by_itself_and_not_before() {
    let server = Server::start(binary(), &[]).expect("the server starts");
    let [mut one, mut other] = [0; 2].map(|_| Client::connect(server.address()).expect("it accepts"));
    other.command(&["PING"]).expect("it is served");
    let began = std::time::Instant::now();
    assert_eq!(one.command(&["CLIENT", "PAUSE", "600"]).expect("it answers").text_lossy(), "OK");
    for client in [&mut other, &mut one] {
        assert_eq!(client.command(&["GET", "k"]).expect("it answers"), Value::NullBulk);
        let waited = began.elapsed();
        assert!(waited >= std::time::Duration::from_millis(599), "an answer after {waited:?}");
    }
}

/// The thread that accepts sleeps in one of the two rounds: an answer tells what holds from then on all the same.
#[test]
fn who_is_told_of_another_port_finds_nobody_at_the_old_one() {
    let server = Server::start(binary(), &words("--threads 2 --enable-debug-command yes")).expect("the server starts");
    let mut at = server.address();
    let mut clients = [0; 2].map(|_| Client::connect(at).expect("it accepts"));
    for sleeper in 0..2 {
        for client in &mut clients {
            client.command(&["PING"]).expect("both are served, by a thread each");
        }
        let elsewhere = free_address();
        clients[sleeper].send(&["DEBUG", "SLEEP", "1"]).expect("it takes the command");
        let mut set = |name: &str, value: &str| {
            let answer = clients[1 - sleeper].command(&["CONFIG", "SET", name, value]).expect("it answers");
            assert_eq!(answer.text_lossy(), "OK", "{name} {value}");
        };
        set("port", &elsewhere.port().to_string());
        assert!(Client::connect(at).is_err(), "the port was given up");
        set("port", &at.port().to_string());
        assert!(Client::connect(elsewhere).is_err(), "this one as well, for one that was just given up");
        set("bind", "127.0.0.1 127.0.0.2");
        set("bind", "");
        assert!(Client::connect(at).is_err(), "there is no address");
        set("bind", "*");
        set("port", &elsewhere.port().to_string());
        at = elsewhere;
        assert_eq!(clients[sleeper].receive().expect("it wakes up").text_lossy(), "OK");
        let mut late = Client::connect(at).expect("the new port");
        assert_eq!(late.command(&["PING"]).expect("it is served").text_lossy(), "PONG");
    }
}

#[test]
fn idle_clients_are_closed_after_the_timeout() {
    let server = Server::start(binary(), &words("--timeout 1")).expect("the server starts");
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.command(&["PING"]).expect("it answers");
    assert!(client.is_closed(), "ten seconds later it is closed");
}

#[test]
fn commands_are_renamed_and_taken_away() {
    let arguments = words("--rename-command GET FETCH --rename-command FLUSHDB");
    let arguments = [arguments, vec![String::new()]].concat();
    let server = Server::start(binary(), &arguments).expect("the server starts");
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.command(&["SET", "k", "v"]).expect("SET answers");
    assert_eq!(client.command(&["FETCH", "k"]).expect("FETCH answers"), Value::Bulk(b"v".to_vec()));
    for gone in [["GET", "k"], ["FLUSHDB", "SYNC"]] {
        // Redis 8.0 remembers a connection's last command by its first name, so GET right after FETCH would pass.
        client.command(&["PING"]).expect("PING answers");
        let reply = client.command(&gone).expect("an answer").text_lossy();
        assert!(reply.starts_with("-ERR unknown command"), "{reply}");
    }
}

#[test]
fn called_by_the_name_of_redis_it_is_redis() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = folder.path().join("redis-server");
    std::os::unix::fs::symlink(binary(), &link).expect("a link in a temporary folder");
    for flag in ["--version", "-v"] {
        let arguments = [flag.to_owned()];
        let mut process = Process::start(&link, &Start { arguments: &arguments, ..Start::default() });
        assert!(process.expect_end().success());
        assert!(process.log().contains(" server v="), "{}", process.log());
    }
}

/// A container passes settings by its environment; arguments win over it, it wins over a file.
#[test]
fn the_environment_configures() {
    let ours = Server::start(binary(), &[]).expect("the server starts").flavour() == Ok(Flavour::Redstart);
    if !ours {
        println!("left out: the environment configures Redstart alone");
        return;
    }
    let address = free_address();
    let port = address.port().to_string();
    let environment = [
        ("REDIS_PORT", port.as_str()),
        ("REDIS_MAXMEMORY", "5mb"),
        ("REDIS_PASSWORD", "secret"),
        ("REDIS_TIMEOUT", "9"),
    ];
    let arguments = ["-".to_owned(), "--timeout".to_owned(), "11".to_owned()];
    let file = "maxmemory 1mb\nbind 127.0.0.1\n";
    let server =
        Process::start(binary(), &Start { arguments: &arguments, input: Some(file), environment: &environment });
    server.expect_log("Ready to accept connections");
    let mut client = Client::connect(address).expect("it listens where the environment says");
    assert!(client.command(&["PING"]).expect("an answer").is_error(), "a password is needed");
    client.command(&["AUTH", "secret"]).expect("an answer");
    assert_eq!(setting(&mut client, "maxmemory"), "5242880");
    assert_eq!(setting(&mut client, "timeout"), "11");
}

#[test]
fn the_log_is_json_or_logfmt_where_that_is_wanted() {
    let port = free_address().port();
    let say = |format: &str, time: &str| {
        let more = format!("--log-format {format} --log-timestamp-format {time}");
        let server = start(&words(&format!("--port {port} --bind 127.0.0.1 {more}")));
        server.expect_log("Ready to accept connections");
        let log = server.log();
        log.lines().find(|line| line.contains("Ready to accept")).unwrap_or_default().to_owned()
    };
    let fits = |pattern: &str, line: &str| {
        let pattern = regex::Regex::new(pattern).expect("a pattern");
        assert!(pattern.is_match(line), "{line}");
    };
    fits(
        r#"^\{"pid":\d+,"role":"primary","timestamp":"\d{13}","level":"notice","message":"Ready to accept connections tcp"\}$"#,
        &say("json", "milliseconds"),
    );
    fits(
        r#"^pid=\d+ role=primary timestamp="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d" level=notice message="Ready "#,
        &say("logfmt", "iso8601"),
    );
}

#[test]
fn a_crash_is_reported_and_loses_nothing() {
    let arguments = words("--threads 2 --enable-debug-command yes --appendonly yes --appendfsync everysec");
    for (order, said) in [("SEGFAULT", "crashed by signal: 11"), ("PANIC", "called by DEBUG PANIC")] {
        let mut server = Server::start(binary(), &arguments).expect("the server starts");
        let mut client = Client::connect(server.address()).expect("it accepts");
        client.command(&["SET", "key", order]).expect("it answers");
        // SIGALRM only asks what is going on.
        let pid = i32::try_from(server.pid()).expect("a process id");
        signal(pid, "ALRM");
        assert_eq!(client.command(&["PING"]).expect("it goes on").text_lossy(), "PONG");
        assert!(client.command(&["DEBUG", order]).is_err(), "{order}: the connection ends");
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while server.is_running() && std::time::Instant::now() < until {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let log = server.log();
        assert!(!server.is_running(), "{order}: it has ended:\n{log}");
        for part in ["Received SIGALRM", "BUG REPORT START", said, "worker-", "STACK TRACE DONE", "BUG REPORT END"] {
            assert!(log.contains(part), "{order}: `{part}` is in the log:\n{log}");
        }
        assert_eq!(log.matches("BUG REPORT START").count(), 1, "{order}");
        let server = server.restart(binary(), &arguments).expect("the server starts again");
        let mut client = Client::connect(server.address()).expect("it accepts");
        assert_eq!(client.command(&["GET", "key"]).expect("it answers").text_lossy(), order);
    }
}

#[test]
fn the_watchdog_tells_what_takes_so_long() {
    let address = free_address();
    let server = start(&words(&format!("--port {} --bind 127.0.0.1 --enable-debug-command yes", address.port())));
    server.expect_log("Ready to accept connections");
    let mut client = Client::connect(address).expect("it accepts");
    let mut say = |line: &str| client.command(&words(line)).expect("it answers").text_lossy();
    assert_eq!(say("DEBUG SLEEP 0.5"), "OK");
    assert!(!server.log().contains("WATCHDOG"), "nobody asked for it");
    assert_eq!(say("CONFIG SET watchdog-period 200"), "OK");
    assert_eq!(say("DEBUG SLEEP 1"), "OK");
    // The names of functions are looked up when the turn may be long over.
    server.expect_log("STACK TRACE DONE");
    let log = server.log();
    for part in ["--- WATCHDOG TIMER EXPIRED ---", "worker-", "STACK TRACE DONE"] {
        assert!(log.contains(part), "`{part}` is in the log:\n{log}");
    }
    assert_eq!(log.matches("WATCHDOG").count(), 1, "once a turn");
    assert_eq!(say("CONFIG SET watchdog-period 0"), "OK");
    assert_eq!(say("DEBUG SLEEP 0.5"), "OK");
    assert_eq!(server.log().matches("WATCHDOG").count(), 1, "and no more when it is switched off");
}

fn signal(pid: i32, name: &str) {
    let sent = std::process::Command::new("kill").args([format!("-{name}"), pid.to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "kill -{name} {pid}");
}
