//! What one script may cost others: time (it is overdue and can be killed, whatever function of Lua's it is in) and
//! memory (which is counted apart from data, limited, and refused in time).

use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use std::io::ErrorKind;
use std::process::Command;
use std::time::{Duration, Instant};

// Strings in these scripts repeat a number in eleven bytes: of a long string Lua 5.1 hashes each n-th byte only.

/// A hostile script ends, or others are told that the server is busy and can kill it. Generous: the machine may be
/// busy.
const BOUND: Duration = Duration::from_secs(8);

fn server(arguments: &[&str]) -> Server {
    let always = ["--threads", "1", "--busy-reply-threshold", "50"];
    let arguments: Vec<String> = always.iter().chain(arguments).map(|&word| word.to_owned()).collect();
    Server::start(binary(), &arguments).expect("it starts")
}

fn connect(server: &Server) -> Client {
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.set_timeout(Duration::from_secs(60));
    client
}

fn ask(client: &mut Client, words: &[&str]) -> String {
    client.command(words).unwrap_or_else(|error| panic!("{words:?}: {error}")).text_lossy()
}

fn eval(client: &mut Client, script: &str) -> String {
    ask(client, &["EVAL", script, "0"])
}

/// A line of INFO as a number.
fn figure(client: &mut Client, name: &str) -> u64 {
    let info = ask(client, &["INFO", "everything"]);
    let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).expect("INFO has it");
    line.trim().parse().expect("a number")
}

/// Runs a script that may never end; says how it ended.
fn ended(server: &Server, script: &str) -> String {
    let (mut busy, mut other) = (connect(server), connect(server));
    assert_eq!(ask(&mut other, &["PING"]), "PONG", "{script}");
    busy.send(&["EVAL", script, "0"]).expect("it takes the script");
    busy.set_timeout(Duration::from_millis(5));
    let until = Instant::now() + BOUND;
    loop {
        if ask(&mut other, &["PING"]).starts_with("-BUSY") {
            // It may have ended meanwhile.
            let answer = ask(&mut other, &["SCRIPT", "KILL"]);
            assert!(answer == "OK" || answer.starts_with("-NOTBUSY"), "{script}: {answer}");
            busy.set_timeout(BOUND);
            return busy.receive().unwrap_or_else(|error| panic!("{script}: {error}")).text_lossy();
        }
        match busy.receive() {
            Ok(answer) => return answer.text_lossy(),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => panic!("{script}: {error}"),
        }
        assert!(Instant::now() < until, "neither ended nor busy: {script}");
    }
}

const KILLED: &str = "-ERR Script killed by user with SCRIPT KILL";

/// Each of these once kept a worker for minutes, or for ever.
const ENDLESS: &[&str] = &[
    "return ('('):rep(3000000):find('%b()')",
    "return ('a'):rep(30000):find('.-.-.-.-b')",
    "return ('a'):rep(30000):match('.-.-.-.-b')",
    "return ('a'):rep(30000):gsub('.-.-.-.-b', '')",
    "return ('a'):rep(30000):gsub('.-.-.-.-b', function() end)",
    "return ('a'):rep(30000):gmatch('.-.-.-.-b')()",
    "return ('a'):rep(100):find(('a?'):rep(60) .. ('a'):rep(60) .. 'b')",
    "local t = {} table.insert(t, 2^31, 1)",
    "local t = {} table.insert(t, -2^31, 1)",
    "local s = ('x'):rep(50000000) while true do local t = s .. 'a' end",
    "local s = ('x'):rep(50000000) while true do local t = s:upper() end",
    "local a, b = ('x'):rep(50000000) .. 'a', ('x'):rep(50000000) .. 'b' while a < b do end",
    "local s = ('1'):rep(10000000) while true do local n = tonumber(s) end",
    "local s = ('x'):rep(50000000) while true do redis.sha1hex(s) end",
    "local t = {} for i = 1, 3000000 do t[i] = i end while true do table.remove(t, 1) table.insert(t, 1, 1) end",
    "local t = {} for i = 1, 3000000 do t[i] = i end for i = 1, 3000000 do t[i] = nil end while true do next(t) end",
    "local t = {} for i = 1, 40 do t = {t, t} end return cjson.encode(t)",
    "local t = {} for i = 1, 1000 do t[i] = t end return cmsgpack.pack(t)",
    "local t = {} for i = 1, 40 do t = {t, t} end return t",
    "while true do pcall(string.rep, 'x', 1e6) end",
    "while true do xpcall(function() while true do end end, function() while true do end end) end",
    "local f = coroutine.wrap(function() while true do pcall(string.find, ('a'):rep(3000), '.-.-.-b') end end) while true do f() end",
];

/// And of these each ends by itself.
const BOUNDED: &[&str] = &[
    "return #string.rep('', 2^31 - 1)",
    "return #string.rep('x', 2^31 - 1)",
    "return #table.concat({}, 'x', -2^31, 2^31 - 1)",
    "local s = ('a'):rep(1000000) return s:find(('a'):rep(500000) .. 'b', 1, true)",
    "return (('x'):rep(1000000):gsub('x', ('y'):rep(1000000)))",
    "local t = {} for i = 1, 300000 do t[i] = ('x'):rep(i % 100) end table.sort(t) return #t",
    "return ('a'):rep(300000):find(('a?'):rep(5000) .. 'b', -10)",
    "local t = {} while true do t[#t + 1] = {} end",
    "collectgarbage('stop') while true do local t = {} end",
    "local function f() return pcall(f) end return f()",
    "local function r() return coroutine.wrap(r)() end return pcall(r)",
];

#[test]
fn no_function_of_lua_keeps_a_worker() {
    let server = server(&["--lua-memory-limit", "256mb"]);
    for script in ENDLESS {
        let end = ended(&server, script);
        assert!(end.starts_with(KILLED) || end.starts_with("-ERR not enough memory"), "{script}: {end}");
    }
    BOUNDED.iter().for_each(|script| drop(ended(&server, script)));
    assert_eq!(eval(&mut connect(&server), "return ('x'):rep(3)"), "xxx");
}

/// Bounds are looked at as C's functions see them, in 32 bits: these once ended the process.
#[test]
fn numbers_beyond_32_bits_are_refused_as_in_redis() {
    let server = server(&[]);
    let mut client = connect(&server);
    let unpacked = "return #{unpack({}, 2147483648, 2147483646)}";
    for command in ["EVAL", "EVAL_RO"] {
        let refused = ask(&mut client, &[command, unpacked, "0"]);
        assert!(refused.starts_with("-ERR user_script:1: too many results to unpack script: "), "{refused}");
    }
    for (script, answer) in [
        ("return #{unpack({}, 2147483646, 2147483648)}", "0"),
        ("return {pcall(unpack, {}, -2147483648, 2147483647)}", "[nil, \"too many results to unpack\"]"),
        ("return #{unpack({1, 2}, '1', '2')}", "2"),
        ("return select('#', unpack({1}, 0/0, 1))", "2"),
        ("return ('ab'):rep(2^32 + 2)", "abab"),
        ("return ('ab'):rep(2^63)", ""),
    ] {
        let got = client.command(&["EVAL", script, "0"]).expect("it answers");
        let shown = match &got {
            Value::Array(items) => format!("[nil, {:?}]", items[1].text_lossy()),
            other => other.text_lossy(),
        };
        assert_eq!(shown, answer, "{script}");
    }
}

#[test]
fn garbage_of_scripts_pushes_no_key_out() {
    let server = server(&["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
    let mut client = connect(&server);
    for batch in 0..60 {
        let set = |key: u32| vec![b"SET".to_vec(), format!("key:{key}").into_bytes(), vec![b'x'; 100]];
        let sets: Vec<_> = (batch * 1000..(batch + 1) * 1000).map(set).collect();
        client.pipeline(&sets).expect("it answers");
    }
    let before = figure(&mut client, "used_memory");
    // The second leaves its memory in use beyond its end.
    for script in [
        "local t = {} for i = 1, 3000 do t[i] = (i + 1e6 .. ' -- '):rep(9000) end return #t",
        "rawset(_G, 'x', 1)",
        "local t = {} for i = 1, 3000 do t[i] = (i + 1e6 .. ' -- '):rep(9000) end redis.call('SET', 'in', 1) error('x')",
    ] {
        let _ = eval(&mut client, script);
        assert_eq!(ask(&mut client, &["SET", "one more", "1"]), "OK");
        assert_eq!(figure(&mut client, "evicted_keys"), 0, "{script}");
    }
    assert_eq!(ask(&mut client, &["DBSIZE"]), "60002");
    let after = figure(&mut client, "used_memory");
    assert!(after < before + 20 * 1024 * 1024, "garbage is collected: {before}, then {after}");
    // Memory that libraries keep does not push data out either.
    let library = "#!lua name=hold\nlocal kept = {}\nredis.register_function('hold', function() for i = 1, 1500 do \
                   kept[i] = (i + 1e6 .. ' -- '):rep(9000) end return #kept end)";
    assert_eq!(ask(&mut client, &["FUNCTION", "LOAD", library]), "hold");
    assert_eq!(ask(&mut client, &["FCALL", "hold", "0"]), "1500");
    assert_eq!(ask(&mut client, &["SET", "one more", "2"]), "OK");
    assert_eq!(figure(&mut client, "evicted_keys"), 0);
    assert!(figure(&mut client, "used_memory_vm_functions") > 140_000_000);
    assert!(figure(&mut client, "mem_not_counted_for_evict") > 140_000_000);
    // Data does, as ever.
    for key in 0..1500 {
        ask(&mut client, &["SET", &format!("large:{key}"), &"x".repeat(100_000)]);
    }
    assert!(figure(&mut client, "evicted_keys") > 0);
}

#[test]
fn a_script_beyond_the_limit_gets_an_error_and_the_interpreter_goes_on() {
    let server = server(&["--lua-memory-limit", "32mb"]);
    let mut client = connect(&server);
    let exceeded = "-ERR not enough memory: the script exceeded lua-memory-limit";
    for script in [
        "local t = {} while true do t[#t + 1] = {} end",
        "local t = {} while true do t[#t + 1] = (#t + 1e6 .. ' -- '):rep(91) end",
        "local s = 'x' while true do s = s .. s end",
        "return ('x'):rep(100000000)",
        "return ('x'):rep(1000000):gsub('x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')",
        "return ('x'):rep(10000000):gsub('x', function(x) return x .. x .. x .. x end)",
        "return #cjson.encode({('x'):rep(9000000), ('x'):rep(9000000), ('x'):rep(9000000)})",
        "return #cmsgpack.pack(('x'):rep(12000000), ('x'):rep(12000000), ('x'):rep(12000000))",
        "return #struct.pack(('x'):rep(12000000) .. ('x'):rep(1000))",
        "local t = {} for i = 1, 2000 do t[i] = (i + 1e6 .. ' -- '):rep(910) end return table.concat(t)",
        "return loadstring(('x=1 '):rep(4000000))",
        "return cjson.decode('[' .. ('[],'):rep(1000000) .. '1]')",
    ] {
        let end = eval(&mut client, script);
        assert!(end.starts_with(exceeded) || end.is_empty(), "{script}: {end}");
        assert!(figure(&mut client, "used_memory_vm_eval") < 8_000_000, "{script}: garbage is collected");
        assert_eq!(eval(&mut client, "local t = {} for i = 1, 1000 do t[i] = {i} end return #t"), "1000", "{script}");
    }
    // It can be caught; what follows has what is left.
    let caught = "local ok, words = pcall(string.rep, 'x', 100000000) return words";
    assert_eq!(eval(&mut client, caught), "not enough memory");
    let caught =
        "for i = 1, 50 do pcall(function() local t = {} while true do t[#t + 1] = {#t .. ''} end end) end return 'on'";
    assert!(["on", exceeded].iter().any(|&end| eval(&mut client, caught).starts_with(end)));
    assert_eq!(ask(&mut client, &["CONFIG", "SET", "lua-memory-limit", "0"]), "OK");
    assert_eq!(eval(&mut client, "return #('x'):rep(100000000)"), "100000000");
}

/// The system's own limit: no request ends the process for it.
#[test]
fn a_script_ends_with_an_error_where_the_system_has_no_memory() {
    let mut server = server(&["--lua-memory-limit", "0"]);
    let mut client = connect(&server);
    let pid = server.pid().to_string();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it is there");
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:")).expect("it says its size");
    let kib: u64 = size.trim().trim_end_matches(" kB").trim().parse().expect("a number");
    let limit = format!("--as={}", (kib + 400 * 1024) * 1024);
    let Ok(limited) = Command::new("prlimit").args(["--pid", &pid, &limit]).status() else {
        return eprintln!("not run: there is no prlimit");
    };
    assert!(limited.success());
    ask(&mut client, &["SET", "large", &"x".repeat(60_000_000)]);
    for script in [
        "local t = {} while true do t[#t + 1] = {} end",
        "local t = {} while true do t[#t + 1] = (#t + 1e6 .. ' -- '):rep(9) end",
        "local s = 'x' while true do s = s .. s end",
        "return ('x'):rep(1000000000)",
        "local t = {} for i = 1, 40 do t = {t, t} end return cjson.encode(t)",
        "local t = {} for i = 1, 1000 do t[i] = t end return cmsgpack.pack(t)",
        "return ('x'):rep(1000000):gsub('x', ('y'):rep(1000))",
        "local t = {} while true do t[#t + 1] = redis.call('GET', 'large') .. #t end",
    ] {
        let end = ended(&server, script);
        assert!(end.starts_with("-ERR not enough memory") || end.starts_with(KILLED), "{script}: {end}");
        assert!(server.is_running(), "{script}");
        assert_eq!(eval(&mut client, "return #('x'):rep(1000000)"), "1000000", "{script}");
    }
}

#[test]
fn what_scripts_and_interpreters_take_is_shown() {
    let server = server(&[]);
    let mut client = connect(&server);
    let stats = |client: &mut Client| {
        let all = client.command(&["MEMORY", "STATS"]).expect("it answers").elements().expect("an array");
        let of = |name: &str| {
            let at = all.iter().position(|item| item.text_lossy() == name).expect("it is there");
            all[at + 1].text_lossy().parse::<u64>().expect("a number")
        };
        ["lua.caches", "functions.caches", "script.VMs", "overhead.total"].map(of)
    };
    let before = stats(&mut client);
    assert_eq!(before[..2], [0, 0]);
    eval(&mut client, &format!("return 1 --{}", "x".repeat(50_000)));
    let library =
        format!("#!lua name=one\nredis.register_function('one', function() return 1 end) --{}", "x".repeat(70_000));
    ask(&mut client, &["FUNCTION", "LOAD", &library]);
    ask(&mut client, &["FCALL", "one", "0"]);
    let after = stats(&mut client);
    assert!(after[0] > 50_000 && after[0] < 60_000, "{after:?}");
    assert!(after[1] > 70_000 && after[1] < 80_000, "{after:?}");
    assert!(after[2] > 50_000, "{after:?}");
    assert!(after[3] >= before[3] + after[0] + after[1] + after[2] - before[2], "{before:?} {after:?}");
    let [eval_bytes, function_bytes] =
        ["used_memory_vm_eval", "used_memory_vm_functions"].map(|name| figure(&mut client, name));
    assert!(eval_bytes > 0 && function_bytes > 0);
    assert_eq!(figure(&mut client, "used_memory_lua"), eval_bytes);
    assert_eq!(figure(&mut client, "used_memory_vm_total"), eval_bytes + function_bytes);
    assert_eq!(figure(&mut client, "used_memory_scripts_eval"), after[0]);
    assert_eq!(figure(&mut client, "used_memory_functions"), after[1]);
    assert_eq!(figure(&mut client, "used_memory_scripts"), after[0] + after[1]);
    assert_eq!(figure(&mut client, "number_of_cached_scripts"), 1);
    // What a function keeps is seen at once.
    let library =
        "#!lua name=two\nlocal kept\nredis.register_function('two', function() kept = ('x'):rep(1000000) end)";
    ask(&mut client, &["FUNCTION", "LOAD", library]);
    ask(&mut client, &["FCALL", "two", "0"]);
    assert!(figure(&mut client, "used_memory_vm_functions") >= function_bytes + 1_000_000);
    ask(&mut client, &["SCRIPT", "FLUSH"]);
    assert_eq!(figure(&mut client, "used_memory_scripts_eval"), 0);
}
