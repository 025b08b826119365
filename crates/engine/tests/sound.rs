//! Random commands of all families, and a look at every value in between: whatever commands do, the containers are what
//! their stories say.
//!
//!   `REDSTART_SEED=7`   other commands

use redstart::Engine;
use redstart_tests::differential::families::FAMILIES;
use redstart_tests::differential::stream;
use redstart_tests::wire::encode;

/// Commands of one stream.
const COMMANDS: usize = if cfg!(debug_assertions) { 6_000 } else { 60_000 };
/// Commands between two looks.
const BETWEEN: usize = 10;

/// Limits that make the families' small collections large ones.
const SMALL: &str = "
hash-max-listpack-entries 3
hash-max-listpack-value 8
set-max-listpack-entries 3
set-max-intset-entries 4
zset-max-listpack-entries 3
list-max-listpack-size 3
list-compress-depth 1
stream-node-max-entries 4
";

fn seed() -> u64 {
    std::env::var("REDSTART_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn open(threads: usize, limits: &str) -> Engine {
    let text = format!("threads {threads}\nsave \"\"\ndatabases 4\n{limits}");
    Engine::open(Engine::load(&text).expect("a configuration")).expect("an engine")
}

/// Panics where a value is not sound, with what was done since the look before. Gives the number of keys.
fn look(engine: &Engine, done: &[String]) -> usize {
    let keyspace = &engine.shared().keyspace;
    let pass = keyspace.enter_exclusive();
    keyspace.check(&pass).unwrap_or_else(|broken| panic!("{broken}\nafter\n{}", done.join("\n")));
    keyspace.count(&pass).into_iter().map(|(keys, _)| keys).sum()
}

/// Runs commands one by one, with `look` after every few. Clients may be ended by what they send.
fn play(engine: &Engine, seed: u64, mut look: impl FnMut(&[String])) {
    let mut connection = engine.connection();
    for commands in stream(FAMILIES, seed, COMMANDS).chunks(BETWEEN) {
        let mut done = Vec::new();
        for command in commands {
            if connection.run(&encode(&command.arguments)).is_err() {
                connection = engine.connection();
            }
            let words = command.arguments.iter().map(|word| word.escape_ascii().to_string());
            done.push(words.collect::<Vec<_>>().join(" "));
        }
        look(&done);
    }
}

#[test]
fn values_are_sound_whatever_is_done() {
    for (limits, seed) in ["", SMALL].into_iter().zip(seed()..) {
        println!("seed {seed}, limits:{limits}");
        let engine = open(1, limits);
        let mut most = 0;
        play(&engine, seed, |done| most = most.max(look(&engine, done)));
        assert!(most > 10, "no more than {most} keys at any time");
    }
}

#[test]
fn values_are_sound_among_threads() {
    let seed = seed();
    println!("seed {seed}");
    let engine = open(4, SMALL);
    std::thread::scope(|scope| {
        for number in 1..=4 {
            let engine = &engine;
            // One of them looks, alone, between the commands of all.
            let look = move |done: &[String]| _ = (number == 1).then(|| look(engine, done));
            scope.spawn(move || play(engine, seed * 1_000 + number, look));
        }
    });
    look(&engine, &[]);
}
