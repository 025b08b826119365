//! Users in files: the ACL file, `user` lines of the configuration, and CONFIG REWRITE.

use std::path::{Path, PathBuf};

use redstart_tests::process::{Process, Start, free_address};
use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use tempfile::TempDir;

struct WithFile {
    server: Server,
    path: PathBuf,
    _folder: TempDir,
}

/// A server with an ACL file.
fn with_file(text: &str) -> WithFile {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("users.acl");
    std::fs::write(&path, text).expect("a file in a temporary folder");
    let server = Server::start(binary(), &["--aclfile".to_owned(), path.display().to_string()]).expect("it starts");
    WithFile { server, path, _folder: folder }
}

fn ask(client: &mut Client, words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    let answer = client.command(&words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    match answer {
        Value::Array(lines) => lines.iter().map(Value::text_lossy).collect::<Vec<_>>().join("\n"),
        other => other.text_lossy(),
    }
}

const PASSWORD_HASH: &str = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

#[test]
fn the_file_is_read_and_written() {
    let text =
        "user alice on allcommands allkeys &* >password\n\n  user bob -@all +@set ~set* (+get ~a) (+set ~b )\r\n";
    let file = with_file(text);
    let mut client = Client::connect(file.server.address()).expect("it listens");
    let lines = ask(&mut client, "ACL LIST");
    let expected = format!(
        "user alice on sanitize-payload #{PASSWORD_HASH} ~* &* +@all\n\
         user bob off sanitize-payload ~set* resetchannels -@all +@set \
         (~a resetchannels -@all +get) (~b resetchannels -@all +set)\n\
         user default on nopass sanitize-payload ~* &* +@all"
    );
    assert_eq!(lines, expected);
    assert_eq!(ask(&mut client, "ACL SETUSER carol on >x +ping"), "OK");
    assert_eq!(ask(&mut client, "ACL SAVE"), "OK");
    let saved = std::fs::read_to_string(&file.path).expect("the file");
    assert_eq!(saved.trim_end(), ask(&mut client, "ACL LIST"));
    assert_eq!(ask(&mut client, "ACL DELUSER alice carol"), "2");
    assert_eq!(ask(&mut client, "ACL LOAD"), "OK");
    assert_eq!(saved.trim_end(), ask(&mut client, "ACL LIST"));
}

#[test]
fn nothing_is_loaded_where_anything_is_wrong() {
    let file = with_file("user alice on nopass +@all\n");
    let mut client = Client::connect(file.server.address()).expect("it listens");
    let before = ask(&mut client, "ACL LIST");
    let name = file.path.display();
    let end = "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";
    for (text, errors) in [
        ("alice on", format!("{name}:1 should start with user keyword followed by the username. ")),
        ("\n\nuser", format!("{name}:3 should start with user keyword followed by the username. ")),
        ("USER a on", format!("{name}:1 should start with user keyword followed by the username. ")),
        ("# a comment", format!("{name}:1 should start with user keyword followed by the username. ")),
        ("user a\tb on", format!("'{name}:1: username 'a\tb' contains invalid characters. ")),
        ("user a on\nuser a off", "WARNING: Duplicate user 'a' found on line 2. ".to_owned()),
        (
            "user a +nosuch on bad",
            format!(
                "{name}:1: Error in applying operation '+nosuch': Unknown command or category name in ACL. {name}:1: Syntax error. "
            ),
        ),
        (
            "user a bad worse\nuser b +@no",
            format!(
                "{name}:1: Syntax error. {name}:2: Error in applying operation '+@no': Unknown command or category name in ACL. "
            ),
        ),
        (
            "user a #12",
            format!(
                "{name}:1: The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters. "
            ),
        ),
        ("user a <x", format!("{name}:1: The password you are trying to remove from the user does not exist. ")),
    ] {
        std::fs::write(&file.path, text).expect("a file in a temporary folder");
        let expected = format!("-ERR {errors}{end}");
        assert_eq!(ask(&mut client, "ACL LOAD"), expected, "{text:?}");
        assert_eq!(ask(&mut client, "ACL LIST"), before, "{text:?}");
    }
    std::fs::remove_file(&file.path).expect("the file is there");
    let expected = format!("-ERR Error loading ACLs, opening file '{name}': No such file or directory");
    assert_eq!(ask(&mut client, "ACL LOAD"), expected);
}

#[test]
fn who_is_not_in_the_file_any_more_is_disconnected() {
    let file = with_file("user alice on nopass +@all\nuser bob on nopass +@all\n");
    let connect = |user: &str| {
        let mut client = Client::connect(file.server.address()).expect("it listens");
        assert_eq!(ask(&mut client, &format!("AUTH {user} x")), "OK");
        client
    };
    let (mut alice, mut bob) = (connect("alice"), connect("bob"));
    std::fs::write(&file.path, "user alice on nopass +ping +acl|whoami +acl|load\n").expect("the file");
    assert_eq!(ask(&mut bob, "ACL LOAD"), "OK", "who asks is answered");
    assert!(bob.is_closed(), "and ended then");
    assert_eq!(ask(&mut alice, "ACL WHOAMI"), "alice");
    assert_eq!(ask(&mut alice, "GET k"), "-NOPERM User alice has no permissions to run the 'get' command");
}

fn start(folder: &Path, configuration: &str) -> (Process, Client) {
    let address = free_address();
    let path = folder.join("redis.conf");
    if !configuration.is_empty() {
        std::fs::write(&path, configuration).expect("a file in a temporary folder");
    }
    let dir = folder.display().to_string();
    let words = [path.display().to_string(), "--port".to_owned(), address.port().to_string()];
    let more = ["--bind", "127.0.0.1", "--save", "", "--dir", &dir].map(str::to_owned);
    let arguments: Vec<String> = words.into_iter().chain(more).collect();
    let server = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
    server.expect_log("Ready to accept connections");
    (server, Client::connect(address).expect("it listens"))
}

#[test]
fn users_of_the_configuration_are_rewritten() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = "requirepass ignored\nuser default on nopass ~* +@all -flushdb\nuser \"al\\x69ce\" on >password (+get ~a\\* ) ~b*\n";
    let (server, mut client) = start(folder.path(), text);
    assert_eq!(ask(&mut client, "FLUSHDB"), "-NOPERM User default has no permissions to run the 'flushdb' command");
    assert_eq!(ask(&mut client, "CONFIG GET requirepass"), "requirepass\nignored");
    let lines = format!(
        "user alice on sanitize-payload #{PASSWORD_HASH} ~b* resetchannels -@all (~a\\* resetchannels -@all +get)\n\
         user bob off sanitize-payload ~\"quo'ted resetchannels -@all\n\
         user default on nopass sanitize-payload ~* resetchannels +@all -flushdb"
    );
    assert_eq!(ask(&mut client, "ACL SETUSER bob ~\"quo'ted"), "OK");
    assert_eq!(ask(&mut client, "ACL LIST"), lines);
    assert_eq!(ask(&mut client, "CONFIG REWRITE"), "OK");
    drop((server, client));
    let (_server, mut client) = start(folder.path(), "");
    assert_eq!(ask(&mut client, "ACL LIST"), lines);
    let written = std::fs::read_to_string(folder.path().join("redis.conf")).expect("the file");
    assert!(!written.contains("password\n") && !written.contains(">password"), "no password is written:\n{written}");
}

#[test]
fn mistakes_keep_the_server_from_starting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (text, why) in [
        ("user foo\nuser foo\n", "Duplicate user"),
        ("user default\nuser default on\n", "Duplicate user"),
        ("user foo on nosuchrule\n", "Syntax error"),
        ("user foo on +nosuch\n", "Unknown command or category name in ACL"),
        ("user \"a b\" on\n", "Spaces not allowed in ACL usernames"),
        ("aclfile nosuch.acl\n", "No such file or directory"),
        ("aclfile nosuch.acl\nuser foo on\n", "ACL file"),
    ] {
        let path = folder.path().join("wrong.conf");
        std::fs::write(&path, text).expect("a file in a temporary folder");
        let arguments = [path.display().to_string(), "--port".to_owned(), "0".to_owned()];
        let mut server = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
        assert!(!server.expect_end().success(), "{text}");
        assert!(server.log().contains(why), "`{why}` is not in the log for {text:?}:\n{}", server.log());
    }
}
