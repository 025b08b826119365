//! The whole engine without sockets: pipelines of 32 commands on a million random keys, 64-byte values.

use divan::Bencher;
use divan::counter::ItemsCount;
use redstart::{EmbeddedConnection, Engine};
use redstart_benches::{Random, key, push_command};

const KEYS: usize = 1_000_000;
const PIPELINE: usize = 32;
/// Pipelines made beforehand: enough that their keys do not stay in the caches.
const PIPELINES: usize = 4096;
/// 1: the locks of slots need no atomic operation. 2: they do.
const THREADS: [usize; 2] = [1, 2];

fn main() {
    divan::main();
}

fn filled(threads: usize) -> EmbeddedConnection {
    let loaded = Engine::load(&format!("threads {threads}\nsave \"\"\n")).expect("a configuration");
    let mut connection = Engine::open(loaded).expect("an engine").connection();
    for start in (0..KEYS).step_by(PIPELINE) {
        let mut commands = Vec::new();
        (start..start + PIPELINE).for_each(|number| push_command(&mut commands, &[b"SET", &key(number), &[b'v'; 64]]));
        connection.run(&commands).expect("written");
    }
    connection
}

fn pipelines(words: impl Fn(&mut Vec<u8>, &[u8])) -> Vec<Vec<u8>> {
    let mut random = Random::default();
    let mut pipeline = || {
        let mut commands = Vec::new();
        (0..PIPELINE).for_each(|_| words(&mut commands, &key(random.below(KEYS))));
        commands
    };
    (0..PIPELINES).map(|_| pipeline()).collect()
}

fn run(bencher: Bencher<'_, '_>, threads: usize, pipelines: &[Vec<u8>]) {
    let (mut connection, mut next) = (filled(threads), 0);
    bencher.counter(ItemsCount::new(PIPELINE)).bench_local(|| {
        next = (next + 1) % pipelines.len();
        connection.run(&pipelines[next]).expect("answers")
    });
}

#[divan::bench(args = THREADS, sample_count = 1000)]
fn get(bencher: Bencher<'_, '_>, threads: usize) {
    run(bencher, threads, &pipelines(|commands, key| push_command(commands, &[b"GET", key])));
}

#[divan::bench(args = THREADS, sample_count = 1000)]
fn set(bencher: Bencher<'_, '_>, threads: usize) {
    run(bencher, threads, &pipelines(|commands, key| push_command(commands, &[b"SET", key, &[b'w'; 64]])));
}
