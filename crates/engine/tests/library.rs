//! What a program's engine does with its files, by itself and at its end.

use redis::{Commands, RedisResult};
use redstart::{EmbeddedConnection, Engine, OpenError};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// For machines that are busy; nothing here takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn open(folder: &Path, more: &str) -> Result<Engine, OpenError> {
    let loaded = Engine::load(&format!("dir {}\n{more}", folder.display())).expect("the configuration is right");
    Engine::open(loaded).inspect(|engine| {
        let keyspace = &engine.shared().keyspace;
        keyspace.check(&keyspace.enter_exclusive()).expect("what is loaded is sound");
    })
}

fn get(engine: &Engine, key: &str) -> Option<String> {
    engine.connection().get(key).expect("it answers")
}

fn set(engine: &Engine, key: &str, value: &str) {
    engine.connection().set::<_, _, ()>(key, value).expect("it answers");
}

fn run(engine: &Engine, line: &str) -> RedisResult<String> {
    let mut words = line.split(' ');
    let mut command = redis::cmd(words.next().unwrap_or_default());
    for word in words {
        command.arg(word);
    }
    command.query(&mut engine.connection())
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn each_engine_keeps_its_changes_in_its_own_folder() {
    let folders = [folder(), folder()];
    for round in 0..2 {
        let engines = folders.each_ref().map(|folder| open(folder.path(), "appendonly yes").unwrap());
        for (number, engine) in engines.iter().enumerate() {
            let expected = (round > 0).then(|| number.to_string());
            assert_eq!(get(engine, "k"), expected, "round {round}");
            set(engine, "k", &number.to_string());
        }
    }
    for folder in folders {
        assert!(folder.path().join("appendonlydir/appendonly.aof.manifest").is_file());
    }
    assert!(!Path::new("appendonlydir").exists(), "nothing is in the working directory");
}

#[test]
fn names_of_files_are_honoured_and_paths_may_be_relative() {
    let parent = folder();
    std::fs::create_dir(parent.path().join("data")).unwrap();
    let text = "dir data\nappendonly yes\nappenddirname changes\nappendfilename all.aof\ndbfilename all.rdb";
    for round in 0..2 {
        let engine = open(parent.path(), text).unwrap();
        assert_eq!(get(&engine, "k").is_some(), round > 0);
        set(&engine, "k", "v");
        run(&engine, "SAVE").unwrap();
    }
    assert!(parent.path().join("data/changes/all.aof.manifest").is_file());
    assert!(parent.path().join("data/all.rdb").is_file());
}

#[test]
fn opening_loads_what_was_saved() {
    let folder = folder();
    let engine = open(folder.path(), "").unwrap();
    set(&engine, "k", "v");
    run(&engine, "SAVE").unwrap();
    drop(engine);
    let engine = open(folder.path(), "").unwrap();
    assert_eq!(get(&engine, "k").as_deref(), Some("v"));
    assert!(engine.load_data().is_ok(), "a second load does nothing");
    set(&engine, "other", "v");
    run(&engine, "SAVE").unwrap();
    drop(engine);
    let engine = open(folder.path(), "").unwrap();
    assert_eq!((get(&engine, "k").is_some(), get(&engine, "other").is_some()), (true, true));
}

#[test]
fn a_damaged_file_is_an_error_and_stays() {
    for (text, name) in [("", "dump.rdb"), ("appendonly yes", "appendonlydir/appendonly.aof.1.base.rdb")] {
        let folder = folder();
        let path = folder.path().join(name);
        let engine = open(folder.path(), text).unwrap();
        set(&engine, "k", "v");
        run(&engine, if text.is_empty() { "SAVE" } else { "PING" }).unwrap();
        drop(engine);
        std::fs::write(&path, b"REDIS0012 is not what follows").unwrap();
        let error = open(folder.path(), text).expect_err("it is damaged");
        assert!(matches!(error, OpenError::Data(_)), "{error}");
        assert!(error.to_string().len() > 60, "it says what is wrong: {error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"REDIS0012 is not what follows");
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = folder();
    let error = open(&folder.path().join("missing"), "").expect_err("it is not there");
    assert!(matches!(error, OpenError::Folder(..)), "{error}");
}

#[test]
fn a_folder_belongs_to_one_engine_at_a_time() {
    let folder = folder();
    for text in ["appendonly yes", "save 3600 1"] {
        let first = open(folder.path(), text).unwrap();
        set(&first, "k", "v");
        let error = open(folder.path(), text).expect_err("it is in use");
        assert!(matches!(error, OpenError::InUse(_)), "{error}");
        let connection = first.connection();
        drop(first);
        assert!(matches!(open(folder.path(), text), Err(OpenError::InUse(_))), "a connection holds the engine");
        drop(connection);
        assert_eq!(get(&open(folder.path(), text).expect("it is free"), "k").as_deref(), Some("v"));
    }
}

#[test]
fn save_points_save_without_a_server() {
    let folder = folder();
    let engine = open(folder.path(), "save 1 2").unwrap();
    set(&engine, "k", "v");
    set(&engine, "k", "w");
    let file = folder.path().join("dump.rdb");
    wait_until("a save point saves", || file.is_file());
    // A second reader, which writes nothing by itself.
    wait_until("the file is whole", || open(folder.path(), "").is_ok_and(|copy| get(&copy, "k").is_some()));
    assert_eq!(get(&open(folder.path(), "").unwrap(), "k").as_deref(), Some("w"));
}

#[test]
fn with_save_points_the_end_saves() {
    let folder = folder();
    for round in 0..3 {
        let engine = open(folder.path(), "save 3600 1000").unwrap();
        let visits: i64 = engine.connection().incr("visits", 1).unwrap();
        assert_eq!(visits, round + 1);
        if round == 1 {
            engine.shutdown().unwrap();
        }
    }
}

#[test]
fn without_save_points_nothing_is_written() {
    let folder = folder();
    let engine = open(folder.path(), "").unwrap();
    set(&engine, "k", "v");
    drop(engine);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn commands_fail_after_the_end() {
    let folder = folder();
    let engine = open(folder.path(), "appendonly yes").unwrap();
    let mut connection = engine.connection();
    connection.set::<_, _, ()>("k", "v").unwrap();
    engine.shutdown().unwrap();
    engine.shutdown().expect("it has ended");
    assert!(connection.set::<_, _, ()>("k", "w").is_err());
    assert!(engine.connection().get::<_, Option<String>>("k").is_err());
    let again = open(folder.path(), "appendonly yes").expect("the folder is free");
    assert_eq!(get(&again, "k").as_deref(), Some("v"));
}

#[test]
fn an_end_that_cannot_save_says_so() {
    let folder = folder();
    let engine = open(folder.path(), "save 3600 1000").unwrap();
    set(&engine, "k", "v");
    std::fs::create_dir(folder.path().join("dump.rdb")).unwrap();
    let error = engine.shutdown().expect_err("there is a folder in the way");
    assert!(error.to_string().contains("dump.rdb"), "{error}");
}

#[test]
fn changes_begin_to_be_kept_when_that_is_set() {
    let folder = folder();
    let engine = open(folder.path(), "").unwrap();
    set(&engine, "before", "v");
    run(&engine, "CONFIG SET appendonly yes").unwrap();
    set(&engine, "after", "v");
    drop(engine);
    let engine = open(folder.path(), "appendonly yes").unwrap();
    assert_eq!((get(&engine, "before").is_some(), get(&engine, "after").is_some()), (true, true));
    run(&engine, "CONFIG SET appendonly no").unwrap();
    set(&engine, "last", "v");
    drop(engine);
    assert_eq!(get(&open(folder.path(), "appendonly yes").unwrap(), "last"), None);
}

#[test]
fn a_file_that_has_grown_is_rewritten() {
    let folder = folder();
    let text = "appendonly yes\nauto-aof-rewrite-percentage 100\nauto-aof-rewrite-min-size 4kb";
    let engine = open(folder.path(), text).unwrap();
    for number in 0..1000 {
        set(&engine, "k", &number.to_string());
    }
    wait_until("it is rewritten", || folder.path().join("appendonlydir/appendonly.aof.2.base.rdb").is_file());
    drop(engine);
    assert_eq!(get(&open(folder.path(), text).unwrap(), "k").as_deref(), Some("999"));
}

#[test]
fn each_second_changes_are_brought_to_the_disk() {
    let folder = folder();
    let engine = open(folder.path(), "appendonly yes\nappendfsync everysec").unwrap();
    let mut connection = engine.connection();
    connection.set::<_, _, ()>("k", "v").unwrap();
    let waited = redis::cmd("WAITAOF").arg(1).arg(0).arg(0).query::<(i64, i64)>(&mut connection);
    assert_eq!(waited, Ok((1, 0)));
}

/// A connection that waits for another one's pipeline sees all of its effects or none. Ids follow one another, so that
/// among sixteen connections one shares each remainder with the busy one.
#[test]
fn a_long_pipeline_holds_up_no_other_connection() {
    const LENGTH: i64 = 20_000;
    let folder = folder();
    let engine = open(folder.path(), "threads 2").unwrap();
    let (mut busy, over) = (engine.connection(), AtomicBool::new(false));
    let others: Vec<EmbeddedConnection> = (0..16).map(|_| engine.connection()).collect();
    let until = Instant::now() + PATIENCE;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut pipeline = redis::pipe();
            pipeline.cmd("DEL").arg("n").ignore();
            for _ in 0..LENGTH {
                pipeline.cmd("INCR").arg("n").ignore();
            }
            while !over.load(Ordering::Acquire) && Instant::now() < until {
                pipeline.exec(&mut busy).expect("it answers");
            }
        });
        for (number, mut connection) in others.into_iter().enumerate() {
            let seen =
                || (1..LENGTH).contains(&connection.get::<_, Option<i64>>("n").expect("it answers").unwrap_or(0));
            let in_between = std::iter::repeat_with(seen).take_while(|_| Instant::now() < until).any(|seen| seen);
            assert!(in_between, "connection {number} waits for the busy one");
        }
        over.store(true, Ordering::Release);
    });
}

#[test]
fn what_many_connections_count_adds_up() {
    let engine = open(folder().path(), "threads 4").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..12 {
            let mut connection: EmbeddedConnection = engine.connection();
            scope.spawn(move || (0..500).for_each(|_| connection.incr("n", 1).expect("it answers")));
        }
    });
    let stats: String = redis::cmd("INFO").arg("commandstats").query(&mut engine.connection()).unwrap();
    assert!(stats.contains("cmdstat_incrby:calls=6000,"), "{stats}");
    assert_eq!(get(&engine, "n").as_deref(), Some("6000"));
}

#[test]
fn many_keys_of_all_kinds_are_there_again() {
    const KEYS: usize = 20_000;
    for text in ["appendonly yes", "save 3600 1000000", "appendonly yes\naof-use-rdb-preamble no"] {
        let folder = folder();
        let digest = |engine: &Engine| {
            let text: String = redis::cmd("DEBUG").arg("DIGEST").query(&mut engine.connection()).expect("it answers");
            (run(engine, "DBSIZE").ok(), text)
        };
        let text = format!("{text}\nenable-debug-command yes");
        let engine = open(folder.path(), &text).unwrap();
        let mut pipeline = redis::pipe();
        for number in 0..KEYS {
            let key = format!("key:{number}");
            match number % 5 {
                0 => pipeline.set(key, number).ignore(),
                1 => pipeline.rpush(key, &[number, number + 1]).ignore(),
                2 => pipeline.hset(key, "field", number).ignore(),
                3 => pipeline.zadd(key, "member", number).ignore(),
                _ => pipeline.pset_ex(key, "x", 86_400_000).ignore(),
            };
        }
        pipeline.exec(&mut engine.connection()).unwrap();
        let before = digest(&engine);
        if text.contains("preamble") {
            run(&engine, "BGREWRITEAOF").unwrap();
        }
        drop(engine);
        assert_eq!(digest(&open(folder.path(), &text).unwrap()), before, "{text}");
    }
}
