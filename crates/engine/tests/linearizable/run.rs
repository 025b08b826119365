//! Makes histories: threads with a connection each, a clock that all share, calls single and in pipelines.

use crate::checker::Call;
use crate::model::{Answer, Key, Keyspace, Operation};
use redis::{Cmd, ConnectionLike, ErrorKind, Pipeline, ServerErrorKind, Value};
use redstart::{EmbeddedConnection, Engine};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Calls in the order in which they began.
pub(crate) type History = [Call<Keyspace>];

/// How much is run.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) rounds: u64,
    pub(crate) threads: usize,
    /// Calls of each thread.
    pub(crate) operations: usize,
}

/// A generator of numbers (xorshift64*), and of values that were not used before.
pub(crate) struct Random {
    state: u64,
    next_value: i64,
}

impl Random {
    fn new(seed: u64, thread: usize) -> Self {
        let state = (seed << 8 | thread as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        // Increments of one thread's values never reach another's.
        Self { state, next_value: (thread as i64 + 1) * 1_000_000 }
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }

    /// A value that no other call of the round writes.
    pub(crate) fn fresh(&mut self) -> i64 {
        self.next_value += 1000;
        self.next_value
    }
}

fn name(key: Key) -> String {
    format!("key:{key}")
}

fn command(operation: &Operation) -> Cmd {
    let mut command = Cmd::new();
    let word = match operation {
        Operation::Get(_) => "GET",
        Operation::Set(..) => "SET",
        Operation::Incr(_) => "INCR",
        Operation::GetDel(_) => "GETDEL",
        Operation::SetNx(..) => "SETNX",
        Operation::MSet(_) => "MSET",
        Operation::MSetNx(_) => "MSETNX",
        Operation::MGet(_) => "MGET",
        Operation::Del(_) => "DEL",
        Operation::Exists(_) => "EXISTS",
        Operation::Rename(..) => "RENAME",
        Operation::Copy(..) => "COPY",
        Operation::Keys => "KEYS",
        Operation::DbSize => "DBSIZE",
        Operation::FlushDb => "FLUSHDB",
        Operation::SwapDb => "SWAPDB",
    };
    command.arg(word);
    if let Operation::MSet(pairs) | Operation::MSetNx(pairs) = operation {
        for (key, value) in pairs {
            command.arg(name(*key)).arg(value);
        }
        return command;
    }
    for key in operation.keys() {
        command.arg(name(key));
    }
    match operation {
        Operation::Set(_, value) | Operation::SetNx(_, value) => command.arg(value),
        Operation::Keys => command.arg("*"),
        Operation::SwapDb => command.arg(0).arg(1),
        _ => &mut command,
    };
    command
}

fn number(bytes: &[u8]) -> i64 {
    let text = std::str::from_utf8(bytes).expect("digits");
    text.parse().expect("a number")
}

fn key(value: &Value) -> Key {
    let Value::BulkString(name) = value else { panic!("{value:?} is no key") };
    number(name.strip_prefix(b"key:").expect("a key of this test")) as Key
}

fn content(value: &Value) -> Option<i64> {
    match value {
        Value::Nil => None,
        Value::BulkString(bytes) => Some(number(bytes)),
        other => panic!("{other:?} is no value"),
    }
}

fn answer(operation: &Operation, value: Value) -> Answer {
    match value {
        Value::Okay => Answer::Ok,
        Value::Int(number) => Answer::Int(number),
        Value::Nil | Value::BulkString(_) => Answer::Value(content(&value)),
        Value::Array(values) if matches!(operation, Operation::MGet(_)) => {
            Answer::Values(values.iter().map(content).collect())
        }
        Value::Array(keys) => {
            let mut keys: Vec<Key> = keys.iter().map(key).collect();
            keys.sort_unstable();
            Answer::Keys(keys)
        }
        Value::ServerError(error) if error.kind() == Some(ServerErrorKind::ResponseError) => {
            assert_eq!(error.details(), Some("no such key"));
            Answer::NoSuchKey
        }
        other => panic!("an answer that no command of this test gives: {other:?}"),
    }
}

/// What all threads of a round share.
struct Round<'e> {
    engine: &'e Engine,
    clock: AtomicU64,
    waiting: AtomicUsize,
    shape: Shape,
    seed: u64,
}

impl Round<'_> {
    fn now(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    /// Lets all threads begin at the same moment.
    fn meet(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        while self.waiting.load(Ordering::SeqCst) < self.shape.threads {
            std::thread::yield_now();
        }
    }

    fn thread(&self, index: usize, operation: fn(&mut Random) -> Operation) -> Vec<Call<Keyspace>> {
        let (mut random, mut calls) = (Random::new(self.seed, index), Vec::new());
        let mut connection = self.engine.connection();
        self.meet();
        while calls.len() < self.shape.operations {
            let most = (self.shape.operations - calls.len()).min(4) as u64;
            let pipelined = if random.below(3) == 0 { 1 + random.below(most) } else { 1 };
            let operations: Vec<Operation> = (0..pipelined).map(|_| operation(&mut random)).collect();
            let began = self.now();
            // Threads that give way with a call open are how few cores make many orders.
            if random.below(4) == 0 {
                std::thread::yield_now();
            }
            let answers = ask(&mut connection, &operations);
            if random.below(4) == 0 {
                std::thread::yield_now();
            }
            let ended = self.now();
            for (place, (operation, answer)) in operations.into_iter().zip(answers).enumerate() {
                let after = (place > 0).then(|| calls.len() - 1);
                calls.push(Call { began, ended, after, operation, answer });
            }
        }
        calls
    }
}

fn ask(connection: &mut EmbeddedConnection, operations: &[Operation]) -> Vec<Answer> {
    if let [operation] = operations {
        let value = match connection.req_command(&command(operation)) {
            Ok(Value::ServerError(error)) => Err(error.into()),
            other => other,
        };
        return match value {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::ResponseError) => {
                assert!(error.to_string().contains("no such key"), "{error}");
                vec![Answer::NoSuchKey]
            }
            value => vec![answer(operation, value.expect("an answer"))],
        };
    }
    let mut pipeline = Pipeline::new();
    for operation in operations {
        pipeline.add_command(command(operation));
    }
    let packed = pipeline.get_packed_pipeline();
    let values = connection.req_packed_commands(&packed, 0, operations.len()).expect("answers");
    operations.iter().zip(values).map(|(operation, value)| answer(operation, value)).collect()
}

/// Runs one round from an empty keyspace.
pub(crate) fn history(
    engine: &Engine,
    shape: Shape,
    seed: u64,
    operation: fn(&mut Random) -> Operation,
) -> Vec<Call<Keyspace>> {
    redis::cmd("FLUSHALL").exec(&mut engine.connection()).expect("an empty keyspace");
    let round = Round { engine, clock: AtomicU64::new(0), waiting: AtomicUsize::new(0), shape, seed };
    let threads: Vec<Vec<Call<Keyspace>>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..shape.threads)
            .map(|index| {
                scope.spawn({
                    let round = &round;
                    move || round.thread(index, operation)
                })
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().expect("a thread that ends well")).collect()
    });
    in_order(threads)
}

/// One history in the order of beginnings.
fn in_order(threads: Vec<Vec<Call<Keyspace>>>) -> Vec<Call<Keyspace>> {
    let mut numbered: Vec<((usize, usize), Call<Keyspace>)> = Vec::new();
    for (thread, calls) in threads.into_iter().enumerate() {
        numbered.extend(calls.into_iter().enumerate().map(|(number, call)| ((thread, number), call)));
    }
    numbered.sort_by_key(|((_, number), call)| (call.began, *number));
    let places: std::collections::HashMap<(usize, usize), usize> =
        numbered.iter().enumerate().map(|(place, (name, _))| (*name, place)).collect();
    let renamed = numbered.into_iter().map(|((thread, _), call)| {
        let after = call.after.map(|number| places[&(thread, number)]);
        Call { after, ..call }
    });
    renamed.collect()
}
