//! Every function that a script can reach, called with random hostile arguments: the server lives, and each call ends
//! within a bound or can be killed. Where a call is harmless, it is made on Redis as well, and the answers are
//! compared.
//!
//!   `REDSTART_ARGUMENTS_SEED=7`       another stream
//!   `REDSTART_ARGUMENTS_SECONDS=1800` longer than the short run of CI

use redstart_tests::differential::random::Random;
use redstart_tests::number;
use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::wire::Client;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

/// A call ends, or can be killed, within this; generous, for the machine may be busy.
const BOUND: Duration = Duration::from_secs(10);

/// Functions whose answers are compared: with whatever arguments, Redis answers them soon.
const COMPARED: &[&str] = &[
    "unpack",
    "select",
    "tonumber",
    "type",
    "rawequal",
    "rawget",
    "next",
    "string.byte",
    "string.sub",
    "string.char",
    "string.format",
    "string.len",
    "string.lower",
    "string.upper",
    "string.reverse",
    "table.concat",
    "table.getn",
    "table.maxn",
    "math.abs",
    "math.ceil",
    "math.floor",
    "math.fmod",
    "math.frexp",
    "math.ldexp",
    "math.max",
    "math.min",
    "math.modf",
    "math.pow",
    "math.sqrt",
    "math.exp",
    "math.log",
    "math.deg",
    "bit.tobit",
    "bit.band",
    "bit.bor",
    "bit.bxor",
    "bit.bnot",
    "bit.lshift",
    "bit.rshift",
    "bit.arshift",
    "bit.rol",
    "bit.ror",
    "bit.bswap",
    "bit.tohex",
    "struct.pack",
    "struct.unpack",
    "struct.size",
    "cmsgpack.unpack_one",
    "cmsgpack.unpack_limit",
    "cmsgpack.unpack",
    "cjson.decode",
    "redis.sha1hex",
    "redis.error_reply",
    "redis.status_reply",
];
/// Functions of patterns, compared where their subjects are short.
const PATTERNS: &[&str] = &["string.find", "string.match", "string.gsub", "gmatch"];
/// The others are only called.
const CALLED: &[&str] = &[
    "tostring",
    "pcall",
    "xpcall",
    "error",
    "assert",
    "ipairs",
    "pairs",
    "rawset",
    "getmetatable",
    "setmetatable",
    "loadstring",
    "load",
    "collectgarbage",
    "gcinfo",
    "string.rep",
    "string.dump",
    "string.find",
    "string.match",
    "string.gmatch",
    "string.gsub",
    "string.gfind",
    "table.insert",
    "table.remove",
    "table.sort",
    "table.setn",
    "table.foreach",
    "table.foreachi",
    "math.random",
    "math.randomseed",
    "coroutine.create",
    "coroutine.resume",
    "coroutine.wrap",
    "coroutine.yield",
    "coroutine.status",
    "coroutine.running",
    "cjson.encode",
    "cjson.new",
    "cjson.encode_sparse_array",
    "cjson.encode_max_depth",
    "cjson.decode_max_depth",
    "cjson.encode_number_precision",
    "cjson.encode_keep_buffer",
    "cjson.encode_invalid_numbers",
    "cjson.decode_invalid_numbers",
    "cjson.decode_array_with_array_mt",
    "cmsgpack.pack",
    "redis.call",
    "redis.pcall",
    "redis.log",
    "redis.setresp",
    "redis.set_repl",
    "redis.replicate_commands",
    "redis.breakpoint",
    "redis.debug",
    "redis.acl_check_cmd",
    "os.clock",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3.7",
    "-0.5",
    "10",
    "32",
    "33",
    "255",
    "256",
    "65536",
    "7999",
    "8000",
    "8001",
    "2^31-2",
    "2^31-1",
    "2^31",
    "2^31+1",
    "-2^31",
    "-2^31-1",
    "-2^31+1",
    "2^32-1",
    "2^32",
    "2^32+1",
    "-2^32",
    "2^53",
    "2^63-1024",
    "2^63",
    "-2^63",
    "2^64",
    "-2^64",
    "1e15",
    "1e308",
    "-1e308",
    "1e-308",
    "0/0",
    "1/0",
    "-1/0",
];
const TEXTS: &[&str] = &[
    "''",
    "'10'",
    "' 7 '",
    "'0x1F'",
    "'-3'",
    "'1e5'",
    "'2147483648'",
    "'-9223372036854775809'",
    "'nan'",
    "'inf'",
    "'abc'",
    "'hello world'",
    "'a\\0b'",
    "'\\255\\254'",
    "'%'",
    "'%d%s%5.1f'",
    "'%99.99f'",
    "'%-5d|%+5d'",
    "'%q%x%c'",
    "'#'",
    "'[1,[2]]'",
    "'{\"a\":1}'",
    "'>i4!8d'",
    "'i32c0'",
    "'bBhHlLsx'",
    "'c2147483647'",
    "'\\148\\1\\2\\3\\192'",
    "'\\221\\255\\255\\255\\255'",
    "'\\130\\161a\\1\\161b\\195'",
    "'on'",
    "'off'",
    "'null'",
    "'GET'",
    "'k'",
];
const LARGE: &[&str] = &[
    "('x'):rep(1000)",
    "('('):rep(300)",
    "('a'):rep(200000)",
    "('[' ):rep(5000)",
    "('%d'):rep(3000)",
    "(('.-'):rep(40)..'b')",
];
const OTHERS: &[&str] = &[
    "nil",
    "true",
    "false",
    "{}",
    "{1,2,3}",
    "{1,nil,3}",
    "{[2^31]=1,[1]=1}",
    "{{},{{}}}",
    "{a=1,b={c=2}}",
    "sparse()",
    "circle()",
    "setmetatable({},{__index=function() return 1 end,__lt=function() return true end})",
];
const CALLABLE: &[&str] = &[
    "function() end",
    "function(...) return ... end",
    "function() error('x') end",
    "string.rep",
    "type",
    "print_nothing",
    "coroutine.create(function() coroutine.yield(1) end)",
    "redis",
    "_G",
    "cjson.null",
    "math.randomseed",
];

const SUBJECTS: &[&str] = &[
    "''",
    "'a'",
    "'aab'",
    "'hello world'",
    "'key=val, k2=v2'",
    "'((a)(b))'",
    "'a.b-c%d'",
    "'x\\0y\\0'",
    "' \\t\\n1f'",
    "'aaaaaaaaab'",
];

/// What both servers run around a call: results shown by type, length and the first bytes, so that they can be
/// compared.
const PRELUDE: &str = "
local function print_nothing() end
local function sparse() local t = {} for i = 0, 30 do t[2^i] = i end return t end
local function circle() local t = {} t[1] = t t.x = t return t end
local function gmatch(text, pattern)
    local out, step = {}, string.gmatch(text, pattern)
    for i = 1, 12 do local a, b = step() if a == nil then break end out[i] = tostring(a) .. ':' .. tostring(b) end
    return table.concat(out, ',')
end
local function show(v)
    local kind = type(v)
    if kind == 'string' then return '\"' .. #v .. ':' .. string.sub(v, 1, 60) end
    if kind == 'number' then return string.format('%.14g', v) end
    if kind == 'boolean' then return tostring(v) end
    return kind
end
local function all(...)
    local out = {}
    for i = 1, math.min(select('#', ...), 12) do out[i] = show((select(i, ...))) end
    return select('#', ...) .. ' ' .. table.concat(out, ' ')
end
";

fn pattern(random: &mut Random) -> String {
    const PIECES: &[&str] = &[
        "a", "b", ".", "%a", "%d", "%s", "%w", "%W", "%p", "%z", "%%", "%.", "[ab]", "[^a]", "[a-c]", "[%w_]", "[]]",
        "[^]", "[a", "(", ")", "()", "(a", "a)", "%1", "%2", "%0", "%b()", "%bxy", "%b", "%f[%w]", "%f", "*", "+", "-",
        "?", "^", "$", "%", "=", "\\0", "l",
    ];
    let count = 1 + random.below(7);
    let pieces: String = (0..count).map(|_| *random.pick(PIECES)).collect();
    format!("'{pieces}'")
}

fn value(random: &mut Random, harmless: bool) -> String {
    let pools: [&[&str]; 5] = [NUMBERS, TEXTS, OTHERS, LARGE, CALLABLE];
    let pool = match random.below(20) {
        0..9 => 0,
        9..15 => 1,
        15..17 => 2,
        17 if !harmless => 3,
        18 if !harmless => 4,
        _ => 0,
    };
    (*random.pick(pools[pool])).to_owned()
}

/// A call, and whether its answer is compared.
fn call(random: &mut Random) -> (String, bool) {
    let kind = random.below(10);
    let (function, args, compared): (&str, Vec<String>, bool) = match kind {
        0..4 => {
            let function = *random.pick(PATTERNS);
            let mut args = vec![(*random.pick(SUBJECTS)).to_owned(), pattern(random)];
            if function == "string.gsub" {
                args.push(
                    (*random.pick(&["'x'", "'%1'", "'%0%0'", "'%'", "''", "{a='z'}", "function(x) return x end"]))
                        .to_owned(),
                );
            }
            // Positions and counts as text: short subjects are Lua's own matcher's otherwise.
            if random.chance(60) {
                args.push((*random.pick(&["'1'", "'2'", "'-3'", "'40'"])).to_owned());
            } else if random.chance(30) {
                args.push(value(random, true));
            }
            (function, args, true)
        }
        4..7 => (*random.pick(COMPARED), (0..random.below(5)).map(|_| value(random, true)).collect(), true),
        _ => {
            let function = if random.chance(70) { *random.pick(CALLED) } else { *random.pick(COMPARED) };
            (function, (0..random.below(5)).map(|_| value(random, false)).collect(), false)
        }
    };
    let args: String = args.iter().map(|arg| format!(", {arg}")).collect();
    (format!("{PRELUDE}return all(pcall({function}{args}))"), compared)
}

struct Ours {
    caller: Client,
    other: Client,
}

impl Ours {
    fn connect(server: &Server) -> Self {
        let connect = || Client::connect(server.address()).expect("it accepts");
        Self { caller: connect(), other: connect() }
    }

    /// The answer to a script, which is killed when it is overdue.
    fn run(&mut self, script: &str) -> String {
        self.caller.send(&["EVAL", script, "0"]).expect("it takes the script");
        self.caller.set_timeout(Duration::from_millis(100));
        let until = Instant::now() + BOUND;
        loop {
            match self.caller.receive() {
                Ok(answer) => return answer.text_lossy(),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(error) => panic!("{error}"),
            }
            assert!(Instant::now() < until, "it neither ends nor can be killed");
            if self.other.command(&["PING"]).expect("it answers").text_lossy().starts_with("-BUSY") {
                let _ = self.other.command(&["SCRIPT", "KILL"]).expect("it answers");
            }
        }
    }
}

/// Where answers may differ: addresses, and words of Redis's that say where C code is.
fn comparable(answer: &str) -> bool {
    !answer.contains("0x") && !answer.contains("function: ")
}

#[test]
fn hostile_arguments_harm_nobody_and_others_are_answered_as_by_redis() {
    let seed = number("REDSTART_ARGUMENTS_SEED").unwrap_or(1);
    let seconds = number("REDSTART_ARGUMENTS_SECONDS").unwrap_or(8);
    println!("REDSTART_ARGUMENTS_SEED={seed}");
    let arguments =
        ["--threads", "1", "--busy-reply-threshold", "100", "--lua-memory-limit", "128mb"].map(str::to_owned);
    let mut server = Server::start(binary(), &arguments).expect("it starts");
    let redis = peer(Flavour::Redis).map(|peer| Server::start(&peer.binary, &[]).expect("it starts"));
    let mut theirs = redis.as_ref().map(|server| Client::connect(server.address()).expect("it accepts"));
    let (mut ours, mut random) = (Ours::connect(&server), Random::new(seed));
    let (until, mut calls, mut compared) = (Instant::now() + Duration::from_secs(seconds), 0_u64, 0_u64);
    let mut differing = Vec::new();
    while Instant::now() < until {
        let (script, compare) = call(&mut random);
        let shown = script.strip_prefix(PRELUDE).unwrap_or_default().to_owned();
        let run = std::panic::AssertUnwindSafe(|| ours.run(&script));
        let Ok(answer) = std::panic::catch_unwind(run) else {
            panic!("call {calls} of seed {seed}, {shown}; the server runs: {}\n{}", server.is_running(), server.log());
        };
        calls += 1;
        // Options of cjson stay with the interpreter, and what is told the collector.
        if calls.is_multiple_of(500) {
            ours.run("return redis.call('PING')");
            let _ = ours.other.command(&["SCRIPT", "FLUSH"]).expect("it answers");
        }
        if let Some(theirs) = theirs.as_mut().filter(|_| compare) {
            let expected = theirs.command(&["EVAL", &script, "0"]).expect("Redis answers").text_lossy();
            compared += 1;
            if answer != expected && comparable(&expected) {
                differing.push(format!("{shown}\n   here  {answer:?}\n   Redis {expected:?}"));
            }
        }
    }
    println!("{calls} calls, {compared} of them compared");
    let shown = differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(differing.is_empty(), "seed {seed}: {} of {compared} answers differ:\n{shown}", differing.len());
}
