//! Reading configurations: files, includes, environment, command line, and the error messages.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use redstart_config::{
    ClientClass, CommandLine, Files, Host, Invocation, LoadError, Loaded, NoFiles, Sources, ids, load, load_text,
    parse_command_line,
};

fn host() -> Host {
    Host { cores: 4, directory: "/etc/redstart".into() }
}

/// Files that are only here.
struct Memory(BTreeMap<PathBuf, &'static str>);

impl Files for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or_else(|| io::Error::from_raw_os_error(2))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        let inside = self.0.keys().filter_map(|path| path.strip_prefix(directory).ok());
        Ok(inside.filter_map(|rest| rest.components().next()).map(|name| name.as_os_str().to_owned()).collect())
    }

    fn exists(&self, path: &Path) -> bool {
        self.0.keys().any(|other| other.starts_with(path))
    }
}

fn memory(files: &[(&str, &'static str)]) -> Memory {
    Memory(files.iter().map(|(path, text)| (PathBuf::from(path), *text)).collect())
}

fn text(text: &str) -> Result<Loaded, LoadError> {
    load_text(&host(), text.as_bytes(), &NoFiles)
}

fn shown(loaded: &Loaded, name: &str) -> String {
    let found = loaded.config.get_matching(&[name.as_bytes()]);
    found.first().map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
}

#[test]
fn lines_are_read() {
    let loaded = text(concat!(
        "# comment\n\n   \t\r\n",
        "  PORT 7000\r\n",
        "requirepass \"a \\x41\\n'\"\n",
        "logfile ''\n",
        "client-output-buffer-limit replica 1mb 2mb 3\n",
        "bind 127.0.0.1 -::1\n",
        "slave-priority 7\n",
        "io-threads 3\n",
        "port 7001\n",
        "list-max-ziplist-entries 512\n",
        "lua-replicate-commands yes\n",
        "unixsocketperm 700\n",
        "notify-keyspace-events KEA\n",
    ))
    .unwrap();
    let config = &loaded.config;
    assert_eq!(config.get(ids::PORT), 7001);
    assert_eq!(&*config.text(ids::REQUIREPASS), b"a A\n'");
    assert_eq!(config.path(ids::LOGFILE), None);
    assert_eq!(config.output_buffer_limit(ClientClass::Replica).soft_bytes, 2 << 20);
    assert_eq!(config.bind_addresses(), ["127.0.0.1", "-::1"]);
    assert_eq!(config.get(ids::REPLICA_PRIORITY), 7);
    assert_eq!(config.get(ids::THREADS), 3);
    assert_eq!(config.get(ids::UNIXSOCKETPERM), 0o700);
    assert!(config.get(ids::NOTIFY_KEYSPACE_EVENTS).has(redstart_config::choices::NotifyEvents::HASH));
}

#[test]
fn defaults_come_from_the_machine() {
    let loaded = text("").unwrap();
    assert_eq!(loaded.config.get(ids::THREADS), 4);
    assert_eq!(shown(&loaded, "dir"), "/etc/redstart");
    assert_eq!(loaded.config.save_points().len(), 3);
    let many = Host { cores: 500, ..host() };
    assert_eq!(load_text(&many, b"", &NoFiles).unwrap().config.get(ids::THREADS), 128);
}

#[test]
fn saves_add_up_after_the_first() {
    for (lines, expected) in [
        ("", "3600 1 300 100 60 10000"),
        ("save 900 1", "900 1"),
        ("save 900 1\nsave 300 10", "900 1 300 10"),
        ("save 900 1 300 10\nsave 60 5", "900 1 300 10 60 5"),
        ("save 900 1\nsave \"\"", ""),
        ("save \"\"\nsave 900 1", "900 1"),
        ("save \"900 1 300 10\"", "900 1 300 10"),
    ] {
        assert_eq!(shown(&text(lines).unwrap(), "save"), expected, "{lines}");
    }
}

#[test]
fn wrong_lines_are_named() {
    for (line, message) in [
        ("port abc", "argument couldn't be parsed into an integer"),
        ("port", "wrong number of arguments"),
        ("port 1 2", "wrong number of arguments"),
        ("appendonly perhaps", "argument must be 'yes' or 'no'"),
        ("nothing 1", "Bad directive or wrong number of arguments"),
        ("nothing", "Bad directive or wrong number of arguments"),
        ("include", "Bad directive or wrong number of arguments"),
        ("requirepass \"open", "Unbalanced quotes in configuration line"),
        ("loadmodule /x.so", "loadmodule: Redstart has no loadable modules"),
        ("sentinel monitor a b 1 2", "sentinel directive while not in sentinel mode"),
        ("save 1", "Invalid save parameters"),
        ("threads 0", "argument must be between 1 and 128 inclusive"),
        ("io-backend iocp", "argument(s) must be one of the following: auto, uring, epoll"),
        ("unixsocketperm 999", "argument couldn't be parsed as an octal number"),
        ("unixsocketperm 1000", "argument must be between 0 and 777 inclusive"),
    ] {
        let error = text(&format!("# first\n  {line} \nport 1")).unwrap_err();
        let report = error.report("Redstart 1.2.3");
        let expected = format!(
            "\n*** FATAL CONFIG FILE ERROR (Redstart 1.2.3) ***\nReading the configuration file, at line 2\n>>> '{line}'\n{message}\n"
        );
        assert_eq!(report, expected);
    }
    let together = text("cluster-enabled yes\nreplicaof a 1").unwrap_err();
    let expected = "\n*** FATAL CONFIG FILE ERROR (R) ***\nreplicaof directive not allowed in cluster mode\n";
    assert_eq!(together.report("R"), expected);
}

#[test]
fn users_and_renames_are_handed_on() {
    let loaded = text("user alice on >p ~* +@all\nrename-command FLUSHALL \"\"\nrename-command config cfg").unwrap();
    assert_eq!(loaded.users[0].arguments, ["alice", "on", ">p", "~*", "+@all"].map(|word| word.as_bytes().to_vec()));
    assert_eq!((loaded.renames[0].from.as_slice(), loaded.renames[0].to.as_slice()), (&b"FLUSHALL"[..], &b""[..]));
    let error = loaded.renames[1].origin.error("No such command in rename-command");
    assert!(error.report("R").contains("at line 3\n>>> 'rename-command config cfg'\nNo such command"));
}

/// As in Redis: after an include a `save` line replaces all earlier ones.
#[test]
fn saves_around_includes() {
    let includes = [
        ("include /a\nsave 200 2", "200 2"),
        ("save 200 2\ninclude /a", "200 2 100 1 101 1"),
        ("include /a\ninclude /b", "100 1 101 1 300 3"),
        ("include /a\nsave 200 2\nsave 201 3", "201 3"),
        ("save \"\"\ninclude /a\nsave 200 2", "200 2"),
        ("include /a\nsave \"\"", ""),
        ("include /nested", "9 9 100 1 101 1"),
        ("include /nested-behind", "7 7"),
    ];
    for (lines, expected) in includes {
        let files = memory(&[
            ("/main", lines),
            ("/a", "save 100 1\nsave 101 1"),
            ("/b", "save 300 3"),
            ("/nested", "save 9 9\ninclude /a\n"),
            ("/nested-behind", "include /a\nsave 7 7\n"),
        ]);
        let loaded = |options: &[u8]| {
            let sources = Sources { file: Some(Path::new("/main")), stdin: None, environment: Vec::new(), options };
            shown(&load(&host(), sources, &files).unwrap(), "save")
        };
        assert_eq!(loaded(b""), expected, "{lines}");
        assert_eq!(loaded(b"save 8 8\nsave 9 9"), "9 9", "{lines}");
    }
}

#[test]
fn includes() {
    let files = memory(&[
        ("/etc/redstart/main.conf", "include sub/*.conf\ninclude none/*.conf\ninclude /abs.conf\n"),
        ("/etc/redstart/sub/b.conf", "port 2\n"),
        ("/etc/redstart/sub/a.conf", "port 1\nhz 20"),
        ("/etc/redstart/sub/.hidden.conf", "port 9"),
        ("/etc/redstart/sub/c.txt", "port 3"),
        ("/abs.conf", "dir /var\ninclude more.conf"),
        ("/var/more.conf", "timeout 5"),
        ("/loop.conf", "include /loop.conf"),
        ("/wrong.conf", "\ninclude /bad.conf"),
        ("/bad.conf", "port x"),
        ("/gone.conf", "include /nowhere.conf"),
    ]);
    let file = |path: &str| {
        let sources = Sources { file: Some(Path::new(path)), stdin: None, environment: Vec::new(), options: b"" };
        load(&host(), sources, &files)
    };
    let loaded = file("main.conf").unwrap();
    assert_eq!(loaded.config.get(ids::PORT), 2);
    assert_eq!((loaded.config.get(ids::HZ), loaded.config.get(ids::TIMEOUT)), (20, 5));
    assert_eq!(loaded.config.file(), Some(Path::new("/etc/redstart/main.conf")));
    assert!(file("/loop.conf").unwrap_err().to_string().contains("nested too deeply"));
    let wrong = file("/wrong.conf").unwrap_err();
    assert_eq!(wrong.to_string(), "/bad.conf:1: argument couldn't be parsed into an integer");
    let gone = file("/gone.conf").unwrap_err().report("R");
    assert!(gone.contains("Fatal error, can't open config file '/nowhere.conf': No such file or directory"), "{gone}");
    assert!(file("/absent.conf").is_err());
}

fn all_sources(file: &'static str, environment: &[(&str, &str)], arguments: &[&str]) -> Result<Loaded, LoadError> {
    let files = memory(&[("/etc/redstart/a.conf", file)]);
    let arguments = std::iter::once("a.conf").chain(arguments.iter().copied()).map(OsString::from);
    let Invocation::Run(CommandLine { file, options, .. }) = parse_command_line(arguments) else {
        panic!("the arguments start a server")
    };
    let environment = environment.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    load(&host(), Sources { file: file.as_deref(), stdin: None, environment, options: &options }, &files)
}

#[test]
fn arguments_win_over_environment_over_file() {
    let file = "port 1\nmaxmemory 1\nhz 1\nsave 900 1\n";
    let environment = [("REDIS_PORT", "2"), ("REDIS_MAXMEMORY", "2"), ("REDIS_PASSWORD", "a b"), ("PORT", "9")];
    let loaded = all_sources(file, &environment, &["--port", "3"]).unwrap();
    let config = &loaded.config;
    assert_eq!((config.get(ids::PORT), config.get(ids::MAXMEMORY), config.get(ids::HZ)), (3, 2, 1));
    assert_eq!(&*config.text(ids::REQUIREPASS), b"a b");
    assert_eq!(shown(&loaded, "save"), "900 1");
}

#[test]
fn saves_of_several_sources() {
    let save = |environment: &[(&str, &str)], arguments: &[&str]| {
        shown(&all_sources("save 900 1\n", environment, arguments).unwrap(), "save")
    };
    assert_eq!(save(&[], &["--save", "60", "5"]), "900 1 60 5");
    assert_eq!(save(&[], &["--save", ""]), "");
    assert_eq!(save(&[("REDIS_SAVE", "")], &[]), "");
    assert_eq!(save(&[("REDIS_SAVE", "1 1 2 2"), ("REDIS_TIMEOUT", "1")], &[]), "1 1 2 2");
    assert_eq!(save(&[("REDIS_SAVE", "1 1"), ("REDIS_TIMEOUT", "1")], &["--save", "7", "7"]), "7 7");
    assert_eq!(save(&[("REDIS_TIMEOUT", "1")], &["--save", "7", "7"]), "900 1 7 7");
}

#[test]
fn environment() {
    let loaded = all_sources(
        "",
        &[
            ("REDIS_PORT", "tcp://10.0.0.1:6379"),
            ("REDIS_PORT_6379_TCP_ADDR", "10.0.0.1"),
            ("REDIS_SERVICE_HOST", "10.0.0.1"),
            ("REDIS_VERSION", "7.2"),
            ("REDIS_DOWNLOAD_URL", "http://x"),
            ("REDIS_REPLICATION_MODE", "master"),
            ("REDIS_TLS_ENABLED", "no"),
            ("REDIS_URL", "redis://x"),
            ("REDIS_HZ", ""),
            ("REDIS_MAXMEMROY", "1gb"),
            ("REDIS_TIMEOUT", "1"),
            ("REDSTART_TIMEOUT", "2"),
            ("REDSTART_THREADS", "2"),
            ("REDIS_CLIENT_OUTPUT_BUFFER_LIMIT", "pubsub 1 2 3"),
        ],
        &[],
    )
    .unwrap();
    let config = &loaded.config;
    assert_eq!((config.get(ids::PORT), config.get(ids::HZ), config.get(ids::TIMEOUT)), (6379, 10, 2));
    assert_eq!(config.get(ids::THREADS), 2);
    assert_eq!(config.output_buffer_limit(ClientClass::PubSub).hard_bytes, 1);
    let ignored: Vec<_> = loaded.ignored.iter().map(|ignored| ignored.name.as_str()).collect();
    assert_eq!(ignored, ["REDIS_MAXMEMROY"]);
    let error = all_sources("", &[("REDIS_MAXCLIENTS", "many")], &[]).unwrap_err().report("R");
    assert!(error.contains("Reading the environment variable REDIS_MAXCLIENTS\n>>> 'many'\nargument"), "{error}");
}

#[test]
fn command_line_errors() {
    let report = |arguments: &[&str]| all_sources("port 1\n", &[], arguments).unwrap_err().report("R");
    let expected = "at option 2\n>>> 'port \"abc\"'\nargument couldn't be parsed into an integer\n";
    assert!(report(&["--hz", "10", "--port", "abc"]).ends_with(expected));
    assert!(report(&["--port", "--hz"]).contains("argument couldn't be parsed into an integer"));
    assert!(report(&["--port"]).contains("wrong number of arguments"));
    assert!(report(&["--nonsense", "1"]).contains("Bad directive or wrong number of arguments"));
}

#[test]
fn standard_input_follows_the_file() {
    let files = memory(&[("/etc/redstart/a.conf", "port 1\nhz 1")]);
    let mut stdin = io::Cursor::new(b"port 2".to_vec());
    let sources = Sources {
        file: Some(Path::new("a.conf")),
        stdin: Some(&mut stdin),
        environment: Vec::new(),
        options: b"timeout 9",
    };
    let config = load(&host(), sources, &files).unwrap().config;
    assert_eq!((config.get(ids::PORT), config.get(ids::HZ), config.get(ids::TIMEOUT)), (2, 1, 9));
}

#[test]
fn what_has_no_effect_is_said() {
    let loaded = text("crash-memcheck-enabled no\nport 1\nsyslog-ident redis\n").unwrap();
    let expected = "WARNING: the directive 'crash-memcheck-enabled' is accepted but has no effect yet";
    assert_eq!(loaded.warnings, [expected]);
    let loaded = text("cluster-enabled yes").unwrap();
    assert_eq!(loaded.config.get(ids::DATABASES), 1);
    assert!(loaded.warnings[0].starts_with("WARNING: Changing databases number from 16 to 1"));
}
