//! RDB files between servers: what Redis and Valkey wrote is loaded here with the same contents, what was written here
//! is loaded there, and what is damaged ends the start. `redstart check rdb` says what is wrong.

use redstart_tests::peers::{peer, peers};
use redstart_tests::process::{Process, Start, free_address};
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A server that works in this folder; DEBUG is allowed.
fn start_in(program: &Path, folder: &TempDir, arguments: &[&str]) -> Server {
    let mut all = vec!["--dir".to_owned(), folder.path().display().to_string()];
    all.extend(["--enable-debug-command", "yes"].map(str::to_owned));
    all.extend(arguments.iter().map(|&word| word.to_owned()));
    Server::start(program, &all).unwrap_or_else(|why| panic!("{}: {why}", program.display()))
}

fn client(server: &Server) -> Client {
    Client::connect(server.address()).expect("it listens")
}

/// Asks in words; an error is a failure.
fn ask(client: &mut Client, words: &str) -> Value {
    let list: Vec<&str> = words.split(' ').collect();
    let answer = client.command(&list).unwrap_or_else(|error| panic!("{words}: {error}"));
    assert!(!answer.is_error(), "{words}: {}", answer.text_lossy());
    answer
}

const LIBRARY: &str = "#!lua name=lib\nredis.register_function('answer', function() return 42 end)";

/// Data of all types, in several databases, with expiries, groups and functions.
fn fill(client: &mut Client, fields_expire: bool) {
    ask(client, "SET string hello");
    ask(client, "SET number 12345678901234");
    ask(client, "SET small -7");
    ask(client, &format!("SET compressible {}", "abcdefgh".repeat(500)));
    ask(client, "SET volatile soon EX 10000");
    ask(client, "APPEND appended 12");
    ask(client, "APPEND appended x");
    let many = |count: usize, make: &dyn Fn(usize) -> String| (0..count).map(make).collect::<Vec<_>>().join(" ");
    ask(client, "RPUSH list a 1 -300 70000 5000000000");
    ask(client, &format!("RPUSH longlist {}", many(3000, &|at| format!("element:{at}"))));
    ask(client, &format!("RPUSH wide {} b", "x".repeat(20_000)));
    ask(client, "SADD ints 1 2 300000 5000000000");
    ask(client, "SADD set a b c 17");
    ask(client, &format!("SADD largeset {}", many(600, &|at| format!("m{at}"))));
    ask(client, "HSET hash f v g 12");
    ask(client, &format!("HSET largehash {}", many(700, &|at| format!("f{at} v{at}"))));
    ask(client, "ZADD sorted 1 a 2.5 b inf c -inf d 1e300 e");
    ask(client, &format!("ZADD largesorted {}", many(300, &|at| format!("{at}.25 m{at}"))));
    ask(client, "PEXPIRE largesorted 9000000");
    for at in 1..=300 {
        ask(client, &format!("XADD stream {at}-1 field value{at} other {at}"));
    }
    ask(client, "XDEL stream 7-1 300-1");
    ask(client, "XGROUP CREATE stream group 5-1");
    ask(client, "XGROUP CREATE stream other $");
    ask(client, "XREADGROUP GROUP group alice COUNT 3 STREAMS stream >");
    ask(client, "XREADGROUP GROUP group bob COUNT 2 STREAMS stream >");
    ask(client, "XACK stream group 6-1");
    ask(client, "XGROUP CREATE emptystream g $ MKSTREAM");
    ask(client, "PFADD loglog a b c");
    // The first count is kept in the value.
    ask(client, "PFCOUNT loglog");
    if fields_expire {
        ask(client, "HSET timed a 1 b 2 c 3");
        ask(client, "HPEXPIREAT timed 4000000000123 FIELDS 2 a b");
        ask(client, &format!("HSET largetimed {}", many(700, &|at| format!("f{at} v{at}"))));
        ask(client, "HPEXPIREAT largetimed 4000000000000 FIELDS 1 f5");
    }
    ask(client, "SELECT 9");
    ask(client, "SET elsewhere 1");
    ask(client, "SELECT 0");
    let loaded = client.command(&["FUNCTION", "LOAD", LIBRARY]).expect("an answer");
    assert_eq!(loaded.text_lossy(), "lib");
}

/// Keys without fields that expire, in whose signature the servers differ.
const PLAIN: &str = "string number small compressible volatile appended list longlist wide ints set largeset hash \
    largehash sorted largesorted stream emptystream loglog";

/// What two servers have to agree on.
fn contents(client: &mut Client, fields_expire: bool) -> Vec<String> {
    let values = format!("DEBUG DIGEST-VALUE {}", PLAIN.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut questions = vec![
        values.as_str(),
        "DBSIZE",
        "XINFO GROUPS stream",
        "XPENDING stream group - + 10 alice",
        "XINFO STREAM emptystream",
        "PEXPIRETIME volatile",
        "PEXPIRETIME largesorted",
        "FCALL answer 0",
        "PFCOUNT loglog",
        "OBJECT ENCODING set",
        "OBJECT ENCODING largehash",
    ];
    if fields_expire {
        questions.extend([
            "HMGET timed a b c",
            "HLEN largetimed",
            "HPEXPIRETIME timed FIELDS 3 a b c",
            "HPEXPIRETIME largetimed FIELDS 2 f5 f6",
        ]);
    }
    let mut answers: Vec<String> = questions.iter().map(|words| format!("{:?}", ask(client, words))).collect();
    // How long an entry is pending differs by the time of the question, and nodes of a radix tree are each server's
    // own.
    let idle = regex::Regex::new(r"Integer\(\d+\), Integer\(1\)\]").expect("a pattern");
    answers.iter_mut().for_each(|answer| *answer = idle.replace_all(answer, "[idle]").into_owned());
    let tree = regex::Regex::new(r"radix-tree-(keys|nodes)[^,]*, Integer\(\d+\)").expect("a pattern");
    answers.iter_mut().for_each(|answer| *answer = tree.replace_all(answer, "[tree]").into_owned());
    answers
}

fn copy_file(from: &TempDir, to: &TempDir) {
    std::fs::copy(from.path().join("dump.rdb"), to.path().join("dump.rdb")).expect("there is a file");
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn files_of_peers_are_loaded_with_the_same_contents() {
    for peer in peers().iter().filter(|peer| peer.sources.is_some()) {
        for compression in ["yes", "no"] {
            let (theirs, ours) = (folder(), folder());
            let server = start_in(&peer.binary, &theirs, &["--rdbcompression", compression]);
            let mut there = client(&server);
            fill(&mut there, true);
            ask(&mut there, "SAVE");
            let expected = contents(&mut there, true);
            copy_file(&theirs, &ours);
            for threads in ["1", "2"] {
                let server = start_in(binary(), &ours, &["--threads", threads]);
                let got = contents(&mut client(&server), true);
                assert_eq!(got, expected, "{} {}, compression {compression}", peer.flavour.name(), peer.version);
            }
        }
    }
}

#[test]
fn files_written_here_are_loaded_by_peers() {
    for peer in peers().iter().filter(|peer| peer.sources.is_some()) {
        // Valkey refuses what came to Redis after the two parted.
        let fields_expire = peer.flavour == Flavour::Redis;
        for options in [["--rdbcompression", "yes"], ["--rdbcompression", "no"], ["--rdbchecksum", "no"]] {
            let (theirs, ours) = (folder(), folder());
            let server = start_in(binary(), &ours, &options);
            let mut here = client(&server);
            fill(&mut here, fields_expire);
            ask(&mut here, "SAVE");
            let expected = contents(&mut here, fields_expire);
            let version = if fields_expire { b"REDIS0012" } else { b"REDIS0011" };
            let bytes = std::fs::read(ours.path().join("dump.rdb")).expect("there is a file");
            assert!(bytes.starts_with(version) && bytes.ends_with(&[0; 8]) == (options[0] == "--rdbchecksum"));
            copy_file(&ours, &theirs);
            let server = start_in(&peer.binary, &theirs, &[]);
            let got = contents(&mut client(&server), fields_expire);
            assert_eq!(got, expected, "{} {}, {options:?}", peer.flavour.name(), peer.version);
            let digest = |server: &mut Client| ask(server, "DEBUG DIGEST").text_lossy();
            assert_eq!(digest(&mut client(&server)), digest(&mut here));
        }
    }
}

#[test]
fn a_reload_changes_nothing() {
    for threads in ["1", "2"] {
        let folder = folder();
        let server = start_in(binary(), &folder, &["--threads", threads]);
        let mut here = client(&server);
        fill(&mut here, true);
        let expected = contents(&mut here, true);
        let digest = ask(&mut here, "DEBUG DIGEST").text_lossy();
        ask(&mut here, "DEBUG RELOAD");
        assert_eq!(contents(&mut here, true), expected);
        assert_eq!(ask(&mut here, "DEBUG DIGEST").text_lossy(), digest);
        // A file that is no good changes nothing either.
        std::fs::write(folder.path().join("dump.rdb"), b"REDIS0011\0\x01a\x01b\x08").expect("a file");
        let refused = here.command(&["DEBUG", "RELOAD", "NOSAVE"]).expect("an answer");
        assert_eq!(refused.text_lossy(), "-ERR Error trying to load the RDB dump, check server logs.");
        assert_eq!(contents(&mut here, true), expected);
    }
}

#[test]
fn keys_past_their_time_stay_behind() {
    let folder = folder();
    let server = start_in(binary(), &folder, &[]);
    let mut here = client(&server);
    ask(&mut here, "DEBUG SET-ACTIVE-EXPIRE 0");
    ask(&mut here, "MSET a 1 b 2");
    ask(&mut here, "SET gone 1 PX 1");
    std::thread::sleep(std::time::Duration::from_millis(5));
    ask(&mut here, "SAVE");
    assert!(ask(&mut here, "INFO persistence").text_lossy().contains("rdb_changes_since_last_save:0\r\n"));
    drop(server);
    let server = start_in(binary(), &folder, &[]);
    let info = ask(&mut client(&server), "INFO persistence").text_lossy();
    assert!(info.contains("rdb_last_load_keys_expired:1\r\nrdb_last_load_keys_loaded:2\r\n"), "{info}");
}

/// Starts a server with these bytes for a file, which is no good; what it says.
fn refused(bytes: &[u8], more: &[&str]) -> String {
    let folder = folder();
    std::fs::write(folder.path().join("bad.rdb"), bytes).expect("a file");
    let address = free_address();
    let port = address.port().to_string();
    let path = folder.path().display().to_string();
    let usual = ["--port", &port, "--dir", &path, "--dbfilename", "bad.rdb"];
    let arguments: Vec<String> = usual.iter().chain(more).map(ToString::to_string).collect();
    let start = Start { arguments: &arguments, ..Start::default() };
    let mut process = Process::start(binary(), &start);
    let status = process.expect_end();
    assert_eq!(status.code(), Some(1));
    process.log()
}

#[test]
fn a_damaged_file_ends_the_start() {
    let last_words = "Fatal error loading the DB, check server logs. Exiting.";
    for (bytes, words) in [
        (b"".as_slice(), "Short read or OOM loading DB"),
        (b"GARBAGE AND MORE", "Wrong signature trying to load DB from file"),
        (b"REDIS0099\xFF", "Can't handle RDB format version 99"),
        (b"REDIS0011\xFF12345678", "RDB CRC error"),
        (b"REDIS0004\xFE\x63\xFF", "configured to handle more than 16 databases"),
        (b"REDIS0004\0\x01a\x01b\0\x01a\x01c\xFF", "in key 'a' of database 0"),
    ] {
        let log = refused(bytes, &[]);
        assert!(log.contains(words) && log.contains(last_words), "{words}: {log}");
    }
}

#[test]
fn clients_are_told_that_data_is_loading() {
    let folder = folder();
    let server = start_in(binary(), &folder, &[]);
    let mut here = client(&server);
    ask(&mut here, "DEBUG POPULATE 20000");
    ask(&mut here, "SAVE");
    drop(server);
    let address = free_address();
    let (port, path) = (address.port().to_string(), folder.path().display().to_string());
    for threads in ["1", "2"] {
        // Two seconds, if nobody ends it.
        let arguments = ["--port", &port, "--dir", &path, "--key-load-delay", "100", "--threads", threads];
        let arguments = arguments.map(str::to_owned);
        let mut process = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
        let mut here = loop {
            match Client::connect(address) {
                Ok(client) => break client,
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(2)),
            }
        };
        for words in [&["GET", "key:1"][..], &["SET", "a", "b"], &["PING"], &["SAVE"], &["FLUSHALL"]] {
            let answer = here.command(words).expect("an answer").text_lossy();
            assert_eq!(answer, "-LOADING Redis is loading the dataset in memory", "{words:?}");
        }
        let info = ask(&mut here, "INFO persistence").text_lossy();
        for field in ["loading:1\r\n", "loading_start_time:", "loading_total_bytes:", "loading_loaded_perc:"] {
            assert!(info.contains(field), "{field}: {info}");
        }
        ask(&mut here, "MULTI");
        assert!(here.command(&["SET", "a", "b"]).expect("an answer").text_lossy().starts_with("-LOADING"));
        assert!(here.command(&["EXEC"]).expect("an answer").text_lossy().starts_with("-EXECABORT"));
        // Nobody has to wait until the end.
        here.send(&["SHUTDOWN", "NOSAVE"]).expect("it is sent");
        assert!(process.expect_end().success());
    }
}

/// What `check rdb` prints of a file, and whether it is content.
fn check(path: &Path) -> (String, bool) {
    let output = Command::new(binary()).args(["check", "rdb"]).arg(path).output().expect("it runs");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
}

#[test]
fn check_says_what_is_in_a_file_and_what_is_wrong() {
    let folder = folder();
    let server = start_in(binary(), &folder, &[]);
    let mut here = client(&server);
    fill(&mut here, true);
    ask(&mut here, "SAVE");
    let path = folder.path().join("dump.rdb");
    let (words, well) = check(&path);
    assert!(well, "{words}");
    for line in ["AUX FIELD redis-ver = '8.0.6'", "Checksum OK", "\\o/ RDB looks OK! \\o/", "[info] 22 keys read"] {
        assert!(words.contains(line), "{line}: {words}");
    }
    for line in ["[info] 2 expires", "[info] 2 subexpires", "[info] 1 libraries", "type 21 (stream): 2 keys"] {
        assert!(words.contains(line), "{line}: {words}");
    }
    let bytes = std::fs::read(&path).expect("a file");
    std::fs::write(&path, &bytes[..bytes.len() - 9]).expect("a file");
    let (words, well) = check(&path);
    assert!(!well && words.contains("--- RDB ERROR DETECTED ---") && words.contains("Unexpected EOF"), "{words}");
    std::fs::write(&path, b"REDIS0004\0\x01a\x01b\xFE\x03\x10\x02h\n\x03abc\xFF").expect("a file");
    let (words, well) = check(&path);
    let expected = "[offset 16] a damaged listpack\n[additional info] Reading key 'h\\n' of database 3\n[info] 1 keys";
    assert!(!well && words.contains(expected), "{words}");
    assert!(!check(&folder.path().join("nothing")).1);
}

/// Files of versions that came later are read where that is wanted, as far as nothing unknown is in them.
#[test]
fn later_versions_are_read_where_that_is_wanted() {
    let folder = folder();
    let path = folder.path().join("dump.rdb");
    // A checksum of zero is none.
    let file = |head: &[u8], keys: &[u8]| [head, keys, b"\xFF\0\0\0\0\0\0\0\0"].concat();
    for head in [b"VALKEY987", b"REDIS0044"] {
        std::fs::write(&path, file(head, b"\xFE\0\0\x03key\x05value")).expect("a file");
        let (words, well) = check(&path);
        assert!(
            well && words.contains("RDB looks OK, but loading requires config 'rdb-version-check relaxed'"),
            "{words}"
        );
        let relaxed = start_in(binary(), &folder, &["--rdb-version-check", "relaxed"]);
        assert_eq!(ask(&mut client(&relaxed), "GET key").text_lossy(), "value");
        let strict = refused(&std::fs::read(&path).expect("a file"), &[]);
        assert!(strict.contains("Can't handle RDB format version"), "{strict}");
        let unknown = file(head, b"\xFE\0\x96\x03key\x05value");
        let words = refused(&unknown, &["--rdb-version-check", "relaxed"]);
        assert!(words.contains("150"), "{words}");
        std::fs::write(&path, unknown).expect("a file");
        assert!(!check(&path).1);
    }
}

/// Streams that say of themselves what is not so, as early versions left them, are loaded by every server. Here they
/// are put right, with a word in the log.
#[test]
fn streams_that_miscount_are_loaded() {
    let folder = folder();
    let path = folder.path().join("dump.rdb");
    let server = start_in(binary(), &folder, &[]);
    let mut here = client(&server);
    for id in ["7-1", "7-5", "7-9"] {
        ask(&mut here, &format!("XADD stream {id} f v"));
    }
    ask(&mut here, "XGROUP CREATE stream group 0");
    ask(&mut here, "XREADGROUP GROUP group consumer COUNT 2 STREAMS stream >");
    let payload = ask(&mut here, "DUMP stream");
    let payload = payload.text().expect("a payload");
    drop(server);
    let value = &payload[1..payload.len() - 10];
    // The number of entries and the last id, in the only place where they stand so.
    let at = value.windows(3).position(|bytes| bytes == [3, 7, 9]).expect("three entries up to 7-9");
    let group = value.windows(6).position(|bytes| bytes == b"\x05group").expect("the group");
    let changed = |at: usize, byte: u8| [&value[..at], &[byte], &value[at + 1..]].concat();
    // The group's name, its last id, its counter, and how many are pending: two, with 16 + 8 + 1 bytes each.
    let consumers = group + 6 + 3 + 1 + 2 * 25;
    let without_consumers = [&value[..consumers], &[0][..]].concat();
    for (value, length, pending, said) in [
        (changed(at, 5), 3, 2, "the stream says that it has 5 entries; it has 3"),
        (changed(at, 1), 3, 2, "the stream says that it has 1 entries; it has 3"),
        (changed(at + 2, 2), 3, 2, "the stream's last id was below those of its entries"),
        (without_consumers, 3, 0, "2 pending entries of the stream belonged to no consumer"),
    ] {
        let file = [b"REDIS0011", &payload[..1], b"\x06stream", &value, b"\xFF\0\0\0\0\0\0\0\0"].concat();
        std::fs::write(&path, &file).expect("a file");
        let (words, well) = check(&path);
        assert!(well && words.contains(&format!("[info] Key 'stream': {said}")), "{words}");
        let server = start_in(binary(), &folder, &[]);
        let mut here = client(&server);
        assert_eq!(ask(&mut here, "XLEN stream").text_lossy(), length.to_string());
        assert_eq!(ask(&mut here, "XRANGE stream - +").elements().map(|entries| entries.len()), Some(length));
        let summary = ask(&mut here, "XPENDING stream group").elements().expect("a summary");
        assert_eq!(summary[0].text_lossy(), pending.to_string());
        assert!(server.log().contains(&format!("The key 'stream': {said}")), "{}", server.log());
        drop(server);
        // Valkey refuses a stream of another length; Redis does not look.
        if let Some(peer) = peer(Flavour::Redis) {
            let server = start_in(&peer.binary, &folder, &[]);
            let there = ask(&mut client(&server), "XRANGE stream - +").elements().expect("entries").len();
            assert_eq!(there, length, "Redis");
        }
    }
}
