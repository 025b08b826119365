//! The library as a program uses it: through the `redis` crate's traits, without a socket.

use redis::{Commands, ConnectionLike, Pipeline, Value};
use redstart::{EmbeddedConnection, Engine};

fn connect(text: &str) -> EmbeddedConnection {
    let loaded = Engine::load(text).expect("the configuration is right");
    Engine::open(loaded).expect("nothing is renamed").connection()
}

#[test]
fn commands_answer_with_typed_values() {
    let mut connection = connect("");
    let _: () = connection.hset_multiple("profile:1", &[("name", "alice"), ("country", "NL")]).unwrap();
    let logins: i64 = connection.hincr("profile:1", "logins", 2).unwrap();
    let fields: std::collections::BTreeMap<String, String> = connection.hgetall("profile:1").unwrap();
    assert_eq!(logins, 2);
    assert_eq!(fields.len(), 3);
    assert_eq!(fields["country"], "NL");
}

#[test]
fn an_error_is_an_error_and_the_connection_goes_on() {
    let mut connection = connect("");
    let _: () = connection.set("text", "abc").unwrap();
    let error = connection.incr::<_, _, i64>("text", 1).unwrap_err();
    assert!(error.to_string().contains("not an integer"), "{error}");
    assert_eq!(connection.get::<_, String>("text").unwrap(), "abc");
    assert!(connection.is_open());
}

#[test]
fn a_pipeline_runs_in_one_go() {
    let mut connection = connect("threads 2");
    let mut pipeline = Pipeline::new();
    for number in 0..1000 {
        pipeline.set(format!("key:{number}"), number).ignore();
        pipeline.incr(format!("key:{number}"), 1);
    }
    let sums: Vec<i64> = pipeline.query(&mut connection).unwrap();
    assert_eq!(sums, (1..=1000).collect::<Vec<i64>>());
}

#[test]
fn connections_share_the_data_and_have_their_own_database() {
    let engine = Engine::open(Engine::load("databases 4").unwrap()).unwrap();
    let (mut one, mut other) = (engine.connection(), engine.connection());
    redis::cmd("SELECT").arg(3).exec(&mut one).unwrap();
    let _: () = one.set("k", "in three").unwrap();
    assert_eq!((one.get_db(), other.get_db()), (3, 0));
    assert_eq!(other.get::<_, Option<String>>("k").unwrap(), None);
    redis::cmd("SELECT").arg(3).exec(&mut other).unwrap();
    assert_eq!(other.get::<_, String>("k").unwrap(), "in three");
    assert!(redis::cmd("SELECT").arg(4).query::<Value>(&mut other).is_err());
}

#[test]
fn expired_keys_give_their_memory_back_without_being_touched() {
    let engine = Engine::open(Engine::load("").unwrap()).unwrap();
    let mut connection = engine.connection();
    for number in 0..100 {
        let _: () = connection.pset_ex(format!("short:{number}"), "x", 50).unwrap();
    }
    let size = |connection: &mut EmbeddedConnection| redis::cmd("DBSIZE").query::<i64>(connection).unwrap();
    assert!(size(&mut connection) > 0);
    // The upkeep thread's rounds are half a second apart; ten seconds are for machines that are busy.
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        size(&mut connection) == 0
    });
    assert!(gone, "{} expired keys are still held", size(&mut connection));
}

#[test]
fn quit_ends_the_connection_and_no_other() {
    let engine = Engine::open(Engine::load("").unwrap()).unwrap();
    let (mut one, mut other) = (engine.connection(), engine.connection());
    redis::cmd("QUIT").exec(&mut one).unwrap();
    assert!(!one.is_open() && one.get::<_, Option<String>>("k").is_err());
    assert_eq!(redis::cmd("PING").query::<String>(&mut other).unwrap(), "PONG");
}

#[test]
fn who_owns_the_process_may_do_everything_unless_it_says_that_it_is_somebody() {
    let mut connection = connect("requirepass secret\nuser default off -@all\nuser reader on >word +get +reset ~a*\n");
    let _: () = connection.set("a1", "x").unwrap();
    let own: Option<String> = redis::cmd("ACL").arg("WHOAMI").query(&mut connection).unwrap();
    assert_eq!(own, None, "it is no user");
    let _: () = redis::cmd("AUTH").arg("reader").arg("word").query(&mut connection).unwrap();
    assert_eq!(connection.get::<_, String>("a1").unwrap(), "x");
    for (key, why) in [("b1", "access a key"), ("a1", "run the 'set' command")] {
        let refused = match key {
            "b1" => connection.get::<_, String>(key).unwrap_err(),
            _ => connection.set::<_, _, ()>(key, "y").unwrap_err(),
        };
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let _: String = redis::cmd("RESET").query(&mut connection).unwrap();
    let _: () = connection.set("b1", "y").unwrap();
}
