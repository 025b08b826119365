//! CONFIG SET against the recorded replies of Redis 8.0.6, and what only a hook can see.

#![allow(clippy::unwrap_used)]

use redstart_config::{ApplyError, Config, Host, SetContext, SetError, ids};

fn config() -> Config {
    Config::new(&Host { cores: 1, directory: "/data".into() })
}

fn shown(config: &Config, name: &str) -> String {
    let found = config.get_matching(&[name.as_bytes()]);
    found.first().map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
}

fn set(config: &Config, pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<(&[u8], &[u8])> = pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
    match config.set(&pairs, SetContext::default(), |_, _| Ok(())) {
        Ok(_) => "OK".to_string(),
        Err(error) => format!("ERR {error}"),
    }
}

#[test]
fn replies_are_those_of_redis() {
    let config = config();
    let mut count = 0;
    let mut first_name = "";
    let mut reply = String::new();
    for line in include_str!("config_set.txt").lines() {
        let rest = line.get(2..).unwrap_or_default();
        match line.as_bytes().first() {
            Some(b'>') => {
                let words: Vec<&str> = rest.split('|').collect();
                let pairs: Vec<(&str, &str)> = words.chunks(2).map(|pair| (pair[0], pair[1])).collect();
                first_name = pairs[0].0;
                reply = set(&config, &pairs);
                count += 1;
            }
            Some(b'<') => assert_eq!(reply, rest, "set {first_name}"),
            Some(b'=') => assert_eq!(shown(&config, first_name), rest, "get {first_name} after {reply}"),
            _ => {}
        }
    }
    assert!(count > 100, "the recorded replies are there");
}

#[test]
fn a_refusing_hook_brings_the_old_values_back() {
    let config = config();
    let mut seen = Vec::new();
    let refused = config.set(
        &[(b"maxmemory", b"1mb"), (b"requirepass", b"x"), (b"hz", b"10")],
        SetContext::default(),
        |config, changes| {
            let names: Vec<_> = changes.iter().map(|change| change.directive.name).collect();
            seen.push((names, config.get(ids::MAXMEMORY)));
            Err(ApplyError { directive: "maxmemory", message: "no".into() })
        },
    );
    // hz has its value already; the second call undoes what the first may have done.
    assert_eq!(seen, [(vec!["maxmemory", "requirepass"], 1 << 20), (vec!["maxmemory", "requirepass"], 0)]);
    let error = refused.unwrap_err().to_string();
    assert_eq!(error, "CONFIG SET failed (possibly related to argument 'maxmemory') - no");
    assert_eq!((config.get(ids::MAXMEMORY), config.text(ids::REQUIREPASS).len()), (0, 0));
}

#[test]
fn a_wrong_value_sets_nothing() {
    let config = config();
    let generation = config.generation();
    assert!(set(&config, &[("maxmemory", "1mb"), ("maxclients", "0")]).contains("maxclients"));
    assert_eq!((config.get(ids::MAXMEMORY), config.generation()), (0, generation));
}

#[test]
fn changes_tell_old_and_new() {
    let config = config();
    let changes = config.set(&[(b"maxmemory", b"1kb")], SetContext::default(), |_, _| Ok(())).unwrap();
    assert_eq!((changes[0].old(), changes[0].new_value()), (b"0".to_vec(), b"1024".to_vec()));
    assert!(config.generation() > 0);
}

#[test]
fn what_the_context_decides() {
    let config = config();
    let with = |context: SetContext, name: &str, value: &str| {
        config.set(&[(name.as_bytes(), value.as_bytes())], context, |_, _| Ok(())).map(|changes| changes.len())
    };
    let loading = SetContext { loading: true, ..SetContext::default() };
    assert_eq!(with(loading, "dir", "/tmp"), Err(SetError::Protected(b"dir".to_vec())));
    assert_eq!(with(SetContext { loading: true, protected_allowed: true }, "dir", "/tmp"), Err(SetError::Loading));
    assert_eq!(with(loading, "repl-diskless-load", "swapdb"), Err(SetError::Loading));
    assert_eq!(with(SetContext { loading: false, protected_allowed: true }, "dir", "sub"), Ok(1));
    assert_eq!(shown(&config, "dir"), "/data/sub");
    assert_eq!(config.set(&[], SetContext::default(), |_, _| Ok(())).map(|_| ()), Err(SetError::Arguments));
}

#[test]
fn get_matches_names_aliases_and_patterns() {
    let config = config();
    let names = |patterns: &[&[u8]]| -> Vec<String> {
        let found = config.get_matching(patterns).into_iter();
        found.map(|(name, _)| String::from_utf8_lossy(&name).into_owned()).collect()
    };
    assert_eq!(names(&[b"MaxMemory", b"maxmemory"]), ["MaxMemory"]);
    assert_eq!(names(&[b"replicaof", b"slaveof"]), ["replicaof", "slaveof"]);
    assert_eq!(names(&[b"THREAD?", b"io-threads"]), ["io-threads", "threads"]);
    assert_eq!(names(&[b"nothing", b"no*thing"]), [""; 0]);
    assert_eq!(names(&[b"watchdog-period"]), ["watchdog-period"]);
    assert_eq!(names(&[b"watchdog*"]), [""; 0], "hidden ones need their exact name");
    assert!(names(&[b"*"]).len() > 200);
}
